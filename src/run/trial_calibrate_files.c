/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_calibrate_files.c -- a calibration as the catalog's file, as JSON, and as a table. */
#include <math.h>
#include <string.h>

#include "base/table.h"
#include "run/trial_calibrate.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void coley_calibration_yaml(const coley_calibration *c, const coley_calibrate_options *options, coley_text *out)
{
    coley_text trials = {.arena = out->arena}, how = {.arena = out->arena}, fit = {.arena = out->arena};
    for (size_t i = 0; i < options->n_trials; i++) {
        const char *name = base_name(options->path[i]);
        coley_text_addf(&trials, "%s%.*s", i ? ", " : "", (int)strcspn(name, "."), name);
    }
    coley_text_addf(&how,
                    "%s, made by coley calibrate: %lld people in each arm, %d rounds, prior %g, at most %zu traits.",
                    c->cancer, (long long)options->people, c->rounds, options->prior, options->n_shifts);
    coley_text_addf(&fit, "Root mean square miss of the fitted figures, in their errors: %.2f before, %.2f after",
                    c->misfit[0], c->misfit[1]);
    if (isfinite(c->test_misfit[0]))
        coley_text_addf(&fit, "; of the others %.2f and %.2f", c->test_misfit[0], c->test_misfit[1]);
    coley_text_addf(&fit, ".");
    if (trials.failed || how.failed || fit.failed) {
        out->failed = 1;
        return;
    }
    const char *const lines[] = {how.data, fit.data, "Spread: the standard error of a shift."};
    coley_text source = {.arena = out->arena};
    coley_text_addf(&source, "fitted to %s", trials.data);
    if (source.failed) out->failed = 1;
    coley_trial_shifts_write(&c->shifts, lines, 3, source.data ? source.data : "", out);
}

void coley_calibration_json(const coley_calibration *c, coley_text *out)
{
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "cancer", c->cancer);
    coley_emit_integer(&emit, "rounds", c->rounds);
    coley_emit_number(&emit, "effective_share", c->effective);
    coley_emit_number(&emit, "misfit_before", c->misfit[0]);
    coley_emit_number(&emit, "misfit_after", c->misfit[1]);
    coley_emit_number(&emit, "test_misfit_before", c->test_misfit[0]);
    coley_emit_number(&emit, "test_misfit_after", c->test_misfit[1]);
    coley_emit_number(&emit, "hazard_at_100_mm", c->shifts.at_100_mm);
    coley_emit_list(&emit, "shifts");
    for (size_t i = 0; i < c->shifts.n; i++) {
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "name", c->shifts.name[i]);
        coley_emit_number(&emit, "shift", c->shifts.shift[i]);
        coley_emit_number(&emit, "error", c->shifts.error[i]);
        if (i < COLEY_CALIBRATE_MAX_SHIFTS) coley_emit_number(&emit, "shrinkage", c->shrinkage[i]);
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_list(&emit, "figures");
    for (size_t j = 0; j < c->n_targets; j++) {
        const coley_calibrate_target *t = &c->target[j];
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "trial", t->trial);
        coley_emit_text(&emit, "arm", t->arm);
        coley_emit_text(&emit, "measure", coley_measure_keys[t->published->measure]);
        coley_emit_flag(&emit, "fitted", t->fitted);
        coley_emit_number(&emit, "published", t->value);
        coley_emit_number(&emit, "error", t->error);
        coley_emit_number(&emit, "before", t->before);
        coley_emit_number(&emit, "after", t->after);
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_end(&emit);
}

coley_status coley_calibration_words(coley_arena *arena, const coley_calibration *c, coley_text *out, coley_error *err)
{
    static const char *const heads[] = {"", "trial", "arm", "share of people", "published", "error", "before", "after"};
    static const char *const shift_heads[] = {"trait", "shift", "error", "told by the figures"};
    coley_table table = coley_table_begin(arena, heads, 8), traits = coley_table_begin(arena, shift_heads, 4);
    for (size_t j = 0; j < c->n_targets; j++) {
        const coley_calibrate_target *t = &c->target[j];
        const coley_trial_published *p = t->published;
        const int median = p->measure == COLEY_MEASURE_PFS_MEDIAN || p->measure == COLEY_MEASURE_OS_MEDIAN;
        coley_table_add(&table, "%s", t->fitted ? "fitted" : "tested");
        coley_table_add(&table, "%s", t->trial);
        coley_table_add(&table, "%s", t->arm);
        if (median)
            coley_table_add(&table, "%s, %g months", p->measure == COLEY_MEASURE_PFS_MEDIAN ? "pfs" : "os", p->value);
        else if (!isnan(p->month))
            coley_table_add(&table, "%s, %g months", coley_measure_keys[p->measure], p->month);
        else
            coley_table_add(&table, "%s", coley_measure_keys[p->measure]);
        coley_table_add(&table, "%.3f", t->value);
        coley_table_add(&table, "%.3f", t->error);
        coley_table_add(&table, "%.3f", t->before);
        coley_table_add(&table, "%.3f", t->after);
    }
    for (size_t i = 0; i < c->shifts.n; i++) {
        coley_table_add(&traits, "%s", c->shifts.name[i]);
        coley_table_add(&traits, "%+.2f", c->shifts.shift[i]);
        if (isfinite(c->shifts.error[i]))
            coley_table_add(&traits, "%.2f", c->shifts.error[i]);
        else
            coley_table_add(&traits, "-");
        coley_table_add(&traits, "%.2f", i < COLEY_CALIBRATE_MAX_SHIFTS ? c->shrinkage[i] : 0);
    }
    coley_table_draw(&table, out);
    coley_text_addf(out, "\n");
    coley_table_draw(&traits, out);
    coley_text_addf(
        out,
        "\nHazard of death at 100 mm: %.3g per day. Smallest effective share of people: %.2f.\nRoot mean square "
        "miss in errors: fitted %.2f before, %.2f after",
        c->shifts.at_100_mm, c->effective, c->misfit[0], c->misfit[1]);
    if (isfinite(c->test_misfit[0]))
        coley_text_addf(out, "; tested %.2f and %.2f", c->test_misfit[0], c->test_misfit[1]);
    coley_text_addf(out, ".\n");
    return table.failed || traits.failed || out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
