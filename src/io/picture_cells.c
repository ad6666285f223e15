/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture_cells.c -- cells as discs or balls, fields as a smooth ground. */
#include "io/picture_cells.h"

#include <math.h>
#include <stdlib.h>

static const coley_rgb black = {0, 0, 0}, white = {255, 255, 255};

/* Below these radii [px] there is no room for the parts. */
static const double with_parts = 3.5, with_rim = 1.6;

void coley_picture_cell(coley_raster *r, double x, double y, double radius, double nucleus, coley_rgb colour,
                        coley_frame_death death, int dark)
{
    const coley_rgb paper = dark ? (coley_rgb){24, 27, 33} : white,
                    grey = dark ? (coley_rgb){96, 98, 102} : (coley_rgb){205, 203, 198};
    const coley_rgb rim = dark ? coley_colour_mix(colour, white, 0.25) : coley_colour_mix(colour, black, 0.38);
    const double line = radius > 16 ? radius / 11 : radius > 6 ? 1.4 : 1.0;
    if (death == COLEY_FRAME_LIVE) {
        const coley_rgb body = dark ? coley_colour_mix(colour, black, 0.08) : coley_colour_mix(colour, white, 0.34);
        coley_raster_disc(r, x, y, radius, radius < with_parts ? colour : body, 1);
        if (radius < with_parts) return;
        coley_raster_disc(r, x, y, nucleus, coley_colour_mix(colour, black, dark ? 0.45 : 0.15), 1);
        coley_raster_ring(r, x, y, radius, line, rim, 1);
        return;
    }
    const int burst = death == COLEY_FRAME_NECROTIC;
    const coley_rgb body = coley_colour_mix(burst ? grey : colour, paper, burst ? 0.15 : 0.68);
    const coley_rgb mark = burst ? coley_colour_mix(colour, dark ? white : black, 0.35) : rim;
    coley_raster_disc(r, x, y, radius, body, 1);
    if (radius < with_rim) return;
    coley_raster_ring(r, x, y, radius, line, burst ? coley_colour_mix(grey, mark, 0.45) : mark, 1);
    if (radius < with_parts) return;
    if (burst) {
        const double arm = 0.46 * radius;
        coley_raster_line(r, x - arm, y - arm, x + arm, y + arm, line, mark, 0.9);
        coley_raster_line(r, x - arm, y + arm, x + arm, y - arm, line, mark, 0.9);
        return;
    }
    static const double piece[3][3] = {{-0.30, -0.22, 0.22}, {0.32, -0.08, 0.17}, {-0.02, 0.34, 0.19}};
    for (int i = 0; i < 3; i++)
        coley_raster_disc(r, x + piece[i][0] * radius, y + piece[i][1] * radius, piece[i][2] * radius, mark, 1);
}

double coley_picture_cut(const coley_tissue_frame *f, const coley_picture_options *o)
{
    return isnan(o->slice_um) ? (f->low_um[2] + f->high_um[2]) / 2 : o->slice_um;
}

/* Where a place lies between the centres of voxels: the lower one and the share of the next. */
typedef struct between {
    size_t low, high;
    double share;
} between;

static between find(const coley_tissue_frame *f, int axis, double at_um)
{
    const double steps = (at_um - f->low_um[axis]) / f->voxel_um[axis] - 0.5, last = (double)(f->n_voxels[axis] - 1);
    const double within = !(steps > 0) ? 0 : steps > last ? last : steps;
    const size_t low = (size_t)within;
    return (between){low, low + (low + 1 < f->n_voxels[axis]), within - (double)low};
}

void coley_picture_field(coley_raster *r, const coley_tissue_frame *f, const coley_picture_options *o,
                         const coley_picture_map *map, size_t k, double low, double high)
{
    coley_rgb colour[256];
    for (int i = 0; i < 256; i++) colour[i] = coley_colour_of_level(i / 255.0, o->dark);
    const size_t layer = f->n_voxels[0] * f->n_voxels[1];
    const between z = find(f, 2, coley_picture_cut(f, o));
    const float *const level[2] = {f->field[k].value + z.low * layer, f->field[k].value + z.high * layer};
    const int x0 = r->clip[0], y0 = r->clip[1], x1 = r->clip[2], y1 = r->clip[3];
    for (int py = y0; py < y1; py++) {
        const between y = find(f, 1, f->low_um[1] + (map->bottom - py - 0.5) / map->scale);
        for (int px = x0; px < x1; px++) {
            const between x = find(f, 0, f->low_um[0] + (px + 0.5 - map->left) / map->scale);
            double v = 0;
            for (int d = 0; d < 2; d++) {
                const float *p = level[d];
                const float *up = p + y.low * f->n_voxels[0], *down = p + y.high * f->n_voxels[0];
                const double a = (double)up[x.low] + x.share * ((double)up[x.high] - (double)up[x.low]);
                const double b = (double)down[x.low] + x.share * ((double)down[x.high] - (double)down[x.low]);
                v += (d ? z.share : 1 - z.share) * (a + y.share * (b - a));
            }
            const double at = high > low ? 255 * (v - low) / (high - low) : 0;
            coley_raster_blend(r, px, py, colour[!(at > 0) ? 0 : at > 255 ? 255 : (int)(at + 0.5)], 1);
        }
    }
}

/* Radius of a ball where the cut goes through it; 0: nowhere. */
static double cut_radius(double radius, double away, double slab_um)
{
    const double d = fabs(away) - slab_um / 2;
    return d <= 0 ? radius : d < radius ? sqrt(radius * radius - d * d) : 0;
}

/* The dead lie under the living, so that what goes on is seen. */
void coley_picture_slice(coley_raster *r, const coley_tissue_frame *f, const coley_picture_options *o,
                         const coley_picture_map *map, const coley_rgb *colour)
{
    const double cut_um = coley_picture_cut(f, o);
    for (int live = 0; live < 2; live++)
        for (size_t i = 0; i < f->n_cells; i++) {
            if ((f->death[i] == COLEY_FRAME_LIVE) != live) continue;
            double radius = coley_frame_radius_um((double)f->volume_um3[i]);
            double nucleus = f->nuclear_volume_um3 ? coley_frame_radius_um((double)f->nuclear_volume_um3[i]) : 0;
            if (!f->plane && f->z_um) {
                const double away = (double)f->z_um[i] - cut_um;
                radius = cut_radius(radius, away, o->slab_um);
                nucleus = cut_radius(nucleus, away, o->slab_um);
                if (radius <= 0) continue;
            }
            const double x = map->left + ((double)f->x_um[i] - f->low_um[0]) * map->scale;
            const double y = map->bottom - ((double)f->y_um[i] - f->low_um[1]) * map->scale;
            coley_picture_cell(r, x, y, radius * map->scale, nucleus * map->scale, colour[f->type_of[i]],
                               (coley_frame_death)f->death[i], o->dark);
        }
}

/* Seen from the front, turned by 35 degrees and from 30 degrees above. */
static void project(const double p[3], double seen[3])
{
    static const double ct = 0.8191520443, st = 0.5735764364, ce = 0.8660254038, se = 0.5;
    const double across = ct * p[0] - st * p[1], away = st * p[0] + ct * p[1];
    seen[0] = across;
    seen[1] = ce * p[2] + se * away;
    seen[2] = se * p[2] - ce * away; /* larger is nearer */
}

typedef struct seen_cell {
    double at[3], radius;
    size_t i;
} seen_cell;

static int far_first(const void *a, const void *b)
{
    const seen_cell *p = a, *q = b;
    if (p->at[2] != q->at[2]) return p->at[2] < q->at[2] ? -1 : 1;
    return p->i < q->i ? -1 : p->i > q->i;
}

/* Edges of the domain's box; those that meet in the nearest corner are left out. */
static void draw_box(coley_raster *r, const coley_tissue_frame *f, double x, double y, double scale, coley_rgb colour)
{
    for (int e = 0; e < 12; e++) {
        const int axis = e / 4, a = (axis + 1) % 3, b = (axis + 2) % 3;
        double p[2][3], s[2][3];
        for (int k = 0; k < 2; k++) {
            p[k][axis] = (f->high_um[axis] - f->low_um[axis]) * (k - 0.5);
            p[k][a] = (f->high_um[a] - f->low_um[a]) * ((e & 1) - 0.5);
            p[k][b] = (f->high_um[b] - f->low_um[b]) * ((e >> 1 & 1) - 0.5);
            project(p[k], s[k]);
        }
        coley_raster_line(r, x + scale * s[0][0], y - scale * s[0][1], x + scale * s[1][0], y - scale * s[1][1], 1.2,
                          colour, 1);
    }
}

coley_status coley_picture_body(coley_arena *arena, coley_raster *r, const coley_tissue_frame *f,
                                const coley_picture_options *o, const coley_picture_map *map, const coley_rgb *colour,
                                coley_error *err)
{
    const coley_rgb paper = o->dark ? (coley_rgb){18, 21, 26} : white;
    const coley_rgb grey = o->dark ? (coley_rgb){90, 92, 96} : (coley_rgb){200, 198, 193};
    seen_cell *cell = COLEY_NEW(arena, seen_cell, f->n_cells);
    if (!cell) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < f->n_cells; i++) {
        double p[3] = {(double)f->x_um[i], (double)f->y_um[i], f->z_um ? (double)f->z_um[i] : 0};
        for (int a = 0; a < 3; a++) p[a] -= (f->low_um[a] + f->high_um[a]) / 2;
        if (p[0] < 0 && p[1] < 0 && p[2] > 0) continue; /* the nearest eighth of the domain */
        seen_cell *c = &cell[n++];
        project(p, c->at);
        c->radius = coley_frame_radius_um((double)f->volume_um3[i]);
        c->i = i;
        if (c->at[2] < low) low = c->at[2];
        if (c->at[2] > high) high = c->at[2];
    }
    if (n) qsort(cell, n, sizeof *cell, far_first);
    const double x = (map->left + map->right) / 2, y = (map->top + map->bottom) / 2;
    draw_box(r, f, x, y, map->scale, coley_colour_mix(paper, o->dark ? white : black, 0.16));
    for (size_t k = 0; k < n; k++) {
        const seen_cell *c = &cell[k];
        const coley_frame_death death = (coley_frame_death)f->death[c->i];
        const coley_rgb own = colour[f->type_of[c->i]];
        const coley_rgb body = death == COLEY_FRAME_NECROTIC    ? coley_colour_mix(grey, own, 0.2)
                               : death == COLEY_FRAME_APOPTOTIC ? coley_colour_mix(own, white, 0.55)
                                                                : own;
        const double fade = high > low ? 0.5 * (high - c->at[2]) / (high - low) : 0;
        const double px = x + map->scale * c->at[0], py = y - map->scale * c->at[1], radius = c->radius * map->scale;
        coley_raster_ball(r, px, py, radius, body, paper, fade);
        if (death == COLEY_FRAME_NECROTIC && radius > with_parts) {
            const double arm = 0.4 * radius;
            coley_raster_line(r, px - arm, py - arm, px + arm, py + arm, 1.2, black, 0.5);
            coley_raster_line(r, px - arm, py + arm, px + arm, py - arm, 1.2, black, 0.5);
        }
    }
    return COLEY_OK;
}
