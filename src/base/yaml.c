/* SPDX-License-Identifier: GPL-3.0-or-later */
/* yaml.c -- the tree is built here from libfyaml's events, not from its documents: so the limits hold before memory is
 * spent, aliases are counted as they are followed, and nothing of libfyaml outlives the call. */
#include "base/yaml.h"

#include "base/units.h"

#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ANCHORS = 256 };

/* What the reader knows of a node beside what its users see. */
typedef struct node {
    coley_yaml yaml;
    size_t expanded; /* nodes from here down, aliases followed */
    size_t height;   /* levels from here down */
    size_t cap_key, cap_item;
    const char *pending; /* MAP under construction: the key whose value comes next */
} node;

typedef struct anchor {
    const char *name;
    node *target;
} anchor;

typedef struct reader {
    coley_arena *arena;
    const char *file;
    node *open[COLEY_YAML_MAX_DEPTH]; /* containers under construction, outermost first */
    const char *open_anchor[COLEY_YAML_MAX_DEPTH];
    size_t depth;
    node *root;
    anchor anchors[MAX_ANCHORS];
    size_t n_anchors, n_nodes, n_documents;
    coley_error *err;
} reader;

coley_quote coley_quote_make(const char *text)
{
    coley_quote quote;
    size_t n = strlen(text), length = 0;
    const int cut = n > 48;
    if (cut) n = 48;
    while (cut && n && ((unsigned char)text[n] & 0xC0) == 0x80) n--; /* not in the middle of a character */
    quote.text[length++] = '\'';
    for (size_t i = 0; i < n; i++) quote.text[length++] = (unsigned char)text[i] < 32 || text[i] == 127 ? ' ' : text[i];
    memcpy(quote.text + length, cut ? "...'" : "'", cut ? 5 : 2);
    return quote;
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

static void path_of(const coley_yaml *at, char *buffer, size_t size)
{
    const coley_yaml *chain[COLEY_YAML_MAX_DEPTH + 1];
    size_t n = 0, length = 0;
    for (; at && n <= COLEY_YAML_MAX_DEPTH; at = at->parent) chain[n++] = at;
    buffer[0] = '\0';
    for (; n > 1; n--) {
        const coley_yaml *up = chain[n - 1], *down = chain[n - 2];
        size_t i = 0;
        while (i < up->n && up->item[i] != down) i++;
        int more;
        if (up->kind == COLEY_YAML_MAP && i < up->n)
            more = snprintf(buffer + length, size - length, "%s%s", length ? "." : "", up->key[i]);
        else
            more = snprintf(buffer + length, size - length, "[%zu]", i);
        if (more < 0 || (length += (size_t)more) >= size) return; /* cut off: the line still tells */
    }
}

coley_status coley_yaml_fail(const coley_yaml *at, coley_error *err, const char *format, ...)
{
    char path[160], text[640];
    path_of(at, path, sizeof path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const coley_place place = {.file = at->file, .line = at->line, .column = at->column, .key = path[0] ? path : NULL};
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s", text);
}

static const char *kind_name(coley_yaml_kind kind)
{
    switch (kind) {
    case COLEY_YAML_EMPTY:
        return "nothing";
    case COLEY_YAML_TEXT:
        return "a single value";
    case COLEY_YAML_LIST:
        return "a list";
    case COLEY_YAML_MAP:
        return "a set of keys";
    }
    return "something else";
}

/* ---- building ---------------------------------------------------------------------------------------------------- */

static coley_status fail_at(const reader *r, int line, int column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static coley_status fail_at(const reader *r, int line, int column, const char *format, ...)
{
    char text[320];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const coley_place place = {.file = r->file, .line = line, .column = column};
    return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place, "%s", text);
}

static char *token_text(const reader *r, struct fy_token *token)
{
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : NULL;
    return coley_arena_text(r->arena, text ? text : "", text ? length : 0);
}

/* Hand a finished node to the container that is open, or make it the root. */
static coley_status attach(reader *r, node *child, int line, int column, int alias)
{
    r->n_nodes += child->expanded;
    if (r->n_nodes > COLEY_YAML_MAX_NODES)
        return fail_at(r, line, column, "more than %d values once aliases (*name) are followed; use fewer of them",
                       COLEY_YAML_MAX_NODES);
    if (!r->depth) {
        r->root = child;
        return COLEY_OK;
    }
    node *up = r->open[r->depth - 1];
    if (r->depth + child->height > COLEY_YAML_MAX_DEPTH)
        return fail_at(r, line, column, "nested deeper than %d levels", COLEY_YAML_MAX_DEPTH);
    const int is_map = up->yaml.kind == COLEY_YAML_MAP;
    if ((is_map && !COLEY_RESERVE(r->arena, up->yaml.key, up->cap_key, up->yaml.n + 1)) ||
        !COLEY_RESERVE(r->arena, up->yaml.item, up->cap_item, up->yaml.n + 1))
        return COLEY_FAIL_MEMORY(r->err);
    if (is_map) up->yaml.key[up->yaml.n] = up->pending;
    up->pending = NULL;
    up->yaml.item[up->yaml.n++] = &child->yaml;
    up->expanded += child->expanded;
    if (up->height < child->height + 1) up->height = child->height + 1;
    if (!alias) child->yaml.parent = &up->yaml;
    return COLEY_OK;
}

static coley_status remember(reader *r, const char *name, node *target)
{
    if (!name) return COLEY_OK;
    if (r->n_anchors == MAX_ANCHORS)
        return fail_at(r, target->yaml.line, target->yaml.column, "more than %d anchors (&name)", MAX_ANCHORS);
    r->anchors[r->n_anchors++] = (anchor){.name = name, .target = target};
    return COLEY_OK;
}

/* A map is expecting a key when it is the innermost open container and no key is pending. */
static int wants_key(const reader *r)
{
    return r->depth && r->open[r->depth - 1]->yaml.kind == COLEY_YAML_MAP && !r->open[r->depth - 1]->pending;
}

static node *node_create(const reader *r, coley_yaml_kind kind, int line, int column)
{
    node *made = COLEY_NEW(r->arena, node, 1);
    if (!made) return NULL;
    made->yaml = (coley_yaml){.kind = kind, .file = r->file, .line = line, .column = column};
    made->expanded = made->height = 1;
    return made;
}

static coley_status read_scalar(reader *r, const struct fy_event *event, int line, int column)
{
    char *text = token_text(r, event->scalar.value);
    if (!text) return COLEY_FAIL_MEMORY(r->err);
    if (event->scalar.tag) return fail_at(r, line, column, "tags (!name) are not used here; write the plain value");
    if (wants_key(r)) {
        if (strlen(text) > COLEY_YAML_MAX_KEY)
            return fail_at(r, line, column, "the key %s is longer than %d bytes", coley_quote_make(text).text,
                           COLEY_YAML_MAX_KEY);
        r->open[r->depth - 1]->pending = text;
        return COLEY_OK;
    }
    const int plain = !event->scalar.value || fy_token_scalar_style(event->scalar.value) == FYSS_PLAIN;
    const int empty = plain && (!*text || !strcmp(text, "~") || !strcmp(text, "null"));
    node *made = node_create(r, empty ? COLEY_YAML_EMPTY : COLEY_YAML_TEXT, line, column);
    if (!made) return COLEY_FAIL_MEMORY(r->err);
    made->yaml.text = text;
    const char *name = NULL;
    if (event->scalar.anchor && !(name = token_text(r, event->scalar.anchor))) return COLEY_FAIL_MEMORY(r->err);
    COLEY_TRY(attach(r, made, line, column, 0));
    return remember(r, name, made);
}

static coley_status read_alias(reader *r, const struct fy_event *event, int line, int column)
{
    const char *name = token_text(r, event->alias.anchor);
    if (!name) return COLEY_FAIL_MEMORY(r->err);
    if (wants_key(r)) return fail_at(r, line, column, "an alias (*name) cannot be a key; write the key out");
    for (size_t i = r->n_anchors; i--;) /* the latest of that name counts */
        if (!strcmp(r->anchors[i].name, name)) return attach(r, r->anchors[i].target, line, column, 1);
    return fail_at(r, line, column, "no anchor &name called %s stands before this alias", coley_quote_make(name).text);
}

static coley_status open_container(reader *r, coley_yaml_kind kind, struct fy_token *name_token, struct fy_token *tag,
                                   int line, int column)
{
    if (tag) return fail_at(r, line, column, "tags (!name) are not used here; write the plain value");
    if (wants_key(r)) return fail_at(r, line, column, "a key must be plain text, not a list or a set of keys");
    if (r->depth == COLEY_YAML_MAX_DEPTH)
        return fail_at(r, line, column, "nested deeper than %d levels", COLEY_YAML_MAX_DEPTH);
    const char *name = NULL;
    node *made = node_create(r, kind, line, column);
    if (!made || (name_token && !(name = token_text(r, name_token)))) return COLEY_FAIL_MEMORY(r->err);
    r->open[r->depth] = made;
    r->open_anchor[r->depth++] = name;
    return COLEY_OK;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static coley_status unique_keys(const reader *r, const coley_yaml *map)
{
    if (map->n < 2) return COLEY_OK;
    const char **sorted = COLEY_NEW(r->arena, const char *, map->n);
    if (!sorted) return COLEY_FAIL_MEMORY(r->err);
    memcpy(sorted, map->key, map->n * sizeof *sorted);
    qsort(sorted, map->n, sizeof *sorted, by_key);
    for (size_t i = 1; i < map->n; i++) {
        if (strcmp(sorted[i - 1], sorted[i])) continue;
        for (size_t j = map->n; j--;) /* blame the last of the twins */
            if (!strcmp(map->key[j], sorted[i]))
                return fail_at(r, map->item[j]->line, map->item[j]->column, "the key %s is given twice; keep one",
                               coley_quote_make(sorted[i]).text);
    }
    return COLEY_OK;
}

static coley_status close_container(reader *r)
{
    node *done = r->open[--r->depth];
    if (done->yaml.kind == COLEY_YAML_MAP) COLEY_TRY(unique_keys(r, &done->yaml));
    /* Its entries were counted one by one as they came; attach() counts the whole again. */
    r->n_nodes -= done->expanded - 1;
    COLEY_TRY(attach(r, done, done->yaml.line, done->yaml.column, 0));
    return remember(r, r->open_anchor[r->depth], done);
}

static coley_status take(reader *r, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    const int line = mark ? mark->line + 1 : 0, column = mark ? mark->column + 1 : 0;
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (r->n_documents++) return fail_at(r, line, column, "a second document (---) starts here; keep one per file");
        return COLEY_OK;
    case FYET_SCALAR:
        return read_scalar(r, event, line, column);
    case FYET_ALIAS:
        return read_alias(r, event, line, column);
    case FYET_MAPPING_START:
        return open_container(r, COLEY_YAML_MAP, event->mapping_start.anchor, event->mapping_start.tag, line, column);
    case FYET_SEQUENCE_START:
        return open_container(r, COLEY_YAML_LIST, event->sequence_start.anchor, event->sequence_start.tag, line,
                              column);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return close_container(r);
    default:
        return COLEY_OK;
    }
}

/* What libfyaml found wrong, in its own words and at its own place. */
static coley_status fail_syntax(const reader *r, struct fy_diag *diag)
{
    void *iterator = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &iterator);
    if (!first || !first->msg) return fail_at(r, 0, 0, "not valid YAML");
    return fail_at(r, first->line, first->column, "not valid YAML: %.200s", first->msg);
}

static coley_status read_events(reader *r, struct fy_parser *parser, struct fy_diag *diag)
{
    for (struct fy_event *event; (event = fy_parser_parse(parser));) {
        const int end = event->type == FYET_STREAM_END;
        const coley_status status = take(r, event);
        fy_parser_event_free(parser, event);
        if (status != COLEY_OK) return status;
        if (end) return COLEY_OK;
    }
    return fail_syntax(r, diag);
}

/* The line that byte `offset` is on, counted from 1. */
static int line_of(const char *bytes, size_t offset)
{
    int line = 1;
    for (size_t i = 0; i < offset; i++) line += bytes[i] == '\n';
    return line;
}

coley_status coley_yaml_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                              const coley_yaml **root, coley_error *err)
{
    reader *r = COLEY_NEW(arena, reader, 1);
    if (!r || !(r->file = coley_arena_text(arena, name, strlen(name)))) return COLEY_FAIL_MEMORY(err);
    r->arena = arena;
    r->err = err;
    if (length > COLEY_YAML_MAX_BYTES)
        return fail_at(r, 0, 0, "longer than the %d bytes that are allowed here", COLEY_YAML_MAX_BYTES);
    const char *nul = length ? memchr(bytes, 0, length) : NULL;
    if (nul) return fail_at(r, line_of(bytes, (size_t)(nul - bytes)), 0, "a NUL byte; this is no text file in UTF-8");
    size_t bad = 0;
    if (!coley_text_utf8(bytes, length, &bad))
        return fail_at(r, line_of(bytes, bad), 0, "byte 0x%02X is not UTF-8; save the file as UTF-8",
                       (unsigned)(unsigned char)bytes[bad]);

    const struct fy_diag_cfg diag_settings = {.level = FYET_ERROR, .module_mask = ~0U};
    struct fy_diag *diag = fy_diag_create(&diag_settings);
    if (!diag) return COLEY_FAIL_MEMORY(err);
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg settings = {.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
                                          .diag = diag};
    struct fy_parser *parser = fy_parser_create(&settings);
    coley_status status = COLEY_OK;
    if (!parser || fy_parser_set_string(parser, length ? bytes : "", length)) status = COLEY_FAIL_MEMORY(err);
    if (status == COLEY_OK && length) status = read_events(r, parser, diag);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    if (status != COLEY_OK) return status;

    if ((!r->root || r->root->yaml.kind == COLEY_YAML_EMPTY) && !(r->root = node_create(r, COLEY_YAML_MAP, 1, 1)))
        return COLEY_FAIL_MEMORY(err);
    *root = &r->root->yaml;
    return COLEY_OK;
}

coley_status coley_yaml_load(coley_arena *arena, const char *path, const coley_yaml **root, coley_error *err)
{
    char *bytes;
    size_t length;
    COLEY_TRY(coley_file_read(arena, path, COLEY_YAML_MAX_BYTES, &bytes, &length, err));
    return coley_yaml_parse(arena, path, bytes, length, root, err);
}

/* ---- views ------------------------------------------------------------------------------------------------------- */

const coley_yaml *coley_yaml_find(const coley_yaml *map, const char *key)
{
    if (!map || map->kind != COLEY_YAML_MAP) return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (!strcmp(map->key[i], key)) return map->item[i]->kind == COLEY_YAML_EMPTY ? NULL : map->item[i];
    return NULL;
}

coley_status coley_yaml_expect(const coley_yaml *at, coley_yaml_kind kind, coley_error *err)
{
    if (at->kind == kind) return COLEY_OK;
    return coley_yaml_fail(at, err, "%s is wanted here, not %s", kind_name(kind), kind_name(at->kind));
}

coley_status coley_yaml_text(const coley_yaml *at, const char **text, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(at, COLEY_YAML_TEXT, err));
    *text = at->text;
    return COLEY_OK;
}

coley_status coley_yaml_number(const coley_yaml *at, double low, double high, double *value, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(at, COLEY_YAML_TEXT, err));
    double number;
    if (!coley_text_number(at->text, &number))
        return coley_yaml_fail(at, err, "%s is not a number", coley_quote_make(at->text).text);
    if (!(number >= low && number <= high))
        return coley_yaml_fail(at, err, "%g is outside %g to %g", number, low, high);
    *value = number;
    return COLEY_OK;
}

coley_status coley_yaml_integer(const coley_yaml *at, int64_t low, int64_t high, int64_t *value, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(at, COLEY_YAML_TEXT, err));
    if (!coley_text_integer(at->text, low, high, value))
        return coley_yaml_fail(at, err, "%s is not a whole number from %lld to %lld", coley_quote_make(at->text).text,
                               (long long)low, (long long)high);
    return COLEY_OK;
}

coley_status coley_yaml_flag(const coley_yaml *at, int *value, coley_error *err)
{
    static const char *const names[] = {"off", "on", "no", "yes", "false", "true"};
    COLEY_TRY(coley_yaml_expect(at, COLEY_YAML_TEXT, err));
    for (int i = 0; i < 6; i++) {
        if (strcmp(at->text, names[i])) continue;
        *value = i % 2;
        return COLEY_OK;
    }
    return coley_yaml_fail(at, err, "%s is neither on nor off", coley_quote_make(at->text).text);
}

coley_status coley_yaml_quantity(const coley_yaml *at, const char *unit, double low, double high, double *value,
                                 coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(at, COLEY_YAML_TEXT, err));
    char path[160];
    path_of(at, path, sizeof path);
    const coley_place place = {.file = at->file, .line = at->line, .column = at->column, .key = path};
    return coley_quantity_read(at->text, unit, low, high, value, place, err);
}

coley_status coley_quantity_read(const char *text, const char *unit, double low, double high, double *value,
                                 coley_place place, coley_error *err)
{
    coley_error why = {0};
    double number;
    const coley_status status = coley_quantity_parse(text, unit, &number, &why);
    if (status != COLEY_OK) return COLEY_FAIL_AT(err, status, place, "%s", why.text);
    if (!(number >= low && number <= high))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s is outside %g to %g%s%s", coley_quote_make(text).text,
                             low, high, strcmp(unit, "dimensionless") ? " " : "",
                             strcmp(unit, "dimensionless") ? unit : "");
    *value = number;
    return COLEY_OK;
}

coley_status coley_yaml_choice(const coley_yaml *at, const char *const *names, size_t n, int *index, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(at, COLEY_YAML_TEXT, err));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(at->text, names[i])) continue;
        *index = (int)i;
        return COLEY_OK;
    }
    char all[256] = "";
    for (size_t i = 0, length = 0; i < n && length < sizeof all; i++)
        length += (size_t)snprintf(all + length, sizeof all - length, "%s%s", i ? ", " : "", names[i]);
    const char *near = coley_text_nearest(at->text, names, n);
    return coley_yaml_fail(at, err, "%s is not known here%s%s%s; one of %s", coley_quote_make(at->text).text,
                           near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "", all);
}

coley_status coley_yaml_keys(const coley_yaml *map, const char *const *names, size_t n, coley_error *err)
{
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    for (size_t i = 0; i < map->n; i++) {
        size_t j = 0;
        while (j < n && strcmp(map->key[i], names[j])) j++;
        if (j < n) continue;
        const char *near = coley_text_nearest(map->key[i], names, n);
        char all[320] = "";
        for (size_t k = 0, length = 0; !near && k < n && length < sizeof all; k++)
            length += (size_t)snprintf(all + length, sizeof all - length, "%s%s", k ? ", " : "", names[k]);
        return coley_yaml_fail(map->item[i], err, "unknown key %s%s%s%s", coley_quote_make(map->key[i]).text,
                               near ? "; did you mean '" : "; known here: ", near ? near : all, near ? "'?" : "");
    }
    return COLEY_OK;
}
