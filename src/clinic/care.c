/* SPDX-License-Identifier: GPL-3.0-or-later */
/* care.c -- one visit after another:
 *
 *   seen grade g of an organ --> rule(organ, g): the therapy goes on, is held, or stops
 *   glucocorticoid: none --g asks for it--> full --every treated organ at grade <= 1--> taper --steps--> none
 *                             ^------------ an organ asks for it again (a flare) ---------'
 *   no lower grade after a while: treated as the next grade, then the second line, then the third
 *   held until every organ that holds is at the grade to resume and prednisone is low enough
 *
 * The dose of a taper after k steps of n: full (1 - (k + 1) / (n + 1)). */
#include "clinic/care.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* A visit and the day a rule names are the same when they are this near. */
#define SAME_DAY 0.01

/* From this grade on something is an event. */
enum { EVENT_GRADE = 2, SETTLED_GRADE = 1 };

void coley_care_begin(coley_care *care, double weight_kg, unsigned treated_with)
{
    *care = (coley_care){.weight_kg = weight_kg,
                         .treated_with = treated_with,
                         .steroid = -1,
                         .last_day = -INFINITY,
                         .next_day = INFINITY};
    for (size_t i = 0; i < COLEY_MAX_ORGANS; i++) care->organ[i].looked_day = -INFINITY;
}

double coley_care_mg(const coley_care *care, coley_policy_dose dose)
{
    return dose.per_kg ? dose.mg * care->weight_kg : dose.mg;
}

int coley_care_gives(const coley_care *care, size_t class)
{
    return !care->held && !(care->stopped >> class & 1);
}

/* ---- glucocorticoids -----------------------------------------------------------------------------------------------
 */

static int n_steps(const coley_policy *policy, const coley_care *care)
{
    return (int)ceil(care->taper_day / policy->step_day - SAME_DAY);
}

int coley_care_steroid(const coley_policy *policy, const coley_care *care, double day, double *mg_day,
                       double *until_day)
{
    *mg_day = 0;
    *until_day = INFINITY;
    if (care->phase == COLEY_STEROID_NONE) return -1;
    const int mouth = policy->drug[care->steroid].by_mouth;
    if (care->phase == COLEY_STEROID_FULL) {
        const int pulse = day < care->pulse_end_day - SAME_DAY;
        *mg_day = pulse ? care->pulse_mg_day : care->full_mg_day;
        if (pulse) *until_day = care->pulse_end_day;
        return care->steroid;
    }
    const int n = n_steps(policy, care);
    const int k = (int)floor((day - care->taper_from_day) / policy->step_day + SAME_DAY / policy->step_day);
    if (k >= n) return -1;
    *until_day = care->taper_from_day + (k + 1) * policy->step_day;
    *mg_day = care->full_mg_day * policy->drug[care->steroid].as_prednisone / policy->drug[mouth].as_prednisone *
              (1 - (k + 1.0) / (n + 1.0));
    return mouth;
}

double coley_care_prednisone(const coley_policy *policy, const coley_care *care, double day)
{
    double mg, until;
    const int drug = coley_care_steroid(policy, care, day, &mg, &until);
    return drug < 0 ? 0 : mg * policy->drug[drug].as_prednisone;
}

/* ---- seeing --------------------------------------------------------------------------------------------------------
 */

int coley_care_unreported(const coley_grading *grading, const coley_care *care, size_t organ, double severity)
{
    const int grade = coley_grade_of(&grading->organ[organ], severity);
    return grade >= grading->organ[organ].felt_from && grade > care->organ[organ].grade ? grade : 0;
}

/* A test is due: of a known event, when the schedule says so, or when the person is tired enough. */
static int test_due(const coley_policy *policy, const coley_care *care, size_t i, double day, int tired)
{
    const coley_organ_policy *p = &policy->organ[i];
    const coley_organ_care *o = &care->organ[i];
    if (o->grade || o->hold || o->treated) return 1;
    if (p->look_if_tired && tired >= p->look_if_tired) return 1;
    if (p->look_with && !(p->look_with & care->treated_with)) return 0;
    if (!isnan(p->look_until_day) && day > p->look_until_day + SAME_DAY) return 0;
    return day - o->looked_day >= p->look_every_day - SAME_DAY;
}

void coley_care_observe(const coley_policy *policy, const coley_grading *grading, coley_care *care,
                        coley_care_visit *visit)
{
    const int tired =
        policy->fatigue < 0 ? 0 : coley_grade_of(&grading->organ[policy->fatigue], visit->severity[policy->fatigue]);
    for (size_t i = 0; i < policy->n_organs; i++) {
        const coley_organ_grades *organ = &grading->organ[i];
        coley_organ_care *o = &care->organ[i];
        const int grade = coley_grade_of(organ, visit->severity[i]), felt = grade >= organ->felt_from;
        visit->seen[i] = -1;
        if (!policy->organ[i].given) continue;
        switch (policy->organ[i].found_by) {
        case COLEY_FOUND_EXAMINATION:
            visit->seen[i] = grade;
            break;
        case COLEY_FOUND_ASKING:
            visit->seen[i] = felt || o->grade ? grade : 0;
            break;
        case COLEY_FOUND_LABORATORY:
            if (!felt && !test_due(policy, care, i, visit->day, tired)) break;
            o->looked_day = visit->day;
            visit->seen[i] = grade;
            break;
        }
    }
}

/* ---- deciding ------------------------------------------------------------------------------------------------------
 */

static coley_care_action *act(coley_care_visit *visit, coley_care_deed deed, int organ, int grade, int drug, double mg)
{
    assert(visit->n_actions < COLEY_CARE_MAX_ACTIONS);
    coley_care_action *action = &visit->action[visit->n_actions++];
    *action = (coley_care_action){.deed = deed, .organ = organ, .grade = grade, .drug = drug, .mg = mg};
    return action;
}

static void learn(const coley_policy *policy, coley_care *care, coley_care_visit *visit, size_t i)
{
    coley_organ_care *o = &care->organ[i];
    const int grade = visit->seen[i];
    if (grade < 0 || grade == o->grade) return;
    if (grade >= EVENT_GRADE && o->grade < EVENT_GRADE) o->n_events++;
    if (grade > o->grade) o->since_day = visit->day; /* a lower grade has lasted at least as long as the higher one */
    if (grade <= SETTLED_GRADE) {
        o->steps_up = 0;
        o->given_up = 0;
    }
    o->grade = grade;
    if (grade > o->worst) o->worst = grade;
    act(visit, COLEY_DEED_FOUND, (int)i, grade, -1, NAN);
    const char *support = policy->organ[i].grade[grade].support;
    if (support) act(visit, COLEY_DEED_SUPPORT, (int)i, grade, -1, NAN)->words = support;
}

static void judge_therapy(const coley_policy *policy, coley_care *care, coley_care_visit *visit, size_t i)
{
    coley_organ_care *o = &care->organ[i];
    const coley_organ_policy *p = &policy->organ[i];
    const coley_care_rule *rule = &p->grade[o->grade];
    if (!o->grade) return;
    const int therapy = o->n_events > 1 && rule->again >= 0 ? rule->again : rule->therapy;
    const unsigned stop =
        (therapy == COLEY_THERAPY_STOP ? care->treated_with : rule->stop & care->treated_with) & ~care->stopped;
    if (stop) {
        care->stopped |= stop;
        act(visit, COLEY_DEED_STOP, (int)i, o->grade, -1, NAN)->classes = stop;
    }
    const int satisfied = o->grade <= (p->resume_grade < 0 ? policy->resume_grade : p->resume_grade) &&
                          (p->replace < 0 || (care->replacing >> p->replace & 1));
    if (therapy == COLEY_THERAPY_HOLD && !o->hold && !satisfied && care->treated_with & ~care->stopped) {
        o->hold = 1;
        care->held |= 1u << i;
        act(visit, COLEY_DEED_HOLD, (int)i, o->grade, -1, NAN);
    }
}

/* The rule that an organ is treated by: that of its grade, or of a higher one when it did not get better. */
static const coley_care_rule *treatment_of(const coley_policy *policy, const coley_care *care, size_t i)
{
    const int grade = care->organ[i].grade + care->organ[i].steps_up;
    return &policy->organ[i].grade[grade > COLEY_MAX_GRADE ? COLEY_MAX_GRADE : grade];
}

/* Some other organ has an event in which the drug may not be given. */
static int forbidden(const coley_policy *policy, const coley_care *care, int drug)
{
    for (size_t i = 0; i < policy->n_organs; i++)
        if (care->organ[i].grade >= SETTLED_GRADE && (policy->organ[i].never >> drug & 1)) return 1;
    return 0;
}

static void give(const coley_policy *policy, coley_care *care, coley_care_visit *visit, size_t i, int drug)
{
    const coley_policy_drug *d = &policy->drug[drug];
    if (d->daily && (care->daily >> drug & 1)) return;
    if (d->daily) care->daily |= 1u << drug;
    act(visit, d->daily ? COLEY_DEED_DAILY : COLEY_DEED_COURSE, (int)i, care->organ[i].grade, drug,
        coley_care_mg(care, d->dose));
}

/* The next drug of the second line that may be given and was not tried; false when there is none. */
static int next_line(const coley_policy *policy, coley_care *care, coley_care_visit *visit, size_t i)
{
    const coley_care_rule *rule = treatment_of(policy, care, i);
    for (size_t k = 0; k < rule->n_lines; k++) {
        const int drug = rule->line[k];
        if ((care->course[i] >> drug & 1) || forbidden(policy, care, drug)) continue;
        care->course[i] |= 1u << drug;
        care->organ[i].n_lines++;
        give(policy, care, visit, i, drug);
        return 1;
    }
    return 0;
}

/* What has not become better since its treatment was last changed is treated harder. */
static void press_on(const coley_policy *policy, coley_care *care, coley_care_visit *visit, size_t i)
{
    coley_organ_care *o = &care->organ[i];
    const coley_care_rule *rule = treatment_of(policy, care, i);
    const double lasted = visit->day - o->treated_day + SAME_DAY;
    if (!o->treated || o->grade < EVENT_GRADE) return;
    if (o->grade < o->treated_grade) { /* better: the clock starts again */
        o->treated_grade = o->grade;
        o->treated_day = visit->day;
        return;
    }
    if (!isnan(rule->as_next_after_day) && lasted >= rule->as_next_after_day &&
        o->grade + o->steps_up < COLEY_MAX_GRADE) {
        o->steps_up++;
        o->treated_day = visit->day;
    } else if (rule->n_lines && lasted >= (o->n_lines ? rule->third_after_day : rule->second_after_day) &&
               next_line(policy, care, visit, i)) {
        o->treated_day = visit->day;
    }
}

/* Does this organ ask for a glucocorticoid today? Then its full dose, as prednisone. */
static double wanted(const coley_policy *policy, const coley_care *care, size_t i, double day)
{
    const coley_organ_care *o = &care->organ[i];
    const coley_care_rule *rule = treatment_of(policy, care, i);
    if (!o->grade || rule->steroid < 0 || (o->given_up && o->grade <= o->treated_grade)) return 0;
    if (!o->treated && day - o->since_day < rule->start_after_day - SAME_DAY) return 0;
    return coley_care_mg(care, rule->dose) * policy->drug[rule->steroid].as_prednisone;
}

static void begin_taper(const coley_policy *policy, coley_care *care, coley_care_visit *visit)
{
    double mg, until;
    care->phase = COLEY_STEROID_TAPER;
    care->taper_from_day = visit->day;
    for (size_t i = 0; i < policy->n_organs; i++) {
        care->organ[i].treated = 0;
        care->organ[i].n_lines = 0;
        care->course[i] = 0;
    }
    const int drug = coley_care_steroid(policy, care, visit->day, &mg, &until);
    act(visit, COLEY_DEED_TAPER, -1, 0, drug, mg);
}

/* Full dose while an organ asks for it, never lower than it was; a taper when all that were treated have settled. */
static void dose_steroid(const coley_policy *policy, coley_care *care, coley_care_visit *visit)
{
    double most = 0, taper = 0;
    int unsettled = 0;
    size_t leading = 0, pulsed = COLEY_MAX_ORGANS;
    const double day = visit->day;
    for (size_t i = 0; i < policy->n_organs; i++) {
        coley_organ_care *o = &care->organ[i];
        const double mg = wanted(policy, care, i, day);
        const coley_care_rule *rule = treatment_of(policy, care, i);
        if (mg > 0 && !o->treated && (o->grade >= EVENT_GRADE || care->phase == COLEY_STEROID_NONE)) {
            o->treated = 1;
            o->treated_day = day;
            o->treated_grade = o->grade;
            if (rule->pulse.mg > 0) pulsed = i;
        }
        if (!o->treated) continue;
        if (mg > most) most = mg, leading = i;
        if (o->grade >= EVENT_GRADE) unsettled = 1;
        taper = fmax(taper, rule->taper_day);
    }
    const double now = care->steroid < 0 || care->phase != COLEY_STEROID_FULL
                           ? 0
                           : care->full_mg_day * policy->drug[care->steroid].as_prednisone;
    const int raised = most > now * (1 + 1e-9);
    if (raised && care->phase != COLEY_STEROID_FULL) {
        care->full_from_day = day;
        care->taper_day = 0;
        care->pulse_end_day = -INFINITY;
        care->phase = COLEY_STEROID_FULL;
    }
    if (pulsed < COLEY_MAX_ORGANS) {
        const coley_care_rule *rule = treatment_of(policy, care, pulsed);
        care->steroid = rule->steroid;
        care->pulse_mg_day = coley_care_mg(care, rule->pulse);
        care->pulse_end_day = day + rule->pulse_day;
        act(visit, COLEY_DEED_PULSE, (int)pulsed, care->organ[pulsed].grade, care->steroid, care->pulse_mg_day);
    }
    if (raised) {
        const coley_care_rule *rule = treatment_of(policy, care, leading);
        care->steroid = rule->steroid;
        care->full_mg_day = coley_care_mg(care, rule->dose);
        act(visit, COLEY_DEED_STEROID, (int)leading, care->organ[leading].grade, care->steroid, care->full_mg_day);
        care->taper_day = fmax(care->taper_day, taper);
    } else if (care->phase == COLEY_STEROID_FULL) {
        care->taper_day = fmax(care->taper_day, taper);
        const int over = day - care->full_from_day >= policy->most_day - SAME_DAY;
        for (size_t i = 0; i < policy->n_organs; i++)
            if (over && care->organ[i].treated && care->organ[i].grade >= EVENT_GRADE) {
                care->organ[i].given_up = 1;
                care->organ[i].treated_grade = care->organ[i].grade;
            }
        if (!unsettled || over) begin_taper(policy, care, visit);
    } else if (care->phase == COLEY_STEROID_TAPER &&
               day >= care->taper_from_day + n_steps(policy, care) * policy->step_day - SAME_DAY) {
        care->phase = COLEY_STEROID_NONE;
        act(visit, COLEY_DEED_STEROID_END, -1, 0, policy->drug[care->steroid].by_mouth, 0);
    }
}

static void replace_hormones(const coley_policy *policy, coley_care *care, coley_care_visit *visit)
{
    for (size_t i = 0; i < policy->n_organs; i++) {
        const coley_organ_policy *p = &policy->organ[i];
        if (p->replace < 0 || care->organ[i].grade < p->replace_from || (care->replacing >> p->replace & 1)) continue;
        care->replacing |= 1u << p->replace;
        give(policy, care, visit, i, p->replace);
    }
}

/* A drug given each day for an event ends when every organ that it was given for has settled. */
static void end_daily(const coley_policy *policy, coley_care *care, coley_care_visit *visit)
{
    for (size_t d = 0; d < policy->n_drugs; d++) {
        int needed = 0;
        if (!(care->daily & ~care->replacing & 1u << d)) continue;
        for (size_t i = 0; i < policy->n_organs; i++)
            needed |= (care->course[i] >> d & 1) && care->organ[i].grade > policy->resume_grade;
        if (needed) continue;
        care->daily &= ~(1u << d);
        act(visit, COLEY_DEED_DAILY_END, -1, 0, (int)d, 0);
    }
}

static void release(const coley_policy *policy, coley_care *care, coley_care_visit *visit)
{
    const unsigned before = care->held;
    if (!before || coley_care_prednisone(policy, care, visit->day) > policy->resume_prednisone_mg * (1 + 1e-9)) return;
    for (size_t i = 0; i < policy->n_organs; i++) {
        const int resume = policy->organ[i].resume_grade < 0 ? policy->resume_grade : policy->organ[i].resume_grade;
        if (!care->organ[i].hold || visit->seen[i] < 0 || care->organ[i].grade > resume) continue;
        care->organ[i].hold = 0;
        care->held &= ~(1u << i);
    }
    if (!care->held && care->treated_with & ~care->stopped)
        act(visit, COLEY_DEED_RESUME, -1, 0, -1, NAN)->classes = care->treated_with & ~care->stopped;
}

/* The soonest that anything asks for; infinite when nothing does. */
static double next_visit(const coley_policy *policy, const coley_care *care, double day)
{
    double next = INFINITY;
    for (size_t i = 0; i < policy->n_organs; i++) {
        const coley_organ_care *o = &care->organ[i];
        const coley_care_rule *rule = treatment_of(policy, care, i);
        if (!o->grade) continue;
        /* What has been given up, or has gone on for long without anything to be done, waits for the ordinary visit. */
        if (!isnan(rule->see_again_day) && !o->given_up &&
            (o->treated || o->hold || day - o->since_day < policy->most_day))
            next = fmin(next, day + rule->see_again_day);
        if (!o->treated && rule->steroid >= 0 && !o->given_up && care->phase == COLEY_STEROID_NONE)
            next = fmin(next, fmax(o->since_day + rule->start_after_day, day + 1));
    }
    if (care->phase == COLEY_STEROID_TAPER) {
        const double end = care->taper_from_day + n_steps(policy, care) * policy->step_day;
        next = fmin(next, fmin(day + policy->taper_again_day, fmax(end, day + 1)));
    }
    return next;
}

void coley_care_decide(const coley_policy *policy, coley_care *care, coley_care_visit *visit)
{
    visit->n_actions = 0;
    for (size_t i = 0; i < policy->n_organs; i++) learn(policy, care, visit, i);
    replace_hormones(policy, care, visit);
    for (size_t i = 0; i < policy->n_organs; i++) judge_therapy(policy, care, visit, i);
    for (size_t i = 0; i < policy->n_organs; i++) press_on(policy, care, visit, i);
    dose_steroid(policy, care, visit);
    end_daily(policy, care, visit);
    release(policy, care, visit);
    care->last_day = visit->day;
    care->next_day = next_visit(policy, care, visit->day);
    care->n_visits++;
}
