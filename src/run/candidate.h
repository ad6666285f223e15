/* SPDX-License-Identifier: GPL-3.0-or-later */
/* candidate.h -- which therapies' label rules a person meets, with cautions, published scores and the simulated chance
 * of response. It ranks what the rules say and advises nothing. */
#ifndef COLEY_RUN_CANDIDATE_H
#define COLEY_RUN_CANDIDATE_H

#include "base/progress.h"
#include "clinic/guideline.h"
#include "clinic/scores.h"
#include "run/scenario.h"

#define COLEY_CANDIDATE_NOTICE                                                                                         \
    "For research and teaching; not medical advice. It lists what published rules and a computer model say; no "       \
    "result "                                                                                                          \
    "of it should change anybody's treatment."

/* A chance from n_people virtual people; n_people 0: not simulated. */
typedef struct coley_candidate_chance {
    size_t n_people, n_responded, n_steady;
    double response, response_low, response_high; /* Wilson's interval, 95 %: of the number of people only */
    double steady, steady_low, steady_high;       /* no progression at any scan of the first 365 days */
} coley_candidate_chance;

/* Share of people with an event of grade 3 or 4. `simulated` is for a model of toxicity to set; today it is published.
 */
typedef struct coley_candidate_harm {
    double share, low, high; /* NaN: not known; the interval is Wilson's on the trial's people */
    int simulated;
    const char *source;
} coley_candidate_harm;

typedef struct coley_candidate_option {
    const coley_rule *rule;
    coley_verdict verdict;
    size_t n_cautions; /* that apply, met or not known */
    const coley_rule **caution;
    coley_verdict *caution_verdict;
    coley_candidate_chance chance;
    coley_candidate_harm harm;
    const char *not_simulated; /* why, when it is not */
} coley_candidate_option;

/* One thing changed, the rest left: what the number was and became. */
typedef struct coley_candidate_driver {
    const char *number, *change;
    double before, after;
} coley_candidate_driver;

enum { COLEY_CANDIDATE_MAX_DRIVERS = 24, COLEY_CANDIDATE_MAX_UNKNOWN = 40 };

typedef struct coley_candidate {
    const coley_scenario *scenario;
    coley_facts facts;
    coley_score_inputs inputs;
    coley_loris loris_pan, loris_nsclc;
    coley_loris_result pan, nsclc;
    int lipi, marsden, grim; /* -1: not known */
    size_t n_options;
    coley_candidate_option *option; /* ranked: rule met, not known, not met; then by chance of response */
    size_t n_drivers;
    coley_candidate_driver driver[COLEY_CANDIDATE_MAX_DRIVERS];
    const char *driven; /* the therapy whose simulated number the drivers explain, or NULL */
    size_t n_unknown;
    const char *unknown[COLEY_CANDIDATE_MAX_UNKNOWN]; /* what is not known and would matter to a rule or a score */
} coley_candidate;

typedef struct coley_candidate_request {
    const char *path;                     /* of the patient file */
    const char *biomarkers;               /* of a file of run/biomarkers.h, or NULL */
    const struct coley_biomarkers *known; /* or what such a file would say; or NULL */
    const char *models, *catalog;         /* folders */
    int simulate;
    int n_threads;
    coley_progress *progress; /* or NULL */
} coley_candidate_request;

/* Facts for the rules out of what the file says; names as conditions write them. */
COLEY_MUST_CHECK coley_status coley_candidate_facts(coley_arena *arena, const coley_scenario *scenario,
                                                    coley_facts *facts, coley_error *err);

COLEY_MUST_CHECK coley_status coley_candidate_run(coley_arena *arena, const coley_candidate_request *request,
                                                  coley_candidate **candidate, coley_error *err);

/* The report for a terminal, as JSON, as CSV (a row a therapy), as one HTML page. A failure shows in out->failed. */
void coley_candidate_words(const coley_candidate *candidate, int all, coley_text *out);
void coley_candidate_json(const coley_candidate *candidate, coley_text *out);
void coley_candidate_csv(const coley_candidate *candidate, coley_text *out);
void coley_candidate_page(const coley_candidate *candidate, coley_text *out);

#endif
