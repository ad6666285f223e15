/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_summary.h -- what a tissue model says, in words for people or as JSON. */
#ifndef COLEY_RUN_TISSUE_SUMMARY_H
#define COLEY_RUN_TISSUE_SUMMARY_H

#include "base/text.h"
#include "tissue/physicell_xml.h"

/* Domain, steps, substrates, cell types, rules as sentences, cells at the start, and the notes of the reader. */
COLEY_MUST_CHECK coley_status coley_tissue_summary(coley_arena *arena, const coley_tissue_model *model,
                                                   const coley_physicell_notes *notes, bool json, coley_text *out,
                                                   coley_error *err);

#endif
