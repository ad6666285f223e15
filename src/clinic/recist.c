/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recist.c -- RECIST 1.1 visit by visit: which lesions are targets, their sum, non-targets, new lesions, overall.
 *
 * Eisenhauer 2009, Eur J Cancer 45:228; EORTC RECIST questions and clarifications. The rules are in response.h. */
#include "clinic/visit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_LESIONS = 1000 };

static const double MEASURABLE_MM = 10, TARGET_NODE_MM = 15, NORMAL_NODE_MM = 10, TOO_SMALL_MM = 5, MAX_MM = 500;
static const double PR_SHARE = 0.7, PD_RATIO = 1.2, PD_INCREASE_MM = 5;

/* A lesion's part in the judgement. NORMAL: not disease (yet): a normal node, or a lesion that isn't there at baseline.
 */
typedef enum kind { NON_TARGET, TARGET, NEW } kind;

typedef struct tracked {
    kind kind;
    int is_fragment; /* split from another lesion after baseline */
    const coley_measurement *at_baseline;
    const coley_measurement *now; /* at the visit at hand, or NULL */
    int was_seen;                 /* after baseline */
    int is_new_target;            /* measured apart for iRECIST */
    int is_there;                 /* new lesion: as far as is known */
    double last_mm;               /* last diameter that was measured, or NaN */
} tracked;

/* Everything that the visits share. */
typedef struct judge {
    coley_arena *arena;
    const coley_lesion_table *table;
    const coley_response_options *options;
    coley_error *err;
    tracked *lesion; /* [n_lesions] */
    coley_visits *visits;
    size_t n_new_targets;
} judge;

int coley_recist_grown(double sod_mm, double nadir_mm)
{
    return sod_mm >= PD_RATIO * nadir_mm - COLEY_MM_ROUNDING && sod_mm - nadir_mm >= PD_INCREASE_MM - COLEY_MM_ROUNDING;
}

/* --- what is wrong with a table ---------------------------------------------------------------------------------- */

static const char *name_of(const coley_lesion_table *table)
{
    return table->patient ? table->patient : "";
}

#define FAIL(j, ...) COLEY_FAIL_AT((j)->err, COLEY_ERR_INPUT, (coley_place){.key = name_of((j)->table)}, __VA_ARGS__)

static coley_status check_lesions(const judge *j)
{
    const coley_lesion_table *t = j->table;
    if (!t->n_lesions || !t->n_measurements)
        return FAIL(j, "there is no lesion to judge; give at least one measurement");
    if (t->n_lesions > MAX_LESIONS)
        return FAIL(j, "%zu lesions are more than the %d that are judged", t->n_lesions, MAX_LESIONS);
    for (size_t i = 0; i < t->n_lesions; i++) {
        const coley_lesion *l = &t->lesion[i];
        const int links[2] = {l->merged_into, l->split_from};
        for (int k = 0; k < 2; k++)
            if (links[k] < -1 || links[k] >= (int)t->n_lesions || links[k] == (int)i)
                return FAIL(j, "lesion %s: %s names no other lesion (index %d of %zu)", l->id,
                            k ? "split_from" : "merged_into", links[k], t->n_lesions);
    }
    return COLEY_OK;
}

static coley_status check_measurements(const judge *j)
{
    const coley_lesion_table *t = j->table;
    for (size_t i = 0; i < t->n_measurements; i++) {
        const coley_measurement *m = &t->measurement[i], *before = i ? m - 1 : NULL;
        if (m->lesion >= t->n_lesions)
            return FAIL(j, "measurement %zu is of lesion %zu, but there are %zu", i, m->lesion, t->n_lesions);
        const char *id = t->lesion[m->lesion].id;
        if (!isfinite(m->day)) return FAIL(j, "lesion %s: the day of a measurement is not a number", id);
        if (m->finding == COLEY_FINDING_MEASURED && !(m->diameter_mm >= 0 && m->diameter_mm <= MAX_MM))
            return FAIL(j, "lesion %s, day %g: diameter %g mm is outside 0 to %g mm", id, m->day, m->diameter_mm,
                        MAX_MM);
        if (before && (before->day > m->day || (before->day == m->day && before->lesion > m->lesion)))
            return FAIL(j, "lesion %s, day %g: measurements must be sorted by day, then lesion", id, m->day);
        if (before && before->day == m->day && before->lesion == m->lesion)
            return FAIL(j, "lesion %s, day %g: measured twice; keep one", id, m->day);
    }
    return COLEY_OK;
}

/* --- baseline and roles ------------------------------------------------------------------------------------------ */

static int is_evaluable(const coley_measurement *m)
{
    return m && m->finding != COLEY_FINDING_NOT_EVALUABLE;
}

/* True when the finding is one that enters a sum: a diameter, too small, or gone. */
static int has_size(const coley_measurement *m)
{
    return m && m->finding <= COLEY_FINDING_ABSENT;
}

static double size_mm(const coley_measurement *m)
{
    assert(has_size(m));
    return m->finding == COLEY_FINDING_MEASURED    ? m->diameter_mm
           : m->finding == COLEY_FINDING_TOO_SMALL ? TOO_SMALL_MM
                                                   : 0;
}

/* Gone; a node below 10 mm is normal. */
static int is_gone(const coley_lesion *l, const coley_measurement *m)
{
    return has_size(m) && (l->nodal ? size_mm(m) < NORMAL_NODE_MM - COLEY_MM_ROUNDING : size_mm(m) <= 0);
}

/* Index of the first measurement after baseline, each lesion's baseline finding on the way. */
static size_t take_baseline(judge *j)
{
    const coley_lesion_table *t = j->table;
    const double until =
        t->measurement[0].day > j->options->baseline_until_day ? t->measurement[0].day : j->options->baseline_until_day;
    size_t i = 0;
    for (; i < t->n_measurements && t->measurement[i].day <= until; i++) {
        tracked *l = &j->lesion[t->measurement[i].lesion];
        if (!l->at_baseline || is_evaluable(&t->measurement[i]) || !is_evaluable(l->at_baseline))
            l->at_baseline = &t->measurement[i];
        j->visits->baseline_day = t->measurement[i].day;
    }
    return i;
}

static int is_measurable(const coley_lesion *l, const coley_measurement *m)
{
    return m && m->finding == COLEY_FINDING_MEASURED &&
           m->diameter_mm >= (l->nodal ? TARGET_NODE_MM : MEASURABLE_MM) - COLEY_MM_ROUNDING;
}

static int same_organ(const coley_lesion *a, const coley_lesion *b)
{
    if (a->nodal || b->nodal) return a->nodal && b->nodal;
    return *a->organ && !strcasecmp(a->organ, b->organ);
}

/* True when one more target may be taken beside those for which `taken` holds. */
static int has_room(const judge *j, size_t candidate, int (*taken)(const tracked *))
{
    int n = 0, n_organ = 0;
    for (size_t i = 0; i < j->table->n_lesions; i++) {
        if (!taken(&j->lesion[i])) continue;
        n++;
        n_organ += same_organ(&j->table->lesion[i], &j->table->lesion[candidate]);
    }
    return n < j->options->max_targets && n_organ < j->options->max_targets_per_organ;
}

static int is_target(const tracked *l)
{
    return l->kind == TARGET && !l->is_fragment;
}

static int is_new_target(const tracked *l)
{
    return l->is_new_target;
}

/* The bigger first; at the same size by name, so that the order of the rows doesn't matter. */
static int is_bigger(const judge *j, size_t a, size_t b)
{
    const double x = j->lesion[a].at_baseline->diameter_mm, y = j->lesion[b].at_baseline->diameter_mm;
    if (x != y) return x > y;
    const int order = strcmp(j->table->lesion[a].id, j->table->lesion[b].id);
    return order ? order < 0 : a < b;
}

/* The largest measurable lesions, as many as the limits allow. */
static void choose_targets(judge *j)
{
    const size_t n = j->table->n_lesions;
    for (;;) {
        size_t best = n;
        for (size_t i = 0; i < n; i++) {
            const coley_lesion *l = &j->table->lesion[i];
            if (l->role != COLEY_LESION_AUTO || j->lesion[i].kind == TARGET ||
                !is_measurable(l, j->lesion[i].at_baseline) || !has_room(j, i, is_target))
                continue;
            if (best == n || is_bigger(j, i, best)) best = i;
        }
        if (best == n) return;
        j->lesion[best].kind = TARGET;
    }
}

static coley_status check_given_target(const judge *j, size_t i)
{
    const coley_lesion *l = &j->table->lesion[i];
    const coley_measurement *m = j->lesion[i].at_baseline;
    if (!m || m->finding != COLEY_FINDING_MEASURED || m->diameter_mm <= 0)
        return FAIL(
            j, "target lesion %s has no diameter at baseline (day %g or before); measure it or give it another role",
            l->id, j->visits->baseline_day);
    if (!has_room(j, i, is_target))
        return FAIL(j, "target lesion %s is one too many: at most %d targets, %d an organ (organ \"%s\")", l->id,
                    j->options->max_targets, j->options->max_targets_per_organ, l->nodal ? "lymph node" : l->organ);
    return COLEY_OK;
}

static coley_status assign_roles(judge *j)
{
    const coley_lesion_table *t = j->table;
    int n_given = 0;
    for (size_t i = 0; i < t->n_lesions; i++) {
        const coley_lesion *l = &t->lesion[i];
        tracked *k = &j->lesion[i];
        const coley_measurement *m = k->at_baseline;
        k->last_mm = m && m->finding == COLEY_FINDING_MEASURED ? m->diameter_mm : NAN;
        k->kind = NON_TARGET;
        if (l->role == COLEY_LESION_NEW && is_evaluable(m) && !is_gone(l, m))
            return FAIL(j, "lesion %s is called new, but it was there on day %g, at baseline", l->id, m->day);
        if (l->role == COLEY_LESION_NEW || (l->role == COLEY_LESION_AUTO && (!m || is_gone(l, m)))) k->kind = NEW;
        if (l->role != COLEY_LESION_TARGET) continue;
        COLEY_TRY(check_given_target(j, i));
        k->kind = TARGET;
        n_given++;
        if (!is_measurable(l, m) && !j->visits->note)
            j->visits->note = coley_arena_printf(
                j->arena, "Target %s is %.1f mm at baseline, below the %.0f mm of measurable %s.", l->id,
                m->diameter_mm, l->nodal ? TARGET_NODE_MM : MEASURABLE_MM, l->nodal ? "nodes" : "disease");
    }
    if (!n_given) choose_targets(j);
    for (size_t i = 0; i < t->n_lesions; i++) {
        const int parent = t->lesion[i].split_from;
        if (parent < 0 || j->lesion[i].at_baseline) continue;
        size_t root = (size_t)parent;
        for (size_t step = 0; step < t->n_lesions && t->lesion[root].split_from >= 0 && !j->lesion[root].at_baseline;
             step++)
            root = (size_t)t->lesion[root].split_from;
        j->lesion[i].is_fragment = 1;
        j->lesion[i].kind = j->lesion[root].kind;
    }
    return COLEY_OK;
}

static coley_status list_targets(judge *j)
{
    coley_visits *v = j->visits;
    v->target = COLEY_NEW(j->arena, size_t, j->table->n_lesions);
    if (!v->target) return COLEY_FAIL_MEMORY(j->err);
    double sum = 0;
    int organ_unknown = 0;
    for (size_t i = 0; i < j->table->n_lesions; i++) {
        if (!is_target(&j->lesion[i])) continue;
        v->target[v->n_targets++] = i;
        sum += j->lesion[i].at_baseline->diameter_mm;
        organ_unknown |= !j->table->lesion[i].nodal && !*j->table->lesion[i].organ;
    }
    v->baseline_sod_mm = v->n_targets ? sum : NAN;
    if (organ_unknown && v->n_targets > (size_t)j->options->max_targets_per_organ && !v->note)
        v->note = "The organs are not known: the limit of targets per organ was not applied.";
    if (!v->n_targets && !v->note)
        v->note = "No measurable lesion at baseline: judged by non-targets and new lesions alone.";
    return COLEY_OK;
}

/* --- one visit ---------------------------------------------------------------------------------------------------- */

/* The finding that stands for lesion i: its own or, once it merged, that of the mass; NULL when there is none. */
static const coley_measurement *finding_of(const judge *j, size_t i, int *merged)
{
    *merged = 0;
    const kind part = j->lesion[i].kind;
    for (size_t step = 0; step <= j->table->n_lesions; step++) {
        const coley_measurement *m = j->lesion[i].now;
        if (is_evaluable(m)) return j->lesion[i].kind == part ? m : NULL;
        if (j->table->lesion[i].merged_into < 0) return NULL;
        i = (size_t)j->table->lesion[i].merged_into;
        *merged = 1;
    }
    return NULL;
}

/* Sum and response of the targets; whether one is seen. */
static int judge_targets(const judge *j, coley_visit *v)
{
    if (!j->visits->n_targets) {
        v->target = COLEY_RESPONSE_NONE;
        v->sod_mm = NAN;
        return 0;
    }
    int all_gone = 1, seen = 0;
    for (size_t i = 0; i < j->table->n_lesions; i++) {
        if (j->lesion[i].kind != TARGET) continue;
        const coley_lesion *l = &j->table->lesion[i];
        int merged;
        const coley_measurement *m = finding_of(j, i, &merged);
        if (!m && j->lesion[i].is_fragment && !j->lesion[i].was_seen) continue;
        if (!has_size(m)) {
            v->missing = l->id;
            continue;
        }
        if (merged) continue; /* counted where the mass is measured */
        v->measured_mm += size_mm(m);
        all_gone &= is_gone(l, m);
        seen |= !is_gone(l, m);
    }
    v->sod_mm = v->missing ? NAN : v->measured_mm;
    if (!v->missing && all_gone)
        v->target = COLEY_RESPONSE_CR;
    else if (coley_recist_grown(v->measured_mm, v->nadir_mm))
        v->target = COLEY_RESPONSE_PD;
    else if (v->missing)
        v->target = COLEY_RESPONSE_NE;
    else if (v->sod_mm <= PR_SHARE * j->visits->baseline_sod_mm + COLEY_MM_ROUNDING)
        v->target = COLEY_RESPONSE_PR;
    else
        v->target = COLEY_RESPONSE_SD;
    return seen;
}

static int is_bigger_than_before(const tracked *l, const coley_measurement *m)
{
    return m->finding == COLEY_FINDING_INCREASED || m->finding == COLEY_FINDING_PROGRESSED ||
           (m->finding == COLEY_FINDING_MEASURED && m->diameter_mm > l->last_mm + COLEY_MM_ROUNDING);
}

/* Whether a non-target that isn't a node is seen, too. */
static int judge_non_targets(const judge *j, coley_visit *v)
{
    int n = 0, n_seen = 0, n_unknown = 0, tumour_seen = 0;
    for (size_t i = 0; i < j->table->n_lesions; i++) {
        if (j->lesion[i].kind != NON_TARGET) continue;
        const coley_lesion *l = &j->table->lesion[i];
        int merged;
        const coley_measurement *m = finding_of(j, i, &merged);
        if (!m && j->lesion[i].is_fragment && !j->lesion[i].was_seen) continue;
        n++;
        if (!m) n_unknown++;
        if (!m || merged || is_gone(l, m)) continue;
        n_seen++;
        tumour_seen |= !l->nodal;
        if (m->finding == COLEY_FINDING_PROGRESSED) v->progressed = l->id;
        if (is_bigger_than_before(&j->lesion[i], m)) v->increased = l->id;
    }
    v->non_target = !n              ? COLEY_RESPONSE_NONE
                    : v->progressed ? COLEY_RESPONSE_PD
                    : n_seen        ? COLEY_RESPONSE_NON_CR_NON_PD
                    : n_unknown     ? COLEY_RESPONSE_NE
                                    : COLEY_RESPONSE_CR;
    return tumour_seen;
}

/* Is a finding disease? A node counts from a size. */
static int is_disease(const judge *j, const coley_lesion *l, const coley_measurement *m)
{
    if (!l->nodal || !has_size(m)) return !is_gone(l, m);
    const double from = l->role == COLEY_LESION_NEW ? NORMAL_NODE_MM : j->options->new_node_mm;
    return size_mm(m) >= from - COLEY_MM_ROUNDING;
}

static void judge_new(judge *j, coley_visit *v, int n_before)
{
    v->n_new = n_before;
    for (size_t i = 0; i < j->table->n_lesions; i++) {
        tracked *k = &j->lesion[i];
        if (k->kind != NEW) continue;
        const coley_lesion *l = &j->table->lesion[i];
        if (is_evaluable(k->now)) {
            const int is_first = !k->was_seen && is_disease(j, l, k->now);
            if (is_first && !k->is_fragment) {
                v->n_new++;
                v->n_new_now++;
                v->new_now = l->id;
                k->is_new_target = is_measurable(l, k->now) && has_room(j, i, is_new_target);
            }
            if (k->was_seen && !k->is_new_target && is_disease(j, l, k->now) && is_bigger_than_before(k, k->now))
                v->new_increased = l->id;
            k->was_seen |= is_first;
            k->is_there = k->was_seen && is_disease(j, l, k->now);
            if (has_size(k->now)) k->last_mm = size_mm(k->now);
        }
        v->n_new_there += k->is_there && !k->is_fragment;
        if (k->is_new_target && !isnan(k->last_mm)) v->new_sod_mm += k->last_mm;
    }
}

static coley_response overall_of(const coley_visit *v)
{
    if (v->target == COLEY_RESPONSE_PD || v->non_target == COLEY_RESPONSE_PD || v->n_new_there || v->reappeared)
        return COLEY_RESPONSE_PD;
    if (v->target == COLEY_RESPONSE_NONE)
        return v->non_target == COLEY_RESPONSE_NONE ? COLEY_RESPONSE_NE : v->non_target;
    const int rest_is_clear = v->non_target == COLEY_RESPONSE_CR || v->non_target == COLEY_RESPONSE_NONE;
    return v->target == COLEY_RESPONSE_CR && !rest_is_clear ? COLEY_RESPONSE_PR : v->target;
}

/* --- sentences ---------------------------------------------------------------------------------------------------- */

static double percent(double now, double before)
{
    return 100 * (now - before) / before;
}

static void say_targets(const judge *j, coley_text *why, const coley_visit *v)
{
    const double base = j->visits->baseline_sod_mm;
    switch (v->target) {
    case COLEY_RESPONSE_NONE:
        coley_text_addf(why, "No target lesion");
        break;
    case COLEY_RESPONSE_CR:
        if (v->sod_mm > 0)
            coley_text_addf(why, "Targets are gone or nodes below 10 mm (sum %.1f mm)", v->sod_mm);
        else
            coley_text_addf(why, "All targets are gone");
        break;
    case COLEY_RESPONSE_PD:
        if (v->missing) coley_text_addf(why, "Even without %s, which is not measured, the", v->missing);
        coley_text_addf(why, "%s sum %.1f mm is %+.1f mm", v->missing ? "" : "The", v->measured_mm,
                        v->measured_mm - v->nadir_mm);
        if (v->nadir_mm > 0) coley_text_addf(why, " (%+.1f %%)", percent(v->measured_mm, v->nadir_mm));
        coley_text_addf(why, " on the smallest sum, %.1f mm; PD from +20 %% and +5 mm", v->nadir_mm);
        break;
    case COLEY_RESPONSE_NE:
        coley_text_addf(why, "Target %s is not measured, so there is no sum", v->missing);
        break;
    case COLEY_RESPONSE_PR:
    case COLEY_RESPONSE_SD:
    case COLEY_RESPONSE_NON_CR_NON_PD:
        coley_text_addf(why, "The sum %.1f mm is %+.1f %% on baseline, %.1f mm", v->sod_mm, percent(v->sod_mm, base),
                        base);
        if (v->target == COLEY_RESPONSE_PR) {
            const int held = v->sod_mm > PR_SHARE * base + COLEY_MM_ROUNDING;
            coley_text_addf(why, held ? "; an earlier PR holds until PD" : "; PR from -30 %%");
        } else {
            coley_text_addf(why, ", and %+.1f mm", v->sod_mm - v->nadir_mm);
            if (v->nadir_mm > 0) coley_text_addf(why, " (%+.1f %%)", percent(v->sod_mm, v->nadir_mm));
            coley_text_addf(why, " on the smallest, %.1f mm; neither PR nor PD", v->nadir_mm);
        }
        break;
    }
}

static void say_visit(const judge *j, coley_text *why, const coley_visit *v)
{
    say_targets(j, why, v);
    if (v->progressed)
        coley_text_addf(why, "; non-target %s progressed", v->progressed);
    else if (v->non_target == COLEY_RESPONSE_NON_CR_NON_PD)
        coley_text_addf(why, "; non-targets remain");
    else if (v->non_target == COLEY_RESPONSE_CR)
        coley_text_addf(why, "; non-targets are gone");
    else if (v->non_target == COLEY_RESPONSE_NE)
        coley_text_addf(why, "; non-targets were not all examined");
    if (v->n_new_now) coley_text_addf(why, "; new lesion %s", v->new_now);
    if (v->n_new_now > 1) coley_text_addf(why, " and %d more", v->n_new_now - 1);
    if (v->n_new_there && !v->n_new_now)
        coley_text_addf(why, "; %d new lesion%s since baseline", v->n_new_there, v->n_new_there > 1 ? "s" : "");
    if (v->reappeared) coley_text_addf(why, "; disease is seen again after a complete response");
    coley_text_addf(why, ".");
}

/* --- all visits --------------------------------------------------------------------------------------------------- */

static size_t count_visits(const coley_lesion_table *t, size_t from)
{
    size_t n = 0;
    for (size_t i = from; i < t->n_measurements; i++)
        n += i == from || t->measurement[i].day != t->measurement[i - 1].day;
    return n;
}

static void remember(judge *j)
{
    for (size_t i = 0; i < j->table->n_lesions; i++) {
        tracked *l = &j->lesion[i];
        if (l->kind == NEW || !is_evaluable(l->now)) continue;
        l->was_seen |= !is_gone(&j->table->lesion[i], l->now);
        if (has_size(l->now)) l->last_mm = size_mm(l->now);
    }
}

static void judge_visits(judge *j, size_t from)
{
    const coley_lesion_table *t = j->table;
    coley_visits *all = j->visits;
    double nadir = all->baseline_sod_mm;
    int in_cr = 0, in_response = 0, n_new = 0;
    for (size_t i = from; i < t->n_measurements; all->n++) {
        coley_visit *v = &all->visit[all->n];
        *v = (coley_visit){.day = t->measurement[i].day, .nadir_mm = nadir};
        for (size_t l = 0; l < t->n_lesions; l++) j->lesion[l].now = NULL;
        for (; i < t->n_measurements && t->measurement[i].day == v->day; i++)
            j->lesion[t->measurement[i].lesion].now = &t->measurement[i];

        const int target_seen = judge_targets(j, v);
        if (j->options->hold_response && in_response && v->target == COLEY_RESPONSE_SD) v->target = COLEY_RESPONSE_PR;
        const int tumour_seen = judge_non_targets(j, v);
        judge_new(j, v, n_new);
        n_new = v->n_new;
        v->reappeared = in_cr && (target_seen || tumour_seen) && j->options->reappearance == COLEY_REAPPEARANCE_IS_PD;
        v->overall = overall_of(v);
        if (v->overall == COLEY_RESPONSE_CR) in_cr = 1;
        if (v->overall == COLEY_RESPONSE_PD) in_cr = in_response = 0;
        if (v->target == COLEY_RESPONSE_PR || v->target == COLEY_RESPONSE_CR)
            in_response = v->overall != COLEY_RESPONSE_PD;
        if (v->sod_mm < nadir) nadir = v->sod_mm;
        say_visit(j, &all->why[all->n], v);
        remember(j);
    }
}

coley_status coley_recist_visits(coley_arena *arena, const coley_lesion_table *table,
                                 const coley_response_options *options, coley_visits *visits, coley_error *err)
{
    judge j = {.arena = arena, .table = table, .options = options, .err = err, .visits = visits};
    *visits = (coley_visits){0};
    COLEY_TRY(check_lesions(&j));
    COLEY_TRY(check_measurements(&j));
    j.lesion = COLEY_NEW(arena, tracked, table->n_lesions);
    if (!j.lesion) return COLEY_FAIL_MEMORY(err);
    const size_t from = take_baseline(&j);
    COLEY_TRY(assign_roles(&j));
    COLEY_TRY(list_targets(&j));
    const size_t n = count_visits(table, from);
    visits->visit = COLEY_NEW(arena, coley_visit, n);
    visits->why = COLEY_NEW(arena, coley_text, n);
    if (!visits->visit || !visits->why) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) visits->why[i].arena = arena;
    judge_visits(&j, from);
    for (size_t i = 0; i < n; i++)
        if (visits->why[i].failed) return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}
