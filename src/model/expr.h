/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr.h -- formulas as trees: what Antimony and SBML are read into, what is differentiated, what is compiled.
 *
 * A node is never changed once made, and equal nodes of one pool are the same node (hash-consing), so common
 * subexpressions are shared without a search. Simplification on the way in is exact: 0 + x, 1 * x, constants folded. */
#ifndef COLEY_MODEL_EXPR_H
#define COLEY_MODEL_EXPR_H

#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

/* name, number of arguments (-1: two or more) */
#define COLEY_OP_LIST(X)                                                                                               \
    X(NUMBER, 0)                                                                                                       \
    X(SYMBOL, 0) X(TIME, 0) X(ADD, 2) X(SUB, 2) X(MUL, 2) X(DIV, 2) X(POW, 2) X(NEG, 1) X(EXP, 1) X(LOG, 1) X(SQRT, 1) \
        X(ABS, 1) X(FLOOR, 1) X(CEIL, 1) X(SIN, 1) X(COS, 1) X(TAN, 1) X(ASIN, 1) X(ACOS, 1) X(ATAN, 1) X(SINH, 1)     \
            X(COSH, 1) X(TANH, 1) X(MIN, 2) X(MAX, 2) X(LT, 2) X(LE, 2) X(GT, 2) X(GE, 2) X(EQ, 2) X(NE, 2) X(AND, 2)  \
                X(OR, 2) X(NOT, 1) X(SELECT, 3) /* condition, value if true, value if false */

typedef enum coley_op {
#define COLEY_OP_ENUM(name, arity) COLEY_OP_##name,
    COLEY_OP_LIST(COLEY_OP_ENUM)
#undef COLEY_OP_ENUM
        COLEY_OP_COUNT
} coley_op;

typedef struct coley_expr coley_expr;
struct coley_expr {
    coley_op op;
    int32_t symbol; /* COLEY_OP_SYMBOL: index into the network's symbols */
    double number;  /* COLEY_OP_NUMBER */
    const coley_expr *arg[3];
    uint64_t hash;
    uint32_t id;    /* place in the pool: arguments always come before the node */
    uint32_t depth; /* longest way down to a leaf; 1 for a leaf */
    double size;    /* nodes when shared parts are counted each time */
};

typedef struct coley_expr_pool coley_expr_pool;

/* A pool whose nodes live in `arena`. NULL when there is no memory. Node makers return NULL when there is no memory
 * or when an argument is NULL, so that a whole formula can be built and checked once. */
coley_expr_pool *coley_expr_pool_create(coley_arena *arena);
const coley_expr *coley_expr_number(coley_expr_pool *pool, double number);
const coley_expr *coley_expr_symbol(coley_expr_pool *pool, int32_t symbol);
const coley_expr *coley_expr_time(coley_expr_pool *pool);
const coley_expr *coley_expr_unary(coley_expr_pool *pool, coley_op op, const coley_expr *a);
const coley_expr *coley_expr_binary(coley_expr_pool *pool, coley_op op, const coley_expr *a, const coley_expr *b);
const coley_expr *coley_expr_select(coley_expr_pool *pool, const coley_expr *condition, const coley_expr *yes,
                                    const coley_expr *no);

/* Nodes made so far, and the node of that id. */
size_t coley_expr_count(const coley_expr_pool *pool);
const coley_expr *coley_expr_at(const coley_expr_pool *pool, size_t id);

/* How many arguments an operation takes, and its name ("ADD"). */
int coley_op_arity(coley_op op);
const char *coley_op_name(coley_op op);

/* What one operation makes of its arguments: the meaning that folding, the naive evaluator and the vector program all
 * share. A condition is true when it is not 0; comparisons give 1 or 0. */
double coley_op_value(coley_op op, double a, double b, double c);

/* x^n for a fixed n: whole n by multiplication, halves with a square root, else the general power. */
double coley_power_value(double x, double n);

/* True for those n that are multiplied out: whole and half numbers up to 32. */
int coley_power_is_small(double n);

/* Value of a formula by walking the tree: symbol s is symbol_value[s]. Slow; the twin that the vector program is
 * tested against, and enough for a single condition. */
double coley_expr_value(const coley_expr *expr, const double *symbol_value, double time);

/* The nodes below and including the roots, each once, arguments before their users, without recursion. */
typedef struct coley_expr_walk {
    coley_arena *arena;
    size_t n, cap;
    const coley_expr **node;
    size_t n_stack, cap_stack;
    const coley_expr **stack;
    size_t n_seen;
    unsigned char *seen; /* by id; kept from root to root */
} coley_expr_walk;

/* Add what is below `root` and not in the walk yet; false when there is no memory. Start from a zeroed walk with an
 * arena. */
int coley_expr_walk_add(coley_expr_walk *walk, const coley_expr *root);

/* Empty again, at the cost of what was in it. */
void coley_expr_walk_clear(coley_expr_walk *walk);

#endif
