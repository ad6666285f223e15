/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block integrator on a published immuno-oncology model (QSP-IO example 1: 50 states), as a trial would use it:
 * virtual people with 13 parameters of their own, 35 doses every three weeks, 728 days, weekly samples.
 *
 * The rival is CVODES built from Debian's source for this processor (tools/build-peers), with KLU, an analytic Jacobian
 * and compiled C for both functions, at rtol 1e-6; Coley runs at the tolerance whose errors are no larger than the
 * rival's. The true error of a person is the largest relative one of the cancer cells at any weekly sample with more
 * than a thousand of them, against CVODES at rtol 1e-11. All times are processor time of one thread, the best of
 * several runs, but for that of two threads, which is time on the clock.
 *
 * COLEY_BENCH_FULL=1 judges a thousand people (CVODES needs some minutes for them); else a hundred. */
#include "bench.h"
#include "solve/native.h"
#include "support/solving.h"
#if defined(COLEY_HAVE_CVODES_KLU)
#include "cvodes_klu.h"
#endif

enum { DOSES = 35, WEEKS = 105, PEOPLE = 1000, VM_PEOPLE = 250, RIVALS = 60 };
static const double TOLERANCE = 1e-5; /* a scenario's own; its errors are no larger than those of CVODES at 1e-6 */
static double day[WEEKS];
static coley_dose dose[DOSES];

static solved cohort_of(const solving *m, size_t n)
{
    static const char *const names[] = {"k_C1_growth", "k_C_T1",      "k_T1",        "k_Treg",         "k_T1_act",
                                        "k_T0_act",    "n_T1_clones", "PD1_50",      "k_cl_nivolumab", "q_T1_T_in",
                                        "q_T0_T_in",   "k_APC_mat",   "k_cell_clear"};
    for (int i = 0; i < WEEKS; i++) day[i] = 7.0 * i;
    for (int i = 0; i < DOSES; i++)
        dose[i] = (coley_dose){.t_day = 21.0 * i, .amount = 278.5, .state = (int32_t)solving_state(m, "V_C_nivolumab")};
    solved s = solved_begin(m, n, 728, WEEKS, day);
    s.dose = dose;
    s.n_doses = DOSES;
    s.spread = 0.3;
    for (; s.n_spread < 13; s.n_spread++) s.spread_input[s.n_spread] = solving_input(m, names[s.n_spread]);
    return s;
}

/* Time that this process had a processor: other work on the machine does not count. */
static double processor_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct timing {
    double best_s, median_s; /* one person, or all for `clock` */
} timing;

static timing run_people(solved *s, const coley_integrator_options *options, int runs, int on_clock)
{
    double time[BENCH_MAX_RUNS];
    coley_error err = {0};
    for (int i = 0; i < runs; i++) {
        const double start = on_clock ? bench_now_s() : processor_s();
        memset(s->samples_seen, 0, s->cohort.n * sizeof *s->samples_seen);
        if (solved_run(s, options, &err) != COLEY_OK) fprintf(stderr, "%s\n", err.text);
        time[i] = ((on_clock ? bench_now_s() : processor_s()) - start) / (double)s->cohort.n;
    }
    qsort(time, (size_t)runs, sizeof *time, bench_compare);
    return (timing){time[0], time[runs / 2]};
}

typedef struct errors {
    double median, p90, most;
} errors;

#if defined(COLEY_HAVE_CVODES_KLU)
static errors true_errors(const solving *m, const solved *s, const solved *exact, size_t n)
{
    double *error = COLEY_NEW(m->arena, double, n);
    const size_t C1 = solving_state(m, "C1");
    for (size_t p = 0; p < n; p++)
        for (size_t k = 1; k < WEEKS; k++) {
            const double e = solved_value(exact, p, k, C1);
            if (e > 1e3) error[p] = fmax(error[p], fabs(solved_value(s, p, k, C1) - e) / e);
        }
    qsort(error, n, sizeof *error, bench_compare);
    return (errors){error[n / 2], error[n * 9 / 10], error[n - 1]};
}

static void error_rows(bench *b, const errors *e, const char *prefix)
{
    char name[64];
    bench_row(b, "  true error, median and 90th percentile", e->median, e->p90, "");
    bench_row(b, "  true error, largest", e->most, e->most, "");
    const double value[] = {e->median, e->p90, e->most};
    static const char *const part[] = {"median", "p90", "max"};
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%serror_%s", prefix, part[i]);
        bench_figure(b, name, value[i]);
    }
}

/* CVODES: exact solutions, the rival's errors, and its time for one person. */
static double rival(bench *b, const solving *m, solved *exact, size_t judged)
{
    klu_twin w;
    solved s = cohort_of(m, judged);
    s.cohort.self = &s;
    exact->cohort.self = exact;
    if (!klu_twin_create(&w, m)) return 0;
    double time[3], steps = 0;
    for (size_t p = 0; p < judged; p++)
        if (klu_run(&w, &exact->cohort, p, 1e-11, 1e-14) < 0 || klu_run(&w, &s.cohort, p, 1e-6, 1e-9) < 0)
            fprintf(stderr, "CVODES gave up on patient %zu\n", p);
    for (int i = 0; i < 3; i++) {
        const double start = processor_s();
        steps = 0;
        for (size_t p = 0; p < RIVALS; p++) steps += (double)klu_run(&w, &s.cohort, p, 1e-6, 1e-9) / RIVALS;
        time[i] = (processor_s() - start) / RIVALS;
    }
    qsort(time, 3, sizeof *time, bench_compare);
    const errors e = true_errors(m, &s, exact, judged);
    bench_row(b, "CVODES, KLU, analytic Jacobian, rtol 1e-6: patients a second", 1 / time[0], 1 / time[1], "1/s");
    bench_row(b, "  steps", steps, steps, "");
    error_rows(b, &e, "cvodes_");
    bench_figure(b, "cvodes_klu_patients_per_core_second", 1 / time[0]);
    return time[0];
}
#endif

static coley_integrator_options options_at(double rtol)
{
    coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
    o.rtol = rtol;
    o.atol = 1e-3 * rtol;
    return o;
}

int main(int argc, char **argv)
{
    bench b = bench_begin("solve");
    solving m = solving_file(COLEY_SOURCE_DIR "/models/reference/qspio_example1.ant");
    const char *full = getenv("COLEY_BENCH_FULL");
    const size_t judged = full && *full == '1' ? PEOPLE : 100;
    solved s = cohort_of(&m, PEOPLE), few = cohort_of(&m, VM_PEOPLE);
    double rival_s = 0;
#if defined(COLEY_HAVE_CVODES_KLU)
    solved exact = cohort_of(&m, judged);
    rival_s = rival(&b, &m, &exact, judged);
#endif
    const coley_native *native = m.system.native = coley_native_find(m.arena, m.program);
    if (!native) fprintf(stderr, "bench-solve: the reference model was not compiled for this processor\n");

    const coley_integrator_options o = options_at(TOLERANCE);
    const timing one = run_people(&s, &o, 5, 0);
    double steps = 0, refused = 0;
    for (int p = 0; p < PEOPLE; p++) {
        steps += (double)s.result[p].n_steps / PEOPLE;
        refused += (double)s.result[p].n_rejected / PEOPLE;
    }
    bench_row(&b, "Coley, machine code, one thread: patients a second", 1 / one.best_s, 1 / one.median_s, "1/s");
    bench_row(&b, "  steps taken and refused", steps, refused, "");
    bench_figure(&b, "people", PEOPLE);
    bench_figure(&b, "judged", (double)judged);
    bench_figure(&b, "rtol", TOLERANCE);
    bench_figure(&b, "steps", steps);
    bench_figure(&b, "patients_per_core_second", 1 / one.best_s);
    bench_figure(&b, "ns_per_lane_step", 1e9 * one.best_s / (steps + refused));
#if defined(COLEY_HAVE_CVODES_KLU)
    const errors e = true_errors(&m, &s, &exact, judged);
    error_rows(&b, &e, "");
#endif
    if (rival_s > 0) {
        bench_row(&b, "  times as fast as CVODES", rival_s / one.best_s, rival_s / one.median_s, "");
        bench_figure(&b, "ratio_to_cvodes_klu", rival_s / one.best_s);
    }

    const timing few_native = run_people(&few, &o, 5, 0);
    m.system.native = NULL;
    const timing vm = run_people(&few, &o, 3, 0);
    m.system.native = native;
    bench_row(&b, "Coley, vector program, one thread: patients a second", 1 / vm.best_s, 1 / vm.median_s, "1/s");
    bench_row(&b, "  machine code is faster by", vm.best_s / few_native.best_s, vm.median_s / few_native.median_s, "");
    bench_figure(&b, "vm_patients_per_core_second", 1 / vm.best_s);
    bench_figure(&b, "vm_over_native", vm.best_s / few_native.best_s);

    coley_integrator_options two = o;
    two.n_threads = 2;
    double best[2] = {INFINITY, INFINITY};
    for (int i = 0; i < 5; i++) {
        best[0] = fmin(best[0], run_people(&s, &o, 1, 1).best_s);
        best[1] = fmin(best[1], run_people(&s, &two, 1, 1).best_s);
    }
    bench_row(&b, "two threads against one, on the clock", best[0] / best[1], best[0] / best[1], "");
    bench_figure(&b, "two_thread_speedup", best[0] / best[1]);

    for (int method = 0; method < 2; method++)
        for (int k = 4; k < 7; k++) {
            coley_integrator_options other = options_at(pow(10, -k));
            other.method = (coley_method)method;
            const timing time = run_people(&few, &other, 3, 0);
            char what[96];
            snprintf(what, sizeof what, "%s, rtol 1e-%d: patients a second", method ? "Rodas5P" : "RODAS", k);
            bench_row(&b, what, 1 / time.best_s, 1 / time.median_s, "1/s");
#if defined(COLEY_HAVE_CVODES_KLU)
            const size_t n = judged < VM_PEOPLE ? judged : VM_PEOPLE;
            const errors at = true_errors(&m, &few, &exact, n);
            bench_row(&b, "  true error, median and 90th percentile", at.median, at.p90, "");
#endif
        }
    return bench_end(&b, argc, argv);
}
