/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_assay_tmb.h -- tumour mutational burden of a made exome's VCF, beside `bcftools view | bcftools query` with the
 * same rules: what passed its filters, inside the targets, of a protein-changing effect on any transcript, in the
 * tumour.
 *
 * The file is synthetic: 60000 records of a tumour and a normal with VEP's CSQ of one to eight transcripts each, bgzip.
 */
#ifndef COLEY_BENCH_ASSAY_TMB_H
#define COLEY_BENCH_ASSAY_TMB_H

#include <math.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <htslib/bgzf.h>

#include "base/rng.h"
#include "bench.h"
#include "run/tmb_report.h"

enum { TMB_RECORDS = 60000, TMB_TARGETS = 20000, TMB_RUNS = 11, TMB_CONTIGS = 22, TMB_LENGTH = 60000000 };

static double tmb_draw(int64_t record, int64_t what)
{
    return coley_rng_uniform(1, COLEY_STREAM_TEST, (uint64_t)record, what);
}

static const char *tmb_term(int64_t record, int transcript)
{
    static const char *const term[] = {
        "missense_variant",      "intron_variant",          "synonymous_variant",
        "upstream_gene_variant", "3_prime_UTR_variant",     "frameshift_variant",
        "stop_gained",           "downstream_gene_variant", "splice_region_variant&intron_variant"};
    return term[(size_t)(tmb_draw(record, 100 + transcript) * sizeof term / sizeof *term)];
}

static int tmb_write(const char *vcf, const char *bed)
{
    coley_arena *arena = coley_arena_create();
    coley_text text = {.arena = arena};
    BGZF *file = bgzf_open(vcf, "w");
    FILE *targets = fopen(bed, "w");
    int64_t record = 0;
    if (!file || !targets) return 0;
    coley_text_addf(
        &text,
        "##fileformat=VCFv4.2\n##FILTER=<ID=weak,Description=\"weak\">\n##INFO=<ID=CSQ,Number=.,Type=String,"
        "Description=\"Consequence annotations from Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL|Gene|"
        "Feature_type|Feature|BIOTYPE|EXON|INTRON|HGVSc|HGVSp|cDNA_position|CDS_position|Protein_position|"
        "Amino_acids|Codons|Existing_variation|gnomAD_AF\">\n##FORMAT=<ID=GT,Number=1,Type=String,Description=\"GT\">"
        "\n##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"AD\">\n##FORMAT=<ID=DP,Number=1,Type=Integer,"
        "Description=\"DP\">\n");
    for (int c = 1; c <= TMB_CONTIGS; c++) coley_text_addf(&text, "##contig=<ID=%d,length=%d>\n", c, TMB_LENGTH);
    coley_text_addf(&text, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tNORMAL\tTUMOR\n");
    for (int c = 1; c <= TMB_CONTIGS; c++) {
        for (int i = 0; i < TMB_TARGETS / TMB_CONTIGS; i++)
            fprintf(targets, "%d\t%d\t%d\n", c, 10000 + i * 60000, 10000 + i * 60000 + 45000);
        for (int i = 0; i < TMB_RECORDS / TMB_CONTIGS; i++, record++) {
            const int64_t position =
                10000 + (int64_t)i * (TMB_LENGTH / (TMB_RECORDS / TMB_CONTIGS)) + (int64_t)(tmb_draw(record, 0) * 9000);
            const int n = 1 + (int)(tmb_draw(record, 1) * 8), alt = (int)(10 + tmb_draw(record, 2) * 60);
            coley_text_addf(&text, "%d\t%lld\t.\tC\tT\t.\t%s\tCSQ=", c, (long long)position,
                            tmb_draw(record, 3) < 0.3 ? "weak" : "PASS");
            for (int t = 0; t < n; t++)
                coley_text_addf(
                    &text,
                    "%sT|%s|MODERATE|GENE%lld|ENSG%011lld|Transcript|ENST%011lld|protein_coding|%d/12||ENST%011lld.4:c."
                    "%dC>T|ENSP%011lld.2:p.Arg%dTrp|%d|%d|%d|R/W|Cgg/Tgg|rs%lld|%.6f",
                    t ? "," : "", tmb_term(record, t), (long long)record % 20000, (long long)record,
                    (long long)record * 10 + t, t + 1, (long long)record * 10 + t, 100 + t, (long long)record * 10 + t,
                    30 + t, 300 + t, 100 + t, 30 + t, (long long)record * 7, tmb_draw(record, 4) * 1e-4);
            coley_text_addf(&text, "\tGT:AD:DP\t0/0:90,0:90\t0/1:%d,%d:100\n", 100 - alt, alt);
            if (text.length > 1 << 20) {
                if (bgzf_write(file, text.data, text.length) < 0) return 0;
                text.length = 0;
            }
        }
    }
    const int wrote = bgzf_write(file, text.data, text.length) >= 0;
    coley_arena_destroy(arena);
    return fclose(targets) == 0 && bgzf_close(file) == 0 && wrote;
}

static double tmb_cpu_s(int who)
{
    struct rusage u;
    getrusage(who, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
           1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* Coley's count, or -1. */
static long long tmb_ours(const char *vcf, const char *bed)
{
    coley_arena *arena = coley_arena_create();
    coley_tmb_report report;
    coley_error err = {0};
    const coley_tmb_request request = {.variants = vcf,
                                       .catalog = COLEY_SOURCE_DIR "/catalog",
                                       .targets = bed,
                                       .megabases = NAN,
                                       .min_depth = NAN,
                                       .min_fraction = NAN,
                                       .max_frequency = NAN};
    const coley_status status = coley_tmb_of_request(arena, &request, &report, &err);
    if (status != COLEY_OK) fprintf(stderr, "%s: %s\n", err.file, err.text);
    const long long n = status == COLEY_OK ? (long long)report.tmb->n_eligible : -1;
    coley_arena_destroy(arena);
    return n;
}

/* bcftools' count, or -1 where there is none. Between the two programs goes uncompressed BCF, its fastest way. */
static long long tmb_theirs(const char *vcf, const char *bed)
{
    char command[2000];
    long long n = -1;
    snprintf(command, sizeof command,
             "bcftools view -f PASS,. -T %s -s TUMOR -Ou %s | bcftools query -i 'GT=\"alt\"' -f '%%INFO/CSQ\\n' | "
             "grep -cE '\\|(missense_variant|frameshift_variant|stop_gained)\\|'",
             bed, vcf);
    FILE *pipe = popen(command, "r");
    if (!pipe) return -1;
    if (fscanf(pipe, "%lld", &n) != 1) n = -1;
    pclose(pipe);
    return n;
}

static void bench_assay_tmb(bench *b)
{
    char vcf[64], bed[64];
    double ours_s[TMB_RUNS], theirs_s[TMB_RUNS], ours_cpu_s = 0, theirs_cpu_s = 0;
    long long ours = 0, theirs = 0;
    snprintf(vcf, sizeof vcf, "/tmp/coley-bench-%d.vcf.gz", (int)getpid());
    snprintf(bed, sizeof bed, "/tmp/coley-bench-%d.bed", (int)getpid());
    const int made = tmb_write(vcf, bed);
    const int has_peer = system("command -v bcftools >/dev/null 2>&1") == 0;
    for (int i = 0; made && i < TMB_RUNS; i++) { /* in turn, so that a busy machine slows both */
        double start = bench_now_s(), cpu = tmb_cpu_s(RUSAGE_SELF);
        ours = tmb_ours(vcf, bed);
        ours_s[i] = bench_now_s() - start;
        ours_cpu_s += tmb_cpu_s(RUSAGE_SELF) - cpu;
        start = bench_now_s();
        cpu = tmb_cpu_s(RUSAGE_CHILDREN);
        theirs = has_peer ? tmb_theirs(vcf, bed) : -1;
        theirs_s[i] = bench_now_s() - start;
        theirs_cpu_s += tmb_cpu_s(RUSAGE_CHILDREN) - cpu;
    }
    unlink(vcf);
    unlink(bed);
    if (!made || ours < 0) {
        fprintf(stderr, "bench-assay: the burden could not be counted\n");
        exit(1);
    }
    qsort(ours_s, TMB_RUNS, sizeof *ours_s, bench_compare);
    qsort(theirs_s, TMB_RUNS, sizeof *theirs_s, bench_compare);
    bench_row(b, "burden of a synthetic exome's VCF, 60000 records", ours_s[0], ours_s[TMB_RUNS / 2], "s");
    bench_figure(b, "tmb_count", (double)ours);
    if (theirs < 0) {
        fprintf(stderr, "bench-assay: without bcftools, so without a comparison\n");
        return;
    }
    bench_row(b, "the same by bcftools view | bcftools query", theirs_s[0], theirs_s[TMB_RUNS / 2], "s");
    bench_figure(b, "tmb_count_bcftools", (double)theirs);
    bench_figure(b, "tmb_same_count", ours == theirs);
    bench_figure(b, "tmb_ratio_to_bcftools", theirs_s[0] / ours_s[0]); /* the best of each: what else runs only adds */
    bench_figure(b, "tmb_cpu_ratio_to_bcftools", theirs_cpu_s / ours_cpu_s);
}

#endif
