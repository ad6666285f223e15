/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_assay_msi.h -- the part of bench_assay.c about microsatellites: CPU time of counting reads, against
 * MSIsensor-pro.
 *
 * The reads are SYNTHETIC, as heavy as a sequencer's (qualities and tags), over four copies, one behind the
 * other, of 200 kb of human chromosome 1, 100 of them over a base. The peer
 * is the program that MSISENSOR_PRO names; without it there is no ratio. Both get the same two BAM files and the same
 * table of sites, and two threads. An exome is 50 million reads of 150 bases: the time for it is extrapolated from the
 * time that a read takes when the file is read from end to end, without the leaps that an index allows. */
#ifndef COLEY_BENCH_ASSAY_MSI_H
#define COLEY_BENCH_ASSAY_MSI_H

#include <math.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "bench.h"

#include "assay/msi.h"
#include "support/msi_reads.h"

enum { MSI_RUNS = 3, MSI_COPIES = 4 };
static const double MSI_EXOME_READS = 50e6;

typedef struct msi_bench {
    coley_arena *arena;
    coley_sites sites;
    char folder[32], tumour[64], normal[64], table[64];
    double reads; /* of both files */
} msi_bench;

static inline coley_status msi_bench_take(void *self, const coley_site_row *row, coley_error *err)
{
    (void)err;
    coley_site_row_add(self, row);
    return COLEY_OK;
}

static inline int msi_bench_prepare(msi_bench *m, double depth)
{
    const char *fasta = COLEY_SOURCE_DIR "/tests/data/genome/chr1_slice.fa.gz";
    const coley_site_scan_options usual = COLEY_SITE_SCAN_DEFAULT;
    coley_text text = {.arena = m->arena}, four = {.arena = m->arena};
    coley_site_scan_totals totals;
    char contig[64];
    size_t n;
    strcpy(m->folder, "/tmp/coley-msi-XXXXXX");
    if (!mkdtemp(m->folder)) return 0;
    snprintf(m->tumour, sizeof m->tumour, "%s/tumour.bam", m->folder);
    snprintf(m->normal, sizeof m->normal, "%s/normal.bam", m->folder);
    snprintf(m->table, sizeof m->table, "%s/sites.tsv", m->folder);
    char *slice = msi_reference(fasta, contig, &n);
    coley_text_addf(&text, "%s", coley_sites_heading);
    coley_text_addf(&four, ">%s\n", contig);
    for (int i = 0; slice && i < MSI_COPIES; i++) coley_text_add(&four, slice, n);
    free(slice);
    if (!slice ||
        coley_sites_scan_bytes(m->arena, fasta, four.data, four.length, &usual, msi_bench_take, &text, &totals, NULL) !=
            COLEY_OK ||
        coley_file_write(m->table, text.data, text.length, NULL) != COLEY_OK ||
        coley_sites_read(m->arena, m->table, &m->sites, NULL) != COLEY_OK)
        return 0;
    const char *bases = strchr(four.data, '\n') + 1;
    n *= MSI_COPIES;
    msi_alleles *truth = COLEY_NEW(m->arena, msi_alleles, m->sites.n);
    msi_reads reads = {MSI_READS_DEFAULT,  .contig = contig, .bases = bases, .n_bases = n,
                       .sites = &m->sites, .person = 1,      .heavy = 1};
    reads.depth = depth;
    reads.purity = 0.6;
    reads.unstable = 0.3;
    reads.sample = 1;
    m->reads = (double)msi_reads_write(&reads, m->tumour, 6, truth);
    reads.purity = 0;
    reads.sample = 2;
    m->reads += (double)msi_reads_write(&reads, m->normal, 6, truth);
    return 1;
}

static inline double msi_bench_cpu_s(int who)
{
    struct rusage u;
    getrusage(who, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + 1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* CPU time of one read when the tumour's file has no index. */
static inline double msi_bench_stream_s(const msi_bench *m)
{
    const coley_msi_count_options o = {.n_threads = 1};
    coley_msi_counts counts;
    char index[96], away[96];
    snprintf(index, sizeof index, "%s.bai", m->tumour);
    snprintf(away, sizeof away, "%s.away", m->tumour);
    if (rename(index, away) != 0) return NAN;
    const double cpu = msi_bench_cpu_s(RUSAGE_SELF);
    const coley_status status = coley_msi_count(m->arena, m->tumour, &m->sites, &o, &counts, NULL);
    const double took = msi_bench_cpu_s(RUSAGE_SELF) - cpu;
    return rename(away, index) == 0 && status == COLEY_OK ? took / (double)counts.n_reads : NAN;
}

/* Both files counted and the sites tested; share of unstable sites. */
static inline double msi_bench_ours(const msi_bench *m, int n_threads, coley_msi_counts counts[2])
{
    const coley_msi_count_options o = {.n_threads = n_threads};
    size_t n = 0, unstable = 0, *order = COLEY_NEW(m->arena, size_t, m->sites.n);
    double *p = COLEY_NEW(m->arena, double, m->sites.n), *q = COLEY_NEW(m->arena, double, m->sites.n);
    if (coley_msi_count(m->arena, m->tumour, &m->sites, &o, &counts[0], NULL) != COLEY_OK ||
        coley_msi_count(m->arena, m->normal, &m->sites, &o, &counts[1], NULL) != COLEY_OK)
        return NAN;
    for (size_t i = 0; i < m->sites.n; i++)
        if (counts[0].site[i].n_reads >= 20 && counts[1].site[i].n_reads >= 20)
            p[n++] = coley_lengths_test(&counts[0].site[i], &counts[1].site[i]).chi2_p;
    coley_benjamini_hochberg(n, p, q, order);
    for (size_t i = 0; i < n; i++) unstable += q[i] <= 0.05;
    return (double)unstable / (double)n;
}

/* Run the peer; its exit code. */
static inline int msi_bench_peer(const msi_bench *m, const char *program)
{
    char command[1024];
    snprintf(command, sizeof command, "'%s' msi -d %s -n %s -t %s -o %s/peer -b 2 -c 20 >/dev/null 2>&1", program,
             m->table, m->normal, m->tumour, m->folder);
    return system(command);
}

/* Sites whose distributions the peer's output and ours agree on, and how many the peer has. */
static inline void msi_bench_agree(const msi_bench *m, const coley_msi_counts counts[2], int *same, int *n)
{
    char path[64], contig[64], line[4][4096];
    long long location;
    *same = *n = 0;
    snprintf(path, sizeof path, "%s/peer_dis", m->folder);
    FILE *file = fopen(path, "r");
    while (file && fgets(line[0], sizeof line[0], file) && fgets(line[1], sizeof line[1], file) &&
           fgets(line[2], sizeof line[2], file)) {
        if (sscanf(line[0], "%63s %lld", contig, &location) != 2) break;
        int equal = 1;
        for (size_t i = 0; i < m->sites.n; i++) {
            if (m->sites.site[i].position != location) continue;
            for (int sample = 0; sample < 2; sample++) { /* line 1: normal, line 2: tumour */
                const coley_lengths *l = &counts[1 - sample].site[i];
                char *at = line[1 + sample] + 2;
                for (uint32_t units = 1, k = 0; units < 100; units++) {
                    const long reads = strtol(at, &at, 10);
                    const int here = k < l->n_kinds && l->kind[k].units == units;
                    equal &= reads == (here ? (long)l->kind[k].reads : 0);
                    k += (uint32_t)here;
                }
            }
        }
        *same += equal;
        (*n)++;
    }
    if (file) fclose(file);
}

/* CPU time and time of the least loaded of three runs each, and what the figures of assay.json are. */
static inline void bench_assay_msi(bench *b)
{
    msi_bench m = {.arena = coley_arena_create()};
    coley_msi_counts counts[2];
    const char *peer = getenv("MSISENSOR_PRO");
    double stream_s[MSI_RUNS], ours_cpu[MSI_RUNS], ours_s[MSI_RUNS], peer_cpu[MSI_RUNS], peer_s[MSI_RUNS], share = NAN;
    if (!msi_bench_prepare(&m, 100)) {
        fprintf(stderr, "bench-assay: synthetic reads could not be written\n");
        return;
    }
    for (int i = 0; i < MSI_RUNS; i++) {
        double cpu = msi_bench_cpu_s(RUSAGE_SELF), start = bench_now_s();
        share = msi_bench_ours(&m, 2, counts);
        ours_cpu[i] = msi_bench_cpu_s(RUSAGE_SELF) - cpu;
        ours_s[i] = bench_now_s() - start;
        stream_s[i] = msi_bench_stream_s(&m);
        cpu = msi_bench_cpu_s(RUSAGE_CHILDREN);
        start = bench_now_s();
        peer_cpu[i] = peer_s[i] = NAN;
        if (!peer || msi_bench_peer(&m, peer) != 0) continue;
        peer_cpu[i] = msi_bench_cpu_s(RUSAGE_CHILDREN) - cpu;
        peer_s[i] = bench_now_s() - start;
    }
    qsort(ours_cpu, MSI_RUNS, sizeof *ours_cpu, bench_compare);
    qsort(ours_s, MSI_RUNS, sizeof *ours_s, bench_compare);
    qsort(stream_s, MSI_RUNS, sizeof *stream_s, bench_compare);
    bench_row(b, "MSI: CPU time of a read, index and leaps", 1e9 * ours_cpu[0] / m.reads, 1e9 * ours_cpu[1] / m.reads,
              "ns");
    bench_row(b, "MSI: CPU time of a read, end to end", 1e9 * stream_s[0], 1e9 * stream_s[1], "ns");
    bench_row(b, "MSI: exome of 50 million reads (extrapolated), CPU", stream_s[0] * MSI_EXOME_READS,
              stream_s[1] * MSI_EXOME_READS, "s");
    bench_figure(b, "msi_exome_cpu_s", stream_s[1] * MSI_EXOME_READS);
    bench_figure(b, "msi_unstable_share", share);
    if (!isnan(peer_cpu[0]) && !isnan(peer_cpu[1]) && !isnan(peer_cpu[2])) {
        int same, n;
        msi_bench_agree(&m, counts, &same, &n);
        qsort(peer_cpu, MSI_RUNS, sizeof *peer_cpu, bench_compare);
        qsort(peer_s, MSI_RUNS, sizeof *peer_s, bench_compare);
        bench_row(b, "MSI: CPU time of a read, MSIsensor-pro", 1e9 * peer_cpu[0] / m.reads, 1e9 * peer_cpu[1] / m.reads,
                  "ns");
        bench_row(b, "MSI: times as fast as MSIsensor-pro, two threads", peer_s[0] / ours_s[0], peer_s[1] / ours_s[1],
                  "x");
        bench_row(b, "MSI: the same in CPU time", peer_cpu[0] / ours_cpu[0], peer_cpu[1] / ours_cpu[1], "x");
        bench_row(b, "MSI: sites with the peer's very counts", same, n, "of (median)");
        bench_figure(b, "msi_ratio_to_peer", peer_s[1] / ours_s[1]);
        bench_figure(b, "msi_cpu_ratio_to_peer", peer_cpu[1] / ours_cpu[1]);
        bench_figure(b, "msi_sites_same_counts", same);
        bench_figure(b, "msi_sites_of_peer", n);
    } else {
        fprintf(stderr, "bench-assay: MSISENSOR_PRO names no program that runs: no comparison of microsatellites\n");
    }
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", m.folder);
    if (system(command) != 0) fprintf(stderr, "bench-assay: %s is left\n", m.folder);
    coley_arena_destroy(m.arena);
}

#endif
