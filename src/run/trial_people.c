/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_people.c -- see trial_people.h. */
#include "run/trial_people.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "io/csv.h"
#include "math/design.h"
#include "math/normal.h"
#include "patient/population.h"

enum { LHS_BLOCK = 512, LESIONS = 8 };

typedef struct axis {
    uint64_t key;
    size_t place;
} axis;

typedef enum column_kind { AGE, SEX, WEIGHT, ECOG, LDH, ALBUMIN, NLR, PREVALENCE, INPUT, IGNORED } column_kind;
static const char *const columns[] = {"age", "sex", "weight", "ecog", "ldh", "albumin", "nlr", "prevalence", NULL};
static const char *const ignored[] = {"id", "eligible", "stratum", "tmb", "pdl1_tps", "sum_of_diameters"};

struct coley_trial_draws {
    int kind; /* 0: random, 1: Sobol, 2: Latin hypercubes */
    uint64_t seed;
    size_t n_axes;
    axis *axis; /* by key */

    /* Of a file; without one n_rows is 0. */
    const char *file;
    size_t n_rows, n_columns;
    column_kind *column;
    const char *const *name;
    double *value;      /* [n_rows*n_columns]; NaN: an empty cell */
    double *cumulative; /* [n_rows] prevalence, or NULL */
};

/* --- axes ------------------------------------------------------------------------------------------------------------
 */

static int by_key(const void *a, const void *b)
{
    const axis *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static void add_axis(coley_trial_draws *d, size_t most, uint64_t key)
{
    for (size_t i = 0; i < d->n_axes; i++)
        if (d->axis[i].key == key) return;
    if (d->n_axes == most) return;
    d->axis[d->n_axes] = (axis){key, d->n_axes};
    d->n_axes++;
}

static coley_status lay_axes(coley_arena *arena, const coley_trial *trial, coley_trial_draws *d, coley_error *err)
{
    const size_t most = coley_design_most_axes(d->kind == 1 ? COLEY_DESIGN_SOBOL : COLEY_DESIGN_LHS);
    size_t room = COLEY_COVARIATE_SCORES + 2 + 2 * LESIONS;
    for (size_t a = 0; a < trial->n_arms; a++) room += 2 * trial->arm[a].session->population->n_traits;
    if (!(d->axis = COLEY_NEW(arena, axis, room))) return COLEY_FAIL_MEMORY(err);
    const size_t cap = room < most ? room : most;
    for (uint64_t k = 0; k < COLEY_COVARIATE_SCORES; k++) add_axis(d, cap, k);
    add_axis(d, cap, COLEY_DRAW_INFILTRATION);
    add_axis(d, cap, COLEY_DRAW_ROW);
    /* What all lesions share, and the body's own, before what is one lesion's. */
    for (int own = 0; own < 2; own++) {
        for (size_t a = 0; a < trial->n_arms; a++) {
            const coley_population *p = trial->arm[a].session->population;
            for (size_t i = 0; i < p->n_traits; i++) add_axis(d, cap, own ? p->trait[i].key : p->trait[i].shared_key);
        }
        for (uint64_t i = 0; own && i < LESIONS; i++) {
            add_axis(d, cap, COLEY_DRAW_LESION_SIZE + i);
            add_axis(d, cap, COLEY_DRAW_LESION_INFILTRATION + i);
        }
    }
    qsort(d->axis, d->n_axes, sizeof *d->axis, by_key);
    return COLEY_OK;
}

/* The design's normal number of a person on the axis of that key. False when it has none. */
static int designed(const coley_trial_draws *d, uint64_t id, uint64_t key, double *z)
{
    if (!d->n_axes) return 0;
    const axis wanted = {key, 0};
    const axis *found = bsearch(&wanted, d->axis, d->n_axes, sizeof *d->axis, by_key);
    if (!found) return 0;
    coley_design design = {.kind = COLEY_DESIGN_SOBOL, .seed = d->seed};
    uint64_t i = id - 1;
    if (d->kind == 2) {
        design = (coley_design){.kind = COLEY_DESIGN_LHS,
                                .seed = d->seed + UINT64_C(0x9e3779b97f4a7c15) * (i / LHS_BLOCK + 1),
                                .n = LHS_BLOCK};
        i %= LHS_BLOCK;
    }
    *z = coley_normal_quantile(coley_design_coordinate(&design, i, found->place));
    return 1;
}

double coley_trial_score(const coley_trial *trial, uint64_t id, uint64_t draw)
{
    double z;
    if (designed(trial->draws, id, draw, &z)) return z;
    return coley_rng_normal(trial->draws->seed, COLEY_STREAM_TRIAL, id, draw);
}

static double trait_score(const void *self, uint64_t id, uint64_t key)
{
    const coley_trial_draws *d = self;
    double z;
    return designed(d, id, key, &z) ? z : coley_rng_normal(d->seed, COLEY_STREAM_PARAMETER, id, key);
}

void coley_trial_scores(const coley_trial *trial, const coley_population *population, uint64_t id, double *z)
{
    coley_population_scores_by(population, trait_score, trial->draws, id, z);
}

coley_covariates coley_trial_covariates(const coley_trial *trial, uint64_t id, double z_tmb)
{
    double score[COLEY_COVARIATE_SCORES];
    if (!trial->draws->n_axes) return coley_covariates_draw(&trial->covariates, trial->draws->seed, id, z_tmb);
    for (uint64_t k = 0; k < COLEY_COVARIATE_SCORES; k++) score[k] = coley_trial_score(trial, id, k);
    return coley_covariates_of(&trial->covariates, score, z_tmb);
}

/* --- a file of people ------------------------------------------------------------------------------------------------
 */

static int is_input(const coley_trial *trial, const char *name)
{
    for (size_t a = 0; a < trial->n_arms; a++) {
        const coley_body *body = trial->arm[a].session->body;
        const int32_t symbol = coley_network_symbol(body->network, name);
        if (symbol >= 0 && coley_program_input_of(body->program, symbol) >= 0) return 1;
    }
    return 0;
}

static coley_status name_column(const coley_trial *trial, const coley_csv *csv, size_t c, column_kind *kind,
                                coley_error *err)
{
    const char *name = csv->name[c];
    for (int k = 0; columns[k]; k++)
        if (!strcmp(name, columns[k])) {
            *kind = (column_kind)k;
            return COLEY_OK;
        }
    *kind = IGNORED;
    for (size_t k = 0; k < sizeof ignored / sizeof *ignored; k++)
        if (!strcmp(name, ignored[k])) return COLEY_OK;
    *kind = INPUT;
    if (is_input(trial, name)) return COLEY_OK;
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = csv->file, .line = 1, .key = name}),
                         "is neither a covariate (age, sex, weight, ecog, ldh, albumin, nlr), nor prevalence, nor an "
                         "input of the patient model; coley model show lists these");
}

static coley_status read_cell(const coley_csv *csv, size_t row, size_t c, column_kind kind, double *value,
                              coley_error *err)
{
    static const double low[] = {0, 0, 10, 0, 0.01, 1, 0.01, 0, -1e300},
                        high[] = {120, 0, 400, 4, 1000, 100, 1000, 1e300, 1e300};
    const char *text = coley_csv_cell(csv, row, (int)c);
    *value = NAN;
    if (kind == IGNORED || (!*text && kind != PREVALENCE)) return COLEY_OK;
    if (kind == SEX) {
        if (strcmp(text, "male") != 0 && strcmp(text, "female") != 0)
            return coley_csv_fail(csv, row, (int)c, err, "'%.20s' is neither male nor female", text);
        *value = text[0] == 'm';
        return COLEY_OK;
    }
    COLEY_TRY(coley_csv_number(csv, row, (int)c, low[kind], high[kind], value, err));
    if (kind == ECOG && *value != floor(*value)) return coley_csv_fail(csv, row, (int)c, err, "is no whole number");
    return COLEY_OK;
}

static coley_status read_people(coley_arena *arena, const coley_trial *trial, coley_trial_draws *d, coley_error *err)
{
    const char *path = trial->design->people.from, *slash = strrchr(trial->design->path, '/');
    coley_csv csv;
    if (slash && path[0] != '/')
        path = coley_arena_printf(arena, "%.*s/%s", (int)(slash - trial->design->path), trial->design->path, path);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_csv_read(arena, path, &csv, err));
    if (!csv.n_rows)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = path}), "holds nobody: a row a person");
    d->file = path;
    d->n_rows = csv.n_rows;
    d->n_columns = csv.n_columns;
    d->name = csv.name;
    d->column = COLEY_NEW(arena, column_kind, csv.n_columns);
    d->value = COLEY_NEW(arena, double, csv.n_rows *csv.n_columns);
    if (!d->column || !d->value) return COLEY_FAIL_MEMORY(err);
    for (size_t c = 0; c < csv.n_columns; c++) {
        COLEY_TRY(name_column(trial, &csv, c, &d->column[c], err));
        if (d->column[c] == PREVALENCE && !(d->cumulative = COLEY_NEW(arena, double, csv.n_rows)))
            return COLEY_FAIL_MEMORY(err);
    }
    double sum = 0;
    for (size_t r = 0; r < csv.n_rows; r++)
        for (size_t c = 0; c < csv.n_columns; c++) {
            double *value = &d->value[r * csv.n_columns + c];
            COLEY_TRY(read_cell(&csv, r, c, d->column[c], value, err));
            if (d->column[c] == PREVALENCE) d->cumulative[r] = sum += *value;
        }
    if (d->cumulative && !(sum > 0 && isfinite(sum)))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = path, .key = "prevalence"}),
                             "adds up to %g; somebody must be above 0", sum);
    return COLEY_OK;
}

/* The row of a person: theirs, or one drawn in proportion to prevalence. */
static size_t row_of(const coley_trial_draws *d, uint64_t id)
{
    if (!d->cumulative) return (size_t)(id - 1);
    double z, u;
    if (designed(d, id, COLEY_DRAW_ROW, &z))
        u = coley_normal_cdf(z);
    else
        u = coley_rng_uniform(d->seed, COLEY_STREAM_TRIAL, id, COLEY_DRAW_ROW);
    const double at = u * d->cumulative[d->n_rows - 1];
    size_t low = 0, high = d->n_rows - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (d->cumulative[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void take(column_kind kind, double x, coley_covariates *who)
{
    if (kind == AGE) who->age_year = x;
    if (kind == SEX) who->male = x > 0;
    if (kind == WEIGHT) who->weight_kg = x;
    if (kind == ECOG) who->ecog = (int)x;
    if (kind == LDH) who->ldh_uln = x;
    if (kind == ALBUMIN) who->albumin_g_per_L = x;
    if (kind == NLR) who->nlr = x;
}

void coley_trial_people_take(const coley_trial *trial, const coley_body *body, uint64_t id, coley_covariates *who,
                             double *inputs)
{
    const coley_trial_draws *d = trial->draws;
    if (!d->n_rows) return;
    const size_t row = row_of(d, id);
    if (row >= d->n_rows) return;
    for (size_t c = 0; c < d->n_columns; c++) {
        const double x = d->value[row * d->n_columns + c];
        if (isnan(x)) continue;
        if (d->column[c] != INPUT) {
            take(d->column[c], x, who);
            continue;
        }
        const int32_t symbol = coley_network_symbol(body->network, d->name[c]);
        const int32_t input = symbol < 0 ? -1 : coley_program_input_of(body->program, symbol);
        if (input >= 0) inputs[input] = x;
    }
}

coley_status coley_trial_people_left(const coley_trial *trial, uint64_t id, coley_error *err)
{
    const coley_trial_draws *d = trial->draws;
    if (!d->n_rows || d->cumulative || id <= d->n_rows) return COLEY_OK;
    return COLEY_FAIL_AT(
        err, COLEY_ERR_INPUT, ((coley_place){.file = d->file}),
        "all %zu people were screened and %zu may enter, fewer than the arms ask for (those whose tumour "
        "vanishes by itself are replaced); give more rows, or a column prevalence to draw them again",
        d->n_rows, trial->n_eligible);
}

coley_status coley_trial_draws_create(coley_arena *arena, const coley_trial *trial, const coley_trial_draws **out,
                                      coley_error *err)
{
    coley_trial_draws *d = COLEY_NEW(arena, coley_trial_draws, 1);
    if (!d) return COLEY_FAIL_MEMORY(err);
    d->kind = trial->design->people.draw;
    d->seed = (uint64_t)trial->design->seed;
    if (d->kind) COLEY_TRY(lay_axes(arena, trial, d, err));
    if (trial->design->people.from) COLEY_TRY(read_people(arena, trial, d, err));
    *out = d;
    return COLEY_OK;
}
