/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony.c -- from tokens to a flat network.
 *
 * Model blocks are first only found: a block is a range of tokens, and a block that is opened again adds another range.
 * The ranges of one model are then read statement by statement (antimony_statement.c), those of its submodels with a
 * longer prefix (antimony_module.c), and what is left open is settled at the end (antimony_link.c). */
#include "model/antimony.h"

#include <string.h>

#include "base/text.h"
#include "model/antimony_reader.h"

typedef coley_ant_model model;
typedef coley_ant_function function;
typedef coley_ant_scope scope;
typedef coley_ant_reader reader;

/* --- blocks
 * ------------------------------------------------------------------------------------------------------------------ */

static coley_status open_model(reader *r, const char *id, model **m)
{
    *m = coley_ant_find_model(r, id);
    if (*m) return COLEY_OK;
    if (!COLEY_RESERVE(r->arena, r->model, r->cap_models, r->n_models + 1)) return COLEY_FAIL_MEMORY(r->err);
    if (!coley_ant_index_add(r->arena, &r->models, id, r->n_models)) return COLEY_FAIL_MEMORY(r->err);
    *m = &r->model[r->n_models++];
    **m = (model){.id = id};
    return COLEY_OK;
}

static coley_status add_range(reader *r, model *m, size_t start, size_t end)
{
    if (!COLEY_RESERVE(r->arena, m->range, m->cap_ranges, m->n_ranges + 1)) return COLEY_FAIL_MEMORY(r->err);
    m->range[m->n_ranges++] = (coley_ant_range){start, end};
    return COLEY_OK;
}

static int has_argument(const model *m, const char *name)
{
    for (size_t i = 0; i < m->n_arguments; i++)
        if (strcmp(m->argument[i], name) == 0) return 1;
    return 0;
}

/* The header's names. A block that is opened again may leave them out, or name more: those come behind the others. */
static coley_status read_header(reader *r, model *m)
{
    const int again = m->has_arguments;
    if (!take(r, "(")) return COLEY_OK;
    if (take(r, ")")) return COLEY_OK;
    do {
        const coley_token *name = NULL;
        COLEY_TRY(coley_ant_need_name(r, &name));
        if (again && has_argument(m, name->text)) continue;
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
    if (coley_ant_index_of(&r->functions, name->text) >= 0)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "a second function \"%s\"; rename or drop one",
                             name->text);
    if (!coley_ant_index_add(r->arena, &r->functions, name->text, r->n_functions)) return COLEY_FAIL_MEMORY(r->err);
    function *f = &r->function[r->n_functions++];
    *f = (function){.id = name->text};
    COLEY_TRY(coley_ant_need(r, "("));
    if (!take(r, ")")) {
        do {
            const coley_token *argument = NULL;
            COLEY_TRY(coley_ant_need_name(r, &argument));
            if (!COLEY_RESERVE(r->arena, f->argument, f->cap_arguments, f->n_arguments + 1))
                return COLEY_FAIL_MEMORY(r->err);
            f->argument[f->n_arguments++] = argument->text;
        } while (take(r, ","));
        COLEY_TRY(coley_ant_need(r, ")"));
    }
    f->body.start = r->at;
    return find_end(r, opened, &f->body.end);
}

/* A name; published ones also hold signs, as in Kholodenko1999_-_EGFR_signaling. */
static coley_status read_model_name(reader *r, const char **id)
{
    const coley_token *name = NULL;
    coley_text text = {.arena = r->arena};
    COLEY_TRY(coley_ant_need_name(r, &name));
    coley_text_addf(&text, "%s", name->text);
    for (; !at_break(r) && !is(peek(r), "(") && peek(r)->line == name->line; r->at++)
        coley_text_addf(&text, "%s", peek(r)->text);
    *id = text.data;
    return text.failed ? COLEY_FAIL_MEMORY(r->err) : COLEY_OK;
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
            const char *id;
            COLEY_TRY(read_model_name(r, &id));
            model *m;
            COLEY_TRY(open_model(r, id, &m));
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

/* A model that another one holds is not the top: "A: m(...)", or "m()" alone. */
static void mark_submodels(reader *r)
{
    for (size_t i = 0; i + 1 < r->n_tokens; i++) {
        if (r->token[i].kind != COLEY_TOKEN_NAME || !is(&r->token[i + 1], "(")) continue;
        if (i && r->token[i - 1].kind != COLEY_TOKEN_BREAK && !is(&r->token[i - 1], ":")) continue;
        model *m = coley_ant_find_model(r, r->token[i].text);
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
    if (!chosen && !top && r.n_models)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, whole,
                             "every model in it is held by another one, so that none is the whole: they hold one "
                             "another, or choose one with --top");
    if (!chosen)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, whole, "there is no model%s%s%s in it", top ? " \"" : "",
                             top ? top : "", top ? "\"" : "");
    r.network = coley_network_create(arena, strcmp(chosen->id, "__main") == 0 ? "model" : chosen->id);
    if (!r.network) return COLEY_FAIL_MEMORY(err);
    size_t n_unnamed = 0;
    const scope s = {.prefix = "", .n_unnamed = &n_unnamed};
    COLEY_TRY(coley_ant_flatten(&r, chosen, &s));
    COLEY_TRY(coley_ant_link(&r));
    *network = r.network;
    return coley_network_check(r.network, err);
}
