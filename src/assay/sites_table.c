/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sites_table.c -- reads a table of microsatellites: ours, MSIsensor's, MSIsensor-pro's with or without thresholds. */
#include "assay/sites.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/yaml.h"

enum { MAX_COLUMNS = 16, CONTIG = 0, POSITION, UNITS, UNIT, LEFT, RIGHT, THRESHOLD, SUPPORT, FILTER, N_FIELDS };

static const char *const field_names[N_FIELDS] = {"chromosome",        "location",         "repeat_times",
                                                  "repeat_unit_bases", "left_flank_bases", "right_flank_bases",
                                                  "threshold",         "support_num",      "filter"};

typedef struct reader {
    coley_arena *arena;
    coley_lines *lines;
    coley_sites *sites;
    int column[N_FIELDS];
    size_t n_columns;
    char *cell[MAX_COLUMNS];
} reader;

static coley_status cut(reader *r, char *line, size_t *n, coley_error *err)
{
    *n = 0;
    for (char *p = line;; p++) {
        char *const tab = strchr(p, '\t');
        if (*n == MAX_COLUMNS)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "more than %d columns",
                                 MAX_COLUMNS);
        r->cell[(*n)++] = p;
        if (!tab) return COLEY_OK;
        *tab = '\0';
        p = tab;
    }
}

static coley_status read_heading(reader *r, char *line, coley_error *err)
{
    COLEY_TRY(cut(r, line, &r->n_columns, err));
    for (int f = 0; f < N_FIELDS; f++) {
        r->column[f] = -1;
        for (size_t i = 0; i < r->n_columns; i++)
            if (strcmp(r->cell[i], field_names[f]) == 0) r->column[f] = (int)i;
        if (r->column[f] < 0 && f < THRESHOLD)
            return COLEY_FAIL_AT(
                err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                "the heading has no column %s; a table of sites is what `coley assay sites` writes, with "
                "tabs between the columns",
                field_names[f]);
    }
    return COLEY_OK;
}

static coley_status fail_cell(const reader *r, int field, const char *want, coley_error *err)
{
    coley_place place = coley_lines_place(r->lines);
    place.key = field_names[field];
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s is not %s", coley_quote_make(r->cell[r->column[field]]).text,
                         want);
}

static uint8_t code_of(char base)
{
    return base == 'A' ? 1 : base == 'C' ? 2 : base == 'G' ? 4 : base == 'T' ? 8 : 0;
}

static coley_status read_flank(const reader *r, int field, uint64_t *key, coley_error *err)
{
    const char *text = r->cell[r->column[field]];
    const size_t n = strlen(text);
    *key = 0;
    if (n < 3 || n > COLEY_SITE_MAX_FLANK) return fail_cell(r, field, "3 to 16 bases", err);
    for (const char *c = text; *c; c++) {
        if (!code_of(*c)) return fail_cell(r, field, "made of A, C, G and T", err);
        *key = *key << 4 | code_of(*c);
    }
    if (r->sites->flank && r->sites->flank != (int)n)
        return fail_cell(r, field, "as long as the flanks of the sites above; make all with one --flank", err);
    r->sites->flank = (int)n;
    return COLEY_OK;
}

static coley_status read_contig(reader *r, coley_site *site, coley_error *err)
{
    coley_sites *s = r->sites;
    const char *name = r->cell[r->column[CONTIG]];
    if (!*name) return fail_cell(r, CONTIG, "the name of a contig", err);
    if (s->n_contigs && strcmp(s->contig[s->n_contigs - 1], name) == 0) {
        site->contig = (int32_t)s->n_contigs - 1;
        if (s->first[s->n_contigs - 1] < s->n && s->site[s->n - 1].position >= site->position)
            return fail_cell(r, POSITION, "behind the site of the line above; sort the table by contig and position",
                             err);
        return COLEY_OK;
    }
    for (size_t i = 0; i < s->n_contigs; i++)
        if (strcmp(s->contig[i], name) == 0)
            return fail_cell(r, CONTIG, "with its other sites above; sort the table by contig and position", err);
    size_t cap = s->cap_contigs;
    if (!COLEY_RESERVE(r->arena, s->contig, s->cap_contigs, s->n_contigs + 2) ||
        !COLEY_RESERVE(r->arena, s->first, cap, s->n_contigs + 2) ||
        !(s->contig[s->n_contigs] = coley_arena_text(r->arena, name, strlen(name))))
        return COLEY_FAIL_MEMORY(err);
    s->first[s->n_contigs] = s->n;
    site->contig = (int32_t)s->n_contigs++;
    return COLEY_OK;
}

static coley_status read_threshold(reader *r, coley_site *site, coley_error *err)
{
    double threshold;
    int64_t support;
    site->threshold = NAN;
    if (r->column[THRESHOLD] < 0) return COLEY_OK;
    if (!coley_text_number(r->cell[r->column[THRESHOLD]], &threshold))
        return fail_cell(r, THRESHOLD, "a number, -1 for none", err);
    if (threshold < 0) return COLEY_OK;
    site->threshold = (float)threshold;
    r->sites->n_thresholds++;
    if (r->column[SUPPORT] < 0) return COLEY_OK;
    if (!coley_text_integer(r->cell[r->column[SUPPORT]], -1, INT32_MAX, &support))
        return fail_cell(r, SUPPORT, "a number of normals, -1 for none", err);
    site->support = support < 0 ? 0 : (int32_t)support;
    return COLEY_OK;
}

static coley_status read_row(reader *r, char *line, coley_error *err)
{
    coley_site site = {.line = coley_lines_place(r->lines).line};
    int64_t position, units;
    size_t n;
    COLEY_TRY(cut(r, line, &n, err));
    if (n != r->n_columns)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                             "%zu columns where the heading has %zu; they are parted by tabs", n, r->n_columns);
    if (r->column[FILTER] >= 0 && strcasecmp(r->cell[r->column[FILTER]], "PASS") != 0) {
        r->sites->n_filtered++;
        return COLEY_OK;
    }
    if (!coley_text_integer(r->cell[r->column[POSITION]], 0, INT32_MAX - 1, &position))
        return fail_cell(r, POSITION, "a position from 0", err);
    if (!coley_text_integer(r->cell[r->column[UNITS]], 1, COLEY_SITE_MAX_UNITS, &units))
        return fail_cell(r, UNITS, "a number of units from 1 to 65535", err);
    const char *unit = r->cell[r->column[UNIT]];
    const size_t length = strlen(unit);
    if (length < 1 || length > COLEY_SITE_MAX_UNIT) return fail_cell(r, UNIT, "1 to 8 bases", err);
    for (size_t i = 0; i < length; i++)
        if (!(site.unit[i] = code_of(unit[i]))) return fail_cell(r, UNIT, "made of A, C, G and T", err);
    site.unit_length = (uint8_t)length;
    site.units = (uint16_t)units;
    site.position = (int32_t)position;
    COLEY_TRY(read_flank(r, LEFT, &site.left, err));
    COLEY_TRY(read_flank(r, RIGHT, &site.right, err));
    COLEY_TRY(read_threshold(r, &site, err));
    COLEY_TRY(read_contig(r, &site, err));
    if (!COLEY_RESERVE(r->arena, r->sites->site, r->sites->cap, r->sites->n + 1)) return COLEY_FAIL_MEMORY(err);
    r->sites->site[r->sites->n++] = site;
    return COLEY_OK;
}

coley_status coley_sites_parse(coley_arena *arena, coley_lines *lines, coley_sites *sites, coley_error *err)
{
    reader r = {.arena = arena, .lines = lines, .sites = sites};
    char *line;
    size_t length;
    *sites = (coley_sites){.file = coley_lines_place(lines).file};
    COLEY_TRY(coley_lines_next(lines, &line, &length, err));
    if (!line) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = sites->file}, "is empty");
    COLEY_TRY(read_heading(&r, line, err));
    for (;;) {
        COLEY_TRY(coley_lines_next(lines, &line, &length, err));
        if (!line) break;
        if (length) COLEY_TRY(read_row(&r, line, err));
    }
    if (!sites->n)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = sites->file},
                             "has no site whose filter is PASS");
    sites->first[sites->n_contigs] = sites->n;
    return COLEY_OK;
}

coley_status coley_sites_read(coley_arena *arena, const char *path, coley_sites *sites, coley_error *err)
{
    coley_lines *lines;
    COLEY_TRY(coley_lines_open(arena, path, &lines, err));
    const coley_status status = coley_sites_parse(arena, lines, sites, err);
    coley_lines_close(lines);
    return status;
}

static char letter_of(unsigned code)
{
    return code == 1 ? 'A' : code == 2 ? 'C' : code == 4 ? 'G' : code == 8 ? 'T' : 'N';
}

void coley_site_row_of(const coley_sites *sites, const coley_site *site, coley_site_row *row)
{
    *row = (coley_site_row){.contig = sites->contig[site->contig], .position = site->position, .units = site->units};
    for (int i = 0; i < site->unit_length; i++) row->unit[i] = letter_of(site->unit[i]);
    for (int i = 0; i < sites->flank; i++) {
        const int shift = 4 * (sites->flank - 1 - i);
        row->left[i] = letter_of(site->left >> shift & 15);
        row->right[i] = letter_of(site->right >> shift & 15);
    }
}

ptrdiff_t coley_sites_contig(const coley_sites *sites, const char *name)
{
    const char *bare = strncmp(name, "chr", 3) == 0 ? name + 3 : name;
    for (size_t i = 0; i < sites->n_contigs; i++)
        if (strcmp(sites->contig[i], name) == 0) return (ptrdiff_t)i;
    for (size_t i = 0; i < sites->n_contigs; i++) {
        const char *other = sites->contig[i];
        if (strcmp(strncmp(other, "chr", 3) == 0 ? other + 3 : other, bare) == 0) return (ptrdiff_t)i;
    }
    return -1;
}
