/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fate.c -- see fate.h. */
#include "run/fate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "patient/facts.h"

/* --- rules -----------------------------------------------------------------------------------------------------------
 */

static coley_status needed(const coley_yaml *map, const char *key, const coley_yaml **entry, coley_error *err)
{
    *entry = coley_yaml_find(map, key);
    return *entry ? COLEY_OK : coley_yaml_fail(map, err, "the key '%s' is missing here", key);
}

static coley_status text_at(const coley_yaml *map, const char *key, const char **text, coley_error *err)
{
    const coley_yaml *entry;
    COLEY_TRY(needed(map, key, &entry, err));
    return coley_yaml_text(entry, text, err);
}

static coley_status cause_at(const coley_yaml *map, int with_symbol, coley_fate_cause *cause, coley_error *err)
{
    static const char *const keys[] = {"name", "words", "symbol"};
    *cause = (coley_fate_cause){0};
    COLEY_TRY(coley_yaml_expect(map, COLEY_YAML_MAP, err));
    COLEY_TRY(coley_yaml_keys(map, keys, with_symbol ? 3 : 2, err));
    if (with_symbol) COLEY_TRY(text_at(map, "symbol", &cause->symbol, err));
    COLEY_TRY(text_at(map, "name", &cause->name, err));
    return text_at(map, "words", &cause->words, err);
}

static coley_status limits(const coley_yaml *root, coley_fate_rules *rules, coley_error *err)
{
    const struct {
        const char *key, *unit;
        double low, high, *to;
    } rows[] = {
        {"gone_below", "cell", 1e-6, 1e6, &rules->gone_below_cells},
        {"not_seen", "mm", 0, 20, &rules->not_seen_mm},
        {"shrank", "dimensionless", 0, 1, &rules->shrank},
        {"grew", "dimensionless", 1, 10, &rules->grew},
        {"grew_by", "mm", 0, 100, &rules->grew_by_mm},
        {"off_treatment", "day", 0, 36500, &rules->off_treatment_day},
        {"functional_cure", "day", 0, 36500, &rules->functional_cure_day},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        coley_fact fact;
        COLEY_TRY(coley_fact_read(root, rows[i].key, rows[i].unit, rows[i].low, rows[i].high, &fact, err));
        *rows[i].to = fact.value;
    }
    return COLEY_OK;
}

coley_status coley_fate_rules_read(coley_arena *arena, const char *models, coley_fate_rules *rules, coley_error *err)
{
    static const char *const keys[] = {"gone_below",      "not_seen", "shrank", "grew",   "grew_by", "off_treatment",
                                       "functional_cure", "clones",   "hidden", "brakes", "cells"};
    static const char *const clone_keys[] = {"seen", "hidden", "seen_lives", "hidden_lives"};
    static const char *const hidden_keys[] = {"antigen", "mhc"};
    static const char *const cell_keys[] = {"effector", "exhausted", "enough", "few", "worn_out"};
    const char *path = coley_arena_printf(arena, "%s/fate.yaml", models);
    const coley_yaml *root, *clones, *hidden, *antigen, *mhc, *brakes, *cells, *few, *worn_out, *enough;
    if (!path) return COLEY_FAIL_MEMORY(err);
    *rules = (coley_fate_rules){0};
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    COLEY_TRY(coley_yaml_keys(root, keys, sizeof keys / sizeof *keys, err));
    COLEY_TRY(limits(root, rules, err));
    COLEY_TRY(needed(root, "clones", &clones, err));
    COLEY_TRY(coley_yaml_keys(clones, clone_keys, 4, err));
    COLEY_TRY(text_at(clones, "seen", &rules->seen, err));
    COLEY_TRY(text_at(clones, "hidden", &rules->hidden, err));
    COLEY_TRY(text_at(clones, "seen_lives", &rules->seen_lives, err));
    COLEY_TRY(text_at(clones, "hidden_lives", &rules->hidden_lives, err));
    COLEY_TRY(needed(root, "hidden", &hidden, err));
    COLEY_TRY(coley_yaml_keys(hidden, hidden_keys, 2, err));
    COLEY_TRY(needed(hidden, "antigen", &antigen, err));
    COLEY_TRY(cause_at(antigen, 0, &rules->antigen_loss, err));
    COLEY_TRY(needed(hidden, "mhc", &mhc, err));
    COLEY_TRY(cause_at(mhc, 1, &rules->mhc_loss, err));
    COLEY_TRY(needed(root, "brakes", &brakes, err));
    COLEY_TRY(coley_yaml_expect(brakes, COLEY_YAML_LIST, err));
    if (brakes->n > COLEY_FATE_MAX_BRAKES)
        return coley_yaml_fail(brakes, err, "%zu brakes; at most %d", brakes->n, COLEY_FATE_MAX_BRAKES);
    for (size_t i = 0; i < brakes->n; i++)
        COLEY_TRY(cause_at(brakes->item[i], 1, &rules->brake[rules->n_brakes++], err));
    COLEY_TRY(needed(root, "cells", &cells, err));
    COLEY_TRY(coley_yaml_keys(cells, cell_keys, sizeof cell_keys / sizeof *cell_keys, err));
    COLEY_TRY(text_at(cells, "effector", &rules->effector, err));
    COLEY_TRY(text_at(cells, "exhausted", &rules->exhausted, err));
    COLEY_TRY(needed(cells, "enough", &enough, err));
    COLEY_TRY(coley_yaml_number(enough, 1e-6, 1e3, &rules->enough, err));
    COLEY_TRY(needed(cells, "few", &few, err));
    COLEY_TRY(cause_at(few, 0, &rules->few, err));
    COLEY_TRY(needed(cells, "worn_out", &worn_out, err));
    return cause_at(worn_out, 0, &rules->worn_out, err);
}

/* --- the course ------------------------------------------------------------------------------------------------------
 */

enum { MAX_LESIONS = 8 };

typedef struct reading {
    const coley_course *course;
    const coley_fate_rules *rules;
    size_t n_lesions, end, least; /* rows: the last, and that of the smallest sum */
    const coley_series *sum, *diameter[MAX_LESIONS], *seen[MAX_LESIONS], *hidden[MAX_LESIONS];
    const coley_series *seen_lives[MAX_LESIONS], *hidden_lives[MAX_LESIONS]; /* NULL: without the law of last cells */
} reading;

static const coley_series *of_lesion(const coley_course *course, size_t lesion, const char *name)
{
    char id[128];
    snprintf(id, sizeof id, "L%zu.%s", lesion + 1, name);
    for (size_t i = 0; i < course->n_series; i++)
        if (!strcmp(course->series[i].id, id)) return &course->series[i];
    return NULL;
}

static int read_course(const coley_course *course, const coley_fate_rules *rules, reading *r)
{
    *r = (reading){.course = course, .rules = rules};
    for (size_t i = 0; i < course->n_series; i++)
        if (!strcmp(course->series[i].id, "SOD")) r->sum = &course->series[i];
    for (size_t i = 0; i < MAX_LESIONS; i++) {
        const coley_series *diameter = of_lesion(course, i, "diameter");
        if (!diameter) break;
        r->diameter[i] = diameter;
        r->seen[i] = of_lesion(course, i, rules->seen);
        r->hidden[i] = of_lesion(course, i, rules->hidden);
        r->seen_lives[i] = of_lesion(course, i, rules->seen_lives);
        r->hidden_lives[i] = of_lesion(course, i, rules->hidden_lives);
        if (!r->seen[i] || !r->hidden[i]) return 0;
        r->n_lesions++;
    }
    if (!r->sum || !r->n_lesions || !course->n_days) return 0;
    r->end = course->n_days - 1;
    for (size_t k = 0; k <= r->end; k++)
        if (r->sum->value[k] < r->sum->value[r->least]) r->least = k;
    return 1;
}

/* A clone's cells are a mean: below one cell it may still live, and above one it may have died out. */
static int clone_is_gone(const reading *r, const coley_series *cells, const coley_series *lives, size_t row)
{
    return lives ? lives->value[row] < 0.5 : cells->value[row] < r->rules->gone_below_cells;
}

static int is_gone(const reading *r, size_t row)
{
    for (size_t i = 0; i < r->n_lesions; i++)
        if (!clone_is_gone(r, r->seen[i], r->seen_lives[i], row) ||
            !clone_is_gone(r, r->hidden[i], r->hidden_lives[i], row))
            return 0;
    return 1;
}

static int is_seen(const reading *r, size_t row)
{
    for (size_t i = 0; i < r->n_lesions; i++)
        if (r->diameter[i]->value[row] >= r->rules->not_seen_mm) return 1;
    return 0;
}

/* First day of the rows at the end for which `holds` is `what`. */
static double since(const reading *r, int (*holds)(const reading *, size_t), int what)
{
    size_t row = r->end;
    while (row && holds(r, row - 1) == what) row--;
    return r->course->day[row];
}

static int has_grown(const reading *r, size_t row)
{
    const double least = r->sum->value[r->least];
    return row >= r->least && r->sum->value[row] >= r->rules->grew * least &&
           r->sum->value[row] >= least + r->rules->grew_by_mm;
}

/* --- why -------------------------------------------------------------------------------------------------------------
 */

/* Killers for a tumour cell, at most `enough`, as a share of `enough`: more than enough is no reason. */
static double killers(const reading *r, size_t lesion, const coley_series *effector, size_t row)
{
    const double cells = r->seen[lesion]->value[row] + r->hidden[lesion]->value[row];
    return fmin(1, fmax(effector->value[row], 0) / (fmax(cells, 1) * r->rules->enough));
}

static void found(coley_fate *fate, const coley_fate_cause *cause, const coley_series *series, double day, double value)
{
    fate->cause = cause;
    fate->quantity = series->id;
    fate->cause_day = day;
    fate->cause_value = value;
}

static void explain(const reading *r, coley_fate *fate)
{
    size_t lesion = 0, strongest = 0;
    for (size_t i = 1; i < r->n_lesions; i++)
        if (r->diameter[i]->value[r->end] - r->diameter[i]->value[r->least] >
            r->diameter[lesion]->value[r->end] - r->diameter[lesion]->value[r->least])
            lesion = i;
    fate->lesion = (int)lesion + 1;
    const double seen = r->seen[lesion]->value[r->end], hidden = r->hidden[lesion]->value[r->end];
    const double *day = r->course->day;
    if (hidden > seen) {
        const coley_series *mhc = of_lesion(r->course, lesion, r->rules->mhc_loss.symbol);
        const int lost_mhc = mhc && mhc->value[r->end] >= 0.5;
        found(fate, lost_mhc ? &r->rules->mhc_loss : &r->rules->antigen_loss, r->hidden[lesion], day[r->end], hidden);
        return;
    }
    const coley_series *attack = of_lesion(r->course, lesion, "step5_attack");
    const coley_series *effector = of_lesion(r->course, lesion, r->rules->effector);
    const coley_series *exhausted = of_lesion(r->course, lesion, r->rules->exhausted);
    if (!attack || !effector || !exhausted) return;
    for (size_t k = 1; k <= r->end; k++)
        if (attack->value[k] > attack->value[strongest]) strongest = k;
    const int relapse = fate->kind == COLEY_FATE_RELAPSE;
    const size_t at = relapse ? r->end : strongest;
    const double tiny = 1e-9;
    double worst = log(fmax(killers(r, lesion, effector, at), tiny));
    if (relapse) worst -= log(fmax(killers(r, lesion, effector, strongest), tiny));
    const int tired = exhausted->value[at] > effector->value[at];
    found(fate, tired ? &r->rules->worn_out : &r->rules->few, tired ? exhausted : effector, day[at],
          (tired ? exhausted : effector)->value[at]);
    for (size_t i = 0; i < r->rules->n_brakes; i++) {
        const coley_series *brake = of_lesion(r->course, lesion, r->rules->brake[i].symbol);
        if (!brake) continue;
        double change = log(fmax(1 - brake->value[at], tiny));
        if (relapse) change -= log(fmax(1 - brake->value[strongest], tiny));
        if (change < worst) {
            worst = change;
            found(fate, &r->rules->brake[i], brake, day[at], brake->value[at]);
        }
    }
}

coley_fate coley_fate_of(const coley_course *course, const coley_fate_rules *rules)
{
    reading r;
    coley_fate fate = {.since_day = NAN, .last_dose_day = NAN, .cause_day = NAN, .cause_value = NAN};
    if (!read_course(course, rules, &r)) return fate;
    for (size_t i = 0; i < course->n_doses; i++) {
        const double end = course->dose[i].day + fmax(course->dose[i].duration_day, 0);
        if (!(fate.last_dose_day >= end)) fate.last_dose_day = end;
    }
    const double untreated = isnan(fate.last_dose_day) ? INFINITY : course->day[r.end] - fate.last_dose_day;
    const double start = r.sum->value[0], least = r.sum->value[r.least];
    const int shrank = least <= rules->shrank * start;
    if (is_gone(&r, r.end)) {
        fate.kind = COLEY_FATE_CURE;
        fate.since_day = since(&r, is_gone, 1);
    } else if (!is_seen(&r, r.end)) {
        fate.kind = untreated >= rules->functional_cure_day ? COLEY_FATE_FUNCTIONAL_CURE : COLEY_FATE_REMISSION;
        fate.since_day = since(&r, is_seen, 0);
    } else if (has_grown(&r, r.end)) {
        fate.kind = shrank ? COLEY_FATE_RELAPSE : COLEY_FATE_PROGRESSION;
        fate.since_day = since(&r, has_grown, 1);
        explain(&r, &fate);
    } else if (untreated >= rules->off_treatment_day && isfinite(untreated)) {
        fate.kind = COLEY_FATE_CONTROL;
        fate.since_day = fate.last_dose_day;
    } else {
        fate.kind = shrank ? COLEY_FATE_RESPONSE : COLEY_FATE_STABLE;
    }
    return fate;
}

const char *coley_fate_name(coley_fate_kind kind)
{
    static const char *const names[] = {
        [COLEY_FATE_UNKNOWN] = "unknown",
        [COLEY_FATE_CURE] = "cure",
        [COLEY_FATE_FUNCTIONAL_CURE] = "functional cure",
        [COLEY_FATE_REMISSION] = "remission",
        [COLEY_FATE_CONTROL] = "chronic control",
        [COLEY_FATE_RESPONSE] = "response",
        [COLEY_FATE_STABLE] = "stable",
        [COLEY_FATE_RELAPSE] = "relapse",
        [COLEY_FATE_PROGRESSION] = "progression",
    };
    return names[kind];
}
