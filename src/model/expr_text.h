/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_text.h -- a formula as people write it, "k_on * A * B - k_off * AB". */
#ifndef COLEY_MODEL_EXPR_TEXT_H
#define COLEY_MODEL_EXPR_TEXT_H

#include "base/text.h"
#include "model/network.h"

/* Add the formula in Antimony's notation with the fewest brackets. Shared parts are written out each time, so that a
 * deeply shared formula could be huge: after `limit` bytes it ends in "...". */
void coley_expr_text_add(coley_text *text, const coley_network *network, const coley_expr *expr, size_t limit);

#endif
