/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fields.h -- one table a struct: a row says a key's name, type, unit, range, default and meaning, and from that row
 * come the reader, the range check, the messages, the text written back, and the documentation. */
#ifndef COLEY_IO_FIELDS_H
#define COLEY_IO_FIELDS_H

#include <stddef.h>

#include "base/yaml.h"
#include "io/emit.h"

typedef enum coley_field_kind {
    COLEY_FIELD_TEXT,     /* const char *; NULL when not given */
    COLEY_FIELD_NUMBER,   /* double; NaN when not given */
    COLEY_FIELD_QUANTITY, /* double in the row's unit; NaN when not given */
    COLEY_FIELD_INTEGER,  /* int64_t */
    COLEY_FIELD_FLAG,     /* int, 0 or 1 */
    COLEY_FIELD_CHOICE,   /* int, place in `choices`; -1 when not given */
    COLEY_FIELD_SECTION,  /* a struct with its own table */
    COLEY_FIELD_LIST,     /* coley_field_list of structs with their own table */
    COLEY_FIELD_CUSTOM,   /* read and write say how */
} coley_field_kind;

/* How a LIST lies in its struct. */
typedef struct coley_field_list {
    size_t n;
    void *item;
} coley_field_list;

typedef struct coley_field coley_field;
struct coley_field {
    const char *name; /* the key; NULL ends a table */
    coley_field_kind kind;
    const char *unit;   /* QUANTITY; for others only shown */
    double low, high;   /* NUMBER, QUANTITY, INTEGER: allowed range in `unit`; LIST: fewest and most entries */
    const char *preset; /* default as YAML text; "" may be left out and then is nothing; NULL must be given */
    size_t offset;
    const char *doc;
    const char *const *choices; /* CHOICE: names, ended by NULL */
    const coley_field *fields;  /* SECTION, LIST: the table of the struct inside */
    size_t size;                /* SECTION, LIST: its size */
    const char *shorthand;      /* LIST: a plain text in place of an entry means this key of it */
    coley_status (*read)(coley_arena *arena, const coley_yaml *node, void *value,
                         coley_error *err); /* node never NULL */
    void (*write)(coley_emit *emit, const char *key, const void *value);
};

/* Fill the struct at `target` from a map (NULL: only defaults). Unknown keys, missing keys and wrong values fail with
 * their place. */
COLEY_MUST_CHECK coley_status coley_fields_read(coley_arena *arena, const coley_field *fields, const coley_yaml *map,
                                                void *target, coley_error *err);

/* Write the struct back, defaults filled in, what is nothing left out: reads back as the same struct. */
void coley_fields_write(const coley_field *fields, const void *source, coley_emit *emit);

/* The table as Markdown: one section a struct, one row a key. */
void coley_fields_document(const coley_field *fields, const char *prefix, coley_text *out);

#endif
