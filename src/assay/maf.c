/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maf.c -- Mutation Annotation Format: a row a variant and sample, columns by the names in the header, in any order. */
#include "assay/maf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_COLUMNS = 512 };

/* Columns, and the names they go by. */
#define COLUMN_LIST(X)                                                                                                 \
    X(SAMPLE, "Tumor_Sample_Barcode", NULL)                                                                            \
    X(EFFECT, "Variant_Classification", NULL)                                                                          \
    X(GENE, "Hugo_Symbol", NULL)                                                                                       \
    X(CONTIG, "Chromosome", NULL)                                                                                      \
    X(START, "Start_Position", "Start_position")                                                                       \
    X(REF, "Reference_Allele", NULL)                                                                                   \
    X(ALT, "Tumor_Seq_Allele2", NULL)                                                                                  \
    X(ALT1, "Tumor_Seq_Allele1", NULL)                                                                                 \
    X(FILTER, "FILTER", NULL)                                                                                          \
    X(STATUS, "Mutation_Status", NULL)                                                                                 \
    X(DEPTH, "t_depth", NULL)                                                                                          \
    X(N_REF, "t_ref_count", NULL)                                                                                      \
    X(N_ALT, "t_alt_count", NULL)                                                                                      \
    X(FRACTION, "t_vaf", "tumor_f")                                                                                    \
    X(PROTEIN, "HGVSp_Short", "Protein_Change")                                                                        \
    X(FREQUENCY1, "gnomAD_AF", "gnomADe_AF")                                                                           \
    X(FREQUENCY2, "ExAC_AF", NULL)                                                                                     \
    X(FREQUENCY3, "AF", NULL)                                                                                          \
    X(FREQUENCY4, "MAX_AF", NULL)

typedef enum maf_column {
#define COLUMN_ENUM(id, name, other) COLUMN_##id,
    COLUMN_LIST(COLUMN_ENUM)
#undef COLUMN_ENUM
        N_COLUMNS
} maf_column;

static const struct {
    const char *name, *other;
} columns[N_COLUMNS] = {
#define COLUMN_ROW(id, name, other) {name, other},
    COLUMN_LIST(COLUMN_ROW)
#undef COLUMN_ROW
};

typedef struct maf_reader {
    coley_arena *arena;
    coley_lines *lines;
    coley_tmb_report *report;
    int at[N_COLUMNS], n_columns, last; /* where each column stands, -1: nowhere; the last that is asked */
    const char *cell[N_COLUMNS];
    size_t length[N_COLUMNS];
    size_t sample;           /* of the last row */
    size_t n_seen, cap_seen; /* eligible variants that were named: an open table of hashes, never 0 */
    uint64_t *seen;
    size_t n_index, cap_index; /* samples by hash */
    size_t *index;
} maf_reader;

static coley_status read_header(maf_reader *r, const char *line, coley_error *err)
{
    for (int c = 0; c < N_COLUMNS; c++) r->at[c] = -1;
    for (;; line++) {
        const size_t length = strcspn(line, "\t");
        for (int c = 0; c < N_COLUMNS; c++) {
            const int first = strlen(columns[c].name) == length && !strncmp(columns[c].name, line, length);
            const int other =
                columns[c].other && strlen(columns[c].other) == length && !strncmp(columns[c].other, line, length);
            if ((first || other) && r->at[c] < 0) r->at[c] = r->n_columns;
        }
        r->n_columns++;
        line += length;
        if (!*line) break;
    }
    for (int c = COLUMN_SAMPLE; c <= COLUMN_ALT; c++)
        if (r->at[c] < 0 && c != COLUMN_GENE)
            return COLEY_FAIL_AT(
                err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                "is no header of a MAF: the column '%s' is missing; variants are read from VCF, BCF or "
                "MAF",
                columns[c].name);
    for (int c = 0; c < N_COLUMNS; c++)
        if (r->at[c] > r->last) r->last = r->at[c];
    if (r->last >= MAX_COLUMNS)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "more than %d columns", MAX_COLUMNS);
    return COLEY_OK;
}

static coley_status cut_row(maf_reader *r, const char *line, coley_error *err)
{
    const char *start[MAX_COLUMNS + 1];
    int n = 0;
    start[n++] = line;
    for (const char *p = line; n <= r->last + 1 && (p = strchr(p, '\t')); p++) start[n++] = p + 1;
    const int complete = n > r->last + 1;
    if (!complete) start[n] = line + strlen(line) + 1;
    if (n <= r->last)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                             "record %llu has %d cells, and the header %d columns; was the file cut short?",
                             (unsigned long long)r->report->n_records, n, r->n_columns);
    for (int c = 0; c < N_COLUMNS; c++) {
        const int at = r->at[c];
        r->cell[c] = at < 0 ? "" : start[at];
        r->length[c] = at < 0 ? 0 : (size_t)(start[at + 1] - start[at] - 1);
    }
    return COLEY_OK;
}

/* A cell as a number, NaN when it is empty or none. */
static double number(const maf_reader *r, maf_column c)
{
    char copy[40], *end;
    if (!r->length[c] || r->length[c] >= sizeof copy) return NAN;
    memcpy(copy, r->cell[c], r->length[c]);
    copy[r->length[c]] = '\0';
    const double value = strtod(copy, &end);
    return end == copy || !isfinite(value) ? NAN : value;
}

static int is_word(const maf_reader *r, maf_column c, const char *word)
{
    return r->length[c] == strlen(word) && !strncasecmp(r->cell[c], word, r->length[c]);
}

static uint64_t hash(uint64_t h, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)bytes[i]) * 1099511628211u;
    return (h ^ 9) * 1099511628211u;
}

static const uint64_t hash_start = 14695981039346656037u;

/* Room for one more in a table of powers of two, at most half full; entries move as their hashes say. */
static int grow_seen(maf_reader *r)
{
    if (2 * (r->n_seen + 1) <= r->cap_seen) return 1;
    const size_t cap = r->cap_seen ? 2 * r->cap_seen : 1024;
    uint64_t *table = COLEY_NEW(r->arena, uint64_t, cap);
    if (!table) return 0;
    for (size_t i = 0; i < r->cap_seen; i++) {
        if (!r->seen[i]) continue;
        size_t k = r->seen[i] & (cap - 1);
        while (table[k]) k = (k + 1) & (cap - 1);
        table[k] = r->seen[i];
    }
    r->seen = table;
    r->cap_seen = cap;
    return 1;
}

/* 1: named before, 0: new and now known, -1: no memory. */
static int named_before(maf_reader *r)
{
    uint64_t h = hash_start;
    static const maf_column key[] = {COLUMN_SAMPLE, COLUMN_CONTIG, COLUMN_START, COLUMN_REF, COLUMN_ALT};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) h = hash(h, r->cell[key[i]], r->length[key[i]]);
    if (!h) h = 1;
    if (!grow_seen(r)) return -1;
    size_t k = h & (r->cap_seen - 1);
    for (; r->seen[k]; k = (k + 1) & (r->cap_seen - 1))
        if (r->seen[k] == h) return 1;
    r->seen[k] = h;
    r->n_seen++;
    return 0;
}

static int is_sample(const maf_reader *r, size_t i)
{
    const char *name = r->report->tmb[i].sample;
    return !strncmp(name, r->cell[COLUMN_SAMPLE], r->length[COLUMN_SAMPLE]) && !name[r->length[COLUMN_SAMPLE]];
}

/* The row's sample by a table of hashes; rows of one sample mostly follow each other. */
static coley_tmb *sample_of_row(maf_reader *r)
{
    coley_tmb_report *report = r->report;
    if (r->sample < report->n && is_sample(r, r->sample)) return &report->tmb[r->sample];
    if (2 * (report->n + 1) > r->cap_index) {
        const size_t cap = r->cap_index ? 2 * r->cap_index : 256;
        size_t *table = COLEY_NEW(r->arena, size_t, cap);
        if (!table) return NULL;
        for (size_t i = 0; i < report->n; i++) {
            size_t k = hash(hash_start, report->tmb[i].sample, strlen(report->tmb[i].sample)) & (cap - 1);
            while (table[k]) k = (k + 1) & (cap - 1);
            table[k] = i + 1;
        }
        r->index = table;
        r->cap_index = cap;
    }
    size_t k = hash(hash_start, r->cell[COLUMN_SAMPLE], r->length[COLUMN_SAMPLE]) & (r->cap_index - 1);
    for (; r->index[k]; k = (k + 1) & (r->cap_index - 1))
        if (is_sample(r, r->index[k] - 1)) return &report->tmb[r->sample = r->index[k] - 1];
    coley_tmb *tmb = coley_tmb_sample(r->arena, report, r->cell[COLUMN_SAMPLE], r->length[COLUMN_SAMPLE]);
    if (!tmb) return NULL;
    r->index[k] = report->n;
    r->sample = report->n - 1;
    return tmb;
}

static coley_status check_position(maf_reader *r, int64_t *position, coley_error *err)
{
    const double start = number(r, COLUMN_START);
    if (!(start >= 0 && start <= 1 << 30) || start != floor(start))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                             "record %llu: Start_Position is '%.*s', not a position from 0 to %d",
                             (unsigned long long)r->report->n_records,
                             (int)(r->length[COLUMN_START] < 40 ? r->length[COLUMN_START] : 40), r->cell[COLUMN_START],
                             1 << 30);
    *position = (int64_t)start;
    return COLEY_OK;
}

static coley_tmb_variant variant_of_row(const maf_reader *r)
{
    static const maf_column frequencies[] = {COLUMN_FREQUENCY1, COLUMN_FREQUENCY2, COLUMN_FREQUENCY3,
                                             COLUMN_FREQUENCY4};
    const double n_ref = number(r, COLUMN_N_REF), n_alt = number(r, COLUMN_N_ALT);
    coley_tmb_variant v = {.depth = number(r, COLUMN_DEPTH),
                           .fraction = number(r, COLUMN_FRACTION),
                           .frequency = NAN,
                           .effects = coley_effects_of_maf(r->cell[COLUMN_EFFECT], r->length[COLUMN_EFFECT]),
                           .gene = r->cell[COLUMN_GENE],
                           .gene_length = r->length[COLUMN_GENE],
                           .protein = r->cell[COLUMN_PROTEIN],
                           .protein_length = r->length[COLUMN_PROTEIN]};
    if (isnan(v.depth)) v.depth = n_ref + n_alt;
    if (isnan(v.fraction) && v.depth > 0) v.fraction = n_alt / v.depth;
    for (size_t i = 0; i < sizeof frequencies / sizeof *frequencies; i++) {
        const double f = number(r, frequencies[i]);
        if (f >= 0 && !(f <= v.frequency)) v.frequency = f;
    }
    return v;
}

/* Left out before anything else is asked? The reason, or COLEY_TMB_REASONS. */
static coley_tmb_reason judge_place(maf_reader *r, coley_tmb *tmb, int64_t position)
{
    const coley_tmb_options *o = r->report->options;
    const int no_filter = !r->length[COLUMN_FILTER] || is_word(r, COLUMN_FILTER, ".");
    if (r->at[COLUMN_FILTER] >= 0 && no_filter) tmb->n_unfiltered++;
    if (!o->any_filter && !no_filter && !is_word(r, COLUMN_FILTER, "PASS")) return COLEY_TMB_FILTER;
    size_t at = 0;
    if (o->target && !coley_target_holds(coley_target_find(o->target, r->cell[COLUMN_CONTIG], r->length[COLUMN_CONTIG]),
                                         position - 1, &at))
        return COLEY_TMB_TARGET;
    if (is_word(r, COLUMN_STATUS, "Germline") || is_word(r, COLUMN_STATUS, "LOH")) return COLEY_TMB_GERMLINE;
    return COLEY_TMB_REASONS;
}

static coley_status count_row(maf_reader *r, coley_error *err)
{
    const coley_tmb_options *o = r->report->options;
    int64_t position = 0;
    if (!r->length[COLUMN_SAMPLE])
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "record %llu names no sample",
                             (unsigned long long)r->report->n_records);
    if (o->sample &&
        (strncmp(o->sample, r->cell[COLUMN_SAMPLE], r->length[COLUMN_SAMPLE]) || o->sample[r->length[COLUMN_SAMPLE]]))
        return COLEY_OK;
    COLEY_TRY(check_position(r, &position, err));
    coley_tmb *tmb = sample_of_row(r);
    if (!tmb) return COLEY_FAIL_MEMORY(err);
    tmb->n_variants++;
    coley_tmb_reason reason = judge_place(r, tmb, position);
    const coley_tmb_variant v = variant_of_row(r);
    if (reason == COLEY_TMB_REASONS) reason = coley_tmb_judge_reads(tmb, o, &v);
    if (reason != COLEY_TMB_REASONS) {
        tmb->n_left_out[reason]++;
        return COLEY_OK;
    }
    if (!v.effects) tmb->n_unknown_word++;
    if (!o->definition->counted || (v.effects & o->definition->counted)) {
        const int before = named_before(r);
        if (before < 0) return COLEY_FAIL_MEMORY(err);
        tmb->n_repeated += (uint64_t)before;
        if (before && o->unique) {
            tmb->n_left_out[COLEY_TMB_REPEATED]++;
            return COLEY_OK;
        }
    }
    return coley_tmb_judge_effect(r->arena, tmb, o, &v, err);
}

coley_status coley_maf_count(coley_arena *arena, coley_lines *lines, char *header, size_t length,
                             coley_tmb_report *report, coley_error *err)
{
    maf_reader r = {.arena = arena, .lines = lines, .report = report, .sample = SIZE_MAX};
    while (header && (*header == '#' || !*header)) COLEY_TRY(coley_lines_next(lines, &header, &length, err));
    if (!header)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(lines), "ends before the header of a MAF");
    COLEY_TRY(read_header(&r, header, err));
    report->effects_from = "Variant_Classification";
    for (;;) {
        char *line;
        COLEY_TRY(coley_lines_next(lines, &line, &length, err));
        if (!line) return COLEY_OK;
        if (!*line || *line == '#') continue;
        report->n_records++;
        COLEY_TRY(cut_row(&r, line, err));
        COLEY_TRY(count_row(&r, err));
    }
}
