/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_indels.c -- reads VCF and MAF for indels in repeats (the idea of MSIseq: Huang 2015, Sci Rep 5:13321). */
#include "assay/msi_indels.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"

enum { CHROMOSOME, START, REFERENCE, TUMOUR, BARCODE, N_FIELDS, MAX_COLUMNS = 512 };

static const char *const field_names[N_FIELDS] = {"Chromosome", "Start_Position", "Reference_Allele",
                                                  "Tumor_Seq_Allele2", "Tumor_Sample_Barcode"};

typedef struct reader {
    coley_arena *arena;
    coley_lines *lines;
    const coley_sites *sites;
    coley_indel_counts *counts;
    int column[N_FIELDS];
    size_t n_columns, n_cells;
    char *cell[MAX_COLUMNS];
} reader;

static coley_status fail(const reader *r, coley_error *err, const char *what, const char *cell)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "%s is not %s", coley_quote_make(cell).text,
                         what);
}

static coley_status cut(reader *r, char *line, coley_error *err)
{
    for (r->n_cells = 0;;) {
        char *const tab = strchr(line, '\t');
        if (r->n_cells == MAX_COLUMNS)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "more than %d columns",
                                 MAX_COLUMNS);
        r->cell[r->n_cells++] = line;
        if (!tab) return COLEY_OK;
        *tab = '\0';
        line = tab + 1;
    }
}

/* ---- is it in a repeat? ------------------------------------------------------------------------------------------ */

static char letter_of(unsigned code)
{
    return code == 1 ? 'A' : code == 2 ? 'C' : code == 4 ? 'G' : 'T';
}

/* `bases` is the unit of the site over and over, from whichever base of it. */
static int is_units(const coley_site *site, const char *bases, size_t n)
{
    const size_t k = site->unit_length;
    if (!n || n % k) return 0;
    for (size_t phase = 0; phase < k; phase++) {
        size_t i = 0;
        while (i < n && toupper((unsigned char)bases[i]) == letter_of(site->unit[(phase + i) % k])) i++;
        if (i == n) return 1;
    }
    return 0;
}

/* An indel of `bases` behind base `before` (from 0; -1 allowed) of a contig. */
static int in_repeat(const reader *r, const char *contig, int64_t before, const char *bases, size_t n, int *elsewhere)
{
    const coley_sites *s = r->sites;
    const ptrdiff_t c = coley_sites_contig(s, contig);
    *elsewhere = c < 0;
    if (c < 0) return 0;
    size_t low = s->first[c], high = s->first[c + 1];
    while (low < high) { /* the first site that begins behind before + 1 */
        const size_t middle = low + (high - low) / 2;
        if (s->site[middle].position <= before + 1)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == s->first[c]) return 0;
    const coley_site *site = &s->site[low - 1];
    return before < (int64_t)site->position + (int64_t)site->units * site->unit_length && is_units(site, bases, n);
}

static void take(const reader *r, coley_indel_sample *sample, const char *contig, int64_t position, const char *from,
                 const char *to)
{
    size_t a = strlen(from), b = strlen(to);
    int elsewhere = 0;
    sample->n_variants++;
    if (a == b) return;
    while (a && b && toupper((unsigned char)*from) == toupper((unsigned char)*to)) from++, to++, a--, b--, position++;
    while (a && b && toupper((unsigned char)from[a - 1]) == toupper((unsigned char)to[b - 1])) a--, b--;
    sample->n_indels++;
    if (a && b) return; /* bases are exchanged too */
    sample->n_in_repeats += (size_t)in_repeat(r, contig, position - 1, a ? from : to, a ? a : b, &elsewhere);
    r->counts->n_elsewhere += (size_t)elsewhere;
}

static coley_status sample_of(reader *r, const char *name, coley_indel_sample **sample, coley_error *err)
{
    coley_indel_counts *c = r->counts;
    for (size_t i = c->n; i-- > 0;)
        if (strcmp(c->sample[i].name, name) == 0) {
            *sample = &c->sample[i];
            return COLEY_OK;
        }
    if (!COLEY_RESERVE(r->arena, c->sample, c->cap, c->n + 1)) return COLEY_FAIL_MEMORY(err);
    *sample = &c->sample[c->n++];
    **sample = (coley_indel_sample){.name = coley_arena_text(r->arena, name, strlen(name))};
    return (*sample)->name ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

/* ---- VCF --------------------------------------------------------------------------------------------------------- */

static int is_sequence(const char *text)
{
    if (!*text) return 0;
    for (; *text; text++)
        if (!strchr("ACGTNacgtn", *text)) return 0;
    return 1;
}

static coley_status read_vcf_row(reader *r, char *line, coley_error *err)
{
    coley_indel_sample *sample;
    int64_t position;
    COLEY_TRY(cut(r, line, err));
    if (r->n_cells < 8)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                             "%zu columns; a record of a VCF has eight and more", r->n_cells);
    if (!coley_text_integer(r->cell[1], 0, INT32_MAX, &position)) return fail(r, err, "a position", r->cell[1]);
    if (!is_sequence(r->cell[3])) return fail(r, err, "a reference allele", r->cell[3]);
    if (strcmp(r->cell[6], "PASS") != 0 && strcmp(r->cell[6], ".") != 0) {
        r->counts->n_filtered++;
        return COLEY_OK;
    }
    COLEY_TRY(sample_of(r, r->counts->file, &sample, err));
    for (char *allele = r->cell[4]; allele;) {
        char *const comma = strchr(allele, ',');
        if (comma) *comma = '\0';
        if (is_sequence(allele)) take(r, sample, r->cell[0], position - 1, r->cell[3], allele);
        allele = comma ? comma + 1 : NULL;
    }
    return COLEY_OK;
}

static coley_status read_vcf(reader *r, coley_error *err)
{
    coley_indel_sample *sample;
    int in_header = 1;
    COLEY_TRY(sample_of(r, r->counts->file, &sample, err));
    for (;;) {
        char *line;
        size_t length;
        COLEY_TRY(coley_lines_next(r->lines, &line, &length, err));
        if (!line) break;
        if (!length || *line == '#') {
            if (strncmp(line, "#CHROM\t", 7) == 0) in_header = 0;
            continue;
        }
        if (in_header)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                                 "a record before the line that begins with #CHROM");
        COLEY_TRY(read_vcf_row(r, line, err));
    }
    return COLEY_OK;
}

/* ---- MAF --------------------------------------------------------------------------------------------------------- */

static coley_status read_maf_row(reader *r, char *line, coley_error *err)
{
    coley_indel_sample *sample;
    int64_t start;
    COLEY_TRY(cut(r, line, err));
    if (r->n_cells != r->n_columns)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "%zu columns where the heading has %zu",
                             r->n_cells, r->n_columns);
    char *const from = r->cell[r->column[REFERENCE]], *const to = r->cell[r->column[TUMOUR]];
    if (!coley_text_integer(r->cell[r->column[START]], 0, INT32_MAX, &start))
        return fail(r, err, "a position", r->cell[r->column[START]]);
    if (strcmp(from, "-") != 0 && !is_sequence(from)) return fail(r, err, "an allele or '-'", from);
    if (strcmp(to, "-") != 0 && !is_sequence(to)) return fail(r, err, "an allele or '-'", to);
    COLEY_TRY(sample_of(r, r->cell[r->column[BARCODE]], &sample, err));
    /* an insertion stands behind the base Start_Position, a deletion begins with it */
    const int inserts = strcmp(from, "-") == 0;
    take(r, sample, r->cell[r->column[CHROMOSOME]], start - !inserts, inserts ? "" : from,
         strcmp(to, "-") == 0 ? "" : to);
    return COLEY_OK;
}

static coley_status read_maf(reader *r, char *line, coley_error *err)
{
    size_t length;
    COLEY_TRY(cut(r, line, err));
    r->n_columns = r->n_cells;
    for (int f = 0; f < N_FIELDS; f++) {
        r->column[f] = -1;
        for (size_t i = 0; i < r->n_columns; i++)
            if (strcmp(r->cell[i], field_names[f]) == 0) r->column[f] = (int)i;
        if (r->column[f] < 0)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                                 "no VCF, and as a MAF its heading has no column %s", field_names[f]);
    }
    for (;;) {
        COLEY_TRY(coley_lines_next(r->lines, &line, &length, err));
        if (!line) break;
        if (length && *line != '#') COLEY_TRY(read_maf_row(r, line, err));
    }
    return COLEY_OK;
}

coley_status coley_indels_parse(coley_arena *arena, coley_lines *lines, const coley_sites *sites,
                                coley_indel_counts *counts, coley_error *err)
{
    reader r = {.arena = arena, .lines = lines, .sites = sites, .counts = counts};
    char *line;
    size_t length;
    *counts = (coley_indel_counts){.file = coley_lines_place(lines).file};
    COLEY_TRY(coley_lines_next(lines, &line, &length, err));
    if (!line) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = counts->file}, "is empty");
    if (strncmp(line, "##fileformat=VCF", 16) == 0) return read_vcf(&r, err);
    while (line && (*line == '#' || !length)) COLEY_TRY(coley_lines_next(lines, &line, &length, err));
    if (!line) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = counts->file}, "has comments only");
    return read_maf(&r, line, err);
}

coley_status coley_indels_read(coley_arena *arena, const char *path, const coley_sites *sites,
                               coley_indel_counts *counts, coley_error *err)
{
    coley_lines *lines;
    COLEY_TRY(coley_lines_open(arena, path, &lines, err));
    const coley_status status = coley_indels_parse(arena, lines, sites, counts, err);
    coley_lines_close(lines);
    return status;
}
