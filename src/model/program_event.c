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

/* Conditions, and steps of a staircase: flat but for jumps. */
static int is_jump(coley_op op)
{
    return is_comparison(op) || op == COLEY_OP_AND || op == COLEY_OP_OR || op == COLEY_OP_NOT || op == COLEY_OP_FLOOR ||
           op == COLEY_OP_CEIL;
}

/* Work space of the marks, kept from one to the next. */
typedef struct mark_scratch {
    coley_diff diff; /* with respect to time */
    coley_expr_walk in_rate, in_gap;
    const coley_expr **rest; /* by node id: with time = 0 outside of jumps, and jumps as they are from now on */
    unsigned char *runs;     /* by node id: holds time outside of jumps */
    size_t cap_rest, cap_runs;
    size_t n_known;           /* of the two arrays below: nodes that the model has */
    unsigned char *told;      /* by node id: whether all its jumps are marks */
    const coley_expr **after; /* by node id, for staircases: the value just after now */
} mark_scratch;

static void find_running(mark_scratch *m, const coley_expr_walk *walk)
{
    for (size_t i = 0; i < walk->n; i++) {
        const coley_expr *x = walk->node[i];
        m->runs[x->id] = x->op == COLEY_OP_TIME;
        for (int j = 0; j < 3 && x->arg[j] && !is_jump(x->op); j++) m->runs[x->id] |= m->runs[x->arg[j]->id];
    }
}

/* gap = rate time + rest until the next mark; *rate is NULL where it is no such line, and the number 0 where gap stands
 * still. */
static coley_status line_of(compiler *c, mark_scratch *m, const coley_expr *gap, const coley_expr **rate)
{
    *rate = NULL;
    const coley_expr *slope = gap ? coley_diff_of(&m->diff, gap) : NULL;
    coley_expr_walk_clear(&m->in_rate);
    coley_expr_walk_clear(&m->in_gap);
    if (!slope || !coley_expr_walk_add(&m->in_rate, slope) || !coley_expr_walk_add(&m->in_gap, gap) ||
        !COLEY_RESERVE(c->arena, m->rest, m->cap_rest, coley_expr_count(c->pool)) ||
        !COLEY_RESERVE(c->arena, m->runs, m->cap_runs, coley_expr_count(c->pool)))
        return COLEY_FAIL_MEMORY(c->err);
    find_running(m, &m->in_rate);
    if (m->runs[slope->id]) return COLEY_OK;
    find_running(m, &m->in_gap);
    for (size_t i = 0; i < m->in_gap.n; i++) {
        const coley_expr *x = m->in_gap.node[i], *made = x;
        const coley_expr *const *arg = x->arg;
        if (x->op == COLEY_OP_TIME) made = coley_expr_number(c->pool, 0.0);
        if ((x->op == COLEY_OP_ABS || x->op == COLEY_OP_MIN || x->op == COLEY_OP_MAX) && m->runs[x->id])
            return COLEY_OK; /* a kink that is no mark */
        if (is_jump(x->op)) {
            if (x->id >= m->n_known || !m->told[x->id]) return COLEY_OK;
            made = m->after[x->id] ? m->after[x->id] : x;
        } else if (x->op == COLEY_OP_SELECT)
            made = coley_expr_select(c->pool, m->rest[arg[0]->id], m->rest[arg[1]->id], m->rest[arg[2]->id]);
        else if (arg[0])
            made = arg[1] ? coley_expr_binary(c->pool, x->op, m->rest[arg[0]->id], m->rest[arg[1]->id])
                          : coley_expr_unary(c->pool, x->op, m->rest[arg[0]->id]);
        if (!made) return COLEY_FAIL_MEMORY(c->err);
        m->rest[x->id] = made;
    }
    *rate = slope;
    return COLEY_OK;
}

static int is_zero(const coley_expr *e)
{
    return e->op == COLEY_OP_NUMBER && e->number == 0.0;
}

/* When a - b = rate time + rest, with nothing in either that moves but at marks, the comparison of a and b changes
 * sides at -rest / rate; *told says whether that is so. */
static coley_status write_mark(compiler *c, mark_scratch *m, const coley_expr *e, const coley_expr **mark, int *told)
{
    const coley_expr *rate, *gap = coley_expr_binary(c->pool, COLEY_OP_SUB, e->arg[0], e->arg[1]);
    COLEY_TRY(line_of(c, m, gap, &rate));
    *told = rate != NULL;
    if (!rate || is_zero(rate)) return COLEY_OK;
    *mark = coley_expr_binary(c->pool, COLEY_OP_DIV, coley_expr_unary(c->pool, COLEY_OP_NEG, m->rest[gap->id]), rate);
    return *mark ? COLEY_OK : COLEY_FAIL_MEMORY(c->err);
}

/* A floor or ceiling of g = rate time + rest jumps when g is next a whole number: below + 1 going up, above - 1 going
 * down, where below and above are the whole numbers beside g. A g that is whole but for rounding is whole. */
static coley_status write_stair(compiler *c, mark_scratch *m, const coley_expr *e, const coley_expr **mark, int *told)
{
    coley_expr_pool *pool = c->pool;
    const coley_expr *rate, *g = e->arg[0], *one = coley_expr_number(pool, 1.0);
    COLEY_TRY(line_of(c, m, g, &rate));
    *told = rate != NULL;
    if (!rate || is_zero(rate)) return COLEY_OK;
    const coley_expr *rest = m->rest[g->id], *zero = coley_expr_number(pool, 0.0);
    const coley_expr *hair =
        coley_expr_binary(pool, COLEY_OP_MUL, coley_expr_number(pool, 1e-13),
                          coley_expr_binary(pool, COLEY_OP_ADD, one, coley_expr_unary(pool, COLEY_OP_ABS, g)));
    const coley_expr *below = coley_expr_unary(pool, COLEY_OP_FLOOR, coley_expr_binary(pool, COLEY_OP_ADD, g, hair));
    const coley_expr *above = coley_expr_unary(pool, COLEY_OP_CEIL, coley_expr_binary(pool, COLEY_OP_SUB, g, hair));
    const coley_expr *next = coley_expr_binary(pool, COLEY_OP_ADD, below, one),
                     *last = coley_expr_binary(pool, COLEY_OP_SUB, above, one);
    const coley_expr *up = coley_expr_binary(pool, COLEY_OP_GT, rate, zero);
    const int floors = e->op == COLEY_OP_FLOOR;
    const coley_expr *to = coley_expr_select(pool, up, next, last);
    *mark = coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_binary(pool, COLEY_OP_SUB, to, rest), rate);
    m->after[e->id] = coley_expr_select(pool, up, floors ? below : next, floors ? last : above);
    return *mark && m->after[e->id] ? COLEY_OK : COLEY_FAIL_MEMORY(c->err);
}

/* The mark of a node that moves by time alone, if it is one; and whether all its jumps are told. */
static coley_status mark_node(compiler *c, mark_scratch *m, const coley_expr *e, const unsigned char *moves,
                              const coley_expr **mark)
{
    int told = 1;
    for (int j = 0; j < 3 && e->arg[j]; j++) told &= m->told[e->arg[j]->id];
    if (moves[e->id] & MOVES_BY_STATE) told = 0;
    if (told && moves[e->id]) {
        if (is_comparison(e->op)) COLEY_TRY(write_mark(c, m, e, mark, &told));
        if (e->op == COLEY_OP_FLOOR || e->op == COLEY_OP_CEIL) COLEY_TRY(write_stair(c, m, e, mark, &told));
    }
    m->told[e->id] = (unsigned char)told;
    return COLEY_OK;
}

/* Marks of all comparisons and staircases in the right-hand side and in triggers; and what triggers look at besides. */
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
    scratch.n_known = coley_expr_count(c->pool);
    scratch.told = COLEY_NEW(c->arena, unsigned char, scratch.n_known);
    scratch.after = COLEY_NEW(c->arena, const coley_expr *, scratch.n_known);
    if (!scratch.told || !scratch.after) return COLEY_FAIL_MEMORY(c->err);
    coley_diff_start(&scratch.diff, coley_expr_time(c->pool));
    for (size_t i = 0; i < walk.n; i++) {
        const coley_expr *e = walk.node[i], *mark = NULL;
        const int in_trigger = i < n_trigger_nodes;
        if (in_trigger && e->op == COLEY_OP_SYMBOL && (size_t)e->symbol >= c->network->n_symbols)
            seen[(size_t)e->symbol - c->network->n_symbols] = 1;
        COLEY_TRY(mark_node(c, &scratch, e, moves, &mark));
        if (mark) f->mark[p->n_marks++] = mark;
        const int logical =
            e->op == COLEY_OP_AND || e->op == COLEY_OP_OR || e->op == COLEY_OP_NOT || e->op == COLEY_OP_SELECT;
        p->watch_inside |= in_trigger && is_comparison(e->op) && moves[e->id] && !scratch.told[e->id];
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
