/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_mechanism.c -- any bytes as a mechanism file: read for its page, alone and beside itself as a second file; what
 * is kept has names and formulas, and both pages can be printed. A refusal always says where and why. */
#include "run/mechanism_page.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(coley_arena *arena, const coley_mechanism *m)
{
    coley_mechanism_part part[4];
    for (size_t i = 0; i < m->n_names; i++) {
        assert(m->name[i].block && *m->name[i].id);
        assert(coley_mechanism_find(m, m->name[i].block, m->name[i].id) == &m->name[i]);
    }
    for (size_t i = 0; i < m->n_laws; i++) {
        const coley_mechanism_law *law = &m->law[i];
        assert(law->block && law->id && law->formula && law->left && law->right && law->line > 0);
        assert(coley_mechanism_side(arena, law->left, part, 4) <= 4);
        assert(coley_mechanism_side(arena, law->right, part, 4) <= 4);
    }
    for (size_t i = 0; i < m->n_uses; i++) assert(m->use[i].block && m->use[i].id);
}

static void print(coley_arena *arena, coley_mechanism *file, size_t n)
{
    const coley_mechanism_page_options options = {.root = "../.."};
    const coley_mechanisms all = {.folder = "fuzz", .n = n, .file = file};
    coley_text contents = {.arena = arena};
    coley_error err = {0};
    for (size_t i = 0; i < n; i++) {
        coley_text page = {.arena = arena};
        if (coley_mechanism_page(arena, &all, i, &options, &page, &err) != COLEY_OK) abort();
        assert(page.length && page.length == strlen(page.data));
    }
    if (coley_mechanism_contents(arena, &all, &contents, &err) != COLEY_OK) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 8000) return 0; /* a name is looked for among all names */
    coley_arena *arena = coley_arena_create();
    const char *text = coley_arena_text(arena, (const char *)data, size);
    coley_mechanism file[2];
    coley_error err = {0};
    if (coley_mechanism_parse(arena, "fuzz.ant", "fuzz", text, size, &file[0], &err) != COLEY_OK) {
        if (!err.text[0]) abort();
    } else {
        look_at(arena, &file[0]);
        print(arena, file, 1);
        if (coley_mechanism_parse(arena, "twin.ant", "twin", text, size, &file[1], &err) != COLEY_OK) abort();
        print(arena, file, 2);
    }
    coley_arena_destroy(arena);
    return 0;
}
