/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tmb.c -- one judgement for variants of every format, and what a count says. */
#include "assay/tmb.h"

#include "assay/maf.h"
#include "assay/vcf.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const coley_tmb_reason_words[COLEY_TMB_REASONS] = {
#define COLEY_TMB_REASON_WORDS(name, words) words,
    COLEY_TMB_REASON_LIST(COLEY_TMB_REASON_WORDS)
#undef COLEY_TMB_REASON_WORDS
};

coley_tmb *coley_tmb_sample(coley_arena *arena, coley_tmb_report *report, const char *name, size_t length)
{
    if (!COLEY_RESERVE(arena, report->tmb, report->cap, report->n + 1)) return NULL;
    coley_tmb *tmb = &report->tmb[report->n];
    *tmb = (coley_tmb){
        .sample = coley_arena_text(arena, name, length), .megabases = NAN, .per_Mb = NAN, .low = NAN, .high = NAN};
    if (!tmb->sample) return NULL;
    report->n++;
    return tmb;
}

coley_status coley_tmb_caution(coley_arena *arena, coley_tmb_report *report, coley_error *err, const char *format, ...)
{
    char text[700];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *copy = coley_arena_text(arena, text, strlen(text));
    if (!copy || !COLEY_RESERVE(arena, report->caution, report->cap_cautions, report->n_cautions + 1))
        return COLEY_FAIL_MEMORY(err);
    report->caution[report->n_cautions++] = copy;
    return COLEY_OK;
}

/* ---- one variant ------------------------------------------------------------------------------------------------- */

coley_tmb_reason coley_tmb_judge_reads(coley_tmb *tmb, const coley_tmb_options *o, const coley_tmb_variant *v)
{
    if (isnan(v->depth)) tmb->n_no_depth++;
    if (isnan(v->fraction)) tmb->n_no_fraction++;
    if (!isnan(o->min_depth) && !(v->depth >= o->min_depth)) return COLEY_TMB_DEPTH;
    if (!isnan(o->min_fraction) && !(v->fraction >= o->min_fraction)) return COLEY_TMB_FRACTION;
    if (!isnan(o->max_frequency) && v->frequency > o->max_frequency) return COLEY_TMB_POPULATION;
    return COLEY_TMB_REASONS;
}

coley_status coley_tmb_judge_effect(coley_arena *arena, coley_tmb *tmb, const coley_tmb_options *o,
                                    const coley_tmb_variant *v, coley_error *err)
{
    const coley_effects counted = o->definition->counted;
    if (counted && !(v->effects & counted)) {
        tmb->n_left_out[COLEY_TMB_EFFECT]++;
        return COLEY_OK;
    }
    if (o->drivers &&
        coley_drivers_hold(o->drivers, v->gene, v->gene_length, v->protein, v->protein_length, v->effects)) {
        tmb->n_left_out[COLEY_TMB_DRIVER]++;
        return COLEY_OK;
    }
    tmb->n_eligible++;
    tmb->n_by_effect[coley_effects_worst(counted ? v->effects & counted : v->effects)]++;
    if (!COLEY_RESERVE(arena, tmb->reads, tmb->cap_reads, tmb->n_reads + 1)) return COLEY_FAIL_MEMORY(err);
    tmb->reads[tmb->n_reads++] = (coley_tmb_reads){(float)v->fraction, (float)v->depth};
    return COLEY_OK;
}

/* ---- what a count says ------------------------------------------------------------------------------------------- */

static void conclude(const coley_tmb_report *report, coley_tmb *tmb)
{
    const coley_tmb_options *o = report->options;
    if (isnan(tmb->megabases)) {
        tmb->megabases = !isnan(o->megabases) ? o->megabases : o->target ? o->target->megabases : NAN;
        tmb->denominator = o->denominator;
    }
    tmb->call = COLEY_TMB_CANNOT_TELL;
    if (o->definition->counted && !report->effects_from) {
        tmb->reason = "no effects of variants are in the file: annotate it (VEP, SnpEff or bcftools csq), or give "
                      "--gff and --reference";
        return;
    }
    if (!isnan(tmb->megabases)) {
        const coley_interval interval = coley_poisson_interval((double)tmb->n_eligible, 0.95);
        tmb->per_Mb = (double)tmb->n_eligible / tmb->megabases;
        tmb->low = interval.low / tmb->megabases;
        tmb->high = interval.high / tmb->megabases;
    }
    if (isnan(tmb->megabases))
        tmb->reason = "how much was sequenced is not known: give --targets, --megabases or --panel";
    else if (tmb->n_variants && tmb->n_left_out[COLEY_TMB_FILTER] == tmb->n_variants)
        tmb->reason = "every variant failed the caller's filters; look at the sample, or count them with --any-filter";
    else if (!o->definition->counted)
        tmb->reason = "every variant was counted, and the cut-off is for coding ones";
    else if (!isnan(o->min_depth) && tmb->n_variants && tmb->n_no_depth == tmb->n_variants)
        tmb->reason = "a depth was asked for, and no variant of the file has one";
    else if (!isnan(o->min_fraction) && tmb->n_variants && tmb->n_no_fraction == tmb->n_variants)
        tmb->reason = "an allele fraction was asked for, and no variant of the file has one";
    else
        tmb->call = tmb->per_Mb >= o->facts->cutoff_per_Mb ? COLEY_TMB_HIGH : COLEY_TMB_LOW;
}

static coley_status add_cautions(coley_arena *arena, coley_tmb_report *report, coley_error *err)
{
    const coley_tmb_options *o = report->options;
    uint64_t unfiltered = 0, repeated = 0, unknown = 0;
    double least = INFINITY;
    for (size_t i = 0; i < report->n; i++) {
        unfiltered += report->tmb[i].n_unfiltered;
        repeated += report->tmb[i].n_repeated;
        unknown += report->tmb[i].n_unknown_word;
        least = fmin(least, report->tmb[i].megabases);
    }
    if (unfiltered && !o->any_filter)
        COLEY_TRY(coley_tmb_caution(arena, report, err,
                                    "%llu variants have no filter set ('.'); they were taken as passing",
                                    (unsigned long long)unfiltered));
    if (repeated && !o->unique)
        COLEY_TRY(
            coley_tmb_caution(arena, report, err,
                              "%llu eligible variants are named twice, mostly for two transcripts of a gene, and count "
                              "twice; --unique counts each once",
                              (unsigned long long)repeated));
    if (unknown)
        COLEY_TRY(coley_tmb_caution(
            arena, report, err, "%llu variants have a classification that no MAF should have; they were not counted",
            (unsigned long long)unknown));
    if (report->tumour_only && isnan(o->max_frequency))
        COLEY_TRY(coley_tmb_caution(arena, report, err,
                                    "one sample only: if there was no matched normal, germline variants make this read "
                                    "too high; --max-frequency leaves out what is common in the population"));
    if (least < o->facts->least_megabases)
        COLEY_TRY(coley_tmb_caution(arena, report, err, "%g Mb is little: below %g Mb, panels do not agree well (%s)",
                                    least, o->facts->least_megabases, o->facts->least_source));
    if (o->panels || (o->denominator && !strncmp(o->denominator, "panel", 5)))
        COLEY_TRY(
            coley_tmb_caution(arena, report, err,
                              "a panel's TMB is on its own scale: genes are chosen for their mutations, so that it "
                              "reads higher than an exome's; no calibration was applied"));
    return COLEY_OK;
}

/* ---- a table of sample and panel --------------------------------------------------------------------------------- */

static coley_status read_panels(coley_arena *arena, coley_tmb_report *report, coley_lines *lines, coley_error *err)
{
    const coley_tmb_options *o = report->options;
    char *line;
    size_t length, at = 0;
    COLEY_TRY(coley_lines_next(lines, &line, &length, err)); /* the header */
    for (;;) {
        COLEY_TRY(coley_lines_next(lines, &line, &length, err));
        if (!line) return COLEY_OK;
        if (!*line) continue;
        const size_t n_sample = strcspn(line, "\t"), n_panel = line[n_sample] ? strcspn(line + n_sample + 1, "\t") : 0;
        if (!n_sample || !n_panel)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(lines),
                                 "has no two columns; a table of panels has the sample and its panel, parted by a tab");
        const char *name = coley_arena_text(arena, line + n_sample + 1, n_panel);
        const coley_tmb_panel *panel;
        if (!name) return COLEY_FAIL_MEMORY(err);
        coley_error why = {0};
        if (coley_tmb_panel_find(o->facts, name, &panel, &why) != COLEY_OK)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(lines), "%s", why.text);
        if (o->sample && (strncmp(o->sample, line, n_sample) || o->sample[n_sample])) continue;
        coley_tmb *tmb = NULL;
        for (size_t k = 0; k < report->n && !tmb; k++) { /* mostly in one order: go on from the last */
            coley_tmb *other = &report->tmb[(at + k) % report->n];
            if (!strncmp(other->sample, line, n_sample) && !other->sample[n_sample]) {
                tmb = other;
                at = (at + k + 1) % report->n;
            }
        }
        if (!tmb && !(tmb = coley_tmb_sample(arena, report, line, n_sample))) return COLEY_FAIL_MEMORY(err);
        tmb->megabases = panel->megabases;
        tmb->denominator = coley_arena_printf(arena, "panel %s", panel->name);
        if (!tmb->denominator) return COLEY_FAIL_MEMORY(err);
    }
}

static coley_status take_panels(coley_arena *arena, coley_tmb_report *report, coley_error *err)
{
    coley_lines *lines;
    if (!report->options->panels) return COLEY_OK;
    COLEY_TRY(coley_lines_open(arena, report->options->panels, &lines, err));
    const coley_status status = read_panels(arena, report, lines, err);
    coley_lines_close(lines);
    return status;
}

coley_status coley_tmb_count(coley_arena *arena, coley_lines *lines, const coley_tmb_options *options,
                             coley_tmb_report *report, coley_error *err)
{
    char *line;
    size_t length;
    *report = (coley_tmb_report){.file = coley_lines_place(lines).file, .options = options};
    do COLEY_TRY(coley_lines_next(lines, &line, &length, err));
    while (line && !*line);
    if (!line)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = report->file}),
                             "is empty; variants are read from VCF, BCF or MAF");
    if (!strncmp(line, "##fileformat=VCF", 16)) {
        report->format = COLEY_TMB_VCF;
        COLEY_TRY(coley_vcf_count(arena, lines, report, err));
    } else {
        report->format = COLEY_TMB_MAF;
        COLEY_TRY(coley_maf_count(arena, lines, line, length, report, err));
    }
    COLEY_TRY(take_panels(arena, report, err));
    if (!report->n)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = report->file}),
                             options->sample ? "has no variant of the sample '%s'" : "has no variants%s",
                             options->sample ? options->sample : "");
    for (size_t i = 0; i < report->n; i++) conclude(report, &report->tmb[i]);
    return add_cautions(arena, report, err);
}

coley_status coley_tmb_run(coley_arena *arena, const char *path, const coley_tmb_options *options,
                           coley_tmb_report *report, coley_error *err)
{
    coley_lines *lines;
    COLEY_TRY(coley_lines_open(arena, path, &lines, err));
    const coley_status status = coley_tmb_count(arena, lines, options, report, err);
    coley_lines_close(lines);
    return status;
}
