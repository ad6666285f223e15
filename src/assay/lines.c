/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lines.c -- blocks out of HTSlib's readers, cut into lines in place. */
#include "assay/lines.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <htslib/bgzf.h>
#include <htslib/hfile.h>
#include <htslib/hts.h>
#include <htslib/hts_log.h>
#include <htslib/vcf.h>

enum { BLOCK = 1 << 18, MAX_LINE = 1 << 28, LARGE = 1 << 20, BLOCKS_AHEAD = 32 };

struct coley_lines {
    coley_arena *arena;
    const char *file;
    BGZF *text;   /* a text file */
    htsFile *bcf; /* or a BCF file, whose records are written out */
    bcf_hdr_t *header;
    bcf1_t *record;
    kstring_t written;
    char *buffer;
    size_t cap, begin, end;
    int at_end; /* no more bytes will come */
    int line;
    long long size; /* of the file, 0 when it is none */
};

coley_place coley_lines_place(const coley_lines *lines)
{
    return (coley_place){.file = lines->file, .line = lines->line};
}

int coley_path_is_remote(const char *path)
{
    size_t n = 0;
    while (isalnum((unsigned char)path[n]) || path[n] == '+' || path[n] == '-' || path[n] == '.') n++;
    return n > 1 && path[n] == ':' && (path[n + 1] == '/' || !strncmp(path, "data:", 5) || !strncmp(path, "s3", 2));
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static coley_status open_local(const char *path, int *descriptor, long long *size, coley_error *err)
{
    const coley_place place = {.file = path};
    struct stat status;
    if (!strcmp(path, "-")) {
        *descriptor = dup(STDIN_FILENO);
    } else {
        if (coley_path_is_remote(path))
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                                 "an address; only files of this machine are read: download it first");
        *descriptor = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (*descriptor < 0) return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "could not be opened: %s", strerror(errno));
    const int known = fstat(*descriptor, &status) == 0;
    *size = known && S_ISREG(status.st_mode) ? (long long)status.st_size : 0;
    if (known && S_ISDIR(status.st_mode)) {
        close(*descriptor);
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "is a folder, not a file");
    }
    return COLEY_OK;
}

static coley_status open_bcf(coley_lines *l, hFILE *bytes, coley_error *err)
{
    const coley_place place = {.file = l->file};
    if (!(l->bcf = hts_hopen(bytes, l->file, "r")) || !(l->header = bcf_hdr_read(l->bcf)) || !(l->record = bcf_init()))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is BCF with a header that can't be read; was it cut short?");
    if (bcf_hdr_format(l->header, 0, &l->written) < 0) return COLEY_FAIL_MEMORY(err);
    l->buffer = l->written.s;
    l->end = l->written.l;
    return COLEY_OK;
}

static coley_status open_text(coley_lines *l, hFILE *bytes, coley_error *err)
{
    const coley_place place = {.file = l->file};
    if (!(l->text = bgzf_hopen(bytes, "r")))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "can't be read as text or gzip");
    if (l->text->is_compressed && !l->text->is_gzip && bgzf_check_EOF(l->text) == 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "is cut short: the mark that ends a bgzip file is missing; copy or make the file again");
    /* A large file is unpacked by a thread of its own, ahead of what is read; without it nothing but the time differs.
     */
    if (l->size > LARGE && l->text->is_compressed && !l->text->is_gzip) (void)!bgzf_mt(l->text, 1, BLOCKS_AHEAD);
    l->cap = BLOCK;
    if (!(l->buffer = coley_arena_alloc(l->arena, l->cap + 1))) return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}

static coley_status open_bytes(coley_lines *l, hFILE *bytes, coley_error *err)
{
    const coley_place place = {.file = l->file};
    htsFormat format;
    if (hts_detect_format(bytes, &format) < 0) {
        hclose_abruptly(bytes);
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "could not be read: %s", strerror(errno));
    }
    if (format.format == bcf) return open_bcf(l, bytes, err);
    if (format.format == bam || format.format == cram || format.format == sam || format.format == empty_format) {
        hclose_abruptly(bytes);
        return format.format == empty_format
                   ? COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is empty")
                   : COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "holds reads (SAM, BAM or CRAM), not variants");
    }
    return open_text(l, bytes, err);
}

coley_status coley_lines_open(coley_arena *arena, const char *path, coley_lines **lines, coley_error *err)
{
    coley_lines *l = COLEY_NEW(arena, coley_lines, 1);
    int descriptor = -1;
    *lines = NULL;
    if (!l) return COLEY_FAIL_MEMORY(err);
    l->arena = arena;
    l->file = path;
    hts_set_log_level(HTS_LOG_OFF);
    COLEY_TRY(open_local(path, &descriptor, &l->size, err));
    hFILE *bytes = hdopen(descriptor, "r");
    if (!bytes) {
        close(descriptor);
        return COLEY_FAIL_MEMORY(err);
    }
    const coley_status status = open_bytes(l, bytes, err);
    if (status != COLEY_OK)
        coley_lines_close(l);
    else
        *lines = l;
    return status;
}

coley_status coley_lines_of_bytes(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                  coley_lines **lines, coley_error *err)
{
    coley_lines *l = COLEY_NEW(arena, coley_lines, 1);
    if (!l || !(l->buffer = coley_arena_text(arena, bytes, length))) return COLEY_FAIL_MEMORY(err);
    l->arena = arena;
    l->file = name;
    l->end = l->cap = length;
    l->at_end = 1;
    *lines = l;
    return COLEY_OK;
}

void coley_lines_close(coley_lines *l)
{
    if (!l) return;
    if (l->text) bgzf_close(l->text);
    if (l->record) bcf_destroy(l->record);
    if (l->header) bcf_hdr_destroy(l->header);
    if (l->bcf) hts_close(l->bcf);
    hts_free(l->written.s);
    l->text = NULL;
    l->bcf = NULL;
    l->header = NULL;
    l->record = NULL;
    l->written = (kstring_t){0};
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* More bytes behind `end`; a line that fills the buffer makes it grow. */
static coley_status refill_text(coley_lines *l, coley_error *err)
{
    const size_t kept = l->end - l->begin;
    if (l->begin) memmove(l->buffer, l->buffer + l->begin, kept);
    l->begin = 0;
    l->end = kept;
    if (kept == l->cap) {
        if (l->cap >= MAX_LINE)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(l), "a line is longer than %d MiB",
                                 MAX_LINE >> 20);
        char *grown = coley_arena_grow(l->arena, l->buffer, l->cap, 2 * l->cap + 1);
        if (!grown) return COLEY_FAIL_MEMORY(err);
        l->buffer = grown;
        l->cap *= 2;
    }
    const ssize_t n = bgzf_read(l->text, l->buffer + kept, l->cap - kept);
    if (n < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(l),
                             "what follows this line can't be unpacked: the file is cut short or damaged");
    l->end += (size_t)n;
    l->at_end = n == 0;
    return COLEY_OK;
}

static coley_status refill_bcf(coley_lines *l, coley_error *err)
{
    const int status = bcf_read(l->bcf, l->header, l->record);
    l->begin = l->end = 0;
    if (status < -1)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(l),
                             "what follows this record can't be read: the file is cut short or damaged");
    l->at_end = status == -1;
    if (l->at_end) return COLEY_OK;
    l->written.l = 0;
    if (vcf_format(l->header, l->record, &l->written) < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(l), "the next record can't be written as VCF");
    l->buffer = l->written.s;
    l->end = l->written.l;
    return COLEY_OK;
}

coley_status coley_lines_next(coley_lines *l, char **line, size_t *length, coley_error *err)
{
    char *newline = NULL;
    size_t seen = 0; /* bytes from `begin` in which there is no end of line */
    while (!l->at_end && !(newline = memchr(l->buffer + l->begin + seen, '\n', l->end - l->begin - seen))) {
        seen = l->end - l->begin;
        COLEY_TRY(l->bcf ? refill_bcf(l, err) : refill_text(l, err));
        if (l->bcf) seen = 0;
    }
    if (!newline && l->end > l->begin) newline = memchr(l->buffer + l->begin, '\n', l->end - l->begin);
    *line = NULL;
    *length = 0;
    if (l->at_end && l->begin == l->end) return COLEY_OK;
    char *const from = l->buffer + l->begin;
    size_t n = newline ? (size_t)(newline - from) : l->end - l->begin;
    l->begin += newline ? n + 1 : n;
    l->line++;
    if (n && from[n - 1] == '\r') n--;
    if (memchr(from, 0, n))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(l), "a byte of value 0; this is no text file");
    from[n] = '\0';
    *line = from;
    *length = n;
    return COLEY_OK;
}
