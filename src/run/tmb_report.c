/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tmb_report.c -- every number with its denominator, definition, filters and what would change it. */
#include "run/tmb_report.h"

#include <math.h>
#include <string.h>

#include "base/table.h"

/* ---- the request ------------------------------------------------------------------------------------------------- */

static coley_status find_denominator(coley_arena *arena, const coley_tmb_request *request, coley_tmb_options *o,
                                     coley_error *err)
{
    const int n = (request->targets != NULL) + (request->panel != NULL) + (request->panels != NULL);
    if (n + !isnan(request->megabases) > 1 && !(request->targets && !isnan(request->megabases) && n == 1))
        return COLEY_FAIL(
            err, COLEY_ERR_ARG,
            "say how much was sequenced once: --targets, --megabases, --panel or --panels (--megabases with "
            "--targets: variants inside the targets, over that many megabases)");
    if (request->targets) {
        coley_target *target = COLEY_NEW(arena, coley_target, 1);
        if (!target) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_target_read(arena, request->targets, target, err));
        o->target = target;
        o->denominator = coley_arena_printf(arena, "targets of %s", request->targets);
    }
    if (request->panel) {
        const coley_tmb_panel *panel;
        COLEY_TRY(coley_tmb_panel_find(o->facts, request->panel, &panel, err));
        o->megabases = panel->megabases;
        o->denominator = coley_arena_printf(arena, "panel %s", panel->name);
    }
    if (!isnan(request->megabases)) {
        o->megabases = request->megabases;
        o->denominator = "given by hand";
    }
    return o->denominator || (!request->targets && !request->panel) ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static coley_status find_drivers(coley_arena *arena, const coley_tmb_request *request, coley_tmb_options *o,
                                 coley_error *err)
{
    const char *path = request->drivers;
    if (!path) return COLEY_OK;
    if (!strcmp(path, "default")) path = coley_arena_printf(arena, "%s/assays/drivers.tsv", request->catalog);
    coley_drivers *drivers = COLEY_NEW(arena, coley_drivers, 1);
    if (!drivers || !path) return COLEY_FAIL_MEMORY(err);
    o->drivers = drivers;
    return coley_drivers_read(arena, path, drivers, err);
}

coley_status coley_tmb_of_request(coley_arena *arena, const coley_tmb_request *request, coley_tmb_report *report,
                                  coley_error *err)
{
    coley_tmb_options *o = COLEY_NEW(arena, coley_tmb_options, 1);
    coley_tmb_facts *facts = COLEY_NEW(arena, coley_tmb_facts, 1);
    if (!o || !facts) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_tmb_facts_read(arena, request->catalog, facts, err));
    *o = (coley_tmb_options){.facts = facts,
                             .any_filter = request->any_filter,
                             .min_depth = request->min_depth,
                             .min_fraction = request->min_fraction,
                             .max_frequency = request->max_frequency,
                             .picked = request->picked,
                             .unique = request->unique,
                             .sample = request->sample,
                             .megabases = NAN,
                             .panels = request->panels};
    COLEY_TRY(coley_tmb_definition_find(facts, request->definition ? request->definition : "nonsynonymous",
                                        &o->definition, err));
    COLEY_TRY(find_denominator(arena, request, o, err));
    COLEY_TRY(find_drivers(arena, request, o, err));
    if (!request->gff != !request->reference)
        return COLEY_FAIL(err, COLEY_ERR_ARG,
                          "--gff and --reference go together: transcripts and the genome's sequence");
    if (request->gff) COLEY_TRY(coley_codons_open(arena, request->gff, request->reference, &o->codons, err));
    const coley_status status = coley_tmb_run(arena, request->variants, o, report, err);
    coley_codons_close(o->codons);
    o->codons = NULL;
    return status;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

const char *coley_tmb_call_words(coley_tmb_call call)
{
    return call == COLEY_TMB_HIGH ? "high" : call == COLEY_TMB_LOW ? "low" : "cannot tell";
}

void coley_tmb_filters(const coley_tmb_options *o, coley_text *out)
{
    coley_text_addf(out, "%s", o->any_filter ? "caller's filters passed over" : "what passed the caller's filters");
    if (isnan(o->min_depth) && isnan(o->min_fraction)) coley_text_addf(out, "; no least depth or allele fraction");
    if (!isnan(o->min_depth)) coley_text_addf(out, "; depth at least %g", o->min_depth);
    if (!isnan(o->min_fraction)) coley_text_addf(out, "; allele fraction at least %g", o->min_fraction);
    if (isnan(o->max_frequency))
        coley_text_addf(out, "; no filter by population frequency");
    else
        coley_text_addf(out, "; population frequency at most %g", o->max_frequency);
    if (o->drivers) coley_text_addf(out, "; drivers left out (%zu of %s)", o->drivers->n, o->drivers->file);
    if (o->target) coley_text_addf(out, "; inside the targets of %s", o->target->file);
    if (o->picked) coley_text_addf(out, "; the annotator's chosen transcript only");
    if (o->unique) coley_text_addf(out, "; each variant once");
}

static void add_counts(const coley_tmb *tmb, coley_text *out)
{
    int n = 0;
    coley_text_addf(out, "  counted    ");
    for (int e = COLEY_EFFECT_COUNT - 1; e >= 0; e--)
        if (tmb->n_by_effect[e])
            coley_text_addf(out, "%s%s %llu", n++ ? ", " : "", coley_effect_names[e],
                            (unsigned long long)tmb->n_by_effect[e]);
    coley_text_addf(out, "%s\n  left out   ", n ? "" : "none");
    n = 0;
    for (int k = 0; k < COLEY_TMB_REASONS; k++)
        if (tmb->n_left_out[k])
            coley_text_addf(out, "%s%llu %s", n++ ? ", " : "", (unsigned long long)tmb->n_left_out[k],
                            coley_tmb_reason_words[k]);
    coley_text_addf(out, "%s\n", n ? "" : "none");
}

static void add_one(const coley_tmb_report *report, const coley_tmb *tmb, coley_text *out)
{
    const coley_tmb_facts *facts = report->options->facts;
    coley_text_addf(out, "Tumour mutational burden of %s\n\n", tmb->sample);
    if (isnan(tmb->per_Mb))
        coley_text_addf(out, "  %llu variants, no burden\n", (unsigned long long)tmb->n_eligible);
    else
        coley_text_addf(out, "  %.2f mutations per Mb (95 %% interval %.2f to %.2f): %llu variants over %g Mb (%s)\n",
                        tmb->per_Mb, tmb->low, tmb->high, (unsigned long long)tmb->n_eligible, tmb->megabases,
                        tmb->denominator);
    coley_text_addf(out, "  %s", coley_tmb_call_words(tmb->call));
    if (tmb->reason)
        coley_text_addf(out, ": %s\n", tmb->reason);
    else
        coley_text_addf(out, "%s: %g per Mb and more is high (%s)\n",
                        tmb->low < facts->cutoff_per_Mb && tmb->high >= facts->cutoff_per_Mb
                            ? ", and the interval holds the cut-off"
                            : "",
                        facts->cutoff_per_Mb, facts->cutoff_source);
    coley_text_addf(out, "\n");
    add_counts(tmb, out);
}

static void add_many(const coley_tmb_report *report, coley_text *out)
{
    static const char *const heading[] = {"sample", "variants", "counted", "Mb", "per Mb", "from", "to", "call"};
    coley_table table = coley_table_begin(out->arena, heading, 8);
    uint64_t calls[3] = {0};
    for (size_t i = 0; i < report->n; i++) {
        const coley_tmb *tmb = &report->tmb[i];
        const int known = !isnan(tmb->per_Mb);
        calls[tmb->call]++;
        coley_table_add(&table, "%s", tmb->sample);
        coley_table_add(&table, "%llu", (unsigned long long)tmb->n_variants);
        coley_table_add(&table, "%llu", (unsigned long long)tmb->n_eligible);
        coley_table_add(&table, isnan(tmb->megabases) ? "-" : "%g", tmb->megabases);
        coley_table_add(&table, known ? "%.2f" : "-", tmb->per_Mb);
        coley_table_add(&table, known ? "%.2f" : "-", tmb->low);
        coley_table_add(&table, known ? "%.2f" : "-", tmb->high);
        coley_table_add(&table, "%s", coley_tmb_call_words(tmb->call));
    }
    coley_table_draw(&table, out);
    if (table.failed) out->failed = 1;
    coley_text_addf(out, "\n%zu samples: %llu high, %llu low, %llu cannot tell\n", report->n,
                    (unsigned long long)calls[COLEY_TMB_HIGH], (unsigned long long)calls[COLEY_TMB_LOW],
                    (unsigned long long)calls[COLEY_TMB_CANNOT_TELL]);
    if (calls[COLEY_TMB_CANNOT_TELL])
        for (size_t i = 0; i < report->n; i++)
            if (report->tmb[i].reason) {
                coley_text_addf(out, "cannot tell: %s\n", report->tmb[i].reason);
                break;
            }
    coley_text_addf(out, "\n");
}

void coley_tmb_words(const coley_tmb_report *report, coley_text *out)
{
    const coley_tmb_options *o = report->options;
    if (report->n == 1)
        add_one(report, report->tmb, out);
    else
        add_many(report, out);
    coley_text_addf(out, "  definition %s: %s\n", o->definition->name, o->definition->words);
    coley_text_addf(out, "  filters    ");
    coley_tmb_filters(o, out);
    coley_text_addf(out, "\n  effects    %s\n", report->effects_from ? report->effects_from : "not in the file");
    if (report->format == COLEY_TMB_VCF) coley_text_addf(out, "  sample     %s\n", report->chosen);
    for (size_t i = 0; i < report->n_cautions; i++) coley_text_addf(out, "  careful    %s\n", report->caution[i]);
    coley_text_addf(
        out, "  would move another definition, another size of what was sequenced, another least allele fraction, "
             "a lower purity of the sample\n");
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

void coley_tmb_csv(const coley_tmb_report *report, coley_text *out)
{
    coley_text_addf(out, "sample,variants,counted,megabases,tmb_per_Mb,low,high,call\n");
    for (size_t i = 0; i < report->n; i++) {
        const coley_tmb *tmb = &report->tmb[i];
        coley_text_addf(out, "%s,%llu,%llu,%s,", tmb->sample, (unsigned long long)tmb->n_variants,
                        (unsigned long long)tmb->n_eligible, coley_digits_exact(tmb->megabases).text);
        coley_text_addf(out, "%s,", coley_digits_exact(tmb->per_Mb).text);
        coley_text_addf(out, "%s,", coley_digits_exact(tmb->low).text);
        coley_text_addf(out, "%s,%s\n", coley_digits_exact(tmb->high).text, coley_tmb_call_words(tmb->call));
    }
}

void coley_tmb_emit(const coley_tmb_report *report, const coley_tmb *tmb, const char *key, coley_emit *emit)
{
    (void)report;
    coley_emit_map(emit, key);
    coley_emit_text(emit, "sample", tmb->sample);
    coley_emit_number(emit, "per_Mb", tmb->per_Mb);
    coley_emit_number(emit, "low", tmb->low);
    coley_emit_number(emit, "high", tmb->high);
    coley_emit_text(emit, "call", coley_tmb_call_words(tmb->call));
    coley_emit_text(emit, "reason", tmb->reason);
    coley_emit_integer(emit, "counted", (int64_t)tmb->n_eligible);
    coley_emit_integer(emit, "variants", (int64_t)tmb->n_variants);
    coley_emit_number(emit, "megabases", tmb->megabases);
    coley_emit_text(emit, "denominator", tmb->denominator);
    coley_emit_map(emit, "by_effect");
    for (int e = COLEY_EFFECT_COUNT - 1; e >= 0; e--)
        if (tmb->n_by_effect[e]) coley_emit_integer(emit, coley_effect_names[e], (int64_t)tmb->n_by_effect[e]);
    coley_emit_end(emit);
    coley_emit_map(emit, "left_out");
    for (int k = 0; k < COLEY_TMB_REASONS; k++)
        if (tmb->n_left_out[k]) coley_emit_integer(emit, coley_tmb_reason_words[k], (int64_t)tmb->n_left_out[k]);
    coley_emit_end(emit);
    coley_emit_end(emit);
}

void coley_tmb_json(const coley_tmb_report *report, coley_text *out)
{
    const coley_tmb_options *o = report->options;
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_text filters = {.arena = out->arena};
    coley_tmb_filters(o, &filters);
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "file", report->file);
    coley_emit_text(&emit, "format", report->format == COLEY_TMB_VCF ? "VCF" : "MAF");
    coley_emit_text(&emit, "definition", o->definition->name);
    coley_emit_text(&emit, "definition_words", o->definition->words);
    coley_emit_text(&emit, "filters", filters.data);
    coley_emit_text(&emit, "effects_from", report->effects_from);
    coley_emit_number(&emit, "cutoff_per_Mb", o->facts->cutoff_per_Mb);
    coley_emit_text(&emit, "cutoff_source", o->facts->cutoff_source);
    coley_emit_text(&emit, "sample_chosen", report->chosen);
    coley_emit_integer(&emit, "records", (int64_t)report->n_records);
    coley_emit_list(&emit, "cautions");
    for (size_t i = 0; i < report->n_cautions; i++) coley_emit_text(&emit, NULL, report->caution[i]);
    coley_emit_end(&emit);
    coley_emit_list(&emit, "samples");
    for (size_t i = 0; i < report->n; i++) coley_tmb_emit(report, &report->tmb[i], NULL, &emit);
    coley_emit_end(&emit);
    coley_emit_end(&emit);
    if (filters.failed) out->failed = 1;
}
