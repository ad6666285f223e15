/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules.h -- the arithmetic of one rule of the cell behaviour grammar, for the engine and for whoever explains a cell.
 */
#ifndef COLEY_TISSUE_RULES_H
#define COLEY_TISSUE_RULES_H

#include <math.h>

#include "tissue/tissue_model.h"

/* x^power; whole powers, the usual ones, without the library. */
static inline float coley_rule_power(float x, float power)
{
    const int whole = (int)power;
    if ((float)whole != power || whole < 1 || whole > 16) return powf(x, power);
    float y = 1;
    for (int bit = 16; bit; bit >>= 1) {
        y *= y;
        if (whole & bit) y *= x;
    }
    return y;
}

/* (s / half)^hill of one signal; nothing below 0. */
static inline float coley_rule_strength(const coley_rule_term *term, float s)
{
    return s > 0 ? coley_rule_power(s / (float)term->half, (float)term->hill) : 0;
}

/* H = S / (1 + S), 0 to 1. */
static inline float coley_rule_share(float S)
{
    return isinf(S) ? 1 : S / (1 + S);
}

/* The behaviour under the sums of what raises and what lowers it. */
static inline float coley_rule_value(const coley_rule *rule, float up, float down)
{
    const float U = (float)rule->base + (float)(rule->maximum - rule->base) * coley_rule_share(up);
    return U + ((float)rule->minimum - U) * coley_rule_share(down);
}

#endif
