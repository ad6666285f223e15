/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_later.c -- see trial_later.h. */
#include "run/trial_later.h"

#include <math.h>
#include <string.h>

/* --- the table -------------------------------------------------------------------------------------------------------
 */

static coley_status read_regimen(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    (void)arena;
    if (node->kind == COLEY_YAML_TEXT && !*node->text)
        return coley_yaml_fail(node, err, "is empty; a regimen of the catalog or a list as in a scenario");
    *(const coley_yaml **)value = node;
    return COLEY_OK;
}

static void write_node(coley_emit *emit, const char *key, const coley_yaml *node)
{
    if (node->kind == COLEY_YAML_TEXT) {
        coley_emit_text(emit, key, node->text);
        return;
    }
    (node->kind == COLEY_YAML_LIST ? coley_emit_list : coley_emit_map)(emit, key);
    for (size_t i = 0; i < node->n; i++)
        write_node(emit, node->kind == COLEY_YAML_LIST ? NULL : node->key[i], node->item[i]);
    coley_emit_end(emit);
}

static void write_regimen(coley_emit *emit, const char *key, const void *value)
{
    const coley_yaml *node = *(const coley_yaml *const *)value;
    if (node) write_node(emit, key, node);
}

#define ROW(name_, kind_, unit_, low_, high_, preset_, member_, doc_, ...)                                             \
    {                                                                                                                  \
        .name = name_, .kind = COLEY_FIELD_##kind_, .unit = unit_, .low = low_, .high = high_, .preset = preset_,      \
        .offset = offsetof(coley_trial_later, member_), .doc = doc_, __VA_ARGS__                                       \
    }

const coley_field coley_trial_later_fields[] = {
    ROW("name", TEXT, NULL, 0, 0, "", name, "A short name; not given: the arm's, or the first drug's."),
    ROW("regimen", CUSTOM, "as in a scenario", 0, 0, "", regimen,
        "What is given: a regimen of the catalog, or a list; day 0 is the first day of this therapy.",
        .read = read_regimen, .write = write_regimen),
    ROW("arm", TEXT, NULL, 0, 0, "", arm, "In place of `regimen`: crossover to what this arm gets."),
    ROW("share", NUMBER, NULL, 0, 1, NULL, share,
        "Of those whose disease progresses; the shares of an arm are 1 or less together, the rest gets nothing."),
    ROW("delay", QUANTITY, "day", 0, 730, "28 day", delay_day,
        "From the scan that shows progression to the first dose; not before the next look, nor the clinic's next "
        "visit."),
    ROW("source", TEXT, NULL, 0, 0, "", source, "Where the share was published."),
    {0},
};

/* --- checks ----------------------------------------------------------------------------------------------------------
 */

static ptrdiff_t arm_called(const coley_trial_design *design, const char *name)
{
    for (size_t i = 0; i < design->arms.n; i++)
        if (!strcmp(COLEY_TRIAL_ARM(design, i)->name, name)) return (ptrdiff_t)i;
    return -1;
}

static coley_status check_list(const coley_trial_design *design, size_t own, const coley_yaml *list, coley_error *err)
{
    const coley_trial_arm *arm = COLEY_TRIAL_ARM(design, own);
    double sum = 0;
    for (size_t i = 0; i < arm->later.n; i++) {
        coley_trial_later *later = COLEY_TRIAL_LATER(arm, i);
        const coley_yaml *node = list->kind == COLEY_YAML_LIST ? list->item[i] : list;
        if (!later->arm == !later->regimen)
            return coley_yaml_fail(node, err, "needs either 'regimen', or 'arm' for a crossover");
        if (later->arm && arm_called(design, later->arm) < 0)
            return coley_yaml_fail(node, err, "there is no arm '%.60s' to cross over to", later->arm);
        if (later->arm && arm_called(design, later->arm) == (ptrdiff_t)own)
            return coley_yaml_fail(node, err,
                                   "the arm '%.60s' would cross over to itself; give it an after_progression of its "
                                   "own",
                                   later->arm);
        for (const char *p = later->name; p && *p; p++)
            if (*p == ',' || *p == '"' || (unsigned char)*p < ' ')
                return coley_yaml_fail(node, err, "a name has no commas, quotes or control characters");
        sum += later->share;
    }
    if (sum > 1 + 1e-9)
        return coley_yaml_fail(list, err, "the shares of arm '%.60s' are %g together; at most 1", arm->name, sum);
    if (sum > 0 && !design->stop_at_progression)
        return coley_yaml_fail(list, err,
                               "needs stop_at_progression: yes; what comes later takes the place of the first therapy");
    return COLEY_OK;
}

coley_status coley_trial_later_check(coley_arena *arena, coley_trial_design *design, const coley_yaml *root,
                                     coley_error *err)
{
    const coley_yaml *arms = coley_yaml_find(root, "arms"), *common = coley_yaml_find(root, "after_progression");
    for (size_t i = 0; i < design->arms.n; i++) {
        coley_trial_arm *arm = COLEY_TRIAL_ARM(design, i);
        const coley_yaml *at = arms->kind == COLEY_YAML_LIST ? arms->item[i] : arms;
        const coley_yaml *list = coley_yaml_find(at, "after_progression");
        if (!list && common) { /* a copy: its scenarios are the arm's */
            const size_t bytes = design->later.n * sizeof(coley_trial_later);
            list = common;
            arm->later = (coley_field_list){design->later.n, coley_arena_alloc(arena, bytes ? bytes : 1)};
            if (!arm->later.item) return COLEY_FAIL_MEMORY(err);
            memcpy(arm->later.item, design->later.item, bytes);
        }
        if (list) COLEY_TRY(check_list(design, i, list, err));
    }
    return COLEY_OK;
}

/* --- as scenarios ----------------------------------------------------------------------------------------------------
 */

/* The arm's scenario with another regimen. */
static const coley_yaml *with_regimen(coley_arena *arena, const coley_yaml *scenario, const coley_yaml *regimen)
{
    coley_yaml *made = COLEY_NEW(arena, coley_yaml, 1);
    if (!made) return NULL;
    *made = *scenario;
    made->n = 0;
    made->key = COLEY_NEW(arena, const char *, scenario->n + 1);
    made->item = COLEY_NEW(arena, coley_yaml *, scenario->n + 1);
    if (!made->key || !made->item) return NULL;
    for (size_t i = 0; i < scenario->n; i++) {
        if (!strcmp(scenario->key[i], "regimen")) continue;
        made->key[made->n] = scenario->key[i];
        made->item[made->n++] = scenario->item[i];
    }
    made->key[made->n] = "regimen";
    made->item[made->n++] = (coley_yaml *)regimen;
    return made;
}

coley_status coley_trial_later_make(coley_arena *arena, const char *catalog, const coley_trial_design *design,
                                    size_t arm, const coley_yaml *const *node_of, coley_error *err)
{
    const coley_trial_arm *own = COLEY_TRIAL_ARM(design, arm);
    coley_scenario_later *list = COLEY_NEW(arena, coley_scenario_later, own->later.n);
    double sum = 0;
    if (!list) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < own->later.n; i++) {
        coley_trial_later *later = COLEY_TRIAL_LATER(own, i);
        const coley_yaml *regimen = later->regimen;
        if (later->arm) {
            const coley_yaml *of = node_of[arm_called(design, later->arm)];
            if (!(regimen = coley_yaml_find(of, "regimen")))
                return coley_yaml_fail(of, err, "has no regimen, and the arm '%.60s' crosses over to it", own->name);
        }
        const coley_yaml *node = with_regimen(arena, node_of[arm], regimen);
        if (!node) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_scenario_of_node(arena, node, catalog, &later->scenario, err));
        later->scenario->run.duration_day = own->scenario->run.duration_day;
        if (!later->name)
            later->name = later->arm                   ? later->arm
                          : later->scenario->regimen.n ? COLEY_SCENARIO_DRUG(later->scenario, 0)->drug
                                                       : "nothing";
        list[i] = (coley_scenario_later){.scenario = later->scenario, .delay_day = later->delay_day};
        sum += later->share;
    }
    /* When nobody comes to any of it, it is not there. */
    own->scenario->later = list;
    own->scenario->n_later = sum > 0 ? own->later.n : 0;
    return COLEY_OK;
}

void coley_trial_later_words(const coley_trial_arm_run *run, coley_text *out)
{
    size_t n_progressed = 0, n[COLEY_TRIAL_MAX_LATER] = {0};
    if (!run->session->n_later) return;
    for (size_t i = 0; i < run->n; i++) {
        const coley_trial_patient *p = &run->patient[i];
        n_progressed += p->pfs_event == COLEY_EVENT_PROGRESSION;
        if (!isnan(p->later_day)) n[p->later]++;
    }
    coley_text_addf(out, "After progression (%zu of %zu), %s: ", n_progressed, run->n, run->arm->name);
    for (size_t k = 0; k < run->session->n_later; k++)
        coley_text_addf(out, "%s%s %zu", k ? ", " : "", COLEY_TRIAL_LATER(run->arm, k)->name, n[k]);
    coley_text_addf(out, ".\n");
}
