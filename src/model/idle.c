/* SPDX-License-Identifier: GPL-3.0-or-later */
/* idle.c -- what a formula is when some states are 0: a number, something, or perhaps no number at all. */
#include "model/idle.h"

#include <math.h>
#include <string.h>

#include "model/program_parts.h"
#include "model/tape_assemble.h"

typedef enum kind { ANYTHING, NUMBER, LOST /* perhaps no number */ } kind;

typedef struct fact {
    kind kind;
    double number;
} fact;

struct coley_idle {
    const coley_program *program;
    coley_expr_walk walk; /* formulas of the run, arguments before their users */
    fact *fact;           /* by node id */
};

coley_idle *coley_idle_create(coley_arena *arena, const coley_program *p)
{
    coley_idle *idle = COLEY_NEW(arena, coley_idle, 1);
    if (!idle) return NULL;
    const size_t n_values = coley_program_jacobian_count(p) + p->n_states;
    *idle = (coley_idle){.program = p, .walk.arena = arena};
    for (size_t i = 0; i < p->n_states; i++)
        if (!coley_expr_walk_add(&idle->walk, p->change[i])) return NULL;
    for (size_t i = 0; i < n_values; i++)
        if (!coley_expr_walk_add(&idle->walk, p->slope[i])) return NULL;
    idle->fact = COLEY_NEW(arena, fact, p->n_column_ids);
    return idle->fact ? idle : NULL;
}

static fact known(double number)
{
    return (fact){isfinite(number) ? NUMBER : LOST, number};
}

static int is(fact f, double number)
{
    return f.kind == NUMBER && f.number == number;
}

/* x^n. A tape has an operation of its own for powers of the number 2, and no other bits than those are wanted. */
static fact power(const coley_expr *e, fact x, fact n)
{
    const int was_two = e->arg[0]->op == COLEY_OP_NUMBER && e->arg[0]->number == 2;
    if (is(x, 1) || is(n, 0)) return known(1);
    if (x.kind == NUMBER && n.kind == NUMBER && !was_two) return known(coley_power_value(x.number, n.number));
    const int is_bad = (x.kind == NUMBER && n.kind == NUMBER) || (is(x, 2) && !was_two) || is(x, 0);
    return (fact){is_bad ? LOST : ANYTHING, 0};
}

/* Of two arguments, one of which is no number that is known. */
static fact binary(coley_op op, fact a, fact b)
{
    switch (op) {
    case COLEY_OP_MUL:
        return is(a, 0) || is(b, 0) ? known(0) : (fact){0};
    case COLEY_OP_DIV:
        return is(b, 0) ? (fact){.kind = LOST} : is(a, 0) ? known(0) : (fact){0};
    case COLEY_OP_AND:
        return is(a, 0) || is(b, 0) ? known(0) : (fact){0};
    case COLEY_OP_OR:
        return (a.kind == NUMBER && a.number != 0) || (b.kind == NUMBER && b.number != 0) ? known(1) : (fact){0};
    default:
        return (fact){0};
    }
}

static fact fact_of_choice(fact condition, fact yes, fact no)
{
    if (condition.kind == NUMBER) return condition.number != 0 ? yes : no;
    if (condition.kind == LOST || yes.kind == LOST || no.kind == LOST) return (fact){.kind = LOST};
    return yes.kind == NUMBER && is(no, yes.number) && signbit(yes.number) == signbit(no.number) ? yes : (fact){0};
}

static fact fact_of_node(const coley_idle *idle, const coley_expr *e)
{
    fact arg[3] = {{0}};
    int all = 1, n = 0;
    for (; n < 3 && e->arg[n]; n++) {
        arg[n] = idle->fact[e->arg[n]->id];
        all &= arg[n].kind == NUMBER;
    }
    if (e->op == COLEY_OP_SELECT) return fact_of_choice(arg[0], arg[1], arg[2]);
    for (int i = 0; i < n; i++)
        if (arg[i].kind == LOST) return arg[i];
    if (e->op == COLEY_OP_POW) return power(e, arg[0], arg[1]);
    if (!all) return n == 2 ? binary(e->op, arg[0], arg[1]) : (fact){0};
    return known(coley_op_value(e->op, arg[0].number, arg[1].number, 0));
}

/* What every formula is when the states in `zero` are 0. */
static void learn(coley_idle *idle, const unsigned char *zero)
{
    const int32_t first = (int32_t)idle->program->network->n_symbols;
    for (size_t i = 0; i < idle->walk.n; i++) {
        const coley_expr *e = idle->walk.node[i];
        fact *f = &idle->fact[e->id];
        if (e->op == COLEY_OP_NUMBER)
            *f = known(e->number);
        else if (e->op == COLEY_OP_SYMBOL)
            *f = e->symbol >= first && zero[e->symbol - first] ? known(0) : (fact){0};
        else
            *f = e->arg[0] ? fact_of_node(idle, e) : (fact){0};
    }
}

/* Take out of `zero` whatever moves or may not be left out; true when there was something. */
static int take_out(const coley_idle *idle, unsigned char *zero)
{
    const coley_program *p = idle->program;
    const fact *f = idle->fact;
    const size_t n_jacobian = coley_program_jacobian_count(p);
    int out = 0, lost = 0;
    for (size_t v = 0; v < p->n_states; v++) {
        const fact change = f[p->change[v]->id], in_time = f[p->slope[n_jacobian + v]->id];
        int moves = !is(change, 0) || !is(in_time, 0);
        if (!zero[v]) lost |= change.kind == LOST || in_time.kind == LOST;
        for (int32_t k = p->row_start[v]; k < p->row_start[v + 1]; k++) {
            const fact slope = f[p->slope[k]->id];
            unsigned char *other = &zero[p->column[k]];
            moves |= slope.kind == LOST || (!*other && !is(slope, 0));
            if (zero[v] || slope.kind != LOST) continue;
            if (*other)
                *other = 0, out = 1;
            else
                lost = 1;
        }
        if (zero[v] && moves) zero[v] = 0, out = 1;
    }
    if (lost && !out) memset(zero, 0, p->n_states);
    return out;
}

void coley_idle_narrow(coley_idle *idle, unsigned char *zero)
{
    do learn(idle, zero);
    while (take_out(idle, zero));
}

/* --- the rest as a program of its own
 * ---------------------------------------------------------------------------------- */

/* A pool of its own, so that several threads may do this at a time. Symbols in it are columns. */
typedef struct rewriting {
    coley_arena *arena;
    coley_idle *idle;
    coley_expr_pool *pool;
    const coley_expr **made; /* by id of the program's node */
    int32_t first_state, first_scratch;
} rewriting;

static const coley_expr *rewritten(rewriting *r, const coley_expr *e)
{
    const coley_program *p = r->idle->program;
    const fact f = r->idle->fact[e->id];
    if (f.kind == NUMBER) return coley_expr_number(r->pool, f.number);
    const int32_t column = p->literal_column[e->id] >= 0 ? p->literal_column[e->id] : p->constant_column[e->id];
    if (column >= 0) return coley_expr_symbol(r->pool, column);
    if (e->op == COLEY_OP_SYMBOL)
        return coley_expr_symbol(r->pool, r->first_state + e->symbol - (int32_t)p->network->n_symbols);
    if (e->op == COLEY_OP_TIME) return coley_expr_symbol(r->pool, r->first_state + (int32_t)p->n_states);
    const coley_expr *arg[3] = {NULL, NULL, NULL};
    for (int i = 0; i < 3 && e->arg[i]; i++) arg[i] = r->made[e->arg[i]->id];
    if (e->op == COLEY_OP_SELECT) {
        const fact condition = r->idle->fact[e->arg[0]->id];
        if (condition.kind == NUMBER) return condition.number != 0 ? arg[1] : arg[2];
        return coley_expr_select(r->pool, arg[0], arg[1], arg[2]);
    }
    return e->arg[1] ? coley_expr_binary(r->pool, e->op, arg[0], arg[1]) : coley_expr_unary(r->pool, e->op, arg[0]);
}

static int rewrite(rewriting *r)
{
    const coley_expr_walk *walk = &r->idle->walk;
    for (size_t i = 0; i < walk->n; i++) {
        const coley_expr *e = walk->node[i];
        if (!(r->made[e->id] = rewritten(r, e))) return 0;
    }
    return 1;
}

static int list_states(coley_arena *arena, coley_awake_program *a, const unsigned char *zero)
{
    const size_t n = a->whole->n_states;
    int32_t *state = COLEY_NEW(arena, int32_t, n);
    coley_span *span = COLEY_NEW(arena, coley_span, n);
    if (!state || !span) return 0;
    for (size_t v = 0; v < n; v++) {
        if (zero[v]) continue;
        if (!a->n || (size_t)state[a->n - 1] + 1 < v) span[a->n_spans++].first = v;
        span[a->n_spans - 1].end = v + 1;
        state[a->n++] = (int32_t)v;
    }
    a->state = state;
    a->span = span;
    return 1;
}

/* Formulas of the Jacobian that are not 0, and of df/dt. */
static const coley_expr **list_slopes(const rewriting *r, coley_awake_program *a, const unsigned char *zero)
{
    const coley_program *p = a->whole;
    const size_t n_jacobian = coley_program_jacobian_count(p);
    int32_t *row_start = COLEY_NEW(r->arena, int32_t, a->n + 1), *column = COLEY_NEW(r->arena, int32_t, n_jacobian);
    int32_t *place = COLEY_NEW(r->arena, int32_t, p->n_states); /* of a state among those that are awake */
    const coley_expr **slope = COLEY_NEW(r->arena, const coley_expr *, n_jacobian + a->n);
    if (!row_start || !column || !place || !slope) return NULL;
    for (size_t i = 0; i < a->n; i++) place[a->state[i]] = (int32_t)i;
    int32_t count = 0;
    for (size_t i = 0; i < a->n; i++) {
        const int32_t v = a->state[i];
        row_start[i] = count;
        for (int32_t k = p->row_start[v]; k < p->row_start[v + 1]; k++) {
            const int32_t j = p->column[k];
            if (zero[j] || (j != v && is(r->idle->fact[p->slope[k]->id], 0))) continue;
            column[count] = place[j];
            slope[count++] = r->made[p->slope[k]->id];
        }
    }
    row_start[a->n] = count;
    for (size_t i = 0; i < a->n; i++)
        slope[(size_t)count + i] = r->made[p->slope[n_jacobian + (size_t)a->state[i]]->id];
    a->row_start = row_start;
    a->column = column;
    return slope;
}

/* Of the formulas' numbers and of what the work space holds; new numbers get columns where scratch begins. */
static int32_t *columns_of(const rewriting *r, coley_awake_program *a, const coley_expr *const *change,
                           const coley_expr *const *slope, size_t n_slopes)
{
    const coley_program *p = a->whole;
    coley_expr_walk walk = {.arena = r->arena};
    int good = coley_expr_walk_add(&walk, coley_expr_number(r->pool, 1.0));
    for (size_t i = 0; i < a->n && good; i++) good = coley_expr_walk_add(&walk, change[i]);
    for (size_t i = 0; i < n_slopes && good; i++) good = coley_expr_walk_add(&walk, slope[i]);
    const size_t n = coley_expr_count(r->pool);
    int32_t *column = COLEY_NEW(r->arena, int32_t, n);
    double *literal = COLEY_NEW(r->arena, double, walk.n);
    if (!good || !column || !literal) return NULL;
    for (size_t i = 0; i < n; i++) column[i] = -1;
    for (size_t i = 0; i < walk.n; i++) {
        const coley_expr *e = walk.node[i];
        if (e->op == COLEY_OP_SYMBOL) column[e->id] = e->symbol;
        if (e->op != COLEY_OP_NUMBER) continue;
        for (size_t k = 0; k < p->n_literals && column[e->id] < 0; k++)
            if (!memcmp(&p->literal[k], &e->number, sizeof e->number)) column[e->id] = (int32_t)k;
        if (column[e->id] >= 0) continue;
        column[e->id] = r->first_scratch + (int32_t)a->n_literals;
        literal[a->n_literals++] = e->number;
    }
    a->literal = literal;
    return column;
}

static int make_tape(const rewriting *r, const coley_awake_program *a, const int32_t *column,
                     const coley_expr *const *result, size_t n, coley_tape *to)
{
    const coley_program *p = a->whole;
    const size_t n_ids = coley_expr_count(r->pool), room = p->n_scratch + p->n_constants + p->n_states;
    coley_tape_making m = {.arena = r->arena,
                           .pool = r->pool,
                           .column = COLEY_NEW(r->arena, int32_t, n_ids),
                           .first_scratch = r->first_scratch + (int32_t)a->n_literals};
    if (!m.column) return 0;
    memcpy(m.column, column, n_ids * sizeof *column);
    return coley_tape_assemble(&m, result, n, to) && a->n_literals + m.n_scratch <= room;
}

const coley_awake_program *coley_awake_make(coley_arena *arena, coley_idle *idle, const unsigned char *zero)
{
    const coley_program *p = idle->program;
    const coley_program_layout layout = coley_program_layout_of(p);
    coley_awake_program *a = COLEY_NEW(arena, coley_awake_program, 1);
    rewriting r = {.arena = arena,
                   .idle = idle,
                   .pool = coley_expr_pool_create(arena),
                   .made = COLEY_NEW(arena, const coley_expr *, p->n_column_ids),
                   .first_state = layout.first_state,
                   .first_scratch = layout.first_scratch};
    const coley_expr **change = COLEY_NEW(arena, const coley_expr *, p->n_states), **slope;
    if (!a || !r.pool || !r.made || !change) return NULL;
    *a = (coley_awake_program){.whole = p};
    learn(idle, zero);
    if (!list_states(arena, a, zero) || !rewrite(&r) || !(slope = list_slopes(&r, a, zero))) return NULL;
    for (size_t i = 0; i < a->n; i++) change[i] = r.made[p->change[a->state[i]]->id];
    const size_t n_slopes = (size_t)a->row_start[a->n] + (p->uses_time ? a->n : 0);
    const int32_t *column = columns_of(&r, a, change, slope, n_slopes);
    if (!column || !make_tape(&r, a, column, change, a->n, &a->rhs) ||
        !make_tape(&r, a, column, slope, n_slopes, &a->jacobian))
        return NULL;
    return a;
}

/* --- run
 * --------------------------------------------------------------------------------------------------------------- */

static void set_point(const coley_awake_program *a, size_t width, const double *t, const double *y, double *work)
{
    const coley_program_layout layout = coley_program_layout_of(a->whole);
    double *state = work + (size_t)layout.first_state * width, *literal = work + (size_t)layout.first_scratch * width;
    for (size_t s = 0; s < a->n_spans; s++) {
        const size_t first = a->span[s].first * width, end = a->span[s].end * width;
        memcpy(state + first, y + first, (end - first) * sizeof *state);
    }
    memcpy(state + layout.n_states * width, t, width * sizeof *state);
    for (size_t i = 0; i < a->n_literals; i++)
        for (size_t l = 0; l < width; l++) literal[i * width + l] = a->literal[i];
}

/* n results from `column` on go to every state that is awake. */
static void give(const coley_awake_program *a, const int32_t *column, size_t width, const double *work, double *to)
{
    for (size_t i = 0; i < a->n; i++)
        memcpy(to + (size_t)a->state[i] * width, work + (size_t)column[i] * width, width * sizeof *to);
}

void coley_awake_rhs(const coley_awake_program *a, size_t width, const double *t, const double *y, void *work_space,
                     const double *plus, double *dy)
{
    double *work = work_space;
    const coley_tape_kernels *kernels = a->whole->kernels;
    const int32_t *column = a->rhs.result;
    set_point(a, width, t, y, work);
    kernels->run(a->rhs.instruction, a->rhs.n, width, work);
    if (!plus) {
        give(a, column, width, work, dy);
        return;
    }
    for (size_t s = 0; s < a->n_spans; s++) {
        const size_t first = a->span[s].first * width, n = a->span[s].end - a->span[s].first;
        kernels->take(column, n, width, work, plus + first, dy + first);
        column += n;
    }
}

void coley_awake_jacobian(const coley_awake_program *a, size_t width, const double *t, const double *y,
                          void *work_space, double *jacobian, double *dfdt)
{
    double *work = work_space;
    const size_t count = (size_t)a->row_start[a->n];
    set_point(a, width, t, y, work);
    a->whole->kernels->run(a->jacobian.instruction, a->jacobian.n, width, work);
    for (size_t i = 0; i < count; i++)
        memcpy(jacobian + i * width, work + (size_t)a->jacobian.result[i] * width, width * sizeof *work);
    if (a->whole->uses_time && dfdt) give(a, a->jacobian.result + count, width, work, dfdt);
}
