/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloc.c -- arenas on malloc: a list of chunks, each filled from the front. */
#include "base/alloc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, FIRST_CHUNK = 64 * 1024 };

typedef struct chunk {
    struct chunk *next;
    size_t size, used; /* bytes of data; data starts ALIGNMENT bytes after the chunk */
} chunk;

struct coley_arena {
    chunk *first, *last;
    size_t used;      /* bytes handed out */
    size_t n_allocs;  /* allocations so far */
    size_t fail_from; /* 0 never; else the first allocation that fails */
};

static chunk *chunk_create(size_t size)
{
    if (size > SIZE_MAX - 2 * ALIGNMENT) return NULL;
    chunk *c = aligned_alloc(ALIGNMENT, ALIGNMENT + size);
    if (!c) return NULL;
    *c = (chunk){.size = size};
    return c;
}

coley_arena *coley_arena_create(void)
{
    return coley_arena_create_failing(0);
}

coley_arena *coley_arena_create_failing(size_t k)
{
    coley_arena *arena = calloc(1, sizeof *arena);
    if (arena) arena->fail_from = k;
    return arena;
}

void coley_arena_destroy(coley_arena *arena)
{
    if (!arena) return;
    for (chunk *c = arena->first; c;) {
        chunk *next = c->next;
        free(c);
        c = next;
    }
    free(arena);
}

void coley_arena_reset(coley_arena *arena)
{
    for (chunk *c = arena->first; c; c = c->next) c->used = 0;
    arena->last = arena->first;
    arena->used = 0;
}

void *coley_arena_alloc(coley_arena *arena, size_t bytes)
{
    arena->n_allocs++;
    if (arena->fail_from && arena->n_allocs >= arena->fail_from) return NULL;
    if (bytes > SIZE_MAX / 2) return NULL;
    const size_t room = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    while (arena->last && arena->last->size - arena->last->used < room && arena->last->next)
        arena->last = arena->last->next;
    if (!arena->last || arena->last->size - arena->last->used < room) {
        size_t size = arena->last ? 2 * arena->last->size : FIRST_CHUNK;
        if (size > (size_t)64 << 20) size = (size_t)64 << 20;
        if (size < room) size = room;
        chunk *c = chunk_create(size);
        if (!c) return NULL;
        if (arena->last) arena->last->next = c;
        else arena->first = c;
        arena->last = c;
    }
    unsigned char *data = (unsigned char *)arena->last + ALIGNMENT + arena->last->used;
    arena->last->used += room;
    arena->used += bytes;
    memset(data, 0, room);
    return data;
}

void *coley_arena_array(coley_arena *arena, size_t size, size_t n)
{
    if (size && n > SIZE_MAX / 2 / size) return NULL;
    return coley_arena_alloc(arena, size * n);
}

void *coley_arena_grow(coley_arena *arena, void *old, size_t old_bytes, size_t new_bytes)
{
    assert(new_bytes >= old_bytes);
    void *grown = coley_arena_alloc(arena, new_bytes);
    if (grown && old_bytes) memcpy(grown, old, old_bytes);
    return grown;
}

int coley_arena_reserve(coley_arena *arena, void **ptr, size_t size, size_t *cap, size_t n)
{
    if (n <= *cap) return 1;
    size_t grown_cap = *cap ? 2 * *cap : 8;
    if (grown_cap < n) grown_cap = n;
    if (grown_cap > SIZE_MAX / 2 / size) return 0;
    void *grown = coley_arena_grow(arena, *ptr, *cap * size, grown_cap * size);
    if (!grown) return 0;
    *ptr = grown;
    *cap = grown_cap;
    return 1;
}

char *coley_arena_text(coley_arena *arena, const char *text, size_t length)
{
    char *copy = coley_arena_alloc(arena, length + 1);
    if (copy && length) memcpy(copy, text, length);
    return copy;
}

char *coley_arena_printf(coley_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : coley_arena_alloc(arena, (size_t)length + 1);
    if (!text) return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

size_t coley_arena_used(const coley_arena *arena)
{
    return arena->used;
}
