/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survival_file.c -- rows to columns, then every statistic once. */
#include "run/survival_file.h"

#include <math.h>
#include <string.h>

#include "io/csv.h"
#include "run/survival_parts.h"

#define TIME_MOST 1e6

/* The file as columns. */
typedef struct columns {
    const coley_csv *csv;
    size_t n;
    double *time;
    int *event, *arm, *stratum;
    size_t n_arms, n_strata;
    const char *arm_name[COLEY_SURVIVAL_ARMS];
    const char **stratum_name;
    double *covariate[COLEY_SURVIVAL_COVARIATES];
    coley_factor subgroup[COLEY_SURVIVAL_SUBGROUPS];
} columns;

static int name_number(const char **name, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name[i], text) == 0) return (int)i;
    return -1;
}

static coley_status read_named(columns *c, size_t row, int column, const char **name, size_t *n, size_t most, int *out,
                               coley_error *err)
{
    const char *const text = column < 0 ? "all" : coley_csv_cell(c->csv, row, column);
    if (column >= 0 && !*text)
        return coley_csv_fail(c->csv, row, column, err,
                              "the cell is empty; give a name, the same for all who belong "
                              "together");
    int at = name_number(name, *n, text);
    if (at < 0) {
        if (*n == most)
            return coley_csv_fail(c->csv, row, column, err, "\"%.60s\" would be number %zu; at most %zu are read", text,
                                  *n + 1, most);
        at = (int)*n;
        name[(*n)++] = text;
    }
    *out = at;
    return COLEY_OK;
}

static coley_status need(const coley_csv *csv, const char *name, int *column, coley_error *err)
{
    if ((*column = coley_csv_column(csv, name)) >= 0) return COLEY_OK;
    const char *const near = coley_text_nearest(name, csv->name, csv->n_columns);
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = csv->file, .line = 1}),
                         "no column \"%s\"%s%.60s%s; it is needed", name, near ? " (did you mean \"" : "",
                         near ? near : "", near ? "\"?)" : "");
}

static coley_status read_columns(coley_arena *arena, const coley_survival_request *r, columns *c, coley_error *err)
{
    const coley_csv *const csv = c->csv;
    int time, event, covariate[COLEY_SURVIVAL_COVARIATES];
    COLEY_TRY(need(csv, "time", &time, err));
    COLEY_TRY(need(csv, "event", &event, err));
    for (size_t k = 0; k < r->n_covariates; k++) COLEY_TRY(need(csv, r->covariate[k], &covariate[k], err));
    const int arm = coley_csv_column(csv, "arm");
    int stratum = coley_csv_column(csv, "stratum");
    if (stratum < 0) stratum = coley_csv_column(csv, "strata");
    c->n = csv->n_rows;
    c->time = COLEY_NEW(arena, double, c->n);
    c->event = COLEY_NEW(arena, int, c->n);
    c->arm = COLEY_NEW(arena, int, c->n);
    c->stratum = COLEY_NEW(arena, int, c->n);
    c->stratum_name = COLEY_NEW(arena, const char *, COLEY_SURVIVAL_STRATA);
    if (!c->time || !c->event || !c->arm || !c->stratum || !c->stratum_name) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < r->n_covariates; k++)
        if (!(c->covariate[k] = COLEY_NEW(arena, double, c->n))) return COLEY_FAIL_MEMORY(err);
    if (!c->n)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = csv->file, .line = 1}),
                             "there is nobody in it; give a row a person");
    for (size_t i = 0; i < c->n; i++) {
        double code;
        COLEY_TRY(coley_csv_number(csv, i, time, 0.0, TIME_MOST, &c->time[i], err));
        COLEY_TRY(coley_csv_number(csv, i, event, 0.0, COLEY_SURVIVAL_CAUSES, &code, err));
        if (code != floor(code))
            return coley_csv_fail(csv, i, event, err,
                                  "%g is no kind of event; 0 is censored, 1 an event, 2 to %d other "
                                  "kinds",
                                  code, COLEY_SURVIVAL_CAUSES);
        c->event[i] = (int)code;
        COLEY_TRY(read_named(c, i, arm, c->arm_name, &c->n_arms, COLEY_SURVIVAL_ARMS, &c->arm[i], err));
        COLEY_TRY(read_named(c, i, stratum, c->stratum_name, &c->n_strata, COLEY_SURVIVAL_STRATA, &c->stratum[i], err));
        for (size_t k = 0; k < r->n_covariates; k++)
            COLEY_TRY(coley_csv_number(csv, i, covariate[k], -1e12, 1e12, &c->covariate[k][i], err));
    }
    return COLEY_OK;
}

/* Levels of the subgroups, numbered as they come; an empty cell is not known. */
static coley_status read_subgroups(coley_arena *arena, const coley_survival_request *r, columns *c, coley_error *err)
{
    for (size_t k = 0; k < r->n_subgroups; k++) {
        int column, *const level = COLEY_NEW(arena, int, c->n);
        const char **const name = COLEY_NEW(arena, const char *, COLEY_SURVIVAL_LEVELS);
        size_t n = 0;
        if (!level || !name) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(need(c->csv, r->subgroup[k], &column, err));
        for (size_t i = 0; i < c->n; i++) {
            level[i] = -1;
            if (*coley_csv_cell(c->csv, i, column))
                COLEY_TRY(read_named(c, i, column, name, &n, COLEY_SURVIVAL_LEVELS, &level[i], err));
        }
        c->subgroup[k] = (coley_factor){.name = r->subgroup[k], .level = level, .n_levels = n, .level_name = name};
    }
    if (r->n_subgroups && c->n_arms != 2)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--subgroup"}),
                             "%s has %zu arm%s; ratios in subgroups compare two", c->csv->file, c->n_arms,
                             c->n_arms == 1 ? "" : "s");
    return COLEY_OK;
}

/* The control becomes arm 0; the others keep their order. */
static coley_status put_control_first(const coley_survival_request *r, columns *c, coley_error *err)
{
    if (!r->control) return COLEY_OK;
    const int control = name_number(c->arm_name, c->n_arms, r->control);
    if (control < 0) {
        const char *const near = coley_text_nearest(r->control, c->arm_name, c->n_arms);
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "--control"}),
                             "there is no arm \"%.60s\" in %s; the first is \"%.60s\"%s%.60s%s", r->control,
                             c->csv->file, c->arm_name[0], near ? "; did you mean \"" : "", near ? near : "",
                             near ? "\"?" : "");
    }
    const char *const name = c->arm_name[control];
    memmove(c->arm_name + 1, c->arm_name, (size_t)control * sizeof *c->arm_name);
    c->arm_name[0] = name;
    for (size_t i = 0; i < c->n; i++)
        c->arm[i] = c->arm[i] == control ? 0 : c->arm[i] < control ? c->arm[i] + 1 : c->arm[i];
    return COLEY_OK;
}

/* Four round times over the data, unless asked for. */
static void choose_times(coley_survival_analysis *a)
{
    const coley_survival_request *const r = a->request;
    a->n_times = r->n_times;
    memcpy(a->time, r->time, r->n_times * sizeof *a->time);
    if (a->n_times || !(a->last > 0.0)) return;
    const double raw = a->last / 5.0, scale = pow(10.0, floor(log10(raw))), lead = raw / scale;
    double step = scale * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    if (strcmp(r->unit, "month") == 0 && a->last >= 6.0)
        step = a->last < 15 ? 3 : a->last < 36 ? 6 : a->last < 84 ? 12 : 24;
    for (double t = step; t <= a->last && a->n_times < 6; t += step) a->time[a->n_times++] = t;
}

static coley_status find_cox(coley_arena *arena, coley_survival_analysis *a, const columns *c, coley_error *err)
{
    const size_t arms = a->n_arms - 1, n = arms + a->request->n_covariates;
    const double **const column = COLEY_NEW(arena, const double *, n);
    const char **const name = COLEY_NEW(arena, const char *, n);
    double *const x = COLEY_NEW(arena, double, arms * c->n);
    if (!column || !name || !x) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < arms; k++) {
        column[k] = x + k * c->n;
        name[k] = a->arm[k + 1];
        for (size_t i = 0; i < c->n; i++) x[k * c->n + i] = (size_t)c->arm[i] == k + 1;
    }
    for (size_t k = arms; k < n; k++) column[k] = c->covariate[k - arms], name[k] = a->request->covariate[k - arms];
    if (!n) {
        a->cox = (coley_cox){.why = "there is one arm and no covariate"};
        return COLEY_OK;
    }
    const coley_cox_input in = {
        .survival = &a->survival, .n_columns = n, .column = column, .name = name, .ties = a->request->ties};
    return coley_cox_fit(arena, &in, &a->cox, err);
}

static coley_status find_causes(coley_arena *arena, coley_survival_analysis *a, coley_error *err)
{
    size_t events[COLEY_SURVIVAL_CAUSES + 1] = {0}, kinds = 0;
    for (size_t i = 0; i < a->n; i++) events[a->survival.event[i]]++;
    for (int k = 1; k <= COLEY_SURVIVAL_CAUSES; k++) kinds += events[k] > 0;
    if (kinds < 2) return COLEY_OK;
    if (!(a->cause = COLEY_NEW(arena, coley_survival_cause, kinds))) return COLEY_FAIL_MEMORY(err);
    for (int k = 1; k <= COLEY_SURVIVAL_CAUSES; k++) {
        if (!events[k]) continue;
        coley_survival_cause *const cause = &a->cause[a->n_causes++];
        *cause = (coley_survival_cause){.cause = k, .events = events[k]};
        for (size_t arm = 0; arm < a->n_arms; arm++)
            COLEY_TRY(coley_incidence_curve(arena, &a->survival, (int)arm, k, &cause->incidence[arm], err));
        COLEY_TRY(coley_gray_test(arena, &a->survival, k, &cause->gray, err));
    }
    return COLEY_OK;
}

static coley_status find_arms(coley_arena *arena, coley_survival_analysis *a, coley_error *err)
{
    const coley_survival_request *const r = a->request;
    for (size_t k = 0; k < a->n_arms; k++) {
        COLEY_TRY(coley_km_curve(arena, &a->survival, (int)k, &a->km[k], err));
        COLEY_TRY(coley_km_follow_up(arena, &a->survival, (int)k, &a->follow_up[k], err));
        a->median[k] = coley_km_quantile_of(&a->km[k], 0.5, r->scale, r->level);
        a->last = fmax(a->last, a->km[k].time[a->km[k].n - 1]);
        const coley_cure_input in = {.survival = &a->survival, .arm = (int)k};
        if (r->cure) COLEY_TRY(coley_cure_fit(arena, &in, &a->cure[k], err));
    }
    a->tau = r->tau > 0.0 ? r->tau : coley_rmst_longest(a->km, a->n_arms);
    for (size_t k = 0; k < a->n_arms && a->tau > 0.0; k++) a->mean[k] = coley_rmst_of(&a->km[k], a->tau, r->level);
    return COLEY_OK;
}

static coley_status find_tests(coley_arena *arena, coley_survival_analysis *a, coley_error *err)
{
    static const struct {
        const char *name;
        coley_weight weight;
    } tests[COLEY_SURVIVAL_TESTS] = {{"log-rank", {COLEY_WEIGHT_LOGRANK, 0, 0, 0, 0}},
                                     {"late differences, FH(0,1)", {COLEY_WEIGHT_FH, 0, 1, 0, 0}},
                                     {"early differences, Gehan", {COLEY_WEIGHT_GEHAN, 0, 0, 0, 0}}};
    for (int k = 0; k < COLEY_SURVIVAL_TESTS; k++) {
        a->test[k].name = tests[k].name;
        COLEY_TRY(coley_logrank_test(arena, &a->survival, &tests[k].weight, &a->test[k].result, err));
    }
    if (a->n_arms == 2) COLEY_TRY(coley_maxcombo_test(arena, &a->survival, coley_maxcombo_usual, 4, &a->combo, err));
    return COLEY_OK;
}

static coley_status analyse(coley_arena *arena, const coley_survival_request *r, const coley_csv *csv, coley_text *text,
                            coley_error *err)
{
    columns c = {.csv = csv};
    coley_survival_analysis *const a = COLEY_NEW(arena, coley_survival_analysis, 1);
    if (!a) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(read_columns(arena, r, &c, err));
    COLEY_TRY(read_subgroups(arena, r, &c, err));
    COLEY_TRY(put_control_first(r, &c, err));
    a->request = r;
    a->source = csv->file;
    a->n = c.n;
    a->n_arms = c.n_arms;
    a->n_strata = c.n_strata;
    memcpy(a->arm, c.arm_name, sizeof a->arm);
    const coley_survival_input in = {.n = c.n,
                                     .time = c.time,
                                     .event = c.event,
                                     .arm = c.arm,
                                     .n_arms = c.n_arms,
                                     .stratum = c.stratum,
                                     .n_strata = c.n_strata};
    COLEY_TRY(coley_survival_prepare(arena, &in, &a->survival, err));
    COLEY_TRY(find_arms(arena, a, err));
    choose_times(a);
    COLEY_TRY(find_tests(arena, a, err));
    COLEY_TRY(find_cox(arena, a, &c, err));
    COLEY_TRY(find_causes(arena, a, err));
    if (r->n_subgroups) COLEY_TRY(coley_forest_of(arena, &in, c.subgroup, r->n_subgroups, r->level, &a->forest, err));
    return coley_survival_print(arena, a, text, err);
}

coley_status coley_survival_run_bytes(coley_arena *arena, const coley_survival_request *request, const char *bytes,
                                      size_t length, coley_text *text, coley_error *err)
{
    coley_csv csv;
    COLEY_TRY(coley_csv_parse(arena, request->file, bytes, length, &csv, err));
    return analyse(arena, request, &csv, text, err);
}

coley_status coley_survival_run(coley_arena *arena, const coley_survival_request *request, coley_text *text,
                                coley_error *err)
{
    coley_csv csv;
    COLEY_TRY(coley_csv_read(arena, request->file, &csv, err));
    return analyse(arena, request, &csv, text, err);
}
