/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Idle states are left out of what a block computes, and nobody can tell by the numbers. */
#include "solve/awake.h"

#include "patient/body.h"
#include "support/check.h"
#include "support/solving.h"

static const char modules[] =
    "model m()\n"
    "  T = 5; E = 2; T' = 0.3*T*(1 - T/K)*(1 - 0.5*A_effect) - 0.1*E*T/(1 + T + B1) - 0.02*T*V; K = 40;\n"
    "  E' = 0.2*T*(1 + A/(A + 3))/(1 + T) - 0.4*E*exp(-B1) + 0.01*cos(time);\n"
    "  A = 0; P = 0; A_effect = 0; A' = -0.7*A + 0.1*P; P' = 0.2*A - 0.1*P; A_effect' = 0.3*(A*A/(A*A + 4) - "
    "A_effect);\n"
    "  B1 = 0; B2 = 0; B3 = 0; B4 = 0; B1' = -k*B1; B2' = k*(B1 - B2); B3' = k*(B2 - B3); B4' = k*(B3 - B4); k = 0.3;\n"
    "  V = 0; I = 0; V' = 8*I - V - 0.02*T*V; I' = 0.02*T*V*(1 - A_effect) - 0.5*I;\n"
    "  S = 0; R = 0; S' = -0.5*S; R' = 0.5*S - R; surge: at T > 25: S = 3;\n"
    "end\n";

static const double days[] = {0, 1, 2.5, 4, 7, 7.5, 11, 14, 20, 28, 28.5, 40, 55, 60};
enum { N_DAYS = sizeof days / sizeof *days, PEOPLE = 37 };

/* Everybody's values, with idle states left out or not. */
static solved course(solving *m, int leave_out, size_t width, int n_threads)
{
    static coley_dose dose[5];
    const int32_t A = (int32_t)solving_state(m, "A"), B = (int32_t)solving_state(m, "B1"),
                  V = (int32_t)solving_state(m, "V");
    dose[0] = (coley_dose){.t_day = 1, .amount = 4, .state = A};
    dose[1] = (coley_dose){.t_day = 7, .amount = 6, .duration_day = 0.5, .state = A};
    dose[2] = (coley_dose){.t_day = 9, .amount = 0, .state = A, .kind = COLEY_DOSE_REPLACE};
    dose[3] = (coley_dose){.t_day = 14, .amount = 2, .state = B};
    dose[4] = (coley_dose){.t_day = 28, .amount = 0.5, .state = V};
    m->system.program = leave_out ? m->program : NULL;
    solved s = solved_begin(m, PEOPLE, 60, N_DAYS, days);
    s.n_spread = 1;
    s.spread_input[0] = solving_input(m, "K");
    s.spread = 0.5;
    s.dose = dose;
    s.n_doses = 5;
    s.fewer_doses = 1;
    coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
    coley_error err = {0};
    o.width = width;
    o.n_threads = n_threads;
    CHECK(solved_run(&s, &o, &err) == COLEY_OK);
    return s;
}

static int same(const solved *a, const solved *b)
{
    size_t differ = 0;
    for (size_t k = 0; k < PEOPLE * N_DAYS * a->n_states; k++) differ += a->value[k] != b->value[k];
    for (size_t p = 0; p < PEOPLE; p++)
        differ += a->result[p].n_steps != b->result[p].n_steps || a->result[p].n_rejected != b->result[p].n_rejected;
    return differ == 0;
}

static void nobody_can_tell_what_was_left_out(void)
{
    solving m = solving_of(modules, strlen(modules));
    const solved whole = course(&m, 0, 8, 1);
    const solved alone = course(&m, 1, 8, 1), wide = course(&m, 1, 40, 1), shared = course(&m, 1, 16, 2);
    CHECK(same(&whole, &alone));
    CHECK(same(&whole, &wide));
    CHECK(same(&whole, &shared));
    size_t surged = 0, infected = 0;
    for (size_t p = 0; p < PEOPLE; p++) {
        surged += solved_value(&whole, p, N_DAYS - 1, solving_state(&m, "R")) > 0;
        infected += solved_value(&whole, p, N_DAYS - 1, solving_state(&m, "V")) > 0;
    }
    CHECK(surged > 5 && surged < PEOPLE && infected > 5 && infected < PEOPLE); /* some modules wake, in some people */
    coley_arena_destroy(m.arena);
}

static void what_was_met_serves_again_and_what_is_not_worth_it_is_not_made(void)
{
    solving m = solving_of(modules, strlen(modules));
    coley_awakes *awakes = coley_awakes_create(&m.system);
    const coley_awake *whole = NULL;
    unsigned char zero[32] = {0};
    CHECK(coley_awake_whole(awakes, &whole, NULL) == COLEY_OK && whole->n == m.system.n && !whole->program);
    CHECK(coley_awake_of(awakes, zero) == whole);
    zero[solving_state(&m, "B1")] = zero[solving_state(&m, "B2")] = 1;
    CHECK(coley_awake_of(awakes, zero) == whole); /* two states are not worth it */
    zero[solving_state(&m, "B3")] = zero[solving_state(&m, "B4")] = 1;
    const coley_awake *without = coley_awake_of(awakes, zero);
    CHECK(without->program && without->n + 4 == whole->n);
    zero[solving_state(&m, "P")] = 1; /* A brings it back */
    CHECK(coley_awake_of(awakes, zero) == without);
    zero[solving_state(&m, "A")] = zero[solving_state(&m, "A_effect")] = zero[solving_state(&m, "V")] =
        zero[solving_state(&m, "I")] = 1;
    const coley_awake *less = coley_awake_of(awakes, zero);
    CHECK(less->n + 9 == whole->n && coley_awake_of(awakes, zero) == less);
    zero[solving_state(&m, "B2")] = 0;
    CHECK(coley_awake_of(awakes, zero)->n + 6 == whole->n); /* B2 turns into B3 and B4; the others are left out still */
    coley_awakes_destroy(awakes);
    coley_arena_destroy(m.arena);
}

/* --- the patient
 * ------------------------------------------------------------------------------------------------------- */

enum { BODIES = 20, N_VISITS = 6 };

static void a_patient_with_mechanisms_that_nobody_needs_has_the_same_bits(void)
{
    static const char *const classes[] = {"anti_pd1", "platinum", "car_t", "il2", "oncolytic_virus", "radiation"};
    static const double visit[N_VISITS] = {-60, 0, 10, 42, 42.5, 90};
    static coley_dose dose[4];
    solving m = {.arena = coley_arena_create()};
    coley_body *body;
    const coley_body_options options = {.models = COLEY_SOURCE_DIR "/models/patient",
                                        .n_lesions = 1,
                                        .n_classes = sizeof classes / sizeof *classes,
                                        .drug_class = classes};
    if (coley_body_assemble(m.arena, &options, &body, NULL) != COLEY_OK) exit(1);
    m.program = body->program;
    m.network = (coley_network *)body->network;
    m.system = coley_system_of_program(m.program, NULL, 0);
    dose[0] = (coley_dose){.amount = -1, .state = body->hold_state};
    dose[1] = (coley_dose){.t_day = 0, .amount = 200, .duration_day = 0.02, .state = body->dose_state[0][0]};
    dose[2] = (coley_dose){.t_day = 30, .amount = 1e6, .state = body->dose_state[4][0]};
    dose[3] = (coley_dose){.t_day = 42, .amount = 700, .state = body->dose_state[1][0]};
    solved s[2];
    for (int leave_out = 0; leave_out < 2; leave_out++) {
        m.system.program = leave_out ? m.program : NULL;
        s[leave_out] = solved_begin(&m, BODIES, 90, N_VISITS, visit);
        s[leave_out].cohort.t_start_day = -60;
        s[leave_out].n_spread = 3;
        s[leave_out].spread_input[0] = solving_input(&m, "L1.k_growth");
        s[leave_out].spread_input[1] = solving_input(&m, "L1.infil");
        s[leave_out].spread_input[2] = solving_input(&m, "TMB");
        s[leave_out].spread = 0.3;
        s[leave_out].dose = dose;
        s[leave_out].n_doses = 4;
        s[leave_out].fewer_doses = 1;
        coley_integrator_options o = COLEY_INTEGRATOR_DEFAULT;
        coley_error err = {0};
        o.rtol = o.atol = 1e-5;
        CHECK(solved_run(&s[leave_out], &o, &err) == COLEY_OK);
    }
    CHECK(!memcmp(s[0].value, s[1].value, sizeof(double) * BODIES * N_VISITS * m.system.n));
    unsigned char *zero = COLEY_NEW(m.arena, unsigned char, m.system.n);
    for (size_t v = 0; v < m.system.n; v++)
        zero[v] = solved_value(&s[0], 2, N_VISITS - 1, v) == 0; /* anti-PD-1 alone */
    coley_awakes *awakes = coley_awakes_create(&m.system);
    const coley_awake *whole;
    CHECK(coley_awake_whole(awakes, &whole, NULL) == COLEY_OK);
    const coley_awake *awake = coley_awake_of(awakes, zero);
    CHECK(awake->n * 4 < whole->n * 3); /* a quarter of the states and more */
    coley_awakes_destroy(awakes);
    coley_arena_destroy(m.arena);
}

int main(void)
{
    RUN(nobody_can_tell_what_was_left_out);
    RUN(what_was_met_serves_again_and_what_is_not_worth_it_is_not_made);
    RUN(a_patient_with_mechanisms_that_nobody_needs_has_the_same_bits);
    return check_done();
}
