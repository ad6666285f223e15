/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emit.c -- JSON and YAML writers, numbers in their shortest exact form, text made safe for markup. */
#include "io/emit.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

coley_digits coley_digits_exact(double value)
{
    coley_digits digits = {""};
    if (isnan(value)) return digits;
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits.text, sizeof digits.text, "%.*g", precision, value);
        if (strtod(digits.text, NULL) == value) break;
    }
    return digits;
}

static void add(coley_text *out, const char *text)
{
    coley_text_add(out, text, strlen(text));
}

static void add_quoted(coley_text *out, const char *text)
{
    coley_text_add(out, "\"", 1);
    for (const char *p = text; *p; p++) {
        const unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\')
            coley_text_addf(out, "\\%c", c);
        else if (c == '\n')
            add(out, "\\n");
        else if (c == '\t')
            add(out, "\\t");
        else if (c < 32 || c == 127)
            coley_text_addf(out, "\\u%04x", c);
        else
            coley_text_add(out, p, 1);
    }
    coley_text_add(out, "\"", 1);
}

/* Could any YAML reader take the bare text for something else? Only the plainest texts go without quotes. */
static int plain_in_yaml(const char *text)
{
    if (!isalnum((unsigned char)*text) || !strcmp(text, "null")) return 0;
    for (const char *p = text; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr(" _./%+-^*()", *p)) return 0;
    return text[strlen(text) - 1] != ' ';
}

/* Everything in front of a value: separator, indentation, key. */
static void lead(coley_emit *emit, const char *key, int container)
{
    coley_text *out = emit->out;
    if (!emit->depth) return;
    const int first = emit->n[emit->depth]++ == 0;
    if (emit->style == COLEY_EMIT_JSON) {
        coley_text_addf(out, "%s\n%*s", first ? "" : ",", 2 * emit->depth, "");
        if (!key) return;
        add_quoted(out, key);
        add(out, ": ");
        return;
    }
    if (!emit->dash && out->length) coley_text_addf(out, "\n%*s", 2 * (emit->depth - 1), "");
    emit->dash = 0;
    if (!key) {
        add(out, "- ");
        emit->dash = container;
        return;
    }
    if (plain_in_yaml(key))
        add(out, key);
    else
        add_quoted(out, key);
    add(out, container ? ":" : ": ");
}

static void open_container(coley_emit *emit, const char *key, char close)
{
    lead(emit, key, 1);
    assert(emit->depth + 1 < (int)(sizeof emit->close));
    emit->close[++emit->depth] = close;
    emit->n[emit->depth] = 0;
    if (emit->style == COLEY_EMIT_JSON) add(emit->out, close == '}' ? "{" : "[");
}

void coley_emit_map(coley_emit *emit, const char *key)
{
    open_container(emit, key, '}');
}

void coley_emit_list(coley_emit *emit, const char *key)
{
    open_container(emit, key, ']');
}

void coley_emit_end(coley_emit *emit)
{
    assert(emit->depth > 0);
    const int depth = emit->depth--, empty = emit->n[depth] == 0;
    if (emit->style == COLEY_EMIT_JSON) {
        if (!empty) coley_text_addf(emit->out, "\n%*s", 2 * emit->depth, "");
        coley_text_add(emit->out, &emit->close[depth], 1);
    } else if (empty) {
        coley_text_addf(emit->out, "%s%s", emit->dash || depth == 1 ? "" : " ",
                        emit->close[depth] == '}' ? "{}" : "[]");
        emit->dash = 0;
    }
    if (!emit->depth) add(emit->out, "\n");
}

void coley_emit_text(coley_emit *emit, const char *key, const char *text)
{
    lead(emit, key, 0);
    if (!text)
        add(emit->out, "null");
    else if (emit->style == COLEY_EMIT_YAML && plain_in_yaml(text))
        add(emit->out, text);
    else
        add_quoted(emit->out, text);
}

void coley_emit_number(coley_emit *emit, const char *key, double value)
{
    lead(emit, key, 0);
    add(emit->out, isfinite(value) ? coley_digits_exact(value).text : "null");
}

void coley_emit_integer(coley_emit *emit, const char *key, int64_t value)
{
    lead(emit, key, 0);
    coley_text_addf(emit->out, "%lld", (long long)value);
}

void coley_emit_flag(coley_emit *emit, const char *key, int value)
{
    lead(emit, key, 0);
    if (emit->style == COLEY_EMIT_YAML)
        add(emit->out, value ? "on" : "off");
    else
        add(emit->out, value ? "true" : "false");
}

void coley_text_add_escaped(coley_text *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        const unsigned char c = (unsigned char)*p;
        if (c == '&')
            add(out, "&amp;");
        else if (c == '<')
            add(out, "&lt;");
        else if (c == '>')
            add(out, "&gt;");
        else if (c == '"')
            add(out, "&quot;");
        else if (c == '\'')
            add(out, "&#39;");
        else if (c >= 32 || c == '\n' || c == '\t')
            coley_text_add(out, p, 1);
    }
}
