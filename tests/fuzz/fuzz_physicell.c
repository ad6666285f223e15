/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_physicell.c -- any bytes as a PhysiCell settings file, without the files that it names; a model that is
 * taken has no contradictions and numbers that can be counted with. */
#include "tissue/physicell_xml.h"

#include <math.h>
#include <stdlib.h>

#include "tissue/vocabulary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(coley_arena *arena, const coley_tissue_model *m)
{
    coley_error err;
    size_t n[3];
    if (coley_tissue_model_check(m, &err) != COLEY_OK || !coley_vocabulary_create(arena, m)) abort();
    coley_tissue_model_voxels(m, n);
    if (!n[0] || !n[1] || !n[2] || (double)n[0] * (double)n[1] * (double)n[2] > COLEY_TISSUE_VOXELS_MAX) abort();
    for (size_t i = 0; i < m->n_types * (size_t)m->b.count; i++)
        if (!isfinite(m->base[i])) abort();
    for (size_t i = 0; i < m->n_placed; i++)
        if (m->placed[i].type < 0 || (size_t)m->placed[i].type >= m->n_types) abort();
    for (size_t i = 0; i < m->n_types; i++) {
        const coley_cell_type *t = &m->type[i];
        if (t->chemotaxis == COLEY_CHEMOTAXIS_ONE &&
            (t->chemotaxis_substrate < 0 || (size_t)t->chemotaxis_substrate >= m->n_substrates))
            abort();
        if (t->checkpoint.receptor >= (int)m->n_custom || t->checkpoint.ligand >= (int)m->n_custom) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    coley_tissue_model model;
    coley_error err;
    coley_physicell_notes notes = {0};
    for (int ignore = 0; ignore < 2; ignore++) {
        const coley_physicell_options options = {.without_files = true, .ignore_unsupported = ignore, .notes = &notes};
        if (coley_physicell_parse(arena, "fuzz.xml", (const char *)data, size, options, &model, &err) == COLEY_OK)
            check(arena, &model);
    }
    coley_arena_destroy(arena);
    return 0;
}
