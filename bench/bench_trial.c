/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trial: 1,000 people with melanoma, two lesions, in two arms (nivolumab and ipilimumab, nivolumab), two years, the
 * clinic's loop with the policy `standard`; simulated, scanned, judged and analysed on two threads: clock and processor
 * time, the latter halved being the clock of two cores with nothing else to do.
 *
 * Then the first people of the first arm, without the clinic, by Coley's integrator and by CVODES (dense, and with KLU
 * where it is built): same system, doses, samples and tolerances, one thread, processor time.
 *
 * COLEY_BENCH_PEOPLE takes the place of the thousand. */
#include "bench.h"

#include <sys/resource.h>

#include "base/data.h"
#include "run/trial_result.h"
#include "solve/cvodes.h"

static const char text[] =
    "title: bench\ncancer: melanoma\naccrual: 0\nfollow_up: 24\ndropout: 0\n"
    "scenario:\n  policy: standard\n  lesions:\n    - {site: lung, diameter: 30 mm, infiltration: inflamed}\n"
    "    - {site: lymph node, diameter: 22 mm, infiltration: inflamed, nodal: yes}\n  scans: {every: 9 week}\n"
    "arms:\n"
    "  - {name: both, regimen: [{dose: nivolumab-1-q3w-with-ipilimumab}, {dose: ipilimumab-3-q3w}, {dose: "
    "nivolumab-3-q2w, "
    "start: 84 day}]}\n"
    "  - {name: nivolumab, regimen: nivolumab-3-q2w}\n";

static double processor_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void need(coley_status status, const coley_error *err)
{
    if (status == COLEY_OK) return;
    fprintf(stderr, "bench-trial: %s:%d: %s: %s\n", err->file, err->line, err->key, err->text);
    exit(1);
}

enum { FEW = 24 };

typedef struct cohort {
    const coley_session *session;
    coley_dose *dose;
    size_t n_doses, n_inputs, n_samples, n_steps;
    double *inputs;
} cohort;

static void give_inputs(void *self, size_t person, double *inputs)
{
    const cohort *c = self;
    memcpy(inputs, c->inputs + person * c->n_inputs, c->n_inputs * sizeof *inputs);
}

static size_t give_doses(void *self, size_t person, const coley_dose **dose)
{
    const cohort *c = self;
    (void)person;
    *dose = c->dose;
    return c->n_doses;
}

static void take_sample(void *self, const coley_sample *sample)
{
    (void)sample;
    ((cohort *)self)->n_samples++;
}

/* Processor time of a few people of an arm by one of three integrators. */
static double time_of(const coley_session *s, uint64_t seed, int which, bench *b)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    cohort c = {.session = s, .n_inputs = coley_program_input_count(s->body->program)};
    double *z = COLEY_NEW(arena, double, s->population->n_traits);
    c.inputs = COLEY_NEW(arena, double, FEW *c.n_inputs);
    c.dose = COLEY_NEW(arena, coley_dose, s->n_doses + 1);
    for (uint64_t i = 0; i < FEW; i++) {
        coley_population_scores(s->population, seed, i + 1, z);
        coley_population_inputs(s->population, z, c.inputs + i * c.n_inputs);
    }
    c.dose[c.n_doses++] = (coley_dose){.amount = -1, .state = s->body->hold_state};
    for (size_t i = 0; i < s->n_doses; i++) c.dose[c.n_doses++] = s->dose[i];
    int32_t *observed = COLEY_NEW(arena, int32_t, s->watch.n);
    for (size_t i = 0; i < s->watch.n; i++) observed[i] = s->watch.row[i].symbol;
    const coley_observer *observer;
    need(coley_observer_compile(arena, s->body->program, observed, s->watch.n, &observer, &err), &err);
    coley_system system = coley_system_of_program(s->body->program, observer, s->watch.n);
    system.native = s->body->native;
    const coley_cohort run = {.self = &c,
                              .n = FEW,
                              .t_start_day = -COLEY_SETTLE_DAY,
                              .t_end_day = s->day[s->n_days - 1],
                              .n_samples = s->n_days,
                              .sample_day = s->day,
                              .inputs = give_inputs,
                              .doses = give_doses,
                              .sample = take_sample};
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.rtol = 1e-5;
    options.atol = 1e-5;
    const double start = processor_s();
    const coley_status status = which == 0   ? coley_integrate(&system, &run, &options, &err)
                                : which == 1 ? coley_integrate_cvodes(arena, &system, &run, &options, &err)
                                             : coley_integrate_cvodes_klu(arena, &system, &run, &options, &err);
    const double spent = processor_s() - start;
    if (status != COLEY_OK && status != COLEY_ERR_DIVERGED) need(status, &err);
    if (status == COLEY_ERR_DIVERGED) bench_row(b, "  somebody was lost by that integrator", 1, 1, "");
    coley_arena_destroy(arena);
    return spent;
}

int main(int argc, char **argv)
{
    bench b = bench_begin("trial");
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const char *models, *catalog, *asked = getenv("COLEY_BENCH_PEOPLE");
    const long people = asked && atol(asked) > 1 ? atol(asked) : 1000;
    char path[] = "/tmp/coley-bench-trial-XXXXXX", what[96];
    const int file = mkstemp(path);
    coley_trial_design *design;
    coley_trial *trial;
    coley_trial_result result;
    struct rusage usage;
    const coley_session_options options = {.n_threads = 2};
    need(coley_data_path(arena, "models/patient", &models, &err), &err);
    need(coley_data_path(arena, "catalog", &catalog, &err), &err);
    need(coley_file_write(path, text, strlen(text), &err), &err);
    close(file);
    need(coley_trial_load(arena, path, catalog, &design, &err), &err);
    unlink(path);
    coley_trial_set_people(design, people / 2);
    const double clock = bench_now_s(), processor = processor_s();
    need(coley_trial_prepare(arena, design, models, catalog, &trial, &err), &err);
    need(coley_trial_carry_out(arena, trial, &options, &err), &err);
    need(coley_trial_analyse(arena, trial, &result, &err), &err);
    const double wall = bench_now_s() - clock, spent = processor_s() - processor;
    getrusage(RUSAGE_SELF, &usage);
    snprintf(what, sizeof what, "%ld people, two arms, two years, the clinic's loop: clock, processor time", people);
    bench_row(&b, what, wall, spent, "s");
    bench_row(&b, "  largest memory in use", (double)usage.ru_maxrss / 1024, (double)usage.ru_maxrss / 1024, "MB");
    bench_figure(&b, "two_arm_1000_wall_s", wall * 1000 / (double)people);
    bench_figure(&b, "two_arm_1000_processor_s", spent * 1000 / (double)people);
    bench_figure(&b, "rss_mb", (double)usage.ru_maxrss / 1024);
    bench_figure(&b, "people", (double)people);
    const coley_session *s = trial->arm[0].session;
    const double ours = time_of(s, 1, 0, &b);
    bench_row(&b, "Coley, one of the first arm, no clinic: processor time", 1e3 * ours / FEW, 1e3 * ours / FEW, "ms");
    if (coley_cvodes_is_built()) {
        const double dense = time_of(s, 1, 1, &b);
        bench_row(&b, "CVODES, dense, the same", 1e3 * dense / FEW, 1e3 * dense / FEW, "ms");
        bench_figure(&b, "ratio_to_cvodes", dense / ours);
    }
    if (coley_cvodes_has_klu()) {
        const double klu = time_of(s, 1, 2, &b);
        bench_row(&b, "CVODES with KLU, the same", 1e3 * klu / FEW, 1e3 * klu / FEW, "ms");
        bench_figure(&b, "ratio_to_cvodes_klu", klu / ours);
    }
    coley_arena_destroy(arena);
    return bench_end(&b, argc, argv);
}
