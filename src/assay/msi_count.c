/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_count.c -- reads out of BAM, CRAM or SAM by HTSlib, held against the sites that they meet.
 *
 * Reads come sorted, so that the sites a read can meet are a window that only moves on. Each site of the window has a
 * row of counts in a ring; a site that is left behind is written down as the few lengths that were seen, and its row is
 * free. Matching as MSIsensor-pro (Jia 2020, Genomics Proteomics Bioinformatics 18:65), written anew: the flanks are
 * numbers of four bits a base that are compared at every base of the read. */
#include "assay/msi_count.h"

#include <errno.h>
#include <omp.h>
#include <string.h>
#include <sys/stat.h>

#include <htslib/hts.h>
#include <htslib/hts_log.h>
#include <htslib/sam.h>

#include "assay/msi_leap.h"
#include "base/text.h"

enum {
    NEAR = 110,     /* [bases] MSIsensor-pro's window about a site */
    BACK = 1000,    /* [bases] how far a site may lie before a read's first aligned base */
    RING = 1 << 13, /* sites under way at once */
    ROW = COLEY_MSI_MAX_LENGTH + 1,
    PIECE = 1 << 18, /* [bases] sites that one query asks for */
    GAP = 1 << 16,   /* [bases] without a site: worth a query of its own */
    LEFT_OUT = BAM_FUNMAP | BAM_FSECONDARY | BAM_FQCFAIL | BAM_FDUP | BAM_FSUPPLEMENTARY,
};

/* A run of sites of one contig. */
typedef struct piece {
    size_t first, end;
} piece;

typedef struct ring {
    uint32_t row[RING][ROW];
    uint32_t n_reads[RING];
} ring;

/* What one thread holds while it reads. */
typedef struct counter {
    coley_arena *arena; /* its own: what it writes down stays here until it is gathered */
    const coley_sites *sites;
    const coley_msi_count_options *options;
    const char *file;
    samFile *in;
    sam_hdr_t *header;
    hts_idx_t *index;
    bam1_t *read;
    ring *ring;
    coley_leap leap;
    uint8_t *bases;
    size_t cap_bases;
    coley_lengths *out; /* one a site, shared: each site belongs to one thread */
    const int *tid;     /* of each contig of the sites, -1: missing; shared */
    size_t low, high;   /* sites under way */
    size_t end;         /* of the run */
    int64_t last_position;
    int last_tid;
    uint64_t record; /* read so far */
    uint64_t n_reads, n_left_out, n_marked, n_spanning, n_recognised;
} counter;

static coley_status fail_read(const counter *c, coley_error *err, const char *what)
{
    const char *contig = c->last_tid >= 0 ? sam_hdr_tid2name(c->header, c->last_tid) : NULL;
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = c->file}, "record %llu%s%s%s%s: %s",
                         (unsigned long long)c->record + 1, c->index ? " of a query by the index" : "",
                         contig ? ", behind one on " : "", contig ? contig : "", "", what);
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static coley_status check_path(const char *path, coley_error *err)
{
    if (coley_path_is_remote(path) || strstr(path, HTS_IDX_DELIM))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = path},
                             "an address; only files of this machine are read: download it first");
    return COLEY_OK;
}

static coley_status open_reads(counter *c, coley_error *err)
{
    const coley_place place = {.file = c->file};
    errno = 0;
    if (!(c->in = sam_open(c->file, "r")))
        return errno == ENOEXEC || errno == 0
                   ? COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is no BAM, CRAM or SAM file")
                   : COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "could not be opened: %s", strerror(errno));
    const htsFormat *format = hts_get_format(c->in);
    if (format->category != sequence_data || (format->format != bam && format->format != cram && format->format != sam))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             format->format == empty_format ? "is empty" : "is no BAM, CRAM or SAM file");
    if (format->format == cram) {
        if (!c->options->reference)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                                 "is CRAM, which can't be read without its reference; name it with --reference");
        if (hts_set_fai_filename(c->in, c->options->reference) != 0)
            return COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.file = c->options->reference},
                                 "can't be used as the reference of a CRAM file; it needs an index (samtools faidx)");
        hts_set_opt(c->in, CRAM_OPT_REQUIRED_FIELDS, SAM_FLAG | SAM_RNAME | SAM_POS | SAM_CIGAR | SAM_SEQ);
        hts_set_opt(c->in, CRAM_OPT_DECODE_MD, 0);
    }
    if (!(c->header = sam_hdr_read(c->in)))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "has no header that can be read; was it cut short?");
    if (!(c->read = bam_init1())) return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}

static void close_reads(counter *c)
{
    coley_leap_end(&c->leap);
    if (c->read) bam_destroy1(c->read);
    if (c->index) hts_idx_destroy(c->index);
    if (c->header) sam_hdr_destroy(c->header);
    if (c->in) sam_close(c->in);
    c->read = NULL;
    c->index = NULL;
    c->header = NULL;
    c->in = NULL;
}

/* An index that is older than the file is not trusted. */
static void find_index(counter *c)
{
    static const char *const ending[] = {".bai", ".csi", ".crai"};
    struct stat file, index;
    const size_t length = strlen(c->file);
    int fresh = 0;
    if (hts_get_format(c->in)->format == sam || stat(c->file, &file) != 0) return;
    for (int i = 0; i < 3 && !fresh; i++) {
        char *beside = coley_arena_printf(c->arena, "%s%s", c->file, ending[i]);
        char *instead = coley_arena_printf(c->arena, "%.*s%s", (int)(length > 4 ? length - 4 : 0), c->file, ending[i]);
        if (!beside || !instead) return;
        fresh = (stat(beside, &index) == 0 && index.st_mtime >= file.st_mtime) ||
                (length > 4 && stat(instead, &index) == 0 && index.st_mtime >= file.st_mtime);
    }
    if (fresh) c->index = sam_index_load3(c->in, c->file, NULL, HTS_IDX_SILENT_FAIL);
}

static coley_status check_whole(counter *c, coley_error *err)
{
    if (hts_get_format(c->in)->format == sam) return COLEY_OK;
    if (hts_check_EOF(c->in) == 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.file = c->file},
                             "is cut short: the mark that ends the file is missing; copy or make the file again");
    return COLEY_OK;
}

/* The file's contig of each contig of the sites. */
static coley_status match_contigs(counter *c, int *tid, coley_msi_counts *counts, coley_error *err)
{
    const coley_sites *s = c->sites;
    size_t first_missing = s->n_contigs;
    for (size_t i = 0; i < s->n_contigs; i++) tid[i] = -1;
    for (int t = 0; t < sam_hdr_nref(c->header); t++) {
        const ptrdiff_t i = coley_sites_contig(s, sam_hdr_tid2name(c->header, t));
        if (i >= 0 && (tid[i] < 0 || strcmp(s->contig[i], sam_hdr_tid2name(c->header, t)) == 0)) tid[i] = t;
    }
    for (size_t i = s->n_contigs; i-- > 0;) {
        if (tid[i] >= 0) continue;
        first_missing = i;
        counts->n_missing_contigs++;
        counts->n_missing_sites += s->first[i + 1] - s->first[i];
    }
    if (counts->n_missing_contigs == s->n_contigs)
        return COLEY_FAIL_AT(
            err, COLEY_ERR_INPUT, (coley_place){.file = c->file},
            "has none of the contigs of %s (the first is %s; the file's first is %s): the sites are of "
            "another reference",
            s->file, s->contig[0], sam_hdr_nref(c->header) ? sam_hdr_tid2name(c->header, 0) : "none at all");
    if (first_missing < s->n_contigs && !c->options->skip_missing)
        return COLEY_FAIL_AT(
            err, COLEY_ERR_INPUT, (coley_place){.file = c->file},
            "has no contig %s, on which %s has sites (line %d); %zu contigs with %zu sites are missing. "
            "Is it the right reference? With --skip-missing they are left out",
            s->contig[first_missing], s->file, s->site[s->first[first_missing]].line, counts->n_missing_contigs,
            counts->n_missing_sites);
    for (size_t i = 0; i < s->n_contigs; i++) {
        const coley_site *last = &s->site[s->first[i + 1] - 1];
        const int64_t end = (int64_t)last->position + (int64_t)last->units * last->unit_length;
        const coley_place place = {.file = s->file, .line = last->line};
        if (tid[i] >= 0 && end > sam_hdr_tid2len(c->header, tid[i]))
            return COLEY_FAIL_AT(
                err, COLEY_ERR_INPUT, place,
                "the site ends at base %lld of %s, which has %lld in %s: the sites are of another reference",
                (long long)end, s->contig[i], (long long)sam_hdr_tid2len(c->header, tid[i]), c->file);
    }
    return COLEY_OK;
}

/* ---- one read ---------------------------------------------------------------------------------------------------- */

/* Units of the site from base `at` on, if the right flank stands behind them; else 0. */
static int units_at(const uint8_t *bases, size_t n, size_t at, const coley_site *site, int flank)
{
    const size_t k = site->unit_length;
    int units = 0;
    if (k == 1) {
        const size_t begin = at;
        while (at < n && bases[at] == site->unit[0]) at++;
        units = (int)(at - begin);
    } else {
        for (; at + k <= n; at += k, units++) {
            size_t i = 0;
            while (i < k && bases[at + i] == site->unit[i]) i++;
            if (i < k) break;
        }
    }
    if (!units || at + (size_t)flank > n) return 0;
    uint64_t right = 0;
    for (int i = 0; i < flank; i++) right = right << 4 | bases[at + (size_t)i];
    return right == site->right ? units : 0;
}

/* Units that the site repeats in a read of n bases, behind which there are 8 bytes of room; 0 when it is not there. The
 * first 8 bases of the left flank are one number. */
static int match(const uint8_t *bases, size_t n, const coley_site *site, int flank)
{
    const int head = flank < 8 ? flank : 8;
    uint8_t left[COLEY_SITE_MAX_FLANK], ones[8] = {0};
    uint64_t want = 0, mask, here;
    for (int i = 0; i < flank; i++) left[i] = site->left >> 4 * (flank - 1 - i) & 15;
    memset(ones, 0xff, (size_t)head);
    memcpy(&want, left, (size_t)head);
    memcpy(&mask, ones, sizeof mask);
    for (size_t i = 0; i + (size_t)flank <= n; i++) {
        memcpy(&here, bases + i, sizeof here);
        if ((here & mask) != want || memcmp(bases + i, left, (size_t)flank) != 0) continue;
        const int units = units_at(bases, n, i + (size_t)flank, site, flank);
        if (units) return units;
    }
    return 0;
}

/* The read's bases as codes, one a byte. */
static coley_status unpack(counter *c, size_t n, coley_error *err)
{
    const uint8_t *packed = bam_get_seq(c->read);
    if (!COLEY_RESERVE(c->arena, c->bases, c->cap_bases, n + 16)) return COLEY_FAIL_MEMORY(err);
    uint8_t *bases = c->bases;
    for (size_t i = 0; i < (n + 1) / 2; i++) {
        bases[2 * i] = packed[i] >> 4;
        bases[2 * i + 1] = packed[i] & 15;
    }
    return COLEY_OK;
}

/* Write a site that is left behind down. */
static coley_status leave(counter *c, size_t site, coley_error *err)
{
    uint32_t *row = c->ring->row[site % RING];
    coley_lengths *out = &c->out[site];
    uint32_t n = 0;
    *out = (coley_lengths){.n_reads = c->ring->n_reads[site % RING]};
    if (!out->n_reads) return COLEY_OK;
    for (int units = 1; units < ROW; units++) out->n_kinds += row[units] != 0;
    coley_length_count *kind = COLEY_NEW(c->arena, coley_length_count, out->n_kinds);
    if (!kind) return COLEY_FAIL_MEMORY(err);
    for (uint32_t units = 1; units < ROW; units++)
        if (row[units]) kind[n++] = (coley_length_count){.units = units, .reads = row[units]};
    out->kind = kind;
    memset(row, 0, sizeof c->ring->row[0]);
    c->ring->n_reads[site % RING] = 0;
    return COLEY_OK;
}

/* First and last base of the read as if clipped ends were aligned. */
static void extent(const bam1_t *read, int64_t *begin, int64_t *end)
{
    const uint32_t *cigar = bam_get_cigar(read);
    const uint32_t n = read->core.n_cigar;
    *begin = read->core.pos;
    *end = bam_endpos(read);
    for (uint32_t i = 0;
         i < n && (bam_cigar_op(cigar[i]) == BAM_CSOFT_CLIP || bam_cigar_op(cigar[i]) == BAM_CHARD_CLIP); i++)
        if (bam_cigar_op(cigar[i]) == BAM_CSOFT_CLIP) *begin -= bam_cigar_oplen(cigar[i]);
    for (uint32_t i = n;
         i-- > 0 && (bam_cigar_op(cigar[i]) == BAM_CSOFT_CLIP || bam_cigar_op(cigar[i]) == BAM_CHARD_CLIP);)
        if (bam_cigar_op(cigar[i]) == BAM_CSOFT_CLIP) *end += bam_cigar_oplen(cigar[i]);
}

/* Hold the read against the sites under way. */
static coley_status take_read(counter *c, coley_error *err)
{
    const coley_site *site = c->sites->site;
    const bam1_core_t *core = &c->read->core;
    const int near = c->options->reads == COLEY_MSI_READS_NEAR, flank = c->sites->flank;
    const size_t n = (size_t)core->l_qseq;
    int64_t begin = core->pos - NEAR, end = core->pos + NEAR + 1;
    int unpacked = 0;
    if (!near) {
        extent(c->read, &begin, &end);
        if (begin < core->pos - BACK) begin = core->pos - BACK;
    }
    while (c->low < c->end && site[c->low].position < core->pos - BACK - NEAR &&
           site[c->low].position + (int64_t)site[c->low].units * site[c->low].unit_length < core->pos - BACK)
        COLEY_TRY(leave(c, c->low++, err));
    for (size_t i = c->low; i < c->end && site[i].position < end; i++) {
        const int64_t site_end = site[i].position + (int64_t)site[i].units * site[i].unit_length;
        if (near ? site[i].position < begin : site_end <= begin) continue;
        if (i - c->low >= RING)
            return fail_read(c, err, "the read lies over more than 8192 sites; too many for this assay");
        if (!unpacked++) COLEY_TRY(unpack(c, n, err));
        const int units = match(c->bases, n, &site[i], flank);
        const int spanning =
            core->pos <= site[i].position - flank && (near ? bam_endpos(c->read) : end) >= site_end + flank;
        c->n_spanning += (uint64_t)spanning;
        if (!units) continue;
        c->n_recognised += (uint64_t)spanning;
        if (units > COLEY_MSI_MAX_LENGTH) continue;
        c->ring->row[i % RING][units]++;
        c->ring->n_reads[i % RING]++;
    }
    return COLEY_OK;
}

static coley_status leave_all(counter *c, coley_error *err)
{
    while (c->low < c->end) COLEY_TRY(leave(c, c->low++, err));
    return COLEY_OK;
}

/* Count the read as one that was read; is it one to look at? */
static int is_wanted(counter *c)
{
    const bam1_core_t *core = &c->read->core;
    const uint16_t mask = c->options->reads == COLEY_MSI_READS_NEAR ? BAM_FUNMAP : LEFT_OUT;
    const int wanted = !(core->flag & mask) && core->l_qseq > 0;
    c->record++;
    c->n_reads++;
    c->n_left_out += (uint64_t)!wanted;
    c->n_marked += wanted && (core->flag & LEFT_OUT);
    return wanted;
}

static coley_status check_order(counter *c, coley_error *err)
{
    const bam1_core_t *core = &c->read->core;
    if (core->tid >= 0 &&
        (c->last_tid < 0 ? c->last_tid == -2
                         : core->tid < c->last_tid || (core->tid == c->last_tid && core->pos < c->last_position)))
        return fail_read(c, err,
                         "it lies before the one above it: the file is not sorted by position; "
                         "sort it (samtools sort)");
    c->last_tid = core->tid < 0 ? -2 : core->tid; /* those without a place come last */
    c->last_position = core->pos;
    return COLEY_OK;
}

/* Where the next read lies that is wanted, when reads up to `position` have been taken; -1: none. */
static int64_t next_wanted(const counter *c, int64_t position)
{
    const coley_site *site = c->sites->site;
    size_t i = c->low;
    while (i < c->end && site[i].position + NEAR < position) i++;
    if (i == c->end) return -1;
    return site[i].position - NEAR > position ? site[i].position - NEAR : position;
}

/* ---- with and without an index ----------------------------------------------------------------------------------- */

static coley_status count_piece(counter *c, const piece *p, coley_error *err)
{
    const coley_site *site = c->sites->site;
    const coley_site *last = &site[p->end - 1];
    const int64_t from = site[p->first].position - BACK;
    const int64_t to = last->position + (int64_t)last->units * last->unit_length + BACK;
    const int tid = c->tid[site[p->first].contig];
    c->low = p->first;
    c->end = p->end;
    c->last_tid = -1;
    c->record = 0;
    hts_itr_t *query = sam_itr_queryi(c->index, tid, from < 0 ? 0 : from, to);
    if (!query) return fail_read(c, err, "the index has no such contig; make the index again (samtools index)");
    coley_status status = COLEY_OK;
    const int near = c->options->reads == COLEY_MSI_READS_NEAR;
    int got = 0;
    coley_leap_reset(&c->leap);
    while (status == COLEY_OK && (got = sam_itr_next(c->in, query, c->read)) >= 0) {
        status = check_order(c, err);
        if (status == COLEY_OK && is_wanted(c)) status = take_read(c, err);
        const int64_t at = c->read->core.pos;
        if (!near || !coley_leap_at_block(&c->leap, c->in, at)) continue;
        const int64_t wanted = next_wanted(c, at);
        if (wanted < 0) break;
        if (wanted > at) coley_leap_to(&c->leap, c->in, query, tid, at, wanted);
    }
    hts_itr_destroy(query);
    if (status == COLEY_OK && got < -1)
        status = fail_read(c, err, "it can't be read: the file is damaged or cut short");
    return status == COLEY_OK ? leave_all(c, err) : status;
}

static coley_status count_stream(counter *c, coley_error *err)
{
    const size_t n_contigs = c->sites->n_contigs;
    int got, tid = -1;
    c->last_tid = -1;
    c->low = c->end = 0;
    while ((got = sam_read1(c->in, c->header, c->read)) >= 0) {
        COLEY_TRY(check_order(c, err));
        if (c->read->core.tid >= 0 && c->read->core.tid != tid) {
            COLEY_TRY(leave_all(c, err));
            tid = c->read->core.tid;
            for (size_t i = 0; i < n_contigs; i++)
                if (c->tid[i] == tid) {
                    c->low = c->sites->first[i];
                    c->end = c->sites->first[i + 1];
                }
        }
        if (is_wanted(c) && c->low < c->end) COLEY_TRY(take_read(c, err));
    }
    if (got < -1) return fail_read(c, err, "it can't be read: the file is damaged or cut short");
    return leave_all(c, err);
}

/* Sites of one contig, near enough for one query. */
static coley_status cut_pieces(coley_arena *arena, const coley_sites *sites, const int *tid, piece **pieces, size_t *n,
                               coley_error *err)
{
    size_t cap = 0;
    *pieces = NULL;
    *n = 0;
    for (size_t i = 0; i < sites->n; i++) {
        const coley_site *s = &sites->site[i];
        if (tid[s->contig] < 0) continue;
        piece *open = *n ? &(*pieces)[*n - 1] : NULL;
        const coley_site *first = open ? &sites->site[open->first] : NULL;
        if (open && open->end == i && first->contig == s->contig && s->position - first->position < PIECE &&
            s->position - sites->site[i - 1].position < GAP) {
            open->end = i + 1;
            continue;
        }
        if (!COLEY_RESERVE(arena, *pieces, cap, *n + 1)) return COLEY_FAIL_MEMORY(err);
        (*pieces)[(*n)++] = (piece){.first = i, .end = i + 1};
    }
    return COLEY_OK;
}

/* Threads take pieces in turn; the error of the first piece that failed is the error. */
static coley_status count_indexed(counter *c, size_t n_threads, const piece *pieces, size_t n, coley_error *err)
{
    size_t failed = n;
    coley_error first = {0};
    coley_progress_begin(c[0].options->progress, "reads", n);
#pragma omp parallel num_threads((int)n_threads)
    {
        counter *own = &c[omp_get_thread_num()];
        coley_error why = {0};
#pragma omp for schedule(dynamic, 1)
        for (size_t i = 0; i < n; i++) {
            size_t stop;
#pragma omp atomic read
            stop = failed;
            if (i > stop) continue;
            if (count_piece(own, &pieces[i], &why) != COLEY_OK) {
#pragma omp critical
                if (i < failed) {
                    first = why;
#pragma omp atomic write
                    failed = i;
                }
            }
            coley_progress_add(own->options->progress, 1);
        }
    }
    coley_progress_end(c[0].options->progress);
    if (failed == n) return COLEY_OK;
    if (err) *err = first;
    return first.code;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* Move what the threads wrote down into the caller's arena. */
static coley_status gather(coley_arena *arena, counter *c, size_t n_threads, coley_msi_counts *counts, size_t n_sites,
                           coley_error *err)
{
    size_t n_kinds = 0, at = 0;
    for (size_t i = 0; i < n_sites; i++) n_kinds += counts->site[i].n_kinds;
    coley_length_count *kind = COLEY_NEW(arena, coley_length_count, n_kinds);
    if (!kind) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_sites; i++) {
        coley_lengths *l = &counts->site[i];
        if (l->n_kinds) memcpy(kind + at, l->kind, l->n_kinds * sizeof *kind);
        l->kind = kind + at;
        at += l->n_kinds;
    }
    for (size_t t = 0; t < n_threads; t++) {
        counts->n_reads += c[t].n_reads;
        counts->n_left_out += c[t].n_left_out;
        counts->n_marked += c[t].n_marked;
        counts->n_spanning += c[t].n_spanning;
        counts->n_recognised += c[t].n_recognised;
    }
    return COLEY_OK;
}

static coley_status open_counter(coley_arena *arena, counter *c, coley_error *err)
{
    c->arena = arena;
    if (!(c->ring = COLEY_NEW(arena, ring, 1))) return COLEY_FAIL_MEMORY(err);
    return open_reads(c, err);
}

static coley_status count_with(counter *c, size_t cap, coley_arena *arena, coley_msi_counts *counts, coley_error *err)
{
    const coley_sites *sites = c[0].sites;
    int *tid = COLEY_NEW(arena, int, sites->n_contigs);
    piece *pieces = NULL;
    size_t n_pieces = 0, n_threads = cap;
    if (!tid) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(check_whole(&c[0], err));
    COLEY_TRY(match_contigs(&c[0], tid, counts, err));
    find_index(&c[0]);
    counts->indexed = c[0].index != NULL;
    for (size_t t = 0; t < cap; t++) {
        c[t].tid = tid;
        c[t].out = counts->site;
    }
    if (!counts->indexed) {
        if (cap > 1 && hts_set_threads(c[0].in, (int)cap - 1) != 0) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(count_stream(&c[0], err));
        return gather(arena, c, 1, counts, sites->n, err);
    }
    COLEY_TRY(cut_pieces(arena, sites, tid, &pieces, &n_pieces, err));
    if (n_threads > n_pieces) n_threads = n_pieces;
    for (size_t t = 1; t < n_threads; t++) {
        COLEY_TRY(open_counter(c[t].arena, &c[t], err));
        if (!(c[t].index = sam_index_load3(c[t].in, c[t].file, NULL, HTS_IDX_SILENT_FAIL)))
            return COLEY_FAIL_MEMORY(err);
    }
    for (size_t t = 0; t < n_threads; t++) c[t].leap = coley_leap_begin(c[t].file, c[t].in);
    COLEY_TRY(count_indexed(c, n_threads, pieces, n_pieces, err));
    return gather(arena, c, n_threads, counts, sites->n, err);
}

coley_status coley_msi_count(coley_arena *arena, const char *path, const coley_sites *sites,
                             const coley_msi_count_options *options, coley_msi_counts *counts, coley_error *err)
{
    const size_t cap = options->n_threads > 1 ? (size_t)options->n_threads : 1;
    coley_status status = COLEY_OK;
    *counts = (coley_msi_counts){.file = path};
    counter *c = COLEY_NEW(arena, counter, cap);
    counts->site = COLEY_NEW(arena, coley_lengths, sites->n);
    if (!c || !counts->site) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(check_path(path, err));
    if (options->reference) COLEY_TRY(check_path(options->reference, err));
    hts_set_log_level(HTS_LOG_OFF);
    for (size_t t = 0; t < cap; t++) {
        c[t] = (counter){.arena = coley_arena_create(),
                         .sites = sites,
                         .options = options,
                         .file = path,
                         .leap = {.descriptor = -1}};
        if (!c[t].arena) status = COLEY_FAIL_MEMORY(err);
    }
    if (status == COLEY_OK) status = open_counter(c[0].arena, &c[0], err);
    if (status == COLEY_OK) status = count_with(c, cap, arena, counts, err);
    for (size_t t = 0; t < cap; t++) {
        close_reads(&c[t]);
        coley_arena_destroy(c[t].arena);
    }
    return status;
}
