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

/* One compartment, first order. */
static const char one[] = "model one\n  compartment V = 1; species c in V; c = 0; k = 0.1; w = 1;\n"
                          "  E: c -> ; k*w*c;\nend\n";

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

/* The last sample of `text` in state v is that of `same`, run through the same model. */
static void check_same(const char *model, const char *text, const char *same, double shift, double tolerance)
{
    course a, b;
    double grid[24];
    for (int i = 0; i < 24; i++) grid[i] = 0.37 + 1.9 * i;
    CHECK(run_table(&a, model, text, &plain, 50, 24, grid) == COLEY_OK);
    for (int i = 0; i < 24; i++) grid[i] += shift;
    CHECK(run_table(&b, model, same, &plain, 50 + shift, 24, grid) == COLEY_OK);
    CHECK(a.n == 24 && b.n == 24);
    for (size_t i = 0; i < a.n && i < b.n; i++)
        for (size_t v = 0; v < a.model.system.n; v++) CHECK_NEAR(a.y[i][v], b.y[i][v], tolerance);
    coley_arena_destroy(a.model.arena);
    coley_arena_destroy(b.model.arena);
}

static void a_steady_state_of_boluses_is_the_geometric_series(void)
{
    course c;
    const double grid[] = {0, 3, 11.9, 12.5, 20};
    CHECK(run_table(&c, one, "TIME,AMT,II,SS,ADDL,CMT,EVID\n0,.,.,.,.,.,0\n0,100,12,1,0,c,1\n0,.,.,.,.,.,0\n", &plain,
                    24, 5, grid) == COLEY_OK);
    const double peak = 100 / (1 - exp(-0.1 * 12));
    CHECK(c.n == 6 && c.y[0][0] == 0);
    CHECK_NEAR(c.y[1][0], peak, 2e-8);
    for (size_t i = 2; i < c.n; i++) CHECK_NEAR(c.y[i][0], peak * exp(-0.1 * c.t[i]), 2e-8);
    coley_arena_destroy(c.model.arena);
}

static void a_steady_state_of_infusions_is_the_formula_even_when_they_overlap(void)
{
    /* R/k (1 - e^-kT) e^-k(t-T) / (1 - e^-kII) at the end of the infusion of length T and after. */
    course c;
    const double grid[] = {2, 5, 11};
    CHECK(run_table(&c, one, "TIME,AMT,RATE,II,SS,CMT\n0,100,50,12,1,c\n", &plain, 12, 3, grid) == COLEY_OK);
    for (size_t i = 0; i < c.n; i++)
        CHECK_NEAR(c.y[i][0], 50 / 0.1 * (1 - exp(-0.1 * 2)) * exp(-0.1 * (c.t[i] - 2)) / (1 - exp(-0.1 * 12)), 2e-8);
    coley_arena_destroy(c.model.arena);
    /* 30 long, one every 12: at the trough two more run on for 18 and 6, which the schedule gives. */
    CHECK(run_table(&c, one, "TIME,AMT,RATE,II,SS,CMT\n0,300,10,12,1,c\n", &plain, 40, 3, grid) == COLEY_OK);
    CHECK(c.schedule.n_doses == 4 && c.schedule.dose[0].kind == COLEY_DOSE_STEADY);
    CHECK_NEAR(c.schedule.dose[1].duration_day, 6, 1e-12);
    CHECK_NEAR(c.schedule.dose[2].duration_day, 18, 1e-12);
    coley_arena_destroy(c.model.arena);
    check_same(one, "TIME,AMT,RATE,II,SS,ADDL,CMT\n0,300,10,12,1,9,c\n",
               "TIME,AMT,RATE,II,ADDL,CMT\n0,300,10,12,60,c\n", 480, 1e-7);
}

static void a_steady_state_is_what_many_doses_lead_to(void)
{
    check_same(two, "TIME,AMT,II,SS,ADDL,CMT\n0,10,8,1,9,c\n", "TIME,AMT,II,ADDL,CMT\n0,10,8,200,c\n", 1200, 1e-7);
    check_same(oral, "TIME,AMT,II,SS,ADDL,CMT\n0,10,8,1,9,gut\n", "TIME,AMT,II,ADDL,CMT\n0,10,8,90,gut\n", 640, 1e-7);
}

static void a_steady_state_with_a_lag_is_that_of_the_lagged_doses(void)
{
    for (int i = 0; i < 4; i++) {
        static const double lags[] = {3, 8, 13, 16};
        char text[200], same[200];
        snprintf(text, sizeof text, "TIME,AMT,RATE,II,SS,ADDL,CMT,ALAG_c\n0,10,4,8,1,9,c,%g\n", lags[i]);
        snprintf(same, sizeof same, "TIME,AMT,RATE,II,ADDL,CMT,ALAG_c\n0,10,4,8,200,c,%g\n", lags[i]);
        check_same(two, text, same, 1200, 1e-7);
    }
}

static void a_second_steady_state_is_added_to_the_first(void)
{
    course sum, a, b;
    const double grid[] = {1, 4, 9, 23};
    CHECK(run_table(&sum, two, "TIME,AMT,RATE,II,SS,CMT\n0,10,.,24,1,c\n0,6,3,24,2,c\n", &plain, 24, 4, grid) ==
          COLEY_OK);
    CHECK(run_table(&a, two, "TIME,AMT,RATE,II,SS,CMT\n0,10,.,24,1,c\n", &plain, 24, 4, grid) == COLEY_OK);
    CHECK(run_table(&b, two, "TIME,AMT,RATE,II,SS,CMT\n0,6,3,24,1,c\n", &plain, 24, 4, grid) == COLEY_OK);
    for (size_t i = 0; i < sum.n; i++)
        for (int v = 0; v < 2; v++) CHECK_NEAR(sum.y[i][v], a.y[i][v] + b.y[i][v], 1e-7);
    coley_arena_destroy(sum.model.arena);
    coley_arena_destroy(a.model.arena);
    coley_arena_destroy(b.model.arena);
}

static void an_infusion_without_end_at_its_steady_state_is_its_balance(void)
{
    course c;
    const double grid[] = {0.5, 10};
    CHECK(run_table(&c, one, "TIME,AMT,RATE,SS,CMT,EVID\n0,0,5,1,c,1\n0,.,.,.,.,0\n", &plain, 12, 2, grid) == COLEY_OK);
    CHECK(c.n == 3);
    for (size_t i = 0; i < c.n; i++) CHECK_NEAR(c.y[i][0], 50 * exp(-0.1 * c.t[i]), 1e-7);
    coley_arena_destroy(c.model.arena);
}

static void what_comes_to_no_steady_state_is_an_error_of_that_patient(void)
{
    course c;
    const char *growth = "model g\n  compartment V = 1; species c in V; c = 1; E: -> c; 1e-3 + 0*c;\nend\n";
    CHECK(run_table(&c, growth, "TIME,AMT,II,SS,CMT\n3,1,1,1,c\n", &plain, 12, 0, NULL) == COLEY_ERR_DIVERGED);
    CHECK(c.result.unsteady && c.result.t_day == 3 && c.result.state == 0);
    CHECK_HAS(err.text, "no steady state");
    CHECK(run_person(&c, 0, 12, 0, NULL, 1) == COLEY_ERR_DIVERGED);
    CHECK(c.result.unsteady && c.result.t_day == 3 && c.result.state == 0);
    coley_arena_destroy(c.model.arena);
}

static void a_reset_ends_infusions_and_drops_what_waits(void)
{
    course c;
    const double grid[] = {5.5, 9, 30};
    const char *const lag[] = {"c=2"};
    const coley_model_doses_options lagged = {.lag = lag, .n_lag = 1};
    CHECK(run_table(&c, one, "TIME,AMT,RATE,II,ADDL,EVID,CMT\n0,100,10,8,9,1,c\n5,.,.,.,.,3,.\n", &plain, 40, 3,
                    grid) == COLEY_OK);
    for (size_t i = 0; i < c.n; i++) CHECK(c.y[i][0] == 0);
    coley_arena_destroy(c.model.arena);
    CHECK(run_table(&c, one, "TIME,AMT,EVID,CMT\n4,100,1,c\n5,7,4,c\n", &lagged, 40, 3, grid) == COLEY_OK);
    CHECK(c.y[0][0] == 0);
    CHECK_NEAR(c.y[1][0], 7 * exp(-0.1 * 2), 1e-8);
    coley_arena_destroy(c.model.arena);
    CHECK(run_table(&c, one, "TIME,AMT,EVID,CMT\n0,100,1,c\n5,7,8,c\n", &plain, 40, 3, grid) == COLEY_OK);
    CHECK_NEAR(c.y[0][0], 7 * exp(-0.1 * 0.5), 1e-8);
    coley_arena_destroy(c.model.arena);
}

static void a_covariate_is_carried_as_the_rule_says_and_changes_exactly_there(void)
{
    /* w: 1 at 0, missing at 2, 3 at 5, 2 at 9. An infusion ends at 7, between two records. */
    const char *table = "TIME,AMT,RATE,CMT,w,EVID\n0,70,10,c,1,1\n2,.,.,.,.,0\n5,.,.,.,3,0\n9,.,.,.,2,0\n";
    static const struct {
        coley_carry carry;
        double from[4], w[4];
    } rule[] = {{COLEY_CARRY_LOCF, {0, 5, 9, 12}, {1, 3, 2}}, {COLEY_CARRY_NOCB, {0, 0, 5, 12}, {1, 3, 2}}};
    for (int r = 0; r < 2; r++) {
        course c;
        const double grid[] = {12};
        const coley_model_doses_options options = {.carry = rule[r].carry};
        CHECK(run_table(&c, one, table, &options, 12, 1, grid) == COLEY_OK);
        double y = 0, t = 0;
        for (int i = 0; i < 3; i++)
            while (t < rule[r].from[i + 1]) { /* 0.1 w c' with inflow 10 until 7 */
                const double k = 0.1 * rule[r].w[i], to = t < 7 ? fmin(7, rule[r].from[i + 1]) : rule[r].from[i + 1];
                const double in = t < 7 ? 10 / k : 0;
                y = in + (y - in) * exp(-k * (to - t));
                t = to;
            }
        CHECK(c.n == 4);
        CHECK_NEAR(c.y[3][0], y, 1e-8);
        coley_text words = {.arena = c.model.arena};
        coley_model_doses_describe(c.doses, &words);
        CHECK_HAS(words.data, "CMT 1 is c");
        CHECK_HAS(words.data, r ? "nocb): w" : "locf): w");
        coley_arena_destroy(c.model.arena);
    }
}

static void units_in_the_heads_are_converted_to_those_of_the_model(void)
{
    const char *model = "model u\n  compartment V = 2; V has liter; species c in V; c = 0;\n"
                        "  c has mg_per_liter; k = 0.1; unit mg_per_liter = 1e-3 gram / liter; E: c -> ; k*V*c;\nend\n";
    course c;
    const double grid[] = {2};
    CHECK(run_table(&c, model, "TIME [h],AMT [g],RATE [g/h],CMT\n24,0.004,.,c\n24,0.006,0.001,c\n", &plain, 3, 1,
                    grid) == COLEY_OK);
    CHECK(c.schedule.n_doses == 2 && c.schedule.dose[0].t_day == 1);
    CHECK_NEAR(c.schedule.dose[0].amount, 4, 1e-12);
    CHECK_NEAR(c.schedule.dose[1].duration_day, 0.25, 1e-12);
    coley_arena_destroy(c.model.arena);
    CHECK(prepare(&c, model, "TIME [kg],AMT,CMT\n1,1,c\n", &plain) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "time is time");
    coley_arena_destroy(c.model.arena);
    CHECK(prepare(&c, one, "TIME,AMT [mg],CMT\n1,1,c\n", &plain) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "does not say the unit");
    coley_arena_destroy(c.model.arena);
}

static void a_wrong_table_is_refused_with_line_id_and_value(void)
{
    static const struct {
        const char *text, *says, *key;
        int line;
    } cases[] = {
        {"TIME,AMT,CMT\n0,5,cc\n", "did you mean c?", "CMT", 2},
        {"TIME,AMT,CMT\n0,5,3\n", "numbered from 1 (c) to 2 (p)", "CMT", 2},
        {"TIME,AMT,CMT\n0,5,0\n", "no compartment", "CMT", 2},
        {"TIME,AMT,CMT\n0,5,k10\n", "no state", "CMT", 2},
        {"ID,TIME,AMT\n7,2,5\n", "ID '7', time 2", "CMT", 2},
        {"ID,TIME,AMT,CMT\n1,0,5,c\n2,0,5,c\n1,1,5,c\n", "on line 2 already", "ID", 4},
        {"ID,TIME,AMT,CMT\n1,3,5,c\n1,2,5,c\n", "earlier than 3 on line 2", "TIME", 3},
        {"ID,TIME,AMT,CMT\n.,0,5,c\n", "ID is missing", "ID", 2},
        {"TIME,AMT,CMT\n-1,5,c\n", "before the run starts", "TIME", 2},
        {"TIME,AMT,CMT,SS\n0,5,c,1\n", "needs the interval", "II", 2},
        {"TIME,AMT,CMT,SS,II\n0,5,c,3,1\n", "0 to 2", "SS", 2},
        {"TIME,AMT,CMT,SS,II\n0,0,c,0,1\n0,0,c,1,1\n", "is no dose", "SS", 3},
        {"TIME,AMT,CMT,ADDL,II\n0,5,c,2,0\n", "interval above 0", "II", 2},
        {"TIME,AMT,CMT,RATE,EVID\n0,0,c,2,1\n", "no end", "AMT", 2},
        {"TIME,AMT,CMT,RATE\n0,5,c,-1\n", "modelled", "RATE", 2},
        {"TIME,AMT,CMT,EVID\n0,5,c,6\n", "not supported", "EVID", 2},
        {"TIME,AMT,CMT,RATE,EVID\n0,5,c,2,8\n", "replaced", "RATE", 2},
        {"TIME,AMT,CMT,RATE\n0,.,c,2\n", "needs an amount", "AMT", 2},
        {"TIME,AMT,CMT,EVID,DV\n0,.,c,0,low\n", "not a number", "DV", 2},
        {"TIME,AMT,CMT,k10\n0,1,c,high\n", "not a number", "k10", 2},
        {"TIME,AMT,CMT,F_c\n0,1,c,-2\n", "0 or more", "bioavailability", 2},
        {"TIME,AMT,CMT,WT,WT\n", "twice", "", 1},
        {"TIME,AMT,CMT\n0,1\n", "2 fields", "", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        course c;
        CHECK(run_table(&c, two, cases[i].text, &plain, 10, 0, NULL) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, cases[i].says);
        CHECK_TEXT(err.key, cases[i].key);
        CHECK(err.line == cases[i].line);
        coley_arena_destroy(c.model.arena);
    }
    static const struct {
        const char *given, *says;
    } options[] = {{"c", "CMT=NUMBER"}, {"c=k99", "neither a number"}, {"q=1", "no state"}, {"c=-1", "below 0"}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        course c;
        const coley_model_doses_options wrong = {.n_lag = 1, .lag = &options[i].given};
        CHECK(prepare(&c, two, "TIME,AMT,CMT\n0,1,c\n", &wrong) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, options[i].says);
        CHECK_TEXT(err.key, "--lag");
        coley_arena_destroy(c.model.arena);
    }
}

static void keep_warning(void *self, coley_log_level level, const char *text)
{
    (void)level;
    coley_text_addf(self, "%s\n", text);
}

static void what_does_not_fit_into_the_run_is_a_warning(void)
{
    course c;
    coley_schedule_notes notes = {0};
    CHECK(prepare(&c, one, "ID,TIME,AMT,RATE,CMT\n8,0,10,1,c\n8,20,1,.,c\n8,30,1,.,c\n", &plain) == COLEY_OK);
    CHECK(coley_model_doses_schedule(c.model.arena, c.doses, 0, 0, 6, c.inputs, &c.schedule, &notes, &err) == COLEY_OK);
    coley_text words = {.arena = c.model.arena};
    const coley_log log = {.self = &words, .limit = COLEY_LOG_WARNING, .write = keep_warning};
    coley_schedule_warn(c.doses, &notes, 6, &log);
    CHECK_HAS(words.data, "doses.csv:3: ID '8': the record at 20 is after the end of the run, 6, and 1 more");
    CHECK_HAS(words.data, "doses.csv:2: ID '8': the infusion runs until 10, past the end of the run, 6\n");
    coley_arena_destroy(c.model.arena);
}

/* --- everything at once */

static const char everything[] =
    "ID,TIME,AMT,RATE,II,ADDL,SS,EVID,CMT,DV,MDV,k10,ALAG_c,F_1,NOTE\n"
    "a,0,10,.,8,3,1,1,c,.,1,0.2,1.5,0.8,first\na,2,.,.,.,.,.,0,c,3.5,0,0.3,.,.,.\na,6,5,2.5,6,2,2,1,c,.,.,0.25,.,.,.\n"
    "a,20,4,.,.,.,.,4,2,.,.,.,.,.,.\na,20,.,.,.,.,.,0,2,1,.,.,.,.,.\na,25,3,.,.,.,.,8,c,.,.,.,.,.,.\n"
    "b,0,7,0.2,24,1,1,1,1,.,.,.,.,.,.\nb,30,.,.,.,.,.,0,1,4,.,0.1,.,.,.\n"
    "c,1,1,.,.,.,.,1,p,.,.,.,.,.,.\nc,3,.,.,.,.,.,3,.,.,.,0.4,.,.,.\nc,4,0,3,0,.,1,1,c,.,.,.,.,.,.\n";

static void the_naive_twin_agrees_on_every_kind_of_record(void)
{
    double grid[40];
    for (int i = 0; i < 40; i++) grid[i] = i;
    for (int carry = 0; carry < 2; carry++) {
        course a, b;
        const coley_model_doses_options options = {.carry = (coley_carry)carry};
        CHECK(prepare(&a, two, everything, &options) == COLEY_OK);
        CHECK(prepare(&b, two, everything, &options) == COLEY_OK);
        CHECK(coley_model_doses_count(a.doses) == 3 && coley_model_doses_find(a.doses, "c") == 2);
        CHECK(coley_model_doses_find(a.doses, "d") == -1);
        for (size_t person = 0; person < 3; person++) {
            CHECK(run_person(&a, person, 39, 40, grid, 0) == COLEY_OK);
            CHECK(run_person(&b, person, 39, 40, grid, 1) == COLEY_OK);
            CHECK(a.n == b.n && a.n >= 40);
            for (size_t i = 0; i < a.n; i++)
                for (int v = 0; v < 2; v++) {
                    CHECK(a.t[i] == b.t[i]);
                    CHECK_NEAR(a.y[i][v], b.y[i][v], 2e-8);
                }
        }
        coley_arena_destroy(a.model.arena);
        coley_arena_destroy(b.model.arena);
    }
}

enum { CROWD = 70, TIMES = 12 };

typedef struct crowd {
    const course *c;
    double *inputs[CROWD];
    coley_schedule schedule[CROWD];
    double y[CROWD][TIMES][2];
} crowd;

static void crowd_inputs(void *self, size_t patient, double *inputs)
{
    const crowd *w = self;
    memcpy(inputs, w->inputs[patient], w->c->model.system.n_inputs * sizeof *inputs);
}

static size_t crowd_doses(void *self, size_t patient, const coley_dose **doses)
{
    const crowd *w = self;
    *doses = w->schedule[patient].dose;
    return w->schedule[patient].n_doses;
}

static void crowd_sample(void *self, const coley_sample *s)
{
    crowd *w = self;
    for (size_t v = 0; v < 2; v++) w->y[s->patient][s->index][v] = s->value[v * s->stride];
}

static void width_and_threads_never_change_a_bit(void)
{
    static crowd base, other;
    course c;
    CHECK(prepare(&c, two, everything, &plain) == COLEY_OK);
    double day[TIMES];
    for (int i = 0; i < TIMES; i++) day[i] = 3.1 * i;
    base.c = &c;
    for (size_t i = 0; i < CROWD; i++) {
        double *inputs = base.inputs[i] = COLEY_NEW(c.model.arena, double, c.model.system.n_inputs);
        memcpy(inputs, coley_program_input_default(c.model.program), c.model.system.n_inputs * sizeof *inputs);
        inputs[solving_input(&c.model, "k12")] *= 1 + 0.01 * (double)i;
        CHECK(coley_model_doses_schedule(c.model.arena, c.doses, i % 3, 0, 40, inputs, &base.schedule[i], NULL, &err) ==
              COLEY_OK);
    }
    coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
    coley_cohort cohort = {.self = &base,
                           .n = CROWD,
                           .t_end_day = 40,
                           .n_samples = TIMES,
                           .sample_day = day,
                           .inputs = crowd_inputs,
                           .doses = crowd_doses,
                           .sample = crowd_sample};
    CHECK(coley_integrate(&c.model.system, &cohort, &options, &err) == COLEY_OK);
    for (int turn = 0; turn < 3; turn++) {
        other = base;
        memset(other.y, 0, sizeof other.y);
        cohort.self = &other;
        options.width = (size_t[]){8, 64, 24}[turn];
        options.n_threads = 1 + turn;
        CHECK(coley_integrate(&c.model.system, &cohort, &options, &err) == COLEY_OK);
        CHECK(memcmp(base.y, other.y, sizeof base.y) == 0);
    }
    coley_arena_destroy(c.model.arena);
}

static void every_failing_allocation_is_reported(void)
{
    const solving m = solving_of(two, strlen(two));
    double inputs[16];
    const char *const lag[] = {"p=k21"};
    const coley_model_doses_options options = {.lag = lag, .n_lag = 1};
    for (size_t k = 1;; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_event_table table;
        const coley_model_doses *doses;
        coley_schedule schedule;
        coley_sample_times times;
        const ptrdiff_t *observation;
        coley_status status = coley_event_table_parse(arena, COLEY_EVENTS_OF_MODEL, "doses.csv", everything,
                                                      strlen(everything), &table, &err);
        if (status == COLEY_OK)
            status = coley_model_doses_make(arena, m.network, m.program, &table, &options, &doses, &err);
        if (status == COLEY_OK)
            status = coley_model_doses_schedule(arena, doses, 0, 0, 40, inputs, &schedule, NULL, &err);
        if (status == COLEY_OK)
            status = coley_schedule_samples(arena, &schedule, 2, (double[]){1, 2}, &times, &observation, &err);
        coley_arena_destroy(arena);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
    }
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(an_oral_dose_follows_bateman_with_lag_and_bioavailability);
    RUN(a_record_in_the_file_before_a_dose_sees_the_trough_and_one_after_it_the_peak);
    RUN(a_steady_state_of_boluses_is_the_geometric_series);
    RUN(a_steady_state_of_infusions_is_the_formula_even_when_they_overlap);
    RUN(a_steady_state_is_what_many_doses_lead_to);
    RUN(a_steady_state_with_a_lag_is_that_of_the_lagged_doses);
    RUN(a_second_steady_state_is_added_to_the_first);
    RUN(an_infusion_without_end_at_its_steady_state_is_its_balance);
    RUN(what_comes_to_no_steady_state_is_an_error_of_that_patient);
    RUN(a_reset_ends_infusions_and_drops_what_waits);
    RUN(a_covariate_is_carried_as_the_rule_says_and_changes_exactly_there);
    RUN(units_in_the_heads_are_converted_to_those_of_the_model);
    RUN(a_wrong_table_is_refused_with_line_id_and_value);
    RUN(what_does_not_fit_into_the_run_is_a_warning);
    RUN(the_naive_twin_agrees_on_every_kind_of_record);
    RUN(width_and_threads_never_change_a_bit);
    RUN(every_failing_allocation_is_reported);
    return check_done();
}
