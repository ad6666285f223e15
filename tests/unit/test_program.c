/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vector program against the naive walk over formulas, and the symbolic Jacobian against differences. */
#include "base/rng.h"
#include "model/antimony.h"
#include "model/program.h"
#include "model/tape.h"
#include "support/check.h"

#include <stdlib.h>

enum { WIDTH = 16 };

static const char hard[] = "model m()\n"
                           "  compartment V; V := 1 + 0.2*C; W = 3; compartment W\n"
                           "  species A in V, B in W; substanceOnly species C; A = 2; B = 5; C = p*2;\n"
                           "  p = 1.5; n = 2.3; k = 0.7; c0 := p*k + exp(p);\n"
                           "  J1: A -> B; V*k*A^n/(1 + A^n + B^2);\n"
                           "  J2: B -> 2 C; W*sqrt(B + 0.1)*ln(1 + C)*piecewise(k, B > 4, 2*k);\n"
                           "  J3: C -> ; 0.1*C^3 + max(C, 2)*min(A, 1)*abs(sin(time)) + C*c0/(tanh(C) + 2)^1.5;\n"
                           "  x' = -x*cos(time) + A^-2; x = 1;\n"
                           "end\n";

typedef struct loaded {
    coley_arena *arena;
    coley_network *network;
    const coley_program *program;
    size_t n, n_inputs;
    double *inputs, *y, *dy, *dy2, *jacobian, *ft, t[WIDTH];
    void *work;
} loaded;

static loaded load(const char *text)
{
    loaded m = {.arena = coley_arena_create()};
    coley_error err = {0};
    const coley_antimony_source source = {.name = "m.ant", .text = text, .length = strlen(text)};
    if (coley_antimony_parse(m.arena, &source, 1, NULL, &m.network, &err) != COLEY_OK ||
        coley_program_compile(m.arena, m.network, &m.program, &err) != COLEY_OK) {
        printf("# %d: %s\n", err.line, err.text);
        abort();
    }
    m.n = coley_program_state_count(m.program);
    m.n_inputs = coley_program_input_count(m.program);
    m.inputs = COLEY_NEW(m.arena, double, m.n_inputs *WIDTH);
    m.y = COLEY_NEW(m.arena, double, m.n *WIDTH);
    m.dy = COLEY_NEW(m.arena, double, m.n *WIDTH);
    m.dy2 = COLEY_NEW(m.arena, double, m.n *WIDTH);
    m.jacobian = COLEY_NEW(m.arena, double, coley_program_jacobian_count(m.program) * WIDTH);
    m.ft = COLEY_NEW(m.arena, double, m.n *WIDTH);
    m.work = coley_arena_alloc(m.arena, coley_program_work_size(m.program, WIDTH));
    for (size_t i = 0; i < m.n_inputs; i++)
        for (size_t l = 0; l < WIDTH; l++)
            m.inputs[i * WIDTH + l] =
                coley_program_input_default(m.program)[i] * (1 + 0.3 * coley_rng_uniform(5, COLEY_STREAM_TEST, i, l));
    coley_program_initial(m.program, WIDTH, NULL, m.inputs, m.work, m.y);
    return m;
}

static void move_states(loaded *m, uint64_t seed)
{
    for (size_t i = 0; i < m->n * WIDTH; i++) m->y[i] = 0.05 + 4 * coley_rng_uniform(seed, COLEY_STREAM_TEST, i, 77);
    for (size_t l = 0; l < WIDTH; l++) m->t[l] = 10 * coley_rng_uniform(seed, COLEY_STREAM_TEST, l, 78);
}

/* Values of all symbols by repeated evaluation of the rules, nothing clever. */
static void naive_rhs(const loaded *m, size_t lane, double *dy)
{
    const coley_network *net = m->network;
    double *value = calloc(net->n_symbols, sizeof *value);
    for (size_t i = 0; i < m->n_inputs; i++)
        value[coley_program_input_symbol(m->program, i)] = m->inputs[i * WIDTH + lane];
    for (size_t i = 0; i < m->n; i++) value[coley_program_state_symbol(m->program, i)] = m->y[i * WIDTH + lane];
    for (int pass = 0; pass < 8; pass++)
        for (size_t i = 0; i < net->n_symbols; i++)
            if (net->symbol[i].rule_kind == COLEY_RULE_ASSIGNMENT)
                value[i] = coley_expr_value(net->symbol[i].rule, value, m->t[lane]);
    double *amount = malloc(net->n_symbols * sizeof *amount);
    memcpy(amount, value, net->n_symbols * sizeof *amount);
    for (size_t i = 0; i < net->n_symbols; i++) {
        const coley_symbol *s = &net->symbol[i];
        if (s->kind == COLEY_SPECIES && !s->substance_only && s->compartment >= 0)
            value[i] = amount[i] / amount[s->compartment];
    }
    for (size_t i = 0; i < m->n; i++) {
        const coley_symbol *s = &net->symbol[coley_program_state_symbol(m->program, i)];
        dy[i] = s->rule_kind == COLEY_RULE_RATE ? coley_expr_value(s->rule, value, m->t[lane]) : 0;
    }
    for (size_t r = 0; r < net->n_reactions; r++) {
        const coley_reaction *j = &net->reaction[r];
        const double rate = coley_expr_value(j->rate, value, m->t[lane]);
        for (size_t i = 0; i < j->n_reactants; i++)
            dy[coley_program_state_of(m->program, j->reactant[i].species)] -= rate * j->reactant[i].amount->number;
        for (size_t i = 0; i < j->n_products; i++)
            dy[coley_program_state_of(m->program, j->product[i].species)] += rate * j->product[i].amount->number;
    }
    free(value);
    free(amount);
}

static void the_vector_program_agrees_with_the_naive_walk(void)
{
    loaded m = load(hard);
    FOR_ALL(50, seed)
    {
        move_states(&m, seed);
        coley_program_rhs(m.program, WIDTH, m.t, m.y, m.work, m.dy);
        for (size_t l = 0; l < WIDTH; l++) {
            double naive[8];
            naive_rhs(&m, l, naive);
            for (size_t i = 0; i < m.n; i++) CHECK_NEAR(m.dy[i * WIDTH + l], naive[i], 1e-13);
        }
    }
    coley_arena_destroy(m.arena);
}

static void the_symbolic_jacobian_agrees_with_differences(void)
{
    loaded m = load(hard);
    const int32_t *row = coley_program_jacobian_row_start(m.program),
                  *column = coley_program_jacobian_column(m.program);
    CHECK(coley_program_uses_time(m.program));
    FOR_ALL(20, seed)
    {
        move_states(&m, seed);
        coley_program_jacobian(m.program, WIDTH, m.t, m.y, m.work, m.jacobian, m.ft);
        for (size_t j = 0; j <= m.n; j++) {
            double *x = j < m.n ? m.y + j * WIDTH : m.t, keep[WIDTH], h[WIDTH];
            memcpy(keep, x, sizeof keep);
            for (size_t l = 0; l < WIDTH; l++) x[l] = keep[l] + (h[l] = 1e-6 * (1 + fabs(keep[l])));
            coley_program_rhs(m.program, WIDTH, m.t, m.y, m.work, m.dy);
            for (size_t l = 0; l < WIDTH; l++) x[l] = keep[l] - h[l];
            coley_program_rhs(m.program, WIDTH, m.t, m.y, m.work, m.dy2);
            memcpy(x, keep, sizeof keep);
            for (size_t i = 0; i < m.n; i++)
                for (size_t l = 0; l < WIDTH; l++) {
                    const double slope = (m.dy[i * WIDTH + l] - m.dy2[i * WIDTH + l]) / (2 * h[l]);
                    double symbolic = j < m.n ? 0 : m.ft[i * WIDTH + l];
                    for (int32_t e = row[i]; j < m.n && e < row[i + 1]; e++)
                        if (column[e] == (int32_t)j) symbolic = m.jacobian[(size_t)e * WIDTH + l];
                    CHECK_NEAR(symbolic, slope, 2e-5);
                }
        }
    }
    coley_arena_destroy(m.arena);
}

static void a_hill_term_at_zero_has_a_finite_derivative(void)
{
    loaded m = load("substanceOnly species A; A = 0; n = 0.5; A -> ; A^n/(1+A^n) + sqrt(A) + A^0.3 + A^1.7;\n");
    for (size_t i = 0; i < m.n * WIDTH; i++) m.y[i] = 0;
    coley_program_jacobian(m.program, WIDTH, m.t, m.y, m.work, m.jacobian, m.ft);
    for (size_t l = 0; l < WIDTH; l++) CHECK(isfinite(m.jacobian[l]));
    coley_arena_destroy(m.arena);
}

/* 1 / (1 + exp(k (x - a))) long past its step, and a Hill term written as (K/x)^n at x = 0. */
static void a_switch_far_from_its_step_has_a_slope_of_nothing(void)
{
    loaded m = load("x' = 1/(1 + exp(900*(x + 5))) - y/(1 + (2/x)^3) + 1/(1 + exp(-1e3*(time - 5))); x = 0;\n"
                    "y' = exp(800*x)/(1 + exp(800*x)) - y; y = 1\n");
    for (size_t at = 0; at < 2; at++) {
        for (size_t i = 0; i < m.n * WIDTH; i++) m.y[i] = at ? 3 : 0;
        coley_program_rhs(m.program, WIDTH, m.t, m.y, m.work, m.dy);
        coley_program_jacobian(m.program, WIDTH, m.t, m.y, m.work, m.jacobian, m.ft);
        for (size_t i = 0; i < coley_program_jacobian_count(m.program) * WIDTH; i++) CHECK(isfinite(m.jacobian[i]));
        for (size_t i = 0; i < m.n * WIDTH; i++) CHECK(isfinite(m.ft[i]));
    }
    coley_arena_destroy(m.arena);
}

static void initial_assignments_follow_changed_inputs(void)
{
    loaded m = load(hard);
    const int32_t p = coley_program_input_of(m.program, coley_network_symbol(m.network, "p"));
    const int32_t c = coley_program_state_of(m.program, coley_network_symbol(m.network, "C"));
    for (size_t l = 0; l < WIDTH; l++) m.inputs[(size_t)p * WIDTH + l] = (double)l;
    unsigned char odd[WIDTH];
    for (size_t l = 0; l < WIDTH; l++) odd[l] = l % 2;
    m.y[(size_t)c * WIDTH] = -1;
    coley_program_initial(m.program, WIDTH, odd, m.inputs, m.work, m.y);
    for (size_t l = 1; l < WIDTH; l += 2) CHECK_NEAR(m.y[(size_t)c * WIDTH + l], 2.0 * (double)l, 1e-15);
    CHECK_NEAR(m.y[(size_t)c * WIDTH], -1, 0);
    coley_arena_destroy(m.arena);
}

/* c' = r in a compartment of size V: the amount's rate is r V, and r V + c V' when V itself changes. */
static void a_rate_rule_on_a_concentration_moves_the_amount_by_the_size(void)
{
    loaded m = load("compartment V = 4; species A in V; A = 3; A' = 2;\n"
                    "compartment W = 5; W' = 0.5; species B in W; B = 2; B' = 7;\n"
                    "substanceOnly species C in V; C = 6/V; C' = 11;\n");
    for (size_t i = 0; i < m.n_inputs; i++)
        for (size_t l = 0; l < WIDTH; l++) m.inputs[i * WIDTH + l] = coley_program_input_default(m.program)[i];
    coley_program_initial(m.program, WIDTH, NULL, m.inputs, m.work, m.y);
    coley_program_rhs(m.program, WIDTH, m.t, m.y, m.work, m.dy);
    static const struct {
        const char *id;
        double amount, rate;
    } cases[] = {{"A", 12, 8}, {"B", 10, 36}, {"C", 6, 11}};
    for (size_t i = 0; i < 3; i++) {
        const size_t at =
            (size_t)coley_program_state_of(m.program, coley_network_symbol(m.network, cases[i].id)) * WIDTH;
        CHECK_NEAR(m.y[at], cases[i].amount, 1e-14);
        CHECK_NEAR(m.dy[at], cases[i].rate, 1e-14);
    }
    coley_arena_destroy(m.arena);
}

static void observed_values_are_those_of_the_rules(void)
{
    loaded m = load(hard);
    const coley_observer *observer;
    coley_error err = {0};
    const int32_t watched[3] = {coley_network_symbol(m.network, "V"), coley_network_symbol(m.network, "A"),
                                coley_network_symbol(m.network, "c0")};
    CHECK(coley_observer_compile(m.arena, m.program, watched, 3, &observer, &err) == COLEY_OK);
    move_states(&m, 4);
    double value[3 * WIDTH];
    coley_observe(observer, WIDTH, m.t, m.y, m.work, value);
    const int32_t a = coley_program_state_of(m.program, watched[1]),
                  c = coley_program_state_of(m.program, coley_network_symbol(m.network, "C"));
    for (size_t l = 0; l < WIDTH; l++) {
        const double V = 1 + 0.2 * m.y[(size_t)c * WIDTH + l];
        CHECK_NEAR(value[l], V, 1e-15);
        CHECK_NEAR(value[WIDTH + l], m.y[(size_t)a * WIDTH + l] / V, 1e-15);
    }
    coley_arena_destroy(m.arena);
}

static void every_instruction_set_gives_the_same_bits(void)
{
    enum { OPS = COLEY_OP_COUNT - 3 };
    static double a[(3 + OPS) * WIDTH], b[(3 + OPS) * WIDTH];
    coley_instruction tape[OPS];
    for (int i = 0; i < OPS; i++) tape[i] = (coley_instruction){(uint32_t)(i + 3), 3 + i, {0, 1, 2}};
    const coley_tape_kernels *best = coley_tape_best();
    printf("# portable against %s\n", best->name);
    FOR_ALL(200, seed)
    {
        for (size_t i = 0; i < 3 * WIDTH; i++)
            a[i] = b[i] = exp(6 * coley_rng_normal(seed, COLEY_STREAM_TEST, i, 9)) * (i % 5 ? 1 : -1);
        coley_tape_portable.run(tape, OPS, WIDTH, a);
        best->run(tape, OPS, WIDTH, b);
        for (size_t i = 0; i < (3 + OPS) * WIDTH; i++)
            CHECK(memcmp(&a[i], &b[i], sizeof a[i]) == 0 || (isnan(a[i]) && isnan(b[i])));
    }
}

int main(void)
{
    RUN(the_vector_program_agrees_with_the_naive_walk);
    RUN(the_symbolic_jacobian_agrees_with_differences);
    RUN(a_hill_term_at_zero_has_a_finite_derivative);
    RUN(a_switch_far_from_its_step_has_a_slope_of_nothing);
    RUN(initial_assignments_follow_changed_inputs);
    RUN(a_rate_rule_on_a_concentration_moves_the_amount_by_the_size);
    RUN(observed_values_are_those_of_the_rules);
    RUN(every_instruction_set_gives_the_same_bits);
    return check_done();
}
