/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conserved sums: by hand, and against the matrix itself for networks drawn at random. */
#include "model/moiety.h"
#include "base/rng.h"
#include "base/text.h"
#include "model/antimony.h"
#include "support/check.h"

#include <stdlib.h>

static coley_error err;

static const coley_network *parsed(coley_arena *arena, const char *text)
{
    coley_network *network = NULL;
    const coley_antimony_source source = {.name = "m.ant", .text = text, .length = strlen(text)};
    err = (coley_error){0};
    if (coley_antimony_parse(arena, &source, 1, NULL, &network, &err) == COLEY_OK) return network;
    CHECK_FAIL_("%s", err.text);
    return NULL;
}

static int64_t factor_of(const coley_moiety *m, const coley_network *n, const char *id)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->species[i] == coley_network_symbol(n, id)) return m->factor[i];
    return 0;
}

static void receptor_and_ligand_are_each_conserved_free_and_bound(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n = parsed(a, "R + L -> RL; R*L\nRL -> R + L; RL\n2 C -> D; C\n1.5 D -> 3 C; D\nX -> ; X\n");
    coley_moiety *m = NULL;
    size_t count = 0;
    CHECK(n && coley_moieties(a, n, &m, &count, &err) == COLEY_OK && count == 3);
    int receptor = 0, ligand = 0, dimer = 0;
    for (size_t i = 0; n && i < count; i++) {
        receptor |= factor_of(&m[i], n, "R") == 1 && factor_of(&m[i], n, "RL") == 1 && m[i].n == 2;
        ligand |= factor_of(&m[i], n, "L") == 1 && factor_of(&m[i], n, "RL") == 1 && m[i].n == 2;
        dimer |= factor_of(&m[i], n, "C") == 1 && factor_of(&m[i], n, "D") == 2 && m[i].n == 2;
    }
    CHECK(receptor && ligand && dimer);
    coley_arena_destroy(a);
}

static void what_a_rule_or_nothing_changes_is_in_no_sum(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n = parsed(a, "A -> B; A\n$S -> T; S\nB' = 1\nn = 2; n C -> D; C\nspecies B, E; $B -> ; 1\n");
    coley_moiety *m;
    size_t count = 9;
    CHECK(n && coley_moieties(a, n, &m, &count, &err) == COLEY_OK && count == 0);
    coley_arena_destroy(a);
}

static void every_sum_that_is_found_is_left_alone_by_every_reaction(void)
{
    FOR_ALL(200, seed)
    {
        coley_arena *a = coley_arena_create();
        coley_text text = {.arena = a};
        const int n_species = 3 + (int)(6 * coley_rng_uniform(seed, COLEY_STREAM_TEST, 0, 0));
        for (int r = 0; r < 5; r++) {
            for (int side = 0; side < 2; side++) {
                for (int k = 0; k < 2; k++) {
                    const uint64_t at = (uint64_t)(r * 4 + side * 2 + k);
                    const int s = (int)(n_species * coley_rng_uniform(seed, COLEY_STREAM_TEST, at, 1));
                    const int amount = 1 + (int)(3 * coley_rng_uniform(seed, COLEY_STREAM_TEST, at, 2));
                    coley_text_addf(&text, "%s%d S%d", k ? " + " : "", amount, s);
                }
                coley_text_addf(&text, side ? "; 1\n" : " -> ");
            }
        }
        const coley_network *n = parsed(a, text.data);
        coley_moiety *m;
        size_t count = 0;
        CHECK(n && coley_moieties(a, n, &m, &count, &err) == COLEY_OK);
        for (size_t i = 0; n && i < count; i++)
            for (size_t r = 0; r < n->n_reactions; r++) {
                const coley_reaction *x = &n->reaction[r];
                double sum = 0;
                for (size_t k = 0; k < x->n_reactants; k++)
                    sum -= x->reactant[k].amount->number *
                           (double)factor_of(&m[i], n, n->symbol[x->reactant[k].species].id);
                for (size_t k = 0; k < x->n_products; k++)
                    sum +=
                        x->product[k].amount->number * (double)factor_of(&m[i], n, n->symbol[x->product[k].species].id);
                CHECK(sum == 0);
            }
        coley_arena_destroy(a);
    }
}

static void numbers_that_are_no_small_fractions_are_refused(void)
{
    coley_arena *a = coley_arena_create();
    const coley_network *n = parsed(a, "0.7182818284590452 A -> B; A\n");
    coley_moiety *m;
    size_t count;
    CHECK(n && coley_moieties(a, n, &m, &count, &err) == COLEY_ERR_UNSUPPORTED);
    coley_arena_destroy(a);
}

static void every_allocation_may_fail(void)
{
    int done = 0;
    for (size_t k = 1; k < 400 && !done; k++) {
        coley_arena *whole = coley_arena_create(), *a = coley_arena_create_failing(k);
        const coley_network *n = parsed(whole, "R + L -> RL; R*L\nRL -> R + L; RL\n2 C -> D; C\n");
        coley_moiety *m;
        size_t count;
        const coley_status status = coley_moieties(a, n, &m, &count, &err);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        done = status == COLEY_OK;
        coley_arena_destroy(a);
        coley_arena_destroy(whole);
    }
    CHECK(done);
}

int main(void)
{
    RUN(receptor_and_ligand_are_each_conserved_free_and_bound);
    RUN(what_a_rule_or_nothing_changes_is_in_no_sum);
    RUN(every_sum_that_is_found_is_left_alone_by_every_reaction);
    RUN(numbers_that_are_no_small_fractions_are_refused);
    RUN(every_allocation_may_fail);
    return check_done();
}
