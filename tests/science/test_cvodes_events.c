/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events against CVODES and its own search for roots. */
#include "solve/cvodes.h"
#include "support/check.h"
#include "support/events.h"

/* Largest difference over all samples and states, each relative to the state's size in the course. */
static double difference(const solved *a, const solved *b)
{
    double most = 0;
    for (size_t v = 0; v < a->n_states; v++) {
        double size = 1e-12, gap = 0;
        for (size_t i = 0; i < a->cohort.n_samples; i++) {
            size = fmax(size, fabs(solved_value(b, 0, i, v)));
            gap = fmax(gap, fabs(solved_value(a, 0, i, v) - solved_value(b, 0, i, v)));
        }
        most = fmax(most, gap / size);
    }
    return most;
}

static double against_cvodes(const char *body, const event_row *rows, size_t n, double end)
{
    const solving m = solving_events(body, rows, n);
    double day[101];
    for (int i = 0; i < 101; i++) day[i] = end * i / 100;
    solved ours = solved_begin(&m, 1, end, 101, day), theirs = solved_begin(&m, 1, end, 101, day);
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.rtol = 1e-8;
    options.atol = 1e-12;
    CHECK(solved_run(&ours, &options, NULL) == COLEY_OK);
    theirs.cohort.self = &theirs;
    options.rtol = 1e-11;
    options.atol = 1e-14;
    options.max_steps = 1000000;
    CHECK(coley_integrate_cvodes(m.arena, &m.system, &theirs.cohort, &options, NULL) == COLEY_OK);
    const double most = difference(&ours, &theirs);
    printf("# largest difference %.2g\n", most);
    coley_arena_destroy(m.arena);
    return most;
}

static void a_ball_that_bounces_in_thick_air(void)
{
    const event_row rows[] = {{.id = "bounce", .trigger = "x < 0 && v < 0", .set = {{"v", "-0.9*v"}, {"x", "0"}}}};
    CHECK(against_cvodes("x = 10; v = 0; x' = v; v' = -9.81 - 0.05*v*abs(v);", rows, 1, 10) < 1e-7);
}

static void therapy_that_is_given_by_the_size_of_the_tumour(void)
{
    const event_row rows[] = {
        {.id = "start", .trigger = "T > 20", .set = {{"on", "1"}}},
        {.id = "stop", .trigger = "T < 8", .set = {{"on", "0"}}},
        {.id = "visit", .trigger = "time >= visit", .set = {{"visit", "visit + 14"}, {"D", "D + 2*on"}}},
    };
    CHECK(against_cvodes("T = 1; R = 1e-3; D = 0; on = 0; visit = 7;\n"
                         "  T' = 0.2*T*(1 - (T + R)/200) - 1.5*T*D/(1 + D); R' = 0.15*R*(1 - (T + R)/200);\n"
                         "  D' = -0.4*D;",
                         rows, 3, 150) < 1e-6);
}

static void a_stiff_switch(void)
{
    const event_row rows[] = {
        {.id = "flip", .trigger = "C > 0.2", .set = {{"k", "k/3"}, {"A", "A + 0.1"}, {"C", "0"}}}};
    CHECK(against_cvodes("A = 1; B = 0; C = 0; k = 0.04;\n"
                         "  A' = -k*A + 1e4*B*C; B' = k*A - 1e4*B*C - 3e7*B^2; C' = 3e7*B^2;",
                         rows, 1, 400) < 1e-6);
}

int main(void)
{
    RUN(a_ball_that_bounces_in_thick_air);
    RUN(therapy_that_is_given_by_the_size_of_the_tumour);
    RUN(a_stiff_switch);
    return check_done();
}
