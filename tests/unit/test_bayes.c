/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searches on functions whose optimum is known: sphere, Rosenbrock, Branin. */
#include "math/bayes.h"
#include "math/cmaes.h"
#include "support/check.h"

/* --- functions with a known least value
 * -------------------------------------------------------------------------------
 */

typedef struct function {
    double (*at)(const double *x, size_t n);
    size_t n;
    double low[2], high[2];
} function;

static double sphere(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (x[i] - 0.3) * (x[i] - 0.3);
    return sum;
}

static double rosenbrock(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < n; i++) sum += 100 * pow(x[i + 1] - x[i] * x[i], 2) + (1 - x[i]) * (1 - x[i]);
    return sum;
}

/* 0.397887 at (-pi, 12.275), (pi, 2.275), (9.42478, 2.475). */
static double branin(const double *x, size_t n)
{
    (void)n;
    const double b = 5.1 / (4 * M_PI * M_PI), c = 5 / M_PI;
    return pow(x[1] - b * x[0] * x[0] + c * x[0] - 6, 2) + 10 * (1 - 1 / (8 * M_PI)) * cos(x[0]) + 10;
}

static double at_unit(const function *f, const double *u)
{
    double x[16];
    for (size_t i = 0; i < f->n; i++) x[i] = f->low[i % 2] + (f->high[i % 2] - f->low[i % 2]) * u[i];
    return f->at(x, f->n);
}

/* Least value that `evaluations` find by expected improvement, of minus `shape` of the function. */
static double searched(const function *f, const coley_axis *axis, size_t evaluations, uint64_t seed, double *where)
{
    enum { MOST = 100 };
    coley_arena *arena = coley_arena_create();
    coley_gaussian process = {0};
    double x[MOST * 4], y[MOST], least = INFINITY;
    for (size_t k = 0; k < evaluations; k++) {
        double *u = x + k * f->n;
        int found = 1;
        if (k < 10)
            coley_bayes_start(k, f->n, axis, seed, u);
        else
            CHECK(coley_bayes_next(arena, k, f->n, x, axis, y, seed, k > 10, &process, u, &found, NULL) == COLEY_OK);
        if (!found) break;
        const double value = at_unit(f, u);
        y[k] = -value;
        if (value < least) {
            least = value;
            memcpy(where, u, f->n * sizeof *u);
        }
    }
    coley_arena_destroy(arena);
    return least;
}

/* --- the evolution strategy
 * -------------------------------------------------------------------------------------------
 */

static double objective(void *self, const double *x)
{
    const function *f = self;
    return f->at(x, f->n);
}

static void the_evolution_strategy_finds_the_middle_of_a_sphere_in_ten_dimensions(void)
{
    function f = {sphere, 10, {0}, {0}};
    double x[10] = {0}, least;
    CHECK(coley_cmaes_minimise(objective, &f, 10, x, 0.5, 3000, 1, &least, NULL) == COLEY_OK);
    CHECK(least < 1e-12);
    for (int i = 0; i < 10; i++) CHECK_NEAR(x[i], 0.3, 1e-5);
}

static void the_evolution_strategy_follows_rosenbrocks_valley_to_its_end(void)
{
    function f = {rosenbrock, 4, {0}, {0}};
    FOR_ALL(5, seed)
    {
        double x[4] = {-0.5, -0.5, 0.5, 0.5}, least;
        CHECK(coley_cmaes_minimise(objective, &f, 4, x, 0.3, 6000, seed, &least, NULL) == COLEY_OK);
        CHECK(least < 1e-10);
        CHECK_NEAR(x[3], 1, 1e-4);
    }
}

static double ellipsoid(void *self, const double *x)
{
    (void)self;
    double sum = 0;
    for (int i = 0; i < 5; i++) sum += pow(1e4, i / 4.0) * pow(x[i] + (i ? x[i - 1] : 0) - 1, 2);
    return sum;
}

static void the_evolution_strategy_learns_axes_that_differ_ten_thousandfold_and_are_turned(void)
{
    double x[5] = {0}, least;
    CHECK(coley_cmaes_minimise(ellipsoid, NULL, 5, x, 0.5, 8000, 3, &least, NULL) == COLEY_OK);
    CHECK(least < 1e-12);
}

static void what_is_no_number_is_taken_for_the_worst_and_too_many_axes_are_refused(void)
{
    coley_arena *arena = coley_arena_create();
    coley_cmaes s;
    coley_error err = {0};
    const double start[2] = {0, 0}, f[6] = {NAN, 1, NAN, 0.5, 2, NAN};
    double x[12];
    CHECK(coley_cmaes_init(arena, 2, start, 1, 6, 1, &s, &err) == COLEY_OK);
    coley_cmaes_ask(&s, x);
    coley_cmaes_tell(&s, x, f);
    CHECK(s.order[0] == 3 && s.order[1] == 1 && s.order[2] == 4);
    CHECK(isfinite(s.mean[0]) && isfinite(s.step));
    CHECK(coley_cmaes_init(arena, 33, start, 1, 0, 1, &s, &err) != COLEY_OK);
    CHECK_HAS(err.text, "1 to 32");
    coley_arena_destroy(arena);
}

/* --- the Gaussian process --------------------------------------------------------------------------------------------
 */

static void a_process_without_noise_goes_through_its_points_and_is_sure_of_them(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_axis axis[1] = {{0, 0}};
    coley_gaussian g;
    double x[9], y[9], deviation;
    for (int i = 0; i < 9; i++) {
        x[i] = i / 8.0;
        y[i] = sin(5 * x[i]);
    }
    CHECK(coley_gaussian_fit(arena, 9, 1, x, axis, y, 400, NULL, &g, NULL) == COLEY_OK);
    for (int i = 0; i < 9; i++) {
        CHECK_NEAR(coley_gaussian_at(&g, &x[i], &deviation), y[i], 5e-3);
        CHECK(deviation < 0.02);
    }
    const double between = 0.31;
    CHECK_NEAR(coley_gaussian_at(&g, &between, &deviation), sin(5 * between), 0.01);
    CHECK(fabs(coley_gaussian_at(&g, &between, &deviation) - sin(5 * between)) < 4 * deviation);
    coley_arena_destroy(arena);
}

/* Two points and known lengths: the formulas by hand. */
static void mean_and_deviation_are_those_of_two_points_by_hand(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_axis axis[1] = {{0, 0}};
    const double x[2] = {0.25, 0.75}, y[2] = {1, 3}, at = 0.4;
    coley_gaussian g;
    double deviation;
    CHECK(coley_gaussian_fit(arena, 2, 1, x, axis, y, 50, NULL, &g, NULL) == COLEY_OK);
    const double s = sqrt(5) * 0.5 / g.length[0], r = (1 + s + s * s / 3) * exp(-s), k = 1 + g.noise;
    const double s1 = sqrt(5) * 0.15 / g.length[0], s2 = sqrt(5) * 0.35 / g.length[0];
    const double k1 = (1 + s1 + s1 * s1 / 3) * exp(-s1), k2 = (1 + s2 + s2 * s2 / 3) * exp(-s2);
    const double det = k * k - r * r;
    CHECK_NEAR(g.mean, 2, 1e-9); /* by symmetry */
    const double value = 2 + ((k1 * k - k2 * r) * (1 - 2) + (k2 * k - k1 * r) * (3 - 2)) / det;
    CHECK_NEAR(coley_gaussian_at(&g, &at, &deviation), value, 1e-9);
    const double left = 1 - (k1 * k1 * k - 2 * k1 * k2 * r + k2 * k2 * k) / det;
    CHECK_NEAR(deviation, sqrt(left * g.variance), 1e-9);
    coley_arena_destroy(arena);
}

static void equal_values_everywhere_are_a_flat_surface(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_axis axis[1] = {{0, 0}};
    const double x[4] = {0.1, 0.4, 0.6, 0.9}, y[4] = {0.5, 0.5, 0.5, 0.5}, at = 0.5;
    coley_gaussian g;
    CHECK(coley_gaussian_fit(arena, 4, 1, x, axis, y, 100, NULL, &g, NULL) == COLEY_OK);
    CHECK_NEAR(coley_gaussian_at(&g, &at, NULL), 0.5, 1e-12);
    coley_arena_destroy(arena);
}

static void the_improvement_far_out_continues_the_one_near_by(void)
{
    CHECK_NEAR(coley_log_improvement(1, 1, 1), log(0.39894228040143267794), 1e-12);
    CHECK_NEAR(coley_log_improvement(-4.999, 1, 0), coley_log_improvement(-5.001, 1, 0), 0.02);
    CHECK(coley_log_improvement(-30, 1, 0) > coley_log_improvement(-31, 1, 0));
    CHECK(isfinite(coley_log_improvement(-1e6, 1, 0)));
    CHECK(coley_log_improvement(2, 0, 1) == 0);
}

/* --- the search ------------------------------------------------------------------------------------------------------
 */

static const coley_axis smooth[4] = {{0}};

static void forty_evaluations_find_branins_least_value(void)
{
    const function f = {branin, 2, {-5, 0}, {10, 15}};
    FOR_ALL(4, seed)
    {
        double where[2];
        CHECK(searched(&f, smooth, 40, seed, where) < 0.397887 + 0.002);
    }
}

static void thirty_evaluations_find_the_middle_of_a_sphere(void)
{
    const function f = {sphere, 3, {-1, -1}, {1, 1}};
    FOR_ALL(3, seed)
    {
        double where[3];
        CHECK(searched(&f, smooth, 30, seed, where) < 1e-4);
    }
}

static void sixty_evaluations_come_near_the_end_of_rosenbrocks_valley(void)
{
    const function f = {rosenbrock, 2, {-2, -2}, {2, 2}};
    FOR_ALL(3, seed)
    {
        double where[2];
        CHECK(searched(&f, smooth, 60, seed, where) < 0.01);
    }
}

/* A best category with a best whole number in it: (2, 7 of 12). */
static double mixed(const double *x, size_t n)
{
    (void)n;
    static const double loss[4] = {3, 1, 0, 2};
    return loss[(int)(x[0] * 4)] + pow(x[1] * 12 - 7.5, 2) / 20;
}

static void categories_and_whole_numbers_are_searched_without_trying_a_point_twice(void)
{
    const coley_axis axis[2] = {{4, 1}, {12, 0}};
    const function f = {mixed, 2, {0, 0}, {1, 1}};
    FOR_ALL(4, seed)
    {
        double where[2] = {0, 0};
        CHECK_NEAR(searched(&f, axis, 28, seed, where), 0, 1e-9);
        CHECK_NEAR(where[0], 2.5 / 4, 1e-9);
        CHECK_NEAR(where[1], 7.5 / 12, 1e-9);
    }
    double where[2];
    const coley_axis few[2] = {{4, 1}, {3, 0}};
    searched(&f, few, 40, 1, where); /* ends after 12 points and does not loop */
    CHECK(where[0] > 0);
}

int main(void)
{
    RUN(the_evolution_strategy_finds_the_middle_of_a_sphere_in_ten_dimensions);
    RUN(the_evolution_strategy_follows_rosenbrocks_valley_to_its_end);
    RUN(the_evolution_strategy_learns_axes_that_differ_ten_thousandfold_and_are_turned);
    RUN(what_is_no_number_is_taken_for_the_worst_and_too_many_axes_are_refused);
    RUN(a_process_without_noise_goes_through_its_points_and_is_sure_of_them);
    RUN(mean_and_deviation_are_those_of_two_points_by_hand);
    RUN(equal_values_everywhere_are_a_flat_surface);
    RUN(the_improvement_far_out_continues_the_one_near_by);
    RUN(forty_evaluations_find_branins_least_value);
    RUN(thirty_evaluations_find_the_middle_of_a_sphere);
    RUN(sixty_evaluations_come_near_the_end_of_rosenbrocks_valley);
    RUN(categories_and_whole_numbers_are_searched_without_trying_a_point_twice);
    return check_done();
}
