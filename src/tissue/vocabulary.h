/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vocabulary.h -- the names of signals and behaviours, with every synonym that PhysiCell 1.14 takes. */
#ifndef COLEY_TISSUE_VOCABULARY_H
#define COLEY_TISSUE_VOCABULARY_H

#include "tissue/tissue_model.h"

typedef struct coley_vocabulary coley_vocabulary;

/* Of a model whose substrates, types, custom variables and numbers are known. Owned by the arena; NULL when there is no
 * memory. */
const coley_vocabulary *coley_vocabulary_create(coley_arena *arena, const coley_tissue_model *model);

/* Number of that name, or -1. */
int coley_vocabulary_signal(const coley_vocabulary *vocabulary, const char *name);
int coley_vocabulary_behaviour(const coley_vocabulary *vocabulary, const char *name);

/* The first of a number's names; NULL for a number that there is not. */
const char *coley_vocabulary_signal_name(const coley_vocabulary *vocabulary, int signal);
const char *coley_vocabulary_behaviour_name(const coley_vocabulary *vocabulary, int behaviour);

/* The nearest known name, or NULL: for "did you mean". */
const char *coley_vocabulary_nearest_signal(const coley_vocabulary *vocabulary, const char *name);
const char *coley_vocabulary_nearest_behaviour(const coley_vocabulary *vocabulary, const char *name);

#endif
