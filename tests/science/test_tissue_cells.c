/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of a tissue against closed forms: forces, growth, death, movement, attack; and the same bits on any number of
 * threads. */
#include "tissue/tissue.h"

#include <stdlib.h>

#include "support/check.h"
#include "support/little_tissue.h"
#include "tissue/checkpoint.h"
#include "tissue/forces.h"
#include "tissue/tissue_parts.h"

static int at_once = 1; /* mechanics steps that tissues may take in one */

static coley_tissue *tissue_of(little_tissue *f, int n_threads)
{
    coley_tissue *t = NULL;
    coley_error err = {0};
    const coley_status status = coley_tissue_create(
        &f->model,
        (coley_tissue_options){
            .scheme = COLEY_FIELD_DELTA, .seed = 7, .n_threads = n_threads, .steps_at_once = at_once},
        &t, &err);
    if (status != COLEY_OK) printf("# %s\n", err.text);
    CHECK(status == COLEY_OK);
    return t;
}

static void run(coley_tissue *t, int steps)
{
    for (int i = 0; i < steps; i++) {
        coley_error err = {0};
        const coley_status status = coley_tissue_step(t, &err);
        CHECK(status == COLEY_OK);
        if (status != COLEY_OK) return;
    }
}

static void run_to(coley_tissue *t, double minutes)
{
    while (coley_tissue_time(t) < minutes - 1e-6) {
        coley_error err = {0};
        const coley_status status = coley_tissue_step(t, &err);
        CHECK(status == COLEY_OK);
        if (status != COLEY_OK) return;
    }
}

static double random_in(double low, double high)
{
    return low + (high - low) * rand() / RAND_MAX;
}

static void the_fast_forces_are_the_plain_ones(void)
{
    for (int plane = 0; plane < 2; plane++) {
        enum { N = 900 };
        little_tissue f = little_tissue_make(10, 10, plane ? 1 : 10, 1, 2, 0, N);
        *little_tissue_base(&f, 0, f.model.b.affinity + 1) = 0.3;
        *little_tissue_base(&f, 1, f.model.b.affinity) = 0.5;
        *little_tissue_base(&f, 1, f.model.b.repulsion) = 25;
        *little_tissue_base(&f, 1, f.model.b.reach) = 1.6;
        f.type[1].volume.total_um3 = 900;
        f.type[1].volume.nuclear_um3 = 200;
        srand(1);
        for (int i = 0; i < N; i++) {
            f.placed[i].type = i % 3 == 0;
            for (int a = 0; a < 3; a++) f.placed[i].at_um[a] = plane && a == 2 ? 0 : random_in(-99, 99);
        }
        /* Two at one place, and one in a corner. */
        memcpy(f.placed[1].at_um, f.placed[0].at_um, sizeof f.placed[0].at_um);
        f.placed[2].at_um[0] = f.placed[2].at_um[1] = -100;
        coley_tissue *t = tissue_of(&f, 2);
        CHECK(coley_neighbours_sort(t));
        const coley_force_view view = coley_neighbours_view(t);
        static double vx[N], vy[N], vz[N], pressure[N];
        coley_forces_naive(&view, N, vx, vy, vz, pressure);
        const coley_force_kernels *const kernels[] = {&coley_force_kernels_portable, coley_force_kernels_best()};
        static float first[N];
        for (int k = 0; k < 2; k++) {
            kernels[k]->feel(&view, 0, N);
            for (int i = 0; i < N; i++) {
                CHECK_NEAR((double)view.vx[i], vx[i], 3e-4);
                CHECK_NEAR((double)view.vy[i], vy[i], 3e-4);
                CHECK_NEAR((double)view.vz[i], vz[i], 3e-4);
                CHECK_NEAR((double)view.pressure[view.slot[i]], pressure[i], 1e-4);
                if (k == 0) first[i] = view.vx[i];
                CHECK(view.vx[i] == first[i]); /* the same bits on every processor */
            }
            for (size_t i = 0; i < N; i += 37) {
                uint32_t place[TOUCHING_MAX];
                const size_t n = kernels[k]->touching(&view, i, place, TOUCHING_MAX);
                size_t naive = 0;
                for (size_t j = 0; j < N; j++) {
                    const float dx = view.x[i] - view.x[j], dy = view.y[i] - view.y[j], dz = view.z[i] - view.z[j];
                    naive += i != j && sqrtf(dx * dx + dy * dy + dz * dz) < view.reach[i] + view.reach[j];
                }
                CHECK(n == naive);
            }
        }
        coley_tissue_destroy(t);
        little_tissue_clear(&f);
    }
}

static void affinities_that_rules_set_act_as_those_of_the_model(void)
{
    double gap[2];
    for (int by_rule = 0; by_rule < 2; by_rule++) {
        little_tissue f = little_tissue_make(5, 5, 5, 1, 1, 0, 2);
        little_tissue_rest(&f, 0);
        f.placed[1].at_um[0] = 10;
        *little_tissue_base(&f, 0, f.model.b.affinity) = by_rule ? 7 : 3;
        const coley_rule_term term = {.signal = f.model.s.volume, .half = 1e-3, .hill = 4};
        const coley_rule rule = {
            .behaviour = f.model.b.affinity, .base = 7, .maximum = 7, .minimum = 3, .n_terms = 1, .term = &term};
        f.model.rule = &rule;
        f.model.n_rules = (size_t)by_rule;
        coley_tissue *t = tissue_of(&f, 1);
        run(t, 3000);
        gap[by_rule] = fabs((double)(coley_tissue_cells(t)->x[0] - coley_tissue_cells(t)->x[1]));
        coley_tissue_destroy(t);
        little_tissue_clear(&f);
    }
    CHECK_NEAR(gap[0], gap[1], 1e-4);
    const double R = 2 * 8.4127105, r = sqrt(10.0), a = sqrt(0.4 * 3);
    CHECK_NEAR(gap[0], (r - a) / (r / R - a / (1.25 * R)), 2e-3);
}

/* Two equal cells rest where repulsion and adhesion cancel: d = (sqrt r - sqrt a) / (sqrt r / R - sqrt a / S). */
static void two_cells_come_to_rest_at_the_distance_of_the_closed_form(void)
{
    little_tissue f = little_tissue_make(5, 5, 5, 1, 1, 0, 2);
    little_tissue_rest(&f, 0);
    f.placed[0].at_um[0] = -5;
    f.placed[1].at_um[0] = 4;
    coley_tissue *t = tissue_of(&f, 1);
    run(t, 6000);
    const coley_cell_columns *c = coley_tissue_cells(t);
    const double R = 2 * (double)c->radius[0], S = 1.25 * R, r = sqrt(10.0), a = sqrt(0.4);
    CHECK_NEAR(fabs((double)(c->x[0] - c->x[1])), (r - a) / (r / R - a / S), 2e-3);
    CHECK_NEAR((double)(c->x[0] + c->x[1]), -1, 1e-4); /* the middle has not moved */
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
}

static void a_resting_cluster_presses_and_spreads_but_keeps_its_middle(void)
{
    little_tissue f = little_tissue_make(10, 10, 10, 1, 1, 0, 64);
    little_tissue_rest(&f, 0);
    for (int i = 0; i < 64; i++)
        for (int a = 0; a < 3; a++) f.placed[i].at_um[a] = 10.0 * ((i >> 2 * a & 3) - 1.5) + 0.1 * a * (i % 7);
    coley_tissue *t = tissue_of(&f, 2);
    run(t, 1);
    const coley_cell_columns *c = coley_tissue_cells(t);
    double before = 0, after = 0, middle[2][3] = {{0}};
    for (size_t i = 0; i < c->n; i++)
        before += (double)c->pressure[i], middle[0][0] += (double)c->x[i], middle[0][1] += (double)c->y[i];
    run(t, 1000);
    for (size_t i = 0; i < c->n; i++)
        after += (double)c->pressure[i], middle[1][0] += (double)c->x[i], middle[1][1] += (double)c->y[i];
    CHECK(before / 64 > 1 && after < 0.3 * before);
    CHECK_NEAR(middle[0][0], middle[1][0], 0.02);
    CHECK_NEAR(middle[0][1], middle[1][1], 0.02);
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
}

/* Places of a pressed cluster after some minutes, by the cells' numbers. */
static size_t spread_cluster(double step_min, int steps_at_once, double minutes, double *x)
{
    little_tissue f = little_tissue_make(10, 10, 10, 1, 1, 0, 64);
    little_tissue_rest(&f, 0);
    f.model.mechanics_min = step_min;
    for (int i = 0; i < 64; i++)
        for (int a = 0; a < 3; a++) f.placed[i].at_um[a] = 12.0 * ((i >> 2 * a & 3) - 1.5) + 0.1 * a * (i % 7);
    at_once = steps_at_once;
    coley_tissue *t = tissue_of(&f, 1);
    size_t calls = 0;
    while (coley_tissue_time(t) < minutes - 1e-6) run(t, 1), calls++;
    at_once = 1;
    const coley_cell_columns *c = coley_tissue_cells(t);
    for (size_t i = 0; i < c->n; i++) x[c->id[i]] = (double)c->x[i];
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
    return calls;
}

static double farthest(const double *x, const double *y)
{
    double worst = 0;
    for (int i = 0; i < 64; i++) worst = fmax(worst, fabs(x[i] - y[i]));
    return worst;
}

/* Steps taken at once must not cost more than a small part of a cell's 8.4 um, while the cluster moves and after. */
static void steps_taken_at_once_leave_cells_where_short_steps_leave_them(void)
{
    const double minutes[] = {6, 12, 60};
    for (int k = 0; k < 3; k++) {
        double exact[64], single[64], joined[64];
        spread_cluster(0.01, 1, minutes[k], exact);
        const size_t many = spread_cluster(0.1, 1, minutes[k], single),
                     few = spread_cluster(0.1, 5, minutes[k], joined);
        printf("# after %g min: %zu steps %.4f um off, %zu steps %.4f um\n", minutes[k], many, farthest(single, exact),
               few, farthest(joined, exact));
        CHECK(few < many / 2);
        CHECK(farthest(joined, exact) < 0.1);
    }
}

static void dividing_cells_multiply_at_their_rate_and_keep_their_size(void)
{
    enum { N = 300 };
    little_tissue f = little_tissue_make(60, 60, 60, 1, 1, 0, N);
    little_tissue_rest(&f, 0);
    f.model.mechanics_min = 1; /* few touch */
    const double rate = 0.001;
    *little_tissue_base(&f, 0, f.model.b.cycle_exit) = rate;
    srand(2);
    for (int i = 0; i < N; i++)
        for (int a = 0; a < 3; a++) f.placed[i].at_um[a] = random_in(-500, 500);
    coley_tissue *t = tissue_of(&f, 2);
    run(t, 1200); /* 1200 min: 200 phenotype steps */
    const coley_cell_columns *c = coley_tissue_cells(t);
    const double expected = N * pow(1 + rate * 6, 200), spread = sqrt(expected * (expected / N - 1));
    CHECK(fabs((double)c->n - expected) < 3.5 * spread);
    double volume = 0;
    for (size_t i = 0; i < c->n; i++) volume += (double)coley_cell_volume(c, i) / (double)c->n;
    CHECK(volume > 0.55 * 2494 && volume < 2494);
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
}

static void the_dead_shrink_and_are_gone_when_their_time_is_over(void)
{
    little_tissue f = little_tissue_make(5, 5, 5, 1, 1, 0, 10);
    little_tissue_rest(&f, 0);
    *little_tissue_base(&f, 0, f.model.b.apoptosis) = 1; /* at once */
    for (int i = 0; i < 10; i++) f.placed[i].at_um[0] = 4 * i - 20;
    coley_tissue *t = tissue_of(&f, 1);
    run(t, 1);
    CHECK(coley_tissue_cells(t)->n == 10);
    for (size_t i = 0; i < 10; i++) CHECK(coley_tissue_cells(t)->death[i] == COLEY_APOPTOTIC);
    run(t, 2400);
    CHECK(coley_tissue_cells(t)->n == 10);
    CHECK((double)coley_cell_volume(coley_tissue_cells(t), 0) < 0.5 * 2494);
    run(t, 2880); /* 528 min: more than 516 and a step */
    CHECK(coley_tissue_cells(t)->n == 0);
    CHECK(coley_tissue_tallied(t).removed == 10);
    run(t, 100); /* a tissue without cells goes on */
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
}

static void a_necrotic_cell_swells_until_it_bursts_and_then_shrinks(void)
{
    little_tissue f = little_tissue_make(5, 5, 5, 1, 1, 0, 1);
    little_tissue_rest(&f, 0);
    *little_tissue_base(&f, 0, f.model.b.necrosis) = 1;
    f.model.mechanics_min = 6;
    coley_tissue *t = tissue_of(&f, 1);
    double most = 0;
    int burst = 0;
    for (int i = 0; i < 1500; i++) {
        run(t, 1);
        const coley_cell_columns *c = coley_tissue_cells(t);
        most = fmax(most, (double)coley_cell_volume(c, 0));
        if (c->phase[0] == 1 && !burst) burst = i;
    }
    CHECK(burst > 5);
    CHECK(most > 1.9 * 2494 && most < 2.2 * 2494);
    CHECK((double)coley_cell_volume(coley_tissue_cells(t), 0) < 0.7 * most);
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
}

/* A persistent random walk: <r^2> = 2 v^2 P (t - P (1 - exp(-t / P))) (Fuerth 1920). */
static void walk_freely(void)
{
    enum { N = 1000 };
    little_tissue f = little_tissue_make(200, 200, 1, 1, 1, 0, N);
    little_tissue_rest(&f, 0);
    f.type[0].motile = f.type[0].plane_only = true;
    const double v = 2, P = 10, minutes = 100;
    const coley_behaviours *b = &f.model.b;
    *little_tissue_base(&f, 0, b->speed) = v;
    *little_tissue_base(&f, 0, b->persistence) = P;
    *little_tissue_base(&f, 0, b->bias) = 0;
    *little_tissue_base(&f, 0, b->repulsion) = 0;
    *little_tissue_base(&f, 0, b->adhesion) = 0;
    /* All start in the middle; each waits for its first turn, P on average: so begin to measure after 6 P. */
    coley_tissue *t = tissue_of(&f, 2);
    run_to(t, 6 * P);
    const coley_cell_columns *c = coley_tissue_cells(t);
    static float x[N], y[N];
    static uint32_t id[N];
    memcpy(x, c->x, sizeof x), memcpy(y, c->y, sizeof y), memcpy(id, c->id, sizeof id);
    static float x_of[N], y_of[N];
    for (int i = 0; i < N; i++) x_of[id[i]] = x[i], y_of[id[i]] = y[i];
    run_to(t, 6 * P + minutes);
    double square = 0;
    for (size_t i = 0; i < c->n; i++)
        square += pow((double)(c->x[i] - x_of[c->id[i]]), 2) + pow((double)(c->y[i] - y_of[c->id[i]]), 2);
    CHECK_NEAR(square / N, 2 * v * v * P * (minutes - P * (1 - exp(-minutes / P))), 0.1);
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
}

static void free_cells_walk_as_a_persistent_random_walk(void)
{
    for (at_once = 1; at_once <= 5; at_once += 4) walk_freely();
    at_once = 1;
}

static void cells_climb_a_gradient(void)
{
    enum { N = 200 };
    little_tissue f = little_tissue_make(60, 20, 1, 1, 1, 0, N);
    little_tissue_rest(&f, 0);
    f.substrate[0].face_fixed[COLEY_FACE_X_HIGH] = true;
    f.substrate[0].face_value[COLEY_FACE_X_HIGH] = 1;
    f.substrate[0].diffusion_um2_per_min = 1e5;
    f.type[0].motile = f.type[0].plane_only = true;
    f.type[0].chemotaxis = COLEY_CHEMOTAXIS_ONE;
    f.type[0].chemotaxis_sign = 1;
    *little_tissue_base(&f, 0, f.model.b.bias) = 0.5;
    *little_tissue_base(&f, 0, f.model.b.speed) = 1;
    *little_tissue_base(&f, 0, f.model.b.persistence) = 1;
    *little_tissue_base(&f, 0, f.model.b.repulsion) = 0;
    *little_tissue_base(&f, 0, f.model.b.adhesion) = 0;
    coley_tissue *t = tissue_of(&f, 2);
    run(t, 2000);
    double mean = 0;
    const coley_cell_columns *c = coley_tissue_cells(t);
    for (size_t i = 0; i < c->n; i++) mean += (double)c->x[i] / N;
    /* The mean of the unit vectors of (1/2, 0) + (1/2)(cos, sin) is 2 / pi along x. */
    CHECK(mean > 0.8 * 200 * 2 / M_PI && mean < 200 * 2 / M_PI + 4);
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
}

/* One attacker between targets: damage is the rate times the time of attack; a rule turns damage into death. */
static void an_attack_does_damage_and_damage_kills(void)
{
    little_tissue f = little_tissue_make(5, 5, 5, 1, 2, 0, 2);
    little_tissue_rest(&f, 0);
    little_tissue_rest(&f, 1);
    const coley_behaviours *b = &f.model.b;
    *little_tissue_base(&f, 1, b->attack) = 1e6; /* at the first touch */
    *little_tissue_base(&f, 1, b->attack_damage) = 0.5;
    *little_tissue_base(&f, 1, b->attack_duration) = 1e9;
    f.placed[1].type = 1;
    f.placed[1].at_um[0] = 12;
    const coley_rule_term term = {.signal = f.model.s.damage, .increases = true, .half = 20, .hill = 16};
    const coley_rule rule = {.behaviour = b->apoptosis, .maximum = 1, .n_terms = 1, .term = &term};
    f.model.rule = &rule;
    f.model.n_rules = 1;
    coley_tissue *t = tissue_of(&f, 1);
    run(t, 100);
    size_t n;
    coley_tissue_springs(t, &n);
    CHECK(n == 2);
    const coley_cell_columns *c = coley_tissue_cells(t);
    const size_t target = c->type[0] == 0 ? 0 : 1;
    CHECK_NEAR((double)c->damage[target], 0.5 * 10, 1e-3);
    CHECK_NEAR((double)c->delivered[1 - target], 0.5 * 10, 1e-3);
    CHECK(c->death[target] == COLEY_ALIVE);
    run(t, 600);
    int dead = 0;
    for (size_t i = 0; i < c->n; i++) dead += c->death[i] == COLEY_APOPTOTIC;
    CHECK(dead == 1);
    coley_tissue_springs(t, &n);
    CHECK(n == 0);
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
}

/* PD-1 on the attacker meets PD-L1 on the target; an antibody in the field frees the attack again. */
static void the_checkpoint_handshake_spares_and_an_antibody_lifts_it(void)
{
    double attacks[4];
    for (int arm = 0; arm < 4; arm++) { /* no ligand, ligand, ligand and antibody; the first with steps at once */
        enum { N = 400 };
        little_tissue f = little_tissue_make(80, 80, 1, 1, 2, 2, 2 * N);
        little_tissue_rest(&f, 0);
        little_tissue_rest(&f, 1);
        f.substrate[0].decay_per_min = 0;
        f.substrate[0].initial = arm == 2 ? 100 : 0;
        const coley_behaviours *b = &f.model.b;
        *little_tissue_base(&f, 1, b->attack) = 0.02;
        *little_tissue_base(&f, 1, b->attack_duration) = 1e9;
        *little_tissue_base(&f, 1, b->custom) = 1;                         /* PD-1 */
        *little_tissue_base(&f, 0, b->custom + 1) = arm % 3 == 0 ? 0 : 10; /* PD-L1 */
        f.type[1].checkpoint = (coley_checkpoint){.receptor = 0,
                                                  .ligand = 1,
                                                  .receptor_antibody = 0,
                                                  .ligand_antibody = -1,
                                                  .receptor_kd = 0.1,
                                                  .half = 1,
                                                  .hill = 2};
        for (int i = 0; i < N; i++) {
            const double x = 70 * (i % 20) - 700, y = 70 * (i / 20) - 700;
            f.placed[2 * i].at_um[0] = x, f.placed[2 * i].at_um[1] = y;
            f.placed[2 * i + 1].at_um[0] = x + 14, f.placed[2 * i + 1].at_um[1] = y;
            f.placed[2 * i + 1].type = 1;
        }
        at_once = arm == 3 ? 5 : 1;
        coley_tissue *t = tissue_of(&f, 2);
        run_to(t, 20);
        at_once = 1;
        attacks[arm] = (double)coley_tissue_tallied(t).attacks;
        coley_tissue_destroy(t);
        little_tissue_clear(&f);
    }
    const double free_share = 1 - exp(-0.02 * 20), held_share = 1 - exp(-0.02 * 20 / 101);
    CHECK(fabs(attacks[0] - 400 * free_share) < 4 * sqrt(400 * free_share));
    CHECK(fabs(attacks[1] - 400 * held_share) < 4 * sqrt(400 * held_share) + 1);
    CHECK(fabs(attacks[2] - attacks[0]) < 4 * sqrt(400 * free_share));
    CHECK(fabs(attacks[3] - 400 * free_share) < 4 * sqrt(400 * free_share));
}

static void a_phagocyte_takes_up_the_dead_and_their_volume(void)
{
    little_tissue f = little_tissue_make(5, 5, 5, 1, 2, 0, 2);
    little_tissue_rest(&f, 0);
    little_tissue_rest(&f, 1);
    *little_tissue_base(&f, 0, f.model.b.apoptosis) = 1;
    *little_tissue_base(&f, 1, f.model.b.eat_apoptotic) = 1e6;
    f.placed[1].type = 1;
    f.placed[1].at_um[0] = 12;
    coley_tissue *t = tissue_of(&f, 1);
    run(t, 1);
    CHECK(coley_tissue_tallied(t).eaten == 1);
    const coley_cell_columns *c = coley_tissue_cells(t);
    double live = 0;
    for (size_t i = 0; i < c->n; i++)
        if (!(c->mark[i] & COLEY_MARK_GONE)) live += (double)coley_cell_volume(c, i);
    CHECK(live > 1.5 * 2494);
    run(t, 60);
    CHECK(coley_tissue_cells(t)->n == 1);
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
}

/* Oxygen that comes from one face and is taken up everywhere is 38 exp(-x / L), L = sqrt(D / (uptake x share of
 * volume)): living cells as far as that is above 3.75 mmHg, dead ones behind it. Share of cells that died between two
 * depths. */
static double dead_between(double uptake, double from_um, double to_um)
{
    enum { NX = 40, NY = 5, N = NX * NY * NY };
    little_tissue f = little_tissue_make(30, 4, 4, 1, 1, 0, N);
    const coley_behaviours *b = &f.model.b;
    little_tissue_rest(&f, 0);
    *little_tissue_base(&f, 0, b->movable) = 0;
    *little_tissue_base(&f, 0, b->uptake) = uptake;
    f.substrate[0].diffusion_um2_per_min = 1e5;
    f.substrate[0].decay_per_min = 0;
    f.substrate[0].initial = 38;
    f.substrate[0].face_fixed[COLEY_FACE_X_LOW] = true;
    f.substrate[0].face_value[COLEY_FACE_X_LOW] = 38;
    const coley_rule_term term = {.signal = f.model.s.substrate, .half = 3.75, .hill = 8};
    const coley_rule rule = {.behaviour = b->necrosis, .base = 0.00278, .n_terms = 1, .term = &term};
    f.model.rule = &rule;
    f.model.n_rules = 1;
    for (int i = 0; i < N; i++) {
        f.placed[i].at_um[0] = -300 + 15 * (i % NX + 0.5);
        f.placed[i].at_um[1] = -40 + 16 * (i / NX % NY + 0.5);
        f.placed[i].at_um[2] = -40 + 16 * (i / NX / NY + 0.5);
    }
    at_once = 5;
    coley_tissue *t = tissue_of(&f, 1);
    run_to(t, 240);
    at_once = 1;
    const coley_cell_columns *c = coley_tissue_cells(t);
    double dead = 0, all = 0;
    for (size_t i = 0; i < c->n; i++) {
        const double depth = (double)c->x[i] + 300;
        if (depth < from_um || depth > to_um) continue;
        all++;
        dead += c->death[i] == COLEY_NECROTIC;
    }
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
    return dead / all;
}

static void cells_die_for_want_of_oxygen_behind_the_depth_of_the_closed_form(void)
{
    const double share = 2494 / (15.0 * 16 * 16), all = 1 - exp(-0.00278 * 240);
    for (int k = 0; k < 2; k++) { /* four times the uptake: half the depth */
        const double uptake = k ? 40 : 10, L = sqrt(1e5 / (uptake * share)), front = 10 + L * log(38 / 3.75);
        const double before = dead_between(uptake, 0, front - 0.6 * L),
                     behind = dead_between(uptake, front + 0.6 * L, 600);
        printf("# front at %.0f um: dead %.3f before it, %.3f behind it (%.3f with no oxygen)\n", front, before, behind,
               all);
        CHECK(before < 0.02);
        CHECK(fabs(behind - all) < 0.08);
    }
    CHECK(dead_between(0, 0, 600) == 0); /* what nobody takes up is there for all */
}

static size_t come_in(double minutes, bool by_substrate)
{
    static const double vessel[][3] = {{-90, -90, 0}, {90, -90, 0}, {-90, 90, 0}, {90, 90, 0}};
    little_tissue f = little_tissue_make(20, 20, 1, 1, 2, 0, 0);
    little_tissue_rest(&f, 0);
    little_tissue_rest(&f, 1);
    f.substrate[0].decay_per_min = 0;
    f.substrate[0].initial = 3;
    f.model.vessel_um = vessel;
    f.model.n_vessels = 4;
    f.type[1].recruitment =
        (coley_recruitment){.rate_per_min = 0.1, .substrate = by_substrate ? 0 : -1, .half = 6, .hill = 2};
    at_once = 5;
    coley_tissue *t = tissue_of(&f, 1);
    run_to(t, minutes);
    at_once = 1;
    const coley_cell_columns *c = coley_tissue_cells(t);
    for (size_t i = 0; i < c->n; i++) CHECK(c->type[i] == 1);
    CHECK(coley_tissue_tallied(t).recruited == c->n);
    const size_t n = c->n;
    coley_tissue_destroy(t);
    little_tissue_clear(&f);
    return n;
}

static void cells_come_in_from_vessels_at_the_rate_that_the_substrate_allows(void)
{
    const double all = 4 * 0.1 * 600, some = all / 5; /* 3^2 / (6^2 + 3^2) */
    CHECK(fabs((double)come_in(600, false) - all) < 4 * sqrt(all));
    CHECK(fabs((double)come_in(600, true) - some) < 4 * sqrt(some));
}

/* A small tumour with immune cells that move, attack, eat, divide and die under rules. */
static little_tissue busy_model(void)
{
    enum { N = 1500 };
    little_tissue f = little_tissue_make(15, 15, 15, 2, 2, 0, N);
    const coley_behaviours *b = &f.model.b;
    f.substrate[0].initial = 38;
    f.substrate[0].diffusion_um2_per_min = 1e5;
    for (int k = 0; k < 6; k++) f.substrate[0].face_fixed[k] = true, f.substrate[0].face_value[k] = 38;
    *little_tissue_base(&f, 0, b->uptake) = 10;
    *little_tissue_base(&f, 0, b->secretion + 1) = 1;
    *little_tissue_base(&f, 0, b->secretion_target + 1) = 1;
    *little_tissue_base(&f, 1, b->attack) = 0.2;
    *little_tissue_base(&f, 1, b->attack_duration) = 5;
    *little_tissue_base(&f, 1, b->eat_apoptotic) = 0.1;
    *little_tissue_base(&f, 1, b->attachment) = 0.01;
    *little_tissue_base(&f, 1, b->detachment) = 0.1;
    f.type[1].motile = true;
    f.type[1].chemotaxis = COLEY_CHEMOTAXIS_ONE;
    f.type[1].chemotaxis_substrate = 1;
    f.type[1].chemotaxis_sign = 1;
    coley_rule_term *term = COLEY_NEW(f.arena, coley_rule_term, 3);
    term[0] = (coley_rule_term){.signal = f.model.s.substrate, .increases = true, .half = 21.5, .hill = 4};
    term[1] = (coley_rule_term){.signal = f.model.s.pressure, .half = 1, .hill = 4};
    term[2] = (coley_rule_term){.signal = f.model.s.damage, .increases = true, .half = 1, .hill = 2};
    coley_rule *rule = COLEY_NEW(f.arena, coley_rule, 2);
    rule[0] = (coley_rule){.behaviour = b->cycle_exit, .base = 0.0005, .maximum = 0.01, .n_terms = 2, .term = term};
    rule[1] = (coley_rule){.behaviour = b->apoptosis, .maximum = 0.05, .n_terms = 1, .term = term + 2};
    f.model.rule = rule;
    f.model.n_rules = 2;
    static const double vessel[][3] = {{-100, 0, 0}, {100, 50, -20}};
    f.model.vessel_um = vessel;
    f.model.n_vessels = 2;
    f.type[1].recruitment = (coley_recruitment){.rate_per_min = 0.2, .substrate = 1, .half = 0.01, .hill = 1};
    srand(5);
    for (int i = 0; i < N; i++) {
        f.placed[i].type = i % 4 == 0;
        for (int a = 0; a < 3; a++) f.placed[i].at_um[a] = random_in(-140, 140);
    }
    return f;
}

static uint64_t bits_of(const coley_tissue *t)
{
    const coley_cell_columns *c = coley_tissue_cells(t);
    uint64_t hash = c->n;
    const float *columns[] = {c->x, c->y, c->z, c->vx, c->fluid, c->damage, c->pressure, c->mx};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        for (size_t i = 0; i < c->n; i++) {
            uint32_t bits;
            memcpy(&bits, &columns[k][i], 4);
            hash = (hash ^ bits) * 0x9e3779b97f4a7c15u;
        }
    const coley_grid *g = coley_fields_grid(coley_tissue_fields(t));
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < g->total; i++) {
            uint32_t bits;
            memcpy(&bits, &coley_fields_values(coley_tissue_fields(t), k)[i], 4);
            hash = (hash ^ bits) * 0x9e3779b97f4a7c15u;
        }
    return hash;
}

static void any_number_of_threads_gives_the_same_bits(void)
{
    uint64_t first = 0;
    for (int k = 0; k < 6; k++) {
        const int n_threads = k % 3 + 1;
        at_once = k < 3 ? 1 : 5;
        little_tissue f = busy_model();
        coley_tissue *t = tissue_of(&f, n_threads);
        run_to(t, 130);
        at_once = 1;
        const coley_tissue_tally tally = coley_tissue_tallied(t);
        CHECK(tally.births > 20 && tally.attacks > 50 && tally.deaths > 20 && tally.eaten > 5 && tally.recruited > 5);
        if (n_threads == 1) first = bits_of(t);
        CHECK(bits_of(t) == first);
        coley_tissue_destroy(t);
        little_tissue_clear(&f);
    }
}

static void a_run_that_was_stopped_goes_on_with_the_same_bits(void)
{
    for (int k = 0; k < 6; k++) {
        at_once = k < 3 ? 1 : 5;
        const double stop = 35.9 + 0.1 * (k % 3); /* around a phenotype step */
        little_tissue f = busy_model();
        coley_tissue *whole = tissue_of(&f, 2);
        run_to(whole, 60);
        coley_tissue *first = tissue_of(&f, 1), *second = tissue_of(&f, 3);
        coley_arena *arena = coley_arena_create();
        char *bytes;
        size_t length;
        coley_error err;
        run_to(first, stop);
        CHECK(coley_tissue_save(first, arena, &bytes, &length, &err) == COLEY_OK);
        CHECK(coley_tissue_restore(second, "checkpoint", bytes, length, &err) == COLEY_OK);
        CHECK(bits_of(second) == bits_of(first));
        run_to(second, 60);
        CHECK(bits_of(second) == bits_of(whole));
        bytes[length / 2] ^= 1;
        coley_tissue *third = tissue_of(&f, 1);
        CHECK(coley_tissue_restore(third, "checkpoint", bytes, length, &err) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, "damaged");
        CHECK(coley_tissue_restore(third, "checkpoint", bytes, 100, &err) == COLEY_ERR_INPUT);
        coley_tissue_destroy(first), coley_tissue_destroy(second), coley_tissue_destroy(third);
        coley_arena_destroy(arena);
        coley_tissue_destroy(whole);
        little_tissue_clear(&f);
        at_once = 1;
    }
}

int main(void)
{
    RUN(the_fast_forces_are_the_plain_ones);
    RUN(affinities_that_rules_set_act_as_those_of_the_model);
    RUN(two_cells_come_to_rest_at_the_distance_of_the_closed_form);
    RUN(a_resting_cluster_presses_and_spreads_but_keeps_its_middle);
    RUN(steps_taken_at_once_leave_cells_where_short_steps_leave_them);
    RUN(dividing_cells_multiply_at_their_rate_and_keep_their_size);
    RUN(the_dead_shrink_and_are_gone_when_their_time_is_over);
    RUN(a_necrotic_cell_swells_until_it_bursts_and_then_shrinks);
    RUN(free_cells_walk_as_a_persistent_random_walk);
    RUN(cells_climb_a_gradient);
    RUN(an_attack_does_damage_and_damage_kills);
    RUN(the_checkpoint_handshake_spares_and_an_antibody_lifts_it);
    RUN(a_phagocyte_takes_up_the_dead_and_their_volume);
    RUN(cells_die_for_want_of_oxygen_behind_the_depth_of_the_closed_form);
    RUN(cells_come_in_from_vessels_at_the_rate_that_the_substrate_allows);
    RUN(any_number_of_threads_gives_the_same_bits);
    RUN(a_run_that_was_stopped_goes_on_with_the_same_bits);
    return check_done();
}
