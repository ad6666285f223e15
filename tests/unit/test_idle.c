/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which states stay 0 by themselves, and the program of the others: the bits of the whole. */
#include "model/idle.h"

#include <math.h>

#include "support/check.h"
#include "support/solving.h"

enum { WIDTH = 16 };

/* A body, two drugs with an effect that lasts, and a virus that lives on cells. */
static const char modules[] =
    "model m()\n"
    "  T = 5; E = 2; T' = 0.3*T*(1 - T/K)*(1 - 0.5*A_effect) - 0.1*E*T/(1 + T + B) - infect*T*V; K = 40;\n"
    "  E' = 0.2*T*(1 + A/(A + 3))/(1 + T) - 0.4*E*exp(-B);\n"
    "  A = 0; P = 0; A_effect = 0; A' = -0.5*A - 0.2*A + 0.1*P; P' = 0.2*A - 0.1*P;\n"
    "  A_effect' = 0.3*(A*A/(A*A + 4) - A_effect);\n"
    "  B = 0; late = 0; B' = -k*B; late' = k*B - 0.05*late; k = 0.3;\n"
    "  V = 0; I = 0; infect = 0.02; V' = 8*I - V - infect*T*V; I' = infect*T*V*(1 - A_effect) - 0.5*I;\n"
    "  fed = 0; fed' = 0.1*T - fed; root = 0; root' = 0.2*root^0.3 - root*late;\n"
    "end\n";

static void mark(const solving *s, unsigned char *zero, const char *names)
{
    char text[200], *next = NULL;
    memset(zero, 0, s->system.n);
    snprintf(text, sizeof text, "%s", names);
    for (char *name = strtok_r(text, " ", &next); name; name = strtok_r(NULL, " ", &next))
        zero[solving_state(s, name)] = 1;
}

/* `given` is narrowed to `left`. */
static int narrows(const char *given, const char *left)
{
    solving s = solving_of(modules, strlen(modules));
    unsigned char zero[32], want[32];
    mark(&s, zero, given);
    mark(&s, want, left);
    coley_idle *idle = coley_idle_create(s.arena, s.program);
    coley_idle_narrow(idle, zero);
    const int good = !memcmp(zero, want, s.system.n);
    coley_arena_destroy(s.arena);
    return good;
}

static void a_module_is_idle_when_nothing_outside_it_feeds_it(void)
{
    CHECK(narrows("A P A_effect", "A P A_effect"));
    CHECK(narrows("B late", "B late"));
    CHECK(narrows("V I A P A_effect B late", "V I A P A_effect B late"));
    CHECK(narrows("", ""));
}

static void a_state_that_another_one_moves_is_not_idle(void)
{
    CHECK(narrows("fed", ""));
    CHECK(narrows("P A_effect", ""));  /* A is there */
    CHECK(narrows("A A_effect", ""));  /* P comes back from tissue, and then A acts */
    CHECK(narrows("late V I", "V I")); /* B turns into it */
    CHECK(narrows("I A P A_effect", "A P A_effect"));
}

/* Whether state y of a small model is left out when it is 0. */
static int leaves_out_y(const char *text)
{
    solving s = solving_of(text, strlen(text));
    unsigned char zero[8] = {0};
    zero[solving_state(&s, "y")] = 1;
    coley_idle *idle = coley_idle_create(s.arena, s.program);
    coley_idle_narrow(idle, zero);
    const int left_out = zero[solving_state(&s, "y")];
    coley_arena_destroy(s.arena);
    return left_out;
}

static void what_may_be_no_number_there_is_not_left_out(void)
{
    CHECK(leaves_out_y("model m() x = 1; y = 0; x' = -x*y; y' = -y*x; end"));
    CHECK(!leaves_out_y("model m() x = 1; y = 0; x' = -x + 1/y; y' = -y; end"));
    CHECK(!leaves_out_y("model m() x = 1; y = 0; x' = -x; y' = -y*ln(y); end"));
    CHECK(!leaves_out_y("model m() x = 1; y = 0; x' = y^h; y' = -y; h = -0.5; end"));
    CHECK(leaves_out_y("model m() x = 1; y = 0; x' = -x + sqrt(y); y' = -y^0.3; end")); /* slopes at 0 count as 0 */
    CHECK(leaves_out_y("model m() x = 1; y = 0; x' = -x*ln(1 + y); y' = -y*ln(y + x); end"));
}

/* Everything of the whole program at random states with 0 in those of `names`, against the part without them. */
static void same_bits(const char *names)
{
    solving s = solving_of(modules, strlen(modules));
    unsigned char zero[32];
    mark(&s, zero, names);
    coley_idle *idle = coley_idle_create(s.arena, s.program);
    coley_idle_narrow(idle, zero);
    const coley_awake_program *a = coley_awake_make(s.arena, idle, zero);
    CHECK(a != NULL);
    const size_t n = s.system.n, n_values = (size_t)s.system.row_start[n], n_inputs = s.system.n_inputs;
    double *inputs = COLEY_NEW(s.arena, double, n_inputs *WIDTH), *y = COLEY_NEW(s.arena, double, n *WIDTH);
    double *plus = COLEY_NEW(s.arena, double, n *WIDTH), *dy = COLEY_NEW(s.arena, double, n *WIDTH);
    double *part = COLEY_NEW(s.arena, double, n *WIDTH), *t = COLEY_NEW(s.arena, double, WIDTH);
    double *jacobian = COLEY_NEW(s.arena, double, n_values *WIDTH),
           *slope = COLEY_NEW(s.arena, double, n_values *WIDTH);
    void *work = coley_arena_alloc(s.arena, coley_program_work_size(s.program, WIDTH));
    for (size_t i = 0; i < n_inputs; i++)
        for (size_t l = 0; l < WIDTH; l++) {
            const double some = 0.5 + coley_rng_uniform(3, COLEY_STREAM_TEST, i, l);
            inputs[i * WIDTH + l] = coley_program_input_default(s.program)[i] * some;
        }
    coley_program_initial(s.program, WIDTH, NULL, inputs, work, y);
    size_t n_awake = 0, differ = 0, n_slopes = 0;
    for (size_t k = 0; k < n * WIDTH; k++) {
        y[k] = zero[k / WIDTH] ? 0 : 10 * coley_rng_uniform(4, COLEY_STREAM_TEST, k, 0);
        plus[k] = coley_rng_normal(5, COLEY_STREAM_TEST, k, 0);
        part[k] = 77;
    }
    coley_program_rhs_plus(s.program, WIDTH, t, y, work, plus, dy);
    coley_awake_rhs(a, WIDTH, t, y, work, plus, part);
    for (size_t k = 0; k < n * WIDTH; k++) differ += zero[k / WIDTH] ? part[k] != 77 : part[k] != dy[k];
    coley_program_rhs(s.program, WIDTH, t, y, work, dy);
    coley_awake_rhs(a, WIDTH, t, y, work, NULL, part);
    for (size_t k = 0; k < n * WIDTH; k++) differ += zero[k / WIDTH] ? part[k] != 77 || dy[k] != 0 : part[k] != dy[k];
    coley_program_jacobian(s.program, WIDTH, t, y, work, jacobian, dy);
    coley_awake_jacobian(a, WIDTH, t, y, work, slope, part);
    for (size_t v = 0; v < n; v++) {
        if (zero[v]) continue;
        const size_t row = n_awake++;
        CHECK(a->state[row] == (int32_t)v);
        int32_t k = a->row_start[row];
        for (int32_t e = s.system.row_start[v]; e < s.system.row_start[v + 1]; e++) {
            const int32_t j = s.system.column[e];
            if (zero[j]) continue;
            const int there = k < a->row_start[row + 1] && a->state[a->column[k]] == j;
            for (size_t l = 0; l < WIDTH; l++) {
                const double value = there ? slope[(size_t)k * WIDTH + l] : 0;
                differ += value != jacobian[(size_t)e * WIDTH + l];
            }
            k += there;
            n_slopes += (size_t)there;
        }
        CHECK(k == a->row_start[row + 1]);
    }
    CHECK(differ == 0);
    CHECK(n_awake == a->n && n_slopes == (size_t)a->row_start[a->n]);
    coley_arena_destroy(s.arena);
}

static void what_is_left_has_the_bits_of_the_whole(void)
{
    same_bits("A P A_effect");
    same_bits("B late");
    same_bits("V I");
    same_bits("A P A_effect B late V I");
    same_bits("");
}

static void fewer_operations_are_left(void)
{
    solving s = solving_of(modules, strlen(modules));
    unsigned char all[32] = {0}, zero[32];
    coley_idle *idle = coley_idle_create(s.arena, s.program);
    const coley_awake_program *whole = coley_awake_make(s.arena, idle, all);
    mark(&s, zero, "A P A_effect B late V I");
    const coley_awake_program *part = coley_awake_make(s.arena, idle, zero);
    CHECK(part->rhs.n * 2 < whole->rhs.n && part->jacobian.n * 2 < whole->jacobian.n);
    CHECK(part->n + 7 == whole->n && whole->n == s.system.n);
    coley_arena_destroy(s.arena);
}

int main(void)
{
    RUN(a_module_is_idle_when_nothing_outside_it_feeds_it);
    RUN(a_state_that_another_one_moves_is_not_idle);
    RUN(what_may_be_no_number_there_is_not_left_out);
    RUN(what_is_left_has_the_bits_of_the_whole);
    RUN(fewer_operations_are_left);
    return check_done();
}
