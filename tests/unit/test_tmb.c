/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "assay/tmb.h"
#include "assay/vcf.h"
#include "support/check.h"

#define HEAD  "##fileformat=VCFv4.2\n"
#define NAMES "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
#define VEP                                                                                                            \
    "##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Consequence annotations from Ensembl VEP. Format: "             \
    "Allele|Consequence|SYMBOL|HGVSp|CANONICAL|gnomAD_AF\">\n"
#define MAF                                                                                                            \
    "Hugo_Symbol\tChromosome\tStart_Position\tVariant_Classification\tReference_Allele\tTumor_Seq_Allele2\tTumor_"     \
    "Sample_Barcode"

static coley_tmb_facts facts;

static coley_tmb_options asked(const char *definition)
{
    coley_tmb_options o = {.facts = &facts,
                           .min_depth = NAN,
                           .min_fraction = NAN,
                           .max_frequency = NAN,
                           .megabases = 2,
                           .denominator = "given"};
    CHECK(coley_tmb_definition_find(&facts, definition, &o.definition, NULL) == COLEY_OK);
    return o;
}

static coley_status count(coley_arena *arena, const char *text, const coley_tmb_options *o, coley_tmb_report *report,
                          coley_error *err)
{
    coley_lines *lines;
    const coley_status status = coley_lines_of_bytes(arena, "v", text, strlen(text), &lines, err);
    return status == COLEY_OK ? coley_tmb_count(arena, lines, o, report, err) : status;
}

static uint64_t eligible(const char *text, const coley_tmb_options *o)
{
    coley_arena *arena = coley_arena_create();
    coley_tmb_report report = {0};
    coley_error err = {0};
    const coley_status status = count(arena, text, o, &report, &err);
    if (status != COLEY_OK) printf("# %s\n", err.text);
    CHECK(status == COLEY_OK && report.n == 1);
    const uint64_t n = report.n ? report.tmb->n_eligible : 0;
    coley_arena_destroy(arena);
    return n;
}

static void refused(const char *text, const char *why)
{
    coley_arena *arena = coley_arena_create();
    coley_tmb_report report;
    coley_error err = {0};
    const coley_tmb_options o = asked("nonsynonymous");
    CHECK(count(arena, text, &o, &report, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, why);
    coley_arena_destroy(arena);
}

static void each_definition_counts_its_own_effects(void)
{
    static const char text[] = MAF "\nA\t1\t10\tMissense_Mutation\tA\tC\tS\nA\t1\t11\tSilent\tA\tC\tS\n"
                                   "A\t1\t12\tSplice_Region\tA\tC\tS\nA\t1\t13\tTranslation_Start_Site\tA\tC\tS\n"
                                   "A\t1\t14\tIntron\tA\tC\tS\nA\t1\t15\tFrame_Shift_Del\tA\t-\tS\n";
    const coley_tmb_options nonsynonymous = asked("nonsynonymous"), cbioportal = asked("cbioportal"),
                            coding = asked("coding"), all = asked("all");
    CHECK(eligible(text, &nonsynonymous) == 3);
    CHECK(eligible(text, &cbioportal) == 3);
    CHECK(eligible(text, &coding) == 4);
    CHECK(eligible(text, &all) == 6);
}

static void a_variant_counts_by_any_of_its_transcripts_or_by_the_chosen_one(void)
{
    static const char text[] =
        HEAD VEP NAMES "T\n1\t5\t.\tG\tA\t.\tPASS\tDP=9;CSQ=A|missense_variant|X|||,A|intron_variant|X||YES|\tGT\t0/1\n"
                       "1\t6\t.\tG\tA,T\t.\tPASS\tCSQ=A|synonymous_variant|X||YES|,T|stop_gained|X||YES|\tGT\t0/2\n"
                       "1\t7\t.\tGCC\tG\t.\tPASS\tCSQ=-|frameshift_variant&splice_region_variant|X||YES|\tGT\t0/1\n";
    coley_tmb_options o = asked("nonsynonymous");
    CHECK(eligible(text, &o) == 3);
    o.picked = 1;
    CHECK(eligible(text, &o) == 2);
}

static void reads_of_every_caller_give_depth_and_allele_fraction(void)
{
    static const struct {
        const char *format, *tumour;
        double fraction;
    } caller[] = {
        {"GT:AD:DP", "0/1:60,40:100", 0.4},                                     /* GATK */
        {"GT:AD:BQ:DP:FA", "0/1:60,40:31:100:0.400", 0.4},                      /* Mutect 1 */
        {"GT:GQ:DP:RD:AD:FREQ:DP4", "0/1:.:100:60:40:40%:31,29,20,20", 0.4},    /* VarScan */
        {"DP:FDP:SDP:SUBDP:AU:CU:GU:TU", "100:0:0:0:40,41:0,0:60,61:0,0", 0.4}, /* Strelka, bases */
    };
    coley_tmb_options o = asked("all");
    o.min_depth = 100;
    for (size_t i = 0; i < sizeof caller / sizeof *caller; i++) {
        char text[600];
        snprintf(text, sizeof text, HEAD NAMES "NORMAL\tTUMOR\n1\t5\t.\tG\tA\t.\tPASS\t.\t%s\t.\t%s\n",
                 caller[i].format, caller[i].tumour);
        o.min_fraction = caller[i].fraction - 0.01;
        CHECK(eligible(text, &o) == 1);
        o.min_fraction = caller[i].fraction + 0.01;
        CHECK(eligible(text, &o) == 0);
        o.min_fraction = NAN;
    }
}

static void what_is_common_in_the_population_or_a_driver_is_left_out(void)
{
    static const char text[] =
        HEAD VEP NAMES "T\n1\t5\t.\tG\tA\t.\tPASS\tCSQ=A|missense_variant|KRAS|ENSP1:p.Gly12Asp||0.00001\tGT\t0/1\n"
                       "1\t6\t.\tG\tA\t.\tPASS\tCSQ=A|missense_variant|KRAS|ENSP1:p.Gly75Asp||0.02\tGT\t0/1\n"
                       "1\t7\t.\tG\tA\t.\tPASS\tCSQ=A|stop_gained|TP53|ENSP2:p.Arg213Ter||\tGT\t0/1\n";
    coley_driver row[] = {{"KRAS", "G12"}, {"TP53", NULL}};
    const coley_drivers drivers = {.file = "drivers", .n = 2, .driver = row};
    coley_tmb_options o = asked("nonsynonymous");
    CHECK(eligible(text, &o) == 3);
    o.max_frequency = 0.001;
    CHECK(eligible(text, &o) == 2);
    o.drivers = &drivers;
    CHECK(eligible(text, &o) == 0);
}

static void the_tumour_is_told_by_header_or_name_and_asked_for_otherwise(void)
{
    static const char *const pair[] = {"NORMAL", "TUMOR"}, *const codes[] = {"A12", "B77"};
    static const char *const tcga[] = {"TCGA-N5-A4R8-10A-01D", "TCGA-N5-A4R8-01A-11D"}, *const one_normal[] = {
                                                                                            "P7", "P7_blood"};
    const char *why;
    CHECK(coley_vcf_tumour(2, pair, NULL, &why) == 1);
    CHECK(coley_vcf_tumour(2, tcga, NULL, &why) == 1);
    CHECK(coley_vcf_tumour(2, one_normal, NULL, &why) == 0);
    CHECK(coley_vcf_tumour(2, codes, NULL, &why) == -1);
    CHECK(coley_vcf_tumour(2, codes, "##normal_sample=B77\n##tumor_sample=A12\n", &why) == 0);
    refused(HEAD NAMES "A12\tB77\n1\t5\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\t0/0\n", "--sample, one of: A12, B77");
}

static void what_the_input_cannot_say_is_not_called(void)
{
    coley_arena *arena = coley_arena_create();
    static const char plain[] = HEAD NAMES "T\n1\t5\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\n";
    static const char maf[] = MAF "\nA\t1\t10\tMissense_Mutation\tA\tC\tS\n";
    coley_tmb_report report;
    coley_tmb_options o = asked("nonsynonymous");
    CHECK(count(arena, plain, &o, &report, NULL) == COLEY_OK);
    CHECK(report.tmb->call == COLEY_TMB_CANNOT_TELL);
    CHECK_HAS(report.tmb->reason, "no effects");
    CHECK(isnan(report.tmb->per_Mb));
    o.megabases = NAN;
    CHECK(count(arena, maf, &o, &report, NULL) == COLEY_OK);
    CHECK(report.tmb->call == COLEY_TMB_CANNOT_TELL && report.tmb->n_eligible == 1);
    CHECK_HAS(report.tmb->reason, "how much was sequenced");
    o.megabases = 0.05;
    CHECK(count(arena, maf, &o, &report, NULL) == COLEY_OK);
    CHECK(report.tmb->call == COLEY_TMB_HIGH);
    CHECK_NEAR(report.tmb->per_Mb, 20, 1e-12);
    coley_arena_destroy(arena);
}

static void a_wrong_file_is_refused_with_the_record(void)
{
    refused("", "is empty");
    refused(HEAD, "#CHROM");
    refused(HEAD NAMES "T\n1\t5\t.\tG\tA\t.\tPASS\n", "record 1 (1:5) has too few columns; was the file cut short?");
    refused(HEAD NAMES "T\n1\tx\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\n", "no position in POS");
    refused(HEAD NAMES "T\n1\t9\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\n1\t5\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\n",
            "record 2 (1:5) stands before");
    refused(HEAD NAMES "T\n1\t9\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\n2\t5\t.\tG\tA\t.\tPASS\t.\tGT\t0/"
                       "1\n1\t9\t.\tG\tA\t.\tPASS\t.\tGT\t0/1\n",
            "record 3 (1:9) comes back");
    refused(HEAD NAMES "T\n1\t5\t.\tG?\tA\t.\tPASS\t.\tGT\t0/1\n", "REF that is no sequence");
    refused("a,b,c\n", "no header of a MAF");
    refused(MAF "\nA\t1\t10\n", "record 1 has 3 cells");
    refused(MAF "\nA\t1\tten\tSilent\tA\tC\tS\n", "Start_Position is 'ten'");
    refused(MAF "\n", "has no variants");
}

static void targets_merge_and_count_once(void)
{
    coley_arena *arena = coley_arena_create();
    static const char bed[] = "track x\nchr1\t10\t20\n1\t15\t30\n2\t0\t5\tname\n";
    coley_lines *lines;
    coley_target target;
    coley_error err = {0};
    CHECK(coley_lines_of_bytes(arena, "bed", bed, sizeof bed - 1, &lines, NULL) == COLEY_OK);
    CHECK(coley_target_parse(arena, lines, &target, NULL) == COLEY_OK);
    CHECK_NEAR(target.megabases, 25e-6, 1e-12);
    const coley_target_contig *one = coley_target_find(&target, "chr1", 4);
    size_t at = 0;
    CHECK(!coley_target_holds(one, 9, &at) && coley_target_holds(one, 10, &at) && coley_target_holds(one, 29, &at));
    CHECK(!coley_target_holds(one, 30, &at) && coley_target_holds(one, 12, &at) && !coley_target_find(&target, "3", 1));
    CHECK(coley_lines_of_bytes(arena, "bed", "1\t20\t10\n", 8, &lines, NULL) == COLEY_OK);
    CHECK(coley_target_parse(arena, lines, &target, &err) == COLEY_ERR_INPUT && err.line == 1);
    coley_arena_destroy(arena);
}

static void a_place_is_found_in_targets_as_by_looking_at_each(void)
{
    coley_arena *arena = coley_arena_create();
    coley_stretch s[60];
    const coley_target_contig contig = {.name = "1", .n = 60, .stretch = s};
    for (int i = 0; i < 60; i++) s[i] = (coley_stretch){i * 17 + i % 5, i * 17 + i % 5 + 3 + i % 9};
    FOR_ALL(2000, seed)
    {
        const int64_t position = (int64_t)(seed * 7919 % 1100);
        size_t at = seed % 61;
        int naive = 0;
        for (int i = 0; i < 60; i++) naive |= position >= s[i].begin && position < s[i].end;
        CHECK(coley_target_holds(&contig, position, &at) == naive);
    }
    coley_arena_destroy(arena);
}

static void an_address_is_no_file(void)
{
    CHECK(coley_path_is_remote("http://x/y.vcf") && coley_path_is_remote("s3://b/k") &&
          coley_path_is_remote("ftp://x"));
    CHECK(!coley_path_is_remote("/a/b.vcf") && !coley_path_is_remote("a:b.vcf") && !coley_path_is_remote("-"));
}

int main(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(coley_tmb_facts_read(arena, COLEY_SOURCE_DIR "/catalog", &facts, NULL) == COLEY_OK);
    RUN(each_definition_counts_its_own_effects);
    RUN(a_variant_counts_by_any_of_its_transcripts_or_by_the_chosen_one);
    RUN(reads_of_every_caller_give_depth_and_allele_fraction);
    RUN(what_is_common_in_the_population_or_a_driver_is_left_out);
    RUN(the_tumour_is_told_by_header_or_name_and_asked_for_otherwise);
    RUN(what_the_input_cannot_say_is_not_called);
    RUN(a_wrong_file_is_refused_with_the_record);
    RUN(targets_merge_and_count_once);
    RUN(a_place_is_found_in_targets_as_by_looking_at_each);
    RUN(an_address_is_no_file);
    coley_arena_destroy(arena);
    return check_done();
}
