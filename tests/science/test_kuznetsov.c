/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kuznetsov et al. 1994, Bull Math Biol 56:295: the published SBML file, unchanged, rests where the paper's equations
 * do,
 *
 *   E' = s + p E T / (g + T) - m E T - d E
 *   T' = a T (1 - b T) - n E T
 *
 * at E = s / d without a tumour and at the roots of (a / n) (1 - b T) (d + m T - p T / (g + T)) = s with one. */
#include "model/program.h"
#include "model/sbml.h"
#include "support/check.h"

static const double p = 0.1245, g = 2.019e7, m = 3.422e-10, n = 1.101e-7, d = 0.0412, s = 1.3e4, a = 0.18, b = 2e-9;

typedef struct model {
    coley_arena *arena;
    coley_network *network;
    const coley_program *program;
    double t[8];
    double *y, *dy, *jacobian;
    void *work;
} model;

static int load(model *k)
{
    coley_error err = {0};
    *k = (model){.arena = coley_arena_create()};
    const coley_status status = coley_sbml_load(
        k->arena, COLEY_SOURCE_DIR "/examples/03-sbml-model/BIOMD0000000762_Kuznetsov1994.xml", &k->network, &err);
    if (status != COLEY_OK || coley_program_compile(k->arena, k->network, &k->program, &err) != COLEY_OK) {
        printf("# %s\n", err.text);
        return status == COLEY_ERR_UNSUPPORTED ? -1 : 0;
    }
    const size_t n_inputs = coley_program_input_count(k->program);
    double *inputs = COLEY_NEW(k->arena, double, 8 * n_inputs);
    k->y = COLEY_NEW(k->arena, double, 8 * 2);
    k->dy = COLEY_NEW(k->arena, double, 8 * 2);
    k->jacobian = COLEY_NEW(k->arena, double, 8 * 4);
    k->work = coley_arena_alloc(k->arena, coley_program_work_size(k->program, 8));
    for (size_t i = 0; i < 8 * n_inputs; i++) inputs[i] = coley_program_input_default(k->program)[i / 8];
    coley_program_initial(k->program, 8, NULL, inputs, k->work, k->y);
    return coley_program_state_count(k->program) == 2;
}

static size_t state(const model *k, const char *id)
{
    return 8 * (size_t)coley_program_state_of(k->program, coley_network_symbol(k->network, id));
}

static double balance(double T)
{
    return a / n * (1 - b * T) * (d + m * T - p * T / (g + T)) - s;
}

static double root_between(double low, double high)
{
    for (int i = 0; i < 200; i++) {
        const double middle = 0.5 * (low + high);
        *((balance(low) > 0) == (balance(middle) > 0) ? &low : &high) = middle;
    }
    return low;
}

static void the_file_holds_the_equations_of_the_paper(void)
{
    model k;
    CHECK(load(&k) == 1);
    const size_t e = state(&k, "E"), t = state(&k, "T");
    for (double T = 1; T < 1e9; T *= 10)
        for (double E = 1; E < 1e8; E *= 10) {
            k.y[e] = E;
            k.y[t] = T;
            coley_program_rhs(k.program, 8, k.t, k.y, k.work, k.dy);
            CHECK_NEAR(k.dy[e], s + p * E * T / (g + T) - m * E * T - d * E, 1e-12 * (1 + p * E));
            CHECK_NEAR(k.dy[t], a * T * (1 - b * T) - n * E * T, 1e-12 * (1 + a * T));
        }
    coley_arena_destroy(k.arena);
}

/* Trace and determinant of the Jacobian say what kind of rest it is. */
static void rests(model *k, double E, double T, int stable)
{
    const size_t e = state(k, "E"), t = state(k, "T");
    k->y[e] = E;
    k->y[t] = T;
    coley_program_rhs(k->program, 8, k->t, k->y, k->work, k->dy);
    CHECK(fabs(k->dy[e]) < 1e-9 * s && fabs(k->dy[t]) < 1e-9 * (1 + a * T));
    double ft[8 * 2];
    coley_program_jacobian(k->program, 8, k->t, k->y, k->work, k->jacobian, ft);
    const double trace = k->jacobian[0] + k->jacobian[3 * 8],
                 determinant = k->jacobian[0] * k->jacobian[3 * 8] - k->jacobian[8] * k->jacobian[2 * 8];
    CHECK((trace < 0 && determinant > 0) == stable);
}

static void it_rests_at_four_points_and_two_of_them_hold(void)
{
    model k;
    CHECK(load(&k) == 1);
    const double dormant = root_between(1e6, 5e7), saddle = root_between(1e8, 3.5e8), large = root_between(4e8, 4.9e8);
    CHECK_NEAR(dormant, 8.186e6, 1e-3);
    rests(&k, s / d, 0, 0);
    rests(&k, a / n * (1 - b * dormant), dormant, 1);
    rests(&k, a / n * (1 - b * saddle), saddle, 0);
    rests(&k, a / n * (1 - b * large), large, 1);
    coley_arena_destroy(k.arena);
}

int main(void)
{
    model k;
    const int found = load(&k);
    coley_arena_destroy(k.arena);
    if (found < 0) {
        printf("1..0 # SKIP built without libSBML\n");
        return 0;
    }
    RUN(the_file_holds_the_equations_of_the_paper);
    RUN(it_rests_at_four_points_and_two_of_them_hold);
    return check_done();
}
