/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sbml_comp.c -- models made of submodels (the SBML package "comp"), flattened by libSBML.
 *
 * The size of what comes out is counted first: thirty lines can ask for a thousand million copies of one species. */
#include "model/sbml_math.h"

#ifdef COLEY_HAVE_SBML

#include <sbml/conversion/ConversionProperties.h>
#include <sbml/packages/comp/common/compfwd.h>
#include <sbml/packages/comp/extension/CompModelPlugin.h>
#include <sbml/packages/comp/extension/CompSBMLDocumentPlugin.h>
#include <sbml/packages/comp/sbml/Submodel.h>
#include <string.h>

enum { MAX_DEFINITIONS = 1000, MAX_SUBMODELS = 1000, MAX_FLAT_ELEMENTS = 50000 };

typedef struct definitions {
    size_t n;
    Model_t **model;
    double *size;        /* elements when flattened; 0: not known yet */
    double *n_below;     /* submodels when flattened */
    unsigned char *open; /* being counted */
} definitions;

static coley_place at(const coley_sbml_reader *r, const void *element, const char *key)
{
    return (coley_place){.file = r->file, .line = (int)SBase_getLine((const SBase_t *)element), .key = key};
}

static double own_size(Model_t *m)
{
    return 1.0 + Model_getNumCompartments(m) + Model_getNumSpecies(m) + Model_getNumParameters(m) +
           Model_getNumReactions(m) + Model_getNumRules(m) + Model_getNumEvents(m) + Model_getNumInitialAssignments(m) +
           Model_getNumFunctionDefinitions(m);
}

static const char *text(const char *id)
{
    return id ? id : "";
}

/* libSBML hands these names over to keep; a copy in the arena, or NULL. */
static const char *kept(coley_sbml_reader *r, char *name)
{
    const char *copy = coley_arena_text(r->arena, text(name), strlen(text(name)));
    util_free(name);
    return copy;
}

/* Depth is bounded by the number of definitions, of which each is open once. */
static coley_status count(coley_sbml_reader *r, definitions *d, size_t i)
{
    if (d->size[i] > 0) return COLEY_OK;
    d->open[i] = 1;
    double size = own_size(d->model[i]), n_below = 0;
    CompModelPlugin_t *plugin = (CompModelPlugin_t *)SBase_getPlugin((SBase_t *)d->model[i], "comp");
    const unsigned n = plugin ? CompModelPlugin_getNumSubmodels(plugin) : 0;
    for (unsigned k = 0; k < n; k++) {
        Submodel_t *submodel = CompModelPlugin_getSubmodel(plugin, k);
        const char *id = kept(r, Submodel_getModelRef(submodel)), *own = kept(r, Submodel_getId(submodel));
        if (!id || !own) return COLEY_FAIL_MEMORY(r->err);
        size_t of = 0;
        while (of < d->n && strcmp(text(Model_getId(d->model[of])), id) != 0) of++;
        if (of == d->n)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at(r, submodel, own),
                                 "is a submodel of \"%.100s\", which the file does not define", id);
        if (d->open[of])
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at(r, submodel, own),
                                 "is a submodel of \"%.100s\", which holds itself", id);
        COLEY_TRY(count(r, d, of));
        size += d->size[of];
        n_below += 1 + d->n_below[of];
        if (!(size <= MAX_FLAT_ELEMENTS && n_below <= MAX_SUBMODELS))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at(r, submodel, own),
                                 "makes more than %d submodels or %d elements when all are written out", MAX_SUBMODELS,
                                 MAX_FLAT_ELEMENTS);
    }
    d->open[i] = 0;
    d->size[i] = size;
    d->n_below[i] = n_below;
    return COLEY_OK;
}

/* Whether libSBML can rename what the formula calls by name; it reads the names of nodes that have none. Depth is that
 * of the file, which is bounded. */
static int is_named(const ASTNode_t *node)
{
    const ASTNodeType_t type = ASTNode_getType(node);
    if ((type == AST_NAME || type == AST_FUNCTION || type == AST_UNKNOWN) && !ASTNode_getName(node)) return 0;
    for (unsigned k = 0; k < ASTNode_getNumChildren(node); k++)
        if (!is_named(ASTNode_getChild(node, k))) return 0;
    return 1;
}

static coley_status check_formula(const coley_sbml_reader *r, const void *owner, const ASTNode_t *math)
{
    if (!math || is_named(math)) return COLEY_OK;
    return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at(r, owner, SBase_getElementName((const SBase_t *)owner)),
                         "holds a formula with an empty <math>, <ci> or unknown element; write it out");
}

static coley_status check_event(const coley_sbml_reader *r, Event_t *event)
{
    if (Event_isSetTrigger(event)) COLEY_TRY(check_formula(r, event, Trigger_getMath(Event_getTrigger(event))));
    if (Event_isSetDelay(event)) COLEY_TRY(check_formula(r, event, Delay_getMath(Event_getDelay(event))));
    if (Event_isSetPriority(event)) COLEY_TRY(check_formula(r, event, Priority_getMath(Event_getPriority(event))));
    for (unsigned k = 0; k < Event_getNumEventAssignments(event); k++) {
        EventAssignment_t *sets = Event_getEventAssignment(event, k);
        COLEY_TRY(check_formula(r, sets, EventAssignment_getMath(sets)));
    }
    return COLEY_OK;
}

static coley_status check_formulas(const coley_sbml_reader *r, Model_t *m)
{
    for (unsigned k = 0; k < Model_getNumFunctionDefinitions(m); k++) {
        FunctionDefinition_t *f = Model_getFunctionDefinition(m, k);
        COLEY_TRY(check_formula(r, f, FunctionDefinition_getMath(f)));
    }
    for (unsigned k = 0; k < Model_getNumInitialAssignments(m); k++) {
        InitialAssignment_t *a = Model_getInitialAssignment(m, k);
        COLEY_TRY(check_formula(r, a, InitialAssignment_getMath(a)));
    }
    for (unsigned k = 0; k < Model_getNumRules(m); k++) {
        Rule_t *rule = Model_getRule(m, k);
        COLEY_TRY(check_formula(r, rule, Rule_getMath(rule)));
    }
    for (unsigned k = 0; k < Model_getNumConstraints(m); k++) {
        Constraint_t *c = Model_getConstraint(m, k);
        COLEY_TRY(check_formula(r, c, Constraint_getMath(c)));
    }
    for (unsigned k = 0; k < Model_getNumReactions(m); k++) {
        Reaction_t *reaction = Model_getReaction(m, k);
        if (!Reaction_isSetKineticLaw(reaction)) continue;
        COLEY_TRY(check_formula(r, reaction, KineticLaw_getMath(Reaction_getKineticLaw(reaction))));
    }
    for (unsigned k = 0; k < Model_getNumEvents(m); k++) COLEY_TRY(check_event(r, Model_getEvent(m, k)));
    return COLEY_OK;
}

static coley_status check_definitions(coley_sbml_reader *r, SBMLDocument_t *document)
{
    CompSBMLDocumentPlugin_t *plugin = (CompSBMLDocumentPlugin_t *)SBase_getPlugin((SBase_t *)document, "comp");
    if (!plugin) return COLEY_OK;
    if (CompSBMLDocumentPlugin_getNumExternalModelDefinitions(plugin))
        return COLEY_FAIL_AT(
            r->err, COLEY_ERR_UNSUPPORTED,
            at(r, CompSBMLDocumentPlugin_getExternalModelDefinition(plugin, 0), "externalModelDefinition"),
            "takes a submodel from another file, which Coley does not open; put all of the model into one file");
    const unsigned n = CompSBMLDocumentPlugin_getNumModelDefinitions(plugin);
    if (n > MAX_DEFINITIONS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at(r, document, NULL), "%u model definitions, allowed up to %d",
                             n, MAX_DEFINITIONS);
    definitions d = {.n = n,
                     .model = COLEY_NEW(r->arena, Model_t *, n + 1),
                     .size = COLEY_NEW(r->arena, double, n + 1),
                     .n_below = COLEY_NEW(r->arena, double, n + 1),
                     .open = COLEY_NEW(r->arena, unsigned char, n + 1)};
    if (!d.model || !d.size || !d.n_below || !d.open) return COLEY_FAIL_MEMORY(r->err);
    for (unsigned i = 0; i < n; i++) d.model[i] = (Model_t *)CompSBMLDocumentPlugin_getModelDefinition(plugin, i);
    d.model[n] = SBMLDocument_getModel(document);
    for (unsigned i = 0; i <= n; i++)
        if (d.model[i]) COLEY_TRY(check_formulas(r, d.model[i]));
    return d.model[n] ? count(r, &d, n) : COLEY_OK;
}

coley_status coley_sbml_flatten(coley_sbml_reader *r, SBMLDocument_t *document)
{
    if (!SBase_getPlugin((SBase_t *)document, "comp")) return COLEY_OK;
    COLEY_TRY(check_definitions(r, document));
    ConversionProperties_t *how = ConversionProperties_create();
    if (!how) return COLEY_FAIL_MEMORY(r->err);
    ConversionProperties_addOptionWithKey(how, "flatten comp");
    ConversionProperties_setBoolValue(how, "flatten comp", 1);
    ConversionProperties_addOptionWithKey(how, "performValidation");
    ConversionProperties_setBoolValue(how, "performValidation", 0);
    ConversionProperties_addOptionWithKey(how, "abortIfUnflattenable");
    ConversionProperties_setValue(how, "abortIfUnflattenable", "none");
    const int done = SBMLDocument_convert(document, how);
    ConversionProperties_free(how);
    if (done == LIBSBML_OPERATION_SUCCESS) return COLEY_OK;
    for (unsigned i = SBMLDocument_getNumErrors(document); i-- > 0;) {
        const XMLError_t *error = (const XMLError_t *)SBMLDocument_getError(document, i);
        if (!XMLError_isError(error) && !XMLError_isFatal(error)) continue;
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT,
                             ((coley_place){.file = r->file, .line = (int)XMLError_getLine(error)}),
                             "submodels cannot be put together: %.300s", text(XMLError_getShortMessage(error)));
    }
    return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at(r, document, NULL), "submodels cannot be put together");
}

#endif
