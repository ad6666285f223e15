/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interactions.c -- what touching cells do to each other: attack, phagocytosis, fusion.
 *
 * Every living cell looks at its neighbours and decides by itself, from the state at the beginning of the step; then
 * the decisions are carried out one after the other in the order of space. That is the same on any number of threads.
 *
 * The checkpoint handshake: where the type has a coley_checkpoint, the share of an attack that goes on is
 *     1 / (1 + (bound / half)^hill),  bound = receptor / (1 + A_r / K_r) x ligand / (1 + A_l / K_l),
 * A the antibodies at the attacker and the target. It scales the chance that an attack begins, and the damage done. */
#include <math.h>

#include "tissue/tissue_parts.h"

enum { ACT_EAT, ACT_ATTACK, ACT_ATTACK_ON, ACT_FUSE };

static float free_share(const coley_tissue *t, size_t i, int antibody, double kd)
{
    if (antibody < 0) return 1;
    const coley_cell_columns *c = &t->cells;
    const float a = coley_fields_values(
        t->fields, (size_t)antibody)[coley_grid_at(coley_fields_grid(t->fields), c->x[i], c->y[i], c->z[i])];
    return 1 / (1 + a / (float)kd);
}

static float handshake(const coley_tissue *t, size_t attacker, size_t target)
{
    const coley_checkpoint *p = &t->model->type[t->cells.type[attacker]].checkpoint;
    if (p->receptor < 0) return 1;
    const int custom = t->model->b.custom;
    const float receptor =
        behaviour_of(t, attacker, custom + p->receptor) * free_share(t, attacker, p->receptor_antibody, p->receptor_kd);
    const float ligand =
        behaviour_of(t, target, custom + p->ligand) * free_share(t, target, p->ligand_antibody, p->ligand_kd);
    const float bound = receptor * ligand;
    return bound > 0 ? 1 / (1 + powf(bound / (float)p->half, (float)p->hill)) : 1;
}

static void push(action_list *list, uint32_t actor, uint32_t target, int kind)
{
    if (list->failed || !COLEY_RESERVE(list->arena, list->action, list->cap, list->n + 1)) {
        list->failed = true;
        return;
    }
    list->action[list->n++] = (action){actor, target, kind};
}

/* One number decides which of several chances in a row comes first: `left` is what of it is still to be had. */
static bool comes_now(float *left, float chance)
{
    if (!(chance > 0)) return false;
    if (*left < chance) return true;
    *left = (*left - chance) / (1 - chance);
    return false;
}

/* Is there anything that cell i would do to any neighbour? */
static bool would_act(const coley_tissue *t, size_t i, const type_traits *trait, bool busy, const float eats[3])
{
    const coley_behaviours *b = &t->model->b;
    if (trait->eats && (eats[0] > 0 || eats[1] > 0 || eats[2] > 0)) return true;
    for (int k = 0; k < (int)t->model->n_types; k++)
        if ((trait->eats && behaviour_of(t, i, b->eat + k) > 0) ||
            (trait->attacks && !busy && behaviour_of(t, i, b->attack + k) > 0) ||
            (trait->fuses && behaviour_of(t, i, b->fuse + k) > 0))
            return true;
    return false;
}

/* What the cell at one place of the order decides; actor and target are places. At most one cell is eaten, one attack
 * begun and one fusion made in a step. */
static void decide(coley_tissue *t, const coley_force_view *view, size_t place, action_list *list)
{
    const coley_behaviours *b = &t->model->b;
    const neighbours *near = &t->near;
    const coley_cell_columns *c = &t->cells;
    const uint32_t i = near->slot[place];
    const type_traits *trait = &t->trait[c->type[i]];
    const bool busy = c->target[i] != COLEY_NO_CELL;
    if (c->death[i] || is_gone(c, i)) return;
    if (busy) push(list, (uint32_t)place, UINT32_MAX, ACT_ATTACK_ON);
    if (!trait->eats && !trait->fuses && (!trait->attacks || busy)) return;
    const float dt = t->mechanics_min;
    const float eats[3] = {chance_now(t, behaviour_of(t, i, b->eat_apoptotic) * dt),
                           chance_now(t, behaviour_of(t, i, b->eat_necrotic) * dt),
                           chance_now(t, behaviour_of(t, i, b->eat_other) * dt)};
    if (!would_act(t, i, trait, busy, eats)) return;
    uint32_t touch[TOUCHING_MAX], bits[4];
    const size_t n = t->force->touching(view, place, touch, TOUCHING_MAX);
    if (!n) return;
    coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_CONTACT, c->id[i], t->step, bits);
    float eat_left = uniform_of(bits[0]), attack_left = uniform_of(bits[1]), fuse_left = uniform_of(bits[2]);
    bool ate = false, fused = false, attacked = busy || !trait->attacks;
    const int own = c->type[i];
    for (size_t k = 0; k < n; k++) {
        const uint32_t p = touch[k], j = near->slot[p];
        const int type = near->type[p];
        const int death = near->death[p];
        if (!ate && trait->eats) {
            const float chance = death ? eats[death - 1] : chance_now(t, behaviour_of(t, i, b->eat + type) * dt);
            if ((ate = comes_now(&eat_left, chance))) push(list, (uint32_t)place, p, ACT_EAT);
        }
        if (death) continue;
        if (!attacked) {
            float chance = behaviour_of(t, i, b->attack + type) * dt;
            if (chance > 0) chance *= behaviour_of(t, j, b->immunogenicity + own) * handshake(t, i, j);
            if ((attacked = comes_now(&attack_left, chance_now(t, chance)))) push(list, (uint32_t)place, p, ACT_ATTACK);
        }
        if (!fused && trait->fuses &&
            (fused = comes_now(&fuse_left, chance_now(t, behaviour_of(t, i, b->fuse + type) * dt))))
            push(list, (uint32_t)place, p, ACT_FUSE);
    }
}

static void leave(coley_tissue *t, uint32_t place)
{
    const uint32_t j = t->near.slot[place];
    t->cells.mark[j] |= COLEY_MARK_GONE;
    t->near.death[place] = UINT8_MAX;
    coley_springs_of_cell_remove(t, j);
}

static void add_conserved(coley_tissue *t, uint32_t i, uint32_t j)
{
    coley_cell_columns *c = &t->cells;
    for (size_t k = 0; k < c->n_varying; k++) {
        const int custom = t->behaviour_of[k] - t->model->b.custom;
        if (custom >= 0 && custom < (int)t->model->n_custom && t->model->custom[custom].conserved)
            c->varying[k][i] += c->varying[k][j];
    }
}

static void eat(coley_tissue *t, uint32_t i, uint32_t j, uint32_t place)
{
    coley_cell_columns *c = &t->cells;
    c->fluid[i] += c->fluid[j];
    c->cytoplasm_solid[i] += c->cytoplasm_solid[j] + c->nuclear_solid[j];
    for (size_t k = 0; k < c->n_internal; k++)
        c->internal[k][i] += c->internal[k][j] * (float)t->model->type[c->type[j]].transferred_when_ingested[k];
    add_conserved(t, i, j);
    coley_cell_set_radius(c, i);
    leave(t, place);
    t->counts.eaten++;
}

static void fuse(coley_tissue *t, uint32_t i, uint32_t j, uint32_t place)
{
    coley_cell_columns *c = &t->cells;
    const float a = coley_cell_volume(c, i), b = coley_cell_volume(c, j), share = b / (a + b);
    c->x[i] += share * (c->x[j] - c->x[i]);
    c->y[i] += share * (c->y[j] - c->y[i]);
    c->z[i] += share * (c->z[j] - c->z[i]);
    c->fluid[i] += c->fluid[j];
    c->nuclear_fluid[i] += c->nuclear_fluid[j];
    c->nuclear_solid[i] += c->nuclear_solid[j];
    c->cytoplasm_solid[i] += c->cytoplasm_solid[j];
    c->target_nuclear_solid[i] += c->target_nuclear_solid[j];
    for (size_t k = 0; k < c->n_internal; k++) c->internal[k][i] += c->internal[k][j];
    coley_cell_set_radius(c, i);
    leave(t, place);
    t->counts.fused++;
}

/* In which of the mechanics steps that are taken at once that happens which has this chance in each; 0: in none. */
static uint32_t when_of(const coley_tissue *t, float chance, float u)
{
    float spared = 1;
    for (uint32_t k = 1; k <= t->at_once; k++) {
        spared *= 1 - chance;
        if (u < 1 - spared) return k;
    }
    return 0;
}

/* One step of an attack that is on; when it ends within the step it does damage until then. */
static void attack_on(coley_tissue *t, uint32_t i)
{
    coley_cell_columns *c = &t->cells;
    const coley_behaviours *b = &t->model->b;
    const uint32_t j = c->target[i];
    if (j == COLEY_NO_CELL) return;
    const bool over = is_gone(c, j) || c->death[j];
    if (!over) {
        uint32_t bits[4];
        coley_rng_bits(t->options.seed, COLEY_STREAM_TISSUE_CONTACT, c->id[i], t->step, bits);
        const float ends = t->mechanics_min / (1e-15f + behaviour_of(t, i, b->attack_duration));
        const uint32_t when = when_of(t, ends < 1 ? ends : 1, uniform_of(bits[3]));
        const float time = t->mechanics_min * (float)(when ? when : t->at_once);
        const float damage = behaviour_of(t, i, b->attack_damage) * time * handshake(t, i, j);
        c->damage[j] += damage;
        c->delivered[i] += damage;
        c->attacked[j] += time;
        if (!when) return;
    }
    coley_spring_remove(t, i, j);
    c->target[i] = COLEY_NO_CELL;
}

static bool carry_out(coley_tissue *t, const action *a)
{
    coley_cell_columns *c = &t->cells;
    const uint32_t i = t->near.slot[a->actor];
    if (is_gone(c, i)) return true;
    if (a->kind == ACT_ATTACK_ON) {
        attack_on(t, i);
        return true;
    }
    const uint32_t j = t->near.slot[a->target];
    if (is_gone(c, j)) return true;
    if (a->kind == ACT_EAT) {
        eat(t, i, j, a->target);
    } else if (a->kind == ACT_FUSE) {
        fuse(t, i, j, a->target);
    } else {
        c->target[i] = j;
        t->counts.attacks++;
        if (!coley_spring_add(t, i, j)) return false;
        attack_on(t, i);
    }
    return true;
}

bool coley_interactions_step(coley_tissue *t)
{
    bool any = false;
    for (size_t k = 0; k < t->model->n_types; k++)
        any = any || t->trait[k].eats || t->trait[k].attacks || t->trait[k].fuses;
    if (!any) return true;
    const size_t n = t->near.n, n_threads = (size_t)t->options.n_threads, each = (n + n_threads - 1) / n_threads;
    const coley_force_view view = coley_neighbours_view(t);
#pragma omp parallel for schedule(static, 1) num_threads(threads_for(t))
    for (size_t k = 0; k < n_threads; k++) {
        t->actions[k].n = 0;
        for (size_t p = k * each; p < n && p < (k + 1) * each; p++) {
            const type_traits *trait = &t->trait[t->near.type[p]];
            if (trait->eats || trait->attacks || trait->fuses) decide(t, &view, p, &t->actions[k]);
        }
    }
    for (size_t k = 0; k < n_threads; k++) {
        if (t->actions[k].failed) return false;
        for (size_t a = 0; a < t->actions[k].n; a++)
            if (!carry_out(t, &t->actions[k].action[a])) return false;
    }
    return true;
}
