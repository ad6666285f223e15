/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_model_doses.c -- event tables on models whose solutions are known: what NONMEM's records mean, and what a wrong
 * one is told. */
#include "run/model_doses.h"

#include "support/check.h"
#include "support/solving.h"

/* Oral: k_a from the gut, k from the centre. Two: the centre and a periphery. Units of time: the table's. */
static const char oral[] = "model oral\n  compartment V = 1; species gut in V, centre in V;\n"
                           "  gut = 0; centre = 0; ka = 1.2; k = 0.15; F1 = 0.7; tlag = 0.5; WT = 70;\n"
                           "  A: gut -> centre; ka*gut; B: centre -> ; k*centre*WT/70;\nend\n";
static const char two[] = "model two\n  compartment V = 1; species c in V, p in V;\n  c = 0; p = 0;\n"
                          "  k10 = 0.2; k12 = 0.3; k21 = 0.1;\n"
                          "  E: c -> ; k10*c; D: c -> p; k12*c; B: p -> c; k21*p;\nend\n";

enum { MOST = 400 };

/* One person of a table run through a model. */
typedef struct course {
    solving model;
    coley_event_table table;
    const coley_model_doses *doses;
    coley_schedule schedule;
    coley_sample_times times;
    double *inputs;
    size_t n;
    double t[MOST], y[MOST][4];
    coley_integration result;
} course;

static coley_error err;

static void course_inputs(void *self, size_t patient, double *inputs)
{
    const course *c = self;
    (void)patient;
    memcpy(inputs, c->inputs, c->model.system.n_inputs * sizeof *inputs);
}

static size_t course_doses(void *self, size_t patient, const coley_dose **doses)
{
    const course *c = self;
    (void)patient;
    *doses = c->schedule.dose;
    return c->schedule.n_doses;
}

static void course_times(void *self, size_t patient, coley_sample_times *times)
{
    (void)patient;
    *times = ((course *)self)->times;
}

static void course_sample(void *self, const coley_sample *s)
{
    course *c = self;
    CHECK(s->index == c->n && c->n < MOST);
    if (c->n >= MOST) return;
    c->t[c->n] = s->t_day;
    for (size_t v = 0; v < c->model.system.n; v++) c->y[c->n][v] = s->value[v * s->stride];
    c->n++;
}

static void course_finish(void *self, size_t patient, const coley_integration *result)
{
    (void)patient;
    ((course *)self)->result = *result;
}

/* Read a table; with `text` NULL the model alone. */
static coley_status prepare(course *c, const char *model, const char *text, const coley_model_doses_options *options)
{
    *c = (course){.model = solving_of(model, strlen(model))};
    coley_arena *arena = c->model.arena;
    err = (coley_error){0};
    c->inputs = COLEY_NEW(arena, double, c->model.system.n_inputs);
    memcpy(c->inputs, coley_program_input_default(c->model.program), c->model.system.n_inputs * sizeof *c->inputs);
    coley_status status =
        coley_event_table_parse(arena, COLEY_EVENTS_OF_MODEL, "doses.csv", text, strlen(text), &c->table, &err);
    if (status != COLEY_OK) return status;
    return coley_model_doses_make(arena, c->model.network, c->model.program, &c->table, options, &c->doses, &err);
}

static coley_status run_person(course *c, size_t person, double end, size_t n_grid, const double *grid, int naive)
{
    const ptrdiff_t *observation;
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    options.rtol = 1e-9;
    options.atol = 1e-12;
    c->n = 0;
    coley_status status =
        coley_model_doses_schedule(c->model.arena, c->doses, person, 0, end, c->inputs, &c->schedule, NULL, &err);
    if (status != COLEY_OK) return status;
    status = coley_schedule_samples(c->model.arena, &c->schedule, n_grid, grid, &c->times, &observation, &err);
    if (status != COLEY_OK) return status;
    const coley_cohort cohort = {.self = c,
                                 .n = 1,
                                 .t_end_day = end,
                                 .inputs = course_inputs,
                                 .doses = course_doses,
                                 .samples = course_times,
                                 .sample = course_sample,
                                 .finish = course_finish};
    return naive ? coley_integrate_naive(c->model.arena, &c->model.system, &cohort, &options, &err)
                 : coley_integrate(&c->model.system, &cohort, &options, &err);
}

static const coley_model_doses_options plain = {.carry = COLEY_CARRY_LOCF};

static coley_status run_table(course *c, const char *model, const char *text, const coley_model_doses_options *options,
                              double end, size_t n_grid, const double *grid)
{
    const coley_status status = prepare(c, model, text, options);
    return status == COLEY_OK ? run_person(c, 0, end, n_grid, grid, 0) : status;
}

/* Amount in the centre t after one oral dose of 1 at time 0 (Bateman). */
static double bateman(double t)
{
    return t <= 0 ? 0 : 1.2 / (1.2 - 0.15) * (exp(-0.15 * t) - exp(-1.2 * t));
}

static void an_oral_dose_follows_bateman_with_lag_and_bioavailability(void)
{
    course c;
    const double grid[] = {0, 0.25, 0.5, 1, 2, 5, 12, 24};
    const char *const lag[] = {"gut=tlag"}, *const part[] = {"1=F1"};
    const coley_model_doses_options options = {.lag = lag, .n_lag = 1, .bioavailability = part, .n_bioavailability = 1};
    CHECK(run_table(&c, oral, "TIME,AMT,CMT\n0,100,gut\n", &options, 24, 8, grid) == COLEY_OK);
    CHECK(c.n == 8);
    for (size_t i = 0; i < c.n; i++) CHECK_NEAR(c.y[i][1], 70 * bateman(c.t[i] - 0.5), 1e-7);
    coley_arena_destroy(c.model.arena);
}

static void a_record_in_the_file_before_a_dose_sees_the_trough_and_one_after_it_the_peak(void)
{
    course c;
    CHECK(run_table(&c, two,
                    "TIME,AMT,EVID,CMT,ii,ADDL\n0,.,0,1,.,.\n0,10,1,1,24,2\n0,.,0,1,.,.\n24,.,0,1,.,.\n48,.,0,1,.,.\n",
                    &plain, 60, 0, NULL) == COLEY_OK);
    CHECK(c.n == 4 && c.y[0][0] == 0 && c.y[1][0] == 10);
    CHECK(c.y[2][0] < 1 && c.y[3][0] < 3);
    CHECK(c.schedule.n_doses == 3 && c.schedule.dose[2].t_day == 48);
    coley_arena_destroy(c.model.arena);
}

int main(void)
{
    RUN(an_oral_dose_follows_bateman_with_lag_and_bioavailability);
    RUN(a_record_in_the_file_before_a_dose_sees_the_trough_and_one_after_it_the_peak);
    return check_done();
}
