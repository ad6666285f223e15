/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold for any cohort: the same bits in any company, agreement with the naive twin, mass kept. */
#include "support/check.h"
#include "support/solving.h"

/* Antibody in two compartments that binds a target made and lost in tissue: stiff, nonlinear, and driven by time. */
static const char binding[] =
    "model m()\n"
    "  A = 0; P = 0; R = 12; B = 0; made = 0; gone = 0;\n"
    "  k12 = 0.4; k21 = 0.3; kel = 0.08; kon = 900; koff = 2; ksyn = 1.2; kdeg = 0.1; kint = 0.5;\n"
    "  A' = -(k12 + kel)*A + k21*P;\n"
    "  P' = k12*A - k21*P - kon*P*R + koff*B;\n"
    "  R' = ksyn*(1 + 0.3*sin(time)) - kdeg*R - kon*P*R + koff*B;\n"
    "  B' = kon*P*R - (koff + kint)*B;\n"
    "end\n";

enum { PEOPLE = 37, SAMPLES = 40, DOSES = 7 };
static double day[SAMPLES];
static coley_dose dose[DOSES];

static solved cohort_of(const solving *m)
{
    const int32_t A = (int32_t)solving_state(m, "A"), P = (int32_t)solving_state(m, "P");
    for (int i = 0; i < SAMPLES; i++) day[i] = i * 100.0 / (SAMPLES - 1);
    for (int i = 0; i < DOSES; i++)
        dose[i] = (coley_dose){.t_day = 14.0 * i, .amount = 30 + i, .duration_day = i % 2 ? 1.0 / 24 : 0, .state = A};
    dose[3].duration_day = 20; /* overlaps the two that follow */
    dose[4].state = P;
    solved s = solved_begin(m, PEOPLE, 100, SAMPLES, day);
    s.dose = dose;
    s.n_doses = DOSES;
    s.fewer_doses = 1;
    s.spread = 0.5;
    static const char *const names[] = {"kel", "kon", "ksyn", "kint"};
    for (; s.n_spread < 4; s.n_spread++) s.spread_input[s.n_spread] = solving_input(m, names[s.n_spread]);
    return s;
}

static void a_patient_has_the_same_bits_in_any_company(void)
{
    const solving m = solving_of(binding, sizeof binding - 1);
    for (int method = 0; method < 2; method++) {
        solved expected = cohort_of(&m);
        coley_error err = {0};
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.method = (coley_method)method;
        options.width = 8;
        CHECK(solved_run(&expected, &options, &err) == COLEY_OK);
        for (int p = 0; p < PEOPLE; p++) CHECK(expected.order_kept[p] && expected.samples_seen[p] == SAMPLES);
        FOR_ALL(6, seed)
        {
            size_t order[PEOPLE];
            for (size_t i = 0; i < PEOPLE; i++) order[i] = (i * (size_t)(1 + seed % 11) + (size_t)seed) % PEOPLE;
            solved s = cohort_of(&m);
            s.identity = order;
            options.width = seed % 4 == 0 ? 0 : (size_t)8 << (seed % 4);
            options.n_threads = 1 + (int)(seed % 3);
            CHECK(solved_run(&s, &options, &err) == COLEY_OK);
            CHECK(memcmp(s.value, expected.value, sizeof(double) * PEOPLE * SAMPLES * s.n_states) == 0);
            for (size_t p = 0; p < PEOPLE; p++)
                CHECK(s.result[p].n_steps == expected.result[p].n_steps &&
                      s.result[p].n_rejected == expected.result[p].n_rejected && s.order_kept[p]);
        }
    }
    coley_arena_destroy(m.arena);
}

static void the_naive_twin_takes_the_same_course(void)
{
    const solving m = solving_of(binding, sizeof binding - 1);
    for (int method = 0; method < 2; method++) {
        coley_error err = {0};
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.method = (coley_method)method;
        solved fast = cohort_of(&m), naive = cohort_of(&m);
        CHECK(solved_run(&fast, &options, &err) == COLEY_OK);
        naive.cohort.self = &naive;
        CHECK(coley_integrate_naive(m.arena, &m.system, &naive.cohort, &options, &err) == COLEY_OK);
        double most = 0;
        for (size_t k = 0; k < (size_t)PEOPLE * SAMPLES * fast.n_states; k++)
            most = fmax(most, fabs(fast.value[k] - naive.value[k]) / (1e-3 + fabs(naive.value[k])));
        printf("# largest relative difference %.2g\n", most);
        CHECK(most < 1e-6);
        for (int p = 0; p < PEOPLE; p++) {
            CHECK(naive.samples_seen[p] == SAMPLES && naive.order_kept[p]);
            CHECK(fabs((double)fast.result[p].n_steps - (double)naive.result[p].n_steps) <=
                  2 + 0.02 * (double)naive.result[p].n_steps);
        }
    }
    coley_arena_destroy(m.arena);
}

/* Closed exchange among five pools, one of them by a fast nonlinear step: what was there and what was given stays. */
static void mass_is_kept_whatever_the_doses(void)
{
    static const char closed[] = "model m()\n"
                                 "  a = 5; b = 0; c = 1; d = 0; e = 2; k1 = 3; k2 = 1e5; k3 = 0.2; k4 = 40;\n"
                                 "  a' = -k1*a + k3*e; b' = k1*a - k2*b*c/(1 + c); c' = k4*d - k3*c;\n"
                                 "  d' = k2*b*c/(1 + c) - k4*d; e' = k3*c - k3*e;\n"
                                 "end\n";
    const solving m = solving_of(closed, sizeof closed - 1);
    FOR_ALL(10, seed)
    {
        coley_dose given[6];
        double t = 0, day_of[30];
        for (size_t i = 0; i < 6; i++) {
            t += 4 * coley_rng_uniform(seed, COLEY_STREAM_TEST, i, 1);
            given[i] = (coley_dose){.t_day = t,
                                    .amount = 10 * coley_rng_uniform(seed, COLEY_STREAM_TEST, i, 2),
                                    .duration_day = i % 3 ? 3 * coley_rng_uniform(seed, COLEY_STREAM_TEST, i, 3) : 0,
                                    .state = (int32_t)(i % 5)};
        }
        for (int i = 0; i < 30; i++) day_of[i] = i;
        solved s = solved_begin(&m, 1, 29, 30, day_of);
        s.dose = given;
        s.n_doses = 6;
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.method = (coley_method)(seed % 2);
        coley_error err = {0};
        CHECK(solved_run(&s, &options, &err) == COLEY_OK);
        for (size_t i = 0; i < 30; i++) {
            double expected = 8, sum = 0;
            for (size_t k = 0; k < 6; k++) {
                const double since = day_of[i] - given[k].t_day;
                if (since > 0)
                    expected +=
                        given[k].amount * (given[k].duration_day > 0 ? fmin(1, since / given[k].duration_day) : 1);
            }
            for (size_t v = 0; v < 5; v++) sum += solved_value(&s, 0, i, v);
            CHECK_NEAR(sum / expected, 1, 1e-11);
        }
    }
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(a_patient_has_the_same_bits_in_any_company);
    RUN(the_naive_twin_takes_the_same_course);
    RUN(mass_is_kept_whatever_the_doses);
    return check_done();
}
