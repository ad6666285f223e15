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

static void compare(const solving *m, solved *fast, solved *slow, double tight, double expected)
{
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    slow->cohort.self = slow;
    options.rtol = tight;
    options.atol = tight * 1e-3;
    options.max_steps = 1000000;
    CHECK(coley_integrate_cvodes(m->arena, &m->system, &slow->cohort, &options, &err) == COLEY_OK);
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

int main(void)
{
    RUN(resets_steady_states_and_changed_inputs_agree);
    RUN(a_target_mediated_antibody_with_infusions_agrees);
    RUN(the_published_model_of_50_states_agrees);
    return check_done();
}
