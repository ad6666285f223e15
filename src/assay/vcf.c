/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vcf.c -- a record is cut at its tabs up to the tumour's column; INFO and FORMAT are searched for what is asked. */
#include "assay/vcf.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_ALLELES = 64, MAX_KEYS = 64, MAX_CONTIGS = 100000, MAX_HEADER = 1 << 20 };

/* Tags of FORMAT that callers use. */
#define KEY_LIST(X)                                                                                                    \
    X(GT) X(DP) X(AD) X(AF) X(FA) X(FREQ) X(RD) X(SS) X(AU) X(CU) X(GU) X(TU) X(TAR) X(TIR) X(DPT) X(ADT) X(VAF)

typedef enum format_key {
#define KEY_ENUM(name) KEY_##name,
    KEY_LIST(KEY_ENUM)
#undef KEY_ENUM
        N_KEYS
} format_key;

static const char *const key_names[N_KEYS] = {
#define KEY_NAME(name) #name,
    KEY_LIST(KEY_NAME)
#undef KEY_NAME
};

typedef struct piece {
    const char *text;
    size_t n;
} piece;

enum { CHROM, POS, ID, REF, ALT, QUAL, FILTER, INFO, FORMAT, FIRST_SAMPLE };

typedef struct vcf_reader {
    coley_arena *arena;
    coley_lines *lines;
    coley_tmb_report *report;
    coley_annotation annotation;
    size_t n_samples, tumour; /* SIZE_MAX: a file without samples */
    piece column[FIRST_SAMPLE], sample;
    piece allele[MAX_ALLELES]; /* REF, then each ALT */
    size_t n_alleles;
    int64_t position;
    /* The contig of the last record, and all that were seen. */
    char *contig;
    size_t n_contig, cap_contig;
    size_t n_contigs, cap_contigs;
    char **seen;
    const coley_target_contig *target;
    size_t target_at;
    int64_t last_position;
    /* FORMAT of the last record, and where each key stands in it (-1: nowhere). */
    char *format;
    size_t n_format, cap_format;
    int key_at[N_KEYS];
    piece value[N_KEYS]; /* of the tumour, when `split` */
    int split;
    coley_text header; /* its lines that speak of samples */
    int has_ss;        /* the header speaks of INFO/SS */
} vcf_reader;

static coley_status fail(vcf_reader *r, coley_error *err, const char *text)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "record %llu%s%.*s:%.*s%s %s",
                         (unsigned long long)r->report->n_records, r->column[CHROM].n ? " (" : "",
                         (int)(r->column[CHROM].n < 60 ? r->column[CHROM].n : 60),
                         r->column[CHROM].n ? r->column[CHROM].text : "",
                         (int)(r->column[POS].n < 20 ? r->column[POS].n : 20),
                         r->column[POS].n ? r->column[POS].text : "", r->column[CHROM].n ? ")" : "", text);
}

static int is(piece p, const char *text)
{
    return strlen(text) == p.n && !memcmp(p.text, text, p.n);
}

/* ---- the tumour's column ------------------------------------------------------------------------------------------
 */

static int has_word(const char *name, const char *word)
{
    const size_t n = strlen(word);
    for (const char *p = name; (p = strcasestr(p, word)); p++)
        if ((p == name || !isalnum((unsigned char)p[-1])) && !isalnum((unsigned char)p[n])) return 1;
    return 0;
}

/* TCGA-XX-XXXX-01A: 01 to 09 tumour, 10 to 19 normal; 0 for other names. */
static int barcode(const char *name)
{
    if (strncmp(name, "TCGA-", 5) || strlen(name) < 15 || name[12] != '-') return 0;
    return name[13] == '0' ? 1 : name[13] == '1' ? -1 : 0;
}

static int looks_tumour(const char *name)
{
    const size_t n = strlen(name);
    return has_word(name, "tumor") || has_word(name, "tumour") || has_word(name, "primary") ||
           has_word(name, "metastasis") || barcode(name) > 0 ||
           (n > 2 && (name[n - 2] == '_' || name[n - 2] == '-') && (name[n - 1] == 'T' || name[n - 1] == 't'));
}

static int looks_normal(const char *name)
{
    const size_t n = strlen(name);
    return has_word(name, "normal") || has_word(name, "blood") || has_word(name, "germline") ||
           has_word(name, "control") || barcode(name) < 0 ||
           (n > 2 && (name[n - 2] == '_' || name[n - 2] == '-') && (name[n - 1] == 'N' || name[n - 1] == 'n'));
}

static int named_in_header(size_t n, const char *const *sample, const char *header, const char *key)
{
    const char *p = header ? strstr(header, key) : NULL;
    for (size_t i = 0; p && i < n; i++) {
        const char *name = p + strlen(key);
        const size_t length = strlen(sample[i]);
        if (!strncmp(name, sample[i], length) && (!name[length] || strchr("\n,>\"", name[length]))) return (int)i;
    }
    return -1;
}

int coley_vcf_tumour(size_t n, const char *const *sample, const char *header, const char **why)
{
    int tumour = -1, n_tumour = 0, other = -1, n_normal = 0;
    if (n == 1) {
        *why = "the only one";
        return 0;
    }
    if ((tumour = named_in_header(n, sample, header, "##tumor_sample=")) >= 0 ||
        (tumour = named_in_header(n, sample, header, "##PEDIGREE=<Derived=")) >= 0) {
        *why = "named by the file's header";
        return tumour;
    }
    const int normal = named_in_header(n, sample, header, "##normal_sample=");
    for (size_t i = 0; i < n; i++) {
        const int is_normal = (int)i == normal || looks_normal(sample[i]);
        n_normal += is_normal;
        if (!is_normal) other = (int)i;
        if (!is_normal && looks_tumour(sample[i])) {
            tumour = (int)i;
            n_tumour++;
        }
    }
    *why = n_tumour == 1 ? "by its name" : "the one that is not the normal";
    if (n_tumour == 1) return tumour;
    return n == 2 && n_normal == 1 ? other : -1;
}

static coley_status choose_sample(vcf_reader *r, char *names, coley_error *err)
{
    const char *wanted = r->report->options->sample, **name = NULL;
    size_t cap = 0;
    coley_text list = {.arena = r->arena};
    for (char *p = strtok_r(names, "\t", &names); p; p = strtok_r(NULL, "\t", &names)) {
        if (!COLEY_RESERVE(r->arena, name, cap, r->n_samples + 1)) return COLEY_FAIL_MEMORY(err);
        if (r->n_samples < 20) coley_text_addf(&list, "%s%s", r->n_samples ? ", " : "", p);
        name[r->n_samples++] = p;
    }
    r->tumour = SIZE_MAX;
    if (!r->n_samples) {
        if (wanted)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                                 "has no samples at all, so not '%s'", wanted);
        r->report->chosen = "the file has no samples: all alleles of all records";
        return coley_tmb_sample(r->arena, r->report, "-", 1) ? COLEY_OK : COLEY_FAIL_MEMORY(err);
    }
    for (size_t i = 0; wanted && i < r->n_samples; i++)
        if (!strcmp(name[i], wanted)) r->tumour = i;
    if (wanted && r->tumour == SIZE_MAX)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "has no sample '%s'; there are: %.500s",
                             wanted, list.failed ? "" : list.data);
    r->report->chosen = "as asked";
    if (!wanted) {
        const int found = coley_vcf_tumour(r->n_samples, name, r->header.data, &r->report->chosen);
        if (found < 0)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                                 "which of the samples is the tumour can't be told; say --sample, one of: %.500s",
                                 list.failed ? "" : list.data);
        r->tumour = (size_t)found;
    }
    r->report->tumour_only = r->n_samples == 1;
    const char *chosen = name[r->tumour];
    return coley_tmb_sample(r->arena, r->report, chosen, strlen(chosen)) ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static coley_status read_header(vcf_reader *r, coley_error *err)
{
    char *line;
    size_t length;
    for (;;) {
        COLEY_TRY(coley_lines_next(r->lines, &line, &length, err));
        if (!line || *line != '#')
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                                 "the line with the names of columns, #CHROM ..., is missing; was the file cut short?");
        if (line[1] != '#') break;
        coley_annotation_of_header(&r->annotation, line);
        if (!strncmp(line, "##INFO=<ID=SS,", 14)) r->has_ss = 1;
        if ((!strncmp(line, "##tumor_sample=", 15) || !strncmp(line, "##normal_sample=", 16) ||
             !strncmp(line, "##PEDIGREE=", 11)) &&
            r->header.length < MAX_HEADER)
            coley_text_addf(&r->header, "%s\n", line);
    }
    if (r->header.failed) return COLEY_FAIL_MEMORY(err);
    static const char names[] = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
    if (strncmp(line, names, sizeof names - 1))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                             "the names of columns are not those of a VCF, parted by tabs: #CHROM POS ID REF ALT QUAL "
                             "FILTER INFO");
    char *samples = line + sizeof names - 1;
    if (!strncmp(samples, "\tFORMAT", 7)) samples += 7;
    return choose_sample(r, samples, err);
}

/* ---- one record -------------------------------------------------------------------------------------------------- */

static coley_status cut_columns(vcf_reader *r, const char *line, size_t length, coley_error *err)
{
    const char *const end = line + length;
    const size_t wanted = r->tumour == SIZE_MAX ? INFO + 1 : FIRST_SAMPLE + r->tumour + 1;
    r->column[CHROM].n = r->column[POS].n = 0;
    r->sample = (piece){NULL, 0};
    for (size_t c = 0; c < wanted; c++) {
        const char *tab = memchr(line, '\t', (size_t)(end - line)), *stop = tab ? tab : end;
        const piece p = {line, (size_t)(stop - line)};
        if (c < FIRST_SAMPLE) r->column[c] = p;
        if (c + 1 == wanted) {
            r->sample = p;
            return COLEY_OK;
        }
        if (!tab) return fail(r, err, "has too few columns; was the file cut short?");
        line = tab + 1;
    }
    return COLEY_OK;
}

/* Another contig: it may not have come before, and its stretches are looked up. */
static coley_status enter_contig(vcf_reader *r, coley_error *err)
{
    const piece name = r->column[CHROM];
    for (size_t i = 0; i < r->n_contigs; i++)
        if (is(name, r->seen[i]))
            return fail(r, err, "comes back to a contig that was left; sort the file (bcftools sort)");
    if (r->n_contigs >= MAX_CONTIGS) return fail(r, err, "names one contig too many; a file may have 100000");
    if (!COLEY_RESERVE(r->arena, r->seen, r->cap_contigs, r->n_contigs + 1) ||
        !(r->contig = r->seen[r->n_contigs] = coley_arena_text(r->arena, name.text, name.n)))
        return COLEY_FAIL_MEMORY(err);
    r->n_contigs++;
    r->n_contig = name.n;
    r->last_position = 0;
    r->target_at = 0;
    r->target = r->report->options->target ? coley_target_find(r->report->options->target, name.text, name.n) : NULL;
    return COLEY_OK;
}

static coley_status read_place(vcf_reader *r, coley_error *err)
{
    const piece pos = r->column[POS];
    int64_t value = 0;
    if (!r->column[CHROM].n) return fail(r, err, "names no contig");
    for (size_t i = 0; i < pos.n; i++) {
        if (pos.text[i] < '0' || pos.text[i] > '9' || value > 1 << 30) return fail(r, err, "has no position in POS");
        value = 10 * value + pos.text[i] - '0';
    }
    if (!pos.n) return fail(r, err, "has no position in POS");
    if (r->n_contig != r->column[CHROM].n || memcmp(r->contig, r->column[CHROM].text, r->n_contig))
        COLEY_TRY(enter_contig(r, err));
    if (value < r->last_position)
        return fail(r, err, "stands before the record ahead of it; sort the file (bcftools sort)");
    r->position = r->last_position = value;
    return COLEY_OK;
}

static coley_status cut_alleles(vcf_reader *r, coley_error *err)
{
    const piece ref = r->column[REF], alt = r->column[ALT];
    for (size_t i = 0; i < ref.n; i++)
        if (!strchr("ACGTNacgtnRYSWKMBDHVrywskmbdhv", ref.text[i]))
            return fail(r, err, "has a REF that is no sequence");
    if (!ref.n || !alt.n) return fail(r, err, "has an empty REF or ALT");
    r->allele[0] = ref;
    r->n_alleles = 1;
    const char *from = alt.text, *const end = alt.text + alt.n;
    while (from <= end) {
        const char *comma = memchr(from, ',', (size_t)(end - from)), *stop = comma ? comma : end;
        if (r->n_alleles == MAX_ALLELES) return fail(r, err, "has more than 63 alternative alleles");
        r->allele[r->n_alleles++] = (piece){from, (size_t)(stop - from)};
        from = stop + 1;
    }
    return COLEY_OK;
}

/* The value of KEY in INFO, `key` with its '='. */
static piece info(const vcf_reader *r, const char *key)
{
    const piece all = r->column[INFO];
    const size_t n = strlen(key);
    const char *p = all.text, *const end = all.text + all.n;
    while (p < end && (p = memmem(p, (size_t)(end - p), key, n))) {
        if (p == all.text || p[-1] == ';') {
            const char *stop = memchr(p, ';', (size_t)(end - p));
            return (piece){p + n, (size_t)((stop ? stop : end) - p) - n};
        }
        p += n;
    }
    return (piece){NULL, 0};
}

static double number_at(piece p, size_t place)
{
    if (!p.text) return NAN;
    const char *from = p.text, *const end = p.text + p.n;
    char copy[40], *stop;
    for (size_t i = 0; i < place; i++) {
        from = memchr(from, ',', (size_t)(end - from));
        if (!from) return NAN;
        from++;
    }
    size_t n = 0;
    for (; from + n < end && from[n] != ',' && n < sizeof copy - 1; n++) copy[n] = from[n];
    copy[n] = '\0';
    const double value = strtod(copy, &stop);
    return stop == copy || !isfinite(value) ? NAN : *stop == '%' ? value / 100 : value;
}

static size_t count_of(piece p)
{
    size_t n = p.n > 0;
    for (size_t i = 0; i < p.n; i++) n += p.text[i] == ',';
    return n;
}

/* ---- the tumour's values ----------------------------------------------------------------------------------------- */

static coley_status learn_format(vcf_reader *r, coley_error *err)
{
    const piece f = r->column[FORMAT];
    if (r->format && r->n_format == f.n && !memcmp(r->format, f.text, f.n)) return COLEY_OK;
    if (!COLEY_RESERVE(r->arena, r->format, r->cap_format, f.n + 1)) return COLEY_FAIL_MEMORY(err);
    memcpy(r->format, f.text, f.n);
    r->n_format = f.n;
    for (int k = 0; k < N_KEYS; k++) r->key_at[k] = -1;
    const char *from = f.text, *const end = f.text + f.n;
    for (int at = 0; from <= end && at < MAX_KEYS; at++) {
        const char *colon = memchr(from, ':', (size_t)(end - from)), *stop = colon ? colon : end;
        for (int k = 0; k < N_KEYS; k++)
            if (is((piece){from, (size_t)(stop - from)}, key_names[k])) r->key_at[k] = at;
        from = stop + 1;
    }
    return COLEY_OK;
}

static void split_sample(vcf_reader *r)
{
    piece part[MAX_KEYS];
    int n = 0;
    const char *from = r->sample.text, *const end = from + r->sample.n;
    while (from <= end && n < MAX_KEYS) {
        const char *colon = memchr(from, ':', (size_t)(end - from)), *stop = colon ? colon : end;
        part[n++] = (piece){from, (size_t)(stop - from)};
        from = stop + 1;
    }
    for (int k = 0; k < N_KEYS; k++) {
        const int at = r->key_at[k];
        r->value[k] = at >= 0 && at < n && !is(part[at], ".") ? part[at] : (piece){NULL, 0};
    }
    r->split = 1;
}

/* Does the genotype hold the allele (1 for the first ALT)? Without a genotype it does. */
static int carries(const vcf_reader *r, size_t allele)
{
    const piece gt = r->value[KEY_GT];
    if (r->key_at[KEY_GT] < 0) return 1;
    for (size_t i = 0; i < gt.n;) {
        size_t value = 0, from = i;
        for (; i < gt.n && isdigit((unsigned char)gt.text[i]) && i - from < 5; i++)
            value = 10 * value + (size_t)(gt.text[i] - '0');
        if (i > from && value == allele) return 1;
        if (i == from) i++;
    }
    return 0;
}

/* Reads of the first tier for one base (Strelka). */
static double strelka_base(const vcf_reader *r, piece allele)
{
    if (allele.n != 1) return NAN;
    switch (toupper((unsigned char)*allele.text)) {
    case 'A':
        return number_at(r->value[KEY_AU], 0);
    case 'C':
        return number_at(r->value[KEY_CU], 0);
    case 'G':
        return number_at(r->value[KEY_GU], 0);
    case 'T':
        return number_at(r->value[KEY_TU], 0);
    default:
        return NAN;
    }
}

static double sum_of(piece list)
{
    double sum = 0;
    for (size_t i = 0; i < count_of(list); i++) sum += number_at(list, i);
    return sum;
}

/* Allele fraction: as the caller says it, else out of the reads that it counted. */
static double fraction_of(const vcf_reader *r, size_t allele)
{
    static const format_key said[] = {KEY_AF, KEY_VAF, KEY_FA, KEY_FREQ};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        const double f = number_at(r->value[said[i]], allele - 1);
        if (f >= 0 && f <= 1) return f;
    }
    static const format_key counted[] = {KEY_AD, KEY_ADT};
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        const piece ad = r->value[counted[i]];
        if (count_of(ad) == r->n_alleles) return number_at(ad, allele) / sum_of(ad);
    }
    if (r->value[KEY_RD].n && count_of(r->value[KEY_AD]) == 1) { /* VarScan */
        const double alt = number_at(r->value[KEY_AD], 0);
        return alt / (alt + number_at(r->value[KEY_RD], 0));
    }
    if (r->value[KEY_TIR].n) {
        const double alt = number_at(r->value[KEY_TIR], 0);
        return alt / (alt + number_at(r->value[KEY_TAR], 0));
    }
    const double ref = strelka_base(r, r->allele[0]), alt = strelka_base(r, r->allele[allele]);
    if (ref + alt > 0) return alt / (ref + alt);
    return r->n_samples <= 1 ? number_at(info(r, "TVAF="), allele - 1) : NAN;
}

static double depth_of(const vcf_reader *r)
{
    double depth = number_at(r->value[KEY_DP], 0);
    if (isnan(depth)) depth = number_at(r->value[KEY_DPT], 0);
    if (isnan(depth) && count_of(r->value[KEY_AD]) == r->n_alleles) depth = sum_of(r->value[KEY_AD]);
    if (isnan(depth) && r->n_samples <= 1) {
        depth = number_at(info(r, "TDP="), 0);
        if (isnan(depth)) depth = number_at(info(r, "DP="), 0);
    }
    return depth;
}

static double frequency_of(const vcf_reader *r, size_t allele)
{
    static const char *const keys[] = {"gnomAD_AF=", "gnomADe_AF=", "gnomADg_AF=", "ExAC_AF=", "MAX_AF=", "POPAF_AF="};
    double frequency = NAN;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const double f = number_at(info(r, keys[i]), allele - 1);
        if (f >= 0 && !(f <= frequency)) frequency = f;
    }
    const double popaf = number_at(info(r, "POPAF="), allele - 1); /* Mutect2: minus the logarithm */
    if (!isnan(popaf) && !(pow(10, -popaf) <= frequency)) frequency = pow(10, -popaf);
    return frequency;
}

/* A caller's own word for somatic: 2 in INFO/SS (VarScan) or in the tumour's SS (MuSE, SomaticSniper). */
static int is_somatic(const vcf_reader *r)
{
    const double of_record = r->has_ss ? number_at(info(r, "SS="), 0) : NAN;
    const double of_sample = number_at(r->value[KEY_SS], 0);
    return !(of_record >= 0 && of_record != 2) && !(of_sample >= 0 && of_sample != 2);
}

/* ---- judging ----------------------------------------------------------------------------------------------------- */

static coley_status take_effects(vcf_reader *r, size_t allele, coley_tmb_variant *v, coley_error *err)
{
    const coley_tmb_options *o = r->report->options;
    const piece value = r->annotation.annotator ? info(r, r->annotation.key) : (piece){NULL, 0};
    if (value.text) {
        const char *text[MAX_ALLELES];
        size_t length[MAX_ALLELES];
        coley_annotation_view view;
        for (size_t i = 0; i < r->n_alleles; i++) {
            text[i] = r->allele[i].text;
            length[i] = r->allele[i].n;
        }
        coley_annotation_read(&r->annotation, value.text, value.n, r->n_alleles, text, length, allele - 1,
                              (o->picked ? COLEY_ANNOTATION_PICKED : 0u) | (o->drivers ? COLEY_ANNOTATION_GENE : 0u) |
                                  (isnan(o->max_frequency) ? 0u : COLEY_ANNOTATION_FREQUENCY),
                              &view);
        v->effects = view.effects;
        v->gene = view.gene;
        v->gene_length = view.gene_length;
        v->protein = view.protein;
        v->protein_length = view.protein_length;
        if (view.frequency >= 0 && !(view.frequency <= v->frequency)) v->frequency = view.frequency;
    } else if (o->codons && !r->annotation.annotator) {
        COLEY_TRY(coley_codons_effects(o->codons, r->column[CHROM].text, r->column[CHROM].n, r->position,
                                       r->allele[0].text, r->allele[0].n, r->allele[allele].text, r->allele[allele].n,
                                       coley_lines_place(r->lines), &v->effects, err));
        v->gene = coley_codons_gene(o->codons);
        v->gene_length = v->gene ? strlen(v->gene) : 0;
    }
    return COLEY_OK;
}

static int is_plain(piece allele)
{
    for (size_t i = 0; i < allele.n; i++)
        if (!isalpha((unsigned char)allele.text[i])) return 0;
    return allele.n > 0;
}

static coley_status count_allele(vcf_reader *r, size_t allele, coley_error *err)
{
    coley_tmb *tmb = r->report->tmb;
    const coley_tmb_options *o = r->report->options;
    if (r->tumour != SIZE_MAX && !carries(r, allele)) {
        tmb->n_left_out[COLEY_TMB_ABSENT]++;
        return COLEY_OK;
    }
    /* Effects take long to read, and reads as well: first what can leave the variant out, the rest for those that
     * count. */
    const int reads_first = !isnan(o->min_depth) || !isnan(o->min_fraction);
    coley_tmb_variant v = {.depth = NAN, .fraction = NAN, .frequency = NAN};
    if (reads_first) {
        v.depth = depth_of(r);
        v.fraction = fraction_of(r, allele);
    }
    if (!isnan(o->max_frequency)) {
        v.frequency = frequency_of(r, allele);
        COLEY_TRY(take_effects(r, allele, &v, err));
    }
    if (reads_first || !isnan(o->max_frequency)) {
        const coley_tmb_reason reason = coley_tmb_judge_reads(tmb, o, &v);
        if (reason != COLEY_TMB_REASONS) {
            tmb->n_left_out[reason]++;
            return COLEY_OK;
        }
    }
    if (isnan(o->max_frequency)) COLEY_TRY(take_effects(r, allele, &v, err));
    if (!reads_first && (!o->definition->counted || (v.effects & o->definition->counted))) {
        v.depth = depth_of(r);
        v.fraction = fraction_of(r, allele);
    }
    return coley_tmb_judge_effect(r->arena, tmb, o, &v, err);
}

static coley_status count_record(vcf_reader *r, coley_error *err)
{
    coley_tmb *tmb = r->report->tmb;
    const coley_tmb_options *o = r->report->options;
    COLEY_TRY(cut_alleles(r, err));
    if (r->n_alleles == 2 && (is(r->allele[1], ".") || !is_plain(r->allele[1]))) return COLEY_OK;
    const size_t n = r->n_alleles - 1;
    const int no_filter = is(r->column[FILTER], ".");
    tmb->n_variants += n;
    if (!o->any_filter && !no_filter && !is(r->column[FILTER], "PASS")) {
        tmb->n_left_out[COLEY_TMB_FILTER] += n;
        return COLEY_OK;
    }
    if (no_filter) tmb->n_unfiltered += n;
    if (o->target && !coley_target_holds(r->target, r->position - 1, &r->target_at)) {
        tmb->n_left_out[COLEY_TMB_TARGET] += n;
        return COLEY_OK;
    }
    memset(r->value, 0, sizeof r->value);
    if (r->tumour != SIZE_MAX) {
        COLEY_TRY(learn_format(r, err));
        split_sample(r);
    }
    if (!is_somatic(r)) {
        tmb->n_left_out[COLEY_TMB_GERMLINE] += n;
        return COLEY_OK;
    }
    for (size_t a = 1; a <= n; a++) {
        if (is_plain(r->allele[a]))
            COLEY_TRY(count_allele(r, a, err));
        else
            tmb->n_variants--;
    }
    return COLEY_OK;
}

/* Targets and file name their contigs alike, or no variant would be inside. */
static coley_status check_contigs(vcf_reader *r, coley_error *err)
{
    const coley_target *target = r->report->options->target;
    size_t shared = 0;
    for (size_t i = 0; target && i < r->n_contigs; i++)
        shared += coley_target_find(target, r->seen[i], strlen(r->seen[i])) != NULL;
    if (!target || shared || !r->n_contigs) return COLEY_OK;
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = target->file}),
                         "names none of the contigs of the variants (%.60s, ...); is it of another genome?",
                         r->seen[0]);
}

coley_status coley_vcf_count(coley_arena *arena, coley_lines *lines, coley_tmb_report *report, coley_error *err)
{
    vcf_reader r = {.arena = arena, .lines = lines, .report = report, .header = {.arena = arena}};
    char *line;
    size_t length;
    COLEY_TRY(read_header(&r, err));
    static const char *const from[] = {NULL, "CSQ of the file", "ANN of the file", "BCSQ of the file"};
    report->effects_from = r.annotation.annotator    ? from[r.annotation.annotator]
                           : report->options->codons ? "own codon caller"
                                                     : NULL;
    for (;;) {
        COLEY_TRY(coley_lines_next(lines, &line, &length, err));
        if (!line) break;
        if (!length) continue;
        report->n_records++;
        COLEY_TRY(cut_columns(&r, line, length, err));
        COLEY_TRY(read_place(&r, err));
        COLEY_TRY(count_record(&r, err));
    }
    return check_contigs(&r, err);
}
