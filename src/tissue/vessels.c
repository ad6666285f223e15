/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vessels.c -- cells that come in from vessels, at every phenotype step.
 *
 * The number at a vessel has the mean rate x step x C^hill / (half^hill + C^hill): the whole part comes, and one more
 * by chance. Each comes to lie a radius away from the vessel, in a direction of its own. */
#include <math.h>

#include "tissue/tissue_parts.h"

static double share_of(const coley_tissue *t, const coley_recruitment *r, const double at[3])
{
    if (r->substrate < 0) return 1;
    const coley_grid *g = coley_fields_grid(t->fields);
    const size_t place = coley_grid_at(g, (float)at[0], (float)at[1], (float)at[2]);
    const double C = (double)coley_fields_values(t->fields, (size_t)r->substrate)[place];
    return C > 0 ? 1 / (1 + pow(r->half / C, r->hill)) : 0;
}

static bool come_in(coley_tissue *t, size_t type, size_t vessel, const uint32_t bits[4])
{
    const double *at = t->model->vessel_um[vessel];
    if (!coley_tissue_add(t, (int)type, at)) return false;
    coley_cell_columns *c = &t->cells;
    const size_t i = c->n - 1;
    const float z = t->model->plane ? 0 : 2 * uniform_of(bits[1]) - 1,
                around = 6.283185307179586f * uniform_of(bits[2]);
    const float r = c->radius[i] * sqrtf(1 - z * z);
    c->x[i] += r * cosf(around);
    c->y[i] += r * sinf(around);
    c->z[i] += c->radius[i] * z;
    t->counts.recruited++;
    return true;
}

static bool of_vessel(coley_tissue *t, size_t type, size_t vessel)
{
    const coley_recruitment *r = &t->model->type[type].recruitment;
    const double mean = r->rate_per_min * (double)t->phenotype_min * share_of(t, r, t->model->vessel_um[vessel]);
    uint32_t bits[4];
    for (uint64_t k = 0; (double)k < mean; k++) {
        coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_VESSEL, (uint64_t)vessel | (uint64_t)type << 32 | k << 40,
                       t->step, bits);
        if ((double)uniform_of(bits[0]) < mean - (double)k && !come_in(t, type, vessel, bits)) return false;
    }
    return true;
}

bool coley_vessels_step(coley_tissue *t)
{
    for (size_t type = 0; type < t->model->n_types; type++)
        for (size_t v = 0; t->model->type[type].recruitment.rate_per_min > 0 && v < t->model->n_vessels; v++)
            if (!of_vessel(t, type, v)) return false;
    return true;
}
