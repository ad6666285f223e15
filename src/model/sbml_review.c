/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sbml_review.c -- what is not wrong with an SBML file but may mislead: units that do not fit together, and packages
 * that are passed over. */
#include "model/sbml.h"

#include <string.h>

#ifndef COLEY_HAVE_SBML

size_t coley_sbml_review(const char *name, const char *text, const coley_log *log)
{
    (void)name, (void)text, (void)log;
    return 0;
}

#else

#include <sbml/SBMLTypes.h>

enum { MAX_WARNINGS = 20, MAX_SENTENCE = 600 };

/* libSBML's notices that a unit was never given: most published models have some, and nothing follows from them. */
static int is_about_missing_units(unsigned id)
{
    return id == 99505 || id == 99506 || id == 99507 || id == 99508 || id == 20702;
}

/* The last paragraph of a message, where it speaks of this model, on one line. */
static void sentence(const char *message, char *out, size_t size)
{
    const char *start = message ? strstr(message, "Reference:") : NULL;
    start = start && strchr(start, '\n') ? strchr(start, '\n') : message ? message : "";
    size_t n = 0;
    for (; *start && n + 1 < size; start++) {
        const char c = *start == '\n' || *start == '\t' ? ' ' : *start;
        if (c != ' ' || (n && out[n - 1] != ' ')) out[n++] = c;
    }
    while (n && (out[n - 1] == ' ' || out[n - 1] == '.')) n--;
    out[n] = 0;
}

static size_t packages_passed_over(SBMLDocument_t *document, const char *name, const coley_log *log)
{
    static const char *const packages[] = {"fbc",     "qual",   "groups", "multi", "distrib",
                                           "spatial", "arrays", "dyn",    "req"};
    size_t n = 0;
    for (size_t i = 0; SBMLDocument_getLevel(document) >= 3 && i < sizeof packages / sizeof *packages; i++) {
        if (!SBMLDocument_isSetPackageRequired(document, packages[i])) continue;
        coley_log_add(log, COLEY_LOG_WARNING,
                      "%s: the SBML package \"%s\" is passed over; the model says that its "
                      "course does not need it",
                      name, packages[i]);
        n++;
    }
    return n;
}

static size_t inconsistent_units(SBMLDocument_t *document, const char *name, const coley_log *log)
{
    static const SBMLErrorCategory_t other[] = {LIBSBML_CAT_IDENTIFIER_CONSISTENCY, LIBSBML_CAT_GENERAL_CONSISTENCY,
                                                LIBSBML_CAT_SBO_CONSISTENCY,        LIBSBML_CAT_MATHML_CONSISTENCY,
                                                LIBSBML_CAT_OVERDETERMINED_MODEL,   LIBSBML_CAT_MODELING_PRACTICE};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) SBMLDocument_setConsistencyChecks(document, other[i], 0);
    const unsigned known = SBMLDocument_getNumErrors(document);
    SBMLDocument_checkConsistency(document);
    size_t n = 0;
    for (unsigned i = known; i < SBMLDocument_getNumErrors(document); i++) {
        const XMLError_t *error = (const XMLError_t *)SBMLDocument_getError(document, i);
        if (is_about_missing_units(XMLError_getErrorId(error)) || n++ >= MAX_WARNINGS) continue;
        char text[MAX_SENTENCE];
        sentence(XMLError_getMessage(error), text, sizeof text);
        coley_log_add(log, COLEY_LOG_WARNING, "%s:%u: units: %s", name, XMLError_getLine(error), text);
    }
    if (n > MAX_WARNINGS)
        coley_log_add(log, COLEY_LOG_WARNING, "%s: units: %zu more like these", name, n - MAX_WARNINGS);
    return n;
}

size_t coley_sbml_review(const char *name, const char *text, const coley_log *log)
{
    SBMLDocument_t *document = readSBMLFromString(text);
    if (!document) return 0;
    const size_t n = packages_passed_over(document, name, log) + inconsistent_units(document, name, log);
    SBMLDocument_free(document);
    return n;
}

#endif
