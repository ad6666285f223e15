/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_people_table.c -- see trial_people_table.h. */
#include "run/trial_people_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "math/quantile.h"
#include "patient/population.h"
#include "run/trial_parts.h"
#include "run/trial_people.h"

enum { COVARIATES = 10 };
static const char *const names[COVARIATES] = {"age",      "weight",           "ecog", "ldh", "albumin", "nlr", "tmb",
                                              "pdl1_tps", "sum_of_diameters", "male"};

static void covariates_of(const coley_trial_patient *p, double x[COVARIATES])
{
    const coley_covariates *c = &p->covariates;
    const double all[COVARIATES] = {c->age_year, c->weight_kg,  c->ecog,           c->ldh_uln, c->albumin_g_per_L,
                                    c->nlr,      p->tmb_per_Mb, 100 * p->pdl1_tps, p->sod_mm,  (double)c->male};
    memcpy(x, all, sizeof all);
}

/* --- people.csv ------------------------------------------------------------------------------------------------------
 */

static void number(coley_text *out, double x)
{
    coley_text_addf(out, ",%s", isfinite(x) ? coley_digits_exact(x).text : "");
}

/* Inputs that differ between people, the sizes of lesions with them. */
static size_t exported(const coley_trial_plan *plan, int32_t *input)
{
    const coley_population *p = plan->session->population;
    size_t n = 0;
    for (size_t i = 0; i < p->n_traits; i++) input[n++] = p->trait[i].input;
    for (size_t k = 0; k < 2 * plan->n_lesions; k++) {
        const int32_t in = k % 2 ? plan->infil_input[k / 2] : plan->size_input[k / 2];
        int there = in < 0;
        for (size_t i = 0; i < n; i++) there |= input[i] == in;
        if (!there) input[n++] = in;
    }
    return n;
}

static const char *input_name(const coley_body *body, int32_t input)
{
    return body->network->symbol[coley_program_input_symbol(body->program, (size_t)input)].id;
}

static void head(const coley_body *body, const int32_t *input, size_t n, coley_text *out)
{
    coley_text_addf(out, "id,eligible,stratum,age,sex,weight,ecog,ldh,albumin,nlr,tmb,pdl1_tps,sum_of_diameters");
    for (size_t i = 0; i < n; i++) coley_text_addf(out, ",%s", input_name(body, input[i]));
    coley_text_addf(out, "\n");
}

static void person(const coley_trial_patient *p, int enters, const double *inputs, const int32_t *input, size_t n,
                   coley_text *out)
{
    const coley_covariates *c = &p->covariates;
    coley_text_addf(out, "%llu,%d,%u", (unsigned long long)p->id, enters, p->stratum);
    number(out, c->age_year);
    coley_text_addf(out, ",%s", c->male ? "male" : "female");
    number(out, c->weight_kg);
    coley_text_addf(out, ",%d", c->ecog);
    number(out, c->ldh_uln);
    number(out, c->albumin_g_per_L);
    number(out, c->nlr);
    number(out, p->tmb_per_Mb);
    number(out, 100 * p->pdl1_tps);
    number(out, p->sod_mm);
    for (size_t i = 0; i < n; i++) number(out, inputs[input[i]]);
    coley_text_addf(out, "\n");
}

/* --- figures ---------------------------------------------------------------------------------------------------------
 */

static void figures(const double *x, const unsigned char *enters, size_t n, double *work, coley_people_row *row)
{
    static const double p[] = {0.05, 0.5, 0.95};
    double q[3], sum = 0, squares = 0, in = 0;
    size_t n_in = 0;
    for (size_t i = 0; i < n; i++) sum += work[i] = x[i];
    row->mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) squares += (x[i] - row->mean) * (x[i] - row->mean);
    row->deviation = n > 1 ? sqrt(squares / (double)(n - 1)) : 0;
    coley_quantiles(work, n, p, 3, q);
    row->low = q[0];
    row->median = q[1];
    row->high = q[2];
    for (size_t i = 0; i < n; i++)
        if (enters[i]) in += work[n_in++] = x[i];
    row->mean_in = n_in ? in / (double)n_in : NAN;
    row->median_in = NAN;
    if (n_in) coley_quantiles(work, n_in, p + 1, 1, &row->median_in);
}

typedef struct ranked {
    double x;
    size_t i;
} ranked;

static int by_value(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return x->x != y->x ? (x->x > y->x) - (x->x < y->x) : (x->i > y->i) - (x->i < y->i);
}

/* Ranks from 1, those of equal values their mean. */
static void rank(const double *x, size_t n, ranked *work, double *out)
{
    for (size_t i = 0; i < n; i++) work[i] = (ranked){x[i], i};
    qsort(work, n, sizeof *work, by_value);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i; k < n && work[k].x == work[i].x;) k++;
        for (size_t j = i; j < k; j++) out[work[j].i] = 0.5 * (double)(i + k + 1);
    }
}

static double correlation(const double *a, const double *b, size_t n)
{
    const double middle = 0.5 * ((double)n + 1);
    double aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i < n; i++) {
        aa += (a[i] - middle) * (a[i] - middle);
        bb += (b[i] - middle) * (b[i] - middle);
        ab += (a[i] - middle) * (b[i] - middle);
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : NAN;
}

/* --- parameters.tsv --------------------------------------------------------------------------------------------------
 */

/* Distributions in PEtab's words, which has none that is normal in the logit: `spread` says it. */
static void parameters(const coley_population *p, coley_text *out)
{
    static const char *const spreads[] = {"none",       "lognormal",   "normal", "uniform",
                                          "loguniform", "logitnormal", "chance"};
    coley_text_addf(out, "parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\t"
                         "objectivePriorType\tobjectivePriorParameters\tspread\n");
    for (size_t i = 0; i < p->n_traits; i++) {
        const coley_trait *t = &p->trait[i];
        const char *kind = "", *scale = "lin", *word = spreads[0];
        double a = t->a, b = t->b, low = -INFINITY, high = INFINITY, middle = t->a;
        switch (t->spread) {
        case COLEY_SPREAD_LOGNORMAL:
            kind = "logNormal", scale = "log", word = spreads[1], a = log(t->a);
            low = t->a * exp(-5 * t->b), high = t->a * exp(5 * t->b);
            break;
        case COLEY_SPREAD_NORMAL:
            kind = "normal", word = spreads[2], low = a - 5 * b, high = a + 5 * b;
            break;
        case COLEY_SPREAD_LOGUNIFORM:
            kind = "parameterScaleUniform", scale = "log", word = spreads[4];
            low = t->a, high = t->b, middle = sqrt(t->a * t->b), a = log(t->a), b = log(t->b);
            break;
        case COLEY_SPREAD_LOGITNORMAL:
            word = spreads[5], low = 0, high = 1;
            break;
        default:
            kind = "uniform", word = t->spread == COLEY_SPREAD_CHANCE ? spreads[6] : spreads[3];
            low = t->a, high = t->b, middle = 0.5 * (t->a + t->b);
        }
        for (const char *c = t->id; *c; c++) coley_text_addf(out, *c == '.' ? "__" : "%c", *c);
        coley_text_addf(out, "\t%s\t%s\t%s\t%s\t1\t%s\t", scale, coley_digits_exact(low).text,
                        coley_digits_exact(high).text, coley_digits_exact(middle).text, kind);
        if (*kind) coley_text_addf(out, "%s;%s", coley_digits_exact(a).text, coley_digits_exact(b).text);
        coley_text_addf(out, "\t%s(%s, %s)\n", word, coley_digits_exact(t->a).text, coley_digits_exact(t->b).text);
    }
}

/* --- together --------------------------------------------------------------------------------------------------------
 */

static coley_status draw_all(coley_arena *arena, coley_trial *trial, size_t n, double *x, unsigned char *enters,
                             coley_people_table *t, coley_error *err)
{
    const coley_trial_plan *plan = trial->arm[0].plan;
    const coley_body *body = plan->session->body;
    double *z = COLEY_NEW(arena, double, plan->session->population->n_traits);
    double *inputs = COLEY_NEW(arena, double, coley_program_input_count(body->program));
    int32_t *input = COLEY_NEW(arena, int32_t, coley_program_input_count(body->program));
    if (!z || !inputs || !input) return COLEY_FAIL_MEMORY(err);
    const size_t n_inputs = exported(plan, input);
    head(body, input, n_inputs, &t->people);
    for (size_t i = 0; i < n; i++) {
        coley_trial_patient who;
        double all[COVARIATES];
        COLEY_TRY(coley_trial_people_left(trial, i + 1, err));
        coley_trial_draw_person(trial, plan, i + 1, z, &who, inputs);
        coley_trial_screen_person(trial->screen, &who.covariates, who.tmb_per_Mb, who.pdl1_tps, who.sod_mm, inputs);
        trial->n_screened++;
        enters[i] = (unsigned char)coley_trial_screen_enters(trial->screen, trial->rule);
        who.stratum = coley_trial_screen_stratum(trial->screen);
        trial->n_eligible += enters[i];
        person(&who, enters[i], inputs, input, n_inputs, &t->people);
        covariates_of(&who, all);
        for (size_t k = 0; k < COVARIATES; k++) x[k * n + i] = all[k];
    }
    return COLEY_OK;
}

coley_status coley_people_draw(coley_arena *arena, coley_trial *trial, size_t n, coley_people_table *t,
                               coley_error *err)
{
    double *x = COLEY_NEW(arena, double, COVARIATES *n), *ranks = COLEY_NEW(arena, double, COVARIATES *n);
    double *work = COLEY_NEW(arena, double, n);
    unsigned char *enters = COLEY_NEW(arena, unsigned char, n);
    ranked *order = COLEY_NEW(arena, ranked, n);
    *t = (coley_people_table){.n = n, .people = {.arena = arena}, .parameters = {.arena = arena}};
    t->row = COLEY_NEW(arena, coley_people_row, COVARIATES);
    if (!x || !ranks || !work || !enters || !order || !t->row) return COLEY_FAIL_MEMORY(err);
    trial->n_screened = trial->n_eligible = 0;
    COLEY_TRY(draw_all(arena, trial, n, x, enters, t, err));
    t->n_eligible = trial->n_eligible;
    for (size_t k = 0; k < COVARIATES; k++) {
        if (isnan(x[k * n])) continue; /* the model has no such marker */
        coley_people_row *row = &t->row[t->n_rows++];
        *row = (coley_people_row){.name = names[k]};
        figures(x + k * n, enters, n, work, row);
        rank(x + k * n, n, order, ranks + t->n_correlated * n);
        t->correlated[t->n_correlated++] = names[k];
    }
    for (size_t i = 0; i < t->n_correlated; i++)
        for (size_t j = 0; j < t->n_correlated; j++)
            t->correlation[i * t->n_correlated + j] = correlation(ranks + i * n, ranks + j * n, n);
    parameters(trial->arm[0].plan->session->population, &t->parameters);
    return t->people.failed || t->parameters.failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

void coley_people_summary(const coley_trial *trial, const coley_people_table *t, coley_text *out)
{
    static const char *const draws[] = {"random", "sobol", "lhs"};
    coley_emit e = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&e, NULL);
    coley_emit_text(&e, "title", trial->design->title);
    coley_emit_text(&e, "cancer", trial->cancer->name);
    coley_emit_integer(&e, "seed", trial->design->seed);
    coley_emit_text(&e, "draw", draws[trial->design->people.draw]);
    coley_emit_integer(&e, "people", (int64_t)t->n);
    coley_emit_integer(&e, "eligible", (int64_t)t->n_eligible);
    coley_emit_map(&e, "figures");
    for (size_t i = 0; i < t->n_rows; i++) {
        const coley_people_row *r = &t->row[i];
        coley_emit_map(&e, r->name);
        coley_emit_number(&e, "mean", r->mean);
        coley_emit_number(&e, "deviation", r->deviation);
        coley_emit_number(&e, "p5", r->low);
        coley_emit_number(&e, "median", r->median);
        coley_emit_number(&e, "p95", r->high);
        coley_emit_number(&e, "mean_of_eligible", r->mean_in);
        coley_emit_number(&e, "median_of_eligible", r->median_in);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_map(&e, "rank_correlations");
    for (size_t i = 0; i < t->n_correlated; i++) {
        coley_emit_map(&e, t->correlated[i]);
        for (size_t j = 0; j < t->n_correlated; j++)
            coley_emit_number(&e, t->correlated[j], t->correlation[i * t->n_correlated + j]);
        coley_emit_end(&e);
    }
    coley_emit_end(&e);
    coley_emit_end(&e);
}

coley_status coley_people_words(coley_arena *arena, const coley_trial *trial, const coley_people_table *t,
                                coley_text *out, coley_error *err)
{
    static const char *const heads[] = {"", "mean", "sd", "5 %", "median", "95 %", "mean of who may enter"};
    coley_table table = coley_table_begin(arena, heads, 7);
    for (size_t i = 0; i < t->n_rows; i++) {
        const coley_people_row *r = &t->row[i];
        const double x[] = {r->mean, r->deviation, r->low, r->median, r->high, r->mean_in};
        coley_table_add(&table, "%s", r->name);
        for (int k = 0; k < 6; k++) {
            if (isfinite(x[k]))
                coley_table_add(&table, "%.4g", x[k]);
            else
                coley_table_add(&table, "-");
        }
    }
    coley_text_addf(out, "%s: %zu people, %zu may enter", trial->design->title, t->n, t->n_eligible);
    for (size_t i = 0; i < trial->n_rules; i++)
        coley_text_addf(out, "; '%s' removes %.1f %%", trial->rule[i].text,
                        100 * (double)trial->rule[i].n_removed / (double)trial->n_screened);
    coley_text_addf(out, ".\n\n");
    coley_table_draw(&table, out);
    return table.failed || out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
