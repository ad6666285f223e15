/* SPDX-License-Identifier: GPL-3.0-or-later */
/* effect.c -- words of MAF and terms of the Sequence Ontology as sets of effects; entries of CSQ, ANN and BCSQ. */
#include "assay/effect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BIT COLEY_EFFECT_BIT

const char *const coley_effect_names[COLEY_EFFECT_COUNT + 1] = {
#define COLEY_EFFECT_NAME(name, word) word,
    COLEY_EFFECT_LIST(COLEY_EFFECT_NAME)
#undef COLEY_EFFECT_NAME
        NULL};

coley_effect coley_effects_worst(coley_effects set)
{
    for (int e = COLEY_EFFECT_COUNT - 1; e > 0; e--)
        if (set >> e & 1) return (coley_effect)e;
    return COLEY_EFFECT_OTHER;
}

static int is_name(const char *text, size_t length, const char *name)
{
    return strlen(name) == length && !strncasecmp(text, name, length);
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

typedef struct effect_word {
    const char *word;
    coley_effects set;
} effect_word;

static const effect_word maf_words[] = {
    {"Missense_Mutation", BIT(MISSENSE)},
    {"Silent", BIT(SYNONYMOUS)},
    {"Nonsense_Mutation", BIT(STOP_GAINED)},
    {"Splice_Site", BIT(SPLICE)},
    {"Frame_Shift_Del", BIT(FRAMESHIFT_DELETION)},
    {"Frame_Shift_Ins", BIT(FRAMESHIFT_INSERTION)},
    {"In_Frame_Del", BIT(INFRAME_DELETION)},
    {"In_Frame_Ins", BIT(INFRAME_INSERTION)},
    {"Nonstop_Mutation", BIT(STOP_LOST)},
    {"Translation_Start_Site", BIT(START_LOST)},
    {"Splice_Region", BIT(SPLICE_REGION)},
    {"Intron", BIT(OTHER)},
    {"3'UTR", BIT(OTHER)},
    {"5'UTR", BIT(OTHER)},
    {"3'Flank", BIT(OTHER)},
    {"5'Flank", BIT(OTHER)},
    {"IGR", BIT(OTHER)},
    {"RNA", BIT(OTHER)},
    {"lincRNA", BIT(OTHER)},
    {"Targeted_Region", BIT(OTHER)},
    {"Start_Codon_SNP", BIT(START_LOST)},
    {"Start_Codon_Del", BIT(START_LOST)},
    {"Start_Codon_Ins", BIT(START_LOST)},
    {"Stop_Codon_Del", BIT(STOP_LOST)},
    {"Stop_Codon_Ins", BIT(STOP_LOST)},
    {"De_novo_Start_InFrame", BIT(OTHER)},
    {"De_novo_Start_OutOfFrame", BIT(OTHER)},
    {"Splice_Site_SNP", BIT(SPLICE)},
    {"Splice_Site_Ins", BIT(SPLICE)},
    {"Splice_Site_Del", BIT(SPLICE)},
};

coley_effects coley_effects_of_maf(const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof maf_words / sizeof *maf_words; i++)
        if (is_name(word, length, maf_words[i].word)) return maf_words[i].set;
    return 0;
}

/* Terms without "_variant"; the frameshift is completed by the change of length. */
#define TERM(word, set)                                                                                                \
    {                                                                                                                  \
        word, sizeof word - 1, set                                                                                     \
    }
static const struct {
    const char *word;
    size_t length;
    coley_effects set;
} terms[] = {
    TERM("missense", BIT(MISSENSE)),
    TERM("synonymous", BIT(SYNONYMOUS)),
    TERM("stop_gained", BIT(STOP_GAINED)),
    TERM("frameshift", BIT(FRAMESHIFT_DELETION) | BIT(FRAMESHIFT_INSERTION)),
    TERM("splice_acceptor", BIT(SPLICE)),
    TERM("splice_donor", BIT(SPLICE)),
    TERM("splice_region", BIT(SPLICE_REGION)),
    TERM("inframe_deletion", BIT(INFRAME_DELETION)),
    TERM("inframe_insertion", BIT(INFRAME_INSERTION)),
    TERM("conservative_inframe_deletion", BIT(INFRAME_DELETION)),
    TERM("disruptive_inframe_deletion", BIT(INFRAME_DELETION)),
    TERM("conservative_inframe_insertion", BIT(INFRAME_INSERTION)),
    TERM("disruptive_inframe_insertion", BIT(INFRAME_INSERTION)),
    TERM("start_lost", BIT(START_LOST)),
    TERM("initiator_codon", BIT(START_LOST)),
    TERM("stop_lost", BIT(STOP_LOST)),
    TERM("stop_retained", BIT(SYNONYMOUS)),
    TERM("start_retained", BIT(SYNONYMOUS)),
    TERM("protein_altering", BIT(MISSENSE)),
    TERM("inframe_altering", BIT(MISSENSE)),
    TERM("coding_sequence", BIT(MISSENSE)),
    TERM("transcript_ablation", BIT(SPLICE)),
    TERM("exon_loss", BIT(SPLICE)),
    TERM("rare_amino_acid", BIT(MISSENSE)),
    TERM("5_prime_UTR_premature_start_codon_gain", BIT(OTHER)),
};

static coley_effects effect_of_term(const char *term, size_t length, int grows)
{
    static const char suffix[] = "_variant";
    const size_t n_suffix = sizeof suffix - 1;
    if (length && *term == '*') { /* bcftools: behind a stop of the same haplotype */
        term++;
        length--;
    }
    if (length > n_suffix && !memcmp(term + length - n_suffix, suffix, n_suffix)) length -= n_suffix;
    for (size_t i = 0; length && i < sizeof terms / sizeof *terms; i++) {
        if (terms[i].length != length || memcmp(terms[i].word, term, length)) continue;
        if (i == 3) return grows > 0 ? BIT(FRAMESHIFT_INSERTION) : BIT(FRAMESHIFT_DELETION);
        return terms[i].set;
    }
    return BIT(OTHER);
}

coley_effects coley_effects_of_terms(const char *list, size_t length, int grows)
{
    coley_effects set = 0;
    const char *const end = list + length;
    while (list < end) {
        const char *stop = list;
        while (stop < end && *stop != '&' && *stop != '+') stop++;
        if (stop > list) set |= effect_of_term(list, (size_t)(stop - list), grows);
        list = stop + 1;
    }
    return set;
}

/* ---- the header -------------------------------------------------------------------------------------------------- */

static void take_name(coley_annotation *a, const char *name, size_t length, int at)
{
    static const char *const frequencies[] = {"MAX_AF",     "AF",      "gnomAD_AF", "gnomADe_AF",
                                              "gnomADg_AF", "ExAC_AF", "ExAC_MAF",  "gnomAD_MAX_AF"};
    if (is_name(name, length, "Allele")) a->allele = at;
    if (is_name(name, length, "Consequence") || is_name(name, length, "Annotation")) a->terms = at;
    if (is_name(name, length, "PICK")) a->pick = at;
    if (is_name(name, length, "CANONICAL")) a->canonical = at;
    if (is_name(name, length, "ALLELE_NUM")) a->allele_number = at;
    if (is_name(name, length, "SYMBOL") || is_name(name, length, "Gene_Name")) a->gene = at;
    if (is_name(name, length, "HGVSp") || is_name(name, length, "HGVS.p")) a->protein = at;
    for (size_t i = 0; i < sizeof frequencies / sizeof *frequencies; i++)
        if (is_name(name, length, frequencies[i]) && a->n_frequencies < COLEY_ANNOTATION_MAX_FREQUENCIES)
            a->frequency[a->n_frequencies++] = at;
}

int coley_annotation_of_header(coley_annotation *a, const char *line)
{
    static const struct {
        coley_annotator annotator;
        const char *key;
    } kinds[] = {{COLEY_ANNOTATOR_CSQ, "CSQ"},
                 {COLEY_ANNOTATOR_CSQ, "vep"},
                 {COLEY_ANNOTATOR_ANN, "ANN"},
                 {COLEY_ANNOTATOR_BCSQ, "BCSQ"}};
    static const char start[] = "##INFO=<ID=";
    if (strncmp(line, start, sizeof start - 1)) return 0;
    const char *id = line + sizeof start - 1;
    const size_t n_id = strcspn(id, ",>");
    size_t kind = 0;
    while (kind < 4 && !is_name(id, n_id, kinds[kind].key)) kind++;
    if (kind == 4 || (a->annotator && a->annotator <= kinds[kind].annotator)) return 0;
    const char *format = strstr(line, "Format:");
    if (!format && (format = strstr(line, "annotations:")))
        format += 4; /* SnpEff: Functional annotations: 'Allele | ...' */
    if (!format) return 0;
    *a = (coley_annotation){.annotator = kinds[kind].annotator,
                            .allele = -1,
                            .terms = -1,
                            .pick = -1,
                            .canonical = -1,
                            .allele_number = -1,
                            .gene = -1,
                            .protein = -1};
    memcpy(a->key, id, n_id);
    a->key[n_id] = '=';
    format = strchr(format, ':') + 1;
    for (int at = 0; *format && *format != '"' && *format != '>'; at++) {
        const size_t n = strcspn(format, "|\"");
        size_t from = strspn(format, " '[");
        if (from > n) from = n;
        size_t to = n;
        while (to > from && strchr(" '])", format[to - 1])) to--;
        take_name(a, format + from, to - from, at);
        format += n + (format[n] == '|');
    }
    if (a->annotator ==
        COLEY_ANNOTATOR_BCSQ) { /* Consequence|gene|transcript|biotype|strand|amino_acid_change|dna_change */
        a->terms = 0;
        a->gene = 1;
        a->protein = 5;
    }
    if (a->terms < 0) a->annotator = COLEY_ANNOTATOR_NONE;
    return a->annotator != COLEY_ANNOTATOR_NONE;
}

/* ---- entries ----------------------------------------------------------------------------------------------------- */

enum { MAX_PARTS = 96 };

typedef struct entry_parts {
    int n;
    const char *part[MAX_PARTS];
    size_t length[MAX_PARTS];
} entry_parts;

/* The first `most` parts. */
static void cut_entry(const char *from, const char *end, int most, entry_parts *parts)
{
    parts->n = 0;
    while (parts->n < most) {
        const char *bar = memchr(from, '|', (size_t)(end - from));
        const char *stop = bar ? bar : end;
        parts->part[parts->n] = from;
        parts->length[parts->n++] = (size_t)(stop - from);
        if (!bar) return;
        from = bar + 1;
    }
}

static double number_of(const char *text, size_t length)
{
    char copy[40];
    if (!length || length >= sizeof copy) return NAN;
    memcpy(copy, text, length);
    copy[length] = '\0';
    char *end;
    const double value = strtod(copy, &end);
    return end == copy ? NAN : value;
}

/* VEP cuts the first base off all alleles when any has another length than the reference and all begin alike. */
static int is_vep_allele(const char *text, size_t length, size_t n, const char *const *alleles, const size_t *lengths,
                         size_t allele)
{
    int cut = 0;
    for (size_t i = 1; i < n; i++) cut |= lengths[i] != lengths[0];
    for (size_t i = 1; i < n && cut; i++) cut = lengths[i] && lengths[0] && alleles[i][0] == alleles[0][0];
    const char *mine = alleles[allele + 1] + cut;
    const size_t n_mine = lengths[allele + 1] - (size_t)cut;
    if (!n_mine) return length == 1 && *text == '-';
    return n_mine == length && !strncasecmp(mine, text, length);
}

static int is_of_allele(const coley_annotation *a, const entry_parts *parts, size_t n, const char *const *alleles,
                        const size_t *lengths, size_t allele)
{
    if (n <= 2) return 1;
    if (a->allele_number >= 0 && a->allele_number < parts->n)
        return number_of(parts->part[a->allele_number], parts->length[a->allele_number]) == (double)allele + 1;
    if (a->annotator == COLEY_ANNOTATOR_BCSQ) { /* the last part is "POSREF>POSALT" */
        const char *change = parts->part[parts->n - 1];
        const size_t n_change = parts->length[parts->n - 1], n_mine = lengths[allele + 1];
        return parts->n < 7 || (n_change > n_mine && !memcmp(change + n_change - n_mine, alleles[allele + 1], n_mine));
    }
    if (a->allele < 0 || a->allele >= parts->n) return 1;
    const char *text = parts->part[a->allele];
    const size_t length = parts->length[a->allele];
    if (a->annotator == COLEY_ANNOTATOR_ANN)
        return length == lengths[allele + 1] && !memcmp(text, alleles[allele + 1], length);
    return is_vep_allele(text, length, n, alleles, lengths, allele);
}

/* 3: PICK, 2: CANONICAL, 1: the first, 0: any other */
static int rank_of(const coley_annotation *a, const entry_parts *parts, int first)
{
    if (a->pick >= 0 && a->pick < parts->n && parts->length[a->pick] == 1 && *parts->part[a->pick] == '1') return 3;
    if (a->canonical >= 0 && a->canonical < parts->n && parts->length[a->canonical]) return 2;
    return first;
}

static void take_entry(const coley_annotation *a, const entry_parts *parts, int grows, coley_annotation_view *view)
{
    const coley_effects set = coley_effects_of_terms(parts->part[a->terms], parts->length[a->terms], grows);
    if (!view->effects || coley_effects_worst(set) > coley_effects_worst(view->effects)) {
        const int has_gene = a->gene >= 0 && a->gene < parts->n;
        const int has_protein = a->protein >= 0 && a->protein < parts->n;
        view->gene = has_gene ? parts->part[a->gene] : NULL;
        view->gene_length = has_gene ? parts->length[a->gene] : 0;
        view->protein = has_protein ? parts->part[a->protein] : NULL;
        view->protein_length = has_protein ? parts->length[a->protein] : 0;
    }
    view->effects |= set;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* How many parts of an entry have to be cut for what is wanted. */
static int parts_wanted(const coley_annotation *a, size_t n_alleles, unsigned wanted)
{
    int last = a->terms;
    if (n_alleles > 2)
        last = a->annotator == COLEY_ANNOTATOR_BCSQ ? 6 : larger(last, larger(a->allele, a->allele_number));
    if (wanted & COLEY_ANNOTATION_PICKED) last = larger(last, larger(a->pick, a->canonical));
    if (wanted & COLEY_ANNOTATION_GENE) last = larger(last, larger(a->gene, a->protein));
    for (int i = 0; i < a->n_frequencies && (wanted & COLEY_ANNOTATION_FREQUENCY); i++)
        last = larger(last, a->frequency[i]);
    return last + 1 < MAX_PARTS ? last + 1 : MAX_PARTS;
}

static void take_frequencies(const coley_annotation *a, const entry_parts *parts, coley_annotation_view *view)
{
    for (int i = 0; i < a->n_frequencies; i++) {
        if (a->frequency[i] >= parts->n) continue;
        const double f = number_of(parts->part[a->frequency[i]], parts->length[a->frequency[i]]);
        if (f >= 0 && !(f <= view->frequency)) view->frequency = f;
    }
}

void coley_annotation_read(const coley_annotation *a, const char *value, size_t length, size_t n_alleles,
                           const char *const *alleles, const size_t *lengths, size_t allele, unsigned wanted,
                           coley_annotation_view *view)
{
    const char *const end = value + length;
    const int grows = lengths[allele + 1] > lengths[0] ? 1 : lengths[allele + 1] < lengths[0] ? -1 : 0;
    const int most = parts_wanted(a, n_alleles, wanted), picked = wanted & COLEY_ANNOTATION_PICKED;
    int best = 0;
    *view = (coley_annotation_view){.frequency = NAN};
    while (value < end) {
        const char *comma = memchr(value, ',', (size_t)(end - value)), *stop = comma ? comma : end;
        entry_parts parts;
        if (a->annotator == COLEY_ANNOTATOR_BCSQ && *value == '@') {
            view->elsewhere = 1;
        } else {
            cut_entry(value, stop, most, &parts);
            if (a->terms < parts.n && is_of_allele(a, &parts, n_alleles, alleles, lengths, allele)) {
                const int rank = rank_of(a, &parts, !view->n_entries);
                if (picked && rank > best) view->effects = 0;
                if (!picked || rank > best) take_entry(a, &parts, grows, view);
                if (rank > best) best = rank;
                view->n_entries++;
                if (wanted & COLEY_ANNOTATION_FREQUENCY) take_frequencies(a, &parts, view);
            }
        }
        value = stop + 1;
    }
}
