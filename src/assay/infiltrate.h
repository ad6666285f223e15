/* SPDX-License-Identifier: GPL-3.0-or-later */
/* infiltrate.h -- how many immune cells lie in a tumour, at its margin and in its stroma, and how close they come.
 *
 * Every cell lies in a zone: tumour or stroma (by the table, or by the cells around it), and within the margin when a
 * cell of the other side is near. Area is what lies nearer to a zone's cells than to others, within reach. Rules and
 * cutoffs are those of catalog/assays/infiltrate.yaml. Takes plain columns: real cells and a simulated tissue alike. */
#ifndef COLEY_ASSAY_INFILTRATE_H
#define COLEY_ASSAY_INFILTRATE_H

#include "base/alloc.h"
#include "base/status.h"
#include "cells/cells.h"

enum { COLEY_INFILTRATE_MAX_RADII = 16, COLEY_INFILTRATE_MAX_PAIRS = 16 };

typedef struct coley_infiltrate_rules {
    double region_radius_um, tumour_share; /* where the table has no regions */
    double margin_um;
    double pixel_um, reach_um;
    unsigned types;                          /* always reported */
    double inflamed_tumour, excluded_stroma; /* CD8 cells per mm2 */
    double min_tumour_cells, min_tumour_mm2, min_stroma_mm2;
    const char *phenotype_source;
    size_t n_pairs, n_radii;
    int from[COLEY_INFILTRATE_MAX_PAIRS], to[COLEY_INFILTRATE_MAX_PAIRS];
    double radius_um[COLEY_INFILTRATE_MAX_RADII];
    double min_cells;
} coley_infiltrate_rules;

COLEY_MUST_CHECK coley_status coley_infiltrate_rules_read(coley_arena *arena, const char *path,
                                                          coley_infiltrate_rules *rules, coley_error *err);

/* Disjoint parts of the tissue; the sums are what is reported. */
typedef enum coley_zone {
    COLEY_ZONE_CORE,          /* tumour, far from stroma */
    COLEY_ZONE_TUMOUR_MARGIN, /* tumour, near stroma */
    COLEY_ZONE_STROMA_MARGIN, /* stroma, near tumour */
    COLEY_ZONE_FAR,           /* stroma, far from tumour */
    COLEY_ZONE_OUTSIDE,       /* the table says neither */
    COLEY_ZONE_COUNT
} coley_zone;

typedef enum coley_place_of {
    COLEY_IN_TUMOUR,
    COLEY_IN_MARGIN,
    COLEY_IN_STROMA,
    COLEY_IN_ALL,
    COLEY_IN_COUNT
} coley_place_of;

typedef enum coley_immune_phenotype {
    COLEY_INFLAMED,
    COLEY_EXCLUDED,
    COLEY_DESERT,
    COLEY_IMMUNE_UNKNOWN
} coley_immune_phenotype;

/* Cells of one type around those of another. */
typedef struct coley_pair_result {
    int from, to;
    size_t n_from, n_to;
    double mean_um, median_um;                     /* distance to the nearest */
    double g[COLEY_INFILTRATE_MAX_RADII];          /* share within each radius, border-corrected */
    double k_um2[COLEY_INFILTRATE_MAX_RADII];      /* cross-K, translation-corrected */
    double k_over_all[COLEY_INFILTRATE_MAX_RADII]; /* over that of all cells but the first type, around 10,000 of it at
                                                      most */
    const char *cannot_tell;                       /* or NULL */
} coley_pair_result;

typedef struct coley_infiltrate {
    int regions_given;
    uint8_t *zone; /* [cells->n] */
    double zone_mm2[COLEY_ZONE_COUNT];
    double n[COLEY_ZONE_COUNT][COLEY_CELL_TYPE_COUNT];
    coley_immune_phenotype phenotype;
    const char *cannot_tell; /* the reason when the phenotype is unknown */
    size_t n_pairs;
    coley_pair_result pair[COLEY_INFILTRATE_MAX_PAIRS];
} coley_infiltrate;

/* `knows_cd8`: the stain was made, so that no CD8 cell means none. cells need x and y. */
COLEY_MUST_CHECK coley_status coley_infiltrate_judge(coley_arena *arena, const coley_cells *cells, int knows_cd8,
                                                     const coley_infiltrate_rules *rules, coley_infiltrate *infiltrate,
                                                     coley_error *err);

/* Sums over zones. The margin is part of tumour and stroma too. */
double coley_infiltrate_mm2(const coley_infiltrate *infiltrate, coley_place_of place);
double coley_infiltrate_count(const coley_infiltrate *infiltrate, coley_place_of place, coley_cell_kind type);
double coley_infiltrate_per_mm2(const coley_infiltrate *infiltrate, coley_place_of place, coley_cell_kind type);

const char *coley_immune_phenotype_name(coley_immune_phenotype phenotype); /* "inflamed" */
const char *coley_place_name(coley_place_of place);                        /* "tumour" */

#endif
