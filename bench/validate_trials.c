/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate_trials.c -- published trials simulated: catalog/evidence/trials/NAME.yaml, every published figure beside the
 * simulated one, and digitised curves of tests/data/km beside the simulated ones.
 *
 * Run as `validate-trials FILE.json [NAME...]`. COLEY_TRIAL_PEOPLE (400) people are simulated in each arm; the
 * published intervals are those of the trials' own size. The distance of two curves is the integral of |S1 - S2| up to
 * the last time of the digitised one, divided by that time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/data.h"
#include "base/table.h"
#include "io/csv.h"
#include "run/trial_files.h"

typedef struct tally {
    coley_arena *arena;
    size_t count[2][4], n_curves; /* by use: tested, calibrated */
    double distance;
    coley_table table;
    coley_text json;
} tally;

/* The digitised curve of one arm. */
static coley_status read_curve(coley_arena *arena, const char *name, const char *arm, coley_km *km, coley_error *err)
{
    coley_csv csv;
    coley_survival survival;
    const char *path = coley_arena_printf(arena, "%s/tests/data/km/%s", COLEY_SOURCE_DIR, name);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_csv_read(arena, path, &csv, err));
    double *time = COLEY_NEW(arena, double, csv.n_rows);
    int *event = COLEY_NEW(arena, int, csv.n_rows);
    if (!time || !event) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    for (size_t i = 0; i < csv.n_rows; i++) {
        double value;
        if (strcmp(coley_csv_cell(&csv, i, coley_csv_column(&csv, "arm")), arm) != 0) continue;
        COLEY_TRY(coley_csv_number(&csv, i, coley_csv_column(&csv, "event"), 0, 1, &value, err));
        event[n] = value > 0.5;
        COLEY_TRY(coley_csv_number(&csv, i, coley_csv_column(&csv, "time"), 0, 1200, &time[n++], err));
    }
    const coley_survival_input input = {.n = n, .time = time, .event = event};
    COLEY_TRY(coley_survival_prepare(arena, &input, &survival, err));
    return coley_km_curve(arena, &survival, COLEY_ALL_ARMS, km, err);
}

static double distance(const coley_km *a, const coley_km *b)
{
    enum { STEPS = 1000 };
    const double end = fmin(a->time[a->n - 1], b->time[b->n - 1]);
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
        const double t = end * (i + 0.5) / STEPS;
        sum +=
            fabs(coley_km_at(a, t, COLEY_KM_PLAIN, 0.95).survival - coley_km_at(b, t, COLEY_KM_PLAIN, 0.95).survival);
    }
    return sum / STEPS;
}

static coley_status compare_curves(const coley_trial_result *result, const char *name, tally *sum, coley_error *err)
{
    for (size_t a = 0; a < result->trial->n_arms; a++) {
        const coley_trial_arm *arm = result->trial->arm[a].arm;
        const char *file[] = {arm->curve_pfs, arm->curve_os};
        for (int e = 0; e < 2; e++) {
            coley_km km;
            if (!file[e] || !result->arm[a].curve[e].n) continue;
            COLEY_TRY(read_curve(sum->arena, file[e], arm->curve_arm, &km, err));
            const double d = distance(&km, &result->arm[a].curve[e]);
            printf("%s, %s: digitised curve of %s, mean distance %.3f\n", name, arm->name, coley_endpoint_key[e], d);
            coley_text_addf(&sum->json, "%s{\"trial\":\"%s\",\"arm\":\"%s\",\"curve\":\"%s\",\"distance\":%.4f}",
                            sum->json.length ? ",\n" : "", name, arm->name, coley_endpoint_key[e], d);
            sum->distance += d;
            sum->n_curves++;
        }
    }
    return COLEY_OK;
}

static const char *figure(coley_arena *arena, int measure, double x)
{
    const int share = measure != COLEY_MEASURE_PFS_MEDIAN && measure != COLEY_MEASURE_OS_MEDIAN &&
                      measure != COLEY_MEASURE_HR_PFS && measure != COLEY_MEASURE_HR_OS;
    const char *text = isnan(x)   ? "-"
                       : isinf(x) ? "not reached"
                       : share    ? coley_arena_printf(arena, "%.1f", 100 * x)
                                  : coley_arena_printf(arena, "%.2f", x);
    return text ? text : "-";
}

static void add_rows(const coley_trial_result *result, const char *name, tally *sum)
{
    for (size_t i = 0; i < result->n_comparisons; i++) {
        const coley_trial_comparison *c = &result->comparison[i];
        const coley_trial_published *p = c->published;
        const char *arm = result->trial->arm[c->arm].arm->name;
        sum->count[result->trial->design->use][c->verdict]++;
        coley_table_add(&sum->table, "%s", result->trial->design->use ? "calibrated" : "tested");
        coley_table_add(&sum->table, "%s", name);
        coley_table_add(&sum->table, "%s", arm);
        if (!isnan(p->month))
            coley_table_add(&sum->table, "%s %g", coley_measure_keys[p->measure], p->month);
        else
            coley_table_add(&sum->table, "%s", coley_measure_keys[p->measure]);
        coley_table_add(&sum->table, "%s", figure(sum->arena, p->measure, c->value));
        coley_table_add(&sum->table, "%s to %s", figure(sum->arena, p->measure, c->low),
                        figure(sum->arena, p->measure, c->high));
        coley_table_add(&sum->table, "%s", figure(sum->arena, p->measure, p->value));
        coley_table_add(&sum->table, "%s to %s", figure(sum->arena, p->measure, c->least),
                        figure(sum->arena, p->measure, c->most));
        coley_table_add(&sum->table, "%s", coley_verdict_word(c->verdict));
        coley_text_addf(&sum->json,
                        "%s{\"trial\":\"%s\",\"use\":\"%s\",\"arm\":\"%s\",\"measure\":\"%s\",\"verdict\":\"%s\"",
                        sum->json.length ? ",\n" : "", name, result->trial->design->use ? "calibrate" : "test", arm,
                        coley_measure_keys[p->measure], coley_verdict_word(c->verdict));
        const double value[] = {p->month, c->value, c->low, c->high, p->value, c->least, c->most};
        static const char *const keys[] = {"month", "coley", "low", "high", "published", "inside_from", "inside_to"};
        for (size_t k = 0; k < 7; k++)
            if (isfinite(value[k])) coley_text_addf(&sum->json, ",\"%s\":%.6g", keys[k], value[k]);
        coley_text_addf(&sum->json, "}");
    }
}

static coley_status validate(const char *name, const char *models, const char *catalog, int n_threads, int64_t people,
                             tally *sum, coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    coley_trial_design *design;
    coley_trial *trial;
    coley_trial_result result;
    const coley_session_options options = {.n_threads = n_threads};
    const char *path = coley_arena_printf(arena, "%s/evidence/trials/%s.yaml", catalog, name);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    coley_status status = path ? coley_trial_load(arena, path, catalog, &design, err) : COLEY_FAIL_MEMORY(err);
    if (!status) coley_trial_set_people(design, people);
    if (!status) status = coley_trial_prepare(arena, design, models, catalog, &trial, err);
    if (!status) status = coley_trial_carry_out(arena, trial, &options, err);
    if (!status) status = coley_trial_analyse(arena, trial, &result, err);
    if (!status) {
        clock_gettime(CLOCK_MONOTONIC, &to);
        printf("%s: %zu arms of %lld people, %.1f s\n", name, trial->n_arms, (long long)people,
               (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec));
        fflush(stdout);
        add_rows(&result, name, sum);
        status = compare_curves(&result, name, sum, err);
    }
    coley_arena_destroy(arena);
    return status;
}

int main(int argc, char **argv)
{
    static const char *const heading[] = {"", "trial", "arm", "figure", "Coley", "95 %", "published", "inside", ""};
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const char *models, *catalog, *const *names, *asked = getenv("COLEY_TRIAL_PEOPLE");
    size_t n = 0;
    tally sum = {.arena = arena, .json = {.arena = arena}, .table = coley_table_begin(arena, heading, 9)};
    coley_status status = coley_data_path(arena, "models/patient", &models, &err);
    if (!status) status = coley_data_path(arena, "catalog", &catalog, &err);
    if (!status) status = coley_catalog_names(arena, catalog, "evidence/trials", &names, &n, &err);
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const long long people = asked ? atoll(asked) : 400;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    const clock_t processor = clock();
    for (size_t i = 0; i < n && !status; i++) {
        int wanted = argc < 3;
        for (int k = 2; k < argc; k++) wanted |= !strcmp(argv[k], names[i]);
        if (wanted)
            status =
                validate(names[i], models, catalog, cores > 0 ? (int)cores : 1, people > 0 ? people : 400, &sum, &err);
    }
    if (status) {
        fprintf(stderr, "validate-trials: %s:%d: %s: %s\n", err.file, err.line, err.key, err.text);
        return 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    const double wall = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    const double spent = (double)(clock() - processor) / CLOCKS_PER_SEC;
    coley_text table = {.arena = arena};
    coley_table_draw(&sum.table, &table);
    printf("\n%s", table.data ? table.data : "");
    for (int use = 1; use >= 0; use--) {
        const size_t *c = sum.count[use], all = c[0] + c[1] + c[2];
        printf("\n%s trials: %zu of %zu figures inside (%.0f %%), %zu near, %zu outside; %zu not compared",
               use ? "calibrated" : "tested", c[0], all, all ? 100.0 * (double)c[0] / (double)all : 0.0, c[1], c[2],
               c[3]);
    }
    if (sum.n_curves)
        printf("\n%zu digitised curves, mean distance %.3f", sum.n_curves, sum.distance / (double)sum.n_curves);
    printf("\n%lld people in each arm: %.0f s on the clock, %.0f s of processor time\n", people, wall, spent);
    FILE *file = argc > 1 ? fopen(argv[1], "w") : NULL;
    if (file) {
        fprintf(file, "{\"figures\":[%s]", sum.json.data ? sum.json.data : "");
        for (int use = 1; use >= 0; use--)
            fprintf(file, ",\n\"%s_inside\":%zu,\"%s_near\":%zu,\"%s_outside\":%zu", use ? "calibrated" : "tested",
                    sum.count[use][0], use ? "calibrated" : "tested", sum.count[use][1], use ? "calibrated" : "tested",
                    sum.count[use][2]);
        fprintf(file, ",\n\"evidence_table_wall_s\":%.2f,\"evidence_table_processor_s\":%.2f", wall, spent);
        fprintf(file, ",\n\"not_compared\":%zu,\"curve_distance\":%.4f}\n", sum.count[0][3] + sum.count[1][3],
                sum.n_curves ? sum.distance / (double)sum.n_curves : 0.0);
        fclose(file);
    }
    coley_arena_destroy(arena);
    return 0;
}
