/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate_therapies.c -- every therapy against what its trials found: catalog/evidence/therapies/NAME.yaml has arms
 * (scenarios whose population is simulated) and targets (a measure of an arm, the published value, its interval).
 *
 * Run as `validate-therapies FILE.json [NAME...]`. A target is inside when the simulated value lies in the published
 * interval, or within 15 % where none is given; near within twice that distance; else outside. With `and: [ARM]` the
 * people of these arms are counted too, so that arms as large as a trial's parts add up to the trial. A simulated share
 * has a 95 % interval by Wilson (1927, J Am Stat Assoc 22:209), a median one by order statistics. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/data.h"
#include "base/table.h"
#include "base/yaml.h"
#include "catalog/catalog.h"
#include "run/outcome.h"

enum { MAX_ARMS = 32, MAX_EXTRA = 64, MAX_LESIONS = 5 };

typedef struct arm {
    const char *name;
    const coley_session *session;
    coley_crowd crowd;
    size_t n_extra;
    const char *extra_name[MAX_EXTRA];
    int32_t extra[MAX_EXTRA];
} arm;

typedef struct therapy {
    coley_arena *arena;
    const char *name;
    const coley_yaml *targets;
    size_t n_arms;
    arm arm[MAX_ARMS];
} therapy;

typedef struct figure {
    double value, low, high;
} figure;

/* --- reading -------------------------------------------------------------------------------------------------------
 */

static coley_status arm_called(const therapy *t, const coley_yaml *node, arm **found, coley_error *err)
{
    const char *name;
    COLEY_TRY(coley_yaml_text(node, &name, err));
    for (size_t i = 0; i < t->n_arms; i++)
        if (!strcmp(t->arm[i].name, name)) {
            *found = (arm *)&t->arm[i];
            return COLEY_OK;
        }
    return coley_yaml_fail(node, err, "there is no arm '%s'", name);
}

static coley_status find_arm(const therapy *t, const coley_yaml *target, const char *key, arm **found, coley_error *err)
{
    const coley_yaml *node = coley_yaml_find(target, key);
    if (!node) return coley_yaml_fail(target, err, "the key '%s' is missing here", key);
    return arm_called(t, node, found, err);
}

/* The arm of a target and those that `and` adds to it; the rest stays NULL. */
static coley_status find_arms(const therapy *t, const coley_yaml *target, arm **found, coley_error *err)
{
    const coley_yaml *and = coley_yaml_find(target, "and");
    COLEY_TRY(find_arm(t, target, "arm", &found[0], err));
    const size_t n = !and? 0 : and->kind == COLEY_YAML_LIST ? and->n : 1;
    if (n >= MAX_ARMS) return coley_yaml_fail(and, err, "more than %d arms", MAX_ARMS - 1);
    for (size_t i = 0; i < n; i++)
        COLEY_TRY(arm_called(t, and->kind == COLEY_YAML_LIST ? and->item[i] : and, &found[i + 1], err));
    return COLEY_OK;
}

/* A symbol that a target asks for and the watch does not have is observed beside it. */
static coley_status want_symbol(arm *a, const coley_yaml *node, coley_error *err)
{
    const char *name;
    COLEY_TRY(coley_yaml_text(node, &name, err));
    for (size_t i = 0; i < a->n_extra; i++)
        if (!strcmp(a->extra_name[i], name)) return COLEY_OK;
    const int32_t symbol = coley_network_symbol(a->session->body->network, name);
    if (symbol < 0) return coley_yaml_fail(node, err, "the arm's body has no '%s'", name);
    if (a->n_extra == MAX_EXTRA) return coley_yaml_fail(node, err, "more than %d symbols", MAX_EXTRA);
    a->extra_name[a->n_extra] = name;
    a->extra[a->n_extra++] = symbol;
    return COLEY_OK;
}

static coley_status read_therapy(therapy *t, const char *path, const char *models, const char *catalog,
                                 coley_error *err)
{
    static const char *const keys[] = {"arms", "targets", "doc"};
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_load(t->arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, 3, err));
    const coley_yaml *arms = coley_yaml_find(root, "arms");
    t->targets = coley_yaml_find(root, "targets");
    if (!arms || !t->targets) return coley_yaml_fail(root, err, "needs both 'arms' and 'targets'");
    COLEY_TRY(coley_yaml_expect(arms, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_expect(t->targets, COLEY_YAML_LIST, err));
    if (arms->n > MAX_ARMS) return coley_yaml_fail(arms, err, "more than %d arms", MAX_ARMS);
    for (size_t i = 0; i < arms->n; i++) {
        coley_scenario *scenario;
        coley_session *session;
        COLEY_TRY(coley_scenario_of_node(t->arena, arms->item[i], catalog, &scenario, err));
        COLEY_TRY(coley_session_prepare(t->arena, scenario, models, catalog, &session, err));
        t->arm[t->n_arms++] = (arm){.name = arms->key[i], .session = session};
    }
    for (size_t i = 0; i < t->targets->n; i++) {
        static const char *const of_arm[] = {"arm", "to"};
        const coley_yaml *symbol = coley_yaml_find(t->targets->item[i], "symbol");
        for (size_t k = 0; k < 2 && symbol; k++) {
            arm *a;
            if (k && !coley_yaml_find(t->targets->item[i], "to")) continue;
            COLEY_TRY(find_arm(t, t->targets->item[i], of_arm[k], &a, err));
            COLEY_TRY(want_symbol(a, symbol, err));
        }
    }
    return COLEY_OK;
}

/* --- measuring ------------------------------------------------------------------------------------------------------
 */

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static figure share(size_t count, size_t n)
{
    const double z = 1.959964, p = n ? (double)count / (double)n : 0, m = n ? (double)n : 1;
    const double middle = (p + z * z / (2 * m)) / (1 + z * z / m);
    const double half = z * sqrt(p * (1 - p) / m + z * z / (4 * m * m)) / (1 + z * z / m);
    return (figure){p, fmax(0, middle - half), fmin(1, middle + half)};
}

/* Median with the order statistics that hold it in 95 of 100. */
static figure median_of(double *value, size_t n)
{
    if (!n) return (figure){NAN, NAN, NAN};
    qsort(value, n, sizeof *value, compare_numbers);
    const double half = 0.98 * sqrt((double)n), middle = 0.5 * (double)(n - 1);
    const size_t low = (size_t)fmax(0, middle - half), high = (size_t)fmin((double)(n - 1), middle + half + 1);
    return (figure){0.5 * (value[(n - 1) / 2] + value[n / 2]), value[low], value[high]};
}

static size_t row_of_day(const coley_session *s, double day)
{
    size_t row = 0;
    while (row + 1 < s->n_days && s->day[row + 1] <= day + 1e-9) row++;
    return row;
}

static size_t column_of(const arm *a, const char *symbol)
{
    for (size_t i = 0; i < a->n_extra; i++)
        if (!strcmp(a->extra_name[i], symbol)) return a->session->watch.n + i;
    return 0;
}

typedef enum measure_kind {
    ORR,
    CR,
    LESION_RESPONSE,
    PROGRESSION_FREE,
    DURABLE_RESPONSE,
    GROWN_FIRST,
    RESPONSE_TIME,
    MEDIAN,
    MEAN,
    PEAK,
    TROUGH,
    TIME_OF_PEAK,
    TIME_OF_TROUGH,
    SHARE_ABOVE,
    SHARE_EVER,
    ONSET,
    RESOLUTION,
    PEAK_RATIO,
    MEDIAN_RATIO,
    ORR_RATIO,
    CV_PEAK,
    HAZARD_RATIO,
    N_MEASURES,
} measure_kind;

static const char *const measure_name[] = {"orr",
                                           "cr",
                                           "lesion_response",
                                           "progression_free",
                                           "durable_response",
                                           "grown_first",
                                           "response_time",
                                           "median",
                                           "mean",
                                           "peak",
                                           "trough",
                                           "time_of_peak",
                                           "time_of_trough",
                                           "share_above",
                                           "share_ever",
                                           "onset",
                                           "resolution",
                                           "peak_ratio",
                                           "median_ratio",
                                           "orr_ratio",
                                           "cv_peak",
                                           "hazard_ratio"};

typedef struct question {
    measure_kind kind;
    const char *symbol;
    double day, by, value;
    unsigned lesions; /* bit i: lesion i + 1 */
} question;

/* One lesion, or a list of them whose shares are taken together. */
static coley_status read_lesions(const coley_yaml *node, unsigned *lesions, coley_error *err)
{
    const size_t n = node->kind == COLEY_YAML_LIST ? node->n : 1;
    for (size_t i = 0; i < n; i++) {
        int64_t lesion;
        COLEY_TRY(
            coley_yaml_integer(node->kind == COLEY_YAML_LIST ? node->item[i] : node, 1, MAX_LESIONS, &lesion, err));
        *lesions |= 1U << (lesion - 1);
    }
    return COLEY_OK;
}

static coley_status read_question(const coley_yaml *target, question *q, coley_error *err)
{
    static const char *const keys[] = {"name",  "arm",    "to",        "measure", "symbol", "day",    "by",  "and",
                                       "value", "lesion", "published", "low",     "high",   "source", "note"};
    const coley_yaml *node;
    int kind;
    COLEY_TRY(coley_yaml_keys(target, keys, sizeof keys / sizeof *keys, err));
    if (!(node = coley_yaml_find(target, "measure")))
        return coley_yaml_fail(target, err, "the key 'measure' is missing");
    COLEY_TRY(coley_yaml_choice(node, measure_name, N_MEASURES, &kind, err));
    *q = (question){.kind = (measure_kind)kind, .by = 0.3, .day = NAN, .value = NAN};
    if ((node = coley_yaml_find(target, "symbol"))) COLEY_TRY(coley_yaml_text(node, &q->symbol, err));
    if ((node = coley_yaml_find(target, "day"))) COLEY_TRY(coley_yaml_number(node, -1e4, 1e5, &q->day, err));
    if ((node = coley_yaml_find(target, "by"))) COLEY_TRY(coley_yaml_number(node, 0, 1, &q->by, err));
    if ((node = coley_yaml_find(target, "value"))) COLEY_TRY(coley_yaml_number(node, -1e300, 1e300, &q->value, err));
    if ((node = coley_yaml_find(target, "lesion"))) COLEY_TRY(read_lesions(node, &q->lesions, err));
    const int by_symbol = q->kind >= MEDIAN && q->kind != ORR_RATIO && q->kind != HAZARD_RATIO;
    const int by_day = q->kind == PROGRESSION_FREE || q->kind == MEDIAN || q->kind == MEAN || q->kind == SHARE_ABOVE ||
                       q->kind == MEDIAN_RATIO || q->kind == HAZARD_RATIO || q->kind == RESOLUTION ||
                       q->kind == DURABLE_RESPONSE || q->kind == GROWN_FIRST;
    if (by_symbol && !q->symbol) return coley_yaml_fail(target, err, "the key 'symbol' is missing");
    if (by_day && isnan(q->day)) return coley_yaml_fail(target, err, "the key 'day' is missing");
    const int by_value = q->kind >= SHARE_ABOVE && q->kind <= RESOLUTION;
    if (by_value && isnan(q->value)) return coley_yaml_fail(target, err, "the key 'value' is missing");
    if (q->kind == LESION_RESPONSE && !q->lesions) return coley_yaml_fail(target, err, "the key 'lesion' is missing");
    return COLEY_OK;
}

static int is_so(const question *q, const coley_outcome *o)
{
    switch (q->kind) {
    case CR:
        return isfinite(o->recist_gone_day) != 0;
    case PROGRESSION_FREE:
        return o->progression_day > q->day;
    case LESION_RESPONSE:
        return o->best_change <= -q->by;
    case DURABLE_RESPONSE:
        return o->response_kept >= q->day;
    case GROWN_FIRST:
        return o->grown_first >= q->by;
    default:
        return isfinite(o->recist_day) != 0;
    }
}

/* Share of the people of these arms of whom it is true; of lesions, if some are named. The patient, person 0, is
 * typical in everything and not counted. `grown_first` is a share of those whose response lasts. */
static figure count_outcomes(const arm *const *arms, const question *q)
{
    size_t count = 0, n = 0;
    for (; *arms; arms++)
        for (size_t p = 1; p < (*arms)->crowd.n; p++)
            for (ptrdiff_t l = q->lesions ? 0 : -1; l < (q->lesions ? MAX_LESIONS : 0); l++) {
                if (l >= 0 && !(q->lesions >> l & 1)) continue;
                const coley_outcome o = coley_outcome_of((*arms)->session, &(*arms)->crowd, p, l);
                if (q->kind == GROWN_FIRST && o.response_kept < q->day) continue;
                n++;
                count += (size_t)is_so(q, &o);
            }
    return share(count, n);
}

/* Day of the response of those who have one. */
static figure response_time(coley_arena *arena, const arm *const *arms)
{
    size_t n = 0, cap = 0;
    for (size_t i = 0; arms[i]; i++) cap += arms[i]->crowd.n;
    double *value = COLEY_NEW(arena, double, cap);
    if (!value) return (figure){NAN, NAN, NAN};
    for (; *arms; arms++)
        for (size_t p = 1; p < (*arms)->crowd.n; p++) {
            value[n] = coley_outcome_of((*arms)->session, &(*arms)->crowd, p, -1).recist_day;
            n += isfinite(value[n]) != 0;
        }
    return median_of(value, n);
}

/* One number a person: a value on a day, a peak, its time. */
static double number_of(const arm *a, const question *q, size_t person)
{
    const size_t column = column_of(a, q->symbol);
    const int trough = q->kind == TROUGH || q->kind == TIME_OF_TROUGH;
    if (!isnan(q->day) && (q->kind == MEDIAN || q->kind == MEAN || q->kind == SHARE_ABOVE || q->kind == MEDIAN_RATIO))
        return coley_crowd_at(&a->crowd, person, row_of_day(a->session, q->day), column);
    size_t best = 0;
    for (size_t d = 1; d < a->crowd.n_days; d++) {
        const double now = coley_crowd_at(&a->crowd, person, d, column),
                     was = coley_crowd_at(&a->crowd, person, best, column);
        if (trough ? now < was : now > was) best = d;
    }
    return q->kind == TIME_OF_PEAK || q->kind == TIME_OF_TROUGH ? a->session->day[best]
                                                                : coley_crowd_at(&a->crowd, person, best, column);
}

/* The first day, from day 0 on, on which the symbol has reached the value; or, for the resolution, how long after the
 * day asked for it is below again, in who is not below on that day; at most until the end. Else not a number. */
static double spell_of(const arm *a, const question *q, size_t person)
{
    const size_t column = column_of(a, q->symbol);
    const coley_session *s = a->session;
    const double from = q->kind == RESOLUTION ? q->day : 0;
    int first = 1;
    for (size_t d = 0; d < a->crowd.n_days; d++) {
        if (s->day[d] < from) continue;
        const int there = coley_crowd_at(&a->crowd, person, d, column) >= q->value;
        if (q->kind != RESOLUTION && there) return s->day[d];
        if (q->kind == RESOLUTION && !there) return first ? NAN : s->day[d] - from;
        first = 0;
    }
    return q->kind == RESOLUTION ? s->day[s->n_days - 1] - from : NAN;
}

static figure spell_over_people(coley_arena *arena, const arm *a, const question *q)
{
    size_t n = 0;
    double *value = COLEY_NEW(arena, double, a->crowd.n);
    if (!value) return (figure){NAN, NAN, NAN};
    for (size_t p = 1; p < a->crowd.n; p++)
        if (!isnan(value[n] = spell_of(a, q, p))) n++;
    return q->kind == SHARE_EVER ? share(n, a->crowd.n - 1) : median_of(value, n);
}

static figure number_over_people(coley_arena *arena, const arm *a, const question *q)
{
    const size_t n = a->crowd.n - 1;
    double *value = COLEY_NEW(arena, double, n + 1), sum = 0, square = 0;
    size_t above = 0;
    if (!value) return (figure){NAN, NAN, NAN};
    for (size_t p = 0; p < n; p++) {
        value[p] = number_of(a, q, p + 1);
        sum += value[p];
        above += value[p] > q->value;
    }
    const double mean = n ? sum / (double)n : NAN;
    for (size_t p = 0; p < n; p++) square += (value[p] - mean) * (value[p] - mean);
    const double sd = sqrt(square / (double)(n > 1 ? n - 1 : 1)), error = 1.96 * sd / sqrt((double)n);
    if (q->kind == SHARE_ABOVE) return share(above, n);
    if (q->kind == MEAN) return (figure){mean, mean - error, mean + error};
    if (q->kind == CV_PEAK) return (figure){sd / mean, NAN, NAN};
    return median_of(value, n);
}

static figure ratio_of(figure a, figure b)
{
    return (figure){a.value / b.value, a.low / b.high, a.high / b.low};
}

/* Of progression by one day: the ratio of the cumulative hazards. */
static figure hazard_ratio(figure a, figure b)
{
    return (figure){log(a.value) / log(b.value), log(a.high) / log(b.low), log(a.low) / log(b.high)};
}

/* `arms` ends with NULL; only shares of people and times of response look beyond the first. */
static figure measure(coley_arena *arena, const arm *const *arms, const arm *to, question q)
{
    const arm *const a = arms[0], *const other[] = {to, NULL};
    question inner = q;
    switch (q.kind) {
    case ORR:
    case CR:
    case LESION_RESPONSE:
    case PROGRESSION_FREE:
    case DURABLE_RESPONSE:
    case GROWN_FIRST:
        return count_outcomes(arms, &q);
    case RESPONSE_TIME:
        return response_time(arena, arms);
    case SHARE_EVER:
    case ONSET:
    case RESOLUTION:
        return spell_over_people(arena, a, &q);
    case ORR_RATIO:
        return ratio_of(count_outcomes(arms, &q), count_outcomes(other, &q));
    case HAZARD_RATIO:
        inner.kind = PROGRESSION_FREE;
        return hazard_ratio(count_outcomes(arms, &inner), count_outcomes(other, &inner));
    case PEAK_RATIO:
        inner.kind = PEAK;
        return ratio_of(number_over_people(arena, a, &inner), number_over_people(arena, to, &inner));
    case MEDIAN_RATIO:
        return ratio_of(number_over_people(arena, a, &q), number_over_people(arena, to, &q));
    default:
        return number_over_people(arena, a, &q);
    }
}

/* --- judging ---------------------------------------------------------------------------------------------------------
 */

static const char *status_of(double value, double published, double low, double high)
{
    if (isnan(low)) low = fmin(0.85 * published, 1.15 * published);
    if (isnan(high)) high = fmax(0.85 * published, 1.15 * published);
    if (value >= low && value <= high) return "inside";
    const double below = low - (published - low), above = high + (high - published);
    return value >= below && value <= above ? "near" : "outside";
}

typedef struct tally {
    size_t inside, near, outside;
    coley_text json;
    coley_table table;
} tally;

static coley_status judge(therapy *t, const coley_yaml *target, tally *sum, coley_error *err)
{
    question q;
    arm *arms[MAX_ARMS + 1] = {NULL}, *to = NULL;
    double published, low = NAN, high = NAN;
    const char *name, *source;
    const coley_yaml *node;
    COLEY_TRY(read_question(target, &q, err));
    COLEY_TRY(find_arms(t, target, arms, err));
    if (arms[1] && q.kind > RESPONSE_TIME)
        return coley_yaml_fail(target, err, "'and' is for shares of people and lesions and for response_time only");
    if (q.kind == ORR_RATIO || q.kind == HAZARD_RATIO || q.kind == PEAK_RATIO || q.kind == MEDIAN_RATIO)
        COLEY_TRY(find_arm(t, target, "to", &to, err));
    COLEY_TRY(coley_yaml_text(coley_yaml_find(target, "name"), &name, err));
    COLEY_TRY(coley_yaml_text(coley_yaml_find(target, "source"), &source, err));
    COLEY_TRY(coley_yaml_number(coley_yaml_find(target, "published"), -1e300, 1e300, &published, err));
    if ((node = coley_yaml_find(target, "low"))) COLEY_TRY(coley_yaml_number(node, -1e300, 1e300, &low, err));
    if ((node = coley_yaml_find(target, "high"))) COLEY_TRY(coley_yaml_number(node, -1e300, 1e300, &high, err));
    const figure f = measure(t->arena, (const arm *const *)arms, to, q);
    const char *status = status_of(f.value, published, low, high);
    *(*status == 'i' ? &sum->inside : *status == 'n' ? &sum->near : &sum->outside) += 1;
    coley_table_add(&sum->table, "%s", t->name);
    coley_table_add(&sum->table, "%s", name);
    coley_table_add(&sum->table, "%.3g", f.value);
    coley_table_add(&sum->table, "%.3g to %.3g", f.low, f.high);
    coley_table_add(&sum->table, "%.3g", published);
    if (isnan(low) || isnan(high))
        coley_table_add(&sum->table, "within 15 %%");
    else
        coley_table_add(&sum->table, "%.3g to %.3g", low, high);
    coley_table_add(&sum->table, "%s", status);
    coley_text_addf(&sum->json,
                    "%s{\"therapy\":\"%s\",\"target\":\"%s\",\"simulated\":%.6g,\"published\":%.6g,\"status\":\"%s\"}",
                    sum->json.length ? ",\n" : "", t->name, name, f.value, published, status);
    return COLEY_OK;
}

static coley_status validate(const char *name, const char *models, const char *catalog, int n_threads, tally *sum,
                             coley_error *err)
{
    therapy *t = calloc(1, sizeof *t);
    if (!t) return COLEY_FAIL_MEMORY(err);
    t->arena = coley_arena_create();
    t->name = name;
    const char *path = coley_arena_printf(t->arena, "%s/evidence/therapies/%s.yaml", catalog, name);
    const coley_session_options options = {.n_threads = n_threads};
    coley_status status = path ? read_therapy(t, path, models, catalog, err) : COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < t->n_arms && status == COLEY_OK; i++) {
        arm *a = &t->arm[i];
        status = coley_session_people(t->arena, a->session, &options, a->n_extra, a->extra, &a->crowd, err);
        for (size_t p = 0; p < a->crowd.n_lost && !status; p++) {
            const coley_lost *lost = &a->crowd.lost[p];
            printf("%s, %s: the solver lost person %llu at day %.6g, state %s\n", name, a->name,
                   (unsigned long long)lost->person, lost->t_day, lost->state);
        }
    }
    for (size_t i = 0; status == COLEY_OK && i < t->targets->n; i++) status = judge(t, t->targets->item[i], sum, err);
    coley_arena_destroy(t->arena);
    free(t);
    return status;
}

int main(int argc, char **argv)
{
    static const char *const heading[] = {"therapy", "target", "simulated", "95 %", "published", "interval", "status"};
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const char *models, *catalog, *const *names;
    size_t n = 0;
    tally sum = {.json = {.arena = arena}, .table = coley_table_begin(arena, heading, 7)};
    coley_status status = coley_data_path(arena, "models/patient", &models, &err);
    if (!status) status = coley_data_path(arena, "catalog", &catalog, &err);
    if (!status) status = coley_catalog_names(arena, catalog, "evidence/therapies", &names, &n, &err);
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    for (size_t i = 0; i < n && !status; i++) {
        int asked = argc < 3;
        for (int k = 2; k < argc; k++) asked |= !strcmp(argv[k], names[i]);
        if (asked) status = validate(names[i], models, catalog, cores > 0 ? (int)cores : 1, &sum, &err);
    }
    if (status) {
        fprintf(stderr, "validate-therapies: %s:%d: %s: %s\n", err.file, err.line, err.key, err.text);
        return 1;
    }
    coley_text table = {.arena = arena};
    coley_table_draw(&sum.table, &table);
    const size_t total = sum.inside + sum.near + sum.outside;
    printf("%s\n%zu of %zu targets inside, %zu near, %zu outside\n", table.data ? table.data : "", sum.inside, total,
           sum.near, sum.outside);
    FILE *file = argc > 1 ? fopen(argv[1], "w") : NULL;
    if (file) {
        fprintf(file, "{\"targets\":[%s],\"inside\":%zu,\"near\":%zu,\"outside\":%zu}\n",
                sum.json.data ? sum.json.data : "", sum.inside, sum.near, sum.outside);
        fclose(file);
    }
    coley_arena_destroy(arena);
    return 0;
}
