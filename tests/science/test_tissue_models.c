/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tissue models that come with Coley: what a pathologist and intravital imaging see, as directions. */
#include "support/check.h"
#include "tissue/physicell_xml.h"
#include "tissue/tissue.h"

typedef struct piece {
    coley_arena *arena;
    coley_tissue_model model;
    coley_tissue *tissue;
} piece;

static piece read_model(const char *path)
{
    piece p = {.arena = coley_arena_create()};
    coley_error err = {0};
    const coley_status status = coley_physicell_read(p.arena, path, (coley_physicell_options){0}, &p.model, &err);
    if (status != COLEY_OK) printf("# %s\n", err.text);
    CHECK(status == COLEY_OK);
    return p;
}

static void run(piece *p, double until_min)
{
    coley_error err = {0};
    if (!p->tissue)
        CHECK(coley_tissue_create(
                  &p->model,
                  (coley_tissue_options){.scheme = COLEY_FIELD_DELTA, .seed = 1, .n_threads = 1, .steps_at_once = 5},
                  &p->tissue, &err) == COLEY_OK);
    while (p->tissue && coley_tissue_time(p->tissue) < until_min - 0.05)
        if (coley_tissue_step(p->tissue, &err) != COLEY_OK) {
            CHECK(false);
            return;
        }
}

static piece run_model(const char *path, double until_min)
{
    piece p = read_model(path);
    run(&p, until_min);
    return p;
}

static void clear(piece *p)
{
    coley_tissue_destroy(p->tissue);
    coley_arena_destroy(p->arena);
}

static int type_of(const piece *p, const char *name)
{
    for (size_t i = 0; i < p->model.n_types; i++)
        if (strcmp(p->model.type[i].name, name) == 0) return (int)i;
    CHECK(false);
    return 0;
}

static double distance(const coley_cell_columns *c, size_t i)
{
    return sqrt((double)(c->x[i] * c->x[i] + c->y[i] * c->y[i] + c->z[i] * c->z[i]));
}

/* Living cells of a type within a distance of the middle. */
static int live_within(const piece *p, const char *name, double um)
{
    const coley_cell_columns *c = coley_tissue_cells(p->tissue);
    const int type = type_of(p, name);
    int n = 0;
    for (size_t i = 0; i < c->n; i++) n += c->type[i] == type && c->death[i] == COLEY_ALIVE && distance(c, i) < um;
    return n;
}

static int live(const piece *p, const char *name)
{
    return live_within(p, name, 1e9);
}

static int placed(const piece *p, const char *name)
{
    const int type = type_of(p, name);
    int n = 0;
    for (size_t i = 0; i < p->model.n_placed; i++) n += p->model.placed[i].type == type;
    return n;
}

static double mean_pd_l1(const piece *p)
{
    const coley_cell_columns *c = coley_tissue_cells(p->tissue);
    const int tumour = type_of(p, "tumour");
    double sum = 0, n = 0;
    int column = p->model.b.custom;
    for (size_t k = 0; k < p->model.n_custom; k++)
        if (strcmp(p->model.custom[k].name, "PD_L1") == 0) column += (int)k;
    for (size_t i = 0; i < c->n; i++)
        if (c->type[i] == tumour && c->death[i] == COLEY_ALIVE) {
            sum += (double)coley_tissue_behaviour(p->tissue, i, column);
            n++;
        }
    return sum / n;
}

static void with_the_antibody_against_pd1_t_cells_kill_two_to_sixteen_a_day_without_it_hardly_any(void)
{
    piece with = run_model("models/tissue/anti_pd1/settings.xml", 480),
          without = run_model("models/tissue/anti_pd1/without_antibody.xml", 480);
    const int start = placed(&with, "tumour");
    CHECK(live(&without, "tumour") > 0.9 * start);
    CHECK(live(&with, "tumour") < 0.9 * start);
    /* Against cells without MHC it does nothing for CD8 T cells. */
    CHECK(live(&with, "MHC-low tumour") > 0.8 * placed(&with, "MHC-low tumour"));
    CHECK(coley_tissue_tallied(with.tissue).attacks > 3 * coley_tissue_tallied(without.tissue).attacks);
    /* As intravital imaging counts, where targets are not short. */
    const double killers = live_within(&with, "CD8 T cell", 220) + live_within(&with, "exhausted CD8 T cell", 220),
                 rate = (start - live(&with, "tumour")) / killers / (480.0 / 1440);
    printf("# %.1f kills a T cell in the nest and day\n", rate);
    CHECK(rate > 2 && rate < 16);
    clear(&with);
    clear(&without);
}

static void the_same_t_cells_are_in_an_inflamed_nest_and_not_in_an_excluded_one(void)
{
    piece inflamed = run_model("models/tissue/inflamed/settings.xml", 480),
          excluded = run_model("models/tissue/excluded/settings.xml", 480);
    CHECK(placed(&inflamed, "CD8 T cell") == placed(&excluded, "CD8 T cell"));
    const int in = live_within(&inflamed, "CD8 T cell", 200), out = live_within(&excluded, "CD8 T cell", 200);
    printf("# CD8 T cells in the nest: %d inflamed, %d excluded\n", in, out);
    CHECK(in > 3 * out);
    /* In cells/mm2, as pathologists count: 200 to 3000 in inflamed nests. */
    const double area_mm2 = 3.14159 * 0.2 * 0.2;
    CHECK(in / area_mm2 > 200 && in / area_mm2 < 3000);
    /* Killing raises PD-L1 where it happens. */
    const double pd_l1 = mean_pd_l1(&inflamed), pd_l1_out = mean_pd_l1(&excluded);
    printf("# PD-L1 of tumour cells: %.2f inflamed, %.2f excluded, 0.05 at the start\n", pd_l1, pd_l1_out);
    CHECK(pd_l1 > 2 * pd_l1_out);
    clear(&inflamed);
    clear(&excluded);
}

static void without_its_fibroblasts_an_excluded_tumour_is_let_in(void)
{
    piece p = read_model("models/tissue/excluded/settings.xml");
    const int fibroblast = type_of(&p, "fibroblast");
    coley_place_cell *kept = COLEY_NEW(p.arena, coley_place_cell, p.model.n_placed);
    size_t n = 0;
    for (size_t i = 0; i < p.model.n_placed; i++)
        if (p.model.placed[i].type != fibroblast) kept[n++] = p.model.placed[i];
    p.model.placed = kept;
    p.model.n_placed = n;
    run(&p, 480);
    const int in = live_within(&p, "CD8 T cell", 200);
    printf("# CD8 T cells in the nest: %d\n", in);
    CHECK(in > 30);
    clear(&p);
}

static void a_desert_grows_as_if_there_were_no_t_cells(void)
{
    piece p = run_model("models/tissue/desert/settings.xml", 480);
    CHECK(live(&p, "tumour") >= placed(&p, "tumour"));
    CHECK(live_within(&p, "CD8 T cell", 200) / (3.14159 * 0.2 * 0.2) < 50); /* cells/mm2 */
    clear(&p);
}

static void car_t_cells_kill_what_has_the_antigen_and_leave_the_rest(void)
{
    piece p = run_model("models/tissue/car_t/settings.xml", 360);
    CHECK(live(&p, "antigen-high tumour") < 0.95 * placed(&p, "antigen-high tumour"));
    CHECK(live(&p, "antigen-free tumour") > 0.95 * placed(&p, "antigen-free tumour"));
    CHECK(live(&p, "CAR-T cell") > placed(&p, "CAR-T cell")); /* they divide */
    clear(&p);
}

static void farthest_infected(const piece *p, double *um)
{
    const coley_cell_columns *c = coley_tissue_cells(p->tissue);
    const int type = type_of(p, "infected tumour");
    *um = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->type[i] == type && distance(c, i) > *um) *um = distance(c, i);
}

static void a_virus_spreads_from_where_it_was_given_and_cell_by_cell(void)
{
    piece p = read_model("models/tissue/oncolytic_virus/settings.xml");
    double at[3];
    const double hour[3] = {1, 12, 30};
    for (int k = 0; k < 3; k++) {
        run(&p, 60 * hour[k]);
        farthest_infected(&p, &at[k]);
    }
    printf("# the front: %.0f, %.0f, %.0f um\n", at[0], at[1], at[2]);
    CHECK(at[0] < 60 && at[1] > at[0] + 20 && at[2] > at[1] + 20);
    /* A focus with a front, not a mist: the rim of the nest is still free of it. */
    CHECK(at[2] < 230);
    CHECK(live(&p, "infected tumour") > placed(&p, "infected tumour"));
    clear(&p);
}

static void nk_cells_need_the_antibody_and_its_antigen(void)
{
    piece with = run_model("models/tissue/adcc/settings.xml", 600),
          without = run_model("models/tissue/adcc/without_antibody.xml", 600);
    CHECK(live(&with, "HER2-high tumour") < 0.9 * placed(&with, "HER2-high tumour"));
    CHECK(live(&without, "HER2-high tumour") > 0.95 * placed(&without, "HER2-high tumour"));
    CHECK(live(&with, "HER2-low tumour") > 0.9 * placed(&with, "HER2-low tumour"));
    clear(&with);
    clear(&without);
}

/* Tumour cells of the inflamed model far from each other, each with so many CD8 T cells at it; the share that is dead
 * after some hours (the dead are still to be seen then). */
static double killed(int n_around, double hours)
{
    enum { SIDE = 7 };
    piece p = read_model("models/tissue/inflamed/settings.xml");
    const coley_behaviours *b = &p.model.b;
    const int tumour = type_of(&p, "tumour"), cd8 = type_of(&p, "CD8 T cell");
    coley_place_cell place[SIDE * SIDE * 4] = {0};
    size_t n = 0;
    for (int k = 0; k < SIDE * SIDE; k++) {
        const double x = 110.0 * (k % SIDE - SIDE / 2), y = 110.0 * (k / SIDE - SIDE / 2);
        place[n++] = (coley_place_cell){.at_um = {x, y}, .type = tumour};
        for (int c = 0; c < n_around; c++)
            place[n++] = (coley_place_cell){.at_um = {x + 12 * cos(2.1 * c), y + 12 * sin(2.1 * c)}, .type = cd8};
    }
    p.model.placed = place;
    p.model.n_placed = n;
    /* They stay, as those that have found antigen do; nobody divides. */
    double *t_cell = p.model.base + (size_t)cd8 * (size_t)b->count;
    t_cell[b->speed] = 0;
    p.model.base[(size_t)tumour * (size_t)b->count + (size_t)b->cycle_exit] = 0;
    coley_rule *rule = COLEY_NEW(p.arena, coley_rule, p.model.n_rules);
    size_t n_rules = 0;
    for (size_t k = 0; k < p.model.n_rules; k++)
        if (p.model.rule[k].behaviour != b->speed && p.model.rule[k].behaviour != b->cycle_exit)
            rule[n_rules++] = p.model.rule[k];
    p.model.rule = rule;
    p.model.n_rules = n_rules;
    t_cell[b->adhesion] = 10;
    run(&p, 60 * hours);
    const coley_cell_columns *c = coley_tissue_cells(p.tissue);
    double dead = 0, all = 0;
    for (size_t i = 0; i < c->n; i++) {
        all += c->type[i] == tumour;
        dead += c->type[i] == tumour && c->death[i] != COLEY_ALIVE;
    }
    const double share = dead / all;
    clear(&p);
    return share;
}

static void one_t_cell_alone_mostly_fails_and_three_together_kill(void)
{
    const double none = killed(0, 4), one = killed(1, 4), three = killed(3, 4);
    printf("# dead after 4 h: %.2f with none, %.2f with one, %.2f with three\n", none, one, three);
    CHECK(none < 0.1);
    CHECK(one < 0.5);
    CHECK(three > 0.6);
}

/* Naive T cells come in where chemokine is, become effector cells at dendritic cells alone, and pass loose matrix only.
 */
static void naive_t_cells_come_in_are_primed_and_are_held_by_dense_matrix(void)
{
    enum { LOOSE, DENSE, NO_DENDRITIC, NO_CHEMOKINE, ARMS };
    int naive[ARMS], primed[ARMS], nest[ARMS];
    for (int arm = 0; arm < ARMS; arm++) {
        piece p = read_model(arm == DENSE ? "models/tissue/recruited/dense_matrix.xml"
                                          : "models/tissue/recruited/settings.xml");
        if (arm == NO_DENDRITIC) p.model.n_placed -= (size_t)placed(&p, "dendritic cell"); /* they are the last */
        if (arm == NO_CHEMOKINE) p.model.base[type_of(&p, "tumour") * p.model.b.count + p.model.b.secretion] = 0;
        run(&p, arm == LOOSE || arm == DENSE ? 1440 : 480);
        naive[arm] = live(&p, "naive CD8 T cell");
        primed[arm] = live(&p, "CD8 T cell");
        nest[arm] = live_within(&p, "CD8 T cell", 210) + live_within(&p, "naive CD8 T cell", 210);
        clear(&p);
    }
    printf("# T cells in the nest after a day: %d through loose matrix, %d through dense\n", nest[LOOSE], nest[DENSE]);
    CHECK(nest[LOOSE] > 3 * nest[DENSE] && nest[LOOSE] > 20);
    CHECK(primed[LOOSE] > 20);
    CHECK(naive[NO_DENDRITIC] > 20 && primed[NO_DENDRITIC] == 0);
    CHECK(naive[NO_CHEMOKINE] == 0);
}

int main(void)
{
    RUN(with_the_antibody_against_pd1_t_cells_kill_two_to_sixteen_a_day_without_it_hardly_any);
    RUN(the_same_t_cells_are_in_an_inflamed_nest_and_not_in_an_excluded_one);
    RUN(without_its_fibroblasts_an_excluded_tumour_is_let_in);
    RUN(a_desert_grows_as_if_there_were_no_t_cells);
    RUN(car_t_cells_kill_what_has_the_antigen_and_leave_the_rest);
    RUN(a_virus_spreads_from_where_it_was_given_and_cell_by_cell);
    RUN(nk_cells_need_the_antibody_and_its_antigen);
    RUN(one_t_cell_alone_mostly_fails_and_three_together_kill);
    RUN(naive_t_cells_come_in_are_primed_and_are_held_by_dense_matrix);
    return check_done();
}
