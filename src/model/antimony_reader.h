/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony_reader.h -- what the files that read Antimony share: where the reader stands, names, formulas.
 *
 * Private to antimony*.c. The helpers at the end are the usual ones of a descent over tokens. */
#ifndef COLEY_MODEL_ANTIMONY_READER_H
#define COLEY_MODEL_ANTIMONY_READER_H

#include <stdio.h>
#include <string.h>

#include "model/algebraic.h"
#include "model/antimony.h"
#include "model/antimony_lexer.h"

enum {
    MAX_DEPTH = 150,
    MAX_SUBMODELS = 16,
    MAX_ARGUMENTS = 512,
    MAX_ID = 200,
    MAX_SYMBOLS = 200000,
    MAX_INSTANCES = 20000,
    MAX_TERMS = 4000000,   /* read, each call of a function and each submodel anew */
    MAX_READ = 50000000,   /* tokens, as above */
    MAX_FORMULA = 1000000, /* nodes of one formula written out */
    MAX_UNITS = 2000,
    MAX_DELETIONS = 1000,
    MAX_HOMES = 1000, /* submodels in a compartment */
};

/* Names to numbers: open addressing. */
typedef struct coley_ant_index {
    size_t n, n_slots;
    const char **name;
    int32_t *value;
} coley_ant_index;

typedef struct coley_ant_range {
    size_t start, end; /* tokens */
} coley_ant_range;

typedef struct coley_ant_model {
    const char *id;
    size_t n_arguments, cap_arguments, n_ranges, cap_ranges;
    const char **argument;
    coley_ant_range *range;
    int is_submodel, has_arguments, is_main;
} coley_ant_model;

typedef struct coley_ant_function {
    const char *id;
    size_t n_arguments, cap_arguments;
    const char **argument;
    coley_ant_range body;
} coley_ant_function;

typedef struct coley_ant_scope {
    const char *prefix;                 /* "" or "L1." */
    const coley_ant_function *function; /* inside a function: its arguments */
    const coley_expr **value;
    size_t *n_unnamed; /* reactions without a name so far */
    size_t depth;      /* how deep in submodels and calls: what a caller says takes precedence */
} coley_ant_scope;

/* What was said of a symbol so far, beside what the network keeps. */
typedef struct coley_ant_said {
    int has_plain, has_rule, is_other, is_deleted;
    size_t plain_depth, rule_depth;
    coley_place plain, rule;
    int32_t other; /* is_other: the symbol that this one is only another name of */
} coley_ant_said;

typedef struct coley_ant_reaction {
    size_t depth;
    int32_t home; /* "in": the compartment of its species that have none, or -1 */
    coley_place place;
} coley_ant_reaction;

/* "A in C: m()": where the species of a submodel are that say nothing themselves. */
typedef struct coley_ant_home {
    const char *prefix;
    int32_t compartment;
} coley_ant_home;

/* x += more, x *= more: what a mechanism adds to a name that another one gives. */
typedef struct coley_ant_addition {
    int32_t symbol;
    coley_op op; /* ADD or MUL */
    const coley_expr *more;
    coley_place place;
} coley_ant_addition;

/* x is "words" */
typedef struct coley_ant_words {
    const char *id, *text;
} coley_ant_words;

typedef struct coley_ant_deletion {
    const char *id;
    coley_place place;
    int done;
} coley_ant_deletion;

typedef struct coley_ant_reader {
    coley_arena *arena;
    coley_network *network;
    const coley_token *token;
    size_t n_tokens, at, end;
    size_t n_models, cap_models, n_functions, cap_functions, cap_said, cap_reactions, cap_homes, cap_deletions,
        cap_words, cap_rates, cap_algebraic, cap_additions;
    coley_ant_model *model;
    coley_ant_function *function;
    coley_ant_index models, functions, events;
    coley_ant_said *said;         /* by symbol */
    coley_ant_reaction *reaction; /* by reaction */
    size_t n_homes, n_deletions, n_other, n_words, n_rates, n_algebraic, n_additions;
    coley_ant_home *home;
    coley_ant_deletion *deletion;
    coley_ant_words *words;
    coley_assignment *rate_of; /* symbols that stand for rateOf(x); value is x's symbol node */
    coley_algebraic *algebraic;
    coley_ant_addition *addition;
    size_t nesting, n_terms, n_read, n_instances;
    coley_error *err;
} coley_ant_reader;

/* antimony_formula.c */

/* A name, or names joined by dots, as a symbol of this scope; made when new. */
coley_status coley_ant_symbol(coley_ant_reader *reader, const coley_ant_scope *scope, int32_t *symbol);

/* -1 when the name is not there; to add is to fail only for want of memory, and the name must be new. */
int32_t coley_ant_index_of(const coley_ant_index *index, const char *name);
int coley_ant_index_add(coley_arena *arena, coley_ant_index *index, const char *name, size_t value);

/* The name alone, with the scope's prefix. */
coley_status coley_ant_id(coley_ant_reader *reader, const coley_ant_scope *scope, const char **id);
coley_status coley_ant_symbol_of_id(coley_ant_reader *reader, const char *id, const coley_token *token,
                                    int32_t *symbol);

/* A formula in full. */
coley_status coley_ant_formula(coley_ant_reader *reader, const coley_ant_scope *scope, const coley_expr **formula);

/* "... expected, found ...", and what is needed here or else that. */
coley_status coley_ant_fail(coley_ant_reader *reader, const coley_token *token, const char *wanted);
coley_status coley_ant_need(coley_ant_reader *reader, const char *text);
coley_status coley_ant_need_name(coley_ant_reader *reader, const coley_token **name);

/* antimony_statement.c: one statement, wherever the reader stands. */
coley_status coley_ant_statement(coley_ant_reader *reader, const coley_ant_scope *scope);
coley_status coley_ant_end(coley_ant_reader *reader);
/* n tokens that make up a name with dots from here on, 0 when there is none. */
size_t coley_ant_name_length(const coley_ant_reader *reader, size_t from);

/* antimony_module.c: submodels, what is the same under two names, what is deleted; events; units. */
coley_ant_model *coley_ant_find_model(coley_ant_reader *reader, const char *id);
coley_status coley_ant_flatten(coley_ant_reader *reader, const coley_ant_model *model, const coley_ant_scope *scope);
coley_status coley_ant_submodel(coley_ant_reader *reader, const coley_ant_scope *scope, const char *id, int32_t home);
coley_status coley_ant_unite(coley_ant_reader *reader, const coley_token *token, int32_t symbol, int32_t with);
coley_status coley_ant_delete(coley_ant_reader *reader, const coley_ant_scope *scope);
coley_status coley_ant_event(coley_ant_reader *reader, const coley_ant_scope *scope, const char *id);
coley_status coley_ant_unit(coley_ant_reader *reader);

/* antimony_link.c: when all is read. */
coley_status coley_ant_link(coley_ant_reader *reader);

static inline const coley_token *peek(const coley_ant_reader *r)
{
    return r->at < r->end ? &r->token[r->at] : &r->token[r->n_tokens];
}

static inline const coley_token *peek_after(const coley_ant_reader *r, size_t more)
{
    return r->at + more < r->end ? &r->token[r->at + more] : &r->token[r->n_tokens];
}

static inline int is(const coley_token *t, const char *text)
{
    return (t->kind == COLEY_TOKEN_NAME || t->kind == COLEY_TOKEN_SIGN) && strcmp(t->text, text) == 0;
}

static inline int take(coley_ant_reader *r, const char *text)
{
    if (!is(peek(r), text)) return 0;
    r->at++;
    return 1;
}

/* The symbol behind all its names; long ways there get shorter on the way. */
static inline int32_t root(const coley_ant_reader *r, int32_t symbol)
{
    while (r->said[symbol].is_other) {
        const int32_t next = r->said[symbol].other;
        if (r->said[next].is_other) r->said[symbol].other = r->said[next].other;
        symbol = next;
    }
    return symbol;
}

static inline coley_place here(const coley_token *t)
{
    return (coley_place){.file = t->file, .line = t->line, .column = t->column};
}

/* A formula goes on behind an operator, a bracket or a comma that ends a line. */
static inline void skip_lines(coley_ant_reader *r)
{
    while (r->at < r->end && peek(r)->kind == COLEY_TOKEN_BREAK && strcmp(peek(r)->text, "\n") == 0) r->at++;
}

static inline int at_break(const coley_ant_reader *r)
{
    return peek(r)->kind == COLEY_TOKEN_BREAK || peek(r)->kind == COLEY_TOKEN_END;
}

static inline void skip_breaks(coley_ant_reader *r)
{
    while (r->at < r->end && peek(r)->kind == COLEY_TOKEN_BREAK) r->at++;
}

#endif
