/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_vary.c -- see model_vary.h. */
#include "run/model_vary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "math/correlation.h"
#include "math/normal.h"

enum { MOST_CORRELATED = 200 };

static const char *const words[] = {
#define WORD(name, word) word,
    COLEY_VARY_LIST(WORD)
#undef WORD
};

/* Columns of the table; the numbers first. */
enum {
    VALUE,
    MEDIAN,
    MEAN,
    MODE,
    SD,
    SD_LOG,
    CV,
    SD_LOGIT,
    LOW,
    HIGH,
    N_NUMBERS,
    NAME = N_NUMBERS,
    KIND,
    UNIT,
    N_COLUMNS
};
static const char *const columns[N_COLUMNS] = {"value",    "median", "mean", "mode", "sd",           "sd_log", "cv",
                                               "sd_logit", "low",    "high", "name", "distribution", "unit"};

#define BIT(column) (1u << (column))

/* Columns that each kind must have and may have. */
static const struct rule {
    unsigned must, may;
} rules[COLEY_VARY_COUNT] = {
    [COLEY_VARY_CONSTANT] = {BIT(VALUE), 0},
    [COLEY_VARY_UNIFORM] = {BIT(LOW) | BIT(HIGH), 0},
    [COLEY_VARY_LOGUNIFORM] = {BIT(LOW) | BIT(HIGH), 0},
    [COLEY_VARY_TRIANGULAR] = {BIT(LOW) | BIT(MODE) | BIT(HIGH), 0},
    [COLEY_VARY_NORMAL] = {BIT(MEAN) | BIT(SD), BIT(LOW) | BIT(HIGH)},
    [COLEY_VARY_LOGNORMAL] = {0, BIT(MEDIAN) | BIT(MEAN) | BIT(SD_LOG) | BIT(CV) | BIT(LOW) | BIT(HIGH)},
    [COLEY_VARY_LOGITNORMAL] = {BIT(MEDIAN) | BIT(SD_LOGIT), BIT(LOW) | BIT(HIGH)},
    [COLEY_VARY_MODEL] = {0, 0},
};

typedef struct reading {
    coley_arena *arena;
    const coley_model *model;
    const coley_csv *csv;
    int column[N_COLUMNS];
    size_t row; /* of the file */
    coley_error *err;
} reading;

/* --- one row -------------------------------------------------------------------------------------------------------
 */

static coley_status unknown_name(const reading *r, const char *name)
{
    const coley_network *network = r->model->network;
    const char **names = COLEY_NEW(r->arena, const char *, network->n_symbols);
    if (!names) return COLEY_FAIL_MEMORY(r->err);
    size_t n = 0;
    for (size_t i = 0; i < network->n_symbols; i++)
        if (coley_program_input_of(r->model->program, (int32_t)i) >= 0) names[n++] = network->symbol[i].id;
    const char *near = coley_text_nearest(name, names, n);
    return coley_csv_fail(r->csv, r->row, r->column[NAME], r->err, "the model has no \"%.100s\"%s%.100s%s", name,
                          near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* Numbers of the row, those with the parameter's dimension in its own unit; NaN where there is none. */
static coley_status read_numbers(const reading *r, const coley_symbol *symbol, double number[N_NUMBERS])
{
    const char *unit = coley_csv_cell(r->csv, r->row, r->column[UNIT]);
    for (int k = 0; k < N_NUMBERS; k++) {
        const char *cell = coley_csv_cell(r->csv, r->row, r->column[k]);
        number[k] = NAN;
        if (!*cell) continue;
        const size_t length = strlen(cell);
        if (k == CV && length > 1 && cell[length - 1] == '%') {
            const char *share = coley_arena_text(r->arena, cell, length - 1 - (cell[length - 2] == ' '));
            if (!share) return COLEY_FAIL_MEMORY(r->err);
            if (!coley_text_number(share, &number[k]))
                return coley_csv_fail(r->csv, r->row, r->column[k], r->err, "\"%.80s\" is no number", cell);
            number[k] /= 100.0;
        } else
            COLEY_TRY(coley_csv_number(r->csv, r->row, r->column[k], -INFINITY, INFINITY, &number[k], r->err));
        if (k == SD_LOG || k == CV || k == SD_LOGIT || !*unit) continue;
        if (!symbol->unit)
            return coley_csv_fail(r->csv, r->row, r->column[UNIT], r->err,
                                  "%s has no unit in the model: leave it empty", symbol->id);
        coley_error why = {0};
        if (coley_unit_convert(number[k], unit, symbol->unit, &number[k], &why) != COLEY_OK)
            return coley_csv_fail(r->csv, r->row, r->column[UNIT], r->err, "%s: %s", symbol->id, why.text);
    }
    return COLEY_OK;
}

/* Every number that is given belongs to the kind, and none that it needs is missing. */
static coley_status check_columns(const reading *r, coley_vary_kind kind, const double number[N_NUMBERS])
{
    for (int k = 0; k < N_NUMBERS; k++) {
        const int given = !isnan(number[k]);
        if (given && !((rules[kind].must | rules[kind].may) & BIT(k)))
            return coley_csv_fail(r->csv, r->row, r->column[k], r->err, "a %s distribution has no %s: leave it empty",
                                  words[kind], columns[k]);
        if (!given && rules[kind].must & BIT(k))
            return coley_csv_fail(r->csv, r->row, r->column[k], r->err, "a %s distribution needs %s", words[kind],
                                  columns[k]);
    }
    if (kind != COLEY_VARY_LOGNORMAL) return COLEY_OK;
    if (isnan(number[MEDIAN]) == isnan(number[MEAN]))
        return coley_csv_fail(r->csv, r->row, r->column[MEDIAN], r->err,
                              "a lognormal distribution needs median or mean, one of them");
    if (isnan(number[SD_LOG]) == isnan(number[CV]))
        return coley_csv_fail(r->csv, r->row, r->column[SD_LOG], r->err,
                              "a lognormal distribution needs sd_log or cv, one of them");
    return COLEY_OK;
}

static coley_status check_positive(const reading *r, int column, double value)
{
    if (isnan(value) || value > 0.0) return COLEY_OK;
    return coley_csv_fail(r->csv, r->row, r->column[column], r->err, "%s is %g; it must be above 0", columns[column],
                          value);
}

static coley_status check_ends(const reading *r, const coley_vary_row *row)
{
    if (!(row->low < row->high))
        return coley_csv_fail(r->csv, r->row, r->column[LOW], r->err,
                              "low is %g and high is %g: low must be below high", row->low, row->high);
    if (row->kind == COLEY_VARY_TRIANGULAR && !(row->low <= row->mode && row->mode <= row->high))
        return coley_csv_fail(r->csv, r->row, r->column[MODE], r->err,
                              "mode is %g; it must be from low (%g) to high (%g)", row->mode, row->low, row->high);
    return COLEY_OK;
}

/* The ends in terms of the normal number. */
static double score_of(const coley_vary_row *row, double value)
{
    if (row->kind == COLEY_VARY_LOGNORMAL) return value <= 0.0 ? -INFINITY : (log(value) - row->a) / row->b;
    if (row->kind == COLEY_VARY_LOGITNORMAL)
        return value <= 0.0 ? -INFINITY : value >= 1.0 ? INFINITY : (log(value / (1.0 - value)) - row->a) / row->b;
    return (value - row->a) / row->b;
}

static void set_ends(coley_vary_row *row)
{
    const int cut =
        row->kind == COLEY_VARY_NORMAL || row->kind == COLEY_VARY_LOGNORMAL || row->kind == COLEY_VARY_LOGITNORMAL;
    row->z_low = cut && isfinite(row->low) ? score_of(row, row->low) : -INFINITY;
    row->z_high = cut && isfinite(row->high) ? score_of(row, row->high) : INFINITY;
}

/* Every value within 40 standard deviations, or from low to high, is a number: an infinity would be cut off to an end
 * of the range without a word. */
static int is_in_range(const coley_vary_row *row)
{
    const double far = 40.0 * row->b, width = row->high - row->low;
    switch (row->kind) {
    case COLEY_VARY_NORMAL:
    case COLEY_VARY_LOGITNORMAL:
        return isfinite(row->a - far) && isfinite(row->a + far);
    case COLEY_VARY_LOGNORMAL:
        return isfinite(row->a - far) && isfinite(exp(row->a + far));
    case COLEY_VARY_UNIFORM:
    case COLEY_VARY_LOGUNIFORM:
        return isfinite(width);
    case COLEY_VARY_TRIANGULAR:
        return isfinite(width * width);
    case COLEY_VARY_CONSTANT:
    case COLEY_VARY_MODEL:
    case COLEY_VARY_COUNT:
        break;
    }
    return isfinite(row->a);
}

/* What the model says beside the number. */
static void as_model_says(const coley_symbol *symbol, double base, coley_vary_row *row)
{
    static const coley_vary_kind kinds[] = {
        [COLEY_SPREAD_NONE] = COLEY_VARY_CONSTANT,         [COLEY_SPREAD_LOGNORMAL] = COLEY_VARY_LOGNORMAL,
        [COLEY_SPREAD_NORMAL] = COLEY_VARY_NORMAL,         [COLEY_SPREAD_UNIFORM] = COLEY_VARY_UNIFORM,
        [COLEY_SPREAD_LOGUNIFORM] = COLEY_VARY_LOGUNIFORM, [COLEY_SPREAD_LOGITNORMAL] = COLEY_VARY_LOGITNORMAL,
        [COLEY_SPREAD_CHANCE] = COLEY_VARY_UNIFORM,
    };
    row->kind = kinds[symbol->spread];
    row->a = symbol->spread_a;
    row->b = symbol->spread_b;
    if (row->kind == COLEY_VARY_CONSTANT) row->a = base;
    if (row->kind == COLEY_VARY_LOGNORMAL) row->a = log(row->a);
    if (row->kind == COLEY_VARY_LOGITNORMAL) row->a = log(row->a / (1.0 - row->a));
    if (row->kind == COLEY_VARY_UNIFORM || row->kind == COLEY_VARY_LOGUNIFORM) {
        row->low = symbol->spread_a;
        row->high = symbol->spread_b;
    }
}

static coley_status set_numbers(const reading *r, const double number[N_NUMBERS], coley_vary_row *row)
{
    if (!isnan(number[LOW])) row->low = number[LOW];
    if (!isnan(number[HIGH])) row->high = number[HIGH];
    row->mode = number[MODE];
    static const int above_zero[] = {SD, SD_LOG, CV, SD_LOGIT};
    for (size_t i = 0; i < sizeof above_zero / sizeof *above_zero; i++)
        COLEY_TRY(check_positive(r, above_zero[i], number[above_zero[i]]));
    switch (row->kind) {
    case COLEY_VARY_CONSTANT:
        row->a = number[VALUE];
        return COLEY_OK;
    case COLEY_VARY_LOGUNIFORM:
        COLEY_TRY(check_positive(r, LOW, number[LOW]));
        break;
    case COLEY_VARY_NORMAL:
        row->a = number[MEAN];
        row->b = number[SD];
        break;
    case COLEY_VARY_LOGNORMAL:
        COLEY_TRY(check_positive(r, MEDIAN, number[MEDIAN]));
        COLEY_TRY(check_positive(r, MEAN, number[MEAN]));
        COLEY_TRY(check_positive(r, HIGH, number[HIGH]));
        row->b = isnan(number[CV]) ? number[SD_LOG] : sqrt(log1p(number[CV] * number[CV]));
        row->a = isnan(number[MEAN]) ? log(number[MEDIAN]) : log(number[MEAN]) - 0.5 * row->b * row->b;
        break;
    case COLEY_VARY_LOGITNORMAL:
        if (!(number[MEDIAN] > 0.0 && number[MEDIAN] < 1.0))
            return coley_csv_fail(r->csv, r->row, r->column[MEDIAN], r->err,
                                  "median is %g; of a logitnormal distribution it must be between 0 and 1",
                                  number[MEDIAN]);
        COLEY_TRY(check_positive(r, HIGH, number[HIGH]));
        if (number[LOW] >= 1.0)
            return coley_csv_fail(r->csv, r->row, r->column[LOW], r->err, "low is %g; it must be below 1", number[LOW]);
        row->a = log(number[MEDIAN] / (1.0 - number[MEDIAN]));
        row->b = number[SD_LOGIT];
        break;
    case COLEY_VARY_UNIFORM:
    case COLEY_VARY_TRIANGULAR:
    case COLEY_VARY_MODEL:
    case COLEY_VARY_COUNT:
        break;
    }
    COLEY_TRY(check_ends(r, row));
    set_ends(row);
    if (!is_in_range(row))
        return coley_csv_fail(r->csv, r->row, r->column[KIND], r->err,
                              "values of this distribution are too large for a computer's numbers: narrow it");
    /* Beyond 37 standard deviations there is nothing left that a double could tell. */
    if (row->z_low > 37.0 || row->z_high < -37.0)
        return coley_csv_fail(r->csv, r->row, r->column[LOW], r->err,
                              "from low to high there is next to nothing of this distribution");
    return COLEY_OK;
}

static coley_status read_row(const reading *r, const double *base, coley_vary_row *row)
{
    const char *name = coley_csv_cell(r->csv, r->row, r->column[NAME]);
    const char *word = coley_csv_cell(r->csv, r->row, r->column[KIND]);
    const int32_t at = coley_network_symbol(r->model->network, name);
    if (at < 0) return unknown_name(r, name);
    const coley_symbol *symbol = &r->model->network->symbol[at];
    *row = (coley_vary_row){.name = symbol->id,
                            .unit = symbol->unit,
                            .input = coley_program_input_of(r->model->program, at),
                            .low = -INFINITY,
                            .high = INFINITY,
                            .correlated = -1};
    if (row->input < 0)
        return coley_csv_fail(r->csv, r->row, r->column[NAME], r->err,
                              "%s follows from a rule or a formula and cannot differ by itself", name);
    for (row->kind = 0; row->kind < COLEY_VARY_COUNT && strcmp(word, words[row->kind]) != 0;) row->kind++;
    if (row->kind == COLEY_VARY_COUNT) {
        const char *near = coley_text_nearest(word, words, COLEY_VARY_COUNT);
        return coley_csv_fail(r->csv, r->row, r->column[KIND], r->err,
                              "\"%.60s\" is no distribution%s%s%s (constant, uniform, loguniform, triangular, normal, "
                              "lognormal, logitnormal, model)",
                              word, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    double number[N_NUMBERS];
    COLEY_TRY(read_numbers(r, symbol, number));
    COLEY_TRY(check_columns(r, row->kind, number));
    if (row->kind != COLEY_VARY_MODEL) return set_numbers(r, number, row);
    if (symbol->spread == COLEY_SPREAD_NONE)
        return coley_csv_fail(r->csv, r->row, r->column[KIND], r->err, "the model does not say how %s is spread", name);
    as_model_says(symbol, base[row->input], row);
    set_ends(row);
    if (is_in_range(row)) return COLEY_OK;
    return coley_csv_fail(r->csv, r->row, r->column[NAME], r->err,
                          "values of the model's distribution of %s are too large for a computer's numbers", name);
}

/* --- correlations --------------------------------------------------------------------------------------------------
 */

typedef struct pairing {
    reading r;
    coley_vary_row *row;
    size_t n;
    double *matrix; /* [MOST^2], NaN where nothing was said */
    size_t n_members, *member;
} pairing;

static coley_status member_of(pairing *p, int column, const char *name, size_t *out)
{
    size_t i = 0;
    while (i < p->n && strcmp(p->row[i].name, name) != 0) i++;
    if (i == p->n)
        return coley_csv_fail(p->r.csv, p->r.row, column, p->r.err, "\"%.100s\" is not in the table of distributions",
                              name);
    if (p->row[i].kind == COLEY_VARY_CONSTANT)
        return coley_csv_fail(p->r.csv, p->r.row, column, p->r.err, "%.100s is constant: it has no correlations", name);
    if (p->row[i].correlated < 0) {
        if (p->n_members == MOST_CORRELATED)
            return coley_csv_fail(p->r.csv, p->r.row, column, p->r.err, "more than %d correlated parameters",
                                  MOST_CORRELATED);
        p->member[p->n_members] = i;
        p->row[i].correlated = (ptrdiff_t)p->n_members++;
    }
    *out = (size_t)p->row[i].correlated;
    return COLEY_OK;
}

static coley_status set_pair(pairing *p, size_t a, size_t b, int column, double r)
{
    double *cell = &p->matrix[a * MOST_CORRELATED + b], *mirror = &p->matrix[b * MOST_CORRELATED + a];
    const char *first = p->row[p->member[a]].name, *second = p->row[p->member[b]].name;
    if (a == b && r != 1.0)
        return coley_csv_fail(p->r.csv, p->r.row, column, p->r.err, "%s with itself is %g; leave it out, or 1", first,
                              r);
    if (a != b && !isnan(*cell) && *cell != r)
        return coley_csv_fail(p->r.csv, p->r.row, column, p->r.err, "%s and %s: %g, but %g before", first, second, r,
                              *cell);
    *cell = *mirror = r;
    return COLEY_OK;
}

static coley_status read_pairs(pairing *p, int a, int b, int r)
{
    const coley_csv *csv = p->r.csv;
    for (p->r.row = 0; p->r.row < csv->n_rows; p->r.row++) {
        size_t first, second;
        double value;
        COLEY_TRY(member_of(p, a, coley_csv_cell(csv, p->r.row, a), &first));
        COLEY_TRY(member_of(p, b, coley_csv_cell(csv, p->r.row, b), &second));
        COLEY_TRY(coley_csv_number(csv, p->r.row, r, -1.0, 1.0, &value, p->r.err));
        COLEY_TRY(set_pair(p, first, second, r, value));
    }
    return COLEY_OK;
}

static coley_status read_matrix(pairing *p)
{
    const coley_csv *csv = p->r.csv;
    for (p->r.row = 0; p->r.row < csv->n_rows; p->r.row++) {
        size_t first, second;
        COLEY_TRY(member_of(p, 0, coley_csv_cell(csv, p->r.row, 0), &first));
        for (int column = 1; column < (int)csv->n_columns; column++) {
            double value;
            COLEY_TRY(member_of(p, column, csv->name[column], &second));
            if (!*coley_csv_cell(csv, p->r.row, column)) continue;
            COLEY_TRY(coley_csv_number(csv, p->r.row, column, -1.0, 1.0, &value, p->r.err));
            COLEY_TRY(set_pair(p, first, second, column, value));
        }
    }
    return COLEY_OK;
}

/* Which correlation to change, and to what. */
static coley_status not_definite(const pairing *p, const double *matrix, size_t bad)
{
    const size_t n = p->n_members;
    double *work = COLEY_NEW(p->r.arena, double, n *n);
    if (!work) return COLEY_FAIL_MEMORY(p->r.err);
    const double scale = coley_correlation_scale(matrix, n, work);
    const char *name = p->row[p->member[bad]].name;
    /* The one that has to change least. */
    size_t best = n;
    double best_low = 0.0, best_high = 0.0, least = INFINITY;
    for (size_t j = 0; j < bad; j++) {
        double low, high;
        const double r = matrix[bad * n + j];
        if (r == 0.0 || !coley_correlation_range(matrix, n, bad, j, work, &low, &high)) continue;
        const double change = r < low ? low - r : r - high;
        if (change >= least) continue;
        least = change;
        best = j;
        best_low = ceil(low * 1e4) * 1e-4;
        best_high = floor(high * 1e4) * 1e-4;
    }
    if (best < n)
        return COLEY_FAIL_AT(p->r.err, COLEY_ERR_INPUT, ((coley_place){.file = p->r.csv->file, .key = name}),
                             "no numbers can have these correlations: with the others as they are, %s and %s may have "
                             "from %.4f to %.4f, not %g; or multiply every correlation by %.2f",
                             p->row[p->member[best]].name, name, best_low, best_high, matrix[bad * n + best], scale);
    return COLEY_FAIL_AT(p->r.err, COLEY_ERR_INPUT, ((coley_place){.file = p->r.csv->file, .key = name}),
                         "no numbers can have these correlations, those of %s with the ones before it among them; "
                         "multiply every correlation by %.2f",
                         name, scale);
}

static coley_status read_correlations(coley_arena *arena, const coley_csv *csv, coley_vary_row *row, size_t n,
                                      coley_vary *vary, coley_error *err)
{
    pairing p = {.r = {.arena = arena, .csv = csv, .err = err},
                 .row = row,
                 .n = n,
                 .matrix = COLEY_NEW(arena, double, (size_t)MOST_CORRELATED *MOST_CORRELATED),
                 .member = COLEY_NEW(arena, size_t, MOST_CORRELATED)};
    if (!p.matrix || !p.member) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < (size_t)MOST_CORRELATED * MOST_CORRELATED; i++) p.matrix[i] = NAN;
    const int a = coley_csv_column(csv, "a"), b = coley_csv_column(csv, "b"), r = coley_csv_column(csv, "r");
    if (a >= 0 && b >= 0 && r >= 0) {
        static const char *const names[] = {"a", "b", "r"};
        COLEY_TRY(coley_csv_expect(csv, names, 3, err));
        COLEY_TRY(read_pairs(&p, a, b, r));
    } else if (csv->n_columns > 1 && strcmp(csv->name[0], "name") == 0)
        COLEY_TRY(read_matrix(&p));
    else
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = csv->file, .line = 1}),
                             "the columns must be a, b and r; or name and then the names of a matrix");
    const size_t m = p.n_members;
    double *matrix = COLEY_NEW(arena, double, m *m), *root = COLEY_NEW(arena, double, m *m);
    if (!matrix || !root) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            const double said = p.matrix[i * MOST_CORRELATED + j];
            matrix[i * m + j] = i == j ? 1.0 : isnan(said) ? 0.0 : said;
        }
    memcpy(root, matrix, m * m * sizeof *root);
    const size_t bad = coley_correlation_root(root, m);
    if (bad < m) return not_definite(&p, matrix, bad);
    vary->n_correlated = m;
    vary->member = p.member;
    vary->root = root;
    return COLEY_OK;
}

/* --- making --------------------------------------------------------------------------------------------------------
 */

static coley_status read_table(reading *r, const double *base, coley_vary_row **rows, size_t *n)
{
    const coley_csv *csv = r->csv;
    COLEY_TRY(coley_csv_expect(csv, columns, N_COLUMNS, r->err));
    for (int k = 0; k < N_COLUMNS; k++) r->column[k] = coley_csv_column(csv, columns[k]);
    if (r->column[NAME] < 0 || r->column[KIND] < 0)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, ((coley_place){.file = csv->file, .line = 1}),
                             "the columns name and distribution must be there");
    coley_vary_row *row = COLEY_NEW(r->arena, coley_vary_row, csv->n_rows);
    int *line_of = COLEY_NEW(r->arena, int, coley_program_input_count(r->model->program));
    if (!row || !line_of) return COLEY_FAIL_MEMORY(r->err);
    for (r->row = 0; r->row < csv->n_rows; r->row++) {
        COLEY_TRY(read_row(r, base, &row[r->row]));
        int *line = &line_of[row[r->row].input];
        if (*line)
            return coley_csv_fail(csv, r->row, r->column[NAME], r->err, "%s is in line %d already", row[r->row].name,
                                  *line);
        *line = csv->line[r->row];
    }
    *rows = row;
    *n = csv->n_rows;
    return COLEY_OK;
}

static coley_status take_spreads(const reading *r, const double *base, coley_vary_row **rows, size_t *n)
{
    const size_t n_inputs = coley_program_input_count(r->model->program);
    *n = 0;
    if (!(*rows = COLEY_NEW(r->arena, coley_vary_row, n_inputs))) return COLEY_FAIL_MEMORY(r->err);
    for (size_t i = 0; i < n_inputs; i++) {
        const coley_symbol *symbol = &r->model->network->symbol[coley_program_input_symbol(r->model->program, i)];
        if (symbol->spread == COLEY_SPREAD_NONE) continue;
        coley_vary_row *row = &(*rows)[(*n)++];
        *row = (coley_vary_row){.name = symbol->id,
                                .unit = symbol->unit,
                                .input = (int32_t)i,
                                .low = -INFINITY,
                                .high = INFINITY,
                                .correlated = -1};
        as_model_says(symbol, base[i], row);
        set_ends(row);
        if (!is_in_range(row))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, ((coley_place){.key = symbol->id}),
                                 "values of the model's distribution are too large for a computer's numbers");
    }
    if (*n) return COLEY_OK;
    return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, ((coley_place){.key = "--vary"}),
                         "the model does not say of any parameter how it is spread; name a table of distributions");
}

coley_status coley_vary_make(coley_arena *arena, const coley_model *model, const coley_vary_source *source,
                             coley_vary *vary, coley_error *err)
{
    *vary = (coley_vary){.n_inputs = coley_program_input_count(model->program)};
    double *base = COLEY_NEW(arena, double, vary->n_inputs);
    coley_vary_row *row = NULL;
    if (!base) return COLEY_FAIL_MEMORY(err);
    if (vary->n_inputs)
        memcpy(base, source->base ? source->base : coley_program_input_default(model->program),
               vary->n_inputs * sizeof *base);
    reading r = {.arena = arena, .model = model, .csv = source->table, .err = err};
    if (source->table)
        COLEY_TRY(read_table(&r, base, &row, &vary->n));
    else
        COLEY_TRY(take_spreads(&r, base, &row, &vary->n));
    if (source->correlations) COLEY_TRY(read_correlations(arena, source->correlations, row, vary->n, vary, err));
    vary->row = row;
    vary->base = base;
    return COLEY_OK;
}

/* --- sampling ------------------------------------------------------------------------------------------------------
 */

/* The share u of what a normal distribution has from z_low to z_high; in the upper tail seen from above, where doubles
 * are finer. */
static double between(double z_low, double z_high, double u)
{
    if (z_low > 0.0) return -between(-z_high, -z_low, 1.0 - u);
    const double from = coley_normal_cdf(z_low), to = coley_normal_cdf(z_high);
    return fmin(fmax(coley_normal_quantile(from + u * (to - from)), z_low), z_high);
}

double coley_vary_value(const coley_vary_row *row, double z, double u)
{
    const double low = row->low, high = row->high;
    if (isfinite(row->z_low) || isfinite(row->z_high)) z = between(row->z_low, row->z_high, u);
    double value = row->a;
    switch (row->kind) {
    case COLEY_VARY_CONSTANT:
    case COLEY_VARY_MODEL:
    case COLEY_VARY_COUNT:
        return row->a;
    case COLEY_VARY_UNIFORM:
        value = low + u * (high - low);
        break;
    case COLEY_VARY_LOGUNIFORM:
        value = exp(log(low) + u * (log(high) - log(low)));
        break;
    case COLEY_VARY_TRIANGULAR: {
        const double split = (row->mode - low) / (high - low);
        value = u < split ? low + sqrt(u * (high - low) * (row->mode - low))
                          : high - sqrt((1.0 - u) * (high - low) * (high - row->mode));
        break;
    }
    case COLEY_VARY_NORMAL:
        value = row->a + row->b * z;
        break;
    case COLEY_VARY_LOGNORMAL:
        value = exp(row->a + row->b * z);
        break;
    case COLEY_VARY_LOGITNORMAL:
        value = 1.0 / (1.0 + exp(-(row->a + row->b * z)));
        break;
    }
    return fmin(fmax(value, low), high);
}

void coley_vary_inputs(const coley_vary *vary, const coley_design *design, uint64_t i, double *work, double *inputs)
{
    double *u = work, *z = work + vary->n;
    if (vary->n_inputs) memcpy(inputs, vary->base, vary->n_inputs * sizeof *inputs);
    for (size_t k = 0; k < vary->n; k++) {
        u[k] = coley_design_coordinate(design, i, k);
        z[k] = coley_normal_quantile(u[k]);
    }
    /* From the last one on, so that those that it needs are still independent. */
    for (size_t m = vary->n_correlated; m-- > 0;) {
        const double *root = vary->root + m * vary->n_correlated;
        double sum = 0.0;
        for (size_t k = 0; k <= m; k++) sum += root[k] * z[vary->member[k]];
        z[vary->member[m]] = sum;
        u[vary->member[m]] = coley_normal_cdf(sum);
    }
    for (size_t k = 0; k < vary->n; k++) {
        const coley_vary_row *row = &vary->row[k];
        inputs[row->input] = row->each ? row->each[i] : coley_vary_value(row, z[k], u[k]);
    }
}
