/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cell_words.c -- reads the words and finds meanings by their bare form. */
#include "cells/cell_words.h"

#include <ctype.h>
#include <string.h>

#include "base/yaml.h"

enum { MOST_BARE = 96 };

static const char *const column_names[] = {"x", "y", "phenotype", "region", "sample", "pdl1", "area"};

const char *coley_cell_column_name(coley_cell_column column)
{
    return column < COLEY_COLUMN_COUNT ? column_names[column] : "?";
}

void coley_cell_word_bare(const char *text, int keep_signs, char *bare, size_t size)
{
    size_t n = 0;
    for (; *text && n + 1 < size; text++) {
        const unsigned char c = (unsigned char)*text;
        if ((c < 128 && isalnum(c)) || (keep_signs && (c == '+' || c == '-' || c >= 128))) bare[n++] = (char)tolower(c);
    }
    bare[n] = '\0';
}

static const char *bare_copy(coley_arena *arena, const char *text, size_t length, int keep_signs)
{
    char bare[MOST_BARE];
    char *piece = coley_arena_text(arena, text, length);
    if (!piece) return NULL;
    coley_cell_word_bare(piece, keep_signs, bare, sizeof bare);
    return coley_arena_text(arena, bare, strlen(bare));
}

static coley_status add_words(coley_arena *arena, const coley_yaml *list, int meaning, coley_cell_word **word,
                              size_t *n, size_t *cap, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < list->n; i++) {
        const char *text;
        COLEY_TRY(coley_yaml_text(list->item[i], &text, err));
        const char *bare = bare_copy(arena, text, strlen(text), 1);
        if (!bare || !COLEY_RESERVE(arena, *word, *cap, *n + 1)) return COLEY_FAIL_MEMORY(err);
        for (size_t k = 0; k < *n; k++)
            if (strcmp((*word)[k].word, bare) == 0 && (*word)[k].meaning != meaning)
                return coley_yaml_fail(list->item[i], err, "\"%s\" has two meanings", text);
        (*word)[(*n)++] = (coley_cell_word){bare, meaning};
    }
    return COLEY_OK;
}

static coley_status read_types(coley_arena *arena, const coley_yaml *map, coley_cell_words *words, coley_error *err)
{
    size_t cap = 0;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    for (size_t i = 0; i < map->n; i++) {
        const int type = coley_cell_type_find(map->key[i]);
        if (type < 0) return coley_yaml_fail(map->item[i], err, "there is no type of cell of this name");
        COLEY_TRY(add_words(arena, map->item[i], type, &words->type, &words->n_types, &cap, err));
    }
    return COLEY_OK;
}

static coley_status read_regions(coley_arena *arena, const coley_yaml *map, coley_cell_words *words, coley_error *err)
{
    size_t cap = 0;
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    for (size_t i = 0; i < map->n; i++) {
        int region = COLEY_REGION_COUNT - 1;
        while (region >= 0 && strcmp(map->key[i], coley_cell_region_name((coley_cell_region)region)) != 0) region--;
        if (region < 0) return coley_yaml_fail(map->item[i], err, "there is no region of this name");
        COLEY_TRY(add_words(arena, map->item[i], region, &words->region, &words->n_regions, &cap, err));
    }
    return COLEY_OK;
}

static coley_status read_columns(coley_arena *arena, const coley_yaml *map, coley_cell_words *words, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, column_names, COLEY_COLUMN_COUNT, err));
    for (int c = 0; c < COLEY_COLUMN_COUNT; c++) {
        const coley_yaml *list = coley_yaml_find(map, column_names[c]);
        if (!list) continue;
        COLEY_TRY(coley_yaml_expect(list, COLEY_YAML_LIST, err));
        if (!(words->column[c] = COLEY_NEW(arena, const char *, list->n))) return COLEY_FAIL_MEMORY(err);
        for (size_t i = 0; i < list->n; i++) {
            const char *text;
            COLEY_TRY(coley_yaml_text(list->item[i], &text, err));
            if (!(words->column[c][i] = bare_copy(arena, text, strlen(text), 0))) return COLEY_FAIL_MEMORY(err);
        }
        words->n_columns[c] = list->n;
    }
    return COLEY_OK;
}

coley_status coley_cell_words_read(coley_arena *arena, const char *path, coley_cell_words *words, coley_error *err)
{
    static const char *const keys[] = {"doc", "types", "regions", "columns"};
    const coley_yaml *root;
    *words = (coley_cell_words){0};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    for (size_t i = 1; i < sizeof keys / sizeof *keys; i++)
        if (!coley_yaml_find(root, keys[i])) return coley_yaml_fail(root, err, "the key '%s' is missing", keys[i]);
    COLEY_TRY(read_types(arena, coley_yaml_find(root, "types"), words, err));
    COLEY_TRY(read_regions(arena, coley_yaml_find(root, "regions"), words, err));
    return read_columns(arena, coley_yaml_find(root, "columns"), words, err);
}

/* The new words first, so that they are found first. */
static coley_status put_before(coley_arena *arena, coley_cell_words *words, const coley_cell_word *word, size_t n,
                               coley_error *err)
{
    coley_cell_word *all = COLEY_NEW(arena, coley_cell_word, n + words->n_types);
    if (!all) return COLEY_FAIL_MEMORY(err);
    memcpy(all, word, n * sizeof *word);
    if (words->n_types) memcpy(all + n, words->type, words->n_types * sizeof *word);
    words->type = all;
    words->n_types += n;
    return COLEY_OK;
}

coley_status coley_cell_words_map(coley_arena *arena, coley_cell_words *words, const char *map, coley_error *err)
{
    const char *equals = strchr(map, '=');
    char name[32];
    if (!equals || equals == map || !equals[1])
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--map %s: write TYPE=WORD,WORD, as in cd8=CD8+ T,cytotoxic",
                          coley_quote_make(map).text);
    const char *left = coley_arena_text(arena, map, (size_t)(equals - map));
    if (!left) return COLEY_FAIL_MEMORY(err);
    coley_cell_word_bare(left, 0, name, sizeof name);
    const int type = coley_cell_type_find(name);
    if (type < 0)
        return COLEY_FAIL(err, COLEY_ERR_USAGE,
                          "--map: there is no type of cell %s; there are tumour, cd8, cd4, treg, t, b, nk, macrophage, "
                          "dendritic, granulocyte, immune, stromal, other",
                          coley_quote_make(left).text);
    coley_cell_word *word = NULL;
    size_t n = 0, cap = 0;
    for (const char *rest = equals + 1;;) {
        const size_t length = strcspn(rest, ",");
        const char *bare = bare_copy(arena, rest, length, 1);
        if (!bare || !COLEY_RESERVE(arena, word, cap, n + 1)) return COLEY_FAIL_MEMORY(err);
        if (!*bare) return COLEY_FAIL(err, COLEY_ERR_USAGE, "--map %s: a word is missing", coley_quote_make(map).text);
        word[n++] = (coley_cell_word){bare, type};
        if (!rest[length]) break;
        rest += length + 1;
    }
    return put_before(arena, words, word, n, err);
}

static int meaning_of(const coley_cell_word *word, size_t n, const char *text)
{
    char bare[MOST_BARE];
    coley_cell_word_bare(text, 1, bare, sizeof bare);
    for (size_t i = 0; i < n; i++)
        if (strcmp(word[i].word, bare) == 0) return word[i].meaning;
    /* "CD8 T cells" is "CD8 T cell" */
    const size_t length = strlen(bare);
    if (length > 5 && strcmp(bare + length - 5, "cells") == 0) {
        for (int cut = 1; cut <= 5; cut += 4) {
            bare[length - (size_t)cut] = '\0';
            for (size_t i = 0; i < n; i++)
                if (strcmp(word[i].word, bare) == 0) return word[i].meaning;
        }
    }
    return -1;
}

int coley_cell_words_type(const coley_cell_words *words, const char *text)
{
    return meaning_of(words->type, words->n_types, text);
}

int coley_cell_words_region(const coley_cell_words *words, const char *text)
{
    return meaning_of(words->region, words->n_regions, text);
}
