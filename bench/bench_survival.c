/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_survival.c -- the analysis of simulated trials: 600 people in two arms, delayed effect, dropout; sorted, two
 * curves with medians, log-rank, Cox with the arm. People are simulated before the clock starts. */
#include "bench.h"

#include <math.h>
#include <omp.h>
#include <sys/resource.h>

#include "base/rng.h"
#include "math/cox.h"
#include "math/logrank.h"
#include "math/power.h"
#include "math/rmst.h"

enum { PEOPLE = 600, TRIALS = 10000 };

static double time_of[TRIALS][PEOPLE];
static int event_of[TRIALS][PEOPLE], arm_of[TRIALS][PEOPLE];

static void simulate(void)
{
    const coley_rate control[] = {{0, 0.07}}, late[] = {{0, 0.07}, {4, 0.042}};
    for (size_t k = 0; k < TRIALS; k++)
        for (size_t i = 0; i < PEOPLE; i++) {
            const double u = -log(coley_rng_uniform(1, COLEY_STREAM_TEST, k, 2 * i));
            const double censored = 6 + 24 * coley_rng_uniform(1, COLEY_STREAM_TEST, k, 2 * i + 1);
            arm_of[k][i] = (int)(i % 2);
            const double t = arm_of[k][i] ? coley_rate_time(late, 2, u) : coley_rate_time(control, 1, u);
            /* To a tenth of a day of a month, as trials have it: ties. */
            time_of[k][i] = ceil(300 * fmin(t, censored)) / 300;
            event_of[k][i] = t <= censored;
        }
}

enum { CURVES = 1, LOGRANK = 2, COX = 4, MEANS = 8 };

static double analyse(coley_arena *arena, size_t k, int what)
{
    coley_survival s;
    const coley_survival_input in = {
        .n = PEOPLE, .time = time_of[k], .event = event_of[k], .arm = arm_of[k], .n_arms = 2};
    double sum = 0;
    coley_arena_reset(arena);
    if (coley_survival_prepare(arena, &in, &s, NULL) != COLEY_OK) return NAN;
    if (what & (CURVES | MEANS))
        for (int a = 0; a < 2; a++) {
            coley_km km;
            if (coley_km_curve(arena, &s, a, &km, NULL) != COLEY_OK) return NAN;
            if (what & CURVES) sum += coley_km_quantile_of(&km, 0.5, COLEY_KM_LOGLOG, 0.95).interval.low;
            if (what & MEANS) sum += coley_rmst_of(&km, 12, 0.95).mean;
        }
    if (what & LOGRANK) {
        coley_logrank test;
        if (coley_logrank_test(arena, &s, NULL, &test, NULL) != COLEY_OK) return NAN;
        sum += test.p;
    }
    if (what & COX) {
        coley_cox cox;
        if (coley_cox_fit(arena, &(coley_cox_input){.survival = &s}, &cox, NULL) != COLEY_OK) return NAN;
        sum += cox.log_ratio[0];
    }
    return sum;
}

static double all_trials(coley_arena **arena, int n_threads, int what)
{
    double sum = 0;
#pragma omp parallel for schedule(static) num_threads(n_threads) reduction(+ : sum)
    for (size_t k = 0; k < TRIALS; k++) sum += analyse(arena[omp_get_thread_num()], k, what);
    return sum;
}

static double user_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_utime.tv_sec + 1e-6 * (double)used.ru_utime.tv_usec;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *what;
        int flags;
    } rows[] = {{"sorting alone", 0},
                {"two curves, medians with intervals", CURVES},
                {"log-rank", LOGRANK},
                {"Cox, the arm (Efron)", COX},
                {"restricted means", MEANS}};
    bench b = bench_begin("survival");
    coley_arena *arena[2] = {coley_arena_create(), coley_arena_create()};
    volatile double sink = 0;
    simulate();
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        BENCH(&b, rows[r].what, "us a trial, 1 thread", 1e6, TRIALS, 3) sink = all_trials(arena, 1, rows[r].flags);
    const double user = user_s(), start = bench_now_s();
    sink = all_trials(arena, 2, CURVES | LOGRANK | COX);
    const double wall = bench_now_s() - start, used = user_s() - user;
    bench_row(&b, "10 000 trials: curves, log-rank, Cox, 2 threads", wall, wall, "s");
    bench_row(&b, "the same, user time", used, used, "s");
    bench_figure(&b, "trials_10000_wall_s", wall);
    bench_figure(&b, "trials_10000_user_s", used);
    if (!isfinite(sink)) fprintf(stderr, "an analysis failed\n");
    coley_arena_destroy(arena[0]);
    coley_arena_destroy(arena[1]);
    return bench_end(&b, argc, argv);
}
