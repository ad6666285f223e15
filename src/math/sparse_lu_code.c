/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_lu_code.c -- see sparse_lu_code.h. */
#include "math/sparse_lu_code.h"

#include "math/sparse_lu_plan.h"

#include <string.h>

uint64_t coley_sparse_lu_pivot_lost_bits(void)
{
    const double lost = COLEY_LU_PIVOT_LOST;
    uint64_t bits;
    memcpy(&bits, &lost, sizeof bits);
    return bits;
}

void coley_sparse_lu_write_factor(const coley_sparse_lu *lu, coley_lu_operand value, void *self, coley_text *text)
{
    /* Factors of earlier rows are read back from where they are kept: held in registers, most would be spilled. */
    coley_text_addf(text, "        V lost = A(0);\n");
    int32_t pair = 0;
    for (size_t e = 0; e < lu->n_entries; e++) {
        const coley_lu_entry entry = lu->entry[e];
        char name[COLEY_LU_NAME];
        if (entry.source >= 0) value(self, (size_t)entry.source, name);
        const char *start = entry.scale == -1 ? "LD(s, 0)" : "A(0)";
        if (entry.source >= 0)
            coley_text_addf(text, "        V g%zu = %s - %s;\n", e, start, name);
        else
            coley_text_addf(text, "        V g%zu = %s;\n", e, start);
        if (entry.scale == -1) coley_text_addf(text, "        const V d%zu = g%zu;\n", e, e);
        for (; pair < entry.pairs; pair++)
            coley_text_addf(text, "        g%zu = fused_less(g%d, AGAIN(g, %d), g%zu);\n", e, (int)lu->pair[pair].left,
                            (int)lu->pair[pair].right, e);
        if (entry.scale >= 0)
            coley_text_addf(text, "        g%zu = g%zu * AGAIN(g, %d);\n", e, e, (int)entry.scale);
        else if (entry.scale == -1)
            coley_text_addf(text,
                            "        lost = pick(is_pivot(g%zu, d%zu), lost, A(1));\n"
                            "        g%zu = A(1) / g%zu;\n",
                            e, e, e, e);
        coley_text_addf(text, "        ST(g, %zu, g%zu);\n", e, e);
    }
}

void coley_sparse_lu_write_solve(const coley_sparse_lu *lu, coley_lu_operand right_side, void *self, coley_text *text)
{
    for (size_t i = 0; i < lu->n; i++) {
        char name[COLEY_LU_NAME];
        right_side(self, (size_t)lu->pivot[i], name);
        coley_text_addf(text, "        V x%d = %s;\n", (int)lu->pivot[i], name);
        for (int32_t e = lu->row[i]; e < lu->diagonal[i]; e++)
            coley_text_addf(text, "        x%d = fused_less(LD(g, %d), x%d, x%d);\n", (int)lu->pivot[i], (int)e,
                            (int)lu->variable[e], (int)lu->pivot[i]);
    }
    for (size_t i = lu->n; i-- > 0;) {
        const int v = (int)lu->pivot[i];
        for (int32_t e = lu->diagonal[i] + 1; e < lu->row[i + 1]; e++)
            coley_text_addf(text, "        x%d = fused_less(LD(g, %d), x%d, x%d);\n", v, (int)e, (int)lu->variable[e],
                            v);
        coley_text_addf(text, "        x%d = x%d * LD(g, %d);\n        ST(u, %d, x%d);\n", v, v, (int)lu->diagonal[i],
                        v, v);
    }
}
