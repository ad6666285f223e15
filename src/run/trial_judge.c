/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_judge.c -- a block of people simulated, followed as long as they live and are looked at, and what a trial
 * writes down of each: scans with the reader's error, RECIST, death, the worst side effects. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "patient/facts.h"
#include "run/trial_events.h"
#include "run/trial_later.h"
#include "trial/enrol.h"
#include "run/trial_parts.h"

coley_status coley_trial_infiltration(coley_arena *arena, const char *models, double value[3], coley_error *err)
{
    static const char *const words[] = {"inflamed", "excluded", "desert"}; /* as coley_infiltration */
    const char *path = coley_arena_printf(arena, "%s/infiltration.yaml", models);
    const coley_yaml *root;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_load(arena, path, &root, err));
    for (size_t i = 0; i < 3; i++) {
        coley_fact fact;
        COLEY_TRY(coley_fact_read(root, words[i], "dimensionless", 1e-6, 100, &fact, err));
        value[i] = fact.value;
    }
    return COLEY_OK;
}

/* --- while they run --------------------------------------------------------------------------------------------------
 */

static double column_at(const coley_trial_block *b, size_t person, size_t row, ptrdiff_t column)
{
    return coley_crowd_at(&b->crowd, person, row, (size_t)column);
}

/* A lesion that is gone may have less than no volume, within the solver's tolerance: the root of that is no number. */
static double diameter_at(const coley_trial_block *b, size_t person, size_t lesion, size_t row)
{
    return fmax(0, column_at(b, person, row, b->run->plan->diameter[lesion]));
}

/* What the reader finds of one lesion at one scan. */
static coley_scan_finding read_lesion(const coley_trial_block *b, size_t person, size_t lesion, size_t scan, size_t row,
                                      double *mm)
{
    const coley_session *s = b->run->session;
    char name[32];
    snprintf(name, sizeof name, "%llu", (unsigned long long)b->patient[person].id);
    const coley_scanned who = {(uint64_t)s->scenario->run.seed, name, lesion, s->scan_day[scan]};
    return coley_scan_read(&s->scanner, &who, s->scenario->scans.noise, diameter_at(b, person, lesion, row), mm);
}

/* Lesions that are read: those of the scenario, and behind them the first that may come into view later. */
static size_t n_read(const coley_trial_block *b)
{
    return b->run->plan->n_lesions + (b->trial->design->new_lesions > 0);
}

/* What was read of a lesion at a scan that the turn has seen. */
static coley_trial_reading *reading_at(const coley_trial_block *b, size_t person, size_t scan, size_t lesion)
{
    return &b->reading[(person * b->run->session->n_scans + scan) * n_read(b) + lesion];
}

/* What is seen and too small to measure counts as 5 mm by RECIST. */
static double counted_mm(const coley_trial_reading *r)
{
    return r->finding == COLEY_SCAN_TOO_SMALL ? COLEY_TOO_SMALL_MM : r->mm;
}

/* After surgery what is too small to measure is not yet called a recurrence. */
static double measured_sum(const coley_trial_block *b, size_t person, size_t scan)
{
    double sum = 0;
    for (size_t i = 0; i < b->run->plan->n_lesions; i++) sum += reading_at(b, person, scan, i)->mm;
    return sum;
}

static double true_sum(const coley_trial_block *b, size_t person, size_t row)
{
    double sum = 0;
    for (size_t i = 0; i < b->run->plan->n_lesions; i++) {
        const double mm = diameter_at(b, person, i, row);
        sum += mm < b->run->session->scanner.not_seen_mm ? 0 : mm;
    }
    return sum;
}

/* The first n scans as a table. */
static coley_status scan_person(coley_arena *scratch, const coley_trial_block *b, size_t person, size_t n_scans,
                                coley_lesion_table *table, coley_error *err)
{
    static const coley_finding findings[] = {[COLEY_SCAN_MEASURED] = COLEY_FINDING_MEASURED,
                                             [COLEY_SCAN_TOO_SMALL] = COLEY_FINDING_TOO_SMALL,
                                             [COLEY_SCAN_NOT_SEEN] = COLEY_FINDING_ABSENT};
    static const char *const names[] = {"L1", "L2", "L3", "L4", "L5"};
    const coley_session *s = b->run->session;
    const size_t n_known = b->run->plan->n_lesions, n = n_read(b);
    table->patient = "";
    table->n_lesions = n;
    table->lesion = COLEY_NEW(scratch, coley_lesion, n);
    table->measurement = COLEY_NEW(scratch, coley_measurement, n * n_scans);
    if (!table->lesion || !table->measurement) return COLEY_FAIL_MEMORY(err);
    if (n > n_known)
        table->lesion[n_known] = (coley_lesion){.id = "new", .organ = "", .merged_into = -1, .split_from = -1};
    for (size_t i = 0; i < n_known; i++) {
        const coley_scenario_lesion *lesion = COLEY_SCENARIO_LESION(s->scenario, i);
        table->lesion[i] = (coley_lesion){
            .id = names[i], .organ = lesion->site, .nodal = lesion->nodal, .merged_into = -1, .split_from = -1};
    }
    for (size_t k = 0; k < n_scans; k++)
        for (size_t i = 0; i < n; i++) {
            const coley_trial_reading *r = reading_at(b, person, k, i);
            table->measurement[table->n_measurements++] = (coley_measurement){
                .day = s->scan_day[k], .lesion = i, .finding = findings[r->finding], .diameter_mm = r->mm};
        }
    return COLEY_OK;
}

static coley_response_options rules_of(const coley_trial_block *b)
{
    coley_response_options options = COLEY_RESPONSE_DEFAULT;
    options.confirm = b->trial->design->confirm;
    options.visit_interval_days = b->run->session->scenario->scans.every_day;
    return options;
}

/* Whether a scan has what any progression needs: 5 mm more, or disease where there was none. Spares most judgements. */
static int may_be_progression(const coley_trial_block *b, size_t person, size_t scan)
{
    double more = 0;
    for (size_t i = 0; i < n_read(b); i++) {
        const int nodal = i < b->run->plan->n_lesions && COLEY_SCENARIO_LESION(b->run->session->scenario, i)->nodal;
        const double gone = nodal ? 10 : 1;
        const double now = counted_mm(reading_at(b, person, scan, i));
        double least = INFINITY;
        for (size_t k = 0; k < scan; k++) least = fmin(least, counted_mm(reading_at(b, person, k, i)));
        if (least < gone && now > 0.99 * gone) return 1;
        more += fmax(now - least, 0);
    }
    return more >= 4.99;
}

/* The same judgement that the endpoints come from. */
static int is_progression(coley_trial_block *b, size_t person, size_t scan)
{
    coley_arena *arena = coley_arena_create();
    coley_lesion_table table = {.last_contact_day = b->run->session->scan_day[scan]};
    coley_response_report report = {0};
    const coley_response_options options = rules_of(b);
    coley_status status = arena ? scan_person(arena, b, person, scan + 1, &table, NULL) : COLEY_ERR_MEMORY;
    if (status == COLEY_OK) status = coley_response_judge(arena, &table, &options, &report, NULL);
    const int grown = status == COLEY_OK && report.n_assessments &&
                      report.assessment[report.n_assessments - 1].overall == COLEY_RESPONSE_PD;
    if (status != COLEY_OK) b->failed[person] = 1;
    coley_arena_destroy(arena);
    return grown;
}

/* Beside the lesions that are known there are others, too small to be seen, in as many of every size on a scale of
 * logarithms; they grow and shrink as the known ones do. The largest of them comes into view when the sum of diameters
 * has grown by a factor whose logarithm is exponential, with the number of lesions for each e-fold as its rate. */
static void read_new_lesion(const coley_trial_block *b, size_t person, size_t scan, size_t row)
{
    const coley_scanner *scanner = &b->run->session->scanner;
    const coley_trial_design *design = b->trial->design;
    const double *sod = b->sod + person * b->run->session->n_days;
    const double u =
        coley_rng_uniform((uint64_t)design->seed, COLEY_STREAM_TRIAL, b->patient[person].id, COLEY_DRAW_NEW_LESION);
    const double hidden_mm = scanner->not_seen_mm * pow(u, 1 / design->new_lesions);
    const double mm = sod[0] > 0 ? hidden_mm * sod[row] / sod[0] : 0;
    coley_trial_reading *r = reading_at(b, person, scan, b->run->plan->n_lesions);
    *r = (coley_trial_reading){.finding = COLEY_SCAN_NOT_SEEN};
    if (mm < scanner->not_seen_mm) return;
    r->finding = mm < scanner->too_small_mm ? COLEY_SCAN_TOO_SMALL : COLEY_SCAN_MEASURED;
    if (r->finding == COLEY_SCAN_MEASURED) r->mm = fmin(mm, COLEY_TRIAL_LARGEST_MM);
}

/* Hazard of death up to this row, and the scan if there is one; from these alone, what becomes of the person. Rows come
 * in order, and again when a leg is run again: everything is written anew. */
static coley_people_turn turn(void *self, size_t person, size_t row)
{
    coley_trial_block *b = self;
    const coley_session *s = b->run->session;
    const coley_trial_patient *p = &b->patient[person];
    const coley_trial_design *design = b->trial->design;
    const size_t at = person * s->n_days + row, scan = b->scan_of_row[row];
    const ptrdiff_t toxicity = b->run->plan->toxicity;
    b->sod[at] = true_sum(b, person, row);
    b->hazard[at] = coley_mortality_hazard(&b->trial->survival, &b->mortal[person], s->day[row], b->sod[at],
                                           toxicity < 0 ? 0 : column_at(b, person, row, toxicity));
    b->sum[at] = row ? b->sum[at - 1] + 0.5 * (s->day[row] - s->day[row - 1]) * (b->hazard[at] + b->hazard[at - 1]) : 0;
    if (!design->everybody && (b->sum[at] >= b->mortal[person].limit || s->day[row] >= p->until_day))
        return COLEY_TURN_LEAVE;
    if (scan == SIZE_MAX) return COLEY_TURN_GO_ON;
    for (size_t i = 0; i < b->run->plan->n_lesions; i++) {
        coley_trial_reading *r = reading_at(b, person, scan, i);
        r->finding = read_lesion(b, person, i, scan, row, &r->mm);
    }
    if (design->new_lesions > 0) read_new_lesion(b, person, scan, row);
    if (!scan || !design->stop_at_progression) return COLEY_TURN_GO_ON;
    if (b->progressed[person] < scan) return COLEY_TURN_QUIT;
    const int grown = design->criteria == COLEY_CRITERIA_RECURRENCE
                          ? measured_sum(b, person, scan) > 0
                          : may_be_progression(b, person, scan) && is_progression(b, person, scan);
    b->progressed[person] = grown ? scan : SIZE_MAX;
    return grown ? COLEY_TURN_QUIT : COLEY_TURN_GO_ON;
}

double coley_trial_block_quit_day(const coley_trial_block *b, size_t person)
{
    const coley_session *s = b->run->session;
    const size_t scan = b->progressed[person];
    if (!b->trial->design->stop_at_progression || scan == SIZE_MAX) return INFINITY;
    const size_t row = coley_session_scan_row(s, scan);
    return row + 1 < s->n_days ? s->day[row + 1] : INFINITY;
}

static void make_mortal(const coley_trial *trial, const coley_trial_patient *p, coley_mortal *who)
{
    const uint64_t seed = (uint64_t)trial->design->seed;
    *who = (coley_mortal){.age_year = p->covariates.age_year,
                          .male = p->covariates.male,
                          .prognosis = coley_covariates_prognosis(&trial->covariates, &p->covariates,
                                                                  trial->survival.albumin, trial->survival.ln_nlr),
                          .limit = -log(coley_rng_uniform(seed, COLEY_STREAM_TRIAL, p->id, COLEY_DRAW_DEATH)),
                          .cause = coley_rng_uniform(seed, COLEY_STREAM_TRIAL, p->id, COLEY_DRAW_CAUSE)};
}

/* What each would get after progression; who gets nothing has none. */
static coley_status choose_later(coley_arena *scratch, coley_trial_block *b, const coley_later ***later,
                                 coley_error *err)
{
    const coley_trial_arm *arm = b->run->arm;
    const coley_session *s = b->run->session;
    double share[COLEY_TRIAL_MAX_LATER];
    *later = NULL;
    for (size_t i = 0; i < b->n; i++) b->patient[i].later = -1;
    if (!s->n_later) return COLEY_OK;
    *later = COLEY_NEW(scratch, const coley_later *, b->n);
    b->later_day = COLEY_NEW(scratch, double, b->n);
    if (!*later || !b->later_day) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < s->n_later; k++) share[k] = COLEY_TRIAL_LATER(arm, k)->share;
    for (size_t i = 0; i < b->n; i++) {
        coley_trial_patient *p = &b->patient[i];
        p->later = coley_enrol_later((uint64_t)b->trial->design->seed, p->id, s->n_later, share);
        (*later)[i] = p->later < 0 ? NULL : &s->later[p->later];
    }
    return COLEY_OK;
}

/* One that was about to vanish by itself would not have been found (session_people.c). */
static int would_grow(const coley_trial_block *b, size_t person)
{
    for (size_t i = 0; i < b->run->plan->n_lesions; i++)
        if (b->run->plan->growth[i] >= 0 && !(column_at(b, person, 0, b->run->plan->growth[i]) > 0)) return 0;
    return 1;
}

coley_status coley_trial_block_simulate(coley_arena *scratch, coley_trial_block *b,
                                        const coley_session_options *options, coley_error *err)
{
    const coley_session *s = b->run->session;
    uint64_t *id = COLEY_NEW(scratch, uint64_t, b->n);
    b->out = COLEY_NEW(scratch, unsigned char, b->n);
    b->sod = COLEY_NEW(scratch, double, b->n * s->n_days);
    b->hazard = COLEY_NEW(scratch, double, b->n * s->n_days);
    b->sum = COLEY_NEW(scratch, double, b->n * s->n_days);
    b->reading = COLEY_NEW(scratch, coley_trial_reading, b->n * s->n_scans * n_read(b));
    b->progressed = COLEY_NEW(scratch, size_t, b->n);
    b->failed = COLEY_NEW(scratch, unsigned char, b->n);
    b->mortal = COLEY_NEW(scratch, coley_mortal, b->n);
    b->scan_of_row = COLEY_NEW(scratch, size_t, s->n_days);
    double *value = COLEY_NEW(scratch, double, b->n * s->n_days * s->watch.n);
    if (!id || !b->out || !b->sod || !b->hazard || !b->sum || !b->reading || !b->progressed || !b->failed ||
        !b->mortal || !b->scan_of_row || !value)
        return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < s->n_days; i++) b->scan_of_row[i] = SIZE_MAX;
    for (size_t k = 0; k < s->n_scans; k++) b->scan_of_row[coley_session_scan_row(s, k)] = k;
    for (size_t i = 0; i < b->n; i++) {
        id[i] = b->patient[i].id;
        b->progressed[i] = SIZE_MAX;
        make_mortal(b->trial, &b->patient[i], &b->mortal[i]);
    }
    b->crowd = (coley_crowd){.n = b->n, .n_days = s->n_days, .n_columns = s->watch.n, .value = value};
    const coley_later **later;
    COLEY_TRY(choose_later(scratch, b, &later, err));
    const coley_roster roster = {
        .n = b->n, .id = id, .inputs = b->inputs, .turn = turn, .self = b, .later = later, .later_day = b->later_day};
    COLEY_TRY(coley_session_follow(scratch, s, options, &roster, 0, NULL, value, &b->crowd, b->out, err));
    for (size_t i = 0; i < b->n; i++) {
        if (b->failed[i]) return COLEY_FAIL_MEMORY(err);
        if (b->out[i]) {
            b->run->n_lost++;
        } else if (!would_grow(b, i)) {
            b->out[i] = 2;
            b->run->n_vanished++;
        }
    }
    return COLEY_OK;
}

/* --- what is written down --------------------------------------------------------------------------------------------
 */

static void judge_death(const coley_trial_block *b, size_t person, coley_trial_patient *p)
{
    const coley_session *s = b->run->session;
    const size_t at = person * s->n_days;
    p->os_day = INFINITY;
    for (size_t i = 1; i < s->n_days && s->day[i - 1] < p->until_day; i++) {
        if (b->sum[at + i] < b->mortal[person].limit) continue;
        double toxicity[2] = {0, 0};
        for (size_t k = 0; k < 2 && b->run->plan->toxicity >= 0; k++)
            toxicity[k] = column_at(b, person, i - 1 + k, b->run->plan->toxicity);
        coley_mortal who = b->mortal[person];
        who.limit -= b->sum[at + i - 1];
        p->os_day =
            coley_mortality_day(&b->trial->survival, &who, 2, s->day + i - 1, b->sod + at + i - 1, toxicity, &p->death);
        if (!isfinite(p->os_day)) { /* by a rounding of the sum: the end of the interval */
            p->os_day = s->day[i];
            p->death = COLEY_DEATH_TUMOUR;
        }
        break;
    }
    p->os_day = fmax(p->os_day, 0.5); /* nobody dies before the first dose has been written down */
    if (p->os_day > p->until_day) {
        p->os_day = p->until_day;
        p->death = COLEY_DEATH_NONE;
    }
}

static coley_status keep_scan(coley_arena *arena, coley_trial_arm_run *run, coley_trial_patient *p,
                              coley_trial_scan scan, coley_error *err)
{
    if (!COLEY_RESERVE(arena, run->scan, run->cap_scans, run->n_scans + 1)) return COLEY_FAIL_MEMORY(err);
    run->scan[run->n_scans++] = scan;
    p->n_scans++;
    return COLEY_OK;
}

static coley_status judge_recist(coley_arena *arena, coley_arena *scratch, coley_trial_block *b, size_t person,
                                 coley_trial_patient *p, coley_error *err)
{
    const coley_session *s = b->run->session;
    coley_lesion_table table = {.last_contact_day = p->os_day, .died = p->death != COLEY_DEATH_NONE};
    coley_response_report report;
    const coley_response_options options = rules_of(b);
    size_t n_scans = 1; /* what later therapy does is no response of the first */
    while (n_scans < s->n_scans && s->scan_day[n_scans] < p->os_day && !(s->scan_day[n_scans] > p->later_day))
        n_scans++;
    COLEY_TRY(scan_person(scratch, b, person, n_scans, &table, err));
    COLEY_TRY(coley_response_judge(scratch, &table, &options, &report, err));
    p->best = b->trial->design->confirm ? report.best_confirmed : report.best;
    p->ibest = report.ibest;
    p->responded = p->best == COLEY_RESPONSE_CR || p->best == COLEY_RESPONSE_PR;
    p->response_day = p->responded ? report.response_start_day : NAN;
    p->duration_day = p->responded ? report.response_duration_day : NAN;
    p->duration_event = (int)report.duration_event;
    p->pfs_day = isnan(report.pfs_day) ? p->os_day : fmin(fmax(report.pfs_day, 0.5), p->os_day);
    p->pfs_event = (int)report.pfs_event;
    p->ipfs_day = isnan(report.ipfs_day) ? p->os_day : fmin(fmax(report.ipfs_day, 0.5), p->os_day);
    p->ipfs_event = (int)report.ipfs_event;
    p->pseudoprogression = report.pseudoprogression;
    p->sod_mm = report.baseline_sod_mm;
    for (size_t k = 0; k < report.n_assessments; k++) {
        const coley_assessment *a = &report.assessment[k];
        const double change = a->change_baseline_pct / 100;
        if (a->day <= p->pfs_day + 1e-9 && change == change) p->best_change = fmin(p->best_change, change);
        COLEY_TRY(keep_scan(
            arena, b->run, p,
            (coley_trial_scan){(float)a->day, (float)a->sod_mm, (float)change, (unsigned char)a->overall}, err));
        if (a->overall == COLEY_RESPONSE_PD && b->trial->design->stop_at_progression && isinf(p->quit_day))
            p->quit_day = a->day;
    }
    if (isinf(p->best_change)) p->best_change = NAN;
    return COLEY_OK;
}

/* After surgery: the first scan on which a tumour can be measured. */
static coley_status judge_recurrence(coley_arena *arena, coley_trial_block *b, size_t person, coley_trial_patient *p,
                                     coley_error *err)
{
    const coley_session *s = b->run->session;
    p->best = COLEY_RESPONSE_NONE;
    p->ibest = COLEY_IRESPONSE_NONE;
    p->sod_mm = p->best_change = p->response_day = p->duration_day = NAN;
    p->pfs_day = p->ipfs_day = p->os_day;
    p->pfs_event = p->ipfs_event = p->death ? COLEY_EVENT_DEATH : COLEY_EVENT_CENSORED;
    for (size_t k = 1; k < s->n_scans && s->scan_day[k] < p->os_day; k++) {
        const double sum = measured_sum(b, person, k);
        const int seen = sum > 0;
        COLEY_TRY(keep_scan(arena, b->run, p,
                            (coley_trial_scan){(float)s->scan_day[k], (float)sum, NAN,
                                               seen ? COLEY_RESPONSE_PD : COLEY_RESPONSE_NON_CR_NON_PD},
                            err));
        if (!seen) continue;
        p->pfs_day = p->ipfs_day = s->scan_day[k];
        p->pfs_event = p->ipfs_event = COLEY_EVENT_PROGRESSION;
        if (b->trial->design->stop_at_progression) p->quit_day = s->scan_day[k];
        break;
    }
    return COLEY_OK;
}

void coley_trial_note_harm(coley_trial_patient *p, size_t harm, int grade, double day)
{
    if (harm == SIZE_MAX || grade <= p->harm[harm].grade) return;
    p->harm[harm] = (coley_trial_harm){(unsigned char)grade, (unsigned short)fmin(fmax(day, 0), 65535)};
}

static void judge_harms(const coley_trial_block *b, size_t person, coley_trial_patient *p)
{
    const coley_trial_plan *plan = b->run->plan;
    const coley_session *s = b->run->session;
    for (size_t k = 0; s->care && k < s->care->grading->n; k++) {
        const coley_care_outcome *o = &b->crowd.care->outcome[person];
        if (o->worst[k] && o->worst_day[k] <= p->os_day)
            coley_trial_note_harm(p, plan->organ_harm[k], o->worst[k], o->worst_day[k]);
    }
    for (size_t i = 0; i < plan->n_seen; i++)
        for (size_t row = 0; row < s->n_days && s->day[row] <= p->os_day && !(s->day[row] > p->later_day); row++) {
            /* Grade g begins half a grade below g, as for the organs of catalog/guidelines/ctcae.yaml. */
            const double severity = column_at(b, person, row, (ptrdiff_t)plan->seen_column[i]);
            const int grade = severity >= 0.5 ? (int)fmin(floor(severity + 0.5), COLEY_MAX_GRADE) : 0;
            coley_trial_note_harm(p, plan->seen_harm[i], grade, s->day[row]);
        }
}

/* Hazard summed up to each landmark, what the tumour adds apart from the rest. */
static void note_burden(const coley_trial_block *b, size_t person, size_t place)
{
    const coley_session *s = b->run->session;
    const coley_trial_months *marks = &b->trial->design->landmarks;
    const size_t at = person * s->n_days;
    const coley_mortality *rules = &b->trial->survival;
    for (size_t k = 0; k < marks->n; k++) {
        const double end = marks->month[k] * COLEY_TRIAL_MONTH;
        double tumour = 0, all = 0;
        for (size_t i = 1; i < s->n_days && s->day[i - 1] < end; i++) {
            const double share = fmin(1, (end - s->day[i - 1]) / (s->day[i] - s->day[i - 1]));
            const double dt = share * (s->day[i] - s->day[i - 1]);
            for (size_t side = 0; side < 2; side++)
                tumour += 0.5 * dt * coley_mortality_tumour(rules, &b->mortal[person], b->sod[at + i - side]);
            all += 0.5 * dt * (b->hazard[at + i] + b->hazard[at + i - 1]);
        }
        b->run->burden[place * marks->n + k] = tumour;
        b->run->other[place * marks->n + k] = fmax(all - tumour, 0);
    }
}

coley_status coley_trial_block_judge(coley_arena *arena, coley_arena *scratch, coley_trial_block *b,
                                     const unsigned char *out, coley_error *err)
{
    for (size_t i = 0; i < b->n && b->run->n < (size_t)b->run->arm->people; i++) {
        if (out[i]) continue;
        coley_trial_patient *p = &b->run->patient[b->run->n++];
        *p = b->patient[i];
        p->best_change = p->quit_day = INFINITY;
        p->first_scan = b->run->n_scans;
        judge_death(b, i, p);
        p->later_day = b->later_day && b->later_day[i] < p->os_day ? b->later_day[i] : NAN;
        if (b->trial->design->criteria == COLEY_CRITERIA_RECURRENCE)
            COLEY_TRY(judge_recurrence(arena, b, i, p, err));
        else
            COLEY_TRY(judge_recist(arena, scratch, b, i, p, err));
        judge_harms(b, i, p);
        COLEY_TRY(coley_trial_events_judge(scratch, b, i, p, err));
        if (b->trial->design->everybody) note_burden(b, i, b->run->n - 1);
    }
    return COLEY_OK;
}
