/* SPDX-License-Identifier: GPL-3.0-or-later */
/* physicell_read.c -- numbers, flags and names out of elements, with errors that say where. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "tissue/physicell_parts.h"

enum { MAX_NOTES = 1000 };

/* The path of an element from below the root, names in brackets: "cell_definition[tumor]/phenotype/volume/total". The
 * beginning is what is left out when it is too long. */
static const char *path_of(const physicell_reader *r, const coley_xml *node)
{
    const char *path = "";
    for (const coley_xml *n = node; n && n->parent && path && strlen(path) < 100; n = n->parent) {
        const char *name = coley_xml_attribute_text(n, "name");
        if (!name) name = coley_xml_attribute_text(n, "substrate");
        path = coley_arena_printf(r->arena, "%s%s%.60s%s%s%s", n->name, name ? "[" : "", name ? name : "",
                                  name ? "]" : "", *path ? "/" : "", path);
    }
    return path && *path ? path : NULL;
}

coley_place coley_settings_place(const physicell_reader *r, const coley_xml *node)
{
    return (coley_place){.file = r->path, .line = node ? node->line : 0, .key = path_of(r, node)};
}

void coley_settings_note(physicell_reader *r, const char *file, int line, const char *format, ...)
{
    coley_physicell_notes *notes = r->options.notes;
    if (!notes || notes->n >= MAX_NOTES || !COLEY_RESERVE(r->arena, notes->note, notes->cap, notes->n + 1)) return;
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < notes->n; i++) /* once is enough */
        if (strcmp(notes->note[i].text, text) == 0) return;
    const char *kept = coley_arena_text(r->arena, text, strlen(text));
    if (kept) notes->note[notes->n++] = (coley_physicell_note){.file = file, .line = line, .text = kept};
}

coley_status coley_settings_refuse(physicell_reader *r, coley_place place, const char *format, ...)
{
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (!r->options.ignore_unsupported)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, place, "%s (--ignore-unsupported goes on without it)",
                             text);
    coley_settings_note(r, place.file, place.line, "%s%s%s; ignored, as you wish", place.key ? place.key : "",
                        place.key ? ": " : "", text);
    return COLEY_OK;
}

coley_status coley_settings_number(physicell_reader *r, const coley_xml *node, double low, double high, double *value)
{
    double number;
    if (!node) return COLEY_OK;
    if (!*node->text) return PHYSICELL_FAIL(r, node, "is empty; write a number from %g to %g", low, high);
    if (!coley_text_number(node->text, &number))
        return PHYSICELL_FAIL(r, node, "\"%.40s\" is not a number (allowed: %g to %g)", node->text, low, high);
    if (number < low || number > high)
        return PHYSICELL_FAIL(r, node, "%.40s is outside of what is possible (allowed: %g to %g)", node->text, low,
                              high);
    *value = number;
    return COLEY_OK;
}

coley_status coley_settings_child_number(physicell_reader *r, const coley_xml *parent, const char *name, double low,
                                         double high, double *value)
{
    return coley_settings_number(r, coley_xml_child(parent, name), low, high, value);
}

coley_status coley_settings_need(physicell_reader *r, const coley_xml *parent, const char *name, coley_xml **child)
{
    *child = coley_xml_child(parent, name);
    return *child ? COLEY_OK : PHYSICELL_FAIL(r, parent, "has no <%s>; add it", name);
}

bool coley_settings_flag_text(const char *text, bool *value)
{
    static const char *const yes[] = {"true", "yes", "1", "t", "y"}, *const no[] = {"false", "no", "0", "f", "n"};
    for (size_t i = 0; i < 5; i++) {
        const bool is_yes = strcasecmp(text, yes[i]) == 0;
        if (!is_yes && strcasecmp(text, no[i]) != 0) continue;
        *value = is_yes;
        return true;
    }
    return false;
}

coley_status coley_settings_flag(physicell_reader *r, const coley_xml *node, bool *value)
{
    if (!node) return COLEY_OK;
    if (!coley_settings_flag_text(node->text, value))
        return PHYSICELL_FAIL(r, node, "\"%.40s\" is neither true nor false", node->text);
    return COLEY_OK;
}

coley_status coley_settings_child_flag(physicell_reader *r, const coley_xml *parent, const char *name, bool *value)
{
    return coley_settings_flag(r, coley_xml_child(parent, name), value);
}

coley_status coley_settings_flag_attribute(physicell_reader *r, const coley_xml *node, const char *name, bool otherwise,
                                           bool *value)
{
    const char *text = coley_xml_attribute_text(node, name);
    *value = otherwise;
    if (text && *text && !coley_settings_flag_text(text, value))
        return PHYSICELL_FAIL(r, node, "%s=\"%.40s\" is neither true nor false", name, text);
    return COLEY_OK;
}

coley_status coley_settings_integer_attribute(physicell_reader *r, const coley_xml *node, const char *name, int low,
                                              int high, int *value)
{
    const char *text = coley_xml_attribute_text(node, name);
    int64_t number;
    if (!text) return PHYSICELL_FAIL(r, node, "has no %s=\"...\" (allowed: %d to %d)", name, low, high);
    if (!coley_text_integer(text, low, high, &number))
        return PHYSICELL_FAIL(r, node, "%s=\"%.40s\" is not a whole number from %d to %d", name, text, low, high);
    *value = (int)number;
    return COLEY_OK;
}

int coley_settings_substrate(const physicell_reader *r, const char *name)
{
    for (size_t i = 0; name && i < r->model->n_substrates; i++)
        if (strcmp(r->substrate[i].name, name) == 0) return (int)i;
    return -1;
}

int coley_settings_type(const physicell_reader *r, const char *name)
{
    for (size_t i = 0; name && i < r->model->n_types; i++)
        if (strcmp(r->type[i].name, name) == 0) return (int)i;
    return -1;
}

/* --- files ------------------------------------------------------------------------------------------------------ */

/* "./config" and "cells.csv" to "config/cells.csv". */
static const char *joined(coley_arena *arena, const char *folder, const char *name)
{
    while (strncmp(folder, "./", 2) == 0) folder += 2;
    while (strncmp(name, "./", 2) == 0) name += 2;
    if (!*folder || strcmp(folder, ".") == 0) return name;
    return coley_arena_printf(arena, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

coley_status coley_settings_file(physicell_reader *r, coley_xml *node, const char **path)
{
    const coley_xml *folder = coley_xml_child(node, "folder"), *file = coley_xml_child(node, "filename");
    if (!file || !*file->text) return PHYSICELL_FAIL(r, node, "has no <filename>; add it, or set enabled=\"false\"");
    const char *name = joined(r->arena, folder ? folder->text : "", file->text);
    const char *slash = strrchr(r->path, '/');
    const char *here = coley_arena_text(r->arena, r->path, slash ? (size_t)(slash + 1 - r->path) : 0);
    if (!name || !here) return COLEY_FAIL_MEMORY(r->err);
    const char *const tries[] = {
        name,
        *name == '/' ? NULL : coley_arena_printf(r->arena, "%s../%s", here, name),
        *name == '/' ? NULL : coley_arena_printf(r->arena, "%s%s", here, name),
    };
    const char *found = NULL;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        if (!tries[i] || access(tries[i], R_OK) != 0) continue;
        if (!found) {
            found = tries[i];
            continue;
        }
        char a[4096], b[4096];
        if (realpath(found, a) && realpath(tries[i], b) && strcmp(a, b) != 0)
            coley_settings_note(r, r->path, node->line,
                                "%s is read from the current folder, as PhysiCell does; there is "
                                "another one beside the settings file, %s",
                                found, tries[i]);
    }
    if (!found)
        return PHYSICELL_FAIL(r, node,
                              "cannot read %s: neither from the current folder, nor from %s or the folder above "
                              "it",
                              name, *here ? here : "that of the settings file");
    *path = found;
    return COLEY_OK;
}
