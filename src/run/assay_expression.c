/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_expression.c -- scores of every sample, laid out. */
#include "run/assay_expression.h"

#include <math.h>

#include "assay/expression.h"
#include "base/table.h"
#include "io/emit.h"

typedef struct scored {
    const coley_expression_rules *rules;
    const coley_expression *expression;
    double **value;   /* [n_scores][n_samples] */
    const char **why; /* [n_scores] */
} scored;

/* Share of the other samples that score lower. */
static double rank_of(const double *value, size_t n, size_t i)
{
    double lower = 0, others = 0;
    for (size_t k = 0; k < n; k++) {
        if (k == i || isnan(value[k])) continue;
        others++;
        lower += value[k] < value[i];
    }
    return isnan(value[i]) || others == 0 ? NAN : lower / others;
}

static void print_text(coley_arena *arena, const scored *s, coley_text *text)
{
    const coley_expression *e = s->expression;
    const char **heading = COLEY_NEW(arena, const char *, s->rules->n_scores + 1);
    if (!heading) {
        text->failed = 1;
        return;
    }
    heading[0] = "sample";
    for (size_t k = 0; k < s->rules->n_scores; k++) heading[k + 1] = s->rules->score[k].name;
    coley_text_addf(text, "%s: %zu samples, %zu genes, genes in %s\n\n", e->file, e->n_samples, e->n_read,
                    e->genes_in_rows ? "rows" : "columns");
    coley_table table = coley_table_begin(arena, heading, s->rules->n_scores + 1);
    for (size_t i = 0; i < e->n_samples; i++) {
        coley_table_add(&table, "%s", e->sample[i]);
        for (size_t k = 0; k < s->rules->n_scores; k++)
            coley_table_add(&table, isnan(s->value[k][i]) ? "-" : "%.3f", s->value[k][i]);
    }
    coley_table_draw(&table, text);
    if (table.failed) text->failed = 1;
    coley_text_addf(text, "\n");
    for (size_t k = 0; k < s->rules->n_scores; k++) {
        const coley_expression_score *score = &s->rules->score[k];
        coley_text_addf(text, "%s: %s.%s%s%s\n  %s\n", score->name, score->words, s->why[k] ? " Cannot tell: " : "",
                        s->why[k] ? s->why[k] : "", s->why[k] ? "." : "", score->source);
    }
    coley_text_addf(text, "No cutoff is applied: published ones hold for one platform and its calibrator.\n");
}

static void print_json(const scored *s, coley_text *text)
{
    const coley_expression *e = s->expression;
    coley_emit out = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&out, NULL);
    coley_emit_text(&out, "file", e->file);
    coley_emit_integer(&out, "genes", (int64_t)e->n_read);
    coley_emit_list(&out, "scores");
    for (size_t k = 0; k < s->rules->n_scores; k++) {
        coley_emit_map(&out, NULL);
        coley_emit_text(&out, "score", s->rules->score[k].name);
        coley_emit_text(&out, "definition", s->rules->score[k].words);
        coley_emit_text(&out, "source", s->rules->score[k].source);
        coley_emit_text(&out, "cannot_tell", s->why[k]);
        coley_emit_list(&out, "samples");
        for (size_t i = 0; i < e->n_samples; i++) {
            coley_emit_map(&out, NULL);
            coley_emit_text(&out, "sample", e->sample[i]);
            coley_emit_number(&out, "value", s->value[k][i]);
            coley_emit_number(&out, "share_of_others_lower", rank_of(s->value[k], e->n_samples, i));
            coley_emit_end(&out);
        }
        coley_emit_end(&out);
        coley_emit_end(&out);
    }
    coley_emit_end(&out);
    coley_emit_end(&out);
}

coley_status coley_assay_expression(coley_arena *arena, const coley_expression_request *q, coley_text *text,
                                    coley_error *err)
{
    coley_expression_rules rules;
    coley_expression expression;
    const char *path = coley_arena_printf(arena, "%s/assays/expression.yaml", q->catalog);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_expression_rules_read(arena, path, &rules, err));
    COLEY_TRY(coley_expression_read(arena, q->file, &rules, q->is_log, &expression, err));
    scored s = {.rules = &rules,
                .expression = &expression,
                .value = COLEY_NEW(arena, double *, rules.n_scores),
                .why = COLEY_NEW(arena, const char *, rules.n_scores)};
    if (!s.value || !s.why) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < rules.n_scores; k++) {
        if (!(s.value[k] = COLEY_NEW(arena, double, expression.n_samples))) return COLEY_FAIL_MEMORY(err);
        coley_expression_judge(arena, &expression, &rules, k, s.value[k], &s.why[k]);
    }
    if (q->json)
        print_json(&s, text);
    else
        print_text(arena, &s, text);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
