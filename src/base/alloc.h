/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloc.h -- arenas: memory that is given back all at once. The only place in Coley that calls malloc.
 *
 * Whatever allocates takes an arena first. Early return is always safe: the arena's owner destroys it. */
#ifndef COLEY_BASE_ALLOC_H
#define COLEY_BASE_ALLOC_H

#include <stddef.h>

typedef struct coley_arena coley_arena;

/* A new, empty arena; NULL when there is no memory. Caller destroys it. */
coley_arena *coley_arena_create(void);

/* As above, but the k-th allocation from it (counting from 1) fails, as do all after it: for tests of every failure. */
coley_arena *coley_arena_create_failing(size_t k);

/* Everything that came from the arena is gone. NULL is allowed. */
void coley_arena_destroy(coley_arena *arena);

/* Empty the arena but keep its memory for the next use (per-step scratch). */
void coley_arena_reset(coley_arena *arena);

/* `bytes` of zeroed memory, aligned to 64 bytes, owned by the arena; NULL when there is none. bytes = 0 gives a
 * valid pointer to nothing. */
void *coley_arena_alloc(coley_arena *arena, size_t bytes);

/* Room for `new_bytes`, starting with the `old_bytes` at `old` (NULL with 0), the rest zeroed; NULL when there is no
 * memory, and then `old` is still good. The old room stays in the arena, so grow by doubling. */
void *coley_arena_grow(coley_arena *arena, void *old, size_t old_bytes, size_t new_bytes);

/* A copy of the first `length` bytes of `text`, terminated. */
char *coley_arena_text(coley_arena *arena, const char *text, size_t length);

/* printf into the arena; NULL when there is no memory. */
char *coley_arena_printf(coley_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes handed out since creation or the last reset. */
size_t coley_arena_used(const coley_arena *arena);

/* An array of n zeroed T owned by the arena, or NULL. */
#define COLEY_NEW(arena, T, n) ((T *)coley_arena_array((arena), sizeof(T), (n)))
void *coley_arena_array(coley_arena *arena, size_t size, size_t n);

/* Make sure array `ptr` (its pointer, T *) has room for n elements; `cap` is its size_t capacity. False when there
 * is no memory. */
#define COLEY_RESERVE(arena, ptr, cap, n)                                                          \
    ((n) <= (cap) || coley_arena_reserve((arena), (void **)&(ptr), sizeof *(ptr), &(cap), (n)))
int coley_arena_reserve(coley_arena *arena, void **ptr, size_t size, size_t *cap, size_t n);

#endif
