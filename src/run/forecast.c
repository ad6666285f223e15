/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast.c -- settings, the prior's people, weighting and refining. */
#include "run/forecast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/units.h"
#include "base/yaml.h"
#include "catalog/catalog.h"
#include "run/biomarkers.h"

enum { N_QUANTILES = 5, MAX_SETTINGS = 128, MAX_WATCHED = 24 };
static const double levels[N_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* Quantities of the one lesion that a forecast shows beside its size: name in the model, group. */
static const struct {
    const char *id, *group;
} watched[] = {
    {"L1.RO_PD1", "occupancy"},
    {"L1.RO_PDL1", "occupancy"},
    {"L1.T_eff", "t_cells"},
    {"L1.T_prog", "t_cells"},
    {"L1.T_exh", "t_cells"},
    {"L1.Treg", "t_cells"},
    {"L1.step1_handshake", "five_steps"},
    {"L1.step2_brake", "five_steps"},
    {"L1.step3_inhibitor", "five_steps"},
    {"L1.step4_disguise_fails", "five_steps"},
    {"L1.step5_attack", "five_steps"},
    {"L1.H_TGFb", "suppression"},
    {"L1.H_MDSC", "suppression"},
    {"H_tissue", "healthy"},
};
enum { N_WATCHED = sizeof watched / sizeof *watched };

typedef struct settings {
    const char *cancer, *regimen;
    int64_t people, refined;
    double settle_day, grid_day, size_sd;
    coley_scan_error error;
} settings;

struct coley_forecast {
    coley_forecast_options options;
    settings set;
    coley_body *body;
    coley_population *population;
    ptrdiff_t size_trait; /* the baseline diameter */
    int32_t size_input;
    size_t n_doses, n_days, n_people;
    coley_dose *dose;
    const char *drug;
    double *day;
    coley_courses courses;
    double steps;
};

/* --- settings
 * ------------------------------------------------------------------------------------------------------------ */

static coley_status read_sourced(const coley_yaml *map, const char *key, const char *unit, double low, double high,
                                 double *value, coley_error *err)
{
    const coley_yaml *entry = coley_yaml_find(map, key);
    if (!entry) return coley_yaml_fail(map, err, "needs \"%s\"", key);
    const char *source = NULL;
    COLEY_TRY(coley_yaml_text(coley_yaml_find(entry, "source"), &source, err));
    return coley_yaml_quantity(coley_yaml_find(entry, "value"), unit, low, high, value, err);
}

static coley_status read_settings(coley_arena *arena, const coley_forecast_options *o, settings *s, coley_error *err)
{
    static const char *const keys[] = {"cancer", "regimen", "people",  "refined_people",
                                       "settle", "grid",    "size_sd", "scan_error"};
    const char *path = coley_arena_printf(arena, "%s/models/patient/forecast.yaml", o->data);
    if (!path) return COLEY_FAIL_MEMORY(err);
    const coley_yaml *root = NULL;
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!coley_yaml_find(root, keys[i])) return coley_yaml_fail(root, err, "needs \"%s\"", keys[i]);
    COLEY_TRY(coley_yaml_text(coley_yaml_find(root, "cancer"), &s->cancer, err));
    COLEY_TRY(coley_yaml_text(coley_yaml_find(root, "regimen"), &s->regimen, err));
    COLEY_TRY(coley_yaml_integer(coley_yaml_find(root, "people"), 16, 1000000, &s->people, err));
    COLEY_TRY(coley_yaml_integer(coley_yaml_find(root, "refined_people"), 0, 1000000, &s->refined, err));
    COLEY_TRY(coley_yaml_quantity(coley_yaml_find(root, "settle"), "day", 1, 5000, &s->settle_day, err));
    COLEY_TRY(coley_yaml_quantity(coley_yaml_find(root, "grid"), "day", 0.5, 60, &s->grid_day, err));
    COLEY_TRY(coley_yaml_quantity(coley_yaml_find(root, "size_sd"), "1", 0.01, 100, &s->size_sd, err));
    const coley_yaml *e = coley_yaml_find(root, "scan_error");
    COLEY_TRY(read_sourced(e, "rel", "1", 1e-4, 1, &s->error.rel, err));
    COLEY_TRY(read_sourced(e, "mm", "mm", 0, 20, &s->error.mm, err));
    COLEY_TRY(read_sourced(e, "drift", "1", 0, 1, &s->error.drift, err));
    COLEY_TRY(read_sourced(e, "memory", "day", 1, 10000, &s->error.memory_day, err));
    COLEY_TRY(read_sourced(e, "slow", "1", 0, 1, &s->error.slow, err));
    COLEY_TRY(read_sourced(e, "outlier", "1", 0, 0.5, &s->error.outlier, err));
    COLEY_TRY(read_sourced(e, "outlier_rel", "1", 0, 5, &s->error.outlier_rel, err));
    COLEY_TRY(read_sourced(e, "repeat", "1", 0, 0.9, &s->error.repeat, err));
    COLEY_TRY(read_sourced(e, "repeat_runs", "1", 0.1, 100, &s->error.repeat_runs, err));
    COLEY_TRY(read_sourced(e, "trust", "1", 0, 1, &s->error.trust, err));
    COLEY_TRY(read_sourced(e, "visit", "day", 1, 365, &s->error.visit_day, err));
    if (o->cancer) s->cancer = o->cancer;
    if (o->regimen) s->regimen = o->regimen;
    if (o->people) s->people = (int64_t)o->people;
    return COLEY_OK;
}

/* A catalog's number under the model's own name; what the model does not know is passed over. */
static void add_values(coley_setting *list, size_t *n, const coley_catalog_value *value, size_t n_values)
{
    static const char *const renamed[][2] = {{"baseline_diameter", "D0_mm"}};
    for (size_t i = 0; i < n_values && *n < MAX_SETTINGS; i++) {
        const coley_catalog_value *v = &value[i];
        const char *symbol = v->symbol;
        for (size_t j = 0; j < sizeof renamed / sizeof *renamed; j++)
            if (strcmp(symbol, renamed[j][0]) == 0) symbol = renamed[j][1];
        list[(*n)++] = (coley_setting){.symbol = symbol,
                                       .value = v->value,
                                       .spread = v->spread,
                                       .a = v->spread_a,
                                       .b = v->spread_b,
                                       .place = {.file = v->file, .line = v->line, .key = v->symbol}};
    }
}

static coley_status make_doses(coley_arena *arena, coley_forecast *f, const coley_catalog_label *label, int32_t state,
                               coley_error *err)
{
    double mg;
    COLEY_TRY(coley_unit_convert(label->dose, label->dose_unit, "mg", &mg, err));
    if (label->basis != COLEY_DOSE_FLAT)
        return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED,
                          "regimen \"%s\" is by body size, which scans do not tell; choose a flat one", label->name);
    const double until =
        fmin(f->options.horizon_day, isfinite(label->until_day) ? label->until_day : f->options.horizon_day);
    const size_t most = (size_t)(until / label->every_day) + 2;
    f->dose = COLEY_NEW(arena, coley_dose, most);
    if (!f->dose) return COLEY_FAIL_MEMORY(err);
    for (double day = 0.0; day < until && f->n_doses < most && (!label->cycles || (int64_t)f->n_doses < label->cycles);
         day += label->every_day)
        f->dose[f->n_doses++] =
            (coley_dose){.t_day = day, .amount = mg, .duration_day = label->infusion_day, .state = state};
    return COLEY_OK;
}

static coley_status build(coley_arena *arena, coley_forecast *f, coley_error *err)
{
    const char *catalog = coley_arena_printf(arena, "%s/catalog", f->options.data),
               *models = coley_arena_printf(arena, "%s/models/patient", f->options.data);
    coley_setting *list = COLEY_NEW(arena, coley_setting, MAX_SETTINGS);
    if (!catalog || !models || !list) return COLEY_FAIL_MEMORY(err);
    coley_catalog_label label;
    coley_catalog_drug *drug = NULL;
    coley_catalog_cancer *cancer = NULL;
    COLEY_TRY(coley_catalog_label_read(arena, catalog, f->set.regimen, &label, err));
    COLEY_TRY(coley_catalog_drug_read(arena, catalog, label.drug, &drug, err));
    COLEY_TRY(coley_catalog_cancer_read(arena, catalog, f->set.cancer, &cancer, err));
    f->drug = drug->name;
    const char *const classes[] = {drug->drug_class};
    const coley_body_options body = {.models = models, .n_lesions = 1, .n_classes = 1, .drug_class = classes};
    COLEY_TRY(coley_body_assemble(arena, &body, &f->body, err));
    size_t n = 0;
    add_values(list, &n, cancer->value, cancer->n_values);
    add_values(list, &n, drug->value, drug->n_values);
    if (f->options.biomarkers) {
        coley_biomarkers biomarkers;
        size_t n_known;
        COLEY_TRY(coley_biomarkers_read(arena, f->options.biomarkers, &biomarkers, err));
        if (n + COLEY_BIOMARKERS_MAX_SETTINGS > MAX_SETTINGS)
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "the catalog's cancer and drug have more than %d values",
                              MAX_SETTINGS - COLEY_BIOMARKERS_MAX_SETTINGS);
        COLEY_TRY(coley_biomarkers_settings(arena, &biomarkers, models, list + n, &n_known, err));
        n += n_known;
    }
    COLEY_TRY(coley_population_create(arena, f->body, n, list, 0, &f->population, err));
    f->size_trait = coley_population_trait(f->population, "L1.D0_mm");
    const int32_t size_symbol = coley_body_lesion_symbol(f->body, 0, "D0_mm");
    f->size_input = size_symbol < 0 ? -1 : coley_program_input_of(f->body->program, size_symbol);
    if (f->size_input < 0)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the patient model has no input \"L1.D0_mm\" for the lesion's size");
    return make_doses(arena, f, &label, f->body->dose_state[0][0], err);
}

/* --- simulate
 * ------------------------------------------------------------------------------------------------------------- */

static coley_status find_symbols(const coley_forecast *f, size_t n_extra, int32_t *symbol, size_t *kept, size_t *n,
                                 coley_error *err)
{
    static const char *const needed[] = {"diameter", "natural_slope"};
    *n = 0;
    for (size_t i = 0; i < 2; i++) {
        symbol[*n] = coley_body_lesion_symbol(f->body, 0, needed[i]);
        if (symbol[(*n)++] < 0)
            return COLEY_FAIL(err, COLEY_ERR_INPUT, "the patient model has no \"L1.%s\"", needed[i]);
    }
    for (size_t i = 0; i < n_extra; i++) {
        const int32_t s = coley_network_symbol(f->body->network, watched[i].id);
        if (s < 0) continue;
        kept[*n - 2] = i;
        symbol[(*n)++] = s;
    }
    return COLEY_OK;
}

typedef struct simulated {
    coley_courses courses;
    size_t n_values; /* per person and day, diameter and slope included */
    double *value;   /* [n][n_days][n_values]; kept only when extra quantities were asked for */
    size_t kept[N_WATCHED];
    double steps;
} simulated;

/* People with these scores z [n][n_traits]; size_mm > 0 gives them all that baseline diameter. Results in `arena`. */
static coley_status simulate(coley_arena *arena, const coley_forecast *f, size_t n, const double *z, double size_mm,
                             size_t n_extra, simulated *out, coley_error *err)
{
    const size_t n_inputs = coley_program_input_count(f->body->program), n_days = f->n_days;
    coley_arena *scratch = coley_arena_create();
    if (!scratch) return COLEY_FAIL_MEMORY(err);
    int32_t symbol[2 + N_WATCHED];
    size_t n_symbols = 0;
    coley_status status = find_symbols(f, n_extra, symbol, out->kept, &n_symbols, err);
    double *inputs = COLEY_NEW(scratch, double, n *n_inputs);
    double *value = COLEY_NEW(n_extra ? arena : scratch, double, n *n_days *n_symbols);
    float *log_rel = COLEY_NEW(arena, float, n *n_days), *slope = COLEY_NEW(arena, float, n),
          *log_d0 = COLEY_NEW(arena, float, n);
    if (status == COLEY_OK && (!inputs || !value || !log_rel || !slope || !log_d0)) status = COLEY_FAIL_MEMORY(err);
    if (status == COLEY_OK) {
        for (size_t i = 0; i < n; i++) {
            coley_population_inputs(f->population, z + i * f->population->n_traits, inputs + i * n_inputs);
            if (size_mm > 0.0) inputs[i * n_inputs + (size_t)f->size_input] = size_mm;
        }
        coley_people people = {.body = f->body,
                               .n = n,
                               .inputs = inputs,
                               .n_doses = f->n_doses,
                               .dose = f->dose,
                               .settle_day = f->set.settle_day,
                               .n_days = n_days,
                               .day = f->day,
                               .n_observed = n_symbols,
                               .observed = symbol,
                               .value = value,
                               .integrator = COLEY_INTEGRATOR_DEFAULT,
                               .progress = f->options.progress};
        people.integrator.rtol = 1e-3;
        people.integrator.atol = 1e-2;
        people.integrator.n_threads = f->options.n_threads;
        coley_progress_begin(f->options.progress, "virtual people", n);
        status = coley_people_simulate(scratch, &people, err);
        coley_progress_end(f->options.progress);
        out->steps = (double)people.n_steps / (double)n;
    }
    for (size_t i = 0; status == COLEY_OK && i < n; i++) {
        const double *row = value + i * n_days * n_symbols;
        for (size_t j = 0; j < n_days; j++) log_rel[i * n_days + j] = (float)log(row[j * n_symbols] / row[0]);
        slope[i] = (float)row[1];
        log_d0[i] = (float)log(row[0]);
    }
    coley_arena_destroy(scratch);
    out->courses = (coley_courses){.n = n,
                                   .n_days = n_days,
                                   .step_day = f->set.grid_day,
                                   .log_rel = log_rel,
                                   .slope = slope,
                                   .log_d0 = log_d0,
                                   .log_d0_sd = f->set.size_sd};
    out->n_values = n_symbols;
    out->value = value;
    return status;
}

coley_status coley_forecast_create(coley_arena *arena, const coley_forecast_options *options, coley_forecast **out,
                                   coley_error *err)
{
    if (!(options->horizon_day >= 30.0) || !(options->horizon_day <= 5000.0))
        return COLEY_FAIL(err, COLEY_ERR_ARG, "a horizon of %g days, allowed 30 to 5000", options->horizon_day);
    coley_forecast *f = COLEY_NEW(arena, coley_forecast, 1);
    if (!f) return COLEY_FAIL_MEMORY(err);
    f->options = *options;
    COLEY_TRY(read_settings(arena, options, &f->set, err));
    COLEY_TRY(build(arena, f, err));
    f->n_people = (size_t)f->set.people;
    f->n_days = (size_t)ceil(options->horizon_day / f->set.grid_day) + 2;
    f->day = COLEY_NEW(arena, double, f->n_days);
    double *z = COLEY_NEW(arena, double, f->n_people * f->population->n_traits);
    if (!f->day || !z) return COLEY_FAIL_MEMORY(err);
    for (size_t j = 0; j < f->n_days; j++) f->day[j] = (double)j * f->set.grid_day;
    for (size_t i = 0; i < f->n_people; i++)
        coley_population_scores(f->population, options->seed, i, z + i * f->population->n_traits);
    simulated prior;
    COLEY_TRY(simulate(arena, f, f->n_people, z, 0.0, 0, &prior, err));
    f->courses = prior.courses;
    f->steps = prior.steps;
    *out = f;
    return COLEY_OK;
}

size_t coley_forecast_people(const coley_forecast *f)
{
    return f->n_people;
}

const char *coley_forecast_cancer(const coley_forecast *f)
{
    return f->set.cancer;
}

const char *coley_forecast_regimen(const coley_forecast *f)
{
    return f->set.regimen;
}

double coley_forecast_steps(const coley_forecast *f)
{
    return f->steps;
}

/* --- one person
 * ----------------------------------------------------------------------------------------------------------- */

static coley_prediction prediction_of(const double q[N_QUANTILES])
{
    return (coley_prediction){
        .low90_mm = q[0], .low50_mm = q[1], .median_mm = q[2], .high50_mm = q[3], .high90_mm = q[4]};
}

/* Systematic resampling: parent[j] for n places. */
static void resample(const double *weight, size_t n_weights, double start, size_t n, size_t *parent)
{
    double below = weight[0];
    size_t k = 0;
    for (size_t j = 0; j < n; j++) {
        const double at = ((double)j + start) / (double)n;
        while (below < at && k + 1 < n_weights) below += weight[++k];
        parent[j] = k;
    }
}

/* Scores near the best people's: z = c z_parent + sqrt(1 - c^2) noise keeps the population's own spread. */
static coley_status near_parents(coley_arena *arena, const coley_forecast *f, const coley_belief *belief, size_t n,
                                 double **z, coley_error *err)
{
    const double closeness = 0.97;
    const size_t n_traits = f->population->n_traits;
    size_t *parent = COLEY_NEW(arena, size_t, n);
    *z = COLEY_NEW(arena, double, n *n_traits);
    if (!parent || !*z) return COLEY_FAIL_MEMORY(err);
    resample(belief->weight, belief->n, coley_rng_uniform(f->options.seed, COLEY_STREAM_FORECAST, 0, 0), n, parent);
    for (size_t j = 0; j < n; j++) {
        double *row = *z + j * n_traits;
        coley_population_scores(f->population, f->options.seed, parent[j], row);
        if (j && parent[j] == parent[j - 1])
            for (size_t i = 0; i < n_traits; i++)
                row[i] = closeness * row[i] + sqrt(1.0 - closeness * closeness) *
                                                  coley_rng_normal(f->options.seed, COLEY_STREAM_FORECAST, j, i + 1);
    }
    return COLEY_OK;
}

static double first_size(const coley_seen *seen)
{
    for (size_t i = 0; i < seen->n; i++)
        if (seen->diameter_mm[i] > 0.0) return fmax(seen->diameter_mm[i], COLEY_TOO_SMALL_MM);
    return COLEY_TOO_SMALL_MM;
}

typedef struct weighted {
    double value, weight;
} weighted;

static int by_value(const void *a, const void *b)
{
    const weighted *x = a, *y = b;
    return x->value < y->value ? -1 : x->value > y->value;
}

/* Weighted quantiles of every watched quantity on the asked days. */
static coley_status watched_series(coley_arena *arena, const coley_forecast *f, const simulated *s,
                                   const coley_belief *belief, coley_outlook *o, coley_error *err)
{
    const size_t n_extra = s->n_values - 2, n = s->courses.n;
    coley_series *series = COLEY_NEW(arena, coley_series, n_extra);
    weighted *list = COLEY_NEW(arena, weighted, n);
    if (!series || !list) return COLEY_FAIL_MEMORY(err);
    for (size_t e = 0; e < n_extra; e++) {
        const coley_symbol *symbol =
            &f->body->network->symbol[coley_network_symbol(f->body->network, watched[s->kept[e]].id)];
        double *q[N_QUANTILES];
        for (int i = 0; i < N_QUANTILES; i++)
            if (!(q[i] = COLEY_NEW(arena, double, o->n_days))) return COLEY_FAIL_MEMORY(err);
        for (size_t d = 0; d < o->n_days; d++) {
            size_t j = o->day[d] <= 0.0 ? 0 : (size_t)(o->day[d] / f->set.grid_day + 0.5);
            if (j >= f->n_days) j = f->n_days - 1;
            size_t m = 0;
            for (size_t k = 0; k < n; k++) {
                const double v = s->value[(k * f->n_days + j) * s->n_values + 2 + e];
                if (isfinite(v) && belief->weight[k] > 0.0) list[m++] = (weighted){v, belief->weight[k]};
            }
            qsort(list, m, sizeof *list, by_value);
            double below = 0.0, total = 0.0;
            for (size_t k = 0; k < m; k++) total += list[k].weight;
            size_t k = 0;
            for (int i = 0; i < N_QUANTILES; i++) {
                while (k + 1 < m && below + list[k].weight < levels[i] * total) below += list[k++].weight;
                q[i][d] = m ? list[k].value : NAN;
            }
        }
        int any = 0;
        for (size_t d = 0; d < o->n_days; d++) any |= q[N_QUANTILES - 1][d] != 0.0;
        if (!any) continue; /* the receptor of another drug */
        const char *unit = strcmp(watched[s->kept[e]].group, "t_cells") == 0 ? "cell"
                           : strstr(symbol->id, "step5")                     ? "1/day"
                                                                             : "1";
        series[o->n_series++] = (coley_series){.id = symbol->id,
                                               .label = symbol->name ? symbol->name : symbol->id,
                                               .unit = unit,
                                               .group = watched[s->kept[e]].group,
                                               .value = q[2],
                                               .low90 = q[0],
                                               .low50 = q[1],
                                               .high50 = q[3],
                                               .high90 = q[4]};
    }
    o->series = series;
    return COLEY_OK;
}

coley_status coley_forecast_person(coley_arena *arena, const coley_forecast *f, const coley_seen *seen, size_t n_days,
                                   const double *day, coley_outlook *o, coley_error *err)
{
    if (!seen->n) return COLEY_FAIL(err, COLEY_ERR_INPUT, "no scan to start from");
    coley_belief belief;
    COLEY_TRY(coley_condition(arena, &f->courses, &f->set.error, seen, &belief, err));
    *o = (coley_outlook){.n_days = n_days,
                         .day = day,
                         .at = COLEY_NEW(arena, coley_prediction, n_days),
                         .effective_prior = belief.effective,
                         .effective = belief.effective};
    if (!o->at) return COLEY_FAIL_MEMORY(err);
    simulated near = {.courses = f->courses};
    if (f->set.refined) {
        o->n_refined = (size_t)f->set.refined;
        double *z;
        COLEY_TRY(near_parents(arena, f, &belief, o->n_refined, &z, err));
        COLEY_TRY(simulate(arena, f, o->n_refined, z, first_size(seen), N_WATCHED, &near, err));
        /* Parents were drawn in proportion to their weight; children count by how much better or worse they fit than
         * such a draw would: equal weights where the fit is the parents'. */
        near.courses.log_d0_sd = INFINITY;
        COLEY_TRY(coley_condition(arena, &near.courses, &f->set.error, seen, &belief, err));
        o->effective = belief.effective;
        COLEY_TRY(watched_series(arena, f, &near, &belief, o, err));
    }
    for (size_t d = 0; d < n_days; d++) {
        double q[N_QUANTILES];
        COLEY_TRY(coley_forecast_quantiles(arena, &near.courses, &f->set.error, &belief, day[d], levels, N_QUANTILES, q,
                                           err));
        o->at[d] = prediction_of(q);
    }
    double nadir = INFINITY;
    for (size_t i = 0; i < seen->n; i++) nadir = fmin(nadir, fmax(seen->diameter_mm[i], COLEY_TOO_SMALL_MM));
    const double last = n_days ? day[n_days - 1] : seen->day[seen->n - 1];
    o->response_probability =
        coley_forecast_probability(&near.courses, &f->set.error, &belief, last, 0.7 * first_size(seen));
    o->progression_probability =
        1.0 - coley_forecast_probability(&near.courses, &f->set.error, &belief, last, fmax(1.2 * nadir, nadir + 5.0));
    return COLEY_OK;
}

coley_status coley_forecast_doses(coley_arena *arena, const coley_forecast *f, coley_course *course, coley_error *err)
{
    coley_given_dose *dose = COLEY_NEW(arena, coley_given_dose, f->n_doses);
    coley_course_event *event = COLEY_NEW(arena, coley_course_event, f->n_doses);
    if (!dose || !event) return COLEY_FAIL_MEMORY(err);
    const double last = course->n_days ? course->day[course->n_days - 1] : 0.0;
    size_t n = 0;
    for (; n < f->n_doses && f->dose[n].t_day <= last; n++) {
        dose[n] = (coley_given_dose){.day = f->dose[n].t_day,
                                     .amount = f->dose[n].amount,
                                     .duration_day = f->dose[n].duration_day,
                                     .drug = f->drug,
                                     .unit = "mg"};
        event[n] = (coley_course_event){
            .day = dose[n].day,
            .kind = "dose",
            .what = coley_arena_printf(arena, "%s %g mg, as the regimen says", f->drug, dose[n].amount)};
        if (!event[n].what) return COLEY_FAIL_MEMORY(err);
    }
    course->n_doses = course->n_events = n;
    course->dose = dose;
    course->event = event;
    return COLEY_OK;
}

/* --- everybody
 * ------------------------------------------------------------------------------------------------------------- */

static coley_status forecast_one(const coley_forecast *f, const coley_split *split, coley_prediction *out,
                                 coley_error *err)
{
    coley_arena *scratch = coley_arena_create();
    if (!scratch) return COLEY_FAIL_MEMORY(err);
    const coley_seen seen = {.n = split->used.n,
                             .day = split->used.day,
                             .diameter_mm = split->used.diameter_mm,
                             .too_small = split->used.too_small};
    coley_belief belief;
    coley_status status = coley_condition(scratch, &f->courses, &f->set.error, &seen, &belief, err);
    for (size_t j = 0; status == COLEY_OK && j < split->held.n; j++) {
        double q[N_QUANTILES];
        status = coley_forecast_quantiles(scratch, &f->courses, &f->set.error, &belief, split->held.day[j], levels,
                                          N_QUANTILES, q, err);
        if (status == COLEY_OK) out[j] = prediction_of(q);
    }
    coley_arena_destroy(scratch);
    return status;
}

coley_status coley_forecast_all(void *context, coley_arena *arena, size_t n_splits, const coley_split *split,
                                coley_prediction *const *out, coley_error *err)
{
    const coley_forecast *f = context;
    coley_status *status = COLEY_NEW(arena, coley_status, n_splits);
    if (!status) return COLEY_FAIL_MEMORY(err);
    coley_progress_begin(f->options.progress, "patients", n_splits);
#pragma omp parallel for schedule(dynamic, 1) num_threads(f->options.n_threads)
    for (size_t i = 0; i < n_splits; i++) {
        status[i] = forecast_one(f, &split[i], out[i], NULL);
        coley_progress_add(f->options.progress, 1);
    }
    coley_progress_end(f->options.progress);
    /* The first failure in patient order, once more for its sentence. */
    for (size_t i = 0; i < n_splits; i++)
        if (status[i] != COLEY_OK) return forecast_one(f, &split[i], out[i], err);
    return COLEY_OK;
}
