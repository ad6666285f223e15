/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sbml.c -- an SBML document into a flat network: what every identifier is, then what every formula says. */
#include "model/sbml.h"

#include <string.h>

#include "base/text.h"
#include "model/sbml_math.h"

enum { MAX_FILE_BYTES = 16 << 20 };

int coley_sbml_is(const char *text, size_t length)
{
    size_t i = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n')) i++;
    return i + 1 < length && text[i] == '<' && (text[i + 1] == '?' || text[i + 1] == '!' || text[i + 1] == 's');
}

coley_status coley_sbml_load(coley_arena *arena, const char *path, coley_network **network, coley_error *err)
{
    char *bytes;
    size_t length;
    COLEY_TRY(coley_file_read(arena, path, MAX_FILE_BYTES, &bytes, &length, err));
    return coley_sbml_parse(arena, path, bytes, length, network, err);
}

#ifndef COLEY_HAVE_SBML

coley_status coley_sbml_parse(coley_arena *arena, const char *name, const char *text, size_t length,
                              coley_network **network, coley_error *err)
{
    (void)arena, (void)text, (void)length, (void)network;
    return COLEY_FAIL_AT(err, COLEY_ERR_UNSUPPORTED, ((coley_place){.file = name}),
                         "is SBML, and this Coley was built without libSBML: install libsbml5-dev and build again");
}

#else

enum { MAX_ELEMENT_DEPTH = 200, MAX_ELEMENTS = 200000, MAX_TERMS = 20000 };

typedef coley_sbml_reader reader;

static coley_place at_line(const reader *r, unsigned line, const char *key)
{
    return (coley_place){.file = r->file, .line = (int)line, .key = key};
}

#define LINE(element) SBase_getLine((const SBase_t *)(element))

/* --- before libSBML sees it
 * ------------------------------------------------------------------------------------------------ */

static const char *find(const char *from, const char *end, const char *what)
{
    const size_t n = strlen(what);
    for (; (size_t)(end - from) >= n; from++)
        if (*from == *what && memcmp(from, what, n) == 0) return from;
    return NULL;
}

static int line_of(const char *text, const char *p)
{
    int line = 1;
    for (; text < p; text++) line += *text == '\n';
    return line;
}

/* End of the tag that starts at p, past quoted values; NULL when there is none. */
static const char *tag_end(const char *p, const char *end)
{
    char quote = 0;
    for (; p < end; p++) {
        if (quote)
            quote = *p == quote ? 0 : quote;
        else if (*p == '"' || *p == '\'')
            quote = *p;
        else if (*p == '>')
            return p;
    }
    return NULL;
}

/* <?xml ... encoding="..." ?> */
static int encoding_is_utf8(const char *start, const char *end)
{
    const char *p = find(start, end, "encoding");
    if (!p) return 1;
    for (p += 8; p < end && *p != '"' && *p != '\''; p++) continue;
    if (end - p < 7) return 0;
    static const char *const good[] = {"UTF-8", "utf-8", "Utf-8", "US-ASCII", "us-ascii", "ASCII"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const size_t n = strlen(good[i]);
        if ((size_t)(end - p) > n + 1 && memcmp(p + 1, good[i], n) == 0 && p[n + 1] == *p) return 1;
    }
    return 0;
}

/* Value of an attribute of the tag from p to end, copied into `value`; empty when it is not there. */
static void attribute(const char *p, const char *end, const char *name, char *value, size_t size)
{
    const size_t n = strlen(name);
    value[0] = 0;
    while (p < end) {
        while (p < end && !strchr(" \t\r\n", *p)) p++; /* past the name of the element or the last value */
        while (p < end && strchr(" \t\r\n", *p)) p++;
        const char *start = p;
        while (p < end && !strchr(" \t\r\n=", *p)) p++;
        const int found = (size_t)(p - start) == n && memcmp(start, name, n) == 0;
        while (p < end && *p != '"' && *p != '\'') p++;
        const char *close = p < end ? memchr(p + 1, *p, (size_t)(end - p - 1)) : NULL;
        if (!close) return;
        if (found && (size_t)(close - p) <= size) {
            memcpy(value, p + 1, (size_t)(close - p - 1));
            value[close - p - 1] = 0;
            return;
        }
        p = close + 1;
    }
}

/* Attributes of <sbml> that say nothing and make libSBML refuse the file, or worse, are made spaces: a prefix for the
 * core namespace that no element uses, and whether a package is required where Level 2 knows no packages. */
static void tidy_root(char *text, const char *text_end, char *tag, char *end)
{
    char space[80], prefix[40];
    attribute(tag, end, "xmlns", space, sizeof space);
    for (char *p = tag; p < end;) {
        while (p < end && !strchr(" \t\r\n", *p)) p++;
        while (p < end && strchr(" \t\r\n", *p)) p++;
        char *start = p;
        while (p < end && !strchr(" \t\r\n=", *p)) p++;
        const size_t n = (size_t)(p - start);
        while (p < end && *p != '"' && *p != '\'') p++;
        char *close = p < end ? memchr(p + 1, *p, (size_t)(end - p - 1)) : NULL;
        if (!close) return;
        int needless = 0;
        if (n > 6 && n < 6 + sizeof prefix - 2 && memcmp(start, "xmlns:", 6) == 0 &&
            strlen(space) == (size_t)(close - p - 1) && memcmp(space, p + 1, strlen(space)) == 0) {
            snprintf(prefix, sizeof prefix, "<%.*s:", (int)(n - 6), start + 6);
            needless = !find(text, text_end, prefix);
        }
        p = close + 1;
        if (needless) memset(start, ' ', (size_t)(p - start));
    }
}

/* libSBML ends the program when level, version and namespace do not fit together, so that they are checked here. */
static coley_status check_root(reader *r, const char *tag, const char *end, int line)
{
    static const struct {
        char level[2], version[2];
        const char *space;
    } known[] = {
        {"2", "1", "http://www.sbml.org/sbml/level2"},
        {"2", "2", "http://www.sbml.org/sbml/level2/version2"},
        {"2", "3", "http://www.sbml.org/sbml/level2/version3"},
        {"2", "4", "http://www.sbml.org/sbml/level2/version4"},
        {"2", "5", "http://www.sbml.org/sbml/level2/version5"},
        {"3", "1", "http://www.sbml.org/sbml/level3/version1/core"},
        {"3", "2", "http://www.sbml.org/sbml/level3/version2/core"},
    };
    char level[8], version[8], space[80];
    if (end - tag < 6 || memcmp(tag, "<sbml", 5) != 0 || !strchr(" \t\r\n", tag[5]))
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, (unsigned)line, NULL),
                             "is XML, but does not begin with <sbml ...>");
    attribute(tag, end, "level", level, sizeof level);
    attribute(tag, end, "version", version, sizeof version);
    attribute(tag, end, "xmlns", space, sizeof space);
    if (strcmp(level, "1") == 0)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, at_line(r, (unsigned)line, NULL),
                             "is SBML Level 1, which Coley does not read; convert it to Level 2 or 3");
    /* A second core namespace ends the program too, also one that is written with character references. */
    int n_spaces = 0;
    for (const char *p = tag; (p = find(p, end, "http://www.sbml.org/sbml/level")); p++) {
        const char *close = p;
        while (close < end && *close != '"' && *close != '\'') close++;
        const size_t n = (size_t)(close - p);
        n_spaces += n <= 40 || (n == 45 && memcmp(close - 5, "/core", 5) == 0);
    }
    if (n_spaces > 1 || memchr(tag, '&', (size_t)(end - tag)))
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, (unsigned)line, NULL),
                             "names more than one SBML namespace, or an entity, in <sbml>; keep the one of its level");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (level[0] == known[i].level[0] && !level[1] && version[0] == known[i].version[0] && !version[1] &&
            strcmp(space, known[i].space) == 0)
            return COLEY_OK;
    return COLEY_FAIL_AT(
        r->err, COLEY_ERR_UNSUPPORTED, at_line(r, (unsigned)line, NULL),
        "says SBML Level \"%s\" Version \"%s\" in namespace \"%s\"; read are Level 2 Version 1 to 5 and "
        "Level 3 Version 1 and 2, each in its own namespace",
        level, version, space);
}

/* libSBML makes a tree of two branches out of an <apply> of many terms and takes it down by recursion: of all that are
 * open, one within the other, the terms so far. */
typedef struct term_count {
    int depth, n[MAX_ELEMENT_DEPTH + 1], is_apply[MAX_ELEMENT_DEPTH + 1], all;
} term_count;

static int is_apply(const char *tag, const char *end)
{
    const char *name = tag + 1, *stop = name;
    while (stop < end && !strchr(" \t\r\n/>", *stop)) stop++;
    for (const char *p = name; p < stop; p++)
        if (*p == ':') name = p + 1;
    return stop - name == 5 && memcmp(name, "apply", 5) == 0;
}

/* A tag that opens, or stands alone; false when elements or terms are too many. */
static int count_open(term_count *c, const char *tag, const char *stop)
{
    if (c->is_apply[c->depth]) c->n[c->depth]++, c->all++;
    if (c->all > MAX_TERMS) return 0;
    if (stop[-1] == '/') return 1;
    if (++c->depth > MAX_ELEMENT_DEPTH) return 0;
    c->n[c->depth] = 0;
    c->is_apply[c->depth] = is_apply(tag, stop);
    return 1;
}

static void count_close(term_count *c)
{
    if (c->depth == 0) return;
    c->all -= c->n[c->depth];
    c->depth--;
}

/* Nothing in SBML needs a document type, so that no entity is ever expanded; and elements are not nested so deep that
 * the stack is in danger. A text that is not well-formed is left to libSBML to complain of. */
static coley_status scan(reader *r, char *text, size_t length)
{
    size_t bad;
    if (!coley_text_utf8(text, length, &bad) || memchr(text, 0, length))
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, 0, NULL), "is not UTF-8 text, as SBML has to be");
    char *end = text + length;
    term_count count = {0};
    int n_tags = 0;
    for (char *p = text; p && (p = memchr(p, '<', (size_t)(end - p)));) {
        const size_t left = (size_t)(end - p);
        char *stop;
        if (left >= 4 && memcmp(p, "<!--", 4) == 0) {
            stop = (char *)find(p + 4, end, "-->");
        } else if (left >= 9 && memcmp(p, "<![CDATA[", 9) == 0) {
            stop = (char *)find(p + 9, end, "]]>");
        } else if (left >= 2 && p[1] == '?') {
            stop = (char *)find(p + 2, end, "?>");
            if (stop && left >= 5 && memcmp(p, "<?xml", 5) == 0 && !encoding_is_utf8(p, stop))
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, (unsigned)line_of(text, p), NULL),
                                     "declares an encoding other than UTF-8, which SBML has to be in");
        } else if (left >= 2 && p[1] == '!') {
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, (unsigned)line_of(text, p), NULL),
                                 "declares a document type (<!DOCTYPE>); SBML has none, and entities are not read");
        } else {
            stop = (char *)tag_end(p + 1, end);
            if (stop && n_tags == 0) tidy_root(text, end, p, stop);
            if (stop && n_tags++ == 0) COLEY_TRY(check_root(r, p, stop, line_of(text, p)));
            if (left >= 2 && p[1] == '/')
                count_close(&count);
            else if (stop && !count_open(&count, p, stop))
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, (unsigned)line_of(text, p), NULL),
                                     count.all > MAX_TERMS
                                         ? "a formula of more than %d terms; split it with assignment "
                                           "rules"
                                         : "elements nested more than %d deep",
                                     count.all > MAX_TERMS ? MAX_TERMS : MAX_ELEMENT_DEPTH);
        }
        p = stop;
    }
    return COLEY_OK;
}

/* --- the document
 * ---------------------------------------------------------------------------------------------------------- */

/* libSBML's messages run over several lines: one line of it, without the spaces in front. */
static const char *one_line(coley_arena *arena, const char *message)
{
    char *copy = coley_arena_text(arena, message ? message : "", message ? strlen(message) : 0);
    size_t n = 0;
    for (size_t i = 0; copy && copy[i]; i++) {
        const char c = copy[i] == '\n' || copy[i] == '\t' ? ' ' : copy[i];
        if (c == ' ' && (n == 0 || copy[n - 1] == ' ')) continue;
        copy[n++] = c;
    }
    while (n && (copy[n - 1] == ' ' || copy[n - 1] == '.')) n--;
    if (copy) copy[n] = 0;
    return copy ? copy : "";
}

/* Faults in how a model is drawn change no course: libSBML's numbers of its packages render and layout, and what it
 * says of a layout where Level 2 has none. */
static int is_of_drawing(const XMLError_t *error)
{
    const unsigned id = XMLError_getErrorId(error);
    if (XMLError_isFatal(error)) return 0;
    const int schema = id == UnrecognizedElement || id == NotSchemaConformant;
    return (id >= 1300000 && id < 1400000) || (id >= 6000000 && id < 7000000) ||
           (schema &&
            (strstr(XMLError_getMessage(error), "ayout") || strstr(XMLError_getMessage(error), "enderInformation")));
}

static coley_status first_error(reader *r, SBMLDocument_t *document)
{
    for (unsigned i = 0; i < SBMLDocument_getNumErrors(document); i++) {
        const XMLError_t *error = (const XMLError_t *)SBMLDocument_getError(document, i);
        if ((!XMLError_isError(error) && !XMLError_isFatal(error)) || is_of_drawing(error)) continue;
        return COLEY_FAIL_AT(
            r->err, COLEY_ERR_INPUT,
            ((coley_place){
                .file = r->file, .line = (int)XMLError_getLine(error), .column = (int)XMLError_getColumn(error)}),
            "%.200s: %.300s", XMLError_getShortMessage(error), one_line(r->arena, XMLError_getMessage(error)));
    }
    return COLEY_OK;
}

/* A package that is required changes what the model means; layout and render never do. One that libSBML does not know
 * is an error of its own. */
static coley_status check_packages(reader *r, SBMLDocument_t *document)
{
    static const char *const packages[] = {"fbc",     "qual",   "groups", "multi", "distrib",
                                           "spatial", "arrays", "dyn",    "req"};
    for (size_t i = 0; r->level >= 3 && i < sizeof packages / sizeof *packages; i++) {
        if (!SBMLDocument_isSetPackageRequired(document, packages[i]) ||
            !SBMLDocument_getPackageRequired(document, packages[i]))
            continue;
        return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, at_line(r, LINE(document), NULL),
                             "requires the SBML package \"%s\", which Coley does not read", packages[i]);
    }
    return COLEY_OK;
}

static coley_status check_model(reader *r)
{
    const size_t n = (size_t)Model_getNumSpecies(r->model) + Model_getNumParameters(r->model) +
                     Model_getNumReactions(r->model) + Model_getNumCompartments(r->model) +
                     Model_getNumEvents(r->model);
    if (n > MAX_ELEMENTS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, 0, NULL), "%zu elements, allowed up to %d", n,
                             MAX_ELEMENTS);
    return COLEY_OK;
}

/* --- symbols
 * --------------------------------------------------------------------------------------------------------------- */

static coley_status add_symbol(reader *r, const char *id, const char *name, coley_symbol_kind kind, unsigned line,
                               int32_t *symbol)
{
    if (!id || !*id) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, line, NULL), "an element without an id");
    if (coley_network_symbol(r->network, id) >= 0)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, line, id), "is declared twice");
    *symbol = coley_network_symbol_add(r->network, id, kind);
    if (*symbol < 0) return COLEY_FAIL_MEMORY(r->err);
    coley_symbol *s = &r->network->symbol[*symbol];
    s->file = r->file;
    s->line = (int)line;
    if (name && *name && !(s->name = coley_arena_text(r->arena, name, strlen(name)))) return COLEY_FAIL_MEMORY(r->err);
    return COLEY_OK;
}

static coley_status set_number(reader *r, int32_t symbol, double value)
{
    coley_symbol *s = &r->network->symbol[symbol];
    s->initial = coley_expr_number(r->network->pool, value);
    return s->initial ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

static coley_status add_unit(reader *r, int32_t symbol, const char *unit)
{
    int memory = 1;
    r->network->symbol[symbol].unit = coley_sbml_unit(r, unit, &memory);
    return memory ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

/* The unit that a compartment's size has when it names none. */
static const char *size_unit(const reader *r, const Compartment_t *c)
{
    const char *own = Compartment_getUnits(c);
    if (own && *own) return own;
    const unsigned d = Compartment_getSpatialDimensions(c);
    if (r->level < 3) return d == 3 ? "volume" : d == 2 ? "area" : d == 1 ? "length" : NULL;
    return d == 3   ? Model_getVolumeUnits(r->model)
           : d == 2 ? Model_getAreaUnits(r->model)
           : d == 1 ? Model_getLengthUnits(r->model)
                    : NULL;
}

/* Without dimensions, and so without a size unless one is given all the same. */
static int is_point(const Compartment_t *c)
{
    return Compartment_getSpatialDimensionsAsDouble(c) == 0 && !Compartment_isSetSize(c);
}

static coley_status read_compartments(reader *r)
{
    for (unsigned i = 0; i < Model_getNumCompartments(r->model); i++) {
        const Compartment_t *c = Model_getCompartment(r->model, i);
        int32_t at;
        COLEY_TRY(add_symbol(r, Compartment_getId(c), Compartment_getName(c), COLEY_COMPARTMENT, LINE(c), &at));
        COLEY_TRY(add_unit(r, at, size_unit(r, c)));
        r->network->symbol[at].constant = Compartment_getConstant(c);
        if (Compartment_isSetSize(c))
            COLEY_TRY(set_number(r, at, Compartment_getSize(c)));
        else if (is_point(c))
            COLEY_TRY(set_number(r, at, 1.0));
    }
    return COLEY_OK;
}

/* Substance per size, or substance alone. */
static coley_status species_unit(reader *r, const Species_t *s, const Compartment_t *c, int32_t symbol)
{
    coley_symbol *to = &r->network->symbol[symbol];
    const char *own = Species_getSubstanceUnits(s);
    int memory = 1;
    const char *substance = coley_sbml_unit(r,
                                            own && *own    ? own
                                            : r->level < 3 ? "substance"
                                                           : Model_getSubstanceUnits(r->model),
                                            &memory);
    if (!memory) return COLEY_FAIL_MEMORY(r->err);
    to->unit = substance;
    if (!substance || to->substance_only) return COLEY_OK;
    const char *size = coley_sbml_unit(r, size_unit(r, c), &memory);
    if (!memory) return COLEY_FAIL_MEMORY(r->err);
    to->unit = NULL;
    if (!size) return COLEY_OK;
    const int bracket = strpbrk(size, "*/ ") != NULL;
    to->unit = strcmp(size, "dimensionless") == 0
                   ? substance
                   : coley_arena_printf(r->arena, bracket ? "%s/(%s)" : "%s/%s", substance, size);
    return to->unit ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

static coley_status read_species(reader *r)
{
    for (unsigned i = 0; i < Model_getNumSpecies(r->model); i++) {
        const Species_t *s = Model_getSpecies(r->model, i);
        int32_t at;
        COLEY_TRY(add_symbol(r, Species_getId(s), Species_getName(s), COLEY_SPECIES, LINE(s), &at));
        const char *home = Species_getCompartment(s);
        const Compartment_t *c = home ? Model_getCompartmentById(r->model, home) : NULL;
        coley_symbol *to = &r->network->symbol[at];
        if (!c)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(s), to->id),
                                 "is in compartment \"%.100s\", which the model does not have", home ? home : "");
        to->compartment = coley_network_symbol(r->network, home);
        to->boundary = Species_getBoundaryCondition(s);
        to->constant = Species_getConstant(s);
        to->substance_only = Species_getHasOnlySubstanceUnits(s) || is_point(c);
        COLEY_TRY(species_unit(r, s, c, at));
        if (Species_isSetInitialAmount(s)) {
            to->initial_is_amount = 1;
            COLEY_TRY(set_number(r, at, Species_getInitialAmount(s)));
        } else if (Species_isSetInitialConcentration(s)) {
            COLEY_TRY(set_number(r, at, Species_getInitialConcentration(s)));
        }
    }
    return COLEY_OK;
}

static coley_status add_parameter(reader *r, const char *id, const char *name, const char *unit, unsigned line,
                                  int is_set, double value, int constant)
{
    int32_t at;
    COLEY_TRY(add_symbol(r, id, name, COLEY_PARAMETER, line, &at));
    COLEY_TRY(add_unit(r, at, unit));
    r->network->symbol[at].constant = constant;
    return is_set ? set_number(r, at, value) : COLEY_OK;
}

static coley_status read_parameters(reader *r)
{
    for (unsigned i = 0; i < Model_getNumParameters(r->model); i++) {
        const Parameter_t *p = Model_getParameter(r->model, i);
        COLEY_TRY(add_parameter(r, Parameter_getId(p), Parameter_getName(p), Parameter_getUnits(p), LINE(p),
                                Parameter_isSetValue(p), Parameter_getValue(p), Parameter_getConstant(p)));
    }
    return COLEY_OK;
}

/* --- reactions
 * ------------------------------------------------------------------------------------------------------------- */

static coley_status read_local_parameters(reader *r, const char *reaction, KineticLaw_t *law)
{
    const int local = r->level >= 3;
    const unsigned n = local ? KineticLaw_getNumLocalParameters(law) : KineticLaw_getNumParameters(law);
    for (unsigned i = 0; i < n; i++) {
        /* libSBML's local parameter is a kind of its parameter. */
        const Parameter_t *p =
            local ? (const Parameter_t *)KineticLaw_getLocalParameter(law, i) : KineticLaw_getParameter(law, i);
        const char *own = Parameter_getId(p);
        const char *id = coley_arena_printf(r->arena, "%s.%s", reaction, own ? own : "");
        if (!id) return COLEY_FAIL_MEMORY(r->err);
        COLEY_TRY(add_parameter(r, id, Parameter_getName(p), Parameter_getUnits(p), LINE(p), Parameter_isSetValue(p),
                                Parameter_getValue(p), 1));
    }
    return COLEY_OK;
}

/* In Level 3 a stoichiometry with an id is a quantity of its own, which rules may set. */
static coley_status read_stoichiometry_ids(reader *r, Reaction_t *from)
{
    if (r->level < 3) return COLEY_OK;
    const unsigned n_reactants = Reaction_getNumReactants(from), n = n_reactants + Reaction_getNumProducts(from);
    for (unsigned i = 0; i < n; i++) {
        const SpeciesReference_t *s =
            i < n_reactants ? Reaction_getReactant(from, i) : Reaction_getProduct(from, i - n_reactants);
        if (!SpeciesReference_isSetId(s)) continue;
        COLEY_TRY(add_parameter(r, SpeciesReference_getId(s), SpeciesReference_getName(s), NULL, LINE(s),
                                SpeciesReference_isSetStoichiometry(s), SpeciesReference_getStoichiometry(s), 0));
    }
    return COLEY_OK;
}

static coley_status declare_reactions(reader *r)
{
    coley_network *net = r->network;
    const unsigned n = Model_getNumReactions(r->model);
    net->reaction = COLEY_NEW(r->arena, coley_reaction, n);
    r->rate_symbol = COLEY_NEW(r->arena, int32_t, n);
    if (!net->reaction || !r->rate_symbol) return COLEY_FAIL_MEMORY(r->err);
    net->cap_reactions = n;
    for (unsigned i = 0; i < n; i++) {
        Reaction_t *from = Model_getReaction(r->model, i);
        const char *id = Reaction_getId(from);
        if (!id || !*id)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(from), NULL), "a reaction without an id");
        if (Reaction_getFast(from))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, at_line(r, LINE(from), id),
                                 "is a fast reaction, which Coley does not simulate; give it a rate law of its own");
        if (!Reaction_isSetKineticLaw(from))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(from), id),
                                 "has no rate law, so that the model cannot be run");
        coley_reaction *to = &net->reaction[net->n_reactions++];
        r->rate_symbol[i] = -1;
        to->file = r->file;
        to->line = (int)LINE(from);
        if (!(to->id = coley_arena_text(r->arena, id, strlen(id)))) return COLEY_FAIL_MEMORY(r->err);
        COLEY_TRY(read_local_parameters(r, to->id, Reaction_getKineticLaw(from)));
        COLEY_TRY(read_stoichiometry_ids(r, from));
    }
    return COLEY_OK;
}

static coley_status stoichiometry(reader *r, const coley_reaction *reaction, SpeciesReference_t *s, double plain,
                                  const coley_expr **amount)
{
    const coley_sbml_owner owner = {.key = reaction->id, .line = (int)LINE(s)};
    if (r->level >= 3 && SpeciesReference_isSetId(s)) {
        *amount = coley_expr_symbol(r->network->pool, coley_network_symbol(r->network, SpeciesReference_getId(s)));
        return *amount ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
    }
    if (SpeciesReference_isSetStoichiometryMath(s))
        return coley_sbml_formula(r, &owner, StoichiometryMath_getMath(SpeciesReference_getStoichiometryMath(s)),
                                  amount);
    if (plain - plain != 0 || (r->level >= 3 && !SpeciesReference_isSetStoichiometry(s)))
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(s), reaction->id),
                             "a stoichiometry that is missing or not a finite number");
    *amount = coley_expr_number(r->network->pool, plain);
    return *amount ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

static coley_status read_term(reader *r, const coley_reaction *reaction, SpeciesReference_t *s, coley_term *term)
{
    const char *id = SpeciesReference_getSpecies(s);
    term->species = id ? coley_network_symbol(r->network, id) : -1;
    if (term->species < 0 || r->network->symbol[term->species].kind != COLEY_SPECIES)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(s), reaction->id),
                             "names the species \"%.100s\", which the model does not have", id ? id : "");
    const int parts = r->level < 3 ? SpeciesReference_getDenominator(s) : 1;
    COLEY_TRY(stoichiometry(r, reaction, s, SpeciesReference_getStoichiometry(s) / parts, &term->amount));
    /* From the reaction's unit of extent to the species' unit of substance. */
    const Species_t *species = Model_getSpeciesById(r->model, id);
    const char *factor = Species_isSetConversionFactor(species)  ? Species_getConversionFactor(species)
                         : Model_isSetConversionFactor(r->model) ? Model_getConversionFactor(r->model)
                                                                 : NULL;
    if (!factor) return COLEY_OK;
    const int32_t symbol = coley_network_symbol(r->network, factor);
    if (symbol < 0)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(species), id),
                             "has the conversion factor \"%.100s\", which the model does not have", factor);
    term->amount =
        coley_expr_binary(r->network->pool, COLEY_OP_MUL, term->amount, coley_expr_symbol(r->network->pool, symbol));
    return term->amount ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

static coley_status read_reactions(reader *r)
{
    for (unsigned i = 0; i < r->network->n_reactions; i++) {
        Reaction_t *from = Model_getReaction(r->model, i);
        coley_reaction *to = &r->network->reaction[i];
        const unsigned n_reactants = Reaction_getNumReactants(from), n_products = Reaction_getNumProducts(from);
        to->reactant = COLEY_NEW(r->arena, coley_term, n_reactants);
        to->product = COLEY_NEW(r->arena, coley_term, n_products);
        const char *prefix = coley_arena_printf(r->arena, "%s.", to->id);
        if (!to->reactant || !to->product || !prefix) return COLEY_FAIL_MEMORY(r->err);
        for (unsigned j = 0; j < n_reactants; j++)
            COLEY_TRY(read_term(r, to, Reaction_getReactant(from, j), &to->reactant[to->n_reactants++]));
        for (unsigned j = 0; j < n_products; j++)
            COLEY_TRY(read_term(r, to, Reaction_getProduct(from, j), &to->product[to->n_products++]));
        const KineticLaw_t *law = Reaction_getKineticLaw(from);
        const coley_sbml_owner owner = {.key = to->id, .line = (int)LINE(law), .prefix = prefix};
        if (!KineticLaw_getMath(law) && r->math_optional)
            to->rate = coley_expr_number(r->network->pool, 0.0);
        else
            COLEY_TRY(coley_sbml_formula(r, &owner, KineticLaw_getMath(law), &to->rate));
        if (!to->rate) return COLEY_FAIL_MEMORY(r->err);
    }
    return COLEY_OK;
}

/* Symbols that stand for rates of reactions and of variables; formulas have been read, and name no more of them. */
static coley_status write_rates(reader *r)
{
    for (size_t i = 0; i < r->network->n_reactions; i++)
        if (r->rate_symbol[i] >= 0) r->network->symbol[r->rate_symbol[i]].rule = r->network->reaction[i].rate;
    return coley_sbml_write_rates(r);
}

/* --- rules
 * ----------------------------------------------------------------------------------------------------------------- */

static coley_status read_initial_assignments(reader *r)
{
    for (unsigned i = 0; i < Model_getNumInitialAssignments(r->model); i++) {
        const InitialAssignment_t *from = Model_getInitialAssignment(r->model, i);
        const char *id = InitialAssignment_getSymbol(from);
        const int32_t symbol = id ? coley_network_symbol(r->network, id) : -1;
        if (symbol < 0)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(from), NULL),
                                 "an initial assignment to \"%.100s\", which the model does not have", id ? id : "");
        const coley_sbml_owner owner = {.key = id, .line = (int)LINE(from)};
        const coley_expr *value;
        if (!InitialAssignment_getMath(from) && r->math_optional) continue;
        COLEY_TRY(coley_sbml_formula(r, &owner, InitialAssignment_getMath(from), &value));
        coley_symbol *s = &r->network->symbol[symbol];
        s->initial = value;
        s->initial_is_amount = s->substance_only;
    }
    return COLEY_OK;
}

static coley_status read_algebraic(reader *r, const Rule_t *from)
{
    const coley_sbml_owner owner = {.key = "algebraicRule", .line = (int)LINE(from)};
    const coley_expr *formula;
    if (!Rule_getMath(from) && r->math_optional) return COLEY_OK;
    COLEY_TRY(coley_sbml_formula(r, &owner, Rule_getMath(from), &formula));
    if (!COLEY_RESERVE(r->arena, r->algebraic, r->cap_algebraic, r->n_algebraic + 1)) return COLEY_FAIL_MEMORY(r->err);
    r->algebraic[r->n_algebraic++] =
        (coley_algebraic){.formula = formula, .place = {.file = r->file, .line = owner.line}};
    return COLEY_OK;
}

static coley_status read_rules(reader *r)
{
    for (unsigned i = 0; i < Model_getNumRules(r->model); i++) {
        const Rule_t *from = Model_getRule(r->model, i);
        if (Rule_isAlgebraic(from)) {
            COLEY_TRY(read_algebraic(r, from));
            continue;
        }
        const char *id = Rule_getVariable(from);
        const int32_t symbol = id ? coley_network_symbol(r->network, id) : -1;
        if (symbol < 0)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(from), NULL),
                                 "a rule for \"%.100s\", which the model does not have", id ? id : "");
        if (r->network->symbol[symbol].rule_kind != COLEY_RULE_NONE)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(from), id), "has two rules");
        const coley_sbml_owner owner = {.key = id, .line = (int)LINE(from)};
        const coley_expr *rule;
        if (!Rule_getMath(from) && r->math_optional) continue;
        COLEY_TRY(coley_sbml_formula(r, &owner, Rule_getMath(from), &rule));
        coley_symbol *s = &r->network->symbol[symbol]; /* formulas may add symbols */
        if (s->rule_kind != COLEY_RULE_NONE)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, LINE(from), id), "has two rules");
        s->rule_kind = Rule_isRate(from) ? COLEY_RULE_RATE : COLEY_RULE_ASSIGNMENT;
        s->rule = rule;
    }
    return COLEY_OK;
}

/* Whether the symbol's value changes in the course of time. */
static int changes(const coley_network *network, int32_t symbol)
{
    if (network->symbol[symbol].rule_kind != COLEY_RULE_NONE) return 1;
    for (size_t e = 0; e < network->n_events; e++)
        for (size_t i = 0; i < network->event[e].n_assignments; i++)
            if (network->event[e].assignment[i].symbol == symbol) return 1;
    return 0;
}

/* Species whose compartment changes keep their amount: their start as one. */
static coley_status turn_to_amounts(reader *r)
{
    coley_expr_pool *pool = r->network->pool;
    for (size_t i = 0; i < r->network->n_symbols; i++) {
        coley_symbol *s = &r->network->symbol[i];
        if (s->kind != COLEY_SPECIES || s->rule_kind == COLEY_RULE_ASSIGNMENT) continue;
        const coley_expr *size = coley_expr_symbol(pool, s->compartment);
        if (s->initial && !s->initial_is_amount && changes(r->network, s->compartment)) {
            s->initial = coley_expr_binary(pool, COLEY_OP_MUL, s->initial, size);
            s->initial_is_amount = 1;
            if (!s->initial) return COLEY_FAIL_MEMORY(r->err);
        }
    }
    return COLEY_OK;
}

static coley_status read_time_unit(reader *r)
{
    int memory = 1;
    const char *unit = coley_sbml_unit(r, r->level < 3 ? "time" : Model_getTimeUnits(r->model), &memory);
    r->network->time_unit = unit ? unit : "";
    return memory ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

static coley_status read_document(reader *r, SBMLDocument_t *document, coley_network **network)
{
    COLEY_TRY(first_error(r, document));
    r->level = SBMLDocument_getLevel(document);
    r->math_optional = r->level > 3 || (r->level == 3 && SBMLDocument_getVersion(document) >= 2);
    COLEY_TRY(check_packages(r, document));
    COLEY_TRY(coley_sbml_flatten(r, document));
    r->model = SBMLDocument_getModel(document);
    if (!r->model) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, at_line(r, 0, NULL), "holds no SBML model");
    COLEY_TRY(check_model(r));
    const char *id = Model_getId(r->model);
    r->network = coley_network_create(r->arena, id && *id ? id : "model");
    if (!r->network) return COLEY_FAIL_MEMORY(r->err);
    COLEY_TRY(read_time_unit(r));
    COLEY_TRY(read_compartments(r));
    COLEY_TRY(read_species(r));
    COLEY_TRY(read_parameters(r));
    COLEY_TRY(declare_reactions(r));
    COLEY_TRY(read_initial_assignments(r));
    COLEY_TRY(read_rules(r));
    COLEY_TRY(read_reactions(r));
    COLEY_TRY(coley_sbml_events(r));
    COLEY_TRY(coley_algebraic_solve(r->arena, r->network, r->algebraic, r->n_algebraic, r->err));
    COLEY_TRY(write_rates(r));
    COLEY_TRY(turn_to_amounts(r));
    COLEY_TRY(coley_network_check(r->network, r->err));
    *network = r->network;
    return COLEY_OK;
}

coley_status coley_sbml_parse(coley_arena *arena, const char *name, const char *text, size_t length,
                              coley_network **network, coley_error *err)
{
    reader r = {.arena = arena, .err = err, .file = coley_arena_text(arena, name, strlen(name))};
    char *copy = coley_arena_text(arena, text, length); /* terminated */
    if (!r.file || !copy) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(scan(&r, copy, length));
    SBMLDocument_t *document = readSBMLFromString(copy);
    if (!document) return COLEY_FAIL_MEMORY(err);
    const coley_status status = read_document(&r, document, network);
    SBMLDocument_free(document);
    return status;
}

#endif
