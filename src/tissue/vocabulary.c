/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vocabulary.c -- two lists of names, in the order in which they are numbered. */
#include "tissue/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

typedef struct entry {
    const char *name;
    int number;
    size_t order;
} entry;

typedef struct name_list {
    size_t n, cap;
    int count;          /* numbers */
    entry *entry;       /* sorted by name when complete; of equal names the last one given comes first */
    const char **first; /* by number */
    const char **name;  /* all names, for the nearest */
} name_list;

struct coley_vocabulary {
    name_list signal, behaviour;
};

typedef struct writer {
    coley_arena *arena;
    const coley_tissue_model *model;
    name_list *list;
    bool failed;
} writer;

static void put(writer *w, int number, const char *name)
{
    name_list *l = w->list;
    if (!name || !COLEY_RESERVE(w->arena, l->entry, l->cap, l->n + 1)) {
        w->failed = true;
        return;
    }
    l->entry[l->n] = (entry){.name = name, .number = number, .order = l->n};
    l->n++;
    if (!l->first[number]) l->first[number] = name;
}

#define PUT(w, number, ...) put((w), (number), coley_arena_printf((w)->arena, __VA_ARGS__))

/* One name a substrate, "before NAME after". */
static void of_substrates(writer *w, int first, const char *before, const char *after)
{
    for (size_t i = 0; i < w->model->n_substrates; i++)
        PUT(w, first + (int)i, "%s%s%s", before, w->model->substrate[i].name, after);
}

static void of_types(writer *w, int first, const char *before)
{
    for (size_t i = 0; i < w->model->n_types; i++) PUT(w, first + (int)i, "%s%s", before, w->model->type[i].name);
}

/* The same by the type's number in the file. */
static void of_type_ids(writer *w, int first, const char *before)
{
    for (size_t i = 0; i < w->model->n_types; i++) PUT(w, first + (int)i, "%s%d", before, w->model->type[i].id);
}

static void of_custom(writer *w, int first)
{
    for (size_t i = 0; i < w->model->n_custom; i++) {
        PUT(w, first + (int)i, "custom:%s", w->model->custom[i].name);
        PUT(w, first + (int)i, "custom: %s", w->model->custom[i].name);
        PUT(w, first + (int)i, "custom %zu", i);
    }
}

static void put_signals(writer *w)
{
    const coley_signals *s = &w->model->s;
    of_substrates(w, s->substrate, "", "");
    of_substrates(w, s->internal, "intracellular ", "");
    of_substrates(w, s->internal, "internalized ", "");
    of_substrates(w, s->gradient, "", " gradient");
    of_substrates(w, s->gradient, "grad(", ")");
    of_substrates(w, s->gradient, "gradient of ", "");
    put(w, s->pressure, "pressure");
    put(w, s->volume, "volume");
    of_types(w, s->contact, "contact with ");
    of_type_ids(w, s->contact, "contact with cell type ");
    static const char *const contacts[][2] = {
        {"contact with live cell", "contact with live cells"},
        {"contact with dead cell", "contact with dead cells"},
        {"contact with apoptotic cell", "contact with apoptotic cells"},
        {"contact with necrotic cell", "contact with necrotic cells"},
        {"contact with other dead cell", "contact with other dead cells"},
        {"contact with basement membrane", "contact with BM"},
    };
    const int contact[] = {s->contact_live,     s->contact_dead,       s->contact_apoptotic,
                           s->contact_necrotic, s->contact_other_dead, s->contact_membrane};
    for (size_t i = 0; i < sizeof contact / sizeof *contact; i++) {
        put(w, contact[i], contacts[i][0]);
        put(w, contact[i], contacts[i][1]);
    }
    put(w, s->damage, "damage");
    put(w, s->damage_delivered, "damage delivered");
    put(w, s->damage_delivered, "total damage delivered");
    put(w, s->attacking, "attacking");
    put(w, s->attacking, "is attacking");
    put(w, s->dead, "dead");
    put(w, s->dead, "is dead");
    put(w, s->attack_time, "total attack time");
    put(w, s->time, "time");
    put(w, s->time, "current time");
    put(w, s->time, "global time");
    of_custom(w, s->custom);
    put(w, s->apoptotic, "apoptotic");
    put(w, s->apoptotic, "is_apoptotic");
    put(w, s->necrotic, "necrotic");
    put(w, s->necrotic, "is_necrotic");
}

static void put_rates(writer *w)
{
    const coley_behaviours *b = &w->model->b;
    of_substrates(w, b->secretion, "", " secretion");
    of_substrates(w, b->secretion_target, "", " secretion target");
    of_substrates(w, b->secretion_target, "", " secretion saturation density");
    of_substrates(w, b->uptake, "", " uptake");
    of_substrates(w, b->export_rate, "", " export");
    put(w, b->cycle_exit, "cycle entry");
    for (int i = 0; i < COLEY_TISSUE_PHASES_MAX; i++) PUT(w, b->cycle_exit + i, "exit from cycle phase %d", i);
    put(w, b->apoptosis, "apoptosis");
    put(w, b->necrosis, "necrosis");
    put(w, b->speed, "migration speed");
    put(w, b->bias, "migration bias");
    put(w, b->persistence, "migration persistence time");
    of_substrates(w, b->chemotaxis, "chemotactic response to ", "");
    of_substrates(w, b->chemotaxis, "chemotactic sensitivity to ", "");
}

static void put_mechanics(writer *w)
{
    const coley_behaviours *b = &w->model->b;
    put(w, b->adhesion, "cell-cell adhesion");
    put(w, b->elastic, "cell-cell adhesion elastic constant");
    of_types(w, b->affinity, "adhesive affinity to ");
    of_type_ids(w, b->affinity, "adhesive affinity to cell type ");
    put(w, b->reach, "relative maximum adhesion distance");
    put(w, b->repulsion, "cell-cell repulsion");
    put(w, b->membrane_adhesion, "cell-BM adhesion");
    put(w, b->membrane_adhesion, "cell-membrane adhesion");
    put(w, b->membrane_repulsion, "cell-BM repulsion");
    put(w, b->membrane_repulsion, "cell-membrane repulsion");
}

static void put_interactions(writer *w)
{
    static const char *const state[] = {"apoptotic", "necrotic", "other dead"};
    const coley_behaviours *b = &w->model->b;
    const int eat[] = {b->eat_apoptotic, b->eat_necrotic, b->eat_other};
    for (int i = 0; i < 3; i++) {
        PUT(w, eat[i], "phagocytose %s cell", state[i]);
        PUT(w, eat[i], "phagocytosis of %s cell", state[i]);
        PUT(w, eat[i], "phagocytosis of %s cells", state[i]);
    }
    of_types(w, b->eat, "phagocytose ");
    of_type_ids(w, b->eat, "phagocytose cell type ");
    of_type_ids(w, b->eat, "phagocytosis of ");
    of_types(w, b->attack, "attack ");
    of_type_ids(w, b->attack, "attack cell type ");
    of_types(w, b->fuse, "fuse to ");
    of_type_ids(w, b->fuse, "fuse to cell type ");
    of_types(w, b->transform, "transition to ");
    of_type_ids(w, b->transform, "transform to cell type ");
    of_types(w, b->transform, "transform to ");
    of_type_ids(w, b->transform, "transition to cell type ");
    of_types(w, b->asymmetric, "asymmetric division to ");
    of_custom(w, b->custom);
    put(w, b->movable, "is_movable");
    put(w, b->movable, "movable");
    put(w, b->movable, "is movable");
    of_types(w, b->immunogenicity, "immunogenicity to ");
    of_type_ids(w, b->immunogenicity, "immunogenicity to cell type ");
    put(w, b->attachment, "cell attachment rate");
    put(w, b->detachment, "cell detachment rate");
    put(w, b->attachments_max, "maximum number of cell attachments");
    put(w, b->attack_damage, "attack damage rate");
    put(w, b->attack_duration, "attack duration");
    put(w, b->damage, "damage rate");
    put(w, b->repair, "damage repair rate");
}

static int by_name(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    return order ? order : (x->order < y->order) - (x->order > y->order);
}

static bool start(writer *w, name_list *list, int count)
{
    w->list = list;
    list->count = count;
    list->first = COLEY_NEW(w->arena, const char *, (size_t)count);
    return list->first != NULL;
}

static bool finish(writer *w)
{
    name_list *l = w->list;
    l->name = COLEY_NEW(w->arena, const char *, l->n);
    if (w->failed || !l->name) return false;
    for (size_t i = 0; i < l->n; i++) l->name[i] = l->entry[i].name;
    qsort(l->entry, l->n, sizeof *l->entry, by_name);
    return true;
}

const coley_vocabulary *coley_vocabulary_create(coley_arena *arena, const coley_tissue_model *model)
{
    coley_vocabulary *v = COLEY_NEW(arena, coley_vocabulary, 1);
    writer w = {.arena = arena, .model = model};
    if (!v || !start(&w, &v->signal, model->s.count)) return NULL;
    put_signals(&w);
    if (!finish(&w) || !start(&w, &v->behaviour, model->b.count)) return NULL;
    put_rates(&w);
    put_mechanics(&w);
    put_interactions(&w);
    return finish(&w) ? v : NULL;
}

static int find(const name_list *l, const char *name)
{
    size_t low = 0, high = l->n;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (strcmp(l->entry[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->n && strcmp(l->entry[low].name, name) == 0 ? l->entry[low].number : -1;
}

int coley_vocabulary_signal(const coley_vocabulary *vocabulary, const char *name)
{
    return find(&vocabulary->signal, name);
}

int coley_vocabulary_behaviour(const coley_vocabulary *vocabulary, const char *name)
{
    return find(&vocabulary->behaviour, name);
}

static const char *name_of(const name_list *l, int number)
{
    return number >= 0 && number < l->count ? l->first[number] : NULL;
}

const char *coley_vocabulary_signal_name(const coley_vocabulary *vocabulary, int signal)
{
    return name_of(&vocabulary->signal, signal);
}

const char *coley_vocabulary_behaviour_name(const coley_vocabulary *vocabulary, int behaviour)
{
    return name_of(&vocabulary->behaviour, behaviour);
}

const char *coley_vocabulary_nearest_signal(const coley_vocabulary *vocabulary, const char *name)
{
    return coley_text_nearest(name, vocabulary->signal.name, vocabulary->signal.n);
}

const char *coley_vocabulary_nearest_behaviour(const coley_vocabulary *vocabulary, const char *name)
{
    return coley_text_nearest(name, vocabulary->behaviour.name, vocabulary->behaviour.n);
}
