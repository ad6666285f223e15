/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/alloc.h"
#include "support/check.h"

static void memory_is_zeroed_and_aligned(void)
{
    coley_arena *arena = coley_arena_create();
    for (size_t n = 0; n < 200000; n += 7919) {
        unsigned char *p = coley_arena_alloc(arena, n);
        CHECK(p && (uintptr_t)p % 64 == 0);
        for (size_t i = 0; i < n; i++) CHECK(p[i] == 0);
        if (n) memset(p, 0xff, n);
    }
    coley_arena_reset(arena);
    const unsigned char *again = coley_arena_alloc(arena, 1000);
    for (size_t i = 0; i < 1000; i++) CHECK(again[i] == 0);
    coley_arena_destroy(arena);
}

static void the_chosen_allocation_fails_and_all_after_it(void)
{
    coley_arena *arena = coley_arena_create_failing(3);
    CHECK(coley_arena_alloc(arena, 8));
    CHECK(coley_arena_alloc(arena, 8));
    CHECK(!coley_arena_alloc(arena, 8));
    CHECK(!coley_arena_alloc(arena, 8));
    coley_arena_destroy(arena);
}

static void a_reserved_array_keeps_what_it_held(void)
{
    coley_arena *arena = coley_arena_create();
    int *list = NULL;
    size_t cap = 0;
    for (int i = 0; i < 10000; i++) {
        CHECK(COLEY_RESERVE(arena, list, cap, (size_t)i + 1));
        list[i] = i;
    }
    for (int i = 0; i < 10000; i++) CHECK(list[i] == i);
    CHECK(!COLEY_NEW(arena, double, SIZE_MAX / 4));
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(memory_is_zeroed_and_aligned);
    RUN(the_chosen_allocation_fails_and_all_after_it);
    RUN(a_reserved_array_keeps_what_it_held);
    return check_done();
}
