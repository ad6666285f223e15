/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emit.h -- structured text out: the same calls write JSON or YAML. What is written is always valid and always the
 * same bytes for the same calls. */
#ifndef COLEY_IO_EMIT_H
#define COLEY_IO_EMIT_H

#include <stdint.h>

#include "base/text.h"

typedef enum coley_emit_style { COLEY_EMIT_JSON, COLEY_EMIT_YAML } coley_emit_style;

/* Start with {.out = &text, .style = ...}. A failure to grow shows in out->failed. */
typedef struct coley_emit {
    coley_text *out; /* borrowed */
    coley_emit_style style;
    int depth;
    char close[16]; /* what ends the container at each depth */
    int n[16];      /* entries so far at each depth */
    int dash;       /* YAML: a "- " was written and the first key goes on its line */
} coley_emit;

/* In a map each entry has a key; in a list the key is NULL. The outermost container has none. */
void coley_emit_map(coley_emit *emit, const char *key);
void coley_emit_list(coley_emit *emit, const char *key);
void coley_emit_end(coley_emit *emit);
void coley_emit_text(coley_emit *emit, const char *key, const char *text); /* NULL: null */
void coley_emit_number(coley_emit *emit, const char *key, double value);   /* NaN and infinity: null */
void coley_emit_integer(coley_emit *emit, const char *key, int64_t value);
void coley_emit_flag(coley_emit *emit, const char *key, int value);

/* Fewest digits that read back as the same double; "" for NaN. */
typedef struct coley_digits {
    char text[32];
} coley_digits;
coley_digits coley_digits_exact(double value);

/* `text` with what HTML or XML would take for markup written as entities, control characters dropped. */
void coley_text_add_escaped(coley_text *out, const char *text);

#endif
