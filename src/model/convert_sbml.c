/* SPDX-License-Identifier: GPL-3.0-or-later */
/* convert_sbml.c -- a network as SBML Level 3 Version 2, through libSBML. */
#include "model/convert.h"

#ifdef COLEY_HAVE_SBML

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sbml/SBMLTypes.h>

typedef struct writer {
    coley_arena *arena;
    const coley_network *network;
    const unsigned char *hidden, *target;
    SBMLDocument_t *document;
    Model_t *model;
    const char *home; /* the compartment of species that have none, once there is one */
    int failed;       /* no memory, or libSBML refused a part */
} writer;

static void need(writer *w, int code)
{
    if (code != LIBSBML_OPERATION_SUCCESS) w->failed = 1;
}

/* --- formulas ------------------------------------------------------------------------------------------------------
 */

static const struct {
    coley_op op;
    ASTNodeType_t type;
} types[] = {
    {COLEY_OP_ADD, AST_PLUS},
    {COLEY_OP_SUB, AST_MINUS},
    {COLEY_OP_MUL, AST_TIMES},
    {COLEY_OP_DIV, AST_DIVIDE},
    {COLEY_OP_POW, AST_FUNCTION_POWER},
    {COLEY_OP_NEG, AST_MINUS},
    {COLEY_OP_EXP, AST_FUNCTION_EXP},
    {COLEY_OP_LOG, AST_FUNCTION_LN},
    {COLEY_OP_ABS, AST_FUNCTION_ABS},
    {COLEY_OP_FLOOR, AST_FUNCTION_FLOOR},
    {COLEY_OP_CEIL, AST_FUNCTION_CEILING},
    {COLEY_OP_SIN, AST_FUNCTION_SIN},
    {COLEY_OP_COS, AST_FUNCTION_COS},
    {COLEY_OP_TAN, AST_FUNCTION_TAN},
    {COLEY_OP_ASIN, AST_FUNCTION_ARCSIN},
    {COLEY_OP_ACOS, AST_FUNCTION_ARCCOS},
    {COLEY_OP_ATAN, AST_FUNCTION_ARCTAN},
    {COLEY_OP_SINH, AST_FUNCTION_SINH},
    {COLEY_OP_COSH, AST_FUNCTION_COSH},
    {COLEY_OP_TANH, AST_FUNCTION_TANH},
    {COLEY_OP_MIN, AST_FUNCTION_MIN},
    {COLEY_OP_MAX, AST_FUNCTION_MAX},
    {COLEY_OP_LT, AST_RELATIONAL_LT},
    {COLEY_OP_LE, AST_RELATIONAL_LEQ},
    {COLEY_OP_GT, AST_RELATIONAL_GT},
    {COLEY_OP_GE, AST_RELATIONAL_GEQ},
    {COLEY_OP_EQ, AST_RELATIONAL_EQ},
    {COLEY_OP_NE, AST_RELATIONAL_NEQ},
    {COLEY_OP_AND, AST_LOGICAL_AND},
    {COLEY_OP_OR, AST_LOGICAL_OR},
    {COLEY_OP_NOT, AST_LOGICAL_NOT},
    {COLEY_OP_SELECT, AST_FUNCTION_PIECEWISE},
    {COLEY_OP_SQRT, AST_FUNCTION_ROOT},
};

static ASTNode_t *node(writer *w, ASTNodeType_t type)
{
    ASTNode_t *made = ASTNode_createWithType(type);
    if (!made) w->failed = 1;
    return made;
}

static ASTNode_t *number(writer *w, double value)
{
    const int whole = value == floor(value) && fabs(value) < 1e9;
    ASTNode_t *made = node(w, whole ? AST_INTEGER : AST_REAL);
    if (made) need(w, whole ? ASTNode_setInteger(made, (long)value) : ASTNode_setReal(made, value));
    return made;
}

static ASTNode_t *name(writer *w, ASTNodeType_t type, const char *id)
{
    ASTNode_t *made = node(w, type);
    if (made) need(w, ASTNode_setName(made, id));
    return made;
}

static void give(writer *w, ASTNode_t *parent, ASTNode_t *child)
{
    if (!parent || !child || ASTNode_addChild(parent, child) != LIBSBML_OPERATION_SUCCESS) {
        w->failed = 1;
        if (child) ASTNode_free(child);
    }
}

static ASTNode_t *math(writer *w, const coley_expr *e);

/* a + b + c is one sum, read back from left to right: nested sums would be deep. */
static void give_chain(writer *w, ASTNode_t *parent, const coley_expr *e)
{
    size_t n = 1;
    const coley_expr *first = e;
    for (;; n++) { /* down the arm that is of the same kind */
        const coley_expr *next = first->arg[0]->op == e->op   ? first->arg[0]
                                 : first->arg[1]->op == e->op ? first->arg[1]
                                                              : NULL;
        if (!next) break;
        first = next;
    }
    const coley_expr **last = COLEY_NEW(w->arena, const coley_expr *, n);
    if (!last) {
        w->failed = 1;
        return;
    }
    size_t at = n;
    for (const coley_expr *x = e; x != first;) {
        const int arm = x->arg[0]->op == e->op ? 0 : 1;
        last[--at] = x->arg[!arm];
        x = x->arg[arm];
    }
    give(w, parent, math(w, first->arg[0]));
    give(w, parent, math(w, first->arg[1]));
    for (; at < n; at++) give(w, parent, math(w, last[at]));
}

static ASTNode_t *math(writer *w, const coley_expr *e)
{
    if (w->failed) return NULL;
    if (e->op == COLEY_OP_NUMBER) return number(w, e->number);
    if (e->op == COLEY_OP_SYMBOL) return name(w, AST_NAME, w->network->symbol[e->symbol].id);
    if (e->op == COLEY_OP_TIME) return name(w, AST_NAME_TIME, "time");
    size_t i = 0;
    while (types[i].op != e->op) i++;
    ASTNode_t *made = node(w, types[i].type);
    if (e->op == COLEY_OP_SELECT) {
        give(w, made, math(w, e->arg[1]));
        give(w, made, math(w, e->arg[0]));
        give(w, made, math(w, e->arg[2]));
        return made;
    }
    if (e->op == COLEY_OP_SQRT) give(w, made, number(w, 2));
    if (e->op == COLEY_OP_ADD || e->op == COLEY_OP_MUL) {
        give_chain(w, made, e);
        return made;
    }
    for (int k = 0; k < 3 && e->arg[k]; k++) give(w, made, math(w, e->arg[k]));
    return made;
}

/* --- parts ----------------------------------------------------------------------------------------------------------
 */

static void *part(writer *w, void *made)
{
    if (!made) w->failed = 1;
    return made;
}

/* Both sides of an element's math belong to the caller; libSBML copies. */
#define SET_MATH(w, setter, element, formula)                                                                          \
    do {                                                                                                               \
        ASTNode_t *math_ = math((w), (formula));                                                                       \
        if (math_) {                                                                                                   \
            need((w), setter((element), math_));                                                                       \
            ASTNode_free(math_);                                                                                       \
        } else {                                                                                                       \
            (w)->failed = 1;                                                                                           \
        }                                                                                                              \
    } while (0)

static void add_unit(writer *w, const char *id, const coley_unit *unit)
{
    static const struct {
        coley_dimension dimension;
        UnitKind_t kind;
        double multiplier;
        int scale;
    } base[] = {{COLEY_DIMENSION_LENGTH, UNIT_KIND_METRE, 1, -6}, {COLEY_DIMENSION_TIME, UNIT_KIND_SECOND, 86400, 0},
                {COLEY_DIMENSION_MASS, UNIT_KIND_GRAM, 1, -3},    {COLEY_DIMENSION_SUBSTANCE, UNIT_KIND_MOLE, 1, -24},
                {COLEY_DIMENSION_CELL, UNIT_KIND_ITEM, 1, 0},     {COLEY_DIMENSION_DOSE, UNIT_KIND_GRAY, 1, 0}};
    UnitDefinition_t *definition = part(w, Model_createUnitDefinition(w->model));
    if (w->failed) return;
    need(w, UnitDefinition_setId(definition, id));
    const size_t n = sizeof base / sizeof *base;
    for (size_t i = 0; i <= n; i++) {
        const int power = i < n ? unit->power[base[i].dimension] : 1;
        if (!power) continue;
        Unit_t *u = part(w, UnitDefinition_createUnit(definition));
        if (w->failed) return;
        need(w, Unit_setKind(u, i < n ? base[i].kind : UNIT_KIND_DIMENSIONLESS));
        need(w, Unit_setExponent(u, power));
        need(w, Unit_setScale(u, i < n ? base[i].scale : unit->decade));
        need(w, Unit_setMultiplier(u, i < n ? base[i].multiplier : unit->scale));
    }
}

static void add_units(writer *w)
{
    const char *time_unit = w->network->time_unit ? w->network->time_unit : "day";
    coley_unit unit, day = {.scale = 1};
    day.power[COLEY_DIMENSION_TIME] = 1;
    if (*time_unit && coley_network_unit(w->network, time_unit, &unit) && coley_unit_compatible(&unit, &day)) {
        add_unit(w, "time_unit", &unit);
        need(w, Model_setTimeUnits(w->model, "time_unit"));
    }
    for (size_t i = 0; i < w->network->n_units; i++)
        if (strcmp(w->network->unit[i].id, "time_unit") != 0)
            add_unit(w, w->network->unit[i].id, &w->network->unit[i].unit);
}

/* The spread and the source of a number, for people. */
static void add_notes(writer *w, SBase_t *element, const coley_symbol *s)
{
    static const char *const spread[] = {"",           "lognormal",   "normal", "uniform",
                                         "loguniform", "logitnormal", "chance"};
    coley_text text = {.arena = w->arena};
    if (s->spread == COLEY_SPREAD_NONE && !(s->source && *s->source)) return;
    coley_text_addf(&text, "<p xmlns=\"http://www.w3.org/1999/xhtml\">");
    if (s->spread != COLEY_SPREAD_NONE)
        coley_text_addf(&text, "%s(%g, %g); ", spread[s->spread], s->spread_a, s->spread_b);
    for (const char *p = s->source ? s->source : ""; *p; p++) {
        const char *escape = *p == '<' ? "&lt;" : *p == '>' ? "&gt;" : *p == '&' ? "&amp;" : NULL;
        coley_text_add(&text, escape ? escape : p, escape ? strlen(escape) : 1);
    }
    coley_text_addf(&text, "</p>");
    if (text.failed)
        w->failed = 1;
    else
        need(w, SBase_setNotesString(element, text.data));
}

static void add_start(writer *w, const char *id, const coley_symbol *s)
{
    InitialAssignment_t *start = part(w, Model_createInitialAssignment(w->model));
    if (w->failed) return;
    need(w, InitialAssignment_setSymbol(start, id));
    /* An initial assignment gives what the name means in formulas: an amount or a concentration. */
    const int sized = s->kind == COLEY_SPECIES && s->compartment >= 0 && !s->initial_is_amount != !s->substance_only;
    if (!sized) {
        SET_MATH(w, InitialAssignment_setMath, start, s->initial);
        return;
    }
    ASTNode_t *quotient = node(w, s->initial_is_amount ? AST_DIVIDE : AST_TIMES);
    if (!quotient) return;
    give(w, quotient, math(w, s->initial));
    give(w, quotient, name(w, AST_NAME, w->network->symbol[s->compartment].id));
    need(w, InitialAssignment_setMath(start, quotient));
    ASTNode_free(quotient);
}

static int is_number(const coley_expr *e)
{
    return e && e->op == COLEY_OP_NUMBER;
}

static void add_compartment(writer *w, const coley_symbol *s, int changes)
{
    Compartment_t *c = part(w, Model_createCompartment(w->model));
    if (w->failed) return;
    need(w, Compartment_setId(c, s->id));
    need(w, Compartment_setSpatialDimensions(c, 3));
    need(w, Compartment_setConstant(c, !changes));
    if (s->name) need(w, Compartment_setName(c, s->name));
    if (s->unit) need(w, Compartment_setUnits(c, s->unit));
    if (is_number(s->initial)) need(w, Compartment_setSize(c, s->initial->number));
    add_notes(w, (SBase_t *)c, s);
}

static const char *own_home(writer *w)
{
    if (w->home) return w->home;
    const char *id = "default_compartment";
    for (size_t i = 0; i < w->network->n_symbols; i++)
        if (strcmp(w->network->symbol[i].id, id) == 0) id = "default_compartment__";
    Compartment_t *c = part(w, Model_createCompartment(w->model));
    if (w->failed) return id;
    need(w, Compartment_setId(c, id));
    need(w, Compartment_setSpatialDimensions(c, 3));
    need(w, Compartment_setConstant(c, 1));
    need(w, Compartment_setSize(c, 1));
    return w->home = id;
}

static void add_species(writer *w, const coley_symbol *s, int changes)
{
    const char *home = s->compartment >= 0 ? w->network->symbol[s->compartment].id : own_home(w);
    Species_t *x = part(w, Model_createSpecies(w->model));
    if (w->failed) return;
    need(w, Species_setId(x, s->id));
    need(w, Species_setCompartment(x, home));
    need(w, Species_setHasOnlySubstanceUnits(x, s->substance_only));
    need(w, Species_setBoundaryCondition(x, s->boundary || s->constant || s->rule_kind != COLEY_RULE_NONE));
    need(w, Species_setConstant(x, s->constant && !changes));
    if (s->name) need(w, Species_setName(x, s->name));
    if (s->unit && s->substance_only) need(w, Species_setSubstanceUnits(x, s->unit));
    if (is_number(s->initial))
        need(w, s->initial_is_amount ? Species_setInitialAmount(x, s->initial->number)
                                     : Species_setInitialConcentration(x, s->initial->number));
    add_notes(w, (SBase_t *)x, s);
}

static void add_parameter(writer *w, const coley_symbol *s, int changes)
{
    Parameter_t *p = part(w, Model_createParameter(w->model));
    if (w->failed) return;
    need(w, Parameter_setId(p, s->id));
    need(w, Parameter_setConstant(p, !changes));
    if (s->name) need(w, Parameter_setName(p, s->name));
    if (s->unit) need(w, Parameter_setUnits(p, s->unit));
    if (is_number(s->initial)) need(w, Parameter_setValue(p, s->initial->number));
    add_notes(w, (SBase_t *)p, s);
}

static void add_symbol(writer *w, size_t at)
{
    const coley_symbol *s = &w->network->symbol[at];
    const int changes = s->rule_kind != COLEY_RULE_NONE || w->target[at];
    if (s->kind == COLEY_COMPARTMENT)
        add_compartment(w, s, changes);
    else if (s->kind == COLEY_SPECIES)
        add_species(w, s, changes);
    else
        add_parameter(w, s, changes);
    if (!w->failed && s->rule_kind != COLEY_RULE_ASSIGNMENT && s->initial && !is_number(s->initial))
        add_start(w, s->id, s);
}

static void add_rule(writer *w, const coley_symbol *s)
{
    if (s->rule_kind == COLEY_RULE_NONE) return;
    Rule_t *rule = part(w, s->rule_kind == COLEY_RULE_RATE ? (void *)Model_createRateRule(w->model)
                                                           : (void *)Model_createAssignmentRule(w->model));
    if (w->failed) return;
    need(w, Rule_setVariable(rule, s->id));
    SET_MATH(w, Rule_setMath, rule, s->rule);
}

static void add_reference(writer *w, const coley_reaction *r, Reaction_t *to, const coley_term *term, int is_product,
                          size_t at)
{
    SpeciesReference_t *x = part(w, is_product ? Reaction_createProduct(to) : Reaction_createReactant(to));
    if (w->failed) return;
    need(w, SpeciesReference_setSpecies(x, w->network->symbol[term->species].id));
    if (is_number(term->amount)) {
        need(w, SpeciesReference_setStoichiometry(x, term->amount->number));
        need(w, SpeciesReference_setConstant(x, 1));
        return;
    }
    const char *id = coley_arena_printf(w->arena, "%s__amount%zu", r->id, at);
    AssignmentRule_t *rule = part(w, Model_createAssignmentRule(w->model));
    if (!id || w->failed) {
        w->failed = 1;
        return;
    }
    need(w, SpeciesReference_setId(x, id));
    need(w, SpeciesReference_setConstant(x, 0));
    need(w, Rule_setVariable((Rule_t *)rule, id));
    SET_MATH(w, Rule_setMath, (Rule_t *)rule, term->amount);
}

/* Species that the rate names and the reaction does not use up or make. */
static void add_modifiers(writer *w, const coley_reaction *r, Reaction_t *to)
{
    coley_expr_walk walk = {.arena = w->arena};
    if (!coley_expr_walk_add(&walk, r->rate)) {
        w->failed = 1;
        return;
    }
    for (size_t i = 0; i < walk.n && !w->failed; i++) {
        const int32_t symbol = walk.node[i]->op == COLEY_OP_SYMBOL ? walk.node[i]->symbol : -1;
        if (symbol < 0 || w->network->symbol[symbol].kind != COLEY_SPECIES) continue;
        int used = 0;
        for (size_t k = 0; k < r->n_reactants; k++) used |= r->reactant[k].species == symbol;
        for (size_t k = 0; k < r->n_products; k++) used |= r->product[k].species == symbol;
        if (used) continue;
        ModifierSpeciesReference_t *m = part(w, Reaction_createModifier(to));
        if (m) need(w, SpeciesReference_setSpecies((SpeciesReference_t *)m, w->network->symbol[symbol].id));
    }
}

static void add_reaction(writer *w, const coley_reaction *r)
{
    Reaction_t *to = part(w, Model_createReaction(w->model));
    if (w->failed) return;
    need(w, Reaction_setId(to, r->id));
    need(w, Reaction_setReversible(to, 0));
    for (size_t i = 0; i < r->n_reactants; i++) add_reference(w, r, to, &r->reactant[i], 0, i);
    for (size_t i = 0; i < r->n_products; i++) add_reference(w, r, to, &r->product[i], 1, r->n_reactants + i);
    add_modifiers(w, r, to);
    KineticLaw_t *law = part(w, w->failed ? NULL : Reaction_createKineticLaw(to));
    if (law) SET_MATH(w, KineticLaw_setMath, law, r->rate);
}

static void add_event(writer *w, const coley_model_event *e)
{
    Event_t *to = part(w, Model_createEvent(w->model));
    Trigger_t *trigger = part(w, to ? Event_createTrigger(to) : NULL);
    if (w->failed) return;
    need(w, Event_setId(to, e->id));
    need(w, Event_setUseValuesFromTriggerTime(to, e->values_at_trigger));
    need(w, Trigger_setInitialValue(trigger, e->initially_true));
    need(w, Trigger_setPersistent(trigger, e->persistent));
    SET_MATH(w, Trigger_setMath, trigger, e->trigger);
    if (e->delay) {
        Delay_t *delay = part(w, Event_createDelay(to));
        if (delay) SET_MATH(w, Delay_setMath, delay, e->delay);
    }
    if (e->priority) {
        Priority_t *priority = part(w, Event_createPriority(to));
        if (priority) SET_MATH(w, Priority_setMath, priority, e->priority);
    }
    for (size_t i = 0; i < e->n_assignments && !w->failed; i++) {
        EventAssignment_t *a = part(w, Event_createEventAssignment(to));
        if (!a) return;
        need(w, EventAssignment_setVariable(a, w->network->symbol[e->assignment[i].symbol].id));
        SET_MATH(w, EventAssignment_setMath, a, e->assignment[i].value);
    }
}

static void write_model(writer *w)
{
    const coley_network *net = w->network;
    w->model = part(w, SBMLDocument_createModel(w->document));
    if (w->failed) return;
    need(w, Model_setId(w->model, net->id));
    add_units(w);
    for (int compartments = 1; compartments >= 0; compartments--)
        for (size_t i = 0; i < net->n_symbols && !w->failed; i++)
            if (!w->hidden[i] && (net->symbol[i].kind == COLEY_COMPARTMENT) == compartments) add_symbol(w, i);
    for (size_t i = 0; i < net->n_symbols && !w->failed; i++)
        if (!w->hidden[i]) add_rule(w, &net->symbol[i]);
    for (size_t i = 0; i < net->n_reactions && !w->failed; i++) add_reaction(w, &net->reaction[i]);
    for (size_t i = 0; i < net->n_events && !w->failed; i++) add_event(w, &net->event[i]);
}

coley_status coley_convert_sbml(coley_arena *arena, const coley_network *network, coley_text *out, coley_error *err)
{
    coley_network plain;
    unsigned char *hidden, *target;
    COLEY_TRY(coley_convert_names(arena, network, &plain, &hidden, &target, err));
    writer w = {.arena = arena, .network = &plain, .hidden = hidden, .target = target};
    w.document = SBMLDocument_createWithLevelAndVersion(3, 2);
    if (!w.document) return COLEY_FAIL_MEMORY(err);
    write_model(&w);
    char *xml = w.failed ? NULL : writeSBMLToString(w.document);
    if (xml) coley_text_addf(out, "%s", xml);
    SBMLDocument_free(w.document);
    util_free(xml);
    return xml && !out->failed ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

#else

coley_status coley_convert_sbml(coley_arena *arena, const coley_network *network, coley_text *out, coley_error *err)
{
    (void)arena;
    (void)network;
    (void)out;
    return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED, "this Coley was built without libSBML and cannot write SBML");
}

#endif
