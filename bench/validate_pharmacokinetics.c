/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate_pharmacokinetics.c -- concentrations in blood against labels: catalog/evidence/pharmacokinetics.yaml names a
 * regimen, what is asked of it and the published figure.
 *
 *     trough               concentration at the end of a dosing interval
 *     auc                  its integral over the interval, by trapezia of a quarter of a day
 *     accumulation_of_...  either of them in that interval against the first
 *     half_life            ln 2 (to - from) / ln(c(from) / c(to)) after a single dose
 *
 * Each person has a figure; the published one is compared with their mean, geometric mean or median. Run as
 * `validate-pharmacokinetics FILE.json`. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/data.h"
#include "base/table.h"
#include "base/yaml.h"
#include "run/session.h"

enum { PEOPLE = 200 };
static const double ROW_DAY = 0.25;

typedef enum what { TROUGH, AUC, ACCUMULATION_OF_TROUGH, ACCUMULATION_OF_AUC, HALF_LIFE, N_WHATS } what;
static const char *const what_name[] = {"trough", "auc", "accumulation_of_trough", "accumulation_of_auc", "half_life"};
typedef enum statistic { MEAN, GEOMETRIC_MEAN, MEDIAN, N_STATISTICS } statistic;
static const char *const statistic_name[] = {"mean", "geometric_mean", "median"};

typedef struct target {
    const char *name, *regimen, *cancer, *symbol, *source;
    int what, statistic;
    int64_t interval;
    double from, to, published, low, high;
} target;

static coley_status text_of(const coley_yaml *node, const char *key, const char **text, coley_error *err)
{
    const coley_yaml *found = coley_yaml_find(node, key);
    if (!found) return coley_yaml_fail(node, err, "the key '%s' is missing here", key);
    return coley_yaml_text(found, text, err);
}

static coley_status number_of(const coley_yaml *node, const char *key, double *value, coley_error *err)
{
    const coley_yaml *found = coley_yaml_find(node, key);
    if (!found) return coley_yaml_fail(node, err, "the key '%s' is missing here", key);
    return coley_yaml_number(found, 0, 1e6, value, err);
}

static coley_status read_target(const coley_yaml *node, target *t, coley_error *err)
{
    static const char *const keys[] = {"name", "regimen", "cancer",    "symbol", "what", "interval", "statistic",
                                       "from", "to",      "published", "low",    "high", "source",   "note"};
    const coley_yaml *found;
    *t = (target){.low = NAN, .high = NAN};
    COLEY_TRY(coley_yaml_keys(node, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(text_of(node, "name", &t->name, err));
    COLEY_TRY(text_of(node, "regimen", &t->regimen, err));
    COLEY_TRY(text_of(node, "cancer", &t->cancer, err));
    COLEY_TRY(text_of(node, "symbol", &t->symbol, err));
    COLEY_TRY(text_of(node, "source", &t->source, err));
    COLEY_TRY(number_of(node, "published", &t->published, err));
    if (!coley_yaml_find(node, "what") || !coley_yaml_find(node, "statistic"))
        return coley_yaml_fail(node, err, "needs both 'what' and 'statistic'");
    COLEY_TRY(coley_yaml_choice(coley_yaml_find(node, "what"), what_name, N_WHATS, &t->what, err));
    COLEY_TRY(coley_yaml_choice(coley_yaml_find(node, "statistic"), statistic_name, N_STATISTICS, &t->statistic, err));
    if ((found = coley_yaml_find(node, "low"))) COLEY_TRY(coley_yaml_number(found, 0, 1e6, &t->low, err));
    if ((found = coley_yaml_find(node, "high"))) COLEY_TRY(coley_yaml_number(found, 0, 1e6, &t->high, err));
    if (t->what == HALF_LIFE) {
        COLEY_TRY(number_of(node, "from", &t->from, err));
        COLEY_TRY(number_of(node, "to", &t->to, err));
        if (!(t->to > t->from)) return coley_yaml_fail(node, err, "'to' must be later than 'from'");
        return COLEY_OK;
    }
    found = coley_yaml_find(node, "interval");
    if (!found) return coley_yaml_fail(node, err, "the key 'interval' is missing here");
    return coley_yaml_integer(found, 1, 200, &t->interval, err);
}

/* --- one person's figure ---------------------------------------------------------------------------------------------
 */

typedef struct curve {
    const coley_session *session;
    const coley_crowd *crowd;
    size_t person, column;
} curve;

static double at(const curve *c, double day)
{
    const size_t row = (size_t)lround(day / ROW_DAY);
    return coley_crowd_at(c->crowd, c->person, row < c->crowd->n_days ? row : c->crowd->n_days - 1, c->column);
}

static double area(const curve *c, double from, double to)
{
    double sum = 0;
    for (double day = from; day < to - 1e-9; day += ROW_DAY) sum += 0.5 * ROW_DAY * (at(c, day) + at(c, day + ROW_DAY));
    return sum;
}

static double figure_of(const curve *c, const target *t, double every)
{
    const double end = every * (double)t->interval;
    switch (t->what) {
    case TROUGH:
        return at(c, end);
    case AUC:
        return area(c, end - every, end);
    case ACCUMULATION_OF_TROUGH:
        return at(c, end) / at(c, every);
    case ACCUMULATION_OF_AUC:
        return area(c, end - every, end) / area(c, 0, every);
    default:
        return log(2) * (t->to - t->from) / log(at(c, t->from) / at(c, t->to));
    }
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double over_people(double *value, size_t n, int kind)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += kind == GEOMETRIC_MEAN ? log(value[i]) : value[i];
    if (kind == MEAN) return sum / (double)n;
    if (kind == GEOMETRIC_MEAN) return exp(sum / (double)n);
    qsort(value, n, sizeof *value, compare_numbers);
    return 0.5 * (value[(n - 1) / 2] + value[n / 2]);
}

static coley_status simulate(coley_arena *arena, const target *t, const char *models, const char *catalog,
                             double *value, coley_error *err)
{
    coley_catalog_label label;
    COLEY_TRY(coley_catalog_label_read(arena, catalog, t->regimen, &label, err));
    const int single = t->what == HALF_LIFE;
    const double duration = single ? t->to : label.every_day * (double)t->interval;
    const char *text = coley_arena_printf(
        arena,
        "cancer: %s\nlesions: [{site: lung, diameter: 30 mm}]\nregimen: [{dose: %s%s}]\nrun: {duration: %g day, "
        "output_every: %g day, population: %d}\n",
        t->cancer, t->regimen, single ? ", cycles: 1" : "", duration, ROW_DAY, PEOPLE);
    if (!text) return COLEY_FAIL_MEMORY(err);
    const coley_yaml *root;
    coley_scenario *scenario;
    coley_session *session;
    coley_crowd crowd;
    COLEY_TRY(coley_yaml_parse(arena, t->name, text, strlen(text), &root, err));
    COLEY_TRY(coley_scenario_of_node(arena, root, catalog, &scenario, err));
    COLEY_TRY(coley_session_prepare(arena, scenario, models, catalog, &session, err));
    const int32_t symbol = coley_network_symbol(session->body->network, t->symbol);
    if (symbol < 0) return COLEY_FAIL(err, COLEY_ERR_INPUT, "%s: the body has no '%s'", t->name, t->symbol);
    const coley_session_options options = {.n_threads = 2};
    COLEY_TRY(coley_session_people(arena, session, &options, 1, &symbol, &crowd, err));
    double *figure = COLEY_NEW(arena, double, crowd.n);
    if (!figure) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 1; i < crowd.n; i++) {
        const curve c = {.session = session, .crowd = &crowd, .person = i, .column = session->watch.n};
        figure[i - 1] = figure_of(&c, t, label.every_day);
    }
    *value = over_people(figure, crowd.n - 1, t->statistic);
    return COLEY_OK;
}

/* --- judging ---------------------------------------------------------------------------------------------------------
 */

static const char *status_of(double value, const target *t)
{
    const double low = isnan(t->low) ? 0.85 * t->published : t->low,
                 high = isnan(t->high) ? 1.15 * t->published : t->high;
    if (value >= low && value <= high) return "inside";
    return value >= 2 * low - t->published && value <= 2 * high - t->published ? "near" : "outside";
}

static coley_status validate(coley_arena *arena, coley_table *table, coley_text *json, size_t count[3],
                             coley_error *err)
{
    const char *models, *catalog;
    const coley_yaml *root;
    COLEY_TRY(coley_data_path(arena, "models/patient", &models, err));
    COLEY_TRY(coley_data_path(arena, "catalog", &catalog, err));
    const char *path = coley_arena_printf(arena, "%s/evidence/pharmacokinetics.yaml", catalog);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    const coley_yaml *targets = coley_yaml_find(root, "targets");
    if (!targets) return coley_yaml_fail(root, err, "needs 'targets'");
    COLEY_TRY(coley_yaml_expect(targets, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < targets->n; i++) {
        target t;
        double value = NAN;
        COLEY_TRY(read_target(targets->item[i], &t, err));
        coley_arena *room = coley_arena_create();
        const coley_status status = room ? simulate(room, &t, models, catalog, &value, err) : COLEY_FAIL_MEMORY(err);
        coley_arena_destroy(room);
        COLEY_TRY(status);
        const char *is = status_of(value, &t);
        count[*is == 'i' ? 0 : *is == 'n' ? 1 : 2]++;
        coley_table_add(table, "%s", t.name);
        coley_table_add(table, "%.3g", value);
        coley_table_add(table, "%g", t.published);
        coley_table_add(table, "%s", is);
        coley_text_addf(json, "%s{\"target\":\"%s\",\"simulated\":%.6g,\"published\":%g,\"status\":\"%s\"}",
                        json->length ? ",\n" : "", t.name, value, t.published, is);
    }
    return COLEY_OK;
}

int main(int argc, char **argv)
{
    static const char *const heading[] = {"what", "simulated", "published", "status"};
    coley_arena *arena = coley_arena_create();
    coley_table table = coley_table_begin(arena, heading, 4);
    coley_text json = {.arena = arena}, text = {.arena = arena};
    coley_error err = {0};
    size_t count[3] = {0};
    if (validate(arena, &table, &json, count, &err)) {
        fprintf(stderr, "validate-pharmacokinetics: %s:%d: %s: %s\n", err.file, err.line, err.key, err.text);
        return 1;
    }
    coley_table_draw(&table, &text);
    printf("%s\n%zu of %zu inside, %zu near, %zu outside\n", text.data ? text.data : "", count[0],
           count[0] + count[1] + count[2], count[1], count[2]);
    FILE *file = argc > 1 ? fopen(argv[1], "w") : NULL;
    if (file) {
        fprintf(file, "{\"targets\":[%s],\"inside\":%zu,\"near\":%zu,\"outside\":%zu}\n", json.data ? json.data : "",
                count[0], count[1], count[2]);
        fclose(file);
    }
    coley_arena_destroy(arena);
    return 0;
}
