/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_tissue_model.c -- numbers and names of behaviours and signals; contradictions in a tissue model. */
#include "tissue/tissue_model.h"

#include "support/check.h"
#include "support/little_settings.h"
#include "tissue/vocabulary.h"

static coley_error err;
static coley_tissue_model m;

static void every_behaviour_and_signal_has_a_name_that_leads_back_to_it(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(little_read(arena, NULL, NULL, (coley_physicell_options){0}, &m, &err) == COLEY_OK);
    const coley_vocabulary *words = coley_vocabulary_create(arena, &m);
    for (int i = 0; i < m.b.count; i++)
        CHECK(coley_vocabulary_behaviour(words, coley_vocabulary_behaviour_name(words, i)) == i);
    for (int i = 0; i < m.s.count; i++)
        CHECK(coley_vocabulary_signal(words, coley_vocabulary_signal_name(words, i)) == i);
    CHECK(coley_vocabulary_behaviour_name(words, m.b.count) == NULL && coley_vocabulary_signal_name(words, -1) == NULL);
    CHECK(coley_vocabulary_behaviour(words, "attack") == -1 && coley_vocabulary_signal(words, "") == -1);
    CHECK(coley_vocabulary_behaviour(words, "transform to CD8 T cell") ==
          coley_vocabulary_behaviour(words, "transition to cell type 1"));
    CHECK_TEXT(coley_vocabulary_nearest_behaviour(words, "phagocytose tumor"), "phagocytose tumour");
    CHECK(coley_vocabulary_nearest_signal(words, "qqqqqqqqqqqqqqqqqqqqqqqqqqqq") == NULL);
    coley_arena_destroy(arena);
}

/* PhysiCell gives every name a meaning one after another, so the last one holds. */
static void a_substrate_named_like_a_signal_does_not_hide_it(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(little_read(arena, "name=\"drug\"", "name=\"pressure\"", (coley_physicell_options){0}, &m, &err) == COLEY_OK);
    CHECK(coley_vocabulary_signal(coley_vocabulary_create(arena, &m), "pressure") == m.s.pressure);
    coley_arena_destroy(arena);
}

static void contradictions_are_found_and_named(void)
{
    coley_arena *arena = coley_arena_create();
    coley_tissue_model bad;
    CHECK(little_read(arena, NULL, NULL, (coley_physicell_options){0}, &m, &err) == COLEY_OK);
    CHECK(coley_tissue_model_check(&m, &err) == COLEY_OK);
    bad = m;
    bad.n_types = 0;
    CHECK(coley_tissue_model_check(&bad, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "no cell type");
    bad = m;
    bad.mechanics_min = 0.015;
    CHECK(coley_tissue_model_check(&bad, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "0.015 min is not a whole number");
    bad = m;
    bad.phenotype_min = 0.05;
    CHECK(coley_tissue_model_check(&bad, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.key, "dt_phenotype");
    bad = m;
    bad.base[m.b.asymmetric] = 0.6;
    bad.base[m.b.asymmetric + 1] = 0.6;
    CHECK(coley_tissue_model_check(&bad, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "add up to 1.2");
    bad.base[m.b.asymmetric] = NAN;
    CHECK(coley_tissue_model_check(&bad, &err) == COLEY_ERR_INPUT);
    coley_arena_destroy(arena);
}

static void voxels_cover_a_domain_that_they_do_not_divide(void)
{
    size_t n[3];
    m = coley_tissue_model_empty();
    m.high_um[0] = 501;
    m.low_um[1] = -0.3;
    m.high_um[1] = 0.3;
    m.voxel_um[1] = 0.1; /* 0.6 / 0.1 is a little less than 6 */
    m.plane = true;
    coley_tissue_model_voxels(&m, n);
    CHECK(n[0] == 51 && n[1] == 6 && n[2] == 1);
}

int main(void)
{
    RUN(every_behaviour_and_signal_has_a_name_that_leads_back_to_it);
    RUN(a_substrate_named_like_a_signal_does_not_hide_it);
    RUN(contradictions_are_found_and_named);
    RUN(voxels_cover_a_domain_that_they_do_not_divide);
    return check_done();
}
