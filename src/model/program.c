/* SPDX-License-Identifier: GPL-3.0-or-later */
/* program.c -- a network compiled: what is a state and what an input, every rule written out over them, derivatives,
 * and the tapes.
 *
 * Two environments give a symbol its formula over leaves (states, inputs, time). At run time a state is itself; at the
 * start it is its initial formula. What depends on inputs alone is the same in both and is computed once a patient, by
 * the first tape.
 *
 * Columns of the work space: literals | inputs | lane constants | states | time | scratch. */
#include "model/program.h"

#include <assert.h>
#include <string.h>

#include "model/diff.h"
#include "model/program_parts.h"
#include "model/reduce.h"
#include "model/tape_assemble.h"

struct coley_observer {
    const coley_program *program;
    tape tape;
};

enum { NOT_VISITED, VISITING, VISITED };
enum { MAX_STATES = 10000 };

static coley_place place_of(const coley_symbol *s)
{
    return (coley_place){.file = s->file, .line = s->line, .key = s->id};
}

/* --- which symbols are states and inputs
 * -------------------------------------------------------------------------------- */

static coley_status classify(compiler *c)
{
    const coley_network *net = c->network;
    coley_program *p = c->program;
    const size_t n = net->n_symbols;
    unsigned char *changed = COLEY_NEW(c->arena, unsigned char, n);
    p->state_of = COLEY_NEW(c->arena, int32_t, n);
    p->input_of = COLEY_NEW(c->arena, int32_t, n);
    p->state_symbol = COLEY_NEW(c->arena, int32_t, n);
    p->input_symbol = COLEY_NEW(c->arena, int32_t, n);
    p->input_default = COLEY_NEW(c->arena, double, n);
    if (!changed || !p->state_of || !p->input_of || !p->state_symbol || !p->input_symbol || !p->input_default)
        return COLEY_FAIL_MEMORY(c->err);
    for (size_t r = 0; r < net->n_reactions; r++) {
        const coley_reaction *reaction = &net->reaction[r];
        for (size_t i = 0; i < reaction->n_reactants; i++) changed[reaction->reactant[i].species] = 1;
        for (size_t i = 0; i < reaction->n_products; i++) changed[reaction->product[i].species] = 1;
    }
    for (size_t i = 0; i < n; i++)
        changed[i] = changed[i] && net->symbol[i].kind == COLEY_SPECIES && !net->symbol[i].boundary;
    for (size_t e = 0; e < net->n_events; e++)
        for (size_t i = 0; i < net->event[e].n_assignments; i++) changed[net->event[e].assignment[i].symbol] = 1;
    for (size_t i = 0; i < n; i++) {
        const coley_symbol *s = &net->symbol[i];
        const int is_state =
            s->rule_kind == COLEY_RULE_RATE || (s->rule_kind == COLEY_RULE_NONE && !s->constant && changed[i]);
        p->state_of[i] = p->input_of[i] = -1;
        if (is_state) {
            p->state_of[i] = (int32_t)p->n_states;
            p->state_symbol[p->n_states++] = (int32_t)i;
        }
        if (s->rule_kind != COLEY_RULE_ASSIGNMENT && s->initial && s->initial->op == COLEY_OP_NUMBER) {
            p->input_of[i] = (int32_t)p->n_inputs;
            p->input_default[p->n_inputs] = s->initial->number;
            p->input_symbol[p->n_inputs++] = (int32_t)i;
        }
    }
    return COLEY_OK;
}

/* --- formulas over leaves
 * ------------------------------------------------------------------------------------------------- */

/* NULL from a formula means no memory, unless the error already says more. */
coley_status coley_program_formula_failed(compiler *c)
{
    return c->err && c->err->code != COLEY_OK ? c->err->code : COLEY_FAIL_MEMORY(c->err);
}

const coley_expr *coley_program_written_out(compiler *c, const coley_expr *e, int at_start);

static const coley_expr *write_out(compiler *c, const coley_expr *e, int at_start)
{
    if (e->op == COLEY_OP_SYMBOL) {
        const coley_symbol *s = &c->network->symbol[e->symbol];
        const coley_expr *value = coley_program_value_of(c, e->symbol, at_start);
        const int by_size = s->kind == COLEY_SPECIES && !s->substance_only && s->compartment >= 0 &&
                            s->rule_kind != COLEY_RULE_ASSIGNMENT;
        if (!by_size) return value;
        return coley_expr_binary(c->pool, COLEY_OP_DIV, value, coley_program_value_of(c, s->compartment, at_start));
    }
    if (e->op == COLEY_OP_TIME && at_start) return coley_expr_number(c->pool, 0.0);
    if (!e->arg[0]) return e;
    const coley_expr *arg[3] = {NULL, NULL, NULL};
    for (int i = 0; i < 3 && e->arg[i]; i++)
        if (!(arg[i] = coley_program_written_out(c, e->arg[i], at_start))) return NULL;
    if (e->op == COLEY_OP_SELECT) return coley_expr_select(c->pool, arg[0], arg[1], arg[2]);
    return arg[1] ? coley_expr_binary(c->pool, e->op, arg[0], arg[1]) : coley_expr_unary(c->pool, e->op, arg[0]);
}

/* A formula with every symbol replaced by its own formula; shared parts once. Recursion is as deep as the formula,
 * which the readers bound: the symbols in it have theirs already (see settle). */
const coley_expr *coley_program_written_out(compiler *c, const coley_expr *e, int at_start)
{
    if (!e) return NULL;
    const int which = at_start != 0;
    if (e->id < c->n_written[which] && c->written[which][e->id]) return c->written[which][e->id];
    const coley_expr *made = write_out(c, e, at_start);
    if (!made || !COLEY_RESERVE(c->arena, c->written[which], c->n_written[which], (size_t)e->id + 1)) return NULL;
    return c->written[which][e->id] = made;
}

/* Amount of a species, value of anything else. */
const coley_expr *coley_program_value_of(compiler *c, int32_t symbol, int at_start)
{
    const coley_expr **value = at_start ? c->start_value : c->program->run_value;
    unsigned char *mark = at_start ? c->start_mark : c->run_mark;
    if (mark[symbol] == VISITED) return value[symbol];
    const coley_symbol *s = &c->network->symbol[symbol];
    if (mark[symbol] == VISITING) {
        (void)COLEY_FAIL_AT(c->err, COLEY_ERR_INPUT, place_of(s), "its value depends on itself; break the loop");
        return NULL;
    }
    mark[symbol] = VISITING;
    const coley_expr *made = NULL;
    const int is_state = c->program->state_of[symbol] >= 0;
    if (s->rule_kind == COLEY_RULE_ASSIGNMENT)
        made = coley_program_written_out(c, s->rule, at_start);
    else if (is_state && !at_start)
        made = c->program->state_leaf[c->program->state_of[symbol]];
    else if (c->program->input_of[symbol] >= 0)
        made = coley_expr_symbol(c->pool, symbol);
    else if (!is_state && !at_start)
        made = coley_program_value_of(c, symbol, 1);
    else
        made = coley_program_written_out(c, s->initial, 1);
    const int concentration = s->kind == COLEY_SPECIES && !s->initial_is_amount && s->compartment >= 0 &&
                              s->rule_kind != COLEY_RULE_ASSIGNMENT && (at_start || !is_state) &&
                              !(!is_state && !at_start && c->program->input_of[symbol] < 0);
    if (concentration)
        made = coley_expr_binary(c->pool, COLEY_OP_MUL, made, coley_program_value_of(c, s->compartment, at_start));
    mark[symbol] = VISITED;
    return value[symbol] = made;
}

/* Symbols that the value of `symbol` is made from. */
static int list_needs(compiler *c, int32_t symbol, int at_start, coley_expr_walk *walk)
{
    const coley_symbol *s = &c->network->symbol[symbol];
    const int is_state = c->program->state_of[symbol] >= 0;
    const coley_expr *e = s->rule_kind == COLEY_RULE_ASSIGNMENT          ? s->rule
                          : at_start && c->program->input_of[symbol] < 0 ? s->initial
                                                                         : NULL;
    coley_expr_walk_clear(walk);
    if (e && !coley_expr_walk_add(walk, e)) return 0;
    const int sized = s->kind == COLEY_SPECIES && s->compartment >= 0 && s->rule_kind != COLEY_RULE_ASSIGNMENT &&
                      !(s->substance_only && (s->initial_is_amount || (is_state && !at_start)));
    return !sized || coley_expr_walk_add(walk, coley_expr_symbol(c->pool, s->compartment));
}

/* Values of all symbols, each after those that it is made from, so that a chain of a hundred thousand rules needs no
 * deep recursion. What is open and has no value yet stands on the way from the root: to need it closes a loop. */
static coley_status settle(compiler *c, int at_start)
{
    const size_t n = c->network->n_symbols;
    unsigned char *mark = at_start ? c->start_mark : c->run_mark;
    unsigned char *open = COLEY_NEW(c->arena, unsigned char, n);
    int32_t *stack = NULL;
    size_t cap = 0;
    coley_expr_walk walk = {.arena = c->arena};
    if (!open) return COLEY_FAIL_MEMORY(c->err);
    for (size_t root = 0; root < n; root++) {
        size_t depth = 0;
        if (!COLEY_RESERVE(c->arena, stack, cap, 1)) return COLEY_FAIL_MEMORY(c->err);
        stack[depth++] = (int32_t)root;
        while (depth) {
            const int32_t symbol = stack[depth - 1];
            if (mark[symbol] != VISITED && !open[symbol]) {
                open[symbol] = 1;
                if (!list_needs(c, symbol, at_start, &walk) || !COLEY_RESERVE(c->arena, stack, cap, depth + walk.n))
                    return COLEY_FAIL_MEMORY(c->err);
                for (size_t i = 0; i < walk.n; i++) {
                    const coley_expr *e = walk.node[i];
                    if (e->op != COLEY_OP_SYMBOL || mark[e->symbol] == VISITED) continue;
                    if (open[e->symbol])
                        return COLEY_FAIL_AT(c->err, COLEY_ERR_INPUT, place_of(&c->network->symbol[e->symbol]),
                                             "its value depends on itself through \"%s\"; break the loop",
                                             c->network->symbol[symbol].id);
                    stack[depth++] = e->symbol;
                }
                continue;
            }
            depth--;
            if (!coley_program_value_of(c, symbol, at_start)) return coley_program_formula_failed(c);
        }
    }
    return COLEY_OK;
}

static int32_t *no_columns(coley_arena *arena, size_t n)
{
    int32_t *column = COLEY_NEW(arena, int32_t, n);
    for (size_t i = 0; column && i < n; i++) column[i] = -1;
    return column;
}

/* --- compile
 * ------------------------------------------------------------------------------------------------------------------ */

static coley_status make_leaves(compiler *c)
{
    coley_program *p = c->program;
    const size_t n = c->network->n_symbols;
    p->run_value = COLEY_NEW(c->arena, const coley_expr *, n);
    c->start_value = COLEY_NEW(c->arena, const coley_expr *, n);
    c->run_mark = COLEY_NEW(c->arena, unsigned char, n);
    c->start_mark = COLEY_NEW(c->arena, unsigned char, n);
    p->state_leaf = COLEY_NEW(c->arena, const coley_expr *, p->n_states);
    if (!p->run_value || !c->start_value || !c->run_mark || !c->start_mark || !p->state_leaf)
        return COLEY_FAIL_MEMORY(c->err);
    /* A state's leaf is a symbol past the network's own. */
    for (size_t i = 0; i < p->n_states; i++)
        if (!(p->state_leaf[i] = coley_expr_symbol(c->pool, (int32_t)(n + i)))) return COLEY_FAIL_MEMORY(c->err);
    return COLEY_OK;
}

/* Change of the amount of a species whose concentration a rate rule changes: A = x V, so A' = x' V + x V'. */
static coley_status write_rate(compiler *c, int32_t symbol, const coley_expr **change)
{
    const coley_symbol *s = &c->network->symbol[symbol];
    *change = coley_program_written_out(c, s->rule, 0);
    if (s->kind == COLEY_SPECIES && !s->substance_only && s->compartment >= 0) {
        const coley_symbol *v = &c->network->symbol[s->compartment];
        if (v->rule_kind == COLEY_RULE_ASSIGNMENT)
            return COLEY_FAIL_AT(c->err, COLEY_ERR_UNSUPPORTED, place_of(s),
                                 "a rate rule on a concentration in \"%s\", whose size another rule sets; make the "
                                 "species substanceOnly and write its amount's rate",
                                 v->id);
        *change = coley_expr_binary(c->pool, COLEY_OP_MUL, *change, coley_program_value_of(c, s->compartment, 0));
        if (v->rule_kind == COLEY_RULE_RATE) {
            const coley_expr *x = coley_program_written_out(c, coley_expr_symbol(c->pool, symbol), 0);
            const coley_expr *swell =
                coley_expr_binary(c->pool, COLEY_OP_MUL, x, coley_program_written_out(c, v->rule, 0));
            *change = coley_expr_binary(c->pool, COLEY_OP_ADD, *change, swell);
        }
    }
    return *change ? COLEY_OK : coley_program_formula_failed(c);
}

static coley_status write_changes(compiler *c, formulas *f)
{
    const coley_network *net = c->network;
    coley_program *p = c->program;
    f->start = COLEY_NEW(c->arena, const coley_expr *, p->n_states);
    f->change = COLEY_NEW(c->arena, const coley_expr *, p->n_states);
    if (!f->start || !f->change) return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < p->n_states; i++) {
        const coley_symbol *s = &net->symbol[p->state_symbol[i]];
        f->start[i] = coley_program_value_of(c, p->state_symbol[i], 1);
        if (!f->start[i]) return coley_program_formula_failed(c);
        if (s->rule_kind == COLEY_RULE_RATE)
            COLEY_TRY(write_rate(c, p->state_symbol[i], &f->change[i]));
        else if (!(f->change[i] = coley_expr_number(c->pool, 0.0)))
            return COLEY_FAIL_MEMORY(c->err);
    }
    for (size_t r = 0; r < net->n_reactions; r++) {
        const coley_reaction *reaction = &net->reaction[r];
        const coley_expr *rate = coley_program_written_out(c, reaction->rate, 0);
        if (!rate) return coley_program_formula_failed(c);
        for (size_t i = 0; i < reaction->n_reactants + reaction->n_products; i++) {
            const int gain = i >= reaction->n_reactants;
            const coley_term *term = gain ? &reaction->product[i - reaction->n_reactants] : &reaction->reactant[i];
            const int32_t state = p->state_of[term->species];
            if (state < 0 || net->symbol[term->species].boundary) continue;
            const coley_expr *amount =
                coley_expr_binary(c->pool, COLEY_OP_MUL, coley_program_written_out(c, term->amount, 0), rate);
            f->change[state] = coley_expr_binary(c->pool, gain ? COLEY_OP_ADD : COLEY_OP_SUB, f->change[state], amount);
            if (!f->change[state]) return coley_program_formula_failed(c);
        }
    }
    return COLEY_OK;
}

/* The Jacobian row by row; structural zeros are left out, the diagonal kept. */
static coley_status write_jacobian(compiler *c, formulas *f)
{
    coley_program *p = c->program;
    const size_t n = p->n_states;
    const coley_expr **dense = COLEY_NEW(c->arena, const coley_expr *, n *n + n);
    if (!dense) return COLEY_FAIL_MEMORY(c->err);
    coley_diff diff = {.pool = c->pool, .arena = c->arena};
    coley_expr_walk below = {.arena = c->arena};
    for (size_t i = 0; i < n; i++)
        if (!coley_expr_walk_add(&below, f->change[i])) return COLEY_FAIL_MEMORY(c->err);
    for (size_t j = 0; j <= n; j++) {
        coley_diff_start(&diff, j < n ? p->state_leaf[j] : coley_expr_time(c->pool));
        for (size_t i = 0; i < below.n; i++)
            if (!coley_diff_of(&diff, below.node[i])) return COLEY_FAIL_MEMORY(c->err);
        for (size_t i = 0; i < n; i++)
            if (!(dense[j * n + i] = coley_diff_of(&diff, f->change[i]))) return COLEY_FAIL_MEMORY(c->err);
    }
    p->row_start = COLEY_NEW(c->arena, int32_t, n + 1);
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        count = 0;
        for (size_t i = 0; i < n; i++) {
            if (p->row_start) p->row_start[i] = (int32_t)count;
            for (size_t j = 0; j < n; j++) {
                const coley_expr *e = dense[j * n + i];
                if (i != j && e->op == COLEY_OP_NUMBER && e->number == 0.0) continue;
                if (pass) {
                    p->column[count] = (int32_t)j;
                    f->jacobian[count] = e;
                }
                count++;
            }
        }
        if (pass) break;
        p->column = COLEY_NEW(c->arena, int32_t, count);
        f->jacobian = COLEY_NEW(c->arena, const coley_expr *, count + n);
        if (!p->row_start || !p->column || !f->jacobian) return COLEY_FAIL_MEMORY(c->err);
    }
    p->row_start[n] = (int32_t)count;
    f->n_jacobian = count;
    for (size_t i = 0; i < n; i++) {
        const coley_expr *e = dense[n * n + i];
        f->jacobian[count + i] = e;
        if (!(e->op == COLEY_OP_NUMBER && e->number == 0.0)) p->uses_time = 1;
    }
    return COLEY_OK;
}

/* Literals and inputs get fixed columns; then whatever hangs on inputs alone, needed by any run-time formula. */
static coley_status find_constants(compiler *c, const formulas *f, coley_expr_walk *walk, int32_t **column,
                                   const coley_expr ***constant)
{
    coley_program *p = c->program;
    const size_t n_symbols = c->network->n_symbols;
    const coley_expr *one = coley_expr_number(c->pool, 1.0);
    if (!one || !coley_expr_walk_add(walk, one)) return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < p->n_states; i++)
        if (!coley_expr_walk_add(walk, f->change[i])) return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < f->n_jacobian + p->n_states; i++)
        if (!coley_expr_walk_add(walk, f->jacobian[i])) return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < n_symbols; i++) {
        const coley_expr *value = coley_program_value_of(c, (int32_t)i, 0);
        if (!value) return coley_program_formula_failed(c);
        if (!coley_expr_walk_add(walk, value)) return COLEY_FAIL_MEMORY(c->err);
    }
    const struct {
        const coley_expr **of;
        size_t n;
    } event_formulas[] = {
        {f->trigger, p->n_events}, {f->value, 2 * p->n_events + 2 * p->n_targets}, {f->mark, p->n_marks}};
    for (size_t k = 0; k < sizeof event_formulas / sizeof *event_formulas; k++)
        for (size_t i = 0; i < event_formulas[k].n; i++)
            if (!coley_expr_walk_add(walk, event_formulas[k].of[i])) return COLEY_FAIL_MEMORY(c->err);
    const size_t n_run = walk->n;
    for (size_t i = 0; i < p->n_states; i++)
        if (!coley_expr_walk_add(walk, f->start[i])) return COLEY_FAIL_MEMORY(c->err);
    const size_t n_ids = coley_expr_count(c->pool);
    unsigned char *moving = COLEY_NEW(c->arena, unsigned char, n_ids);
    *column = no_columns(c->arena, n_ids);
    *constant = COLEY_NEW(c->arena, const coley_expr *, walk->n);
    p->literal = COLEY_NEW(c->arena, double, walk->n);
    if (!moving || !*column || !*constant || !p->literal) return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < walk->n; i++) {
        const coley_expr *e = walk->node[i];
        if (e->op == COLEY_OP_NUMBER) {
            (*column)[e->id] = (int32_t)p->n_literals;
            p->literal[p->n_literals++] = e->number;
        }
        moving[e->id] = e->op == COLEY_OP_TIME || (e->op == COLEY_OP_SYMBOL && (size_t)e->symbol >= n_symbols);
        for (int j = 0; j < 3 && e->arg[j]; j++) moving[e->id] |= moving[e->arg[j]->id];
    }
    /* A constant is kept when something that moves reads it, or when it is a symbol's value. */
    unsigned char *kept = COLEY_NEW(c->arena, unsigned char, n_ids);
    if (!kept) return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < n_run; i++)
        for (int j = 0; j < 3 && walk->node[i]->arg[j]; j++)
            if (moving[walk->node[i]->id]) kept[walk->node[i]->arg[j]->id] = 1;
    for (size_t i = 0; i < n_symbols; i++) kept[coley_program_value_of(c, (int32_t)i, 0)->id] = 1;
    for (size_t i = 0; i < f->n_jacobian + p->n_states; i++) kept[f->jacobian[i]->id] = 1;
    for (size_t i = 0; i < n_run; i++) {
        const coley_expr *e = walk->node[i];
        if (kept[e->id] && !moving[e->id] && e->arg[0]) (*constant)[p->n_constants++] = e;
    }
    for (size_t i = 0; i < walk->n; i++) {
        const coley_expr *e = walk->node[i];
        if (e->op == COLEY_OP_SYMBOL && (size_t)e->symbol < n_symbols)
            (*column)[e->id] = (int32_t)p->n_literals + p->input_of[e->symbol];
    }
    return COLEY_OK;
}

/* The rhs, Jacobian and observers share their first columns; this gives a fresh map of them. */
static int32_t *known_columns(coley_arena *arena, const coley_program *p)
{
    int32_t *column = no_columns(arena, coley_expr_count(p->pool));
    if (!column) return NULL;
    for (size_t i = 0; i < p->n_column_ids; i++)
        column[i] = p->literal_column[i] >= 0 ? p->literal_column[i] : p->constant_column[i];
    const int32_t states = (int32_t)(p->n_literals + p->n_inputs + p->n_constants);
    for (size_t i = 0; i < p->n_states; i++) column[p->state_leaf[i]->id] = states + (int32_t)i;
    const coley_expr *time = coley_expr_time(p->pool);
    if (!time || time->id >= coley_expr_count(p->pool)) return NULL;
    column[time->id] = states + (int32_t)p->n_states;
    return column;
}

static int32_t scratch_start(const coley_program *p)
{
    return (int32_t)(p->n_literals + p->n_inputs + p->n_constants + p->n_states + 1);
}

static int make_tape(coley_arena *arena, coley_program *p, tape *t, const coley_expr *const *result, size_t n,
                     size_t *n_scratch)
{
    coley_tape_making m = {
        .arena = arena, .pool = p->pool, .column = known_columns(arena, p), .first_scratch = scratch_start(p)};
    if (!m.column || !coley_tape_assemble(&m, result, n, t)) return 0;
    if (m.n_scratch > *n_scratch) *n_scratch = m.n_scratch;
    return 1;
}

/* A symbol as formulas see it. */
static const coley_expr *observed(const coley_program *p, int32_t symbol)
{
    const coley_symbol *s = &p->network->symbol[symbol];
    const coley_expr *value = p->run_value[symbol];
    const int by_size =
        s->kind == COLEY_SPECIES && !s->substance_only && s->compartment >= 0 && s->rule_kind != COLEY_RULE_ASSIGNMENT;
    return by_size ? coley_expr_binary(p->pool, COLEY_OP_DIV, value, p->run_value[s->compartment]) : value;
}

/* Make room in the work space for an observer of everything. */
static int measure_observers(compiler *c)
{
    coley_program *p = c->program;
    const size_t n = c->network->n_symbols;
    const coley_expr **value = COLEY_NEW(c->arena, const coley_expr *, n);
    tape all = {0};
    for (size_t i = 0; value && i < n; i++)
        if (!(value[i] = observed(p, (int32_t)i))) return 0;
    return value && make_tape(c->arena, p, &all, value, n, &p->n_scratch);
}

/* The run-time formulas, all at once, so that they share reciprocals. */
static int reduce(compiler *c, formulas *f)
{
    const size_t n = c->program->n_states, n_jacobian = f->n_jacobian + n;
    const coley_expr **all = COLEY_NEW(c->arena, const coley_expr *, n + n_jacobian);
    if (!all) return 0;
    memcpy(all, f->change, n * sizeof *all);
    memcpy(all + n, f->jacobian, n_jacobian * sizeof *all);
    if (!coley_reduce(c->arena, c->pool, (int32_t)c->network->n_symbols, all, n + n_jacobian)) return 0;
    f->change = all;
    f->jacobian = all + n;
    return 1;
}

static coley_status make_tapes(compiler *c, formulas *f)
{
    coley_program *p = c->program;
    coley_expr_walk walk = {.arena = c->arena};
    int32_t *column = NULL;
    const coley_expr **constant = NULL;
    if (!coley_expr_time(c->pool) || !reduce(c, f)) return COLEY_FAIL_MEMORY(c->err);
    p->change = f->change;
    p->slope = f->jacobian;
    COLEY_TRY(find_constants(c, f, &walk, &column, &constant));
    p->n_column_ids = coley_expr_count(c->pool);
    p->literal_column = no_columns(c->arena, p->n_column_ids);
    p->constant_column = no_columns(c->arena, p->n_column_ids);
    if (!p->literal_column || !p->constant_column) return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < walk.n; i++) {
        const coley_expr *e = walk.node[i];
        if (e->op == COLEY_OP_NUMBER || e->op == COLEY_OP_SYMBOL) p->literal_column[e->id] = column[e->id];
    }
    for (size_t i = 0; i < p->n_states; i++) p->literal_column[p->state_leaf[i]->id] = -1;

    /* First tape: constants in their own columns, then the initial states in scratch. */
    const int32_t first_constant = (int32_t)(p->n_literals + p->n_inputs);
    const coley_expr **wanted = COLEY_NEW(c->arena, const coley_expr *, p->n_constants + p->n_states);
    if (!wanted) return COLEY_FAIL_MEMORY(c->err);
    for (size_t i = 0; i < p->n_constants; i++) wanted[i] = constant[i];
    for (size_t i = 0; i < p->n_states; i++) wanted[p->n_constants + i] = f->start[i];
    coley_tape_making m = {.arena = c->arena,
                           .pool = c->pool,
                           .column = no_columns(c->arena, p->n_column_ids),
                           .first_scratch = scratch_start(p),
                           .keep = 1};
    if (!m.column) return COLEY_FAIL_MEMORY(c->err);
    memcpy(m.column, p->literal_column, p->n_column_ids * sizeof *m.column);
    if (!coley_tape_assemble(&m, wanted, p->n_constants + p->n_states, &p->initial)) return COLEY_FAIL_MEMORY(c->err);
    p->n_scratch = m.n_scratch;
    for (size_t i = 0; i < p->n_constants; i++) p->constant_column[constant[i]->id] = first_constant + (int32_t)i;

    if (!make_tape(c->arena, p, &p->rhs, f->change, p->n_states, &p->n_scratch) ||
        !make_tape(c->arena, p, &p->jacobian, f->jacobian, f->n_jacobian + (p->uses_time ? p->n_states : 0),
                   &p->n_scratch) ||
        !make_tape(c->arena, p, &p->triggers, f->trigger, p->n_events, &p->n_scratch) ||
        !make_tape(c->arena, p, &p->event_values, f->value, 2 * p->n_events + 2 * p->n_targets, &p->n_scratch) ||
        !make_tape(c->arena, p, &p->marks, f->mark, p->n_marks, &p->n_scratch) || !measure_observers(c))
        return COLEY_FAIL_MEMORY(c->err);
    return COLEY_OK;
}

coley_status coley_program_compile(coley_arena *arena, const coley_network *network, const coley_program **program,
                                   coley_error *err)
{
    coley_error own = {0};
    COLEY_TRY(coley_network_check(network, err));
    compiler c = {.arena = arena,
                  .network = network,
                  .pool = network->pool,
                  .program = COLEY_NEW(arena, coley_program, 1),
                  .err = err ? err : &own};
    if (!c.program) return COLEY_FAIL_MEMORY(err);
    c.err->code = COLEY_OK;
    c.program->network = network;
    c.program->pool = network->pool;
    c.program->kernels = coley_tape_best();
    formulas f = {0};
    COLEY_TRY(classify(&c));
    if (c.program->n_states > MAX_STATES)
        return COLEY_FAIL(c.err, COLEY_ERR_UNSUPPORTED,
                          "the model has %zu states, allowed up to %d: what it takes grows with their square",
                          c.program->n_states, MAX_STATES);
    COLEY_TRY(make_leaves(&c));
    COLEY_TRY(settle(&c, 1));
    COLEY_TRY(settle(&c, 0));
    COLEY_TRY(write_changes(&c, &f));
    COLEY_TRY(write_jacobian(&c, &f));
    COLEY_TRY(coley_program_write_events(&c, &f));
    COLEY_TRY(coley_program_write_marks(&c, &f));
    COLEY_TRY(make_tapes(&c, &f));
    *program = c.program;
    return COLEY_OK;
}

size_t coley_program_state_count(const coley_program *p)
{
    return p->n_states;
}

size_t coley_program_input_count(const coley_program *p)
{
    return p->n_inputs;
}

size_t coley_program_symbol_count(const coley_program *p)
{
    return p->network->n_symbols;
}

int32_t coley_program_state_symbol(const coley_program *p, size_t state)
{
    return p->state_symbol[state];
}

int32_t coley_program_input_symbol(const coley_program *p, size_t input)
{
    return p->input_symbol[input];
}

int32_t coley_program_state_of(const coley_program *p, int32_t symbol)
{
    return p->state_of[symbol];
}

int32_t coley_program_input_of(const coley_program *p, int32_t symbol)
{
    return p->input_of[symbol];
}

const double *coley_program_input_default(const coley_program *p)
{
    return p->input_default;
}

size_t coley_program_jacobian_count(const coley_program *p)
{
    return (size_t)p->row_start[p->n_states];
}

const int32_t *coley_program_jacobian_row_start(const coley_program *p)
{
    return p->row_start;
}

const int32_t *coley_program_jacobian_column(const coley_program *p)
{
    return p->column;
}

int coley_program_uses_time(const coley_program *p)
{
    return p->uses_time;
}

size_t coley_program_work_size(const coley_program *p, size_t width)
{
    const size_t columns = (size_t)scratch_start(p) + p->n_scratch + p->n_constants + p->n_states;
    return columns * width * sizeof(double);
}

coley_program_layout coley_program_layout_of(const coley_program *p)
{
    return (coley_program_layout){.n_literals = p->n_literals,
                                  .literal = p->literal,
                                  .n_states = p->n_states,
                                  .first_state = (int32_t)(p->n_literals + p->n_inputs + p->n_constants),
                                  .first_scratch = scratch_start(p),
                                  .rhs = &p->rhs,
                                  .jacobian = &p->jacobian};
}

/* --- run
 * ----------------------------------------------------------------------------------------------------------------------
 */

void coley_program_initial(const coley_program *p, size_t width, const unsigned char *mask, const double *inputs,
                           void *work_space, double *y)
{
    double *work = work_space;
    for (size_t i = 0; i < p->n_literals; i++)
        for (size_t l = 0; l < width; l++) work[i * width + l] = p->literal[i];
    double *input = work + p->n_literals * width;
    for (size_t i = 0; i < p->n_inputs; i++)
        for (size_t l = 0; l < width; l++)
            if (!mask || mask[l]) input[i * width + l] = inputs[i * width + l];
    p->kernels->run(p->initial.instruction, p->initial.n, width, work);
    double *constant = input + p->n_inputs * width;
    for (size_t i = 0; i < p->n_constants; i++)
        memcpy(constant + i * width, work + (size_t)p->initial.result[i] * width, width * sizeof *work);
    for (size_t i = 0; i < p->n_states; i++) {
        const double *start = work + (size_t)p->initial.result[p->n_constants + i] * width;
        for (size_t l = 0; l < width; l++)
            if (!mask || mask[l]) y[i * width + l] = start[l];
    }
}

static void set_point(const coley_program *p, size_t width, const double *t, const double *y, double *work)
{
    double *state = work + (p->n_literals + p->n_inputs + p->n_constants) * width;
    memcpy(state, y, p->n_states * width * sizeof *state);
    memcpy(state + p->n_states * width, t, width * sizeof *state);
}

static void take_results(const tape *made, size_t width, double *work, size_t first, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        memcpy(out + i * width, work + (size_t)made->result[first + i] * width, width * sizeof *out);
}

void coley_program_rhs(const coley_program *p, size_t width, const double *t, const double *y, void *work, double *dy)
{
    set_point(p, width, t, y, work);
    p->kernels->run(p->rhs.instruction, p->rhs.n, width, work);
    take_results(&p->rhs, width, work, 0, p->n_states, dy);
}

void coley_program_rhs_plus(const coley_program *p, size_t width, const double *t, const double *y, void *work,
                            const double *plus, double *dy)
{
    set_point(p, width, t, y, work);
    p->kernels->run(p->rhs.instruction, p->rhs.n, width, work);
    p->kernels->take(p->rhs.result, p->n_states, width, work, plus, dy);
}

void coley_program_jacobian(const coley_program *p, size_t width, const double *t, const double *y, void *work,
                            double *jacobian, double *dfdt)
{
    set_point(p, width, t, y, work);
    p->kernels->run(p->jacobian.instruction, p->jacobian.n, width, work);
    take_results(&p->jacobian, width, work, 0, coley_program_jacobian_count(p), jacobian);
    if (p->uses_time && dfdt)
        take_results(&p->jacobian, width, work, coley_program_jacobian_count(p), p->n_states, dfdt);
}

void coley_program_run(const coley_program *p, const tape *made, size_t width, const double *t, const double *y,
                       void *work, double *out)
{
    set_point(p, width, t, y, work);
    p->kernels->run(made->instruction, made->n, width, work);
    take_results(made, width, work, 0, made->n_results, out);
}

coley_status coley_observer_compile(coley_arena *arena, const coley_program *program, const int32_t *symbols, size_t n,
                                    const coley_observer **observer, coley_error *err)
{
    coley_observer *o = COLEY_NEW(arena, coley_observer, 1);
    const coley_expr **value = COLEY_NEW(arena, const coley_expr *, n);
    if (!o || !value) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) {
        value[i] = observed(program, symbols[i]);
        if (!value[i]) return COLEY_FAIL_MEMORY(err);
    }
    o->program = program;
    size_t n_scratch = 0;
    /* The program itself is not changed; its pool may grow, which only the compiling thread sees. */
    if (!make_tape(arena, (coley_program *)program, &o->tape, value, n, &n_scratch)) return COLEY_FAIL_MEMORY(err);
    if (n_scratch > program->n_scratch + program->n_constants + program->n_states)
        return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED, "too many quantities to observe at once (%zu)", n);
    *observer = o;
    return COLEY_OK;
}

void coley_observe(const coley_observer *observer, size_t width, const double *t, const double *y, void *work,
                   double *values)
{
    const coley_program *p = observer->program;
    set_point(p, width, t, y, work);
    p->kernels->run(observer->tape.instruction, observer->tape.n, width, work);
    take_results(&observer->tape, width, work, 0, observer->tape.n_results, values);
}

const coley_tape_kernels *coley_tape_best(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return &coley_tape_avx512;
    if (__builtin_cpu_supports("avx2")) return &coley_tape_avx2;
#endif
    return &coley_tape_portable;
}
