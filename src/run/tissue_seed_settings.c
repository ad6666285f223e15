/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_seed_settings.c -- the settings of a model as a tree, changed in a few places and written out again. */
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xml.h"
#include "io/emit.h"
#include "run/tissue_seed.h"

typedef struct copier {
    coley_arena *arena;
    const char *settings, *folder, *folder_name; /* the last part of the folder's path */
    size_t n_files;
    const char *file[64]; /* copied so far: from where */
    double n_random;
    coley_error *err;
} copier;

enum { FILES_MAX = 64, FILE_BYTES_MAX = 1 << 30 };

static coley_xml *child_of(copier *c, coley_xml *node, const char *name)
{
    coley_xml *child = coley_xml_child(node, name), **last = &node->first;
    if (child) return child;
    while (*last) last = &(*last)->next;
    if (!(child = COLEY_NEW(c->arena, coley_xml, 1))) return NULL;
    *child = (coley_xml){.name = name, .text = "", .parent = node};
    return *last = child;
}

static coley_status set_text(copier *c, coley_xml *node, const char *name, const char *text)
{
    coley_xml *child = text ? child_of(c, node, name) : NULL;
    if (!child) return COLEY_FAIL_MEMORY(c->err);
    child->text = text;
    return COLEY_OK;
}

static coley_status set_domain(copier *c, coley_xml *root, const coley_tissue_model *m)
{
    static const char *const names[3][3] = {
        {"x_min", "x_max", "dx"}, {"y_min", "y_max", "dy"}, {"z_min", "z_max", "dz"}};
    coley_xml *domain = child_of(c, root, "domain");
    if (!domain) return COLEY_FAIL_MEMORY(c->err);
    for (int a = 0; a < 3; a++) {
        COLEY_TRY(set_text(c, domain, names[a][0], coley_arena_printf(c->arena, "%.12g", m->low_um[a])));
        COLEY_TRY(set_text(c, domain, names[a][1], coley_arena_printf(c->arena, "%.12g", m->high_um[a])));
        COLEY_TRY(set_text(c, domain, names[a][2], coley_arena_printf(c->arena, "%.12g", m->voxel_um[a])));
    }
    return set_text(c, domain, "use_2D", m->plane ? "true" : "false");
}

static coley_status set_cells(copier *c, coley_xml *root)
{
    coley_xml *list = child_of(c, root, "initial_conditions"),
              *cells = list ? child_of(c, list, "cell_positions") : NULL;
    coley_xml_attribute *attribute = COLEY_NEW(c->arena, coley_xml_attribute, 2);
    if (!cells || !attribute) return COLEY_FAIL_MEMORY(c->err);
    attribute[0] = (coley_xml_attribute){"type", "csv"};
    attribute[1] = (coley_xml_attribute){"enabled", "true"};
    cells->attribute = attribute;
    cells->n_attributes = 2;
    cells->first = NULL;
    COLEY_TRY(set_text(c, cells, "folder", coley_arena_printf(c->arena, "./%s", c->folder_name)));
    return set_text(c, cells, "filename", "cells.csv");
}

/* Cells at random are not part of a real tissue. */
static void no_random_cells(copier *c, const coley_xml *root)
{
    const coley_xml *parameters = coley_xml_child(root, "user_parameters");
    for (coley_xml *n = parameters ? parameters->first : NULL; n; n = n->next) {
        double number;
        if (strncmp(n->name, "number_of_", 10) != 0 || !coley_text_number(n->text, &number)) continue;
        c->n_random += number;
        n->text = "0";
    }
}

/* Where a file that the settings name is, looked for as the reader does. */
static const char *find_file(copier *c, const char *folder, const char *file)
{
    const char *slash = strrchr(c->settings, '/');
    const char *here = coley_arena_text(c->arena, c->settings, slash ? (size_t)(slash + 1 - c->settings) : 0);
    const char *name = *folder ? coley_arena_printf(c->arena, "%s/%s", folder, file) : file;
    if (!here || !name) return NULL;
    const char *tries[] = {name, coley_arena_printf(c->arena, "%s../%s", here, name),
                           coley_arena_printf(c->arena, "%s%s", here, name)};
    for (size_t k = 0; k < (*name == '/' ? 1 : 3); k++)
        if (tries[k] && access(tries[k], R_OK) == 0) return tries[k];
    return NULL;
}

/* Copy the file of an element into the folder and name it there; what cannot be found is left for the reader to say. */
static coley_status copy_file(copier *c, coley_xml *node)
{
    coley_xml *folder = coley_xml_child(node, "folder"), *file = coley_xml_child(node, "filename");
    const char *from = find_file(c, folder ? folder->text : "", file->text), *slash = strrchr(file->text, '/');
    if (!from) return COLEY_OK;
    const char *name = slash ? slash + 1 : file->text;
    size_t k = 0;
    while (k < c->n_files && strcmp(c->file[k], from) != 0) k++;
    if (k == FILES_MAX)
        return COLEY_FAIL_AT(c->err, COLEY_ERR_INPUT, ((coley_place){.file = c->settings, .line = node->line}),
                             "names more than %d files", FILES_MAX);
    name = coley_arena_printf(c->arena, "%zu_%s", k + 1, name); /* two folders may have files of one name */
    const char *to = coley_arena_printf(c->arena, "%s/%s", c->folder, name);
    if (!name || !to) return COLEY_FAIL_MEMORY(c->err);
    if (k == c->n_files) {
        char *bytes;
        size_t length;
        c->file[c->n_files++] = from;
        COLEY_TRY(coley_file_read(c->arena, from, FILE_BYTES_MAX, &bytes, &length, c->err));
        COLEY_TRY(coley_file_write(to, bytes, length, c->err));
    }
    COLEY_TRY(set_text(c, node, "folder", coley_arena_printf(c->arena, "./%s", c->folder_name)));
    return set_text(c, node, "filename", name);
}

static coley_status copy_files(copier *c, coley_xml *node)
{
    if (node->name && strcmp(node->name, "cell_positions") == 0) return COLEY_OK;
    if (coley_xml_child(node, "filename")) COLEY_TRY(copy_file(c, node));
    for (coley_xml *n = node->first; n; n = n->next) COLEY_TRY(copy_files(c, n));
    return COLEY_OK;
}

static void add_node(coley_text *out, const coley_xml *node, int depth)
{
    coley_text_addf(out, "%*s<%s", 2 * depth, "", node->name);
    for (size_t i = 0; i < node->n_attributes; i++) {
        coley_text_addf(out, " %s=\"", node->attribute[i].name);
        coley_text_add_escaped(out, node->attribute[i].value);
        coley_text_addf(out, "\"");
    }
    coley_text_addf(out, ">");
    coley_text_add_escaped(out, node->text);
    if (node->first) {
        coley_text_addf(out, "\n");
        for (const coley_xml *n = node->first; n; n = n->next) add_node(out, n, depth + 1);
        coley_text_addf(out, "%*s", 2 * depth, "");
    }
    coley_text_addf(out, "</%s>\n", node->name);
}

coley_status coley_tissue_seed_settings(coley_arena *arena, const char *settings, const char *folder,
                                        const coley_tissue_model *domain, double *n_random, coley_error *err)
{
    char full[4096];
    coley_xml *root;
    coley_text out = {.arena = arena};
    copier c = {.arena = arena, .settings = settings, .folder = folder, .err = err};
    const char *path = coley_arena_printf(arena, "%s/settings.xml", folder);
    if (!path) return COLEY_FAIL_MEMORY(err);
    if (!realpath(folder, full))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = folder}), "is no folder");
    c.folder_name = strrchr(full, '/') + 1;
    COLEY_TRY(coley_xml_read(arena, settings, &root, err));
    COLEY_TRY(set_domain(&c, root, domain));
    COLEY_TRY(set_cells(&c, root));
    no_random_cells(&c, root);
    COLEY_TRY(copy_files(&c, root));
    coley_text_addf(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    add_node(&out, root, 0);
    if (out.failed) return COLEY_FAIL_MEMORY(err);
    *n_random = c.n_random;
    return coley_file_write(path, out.data, out.length, err);
}
