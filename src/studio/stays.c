/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stays.c -- refuses documents that name files outside their folder */
#include "studio/stays.h"

#include <string.h>

#include "base/yaml.h"

int coley_text_stays(const char *text)
{
    if (*text == '/' || *text == '~' || *text == '\\') return 0;
    for (const char *p = text; (p = strstr(p, "..")); p += 2) {
        const int begins = p == text || p[-1] == '/' || p[-1] == '\\', ends = !p[2] || p[2] == '/' || p[2] == '\\';
        if (begins && ends) return 0;
    }
    return 1;
}

static int is_upload(const char *text, const char *uploads)
{
    const size_t n = uploads ? strlen(uploads) : 0;
    return n && !strncmp(text, uploads, n) && text[n] == '/' && text[n + 1] != '.' && !strchr(text + n + 1, '/');
}

static coley_status node_stays(const coley_yaml *node, const char *uploads, coley_error *err)
{
    if (!node) return COLEY_OK;
    if (node->kind == COLEY_YAML_TEXT && !coley_text_stays(node->text) && !is_upload(node->text, uploads))
        return coley_yaml_fail(node, err, "%s leads out of the project's folder; name a file beside the scenario",
                               coley_quote_make(node->text).text);
    if (node->kind != COLEY_YAML_LIST && node->kind != COLEY_YAML_MAP) return COLEY_OK;
    for (size_t i = 0; i < node->n; i++) COLEY_TRY(node_stays(node->item[i], uploads, err));
    return COLEY_OK;
}

coley_status coley_document_stays(coley_arena *arena, const char *name, const char *uploads, const char *bytes,
                                  size_t length, coley_error *err)
{
    const coley_yaml *root;
    if (coley_yaml_parse(arena, name, bytes, length, &root, NULL) != COLEY_OK) return COLEY_OK;
    return node_stays(root, uploads, err);
}
