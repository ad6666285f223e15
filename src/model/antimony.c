/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony.c -- from tokens to a flat network.
 *
 * Model blocks are first only found: a block is a range of tokens. Flattening then reads the ranges of one model with a
 * scope (a prefix, and names bound to the caller's symbols), and a submodel inside it by reading its ranges with a
 * longer prefix. A block that is opened again adds another range. */
#include "model/antimony.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/antimony_lexer.h"

enum { MAX_DEPTH = 150, MAX_SUBMODELS = 16, MAX_ARGUMENTS = 128, MAX_ID = 200, MAX_SYMBOLS = 200000 };

typedef struct range {
    size_t start, end; /* tokens */
} range;

typedef struct model {
    const char *id;
    size_t n_arguments, cap_arguments, n_ranges, cap_ranges;
    const char **argument;
    range *range;
    int is_submodel, has_arguments;
} model;

typedef struct function {
    const char *id;
    size_t n_arguments;
    const char *argument[16];
    range body;
} function;

/* A name inside one instance that stands for a symbol of the caller. */
typedef struct binding {
    const char *name;
    int32_t symbol;
} binding;

typedef struct scope {
    const struct scope *caller;
    const char *prefix; /* "" or "L1." */
    size_t n_bindings;
    binding *binding;
    const function *function; /* inside a function: its arguments */
    const coley_expr **value;
    size_t depth;
} scope;

/* What was said of a symbol so far, beside what the network keeps. */
typedef struct said {
    int has_plain, has_rule;
    size_t plain_depth; /* how deep the scope that gave the number was: callers override */
    coley_place plain, rule;
    int declared;
} said;

typedef struct reader {
    coley_arena *arena;
    coley_network *network;
    const coley_token *token;
    size_t n_tokens, at, end;
    size_t n_models, cap_models, n_functions, cap_functions, cap_said;
    model *model;
    function *function;
    said *said;
    size_t nesting;
    int line_of_value;
    coley_error *err;
} reader;

/* --- tokens
 * ---------------------------------------------------------------------------------------------------------------- */

static const coley_token *peek(const reader *r)
{
    return r->at < r->end ? &r->token[r->at] : &r->token[r->n_tokens];
}

static const coley_token *peek_after(const reader *r, size_t more)
{
    return r->at + more < r->end ? &r->token[r->at + more] : &r->token[r->n_tokens];
}

static int is(const coley_token *t, const char *text)
{
    return (t->kind == COLEY_TOKEN_NAME || t->kind == COLEY_TOKEN_SIGN) && strcmp(t->text, text) == 0;
}

static int take(reader *r, const char *text)
{
    if (!is(peek(r), text)) return 0;
    r->at++;
    return 1;
}

static coley_place here(const coley_token *t)
{
    return (coley_place){.file = t->file, .line = t->line, .column = t->column};
}

static coley_status fail_at(reader *r, const coley_token *t, const char *wanted)
{
    const char *found = t->kind == COLEY_TOKEN_END     ? "the end of the text"
                        : t->kind == COLEY_TOKEN_BREAK ? "the end of the statement"
                                                       : t->text;
    return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "%s expected, found \"%.60s\"", wanted, found);
}

static coley_status need(reader *r, const char *text)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, "\"%s\"", text);
    return take(r, text) ? COLEY_OK : fail_at(r, peek(r), wanted);
}

static coley_status need_name(reader *r, const coley_token **name)
{
    if (peek(r)->kind != COLEY_TOKEN_NAME) return fail_at(r, peek(r), "a name");
    *name = peek(r);
    r->at++;
    return COLEY_OK;
}

static int at_break(const reader *r)
{
    return peek(r)->kind == COLEY_TOKEN_BREAK || peek(r)->kind == COLEY_TOKEN_END;
}

static void skip_breaks(reader *r)
{
    while (r->at < r->end && peek(r)->kind == COLEY_TOKEN_BREAK) r->at++;
}

/* --- symbols
 * --------------------------------------------------------------------------------------------------------------- */

static coley_status symbol_of_id(reader *r, const char *id, const coley_token *t, int32_t *symbol)
{
    *symbol = coley_network_symbol(r->network, id);
    if (*symbol >= 0) return COLEY_OK;
    if (r->network->n_symbols >= MAX_SYMBOLS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "more than %d names", MAX_SYMBOLS);
    *symbol = coley_network_symbol_add(r->network, id, COLEY_PARAMETER);
    if (*symbol < 0 || !COLEY_RESERVE(r->arena, r->said, r->cap_said, (size_t)*symbol + 1))
        return COLEY_FAIL_MEMORY(r->err);
    r->network->symbol[*symbol].file = t->file;
    r->network->symbol[*symbol].line = t->line;
    return COLEY_OK;
}

/* A name, or names joined by dots, as a symbol of this scope; made when new. */
static coley_status read_symbol(reader *r, const scope *s, int32_t *symbol)
{
    const coley_token *name = NULL;
    COLEY_TRY(need_name(r, &name));
    if (!is(peek(r), "."))
        for (size_t i = 0; i < s->n_bindings; i++)
            if (strcmp(s->binding[i].name, name->text) == 0) {
                *symbol = s->binding[i].symbol;
                return COLEY_OK;
            }
    char id[MAX_ID];
    int length = snprintf(id, sizeof id, "%s%s", s->prefix, name->text);
    while (take(r, ".")) {
        const coley_token *part = NULL;
        COLEY_TRY(need_name(r, &part));
        if (length > 0 && (size_t)length < sizeof id)
            length += snprintf(id + length, sizeof id - (size_t)length, ".%s", part->text);
    }
    if (length < 0 || (size_t)length >= sizeof id)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "a name longer than %d characters", MAX_ID - 1);
    return symbol_of_id(r, id, name, symbol);
}

/* --- formulas
 * -------------------------------------------------------------------------------------------------------------- */

static coley_status read_formula(reader *r, const scope *s, const coley_expr **e);

static coley_status made(reader *r, const coley_expr *e, const coley_expr **out)
{
    if (!e) return COLEY_FAIL_MEMORY(r->err);
    if (e->depth > 1500)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)), "a formula nested more than 1500 deep");
    *out = e;
    return COLEY_OK;
}

static coley_status read_arguments(reader *r, const scope *s, const coley_expr **argument, size_t cap, size_t *n)
{
    *n = 0;
    COLEY_TRY(need(r, "("));
    if (take(r, ")")) return COLEY_OK;
    do {
        if (*n == cap) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)), "more than %zu arguments", cap);
        COLEY_TRY(read_formula(r, s, &argument[(*n)++]));
    } while (take(r, ","));
    return need(r, ")");
}

static const struct {
    const char *name;
    coley_op op;
} unary_functions[] = {
    {"exp", COLEY_OP_EXP},     {"ln", COLEY_OP_LOG},      {"sqrt", COLEY_OP_SQRT},    {"abs", COLEY_OP_ABS},
    {"floor", COLEY_OP_FLOOR}, {"ceil", COLEY_OP_CEIL},   {"ceiling", COLEY_OP_CEIL}, {"sin", COLEY_OP_SIN},
    {"cos", COLEY_OP_COS},     {"tan", COLEY_OP_TAN},     {"asin", COLEY_OP_ASIN},    {"acos", COLEY_OP_ACOS},
    {"atan", COLEY_OP_ATAN},   {"arcsin", COLEY_OP_ASIN}, {"arccos", COLEY_OP_ACOS},  {"arctan", COLEY_OP_ATAN},
    {"sinh", COLEY_OP_SINH},   {"cosh", COLEY_OP_COSH},   {"tanh", COLEY_OP_TANH},    {"not", COLEY_OP_NOT},
};

static const struct {
    const char *name;
    coley_op op;
} binary_functions[] = {
    {"pow", COLEY_OP_POW}, {"power", COLEY_OP_POW}, {"min", COLEY_OP_MIN}, {"max", COLEY_OP_MAX},
    {"and", COLEY_OP_AND}, {"or", COLEY_OP_OR},     {"lt", COLEY_OP_LT},   {"leq", COLEY_OP_LE},
    {"gt", COLEY_OP_GT},   {"geq", COLEY_OP_GE},    {"eq", COLEY_OP_EQ},   {"neq", COLEY_OP_NE},
};

static coley_status call_own(reader *r, const scope *s, const function *f, const coley_token *name,
                             const coley_expr **argument, size_t n, const coley_expr **e)
{
    if (n != f->n_arguments)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "\"%s\" takes %zu arguments, found %zu", f->id,
                             f->n_arguments, n);
    if (s->depth > 32)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name),
                             "functions call one another more than 32 deep; does \"%s\" call itself?", f->id);
    const scope inner = {.caller = s, .prefix = s->prefix, .function = f, .value = argument, .depth = s->depth + 1};
    const size_t back = r->at, back_end = r->end;
    r->at = f->body.start;
    r->end = f->body.end;
    skip_breaks(r);
    COLEY_TRY(read_formula(r, &inner, e));
    take(r, ";");
    skip_breaks(r);
    if (r->at < r->end) return fail_at(r, peek(r), "the end of the function");
    r->at = back;
    r->end = back_end;
    return COLEY_OK;
}

static coley_status call(reader *r, const scope *s, const coley_token *name, const coley_expr **e)
{
    const coley_expr *a[32];
    size_t n;
    COLEY_TRY(read_arguments(r, s, a, 32, &n));
    coley_expr_pool *pool = r->network->pool;
    for (size_t i = 0; i < r->n_functions; i++)
        if (strcmp(r->function[i].id, name->text) == 0) return call_own(r, s, &r->function[i], name, a, n, e);
    for (size_t i = 0; i < sizeof unary_functions / sizeof *unary_functions; i++)
        if (n == 1 && strcmp(unary_functions[i].name, name->text) == 0)
            return made(r, coley_expr_unary(pool, unary_functions[i].op, a[0]), e);
    for (size_t i = 0; i < sizeof binary_functions / sizeof *binary_functions; i++)
        if (n >= 2 && strcmp(binary_functions[i].name, name->text) == 0) {
            const coley_op op = binary_functions[i].op;
            const int chains = op == COLEY_OP_MIN || op == COLEY_OP_MAX || op == COLEY_OP_AND || op == COLEY_OP_OR;
            if (n > 2 && !chains) break;
            const coley_expr *sum = coley_expr_binary(pool, op, a[0], a[1]);
            for (size_t j = 2; j < n; j++) sum = coley_expr_binary(pool, op, sum, a[j]);
            return made(r, sum, e);
        }
    const coley_expr *ten = coley_expr_number(pool, 10.0);
    if (n == 1 && (is(name, "log") || is(name, "log10"))) {
        const coley_expr *ln10 = coley_expr_unary(pool, COLEY_OP_LOG, ten);
        return made(r, coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_unary(pool, COLEY_OP_LOG, a[0]), ln10), e);
    }
    if (n == 2 && is(name, "log")) {
        const coley_expr *base = coley_expr_unary(pool, COLEY_OP_LOG, a[0]);
        return made(r, coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_unary(pool, COLEY_OP_LOG, a[1]), base), e);
    }
    if (n == 2 && is(name, "root")) {
        const coley_expr *inverse = coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_number(pool, 1.0), a[0]);
        return made(r, coley_expr_binary(pool, COLEY_OP_POW, a[1], inverse), e);
    }
    if (n >= 1 && is(name, "piecewise")) {
        const coley_expr *value = n % 2 ? a[n - 1] : coley_expr_number(pool, NAN);
        for (size_t i = n / 2; i-- > 0;) value = coley_expr_select(pool, a[2 * i + 1], a[2 * i], value);
        return made(r, value, e);
    }
    const char *names[sizeof unary_functions / sizeof *unary_functions];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) names[i] = unary_functions[i].name;
    const char *near = coley_text_nearest(name->text, names, sizeof names / sizeof *names);
    return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "no function \"%s\" that takes %zu argument%s%s%s%s",
                         name->text, n, n == 1 ? "" : "s", near ? "; did you mean \"" : "", near ? near : "",
                         near ? "\"?" : "");
}

static coley_status read_primary(reader *r, const scope *s, const coley_expr **e)
{
    const coley_token *t = peek(r);
    coley_expr_pool *pool = r->network->pool;
    if (t->kind == COLEY_TOKEN_NUMBER) {
        r->at++;
        /* A number may carry the name of its unit: 0.007 per_day. */
        if (peek(r)->kind == COLEY_TOKEN_NAME && !is(peek_after(r, 1), "(") && !s->function) r->at++;
        return made(r, coley_expr_number(pool, t->number), e);
    }
    if (take(r, "(")) {
        COLEY_TRY(read_formula(r, s, e));
        return need(r, ")");
    }
    if (t->kind != COLEY_TOKEN_NAME) return fail_at(r, t, "a number, a name or \"(\"");
    if (is(peek_after(r, 1), "(")) {
        r->at++;
        return call(r, s, t, e);
    }
    if (s->function) {
        for (size_t i = 0; i < s->function->n_arguments; i++)
            if (strcmp(s->function->argument[i], t->text) == 0) {
                r->at++;
                *e = s->value[i];
                return COLEY_OK;
            }
    }
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"pi", 3.14159265358979323846},
                     {"exponentiale", 2.71828182845904523536},
                     {"avogadro", 6.02214076e23},
                     {"true", 1.0},
                     {"false", 0.0}};
    if (is(t, "time")) {
        r->at++;
        return made(r, coley_expr_time(pool), e);
    }
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (is(t, constants[i].name)) {
            r->at++;
            return made(r, coley_expr_number(pool, constants[i].value), e);
        }
    if (s->function)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "\"%s\" is not an argument of function \"%s\"", t->text,
                             s->function->id);
    int32_t symbol;
    COLEY_TRY(read_symbol(r, s, &symbol));
    return made(r, coley_expr_symbol(pool, symbol), e);
}

static coley_status read_unary(reader *r, const scope *s, const coley_expr **e);

/* x ^ y: binds tighter than the minus before x, and from right to left. */
static coley_status read_power(reader *r, const scope *s, const coley_expr **e)
{
    COLEY_TRY(read_primary(r, s, e));
    if (!take(r, "^")) return COLEY_OK;
    const coley_expr *exponent = NULL;
    COLEY_TRY(read_unary(r, s, &exponent));
    return made(r, coley_expr_binary(r->network->pool, COLEY_OP_POW, *e, exponent), e);
}

static coley_status read_unary(reader *r, const scope *s, const coley_expr **e)
{
    if (r->nesting >= MAX_DEPTH)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)), "a formula nested more than %d deep", MAX_DEPTH);
    r->nesting++;
    coley_status status;
    if (take(r, "-")) {
        status = read_unary(r, s, e);
        if (status == COLEY_OK) status = made(r, coley_expr_unary(r->network->pool, COLEY_OP_NEG, *e), e);
    } else if (take(r, "+")) {
        status = read_unary(r, s, e);
    } else if (take(r, "!")) {
        status = read_unary(r, s, e);
        if (status == COLEY_OK) status = made(r, coley_expr_unary(r->network->pool, COLEY_OP_NOT, *e), e);
    } else {
        status = read_power(r, s, e);
    }
    r->nesting--;
    return status;
}

static const struct {
    const char *sign;
    int level;
    coley_op op;
} operators[] = {
    {"||", 0, COLEY_OP_OR}, {"&&", 1, COLEY_OP_AND}, {"==", 2, COLEY_OP_EQ}, {"!=", 2, COLEY_OP_NE},
    {"<=", 3, COLEY_OP_LE}, {">=", 3, COLEY_OP_GE},  {"<", 3, COLEY_OP_LT},  {">", 3, COLEY_OP_GT},
    {"+", 4, COLEY_OP_ADD}, {"-", 4, COLEY_OP_SUB},  {"*", 5, COLEY_OP_MUL}, {"/", 5, COLEY_OP_DIV},
};

static coley_status read_level(reader *r, const scope *s, int level, const coley_expr **e)
{
    if (level > 5) return read_unary(r, s, e);
    COLEY_TRY(read_level(r, s, level + 1, e));
    for (;;) {
        size_t i = 0;
        const size_t n = sizeof operators / sizeof *operators;
        while (i < n && !(operators[i].level == level && is(peek(r), operators[i].sign))) i++;
        if (i == n) return COLEY_OK;
        r->at++;
        const coley_expr *right = NULL;
        COLEY_TRY(read_level(r, s, level + 1, &right));
        COLEY_TRY(made(r, coley_expr_binary(r->network->pool, operators[i].op, *e, right), e));
    }
}

static coley_status read_formula(reader *r, const scope *s, const coley_expr **e)
{
    if (r->nesting >= MAX_DEPTH)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)), "a formula nested more than %d deep", MAX_DEPTH);
    r->nesting++;
    const coley_status status = read_level(r, s, 0, e);
    r->nesting--;
    return status;
}

/* --- statements
 * ------------------------------------------------------------------------------------------------------------- */

static coley_status end_statement(reader *r)
{
    if (r->at >= r->end) return COLEY_OK;
    if (peek(r)->kind != COLEY_TOKEN_BREAK && peek(r)->kind != COLEY_TOKEN_END)
        return fail_at(r, peek(r), "the end of the statement");
    skip_breaks(r);
    return COLEY_OK;
}

static coley_status set_plain(reader *r, const scope *s, const coley_token *t, int32_t symbol, const coley_expr *value,
                              const coley_token *first)
{
    said *was = &r->said[symbol];
    coley_symbol *k = &r->network->symbol[symbol];
    if (was->has_plain && was->plain_depth == s->depth)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t),
                             "\"%s\" already has a value, given at %s:%d; keep one of them", k->id, was->plain.file,
                             was->plain.line);
    if (was->has_plain && was->plain_depth < s->depth) return COLEY_OK;
    was->has_plain = 1;
    was->plain_depth = s->depth;
    was->plain = here(t);
    k->initial = value;
    k->file = t->file;
    k->line = t->line;
    /* The unit behind the number, and the note behind the statement. */
    if (first->kind == COLEY_TOKEN_NUMBER && first[1].kind == COLEY_TOKEN_NAME) k->unit = first[1].text;
    const coley_token *last = peek(r);
    if (last->kind == COLEY_TOKEN_BREAK || last->kind == COLEY_TOKEN_END) {
        const coley_token *note = last->note ? last : NULL;
        for (const coley_token *b = last; !note && b->kind == COLEY_TOKEN_BREAK && b->line == t->line; b++)
            if (b->note) note = b;
        if (note) {
            k->spread = note->note->spread;
            k->spread_a = note->note->a;
            k->spread_b = note->note->b;
            k->source = note->note->source;
        }
    }
    return COLEY_OK;
}

static coley_status set_rule(reader *r, const coley_token *t, int32_t symbol, coley_rule_kind kind,
                             const coley_expr *rule)
{
    said *was = &r->said[symbol];
    coley_symbol *k = &r->network->symbol[symbol];
    if (was->has_rule)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t),
                             "\"%s\" already has a rule, given at %s:%d; keep one of them", k->id, was->rule.file,
                             was->rule.line);
    was->has_rule = 1;
    was->rule = here(t);
    k->rule_kind = kind;
    k->rule = rule;
    return COLEY_OK;
}

static coley_status read_declaration(reader *r, const scope *s)
{
    int substance = 0, species = 0, compartment = 0, constant = -1;
    for (;;) {
        if (take(r, "substanceOnly"))
            substance = 1;
        else if (take(r, "species"))
            species = 1;
        else if (take(r, "compartment"))
            compartment = 1;
        else if (take(r, "const"))
            constant = 1;
        else if (take(r, "var"))
            constant = 0;
        else if (take(r, "formula"))
            continue;
        else
            break;
    }
    do {
        const int boundary = take(r, "$");
        const coley_token *name = peek(r);
        int32_t symbol;
        COLEY_TRY(read_symbol(r, s, &symbol));
        coley_symbol *k = &r->network->symbol[symbol];
        if (species) {
            k->kind = COLEY_SPECIES;
            k->boundary |= boundary;
            k->substance_only |= substance;
            if (substance) k->initial_is_amount = 1;
        }
        if (compartment) k->kind = COLEY_COMPARTMENT;
        if (constant >= 0) k->constant = constant;
        if (take(r, "in")) {
            int32_t c;
            COLEY_TRY(read_symbol(r, s, &c));
            r->network->symbol[symbol].compartment = c;
            r->network->symbol[c].kind = COLEY_COMPARTMENT;
        }
        const coley_rule_kind rule = is(peek(r), ":=") ? COLEY_RULE_ASSIGNMENT : COLEY_RULE_NONE;
        if (take(r, "=") || take(r, ":=")) {
            const coley_token *first = peek(r);
            const coley_expr *value = NULL;
            COLEY_TRY(read_formula(r, s, &value));
            if (rule)
                COLEY_TRY(set_rule(r, name, symbol, rule, value));
            else
                COLEY_TRY(set_plain(r, s, name, symbol, value, first));
        }
    } while (take(r, ","));
    return end_statement(r);
}

/* One side of a reaction: 2 A + $B. */
static coley_status read_side(reader *r, const scope *s, coley_term **term, size_t *n)
{
    size_t cap = 0;
    *term = NULL;
    *n = 0;
    if (at_break(r) || is(peek(r), "->") || is(peek(r), "=>")) return COLEY_OK;
    do {
        const coley_expr *amount = coley_expr_number(r->network->pool, 1.0);
        if (peek(r)->kind == COLEY_TOKEN_NUMBER) {
            amount = coley_expr_number(r->network->pool, peek(r)->number);
            r->at++;
        } else if (peek(r)->kind == COLEY_TOKEN_NAME && peek_after(r, 1)->kind == COLEY_TOKEN_NAME) {
            int32_t count;
            COLEY_TRY(read_symbol(r, s, &count));
            amount = coley_expr_symbol(r->network->pool, count);
        }
        const int boundary = take(r, "$");
        int32_t symbol;
        COLEY_TRY(read_symbol(r, s, &symbol));
        coley_symbol *k = &r->network->symbol[symbol];
        k->kind = COLEY_SPECIES;
        k->boundary |= boundary;
        if (!amount || !COLEY_RESERVE(r->arena, *term, cap, *n + 1)) return COLEY_FAIL_MEMORY(r->err);
        (*term)[(*n)++] = (coley_term){.species = symbol, .amount = amount};
    } while (take(r, "+"));
    return COLEY_OK;
}

static coley_status read_reaction(reader *r, const scope *s, const coley_token *name)
{
    coley_network *net = r->network;
    coley_reaction made_reaction = {.file = peek(r)->file, .line = peek(r)->line};
    made_reaction.id = name ? coley_arena_printf(r->arena, "%s%s", s->prefix, name->text)
                            : coley_arena_printf(r->arena, "%s_J%zu", s->prefix, net->n_reactions);
    if (!made_reaction.id) return COLEY_FAIL_MEMORY(r->err);
    COLEY_TRY(read_side(r, s, &made_reaction.reactant, &made_reaction.n_reactants));
    if (!take(r, "->") && !take(r, "=>")) return fail_at(r, peek(r), "\"->\"");
    COLEY_TRY(read_side(r, s, &made_reaction.product, &made_reaction.n_products));
    if (peek(r)->kind != COLEY_TOKEN_BREAK || strcmp(peek(r)->text, ";") != 0)
        return fail_at(r, peek(r), "\";\" and the reaction's rate");
    r->at++;
    if (at_break(r)) return fail_at(r, peek(r), "the reaction's rate");
    COLEY_TRY(read_formula(r, s, &made_reaction.rate));
    if (!COLEY_RESERVE(r->arena, net->reaction, net->cap_reactions, net->n_reactions + 1))
        return COLEY_FAIL_MEMORY(r->err);
    net->reaction[net->n_reactions++] = made_reaction;
    return end_statement(r);
}

static model *find_model(reader *r, const char *id)
{
    for (size_t i = 0; i < r->n_models; i++)
        if (strcmp(r->model[i].id, id) == 0) return &r->model[i];
    return NULL;
}

static coley_status flatten(reader *r, const model *m, const scope *s);

static coley_status read_submodel(reader *r, const scope *s, const coley_token *name)
{
    const coley_token *kind = NULL;
    COLEY_TRY(need_name(r, &kind));
    const model *m = find_model(r, kind->text);
    if (!m) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(kind), "no model \"%s\" in these files", kind->text);
    if (s->depth >= MAX_SUBMODELS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(kind),
                             "submodels nested more than %d deep; does \"%s\" hold itself?", MAX_SUBMODELS, kind->text);
    scope inner = {.caller = s, .depth = s->depth + 1, .binding = COLEY_NEW(r->arena, binding, m->n_arguments)};
    inner.prefix = coley_arena_printf(r->arena, "%s%s.", s->prefix, name->text);
    if (!inner.binding || !inner.prefix) return COLEY_FAIL_MEMORY(r->err);
    COLEY_TRY(need(r, "("));
    if (!take(r, ")")) {
        do {
            if (inner.n_bindings == m->n_arguments)
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)), "model \"%s\" takes %zu names", m->id,
                                     m->n_arguments);
            int32_t symbol;
            COLEY_TRY(read_symbol(r, s, &symbol));
            inner.binding[inner.n_bindings] = (binding){m->argument[inner.n_bindings], symbol};
            inner.n_bindings++;
        } while (take(r, ","));
        COLEY_TRY(need(r, ")"));
    }
    COLEY_TRY(end_statement(r));
    const size_t back = r->at, back_end = r->end;
    const coley_status status = flatten(r, m, &inner);
    r->at = back;
    r->end = back_end;
    return status;
}

/* x = ..., x := ..., x' = ..., x is "name", x has unit. */
static coley_status read_about_symbol(reader *r, const scope *s)
{
    const coley_token *name = peek(r);
    int32_t symbol;
    COLEY_TRY(read_symbol(r, s, &symbol));
    const coley_expr *value = NULL;
    if (take(r, "=")) {
        const coley_token *first = peek(r);
        COLEY_TRY(read_formula(r, s, &value));
        COLEY_TRY(set_plain(r, s, name, symbol, value, first));
    } else if (take(r, ":=")) {
        COLEY_TRY(read_formula(r, s, &value));
        COLEY_TRY(set_rule(r, name, symbol, COLEY_RULE_ASSIGNMENT, value));
    } else if (take(r, "'")) {
        COLEY_TRY(need(r, "="));
        COLEY_TRY(read_formula(r, s, &value));
        COLEY_TRY(set_rule(r, name, symbol, COLEY_RULE_RATE, value));
    } else if (take(r, "is")) {
        if (peek(r)->kind != COLEY_TOKEN_TEXT)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, here(peek(r)),
                                 "\"is\" is followed by a name in quotes; synonyms are not read yet");
        r->network->symbol[symbol].name = peek(r)->text;
        r->at++;
    } else if (take(r, "has")) {
        const coley_token *unit = NULL;
        COLEY_TRY(need_name(r, &unit));
        r->network->symbol[symbol].unit = unit->text;
    } else {
        return fail_at(r, peek(r), "\"=\", \":=\", \"'\", \"is\", \"has\" or a reaction");
    }
    return end_statement(r);
}

static int is_reaction(const reader *r)
{
    for (size_t i = r->at; i < r->end && r->token[i].kind != COLEY_TOKEN_BREAK; i++)
        if (is(&r->token[i], "->") || is(&r->token[i], "=>")) return 1;
    return 0;
}

static coley_status read_statement(reader *r, const scope *s)
{
    static const char *const declarations[] = {"substanceOnly", "species", "compartment", "const", "var", "formula"};
    static const char *const refused[] = {"import", "DNA", "gene", "operator", "delete", "event", "constraint"};
    const coley_token *t = peek(r);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (is(t, refused[i]) && peek_after(r, 1)->kind != COLEY_TOKEN_SIGN)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, here(t),
                                 "\"%s\" is Antimony that Coley does not read yet", t->text);
    for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++)
        if (is(t, declarations[i])) return read_declaration(r, s);
    if (is(t, "unit")) { /* definitions of units are for the reader and for unit checks */
        while (!at_break(r)) r->at++;
        return end_statement(r);
    }
    if (t->kind == COLEY_TOKEN_NAME && is(peek_after(r, 1), ":")) {
        const coley_token *name = t;
        r->at += 2;
        if (is(peek(r), "at"))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, here(t),
                                 "event \"%s\": events are not read yet; give doses in the scenario or the event table",
                                 t->text);
        if (!is_reaction(r) && peek(r)->kind == COLEY_TOKEN_NAME && is(peek_after(r, 1), "("))
            return read_submodel(r, s, name);
        return read_reaction(r, s, name);
    }
    if (is(t, "at") && is(peek_after(r, 1), "("))
        return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, here(t),
                             "events are not read yet; give doses in the scenario or the event table");
    if (is_reaction(r)) return read_reaction(r, s, NULL);
    return read_about_symbol(r, s);
}

static coley_status flatten(reader *r, const model *m, const scope *s)
{
    for (size_t i = 0; i < m->n_ranges; i++) {
        r->at = m->range[i].start;
        r->end = m->range[i].end;
        skip_breaks(r);
        while (r->at < r->end) COLEY_TRY(read_statement(r, s));
    }
    return COLEY_OK;
}

/* --- blocks
 * ------------------------------------------------------------------------------------------------------------------ */

static coley_status open_model(reader *r, const char *id, model **m)
{
    *m = find_model(r, id);
    if (*m) return COLEY_OK;
    if (!COLEY_RESERVE(r->arena, r->model, r->cap_models, r->n_models + 1)) return COLEY_FAIL_MEMORY(r->err);
    *m = &r->model[r->n_models++];
    **m = (model){.id = id};
    return COLEY_OK;
}

static coley_status add_range(reader *r, model *m, size_t start, size_t end)
{
    if (!COLEY_RESERVE(r->arena, m->range, m->cap_ranges, m->n_ranges + 1)) return COLEY_FAIL_MEMORY(r->err);
    m->range[m->n_ranges++] = (range){start, end};
    return COLEY_OK;
}

/* The header's names; a block that is opened again may leave them out. */
static coley_status read_header(reader *r, model *m)
{
    if (!take(r, "(")) return COLEY_OK;
    if (take(r, ")")) return COLEY_OK;
    if (m->has_arguments)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)),
                             "model \"%s\" already has its list of names; open it again as \"model %s()\"", m->id,
                             m->id);
    do {
        const coley_token *name = NULL;
        COLEY_TRY(need_name(r, &name));
        if (m->n_arguments == MAX_ARGUMENTS)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "more than %d names in a model's list",
                                 MAX_ARGUMENTS);
        if (!COLEY_RESERVE(r->arena, m->argument, m->cap_arguments, m->n_arguments + 1))
            return COLEY_FAIL_MEMORY(r->err);
        m->argument[m->n_arguments++] = name->text;
    } while (take(r, ","));
    m->has_arguments = 1;
    return need(r, ")");
}

static coley_status find_end(reader *r, const coley_token *opened, size_t *end)
{
    for (; r->at < r->end; r->at++)
        if (is(peek(r), "end") && (r->at == 0 || r->token[r->at - 1].kind == COLEY_TOKEN_BREAK ||
                                   r->token[r->at - 1].kind == COLEY_TOKEN_NAME ||
                                   r->token[r->at - 1].kind == COLEY_TOKEN_NUMBER || is(&r->token[r->at - 1], ")"))) {
            *end = r->at++;
            return COLEY_OK;
        }
    return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(opened), "\"%s\" has no \"end\"", opened->text);
}

static coley_status read_function(reader *r)
{
    const coley_token *opened = peek(r), *name = NULL;
    r->at++;
    COLEY_TRY(need_name(r, &name));
    if (!COLEY_RESERVE(r->arena, r->function, r->cap_functions, r->n_functions + 1)) return COLEY_FAIL_MEMORY(r->err);
    function *f = &r->function[r->n_functions++];
    *f = (function){.id = name->text};
    COLEY_TRY(need(r, "("));
    if (!take(r, ")")) {
        do {
            const coley_token *argument = NULL;
            COLEY_TRY(need_name(r, &argument));
            if (f->n_arguments == sizeof f->argument / sizeof *f->argument)
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(argument), "a function with more than 16 arguments");
            f->argument[f->n_arguments++] = argument->text;
        } while (take(r, ","));
        COLEY_TRY(need(r, ")"));
    }
    f->body.start = r->at;
    return find_end(r, opened, &f->body.end);
}

static coley_status find_blocks(reader *r)
{
    model *outside;
    COLEY_TRY(open_model(r, "__main", &outside));
    const size_t main_model = (size_t)(outside - r->model);
    size_t start = 0;
    while (r->at < r->end) {
        const coley_token *t = peek(r);
        const int begins =
            r->at == 0 || r->token[r->at - 1].kind == COLEY_TOKEN_BREAK || is(&r->token[r->at - 1], "end");
        const int opens = begins && (is(t, "model") || is(t, "module"));
        if (!opens && !(begins && is(t, "function"))) {
            r->at++;
            continue;
        }
        if (r->at > start) COLEY_TRY(add_range(r, &r->model[main_model], start, r->at));
        if (opens) {
            r->at++;
            take(r, "*");
            const coley_token *name = NULL;
            COLEY_TRY(need_name(r, &name));
            model *m;
            COLEY_TRY(open_model(r, name->text, &m));
            COLEY_TRY(read_header(r, m));
            const size_t body = r->at;
            size_t end;
            COLEY_TRY(find_end(r, t, &end));
            COLEY_TRY(add_range(r, m, body, end));
        } else {
            COLEY_TRY(read_function(r));
        }
        start = r->at;
    }
    return start < r->end ? add_range(r, &r->model[main_model], start, r->end) : COLEY_OK;
}

/* A model that another one holds is not the top. */
static void mark_submodels(reader *r)
{
    for (size_t i = 0; i + 3 < r->n_tokens; i++) {
        if (r->token[i].kind != COLEY_TOKEN_NAME || !is(&r->token[i + 1], ":") ||
            r->token[i + 2].kind != COLEY_TOKEN_NAME || !is(&r->token[i + 3], "("))
            continue;
        model *m = find_model(r, r->token[i + 2].text);
        if (m) m->is_submodel = 1;
    }
}

static int has_statement(const reader *r, const model *m)
{
    for (size_t i = 0; i < m->n_ranges; i++)
        for (size_t t = m->range[i].start; t < m->range[i].end; t++)
            if (r->token[t].kind != COLEY_TOKEN_BREAK) return 1;
    return 0;
}

/* Antimony's own defaults: a species starts at nothing and a compartment has size 1. */
static coley_status fill_defaults(reader *r)
{
    for (size_t i = 0; i < r->network->n_symbols; i++) {
        coley_symbol *s = &r->network->symbol[i];
        if (s->rule_kind == COLEY_RULE_ASSIGNMENT) s->spread = COLEY_SPREAD_NONE;
        if (s->initial || s->rule_kind == COLEY_RULE_ASSIGNMENT || s->kind == COLEY_PARAMETER) continue;
        s->initial = coley_expr_number(r->network->pool, s->kind == COLEY_COMPARTMENT ? 1.0 : 0.0);
        if (!s->initial) return COLEY_FAIL_MEMORY(r->err);
    }
    return COLEY_OK;
}

coley_status coley_antimony_parse(coley_arena *arena, const coley_antimony_source *sources, size_t n, const char *top,
                                  coley_network **network, coley_error *err)
{
    reader r = {.arena = arena, .err = err};
    coley_token *token;
    COLEY_TRY(coley_antimony_tokens(arena, sources, n, &token, &r.n_tokens, err));
    r.token = token;
    r.end = r.n_tokens;
    COLEY_TRY(find_blocks(&r));
    mark_submodels(&r);
    const model *chosen = NULL;
    for (size_t i = 0; i < r.n_models; i++) {
        const model *m = &r.model[i];
        if (top ? strcmp(m->id, top) == 0 : (!m->is_submodel && has_statement(&r, m))) chosen = m;
    }
    const coley_place whole = {.file = n ? sources[0].name : NULL};
    if (!chosen)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, whole, "there is no model%s%s%s in it", top ? " \"" : "",
                             top ? top : "", top ? "\"" : "");
    r.network = coley_network_create(arena, strcmp(chosen->id, "__main") == 0 ? "model" : chosen->id);
    if (!r.network) return COLEY_FAIL_MEMORY(err);
    const scope s = {.prefix = ""};
    COLEY_TRY(flatten(&r, chosen, &s));
    COLEY_TRY(fill_defaults(&r));
    *network = r.network;
    return coley_network_check(r.network, err);
}
