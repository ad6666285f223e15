/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_parts_view.h -- what tissue_view.c and tissue_cell.c share. */
#ifndef COLEY_STUDIO_TISSUE_PARTS_VIEW_H
#define COLEY_STUDIO_TISSUE_PARTS_VIEW_H

#include "studio/server_parts.h"
#include "studio/tissue_frames.h"
#include "tissue/vocabulary.h"

/* Row of the matrix that holds a field's values. */
size_t coley_frame_field_row(const coley_frame_head *head, const coley_frame_matrix *matrix, size_t field);

/* The model that a run was made of. */
COLEY_MUST_CHECK coley_status coley_studio_tissue_model(coley_arena *arena, const coley_studio_run *run,
                                                        coley_tissue_model *model, coley_error *err);

/* "IFN-gamma raises custom:PD_L1 from 0.2 towards 1, half at 0.15, Hill power 2"; NULL when there is no memory. */
const char *coley_studio_rule_text(coley_arena *arena, const coley_vocabulary *words, const coley_rule *rule,
                                   const coley_rule_term *term);

/* One cell of a frame, by its number in `id`: what it carries, the rules of its type, where it has been. */
coley_status coley_studio_cell(coley_arena *arena, const char *out, const coley_studio_run *run,
                               const coley_frame_head *head, const char *id, coley_studio_reply *reply,
                               coley_error *err);

#endif
