/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony_lexer.c -- one pass over the bytes. */
#include "model/antimony_lexer.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

enum { MAX_TOKENS = 5000000, MAX_TOKEN_BYTES = 4096, MAX_IMPORTS = 256, MAX_FILE_BYTES = 16 << 20 };

/* A text to read, and the one that imports it, -1 for those that were given. */
typedef struct entry {
    coley_antimony_source source;
    int parent;
} entry;

typedef struct lexer {
    coley_arena *arena;
    const coley_antimony_source *source;
    size_t n_entries, cap_entries, current;
    entry *entry;
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
                   {"logitnormal(", COLEY_SPREAD_LOGITNORMAL},
                   {"chance(", COLEY_SPREAD_CHANCE}};
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
        const int range = note->spread == COLEY_SPREAD_UNIFORM || note->spread == COLEY_SPREAD_LOGUNIFORM ||
                          note->spread == COLEY_SPREAD_CHANCE;
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
            "loguniform(low, high), logitnormal(median, sigma), chance(low, high)",
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

/* Notes of a model: between three quotes or backticks, over many lines. */
static coley_status read_long_text(lexer *x)
{
    const coley_place opened = place_of(x);
    const char *mark = x->p;
    for (x->p += 3; x->p + 2 < x->end && strncmp(x->p, mark, 3) != 0; x->p++)
        if (*x->p == '\n') {
            x->line++;
            x->line_start = x->p + 1;
        }
    if (x->p + 2 >= x->end)
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, opened, "a text without its closing %.3s", mark);
    COLEY_TRY(push(x, COLEY_TOKEN_TEXT, x->p, 0, 0.0)); /* nothing in it changes the model */
    x->p += 3;
    return COLEY_OK;
}

static coley_status read_text(lexer *x)
{
    const char *start = ++x->p;
    while (x->p < x->end && *x->p != '"' && *x->p != '\n') x->p++;
    if (x->p >= x->end || *x->p == '\n')
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place_of(x), "a text without its closing quote");
    COLEY_TRY(push(x, COLEY_TOKEN_TEXT, start, (size_t)(x->p - start), 0.0));
    x->token[x->n - 1].column--;
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
    static const char *const two[] = {"->", "=>", ":=", "==", "!=", "<=", ">=", "&&", "||", "-|"};
    if (x->p + 2 < x->end && strncmp(x->p, "...", 3) == 0) {
        COLEY_TRY(push(x, COLEY_TOKEN_SIGN, x->p, 3, 0.0));
        x->p += 3;
        return COLEY_OK;
    }
    for (size_t i = 0; i < sizeof two / sizeof *two; i++)
        if (x->p + 1 < x->end && x->p[0] == two[i][0] && x->p[1] == two[i][1]) {
            COLEY_TRY(push(x, COLEY_TOKEN_SIGN, x->p, 2, 0.0));
            x->p += 2;
            return COLEY_OK;
        }
    if (!strchr("+-*/^()=<>!,:'.$[]{}%", *x->p) || !*x->p)
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place_of(x),
                             isprint((unsigned char)*x->p) ? "the character \"%c\" is not Antimony"
                                                           : "the byte 0x%02X is not Antimony",
                             (unsigned char)*x->p);
    COLEY_TRY(push(x, COLEY_TOKEN_SIGN, x->p, 1, 0.0));
    x->p++;
    return COLEY_OK;
}

/* The last two tokens are: import "file", at the start of a statement. */
static int is_import(const lexer *x)
{
    const coley_token *word = x->n >= 2 ? &x->token[x->n - 2] : NULL;
    return word && word->kind == COLEY_TOKEN_NAME && strcmp(word->text, "import") == 0 &&
           (x->n == 2 || word[-1].kind == COLEY_TOKEN_BREAK);
}

/* "lib/x.ant" as seen from "models/main.ant": "models/lib/x.ant". NULL when there is no memory. */
static const char *path_from(const lexer *x, const char *from, const char *file)
{
    const char *slash = strrchr(from, '/');
    return *file == '/' || !slash ? coley_arena_text(x->arena, file, strlen(file))
                                  : coley_arena_printf(x->arena, "%.*s/%s", (int)(slash - from), from, file);
}

static int same_file(const char *a, const char *b)
{
    struct stat x, y;
    if (strcmp(a, b) == 0) return 1;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* The file is put behind those that are waiting; one that is there already is not read twice. */
static coley_status import(lexer *x)
{
    const coley_token *t = &x->token[x->n - 1];
    const coley_place place = {.file = t->file, .line = t->line, .column = t->column};
    x->n -= 2;
    if (strstr(t->text, "://"))
        return COLEY_FAIL_AT(x->err, COLEY_ERR_UNSUPPORTED, place,
                             "\"%.100s\": files are imported from this machine only; download it first", t->text);
    if (!x->source->path || strcmp(x->source->path, "-") == 0)
        return COLEY_FAIL_AT(x->err, COLEY_ERR_UNSUPPORTED, place,
                             "\"%.100s\": this text is no file, so there is no folder to import from", t->text);
    const char *path = path_from(x, x->source->path, t->text);
    if (!path) return COLEY_FAIL_MEMORY(x->err);
    for (int i = (int)x->current; i >= 0; i = x->entry[i].parent)
        if (x->entry[i].source.path && same_file(x->entry[i].source.path, path))
            return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place, "\"%.100s\" imports itself%s; break the loop", t->text,
                                 i == (int)x->current ? "" : " through others");
    for (size_t i = 0; i < x->n_entries; i++)
        if (x->entry[i].source.path && same_file(x->entry[i].source.path, path)) return COLEY_OK;
    if (x->n_entries >= MAX_IMPORTS)
        return COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place, "more than %d files", MAX_IMPORTS);
    char *bytes;
    size_t length;
    coley_error why;
    if (coley_file_read(x->arena, path, MAX_FILE_BYTES, &bytes, &length, &why) != COLEY_OK)
        return why.code == COLEY_ERR_MEMORY ? COLEY_FAIL_MEMORY(x->err)
                                            : COLEY_FAIL_AT(x->err, COLEY_ERR_INPUT, place, "%s", why.text);
    const char *first = bytes;
    while (*first == ' ' || *first == '\n' || *first == '\r' || *first == '\t' || *first == '\xef') first++;
    if (*first == '<')
        return COLEY_FAIL_AT(x->err, COLEY_ERR_UNSUPPORTED, place,
                             "\"%.100s\" is XML; make Antimony of it first: coley model convert", t->text);
    if (!COLEY_RESERVE(x->arena, x->entry, x->cap_entries, x->n_entries + 1)) return COLEY_FAIL_MEMORY(x->err);
    x->entry[x->n_entries++] =
        (entry){.source = {.name = path, .text = bytes, .length = length, .path = path}, .parent = (int)x->current};
    x->source = &x->entry[x->current].source;
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
        } else if (x->p + 2 < x->end && (strncmp(x->p, "```", 3) == 0 || strncmp(x->p, "\"\"\"", 3) == 0)) {
            COLEY_TRY(read_long_text(x));
        } else if (c == '"') {
            COLEY_TRY(read_text(x));
            if (is_import(x)) COLEY_TRY(import(x));
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
    if (!COLEY_RESERVE(arena, x.entry, x.cap_entries, n_sources)) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_sources; i++) x.entry[x.n_entries++] = (entry){.source = sources[i], .parent = -1};
    for (x.current = 0; x.current < x.n_entries; x.current++) {
        x.source = &x.entry[x.current].source;
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
