/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block integrator on a published immuno-oncology model (QSP-IO example 1: 50 states), as a trial would use it:
 * virtual people with 13 parameters of their own, 35 doses every three weeks, 728 days, weekly samples, one thread.
 *
 * The true error is that of the cancer cells at day 364 against CVODES at rtol 1e-11. CVODES is the one installed,
 * usually a distribution's build, which is several times slower than one built with -O3 -march=native: the ratio says
 * what a user of the package gains, no more. It uses one lane in eight of the right-hand side, so its time without that
 * is given, too. */
#include "support/solving.h"
#include "bench.h"
#if defined(COLEY_HAVE_CVODES)
#include "support/cvodes_twin.h"
#endif

enum { DOSES = 35, WEEKS = 105, PEOPLE = 128, JUDGED = 12 };
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

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median and worst relative error of the cancer cells at day 364 of those who still have some then. */
static void true_error(const solving *m, const solved *s, const solved *exact, double *median, double *worst)
{
    double error[JUDGED];
    size_t n = 0;
    const size_t C1 = solving_state(m, "C1");
    for (size_t p = 0; p < JUDGED; p++) {
        const double e = solved_value(exact, p, 52, C1), value = solved_value(s, p, 52, C1);
        if (e > 1e3) error[n++] = fabs(value - e) / e;
    }
    if (!n) error[n++] = 0;
    qsort(error, n, sizeof *error, ascending);
    *median = error[n / 2];
    *worst = error[n - 1];
}

int main(int argc, char **argv)
{
    bench b = bench_begin("solver");
    const solving m = solving_file(COLEY_SOURCE_DIR "/models/reference/qspio_example1.ant");
    solved exact = cohort_of(&m, JUDGED), s = cohort_of(&m, PEOPLE);
    coley_error err = {0};
    char what[96];
    double median, worst, cvodes_s = 0;
#if defined(COLEY_HAVE_CVODES)
    twin w = twin_create(&m.system);
    solved rival = cohort_of(&m, JUDGED);
    exact.cohort.self = &exact;
    rival.cohort.self = &rival;
    double rhs_s = 0, steps = 0;
    for (size_t p = 0; p < JUDGED; p++) {
        if (!twin_run(&w, &exact.cohort, p, 1e-11, 1e-14)) fprintf(stderr, "CVODES gave up on patient %zu\n", p);
        if (!twin_run(&w, &rival.cohort, p, 1e-6, 1e-9)) fprintf(stderr, "CVODES gave up on patient %zu\n", p);
        cvodes_s += w.total_s / JUDGED;
        rhs_s += w.rhs_s / JUDGED;
        steps += (double)w.steps / JUDGED;
    }
    true_error(&m, &rival, &exact, &median, &worst);
    bench_row(&b, "CVODES as installed, dense, rtol 1e-6: one patient", 1e3 * cvodes_s, 1e3 * cvodes_s, "ms");
    bench_row(&b, "  of it outside the right-hand side", 1e3 * (cvodes_s - rhs_s), 1e3 * (cvodes_s - rhs_s), "ms");
    bench_row(&b, "  steps", steps, steps, "");
    bench_row(&b, "  true error, median and worst", median, worst, "");
#endif
    for (int method = 0; method < 2; method++)
        for (int k = 4; k < 7; k++) {
            coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
            o.method = (coley_method)method;
            o.rtol = pow(10, -k);
            o.atol = 1e-3 * o.rtol;
            double time[3], total = 0, refused = 0;
            for (int i = 0; i < 3; i++) {
                const double start = processor_s();
                for (int p = 0; p < PEOPLE; p++) s.samples_seen[p] = 0;
                if (solved_run(&s, &o, &err) != COLEY_OK) fprintf(stderr, "%s\n", err.text);
                time[i] = (processor_s() - start) / PEOPLE;
            }
            qsort(time, 3, sizeof *time, ascending);
            for (int p = 0; p < PEOPLE; p++) {
                total += (double)s.result[p].n_steps / PEOPLE;
                refused += (double)s.result[p].n_rejected / PEOPLE;
            }
            true_error(&m, &s, &exact, &median, &worst);
            const char *name = method ? "Rodas5P" : "RODAS";
            snprintf(what, sizeof what, "%s, rtol 1e-%d: patients a second and core", name, k);
            bench_row(&b, what, 1 / time[0], 1 / time[1], "1/s");
            bench_row(&b, "  steps taken and refused", total, refused, "");
            bench_row(&b, "  true error, median and worst", median, worst, "");
            if (cvodes_s > 0)
                bench_row(&b, "  times as fast as CVODES as installed", cvodes_s / time[0], cvodes_s / time[1], "");
        }
    for (size_t width = 8; width <= 128; width *= 2) {
        coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
        o.rtol = 1e-5;
        o.atol = 1e-8;
        o.width = width;
        double time[3];
        for (int i = 0; i < 3; i++) {
            const double start = processor_s();
            if (solved_run(&s, &o, &err) != COLEY_OK) fprintf(stderr, "%s\n", err.text);
            time[i] = 1e3 * (processor_s() - start) / PEOPLE;
        }
        qsort(time, 3, sizeof *time, ascending);
        snprintf(what, sizeof what, "blocks of %zu lanes, Rodas5P, rtol 1e-5: one patient", width);
        bench_row(&b, what, time[0], time[1], "ms");
    }
    return bench_end(&b, argc, argv);
}
