/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another method, other hands: the same courses by CVODES (Hindmarsh et al. 2005, ACM TOMS 31:363) at tight tolerance.
 */
#include "solve/cvodes.h"
#include "support/check.h"
#include "support/solving.h"

enum { WEEKS = 30, PEOPLE = 2 };
static double day[WEEKS];

/* Largest difference of a person's states, relative to each state's largest value in that course. */
static double difference(const solved *a, const solved *b, size_t person)
{
    double most = 0;
    for (size_t v = 0; v < a->n_states; v++) {
        double size = 1e-9;
        for (size_t i = 0; i < WEEKS; i++) size = fmax(size, fabs(solved_value(b, person, i, v)));
        for (size_t i = 0; i < WEEKS; i++)
            most = fmax(most, fabs(solved_value(a, person, i, v) - solved_value(b, person, i, v)) / size);
    }
    return most;
}

/* CVODES with a dense matrix, in `dense`, and with a sparse one and KLU: rounding leads to other steps
 * after a while, within the error of the method. */
static void sparse_agrees(const solving *m, const solved *dense, const coley_integrator_options *options)
{
    if (!coley_cvodes_has_klu()) return;
    solved sparse = solved_begin(m, PEOPLE, dense->cohort.t_end_day, WEEKS, day);
    sparse.cohort.self = &sparse;
    sparse.dose = dense->dose;
    sparse.n_doses = dense->n_doses;
    sparse.n_spread = dense->n_spread;
    sparse.spread = dense->spread;
    memcpy(sparse.spread_input, dense->spread_input, sizeof sparse.spread_input);
    coley_error err = {0};
    CHECK(coley_integrate_cvodes_klu(m->arena, &m->system, &sparse.cohort, options, &err) == COLEY_OK);
    double most = 0;
    for (size_t p = 0; p < PEOPLE; p++) most = fmax(most, difference(&sparse, dense, p));
    printf("# largest difference of KLU and dense: %.2g\n", most);
    CHECK(most < 1000 * options->rtol);
}

static void compare(const solving *m, solved *fast, solved *slow, double tight, double expected)
{
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    slow->cohort.self = slow;
    options.rtol = tight;
    options.atol = tight * 1e-3;
    options.max_steps = 1000000;
    CHECK(coley_integrate_cvodes(m->arena, &m->system, &slow->cohort, &options, &err) == COLEY_OK);
    sparse_agrees(m, slow, &options);
    options = (coley_integrator_options)COLEY_INTEGRATOR_DEFAULT;
    for (int method = 0; method < 2; method++) {
        options.method = (coley_method)method;
        for (int i = 0; i < PEOPLE; i++) fast->samples_seen[i] = 0;
        CHECK(solved_run(fast, &options, &err) == COLEY_OK);
        double most = 0;
        for (size_t p = 0; p < PEOPLE; p++) most = fmax(most, difference(fast, slow, p));
        printf("# largest difference at rtol 1e-6: %.2g\n", most);
        CHECK(most < expected);
    }
}

static void a_target_mediated_antibody_with_infusions_agrees(void)
{
    static const char text[] =
        "model m()\n"
        "  A = 0; P = 0; R = 12; B = 0; k12 = 0.4; k21 = 0.3; kel = 0.08; kon = 90; koff = 2; ksyn = 1.2;\n"
        "  kdeg = 0.1; kint = 0.5;\n"
        "  A' = -(k12 + kel)*A + k21*P; P' = k12*A - k21*P - kon*P*R + koff*B;\n"
        "  R' = ksyn*(1 + 0.3*sin(time)) - kdeg*R - kon*P*R + koff*B; B' = kon*P*R - (koff + kint)*B;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    coley_dose dose[6];
    for (int i = 0; i < 6; i++)
        dose[i] = (coley_dose){.t_day = 21.0 * i,
                               .amount = 40,
                               .duration_day = i % 2 ? 0 : 1.0 / 24,
                               .state = (int32_t)solving_state(&m, "A")};
    for (int i = 0; i < WEEKS; i++) day[i] = 4.0 * i + 0.5;
    solved fast = solved_begin(&m, PEOPLE, 120, WEEKS, day), slow = solved_begin(&m, PEOPLE, 120, WEEKS, day);
    fast.dose = slow.dose = dose;
    fast.n_doses = slow.n_doses = 6;
    fast.n_spread = slow.n_spread = 1;
    fast.spread = slow.spread = 0.4;
    fast.spread_input[0] = slow.spread_input[0] = solving_input(&m, "ksyn");
    compare(&m, &fast, &slow, 1e-10, 2e-5);
    coley_arena_destroy(m.arena);
}

static void the_published_model_of_50_states_agrees(void)
{
    const solving m = solving_file("models/reference/qspio_example1.ant");
    coley_dose dose[10];
    for (int i = 0; i < 10; i++)
        dose[i] =
            (coley_dose){.t_day = 14.0 * i, .amount = 292.5, .state = (int32_t)solving_state(&m, "V_C_nivolumab")};
    for (int i = 0; i < WEEKS; i++) day[i] = 5.0 * (i + 1);
    solved fast = solved_begin(&m, PEOPLE, 150, WEEKS, day), slow = solved_begin(&m, PEOPLE, 150, WEEKS, day);
    fast.dose = slow.dose = dose;
    fast.n_doses = slow.n_doses = 10;
    fast.spread = slow.spread = 0.2;
    static const char *const names[] = {"k_C1_growth", "k_C_T1", "PD1_50", "k_cl_nivolumab"};
    for (; fast.n_spread < 4; fast.n_spread++, slow.n_spread++)
        fast.spread_input[fast.n_spread] = slow.spread_input[slow.n_spread] = solving_input(&m, names[fast.n_spread]);
    compare(&m, &fast, &slow, 1e-9, 1e-4);
    coley_arena_destroy(m.arena);
}

static void resets_steady_states_and_changed_inputs_agree(void)
{
    static const char text[] =
        "model m()\n  A = 0; P = 0; W = 0; k12 = 0.4; k21 = 0.3; kel = 0.3; km = 6;\n"
        "  A' = -k12*A - kel*A/(1 + A/km) + k21*P; P' = k12*A - k21*P; W' = 1 - 0.2*W*(1 + A);\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    const int32_t A = (int32_t)solving_state(&m, "A"), kel = (int32_t)solving_input(&m, "kel");
    const coley_dose dose[] = {
        {.t_day = 3, .amount = 10, .state = A, .kind = COLEY_DOSE_STEADY, .interval_day = 7, .phase_day = 5},
        {.t_day = 5, .amount = 10, .state = A},
        {.t_day = 9, .amount = 0.5, .state = kel, .kind = COLEY_DOSE_INPUT},
        {.t_day = 20, .amount = 8, .duration_day = 10, .interval_day = 4, .state = A, .kind = COLEY_DOSE_STEADY_ADDED},
        {.t_day = 24, .amount = 8, .duration_day = 10, .state = A},
        {.t_day = 30, .kind = COLEY_DOSE_RESET},
        {.t_day = 40, .amount = 2, .state = A, .kind = COLEY_DOSE_STEADY},
        {.t_day = 50, .amount = 1, .state = A, .kind = COLEY_DOSE_REPLACE},
    };
    for (int i = 0; i < WEEKS; i++) day[i] = 2.0 * i + 0.5;
    solved fast = solved_begin(&m, PEOPLE, 60, WEEKS, day), slow = solved_begin(&m, PEOPLE, 60, WEEKS, day);
    fast.dose = slow.dose = dose;
    fast.n_doses = slow.n_doses = sizeof dose / sizeof *dose;
    fast.n_spread = slow.n_spread = 1;
    fast.spread = slow.spread = 0.2;
    fast.spread_input[0] = slow.spread_input[0] = solving_input(&m, "k12");
    compare(&m, &fast, &slow, 1e-10, 3e-6);
    coley_arena_destroy(m.arena);
}

/* The three at one tight tolerance: each is within 1e-7 of the others, at doses, infusions and a change of input. */
static void three_solvers_agree_at_tight_tolerance(void)
{
    static const char text[] =
        "model m()\n"
        "  A = 0; P = 0; R = 12; B = 0; T = 5; k12 = 0.4; k21 = 0.3; kel = 0.08; kon = 90; koff = 2; ksyn = 1.2;\n"
        "  kdeg = 0.1; kint = 0.5; g = 0.03;\n"
        "  A' = -(k12 + kel)*A + k21*P; P' = k12*A - k21*P - kon*P*R + koff*B;\n"
        "  R' = ksyn - kdeg*R - kon*P*R + koff*B; B' = kon*P*R - (koff + kint)*B; T' = g*T - 0.02*B*T;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    const int32_t A = (int32_t)solving_state(&m, "A");
    const coley_dose dose[] = {
        {.t_day = 1, .amount = 40, .state = A},
        {.t_day = 15, .amount = 40, .duration_day = 0.5, .state = A},
        {.t_day = 30, .amount = 0.2, .kind = COLEY_DOSE_INPUT, .state = (int32_t)solving_input(&m, "kel")},
        {.t_day = 36, .amount = 40, .state = A}};
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    solved run[3];
    for (int i = 0; i < WEEKS; i++) day[i] = 2.0 * i + 0.7;
    options.max_steps = 1000000;
    for (int k = 0; k < 3; k++) {
        run[k] = solved_begin(&m, PEOPLE, 60, WEEKS, day);
        run[k].cohort.self = &run[k];
        run[k].dose = dose;
        run[k].n_doses = sizeof dose / sizeof *dose;
        options.rtol = k ? 1e-11 : 1e-10;
        options.atol = options.rtol * 1e-3;
        if (k == 0) CHECK(solved_run(&run[k], &options, &err) == COLEY_OK);
        if (k == 1) CHECK(coley_integrate_cvodes(m.arena, &m.system, &run[k].cohort, &options, &err) == COLEY_OK);
        if (k == 2 && coley_cvodes_has_klu())
            CHECK(coley_integrate_cvodes_klu(m.arena, &m.system, &run[k].cohort, &options, &err) == COLEY_OK);
    }
    const double own = difference(&run[0], &run[1], 0),
                 sparse = coley_cvodes_has_klu() ? difference(&run[2], &run[1], 0) : 0;
    printf("# block and dense CVODES %.2g, KLU and dense %.2g\n", own, sparse);
    CHECK(own < 1e-7 && sparse < 1e-7);
    coley_arena_destroy(m.arena);
}

/* A Jacobian of zeros has nothing for KLU to hold but its diagonal. */
static void a_singular_jacobian_is_no_trouble(void)
{
    static const char text[] = "model m()\n  x = 1; y = 2; z = 0; x' = 3; y' = 0*y; z' = x;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    for (int i = 0; i < WEEKS; i++) day[i] = i;
    for (int k = 0; k < 3; k++) {
        solved run = solved_begin(&m, 1, WEEKS, WEEKS, day);
        run.cohort.self = &run;
        if (k == 0) CHECK(solved_run(&run, &options, &err) == COLEY_OK);
        if (k == 1) CHECK(coley_integrate_cvodes(m.arena, &m.system, &run.cohort, &options, &err) == COLEY_OK);
        if (k == 2 && !coley_cvodes_has_klu()) continue;
        if (k == 2) CHECK(coley_integrate_cvodes_klu(m.arena, &m.system, &run.cohort, &options, &err) == COLEY_OK);
        for (size_t i = 0; i < WEEKS; i++)
            CHECK_NEAR(solved_value(&run, 0, i, solving_state(&m, "z")), day[i] + 1.5 * day[i] * day[i], 1e-3);
    }
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(three_solvers_agree_at_tight_tolerance);
    RUN(a_singular_jacobian_is_no_trouble);
    RUN(resets_steady_states_and_changed_inputs_agree);
    RUN(a_target_mediated_antibody_with_infusions_agrees);
    RUN(the_published_model_of_50_states_agrees);
    return check_done();
}
