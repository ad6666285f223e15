/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assay/codons.h"
#include "support/check.h"

#include <stdlib.h>

#define DATA COLEY_SOURCE_DIR "/tests/data/assay/csq/"

static const coley_effects nonsynonymous =
    COLEY_EFFECT_BIT(MISSENSE) | COLEY_EFFECT_BIT(STOP_GAINED) | COLEY_EFFECT_BIT(STOP_LOST) |
    COLEY_EFFECT_BIT(SPLICE) | COLEY_EFFECT_BIT(START_LOST) | COLEY_EFFECT_BIT(FRAMESHIFT_DELETION) |
    COLEY_EFFECT_BIT(FRAMESHIFT_INSERTION) | COLEY_EFFECT_BIT(INFRAME_DELETION) | COLEY_EFFECT_BIT(INFRAME_INSERTION);

/* A gene of one coding stretch on contig t, `strand`, over all its bases, as GFF3. */
static coley_codons *one_stretch(coley_arena *arena, const char *bases, const char *strand, int begin, int end)
{
    char gff[400];
    coley_lines *lines;
    coley_codons *codons = NULL;
    snprintf(
        gff, sizeof gff,
        "##gff-version 3\nt\tx\tgene\t1\t%d\t.\t%s\t.\tID=g;Name=GENE\nt\tx\tmRNA\t1\t%d\t.\t%s\t.\tID=m;Parent=g\n"
        "t\tx\tCDS\t%d\t%d\t.\t%s\t0\tParent=m\n",
        (int)strlen(bases), strand, (int)strlen(bases), strand, begin, end, strand);
    CHECK(coley_lines_of_bytes(arena, "gff", gff, strlen(gff), &lines, NULL) == COLEY_OK);
    CHECK(coley_codons_parse(arena, lines, &codons, NULL) == COLEY_OK);
    if (codons) coley_codons_sequence(codons, "t", bases, strlen(bases));
    return codons;
}

static coley_effects effects_of(coley_codons *codons, int position, const char *ref, const char *alt)
{
    coley_effects set = 0;
    coley_error err = {0};
    CHECK(coley_codons_effects(codons, "chrt", 4, position, ref, strlen(ref), alt, strlen(alt), (coley_place){0}, &set,
                               &err) == COLEY_OK);
    return set;
}

static void a_gene_written_by_hand_is_read_codon_by_codon(void)
{
    coley_arena *arena = coley_arena_create();
    /*                                   M  A  R  W  S  *   */
    coley_codons *c = one_stretch(arena, "GGATGGCCCGATGGTCATAAGG", "+", 3, 20);
    CHECK(effects_of(c, 3, "A", "G") == COLEY_EFFECT_BIT(START_LOST) + COLEY_EFFECT_BIT(OTHER));
    CHECK(effects_of(c, 8, "C", "T") & COLEY_EFFECT_BIT(SYNONYMOUS));
    CHECK(effects_of(c, 7, "C", "T") & COLEY_EFFECT_BIT(MISSENSE));     /* A to V */
    CHECK(effects_of(c, 9, "C", "T") & COLEY_EFFECT_BIT(STOP_GAINED));  /* CGA to TGA */
    CHECK(effects_of(c, 14, "G", "A") & COLEY_EFFECT_BIT(STOP_GAINED)); /* TGG to TGA */
    CHECK(effects_of(c, 18, "T", "C") & COLEY_EFFECT_BIT(STOP_LOST));
    CHECK(effects_of(c, 20, "A", "G") & COLEY_EFFECT_BIT(SYNONYMOUS)); /* TAA to TAG */
    CHECK(effects_of(c, 8, "CC", "C") & COLEY_EFFECT_BIT(FRAMESHIFT_DELETION));
    CHECK(effects_of(c, 8, "C", "CA") & COLEY_EFFECT_BIT(FRAMESHIFT_INSERTION));
    CHECK(effects_of(c, 8, "CCGA", "C") & COLEY_EFFECT_BIT(INFRAME_DELETION));
    CHECK(effects_of(c, 8, "C", "CAAA") & COLEY_EFFECT_BIT(INFRAME_INSERTION));
    CHECK(effects_of(c, 8, "C", "CTGA") & COLEY_EFFECT_BIT(STOP_GAINED));
    CHECK_TEXT(coley_codons_gene(c), "GENE");
    CHECK(effects_of(c, 22, "G", "A") == COLEY_EFFECT_BIT(OTHER));
    coley_arena_destroy(arena);
}

static void the_reverse_strand_is_the_mirror_of_the_forward_one(void)
{
    static const char bases[] = "GGATGGCCCGATGGTCATAAGG";
    coley_arena *arena = coley_arena_create();
    const int n = (int)strlen(bases);
    char mirror[sizeof bases] = "";
    for (int i = 0; i < n; i++) mirror[i] = "TGCA"[strchr("ACGT", bases[n - 1 - i]) - "ACGT"];
    coley_codons *forward = one_stretch(arena, bases, "+", 3, 20), *reverse = one_stretch(arena, mirror, "-", 3, 20);
    for (int p = 1; p <= n; p++)
        for (int a = 0; a < 4; a++) {
            const char ref[2] = {bases[p - 1], 0}, alt[2] = {"ACGT"[a], 0};
            const char r_ref[2] = {mirror[n - p], 0}, r_alt[2] = {"TGCA"[a], 0};
            if (*ref == *alt) continue;
            CHECK(effects_of(forward, p, ref, alt) == effects_of(reverse, n + 1 - p, r_ref, r_alt));
        }
    coley_arena_destroy(arena);
}

static void another_genome_is_an_error_that_names_the_place(void)
{
    coley_arena *arena = coley_arena_create();
    coley_codons *c = one_stretch(arena, "GGATGGCCCGATGGTCATAAGG", "+", 3, 20);
    coley_effects set;
    coley_error err = {0};
    const coley_place place = {.file = "v.vcf", .line = 7};
    CHECK(coley_codons_effects(c, "t", 1, 7, "G", 1, "A", 1, place, &set, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "REF at t:7 has G where the reference has C");
    CHECK(err.line == 7);
    CHECK(coley_codons_effects(c, "t", 1, 700, "G", 1, "A", 1, place, &set, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "not in the reference");
    coley_arena_destroy(arena);
}

typedef struct tally {
    int n, counted, spoken; /* variants; whether they count differs; any word but the splice region differs */
} tally;

/* Every variant of a file that bcftools csq has gone over, one at a time, against our own reading. kind 0: one base, 1:
 * longer. */
static void hold_against_bcftools(const char *name, tally kind[2])
{
    coley_arena *arena = coley_arena_create();
    coley_lines *lines;
    coley_codons *codons;
    coley_annotation annotation = {0};
    coley_error err = {0};
    char *line, gff[300], fasta[300], vcf[300];
    size_t length;
    snprintf(gff, sizeof gff, DATA "%s.gff3.gz", name);
    snprintf(fasta, sizeof fasta, DATA "%s.fa", name);
    snprintf(vcf, sizeof vcf, DATA "%s.vcf.gz", name);
    CHECK(coley_codons_open(arena, gff, fasta, &codons, &err) == COLEY_OK);
    CHECK(coley_lines_open(arena, vcf, &lines, &err) == COLEY_OK);
    for (;;) {
        CHECK(coley_lines_next(lines, &line, &length, &err) == COLEY_OK);
        if (!line) break;
        if (*line == '#') {
            coley_annotation_of_header(&annotation, line);
            continue;
        }
        char *column[8] = {strtok(line, "\t")};
        for (int i = 1; i < 8; i++) column[i] = strtok(NULL, "\t");
        const char *allele[2] = {column[3], column[4]}, *value = strstr(column[7], "BCSQ=");
        const size_t n[2] = {strlen(column[3]), strlen(column[4])};
        coley_annotation_view view = {0};
        coley_effects own;
        if (value) coley_annotation_read(&annotation, value + 5, strcspn(value + 5, ";"), 2, allele, n, 0, 0, &view);
        CHECK(coley_codons_effects(codons, column[0], strlen(column[0]), atoi(column[1]), column[3], n[0], column[4],
                                   n[1], coley_lines_place(lines), &own, &err) == COLEY_OK);
        if (!strcmp(name, "minus") && atoi(column[1]) >= 6609 && atoi(column[1]) <= 6611)
            continue; /* a gap of two bases in the gene's sequence, which is no intron to us */
        const coley_effects words = ~(COLEY_EFFECT_BIT(OTHER) | COLEY_EFFECT_BIT(SPLICE_REGION));
        tally *t = &kind[n[0] != 1 || n[1] != 1];
        t->n++;
        t->counted += !(own & nonsynonymous) != !(view.effects & nonsynonymous);
        t->spoken += (own & words) != (view.effects & words);
    }
    coley_lines_close(lines);
    coley_codons_close(codons);
    coley_arena_destroy(arena);
}

/* Where both differ, it is at the edge of an exon, where an insertion belongs to either side. */
static void effects_agree_with_bcftools_csq_over_two_human_genes(void)
{
    tally kind[2] = {{0}};
    hold_against_bcftools("plus", kind);
    hold_against_bcftools("minus", kind);
    printf("# single bases: %d, %d counted otherwise, %d other words; longer: %d, %d, %d\n", kind[0].n, kind[0].counted,
           kind[0].spoken, kind[1].n, kind[1].counted, kind[1].spoken);
    CHECK(kind[0].n > 3000 && kind[1].n > 1000);
    CHECK(kind[0].counted == 0);
    CHECK(kind[0].spoken == 0);
    CHECK(kind[1].counted <= kind[1].n / 100);
    CHECK(kind[1].spoken <= kind[1].n / 25);
}

int main(void)
{
    RUN(a_gene_written_by_hand_is_read_codon_by_codon);
    RUN(the_reverse_strand_is_the_mirror_of_the_forward_one);
    RUN(another_genome_is_an_error_that_names_the_place);
    RUN(effects_agree_with_bcftools_csq_over_two_human_genes);
    return check_done();
}
