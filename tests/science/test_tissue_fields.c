/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The diffusion of a tissue's substances against closed forms, and where both schemes stand still. */
#include "tissue/diffusion.h"

#include <stdlib.h>

#include "support/check.h"
#include "support/little_tissue.h"

static coley_fields *fields_of(little_tissue *f, coley_field_scheme scheme)
{
    coley_fields *fields = NULL;
    coley_error err;
    const coley_status status = coley_fields_create(f->arena, &f->model, scheme, 2, &fields, &err);
    CHECK(status == COLEY_OK);
    return fields;
}

static double total_of(coley_fields *fields)
{
    const coley_grid *g = coley_fields_grid(fields);
    const float *u = coley_fields_values(fields, 0);
    double sum = 0;
    for (size_t z = 0; z < g->n[2]; z++)
        for (size_t y = 0; y < g->n[1]; y++)
            for (size_t x = 0; x < g->n[0]; x++) sum += (double)u[z * g->plane + y * g->row + x];
    return sum;
}

static void put_mode(coley_fields *fields, int kx, int ky, int kz)
{
    const coley_grid *g = coley_fields_grid(fields);
    float *u = coley_fields_values(fields, 0);
    for (size_t z = 0; z < g->n[2]; z++)
        for (size_t y = 0; y < g->n[1]; y++)
            for (size_t x = 0; x < g->n[0]; x++)
                u[z * g->plane + y * g->row + x] =
                    (float)(2 + cos(M_PI * kx * ((double)x + 0.5) / (double)g->n[0]) *
                                    cos(M_PI * ky * ((double)y + 0.5) / (double)g->n[1]) *
                                    cos(M_PI * kz * ((double)z + 0.5) / (double)g->n[2]));
}

/* A cosine between walls decays as exp(-(D k^2 + decay) t) on the grid: k^2 = sum (2 - 2 cos(pi m / n)) / dx^2. */
static double mode_error(coley_field_scheme scheme, float step)
{
    little_tissue f = little_tissue_make(20, 13, 9, 1, 1, 0, 0);
    f.substrate[0].decay_per_min = 0.05;
    coley_fields *fields = fields_of(&f, scheme);
    put_mode(fields, 1, 2, 1);
    const double t = 2, D = f.substrate[0].diffusion_um2_per_min;
    for (int i = 0; i < (int)lround(t / (double)step); i++) coley_fields_step(fields, step, NULL, 1);
    const double k2 = (6 - 2 * cos(M_PI / 20) - 2 * cos(2 * M_PI / 13) - 2 * cos(M_PI / 9)) / 400;
    const double fade = exp(-(D * k2 + 0.05) * t), base = 2 * exp(-0.05 * t);
    const double exact = base + fade * cos(M_PI * 0.5 / 20) * cos(2 * M_PI * 0.5 / 13) * cos(M_PI * 0.5 / 9);
    const double error = fabs((double)coley_fields_values(fields, 0)[0] - exact);
    little_tissue_clear(&f);
    return error;
}

static void both_schemes_follow_a_cosine_between_walls_to_first_order(void)
{
    for (int scheme = COLEY_FIELD_DELTA; scheme <= COLEY_FIELD_SPLIT; scheme++) {
        const double coarse = mode_error((coley_field_scheme)scheme, 0.2f),
                     fine = mode_error((coley_field_scheme)scheme, 0.1f);
        CHECK(fine < 0.02);
        CHECK(coarse / fine > 1.8 && coarse / fine < 2.3);
    }
}

static void the_fast_split_step_is_the_plain_one(void)
{
    const size_t size[3][3] = {{75, 37, 11}, {8, 8, 8}, {21, 50, 1}};
    for (int k = 0; k < 3; k++) {
        little_tissue f = little_tissue_make(size[k][0], size[k][1], size[k][2], 1, 1, 0, 0);
        f.substrate[0].diffusion_um2_per_min = 1e5;
        coley_fields *fields = fields_of(&f, COLEY_FIELD_SPLIT);
        const coley_grid *g = coley_fields_grid(fields);
        float *u = coley_fields_values(fields, 0);
        double *naive = COLEY_NEW(f.arena, double, g->total);
        srand(3);
        for (size_t z = 0; z < g->n[2]; z++)
            for (size_t y = 0; y < g->n[1]; y++)
                for (size_t x = 0; x < g->n[0]; x++) {
                    const size_t at = z * g->plane + y * g->row + x;
                    naive[at] = (double)(u[at] = (float)(rand() % 1000));
                }
        coley_fields_step(fields, 0.01f, NULL, 2);
        static double back[100];
        coley_fields_split_naive(fields, 0, 0.01, naive, back);
        double worst = 0;
        for (size_t z = 0; z < g->n[2]; z++)
            for (size_t y = 0; y < g->n[1]; y++)
                for (size_t x = 0; x < g->n[0]; x++) {
                    const size_t at = z * g->plane + y * g->row + x;
                    worst = fmax(worst, fabs(naive[at] - (double)u[at]));
                }
        CHECK(worst < 1e-3);
        little_tissue_clear(&f);
    }
}

static void without_decay_substance_is_neither_made_nor_lost(void)
{
    for (int scheme = COLEY_FIELD_DELTA; scheme <= COLEY_FIELD_SPLIT; scheme++) {
        little_tissue f = little_tissue_make(31, 31, 31, 1, 1, 0, 0);
        f.substrate[0].diffusion_um2_per_min = 1e4;
        f.substrate[0].decay_per_min = 0;
        coley_fields *fields = fields_of(&f, (coley_field_scheme)scheme);
        const coley_grid *g = coley_fields_grid(fields);
        coley_fields_values(fields, 0)[15 * g->plane + 15 * g->row + 15] = 1000;
        for (int i = 0; i < 50; i++) coley_fields_step(fields, 0.1f, NULL, 2);
        CHECK_NEAR(total_of(fields), 1000, 2e-4);
        little_tissue_clear(&f);
    }
}

/* Value in the voxel of a lone source b and in its neighbour so long after it was switched on, from the eigenfunctions
 * of the grid (n odd, the source in the middle voxel). */
static void exact_source(int n, double D, double decay, double b, double minutes, double *here, double *beside)
{
    *here = *beside = 0;
    const int c = n / 2;
    double *norm = malloc((size_t)n * sizeof *norm), *at = malloc((size_t)n * sizeof *at),
           *next = malloc((size_t)n * sizeof *next), *eigen = malloc((size_t)n * sizeof *eigen);
    for (int k = 0; k < n; k++) {
        norm[k] = k ? 2.0 / n : 1.0 / n;
        at[k] = cos(M_PI * k * (c + 0.5) / n);
        next[k] = cos(M_PI * k * (c + 1.5) / n);
        eigen[k] = D / 400 * (2 - 2 * cos(M_PI * k / n));
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++) {
                const double rate = decay + eigen[i] + eigen[j] + eigen[k],
                             w = b * norm[i] * norm[j] * norm[k] * (1 - exp(-rate * minutes)) / rate;
                *here += w * at[i] * at[i] * at[j] * at[j] * at[k] * at[k];
                *beside += w * at[i] * next[i] * at[j] * at[j] * at[k] * at[k];
            }
    free(norm), free(at), free(next), free(eigen);
}

typedef struct point_source {
    uint32_t voxel, plane[32];
    float alpha, beta;
    coley_field_cells cells;
} point_source;

static void make_source(point_source *s, const coley_grid *g, coley_field_scheme scheme, double rate, double step)
{
    const size_t c = g->n[0] / 2;
    s->voxel = (uint32_t)(c * g->plane + c * g->row + c);
    for (size_t z = 0; z <= g->n[2]; z++) s->plane[z] = z > c;
    s->alpha = scheme == COLEY_FIELD_SPLIT ? 1 : 0;
    s->beta = (float)(scheme == COLEY_FIELD_SPLIT ? rate * step : rate);
    s->cells = (coley_field_cells){
        .n = 1, .voxel = &s->voxel, .plane = s->plane, .alpha = &s->alpha, .beta = &s->beta, .any = true};
}

static double source_error(coley_field_scheme scheme, double step, double minutes, double *beside)
{
    enum { N = 31 };
    little_tissue f = little_tissue_make(N, N, N, 1, 1, 0, 0);
    f.substrate[0].diffusion_um2_per_min = 1e5;
    f.substrate[0].decay_per_min = 0.2;
    coley_fields *fields = fields_of(&f, scheme);
    const coley_grid *g = coley_fields_grid(fields);
    point_source s;
    make_source(&s, g, scheme, 1, step);
    for (int i = 0; i < (int)lround(minutes / step); i++) coley_fields_step(fields, (float)step, &s.cells, 2);
    /* The split scheme adds after it has spread: look at what the next spreading leaves. */
    if (scheme == COLEY_FIELD_SPLIT) coley_fields_step(fields, (float)step, NULL, 2);
    double here, next;
    exact_source(N, 1e5, 0.2, 1, minutes, &here, &next);
    *beside = (double)coley_fields_values(fields, 0)[s.voxel + 1] / next - 1;
    const double error = (double)coley_fields_values(fields, 0)[s.voxel] / here - 1;
    little_tissue_clear(&f);
    return error;
}

/* Measured in BioFVM itself: 46 % too low at the source, 12 to 18 % beside it, at oxygen's D and its step of 0.01 min.
 */
static void next_to_a_lone_cell_the_split_scheme_is_wrong_and_the_delta_scheme_right(void)
{
    double beside;
    const double split = source_error(COLEY_FIELD_SPLIT, 0.01, 30, &beside);
    printf("# split: %.4f at the source, %.4f beside it\n", split, beside);
    CHECK(split < -0.40 && split > -0.60);
    const double steps[] = {0.05, 0.1, 0.5};
    for (int k = 0; k < 3; k++) {
        const double step = steps[k];
        const double delta = source_error(COLEY_FIELD_DELTA, step, 30, &beside);
        CHECK(fabs(delta) < 0.005);
        CHECK(fabs(beside) < 0.005);
        /* And it is soon right, beside what is right then. */
        double ignored;
        const double one = source_error(COLEY_FIELD_DELTA, step, 1, &ignored),
                     three = source_error(COLEY_FIELD_DELTA, step, 3, &ignored);
        printf("# delta, step %g min: %.4f at the source, %.4f beside it; after 1 min %.4f, after 3 min %.4f\n", step,
               delta, beside, one, three);
        CHECK(fabs(one) < (step > 0.1 ? 0.25 : 0.01));
        CHECK(fabs(three) < 0.05);
    }
}

static void a_held_face_sets_a_straight_line(void)
{
    {
        little_tissue f = little_tissue_make(21, 5, 5, 1, 1, 0, 0);
        f.substrate[0].diffusion_um2_per_min = 1e4;
        f.substrate[0].decay_per_min = 0;
        f.substrate[0].face_fixed[COLEY_FACE_X_LOW] = f.substrate[0].face_fixed[COLEY_FACE_X_HIGH] = true;
        f.substrate[0].face_value[COLEY_FACE_X_LOW] = 40;
        f.substrate[0].face_value[COLEY_FACE_X_HIGH] = 10;
        coley_fields *fields = fields_of(&f, COLEY_FIELD_DELTA);
        for (int i = 0; i < 2000; i++) coley_fields_step(fields, 0.05f, NULL, 1);
        const coley_grid *g = coley_fields_grid(fields);
        for (size_t x = 0; x < 21; x++)
            CHECK_NEAR(coley_fields_values(fields, 0)[2 * g->plane + 2 * g->row + x], 40 - 1.5 * (double)x, 1e-3);
        const float at[3] = {0, 0, 0};
        float gradient[3];
        coley_fields_gradient(fields, 0, at, gradient);
        CHECK_NEAR((double)gradient[0], -1.5 / 20, 1e-3);
        CHECK_NEAR((double)gradient[1], 0, 1e-4);
        little_tissue_clear(&f);
    }
}

static void one_voxel_works(void)
{
    little_tissue f = little_tissue_make(1, 1, 1, 1, 1, 0, 0);
    f.substrate[0].initial = 5;
    f.substrate[0].decay_per_min = 1;
    coley_fields *fields = fields_of(&f, COLEY_FIELD_DELTA);
    for (int i = 0; i < 1000; i++) coley_fields_step(fields, 0.001f, NULL, 1);
    CHECK_NEAR((double)coley_fields_values(fields, 0)[0], 5 * exp(-1), 2e-3);
    little_tissue_clear(&f);
}

int main(void)
{
    RUN(both_schemes_follow_a_cosine_between_walls_to_first_order);
    RUN(the_fast_split_step_is_the_plain_one);
    RUN(without_decay_substance_is_neither_made_nor_lost);
    RUN(next_to_a_lone_cell_the_split_scheme_is_wrong_and_the_delta_scheme_right);
    RUN(a_held_face_sets_a_straight_line);
    RUN(one_voxel_works);
    return check_done();
}
