/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mechanism.c -- walks the tokens of one model file statement by statement and keeps its formulas as they are written.
 */
#include "model/mechanism.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { MAX_FILE_BYTES = 4 << 20 };

typedef struct walk {
    coley_arena *arena;
    coley_mechanism *made;
    const char *text;
    const char **line; /* where each line starts, from 1 */
    size_t n_lines;
    const coley_token *token;
    size_t n, at, end; /* end: of the statement, a break */
    const char *block; /* NULL outside all */
    size_t cap_names, cap_laws, cap_uses, cap_shared;
    int last_law_line; /* remarks above it belong to earlier laws */
    coley_error *err;
} walk;

static coley_place place_of(const walk *w, const coley_token *t)
{
    return (coley_place){.file = w->made->file, .line = t->line, .column = t->column};
}

static int is(const coley_token *t, const char *text)
{
    return (t->kind == COLEY_TOKEN_NAME || t->kind == COLEY_TOKEN_SIGN) && !strcmp(t->text, text);
}

static const coley_token *peek(const walk *w, size_t more)
{
    return &w->token[w->at + more < w->end ? w->at + more : w->end];
}

/* --- the text between tokens -----------------------------------------------------------------------------------------
 */

static coley_status find_lines(walk *w, size_t length)
{
    for (size_t i = 0; i < length; i++) w->n_lines += w->text[i] == '\n';
    w->n_lines += 2;
    if (!(w->line = COLEY_NEW(w->arena, const char *, w->n_lines + 1))) return COLEY_FAIL_MEMORY(w->err);
    size_t n = 1;
    w->line[n++] = w->text;
    for (size_t i = 0; i < length; i++)
        if (w->text[i] == '\n') w->line[n++] = w->text + i + 1;
    return COLEY_OK;
}

static const char *start_of(const walk *w, size_t token)
{
    const coley_token *t = &w->token[token];
    return w->line[t->line] + t->column - 1;
}

/* What is written from one token up to another, on one line; NULL when there is no memory. */
static const char *written(const walk *w, size_t from, size_t to)
{
    if (from >= to) return "";
    coley_text text = {.arena = w->arena};
    const char *p = start_of(w, from), *end = start_of(w, to);
    for (int comment = 0; p < end; p++) {
        comment = (comment || (p[0] == '/' && p[1] == '/') || *p == '#') && *p != '\n';
        const int blank = comment || isspace((unsigned char)*p);
        if (!blank)
            coley_text_add(&text, p, 1);
        else if (text.length && text.data[text.length - 1] != ' ')
            coley_text_add(&text, " ", 1);
    }
    while (text.length && text.data[text.length - 1] == ' ') text.data[--text.length] = '\0';
    return text.failed ? NULL : text.data ? text.data : "";
}

/* Lines of comment that stand alone right above a line, without rulers, or NULL. */
static const char *remark_above(const walk *w, int line)
{
    int first = line;
    while (first - 1 > w->last_law_line && first > 1) {
        const char *p = w->line[first - 1];
        while (*p == ' ' || *p == '\t') p++;
        if (p[0] != '/' || p[1] != '/') break;
        first--;
    }
    coley_text text = {.arena = w->arena};
    for (int i = first; i < line; i++) {
        const char *p = w->line[i] + strspn(w->line[i], " \t/-"), *end = p + strcspn(p, "\n");
        while (end > p && (end[-1] == ' ' || end[-1] == '-')) end--;
        coley_text_addf(&text, "%s%.*s", text.length ? " " : "", (int)(end - p), p);
    }
    return text.length && !text.failed ? text.data : NULL;
}

/* Tokens of a name with its dots, "skin.k_heal", from here on; 0 when there is none. */
static size_t name_length(const walk *w, size_t at, size_t end)
{
    if (at >= end || w->token[at].kind != COLEY_TOKEN_NAME) return 0;
    size_t n = 1;
    while (at + n + 1 < end && is(&w->token[at + n], ".") && w->token[at + n + 1].kind == COLEY_TOKEN_NAME) n += 2;
    return n;
}

/* --- what is kept ----------------------------------------------------------------------------------------------------
 */

const coley_mechanism_name *coley_mechanism_find(const coley_mechanism *m, const char *block, const char *id)
{
    for (size_t i = 0; i < m->n_names; i++)
        if (!strcmp(m->name[i].id, id) && !strcmp(m->name[i].block, block)) return &m->name[i];
    return NULL;
}

static coley_mechanism_name *name_of(walk *w, const char *id, int line)
{
    coley_mechanism *m = w->made;
    coley_mechanism_name *found = (coley_mechanism_name *)coley_mechanism_find(m, w->block, id);
    if (found) return found;
    if (!COLEY_RESERVE(w->arena, m->name, w->cap_names, m->n_names + 1)) return NULL;
    m->name[m->n_names] = (coley_mechanism_name){.block = w->block, .id = id, .line = line};
    return &m->name[m->n_names++];
}

static int add_use(walk *w, const char *id, int changes)
{
    coley_mechanism *m = w->made;
    for (size_t i = 0; i < m->n_uses; i++)
        if (!strcmp(m->use[i].id, id) && !strcmp(m->use[i].block, w->block)) {
            m->use[i].changes |= changes;
            return 1;
        }
    if (!COLEY_RESERVE(w->arena, m->use, w->cap_uses, m->n_uses + 1)) return 0;
    m->use[m->n_uses++] = (coley_mechanism_use){.block = w->block, .id = id, .changes = changes};
    return 1;
}

/* Names in a formula; functions and constants are not among them. */
static coley_status add_uses(walk *w, size_t from, size_t to)
{
    static const char *const own[] = {"time", "pi", "avogadro", "exponentiale", "true", "false", "inf", "nan"};
    for (size_t i = from; i < to; i++) {
        const coley_token *t = &w->token[i];
        const size_t length = name_length(w, i, to);
        if (length > 1) i += length - 1; /* of a submodel of this file */
        if (length != 1 || (i + 1 < to && is(t + 1, "("))) continue;
        int known = 0;
        for (size_t k = 0; k < sizeof own / sizeof *own; k++) known |= !strcmp(t->text, own[k]);
        if (!known && !add_use(w, t->text, 0)) return COLEY_FAIL_MEMORY(w->err);
    }
    return COLEY_OK;
}

static coley_status add_law(walk *w, coley_law_kind kind, const char *id, size_t from, const char *left,
                            const char *right, const coley_token *first)
{
    coley_mechanism *m = w->made;
    const char *formula = written(w, from, w->end);
    if (!formula || !left || !right || !COLEY_RESERVE(w->arena, m->law, w->cap_laws, m->n_laws + 1))
        return COLEY_FAIL_MEMORY(w->err);
    m->law[m->n_laws++] = (coley_mechanism_law){.kind = kind,
                                                .block = w->block,
                                                .id = id,
                                                .formula = formula,
                                                .left = left,
                                                .right = right,
                                                .remark = remark_above(w, first->line),
                                                .line = first->line};
    w->last_law_line = first->line;
    return add_uses(w, from, w->end);
}

/* --- statements ------------------------------------------------------------------------------------------------------
 */

static int ends_open(const coley_token *t)
{
    return t->kind == COLEY_TOKEN_SIGN && strchr("+-*/^(=<>,&|?:", *t->text) && *t->text;
}

/* The break that ends the statement here; a formula goes on behind an operator or inside brackets. */
static size_t statement_end(const walk *w)
{
    int depth = 0;
    for (size_t i = w->at; i < w->n; i++) {
        const coley_token *t = &w->token[i];
        if (is(t, "(")) depth++;
        if (is(t, ")")) depth--;
        if (t->kind != COLEY_TOKEN_BREAK) continue;
        if (!strcmp(t->text, ";") || !(depth > 0 || (i > w->at && ends_open(t - 1)))) return i;
    }
    return w->n;
}

static const coley_note *note_behind(const walk *w)
{
    for (const coley_token *b = &w->token[w->end]; b->kind == COLEY_TOKEN_BREAK; b++)
        if (b->note || strcmp(b->text, ";")) return b->note;
    return NULL;
}

static coley_status refuse(const walk *w)
{
    return COLEY_FAIL_AT(w->err, COLEY_ERR_UNSUPPORTED, place_of(w, peek(w, 0)),
                         "a page is made of units, species, numbers, rules, reactions, events and titles; this is none "
                         "of them (coley model show reads all of Antimony)");
}

/* id = value; the reader stands behind the sign. */
static coley_status read_value(walk *w, const char *id, const coley_token *t)
{
    coley_mechanism_name *name = name_of(w, id, t->line);
    size_t from = w->at, to = w->end;
    if (!name) return COLEY_FAIL_MEMORY(w->err);
    const size_t number = from + (size_t)is(&w->token[from], "-");
    /* A unit behind a number that stands alone. */
    if (w->token[number].kind == COLEY_TOKEN_NUMBER && number + 2 == to &&
        w->token[number + 1].kind == COLEY_TOKEN_NAME) {
        name->unit = w->token[number + 1].text;
        to = number + 1;
    } else {
        COLEY_TRY(add_uses(w, from, to));
    }
    if (!(name->value = written(w, from, to))) return COLEY_FAIL_MEMORY(w->err);
    name->note = note_behind(w);
    if (!name->rule && !name->rate) name->line = t->line;
    return COLEY_OK;
}

static coley_status read_rule(walk *w, const char *id, const coley_token *t, int is_rate)
{
    coley_mechanism_name *name = name_of(w, id, t->line);
    if (!name) return COLEY_FAIL_MEMORY(w->err);
    COLEY_TRY(add_law(w, is_rate ? COLEY_LAW_RATE : COLEY_LAW_RULE, id, w->at, "", "", t));
    *(is_rate ? &name->rate : &name->rule) = w->made->law[w->made->n_laws - 1].formula;
    if (!name->note) name->note = note_behind(w);
    name = name_of(w, id, t->line);
    name->line = t->line;
    return COLEY_OK;
}

static coley_status read_species(walk *w)
{
    while (is(peek(w, 0), "substanceOnly") || is(peek(w, 0), "species") || is(peek(w, 0), "var")) w->at++;
    while (w->at < w->end) {
        if (is(peek(w, 0), "$")) w->at++;
        const coley_token *t = peek(w, 0);
        if (t->kind != COLEY_TOKEN_NAME) return refuse(w);
        coley_mechanism_name *name = name_of(w, t->text, t->line);
        if (!name) return COLEY_FAIL_MEMORY(w->err);
        name->is_species = 1;
        w->at++;
        if (w->at < w->end && !is(peek(w, 0), ",")) return refuse(w);
        w->at++;
    }
    return COLEY_OK;
}

size_t coley_mechanism_side(coley_arena *arena, const char *side, coley_mechanism_part *part, size_t most)
{
    size_t n = 0;
    for (const char *p = side; *p && n < most;) {
        const size_t length = strcspn(p, "+");
        const char *end = p + length;
        while (end > p && end[-1] == ' ') end--;
        while (p < end && (*p == ' ' || *p == '$')) p++;
        const char *id = end;
        while (id > p && (isalnum((unsigned char)id[-1]) || id[-1] == '_')) id--;
        const char *amount_end = id;
        while (amount_end > p && (amount_end[-1] == ' ' || amount_end[-1] == '$')) amount_end--;
        part[n].id = coley_arena_text(arena, id, (size_t)(end - id));
        part[n].amount = coley_arena_text(arena, p, (size_t)(amount_end - p));
        if (part[n].id && part[n].amount && *part[n].id) n++;
        p = end + strspn(end, " ");
        if (*p == '+') p++;
    }
    return n;
}

static coley_status use_side(walk *w, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (w->token[i].kind == COLEY_TOKEN_NAME && !add_use(w, w->token[i].text, 1)) return COLEY_FAIL_MEMORY(w->err);
    return COLEY_OK;
}

/* id: left -> right; formula */
static coley_status read_reaction(walk *w, const char *id, size_t arrow, const coley_token *first)
{
    const size_t left = w->at, right = arrow + 1, right_end = w->end;
    if (w->token[w->end].kind != COLEY_TOKEN_BREAK || strcmp(w->token[w->end].text, ";")) return refuse(w);
    const char *from = written(w, left, arrow), *to = written(w, right, right_end);
    COLEY_TRY(use_side(w, left, arrow));
    COLEY_TRY(use_side(w, right, right_end));
    w->at = w->end + 1;
    w->end = statement_end(w);
    return add_law(w, COLEY_LAW_REACTION, id, w->at, from, to, first);
}

/* id: at trigger: x = formula, ... */
static coley_status read_event(walk *w, const char *id, const coley_token *first)
{
    size_t colon = w->at;
    while (colon < w->end && !is(&w->token[colon], ":")) colon++;
    const char *trigger = written(w, w->at + 1, colon);
    COLEY_TRY(add_uses(w, w->at + 1, colon));
    for (size_t i = colon + 1; i + 1 < w->end; i++)
        if (w->token[i].kind == COLEY_TOKEN_NAME && is(&w->token[i + 1], "=") && !add_use(w, w->token[i].text, 1))
            return COLEY_FAIL_MEMORY(w->err);
    return add_law(w, COLEY_LAW_EVENT, id, colon + 1, trigger, "", first);
}

static coley_status read_labelled(walk *w)
{
    const coley_token *first = peek(w, 0);
    const char *id = first->text;
    if (is(peek(w, 1), ":")) w->at += 2;
    if (is(peek(w, 0), "at")) return read_event(w, id, first);
    for (size_t i = w->at; i < w->end; i++)
        if (is(&w->token[i], "->") || is(&w->token[i], "=>")) return read_reaction(w, id, i, first);
    return refuse(w);
}

static coley_status read_addition(walk *w, coley_law_kind kind, const char *id, const coley_token *t)
{
    if (!add_use(w, id, 1)) return COLEY_FAIL_MEMORY(w->err);
    return add_law(w, kind, id, w->at, "", "", t);
}

/* id is "words", id has unit */
static coley_status read_words(walk *w, const char *id, int is_title, const coley_token *t)
{
    coley_mechanism_name *name = name_of(w, id, t->line);
    if (!name) return COLEY_FAIL_MEMORY(w->err);
    *(is_title ? &name->title : &name->unit) = peek(w, 0)->text;
    return COLEY_OK;
}

/* skin: organ(a, b) */
static coley_status read_submodel(walk *w, const coley_token *first)
{
    const size_t model = w->at + 2;
    const char *called = written(w, model, w->end);
    w->at = model + 2;
    COLEY_TRY(add_law(w, COLEY_LAW_SUBMODEL, first->text, w->at, called, "", first));
    w->made->law[w->made->n_laws - 1].formula = called;
    return COLEY_OK;
}

static coley_status read_statement(walk *w)
{
    const coley_token *t = peek(w, 0);
    const size_t length = name_length(w, w->at, w->end);
    if (is(t, "unit")) return COLEY_OK;
    if (is(t, "substanceOnly") || is(t, "species") || is(t, "var")) return read_species(w);
    if (is(peek(w, 1), ":") && peek(w, 2)->kind == COLEY_TOKEN_NAME && is(peek(w, 3), "(")) return read_submodel(w, t);
    if (is(peek(w, 1), ":") || is(t, "at")) return read_labelled(w);
    if (!length) return refuse(w);
    const char *id = length == 1 ? t->text : written(w, w->at, w->at + length);
    if (!id) return COLEY_FAIL_MEMORY(w->err);
    const coley_token *next = peek(w, length), *after = peek(w, length + 1);
    const size_t start = w->at;
    w->at += length + 2;
    if (is(next, "'") && is(after, "=")) return read_rule(w, id, t, 1);
    if (is(next, "+") && is(after, "=")) return read_addition(w, COLEY_LAW_TERM, id, t);
    if (is(next, "*") && is(after, "=")) return read_addition(w, COLEY_LAW_FACTOR, id, t);
    w->at--;
    if (is(next, "=")) return read_value(w, id, t);
    if (is(next, ":=")) return read_rule(w, id, t, 0);
    if (is(next, "has") || (is(next, "is") && after->kind == COLEY_TOKEN_TEXT))
        return read_words(w, id, is(next, "is"), t);
    w->at = start;
    return refuse(w);
}

/* "model lesion(a, b)" opens a block. */
static coley_status open_block(walk *w)
{
    coley_mechanism *m = w->made;
    size_t i = w->at + 1;
    if (is(&w->token[i], "*")) i++;
    if (w->token[i].kind != COLEY_TOKEN_NAME) return refuse(w);
    w->block = w->token[i].text;
    w->last_law_line = w->token[i].line;
    for (i++; i < w->end; i++) {
        if (w->token[i].kind != COLEY_TOKEN_NAME) continue;
        if (!COLEY_RESERVE(w->arena, m->shared, w->cap_shared, m->n_shared + 1)) return COLEY_FAIL_MEMORY(w->err);
        m->shared[m->n_shared++] = (coley_mechanism_use){.block = w->block, .id = w->token[i].text};
    }
    return COLEY_OK;
}

static coley_status read_all(walk *w)
{
    while (w->at < w->n) {
        if (w->token[w->at].kind == COLEY_TOKEN_BREAK) {
            w->at++;
            continue;
        }
        w->end = statement_end(w);
        if (is(peek(w, 0), "model") || is(peek(w, 0), "module"))
            COLEY_TRY(open_block(w));
        else if (is(peek(w, 0), "end"))
            w->block = NULL;
        else if (!w->block)
            return COLEY_FAIL_AT(w->err, COLEY_ERR_UNSUPPORTED, place_of(w, peek(w, 0)),
                                 "stands outside all model blocks; a mechanism file opens model body() or model "
                                 "lesion(), as docs/language.md says");
        else
            COLEY_TRY(read_statement(w));
        w->at = w->end + 1;
    }
    return COLEY_OK;
}

/* The comment at the top, up to the first line that is none. */
static const char *read_head(walk *w)
{
    coley_text head = {.arena = w->arena};
    for (const char *p = w->text; p[0] == '/' && p[1] == '/';) {
        const size_t length = strcspn(p, "\n");
        const char *words = p + 2 + (p[2] == ' ');
        coley_text_addf(&head, "%.*s\n", (int)(p + length - words), words);
        p += length + (p[length] == '\n');
    }
    return head.failed ? NULL : head.data ? head.data : "";
}

coley_status coley_mechanism_parse(coley_arena *arena, const char *path, const char *id, const char *text,
                                   size_t length, coley_mechanism *mechanism, coley_error *err)
{
    coley_token *token;
    *mechanism = (coley_mechanism){.id = id, .file = path};
    const coley_antimony_source source = {.name = path, .text = text, .length = length};
    walk w = {.arena = arena, .made = mechanism, .text = text, .err = err};
    COLEY_TRY(coley_antimony_tokens(arena, &source, 1, &token, &w.n, err));
    w.token = token;
    COLEY_TRY(find_lines(&w, length));
    if (!(mechanism->head = read_head(&w))) return COLEY_FAIL_MEMORY(err);
    return read_all(&w);
}

coley_status coley_mechanism_read(coley_arena *arena, const char *path, const char *id, coley_mechanism *mechanism,
                                  coley_error *err)
{
    char *text;
    size_t length;
    COLEY_TRY(coley_file_read(arena, path, MAX_FILE_BYTES, &text, &length, err));
    return coley_mechanism_parse(arena, path, id, text, length, mechanism, err);
}
