/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forest.c -- each level is fitted on its own people; the interaction compares arm + level with arm x level on those
 * whose level is known. */
#include "math/forest.h"

#include <math.h>

#include "math/special.h"

/* The people with level `level` of a factor (or any known level for -1), copied. rows [n]: their places. */
static coley_status subset(coley_arena *arena, const coley_survival_input *in, const coley_factor *factor, int level,
                           coley_survival_input *out, size_t **rows, coley_error *err)
{
    double *const time = COLEY_NEW(arena, double, in->n);
    int *const event = COLEY_NEW(arena, int, in->n), *const arm = COLEY_NEW(arena, int, in->n);
    int *const stratum = COLEY_NEW(arena, int, in->n);
    *rows = COLEY_NEW(arena, size_t, in->n);
    if (!time || !event || !arm || !stratum || !*rows) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    for (size_t i = 0; i < in->n; i++) {
        if (factor && (level < 0 ? factor->level[i] < 0 : factor->level[i] != level)) continue;
        time[n] = in->time[i];
        event[n] = in->event[i];
        arm[n] = in->arm[i];
        stratum[n] = in->stratum ? in->stratum[i] : 0;
        (*rows)[n++] = i;
    }
    *out = (coley_survival_input){
        .n = n, .time = time, .event = event, .arm = arm, .n_arms = 2, .stratum = stratum, .n_strata = in->n_strata};
    return COLEY_OK;
}

static coley_status fit_row(coley_arena *arena, const coley_survival_input *in, const coley_factor *factor, int level,
                            double confidence, coley_forest_row *row, coley_error *err)
{
    coley_survival_input part;
    coley_survival s;
    coley_cox cox;
    size_t *rows;
    *row = (coley_forest_row){.factor = factor ? factor->name : "all",
                              .level = factor ? factor->level_name[level] : "",
                              .ratio = {NAN, {NAN, NAN}, NAN, NAN}};
    COLEY_TRY(subset(arena, in, factor, level, &part, &rows, err));
    for (size_t i = 0; i < part.n; i++) {
        row->people[part.arm[i]]++;
        row->events[part.arm[i]] += part.event[i] != 0;
    }
    if (!row->people[0] || !row->people[1]) {
        row->why = part.n ? "an arm is empty" : "nobody";
        return COLEY_OK;
    }
    COLEY_TRY(coley_survival_prepare(arena, &part, &s, err));
    COLEY_TRY(coley_cox_fit(arena, &(coley_cox_input){.survival = &s}, &cox, err));
    row->why = cox.why ? cox.why : cox.unbounded ? "no finite ratio: the events of an arm all fall at one end" : NULL;
    if (!cox.why) row->ratio = coley_cox_ratio(&cox, 0, confidence);
    return COLEY_OK;
}

/* Columns: arm, levels but the first, and with `products` arm x those. */
static coley_status fit_with(coley_arena *arena, const coley_survival *s, const coley_survival_input *part,
                             const coley_factor *factor, const size_t *rows, int products, coley_cox *cox,
                             coley_error *err)
{
    const size_t levels = factor->n_levels - 1, n_columns = 1 + levels * (products ? 2 : 1);
    const double **const column = COLEY_NEW(arena, const double *, n_columns);
    double *const x = COLEY_NEW(arena, double, n_columns * part->n);
    if (!column || !x) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < n_columns; k++) column[k] = x + k * part->n;
    for (size_t i = 0; i < part->n; i++) {
        const int level = factor->level[rows[i]];
        x[i] = part->arm[i];
        if (level == 0) continue;
        x[(size_t)level * part->n + i] = 1.0;
        if (products) x[(levels + (size_t)level) * part->n + i] = part->arm[i];
    }
    return coley_cox_fit(arena, &(coley_cox_input){.survival = s, .n_columns = n_columns, .column = column}, cox, err);
}

static coley_status judge(coley_arena *arena, const coley_survival_input *in, const coley_factor *factor,
                          coley_interaction *out, coley_error *err)
{
    coley_survival_input part;
    coley_survival s;
    coley_cox plain, crossed;
    size_t *rows;
    *out = (coley_interaction){.chi2 = NAN, .p = NAN};
    if (factor->n_levels < 2) {
        out->why = "one level";
        return COLEY_OK;
    }
    COLEY_TRY(subset(arena, in, factor, -1, &part, &rows, err));
    if (!part.n) {
        out->why = "nobody";
        return COLEY_OK;
    }
    COLEY_TRY(coley_survival_prepare(arena, &part, &s, err));
    COLEY_TRY(fit_with(arena, &s, &part, factor, rows, 0, &plain, err));
    COLEY_TRY(fit_with(arena, &s, &part, factor, rows, 1, &crossed, err));
    if (plain.why || crossed.why) {
        out->why = plain.why ? plain.why : crossed.why;
        return COLEY_OK;
    }
    out->df = factor->n_levels - 1;
    out->chi2 = fmax(0.0, 2.0 * (crossed.log_likelihood[1] - plain.log_likelihood[1]));
    out->p = coley_chi2_tail((double)out->df, out->chi2);
    return COLEY_OK;
}

coley_status coley_forest_of(coley_arena *arena, const coley_survival_input *input, const coley_factor *factor,
                             size_t n_factors, double level, coley_forest *forest, coley_error *err)
{
    size_t n_rows = 1, at = 0;
    if (!input->arm || input->n_arms != 2)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "%zu arms: a forest compares two",
                          input->arm ? input->n_arms : (size_t)1);
    for (size_t f = 0; f < n_factors; f++) {
        n_rows += factor[f].n_levels;
        for (size_t i = 0; i < input->n; i++)
            if (factor[f].level[i] >= (int)factor[f].n_levels)
                return COLEY_FAIL(err, COLEY_ERR_INPUT, "person %zu: %s has no level %d; levels are 0 to %zu", i + 1,
                                  factor[f].name, factor[f].level[i], factor[f].n_levels - 1);
    }
    /* The whole input is checked once. */
    coley_survival whole;
    COLEY_TRY(coley_survival_prepare(arena, input, &whole, err));
    coley_forest_row *const row = COLEY_NEW(arena, coley_forest_row, n_rows);
    coley_interaction *const interaction = COLEY_NEW(arena, coley_interaction, n_factors);
    if (!row || !interaction) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(fit_row(arena, input, NULL, 0, level, &row[at++], err));
    for (size_t f = 0; f < n_factors; f++) {
        for (size_t l = 0; l < factor[f].n_levels; l++)
            COLEY_TRY(fit_row(arena, input, &factor[f], (int)l, level, &row[at++], err));
        COLEY_TRY(judge(arena, input, &factor[f], &interaction[f], err));
    }
    *forest = (coley_forest){.n_rows = n_rows, .row = row, .n_factors = n_factors, .interaction = interaction};
    return COLEY_OK;
}
