/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_frames.h -- the frames of a tissue's folder (io/multicellds.h), read back while it runs or afterwards. */
#ifndef COLEY_STUDIO_TISSUE_FRAMES_H
#define COLEY_STUDIO_TISSUE_FRAMES_H

#include "base/alloc.h"
#include "base/status.h"
#include "base/xml.h"

/* A matrix of MATLAB's level 4, mapped: n columns (cells, voxels) of `rows` numbers. */
typedef struct coley_frame_matrix {
    size_t rows, n;
    const char *value; /* doubles, not aligned: read by coley_frame_at */
    void *map;
    size_t length;
} coley_frame_matrix;

COLEY_MUST_CHECK coley_status coley_frame_matrix_open(const char *path, coley_frame_matrix *matrix, coley_error *err);
void coley_frame_matrix_close(coley_frame_matrix *matrix);
double coley_frame_at(const coley_frame_matrix *matrix, size_t row, size_t column);

typedef struct coley_frame_label {
    const char *name, *unit;
    size_t row, size;
} coley_frame_label;

typedef struct coley_frame_head {
    double time_min, low_um[3], high_um[3];
    size_t n_voxels[3];
    size_t n_types, n_labels, n_fields;
    const char **type; /* names */
    const int *type_id;
    coley_frame_label *label;
    coley_frame_label *field; /* row: of the field's own values, from 0 */
    const char *folder;
    size_t number;
} coley_frame_head;

/* How many frames stand in `out`/multicellds; they are numbered from 0 on. */
size_t coley_frames_count(const char *out);

COLEY_MUST_CHECK coley_status coley_frame_head_read(coley_arena *arena, const char *out, size_t number,
                                                    coley_frame_head *head, coley_error *err);
COLEY_MUST_CHECK coley_status coley_frame_cells_open(const coley_frame_head *head, coley_frame_matrix *cells,
                                                     coley_error *err);
COLEY_MUST_CHECK coley_status coley_frame_fields_open(const coley_frame_head *head, coley_frame_matrix *fields,
                                                      coley_error *err);

/* The label of that name, or NULL. */
const coley_frame_label *coley_frame_label_find(const coley_frame_label *list, size_t n, const char *name);

/* Index of a cell's type; 0 live, 1 apoptotic, 2 necrotic. */
size_t coley_frame_type_of(const coley_frame_head *head, const coley_frame_matrix *cells, size_t cell);
int coley_frame_state_of(const coley_frame_head *head, const coley_frame_matrix *cells, size_t cell);

#endif
