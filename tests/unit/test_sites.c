/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Microsatellites of a sequence: found as MSIsensor's rule says, whatever the lines and blocks; the table read back. */
#include <math.h>
#include <stdlib.h>

#include "assay/sites.h"
#include "base/rng.h"
#include "support/check.h"

static coley_status take(void *self, const coley_site_row *row, coley_error *err)
{
    (void)err;
    coley_site_row_add(self, row);
    return COLEY_OK;
}

static const coley_site_scan_options usual = COLEY_SITE_SCAN_DEFAULT;

static coley_status scanned(coley_arena *arena, const char *fasta, const coley_site_scan_options *o, coley_text *table,
                            coley_error *err)
{
    coley_site_scan_totals totals;
    *table = (coley_text){.arena = arena};
    coley_text_add(table, "", 0);
    return coley_sites_scan_bytes(arena, "test.fa", fasta, strlen(fasta), o, take, table, &totals, err);
}

static void a_run_of_eight_is_a_site_and_a_run_of_seven_is_none(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text table;
    CHECK(scanned(arena, ">c\nACGTCAAAAAAAAGTCACT\n", &usual, &table, NULL) == COLEY_OK);
    CHECK_TEXT(table.data, "c\t5\t1\t8\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\n");
    CHECK(scanned(arena, ">c\nACGTCAAAAAAAGTCACTG\n", &usual, &table, NULL) == COLEY_OK);
    CHECK_TEXT(table.data, "");
    coley_arena_destroy(arena);
}

static void the_shortest_unit_that_repeats_often_enough_wins(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text table;
    CHECK(scanned(arena, ">c\nTGGTTAcacacacacacTTGGTGGATGC\n", &usual, &table, NULL) == COLEY_OK);
    CHECK_TEXT(table.data, "c\t5\t2\t6\tAC\tTGGTT\tTTGGT\t-1\t-1\tPASS\n");
    coley_arena_destroy(arena);
}

static void a_site_too_near_an_end_or_an_unknown_base_is_left_out(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text table;
    const char *const bare[] = {">c\nCGTCAAAAAAAAGTCACTGA\n", ">c\nACGTCAAAAAAAAGTCAC\n", ">c\nACNTCAAAAAAAAGTCACTGA\n",
                                ">c\nACGTCAAAAAAAAGTNACTGA\n"};
    for (size_t i = 0; i < 4; i++) {
        CHECK(scanned(arena, bare[i], &usual, &table, NULL) == COLEY_OK);
        CHECK_TEXT(table.data, "");
    }
    coley_arena_destroy(arena);
}

/* A random sequence full of short repeats, long enough for several blocks. */
static char *repetitive(coley_arena *arena, uint64_t seed, size_t n, size_t width)
{
    char *out = coley_arena_alloc(arena, 2 * n + 64), unit[7];
    size_t at = (size_t)sprintf(out, ">one some words\n"), column = 0, written = 0;
    for (uint64_t draw = 0; written < n; draw++) {
        uint32_t bits[4];
        coley_rng_bits(seed, COLEY_STREAM_TEST, draw, 0, bits);
        const size_t length = 1 + bits[0] % 6, times = bits[1] % 3 ? 1 : 1 + bits[1] / 3 % 14;
        for (size_t i = 0; i < length; i++) unit[i] = bits[2] % 97 == 0 ? 'N' : "ACGTacgt"[bits[3] >> 3 * i & 7];
        for (size_t i = 0; i < length * times; i++, written++) {
            out[at++] = unit[i % length];
            if (++column == width) out[at++] = '\n', column = 0;
        }
    }
    out[at++] = '\n';
    return out;
}

static void lines_of_any_width_give_the_same_sites(void)
{
    coley_arena *arena = coley_arena_create();
    FOR_ALL(6, seed)
    {
        coley_text a, b;
        CHECK(scanned(arena, repetitive(arena, seed, 30000, 60), &usual, &a, NULL) == COLEY_OK);
        CHECK(scanned(arena, repetitive(arena, seed, 30000, 17 + seed), &usual, &b, NULL) == COLEY_OK);
        CHECK(a.length > 1000);
        CHECK_TEXT(b.data, a.data);
    }
    coley_arena_destroy(arena);
}

/* A sequence longer than the window that the scan keeps. */
static void sites_at_the_seams_of_blocks_are_found(void)
{
    coley_arena *arena = coley_arena_create();
    const size_t n = 2500000;
    char *fasta = coley_arena_alloc(arena, n + 200);
    size_t at = (size_t)sprintf(fasta, ">c\n"), sites = 0;
    const size_t first = at;
    while (at - first < n) { /* 61 bases without a repeat, then a homopolymer */
        for (int i = 0; i < 61; i++) fasta[at++] = "ACGTCTGAGCATCG"[i % 14];
        for (int i = 0; i < 12; i++) fasta[at++] = 'T';
        sites++;
    }
    coley_text table;
    coley_site_scan_totals totals;
    table = (coley_text){.arena = arena};
    CHECK(coley_sites_scan_bytes(arena, "c", fasta, at, &usual, take, &table, &totals, NULL) == COLEY_OK);
    CHECK(totals.n_sites == sites - 1); /* the last has no flank behind it */
    coley_arena_destroy(arena);
}

/* The rule by its words, on a whole sequence in memory. */
static void naive(const char *s, size_t n, coley_text *out)
{
    for (size_t i = 0; i < n;) {
        size_t unit = 0, units = 0;
        for (size_t k = 1; k <= 6 && !unit && s[i] != 'N'; k++) {
            if (memchr(s + i, 'N', i + k < n ? k : n - i)) break;
            for (units = 1; i + (units + 1) * k <= n && !strncmp(s + i, s + i + units * k, k);) units++;
            if (units >= (k == 1 ? 8u : 5u)) unit = k;
        }
        if (!unit) {
            i++;
            continue;
        }
        const size_t end = i + unit * units;
        coley_site_row row = {.contig = "one", .position = (int64_t)i, .units = (int64_t)units};
        if (i >= 5 && end + 5 < n && !memchr(s + i - 5, 'N', 5) && !memchr(s + end, 'N', 5)) {
            memcpy(row.unit, s + i, unit);
            memcpy(row.left, s + i - 5, 5);
            memcpy(row.right, s + end, 5);
            coley_site_row_add(out, &row);
        }
        i = end;
    }
}

static void the_scan_finds_what_a_naive_twin_finds(void)
{
    coley_arena *arena = coley_arena_create();
    FOR_ALL(10, seed)
    {
        coley_text table, twin = {.arena = arena};
        char *fasta = repetitive(arena, seed + 50, 20000, 70), *bases = coley_arena_alloc(arena, 40000);
        size_t n = 0;
        for (char *c = strchr(fasta, '\n'); *c; c++)
            if (*c != '\n') bases[n++] = (char)(*c >= 'a' ? *c - 32 : *c);
        coley_text_add(&twin, "", 0);
        naive(bases, n, &twin);
        CHECK(scanned(arena, fasta, &usual, &table, NULL) == COLEY_OK);
        CHECK(twin.length > 1000);
        CHECK_TEXT(table.data, twin.data);
    }
    coley_arena_destroy(arena);
}

static void what_is_no_fasta_is_refused_with_its_line(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text table;
    coley_error err = {0};
    CHECK(scanned(arena, "", &usual, &table, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "is empty");
    CHECK(scanned(arena, "ACGT\n", &usual, &table, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "starts with '>'");
    CHECK(scanned(arena, ">c\nACGT\nAC9T\n", &usual, &table, &err) == COLEY_ERR_INPUT);
    CHECK(err.line == 3);
    CHECK_HAS(err.text, "'9' is no base");
    CHECK(scanned(arena, "> c\nACGT\n", &usual, &table, &err) == COLEY_ERR_INPUT);
    CHECK(scanned(arena, ">c\n>d\n", &usual, &table, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "no sequence");
    coley_site_scan_totals totals;
    CHECK(coley_sites_scan(arena, "https://example.org/a.fa", &usual, take, &table, &totals, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "only files of this machine");
    CHECK(coley_sites_scan(arena, "/nowhere/a.fa", &usual, take, &table, &totals, &err) == COLEY_ERR_IO);
    coley_arena_destroy(arena);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static coley_status read_table(coley_arena *arena, const char *text, coley_sites *sites, coley_error *err)
{
    coley_lines *lines;
    const coley_status status = coley_lines_of_bytes(arena, "sites.tsv", text, strlen(text), &lines, err);
    return status == COLEY_OK ? coley_sites_parse(arena, lines, sites, err) : status;
}

#define HEAD                                                                                                           \
    "chromosome\tlocation\trepeat_unit_length\trepeat_times\trepeat_unit_bases\tleft_flank_bases\tright_flank_bases\t" \
    "threshold\tsupport_num\tfilter\n"

static void a_table_that_was_written_is_read_back(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text table = {.arena = arena}, again = {.arena = arena};
    coley_sites sites;
    coley_site_scan_totals totals;
    char *fasta = repetitive(arena, 9, 50000, 80);
    coley_text_addf(&table, "%s", coley_sites_heading);
    coley_text_addf(&again, "%s", coley_sites_heading);
    CHECK(coley_sites_scan_bytes(arena, "f", fasta, strlen(fasta), &usual, take, &table, &totals, NULL) == COLEY_OK);
    CHECK(read_table(arena, table.data, &sites, NULL) == COLEY_OK);
    CHECK(sites.n == totals.n_sites && sites.n_contigs == 1 && sites.first[1] == sites.n && sites.flank == 5);
    for (size_t i = 0; i < sites.n; i++) {
        coley_site_row row;
        coley_site_row_of(&sites, &sites.site[i], &row);
        coley_site_row_add(&again, &row);
    }
    CHECK_TEXT(again.data, table.data);
    coley_arena_destroy(arena);
}

static void lists_of_the_first_msisensor_and_baselines_are_read(void)
{
    coley_arena *arena = coley_arena_create();
    coley_sites sites;
    CHECK(read_table(arena,
                     "chromosome\tlocation\trepeat_unit_length\trepeat_unit_binary\trepeat_times\tleft_flank_binary\t"
                     "right_flank_binary\trepeat_unit_bases\tleft_flank_bases\tright_flank_bases\n"
                     "1\t10485\t4\t149\t3\t150\t685\tGCCC\tAGCCG\tGGGTC\n",
                     &sites, NULL) == COLEY_OK);
    CHECK(sites.n == 1 && sites.site[0].units == 3 && sites.n_thresholds == 0 && isnan(sites.site[0].threshold));
    CHECK(read_table(arena,
                     HEAD "chr1\t10\t1\t12\tA\tACGTC\tGTCAC\t0.031\t25\tPASS\n"
                          "chr1\t90\t1\t12\tA\tACGTC\tGTCAC\t0.031\t3\tLowSupportSamples\n"
                          "chr2\t10\t1\t12\tT\tACGTC\tGTCAC\t-1\t-1\tPASS\n",
                     &sites, NULL) == COLEY_OK);
    CHECK(sites.n == 2 && sites.n_filtered == 1 && sites.n_thresholds == 1 && sites.n_contigs == 2);
    CHECK_NEAR((double)sites.site[0].threshold, 0.031, 1e-7);
    CHECK(sites.site[0].support == 25 && sites.first[1] == 1 && sites.first[2] == 2);
    CHECK(coley_sites_contig(&sites, "2") == 1 && coley_sites_contig(&sites, "chr1") == 0 &&
          coley_sites_contig(&sites, "3") == -1);
    coley_arena_destroy(arena);
}

static void faults_of_a_table_are_told_with_line_and_column(void)
{
    static const struct {
        const char *rows, *key, *says;
        int line;
    } bad[] = {
        {HEAD "c\tx\t1\t12\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\n", "location", "'x'", 2},
        {HEAD "c\t-4\t1\t12\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\n", "location", "from 0", 2},
        {HEAD "c\t4\t1\t0\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\n", "repeat_times", "from 1", 2},
        {HEAD "c\t4\t1\t12\tU\tACGTC\tGTCAC\t-1\t-1\tPASS\n", "repeat_unit_bases", "A, C, G and T", 2},
        {HEAD "c\t4\t1\t12\tA\tAC\tGTCAC\t-1\t-1\tPASS\n", "left_flank_bases", "3 to 16", 2},
        {HEAD "c\t4\t1\t12\tA\tACGTC\tGTCA\t-1\t-1\tPASS\n", "right_flank_bases", "--flank", 2},
        {HEAD "c\t4\t1\t12\tA\tACGTC\tGTCAC\t?\t-1\tPASS\n", "threshold", "-1 for none", 2},
        {HEAD "c\t9\t1\t12\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\nc\t4\t1\t12\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\n", "location",
         "sort", 3},
        {HEAD "c\t9\t1\t12\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\nd\t4\t1\t12\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\n"
              "c\t20\t1\t12\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\n",
         "chromosome", "sort", 4},
        {HEAD "c\t9\t1\t12\tA\tACGTC\n", "", "6 columns where the heading has 10", 2},
        {"site\tx\n", "", "no column chromosome", 1},
        {"", "", "is empty", 0},
        {HEAD, "", "no site", 0},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        coley_error err = {0};
        coley_sites sites;
        CHECK(read_table(arena, bad[i].rows, &sites, &err) == COLEY_ERR_INPUT);
        CHECK_TEXT(err.key, bad[i].key);
        CHECK_HAS(err.text, bad[i].says);
        CHECK(err.line == bad[i].line);
    }
    coley_arena_destroy(arena);
}

static void running_out_of_memory_is_an_error_at_every_allocation(void)
{
    coley_status status = COLEY_ERR_MEMORY;
    size_t k;
    for (k = 1; status == COLEY_ERR_MEMORY && k < 100; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_sites sites;
        coley_lines *lines;
        const char *text = HEAD "c\t9\t1\t12\tA\tACGTC\tGTCAC\t-1\t-1\tPASS\n";
        status = coley_lines_of_bytes(arena, "s", text, strlen(text), &lines, NULL);
        if (status == COLEY_OK) status = coley_sites_parse(arena, lines, &sites, NULL);
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK && k > 4);
}

int main(void)
{
    RUN(a_run_of_eight_is_a_site_and_a_run_of_seven_is_none);
    RUN(the_shortest_unit_that_repeats_often_enough_wins);
    RUN(a_site_too_near_an_end_or_an_unknown_base_is_left_out);
    RUN(lines_of_any_width_give_the_same_sites);
    RUN(sites_at_the_seams_of_blocks_are_found);
    RUN(the_scan_finds_what_a_naive_twin_finds);
    RUN(what_is_no_fasta_is_refused_with_its_line);
    RUN(a_table_that_was_written_is_read_back);
    RUN(lists_of_the_first_msisensor_and_baselines_are_read);
    RUN(faults_of_a_table_are_told_with_line_and_column);
    RUN(running_out_of_memory_is_an_error_at_every_allocation);
    return check_done();
}
