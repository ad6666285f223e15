/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_tissue_frame_full.c -- behaviours under PhysiCell's labels, and neighbours, beside what the model says. */
#include <math.h>

#include "run/tissue_run.h"
#include "support/check.h"
#include "support/little_tissue.h"

enum { CELLS = 300 };

static const coley_frame_column *column(const coley_tissue_frame *f, const char *name, size_t i)
{
    for (size_t k = 0; k < f->n_columns; k++)
        if (strcmp(f->column[k].name, name) == 0 && i-- == 0) return &f->column[k];
    return NULL;
}

static little_tissue make(size_t nz)
{
    little_tissue l = little_tissue_make(12, 8, nz, 2, 2, 1, CELLS);
    uint32_t state = 7;
    for (int k = 0; k < 2; k++) little_tissue_rest(&l, k);
    for (size_t i = 0; i < CELLS; i++) {
        l.placed[i] = (coley_place_cell){.type = (int)(i % 2)};
        for (int a = 0; a < (nz == 1 ? 2 : 3); a++) {
            state = state * 1664525U + 1013904223U;
            l.placed[i].at_um[a] = l.model.low_um[a] + (l.model.high_um[a] - l.model.low_um[a]) * (state * 0x1p-32);
        }
    }
    return l;
}

static void each_cell_has_the_rates_of_its_type(void)
{
    little_tissue l = make(1);
    const coley_behaviours *b = &l.model.b;
    coley_error err;
    coley_tissue *t = NULL;
    *little_tissue_base(&l, 1, b->secretion + 1) = 3;
    *little_tissue_base(&l, 0, b->attack + 1) = 0.25;
    *little_tissue_base(&l, 1, b->speed) = 1.5;
    *little_tissue_base(&l, 0, b->immunogenicity) = 0.5;
    *little_tissue_base(&l, 1, b->custom) = 8;
    *little_tissue_base(&l, 1, b->cycle_exit) = 0.125;
    for (int k = 0; k < 2; k++) {
        l.type[k].volume.total_um3 = 2494;
        l.type[k].volume.nuclear_um3 = 540;
        l.type[k].volume.fluid_fraction = 0.75;
        l.type[k].volume.fluid_per_min = k ? 0.75 : 0.5;
        l.type[k].released_at_death[1] = k ? 0.25 : 0;
    }
    CHECK(coley_tissue_create(&l.model, (coley_tissue_options){.seed = 1, .n_threads = 1}, &t, &err) == COLEY_OK);
    const coley_tissue_frame *plain = coley_tissue_frame_make(l.arena, t, 0, "test", 0);
    const coley_tissue_frame *f = coley_tissue_frame_full(l.arena, t, plain);
    CHECK(plain->n_columns == 1 && f->n_cells == CELLS);
    CHECK_TEXT(column(f, "secretion_rates", 1)->part, "substance");
    CHECK_TEXT(column(f, "attack_rates", 1)->part, "other");
    CHECK(!column(f, "secretion_rates", 2) && !column(f, "attack_rates", 2) && !column(f, "migration_speed", 1));
    for (size_t i = 0; i < f->n_cells; i++) {
        const int other = f->type_of[i] == 1;
        CHECK(column(f, "secretion_rates", 0)->value[i] == 0);
        CHECK(column(f, "secretion_rates", 1)->value[i] == (other ? 3.0F : 0.0F));
        CHECK(column(f, "attack_rates", 1)->value[i] == (other ? 0.0F : 0.25F));
        CHECK(column(f, "migration_speed", 0)->value[i] == (other ? 1.5F : (float)l.model.base[b->speed]));
        CHECK(column(f, "immunogenicities", 0)->value[i] == (other ? 1.0F : 0.5F));
        CHECK(column(f, "current_cycle_phase_exit_rate", 0)->value[i] == (other ? 0.125F : 0.0F));
        CHECK(column(f, "fluid_change_rate", 0)->value[i] == (other ? 0.75F : 0.5F));
        CHECK(column(f, "fraction_released_at_death", 1)->value[i] == (other ? 0.25F : 0.0F));
        CHECK_NEAR(column(f, "target_solid_cytoplasmic", 0)->value[i], 0.25 * (2494 - 540), 1e-3);
        CHECK(column(f, "custom", 0)->value[i] == (other ? 8.0F : 0.0F));
    }
    coley_tissue_destroy(t);
    little_tissue_clear(&l);
}

static int is_pair(const coley_tissue_frame *f, uint32_t a, uint32_t b)
{
    int n = 0;
    for (size_t k = 0; k < f->n_neighbours; k++) {
        const uint32_t *p = f->neighbour + 2 * k;
        n += (p[0] == a && p[1] == b) || (p[0] == b && p[1] == a);
    }
    return n;
}

static void neighbours(size_t nz)
{
    little_tissue l = make(nz);
    coley_error err;
    coley_tissue *t = NULL;
    *little_tissue_base(&l, 1, l.model.b.reach) = 2.5; /* reaches twice as far as the others */
    *little_tissue_base(&l, 0, l.model.b.reach) = 0.5; /* less than it is wide */
    CHECK(coley_tissue_create(&l.model, (coley_tissue_options){.seed = 1, .n_threads = 1}, &t, &err) == COLEY_OK);
    const coley_tissue_frame *f =
        coley_tissue_frame_full(l.arena, t, coley_tissue_frame_make(l.arena, t, 0, "test", 0));
    size_t n = 0;
    for (size_t i = 0; i < f->n_cells; i++)
        for (size_t j = i + 1; j < f->n_cells; j++) {
            const double dx = (double)(f->x_um[i] - f->x_um[j]), dy = (double)(f->y_um[i] - f->y_um[j]),
                         dz = (double)(f->z_um[i] - f->z_um[j]);
            const double ri = coley_frame_radius_um((double)f->volume_um3[i]),
                         rj = coley_frame_radius_um((double)f->volume_um3[j]);
            const double reach = ri * (f->type_of[i] ? 2.5 : 0.5) + rj * (f->type_of[j] ? 2.5 : 0.5);
            const double far = fmax(ri + rj, reach), d = sqrt(dx * dx + dy * dy + dz * dz);
            if (fabs(d - far) < 1e-4) continue;
            CHECK(is_pair(f, f->id[i], f->id[j]) == (d < far));
            n += d < far;
        }
    CHECK(n > CELLS && n < CELLS * CELLS / 4);
    coley_tissue_destroy(t);
    little_tissue_clear(&l);
}

static void neighbours_in_a_plane_are_the_pairs_in_reach(void)
{
    neighbours(1);
}

static void neighbours_in_space_are_the_pairs_in_reach(void)
{
    neighbours(6);
}

int main(void)
{
    RUN(each_cell_has_the_rates_of_its_type);
    RUN(neighbours_in_a_plane_are_the_pairs_in_reach);
    RUN(neighbours_in_space_are_the_pairs_in_reach);
    return check_done();
}
