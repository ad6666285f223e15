/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mechanism.h -- one model file as it is written: what it declares, its formulas letter by letter, where its numbers
 * come from, and which names it takes from elsewhere.
 *
 * The network (model/network.h) is what all files together mean; this is what one of them says, for the page about it.
 * Read are the statements that mechanism files are made of: units, species, numbers with their notes, rules, terms and
 * factors for other rules, reactions, events, titles. */
#ifndef COLEY_MODEL_MECHANISM_H
#define COLEY_MODEL_MECHANISM_H

#include "model/antimony_lexer.h"

/* A name in one of the file's model blocks. Texts are NULL where nothing is said. */
typedef struct coley_mechanism_name {
    const char *block, *id;
    int is_species;
    const char *unit, *title;
    const char *value;       /* number or formula at the start, without its unit */
    const char *rule, *rate; /* := formula, ' = formula */
    const coley_note *note;  /* spread and source, or NULL */
    int line;                /* of the rule or rate, else of the value, else where it is first named */
} coley_mechanism_name;

typedef enum coley_law_kind {
    COLEY_LAW_RULE,     /* id := formula */
    COLEY_LAW_RATE,     /* id' = formula */
    COLEY_LAW_REACTION, /* id: left -> right; formula */
    COLEY_LAW_TERM,     /* id += formula */
    COLEY_LAW_FACTOR,   /* id *= formula */
    COLEY_LAW_EVENT,    /* at left: formula */
    COLEY_LAW_SUBMODEL, /* id: formula, such as organ(a, b) */
} coley_law_kind;

/* A formula of the file, in the order in which they stand there. */
typedef struct coley_mechanism_law {
    coley_law_kind kind;
    const char *block, *id;
    const char *formula;
    const char *left, *right; /* of a reaction; "" for none */
    const char *remark;       /* comment that stands on lines of its own above it, or NULL */
    int line;
} coley_mechanism_law;

/* A name that a formula or a reaction of a block uses. */
typedef struct coley_mechanism_use {
    const char *block, *id;
    int changes; /* a reaction, a term, a factor or an event changes it */
} coley_mechanism_use;

typedef struct coley_mechanism {
    const char *id, *file;
    const char *head; /* the comment at the top without its slashes, line by line */
    size_t n_names, n_laws, n_uses, n_shared;
    coley_mechanism_name *name;
    coley_mechanism_law *law;
    coley_mechanism_use *use;
    coley_mechanism_use *shared; /* what "model lesion(...)" lists */
} coley_mechanism;

/* Read one file; `id` is its name without ".ant". A statement of another kind is an error with its place. */
COLEY_MUST_CHECK coley_status coley_mechanism_read(coley_arena *arena, const char *path, const char *id,
                                                   coley_mechanism *mechanism, coley_error *err);

/* The same from `length` bytes of text that a zero ends, borrowed for the mechanism's life; `path` names it in errors. */
COLEY_MUST_CHECK coley_status coley_mechanism_parse(coley_arena *arena, const char *path, const char *id,
                                                    const char *text, size_t length, coley_mechanism *mechanism,
                                                    coley_error *err);

/* The name of that block in the file, or NULL. */
const coley_mechanism_name *coley_mechanism_find(const coley_mechanism *mechanism, const char *block, const char *id);

/* n species with how many of each a side of a reaction has: "2 A + $B". Sides of what coley_mechanism_read returned. */
typedef struct coley_mechanism_part {
    const char *id, *amount; /* "2"; "" for one */
} coley_mechanism_part;
size_t coley_mechanism_side(coley_arena *arena, const char *side, coley_mechanism_part *part, size_t most);

#endif
