/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sites.c -- the scan of a reference for microsatellites, a block of sequence at a time.
 *
 * At each base: the run of that base, if it is long enough, is a homopolymer; else for k = 2, 3, ... the k bases that
 * start here are a unit if they stand there often enough. After a site the scan goes on behind it, else at the next
 * base. That is the rule of MSIsensor (Niu 2014, Bioinformatics 30:1015), so that its lists and ours name the same
 * sites. */
#include "assay/sites.h"

#include <errno.h>
#include <string.h>

#include <htslib/bgzf.h>

#include "base/text.h"

enum { BLOCK = 1 << 16, FIRST_CAP = 1 << 20, MAX_NAME = 1024 };
enum { UNKNOWN = 4, SPACE = 5, WRONG = 6 };

static const char letters[] = "ACGTN";

typedef struct scan {
    coley_arena *arena;
    const char *file;
    BGZF *in;          /* or NULL: the bytes are all in `block` */
    const char *block; /* bytes of the file */
    char *room;
    size_t at, n_block;
    int at_end, line, line_starts;
    uint8_t class_of[256];
    char name[MAX_NAME];
    uint8_t *base; /* codes 0..4 of the contig's bases from `from` on */
    size_t n, cap;
    int64_t from;
    int whole; /* the contig's last base is in `base` */
    const coley_site_scan_options *options;
    coley_site_take take;
    void *self;
    coley_site_scan_totals *totals;
} scan;

static void classify(scan *s)
{
    memset(s->class_of, WRONG, sizeof s->class_of);
    for (const char *c = "BDEFHIKLMNRSUVWXYbdefhiklmnrsuvwxy-*."; *c; c++) s->class_of[(unsigned char)*c] = UNKNOWN;
    for (const char *c = " \t\r\v\f"; *c; c++) s->class_of[(unsigned char)*c] = SPACE;
    for (int i = 0; i < 4; i++)
        s->class_of[(unsigned char)"ACGT"[i]] = s->class_of[(unsigned char)"acgt"[i]] = (uint8_t)i;
}

static coley_place here(const scan *s)
{
    return (coley_place){.file = s->file, .line = s->line};
}

/* ---- bytes ------------------------------------------------------------------------------------------------------- */

static coley_status refill(scan *s, coley_error *err)
{
    s->at = s->n_block = 0;
    const ssize_t n = s->in ? bgzf_read(s->in, s->room, BLOCK) : 0;
    if (n < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, here(s),
                             "what follows this line can't be unpacked: the file is cut short or damaged");
    s->n_block = (size_t)n;
    s->at_end = n == 0;
    return COLEY_OK;
}

static coley_status peek(scan *s, int *byte, coley_error *err)
{
    if (s->at == s->n_block && !s->at_end) COLEY_TRY(refill(s, err));
    *byte = s->at == s->n_block ? -1 : (unsigned char)s->block[s->at];
    return COLEY_OK;
}

/* The name behind '>', up to the first blank; the rest of the line is skipped. False in `found` at the end. */
static coley_status next_contig(scan *s, int *found, coley_error *err)
{
    size_t n = 0;
    int byte, in_name = 1;
    COLEY_TRY(peek(s, &byte, err));
    *found = byte >= 0;
    if (byte < 0) return COLEY_OK;
    if (byte != '>')
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, here(s),
                             "the first line of a FASTA file starts with '>' and a name; is this one a FASTA file?");
    for (s->at++;; s->at++) {
        COLEY_TRY(peek(s, &byte, err));
        if (byte < 0 || byte == '\n') break;
        if (byte == ' ' || byte == '\t' || byte == '\r') in_name = 0;
        if (in_name && n == MAX_NAME - 1)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, here(s), "a name longer than %d bytes", MAX_NAME - 1);
        if (in_name) s->name[n++] = (char)byte;
    }
    s->name[n] = '\0';
    if (!n) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, here(s), "'>' without a name behind it");
    s->n = 0;
    s->from = 0;
    s->whole = 0;
    s->totals->n_contigs++;
    return COLEY_OK;
}

/* Forget what lies before `keep`, then read on until the room is full or the contig ends. */
static coley_status load(scan *s, size_t keep, coley_error *err)
{
    memmove(s->base, s->base + keep, s->n - keep);
    s->n -= keep;
    s->from += (int64_t)keep;
    if (s->n == s->cap) {
        uint8_t *grown = coley_arena_grow(s->arena, s->base, s->cap, 2 * s->cap);
        if (!grown) return COLEY_FAIL_MEMORY(err);
        s->base = grown;
        s->cap *= 2;
    }
    while (s->n < s->cap && !s->whole) {
        if (s->at == s->n_block && !s->at_end) COLEY_TRY(refill(s, err));
        if (s->at == s->n_block || (s->line_starts && s->block[s->at] == '>')) {
            s->whole = 1;
            break;
        }
        const unsigned char byte = (unsigned char)s->block[s->at++];
        s->line_starts = byte == '\n';
        s->line += byte == '\n';
        const uint8_t class = s->class_of[byte];
        if (byte == '\n' || class == SPACE) continue;
        if (class == WRONG)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, here(s),
                                 byte >= 32 && byte < 127
                                     ? "'%c' is no base; sequences are letters such as A, C, G, T, N"
                                     : "a byte of value %d is no base; sequences are letters",
                                 byte);
        s->base[s->n++] = class;
        s->totals->n_unknown += class == UNKNOWN;
        s->totals->n_bases++;
    }
    return COLEY_OK;
}

/* ---- sites ------------------------------------------------------------------------------------------------------- */

static coley_status found(scan *s, size_t begin, size_t unit, size_t units, coley_error *err)
{
    const size_t flank = (size_t)s->options->flank, end = begin + unit * units;
    coley_site_row row = {.contig = s->name, .position = s->from + (int64_t)begin, .units = (int64_t)units};
    if (row.position < (int64_t)flank || begin < flank || end + flank >= s->n + (size_t)!s->whole) return COLEY_OK;
    for (size_t i = 0; i < flank; i++) {
        const uint8_t left = s->base[begin - flank + i], right = s->base[end + i];
        if (left == UNKNOWN || right == UNKNOWN) return COLEY_OK;
        row.left[i] = letters[left];
        row.right[i] = letters[right];
    }
    for (size_t i = 0; i < unit; i++) row.unit[i] = letters[s->base[begin + i]];
    s->totals->n_sites++;
    return s->take(s->self, &row, err);
}

/* How often the `unit` bases at `at` stand there one behind the other; 0 when one is unknown. */
static size_t repeats(const scan *s, size_t at, size_t unit)
{
    size_t n = 1;
    if (at + unit > s->n) return 0;
    for (size_t i = 0; i < unit; i++)
        if (s->base[at + i] == UNKNOWN) return 0;
    for (size_t end = at + unit; end + unit <= s->n && memcmp(s->base + at, s->base + end, unit) == 0; end += unit) n++;
    return n;
}

/* The site that starts at `at`, if one does: its unit and how often it stands there. False when more bases are needed.
 */
static int site_at(const scan *s, size_t at, size_t *unit, size_t *units)
{
    const size_t flank = (size_t)s->options->flank, known = s->whole ? s->n + flank + 1 : s->n;
    size_t end = at + 1;
    *unit = 0;
    while (end < s->n && s->base[end] == s->base[at]) end++;
    if (end + flank + 1 > known) return 0;
    if (end - at >= (size_t)s->options->least_homopolymer) {
        *unit = 1;
        *units = end - at;
        return 1;
    }
    for (size_t k = 2; k <= (size_t)s->options->longest_unit; k++) {
        if (at + k >= s->n) return s->whole;
        const size_t n = repeats(s, at, k);
        if (!n) return at + k <= s->n || s->whole;
        if (at + (n + 1) * k + flank + 1 > known && !s->whole) return 0;
        if (n < (size_t)s->options->least_repeats) continue;
        *unit = k;
        *units = n;
        return 1;
    }
    return 1;
}

static coley_status scan_contig(scan *s, coley_error *err)
{
    const size_t flank = (size_t)s->options->flank;
    size_t at = 0;
    s->line_starts = 1;
    COLEY_TRY(load(s, 0, err));
    while (at < s->n || !s->whole) {
        size_t unit = 0, units = 0;
        if (at < s->n && s->base[at] == UNKNOWN) {
            at++;
        } else if (at == s->n || !site_at(s, at, &unit, &units)) {
            const size_t keep = at > flank ? at - flank : 0;
            COLEY_TRY(load(s, keep, err));
            at -= keep;
        } else if (unit) {
            COLEY_TRY(found(s, at, unit, units, err));
            at += unit * units;
        } else {
            at++;
        }
    }
    return COLEY_OK;
}

static coley_status scan_file(scan *s, coley_error *err)
{
    int more;
    classify(s);
    s->cap = FIRST_CAP;
    s->line = 1;
    if (!(s->base = coley_arena_alloc(s->arena, s->cap))) return COLEY_FAIL_MEMORY(err);
    for (;;) {
        COLEY_TRY(next_contig(s, &more, err));
        if (!more) break;
        COLEY_TRY(scan_contig(s, err));
    }
    if (!s->totals->n_contigs) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = s->file}, "is empty");
    if (!s->totals->n_bases)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = s->file}, "has names but no sequence");
    return COLEY_OK;
}

coley_status coley_sites_scan_bytes(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                    const coley_site_scan_options *options, coley_site_take take, void *self,
                                    coley_site_scan_totals *totals, coley_error *err)
{
    *totals = (coley_site_scan_totals){0};
    scan *s = COLEY_NEW(arena, scan, 1);
    if (!s) return COLEY_FAIL_MEMORY(err);
    *s = (scan){.arena = arena,
                .file = name,
                .block = bytes,
                .n_block = length,
                .options = options,
                .take = take,
                .self = self,
                .totals = totals};
    return scan_file(s, err);
}

coley_status coley_sites_scan(coley_arena *arena, const char *path, const coley_site_scan_options *options,
                              coley_site_take take, void *self, coley_site_scan_totals *totals, coley_error *err)
{
    const coley_place place = {.file = path};
    *totals = (coley_site_scan_totals){0};
    if (coley_path_is_remote(path))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "an address; only files of this machine are read: download it first");
    scan *s = COLEY_NEW(arena, scan, 1);
    char *room = coley_arena_alloc(arena, BLOCK);
    if (!s || !room) return COLEY_FAIL_MEMORY(err);
    *s = (scan){.arena = arena,
                .file = path,
                .block = room,
                .room = room,
                .options = options,
                .take = take,
                .self = self,
                .totals = totals};
    if (!(s->in = bgzf_open(path, "r")))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "could not be opened: %s", strerror(errno));
    coley_status status;
    if (s->in->is_compressed && !s->in->is_gzip && bgzf_check_EOF(s->in) == 0)
        status = COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                               "is cut short: the mark that ends a bgzip file is missing; copy or make the file again");
    else
        status = scan_file(s, err);
    bgzf_close(s->in);
    return status;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

const char coley_sites_heading[] = "chromosome\tlocation\trepeat_unit_length\trepeat_times\trepeat_unit_bases\t"
                                   "left_flank_bases\tright_flank_bases\tthreshold\tsupport_num\tfilter\n";

void coley_site_row_add(coley_text *text, const coley_site_row *row)
{
    coley_text_addf(text, "%s\t%lld\t%zu\t%lld\t%s\t%s\t%s\t-1\t-1\tPASS\n", row->contig, (long long)row->position,
                    strlen(row->unit), (long long)row->units, row->unit, row->left, row->right);
}
