/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_movie.c -- every picture of the animation is found again, and a kill at any moment leaves one that is whole. */
#include "io/movie.h"

#include "base/text.h"
#include "io/png.h"
#include "support/check.h"
#include "support/png_read.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

static char path[64];
static coley_error err;
enum { WIDTH = 40, HEIGHT = 30 };

static coley_raster picture(coley_arena *arena, int k)
{
    coley_raster r = coley_raster_create(arena, WIDTH, HEIGHT, (coley_rgb){255, 255, 255});
    coley_raster_disc(&r, 3 + k % 30, 15, 6, (coley_rgb){200, (uint8_t)(10 * k), 30}, 1);
    return r;
}

static uint32_t word(const char *p)
{
    const unsigned char *q = (const unsigned char *)p;
    return (uint32_t)q[0] << 24 | (uint32_t)q[1] << 16 | (uint32_t)q[2] << 8 | q[3];
}

typedef struct film {
    uint32_t noted, n; /* by acTL, by counting */
    int whole;         /* an end mark, and every checksum right before it */
    const char *pixels[4096];
    size_t length[4096];
} film;

static film look(const char *bytes, size_t length)
{
    film f = {0};
    uint32_t next = 0;
    for (size_t at = 8; at + 12 <= length;) {
        const size_t n = word(bytes + at);
        const char *name = bytes + at + 4, *data = name + 4;
        if (n > length - at - 12) break;
        CHECK(word(data + n) == crc32(crc32(0, (const Bytef *)name, 4), (const Bytef *)data, (uInt)n) || !n);
        if (!memcmp(name, "acTL", 4)) f.noted = word(data);
        if (!memcmp(name, "fcTL", 4) || !memcmp(name, "fdAT", 4)) CHECK(word(data) == next++);
        if (!memcmp(name, "fcTL", 4))
            CHECK(word(data + 4) == WIDTH && word(data + 8) == HEIGHT && word(data + 20) >> 16 == 80);
        const int first = !memcmp(name, "IDAT", 4);
        if (first || !memcmp(name, "fdAT", 4)) {
            f.pixels[f.n] = first ? data : data + 4;
            f.length[f.n++] = first ? n : n - 4;
        }
        if (!memcmp(name, "IEND", 4)) {
            f.whole = 1;
            break;
        }
        at += 12 + n;
    }
    return f;
}

/* A picture of the film, put into a still of its own, as libpng reads it. */
static int is_picture(coley_arena *arena, const film *f, uint32_t k)
{
    coley_text still = {.arena = arena};
    coley_png_add_signature(&still);
    coley_png_add_header(&still, WIDTH, HEIGHT);
    coley_png_add_chunk(&still, "IDAT", f->pixels[k], f->length[k]);
    coley_png_add_chunk(&still, "IEND", NULL, 0);
    const coley_raster read = png_read(arena, still.data, still.length), wanted = picture(arena, (int)k);
    return read.rgb && !memcmp(read.rgb, wanted.rgb, 3 * WIDTH * HEIGHT);
}

static void add(coley_arena *arena, uint32_t keep, int from, int to)
{
    coley_movie movie;
    CHECK(coley_movie_open(arena, path, 80, keep, &movie, &err) == COLEY_OK);
    for (int k = from; k < to; k++) {
        const coley_raster r = picture(arena, k);
        CHECK(coley_movie_add(arena, &movie, &r, &err) == COLEY_OK);
    }
}

static void every_picture_is_there_in_its_order(void)
{
    coley_arena *arena = coley_arena_create();
    char *bytes = NULL;
    size_t length = 0;
    add(arena, 0, 0, 7);
    CHECK(coley_file_read(arena, path, 1 << 24, &bytes, &length, &err) == COLEY_OK);
    const film f = look(bytes, length);
    CHECK(f.whole && f.n == 7 && f.noted == 7);
    for (uint32_t k = 0; k < 7; k++) CHECK(is_picture(arena, &f, k));
    const coley_raster still = png_read(arena, bytes, length), first = picture(arena, 0);
    CHECK(still.rgb && !memcmp(still.rgb, first.rgb, 3 * WIDTH * HEIGHT));
    coley_arena_destroy(arena);
}

static void a_run_taken_up_again_gives_the_same_film(void)
{
    coley_arena *arena = coley_arena_create();
    char *whole = NULL, *again = NULL;
    size_t n_whole = 0, n_again = 0;
    add(arena, 0, 0, 7);
    CHECK(coley_file_read(arena, path, 1 << 24, &whole, &n_whole, &err) == COLEY_OK);
    add(arena, 3, 3, 7);
    CHECK(coley_file_read(arena, path, 1 << 24, &again, &n_again, &err) == COLEY_OK);
    CHECK(n_whole == n_again && !memcmp(whole, again, n_whole));
    CHECK(truncate(path, (off_t)n_whole - 20) == 0); /* as if its last picture had not been written out */
    add(arena, 7, 6, 7);
    CHECK(coley_file_read(arena, path, 1 << 24, &again, &n_again, &err) == COLEY_OK);
    CHECK(n_whole == n_again && !memcmp(whole, again, n_whole));
    coley_arena_destroy(arena);
}

static void a_kill_leaves_a_whole_film(void)
{
    coley_arena *arena = coley_arena_create();
    for (int round = 0; round < 6; round++) {
        unlink(path);
        const pid_t child = fork();
        if (child == 0) {
            add(arena, 0, 0, 1 << 20);
            _exit(0);
        }
        struct stat file = {0};
        while (file.st_size < 4000 + 700 * round) { /* some pictures, however slow the disk is */
            usleep(200);
            if (stat(path, &file)) file.st_size = 0;
        }
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        char *bytes = NULL;
        size_t length = 0;
        CHECK(coley_file_read(arena, path, 1 << 26, &bytes, &length, &err) == COLEY_OK);
        static film f;
        f = look(bytes, length);
        CHECK(f.whole && f.n > 2 && (f.noted == f.n || f.noted + 1 == f.n));
        CHECK(f.n > 2 && is_picture(arena, &f, f.noted - 1));
    }
    coley_arena_destroy(arena);
}

static void what_does_not_fit_is_refused(void)
{
    coley_arena *arena = coley_arena_create();
    coley_movie movie;
    add(arena, 0, 0, 2);
    CHECK(coley_movie_open(arena, path, 80, 2, &movie, &err) == COLEY_OK && movie.n == 2);
    const coley_raster other = coley_raster_create(arena, WIDTH + 1, HEIGHT, (coley_rgb){0, 0, 0});
    CHECK(coley_movie_add(arena, &movie, &other, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "41 x 30 pixels in an animation of 40 x 30");
    CHECK(coley_movie_open(arena, path, 0, 2, &movie, &err) == COLEY_ERR_INPUT);
    CHECK(coley_file_write(path, "\x89PNG\r\n\x1a\nsomething else that is long enough to be looked at", 58, &err) ==
          COLEY_OK);
    CHECK(coley_movie_open(arena, path, 80, 1, &movie, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "another file");
    unlink(path);
    CHECK(coley_movie_open(arena, path, 80, 9, &movie, &err) == COLEY_OK && movie.n == 0);
    CHECK(coley_movie_open(arena, "/nowhere/at/all.png", 80, 0, &movie, &err) == COLEY_OK);
    CHECK(coley_movie_add(arena, &movie, &other, &err) == COLEY_ERR_IO);
    coley_arena_destroy(arena);
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/coley-movie-%ld.png", (long)getpid());
    RUN(every_picture_is_there_in_its_order);
    RUN(a_run_taken_up_again_gives_the_same_film);
    RUN(a_kill_leaves_a_whole_film);
    RUN(what_does_not_fit_is_refused);
    unlink(path);
    return check_done();
}
