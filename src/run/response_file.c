/* SPDX-License-Identifier: GPL-3.0-or-later */
/* response_file.c -- judge every patient of a file, then lay the visits out. */
#include "run/response_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/emit.h"

typedef struct judged {
    const coley_lesion_table *table;
    coley_response_report report;
} judged;

static const char *shown(char buffer[32], double x, const char *format)
{
    if (!isfinite(x)) return "-";
    snprintf(buffer, 32, format, x);
    return buffer;
}

/* --- for people
 * ------------------------------------------------------------------------------------------------------------- */

static void print_visits(const judged *j, coley_text *text)
{
    const coley_response_report *r = &j->report;
    char b[4][32];
    coley_text_addf(text, "%s: %zu lesion%s, %zu target%s, baseline sum %s mm\n\n", j->table->patient,
                    j->table->n_lesions, j->table->n_lesions == 1 ? "" : "s", r->n_targets,
                    r->n_targets == 1 ? "" : "s", shown(b[0], r->baseline_sod_mm, "%.1f"));
    coley_text_addf(text, "%7s %8s %9s %9s  %-6s %-13s %3s  %-13s %-16s %s\n", "day", "sum mm", "baseline", "nadir",
                    "target", "non-target", "new", "RECIST 1.1", "iRECIST", "why");
    for (size_t i = 0; i < r->n_assessments; i++) {
        const coley_assessment *a = &r->assessment[i];
        coley_text_addf(text, "%7.0f %8s %9s %9s  %-6s %-13s %3d  %-13s %-16s %s\n", a->day,
                        shown(b[0], a->sod_mm, "%.1f"), shown(b[1], a->change_baseline_pct, "%+.1f %%"),
                        shown(b[2], a->change_nadir_pct, "%+.1f %%"), coley_response_name(a->target),
                        coley_response_name(a->non_target), a->n_new, coley_response_name(a->overall),
                        coley_iresponse_name(a->ioverall), a->why);
    }
    coley_text_addf(text, "\nbest response      %s (confirmed: %s), %s by iRECIST\n", coley_response_name(r->best),
                    coley_response_name(r->best_confirmed), coley_iresponse_name(r->ibest));
    coley_text_addf(text, "progression-free   %.0f days, %s (%s)\n", r->pfs_day, coley_event_name(r->pfs_event),
                    r->censor_rule);
    coley_text_addf(text, "by iRECIST         %.0f days, %s\n", r->ipfs_day, coley_event_name(r->ipfs_event));
    if (isfinite(r->response_start_day))
        coley_text_addf(text, "response           from day %.0f, %.0f days, %s\n", r->response_start_day,
                        r->response_duration_day, coley_event_name(r->duration_event));
    if (r->pseudoprogression)
        coley_text_addf(text, "pseudoprogression  yes: an unconfirmed progression was cancelled later\n");
    if (r->note) coley_text_addf(text, "note               %s\n", r->note);
}

static void print_patients(const judged *j, size_t n, coley_text *text)
{
    static const coley_response kinds[] = {COLEY_RESPONSE_CR, COLEY_RESPONSE_PR,
                                           COLEY_RESPONSE_SD, COLEY_RESPONSE_NON_CR_NON_PD,
                                           COLEY_RESPONSE_PD, COLEY_RESPONSE_NE};
    coley_text_addf(text, "%-44s %6s %9s  %-13s %-13s %-16s %9s %-11s\n", "patient", "visits", "sum mm", "best",
                    "confirmed", "iRECIST", "PFS day", "");
    for (size_t i = 0; i < n; i++) {
        const coley_response_report *r = &j[i].report;
        char b[32];
        coley_text_addf(text, "%-44s %6zu %9s  %-13s %-13s %-16s %9.0f %-11s\n", j[i].table->patient, r->n_assessments,
                        shown(b, r->baseline_sod_mm, "%.1f"), coley_response_name(r->best),
                        coley_response_name(r->best_confirmed), coley_iresponse_name(r->ibest), r->pfs_day,
                        coley_event_name(r->pfs_event));
    }
    coley_text_addf(text, "\n%zu patients:", n);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++) count += j[i].report.best == kinds[k];
        coley_text_addf(text, "%s %zu %s", k ? "," : "", count, coley_response_name(kinds[k]));
    }
    size_t pseudo = 0;
    for (size_t i = 0; i < n; i++) pseudo += (size_t)j[i].report.pseudoprogression;
    coley_text_addf(text, "; %zu with an iUPD that was cancelled\n", pseudo);
}

/* --- for programs
 * ------------------------------------------------------------------------------------------------------------ */

/* A cell of CSV: quoted when it must be. */
static void add_cell(coley_text *text, const char *cell, const char *end)
{
    if (!strpbrk(cell, ",\"\n\r")) {
        coley_text_addf(text, "%s%s", cell, end);
        return;
    }
    coley_text_add(text, "\"", 1);
    for (; *cell; cell++) coley_text_add(text, *cell == '"' ? "\"\"" : cell, *cell == '"' ? 2 : 1);
    coley_text_addf(text, "\"%s", end);
}

static void print_csv(const judged *j, size_t n, coley_text *text)
{
    coley_text_addf(text, "patient,day,sum_mm,nadir_mm,change_baseline_pct,change_nadir_pct,new_sum_mm,target,non_"
                          "target,n_new,overall,ioverall,why\n");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < j[i].report.n_assessments; k++) {
            const coley_assessment *a = &j[i].report.assessment[k];
            const double number[] = {a->day,       a->sod_mm, a->nadir_mm, a->change_baseline_pct, a->change_nadir_pct,
                                     a->new_sod_mm};
            add_cell(text, j[i].table->patient, ",");
            for (size_t x = 0; x < sizeof number / sizeof *number; x++)
                coley_text_addf(text, "%s,", coley_digits_exact(number[x]).text);
            coley_text_addf(text, "%s,%s,%d,%s,%s,", coley_response_name(a->target), coley_response_name(a->non_target),
                            a->n_new, coley_response_name(a->overall), coley_iresponse_name(a->ioverall));
            add_cell(text, a->why, "\n");
        }
}

static void emit_patient(coley_emit *e, const judged *j)
{
    const coley_response_report *r = &j->report;
    coley_emit_map(e, NULL);
    coley_emit_text(e, "patient", j->table->patient);
    coley_emit_number(e, "baseline_sum_mm", r->baseline_sod_mm);
    coley_emit_text(e, "best", coley_response_name(r->best));
    coley_emit_text(e, "best_confirmed", coley_response_name(r->best_confirmed));
    coley_emit_text(e, "ibest", coley_iresponse_name(r->ibest));
    coley_emit_number(e, "pfs_day", r->pfs_day);
    coley_emit_text(e, "pfs_event", coley_event_name(r->pfs_event));
    coley_emit_text(e, "pfs_rule", r->censor_rule);
    coley_emit_number(e, "ipfs_day", r->ipfs_day);
    coley_emit_text(e, "ipfs_event", coley_event_name(r->ipfs_event));
    coley_emit_number(e, "response_start_day", r->response_start_day);
    coley_emit_number(e, "response_duration_day", r->response_duration_day);
    coley_emit_flag(e, "pseudoprogression", r->pseudoprogression);
    coley_emit_list(e, "visits");
    for (size_t k = 0; k < r->n_assessments; k++) {
        const coley_assessment *a = &r->assessment[k];
        coley_emit_map(e, NULL);
        coley_emit_number(e, "day", a->day);
        coley_emit_number(e, "sum_mm", a->sod_mm);
        coley_emit_number(e, "nadir_mm", a->nadir_mm);
        coley_emit_number(e, "change_baseline_pct", a->change_baseline_pct);
        coley_emit_number(e, "change_nadir_pct", a->change_nadir_pct);
        coley_emit_number(e, "new_sum_mm", a->new_sod_mm);
        coley_emit_text(e, "target", coley_response_name(a->target));
        coley_emit_text(e, "non_target", coley_response_name(a->non_target));
        coley_emit_integer(e, "n_new", a->n_new);
        coley_emit_text(e, "overall", coley_response_name(a->overall));
        coley_emit_text(e, "ioverall", coley_iresponse_name(a->ioverall));
        coley_emit_text(e, "why", a->why);
        coley_emit_end(e);
    }
    coley_emit_end(e);
    coley_emit_end(e);
}

static void print_json(const judged *j, size_t n, coley_text *text)
{
    coley_emit e = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_list(&e, "patients");
    for (size_t i = 0; i < n; i++) emit_patient(&e, &j[i]);
    coley_emit_end(&e);
    coley_emit_end(&e);
}

coley_status coley_response_run(coley_arena *arena, const coley_response_request *q, coley_text *text, coley_error *err)
{
    coley_lesion_file file;
    COLEY_TRY(coley_lesions_read(arena, q->lesions, &file, err));
    const coley_lesion_table *first = file.patient;
    size_t n = file.n;
    if (q->patient) {
        COLEY_TRY(coley_lesions_patient(&file, q->patient, &first, err));
        n = 1;
    }
    judged *j = COLEY_NEW(arena, judged, n);
    if (!j) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        j[i].table = &first[i];
        COLEY_TRY(coley_response_judge(arena, j[i].table, &q->rules, &j[i].report, err));
    }
    if (q->format == COLEY_RESPONSE_JSON)
        print_json(j, n, text);
    else if (q->format == COLEY_RESPONSE_CSV)
        print_csv(j, n, text);
    else if (n == 1)
        print_visits(j, text);
    else
        print_patients(j, n, text);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
