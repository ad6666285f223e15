/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony_lexer.c -- one pass over the bytes. */
#include "model/antimony_lexer.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MAX_TOKENS = 5000000, MAX_TOKEN_BYTES = 4096 };

typedef struct lexer {
    coley_arena *arena;
    const coley_antimony_source *source;
    const char *p, *end, *line_start;
    int line;
    coley_token *token;
    size_t n, cap;
    coley_error *err;
} lexer;

static coley_place place_of(const lexer *x)
{
    return (coley_place){.file = x->source->name, .line = x->line, .column = (int)(x->p - x->line_start) + 1};
}

static coley_status push(lexer *x, coley_token_kind kind, const char *start, size_t length, double number)
{
    if (x->n >= MAX_TOKENS)
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place_of(x), "more than %d words", MAX_TOKENS);
    if (length > MAX_TOKEN_BYTES)
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place_of(x), "a word of %zu bytes, allowed up to %d", length,
                             MAX_TOKEN_BYTES);
    if (!COLEY_RESERVE(x->arena, x->token, x->cap, x->n + 2)) return COLEY_FAIL_MEMORY(x->err);
    const char *text = coley_arena_text(x->arena, start, length);
    if (!text) return COLEY_FAIL_MEMORY(x->err);
    x->token[x->n++] = (coley_token){.kind = kind,
                                     .text = text,
                                     .number = number,
                                     .file = x->source->name,
                                     .line = x->line,
                                     .column = (int)(start - x->line_start) + 1};
    return COLEY_OK;
}

/* A word, an opening bracket, a number: meant as a spread. */
static int looks_like_spread(const char *text)
{
    const char *p = text;
    while (isalpha((unsigned char)*p) || *p == '_') p++;
    if (p == text || *p++ != '(') return 0;
    while (*p == ' ' || *p == '-' || *p == '+' || *p == '.') p++;
    return isdigit((unsigned char)*p) && strchr(p, ',');
}

/* "lognormal(a, b); source" or "; source" or "source". */
static coley_status read_note(lexer *x, const char *start, const char *end, coley_note **out)
{
    static const struct {
        const char *name;
        coley_spread_kind kind;
    } spreads[] = {{"lognormal(", COLEY_SPREAD_LOGNORMAL},
                   {"normal(", COLEY_SPREAD_NORMAL},
                   {"uniform(", COLEY_SPREAD_UNIFORM},
                   {"loguniform(", COLEY_SPREAD_LOGUNIFORM},
                   {"logitnormal(", COLEY_SPREAD_LOGITNORMAL}};
    coley_note *note = COLEY_NEW(x->arena, coley_note, 1);
    if (!note) return COLEY_FAIL_MEMORY(x->err);
    note->line = x->line;
    note->column = (int)(start - x->line_start) - 2;
    const coley_place place = {.file = x->source->name, .line = note->line, .column = note->column};
    char *text = coley_arena_text(x->arena, start, (size_t)(end - start));
    if (!text) return COLEY_FAIL_MEMORY(x->err);
    while (*text == ' ' || *text == '\t') text++;
    for (size_t i = 0; i < sizeof spreads / sizeof *spreads; i++) {
        const size_t length = strlen(spreads[i].name);
        if (strncmp(text, spreads[i].name, length) != 0) continue;
        char *rest, *after;
        note->spread = spreads[i].kind;
        note->a = strtod(text + length, &rest);
        if (rest == text + length || *rest != ',')
            return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place, "a spread is written %sa, b), found \"%.60s\"",
                                 spreads[i].name, text);
        note->b = strtod(rest + 1, &after);
        while (*after == ' ') after++;
        if (after == rest + 1 || *after != ')')
            return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place, "a spread is written %sa, b), found \"%.60s\"",
                                 spreads[i].name, text);
        const int logs = note->spread == COLEY_SPREAD_LOGNORMAL || note->spread == COLEY_SPREAD_LOGUNIFORM;
        const int range = note->spread == COLEY_SPREAD_UNIFORM || note->spread == COLEY_SPREAD_LOGUNIFORM;
        if (!isfinite(note->a) || !isfinite(note->b) || (logs && !(note->a > 0.0)) ||
            (range && !(note->b >= note->a)) || (!range && !(note->b >= 0.0)) ||
            (note->spread == COLEY_SPREAD_LOGITNORMAL && !(note->a > 0.0 && note->a < 1.0)))
            return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place,
                                 "%s%g, %g) is out of range: medians of logarithms above 0, medians of logits between "
                                 "0 and 1, low before high, deviations from 0",
                                 spreads[i].name, note->a, note->b);
        text = after + 1;
        break;
    }
    if (note->spread == COLEY_SPREAD_NONE && looks_like_spread(text))
        return COLEY_FAIL_AT(
            x->err, COLEY_ERR_INPUT, place,
            "no spread \"%.40s\"; one of lognormal(median, sigma), normal(mean, sd), uniform(low, high), "
            "loguniform(low, high), logitnormal(median, sigma)",
            text);
    while (*text == ';' || *text == ' ' || *text == '\t') text++;
    size_t length = strlen(text);
    while (length && isspace((unsigned char)text[length - 1])) text[--length] = '\0';
    note->source = text;
    *out = note;
    return COLEY_OK;
}

/* A comment that starts at p; `note` gets a //! one. */
static coley_status skip_comment(lexer *x, coley_note **note)
{
    if (x->p[0] == '/' && x->p[1] == '*') {
        const coley_place opened = place_of(x);
        for (x->p += 2; x->p < x->end && !(x->p[0] == '*' && x->p[1] == '/'); x->p++)
            if (*x->p == '\n') {
                x->line++;
                x->line_start = x->p + 1;
            }
        if (x->p >= x->end)
            return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, opened, "a comment that never ends; close it with */");
        x->p += 2;
        return COLEY_OK;
    }
    const char *start = x->p;
    while (x->p < x->end && *x->p != '\n') x->p++;
    if (start[0] == '/' && x->p - start >= 3 && start[2] == '!') return read_note(x, start + 3, x->p, note);
    return COLEY_OK;
}

static coley_status read_text(lexer *x)
{
    const char *start = ++x->p;
    while (x->p < x->end && *x->p != '"' && *x->p != '\n') x->p++;
    if (x->p >= x->end || *x->p == '\n')
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place_of(x), "a text without its closing quote");
    COLEY_TRY(push(x, COLEY_TOKEN_TEXT, start, (size_t)(x->p - start), 0.0));
    x->p++;
    return COLEY_OK;
}

static coley_status read_number(lexer *x)
{
    const char *start = x->p;
    while (x->p < x->end && isdigit((unsigned char)*x->p)) x->p++;
    if (x->p < x->end && *x->p == '.') x->p++;
    while (x->p < x->end && isdigit((unsigned char)*x->p)) x->p++;
    if (x->p < x->end && (*x->p == 'e' || *x->p == 'E')) {
        const char *q = x->p + 1;
        if (q < x->end && (*q == '+' || *q == '-')) q++;
        if (q < x->end && isdigit((unsigned char)*q)) {
            while (q < x->end && isdigit((unsigned char)*q)) q++;
            x->p = q;
        }
    }
    COLEY_TRY(push(x, COLEY_TOKEN_NUMBER, start, (size_t)(x->p - start), 0.0));
    coley_token *t = &x->token[x->n - 1];
    char *dot = coley_arena_text(x->arena, t->text, strlen(t->text));
    if (!dot) return COLEY_FAIL_MEMORY(x->err);
    t->number = strtod(dot, NULL);
    if (!(t->number <= 1.7e308))
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place_of(x), "the number %.40s is too large", t->text);
    return COLEY_OK;
}

static coley_status read_sign(lexer *x)
{
    static const char *const two[] = {"->", "=>", ":=", "==", "!=", "<=", ">=", "&&", "||"};
    for (size_t i = 0; i < sizeof two / sizeof *two; i++)
        if (x->p + 1 < x->end && x->p[0] == two[i][0] && x->p[1] == two[i][1]) {
            COLEY_TRY(push(x, COLEY_TOKEN_SIGN, x->p, 2, 0.0));
            x->p += 2;
            return COLEY_OK;
        }
    if (!strchr("+-*/^()=<>!,:'.$[]{}", *x->p) || !*x->p)
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place_of(x),
                             isprint((unsigned char)*x->p) ? "the character \"%c\" is not Antimony"
                                                           : "the byte 0x%02X is not Antimony",
                             (unsigned char)*x->p);
    COLEY_TRY(push(x, COLEY_TOKEN_SIGN, x->p, 1, 0.0));
    x->p++;
    return COLEY_OK;
}

static coley_status read_source(lexer *x)
{
    size_t bad;
    x->p = x->line_start = x->source->text;
    x->end = x->p + x->source->length;
    x->line = 1;
    if (!coley_text_utf8(x->p, x->source->length, &bad))
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, ((coley_place){.file = x->source->name}), "not UTF-8 at byte %zu",
                             bad);
    coley_note *note = NULL;
    while (x->p < x->end) {
        const char c = *x->p;
        if (c == '\n' || c == ';') {
            COLEY_TRY(push(x, COLEY_TOKEN_BREAK, c == ';' ? ";" : "\n", 1, 0.0));
            x->token[x->n - 1].column = (int)(x->p - x->line_start) + 1;
            if (c == '\n') {
                x->token[x->n - 1].note = note;
                note = NULL;
                x->line++;
                x->line_start = x->p + 1;
            }
            x->p++;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            x->p++;
        } else if (c == '#' || (c == '/' && x->p + 1 < x->end && (x->p[1] == '/' || x->p[1] == '*'))) {
            COLEY_TRY(skip_comment(x, &note));
        } else if (c == '"') {
            COLEY_TRY(read_text(x));
        } else if (isdigit((unsigned char)c) || (c == '.' && x->p + 1 < x->end && isdigit((unsigned char)x->p[1]))) {
            COLEY_TRY(read_number(x));
        } else if (isalpha((unsigned char)c) || c == '_') {
            const char *start = x->p;
            while (x->p < x->end && (isalnum((unsigned char)*x->p) || *x->p == '_')) x->p++;
            COLEY_TRY(push(x, COLEY_TOKEN_NAME, start, (size_t)(x->p - start), 0.0));
        } else {
            COLEY_TRY(read_sign(x));
        }
    }
    COLEY_TRY(push(x, COLEY_TOKEN_BREAK, "\n", 1, 0.0));
    x->token[x->n - 1].column = 1;
    x->token[x->n - 1].note = note;
    return COLEY_OK;
}

coley_status coley_antimony_tokens(coley_arena *arena, const coley_antimony_source *sources, size_t n_sources,
                                   coley_token **token, size_t *n, coley_error *err)
{
    lexer x = {.arena = arena, .err = err};
    for (size_t i = 0; i < n_sources; i++) {
        x.source = &sources[i];
        COLEY_TRY(read_source(&x));
    }
    if (!COLEY_RESERVE(arena, x.token, x.cap, x.n + 1)) return COLEY_FAIL_MEMORY(err);
    x.token[x.n] = (coley_token){.kind = COLEY_TOKEN_END,
                                 .text = "",
                                 .file = n_sources ? sources[n_sources - 1].name : "",
                                 .line = x.line,
                                 .column = 1};
    *token = x.token;
    *n = x.n;
    return COLEY_OK;
}
