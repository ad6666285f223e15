/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_run.c -- see trial_run.h. Blocks of candidates are screened and allocated; the candidates of each arm are
 * simulated together; trial_judge.c makes records of them. */
#include "run/trial_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "patient/population.h"
#include "run/trial_events.h"
#include "run/trial_parts.h"
#include "run/trial_people.h"
#include "trial/enrol.h"

/* People of an arm who are simulated together. */
enum { BLOCK = 512 };

/* How alike the sizes, and the infiltration, of one person's lesions are: as for all that is a lesion's own. */
static const double shared = COLEY_LESION_SHARED;

/* --- preparing -------------------------------------------------------------------------------------------------------
 */

/* The rows of a session's watch that a trial needs. */
static coley_status reduce_watch(coley_arena *arena, const coley_trial *trial, coley_session *s, coley_error *err)
{
    coley_watched *row = COLEY_NEW(arena, coley_watched, s->watch.n);
    size_t n = 0;
    if (!row) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < s->watch.n; i++) {
        const coley_watched *w = &s->watch.row[i];
        const char *local = w->lesion >= 0 ? strchr(w->id, '.') : NULL;
        const int lesion = local && (!strcmp(local + 1, "diameter") || !strcmp(local + 1, "net_growth"));
        const int body = w->lesion < 0 && (!strcmp(w->id, "hazard_toxicity") || !strcmp(w->group, "side_effects") ||
                                           coley_trial_terms_want(trial->terms, w->id));
        if (lesion || body) row[n++] = *w;
    }
    s->watch = (coley_watch){.n = n, .row = row};
    return COLEY_OK;
}

size_t coley_trial_harm_called(coley_trial *trial, const char *name, const char *system)
{
    for (size_t i = 0; i < trial->n_harms; i++)
        if (!strcmp(trial->harm[i], name)) return i;
    if (trial->n_harms == COLEY_TRIAL_MAX_EVENTS) return SIZE_MAX;
    trial->harm[trial->n_harms] = name;
    trial->harm_system[trial->n_harms] = system;
    return trial->n_harms++;
}

/* Where each kind of side effect of an arm stands: the clinic's organs, then what is only watched. */
static void find_harms(coley_trial *trial, coley_trial_plan *plan)
{
    const coley_session *s = plan->session;
    const coley_grading *grading = s->care ? s->care->grading : NULL;
    for (size_t k = 0; grading && k < grading->n; k++)
        plan->organ_harm[k] = coley_trial_harm_called(trial, grading->organ[k].name, COLEY_TRIAL_IMMUNE);
    for (size_t i = 0; i < s->watch.n; i++) {
        const coley_watched *w = &s->watch.row[i];
        if (w->lesion >= 0 || strcmp(w->group, "side_effects") != 0 || strncmp(w->id, "grade_", 6) != 0) continue;
        if (grading && coley_grading_organ(grading, w->id + 6) >= 0) continue;
        const size_t harm = coley_trial_harm_called(trial, w->id + 6, "of the model");
        if (harm == SIZE_MAX) continue;
        plan->seen_column[plan->n_seen] = i;
        plan->seen_harm[plan->n_seen++] = harm;
    }
}

static int32_t input_called(const coley_body *body, const char *name)
{
    const int32_t symbol = coley_network_symbol(body->network, name);
    return symbol < 0 ? -1 : coley_program_input_of(body->program, symbol);
}

/* Of the body, or of the first lesion, the one that is biopsied. */
static int32_t marker_called(coley_arena *arena, const coley_body *body, const char *name)
{
    const int32_t input = input_called(body, name);
    const char *local = coley_arena_printf(arena, "L1.%s", name);
    return input >= 0 || !local ? input : input_called(body, local);
}

static coley_status read_shares(const coley_trial *trial, coley_trial_plan *plan, coley_error *err)
{
    static const char *const names[] = {"infiltration_inflamed", "infiltration_excluded", "infiltration_desert"};
    for (size_t i = 0; i < 3; i++) {
        const coley_catalog_value *value = coley_catalog_find(trial->cancer->value, trial->cancer->n_values, names[i]);
        if (!value)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = trial->design->path, .key = "people"}),
                                 "%s has no '%s' in the catalog; write infiltration: as-written", trial->cancer->name,
                                 names[i]);
        plan->share[i] = value->value;
    }
    return COLEY_OK;
}

static coley_status plan_arm(coley_arena *arena, coley_trial *trial, size_t a, const char *models, const char *catalog,
                             coley_error *err)
{
    coley_trial_arm_run *run = &trial->arm[a];
    coley_trial_plan *plan = COLEY_NEW(arena, coley_trial_plan, 1);
    coley_session *session;
    if (!plan) return COLEY_FAIL_MEMORY(err);
    run->arm = COLEY_TRIAL_ARM(trial->design, a);
    COLEY_TRY(coley_session_prepare(arena, run->arm->scenario, models, catalog, &session, err));
    COLEY_TRY(reduce_watch(arena, trial, session, err));
    for (size_t i = 0; i < trial->shifts.n; i++)
        coley_population_shift((coley_population *)session->population, trial->shifts.name[i], trial->shifts.shift[i]);
    run->session = plan->session = session;
    run->plan = plan;
    plan->toxicity = coley_watch_row(&session->watch, -1, "hazard_toxicity");
    plan->n_lesions = session->scenario->lesions.n;
    for (size_t i = 0; i < plan->n_lesions; i++) {
        char name[32];
        plan->diameter[i] = coley_watch_row(&session->watch, (ptrdiff_t)i, "diameter");
        plan->growth[i] = coley_watch_row(&session->watch, (ptrdiff_t)i, "net_growth");
        snprintf(name, sizeof name, "L%zu.D0_mm", i + 1);
        plan->size_input[i] = input_called(session->body, name);
        snprintf(name, sizeof name, "L%zu.infil", i + 1);
        plan->infil_input[i] = input_called(session->body, name);
    }
    plan->tmb_input = marker_called(arena, session->body, "TMB");
    plan->tps_input = marker_called(arena, session->body, "PDL1_TPS");
    plan->tmb_trait = coley_population_trait(session->population, "TMB");
    const coley_catalog_value *size =
        coley_catalog_find(trial->cancer->value, trial->cancer->n_values, "baseline_diameter");
    plan->size_spread = size && size->spread == COLEY_SPREAD_LOGNORMAL ? size->spread_b : 0;
    if (trial->design->people.infiltration) COLEY_TRY(read_shares(trial, plan, err));
    COLEY_TRY(coley_trial_infiltration(arena, models, plan->infiltration, err));
    find_harms(trial, plan);
    trial->harms_simulated[a] = session->care != NULL || plan->n_seen > 0;
    return coley_trial_events_bind(arena, trial, a, err);
}

coley_status coley_trial_prepare(coley_arena *arena, const coley_trial_design *design, const char *models,
                                 const char *catalog, coley_trial **out, coley_error *err)
{
    coley_trial *trial = COLEY_NEW(arena, coley_trial, 1);
    coley_catalog_cancer *cancer;
    if (!trial) return COLEY_FAIL_MEMORY(err);
    trial->design = design;
    COLEY_TRY(coley_trial_terms_read(arena, catalog, &trial->terms, err));
    COLEY_TRY(coley_catalog_cancer_read(arena, catalog, design->cancer, &cancer, err));
    trial->cancer = cancer;
    COLEY_TRY(coley_mortality_read(arena, catalog, cancer->name, &trial->survival, err));
    COLEY_TRY(coley_covariates_read(arena, catalog, cancer->name, &trial->covariates, err));
    if (design->people.population == 0) {
        const char *group = design->people.group ? design->people.group : cancer->name;
        COLEY_TRY(coley_trial_shifts_read(arena, catalog, group, &trial->shifts, err));
        if (design->people.group && !trial->shifts.n && isnan(trial->shifts.at_100_mm))
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, (coley_place){.key = "people.group"},
                                 "%s/populations holds no %s.yaml; make it with coley calibrate, or leave the key out",
                                 catalog, group);
        if (!isnan(trial->shifts.at_100_mm)) trial->survival.at_100_mm = trial->shifts.at_100_mm;
    }
    trial->n_arms = design->arms.n;
    trial->cutoff_day = (design->accrual_month + design->follow_up_month) * COLEY_TRIAL_MONTH;
    for (size_t a = 0; a < trial->n_arms; a++) COLEY_TRY(plan_arm(arena, trial, a, models, catalog, err));
    COLEY_TRY(coley_trial_draws_create(arena, trial, &trial->draws, err));
    trial->n_rules = design->eligibility.n;
    for (size_t i = 0; i < trial->n_rules; i++) trial->rule[i].text = design->eligibility.text[i];
    COLEY_TRY(coley_trial_screen_create(arena, design, trial->arm[0].session->body, &trial->screen, err));
    *out = trial;
    return COLEY_OK;
}

/* --- people ----------------------------------------------------------------------------------------------------------
 */

static double normal(const coley_trial *trial, uint64_t id, int draw)
{
    return coley_trial_score(trial, id, (uint64_t)draw);
}

/* The person's lesions: how large, and where the T cells stand. */
static void draw_lesions(const coley_trial *trial, const coley_trial_plan *plan, const coley_covariates *who,
                         uint64_t id, double *inputs)
{
    const coley_trial_people *people = &trial->design->people;
    const double person = normal(trial, id, COLEY_DRAW_INFILTRATION);
    /* What surgery left has a spread of its own in the model. */
    const int sizes = people->sizes && trial->design->criteria == COLEY_CRITERIA_RECIST;
    for (size_t i = 0; i < plan->n_lesions; i++) {
        const coley_scenario_lesion *lesion = COLEY_SCENARIO_LESION(plan->session->scenario, i);
        if (sizes && plan->size_input[i] >= 0) {
            const double z =
                sqrt(shared) * who->size + sqrt(1 - shared) * normal(trial, id, COLEY_DRAW_LESION_SIZE + (int)i);
            /* What was measurable stays so: 10 mm, a node 15 mm (RECIST 1.1). */
            const double least = fmin(lesion->diameter_mm, lesion->nodal ? 15 : 10);
            inputs[plan->size_input[i]] =
                fmin(fmax(lesion->diameter_mm * exp(plan->size_spread * z), least), COLEY_TRIAL_LARGEST_MM);
        }
        if (people->infiltration && plan->infil_input[i] >= 0) {
            const double z =
                sqrt(shared) * person + sqrt(1 - shared) * normal(trial, id, COLEY_DRAW_LESION_INFILTRATION + (int)i);
            const double u = 0.5 * erfc(-z * M_SQRT1_2);
            const int kind = u < plan->share[0] ? 0 : u < plan->share[0] + plan->share[1] ? 1 : 2;
            inputs[plan->infil_input[i]] *= plan->infiltration[kind] / plan->infiltration[lesion->infiltration];
        }
    }
}

void coley_trial_draw_person(const coley_trial *trial, const coley_trial_plan *plan, uint64_t id, double *z,
                             coley_trial_patient *p, double *inputs)
{
    const coley_population *population = plan->session->population;
    coley_trial_scores(trial, population, id, z);
    coley_population_inputs(population, z, inputs);
    const double z_tmb = plan->tmb_trait < 0 ? 0 : z[plan->tmb_trait];
    *p = (coley_trial_patient){.id = id, .covariates = coley_trial_covariates(trial, id, z_tmb)};
    draw_lesions(trial, plan, &p->covariates, id, inputs);
    coley_trial_people_take(trial, plan->session->body, id, &p->covariates, inputs);
    p->tmb_per_Mb = plan->tmb_input < 0 ? NAN : inputs[plan->tmb_input];
    p->pdl1_tps = plan->tps_input < 0 ? NAN : inputs[plan->tps_input];
    for (size_t i = 0; i < plan->n_lesions; i++) p->sod_mm += plan->size_input[i] < 0 ? 0 : inputs[plan->size_input[i]];
}

/* --- a block of candidates -------------------------------------------------------------------------------------------
 */

typedef struct enrolment {
    uint64_t next_id;
    size_t of_stratum[1 << COLEY_TRIAL_MAX_STRATA];
    int ratio[COLEY_TRIAL_MAX_ARMS];
    size_t n_candidates[COLEY_TRIAL_MAX_ARMS];
    coley_trial_patient *candidate[COLEY_TRIAL_MAX_ARMS]; /* [BLOCK] */
    double *inputs[COLEY_TRIAL_MAX_ARMS];                 /* [BLOCK][n_inputs] of the arm */
} enrolment;

static coley_status nobody_passes(const coley_trial *trial, coley_error *err)
{
    char rules[600] = "";
    size_t used = 0;
    for (size_t i = 0; i < trial->n_rules && used < sizeof rules - 100; i++)
        used +=
            (size_t)snprintf(rules + used, sizeof rules - used, "%s'%.60s' removes %.3g %%", i ? ", " : "",
                             trial->rule[i].text, 100 * (double)trial->rule[i].n_removed / (double)trial->n_screened);
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = trial->design->path, .key = "eligibility"}),
                         "of %zu people screened %zu may enter: %s; loosen a rule or raise people.most_screened",
                         trial->n_screened, trial->n_eligible, rules);
}

static size_t places_left(const coley_trial_arm_run *run)
{
    return (size_t)run->arm->people - run->n;
}

/* Fill each arm's candidates: as many as it needs, and some more for those whose tumour will turn out to vanish. */
static coley_status screen(coley_trial *trial, enrolment *e, coley_arena *scratch, coley_error *err)
{
    const int same = trial->design->people.same_in_every_arm;
    size_t want[COLEY_TRIAL_MAX_ARMS], missing = 0, n_inputs[COLEY_TRIAL_MAX_ARMS] = {0}, most_traits = 0, total = 0;
    for (size_t a = 0; a < trial->n_arms; a++) {
        const coley_session *s = trial->arm[a].session;
        const size_t left = places_left(&trial->arm[a]);
        want[a] = left ? left + left / 8 + 2 : 0;
        if (want[a] > BLOCK) want[a] = BLOCK;
        e->n_candidates[a] = 0;
        n_inputs[a] = coley_program_input_count(s->body->program);
        if (s->population->n_traits > most_traits) most_traits = s->population->n_traits;
        missing += want[a];
        total += (size_t)trial->arm[a].arm->people;
        if (!(e->candidate[a] = COLEY_NEW(scratch, coley_trial_patient, BLOCK)) ||
            !(e->inputs[a] = COLEY_NEW(scratch, double, BLOCK *n_inputs[a])))
            return COLEY_FAIL_MEMORY(err);
    }
    double *z = COLEY_NEW(scratch, double, most_traits), *inputs = COLEY_NEW(scratch, double, n_inputs[0]);
    if (!z || !inputs) return COLEY_FAIL_MEMORY(err);
    while (missing) {
        const uint64_t id = e->next_id++;
        COLEY_TRY(coley_trial_people_left(trial, id, err));
        coley_trial_patient who;
        coley_trial_draw_person(trial, trial->arm[0].plan, id, z, &who, inputs);
        coley_trial_screen_person(trial->screen, &who.covariates, who.tmb_per_Mb, who.pdl1_tps, who.sod_mm, inputs);
        trial->n_screened++;
        if (!coley_trial_screen_enters(trial->screen, trial->rule)) {
            if (trial->n_screened > (size_t)trial->design->people.most_screened * total + 1000)
                return nobody_passes(trial, err);
            continue;
        }
        trial->n_eligible++;
        const unsigned stratum = coley_trial_screen_stratum(trial->screen);
        const size_t arm =
            coley_enrol_arm((uint64_t)trial->design->seed, trial->n_arms, e->ratio, stratum, e->of_stratum[stratum]++);
        for (size_t a = same ? 0 : arm; a < (same ? trial->n_arms : arm + 1); a++) {
            if (e->n_candidates[a] == want[a]) continue; /* this arm is full: the person is somebody else's loss */
            const size_t i = e->n_candidates[a]++;
            coley_trial_draw_person(trial, trial->arm[a].plan, id, z, &e->candidate[a][i],
                                    e->inputs[a] + i * n_inputs[a]);
            e->candidate[a][i].arm = (uint32_t)a;
            e->candidate[a][i].stratum = stratum;
            missing--;
        }
    }
    return COLEY_OK;
}

/* Room for the records of an arm. */
static coley_status set_out(coley_arena *arena, coley_trial *trial, enrolment *e, coley_error *err)
{
    int64_t n[COLEY_TRIAL_MAX_ARMS];
    e->next_id = 1;
    trial->n_screened = trial->n_eligible = 0;
    for (size_t i = 0; i < trial->n_rules; i++) trial->rule[i].n_removed = trial->rule[i].n_alone = 0;
    for (size_t a = 0; a < trial->n_arms; a++) {
        coley_trial_arm_run *run = &trial->arm[a];
        n[a] = run->arm->people;
        run->n = run->n_scans = run->n_lost = run->n_vanished = 0;
        if (!(run->patient = COLEY_NEW(arena, coley_trial_patient, (size_t)run->arm->people)))
            return COLEY_FAIL_MEMORY(err);
        const size_t marks = trial->design->everybody ? (size_t)n[a] * trial->design->landmarks.n : 0;
        run->burden = COLEY_NEW(arena, double, marks);
        run->other = COLEY_NEW(arena, double, marks);
        if (!run->burden || !run->other) return COLEY_FAIL_MEMORY(err);
    }
    coley_enrol_ratio(trial->n_arms, n, e->ratio);
    return COLEY_OK;
}

/* When people enter and how long they are looked at: before they are simulated, since nobody is followed any longer. */
static void set_clock(const coley_trial *trial, coley_trial_patient *p, size_t place)
{
    const coley_trial_design *d = trial->design;
    const uint64_t seed = (uint64_t)d->seed;
    const size_t n = (size_t)COLEY_TRIAL_ARM(d, p->arm)->people;
    p->entry_day = coley_enrol_day(seed, p->id, place < n ? place : n - 1, n, d->accrual_month * COLEY_TRIAL_MONTH);
    const double dropout = coley_enrol_dropout(seed, p->id, d->dropout_per_year);
    p->until_day = fmin(trial->cutoff_day - p->entry_day, dropout);
    p->lost_to_follow_up = dropout < trial->cutoff_day - p->entry_day;
}

static coley_status run_block(coley_arena *arena, coley_trial *trial, enrolment *e, coley_arena *scratch,
                              const coley_session_options *options, coley_error *err)
{
    const int same = trial->design->people.same_in_every_arm;
    unsigned char *out = COLEY_NEW(scratch, unsigned char, BLOCK);
    if (!out) return COLEY_FAIL_MEMORY(err);
    coley_trial_block block[COLEY_TRIAL_MAX_ARMS];
    for (size_t a = 0; a < trial->n_arms; a++) {
        coley_trial_arm_run *run = &trial->arm[a];
        block[a] = (coley_trial_block){
            .trial = trial, .run = run, .n = e->n_candidates[a], .patient = e->candidate[a], .inputs = e->inputs[a]};
        if (!block[a].n) continue;
        for (size_t i = 0; i < block[a].n; i++) set_clock(trial, &e->candidate[a][i], run->n + i);
        COLEY_TRY(coley_trial_block_simulate(scratch, &block[a], options, err));
        for (size_t i = 0; i < block[a].n; i++) out[i] |= block[a].out[i];
        if (same) continue;
        COLEY_TRY(coley_trial_block_judge(arena, scratch, &block[a], block[a].out, err));
    }
    for (size_t a = 0; same && a < trial->n_arms; a++)
        COLEY_TRY(coley_trial_block_judge(arena, scratch, &block[a], out, err));
    return COLEY_OK;
}

coley_status coley_trial_carry_out(coley_arena *arena, coley_trial *trial, const coley_session_options *options,
                                   coley_error *err)
{
    enrolment e = {0};
    coley_arena *scratch = coley_arena_create();
    coley_status status = scratch ? set_out(arena, trial, &e, err) : COLEY_FAIL_MEMORY(err);
    size_t total = 0, done = 0;
    for (size_t a = 0; a < trial->n_arms; a++) total += (size_t)trial->arm[a].arm->people;
    coley_progress_begin(options->progress, "people in the trial", total);
    const coley_session_options quiet = {.n_threads = options->n_threads};
    for (int block = 0; status == COLEY_OK; block++) {
        size_t left = 0;
        for (size_t a = 0; a < trial->n_arms; a++) left += places_left(&trial->arm[a]);
        coley_progress_add(options->progress, total - left - done);
        done = total - left;
        if (!left) break;
        status = screen(trial, &e, scratch, err);
        if (status == COLEY_OK) status = run_block(arena, trial, &e, scratch, &quiet, err);
        if (status == COLEY_OK && block > 100 && trial->n_eligible > 50 * (done + 1))
            status = COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = trial->design->path}),
                                   "of %zu people who may enter %zu have a tumour that grows by itself; nobody would "
                                   "have found the others",
                                   trial->n_eligible, done);
        coley_arena_reset(scratch);
    }
    coley_progress_end(options->progress);
    coley_arena_destroy(scratch);
    return status;
}
