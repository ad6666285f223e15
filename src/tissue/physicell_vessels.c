/* SPDX-License-Identifier: GPL-3.0-or-later */
/* physicell_vessels.c -- Coley's own elements for cells that come in:
 *
 *     <vessels> <vessel x="300" y="0" z="0"/> ... </vessels>                           beside cell_definitions
 *     <recruitment rate="0.01" substrate="chemokine" half="0.2" hill="2"/>             in a cell_definition
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "tissue/physicell_parts.h"

enum { VESSELS_MAX = 1000000 };
static const double rate_most_per_min = 1000;

static coley_status number(physicell_reader *r, const coley_xml *node, const char *name, double low, double high,
                           double *value)
{
    const char *text = coley_xml_attribute_text(node, name);
    if (!text) return COLEY_OK;
    if (!coley_text_number(text, value) || !(*value >= low) || !(*value <= high))
        return PHYSICELL_FAIL(r, node, "%s=\"%.40s\" is not a number from %g to %g", name, text, low, high);
    return COLEY_OK;
}

coley_status coley_settings_read_recruitment(physicell_reader *r, const coley_xml *node, coley_recruitment *recruitment)
{
    coley_recruitment c = {.rate_per_min = NAN, .substrate = -1, .half = NAN, .hill = 1};
    if (!node) return COLEY_OK;
    COLEY_TRY(number(r, node, "rate", 0, rate_most_per_min, &c.rate_per_min));
    COLEY_TRY(number(r, node, "half", 1e-12, 1e12, &c.half));
    COLEY_TRY(number(r, node, "hill", 0.1, 32, &c.hill));
    if (isnan(c.rate_per_min))
        return PHYSICELL_FAIL(r, node, "has no rate=\"...\"; write how many cells come in a minute at each vessel");
    const char *name = coley_xml_attribute_text(node, "substrate");
    if (name && (c.substrate = coley_settings_substrate(r, name)) < 0)
        return PHYSICELL_FAIL(r, node, "substrate=\"%.60s\" is no substrate of this model", name);
    if (name && isnan(c.half))
        return PHYSICELL_FAIL(r, node, "has no half=\"...\"; write the %.60s at which half as many come", name);
    if (!name && !isnan(c.half)) return PHYSICELL_FAIL(r, node, "has half=\"...\" but names no substrate");
    *recruitment = c;
    return COLEY_OK;
}

coley_status coley_settings_read_vessels(physicell_reader *r)
{
    coley_xml *node = coley_xml_child(r->root, "vessels");
    coley_tissue_model *m = r->model;
    size_t n = 0;
    for (const coley_xml *v = node ? node->first : NULL; v; v = v->next) n++;
    if (n > VESSELS_MAX) return PHYSICELL_FAIL(r, node, "%zu vessels (allowed: up to %d)", n, VESSELS_MAX);
    double(*at)[3] = coley_arena_array(r->arena, sizeof *at, n);
    if (!at) return COLEY_FAIL_MEMORY(r->err);
    static const char *const axis[] = {"x", "y", "z"};
    n = 0;
    for (coley_xml *v = node ? node->first : NULL; v; v = v->next) {
        if (strcmp(v->name, "vessel") != 0) continue; /* told of with all that is unknown */
        v->seen = true;
        for (int a = 0; a < 3; a++) {
            at[n][a] = a == 2 ? 0 : NAN;
            COLEY_TRY(number(r, v, axis[a], m->low_um[a], m->high_um[a], &at[n][a]));
            if (isnan(at[n][a])) return PHYSICELL_FAIL(r, v, "has no %s=\"...\"", axis[a]);
        }
        n++;
    }
    m->vessel_um = (const double(*)[3])at;
    m->n_vessels = n;
    bool any = false;
    for (size_t k = 0; k < m->n_types; k++) any = any || m->type[k].recruitment.rate_per_min > 0;
    if (any && !n)
        return PHYSICELL_FAIL(r, r->root,
                              "cells are to come in (<recruitment>) but there are no <vessels>; write where");
    return COLEY_OK;
}
