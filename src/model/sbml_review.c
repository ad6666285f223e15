/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sbml_review.c -- what is not wrong with an SBML file but may mislead: packages that are passed over. */
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

enum { MAX_WARNINGS = 20 };

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

/* What libSBML noticed while it read, as packages that it does not know. */
static size_t notices(SBMLDocument_t *document, const char *name, const coley_log *log)
{
    size_t n = 0;
    for (unsigned i = 0; i < SBMLDocument_getNumErrors(document); i++) {
        const XMLError_t *error = (const XMLError_t *)SBMLDocument_getError(document, i);
        if (!XMLError_isWarning(error) || n++ >= MAX_WARNINGS) continue;
        coley_log_add(log, COLEY_LOG_WARNING, "%s:%u: %s", name, XMLError_getLine(error),
                      XMLError_getShortMessage(error));
    }
    if (n > MAX_WARNINGS) coley_log_add(log, COLEY_LOG_WARNING, "%s: %zu more like these", name, n - MAX_WARNINGS);
    return n;
}

size_t coley_sbml_review(const char *name, const char *text, const coley_log *log)
{
    SBMLDocument_t *document = readSBMLFromString(text);
    if (!document) return 0;
    const size_t n = packages_passed_over(document, name, log) + notices(document, name, log);
    SBMLDocument_free(document);
    return n;
}

#endif
