/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_run.c -- reads the files of coley assay msi, judges, and lays the answer out. */
#include "run/msi_run.h"

#include <math.h>
#include <string.h>

#include "assay/msi_indels.h"
#include "assay/msi_lengths.h"
#include "base/data.h"
#include "base/table.h"
#include "io/emit.h"

/* Everything that one answer is made of. */
typedef struct answer {
    coley_msi_facts facts;
    coley_msi_options options;
    coley_sites sites;
    coley_length_table table;
    coley_msi_counts tumour, normal;
    coley_msi_site *site;
    coley_msi_result result;
} answer;

static coley_status prepare(coley_arena *arena, const coley_msi_request *q, answer *a, coley_error *err)
{
    const char *catalog;
    *a = (answer){0};
    COLEY_TRY(coley_data_path(arena, "catalog", &catalog, err));
    COLEY_TRY(coley_msi_facts_read(arena, catalog, &a->facts, err));
    const coley_msi_facts *f = &a->facts;
    a->options =
        (coley_msi_options){.test = q->test,
                            .coverage = isnan(q->coverage) ? f->coverage : q->coverage,
                            .fdr = isnan(q->fdr) ? f->fdr : q->fdr,
                            .distance = isnan(q->distance) ? 0 : q->distance,
                            .purity = q->purity,
                            .least_normals = (int64_t)(isnan(q->least_normals) ? f->normals : q->least_normals)};
    if (a->options.coverage < 1) a->options.coverage = 1;
    return COLEY_OK;
}

static coley_msi_count_options how(const coley_msi_request *q)
{
    return (coley_msi_count_options){.reference = q->reference,
                                     .n_threads = q->n_threads,
                                     .reads = q->reads,
                                     .skip_missing = q->skip_missing,
                                     .progress = q->progress};
}

/* ---- tables of sites --------------------------------------------------------------------------------------------- */

static void add_lengths(coley_text *text, const coley_lengths *l)
{
    for (uint32_t i = 0; i < l->n_kinds; i++)
        coley_text_addf(text, "%s%u:%u", i ? "," : "", l->kind[i].units, l->kind[i].reads);
    if (!l->n_kinds) coley_text_addf(text, "-");
}

static void add_number(coley_text *text, double x, int known)
{
    if (known && !isnan(x))
        coley_text_addf(text, "\t%.6g", x);
    else
        coley_text_addf(text, "\t-");
}

static void add_site(coley_text *text, const coley_msi_site *s, const coley_lengths *tumour,
                     const coley_lengths *normal)
{
    const int paired = normal && s->judged;
    coley_text_addf(text, "\t%u", tumour->n_reads);
    if (normal)
        coley_text_addf(text, "\t%u\t", normal->n_reads);
    else
        coley_text_addf(text, "\t-\t");
    add_lengths(text, tumour);
    coley_text_addf(text, "\t");
    if (normal)
        add_lengths(text, normal);
    else
        coley_text_addf(text, "-");
    add_number(text, s->test.distance, paired);
    add_number(text, s->test.chi2_p, paired);
    add_number(text, s->test.ks_d, paired);
    add_number(text, s->test.ks_p, paired);
    add_number(text, s->q, paired);
    add_number(text, s->deleted, 1);
    coley_text_addf(text, "\t%s\n", !s->judged ? "-" : s->unstable ? "yes" : "no");
}

static const char columns[] =
    "tumour_reads\tnormal_reads\ttumour_lengths\tnormal_lengths\tdistance\tchi2_p\tks_d\tks_p\t"
    "fdr\tdeleted\tunstable\n";

static void add_site_table(const answer *a, const coley_lengths *tumour, const coley_lengths *normal, coley_text *text)
{
    const int by_place = a->sites.n != 0;
    coley_text_addf(text, "%s\t%s", by_place ? "chromosome\tlocation\trepeat_times\trepeat_unit_bases" : "site",
                    columns);
    for (size_t i = 0; i < a->result.n_sites; i++) {
        coley_site_row row;
        if (by_place) {
            coley_site_row_of(&a->sites, &a->sites.site[i], &row);
            coley_text_addf(text, "%s\t%lld\t%lld\t%s", row.contig, (long long)row.position, (long long)row.units,
                            row.unit);
        } else {
            coley_text_addf(text, "%s", a->table.name[i]);
        }
        add_site(text, &a->site[i], &tumour[i], normal ? &normal[i] : NULL);
    }
}

/* ---- the report -------------------------------------------------------------------------------------------------- */

static void say(const answer *a, coley_text *text)
{
    const coley_msi_result *r = &a->result;
    static const char *const modes[] = {"tumour against its normal", "tumour alone, against thresholds from normals",
                                        "tumour alone"};
    coley_text_addf(text, "microsatellites  %s\n", coley_msi_call_name(r->call));
    coley_text_addf(text, "because          %s\n", r->reason);
    coley_text_addf(text, "compared         %s\n", modes[r->mode]);
    if (r->n_judged)
        coley_text_addf(text, "score            %.2f %% (95 %% interval %.2f to %.2f %%), %zu of %zu judged sites\n",
                        r->score_pct, r->low95_pct, r->high95_pct, r->n_unstable, r->n_judged);
    coley_text_addf(text, "definition       %s\n", r->definition);
    coley_text_addf(text, "out of           %s\n", r->denominator);
    if (r->cutoff)
        coley_text_addf(text, "cut-off          %s: MSI-H from %g %%, MSS below %g %% (%s)\n", r->cutoff->name,
                        r->cutoff->high_pct, r->cutoff->low_pct, r->cutoff->source);
    if (r->n_judged) {
        coley_text_addf(text, "reads a site     %.1f in the tumour", r->tumour_reads);
        if (r->mode == COLEY_MSI_PAIRED) coley_text_addf(text, ", %.1f in the normal", r->normal_reads);
        coley_text_addf(text, "\n");
    }
    coley_text_addf(text, "reads counted    %s\n", r->filters);
    if (a->tumour.n_reads)
        coley_text_addf(text, "reads            %llu, %llu left out%s%s\n", (unsigned long long)a->tumour.n_reads,
                        (unsigned long long)a->tumour.n_left_out, a->normal.n_reads ? " (tumour)" : "",
                        a->tumour.indexed ? "" : "; no index that is newer than the file: read from end to end");
    if (!isnan(r->recognised))
        coley_text_addf(text, "flanks found     in %.1f %% of the reads that lie over a site\n", 100 * r->recognised);
    if (r->n_missing_sites)
        coley_text_addf(text, "missing          %zu sites on contigs that the file lacks\n", r->n_missing_sites);
    coley_text_addf(text, "would change it  %s\n", r->would_change);
    if (r->caution) coley_text_addf(text, "caution          %s\n", r->caution);
    coley_text_addf(text, "For research and teaching; no medical advice.\n");
}

static void emit(const answer *a, coley_text *text)
{
    const coley_msi_result *r = &a->result;
    static const char *const modes[] = {"paired", "baseline", "alone"};
    coley_emit e = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "assay", "msi");
    coley_emit_text(&e, "call", coley_msi_call_name(r->call));
    coley_emit_text(&e, "reason", r->reason);
    coley_emit_text(&e, "mode", modes[r->mode]);
    coley_emit_number(&e, "score_pct", r->score_pct);
    coley_emit_number(&e, "low95_pct", r->low95_pct);
    coley_emit_number(&e, "high95_pct", r->high95_pct);
    coley_emit_integer(&e, "sites", (int64_t)r->n_sites);
    coley_emit_integer(&e, "sites_judged", (int64_t)r->n_judged);
    coley_emit_integer(&e, "sites_unstable", (int64_t)r->n_unstable);
    coley_emit_integer(&e, "sites_missing", (int64_t)r->n_missing_sites);
    coley_emit_number(&e, "tumour_reads_a_site", r->n_judged ? r->tumour_reads : NAN);
    coley_emit_number(&e, "normal_reads_a_site", r->mode == COLEY_MSI_PAIRED && r->n_judged ? r->normal_reads : NAN);
    coley_emit_number(&e, "flanks_found", r->recognised);
    coley_emit_text(&e, "definition", r->definition);
    coley_emit_text(&e, "denominator", r->denominator);
    coley_emit_text(&e, "filters", r->filters);
    coley_emit_text(&e, "would_change", r->would_change);
    coley_emit_text(&e, "caution", r->caution);
    coley_emit_map(&e, "cutoff");
    coley_emit_text(&e, "name", r->cutoff ? r->cutoff->name : NULL);
    coley_emit_number(&e, "high_pct", r->cutoff ? r->cutoff->high_pct : NAN);
    coley_emit_number(&e, "low_pct", r->cutoff ? r->cutoff->low_pct : NAN);
    coley_emit_text(&e, "source", r->cutoff ? r->cutoff->source : NULL);
    coley_emit_end(&e);
    coley_emit_end(&e);
}

static coley_status lay_out(const coley_msi_request *q, const answer *a, const coley_lengths *tumour,
                            const coley_lengths *normal, coley_text *text, coley_error *err)
{
    if (q->site_table) add_site_table(a, tumour, normal, q->site_table);
    if (q->json_report) emit(a, q->json_report);
    if (q->json)
        emit(a, text);
    else
        say(a, text);
    return text->failed || (q->json_report && q->json_report->failed) || (q->site_table && q->site_table->failed)
               ? COLEY_FAIL_MEMORY(err)
               : COLEY_OK;
}

/* ---- from reads -------------------------------------------------------------------------------------------------- */

static coley_status read_panel(coley_arena *arena, const coley_msi_request *q, answer *a, coley_error *err)
{
    const coley_msi_count_options options = how(q);
    coley_msi_baseline baseline;
    COLEY_TRY(coley_msi_baseline_begin(arena, a->sites.n, &baseline, err));
    for (size_t i = 0; i < q->n_panel; i++) {
        coley_arena *own = coley_arena_create(); /* so that memory does not grow with the panel */
        coley_msi_counts counts;
        const coley_status status =
            own ? coley_msi_count(own, q->panel[i], &a->sites, &options, &counts, err) : COLEY_FAIL_MEMORY(err);
        if (status == COLEY_OK) coley_msi_baseline_add(&baseline, &a->sites, counts.site, a->options.coverage);
        coley_arena_destroy(own);
        COLEY_TRY(status);
    }
    a->sites.n_thresholds = 0;
    for (size_t i = 0; i < a->sites.n; i++) {
        a->sites.site[i].threshold = (float)coley_msi_baseline_threshold(&baseline, i);
        a->sites.site[i].support = baseline.support[i];
        a->sites.n_thresholds += baseline.support[i] > 0;
    }
    return COLEY_OK;
}

static coley_status print_baseline(const answer *a, coley_text *text, coley_error *err)
{
    coley_text_addf(text, "%s", coley_sites_heading);
    for (size_t i = 0; i < a->sites.n; i++) {
        const coley_site *s = &a->sites.site[i];
        coley_site_row row;
        coley_site_row_of(&a->sites, s, &row);
        if (!s->support) continue;
        coley_text_addf(text, "%s\t%lld\t%u\t%lld\t%s\t%s\t%s\t%.6g\t%d\t%s\n", row.contig, (long long)row.position,
                        s->unit_length, (long long)row.units, row.unit, row.left, row.right, (double)s->threshold,
                        s->support, s->support >= a->options.least_normals ? "PASS" : "LowSupportSamples");
    }
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

static coley_status judge_reads(coley_arena *arena, const coley_msi_request *q, answer *a, coley_error *err)
{
    const coley_msi_count_options options = how(q);
    COLEY_TRY(coley_msi_count(arena, q->bam, &a->sites, &options, &a->tumour, err));
    if (q->normal) COLEY_TRY(coley_msi_count(arena, q->normal, &a->sites, &options, &a->normal, err));
    const coley_msi_mode mode = q->normal               ? COLEY_MSI_PAIRED
                                : a->sites.n_thresholds ? COLEY_MSI_BASELINE
                                                        : COLEY_MSI_ALONE;
    if (mode != COLEY_MSI_ALONE) COLEY_TRY(coley_msi_cutoff_find(&a->facts, q->cutoff, mode, &a->options.cutoff, err));
    const double spanning = (double)a->tumour.n_spanning;
    const coley_msi_input input = {
        .n = a->sites.n,
        .tumour = a->tumour.site,
        .normal = q->normal ? a->normal.site : NULL,
        .sites = &a->sites,
        .n_missing_sites = a->tumour.n_missing_sites,
        .recognised = spanning > 0 ? (double)a->tumour.n_recognised / spanning : NAN,
        .marked = a->tumour.n_reads ? (double)a->tumour.n_marked / (double)a->tumour.n_reads : 0,
        .filters = q->reads == COLEY_MSI_READS_NEAR
                       ? "all mapped reads that start within 110 bases of a site, duplicates too (as MSIsensor-pro)"
                       : "reads over a site; no duplicates, secondary, supplementary or failed ones"};
    if (!(a->site = COLEY_NEW(arena, coley_msi_site, a->sites.n))) return COLEY_FAIL_MEMORY(err);
    return coley_msi_judge(arena, &input, &a->facts, &a->options, a->site, &a->result, err);
}

static coley_status run_reads(coley_arena *arena, const coley_msi_request *q, answer *a, coley_text *text,
                              coley_error *err)
{
    if (!q->sites)
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "reads need a table of sites (--sites); coley assay sites makes one");
    COLEY_TRY(coley_sites_read(arena, q->sites, &a->sites, err));
    if (q->n_panel) COLEY_TRY(read_panel(arena, q, a, err));
    if (!q->bam) return print_baseline(a, text, err);
    COLEY_TRY(judge_reads(arena, q, a, err));
    return lay_out(q, a, a->tumour.site, q->normal ? a->normal.site : NULL, text, err);
}

coley_status coley_msi_from_reads(coley_arena *arena, const coley_msi_request *q, coley_msi_result *result,
                                  coley_error *err)
{
    answer *a = COLEY_NEW(arena, answer, 1);
    if (!a) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(prepare(arena, q, a, err));
    COLEY_TRY(coley_sites_read(arena, q->sites, &a->sites, err));
    if (q->n_panel) COLEY_TRY(read_panel(arena, q, a, err));
    COLEY_TRY(judge_reads(arena, q, a, err));
    *result = a->result;
    return COLEY_OK;
}

/* ---- from lengths ------------------------------------------------------------------------------------------------ */

static coley_status run_lengths(coley_arena *arena, const coley_msi_request *q, answer *a, coley_text *text,
                                coley_error *err)
{
    COLEY_TRY(coley_length_table_read(arena, q->lengths, &a->table, err));
    COLEY_TRY(coley_msi_cutoff_find(&a->facts, q->cutoff, COLEY_MSI_PAIRED, &a->options.cutoff, err));
    const coley_msi_input input = {.n = a->table.n,
                                   .tumour = a->table.tumour,
                                   .normal = a->table.normal,
                                   .recognised = NAN,
                                   .filters = "those of the table"};
    if (!(a->site = COLEY_NEW(arena, coley_msi_site, a->table.n))) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_msi_judge(arena, &input, &a->facts, &a->options, a->site, &a->result, err));
    return lay_out(q, a, a->table.tumour, a->table.normal, text, err);
}

/* ---- from variants ----------------------------------------------------------------------------------------------- */

static coley_msi_call call_indels(const answer *a, const coley_msi_request *q, const coley_indel_sample *s,
                                  double *per_Mb, const coley_msi_indel_cutoff **cutoff)
{
    *cutoff = NULL;
    *per_Mb = (double)s->n_in_repeats / q->megabases;
    for (size_t i = 0; i < a->facts.n_indel_cutoffs && !*cutoff; i++)
        if (q->megabases >= a->facts.indel_cutoff[i].least_megabases) *cutoff = &a->facts.indel_cutoff[i];
    if (!*cutoff || !s->n_variants) return COLEY_MSI_CANNOT_TELL;
    return *per_Mb > (*cutoff)->per_Mb ? COLEY_MSI_HIGH : COLEY_MSI_MSS;
}

static const char fallback[] =
    "A fallback from variants, no test of microsatellites: callers lose indels in repeats, each in its "
    "own way. Use reads where there are any.";

static void emit_indels(const answer *a, const coley_msi_request *q, const coley_indel_counts *c, coley_text *text)
{
    coley_emit e = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "assay", "msi");
    coley_emit_flag(&e, "fallback", 1);
    coley_emit_text(&e, "note", fallback);
    coley_emit_number(&e, "megabases", q->megabases);
    coley_emit_list(&e, "samples");
    for (size_t i = 0; i < c->n; i++) {
        const coley_indel_sample *s = &c->sample[i];
        const coley_msi_indel_cutoff *cutoff;
        double per_Mb, low, high;
        const coley_msi_call call = call_indels(a, q, s, &per_Mb, &cutoff);
        coley_wilson_95((double)s->n_in_repeats, (double)s->n_variants, &low, &high);
        coley_emit_map(&e, NULL);
        coley_emit_text(&e, "sample", s->name);
        coley_emit_text(&e, "call", coley_msi_call_name(call));
        coley_emit_integer(&e, "variants", (int64_t)s->n_variants);
        coley_emit_integer(&e, "indels", (int64_t)s->n_indels);
        coley_emit_integer(&e, "indels_in_repeats", (int64_t)s->n_in_repeats);
        coley_emit_number(&e, "fraction", s->n_variants ? (double)s->n_in_repeats / (double)s->n_variants : NAN);
        coley_emit_number(&e, "low95", low);
        coley_emit_number(&e, "high95", high);
        coley_emit_number(&e, "per_Mb", per_Mb);
        coley_emit_number(&e, "cutoff_per_Mb", cutoff ? cutoff->per_Mb : NAN);
        coley_emit_text(&e, "cutoff_source", cutoff ? cutoff->source : NULL);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_end(&e);
}

static void say_indels(coley_arena *arena, const answer *a, const coley_msi_request *q, const coley_indel_counts *c,
                       coley_text *text)
{
    static const char *const heading[] = {"sample",   "call", "variants", "indels", "in repeats",
                                          "fraction", "low",  "high",     "per Mb"};
    const coley_msi_indel_cutoff *cutoff = NULL;
    coley_table table = coley_table_begin(arena, heading, 9);
    for (size_t i = 0; i < c->n; i++) {
        const coley_indel_sample *s = &c->sample[i];
        double per_Mb, low, high;
        const coley_msi_call call = call_indels(a, q, s, &per_Mb, &cutoff);
        coley_wilson_95((double)s->n_in_repeats, (double)s->n_variants, &low, &high);
        coley_table_add(&table, "%s", s->name);
        coley_table_add(&table, "%s", coley_msi_call_name(call));
        coley_table_add(&table, "%zu", s->n_variants);
        coley_table_add(&table, "%zu", s->n_indels);
        coley_table_add(&table, "%zu", s->n_in_repeats);
        if (s->n_variants)
            coley_table_add(&table, "%.4f", (double)s->n_in_repeats / (double)s->n_variants);
        else
            coley_table_add(&table, "-");
        coley_table_add(&table, "%.4f", low);
        coley_table_add(&table, "%.4f", high);
        if (isnan(per_Mb))
            coley_table_add(&table, "-");
        else
            coley_table_add(&table, "%.3f", per_Mb);
    }
    coley_table_draw(&table, text);
    coley_text_addf(
        text, "\nfraction: indels of whole units in the listed repeats, of all variants, with its 95 %% interval\n");
    if (cutoff)
        coley_text_addf(text, "call: more than %g of them per Mb (%s)\n", cutoff->per_Mb, cutoff->source);
    else
        coley_text_addf(
            text, "call: cannot tell: published cut-offs are per megabase, of 20 Mb and more; say over how many the "
                  "variants were called (--megabases)\n");
    if (c->n_filtered) coley_text_addf(text, "left out: %zu records whose FILTER is not PASS\n", c->n_filtered);
    if (c->n_elsewhere) coley_text_addf(text, "outside: %zu indels on contigs without a site\n", c->n_elsewhere);
    coley_text_addf(text, "%s\n", fallback);
}

static coley_status run_variants(coley_arena *arena, const coley_msi_request *q, answer *a, coley_text *text,
                                 coley_error *err)
{
    coley_indel_counts counts;
    if (!q->sites)
        return COLEY_FAIL(
            err, COLEY_ERR_USAGE,
            "variants need a table of sites (--sites): coley assay sites --min-homopolymer 5 --min-repeats 4 "
            "--max-unit 4 makes the one that the cut-off is for");
    COLEY_TRY(coley_sites_read(arena, q->sites, &a->sites, err));
    COLEY_TRY(coley_indels_read(arena, q->variants, &a->sites, &counts, err));
    if (q->json)
        emit_indels(a, q, &counts, text);
    else
        say_indels(arena, a, q, &counts, text);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

coley_status coley_msi_run(coley_arena *arena, const coley_msi_request *q, coley_text *text, coley_error *err)
{
    const int n = (q->bam || q->n_panel) + (q->lengths != NULL) + (q->variants != NULL);
    answer *a = COLEY_NEW(arena, answer, 1);
    if (!a) return COLEY_FAIL_MEMORY(err);
    if (n != 1)
        return COLEY_FAIL(err, COLEY_ERR_USAGE,
                          "give one of --bam (or --panel alone, for thresholds), --lengths, and --vcf or --maf");
    if (q->normal && (!q->bam || q->n_panel))
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--normal goes with --bam, and not with --panel");
    COLEY_TRY(prepare(arena, q, a, err));
    if (q->lengths) return run_lengths(arena, q, a, text, err);
    return q->variants ? run_variants(arena, q, a, text, err) : run_reads(arena, q, a, text, err);
}
