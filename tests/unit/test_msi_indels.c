/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Indels in repeats, from VCF and MAF: the same variants count the same in both. */
#include "assay/msi_indels.h"
#include "support/check.h"

/* Bases 101 to 110 of chr1 (from 1) are A, bases 201 to 212 are CA six times. */
static const char table[] =
    "chromosome\tlocation\trepeat_times\trepeat_unit_bases\tleft_flank_bases\tright_flank_bases\n"
    "chr1\t100\t10\tA\tGGCTC\tGTCTG\n"
    "chr1\t200\t6\tCA\tGGCTT\tGTCTG\n";

static coley_status read_text(coley_arena *arena, const char *text, coley_indel_counts *counts, coley_error *err)
{
    coley_lines *lines;
    coley_sites sites;
    CHECK(coley_lines_of_bytes(arena, "sites.tsv", table, strlen(table), &lines, err) == COLEY_OK);
    CHECK(coley_sites_parse(arena, lines, &sites, err) == COLEY_OK);
    const coley_status status = coley_lines_of_bytes(arena, "calls", text, strlen(text), &lines, err);
    return status == COLEY_OK ? coley_indels_parse(arena, lines, &sites, counts, err) : status;
}

#define VCF "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

static void whole_units_within_a_repeat_count(void)
{
    coley_arena *arena = coley_arena_create();
    coley_indel_counts c;
    CHECK(read_text(arena,
                    VCF "1\t50\t.\tG\tT\t.\tPASS\t.\n"       /* no indel */
                        "1\t100\t.\tCA\tC\t.\tPASS\t.\n"     /* one A less, left aligned */
                        "chr1\t109\t.\tAA\tA\t.\t.\t.\n"     /* the same at the other end */
                        "1\t100\t.\tC\tCAA,CG\t.\tPASS\t.\n" /* two A more; a G more is no unit */
                        "1\t200\t.\tTCA\tT\t.\tPASS\t.\n"    /* one CA less */
                        "1\t201\t.\tCAC\tC\t.\tPASS\t.\n"    /* one AC less: the same unit, out of phase */
                        "1\t200\t.\tTC\tT\t.\tPASS\t.\n"     /* half a unit */
                        "1\t150\t.\tTA\tT\t.\tPASS\t.\n"     /* elsewhere */
                        "1\t110\t.\tAG\tA\t.\tPASS\t.\n"     /* behind the repeat */
                        "1\t102\t.\tAA\tA\t.\tlow\t.\n"      /* filtered */
                        "7\t100\t.\tCA\tC\t.\tPASS\t.\n",    /* no site there */
                    &c, NULL) == COLEY_OK);
    CHECK(c.n == 1 && c.n_filtered == 1 && c.n_elsewhere == 1);
    CHECK(c.sample[0].n_variants == 11 && c.sample[0].n_indels == 10 && c.sample[0].n_in_repeats == 5);
    coley_arena_destroy(arena);
}

static void a_maf_counts_sample_by_sample_and_as_the_vcf(void)
{
    coley_arena *arena = coley_arena_create();
    coley_indel_counts c;
    CHECK(read_text(
              arena,
              "#version 2.4\nChromosome\tStart_Position\tReference_Allele\tTumor_Seq_Allele2\tTumor_Sample_Barcode\n"
              "1\t101\tA\t-\tone\n"  /* the first A of the run */
              "1\t110\tA\t-\tone\n"  /* the last */
              "1\t111\tG\t-\tone\n"  /* behind it */
              "1\t100\t-\tAA\ttwo\n" /* inserted before the run */
              "1\t110\t-\tA\ttwo\n"  /* inserted behind it: the same run */
              "1\t201\tCA\t-\ttwo\n"
              "1\t50\tG\tT\ttwo\n",
              &c, NULL) == COLEY_OK);
    CHECK(c.n == 2);
    CHECK_TEXT(c.sample[0].name, "one");
    CHECK(c.sample[0].n_variants == 3 && c.sample[0].n_indels == 3 && c.sample[0].n_in_repeats == 2);
    CHECK(c.sample[1].n_variants == 4 && c.sample[1].n_indels == 3 && c.sample[1].n_in_repeats == 3);
    coley_arena_destroy(arena);
}

static void faults_are_told_with_their_line(void)
{
    static const struct {
        const char *text, *says;
        int line;
    } bad[] = {
        {"", "is empty", 0},
        {"##fileformat=VCFv4.2\n1\t5\t.\tA\tC\t.\t.\t.\n", "#CHROM", 2},
        {VCF "1\tx\t.\tA\tC\t.\t.\t.\n", "a position", 3},
        {VCF "1\t5\t.\t<X>\tC\t.\t.\t.\n", "a reference allele", 3},
        {VCF "1\t5\tA\n", "3 columns", 3},
        {"gene\tx\n", "no column Chromosome", 1},
        {"# only\n", "comments only", 0},
        {"Chromosome\tStart_Position\tReference_Allele\tTumor_Seq_Allele2\tTumor_Sample_Barcode\n1\t5\tA\n",
         "3 columns", 2},
        {"Chromosome\tStart_Position\tReference_Allele\tTumor_Seq_Allele2\tTumor_Sample_Barcode\n1\t5\tA\t?\tx\n",
         "an allele", 2}};
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        coley_error err = {0};
        coley_indel_counts c;
        CHECK(read_text(arena, bad[i].text, &c, &err) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, bad[i].says);
        CHECK(err.line == bad[i].line);
    }
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(whole_units_within_a_repeat_count);
    RUN(a_maf_counts_sample_by_sample_and_as_the_vcf);
    RUN(faults_are_told_with_their_line);
    return check_done();
}
