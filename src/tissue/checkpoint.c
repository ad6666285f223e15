/* SPDX-License-Identifier: GPL-3.0-or-later */
/* checkpoint.c -- columns one after the other, written and read by the same walk.
 *
 * The sorted copy of the last step is part of the state: the phenotype step counts contacts in it. */
#include "tissue/checkpoint.h"

#include <string.h>

#include "tissue/tissue_parts.h"

enum { FORMAT = 2 };
static const char magic[16] = "coley-tissue\n\1\2";

/* One walk over the state: to count bytes (at NULL), to write or to read them. */
typedef struct walk {
    char *out;
    const char *in;
    size_t at, length;
    bool failed;
} walk;

static void pass(walk *w, void *data, size_t bytes)
{
    if (w->failed) return;
    if (w->in) {
        if (bytes > w->length - w->at) {
            w->failed = true;
            return;
        }
        if (bytes) memcpy(data, w->in + w->at, bytes);
    } else if (w->out && bytes) {
        memcpy(w->out + w->at, data, bytes);
    }
    w->at += bytes;
}

typedef struct header {
    char magic[16];
    uint32_t format, behaviours, n_types, n_substrates, n_varying, n_internal, scheme, next_id, contacts_known,
        at_once_before, steps_at_once;
    float stiffest, fastest;
    uint64_t seed, step, n_cells, n_springs, n_sorted, n_bins, grid_total;
    double mechanics_min, field_min, phenotype_min;
    coley_tissue_tally counts;
} header;

static size_t bins_of(const neighbours *near)
{
    return (size_t)near->bins.n[0] * near->bins.n[1] * near->bins.n[2];
}

static header header_of(const coley_tissue *t)
{
    header h;
    memset(&h, 0, sizeof h);
    memcpy(h.magic, magic, sizeof magic);
    h.format = FORMAT;
    h.behaviours = (uint32_t)t->model->b.count;
    h.n_types = (uint32_t)t->model->n_types;
    h.n_substrates = (uint32_t)t->model->n_substrates;
    h.n_varying = (uint32_t)t->cells.n_varying;
    h.n_internal = (uint32_t)t->cells.n_internal;
    h.scheme = t->options.scheme;
    h.next_id = t->next_id;
    h.contacts_known = t->contacts_known;
    h.at_once_before = t->at_once_before;
    h.steps_at_once = (uint32_t)t->options.steps_at_once;
    h.stiffest = t->stiffest;
    h.fastest = t->fastest;
    h.seed = t->options.seed;
    h.step = t->step;
    h.n_cells = t->cells.n;
    h.n_springs = t->n_springs;
    h.n_sorted = t->contacts_known ? t->near.n : 0;
    h.n_bins = t->contacts_known ? bins_of(&t->near) : 0;
    h.grid_total = coley_fields_grid(t->fields)->total;
    h.mechanics_min = (double)t->mechanics_min;
    h.field_min = (double)t->field_min;
    h.phenotype_min = (double)t->phenotype_min;
    h.counts = t->counts;
    return h;
}

/* All that follows the header; room has been made where it is read. */
static void walk_state(walk *w, coley_tissue *t, const header *h)
{
    coley_cell_columns *c = &t->cells;
    const size_t n = (size_t)h->n_cells, m = (size_t)h->n_sorted;
#define PASS(type_, name, unit, doc) pass(w, c->name, n * sizeof(type_));
    COLEY_CELL_COLUMNS(PASS)
#undef PASS
    for (size_t k = 0; k < c->n_varying; k++) pass(w, c->varying[k], n * sizeof(float));
    for (size_t k = 0; k < c->n_internal; k++) pass(w, c->internal[k], n * sizeof(float));
    for (size_t k = 0; k < t->model->n_substrates; k++)
        pass(w, coley_fields_values(t->fields, k), (size_t)h->grid_total * sizeof(float));
    pass(w, t->spring, (size_t)h->n_springs * sizeof *t->spring);
    if (!h->contacts_known) return;
    neighbours *near = &t->near;
    pass(w, near->bins.n, sizeof near->bins.n);
    pass(w, near->bins.low, sizeof near->bins.low);
    pass(w, near->bins.per, sizeof near->bins.per);
    pass(w, &near->bins.widest, sizeof near->bins.widest);
    pass(w, near->bin_start, ((size_t)h->n_bins + 1) * sizeof *near->bin_start);
    pass(w, near->slot, m * sizeof *near->slot);
    pass(w, near->bin_of, n * sizeof *near->bin_of);
    float *const column[] = {near->x, near->y, near->z, near->radius, near->reach};
    for (size_t k = 0; k < sizeof column / sizeof *column; k++) pass(w, column[k], m * sizeof(float));
    pass(w, near->type, m);
    pass(w, near->death, m);
}

static uint64_t hash_of(const char *bytes, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u ^ length;
    for (size_t i = 0; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    for (size_t i = length / 8 * 8; i < length; i++) hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return hash;
}

coley_status coley_tissue_save(const coley_tissue *tissue, coley_arena *arena, char **bytes, size_t *length,
                               coley_error *err)
{
    coley_tissue *t = (coley_tissue *)(uintptr_t)tissue; /* the walk only reads when it writes bytes */
    header h = header_of(t);
    walk w = {0};
    walk_state(&w, t, &h);
    const size_t total = sizeof h + w.at + sizeof(uint64_t);
    char *out = COLEY_NEW(arena, char, total);
    if (!out) return COLEY_FAIL_MEMORY(err);
    memcpy(out, &h, sizeof h);
    walk write = {.out = out + sizeof h};
    walk_state(&write, t, &h);
    const uint64_t hash = hash_of(out, total - sizeof hash);
    memcpy(out + total - sizeof hash, &hash, sizeof hash);
    *bytes = out;
    *length = total;
    return COLEY_OK;
}

static coley_status refuse(const char *path, coley_error *err, const char *what)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = path}), "%s", what);
}

static coley_status check_header(const coley_tissue *t, const header *h, const char *path, coley_error *err)
{
    const header own = header_of(t);
    if (memcmp(h->magic, magic, sizeof magic) != 0) return refuse(path, err, "this is no checkpoint of a tissue");
    if (h->format != FORMAT)
        return refuse(path, err, "the checkpoint is of another version of Coley; start the run again");
    if (h->behaviours != own.behaviours || h->n_types != own.n_types || h->n_substrates != own.n_substrates ||
        h->n_varying != own.n_varying || h->n_internal != own.n_internal || h->grid_total != own.grid_total)
        return refuse(path, err, "the checkpoint is of another model: types, substances, rules or the domain differ");
    if (h->scheme != own.scheme || h->mechanics_min != own.mechanics_min || h->phenotype_min != own.phenotype_min ||
        h->steps_at_once != own.steps_at_once || (own.steps_at_once == 1 && h->field_min != own.field_min))
        return refuse(path, err, "the checkpoint was made with another scheme or other time steps; give the same ones");
    if (h->seed != own.seed) return refuse(path, err, "the checkpoint was made with another seed; give the same one");
    return COLEY_OK;
}

/* A file whose hash is right but whose numbers lie cannot do harm. */
static bool sane(const coley_tissue *t, const header *h)
{
    const coley_cell_columns *c = &t->cells;
    const size_t n = (size_t)h->n_cells;
    for (size_t i = 0; i < n; i++)
        if (c->type[i] >= t->model->n_types || c->death[i] > COLEY_NECROTIC || c->phase[i] >= COLEY_TISSUE_PHASES_MAX ||
            (c->target[i] != COLEY_NO_CELL && c->target[i] >= n))
            return false;
    for (size_t k = 0; k < h->n_springs; k++)
        if (t->spring[k].from >= n || t->spring[k].to >= n) return false;
    if (!h->contacts_known) return true;
    const neighbours *near = &t->near;
    if (bins_of(near) != h->n_bins) return false;
    for (size_t k = 0; k < h->n_bins; k++)
        if (near->bin_start[k] > near->bin_start[k + 1]) return false;
    if (near->bin_start[h->n_bins] != h->n_sorted) return false;
    for (size_t p = 0; p < h->n_sorted; p++)
        if (near->slot[p] >= n || near->bin_of[near->slot[p]] >= h->n_bins || near->type[p] >= t->model->n_types)
            return false;
    return true;
}

coley_status coley_tissue_restore(coley_tissue *tissue, const char *path, const char *bytes, size_t length,
                                  coley_error *err)
{
    header h;
    if (length < sizeof h + sizeof(uint64_t)) return refuse(path, err, "the checkpoint is cut short");
    memcpy(&h, bytes, sizeof h);
    COLEY_TRY(check_header(tissue, &h, path, err));
    uint64_t hash;
    memcpy(&hash, bytes + length - sizeof hash, sizeof hash);
    if (hash != hash_of(bytes, length - sizeof hash))
        return refuse(path, err, "the checkpoint is damaged: its sum is wrong");
    if (h.at_once_before < 1 || !(h.stiffest >= 0) || !(h.fastest >= 0) || h.n_cells > length || h.n_springs > length ||
        h.n_sorted > h.n_cells || h.n_bins > length)
        return refuse(path, err, "the checkpoint is damaged: its counts cannot be");
    coley_cell_columns *c = &tissue->cells;
    if (!coley_cell_columns_reserve(c, (size_t)h.n_cells) ||
        !COLEY_RESERVE(tissue->arena, tissue->spring, tissue->cap_springs, (size_t)h.n_springs) ||
        !coley_neighbours_reserve(&tissue->near, (size_t)h.n_cells, (size_t)h.n_bins))
        return COLEY_FAIL_MEMORY(err);
    walk w = {.in = bytes + sizeof h, .length = length - sizeof h - sizeof hash};
    walk_state(&w, tissue, &h);
    if (w.failed || w.at != w.length) return refuse(path, err, "the checkpoint is damaged: its length is wrong");
    if (!sane(tissue, &h)) return refuse(path, err, "the checkpoint is damaged: its numbers cannot be");
    c->n = (size_t)h.n_cells;
    tissue->n_springs = (size_t)h.n_springs;
    tissue->near.n = (size_t)h.n_sorted;
    tissue->next_id = h.next_id;
    tissue->step = h.step;
    tissue->at_once_before = h.at_once_before;
    tissue->stiffest = h.stiffest;
    tissue->fastest = h.fastest;
    tissue->counts = h.counts;
    tissue->contacts_known = h.contacts_known != 0;
    return coley_sources_gather(tissue) ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}
