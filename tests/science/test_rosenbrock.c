/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The methods against analytic solutions and the published figures of stiff test problems. */
#include "support/check.h"
#include "solve/rosenbrock.h"
#include "support/solving.h"

static const double no_control = 1e30; /* a tolerance that nothing exceeds: every step is h_max_day long */

/* x = 1/(1 + t^2), y = exp(sin t), as a nonlinear system that names time. */
static const char smooth[] = "model m()\n x = 1; y = 1;\n"
                             " x' = -2*time*x^2; y' = y*cos(time)*x*(1 + time^2);\nend\n";

enum { TIMES = 8 };

/* Largest error at eight times, at the ends of steps of h or half-way through them. */
static double smooth_error(const solving *m, coley_method method, double h, int half_way)
{
    double day[TIMES], most = 0;
    for (int i = 0; i < TIMES; i++) day[i] = 0.5 * (i + 1) - (half_way ? h / 2 : 0);
    solved s = solved_begin(m, 1, 4, TIMES, day);
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.method = method;
    options.rtol = options.atol = no_control;
    options.h_max_day = h;
    coley_error err = {0};
    CHECK(solved_run(&s, &options, &err) == COLEY_OK);
    CHECK(s.result[0].n_steps == (size_t)(4 / h) && s.result[0].n_rejected == 0);
    for (size_t i = 0; i < TIMES; i++) {
        most = fmax(most, fabs(solved_value(&s, 0, i, solving_state(m, "x")) - 1 / (1 + day[i] * day[i])));
        most = fmax(most, fabs(solved_value(&s, 0, i, solving_state(m, "y")) - exp(sin(day[i]))));
    }
    return most;
}

static void fixed_steps_converge_with_the_order_of_the_method(void)
{
    const solving m = solving_of(smooth, sizeof smooth - 1);
    for (int method = 0; method < 2; method++) {
        const double expected = method == COLEY_METHOD_RODAS4 ? 4 : 5;
        for (int k = method ? 5 : 7; k < (method ? 8 : 10); k++) {
            const double h = ldexp(1, -k), order = log2(smooth_error(&m, (coley_method)method, 2 * h, 0) /
                                                        smooth_error(&m, (coley_method)method, h, 0));
            CHECK_NEAR(order, expected, 0.06);
        }
    }
    coley_arena_destroy(m.arena);
}

static void samples_inside_a_step_converge_with_order_four(void)
{
    const solving m = solving_of(smooth, sizeof smooth - 1);
    for (int method = 0; method < 2; method++) {
        const double h = ldexp(1, -6), order = log2(smooth_error(&m, (coley_method)method, 2 * h, 1) /
                                                    smooth_error(&m, (coley_method)method, h, 1));
        CHECK(order > 3.7);
        CHECK(smooth_error(&m, (coley_method)method, h, 1) < 1e-7);
    }
    coley_arena_destroy(m.arena);
}

/* An estimate of order p has a local error of h^(p+1), so that steps grow in number as rtol^(-1/(p+1)). */
static void the_error_estimate_has_one_order_less(void)
{
    const solving m = solving_of(smooth, sizeof smooth - 1);
    for (int method = 0; method < 2; method++) {
        double steps[2];
        for (int k = 0; k < 2; k++) {
            solved s = solved_begin(&m, 1, 40, 0, NULL);
            coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
            options.method = (coley_method)method;
            options.rtol = options.atol = k ? 1e-11 : 1e-7;
            coley_error err = {0};
            CHECK(solved_run(&s, &options, &err) == COLEY_OK);
            steps[k] = (double)s.result[0].n_steps;
        }
        CHECK_NEAR(log(1e4) / log(steps[1] / steps[0]), method == COLEY_METHOD_RODAS4 ? 4 : 5, 0.15);
    }
    coley_arena_destroy(m.arena);
}

/* The singularly perturbed van der Pol equation, mu^2 = 1e6, and Robertson's kinetics to t = 1e11: figures of the
 * IVP test set (Mazzia and Magherini 2008). */
/* One step of 1 with y' = z y, by the method's equations as they stand in rosenbrock.h. */
static void of_one_step(const coley_rosenbrock *m, double z, double *y1, double *estimate)
{
    double u[COLEY_STAGES_MAX] = {0}, y = 1;
    *estimate = 0;
    for (int i = 0; i < m->n_stages; i++) {
        double sum = 0;
        y = 1;
        for (int j = 0; j < i; j++) y += m->a[i][j] * u[j], sum += m->c[i][j] * u[j];
        u[i] = (z * y + sum) / (1 / m->gamma - z);
        *estimate += m->estimate[i] * u[i];
    }
    *y1 = y + u[m->n_stages - 1];
}

static void the_estimate_exceeds_the_error_of_a_step_that_is_any_good(void)
{
    for (int method = 0; method < 2; method++)
        for (double z = -0.25; z > -1e6; z *= 2) {
            double y1, estimate;
            of_one_step(coley_rosenbrock_of((coley_method)method), z, &y1, &estimate);
            CHECK(fabs(y1 - exp(z)) < (z < -4 ? 4 : z < -1 ? 1 : 0.2) * fabs(estimate));
            CHECK(fabs(y1 - estimate) < 1); /* the embedded solution decays, too */
        }
}

static void van_der_pol_and_robertson_end_where_the_test_set_says(void)
{
    static const char pol[] = "model m()\n x = 2; y = 0; mu2 = 1e6;\n"
                              " x' = y; y' = mu2*((1 - x^2)*y - x);\nend\n";
    static const char robertson[] = "model m()\n a = 1; b = 0; c = 0;\n a' = -0.04*a + 1e4*b*c;\n"
                                    " b' = 0.04*a - 1e4*b*c - 3e7*b^2; c' = 3e7*b^2;\nend\n";
    const double two = 2, late = 1e11;
    const solving p = solving_of(pol, sizeof pol - 1), r = solving_of(robertson, sizeof robertson - 1);
    for (int method = 0; method < 2; method++) {
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.method = (coley_method)method;
        options.rtol = 1e-8;
        options.atol = 1e-10;
        options.h_max_day = 1e12;
        coley_error err = {0};
        solved s = solved_begin(&p, 1, 2, 1, &two);
        CHECK(solved_run(&s, &options, &err) == COLEY_OK);
        CHECK_NEAR(solved_value(&s, 0, 0, 0), 1.706167732170483, 1e-7);
        CHECK_NEAR(solved_value(&s, 0, 0, 1), -0.8928097010247975, 1e-7);

        options.atol = 1e-20;
        s = solved_begin(&r, 1, 1e11, 1, &late);
        CHECK(solved_run(&s, &options, &err) == COLEY_OK);
        CHECK_NEAR(solved_value(&s, 0, 0, 0) / 0.2083340149701255e-7, 1, 1e-5);
        CHECK_NEAR(solved_value(&s, 0, 0, 1) / 0.8333360770334713e-13, 1, 1e-5);
        CHECK_NEAR(solved_value(&s, 0, 0, 2), 0.9999999791665050, 1e-10);
        CHECK(s.result[0].n_steps < 2000);
    }
    coley_arena_destroy(p.arena);
    coley_arena_destroy(r.arena);
}

/* y' = -lambda (y - u) - v with u = cos t, v = sin t as states: y is u, once a transient of 1/lambda has gone. */
static void what_is_fast_lands_on_its_balance(void)
{
    static const char text[] = "model m()\n y = 3; u = 1; v = 0; lambda = 1e6;\n"
                               " u' = -v; v' = u; y' = -lambda*(y - u) - v;\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    double day[50];
    for (int i = 0; i < 50; i++) day[i] = i * 0.2;
    day[0] = 1e-6;
    for (int method = 0; method < 2; method++) {
        solved s = solved_begin(&m, 1, 10, 50, day);
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.method = (coley_method)method;
        coley_error err = {0};
        CHECK(solved_run(&s, &options, &err) == COLEY_OK);
        for (size_t i = 0; i < 50; i++)
            CHECK_NEAR(solved_value(&s, 0, i, solving_state(&m, "y")), cos(day[i]) + 2 * exp(-1e6 * day[i]), 5e-6);
        CHECK(s.result[0].n_steps < 250);
        printf("# %zu steps\n", s.result[0].n_steps);
    }
    coley_arena_destroy(m.arena);
}

/* The same with time itself as the driver: no state but the fast one could hold the step back. */
static void what_time_alone_drives_is_followed_between_the_steps(void)
{
    static const char text[] = "model m()\n y = 3; lambda = 1e6;\n y' = -lambda*(y - cos(time)) - sin(time);\nend\n";
    const solving m = solving_of(text, sizeof text - 1);
    double day[50];
    for (int i = 0; i < 50; i++) day[i] = i * 0.2;
    day[0] = 1e-6;
    for (int method = 0; method < 2; method++) {
        solved s = solved_begin(&m, 1, 10, 50, day);
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.method = (coley_method)method;
        coley_error err = {0};
        CHECK(solved_run(&s, &options, &err) == COLEY_OK);
        for (size_t i = 0; i < 50; i++)
            CHECK_NEAR(solved_value(&s, 0, i, 0), cos(day[i]) + 2 * exp(-1e6 * day[i]), 5e-6);
        CHECK(s.result[0].n_steps < 400);
        printf("# %zu steps\n", s.result[0].n_steps);
    }
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(fixed_steps_converge_with_the_order_of_the_method);
    RUN(samples_inside_a_step_converge_with_order_four);
    RUN(the_error_estimate_has_one_order_less);
    RUN(the_estimate_exceeds_the_error_of_a_step_that_is_any_good);
    RUN(van_der_pol_and_robertson_end_where_the_test_set_says);
    RUN(what_is_fast_lands_on_its_balance);
    RUN(what_time_alone_drives_is_followed_between_the_steps);
    return check_done();
}
