/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assay/neoantigen.h"
#include "support/check.h"

static coley_neoantigen_facts facts;
static coley_tmb_facts tmb_facts;

static coley_neoantigens found_in(coley_arena *arena, double megabases, uint64_t n, double fraction, double purity,
                                  int lost)
{
    coley_tmb_reads reads[200];
    coley_tmb_options options = {.facts = &tmb_facts};
    CHECK(coley_tmb_definition_find(&tmb_facts, "nonsynonymous", &options.definition, NULL) == COLEY_OK);
    for (uint64_t i = 0; i < n; i++) reads[i] = (coley_tmb_reads){(float)fraction, 200};
    const coley_tmb_report report = {.options = &options};
    const coley_tmb tmb = {
        .n_eligible = n, .megabases = megabases, .per_Mb = (double)n / megabases, .n_reads = n, .reads = reads};
    const coley_neoantigen_options asked = {.purity = purity, .alleles_lost = lost};
    coley_neoantigens found;
    CHECK(coley_neoantigens_of(arena, &report, &tmb, &facts, &asked, &found, NULL) == COLEY_OK);
    return found;
}

static void half_of_the_reads_in_a_pure_tumour_are_a_clonal_mutation(void)
{
    CHECK(coley_neoantigen_is_clonal(0.5, 200, 1, 1) == 1);
    CHECK(coley_neoantigen_is_clonal(0.3, 200, 0.6, 1) == 1);
    CHECK(coley_neoantigen_is_clonal(0.1, 200, 1, 1) == 0);
    CHECK(coley_neoantigen_is_clonal(0.4, 10, 1, 1) == 1); /* ten reads can't say otherwise */
    CHECK(coley_neoantigen_is_clonal(NAN, 200, 1, 1) == -1);
}

static void a_panel_is_scaled_to_the_exome_and_an_exome_is_counted(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_neoantigens panel = found_in(arena, 1, 10, 0.5, 1, -1), exome = found_in(arena, 35, 100, 0.5, 1, -1);
    CHECK_NEAR(panel.mutations, 10 * facts.exome_megabases.value, 1e-12);
    CHECK_NEAR(exome.mutations, 100, 1e-12);
    CHECK_NEAR(exome.seen, 100 * facts.seen_share.value, 1e-12);
    CHECK(panel.seen_low < panel.seen && panel.seen < panel.seen_high);
    /* A panel says less about the exome than the exome does. */
    CHECK(panel.seen_high / panel.seen > exome.seen_high / exome.seen);
    coley_arena_destroy(arena);
}

static void lost_HLA_and_subclonal_mutations_leave_fewer_clones(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_neoantigens whole = found_in(arena, 35, 100, 0.5, 1, 0), half = found_in(arena, 35, 100, 0.5, 1, 3),
                            subclonal = found_in(arena, 35, 100, 0.1, 1, 0),
                            unknown = found_in(arena, 35, 100, 0.5, NAN, -1);
    CHECK_NEAR(half.seen, whole.seen / 2, 1e-12);
    CHECK_NEAR(half.factor, whole.factor / 2, 1e-12);
    CHECK_NEAR(whole.clonal_share, 1, 1e-12);
    CHECK(subclonal.clonal_share == 0 && subclonal.factor < whole.factor / 4);
    CHECK_NEAR(subclonal.covered, 0.2, 1e-6);
    CHECK(isnan(unknown.factor) && isnan(unknown.clonal_share));
    CHECK_HAS(unknown.clonal_reason, "purity");
    coley_arena_destroy(arena);
}

static void a_predictors_list_counts_mutations_not_peptides(void)
{
    static const char list[] =
        "Chromosome\tStart\tGene Name\tMutation\tMedian MT IC50 Score\n1\t5\tA\tD/G\t12\n1\t5\tA\tD/G\t400\n"
        "1\t9\tB\tR/W\t499.9\n2\t7\tC\tK/N\t800\n";
    coley_arena *arena = coley_arena_create();
    coley_lines *lines;
    uint64_t rows, binders;
    coley_error err = {0};
    CHECK(coley_lines_of_bytes(arena, "list", list, sizeof list - 1, &lines, NULL) == COLEY_OK);
    CHECK(coley_neoantigen_list(arena, lines, 500, &rows, &binders, NULL) == COLEY_OK);
    CHECK(rows == 4 && binders == 2);
    CHECK(coley_lines_of_bytes(arena, "list", "Gene\tScore\nA\t1\n", 15, &lines, NULL) == COLEY_OK);
    CHECK(coley_neoantigen_list(arena, lines, 500, &rows, &binders, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "pVACtools");
    coley_arena_destroy(arena);
}

int main(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(coley_neoantigen_facts_read(arena, COLEY_SOURCE_DIR "/catalog", &facts, NULL) == COLEY_OK);
    CHECK(coley_tmb_facts_read(arena, COLEY_SOURCE_DIR "/catalog", &tmb_facts, NULL) == COLEY_OK);
    RUN(half_of_the_reads_in_a_pure_tumour_are_a_clonal_mutation);
    RUN(a_panel_is_scaled_to_the_exome_and_an_exome_is_counted);
    RUN(lost_HLA_and_subclonal_mutations_leave_fewer_clones);
    RUN(a_predictors_list_counts_mutations_not_peptides);
    coley_arena_destroy(arena);
    return check_done();
}
