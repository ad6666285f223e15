/* SPDX-License-Identifier: GPL-3.0-or-later */
/* checkpoint.h -- a tissue's whole state as bytes, so that a run goes on later as if it had never stopped. */
#ifndef COLEY_TISSUE_CHECKPOINT_H
#define COLEY_TISSUE_CHECKPOINT_H

#include "tissue/tissue.h"

/* The state as bytes owned by the arena: this processor's byte order, and a hash over all. */
COLEY_MUST_CHECK coley_status coley_tissue_save(const coley_tissue *tissue, coley_arena *arena, char **bytes,
                                                size_t *length, coley_error *err);

/* Put a state that was saved from the same model with the same options (but for threads) into a tissue just made.
 * ERR_INPUT names `path` and says what differs; the tissue is then good only for being destroyed. */
COLEY_MUST_CHECK coley_status coley_tissue_restore(coley_tissue *tissue, const char *path, const char *bytes,
                                                   size_t length, coley_error *err);

#endif
