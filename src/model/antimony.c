/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony.c -- from tokens to a flat network.
 *
 * Model blocks are first only found: a block is a range of tokens. Flattening then reads the ranges of one model with a
 * scope (a prefix, and names bound to the caller's symbols), and a submodel inside it by reading its ranges with a
 * longer prefix. A block that is opened again adds another range. */
#include "model/antimony.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/antimony_reader.h"

typedef coley_ant_range range;
typedef coley_ant_model model;
typedef coley_ant_function function;
typedef coley_ant_binding binding;
typedef coley_ant_scope scope;
typedef coley_ant_said said;
typedef coley_ant_reader reader;

/* --- statements
 * ------------------------------------------------------------------------------------------------------------- */

static coley_status end_statement(reader *r)
{
    if (r->at >= r->end) return COLEY_OK;
    if (peek(r)->kind != COLEY_TOKEN_BREAK && peek(r)->kind != COLEY_TOKEN_END)
        return coley_ant_fail(r, peek(r), "the end of the statement");
    skip_breaks(r);
    return COLEY_OK;
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
    k->file = t->file;
    k->line = t->line;
    /* The unit behind the number, and the note behind the statement. */
    if (first->kind == COLEY_TOKEN_NUMBER && first[1].kind == COLEY_TOKEN_NAME) k->unit = first[1].text;
    if (note) {
        k->spread = note->spread;
        k->spread_a = note->a;
        k->spread_b = note->b;
        k->source = note->source;
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
    const coley_note *note = note_behind(r, t);
    if (note && note->spread != COLEY_SPREAD_NONE)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t),
                             "a spread behind a rule; only a plain number differs between people");
    if (note) k->source = note->source;
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
        COLEY_TRY(coley_ant_symbol(r, s, &symbol));
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
            COLEY_TRY(coley_ant_symbol(r, s, &c));
            r->network->symbol[symbol].compartment = c;
            r->network->symbol[c].kind = COLEY_COMPARTMENT;
        }
        const coley_rule_kind rule = is(peek(r), ":=") ? COLEY_RULE_ASSIGNMENT : COLEY_RULE_NONE;
        if (take(r, "=") || take(r, ":=")) {
            const coley_token *first = peek(r);
            const coley_expr *value = NULL;
            COLEY_TRY(coley_ant_formula(r, s, &value));
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
            COLEY_TRY(coley_ant_symbol(r, s, &count));
            amount = coley_expr_symbol(r->network->pool, count);
        }
        const int boundary = take(r, "$");
        int32_t symbol;
        COLEY_TRY(coley_ant_symbol(r, s, &symbol));
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
    if (!take(r, "->") && !take(r, "=>")) return coley_ant_fail(r, peek(r), "\"->\"");
    COLEY_TRY(read_side(r, s, &made_reaction.product, &made_reaction.n_products));
    if (peek(r)->kind != COLEY_TOKEN_BREAK || strcmp(peek(r)->text, ";") != 0)
        return coley_ant_fail(r, peek(r), "\";\" and the reaction's rate");
    r->at++;
    if (at_break(r)) return coley_ant_fail(r, peek(r), "the reaction's rate");
    COLEY_TRY(coley_ant_formula(r, s, &made_reaction.rate));
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
    COLEY_TRY(coley_ant_need_name(r, &kind));
    const model *m = find_model(r, kind->text);
    if (!m) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(kind), "no model \"%s\" in these files", kind->text);
    if (s->depth >= MAX_SUBMODELS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(kind),
                             "submodels nested more than %d deep; does \"%s\" hold itself?", MAX_SUBMODELS, kind->text);
    if (r->n_instances++ >= MAX_INSTANCES)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(kind), "more than %d submodels", MAX_INSTANCES);
    scope inner = {.caller = s, .depth = s->depth + 1, .binding = COLEY_NEW(r->arena, binding, m->n_arguments)};
    inner.prefix = coley_arena_printf(r->arena, "%s%s.", s->prefix, name->text);
    if (!inner.binding || !inner.prefix) return COLEY_FAIL_MEMORY(r->err);
    COLEY_TRY(coley_ant_need(r, "("));
    if (!take(r, ")")) {
        do {
            if (inner.n_bindings == m->n_arguments)
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)), "model \"%s\" takes %zu names", m->id,
                                     m->n_arguments);
            int32_t symbol;
            COLEY_TRY(coley_ant_symbol(r, s, &symbol));
            inner.binding[inner.n_bindings] = (binding){m->argument[inner.n_bindings], symbol};
            inner.n_bindings++;
        } while (take(r, ","));
        COLEY_TRY(coley_ant_need(r, ")"));
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
    COLEY_TRY(coley_ant_symbol(r, s, &symbol));
    const coley_expr *value = NULL;
    if (take(r, "=")) {
        const coley_token *first = peek(r);
        COLEY_TRY(coley_ant_formula(r, s, &value));
        COLEY_TRY(set_plain(r, s, name, symbol, value, first));
    } else if (take(r, ":=")) {
        COLEY_TRY(coley_ant_formula(r, s, &value));
        COLEY_TRY(set_rule(r, name, symbol, COLEY_RULE_ASSIGNMENT, value));
    } else if (take(r, "'")) {
        COLEY_TRY(coley_ant_need(r, "="));
        COLEY_TRY(coley_ant_formula(r, s, &value));
        COLEY_TRY(set_rule(r, name, symbol, COLEY_RULE_RATE, value));
    } else if (take(r, "is")) {
        if (peek(r)->kind != COLEY_TOKEN_TEXT)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, here(peek(r)),
                                 "\"is\" is followed by a name in quotes; synonyms are not read yet");
        r->network->symbol[symbol].name = peek(r)->text;
        r->at++;
    } else if (take(r, "has")) {
        const coley_token *unit = NULL;
        COLEY_TRY(coley_ant_need_name(r, &unit));
        r->network->symbol[symbol].unit = unit->text;
    } else {
        return coley_ant_fail(r, peek(r), "\"=\", \":=\", \"'\", \"is\", \"has\" or a reaction");
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
        r->n_read += r->end - r->at;
        if (r->n_read > MAX_READ)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)),
                                 "more than %d words when submodels are written out", MAX_READ);
        skip_breaks(r);
        while (r->at < r->end) COLEY_TRY(read_statement(r, s));
        for (size_t t = m->range[i].start; t < m->range[i].end; t++) {
            const coley_note *note = r->token[t].note;
            if (note && !note->used)
                return COLEY_FAIL_AT(
                    r->err, COLEY_ERR_INPUT,
                    ((coley_place){.file = r->token[t].file, .line = note->line, .column = note->column}),
                    "a \"//!\" comment that stands behind no value; write \"//\" for an ordinary one");
        }
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
        COLEY_TRY(coley_ant_need_name(r, &name));
        if (m->n_arguments == MAX_ARGUMENTS)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "more than %d names in a model's list",
                                 MAX_ARGUMENTS);
        if (!COLEY_RESERVE(r->arena, m->argument, m->cap_arguments, m->n_arguments + 1))
            return COLEY_FAIL_MEMORY(r->err);
        m->argument[m->n_arguments++] = name->text;
    } while (take(r, ","));
    m->has_arguments = 1;
    return coley_ant_need(r, ")");
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
    COLEY_TRY(coley_ant_need_name(r, &name));
    if (!COLEY_RESERVE(r->arena, r->function, r->cap_functions, r->n_functions + 1)) return COLEY_FAIL_MEMORY(r->err);
    function *f = &r->function[r->n_functions++];
    *f = (function){.id = name->text};
    COLEY_TRY(coley_ant_need(r, "("));
    if (!take(r, ")")) {
        do {
            const coley_token *argument = NULL;
            COLEY_TRY(coley_ant_need_name(r, &argument));
            if (f->n_arguments == sizeof f->argument / sizeof *f->argument)
                return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(argument), "a function with more than 16 arguments");
            f->argument[f->n_arguments++] = argument->text;
        } while (take(r, ","));
        COLEY_TRY(coley_ant_need(r, ")"));
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
            const int is_main = take(r, "*");
            const coley_token *name = NULL;
            COLEY_TRY(coley_ant_need_name(r, &name));
            model *m;
            COLEY_TRY(open_model(r, name->text, &m));
            m->is_main |= is_main;
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

/* Anything but definitions of units. */
static int has_statement(const reader *r, const model *m)
{
    for (size_t i = 0; i < m->n_ranges; i++)
        for (size_t t = m->range[i].start; t < m->range[i].end; t++) {
            if (r->token[t].kind == COLEY_TOKEN_BREAK) continue;
            if (!is(&r->token[t], "unit")) return 1;
            while (t < m->range[i].end && r->token[t].kind != COLEY_TOKEN_BREAK) t++;
        }
    return 0;
}

/* `top`; else the block marked with *, else the text outside all blocks, else the last block that no other holds. */
static const model *choose(const reader *r, const char *top)
{
    const model *last = NULL, *starred = NULL;
    for (size_t i = 0; i < r->n_models; i++) {
        const model *m = &r->model[i];
        if (top && strcmp(m->id, top) == 0) return m;
        if (m->is_main) starred = m;
        if (!m->is_submodel && has_statement(r, m)) last = m;
    }
    if (top) return NULL;
    if (starred) return starred;
    return has_statement(r, &r->model[0]) ? &r->model[0] : last;
}

static int by_id(const void *a, const void *b)
{
    const coley_reaction *const *x = a, *const *y = b;
    const int order = strcmp((*x)->id, (*y)->id);
    return order ? order : (*x > *y) - (*x < *y);
}

/* Two reactions of one name would run both. */
static coley_status check_reactions(reader *r)
{
    const size_t n = r->network->n_reactions;
    const coley_reaction **sorted = COLEY_NEW(r->arena, const coley_reaction *, n);
    if (!sorted) return COLEY_FAIL_MEMORY(r->err);
    for (size_t i = 0; i < n; i++) sorted[i] = &r->network->reaction[i];
    if (n) qsort(sorted, n, sizeof *sorted, by_id);
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
            return COLEY_FAIL_AT(
                r->err, COLEY_ERR_INPUT,
                ((coley_place){.file = sorted[i]->file, .line = sorted[i]->line, .key = sorted[i]->id}),
                "a second reaction of this name, the first is at %s:%d; rename or drop one", sorted[i - 1]->file,
                sorted[i - 1]->line);
    return COLEY_OK;
}

/* Antimony's own defaults: a species starts at nothing and a compartment has size 1. */
static coley_status fill_defaults(reader *r)
{
    for (size_t i = 0; i < r->network->n_symbols; i++) {
        coley_symbol *s = &r->network->symbol[i];
        const said *was = &r->said[i];
        if (s->rule_kind == COLEY_RULE_ASSIGNMENT) s->spread = COLEY_SPREAD_NONE;
        if (s->rule_kind == COLEY_RULE_ASSIGNMENT && s->initial && s->initial->op != COLEY_OP_NUMBER)
            return COLEY_FAIL_AT(
                r->err, COLEY_ERR_INPUT, was->rule,
                "\"%s\" also has a formula for its start, at %s:%d; a rule takes over a plain number only", s->id,
                was->plain.file, was->plain.line);
        if (s->initial && s->initial->op == COLEY_OP_NUMBER && isnan(s->initial->number))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, was->plain, "the value of \"%s\" is not a number", s->id);
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
    const model *chosen = choose(&r, top);
    const coley_place whole = {.file = n ? sources[0].name : NULL};
    if (!chosen)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, whole, "there is no model%s%s%s in it", top ? " \"" : "",
                             top ? top : "", top ? "\"" : "");
    r.network = coley_network_create(arena, strcmp(chosen->id, "__main") == 0 ? "model" : chosen->id);
    if (!r.network) return COLEY_FAIL_MEMORY(err);
    const scope s = {.prefix = ""};
    COLEY_TRY(flatten(&r, chosen, &s));
    COLEY_TRY(fill_defaults(&r));
    COLEY_TRY(check_reactions(&r));
    *network = r.network;
    return coley_network_check(r.network, err);
}
