/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shelf.c -- see shelf.h. */
#include "studio/shelf.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog/catalog.h"
#include "io/emit.h"

enum { TEXT_BYTES = 1 << 20 };

typedef struct shelf {
    coley_arena *arena;
    coley_studio_example *list;
    size_t n, cap;
} shelf;

static int compare(const void *a, const void *b)
{
    return strcmp(((const coley_studio_example *)a)->id, ((const coley_studio_example *)b)->id);
}

/* What stands behind "title:" at the begin of a line, without quotes. */
static const char *title_in(coley_arena *arena, const char *text, const char *otherwise)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, "title:", 6)) continue;
        const char *from = line + 6 + strspn(line + 6, " \"'");
        size_t length = strcspn(from, "\n");
        while (length && strchr(" \"'\r", from[length - 1])) length--;
        return coley_arena_text(arena, from, length);
    }
    return otherwise;
}

static coley_status add(shelf *s, const char *id, const char *kind, const char *folder, const char *file,
                        const char *shown, coley_error *err)
{
    const char *path = coley_arena_printf(s->arena, "%s/%s", folder, file);
    char *text = NULL;
    size_t length;
    if (!path || !id || !shown) return COLEY_FAIL_MEMORY(err);
    if (access(path, R_OK) != 0) return COLEY_OK;
    if (!COLEY_RESERVE(s->arena, s->list, s->cap, s->n + 1)) return COLEY_FAIL_MEMORY(err);
    if (strcmp(kind, "tissue")) COLEY_TRY(coley_file_read(s->arena, path, TEXT_BYTES, &text, &length, err));
    if (text && !strcmp(kind, "run") && strstr(text, "\nforecast:")) kind = "forecast";
    const char *word = !strcmp(kind, "trial") ? "trial run" : !strcmp(kind, "tissue") ? "tissue run" : "run";
    s->list[s->n++] =
        (coley_studio_example){.id = id,
                               .kind = kind,
                               .path = path,
                               .folder = folder,
                               .text = text,
                               .title = text ? title_in(s->arena, text, id) : id,
                               .command = coley_arena_printf(s->arena, "coley %s %s --out results", word, shown)};
    return COLEY_OK;
}

/* Calls for every entry of `folder`, sorted later. */
static coley_status add_folder(shelf *s, const char *folder, const char *kind, coley_error *err)
{
    DIR *dir = opendir(folder);
    coley_status status = COLEY_OK;
    for (struct dirent *e; dir && status == COLEY_OK && (e = readdir(dir));) {
        const char *name = coley_arena_text(s->arena, e->d_name, strlen(e->d_name));
        if (!name) status = COLEY_FAIL_MEMORY(err);
        if (!name || name[0] == '.') continue;
        const char *inside = coley_arena_printf(s->arena, "%s/%s", folder, name);
        const size_t length = strlen(name);
        if (!strcmp(kind, "trial")) {
            if (length < 6 || strcmp(name + length - 5, ".yaml")) continue;
            const char *bare = coley_arena_text(s->arena, name, length - 5);
            status = add(s, coley_arena_printf(s->arena, "trial/%s", bare), "trial", folder, name,
                         coley_arena_printf(s->arena, "catalog/evidence/trials/%s", name), err);
        } else if (!strcmp(kind, "tissue")) {
            status = add(s, coley_arena_printf(s->arena, "tissue/%s", name), "tissue", inside, "settings.xml",
                         coley_arena_printf(s->arena, "models/tissue/%s/settings.xml", name), err);
            if (status == COLEY_OK)
                status = add(s, coley_arena_printf(s->arena, "tissue/%s-without-antibody", name), "tissue", inside,
                             "without_antibody.xml",
                             coley_arena_printf(s->arena, "models/tissue/%s/without_antibody.xml", name), err);
        } else {
            status = add(s, name, "run", inside, "scenario.yaml",
                         coley_arena_printf(s->arena, "examples/%s/scenario.yaml", name), err);
            if (status == COLEY_OK)
                status = add(s, name, "trial", inside, "trial.yaml",
                             coley_arena_printf(s->arena, "examples/%s/trial.yaml", name), err);
        }
    }
    if (dir) closedir(dir);
    return status;
}

coley_status coley_studio_shelf(coley_arena *arena, const char *data, const char *models, const char *catalog,
                                coley_studio_example **list, size_t *n, coley_error *err)
{
    shelf s = {.arena = arena};
    (void)models;
    COLEY_TRY(add_folder(&s, coley_arena_printf(arena, "%s/examples", data), "run", err));
    COLEY_TRY(add_folder(&s, coley_arena_printf(arena, "%s/evidence/trials", catalog), "trial", err));
    COLEY_TRY(add_folder(&s, coley_arena_printf(arena, "%s/models/tissue", data), "tissue", err));
    qsort(s.list, s.n, sizeof *s.list, compare);
    *list = s.list;
    *n = s.n;
    return COLEY_OK;
}

coley_status coley_studio_shelf_find(coley_arena *arena, const char *data, const char *models, const char *catalog,
                                     const char *id, const coley_studio_example **found, coley_error *err)
{
    coley_studio_example *list;
    size_t n;
    COLEY_TRY(coley_studio_shelf(arena, data, models, catalog, &list, &n, err));
    for (size_t i = 0; i < n; i++)
        if (!strcmp(list[i].id, id)) {
            *found = &list[i];
            return COLEY_OK;
        }
    return COLEY_FAIL(err, COLEY_ERR_INPUT, "\"%.80s\" is no name of the catalog", id);
}

/* --- the catalog as JSON -------------------------------------------------------------------------------------------
 */

static coley_status emit_cancers(coley_arena *arena, const char *catalog, coley_emit *emit, coley_error *err)
{
    const char *const *name;
    size_t n;
    COLEY_TRY(coley_catalog_names(arena, catalog, "cancers", &name, &n, err));
    coley_emit_list(emit, "cancers");
    for (size_t i = 0; i < n; i++) {
        coley_catalog_cancer *c;
        COLEY_TRY(coley_catalog_cancer_read(arena, catalog, name[i], &c, err));
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "id", name[i]);
        coley_emit_text(emit, "title", c->doc ? c->doc : name[i]);
        coley_emit_list(emit, "sites");
        for (size_t k = 0; k < c->n_sites; k++) coley_emit_text(emit, NULL, c->site[k].site);
        coley_emit_end(emit);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    return COLEY_OK;
}

static coley_status emit_drugs(coley_arena *arena, const char *catalog, coley_emit *emit, coley_error *err)
{
    const char *const *name;
    size_t n;
    COLEY_TRY(coley_catalog_names(arena, catalog, "drugs", &name, &n, err));
    coley_catalog_drug **drug = COLEY_NEW(arena, coley_catalog_drug *, n + 1);
    if (!drug) return COLEY_FAIL_MEMORY(err);
    coley_emit_list(emit, "drugs");
    for (size_t i = 0; i < n; i++) {
        COLEY_TRY(coley_catalog_drug_read(arena, catalog, name[i], &drug[i], err));
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "id", name[i]);
        coley_emit_text(emit, "name", drug[i]->name);
        coley_emit_text(emit, "class", drug[i]->drug_class);
        coley_emit_text(emit, "words", drug[i]->doc);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    coley_emit_list(emit, "regimens");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < drug[i]->n_labels; k++) {
            const coley_catalog_label *l = &drug[i]->label[k];
            coley_emit_map(emit, NULL);
            coley_emit_text(emit, "id", l->name);
            coley_emit_text(emit, "drug", name[i]);
            coley_emit_text(emit, "words", l->source);
            coley_emit_number(emit, "dose", l->dose);
            coley_emit_text(
                emit, "unit",
                coley_arena_printf(arena, "%s%s", l->dose_unit ? l->dose_unit : "", coley_dose_basis_text(l->basis)));
            coley_emit_number(emit, "interval_day", l->every_day);
            coley_emit_end(emit);
        }
    coley_emit_end(emit);
    return COLEY_OK;
}

static void emit_shelf(const coley_studio_example *e, size_t n, const char *key, const char *prefix, coley_emit *emit)
{
    coley_emit_list(emit, key);
    for (size_t i = 0; i < n; i++) {
        const char *slash = strchr(e[i].id, '/');
        if (prefix ? strncmp(e[i].id, prefix, strlen(prefix)) : slash != NULL) continue;
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "id", e[i].id);
        coley_emit_text(emit, "title", e[i].title);
        coley_emit_text(emit, "kind", e[i].kind);
        coley_emit_text(emit, "command", e[i].command);
        coley_emit_text(emit, "yaml", e[i].text ? e[i].text : "");
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

coley_status coley_studio_catalog(coley_arena *arena, const char *data, const char *models, const char *catalog,
                                  coley_text *out, coley_error *err)
{
    coley_studio_example *e;
    size_t n;
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    COLEY_TRY(coley_studio_shelf(arena, data, models, catalog, &e, &n, err));
    coley_emit_map(&emit, NULL);
    COLEY_TRY(emit_cancers(arena, catalog, &emit, err));
    COLEY_TRY(emit_drugs(arena, catalog, &emit, err));
    emit_shelf(e, n, "examples", NULL, &emit);
    emit_shelf(e, n, "evidence", "trial/", &emit);
    emit_shelf(e, n, "tissue_models", "tissue/", &emit);
    coley_emit_end(&emit);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
