/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression.c -- the few genes that scores need out of a large table, and the scores. */
#include "assay/expression.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "cells/line_source.h"

enum { MOST_FIELDS = 200000, FEW_GENES = 5 };

typedef struct reader {
    coley_arena *arena;
    const coley_expression_rules *rules;
    coley_line_source source;
    int is_log;
    char separator;
    size_t n_fields, cap_fields;
    const char **field; /* the header's */
    int *gene_of;       /* [n_fields] when genes are columns: place or -1 */
    size_t cap_values, cap_samples;
    coley_expression *out;
    char spare[COLEY_LINE_MAX_FIELD + 1];
} reader;

static int gene_at(const coley_expression_rules *r, const char *text, size_t n)
{
    for (size_t i = 0; i < r->n_genes; i++)
        if (strlen(r->gene[i]) == n && strncasecmp(r->gene[i], text, n) == 0) return (int)i;
    for (size_t i = 0; i < r->n_aliases; i++)
        if (strlen(r->alias[i]) == n && strncasecmp(r->alias[i], text, n) == 0) return r->alias_of[i];
    return -1;
}

static coley_place place_here(const reader *r, const char *key)
{
    return (coley_place){.file = r->source.file, .line = r->source.line, .key = key};
}

static coley_status read_value(const reader *r, const char *text, size_t n, const char *key, double *to,
                               coley_error *err)
{
    char copy[64];
    while (n && (*text == ' ')) text++, n--;
    while (n && text[n - 1] == ' ') n--;
    *to = NAN;
    if (n == 0 || (n == 2 && strncasecmp(text, "NA", 2) == 0)) return COLEY_OK;
    const size_t kept = n < sizeof copy ? n : sizeof copy - 1;
    memcpy(copy, text, kept);
    copy[kept] = '\0';
    if (n >= sizeof copy || !coley_text_number(copy, to))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, key), "%s is no number", coley_quote_make(copy).text);
    if (r->is_log) return COLEY_OK;
    if (*to < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, key),
                             "%g is below 0: are these logarithms? then say --log2", *to);
    *to = log2(*to + 1);
    return COLEY_OK;
}

/* --- header --------------------------------------------------------------------------------------------------------
 */

static coley_status read_header(reader *r, const char *row, size_t length, coley_error *err)
{
    size_t bad;
    if (length >= 3 && memcmp(row, "\xef\xbb\xbf", 3) == 0) row += 3, length -= 3;
    if (!coley_text_utf8(row, length, &bad))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, NULL), "the header is not UTF-8");
    r->separator = memchr(row, '\t', length) ? '\t' : memchr(row, ';', length) ? ';' : ',';
    for (const char *from = row, *end = row + length; from;) {
        const char *field;
        size_t n;
        from = coley_line_field(from, end, r->separator, r->spare, &field, &n);
        if (!field) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, NULL), "a quote stands where none may be");
        if (r->n_fields == MOST_FIELDS)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, NULL), "more than %d columns", MOST_FIELDS);
        if (!COLEY_RESERVE(r->arena, r->field, r->cap_fields, r->n_fields + 1) ||
            !(r->field[r->n_fields++] = coley_arena_text(r->arena, field, n)))
            return COLEY_FAIL_MEMORY(err);
    }
    return COLEY_OK;
}

/* Genes are columns when the header has several of them. */
static coley_status begin_table(reader *r, coley_error *err)
{
    coley_expression *out = r->out;
    int n_genes = 0;
    if (!(r->gene_of = COLEY_NEW(r->arena, int, r->n_fields)) ||
        !(out->line = COLEY_NEW(r->arena, int, r->rules->n_genes)))
        return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < r->n_fields; i++) {
        r->gene_of[i] = i ? gene_at(r->rules, r->field[i], strlen(r->field[i])) : -1;
        n_genes += r->gene_of[i] >= 0;
    }
    out->genes_in_rows = n_genes < FEW_GENES;
    if (r->n_fields < 2)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, NULL),
                             "one column: a table has genes and a column a sample, parted by tabs or commas");
    if (!out->genes_in_rows) {
        out->n_read = r->n_fields - 1;
        for (size_t i = 0; i < r->n_fields; i++) {
            if (r->gene_of[i] < 0) continue;
            if (out->line[r->gene_of[i]])
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, r->field[i]),
                                     "the gene stands twice, in columns %d and %zu; keep one", out->line[r->gene_of[i]],
                                     i + 1);
            out->line[r->gene_of[i]] = (int)i + 1;
        }
        return COLEY_OK;
    }
    out->n_samples = r->n_fields - 1;
    out->sample = r->field + 1;
    const size_t n = out->n_samples * r->rules->n_genes;
    if (!(out->value = COLEY_NEW(r->arena, double, n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) out->value[i] = NAN;
    return COLEY_OK;
}

/* --- rows ----------------------------------------------------------------------------------------------------------
 */

static coley_status wrong_count(const reader *r, size_t n, coley_error *err)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, NULL), "%zu fields, but the header has %zu columns", n,
                         r->n_fields);
}

/* R writes no name above the row names: then the header is one shorter than the rows. */
static coley_status shift_header(reader *r, coley_error *err)
{
    coley_expression *out = r->out;
    out->sample = r->field;
    out->n_samples = r->n_fields++;
    const size_t n = out->n_samples * r->rules->n_genes;
    if (!(out->value = COLEY_NEW(r->arena, double, n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) out->value[i] = NAN;
    return COLEY_OK;
}

static size_t count_fields(const reader *r, const char *row, size_t length)
{
    size_t n = 1;
    int quoted = 0;
    for (size_t i = 0; i < length; i++) {
        quoted ^= row[i] == '"';
        n += !quoted && row[i] == r->separator;
    }
    return n;
}

static coley_status gene_row(reader *r, const char *row, size_t length, coley_error *err)
{
    coley_expression *out = r->out;
    const char *field, *end = row + length;
    size_t n, column = 0;
    if (out->n_read++ == 0 && count_fields(r, row, length) == r->n_fields + 1) COLEY_TRY(shift_header(r, err));
    const char *from = coley_line_field(row, end, r->separator, r->spare, &field, &n);
    if (!field) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, NULL), "a quote stands where none may be");
    const int gene = gene_at(r->rules, field, n);
    if (gene < 0) {
        const size_t seen = count_fields(r, row, length);
        return seen == r->n_fields ? COLEY_OK : wrong_count(r, seen, err);
    }
    if (out->line[gene])
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, r->rules->gene[gene]),
                             "the gene stands twice, in lines %d and %d; keep one", out->line[gene], r->source.line);
    out->line[gene] = r->source.line;
    for (; from; column++) {
        from = coley_line_field(from, end, r->separator, r->spare, &field, &n);
        if (!field) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, NULL), "a quote stands where none may be");
        if (column == out->n_samples) return wrong_count(r, column + 2, err);
        COLEY_TRY(
            read_value(r, field, n, out->sample[column], &out->value[column * r->rules->n_genes + (size_t)gene], err));
    }
    return column == out->n_samples ? COLEY_OK : wrong_count(r, column + 1, err);
}

static coley_status sample_row(reader *r, const char *row, size_t length, coley_error *err)
{
    coley_expression *out = r->out;
    const size_t n_genes = r->rules->n_genes;
    const char *end = row + length, *field, *from = row;
    size_t n, bad, column = 0;
    if (!COLEY_RESERVE(r->arena, out->value, r->cap_values, (out->n_samples + 1) * n_genes) ||
        !COLEY_RESERVE(r->arena, out->sample, r->cap_samples, out->n_samples + 1))
        return COLEY_FAIL_MEMORY(err);
    double *value = out->value + out->n_samples * n_genes;
    for (size_t g = 0; g < n_genes; g++) value[g] = NAN;
    for (; from; column++) {
        from = coley_line_field(from, end, r->separator, r->spare, &field, &n);
        if (!field) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, NULL), "a quote stands where none may be");
        if (column == r->n_fields) return wrong_count(r, column + 1, err);
        if (column == 0) {
            if (!coley_text_utf8(field, n, &bad))
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_here(r, NULL), "the sample's name is not UTF-8");
            if (!(out->sample[out->n_samples] = coley_arena_text(r->arena, field, n))) return COLEY_FAIL_MEMORY(err);
        } else if (r->gene_of[column] >= 0) {
            COLEY_TRY(read_value(r, field, n, r->field[column], &value[r->gene_of[column]], err));
        }
    }
    if (column != r->n_fields) return wrong_count(r, column, err);
    out->n_samples++;
    return COLEY_OK;
}

static coley_status read_all(reader *r, coley_error *err)
{
    const char *row;
    size_t length;
    int quoted;
    for (;;) {
        COLEY_TRY(coley_line_next(&r->source, &row, &length, &quoted, err));
        if (!row) break;
        if (!length) continue;
        if (!r->field) {
            COLEY_TRY(read_header(r, row, length, err));
            COLEY_TRY(begin_table(r, err));
        } else if (r->out->genes_in_rows) {
            COLEY_TRY(gene_row(r, row, length, err));
        } else {
            COLEY_TRY(sample_row(r, row, length, err));
        }
    }
    const coley_place place = {.file = r->source.file};
    if (!r->field) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "the file is empty");
    if (!r->out->n_samples) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "there is no sample in it");
    return COLEY_OK;
}

static reader *begin(coley_arena *arena, const coley_expression_rules *rules, int is_log, const char *file,
                     coley_expression *out)
{
    reader *r = COLEY_NEW(arena, reader, 1);
    *out = (coley_expression){.file = file};
    if (r) {
        r->arena = arena;
        r->rules = rules;
        r->is_log = is_log;
        r->out = out;
    }
    return r;
}

coley_status coley_expression_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                    const coley_expression_rules *rules, int is_log, coley_expression *out,
                                    coley_error *err)
{
    reader *r = begin(arena, rules, is_log, name, out);
    if (!r) return COLEY_FAIL_MEMORY(err);
    coley_line_of_bytes(name, bytes, length, &r->source);
    return read_all(r, err);
}

coley_status coley_expression_read(coley_arena *arena, const char *path, const coley_expression_rules *rules,
                                   int is_log, coley_expression *out, coley_error *err)
{
    reader *r = begin(arena, rules, is_log, path, out);
    if (!r) return COLEY_FAIL_MEMORY(err);
    coley_status status = coley_line_open(arena, path, &r->source, err);
    if (status == COLEY_OK) status = read_all(r, err);
    coley_line_close(&r->source);
    return status;
}

/* --- scores --------------------------------------------------------------------------------------------------------
 */

static const char *missing_genes(coley_arena *arena, const coley_expression *e, const coley_expression_rules *r,
                                 const coley_expression_score *s)
{
    coley_text list = {.arena = arena};
    size_t n = 0;
    for (size_t i = 0; i < s->n_genes + s->n_housekeeping; i++) {
        const int gene = i < s->n_genes ? s->gene[i] : s->housekeeping[i - s->n_genes];
        if (!e->line[gene]) coley_text_addf(&list, "%s%s", n++ ? ", " : "", r->gene[gene]);
    }
    if (!n) return NULL;
    return list.failed ? "genes are missing"
                       : coley_arena_printf(arena, "%zu of its %zu genes are not in the file: %s", n,
                                            s->n_genes + s->n_housekeeping, list.data);
}

/* Mean and SD over samples of one gene, of those that have it. */
static void moments(const coley_expression *e, size_t n_genes, int gene, double *mean, double *sd)
{
    double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < e->n_samples; i++) {
        const double y = e->value[i * n_genes + (size_t)gene];
        if (!isnan(y)) n++, sum += y;
    }
    *mean = sum / n;
    for (size_t i = 0; i < e->n_samples; i++) {
        const double d = e->value[i * n_genes + (size_t)gene] - *mean;
        if (!isnan(d)) squares += d * d;
    }
    *sd = sqrt(squares / (n - 1));
}

static double weighted(const double *y, const coley_expression_score *s)
{
    double house = 0, sum = 0;
    for (size_t i = 0; i < s->n_housekeeping; i++) house += y[s->housekeeping[i]];
    house /= (double)s->n_housekeeping;
    for (size_t i = 0; i < s->n_genes; i++) sum += s->weight[i] * (y[s->gene[i]] - house);
    return sum;
}

static const char *z_means(const coley_expression *e, const coley_expression_rules *r, const coley_expression_score *s,
                           double *value)
{
    for (size_t i = 0; i < e->n_samples; i++) value[i] = 0;
    for (size_t g = 0; g < s->n_genes; g++) {
        double mean, sd;
        moments(e, r->n_genes, s->gene[g], &mean, &sd);
        if (!(sd > 0)) return "a gene of it is the same in all samples";
        for (size_t i = 0; i < e->n_samples; i++)
            value[i] += (e->value[i * r->n_genes + (size_t)s->gene[g]] - mean) / sd / (double)s->n_genes;
    }
    return NULL;
}

void coley_expression_judge(coley_arena *arena, const coley_expression *e, const coley_expression_rules *r,
                            size_t score, double *value, const char **why)
{
    const coley_expression_score *s = &r->score[score];
    *why = missing_genes(arena, e, r, s);
    if (!*why && s->kind == COLEY_EXPRESSION_Z_MEAN && (double)e->n_samples < r->min_samples)
        *why = coley_arena_printf(arena, "%zu samples, at least %.0f are asked for to compare with", e->n_samples,
                                  r->min_samples);
    if (!*why && s->kind == COLEY_EXPRESSION_Z_MEAN) *why = z_means(e, r, s, value);
    for (size_t i = 0; i < e->n_samples; i++) {
        const double *y = e->value + i * r->n_genes;
        if (*why)
            value[i] = NAN;
        else if (s->kind == COLEY_EXPRESSION_WEIGHTED)
            value[i] = weighted(y, s);
        else if (s->kind == COLEY_EXPRESSION_LOG_MEAN) {
            value[i] = 0;
            for (size_t g = 0; g < s->n_genes; g++) value[i] += y[s->gene[g]] / (double)s->n_genes;
        }
    }
}
