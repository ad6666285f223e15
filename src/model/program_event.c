/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program_event.c -- events compiled: triggers, delays, priorities and what they set; and the marks, moments that can
 * be told in advance. */
#include "model/program_parts.h"

#include "model/diff.h"

coley_status coley_program_write_events(compiler *c, formulas *f)
{
    const coley_network *net = c->network;
    coley_program *p = c->program;
    p->n_events = net->n_events;
    for (size_t e = 0; e < net->n_events; e++) p->n_targets += net->event[e].n_assignments;
    p->event = COLEY_NEW(c->arena, coley_program_event, p->n_events);
    p->target = COLEY_NEW(c->arena, int32_t, p->n_targets);
    f->trigger = COLEY_NEW(c->arena, const coley_expr *, p->n_events);
    f->value = COLEY_NEW(c->arena, const coley_expr *, 2 * p->n_events + 2 * p->n_targets);
    const coley_expr *zero = coley_expr_number(c->pool, 0.0), *one = coley_expr_number(c->pool, 1.0);
    if (!p->event || !p->target || !f->trigger || !f->value || !zero || !one) return COLEY_FAIL_MEMORY(c->err);
    size_t k = 0;
    for (size_t e = 0; e < net->n_events; e++) {
        const coley_model_event *from = &net->event[e];
        p->event[e] = (coley_program_event){.id = from->id,
                                            .persistent = from->persistent,
                                            .initially_true = from->initially_true,
                                            .values_at_trigger = from->values_at_trigger,
                                            .has_priority = from->priority != NULL,
                                            .first = k,
                                            .n = from->n_assignments};
        f->trigger[e] = coley_program_written_out(c, from->trigger, 0);
        f->value[e] = from->delay ? coley_program_written_out(c, from->delay, 0) : zero;
        f->value[p->n_events + e] = from->priority ? coley_program_written_out(c, from->priority, 0) : zero;
        if (!f->trigger[e] || !f->value[e] || !f->value[p->n_events + e]) return coley_program_formula_failed(c);
        for (size_t i = 0; i < from->n_assignments; i++, k++) {
            const coley_symbol *s = &net->symbol[from->assignment[i].symbol];
            const int sized = s->kind == COLEY_SPECIES && !s->substance_only && s->compartment >= 0;
            p->target[k] = p->state_of[from->assignment[i].symbol];
            f->value[2 * p->n_events + k] = coley_program_written_out(c, from->assignment[i].value, 0);
            f->value[2 * p->n_events + p->n_targets + k] = sized ? coley_program_value_of(c, s->compartment, 0) : one;
            if (!f->value[2 * p->n_events + k] || !f->value[2 * p->n_events + p->n_targets + k])
                return coley_program_formula_failed(c);
        }
    }
    return COLEY_OK;
}

static int is_comparison(coley_op op)
{
    return op == COLEY_OP_LT || op == COLEY_OP_LE || op == COLEY_OP_GT || op == COLEY_OP_GE || op == COLEY_OP_EQ ||
           op == COLEY_OP_NE;
}

enum { MOVES_BY_TIME = 1, MOVES_BY_STATE = 2 };

/* For every node of the walk, whether it changes of itself between events, and why. */
static unsigned char *list_movers(compiler *c, const formulas *f, const coley_expr_walk *walk)
{
    unsigned char *moves = COLEY_NEW(c->arena, unsigned char, coley_expr_count(c->pool));
    for (size_t i = 0; moves && i < walk->n; i++) {
        const coley_expr *e = walk->node[i];
        if (e->op == COLEY_OP_TIME) moves[e->id] = MOVES_BY_TIME;
        if (e->op == COLEY_OP_SYMBOL && (size_t)e->symbol >= c->network->n_symbols) {
            const coley_expr *change = f->change[(size_t)e->symbol - c->network->n_symbols];
            if (!(change->op == COLEY_OP_NUMBER && change->number == 0.0)) moves[e->id] = MOVES_BY_STATE;
        }
        for (int j = 0; j < 3 && e->arg[j]; j++) moves[e->id] |= moves[e->arg[j]->id];
    }
    return moves;
}

/* Work space of write_mark, kept from comparison to comparison. */
typedef struct mark_scratch {
    coley_diff diff; /* with respect to time */
    coley_expr_walk in_rate, in_gap;
    const coley_expr **rest; /* by node id: with time = 0 */
    size_t cap_rest;
} mark_scratch;

/* When a - b = rate time + rest, with nothing in either that moves, the comparison of a and b changes sides at
 * -rest / rate. */
static coley_status write_mark(compiler *c, mark_scratch *m, const coley_expr *e, const coley_expr **mark)
{
    *mark = NULL;
    const coley_expr *gap = coley_expr_binary(c->pool, COLEY_OP_SUB, e->arg[0], e->arg[1]);
    const coley_expr *rate = gap ? coley_diff_of(&m->diff, gap) : NULL;
    coley_expr_walk_clear(&m->in_rate);
    coley_expr_walk_clear(&m->in_gap);
    if (!rate || !coley_expr_walk_add(&m->in_rate, rate) || !coley_expr_walk_add(&m->in_gap, gap) ||
        !COLEY_RESERVE(c->arena, m->rest, m->cap_rest, coley_expr_count(c->pool)))
        return COLEY_FAIL_MEMORY(c->err);
    if (rate->op == COLEY_OP_NUMBER && rate->number == 0.0) return COLEY_OK;
    for (size_t i = 0; i < m->in_rate.n; i++)
        if (m->in_rate.node[i]->op == COLEY_OP_TIME) return COLEY_OK;
    for (size_t i = 0; i < m->in_gap.n; i++) { /* jumps have no slope */
        const coley_op op = m->in_gap.node[i]->op;
        if (op >= COLEY_OP_LT || op == COLEY_OP_FLOOR || op == COLEY_OP_CEIL) return COLEY_OK;
    }
    const coley_expr **rest = m->rest;
    for (size_t i = 0; i < m->in_gap.n; i++) {
        const coley_expr *x = m->in_gap.node[i];
        const coley_expr *made = x;
        if (x->op == COLEY_OP_TIME) made = coley_expr_number(c->pool, 0.0);
        if (x->arg[0])
            made = x->arg[1] ? coley_expr_binary(c->pool, x->op, rest[x->arg[0]->id], rest[x->arg[1]->id])
                             : coley_expr_unary(c->pool, x->op, rest[x->arg[0]->id]);
        if (!made) return COLEY_FAIL_MEMORY(c->err);
        rest[x->id] = made;
    }
    *mark = coley_expr_binary(c->pool, COLEY_OP_DIV, coley_expr_unary(c->pool, COLEY_OP_NEG, rest[gap->id]), rate);
    return *mark ? COLEY_OK : COLEY_FAIL_MEMORY(c->err);
}

/* Marks of all comparisons in the right-hand side and in triggers; and what triggers look at besides. */
coley_status coley_program_write_marks(compiler *c, formulas *f)
{
    coley_program *p = c->program;
    coley_expr_walk walk = {.arena = c->arena};
    for (size_t i = 0; i < p->n_events; i++)
        if (!coley_expr_walk_add(&walk, f->trigger[i])) return COLEY_FAIL_MEMORY(c->err);
    const size_t n_trigger_nodes = walk.n;
    for (size_t i = 0; i < p->n_states; i++)
        if (!coley_expr_walk_add(&walk, f->change[i])) return COLEY_FAIL_MEMORY(c->err);
    const unsigned char *moves = list_movers(c, f, &walk);
    unsigned char *seen = COLEY_NEW(c->arena, unsigned char, p->n_states);
    p->watched = COLEY_NEW(c->arena, int32_t, p->n_states);
    f->mark = COLEY_NEW(c->arena, const coley_expr *, walk.n);
    if (!moves || !seen || !p->watched || !f->mark) return COLEY_FAIL_MEMORY(c->err);
    mark_scratch scratch = {
        .diff = {.pool = c->pool, .arena = c->arena}, .in_rate = {.arena = c->arena}, .in_gap = {.arena = c->arena}};
    coley_diff_start(&scratch.diff, coley_expr_time(c->pool));
    for (size_t i = 0; i < walk.n; i++) {
        const coley_expr *e = walk.node[i], *mark = NULL;
        const int in_trigger = i < n_trigger_nodes;
        if (in_trigger && e->op == COLEY_OP_SYMBOL && (size_t)e->symbol >= c->network->n_symbols)
            seen[(size_t)e->symbol - c->network->n_symbols] = 1;
        if (is_comparison(e->op) && moves[e->id] == MOVES_BY_TIME) COLEY_TRY(write_mark(c, &scratch, e, &mark));
        if (mark) f->mark[p->n_marks++] = mark;
        const int logical =
            e->op == COLEY_OP_AND || e->op == COLEY_OP_OR || e->op == COLEY_OP_NOT || e->op == COLEY_OP_SELECT;
        p->watch_inside |= in_trigger && is_comparison(e->op) && moves[e->id] && !mark;
        for (int j = 0; j < 3 && logical && in_trigger && e->arg[j]; j++)
            p->watch_inside |= moves[e->arg[j]->id] && e->arg[j]->op < COLEY_OP_LT;
    }
    for (size_t i = 0; i < p->n_events; i++)
        p->watch_inside |= moves[f->trigger[i]->id] && f->trigger[i]->op < COLEY_OP_LT;
    for (size_t i = 0; i < p->n_states; i++)
        if (seen[i]) p->watched[p->n_watched++] = (int32_t)i;
    return COLEY_OK;
}

size_t coley_program_event_count(const coley_program *p)
{
    return p->n_events;
}

const coley_program_event *coley_program_events(const coley_program *p)
{
    return p->event;
}

size_t coley_program_target_count(const coley_program *p)
{
    return p->n_targets;
}

const int32_t *coley_program_targets(const coley_program *p)
{
    return p->target;
}

size_t coley_program_watched(const coley_program *p, const int32_t **state, int *inside)
{
    *state = p->watched;
    *inside = p->watch_inside;
    return p->n_watched;
}

size_t coley_program_mark_count(const coley_program *p)
{
    return p->n_marks;
}

void coley_program_triggers(const coley_program *p, size_t width, const double *t, const double *y, void *work,
                            double *trigger)
{
    coley_program_run(p, &p->triggers, width, t, y, work, trigger);
}

void coley_program_event_values(const coley_program *p, size_t width, const double *t, const double *y, void *work,
                                double *value)
{
    coley_program_run(p, &p->event_values, width, t, y, work, value);
}

void coley_program_marks(const coley_program *p, size_t width, const double *t, const double *y, void *work,
                         double *mark)
{
    coley_program_run(p, &p->marks, width, t, y, work, mark);
}
