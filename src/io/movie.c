/* SPDX-License-Identifier: GPL-3.0-or-later */
/* movie.c -- signature, IHDR, acTL (how many), then for each picture fcTL (size, delay) and its pixels, IDAT for the
 * first and fdAT for the others, then IEND. Chunks of animation count on from 0: picture k > 0 has 2 k - 1 and 2 k. */
#include "io/movie.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "io/png.h"

/* acTL stands behind the signature (8 bytes) and IHDR (12 + 13). */
enum { CONTROL_AT = 33, CONTROL_LENGTH = 20, FIRST_AT = 53, END_LENGTH = 12 };

static coley_status fail(const coley_movie *m, const char *what, coley_error *err)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = m->path}), "cannot %s: %s", what, strerror(errno));
}

static void add_control(coley_text *out, uint32_t n)
{
    uint8_t bytes[8] = {0}; /* played again and again */
    coley_png_word(bytes, n);
    coley_png_add_chunk(out, "acTL", bytes, sizeof bytes);
}

static void add_picture(coley_text *out, uint32_t k, const coley_raster *p, int ms)
{
    uint8_t frame[26] = {0}, sequence[4];
    coley_png_word(frame, k ? 2 * k - 1 : 0);
    coley_png_word(frame + 4, (uint32_t)p->width);
    coley_png_word(frame + 8, (uint32_t)p->height);
    frame[20] = (uint8_t)(ms >> 8);
    frame[21] = (uint8_t)ms;
    frame[22] = 1000 >> 8;
    frame[23] = 1000 & 255;
    coley_png_add_chunk(out, "fcTL", frame, sizeof frame);
    coley_png_word(sequence, 2 * k);
    coley_png_add_pixels(out, k ? "fdAT" : "IDAT", sequence, k ? 4 : 0, p, (coley_png_part){0, 0, p->width, p->height});
}

static uint32_t word_at(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int read_at(int fd, uint64_t at, uint8_t *bytes, size_t n)
{
    return pread(fd, bytes, n, (off_t)at) == (ssize_t)n;
}

/* Find the end of the first `keep` whole pictures of a file that this has made; 0 if it is another's. */
static int scan(int fd, uint32_t keep, coley_movie *m)
{
    uint8_t head[FIRST_AT], chunk[8];
    const off_t size = lseek(fd, 0, SEEK_END);
    if (!read_at(fd, 0, head, sizeof head) || memcmp(head, "\x89PNG\r\n\x1a\n", 8) || memcmp(head + 12, "IHDR", 4) ||
        memcmp(head + CONTROL_AT + 4, "acTL", 4))
        return 0;
    m->width = (int)(word_at(head + 16) & 0x7fffffff);
    m->height = (int)(word_at(head + 20) & 0x7fffffff);
    const uint32_t noted = word_at(head + CONTROL_AT + 8);
    m->end = FIRST_AT;
    for (uint64_t at = FIRST_AT; m->n < keep && m->n < noted;) {
        if (!read_at(fd, at, chunk, 8) || memcmp(chunk + 4, "fcTL", 4)) break;
        at += 12 + (uint64_t)word_at(chunk);
        if (!read_at(fd, at, chunk, 8) || memcmp(chunk + 4, m->n ? "fdAT" : "IDAT", 4)) break;
        at += 12 + (uint64_t)word_at(chunk);
        if (at > (uint64_t)size) break;
        m->end = at;
        m->n++;
    }
    return 1;
}

static int write_at(int fd, uint64_t at, const char *bytes, size_t n)
{
    while (n) {
        const ssize_t put = pwrite(fd, bytes, n, (off_t)at);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return 0;
        at += (uint64_t)put;
        bytes += put;
        n -= (size_t)put;
    }
    return 1;
}

coley_status coley_movie_open(coley_arena *arena, const char *path, int ms, uint32_t keep, coley_movie *m,
                              coley_error *err)
{
    *m = (coley_movie){.path = coley_arena_text(arena, path, strlen(path)), .ms = ms};
    if (!m->path) return COLEY_FAIL_MEMORY(err);
    if (ms < 1 || ms > 65535)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "a picture stays %d ms: allowed are 1 to 65535", ms);
    if (!keep) return COLEY_OK;
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return COLEY_OK;
    if (fd < 0) return fail(m, "open", err);
    coley_text text = {.arena = arena};
    coley_status status = COLEY_OK;
    if (!scan(fd, keep, m)) {
        status = COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = path}),
                               "this is no animation that Coley has made; name another file");
    } else if (m->n) {
        add_control(&text, m->n);
        coley_png_add_chunk(&text, "IEND", NULL, 0);
        if (text.failed)
            status = COLEY_FAIL_MEMORY(err);
        else if (!write_at(fd, CONTROL_AT, text.data, CONTROL_LENGTH) ||
                 !write_at(fd, m->end, text.data + CONTROL_LENGTH, END_LENGTH) ||
                 ftruncate(fd, (off_t)m->end + END_LENGTH))
            status = fail(m, "write", err);
    }
    close(fd);
    return status;
}

static coley_status begin(coley_arena *scratch, coley_movie *m, const coley_raster *picture, coley_error *err)
{
    coley_text out = {.arena = scratch};
    coley_png_add_signature(&out);
    coley_png_add_header(&out, picture->width, picture->height);
    add_control(&out, 1);
    add_picture(&out, 0, picture, m->ms);
    const size_t end = out.length;
    coley_png_add_chunk(&out, "IEND", NULL, 0);
    if (out.failed) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_file_write(m->path, out.data, out.length, err));
    m->width = picture->width;
    m->height = picture->height;
    m->end = end;
    m->n = 1;
    return COLEY_OK;
}

coley_status coley_movie_add(coley_arena *scratch, coley_movie *m, const coley_raster *picture, coley_error *err)
{
    if (!m->n) return begin(scratch, m, picture, err);
    if (picture->width != m->width || picture->height != m->height)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = m->path}),
                             "a picture of %d x %d pixels in an animation of %d x %d", picture->width, picture->height,
                             m->width, m->height);
    coley_text out = {.arena = scratch}, control = {.arena = scratch};
    add_picture(&out, m->n, picture, m->ms);
    const size_t length = out.length;
    coley_png_add_chunk(&out, "IEND", NULL, 0);
    add_control(&control, m->n + 1);
    if (out.failed || control.failed) return COLEY_FAIL_MEMORY(err);
    const int fd = open(m->path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return fail(m, "open", err);
    coley_status status = COLEY_OK;
    if (!write_at(fd, m->end + END_LENGTH, out.data + END_LENGTH, out.length - END_LENGTH) || fsync(fd) ||
        !write_at(fd, m->end, out.data, END_LENGTH) || !write_at(fd, CONTROL_AT, control.data, CONTROL_LENGTH))
        status = fail(m, "write", err);
    if (status != COLEY_OK && ftruncate(fd, (off_t)m->end + END_LENGTH)) status = fail(m, "write", err);
    close(fd);
    if (status != COLEY_OK) return status;
    m->end += length;
    m->n++;
    return COLEY_OK;
}
