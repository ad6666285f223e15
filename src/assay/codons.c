/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codons.c -- the changed bases are laid over each transcript: splice sites first, then the codons they stand in. */
#include "assay/codons.h"

#include <ctype.h>
#include <string.h>

#include <htslib/faidx.h>
#include <htslib/hts.h>

#include "assay/gff.h"

#define BIT COLEY_EFFECT_BIT

enum { SPLICE_SITE = 2, REGION_EXON = 3, REGION_INTRON = 8, LEAST_INTRON = 13, MAX_CHANGE = 10000 };

struct coley_codons {
    coley_arena *arena;
    const char *reference;
    coley_gff gff;
    faidx_t *fasta;
    /* In place of a FASTA. */
    const char *contig_in_memory, *bases_in_memory;
    size_t n_in_memory;
    const char *gene; /* of the last call */
    size_t n_seen;    /* variants whose contig the sequence has */
};

/* What is changed: bases begin to end (from 0, half open) become `alt`; none for begin = end, an insertion. */
typedef struct change {
    int64_t begin, end;
    const char *alt;
    size_t n_alt;
} change;

/* ---- opening ----------------------------------------------------------------------------------------------------- */

coley_status coley_codons_parse(coley_arena *arena, coley_lines *gff, coley_codons **codons, coley_error *err)
{
    coley_codons *made = COLEY_NEW(arena, coley_codons, 1);
    if (!made) return COLEY_FAIL_MEMORY(err);
    made->arena = arena;
    COLEY_TRY(coley_gff_parse(arena, gff, &made->gff, err));
    *codons = made;
    return COLEY_OK;
}

coley_status coley_codons_open(coley_arena *arena, const char *gff, const char *fasta, coley_codons **codons,
                               coley_error *err)
{
    coley_lines *lines;
    const coley_place place = {.file = fasta};
    *codons = NULL;
    if (coley_path_is_remote(fasta))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "an address; only files of this machine are read: download it first");
    COLEY_TRY(coley_lines_open(arena, gff, &lines, err));
    const coley_status status = coley_codons_parse(arena, lines, codons, err);
    coley_lines_close(lines);
    COLEY_TRY(status);
    (*codons)->reference = fasta;
    (*codons)->fasta = fai_load3(fasta, NULL, NULL, 0);
    if (!(*codons)->fasta)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, place,
                             "can't be opened with its index; make one with: samtools faidx %.400s", fasta);
    return COLEY_OK;
}

void coley_codons_close(coley_codons *codons)
{
    if (codons && codons->fasta) fai_destroy(codons->fasta);
    if (codons) codons->fasta = NULL;
}

size_t coley_codons_count(const coley_codons *codons)
{
    return codons->gff.n;
}

void coley_codons_sequence(coley_codons *codons, const char *contig, const char *bases, size_t n)
{
    codons->contig_in_memory = contig;
    codons->bases_in_memory = bases;
    codons->n_in_memory = n;
}

const char *coley_codons_gene(const coley_codons *codons)
{
    return codons->gene;
}

/* ---- sequence ---------------------------------------------------------------------------------------------------- */

/* Bases begin to end of a contig, in capitals, into `to`; false where the sequence has not all of them. */
static int fetch(const coley_codons *codons, const char *contig, size_t n_contig, int64_t begin, int64_t end, char *to)
{
    contig = coley_contig_name(contig, &n_contig);
    if (!codons->fasta) {
        size_t n_own = codons->contig_in_memory ? strlen(codons->contig_in_memory) : 0;
        const char *own = n_own ? coley_contig_name(codons->contig_in_memory, &n_own) : "";
        if (n_own != n_contig || memcmp(own, contig, n_own) || begin < 0 || end > (int64_t)codons->n_in_memory)
            return 0;
        for (int64_t i = begin; i < end; i++) to[i - begin] = (char)toupper((unsigned char)codons->bases_in_memory[i]);
        return 1;
    }
    char name[256];
    if (n_contig + 4 > sizeof name) return 0;
    memcpy(name, "chr", 3);
    memcpy(name + 3, contig, n_contig);
    name[n_contig + 3] = '\0';
    const char *known = faidx_has_seq(codons->fasta, name + 3) ? name + 3
                        : faidx_has_seq(codons->fasta, name)   ? name
                                                               : NULL;
    if (!known) return 0;
    hts_pos_t n = 0;
    char *bases = faidx_fetch_seq64(codons->fasta, known, begin, end - 1, &n);
    const int whole = bases && n == end - begin;
    for (int64_t i = 0; whole && i < n; i++) to[i] = (char)toupper((unsigned char)bases[i]);
    hts_free(bases);
    return whole;
}

static char complement(char base)
{
    switch (base) {
    case 'A':
        return 'T';
    case 'C':
        return 'G';
    case 'G':
        return 'C';
    case 'T':
        return 'A';
    default:
        return 'N';
    }
}

/* The coding bases of a transcript in its own sense, fetched once. */
static coley_status fetch_bases(coley_codons *codons, coley_transcript *t, coley_error *err)
{
    const char *contig = codons->gff.contig[t->contig].name;
    size_t n = 0;
    if (t->bases) return COLEY_OK;
    for (size_t i = 0; i < t->n_cds; i++) n += (size_t)(t->cds[i].end - t->cds[i].begin);
    if (!(t->bases = coley_arena_alloc(codons->arena, n + 1))) return COLEY_FAIL_MEMORY(err);
    n = 0;
    for (size_t i = 0; i < t->n_cds; i++) {
        if (!fetch(codons, contig, strlen(contig), t->cds[i].begin, t->cds[i].end, t->bases + n))
            return COLEY_FAIL_AT(
                err, COLEY_ERR_INPUT, ((coley_place){.file = codons->reference}),
                "has no bases %lld to %lld of contig %.60s, where transcript %.60s of %.200s lies; they are of "
                "different genomes",
                (long long)t->cds[i].begin + 1, (long long)t->cds[i].end, contig, t->id, codons->gff.file);
        n += (size_t)(t->cds[i].end - t->cds[i].begin);
    }
    t->n_bases = n;
    for (size_t i = 0; t->minus && i < n; i++) {
        const size_t j = n - 1 - i;
        if (i > j) break;
        const char low = complement(t->bases[i]);
        t->bases[i] = complement(t->bases[j]);
        t->bases[j] = low;
    }
    return COLEY_OK;
}

/* One letter of the standard genetic code; '?' for a codon with a base that is not known. */
static char amino_acid(const char *codon)
{
    static const char code[] = "KNKNTTTTRSRSIIMIQHQHPPPPRRRRLLLLEDEDAAAAGGGGVVVV*Y*YSSSS*CWCLFLF";
    int at = 0;
    for (int i = 0; i < 3; i++) {
        const char *base = strchr("ACGT", codon[i]);
        if (!base || !codon[i]) return '?';
        at = 4 * at + (int)(base - "ACGT");
    }
    return code[at];
}

/* ---- splice sites -------------------------------------------------------------------------------------------------
 */

/* Does the change touch bases begin to end? An insertion does when it stands between two of them. */
static int touches(change c, int64_t begin, int64_t end)
{
    return c.begin == c.end ? c.begin > begin && c.begin < end : c.begin < end && c.end > begin;
}

static coley_effects splice_effects(const coley_transcript *t, change c)
{
    coley_effects set = 0;
    for (size_t i = 1; i < t->n_exons; i++) {
        const int64_t begin = t->exon[i - 1].end, end = t->exon[i].begin; /* of the intron */
        if (end - begin < LEAST_INTRON) continue;
        if (touches(c, begin, begin + SPLICE_SITE) || touches(c, end - SPLICE_SITE, end)) set |= BIT(SPLICE);
        if (touches(c, begin - REGION_EXON, begin + REGION_INTRON) ||
            touches(c, end - REGION_INTRON, end + REGION_EXON))
            set |= BIT(SPLICE_REGION);
    }
    return set;
}

/* ---- codons ------------------------------------------------------------------------------------------------------ */

/* Where the base at `position` stands among the coding bases in the order of the contig, or -1. */
static int64_t coding_place(const coley_transcript *t, int64_t position)
{
    int64_t before = 0;
    for (size_t i = 0; i < t->n_cds; i++) {
        if (position < t->cds[i].begin) return -1;
        if (position < t->cds[i].end) return before + position - t->cds[i].begin;
        before += t->cds[i].end - t->cds[i].begin;
    }
    return -1;
}

/* The coding base at place i of the changed transcript: `from` to `to` became the change's own bases. */
static char changed_base(const coley_transcript *t, change c, int64_t from, int64_t to, int64_t i)
{
    if (i < from) return t->bases[i];
    const int64_t in = i - from;
    if (in < (int64_t)c.n_alt) {
        const char base = (char)toupper((unsigned char)c.alt[t->minus ? (int64_t)c.n_alt - 1 - in : in]);
        return t->minus ? complement(base) : base;
    }
    const int64_t behind = to + in - (int64_t)c.n_alt;
    return behind < (int64_t)t->n_bases ? t->bases[behind] : '\0';
}

/* Bases `from` to `to` of the transcript are replaced; `frame` bases at its start belong to no codon. */
static coley_effects codon_effects(const coley_transcript *t, change c, int64_t from, int64_t to, int64_t frame)
{
    const int64_t grows = (int64_t)c.n_alt - (to - from);
    const int64_t last = to > from ? to - 1 : from;
    if (from < frame) return BIT(OTHER);
    const int64_t first_codon = (from - frame) / 3, last_codon = (last - frame) / 3;
    const int64_t n_codons = ((int64_t)t->n_bases - frame) / 3;
    const int has_start = frame == 0 && first_codon == 0 && amino_acid(t->bases) == 'M';
    const int64_t n_after =
        last_codon + 1 + grows / 3; /* codons up to which the changed ones reach, when the frame holds */
    coley_effects set = 0;
    if (first_codon >= n_codons) return BIT(OTHER); /* a codon that is not whole */
    if (has_start) {
        char start[3];
        for (int i = 0; i < 3; i++) start[i] = changed_base(t, c, from, to, i);
        if (amino_acid(start) != 'M') return BIT(START_LOST);
    }
    const int64_t stop_at = frame + 3 * (n_codons - 1);
    const int ends = amino_acid(t->bases + stop_at) == '*';
    if (grows % 3) {
        set |= grows > 0 ? BIT(FRAMESHIFT_INSERTION) : BIT(FRAMESHIFT_DELETION);
        if (ends && last_codon == n_codons - 1) set |= BIT(STOP_LOST);
        return set;
    }
    int new_stop = 0, kept_stop = 0, differs = 0;
    for (int64_t k = first_codon; k < n_after; k++) {
        char codon[3];
        for (int i = 0; i < 3; i++) codon[i] = changed_base(t, c, from, to, frame + 3 * k + i);
        const char after = amino_acid(codon);
        if (grows == 0) {
            const char before = k < n_codons ? amino_acid(t->bases + frame + 3 * k) : '?';
            if (before == after || before == '?' || after == '?') continue;
            differs = 1;
            if (before == '*')
                set |= BIT(STOP_LOST);
            else
                set |= after == '*' ? BIT(STOP_GAINED) : BIT(MISSENSE);
        } else if (after == '*') {
            if (k == n_after - 1 && last_codon == n_codons - 1)
                kept_stop = 1;
            else
                new_stop = 1;
        }
    }
    if (grows == 0) return differs ? set : BIT(SYNONYMOUS);
    if (new_stop) set |= BIT(STOP_GAINED);
    if (ends && last_codon == n_codons - 1 && !kept_stop && !new_stop) set |= BIT(STOP_LOST);
    return set | (grows > 0 ? BIT(INFRAME_INSERTION) : BIT(INFRAME_DELETION));
}

static coley_status coding_effects(coley_codons *codons, coley_transcript *t, change c, coley_effects *set,
                                   coley_error *err)
{
    /* An insertion belongs to the base behind it; one right behind a stretch, or ahead of all, belongs to none. */
    const int64_t low = coding_place(t, c.begin), high = c.end > c.begin ? coding_place(t, c.end - 1) : low;
    if (c.begin == c.end && low <= 0) return COLEY_OK;
    if (low < 0 && high < 0) {
        for (size_t i = 0; i < t->n_cds; i++) /* a whole stretch is gone */
            if (touches(c, t->cds[i].begin, t->cds[i].end)) *set |= BIT(SPLICE);
        return COLEY_OK;
    }
    if (low < 0 || high < 0) { /* over an edge: into an intron, which is its splice site, or into an untranslated end */
        const int starts = t->minus ? high < 0 : low < 0;
        if (*set & BIT(SPLICE)) return COLEY_OK;
        if (!starts)
            *set |= BIT(STOP_LOST);
        else if (!(t->minus ? t->last_phase : t->first_phase))
            *set |= BIT(START_LOST);
        return COLEY_OK;
    }
    if (high - low != c.end - c.begin - (c.end > c.begin)) { /* over a whole intron */
        *set |= BIT(SPLICE);
        return COLEY_OK;
    }
    COLEY_TRY(fetch_bases(codons, t, err));
    const int64_t n = (int64_t)t->n_bases, size = c.end - c.begin;
    const int64_t from = t->minus ? n - low - size : low;
    *set |= codon_effects(t, c, from, from + size, t->minus ? t->last_phase : t->first_phase);
    return COLEY_OK;
}

/* ---- one variant ------------------------------------------------------------------------------------------------- */

/* Without the bases that REF and ALT share at their ends. */
static change change_of(int64_t position, const char *ref, size_t n_ref, const char *alt, size_t n_alt)
{
    size_t head = 0;
    while (n_ref && n_alt && toupper((unsigned char)ref[n_ref - 1]) == toupper((unsigned char)alt[n_alt - 1])) {
        n_ref--;
        n_alt--;
    }
    while (head < n_ref && head < n_alt && toupper((unsigned char)ref[head]) == toupper((unsigned char)alt[head]))
        head++;
    return (change){position - 1 + (int64_t)head, position - 1 + (int64_t)n_ref, alt + head, n_alt - head};
}

static coley_status check_reference(coley_codons *codons, const char *contig, size_t n_contig, int64_t position,
                                    const char *ref, size_t n_ref, coley_place place, coley_error *err)
{
    char bases[MAX_CHANGE];
    const size_t n = n_ref < MAX_CHANGE ? n_ref : MAX_CHANGE;
    if (!fetch(codons, contig, n_contig, position - 1, position - 1 + (int64_t)n, bases))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "%.*s:%lld is not in the reference %.300s; is it of another genome?",
                             (int)(n_contig < 60 ? n_contig : 60), contig, (long long)position,
                             codons->reference ? codons->reference : "in memory");
    for (size_t i = 0; i < n; i++) {
        const char own = (char)toupper((unsigned char)ref[i]);
        if (own != bases[i] && strchr("ACGT", own) && strchr("ACGT", bases[i]))
            return COLEY_FAIL_AT(
                err, COLEY_ERR_INPUT, place,
                "REF at %.*s:%lld has %c where the reference has %c; the variants are of another genome "
                "than %.300s",
                (int)(n_contig < 60 ? n_contig : 60), contig, (long long)(position + (int64_t)i), own, bases[i],
                codons->reference ? codons->reference : "what is in memory");
    }
    return COLEY_OK;
}

coley_status coley_codons_effects(coley_codons *codons, const char *contig, size_t contig_length, int64_t position,
                                  const char *ref, size_t n_ref, const char *alt, size_t n_alt, coley_place place,
                                  coley_effects *effects, coley_error *err)
{
    const coley_gff_contig *own = coley_gff_find(&codons->gff, contig, contig_length);
    codons->gene = NULL;
    *effects = BIT(OTHER);
    if (!own) return COLEY_OK;
    COLEY_TRY(check_reference(codons, contig, contig_length, position, ref, n_ref, place, err));
    const change c = change_of(position, ref, n_ref, alt, n_alt);
    if (c.begin == c.end && !c.n_alt) return COLEY_OK;
    size_t low = 0, high = own->n; /* the first transcript that reaches as far as the change */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (own->reach[middle] < c.begin)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < own->n; i++) {
        coley_transcript *t = &codons->gff.transcript[own->first + i];
        if (t->begin > c.end) break;
        if (t->end < c.begin) continue;
        coley_effects set = splice_effects(t, c);
        COLEY_TRY(coding_effects(codons, t, c, &set, err));
        if (!codons->gene || coley_effects_worst(set) > coley_effects_worst(*effects)) codons->gene = t->gene;
        *effects |= set;
    }
    return COLEY_OK;
}
