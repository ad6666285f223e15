/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules_file.h -- the cell behaviour grammar as CSV (Johnson 2025, Cell 188:4711), with 8, 9 or 10 columns.
 *
 *     8: type, signal, direction, behaviour, saturation value, half-maximum, Hill power, dead cells too?
 *     9: the same with the base value before the saturation value; it must be that of the cell type
 *    10: type, behaviour, minimum, base, maximum, signal, direction, half-maximum, Hill power, dead cells too?
 *
 * Rows of one type and behaviour make one rule. As PhysiCell sets them: its maximum is the largest saturation value of
 * the signals that raise it, its minimum the smallest of those that lower it, and neither goes past the base value.
 * Lines that begin with // are comments. */
#ifndef COLEY_TISSUE_RULES_FILE_H
#define COLEY_TISSUE_RULES_FILE_H

#include "tissue/vocabulary.h"

/* Rules in the making; several files may be added one after another. */
typedef struct coley_rule_set coley_rule_set;
coley_rule_set *coley_rule_set_create(coley_arena *arena, const coley_tissue_model *model,
                                      const coley_vocabulary *words);
COLEY_MUST_CHECK coley_status coley_rule_set_read(coley_rule_set *set, const char *path, coley_error *err);
COLEY_MUST_CHECK coley_status coley_rule_set_parse(coley_rule_set *set, const char *name, char *bytes, size_t length,
                                                   coley_error *err);

/* Put the rules into the model: by type, and within one in the order of the files. */
COLEY_MUST_CHECK coley_status coley_rule_set_finish(coley_rule_set *set, coley_tissue_model *model, coley_error *err);

#endif
