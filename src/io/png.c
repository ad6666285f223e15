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

/* Row `now` less what filter `kind` (none, left, up, mean, Paeth) foretells from the left and from row `up`; the sum of
 * the differences' sizes. */
static long filter_row(int kind, const uint8_t *now, const uint8_t *up, size_t n, uint8_t *out)
{
    long sum = 0;
    out[0] = (uint8_t)kind;
    for (size_t i = 0; i < n; i++) {
        const int a = i >= 3 ? now[i - 3] : 0, b = up ? up[i] : 0, c = up && i >= 3 ? up[i - 3] : 0;
        const int foretold = kind == 0 ? 0 : kind == 1 ? a : kind == 2 ? b : kind == 3 ? (a + b) / 2 : paeth(a, b, c);
        out[1 + i] = (uint8_t)(now[i] - foretold);
        sum += abs((int8_t)out[1 + i]);
    }
    return sum;
}

static void filter_all(const coley_raster *p, coley_png_part part, uint8_t *out, uint8_t *other)
{
    const size_t n = 3 * (size_t)part.width;
    for (int y = 0; y < part.height; y++, out += n + 1) {
        const uint8_t *now = p->rgb + 3 * ((size_t)(part.y + y) * (size_t)p->width + (size_t)part.x);
        const uint8_t *up = y ? now - 3 * (size_t)p->width : NULL;
        long least = filter_row(0, now, up, n, out);
        for (int kind = 1; kind < 5; kind++) {
            if (kind == 3) continue;
            const long sum = filter_row(kind, now, up, n, other);
            if (sum < least) {
                least = sum;
                memcpy(out, other, n + 1);
            }
        }
    }
}

void coley_png_add_pixels(coley_text *out, const char name[4], const void *before, size_t length,
                          const coley_raster *picture, coley_png_part part)
{
    const size_t row = 3 * (size_t)part.width + 1, n = row * (size_t)part.height;
    uLongf packed_length = compressBound(n);
    uint8_t *plain = coley_arena_alloc(out->arena, n), *other = coley_arena_alloc(out->arena, row);
    uint8_t *packed = coley_arena_alloc(out->arena, length + packed_length);
    if (!plain || !other || !packed) {
        out->failed = 1;
        return;
    }
    filter_all(picture, part, plain, other);
    if (length) memcpy(packed, before, length);
    if (compress2(packed + length, &packed_length, plain, n, 6) != Z_OK)
        out->failed = 1;
    else
        coley_png_add_chunk(out, name, packed, length + packed_length);
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
