/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tmb_report.h -- a request for tumour mutational burden in words, and its answer for people and as JSON and CSV. */
#ifndef COLEY_RUN_TMB_REPORT_H
#define COLEY_RUN_TMB_REPORT_H

#include "assay/tmb.h"
#include "io/emit.h"

/* As it was asked: paths and names, NULL where nothing was said; NaN likewise. */
typedef struct coley_tmb_request {
    const char *variants, *catalog;
    const char *definition, *sample;
    const char *targets, *panel, *panels;
    const char *drivers; /* "default": the catalog's list */
    const char *gff, *reference;
    double megabases, min_depth, min_fraction, max_frequency;
    int any_filter, picked, unique;
} coley_tmb_request;

/* What stands behind the report's pointers is owned by the arena. */
COLEY_MUST_CHECK coley_status coley_tmb_of_request(coley_arena *arena, const coley_tmb_request *request,
                                                   coley_tmb_report *report, coley_error *err);

/* "high", "low" or "cannot tell". */
const char *coley_tmb_call_words(coley_tmb_call call);

/* Which filters were asked for, in words. */
void coley_tmb_filters(const coley_tmb_options *options, coley_text *out);

void coley_tmb_words(const coley_tmb_report *report, coley_text *out);
void coley_tmb_csv(const coley_tmb_report *report, coley_text *out);
void coley_tmb_json(const coley_tmb_report *report, coley_text *out);

/* One sample as an entry of a map. */
void coley_tmb_emit(const coley_tmb_report *report, const coley_tmb *tmb, const char *key, coley_emit *emit);

#endif
