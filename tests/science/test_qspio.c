/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A published model of 50 states through the block integrator, against the course that MATLAB's ode15s gave for it.
 *
 * QSP-IO example 1 with nivolumab 210 mg every two weeks; figures of the stored SimBiology run, relative tolerance
 * 1e-6. */
#include "support/check.h"
#include "support/solving.h"

/* 210 mg of 143.6 kDa in 5 L [nM]. */
static const double dose_nM = 210e-3 / 143600 / 5 * 1e9;

enum { DAYS = 4 };
static const double day[DAYS] = {1, 21, 84, 200};

static solved course(const solving *m, coley_dose *dose, coley_method method, double rtol)
{
    for (int i = 0; i < 31; i++)
        dose[i] =
            (coley_dose){.t_day = 14.0 * i, .amount = dose_nM, .state = (int32_t)solving_state(m, "V_C_nivolumab")};
    solved s = solved_begin(m, 1, 200, DAYS, day);
    s.dose = dose;
    s.n_doses = 31;
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.rtol = rtol;
    options.method = method;
    coley_error err = {0};
    if (solved_run(&s, &options, &err) != COLEY_OK) CHECK_FAIL_("%s", err.text);
    return s;
}

static void the_model_has_the_published_size(void)
{
    const solving m = solving_file("models/reference/qspio_example1.ant");
    CHECK(m.system.n == 50 && m.system.row_start[50] == 218);
    coley_arena_destroy(m.arena);
}

static void tumour_and_t_cells_follow_the_stored_course_of_another_solver(void)
{
    const solving m = solving_file("models/reference/qspio_example1.ant");
    const size_t C1 = solving_state(&m, "C1"), T1 = solving_state(&m, "V_T_T1");
    for (int method = 0; method < 2; method++) {
        coley_dose dose[31];
        const solved s = course(&m, dose, (coley_method)method, 1e-6);
        printf("# %zu steps, %zu refused\n", s.result[0].n_steps, s.result[0].n_rejected);
        CHECK_NEAR(solved_value(&s, 0, 0, C1) / 5634029791.7, 1, 1e-6);
        CHECK_NEAR(solved_value(&s, 0, 1, C1) / 5476549367.8, 1, 2e-5);
        CHECK_NEAR(solved_value(&s, 0, 2, C1) / 1889881590.8, 1, 5e-5);
        CHECK_NEAR(solved_value(&s, 0, 1, T1) / 6065062.4, 1, 5e-5);
        CHECK_NEAR(solved_value(&s, 0, 3, T1) / 86706.6, 1, 1e-3);
    }
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(the_model_has_the_published_size);
    RUN(tumour_and_t_cells_follow_the_stored_course_of_another_solver);
    return check_done();
}
