/* SPDX-License-Identifier: GPL-3.0-or-later */
/* png.c -- rows by the filter whose differences are smallest, then zlib. No time stamp: the same picture is the same
 * file with the same zlib. */
#include "io/png.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void coley_png_word(uint8_t bytes[4], uint32_t value)
{
    for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

void coley_png_add_signature(coley_text *out)
{
    coley_text_add(out, "\x89PNG\r\n\x1a\n", 8);
}

void coley_png_add_chunk(coley_text *out, const char name[4], const void *bytes, size_t length)
{
    uint8_t word[4];
    coley_png_word(word, (uint32_t)length);
    coley_text_add(out, (const char *)word, 4);
    coley_text_add(out, name, 4);
    if (length) coley_text_add(out, bytes, length);
    uLong sum = crc32(0, (const Bytef *)name, 4);
    if (length) sum = crc32(sum, bytes, (uInt)length); /* crc32 of NULL starts anew */
    coley_png_word(word, (uint32_t)sum);
    coley_text_add(out, (const char *)word, 4);
}

void coley_png_add_header(coley_text *out, int width, int height)
{
    uint8_t header[13] = {[8] = 8, [9] = 2};
    coley_png_word(header, (uint32_t)width);
    coley_png_word(header + 4, (uint32_t)height);
    coley_png_add_chunk(out, "IHDR", header, sizeof header);
}

static int paeth(int a, int b, int c)
{
    const int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/* Row `now` less what filter `kind` (1 left, 2 up, 4 Paeth) foretells from the left and from row `up`; the sum of the
 * differences' sizes. */
static long filter_row(int kind, const uint8_t *now, const uint8_t *up, size_t n, uint8_t *out)
{
    long sum = 0;
    out[0] = (uint8_t)kind;
    for (size_t i = 0; i < n; i++) {
        const int a = i >= 3 ? now[i - 3] : 0, b = up ? up[i] : 0, c = up && i >= 3 ? up[i - 3] : 0;
        const int foretold = kind == 1 ? a : kind == 2 ? b : paeth(a, b, c);
        out[1 + i] = (uint8_t)(now[i] - foretold);
        sum += abs((int8_t)out[1 + i]);
    }
    return sum;
}

typedef struct packing {
    const coley_raster *p;
    coley_png_part part;
    uint8_t *plain, *other; /* room for all rows, for one row */
    uint8_t *packed;        /* room for what zlib makes of all rows */
    uLongf room;
} packing;

/* Rows from y0 to y1 into `plain`. */
static void make_rows(const packing *k, int filtered, int y0, int y1)
{
    const size_t n = 3 * (size_t)k->part.width, stride = 3 * (size_t)k->p->width;
    uint8_t *out = k->plain;
    for (int y = y0; y < y1; y++, out += n + 1) {
        const uint8_t *now = k->p->rgb + (size_t)(k->part.y + y) * stride + 3 * (size_t)k->part.x;
        const uint8_t *up = y ? now - stride : NULL;
        if (!filtered) {
            out[0] = 0;
            memcpy(out + 1, now, n);
            continue;
        }
        long least = filter_row(1, now, up, n, out);
        for (int kind = 2; kind < 5; kind += 2) {
            const long sum = filter_row(kind, now, up, n, k->other);
            if (sum < least) {
                least = sum;
                memcpy(out, k->other, n + 1);
            }
        }
    }
}

/* Length of rows y0 to y1 as zlib packs them; 0: it could not. */
static uLongf pack(const packing *k, int filtered, int y0, int y1, int effort)
{
    uLongf length = k->room;
    make_rows(k, filtered, y0, y1);
    const size_t n = (3 * (size_t)k->part.width + 1) * (size_t)(y1 - y0);
    return compress2(k->packed, &length, k->plain, n, effort) == Z_OK ? length : 0;
}

void coley_png_add_pixels(coley_text *out, const char name[4], const void *before, size_t length,
                          const coley_raster *picture, coley_png_part part)
{
    const size_t row = 3 * (size_t)part.width + 1, n = row * (size_t)part.height;
    packing k = {.p = picture, .part = part, .room = compressBound(n)};
    uint8_t *chunk = coley_arena_alloc(out->arena, length + k.room);
    k.plain = coley_arena_alloc(out->arena, n);
    k.other = coley_arena_alloc(out->arena, row);
    if (!k.plain || !k.other || !chunk) {
        out->failed = 1;
        return;
    }
    if (length) memcpy(chunk, before, length);
    k.packed = chunk + length;
    const int y0 = part.height * 7 / 16, y1 = part.height * 9 / 16 + 1;
    const int filtered = pack(&k, 1, y0, y1 > part.height ? part.height : y1, 1) <
                         pack(&k, 0, y0, y1 > part.height ? part.height : y1, 1);
    const uLongf packed = pack(&k, filtered, 0, part.height, 6);
    if (packed)
        coley_png_add_chunk(out, name, chunk, length + packed);
    else
        out->failed = 1;
}

coley_status coley_png_write(coley_arena *scratch, const coley_raster *picture, const char *path, coley_error *err)
{
    coley_text out = {.arena = scratch};
    coley_png_add_signature(&out);
    coley_png_add_header(&out, picture->width, picture->height);
    coley_png_add_pixels(&out, "IDAT", NULL, 0, picture, (coley_png_part){0, 0, picture->width, picture->height});
    coley_png_add_chunk(&out, "IEND", NULL, 0);
    if (out.failed) return COLEY_FAIL_MEMORY(err);
    return coley_file_write(path, out.data, out.length, err);
}
