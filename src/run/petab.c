/* SPDX-License-Identifier: GPL-3.0-or-later */
/* petab.c -- see petab.h. */
#include "run/petab.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "io/emit.h"

/* --- tabs ------------------------------------------------------------------------------------------------------------
 */

/* The same table with commas, cells in quotes. */
static coley_status with_commas(coley_arena *arena, const char *bytes, size_t length, coley_text *out, coley_error *err)
{
    *out = (coley_text){.arena = arena};
    int begins = 1;
    for (size_t i = 0; i < length; i++) {
        const char c = bytes[i];
        const int ends = c == '\n' || (c == '\r' && i + 1 < length && bytes[i + 1] == '\n');
        if (begins && !ends) {
            coley_text_add(out, "\"", 1);
            begins = 0;
        }
        if (c == '\t')
            coley_text_add(out, "\",\"", 3);
        else if (c == '"')
            coley_text_add(out, "\"\"", 2);
        else if (ends) {
            if (!begins) coley_text_add(out, "\"", 1);
            coley_text_add(out, "\n", 1);
            begins = 1;
            i += c == '\r';
        } else
            coley_text_add(out, &c, 1);
    }
    if (!begins) coley_text_add(out, "\"", 1);
    if (!out->data) coley_text_add(out, "", 0);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

/* --- a row -----------------------------------------------------------------------------------------------------------
 */

enum { NAME, KIND, VALUE, MEDIAN, SD_LOG, MEAN, SD, SD_LOGIT, LOW, HIGH, N_COLUMNS };
static const char *const columns[N_COLUMNS] = {"name", "distribution", "value",    "median", "sd_log",
                                               "mean", "sd",           "sd_logit", "low",    "high"};
typedef enum scale { LIN, LOG, LOG10 } scale;

typedef struct reading {
    coley_arena *arena;
    const coley_csv *from;
    size_t row;
    const char **cell; /* [N_COLUMNS] of the row that is made */
    coley_error *err;
} reading;

static const char *cell_of(const reading *r, const char *column)
{
    return coley_csv_cell(r->from, r->row, coley_csv_column(r->from, column));
}

static coley_status blame(const reading *r, const char *column, const char *words)
{
    return coley_csv_fail(r->from, r->row, coley_csv_column(r->from, column), r->err, "'%.60s' %s", cell_of(r, column),
                          words);
}

static coley_status set(const reading *r, int column, double x)
{
    if (!isfinite(x)) return COLEY_OK;
    r->cell[column] = coley_arena_printf(r->arena, "%s", coley_digits_exact(x).text);
    return r->cell[column] ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

static coley_status make(const reading *r, const char *kind, int first, double a, int second, double b)
{
    r->cell[KIND] = kind;
    COLEY_TRY(set(r, first, a));
    return set(r, second, b);
}

/* A number that may be missing: NaN. "inf" and "-inf" are no bound. */
static coley_status optional(const reading *r, const char *column, double *x)
{
    const char *text = cell_of(r, column);
    *x = NAN;
    if (!*text || strstr(text, "inf") || strstr(text, "Inf")) return COLEY_OK;
    return coley_text_number(text, x) ? COLEY_OK : blame(r, column, "is no number");
}

/* "a;b" */
static coley_status pair(const reading *r, const char *column, double *a, double *b)
{
    const char *text = cell_of(r, column), *gap = strchr(text, ';');
    const char *left = gap ? coley_arena_text(r->arena, text, (size_t)(gap - text)) : NULL;
    if (gap && !left) return COLEY_FAIL_MEMORY(r->err);
    while (left && *left == ' ') left++;
    const char *right = gap ? gap + 1 + strspn(gap + 1, " ") : NULL;
    if (gap && coley_text_number(left, a) && coley_text_number(right, b)) return COLEY_OK;
    return blame(r, column, "is not two numbers with ; between them");
}

/* What `coley trial people` says beside the prior: "logitnormal(a, b)". */
static coley_status from_spread(const reading *r, int *done)
{
    const char *text = cell_of(r, "spread");
    char kind[16];
    double a, b;
    *done = 0;
    if (!*text) return COLEY_OK;
    if (sscanf(text, "%15[a-z](%lf, %lf)", kind, &a, &b) != 3 || !isfinite(a) || !isfinite(b))
        return blame(r, "spread", "is no spread; it is as in logitnormal(0.3, 1)");
    *done = 1;
    if (!strcmp(kind, "lognormal")) return make(r, "lognormal", MEDIAN, a, SD_LOG, b);
    if (!strcmp(kind, "normal")) return make(r, "normal", MEAN, a, SD, b);
    if (!strcmp(kind, "logitnormal")) return make(r, "logitnormal", MEDIAN, a, SD_LOGIT, b);
    if (!strcmp(kind, "loguniform")) return make(r, "loguniform", LOW, a, HIGH, b);
    if (!strcmp(kind, "uniform") || !strcmp(kind, "chance")) return make(r, "uniform", LOW, a, HIGH, b);
    return blame(r, "spread", "is not one of lognormal, normal, logitnormal, uniform, loguniform, chance");
}

static double off_scale(double x, scale s)
{
    return s == LOG ? exp(x) : s == LOG10 ? pow(10, x) : x;
}

static coley_status from_prior(const reading *r, scale s)
{
    const int own = *cell_of(r, "objectivePriorType") != 0;
    const char *type = own ? "objectivePriorType" : "initializationPriorType";
    const char *numbers = own ? "objectivePriorParameters" : "initializationPriorParameters";
    const char *word = cell_of(r, type);
    double low, high, a, b;
    COLEY_TRY(optional(r, "lowerBound", &low));
    COLEY_TRY(optional(r, "upperBound", &high));
    if (!*word) {
        if (isnan(low) || isnan(high)) return blame(r, "parameterId", "has neither a prior nor two bounds");
        return make(r, s == LIN ? "uniform" : "loguniform", LOW, low, HIGH, high);
    }
    COLEY_TRY(pair(r, numbers, &a, &b));
    if (!strcmp(word, "uniform")) return make(r, "uniform", LOW, a, HIGH, b);
    if (!strcmp(word, "parameterScaleUniform"))
        return make(r, s == LIN ? "uniform" : "loguniform", LOW, off_scale(a, s), HIGH, off_scale(b, s));
    COLEY_TRY(set(r, LOW, low));
    COLEY_TRY(set(r, HIGH, high));
    if (!strcmp(word, "normal") || (!strcmp(word, "parameterScaleNormal") && s == LIN))
        return make(r, "normal", MEAN, a, SD, b);
    if (!strcmp(word, "logNormal")) return make(r, "lognormal", MEDIAN, exp(a), SD_LOG, b);
    if (!strcmp(word, "parameterScaleNormal"))
        return make(r, "lognormal", MEDIAN, off_scale(a, s), SD_LOG, s == LOG10 ? b * M_LN10 : b);
    return blame(r, type,
                 "is not read; one of uniform, normal, logNormal, parameterScaleUniform, parameterScaleNormal");
}

const char *coley_petab_name(coley_arena *arena, const char *id)
{
    const char *gap = strstr(id, "__");
    if (!gap || gap == id) return id;
    return coley_arena_printf(arena, "%.*s.%s", (int)(gap - id), id, gap + 2);
}

static coley_status read_row(const reading *r)
{
    static const char *const scales[] = {"lin", "log", "log10"};
    const char *word = cell_of(r, "parameterScale"), *estimate = cell_of(r, "estimate");
    int s = 0, done;
    for (int i = 0; i < N_COLUMNS; i++) r->cell[i] = "";
    if (!(r->cell[NAME] = coley_petab_name(r->arena, cell_of(r, "parameterId")))) return COLEY_FAIL_MEMORY(r->err);
    if (!*r->cell[NAME]) return blame(r, "parameterId", "is no name");
    while (s < 3 && strcmp(word, scales[s]) != 0) s++;
    if (s == 3 && *word) return blame(r, "parameterScale", "is not one of lin, log, log10");
    if (!strcmp(estimate, "0")) {
        double value;
        COLEY_TRY(optional(r, "nominalValue", &value));
        if (isnan(value)) return blame(r, "nominalValue", "is no value for a parameter that is not estimated");
        r->cell[KIND] = "constant";
        return set(r, VALUE, value);
    }
    if (strcmp(estimate, "1") != 0) return blame(r, "estimate", "is neither 0 nor 1");
    COLEY_TRY(from_spread(r, &done));
    return done ? COLEY_OK : from_prior(r, s == 3 ? LIN : (scale)s);
}

/* --- the table -------------------------------------------------------------------------------------------------------
 */

coley_status coley_petab_parse(coley_arena *arena, const char *name, const char *bytes, size_t length, coley_csv *table,
                               coley_error *err)
{
    static const char *const needed[] = {"parameterId", "parameterScale", "estimate"};
    coley_text commas;
    coley_csv from;
    COLEY_TRY(with_commas(arena, bytes, length, &commas, err));
    COLEY_TRY(coley_csv_parse(arena, name, commas.data, commas.length, &from, err));
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (coley_csv_column(&from, needed[i]) < 0)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = name, .line = 1, .key = needed[i]}),
                                 "is missing: a PEtab parameter table has this column");
    const char **cell = COLEY_NEW(arena, const char *, from.n_rows *N_COLUMNS);
    if (!cell) return COLEY_FAIL_MEMORY(err);
    for (size_t row = 0; row < from.n_rows; row++) {
        const reading r = {arena, &from, row, cell + row * N_COLUMNS, err};
        COLEY_TRY(read_row(&r));
    }
    *table = (coley_csv){.file = from.file,
                         .n_columns = N_COLUMNS,
                         .n_rows = from.n_rows,
                         .name = columns,
                         .cell = cell,
                         .line = from.line};
    return COLEY_OK;
}

coley_status coley_petab_read(coley_arena *arena, const char *path, coley_csv *table, coley_error *err)
{
    char *bytes;
    size_t length;
    COLEY_TRY(coley_file_read(arena, path, COLEY_CSV_MAX_BYTES, &bytes, &length, err));
    return coley_petab_parse(arena, path, bytes, length, table, err);
}
