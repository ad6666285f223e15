/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_design.c -- the table of a trial's keys, and its arms as scenarios: what stands under `scenario` holds for all
 * of them, what stands in an arm takes its place there. */
#include "run/trial_design.h"

#include <math.h>
#include <string.h>

#include "run/trial_later.h"

const char *const coley_measure_keys[COLEY_MEASURE_COUNT + 1] = {
#define ROW_OF(name, key, words) key,
    COLEY_MEASURE_LIST(ROW_OF)
#undef ROW_OF
        NULL};
const char *const coley_measure_words[COLEY_MEASURE_COUNT] = {
#define ROW_OF(name, key, words) words,
    COLEY_MEASURE_LIST(ROW_OF)
#undef ROW_OF
};

/* --- keys that a row cannot describe -------------------------------------------------------------------------------
 */

static coley_status read_texts(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_trial_texts *texts = value;
    COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_LIST, err));
    if (node->n > COLEY_TRIAL_MAX_RULES)
        return coley_yaml_fail(node, err, "%zu conditions; at most %d", node->n, COLEY_TRIAL_MAX_RULES);
    texts->text = COLEY_NEW(arena, const char *, node->n);
    texts->node = COLEY_NEW(arena, const coley_yaml *, node->n);
    if (!texts->text || !texts->node) return COLEY_FAIL_MEMORY(err);
    for (; texts->n < node->n; texts->n++) {
        texts->node[texts->n] = node->item[texts->n];
        COLEY_TRY(coley_yaml_text(node->item[texts->n], &texts->text[texts->n], err));
    }
    return COLEY_OK;
}

static void write_texts(coley_emit *emit, const char *key, const void *value)
{
    const coley_trial_texts *texts = value;
    if (!texts->n) return;
    coley_emit_list(emit, key);
    for (size_t i = 0; i < texts->n; i++) coley_emit_text(emit, NULL, texts->text[i]);
    coley_emit_end(emit);
}

static coley_status read_months(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_trial_months *months = value;
    (void)arena;
    if (node->kind == COLEY_YAML_TEXT) return coley_yaml_number(node, 0.1, 1200, &months->month[months->n++], err);
    COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_LIST, err));
    if (node->n > COLEY_TRIAL_MAX_MONTHS)
        return coley_yaml_fail(node, err, "%zu landmarks; at most %d", node->n, COLEY_TRIAL_MAX_MONTHS);
    for (; months->n < node->n; months->n++)
        COLEY_TRY(coley_yaml_number(node->item[months->n], 0.1, 1200, &months->month[months->n], err));
    return COLEY_OK;
}

static void write_months(coley_emit *emit, const char *key, const void *value)
{
    const coley_trial_months *months = value;
    if (!months->n) return;
    coley_emit_list(emit, key);
    for (size_t i = 0; i < months->n; i++) coley_emit_number(emit, NULL, months->month[i]);
    coley_emit_end(emit);
}

static coley_status read_shares(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_trial_shares *at = value;
    const size_t n = node->kind == COLEY_YAML_LIST ? node->n : 1;
    (void)arena;
    if (n > COLEY_TRIAL_MAX_LOOKS) return coley_yaml_fail(node, err, "%zu looks; at most %d", n, COLEY_TRIAL_MAX_LOOKS);
    for (; at->n < n; at->n++) {
        const coley_yaml *item = node->kind == COLEY_YAML_LIST ? node->item[at->n] : node;
        COLEY_TRY(coley_yaml_quantity(item, "dimensionless", 0.01, 0.99, &at->share[at->n], err));
        if (at->n && !(at->share[at->n] > at->share[at->n - 1]))
            return coley_yaml_fail(item, err, "shares of the events rise from look to look");
    }
    return COLEY_OK;
}

static void write_shares(coley_emit *emit, const char *key, const void *value)
{
    const coley_trial_shares *at = value;
    if (!at->n) return;
    coley_emit_list(emit, key);
    for (size_t i = 0; i < at->n; i++) coley_emit_number(emit, NULL, at->share[i]);
    coley_emit_end(emit);
}

/* --- the table -------------------------------------------------------------------------------------------------------
 */

static const char *const as_written_or_drawn[] = {"as-written", "drawn", NULL};
static const char *const populations[] = {"calibrated", "cancer", NULL};
static const char *const draws[] = {"random", "sobol", "lhs", NULL};
static const char *const uses[] = {"test", "calibrate", NULL};
static const char *const criteria[] = {"recist", "recurrence", NULL};

#define ROW(name_, kind_, unit_, low_, high_, preset_, member_, doc_, ...)                                             \
    {                                                                                                                  \
        .name = name_, .kind = COLEY_FIELD_##kind_, .unit = unit_, .low = low_, .high = high_, .preset = preset_,      \
        .offset = offsetof(STRUCT, member_), .doc = doc_, __VA_ARGS__                                                  \
    }

#define STRUCT coley_trial_published
static const coley_field published_fields[] = {
    ROW("measure", CHOICE, NULL, 0, 0, NULL, measure, "What was measured.", .choices = coley_measure_keys),
    ROW("value", NUMBER, NULL, 0, 1000, NULL, value, "Shares from 0 to 1, times in months, hazard ratios."),
    ROW("low", NUMBER, NULL, 0, 1000, "", low, "Lower end of the published 95 % interval."),
    ROW("high", NUMBER, NULL, 0, 1000, "", high, "Upper end."),
    ROW("month", NUMBER, NULL, 0.1, 1200, "", month, "When, for `pfs_at` and `os_at`."),
    ROW("to", TEXT, NULL, 0, 0, "", to, "The arm that a hazard ratio is against."),
    ROW("fit", FLAG, NULL, 0, 0, "yes", fit,
        "Whether a calibration may fit it; no where the trial's people later got what the virtual ones do not."),
    ROW("source", TEXT, NULL, 0, 0, NULL, source, "Where it was published."),
    ROW("confidence", TEXT, NULL, 0, 0, "", confidence, "How sure the transcription is."),
    {0},
};
#undef STRUCT

#define STRUCT coley_trial_arm
static const coley_field arm_fields[] = {
    ROW("name", TEXT, NULL, 0, 0, NULL, name, "A short name, such as `nivolumab`."),
    ROW("words", TEXT, NULL, 0, 0, "", words, "The arm in words."),
    ROW("n", INTEGER, NULL, 1, 5000000, "100", n, "People in the arm."),
    ROW("curve_pfs", TEXT, NULL, 0, 0, "", curve_pfs,
        "A digitised curve: a CSV file of tests/data/km with time [month], event, arm; for `make validate-trials`."),
    ROW("curve_os", TEXT, NULL, 0, 0, "", curve_os, "The same for overall survival."),
    ROW("curve_arm", TEXT, NULL, 0, 0, "", curve_arm, "This arm's name in these files."),
    ROW("published", LIST, NULL, 0, 64, "", published, "What was published of this arm.", .fields = published_fields,
        .size = sizeof(coley_trial_published)),
    ROW("after_progression", LIST, NULL, 0, COLEY_TRIAL_MAX_LATER, "", later,
        "What this arm's people get then, in place of the trial's list; `[]`: nothing.",
        .fields = coley_trial_later_fields, .size = sizeof(coley_trial_later)),
    {0},
};
#undef STRUCT

#define STRUCT coley_trial_people
static const coley_field people_fields[] = {
    ROW("same_in_every_arm", FLAG, NULL, 0, 0, "no", same_in_every_arm,
        "The same people in every arm, with the same luck: differences between arms are then of the drugs alone."),
    ROW("sizes", CHOICE, NULL, 0, 0, "drawn", sizes,
        "Diameters at the first dose: drawn around those written, with the cancer's spread, or as written. After "
        "surgery "
        "(`criteria: recurrence`) always as written.",
        .choices = as_written_or_drawn),
    ROW("infiltration", CHOICE, NULL, 0, 0, "as-written", infiltration,
        "Inflamed, excluded, desert: as written, or drawn by the cancer's shares.", .choices = as_written_or_drawn),
    ROW("population", CHOICE, NULL, 0, 0, "calibrated", population,
        "`calibrated`: shifted as catalog/populations says, where that has the cancer; `cancer`: as the cancer's own "
        "file has it.",
        .choices = populations),
    ROW("group", TEXT, NULL, 0, 0, "", group,
        "The file of catalog/populations that holds their shifts, as in `nsclc-second-line`: people of one line of "
        "treatment differ from those of another. Not given: the cancer's."),
    ROW("most_screened", INTEGER, NULL, 1, 1000000, "1000", most_screened,
        "Give up when so many people were screened for one who entered."),
    ROW("draw", CHOICE, NULL, 0, 0, "random", draw,
        "`sobol`: scrambled Sobol points, `lhs`: Latin hypercubes of 512 people screened; both fill the space more "
        "evenly than chance.",
        .choices = draws),
    ROW("from", TEXT, NULL, 0, 0, "", from,
        "A file of people beside the trial, as `coley trial people` writes it: what stands there is taken, the rest is "
        "drawn; a column `prevalence` says how often each comes."),
    {0},
};
#undef STRUCT

static const char *const look_endpoints[] = {"pfs", "os", NULL};
static const char *const efficacies[] = {"obrien-fleming", "pocock", NULL};
static const char *const futilities[] = {"obrien-fleming", "pocock", "none", NULL};

#define STRUCT coley_trial_looks
static const coley_field look_fields[] = {
    ROW("endpoint", CHOICE, NULL, 0, 0, "pfs", endpoint, "What is tested.", .choices = look_endpoints),
    ROW("at", CUSTOM, "shares, a list or one", 0, 0, "", at,
        "Looks, when that share of all events has come, as in `[50 %, 75 %]`; not given: none.", .read = read_shares,
        .write = write_shares),
    ROW("efficacy", CHOICE, NULL, 0, 0, "obrien-fleming", efficacy, "How alpha is spent (Lan and DeMets).",
        .choices = efficacies),
    ROW("futility", CHOICE, NULL, 0, 0, "none", futility,
        "How beta is spent on giving an arm up; not binding: alpha holds whether or not one does.",
        .choices = futilities),
    ROW("alpha", NUMBER, NULL, 1e-6, 0.5, "0.025", alpha,
        "One-sided, of the whole trial: with several arms each has an equal part."),
    ROW("beta", NUMBER, NULL, 0.001, 0.5, "0.1", beta, "Chance to miss an effect that the bounds of giving up spend."),
    {0},
};
#undef STRUCT

#define STRUCT coley_trial_design
const coley_field coley_trial_fields[] = {
    ROW("title", TEXT, NULL, 0, 0, "Untitled trial", title, "One line for the head of the report."),
    ROW("doc", TEXT, NULL, 0, 0, "", doc, "What the trial is about."),
    ROW("source", TEXT, NULL, 0, 0, "", source, "The publication that it follows."),
    ROW("cancer", TEXT, NULL, 0, 0, NULL, cancer, "A cancer of the catalog, such as `nsclc`."),
    ROW("setting", TEXT, NULL, 0, 0, "", setting, "Stage and line of treatment, in words."),
    ROW("arms", LIST, NULL, 1, COLEY_TRIAL_MAX_ARMS, NULL, arms,
        "The arms. Beside these keys an arm has any of a scenario's: `regimen`, `policy`, `lesions`, `model`, ...",
        .fields = arm_fields, .size = sizeof(coley_trial_arm)),
    ROW("control", TEXT, NULL, 0, 0, "", control, "The arm that the others are compared with; not given: the last."),
    ROW("use", CHOICE, NULL, 0, 0, "test", use,
        "In catalog/evidence/trials: whether populations were calibrated on it, or only tested.", .choices = uses),
    ROW("eligibility", CUSTOM, "a list of conditions", 0, 0, "", eligibility,
        "Who may enter, as in `age >= 18` or `pdl1_tps >= 50`. All must hold.", .read = read_texts,
        .write = write_texts),
    ROW("strata", CUSTOM, "a list of conditions", 0, 0, "", strata,
        "Randomisation is in blocks of those who meet the same of these.", .read = read_texts, .write = write_texts),
    ROW("people", SECTION, NULL, 0, 0, "", people, "How people are drawn.", .fields = people_fields,
        .size = sizeof(coley_trial_people)),
    ROW("accrual", NUMBER, "months", 0, 240, "12", accrual_month, "From the first person to the last."),
    ROW("follow_up", NUMBER, "months", 0.5, 600, "24", follow_up_month,
        "From the last person's first dose to the analysis; those who came first are followed longer."),
    ROW("dropout", NUMBER, "per year", 0, 0.95, "0.05", dropout_per_year,
        "Share of people who are lost to follow-up each year."),
    ROW("new_lesions", NUMBER, NULL, 0, 20, "0", new_lesions,
        "How many lesions that nobody saw before come into view while the sum of diameters grows e-fold; each is "
        "progression. 0: none."),
    ROW("stop_at_progression", FLAG, NULL, 0, 0, "yes", stop_at_progression,
        "No dose after the scan that shows progression."),
    ROW("after_progression", LIST, NULL, 0, COLEY_TRIAL_MAX_LATER, "", later,
        "What people get after progression, as shares of them; for arms that have no list of their own.",
        .fields = coley_trial_later_fields, .size = sizeof(coley_trial_later)),
    ROW("confirm", FLAG, NULL, 0, 0, "no", confirm, "A response counts when a later scan confirms it."),
    ROW("criteria", CHOICE, NULL, 0, 0, "recist", criteria,
        "RECIST 1.1, or after surgery: recurrence is the first tumour that can be measured.", .choices = criteria),
    ROW("landmarks", CUSTOM, "months, a list or one", 0, 0, "12", landmarks, "Months at which curves are read.",
        .read = read_months, .write = write_months),
    ROW("interim", SECTION, NULL, 0, 0, "", interim, "Looks before the end.", .fields = look_fields,
        .size = sizeof(coley_trial_looks)),
    ROW("output_every", QUANTITY, "day", 0.5, 365, "28 day", output_every_day,
        "How often burden and side effects are looked at between scans, for the hazard of death."),
    ROW("seed", INTEGER, NULL, 0, 9007199254740992.0, "1", seed,
        "Start of all random numbers: the same seed is the same trial."),
    {0},
};
#undef STRUCT

/* --- the two maps that make an arm -----------------------------------------------------------------------------------
 */

static int is_one_of(const char *key, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(key, names[i])) return 1;
    return 0;
}

static const char *const arm_keys[] = {"name",     "words",     "n",         "curve_pfs",
                                       "curve_os", "curve_arm", "published", "after_progression"};
enum { N_ARM_KEYS = sizeof arm_keys / sizeof *arm_keys };

/* A map of those keys of `from` that are, or are not, an arm's own. */
static const coley_yaml *part_of(coley_arena *arena, const coley_yaml *from, int own)
{
    coley_yaml *part = COLEY_NEW(arena, coley_yaml, 1);
    if (!part) return NULL;
    *part = *from;
    part->n = 0;
    part->key = COLEY_NEW(arena, const char *, from->n);
    part->item = COLEY_NEW(arena, coley_yaml *, from->n);
    if (!part->key || !part->item) return NULL;
    for (size_t i = 0; i < from->n; i++) {
        if (is_one_of(from->key[i], arm_keys, N_ARM_KEYS) != own) continue;
        part->key[part->n] = from->key[i];
        part->item[part->n++] = from->item[i];
    }
    return part;
}

/* The trial's map with its arms cut down to the keys of arms, and without `scenario`, which is read with them. */
static const coley_yaml *without_scenarios(coley_arena *arena, const coley_yaml *root)
{
    coley_yaml *cut = COLEY_NEW(arena, coley_yaml, 1);
    if (!cut) return NULL;
    *cut = *root;
    if (root->kind != COLEY_YAML_MAP) return cut;
    cut->n = 0;
    cut->key = COLEY_NEW(arena, const char *, root->n);
    cut->item = COLEY_NEW(arena, coley_yaml *, root->n);
    if (!cut->key || !cut->item) return NULL;
    for (size_t i = 0; i < root->n; i++) {
        if (!strcmp(root->key[i], "scenario")) continue;
        coley_yaml *item = root->item[i];
        if (!strcmp(root->key[i], "arms") && item->kind == COLEY_YAML_LIST) {
            coley_yaml *list = COLEY_NEW(arena, coley_yaml, 1);
            if (!list || !(list->item = COLEY_NEW(arena, coley_yaml *, item->n))) return NULL;
            coley_yaml **parts = list->item;
            *list = *item;
            list->item = parts;
            for (size_t k = 0; k < item->n; k++) {
                coley_yaml *arm = item->item[k];
                if (arm->kind == COLEY_YAML_MAP && !(arm = (coley_yaml *)part_of(arena, arm, 1))) return NULL;
                list->item[k] = arm;
            }
            item = list;
        }
        cut->key[cut->n] = root->key[i];
        cut->item[cut->n++] = item;
    }
    return cut;
}

/* What a scenario of an arm reads: the trial's `scenario`, over it the arm's own, and the cancer. */
static const coley_yaml *scenario_of(coley_arena *arena, const coley_yaml *root, const coley_yaml *arm)
{
    const coley_yaml *common = coley_yaml_find(root, "scenario"), *own = part_of(arena, arm, 0);
    const size_t n_common = common && common->kind == COLEY_YAML_MAP ? common->n : 0;
    coley_yaml *made = COLEY_NEW(arena, coley_yaml, 1);
    if (!own || !made) return NULL;
    *made = *arm;
    made->n = 0;
    made->key = COLEY_NEW(arena, const char *, n_common + own->n + 1);
    made->item = COLEY_NEW(arena, coley_yaml *, n_common + own->n + 1);
    if (!made->key || !made->item) return NULL;
    for (size_t i = 0; i < n_common; i++) {
        if (is_one_of(common->key[i], own->key, own->n)) continue;
        made->key[made->n] = common->key[i];
        made->item[made->n++] = common->item[i];
    }
    for (size_t i = 0; i < own->n; i++) {
        made->key[made->n] = own->key[i];
        made->item[made->n++] = own->item[i];
    }
    made->key[made->n] = "cancer";
    made->item[made->n++] = (coley_yaml *)coley_yaml_find(root, "cancer");
    return made;
}

/* --- checks across keys ----------------------------------------------------------------------------------------------
 */

static coley_status check_published(const coley_trial_design *design, const coley_trial_arm *arm, const coley_yaml *at,
                                    coley_error *err)
{
    const coley_yaml *list = coley_yaml_find(at, "published");
    for (size_t i = 0; i < arm->published.n; i++) {
        const coley_trial_published *p = COLEY_TRIAL_PUBLISHED(arm, i);
        const coley_yaml *node = list->kind == COLEY_YAML_LIST ? list->item[i] : list;
        const int ratio = p->measure == COLEY_MEASURE_HR_PFS || p->measure == COLEY_MEASURE_HR_OS;
        const int dated = p->measure == COLEY_MEASURE_PFS_AT || p->measure == COLEY_MEASURE_OS_AT;
        const int share = !ratio && p->measure != COLEY_MEASURE_PFS_MEDIAN && p->measure != COLEY_MEASURE_OS_MEDIAN;
        if (share && p->value > 1)
            return coley_yaml_fail(node, err, "%s is %g; a share is from 0 to 1", coley_measure_keys[p->measure],
                                   p->value);
        if (dated && isnan(p->month)) return coley_yaml_fail(node, err, "the key 'month' is missing here");
        if (ratio && !p->to)
            return coley_yaml_fail(node, err, "the key 'to' is missing here: the arm that it is against");
        if (isnan(p->low) != isnan(p->high) || p->low > p->value || p->high < p->value)
            return coley_yaml_fail(node, err, "needs both 'low' and 'high', with the value between them");
        int found = !ratio;
        for (size_t k = 0; k < design->arms.n && !found; k++)
            found = COLEY_TRIAL_ARM(design, k) != arm && !strcmp(COLEY_TRIAL_ARM(design, k)->name, p->to);
        if (!found) return coley_yaml_fail(node, err, "there is no other arm '%.60s'", p->to);
    }
    return COLEY_OK;
}

static coley_status check_whole(coley_arena *arena, coley_trial_design *design, const coley_yaml *root,
                                coley_error *err)
{
    const coley_yaml *arms = coley_yaml_find(root, "arms");
    if (design->strata.n > COLEY_TRIAL_MAX_STRATA)
        return coley_yaml_fail(coley_yaml_find(root, "strata"), err, "%zu conditions; at most %d", design->strata.n,
                               COLEY_TRIAL_MAX_STRATA);
    if (design->interim.at.n && design->arms.n < 2)
        return coley_yaml_fail(coley_yaml_find(root, "interim"), err,
                               "looks compare arms with a control; this trial has one arm");
    design->control_arm = design->arms.n - 1;
    for (size_t i = 0; design->control && i < design->arms.n; i++)
        if (!strcmp(COLEY_TRIAL_ARM(design, i)->name, design->control)) design->control_arm = i;
    if (design->control && strcmp(COLEY_TRIAL_ARM(design, design->control_arm)->name, design->control) != 0)
        return coley_yaml_fail(coley_yaml_find(root, "control"), err, "there is no arm '%.60s'", design->control);
    for (size_t i = 0; i < design->arms.n; i++) {
        COLEY_TRIAL_ARM(design, i)->people = COLEY_TRIAL_ARM(design, i)->n;
        const coley_trial_arm *arm = COLEY_TRIAL_ARM(design, i);
        const coley_yaml *at = arms->kind == COLEY_YAML_LIST ? arms->item[i] : arms;
        for (const char *p = arm->name; *p; p++)
            if (*p == ',' || *p == '"' || (unsigned char)*p < ' ')
                return coley_yaml_fail(at, err, "an arm's name has no commas, quotes or control characters");
        for (size_t k = 0; k < i; k++)
            if (!strcmp(COLEY_TRIAL_ARM(design, k)->name, arm->name))
                return coley_yaml_fail(at, err, "the name '%.60s' is there twice", arm->name);
        if (design->people.same_in_every_arm && i && arm->n != COLEY_TRIAL_ARM(design, 0)->n)
            return coley_yaml_fail(at, err,
                                   "has %lld people and the first arm %lld; with people.same_in_every_arm all arms "
                                   "have as many",
                                   (long long)arm->n, (long long)COLEY_TRIAL_ARM(design, 0)->n);
    }
    for (size_t i = 0; i < design->arms.n; i++)
        COLEY_TRY(check_published(design, COLEY_TRIAL_ARM(design, i),
                                  arms->kind == COLEY_YAML_LIST ? arms->item[i] : arms, err));
    return coley_trial_later_check(arena, design, root, err);
}

/* --- reading ---------------------------------------------------------------------------------------------------------
 */

static coley_status read_design(coley_arena *arena, const coley_yaml *root, coley_trial_design *design,
                                coley_error *err)
{
    const coley_yaml *cut = without_scenarios(arena, root);
    if (!cut) return COLEY_FAIL_MEMORY(err);
    design->root = root;
    COLEY_TRY(coley_fields_read(arena, coley_trial_fields, cut, design, err));
    const coley_yaml *common = coley_yaml_find(root, "scenario");
    if (common) COLEY_TRY(coley_yaml_expect(common, COLEY_YAML_MAP, err));
    return check_whole(arena, design, root, err);
}

coley_status coley_trial_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                               coley_trial_design **out, coley_error *err)
{
    coley_trial_design *design = COLEY_NEW(arena, coley_trial_design, 1);
    const coley_yaml *root;
    if (!design || !(design->path = coley_arena_text(arena, name, strlen(name)))) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_parse(arena, name, bytes, length, &root, err));
    COLEY_TRY(read_design(arena, root, design, err));
    *out = design;
    return COLEY_OK;
}

/* What the trial says of every arm's run takes the place of the scenario's own. */
static coley_status make_scenario(coley_arena *arena, const char *catalog, const coley_trial_design *design,
                                  coley_trial_arm *arm, const coley_yaml *at, const coley_yaml **made, coley_error *err)
{
    const coley_yaml *node = scenario_of(arena, design->root, at);
    if (!node) return COLEY_FAIL_MEMORY(err);
    *made = node;
    if (coley_yaml_find(node, "run") || coley_yaml_find(node, "title"))
        return coley_yaml_fail(at, err, "'run' and 'title' are the trial's: accrual, follow_up, output_every, seed, n");
    COLEY_TRY(coley_scenario_of_node(arena, node, catalog, &arm->scenario, err));
    coley_scenario *s = arm->scenario;
    s->title = design->title;
    s->run.duration_day = (design->accrual_month + design->follow_up_month) * COLEY_TRIAL_MONTH;
    s->run.output_every_day = fmin(design->output_every_day, s->run.duration_day);
    s->run.seed = design->seed;
    s->run.population = 0;
    return COLEY_OK;
}

coley_status coley_trial_of_node(coley_arena *arena, const char *path, const coley_yaml *root, const char *catalog,
                                 coley_trial_design **out, coley_error *err)
{
    coley_trial_design *design = COLEY_NEW(arena, coley_trial_design, 1);
    if (!design) return COLEY_FAIL_MEMORY(err);
    design->path = path;
    COLEY_TRY(read_design(arena, root, design, err));
    const coley_yaml *arms = coley_yaml_find(root, "arms"), *node[COLEY_TRIAL_MAX_ARMS];
    for (size_t i = 0; i < design->arms.n; i++)
        COLEY_TRY(make_scenario(arena, catalog, design, COLEY_TRIAL_ARM(design, i),
                                arms->kind == COLEY_YAML_LIST ? arms->item[i] : arms, &node[i], err));
    for (size_t i = 0; i < design->arms.n; i++) COLEY_TRY(coley_trial_later_make(arena, catalog, design, i, node, err));
    *out = design;
    return COLEY_OK;
}

coley_status coley_trial_load(coley_arena *arena, const char *path, const char *catalog, coley_trial_design **out,
                              coley_error *err)
{
    const coley_yaml *root;
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    return coley_trial_of_node(arena, path, root, catalog, out, err);
}

void coley_trial_set_seed(coley_trial_design *design, int64_t seed)
{
    design->seed = seed;
    for (size_t i = 0; i < design->arms.n; i++)
        if (COLEY_TRIAL_ARM(design, i)->scenario) COLEY_TRIAL_ARM(design, i)->scenario->run.seed = seed;
}

void coley_trial_set_people(coley_trial_design *design, int64_t people)
{
    for (size_t i = 0; i < design->arms.n; i++) COLEY_TRIAL_ARM(design, i)->people = people;
}

void coley_trial_document(coley_text *out)
{
    coley_fields_document(coley_trial_fields, "", out);
}
