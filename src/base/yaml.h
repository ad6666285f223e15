/* SPDX-License-Identifier: GPL-3.0-or-later */
/* yaml.h -- YAML 1.2 (and so JSON) as a plain tree whose every node knows its file, line, column and dotted key.
 *
 * A scalar stays text until somebody says what it should be: `no` is a country here and 010 is not eight. A value and
 * its unit are one text, "200 mg", converted once, by the getter. Refused, with the place: what is not UTF-8, NUL
 * bytes, a key given twice, tags, a second document, nesting past 64, and aliases that blow up when expanded. */
#ifndef COLEY_BASE_YAML_H
#define COLEY_BASE_YAML_H

#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"
#include "base/text.h"

enum {
    COLEY_YAML_MAX_BYTES = 16 << 20,
    COLEY_YAML_MAX_NODES = 200000, /* after aliases are followed */
    COLEY_YAML_MAX_DEPTH = 64,
    COLEY_YAML_MAX_KEY = 128,
};

typedef enum coley_yaml_kind {
    COLEY_YAML_EMPTY, /* nothing after the key, `null` or `~`: as if the key were not there */
    COLEY_YAML_TEXT,
    COLEY_YAML_LIST,
    COLEY_YAML_MAP,
} coley_yaml_kind;

/* Never changed once read; everything is owned by the arena that it was read into. An aliased node stands in several
 * places of the tree and reports the place where it was written. */
typedef struct coley_yaml coley_yaml;
struct coley_yaml {
    coley_yaml_kind kind;
    const char *text;  /* TEXT: terminated, no NUL inside */
    size_t n;          /* LIST, MAP: entries */
    const char **key;  /* MAP: [n] */
    coley_yaml **item; /* LIST, MAP: [n] */
    const char *file;
    int line, column;
    const coley_yaml *parent; /* NULL at the root */
};

/* Read one document out of memory (`name` is for messages) or out of a file. An empty document is an empty map. */
COLEY_MUST_CHECK coley_status coley_yaml_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                               const coley_yaml **root, coley_error *err);
COLEY_MUST_CHECK coley_status coley_yaml_load(coley_arena *arena, const char *path, const coley_yaml **root,
                                              coley_error *err);

/* The entry of a map; NULL when it is not there or empty, or when `map` is NULL or no map. */
const coley_yaml *coley_yaml_find(const coley_yaml *map, const char *key);

/* Fail at this node: file, line, column and dotted key ("regimen[1].dose") are filled in. */
coley_status coley_yaml_fail(const coley_yaml *node, coley_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* `text` fit to stand in a message: at most 48 bytes, no control characters, in quotes. */
typedef struct coley_quote {
    char text[64];
} coley_quote;
coley_quote coley_quote_make(const char *text);

/* Typed views. Each fails at the node, says what was there and what is wanted. */
COLEY_MUST_CHECK coley_status coley_yaml_expect(const coley_yaml *node, coley_yaml_kind kind, coley_error *err);
COLEY_MUST_CHECK coley_status coley_yaml_text(const coley_yaml *node, const char **text, coley_error *err);
COLEY_MUST_CHECK coley_status coley_yaml_number(const coley_yaml *node, double low, double high, double *value,
                                                coley_error *err);
COLEY_MUST_CHECK coley_status coley_yaml_integer(const coley_yaml *node, int64_t low, int64_t high, int64_t *value,
                                                 coley_error *err);
/* on, yes, true, off, no, false */
COLEY_MUST_CHECK coley_status coley_yaml_flag(const coley_yaml *node, int *value, coley_error *err);
/* "200 mg" as a number of `unit`; low and high are in `unit` too. Without a dimension ("1" or "%") the bare number
 * is right; with one it is an error to leave the unit out. */
COLEY_MUST_CHECK coley_status coley_yaml_quantity(const coley_yaml *node, const char *unit, double low, double high,
                                                  double *value, coley_error *err);
/* The same rules for a text that came from elsewhere; `place` is to blame. */
COLEY_MUST_CHECK coley_status coley_quantity_read(const char *text, const char *unit, double low, double high,
                                                  double *value, coley_place place, coley_error *err);
/* One of n names; else the nearest is offered. */
COLEY_MUST_CHECK coley_status coley_yaml_choice(const coley_yaml *node, const char *const *names, size_t n, int *index,
                                                coley_error *err);
/* Every key of the map is one of these; else the nearest is offered. */
COLEY_MUST_CHECK coley_status coley_yaml_keys(const coley_yaml *map, const char *const *names, size_t n,
                                              coley_error *err);

#endif
