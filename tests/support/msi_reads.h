/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_reads.h -- SYNTHETIC reads with a known truth: a BAM of a tumour or a normal over a reference with
 * microsatellites.
 *
 * Every chromosome is there twice; alleles of a site differ from the reference in some people; sites that are unstable
 * in the tumour have lost (rarely won) units in tumour cells; each read stutters. Stutter is HipSTR's default model
 * (Willems 2017, Nat Methods 14:590; `--def-stutter-model`): a repeat unit too many in 5 % of reads, too few in 5 %,
 * the number geometric with 0.9. How many units a mismatch-repair-deficient tumour loses is our choice, not published:
 * one, and one more with 0.5 each. No quality of the sequencer's but substitutions, no fragments, no pairs: easier than
 * real reads. */
#ifndef COLEY_TESTS_MSI_READS_H
#define COLEY_TESTS_MSI_READS_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <htslib/bgzf.h>
#include <htslib/sam.h>

#include "assay/sites.h"

typedef struct msi_reads {
    const char *contig, *bases; /* of the reference */
    size_t n_bases;
    const coley_sites *sites; /* of that one contig */
    uint64_t person;          /* seed of the germline and of what is unstable in the tumour */
    uint64_t sample;          /* seed of the reads */
    double depth;             /* reads over a base */
    double purity;            /* share of the sample's DNA that is the tumour's; 0: a normal */
    double unstable;          /* share of sites that are unstable in the tumour */
    double polymorphic;       /* chance of an allele to differ by a unit from the reference */
    double stutter;           /* of HipSTR's rates: 1 as published */
    int read_length;
    int only_near;  /* leave out reads that meet no site, to be quick */
    int heavy;      /* qualities and tags that take as much room as a sequencer's */
    double flagged; /* share of reads that are marked as duplicates and come on top */
} msi_reads;

#define MSI_READS_DEFAULT .polymorphic = 0.1, .stutter = 1, .read_length = 150, .depth = 60

typedef struct msi_random {
    uint64_t state;
} msi_random;

static inline uint64_t msi_bits(msi_random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline double msi_uniform(msi_random *r)
{
    return ((double)(msi_bits(r) >> 12) + 0.5) * 0x1p-52;
}

static inline int msi_geometric(msi_random *r, double stop)
{
    int n = 1;
    while (msi_uniform(r) > stop && n < 20) n++;
    return n;
}

/* Units of both alleles of a site, in normal and in tumour cells. */
typedef struct msi_alleles {
    int normal[2], tumour[2], unstable;
} msi_alleles;

static inline msi_alleles msi_alleles_of(const msi_reads *m, size_t i)
{
    msi_random r = {m->person * 1000003u + i * 7919u + 17u};
    const int units = m->sites->site[i].units;
    msi_alleles a;
    for (int h = 0; h < 2; h++) {
        const double u = msi_uniform(&r);
        a.normal[h] = units + (u < m->polymorphic / 2 ? -1 : u < m->polymorphic ? 1 : 0);
    }
    a.unstable = msi_uniform(&r) < m->unstable;
    const int both = msi_uniform(&r) < 0.5;
    for (int h = 0; h < 2; h++) {
        const int size = msi_geometric(&r, 0.5), lost = msi_uniform(&r) < 0.85;
        a.tumour[h] = a.normal[h] + (a.unstable && (h == 0 || both) ? (lost ? -size : size) : 0);
        if (a.tumour[h] < 1) a.tumour[h] = 1;
    }
    return a;
}

static inline int msi_stuttered(const msi_reads *m, msi_random *r, int units)
{
    const double u = msi_uniform(r), each = 0.05 * m->stutter;
    if (u < each)
        units -= msi_geometric(r, 0.9);
    else if (u < 2 * each)
        units += msi_geometric(r, 0.9);
    return units < 1 ? 1 : units;
}

/* One read that starts at `at`, from where site i is the next: bases into `out`, CIGAR into `cigar`; the number of
 * operations, 0 when it leaves the contig. */
static inline int msi_read(const msi_reads *m, const msi_alleles *alleles, msi_random *r, size_t at, size_t i,
                           char *out, uint32_t *cigar)
{
    const coley_site *site = m->sites->site;
    const int tumour = msi_uniform(r) < m->purity, h = msi_uniform(r) < 0.5;
    const size_t length = (size_t)m->read_length;
    size_t n = 0, matched = 0;
    int n_cigar = 0;
    while (n < length) {
        if (at >= m->n_bases) return 0;
        if (i < m->sites->n && at == (size_t)site[i].position) {
            const size_t k = site[i].unit_length, whole = k * site[i].units;
            const int units = msi_stuttered(m, r, tumour ? alleles[i].tumour[h] : alleles[i].normal[h]);
            const size_t now = k * (size_t)units;
            if (n + now + 8 <= length && matched >= 5 && at + whole + 8 < m->n_bases && n_cigar < 60 && now != whole) {
                cigar[n_cigar++] = bam_cigar_gen(matched, BAM_CMATCH);
                cigar[n_cigar++] =
                    now > whole ? bam_cigar_gen(now - whole, BAM_CINS) : bam_cigar_gen(whole - now, BAM_CDEL);
                for (size_t j = 0; j < now; j++) out[n++] = m->bases[at + j % k];
                matched = now < whole ? now : whole;
                at += whole;
                i++;
                continue;
            }
            i++;
        }
        out[n++] = m->bases[at++];
        matched++;
    }
    cigar[n_cigar++] = bam_cigar_gen(matched, BAM_CMATCH);
    for (size_t j = 0; j < length; j++)
        if ((msi_bits(r) & 1023) == 0) out[j] = "ACGT"[msi_bits(r) & 3];
    return n_cigar;
}

static inline int msi_count_at(const msi_reads *m, msi_random *r)
{
    const double mean = m->depth / m->read_length;
    double left = exp(-mean);
    int n = 0;
    for (double u = msi_uniform(r); u > left && n < 1000; n++) u *= msi_uniform(r);
    return n;
}

static inline int msi_write_read(const msi_reads *m, samFile *file, sam_hdr_t *header, bam1_t *b, msi_random *r,
                                 size_t at, uint64_t id, int flag, int n_cigar, const uint32_t *cigar,
                                 const char *bases, char *quality)
{
    char name[64];
    const int n = snprintf(name, sizeof name, "SYNTHETIC:1:%llu:%llu", (unsigned long long)(id / 1000),
                           (unsigned long long)(id % 1000));
    for (int i = 0; i < m->read_length; i += 8) {
        const uint64_t bits = msi_bits(r);
        for (int j = i; j < i + 8 && j < m->read_length; j++)
            quality[j] = (m->heavy ? "\45\44\43\42\41\40\31\13" : "\45\45\45\45\45\45\31\13")[bits >> (j - i) * 3 & 7];
    }
    if (bam_set1(b, (size_t)n, name, (uint16_t)flag, 0, (hts_pos_t)at, 60, (size_t)n_cigar, cigar, -1, -1, 0,
                 (size_t)m->read_length, bases, quality, m->heavy ? 128 : 0) < 0)
        return -1;
    if (m->heavy) {
        bam_aux_update_str(b, "RG", -1, "SYNTHETIC.1");
        bam_aux_update_str(b, "MD", -1, msi_bits(r) & 7 ? "150" : "71A78");
        bam_aux_update_str(b, "MC", -1, "150M");
        bam_aux_update_int(b, "NM", (int64_t)(msi_bits(r) & 1));
        bam_aux_update_int(b, "AS", (int64_t)(130 + (msi_bits(r) & 15)));
        bam_aux_update_int(b, "XS", (int64_t)(msi_bits(r) & 63));
    }
    return sam_write1(file, header, b) < 0 ? -1 : 0;
}

/* Write the BAM and its index; reads that were written, or -1. `level` is of compression, 1 to 9. `alleles` is room for
 * the truth, one a site. */
static inline int64_t msi_reads_write(const msi_reads *m, const char *path, int level, msi_alleles *alleles)
{
    char mode[4] = {'w', 'b', (char)('0' + level), 0}, bases[1024], quality[1024];
    uint32_t cigar[64];
    int64_t written = 0;
    size_t next_site = 0;
    msi_random r = {m->sample * 2654435761u + 12345u};
    sam_hdr_t *header = sam_hdr_init();
    samFile *file = sam_open(path, mode);
    bam1_t *b = bam_init1();
    char length[32];
    snprintf(length, sizeof length, "%zu", m->n_bases);
    if (!file || !header || !b || m->read_length > 1000) return -1;
    sam_hdr_add_line(header, "HD", "VN", "1.6", "SO", "coordinate", NULL);
    sam_hdr_add_line(header, "SQ", "SN", m->contig, "LN", length, NULL);
    sam_hdr_add_line(header, "CO", "SYNTHETIC reads of a simulator, no sample of a person", NULL);
    if (sam_hdr_write(file, header) < 0) return -1;
    for (size_t i = 0; i < m->sites->n; i++) alleles[i] = msi_alleles_of(m, i);
    for (size_t at = 0; at < m->n_bases; at++) {
        if (m->bases[at] == 'N') continue;
        while (next_site < m->sites->n && (size_t)m->sites->site[next_site].position < at) next_site++;
        if (m->only_near &&
            (next_site == m->sites->n || (size_t)m->sites->site[next_site].position > at + (size_t)m->read_length))
            continue;
        for (int k = msi_count_at(m, &r); k > 0; k--) {
            const int n_cigar = msi_read(m, alleles, &r, at, next_site, bases, cigar);
            if (!n_cigar) continue;
            const int strand = msi_uniform(&r) < 0.5 ? BAM_FREVERSE : 0;
            const int copies = 1 + (m->flagged > 0 && msi_uniform(&r) < m->flagged);
            for (int copy = 0; copy < copies; copy++)
                if (msi_write_read(m, file, header, b, &r, at, (uint64_t)written++, strand | (copy ? BAM_FDUP : 0),
                                   n_cigar, cigar, bases, quality) != 0)
                    return -1;
        }
    }
    bam_destroy1(b);
    sam_hdr_destroy(header);
    if (sam_close(file) != 0) return -1;
    return sam_index_build(path, 0) == 0 ? written : -1;
}

/* The one sequence of a FASTA file, gzip or not, in upper case; freed by the caller. */
static inline char *msi_reference(const char *path, char contig[64], size_t *n)
{
    BGZF *file = bgzf_open(path, "r");
    size_t cap = 1 << 20, at = 0;
    char *bases = malloc(cap);
    int c, in_name = 1;
    *n = 0;
    if (!file || !bases || bgzf_getc(file) != '>') return NULL;
    while ((c = bgzf_getc(file)) >= 0 && c != '\n') {
        in_name &= c != ' ' && at < 63;
        if (in_name) contig[at++] = (char)c;
    }
    contig[at] = 0;
    while ((c = bgzf_getc(file)) >= 0) {
        if (c == '\n' || c == '\r') continue;
        if (*n == cap && !(bases = realloc(bases, cap *= 2))) return NULL;
        bases[(*n)++] = (char)(c >= 'a' ? c - 32 : c);
    }
    bgzf_close(file);
    return bases;
}

#endif
