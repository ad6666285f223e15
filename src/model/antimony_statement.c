/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony_statement.c -- one statement at a time: declarations, values, rules, reactions; and what is refused by name.
 *
 * A value or rule that a model gives to a name inside its submodel takes precedence over the submodel's own; within one
 * model a name has one value and one rule. */
#include <stdlib.h>

#include "model/antimony_reader.h"

typedef coley_ant_reader reader;
typedef coley_ant_said said;
typedef coley_ant_scope scope;

coley_status coley_ant_end(reader *r)
{
    if (r->at >= r->end) return COLEY_OK;
    if (!at_break(r)) return coley_ant_fail(r, peek(r), "the end of the statement");
    skip_breaks(r);
    return COLEY_OK;
}

/* The whole statement is passed over; a list goes on behind a comma at the end of a line. */
static coley_status pass_over(reader *r)
{
    while (!at_break(r))
        if (take(r, ","))
            skip_lines(r);
        else
            r->at++;
    return coley_ant_end(r);
}

size_t coley_ant_name_length(const reader *r, size_t from)
{
    size_t n = from;
    if (peek_after(r, n)->kind != COLEY_TOKEN_NAME) return 0;
    for (n++; is(peek_after(r, n), ".") && peek_after(r, n + 1)->kind == COLEY_TOKEN_NAME; n += 2) continue;
    return n - from;
}

static coley_status refuse(reader *r, const coley_token *t, const char *reason)
{
    return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, here(t), "%s", reason);
}

/* The //! comment at the end of the statement that starts at `t`, or NULL. */
static coley_note *note_behind(const reader *r, const coley_token *t)
{
    for (const coley_token *b = peek(r); b->kind == COLEY_TOKEN_BREAK && b->line >= t->line; b++) {
        if (b->note) b->note->used = 1;
        if (b->note || strcmp(b->text, "\n") == 0) return b->note;
    }
    return NULL;
}

static coley_status set_plain(reader *r, const scope *s, const coley_token *t, int32_t symbol, const coley_expr *value,
                              const coley_token *first)
{
    said *was = &r->said[symbol];
    coley_symbol *k = &r->network->symbol[symbol];
    const coley_note *note = note_behind(r, t);
    if (was->has_plain && was->plain_depth == s->depth)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t),
                             "\"%s\" already has a value, given at %s:%d; keep one of them", k->id, was->plain.file,
                             was->plain.line);
    if (was->has_plain && was->plain_depth < s->depth) return COLEY_OK;
    was->has_plain = 1;
    was->plain_depth = s->depth;
    was->plain = here(t);
    k->initial = value;
    k->initial_is_amount = k->substance_only;
    if (!was->has_rule) {
        k->file = t->file;
        k->line = t->line;
    }
    k->spread = COLEY_SPREAD_NONE;
    k->source = NULL;
    /* The unit behind a number that stands alone, and the note behind the statement. */
    const coley_token *number = is(first, "-") ? first + 1 : first;
    if (number->kind == COLEY_TOKEN_NUMBER && number[1].kind == COLEY_TOKEN_NAME && peek(r) == number + 2)
        k->unit = number[1].text;
    if (note) {
        k->spread = note->spread;
        k->spread_a = note->a;
        k->spread_b = note->b;
        k->source = note->source;
    }
    return COLEY_OK;
}

static coley_status set_rule(reader *r, const scope *s, const coley_token *t, int32_t symbol, coley_rule_kind kind,
                             const coley_expr *rule)
{
    said *was = &r->said[symbol];
    coley_symbol *k = &r->network->symbol[symbol];
    if (was->has_rule && was->rule_depth == s->depth)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t),
                             "\"%s\" already has a rule, given at %s:%d; keep one of them", k->id, was->rule.file,
                             was->rule.line);
    const coley_note *note = note_behind(r, t);
    if (note && note->spread != COLEY_SPREAD_NONE)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t),
                             "a spread behind a rule; only a plain number differs between people");
    if (was->has_rule && was->rule_depth < s->depth) return COLEY_OK;
    if (note) k->source = note->source;
    was->has_rule = 1;
    was->rule_depth = s->depth;
    was->rule = here(t);
    k->rule_kind = kind;
    k->rule = rule;
    k->file = t->file;
    k->line = t->line;
    return COLEY_OK;
}

/* "A.x = ;" takes a submodel's value or rule away. */
static void clear(reader *r, const scope *s, int32_t symbol, int rule)
{
    said *was = &r->said[symbol];
    coley_symbol *k = &r->network->symbol[symbol];
    if (rule) {
        was->has_rule = 0;
        was->rule_depth = s->depth;
        k->rule_kind = COLEY_RULE_NONE;
        k->rule = NULL;
    } else {
        was->has_plain = 0;
        was->plain_depth = s->depth;
        k->initial = NULL;
        k->spread = COLEY_SPREAD_NONE;
    }
}

/* = value, := rule, ' = rule; nothing when none of them comes. */
static coley_status read_setting(reader *r, const scope *s, const coley_token *name, int32_t symbol)
{
    coley_rule_kind kind = COLEY_RULE_NONE;
    const coley_expr *value = NULL;
    if (take(r, "'")) {
        kind = COLEY_RULE_RATE;
        COLEY_TRY(coley_ant_need(r, "="));
    } else if (take(r, ":=")) {
        kind = COLEY_RULE_ASSIGNMENT;
    } else if (!take(r, "=")) {
        return COLEY_OK;
    }
    if (at_break(r)) {
        clear(r, s, symbol, kind != COLEY_RULE_NONE);
        return COLEY_OK;
    }
    const coley_token *first = peek(r);
    COLEY_TRY(coley_ant_formula(r, s, &value));
    return kind == COLEY_RULE_NONE ? set_plain(r, s, name, symbol, value, first)
                                   : set_rule(r, s, name, symbol, kind, value);
}

static coley_status set_kind(reader *r, const coley_token *t, int32_t symbol, coley_symbol_kind kind)
{
    coley_symbol *k = &r->network->symbol[symbol];
    if (k->kind != COLEY_PARAMETER && k->kind != kind)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "\"%s\" cannot be a species and a compartment", k->id);
    k->kind = kind;
    return COLEY_OK;
}

/* "in C" behind a name: the compartment, or -1 when it does not stand there. */
static coley_status read_home(reader *r, const scope *s, int32_t *home)
{
    *home = -1;
    if (!take(r, "in")) return COLEY_OK;
    const coley_token *t = peek(r);
    COLEY_TRY(coley_ant_symbol(r, s, home));
    return set_kind(r, t, *home, COLEY_COMPARTMENT);
}

static int is_declaration(const coley_token *t)
{
    static const char *const words[] = {"substanceOnly", "species", "compartment", "const",
                                        "var",           "formula", "reaction",    "event"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is(t, words[i])) return 1;
    return 0;
}

static coley_status read_declaration(reader *r, const scope *s)
{
    int substance = 0, species = 0, compartment = 0, constant = -1, other = 0;
    for (; is_declaration(peek(r)); r->at++) {
        const coley_token *t = peek(r);
        substance |= is(t, "substanceOnly");
        species |= is(t, "species");
        compartment |= is(t, "compartment");
        other |= is(t, "reaction") || is(t, "event");
        if (is(t, "const")) constant = 1;
        if (is(t, "var")) constant = 0;
    }
    if (other) return pass_over(r);
    do {
        const int boundary = take(r, "$");
        const coley_token *name = peek(r);
        int32_t symbol, home;
        COLEY_TRY(coley_ant_symbol(r, s, &symbol));
        if (species) COLEY_TRY(set_kind(r, name, symbol, COLEY_SPECIES));
        if (compartment) COLEY_TRY(set_kind(r, name, symbol, COLEY_COMPARTMENT));
        coley_symbol *k = &r->network->symbol[symbol];
        k->boundary |= boundary;
        if (substance) k->substance_only = k->initial_is_amount = 1;
        if (constant >= 0) k->constant = constant;
        COLEY_TRY(read_home(r, s, &home));
        if (home >= 0) r->network->symbol[symbol].compartment = home;
        COLEY_TRY(read_setting(r, s, name, symbol));
    } while (take(r, ","));
    return coley_ant_end(r);
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
            COLEY_TRY(coley_ant_symbol(r, s, &count));
            amount = coley_expr_symbol(r->network->pool, count);
        }
        const int boundary = take(r, "$");
        const coley_token *t = peek(r);
        int32_t symbol;
        COLEY_TRY(coley_ant_symbol(r, s, &symbol));
        COLEY_TRY(set_kind(r, t, symbol, COLEY_SPECIES));
        coley_symbol *k = &r->network->symbol[symbol];
        k->boundary |= boundary;
        if (!amount || !COLEY_RESERVE(r->arena, *term, cap, *n + 1)) return COLEY_FAIL_MEMORY(r->err);
        (*term)[(*n)++] = (coley_term){.species = symbol, .amount = amount};
    } while (take(r, "+"));
    return COLEY_OK;
}

/* The place of a reaction of this name: a new one, or the submodel's that is written anew here. */
static coley_status reaction_of_id(reader *r, const scope *s, const char *id, const coley_token *t, size_t *at)
{
    coley_network *net = r->network;
    for (*at = 0; strchr(id + strlen(s->prefix), '.') && *at < net->n_reactions; ++*at)
        if (strcmp(net->reaction[*at].id, id) == 0 && r->reaction[*at].depth > s->depth) return COLEY_OK;
    *at = net->n_reactions;
    if (!COLEY_RESERVE(r->arena, net->reaction, net->cap_reactions, *at + 1) ||
        !COLEY_RESERVE(r->arena, r->reaction, r->cap_reactions, *at + 1))
        return COLEY_FAIL_MEMORY(r->err);
    net->n_reactions++;
    net->reaction[*at] = (coley_reaction){.id = id, .file = t->file, .line = t->line};
    return COLEY_OK;
}

static coley_status read_reaction(reader *r, const scope *s, const coley_token *t, const char *id, int32_t home)
{
    if (!id) id = coley_arena_printf(r->arena, "%s_J%zu", s->prefix, (*s->n_unnamed)++);
    if (!id) return COLEY_FAIL_MEMORY(r->err);
    coley_reaction made = {.id = id, .file = t->file, .line = t->line};
    COLEY_TRY(read_side(r, s, &made.reactant, &made.n_reactants));
    if (!take(r, "->") && !take(r, "=>")) return coley_ant_fail(r, peek(r), "\"->\"");
    COLEY_TRY(read_side(r, s, &made.product, &made.n_products));
    if (peek(r)->kind == COLEY_TOKEN_BREAK && strcmp(peek(r)->text, ";") == 0) {
        r->at++;
        if (!at_break(r)) COLEY_TRY(coley_ant_formula(r, s, &made.rate));
    }
    if (is(peek(r), "in")) COLEY_TRY(read_home(r, s, &home));
    size_t at;
    COLEY_TRY(reaction_of_id(r, s, id, t, &at));
    r->network->reaction[at] = made;
    r->reaction[at] = (coley_ant_reaction){.depth = s->depth, .home = home, .place = here(t)};
    return coley_ant_end(r);
}

/* --- what a name is for -------------------------------------------------------------------------------------- */

static int in_list(const coley_token *t, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is(t, list[i])) return 1;
    return 0;
}

#define IN(token, ...)                                                                                                 \
    in_list(token, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Names, dots, commas and quoted texts only, such as: A identity "http://...", "..."; m created "2019-07-29". */
static int is_annotation(const reader *r, size_t name)
{
    size_t n_texts = 0;
    int comma = 0;
    if (!name || is(peek_after(r, name), "is")) return 0;
    for (size_t i = name;; i++) {
        const coley_token *t = peek_after(r, i);
        if (comma && t->kind == COLEY_TOKEN_BREAK && strcmp(t->text, "\n") == 0) continue;
        comma = is(t, ",");
        if (t->kind == COLEY_TOKEN_TEXT)
            n_texts++;
        else if (t->kind == COLEY_TOKEN_BREAK || t->kind == COLEY_TOKEN_END)
            return n_texts > 0;
        else if (t->kind != COLEY_TOKEN_NAME && !is(t, ".") && !is(t, ","))
            return 0;
    }
}

/* The last part of "x.mean": how sure a number is, where x is no submodel. */
static int is_uncertainty(const reader *r, const scope *s, size_t name)
{
    const coley_token *last = peek_after(r, name - 1);
    if (name != 3 || !IN(last, "mean", "stdev", "standardDeviation", "coefficientOfVariation", "kurtosis", "median",
                         "mode", "sampleSize", "skewness", "standardError", "variance", "confidenceInterval",
                         "credibleInterval", "interquartileRange", "range", "distribution", "externalParameter"))
        return 0;
    char id[MAX_ID];
    const int length = snprintf(id, sizeof id, "%s%s.%s", s->prefix, peek(r)->text, last->text);
    return length < MAX_ID && coley_network_symbol(r->network, id) < 0;
}

/* x is "words": kept until all is read, since x may also be an event, a unit or nothing at all. */
static coley_status read_words(reader *r, const scope *s)
{
    coley_ant_words words;
    COLEY_TRY(coley_ant_id(r, s, &words.id));
    words.text = peek_after(r, 1)->text;
    r->at += 2;
    if (!COLEY_RESERVE(r->arena, r->words, r->cap_words, r->n_words + 1)) return COLEY_FAIL_MEMORY(r->err);
    r->words[r->n_words++] = words;
    return coley_ant_end(r);
}

/* x is y */
static coley_status read_is(reader *r, const scope *s, const coley_token *t, int32_t symbol)
{
    int32_t with;
    COLEY_TRY(coley_ant_symbol(r, s, &with));
    if (!at_break(r)) return refuse(r, peek(r), "a conversion factor between names; give both in the same unit");
    COLEY_TRY(coley_ant_unite(r, t, symbol, with));
    return coley_ant_end(r);
}

/* x += formula, x *= formula: kept until all is read, since what it adds to may come later. */
static coley_status read_addition(reader *r, const scope *s, size_t length)
{
    const coley_token *name = peek(r);
    coley_ant_addition made = {.op = is(peek_after(r, length), "+") ? COLEY_OP_ADD : COLEY_OP_MUL, .place = here(name)};
    COLEY_TRY(coley_ant_symbol(r, s, &made.symbol));
    r->at += 2;
    COLEY_TRY(coley_ant_formula(r, s, &made.more));
    if (!COLEY_RESERVE(r->arena, r->addition, r->cap_additions, r->n_additions + 1)) return COLEY_FAIL_MEMORY(r->err);
    r->addition[r->n_additions++] = made;
    return coley_ant_end(r);
}

/* x = ..., x := ..., x' = ..., x += ..., x *= ..., x is ..., x has unit, x in C. */
static coley_status read_about_symbol(reader *r, const scope *s)
{
    const coley_token *name = peek(r);
    const size_t length = coley_ant_name_length(r, 0);
    const coley_token *next = peek_after(r, length);
    if (!length) return coley_ant_fail(r, name, "a statement");
    if (is_annotation(r, length) || IN(next, "created", "modified") || is(peek_after(r, length - 1), "sboTerm"))
        return pass_over(r);
    if (is_uncertainty(r, s, length))
        return refuse(r, name,
                      "how sure a number is; the spread between people stands behind it: //! lognormal(1, 0.3)");
    if (is(next, "is") && peek_after(r, length + 1)->kind == COLEY_TOKEN_TEXT) return read_words(r, s);
    if (IN(next, "+", "*") && is(peek_after(r, length + 1), "=")) return read_addition(r, s, length);
    if (is(next, "-"))
        return is(peek_after(r, length + 1), "-")
                   ? refuse(r, name, "a DNA strand, which Coley does not read; write its reactions out")
                   : pass_over(r); /* an interaction, such as S -o J: who acts on what stands in the rates */
    if (is(next, "+") || is(next, "-|")) return pass_over(r);
    if (IN(next, "<", ">", "<=", ">=", "==", "!="))
        return refuse(r, name, "a constraint; Coley simulates and does not optimise fluxes, so it has no use for it");
    if (is(next, "*")) return refuse(r, next, "a conversion factor between names; give both in the same unit");
    int32_t symbol, home;
    COLEY_TRY(coley_ant_symbol(r, s, &symbol));
    if (take(r, "is")) return read_is(r, s, name, symbol);
    if (take(r, "has")) {
        const coley_token *unit = NULL;
        COLEY_TRY(coley_ant_need_name(r, &unit));
        r->network->symbol[symbol].unit = unit->text;
        return coley_ant_end(r);
    }
    COLEY_TRY(read_home(r, s, &home));
    if (home >= 0) r->network->symbol[symbol].compartment = home;
    const size_t before = r->at;
    COLEY_TRY(read_setting(r, s, name, symbol));
    if (r->at == before && home < 0)
        return coley_ant_fail(r, peek(r), "\"=\", \":=\", \"'\", \"is\", \"has\", \"in\" or a reaction");
    return coley_ant_end(r);
}

static int is_reaction(const reader *r)
{
    for (size_t i = r->at; i < r->end && r->token[i].kind != COLEY_TOKEN_BREAK; i++)
        if (is(&r->token[i], "->") || is(&r->token[i], "=>")) return 1;
    return 0;
}

/* "name:", "A.name:", "name in C:": how many tokens, with the colon; 0 when the statement has no label. */
static size_t label_length(const reader *r)
{
    size_t n = coley_ant_name_length(r, 0);
    if (n && is(peek_after(r, n), "in")) {
        const size_t home = coley_ant_name_length(r, n + 1);
        n = home ? n + 1 + home : 0;
    }
    return n && is(peek_after(r, n), ":") ? n + 1 : 0;
}

/* Behind a label: an interaction such as S -o J tells who acts on what, which stands in the rates. */
static coley_status read_labelled(reader *r)
{
    const coley_token *sign = peek_after(r, coley_ant_name_length(r, 0));
    if (is(sign, "-") && is(peek_after(r, coley_ant_name_length(r, 0) + 1), "-"))
        return refuse(r, sign, "a DNA strand, which Coley does not read; write its reactions out");
    if (IN(sign, "-", "-|", "+")) return pass_over(r);
    if (IN(sign, "<", ">", "<=", ">=", "==", "!="))
        return refuse(r, sign, "a constraint; Coley simulates and does not optimise fluxes, so it has no use for it");
    return coley_ant_fail(r, peek(r), "a reaction, a submodel or an event");
}

/* What Antimony has and Coley does not, by its first words. */
static coley_status read_refused(reader *r)
{
    const coley_token *t = peek(r);
    const int named = peek_after(r, 1)->kind == COLEY_TOKEN_NAME;
    if (named && IN(t, "DNA", "gene", "operator"))
        return refuse(r, t, "DNA strands, genes and operators are not read; write their reactions out");
    if (IN(t, "maximize", "minimize") && !IN(peek_after(r, 1), "=", ":=", "'", "->", "=>", "+", "in", "has", "is"))
        return refuse(r, t, "an objective of flux balance; Coley simulates and does not optimise fluxes");
    if (is(t, "-") && is(peek_after(r, 1), "-"))
        return refuse(r, t, "a DNA strand, which Coley does not read; write its reactions out");
    if (t->kind == COLEY_TOKEN_NUMBER || is(t, "-"))
        return refuse(r, t, "a constraint; Coley simulates and does not optimise fluxes, so it has no use for it");
    return COLEY_OK;
}

/* 0 = formula: solved for one of its names when all is read. */
static coley_status read_algebraic(reader *r, const scope *s)
{
    coley_algebraic made = {.place = here(peek(r))};
    const coley_expr *left = coley_expr_number(r->network->pool, peek(r)->number), *right = NULL;
    r->at += 2;
    COLEY_TRY(coley_ant_formula(r, s, &right));
    made.formula = coley_expr_binary(r->network->pool, COLEY_OP_SUB, right, left);
    if (!made.formula || !COLEY_RESERVE(r->arena, r->algebraic, r->cap_algebraic, r->n_algebraic + 1))
        return COLEY_FAIL_MEMORY(r->err);
    r->algebraic[r->n_algebraic++] = made;
    return coley_ant_end(r);
}

coley_status coley_ant_statement(reader *r, const scope *s)
{
    const coley_token *t = peek(r);
    const char *id = NULL;
    int32_t home = -1;
    if (is(t, "unit") && peek_after(r, 1)->kind == COLEY_TOKEN_NAME) return coley_ant_unit(r);
    if (is(t, "delete") && peek_after(r, 1)->kind == COLEY_TOKEN_NAME) return coley_ant_delete(r, s);
    if (is_declaration(t) && (peek_after(r, 1)->kind == COLEY_TOKEN_NAME || is(peek_after(r, 1), "$")))
        return read_declaration(r, s);
    if (label_length(r)) {
        COLEY_TRY(coley_ant_id(r, s, &id));
        COLEY_TRY(read_home(r, s, &home));
        COLEY_TRY(coley_ant_need(r, ":"));
    }
    if (is_reaction(r)) return read_reaction(r, s, t, id, home);
    if (peek(r)->kind == COLEY_TOKEN_NUMBER && is(peek_after(r, 1), "=")) return read_algebraic(r, s);
    COLEY_TRY(read_refused(r));
    if (is(peek(r), "at") && !IN(peek_after(r, 1), "=", ":=", "'", "is", "has", "in")) return coley_ant_event(r, s, id);
    if (peek(r)->kind == COLEY_TOKEN_NAME && is(peek_after(r, 1), "(")) return coley_ant_submodel(r, s, id, home);
    if (id) return read_labelled(r);
    return read_about_symbol(r, s);
}
