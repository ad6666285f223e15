/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Microsatellite instability from SYNTHETIC reads over 200 kb of human chromosome 1: counts against a naive twin, the
 * same for any number of threads and any file, calls against the known truth, and what is said of files that are not as
 * they should. */
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include <htslib/faidx.h>

#include "assay/msi.h"
#include "base/data.h"
#include "support/check.h"
#include "support/msi_reads.h"

static coley_arena *arena;
static coley_sites sites;
static char folder[] = "/tmp/coley-msi-XXXXXX", contig[64], *bases, path[2][256];
static size_t n_bases;
static msi_alleles truth[512];
static coley_msi_facts facts;

static coley_status take(void *self, const coley_site_row *row, coley_error *err)
{
    (void)err;
    coley_site_row_add(self, row);
    return COLEY_OK;
}

static coley_sites table_of(const char *fasta)
{
    const coley_site_scan_options usual = COLEY_SITE_SCAN_DEFAULT;
    coley_text text = {.arena = arena};
    coley_site_scan_totals totals;
    coley_lines *lines;
    coley_sites s;
    coley_text_addf(&text, "%s", coley_sites_heading);
    CHECK(coley_sites_scan(arena, fasta, &usual, take, &text, &totals, NULL) == COLEY_OK);
    CHECK(coley_lines_of_bytes(arena, "sites.tsv", text.data, text.length, &lines, NULL) == COLEY_OK);
    CHECK(coley_sites_parse(arena, lines, &s, NULL) == COLEY_OK);
    return s;
}

static const char *file_of(int which, const char *name)
{
    snprintf(path[which], sizeof path[which], "%s/%s", folder, name);
    return path[which];
}

static msi_reads sample_of(uint64_t person, uint64_t sample, double purity, double unstable)
{
    return (msi_reads){MSI_READS_DEFAULT, .contig = contig, .bases = bases,   .n_bases = n_bases,  .sites = &sites,
                       .person = person,  .sample = sample, .purity = purity, .unstable = unstable};
}

static const char *written(int which, const char *name, const msi_reads *m)
{
    const char *to = file_of(which, name);
    CHECK(msi_reads_write(m, to, 1, truth) > 1000);
    return to;
}

static coley_msi_counts counted(const char *file, coley_msi_reads reads, int n_threads)
{
    const coley_msi_count_options o = {.n_threads = n_threads, .reads = reads};
    coley_msi_counts c;
    coley_error err = {0};
    CHECK(coley_msi_count(arena, file, &sites, &o, &c, &err) == COLEY_OK);
    if (err.text[0]) printf("# %s\n", err.text);
    return c;
}

static int same_counts(const coley_msi_counts *a, const coley_msi_counts *b)
{
    for (size_t i = 0; i < sites.n; i++) {
        const coley_lengths *x = &a->site[i], *y = &b->site[i];
        if (x->n_reads != y->n_reads || x->n_kinds != y->n_kinds) return 0;
        for (uint32_t k = 0; k < x->n_kinds; k++)
            if (x->kind[k].units != y->kind[k].units || x->kind[k].reads != y->kind[k].reads) return 0;
    }
    return 1;
}

static coley_msi_result judged(const coley_msi_counts *tumour, const coley_msi_counts *normal, double purity)
{
    coley_msi_options o = {.coverage = 20, .fdr = 0.05, .purity = purity, .least_normals = 10};
    coley_msi_site *site = COLEY_NEW(arena, coley_msi_site, sites.n);
    coley_msi_result r = {0};
    CHECK(coley_msi_cutoff_find(&facts, NULL, normal ? COLEY_MSI_PAIRED : COLEY_MSI_BASELINE, &o.cutoff, NULL) ==
          COLEY_OK);
    const coley_msi_input in = {.n = sites.n,
                                .tumour = tumour->site,
                                .normal = normal ? normal->site : NULL,
                                .sites = &sites,
                                .recognised = (double)tumour->n_recognised / (double)tumour->n_spanning};
    CHECK(coley_msi_judge(arena, &in, &facts, &o, site, &r, NULL) == COLEY_OK);
    return r;
}

/* ---- counts ------------------------------------------------------------------------------------------------------ */

/* By the words of the definition: every read against every site, texts in place of numbers. */
static uint32_t naive_units(const char *read, const coley_site_row *row)
{
    const size_t k = strlen(row->unit), flank = strlen(row->left);
    for (const char *at = read; (at = strstr(at, row->left)); at++) {
        const char *end = at + flank;
        uint32_t units = 0;
        for (; strncmp(end, row->unit, k) == 0; end += k) units++;
        if (units && strncmp(end, row->right, flank) == 0) return units;
    }
    return 0;
}

static void naive_counts(const char *file, coley_msi_reads reads, uint32_t (*count)[100])
{
    samFile *in = sam_open(file, "r");
    sam_hdr_t *header = sam_hdr_read(in);
    bam1_t *b = bam_init1();
    char read[256];
    while (sam_read1(in, header, b) >= 0) {
        const int left_out = BAM_FUNMAP | (reads == COLEY_MSI_READS_NEAR ? 0 : BAM_FDUP);
        if (b->core.flag & left_out) continue;
        for (int i = 0; i < b->core.l_qseq; i++) read[i] = seq_nt16_str[bam_seqi(bam_get_seq(b), i)];
        read[b->core.l_qseq] = 0;
        for (size_t i = 0; i < sites.n; i++) {
            const coley_site *s = &sites.site[i];
            const int64_t pos = b->core.pos, end = bam_endpos(b);
            coley_site_row row;
            if (reads == COLEY_MSI_READS_NEAR ? llabs(pos - s->position) > 110
                                              : s->position >= end || s->position + s->units * s->unit_length <= pos)
                continue;
            coley_site_row_of(&sites, s, &row);
            const uint32_t units = naive_units(read, &row);
            if (units && units < 100) count[i][units]++;
        }
    }
    bam_destroy1(b);
    sam_hdr_destroy(header);
    sam_close(in);
}

static void counts_are_those_of_a_naive_twin(void)
{
    msi_reads m = sample_of(3, 31, 0.5, 0.3);
    m.flagged = 0.1;
    m.depth = 40;
    const char *file = written(0, "twin.bam", &m);
    static uint32_t count[512][100];
    for (int reads = 0; reads < 2; reads++) {
        const coley_msi_counts c = counted(file, (coley_msi_reads)reads, 2);
        size_t n = 0;
        memset(count, 0, sizeof count);
        naive_counts(file, (coley_msi_reads)reads, count);
        for (size_t i = 0; i < sites.n; i++) {
            uint32_t k = 0;
            for (uint32_t units = 1; units < 100; units++) {
                if (!count[i][units]) continue;
                CHECK(k < c.site[i].n_kinds && c.site[i].kind[k].units == units &&
                      c.site[i].kind[k].reads == count[i][units]);
                k++;
                n += count[i][units];
            }
            CHECK(k == c.site[i].n_kinds);
        }
        CHECK(n > 3000);
        CHECK(reads == COLEY_MSI_READS_NEAR ? c.n_marked > 3000 && c.n_left_out == 0
                                            : c.n_marked == 0 && c.n_left_out > 3000);
    }
}

static void threads_and_index_do_not_change_the_counts(void)
{
    const char *file = file_of(0, "twin.bam");
    char index[300], away[300];
    snprintf(index, sizeof index, "%s.bai", file);
    snprintf(away, sizeof away, "%s.away", file);
    const coley_msi_counts one = counted(file, COLEY_MSI_READS_NEAR, 1), three = counted(file, COLEY_MSI_READS_NEAR, 3);
    CHECK(one.indexed && three.indexed && same_counts(&one, &three));
    CHECK(rename(index, away) == 0);
    const coley_msi_counts stream = counted(file, COLEY_MSI_READS_NEAR, 1),
                           two = counted(file, COLEY_MSI_READS_NEAR, 2);
    CHECK(!stream.indexed && !two.indexed);
    CHECK(same_counts(&one, &stream) && same_counts(&one, &two));
    CHECK(stream.n_reads == two.n_reads && stream.n_spanning == one.n_spanning &&
          stream.n_recognised == one.n_recognised);
    CHECK(rename(away, index) == 0);
}

static void an_index_older_than_its_file_is_not_used(void)
{
    const char *file = file_of(0, "twin.bam");
    char index[300];
    struct utimbuf old = {1000000000, 1000000000};
    snprintf(index, sizeof index, "%s.bai", file);
    CHECK(utime(index, &old) == 0);
    CHECK(!counted(file, COLEY_MSI_READS_NEAR, 1).indexed);
    CHECK(utime(index, NULL) == 0);
    CHECK(counted(file, COLEY_MSI_READS_NEAR, 1).indexed);
}

/* A deep file of the first 40 kb; the sites beyond are put aside. */
static size_t deep_file(const char *to)
{
    const size_t n = sites.n, bases_before = n_bases;
    msi_reads m = sample_of(4, 41, 0.5, 0.3);
    while (sites.n && sites.site[sites.n - 1].position > 39000) sites.n--;
    sites.first[1] = sites.n;
    m.n_bases = 40000;
    m.depth = 500;
    m.heavy = 1;
    CHECK(msi_reads_write(&m, to, 1, truth) > 100000);
    CHECK(n_bases == bases_before && sites.n > 20);
    return n;
}

static void leaps_over_blocks_lose_no_read(void)
{
    const char *file = file_of(0, "deep.bam");
    char index[300], away[300];
    const size_t n = deep_file(file);
    snprintf(index, sizeof index, "%s.bai", file);
    snprintf(away, sizeof away, "%s.away", file);
    const coley_msi_counts leaping = counted(file, COLEY_MSI_READS_NEAR, 2);
    CHECK(rename(index, away) == 0);
    const coley_msi_counts whole = counted(file, COLEY_MSI_READS_NEAR, 1);
    CHECK(rename(away, index) == 0);
    printf("# reads with an index %llu, from end to end %llu\n", (unsigned long long)leaping.n_reads,
           (unsigned long long)whole.n_reads);
    CHECK(leaping.indexed && !whole.indexed && leaping.n_reads < 0.6 * (double)whole.n_reads);
    CHECK(same_counts(&leaping, &whole));
    CHECK(leaping.n_spanning == whole.n_spanning && leaping.n_recognised == whole.n_recognised);
    sites.first[1] = sites.n = n;
}

/* htsjdk's files and others have records that run from one block into the next. */
static void files_whose_records_run_across_blocks_are_counted_the_same(void)
{
    static char piece[40001];
    const char *file = file_of(0, "deep.bam"), *across = file_of(1, "across.bam");
    BGZF *in = bgzf_open(file, "r"), *out = bgzf_open(across, "w1");
    const size_t n = sites.n;
    while (sites.site[sites.n - 1].position > 39000) sites.n--;
    sites.first[1] = sites.n;
    for (ssize_t got; (got = bgzf_read(in, piece, sizeof piece)) > 0;)
        CHECK(bgzf_write(out, piece, (size_t)got) == got);
    bgzf_close(in);
    CHECK(bgzf_close(out) == 0 && sam_index_build(across, 0) == 0);
    const coley_msi_counts a = counted(file, COLEY_MSI_READS_NEAR, 1), b = counted(across, COLEY_MSI_READS_NEAR, 2);
    CHECK(b.indexed && same_counts(&a, &b));
    sites.first[1] = sites.n = n;
}

/* Copy reads to a file of another form, with a change of order if asked for. */
static void copied(const char *from, const char *to, const char *mode, const char *reference, int swap)
{
    samFile *in = sam_open(from, "r"), *out = sam_open(to, mode);
    sam_hdr_t *header = sam_hdr_read(in);
    bam1_t *b = bam_init1(), *kept = bam_init1();
    int n = 0;
    if (reference) hts_set_fai_filename(out, reference);
    CHECK(sam_hdr_write(out, header) == 0);
    while (sam_read1(in, header, b) >= 0) {
        if (swap && ++n == 5) {
            CHECK(bam_copy1(kept, b) != NULL);
            continue;
        }
        CHECK(sam_write1(out, header, b) >= 0);
        if (swap && n == 500) CHECK(sam_write1(out, header, kept) >= 0);
    }
    bam_destroy1(b);
    bam_destroy1(kept);
    sam_hdr_destroy(header);
    sam_close(in);
    sam_close(out);
}

static void cram_and_sam_give_the_counts_of_bam(void)
{
    char fasta[256], cram[256], sam[256];
    snprintf(fasta, sizeof fasta, "%s/slice.fa", folder);
    snprintf(cram, sizeof cram, "%s/twin.cram", folder);
    snprintf(sam, sizeof sam, "%s/twin.sam", folder);
    FILE *f = fopen(fasta, "w");
    fprintf(f, ">%s\n%.*s\n", contig, (int)n_bases, bases);
    fclose(f);
    CHECK(fai_build(fasta) == 0);
    copied(file_of(0, "twin.bam"), cram, "wc", fasta, 0);
    copied(file_of(0, "twin.bam"), sam, "w", NULL, 0);
    const coley_msi_counts bam = counted(file_of(0, "twin.bam"), COLEY_MSI_READS_SPANNING, 1);
    const coley_msi_counts text = counted(sam, COLEY_MSI_READS_SPANNING, 1);
    CHECK(same_counts(&bam, &text));
    coley_msi_count_options o = {.n_threads = 1, .reads = COLEY_MSI_READS_SPANNING};
    coley_msi_counts c;
    coley_error err = {0};
    CHECK(coley_msi_count(arena, cram, &sites, &o, &c, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "--reference");
    o.reference = fasta;
    CHECK(coley_msi_count(arena, cram, &sites, &o, &c, &err) == COLEY_OK);
    CHECK(same_counts(&bam, &c));
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

static void a_tumour_with_a_third_of_its_sites_unstable_is_msi_high(void)
{
    const msi_reads t = sample_of(1, 11, 0.6, 0.33), n = sample_of(1, 12, 0, 0);
    const coley_msi_counts tumour = counted(written(0, "t.bam", &t), COLEY_MSI_READS_NEAR, 2);
    const coley_msi_counts normal = counted(written(1, "n.bam", &n), COLEY_MSI_READS_NEAR, 2);
    const coley_msi_result r = judged(&tumour, &normal, NAN);
    CHECK(r.call == COLEY_MSI_HIGH && r.n_judged > 150);
    CHECK(r.score_pct > 20 && r.score_pct < 40);
    CHECK(r.recognised > 0.8);
    CHECK_HAS(r.reason, "MSI-H from 10 %");
}

static void another_sample_of_the_normal_is_stable(void)
{
    const msi_reads again = sample_of(1, 13, 0, 0);
    const coley_msi_counts normal = counted(file_of(1, "n.bam"), COLEY_MSI_READS_NEAR, 2);
    const coley_msi_counts other = counted(written(0, "n2.bam", &again), COLEY_MSI_READS_NEAR, 2);
    const coley_msi_result r = judged(&other, &normal, NAN);
    CHECK(r.call == COLEY_MSI_MSS && r.score_pct < 2);
    CHECK_HAS(r.caution, "purity was not given");
}

static void stable_sites_prove_nothing_where_tumour_cells_are_few(void)
{
    const msi_reads few = sample_of(1, 14, 0.03, 0.33);
    const coley_msi_counts normal = counted(file_of(1, "n.bam"), COLEY_MSI_READS_NEAR, 2);
    const coley_msi_counts tumour = counted(written(0, "few.bam", &few), COLEY_MSI_READS_NEAR, 2);
    const coley_msi_result r = judged(&tumour, &normal, 0.03);
    CHECK(r.call == COLEY_MSI_CANNOT_TELL && r.score_pct < 3);
    CHECK_HAS(r.reason, "prove nothing");
}

static void a_normal_of_somebody_else_is_no_normal(void)
{
    const msi_reads stranger = sample_of(2, 21, 0, 0);
    const coley_msi_counts normal = counted(file_of(1, "n.bam"), COLEY_MSI_READS_NEAR, 2);
    const coley_msi_counts other = counted(written(0, "n3.bam", &stranger), COLEY_MSI_READS_NEAR, 2);
    CHECK(judged(&other, &normal, NAN).score_pct > 10); /* known: germline lengths look unstable */
}

static void a_tumour_alone_has_no_call_and_with_thresholds_of_normals_it_has(void)
{
    const coley_msi_counts tumour = counted(file_of(0, "t.bam"), COLEY_MSI_READS_NEAR, 2);
    const coley_msi_counts stable = counted(file_of(0, "n2.bam"), COLEY_MSI_READS_NEAR, 2);
    const coley_msi_result alone = judged(&tumour, NULL, NAN);
    CHECK(alone.call == COLEY_MSI_CANNOT_TELL && alone.mode == COLEY_MSI_ALONE);
    CHECK_HAS(alone.reason, "--normal");
    coley_msi_baseline b;
    CHECK(coley_msi_baseline_begin(arena, sites.n, &b, NULL) == COLEY_OK);
    for (uint64_t person = 101; person < 112; person++) {
        msi_reads n = sample_of(person, person, 0, 0);
        n.depth = 40;
        const coley_msi_counts c = counted(written(0, "panel.bam", &n), COLEY_MSI_READS_NEAR, 2);
        coley_msi_baseline_add(&b, &sites, c.site, 20);
    }
    for (size_t i = 0; i < sites.n; i++) {
        sites.site[i].threshold = (float)coley_msi_baseline_threshold(&b, i);
        sites.site[i].support = b.support[i];
    }
    sites.n_thresholds = sites.n;
    const coley_msi_result unstable = judged(&tumour, NULL, NAN), normal = judged(&stable, NULL, NAN);
    printf("# tumour alone: %.1f %% of %zu sites; normal %.1f %% of %zu\n", unstable.score_pct, unstable.n_judged,
           normal.score_pct, normal.n_judged);
    CHECK(unstable.mode == COLEY_MSI_BASELINE && unstable.n_judged > 100);
    CHECK(unstable.score_pct > normal.score_pct + 8 && normal.score_pct < 12);
    sites.n_thresholds = 0;
}

/* ---- files that are not as they should --------------------------------------------------------------------------- */

static coley_error refused(const char *file, coley_status want)
{
    const coley_msi_count_options o = {.n_threads = 1};
    coley_msi_counts c;
    coley_error err = {0};
    CHECK(coley_msi_count(arena, file, &sites, &o, &c, &err) == want);
    return err;
}

static void bytes(const char *to, const char *what, size_t n)
{
    FILE *f = fopen(to, "w");
    fwrite(what, 1, n, f);
    fclose(f);
}

static void files_that_cannot_be_read_say_what_is_wrong_with_them(void)
{
    const char *to = file_of(1, "bad.bam");
    CHECK_HAS(refused("https://example.org/a.bam", COLEY_ERR_INPUT).text, "only files of this machine");
    CHECK_HAS(refused("s3://bucket/a.bam", COLEY_ERR_INPUT).text, "only files of this machine");
    CHECK_HAS(refused("a.bam##idx##http://example.org/a.bai", COLEY_ERR_INPUT).text, "only files of this machine");
    CHECK_HAS(refused("/nowhere/a.bam", COLEY_ERR_IO).text, "could not be opened");
    bytes(to, "", 0);
    CHECK_HAS(refused(to, COLEY_ERR_INPUT).text, "is empty");
    bytes(to, "chr1\t5\t9\n", 9);
    CHECK_HAS(refused(to, COLEY_ERR_INPUT).text, "no BAM, CRAM or SAM");
    copied(file_of(0, "n2.bam"), to, "wb1", NULL, 1);
    const coley_error order = refused(to, COLEY_ERR_INPUT);
    CHECK_HAS(order.text, "record 500");
    CHECK_HAS(order.text, "not sorted");
}

static void a_file_that_was_cut_short_is_refused(void)
{
    static char all[1 << 24];
    FILE *f = fopen(file_of(0, "n2.bam"), "r");
    const size_t n = fread(all, 1, sizeof all, f);
    const char *to = file_of(1, "cut.bam");
    fclose(f);
    CHECK(n > 100000);
    bytes(to, all, n / 2);
    CHECK_HAS(refused(to, COLEY_ERR_INPUT).text, "cut short");
    /* the end is marked, but a block before it is damaged */
    memset(all + n / 2, 0x55, 2000);
    bytes(to, all, n);
    const coley_error damaged = refused(to, COLEY_ERR_INPUT);
    CHECK_HAS(damaged.text, "damaged");
    CHECK_HAS(damaged.text, "record ");
}

static void sites_of_another_reference_are_noticed(void)
{
    const char *file = file_of(0, "n2.bam");
    const coley_sites own = sites;
    char fasta[256];
    coley_msi_counts c;
    coley_error err = {0};
    coley_msi_count_options o = {.n_threads = 1};
    const char *other = contig;
    sites.contig = &other;
    other = "chr9";
    err = refused(file, COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "none of the contigs");
    other = contig;
    sites.site[sites.n - 1].position += 1000000;
    err = refused(file, COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "another reference");
    CHECK(err.line == (int)sites.n + 1);
    sites.site[sites.n - 1].position -= 1000000;
    /* the same contig, the same length, another sequence: backwards */
    snprintf(fasta, sizeof fasta, "%s/back.fa", folder);
    FILE *f = fopen(fasta, "w");
    fprintf(f, ">%s\n", contig);
    for (size_t i = n_bases; i-- > 0;) putc(bases[i], f);
    putc('\n', f);
    fclose(f);
    sites = table_of(fasta);
    CHECK(coley_msi_count(arena, file, &sites, &o, &c, &err) == COLEY_OK);
    const coley_msi_result r = judged(&c, &c, NAN);
    printf("# flanks of another sequence's sites: in %.2f %% of reads\n", 100 * r.recognised);
    CHECK(r.call == COLEY_MSI_CANNOT_TELL && r.recognised < 0.05);
    CHECK_HAS(r.reason, "another reference");
    sites = own;
}

static void missing_contigs_are_an_error_unless_they_may_be_skipped(void)
{
    coley_text text = {.arena = arena};
    coley_lines *lines;
    coley_sites more;
    coley_msi_counts c;
    coley_error err = {0};
    coley_msi_count_options o = {.n_threads = 1};
    coley_text_addf(&text, "%s", coley_sites_heading);
    for (size_t i = 0; i < 3; i++) {
        coley_site_row row;
        coley_site_row_of(&sites, &sites.site[i], &row);
        coley_site_row_add(&text, &row);
    }
    coley_text_addf(&text, "chrEBV\t50\t1\t12\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\n");
    CHECK(coley_lines_of_bytes(arena, "more.tsv", text.data, text.length, &lines, NULL) == COLEY_OK);
    CHECK(coley_sites_parse(arena, lines, &more, NULL) == COLEY_OK);
    CHECK(coley_msi_count(arena, file_of(0, "n2.bam"), &more, &o, &c, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "no contig chrEBV");
    CHECK_HAS(err.text, "line 5");
    o.skip_missing = 1;
    CHECK(coley_msi_count(arena, file_of(0, "n2.bam"), &more, &o, &c, &err) == COLEY_OK);
    CHECK(c.n_missing_contigs == 1 && c.n_missing_sites == 1 && c.site[3].n_reads == 0 && c.site[0].n_reads > 0);
}

static void clean(void)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) printf("# %s is left\n", folder);
}

int main(void)
{
    const char *catalog;
    arena = coley_arena_create();
    CHECK(mkdtemp(folder) != NULL);
    CHECK(coley_data_path(arena, "catalog", &catalog, NULL) == COLEY_OK);
    CHECK(coley_msi_facts_read(arena, catalog, &facts, NULL) == COLEY_OK);
    sites = table_of(COLEY_SOURCE_DIR "/tests/data/genome/chr1_slice.fa.gz");
    bases = msi_reference(COLEY_SOURCE_DIR "/tests/data/genome/chr1_slice.fa.gz", contig, &n_bases);
    if (!bases || sites.n != 176 || n_bases != 200000) return 1;
    RUN(counts_are_those_of_a_naive_twin);
    RUN(threads_and_index_do_not_change_the_counts);
    RUN(an_index_older_than_its_file_is_not_used);
    RUN(leaps_over_blocks_lose_no_read);
    RUN(files_whose_records_run_across_blocks_are_counted_the_same);
    RUN(cram_and_sam_give_the_counts_of_bam);
    RUN(a_tumour_with_a_third_of_its_sites_unstable_is_msi_high);
    RUN(another_sample_of_the_normal_is_stable);
    RUN(stable_sites_prove_nothing_where_tumour_cells_are_few);
    RUN(a_normal_of_somebody_else_is_no_normal);
    RUN(a_tumour_alone_has_no_call_and_with_thresholds_of_normals_it_has);
    RUN(files_that_cannot_be_read_say_what_is_wrong_with_them);
    RUN(a_file_that_was_cut_short_is_refused);
    RUN(sites_of_another_reference_are_noticed);
    RUN(missing_contigs_are_an_error_unless_they_may_be_skipped);
    clean();
    coley_arena_destroy(arena);
    free(bases);
    return check_done();
}
