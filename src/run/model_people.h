/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_people.h -- people out of a table, a row a person, in place of or beside those that are drawn. */
#ifndef COLEY_RUN_MODEL_PEOPLE_H
#define COLEY_RUN_MODEL_PEOPLE_H

#include "run/model_vary.h"

/* Columns are inputs of the model by name, in its own units, which may stand behind it ("k [per_day]"); `id` and
 * `patient` say nothing. Adds to `vary`, which may be empty or say how the others are drawn, a row for each column:
 * patient i takes the value of the table's row i. The number of rows is vary->n_people. An empty cell, or a parameter
 * that is drawn as well, is refused. */
COLEY_MUST_CHECK coley_status coley_vary_people(coley_arena *arena, const coley_model *model, const coley_csv *table,
                                                coley_vary *vary, coley_error *err);

#endif
