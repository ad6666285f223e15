/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules.c -- the cell behaviour grammar: signals of a cell in, behaviours out.
 *
 *     U = base + (max - base) H(up),  value = U + (min - U) H(down),  H = S / (1 + S),  S = sum (s / half)^hill
 *
 * over the signals that raise and those that lower the behaviour (Johnson 2025, Cell 188:4711). A dead cell follows
 * only the terms that say so; a rule none of whose terms do leaves its behaviour as it was. */
#include "tissue/rules.h"

#include <math.h>

#include "tissue/tissue_parts.h"

static bool within(int signal, int first, size_t n)
{
    return signal >= first && signal < first + (int)n;
}

static float field_signal(const coley_tissue *t, size_t i, size_t k)
{
    const coley_cell_columns *c = &t->cells;
    return coley_fields_values(t->fields, k)[coley_grid_at(coley_fields_grid(t->fields), c->x[i], c->y[i], c->z[i])];
}

static float gradient_signal(const coley_tissue *t, size_t i, size_t k)
{
    const coley_cell_columns *c = &t->cells;
    const float at[3] = {c->x[i], c->y[i], c->z[i]};
    float g[3];
    coley_fields_gradient(t->fields, k, at, g);
    return sqrtf(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
}

static float signal_value(const coley_tissue *t, size_t i, int signal, const float *contacts)
{
    const coley_tissue_model *m = t->model;
    const coley_signals *s = &m->s;
    const coley_cell_columns *c = &t->cells;
    if (within(signal, s->substrate, m->n_substrates)) return field_signal(t, i, (size_t)(signal - s->substrate));
    if (within(signal, s->internal, m->n_substrates)) {
        const size_t k = (size_t)(signal - s->internal);
        return k < c->n_internal ? c->internal[k][i] / coley_cell_volume(c, i) : 0;
    }
    if (within(signal, s->gradient, m->n_substrates)) return gradient_signal(t, i, (size_t)(signal - s->gradient));
    if (within(signal, s->contact, m->n_types)) return contacts[signal - s->contact];
    if (within(signal, s->contact_live, 5)) return contacts[(int)m->n_types + signal - s->contact_live];
    if (within(signal, s->custom, m->n_custom)) return behaviour_of(t, i, m->b.custom + signal - s->custom);
    if (signal == s->pressure) return c->pressure[i];
    if (signal == s->volume) return coley_cell_volume(c, i);
    if (signal == s->damage) return c->damage[i];
    if (signal == s->damage_delivered) return c->delivered[i];
    if (signal == s->attacking) return c->target[i] != COLEY_NO_CELL;
    if (signal == s->dead) return c->death[i] != COLEY_ALIVE;
    if (signal == s->attack_time) return c->attacked[i];
    if (signal == s->time) return (float)coley_tissue_time(t);
    if (signal == s->apoptotic) return c->death[i] == COLEY_APOPTOTIC;
    if (signal == s->necrotic) return c->death[i] == COLEY_NECROTIC;
    return 0; /* contact with a basement membrane: there is none */
}

static bool rule_value(const coley_tissue *t, size_t i, const coley_rule *rule, const float *contacts, float *value)
{
    const bool dead = t->cells.death[i] != COLEY_ALIVE;
    float up = 0, down = 0;
    bool applies = false;
    for (size_t k = 0; k < rule->n_terms; k++) {
        const coley_rule_term *term = &rule->term[k];
        if (dead && !term->dead_too) continue;
        applies = true;
        *(term->increases ? &up : &down) += coley_rule_strength(term, signal_value(t, i, term->signal, contacts));
    }
    if (!applies) return false;
    *value = coley_rule_value(rule, up, down);
    return true;
}

void coley_rules_apply(coley_tissue *t, size_t i, const float *contacts)
{
    const type_traits *trait = &t->trait[t->cells.type[i]];
    const coley_behaviours *b = &t->model->b;
    for (size_t k = 0; k < trait->n_rules; k++) {
        const coley_rule *rule = &t->model->rule[trait->first_rule + k];
        float value;
        if (!rule_value(t, i, rule, contacts, &value)) continue;
        const bool of_cycle = within(rule->behaviour, b->cycle_exit, COLEY_TISSUE_PHASES_MAX);
        if (of_cycle && t->cells.death[i]) continue;
        t->cells.varying[t->column_of[rule->behaviour]][i] = value;
    }
}
