/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target.c -- BED: three columns at least, separated by tabs; browser, track and # lines are passed over. */
#include "assay/target.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_POSITION = 1 << 30 };

const char *coley_contig_name(const char *name, size_t *length)
{
    if (*length > 3 && !strncasecmp(name, "chr", 3)) {
        *length -= 3;
        return name + 3;
    }
    return name;
}

const coley_target_contig *coley_target_find(const coley_target *target, const char *name, size_t length)
{
    name = coley_contig_name(name, &length);
    for (size_t i = 0; i < target->n_contigs; i++)
        if (!strncmp(target->contig[i].name, name, length) && !target->contig[i].name[length])
            return &target->contig[i];
    return NULL;
}

/* Digits up to a tab or the end; false for anything else. */
static int read_position(const char **text, int64_t *value)
{
    const char *p = *text;
    int64_t v = 0;
    if (*p < '0' || *p > '9') return 0;
    for (; *p >= '0' && *p <= '9'; p++)
        if ((v = 10 * v + *p - '0') > MAX_POSITION) return 0;
    if (*p && *p != '\t' && *p != ' ') return 0;
    *text = p;
    *value = v;
    return 1;
}

static coley_status add_row(coley_arena *arena, coley_target *target, const char *line, coley_place place,
                            coley_error *err)
{
    size_t length = strcspn(line, "\t ");
    const char *p = line + length + strspn(line + length, "\t ");
    coley_stretch s;
    if (!read_position(&p, &s.begin) || (p += strspn(p, "\t "), !read_position(&p, &s.end)))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "is no row of a BED file: contig, start and end, parted by tabs, positions from 0 to %d",
                             MAX_POSITION);
    if (s.end <= s.begin)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "ends at %lld, not behind its start %lld; BED counts from 0, its end is the base behind",
                             (long long)s.end, (long long)s.begin);
    coley_target_contig *contig = (coley_target_contig *)coley_target_find(target, line, length);
    if (!contig) {
        const char *name = coley_contig_name(line, &length);
        if (!COLEY_RESERVE(arena, target->contig, target->cap_contigs, target->n_contigs + 1))
            return COLEY_FAIL_MEMORY(err);
        contig = &target->contig[target->n_contigs++];
        *contig = (coley_target_contig){.name = coley_arena_text(arena, name, length)};
        if (!contig->name) return COLEY_FAIL_MEMORY(err);
    }
    if (!COLEY_RESERVE(arena, contig->stretch, contig->cap, contig->n + 1)) return COLEY_FAIL_MEMORY(err);
    contig->stretch[contig->n++] = s;
    target->n_rows++;
    return COLEY_OK;
}

static int by_begin(const void *a, const void *b)
{
    const coley_stretch *x = a, *y = b;
    return (x->begin > y->begin) - (x->begin < y->begin);
}

static void merge(coley_target *target)
{
    int64_t bases = 0;
    for (size_t c = 0; c < target->n_contigs; c++) {
        coley_target_contig *contig = &target->contig[c];
        size_t n = 0;
        qsort(contig->stretch, contig->n, sizeof *contig->stretch, by_begin);
        for (size_t i = 0; i < contig->n; i++) {
            const coley_stretch s = contig->stretch[i];
            if (n && s.begin <= contig->stretch[n - 1].end) {
                if (s.end > contig->stretch[n - 1].end) contig->stretch[n - 1].end = s.end;
            } else {
                contig->stretch[n++] = s;
            }
        }
        contig->n = n;
        for (size_t i = 0; i < n; i++) bases += contig->stretch[i].end - contig->stretch[i].begin;
    }
    target->megabases = (double)bases / 1e6;
}

coley_status coley_target_parse(coley_arena *arena, coley_lines *lines, coley_target *target, coley_error *err)
{
    char *line;
    size_t length;
    *target = (coley_target){.file = coley_lines_place(lines).file};
    for (;;) {
        COLEY_TRY(coley_lines_next(lines, &line, &length, err));
        if (!line) break;
        if (!*line || *line == '#' || !strncmp(line, "track", 5) || !strncmp(line, "browser", 7)) continue;
        COLEY_TRY(add_row(arena, target, line, coley_lines_place(lines), err));
    }
    if (!target->n_rows)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = target->file}),
                             "holds no stretch of a genome; a BED file has contig, start and end in each row");
    merge(target);
    return COLEY_OK;
}

coley_status coley_target_read(coley_arena *arena, const char *path, coley_target *target, coley_error *err)
{
    coley_lines *lines;
    COLEY_TRY(coley_lines_open(arena, path, &lines, err));
    const coley_status status = coley_target_parse(arena, lines, target, err);
    coley_lines_close(lines);
    return status;
}

int coley_target_holds(const coley_target_contig *contig, int64_t position, size_t *at)
{
    if (!contig || !contig->n) return 0;
    size_t i = *at < contig->n ? *at : 0;
    if (contig->stretch[i].begin > position) i = 0;
    size_t step = 1, low = i;
    while (low + step < contig->n && contig->stretch[low + step].begin <= position) {
        low += step;
        step *= 2;
    }
    size_t high = low + step < contig->n ? low + step : contig->n; /* first that may begin behind */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (contig->stretch[middle].begin <= position)
            low = middle;
        else
            high = middle;
    }
    *at = low;
    return position >= contig->stretch[low].begin && position < contig->stretch[low].end;
}
