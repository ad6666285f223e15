/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sbml_math.c -- libSBML's trees into formulas. Functions are written out where they are called; their depth, and the
 * size of a formula with shared parts written out, are bounded, so that a small file cannot ask for endless work. */
#include "model/sbml_math.h"

#ifdef COLEY_HAVE_SBML

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MAX_CALLS = 32, MAX_FORMULA_DEPTH = 1500, MAX_OPEN = 3000, MAX_FORMULA_NODES = 200000, MAX_VISITS = 4000000 };

/* Inside a function: its arguments. */
typedef struct call_scope {
    const FunctionDefinition_t *function;
    const coley_expr **argument;
    unsigned n, depth;
} call_scope;

typedef struct translation {
    coley_sbml_reader *r;
    const coley_sbml_owner *owner;
} translation;

static coley_place place_of(const translation *t)
{
    return (coley_place){.file = t->r->file, .line = t->owner->line, .key = t->owner->key};
}

/* Number of nodes with shared parts counted each time they are used; arguments stand before their users in the pool. */
static int weigh(coley_sbml_reader *r, const coley_expr *e, double *weight)
{
    if (!COLEY_RESERVE(r->arena, r->weight, r->cap_weights, (size_t)e->id + 1)) return 0;
    for (; r->n_weights <= e->id; r->n_weights++) {
        const coley_expr *node = coley_expr_at(r->network->pool, r->n_weights);
        r->weight[r->n_weights] = 1;
        for (int i = 0; i < 3 && node->arg[i]; i++) r->weight[r->n_weights] += r->weight[node->arg[i]->id];
    }
    *weight = r->weight[e->id];
    return 1;
}

static coley_status too_large(const translation *t)
{
    return COLEY_FAIL_AT(t->r->err, COLEY_ERR_INPUT, place_of(t),
                         "a formula nested more than %d deep (each term of a sum or product is one deeper) or longer "
                         "than %d terms; split it with assignment rules",
                         MAX_FORMULA_DEPTH, MAX_FORMULA_NODES);
}

static coley_status made(const translation *t, const coley_expr *e, const coley_expr **out)
{
    double weight;
    if (!e || !weigh(t->r, e, &weight)) return COLEY_FAIL_MEMORY(t->r->err);
    if (e->depth > MAX_FORMULA_DEPTH || !(weight <= MAX_FORMULA_NODES)) return too_large(t);
    *out = e;
    return COLEY_OK;
}

static coley_status translate(const translation *t, const call_scope *scope, const ASTNode_t *node,
                              const coley_expr **out);

static coley_status refuse(const translation *t, const char *what)
{
    return COLEY_FAIL_AT(t->r->err, COLEY_ERR_UNSUPPORTED, place_of(t),
                         "uses %s, which Coley does not simulate; the model cannot be run", what);
}

static coley_status argument_count(const translation *t, const char *what, unsigned n)
{
    return COLEY_FAIL_AT(t->r->err, COLEY_ERR_INPUT, place_of(t), "%s with %u argument%s", what, n, n == 1 ? "" : "s");
}

/* --- leaves
 * ---------------------------------------------------------------------------------------------------------------- */

/* mantissa * 10^exponent through the shortest text that is the mantissa, since 1.1e-10 is not 1.1 times 1e-10 to the
 * last bit. */
static double scientific(double mantissa, long exponent)
{
    char text[64];
    double same, value;
    if (!isfinite(mantissa)) return mantissa;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, mantissa);
        if (coley_text_number(text, &same) && same == mantissa) break;
    }
    char *e = strchr(text, 'e');
    const long own = e ? strtol(e + 1, NULL, 10) : 0;
    if (!e || labs(exponent) > 1000) return NAN;
    snprintf(e, sizeof text - (size_t)(e - text), "e%ld", own + exponent);
    return coley_text_number(text, &value) ? value : NAN;
}

static coley_status number(const translation *t, const ASTNode_t *node, const coley_expr **out)
{
    double value;
    switch (ASTNode_getType(node)) {
    case AST_INTEGER:
        value = (double)ASTNode_getInteger(node);
        break;
    case AST_RATIONAL:
        value = (double)ASTNode_getNumerator(node) / (double)ASTNode_getDenominator(node);
        break;
    case AST_REAL_E:
        value = scientific(ASTNode_getMantissa(node), (long)ASTNode_getExponent(node));
        break;
    default:
        value = ASTNode_getReal(node);
    }
    return made(t, coley_expr_number(t->r->network->pool, value), out);
}

/* The rate of a reaction as a symbol: made when a formula first names it, given its rule when all is read. */
static int32_t reaction_symbol(coley_sbml_reader *r, const char *id)
{
    for (size_t i = 0; i < r->network->n_reactions; i++) {
        if (strcmp(r->network->reaction[i].id, id) != 0) continue;
        if (r->rate_symbol[i] < 0) {
            r->rate_symbol[i] = coley_network_symbol_add(r->network, id, COLEY_PARAMETER);
            if (r->rate_symbol[i] < 0) return -2;
            r->network->symbol[r->rate_symbol[i]].rule_kind = COLEY_RULE_ASSIGNMENT;
            r->network->symbol[r->rate_symbol[i]].file = r->file;
            r->network->symbol[r->rate_symbol[i]].line = r->network->reaction[i].line;
        }
        return r->rate_symbol[i];
    }
    return -1;
}

static coley_status name(const translation *t, const call_scope *scope, const ASTNode_t *node, const coley_expr **out)
{
    coley_sbml_reader *r = t->r;
    const char *id = ASTNode_getName(node);
    if (!id) id = "";
    int32_t symbol = -1;
    if (scope) {
        for (unsigned i = 0; i < scope->n; i++) {
            const ASTNode_t *argument = FunctionDefinition_getArgument(scope->function, i);
            const char *argument_id = argument ? ASTNode_getName(argument) : NULL;
            if (!argument_id || strcmp(argument_id, id) != 0) continue;
            *out = scope->argument[i];
            return COLEY_OK;
        }
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(t),
                             "function \"%.100s\" names \"%.100s\", which is none of its arguments",
                             FunctionDefinition_getId(scope->function), id);
    }
    if (t->owner->prefix) {
        const char *own = coley_arena_printf(r->arena, "%s%s", t->owner->prefix, id);
        if (!own) return COLEY_FAIL_MEMORY(r->err);
        symbol = coley_network_symbol(r->network, own);
    }
    if (symbol < 0) symbol = coley_network_symbol(r->network, id);
    if (symbol < 0) symbol = reaction_symbol(r, id);
    if (symbol == -2) return COLEY_FAIL_MEMORY(r->err);
    if (symbol < 0)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(t), "names \"%.100s\", which the model does not have",
                             id);
    return made(t, coley_expr_symbol(r->network->pool, symbol), out);
}

/* rateOf(x): a symbol of its own, whose rule is written when all that changes x is known. */
static coley_status rate_of(const translation *t, const call_scope *scope, const ASTNode_t *node,
                            const coley_expr **out)
{
    coley_sbml_reader *r = t->r;
    const coley_expr *x;
    if (ASTNode_getNumChildren(node) != 1) return argument_count(t, "rateOf", ASTNode_getNumChildren(node));
    COLEY_TRY(translate(t, scope, ASTNode_getChild(node, 0), &x));
    if (x->op != COLEY_OP_SYMBOL) return refuse(t, "rateOf() of something that is not a variable");
    for (size_t i = 0; i < r->n_rates; i++)
        if (r->rate_of[i].value == x) return made(t, coley_expr_symbol(r->network->pool, r->rate_of[i].symbol), out);
    const char *id = coley_arena_printf(r->arena, "rateOf(%s)", r->network->symbol[x->symbol].id);
    if (!id || !COLEY_RESERVE(r->arena, r->rate_of, r->cap_rates, r->n_rates + 1)) return COLEY_FAIL_MEMORY(r->err);
    const int32_t symbol = coley_network_symbol_add(r->network, id, COLEY_PARAMETER);
    if (symbol < 0) return COLEY_FAIL_MEMORY(r->err);
    coley_symbol *s = &r->network->symbol[symbol];
    s->rule_kind = COLEY_RULE_ASSIGNMENT;
    s->file = r->file;
    s->line = t->owner->line;
    r->rate_of[r->n_rates++] = (coley_assignment){.symbol = symbol, .value = x};
    return made(t, coley_expr_symbol(r->network->pool, symbol), out);
}

coley_status coley_sbml_write_rates(coley_sbml_reader *r)
{
    for (size_t i = 0; i < r->n_rates; i++) {
        const coley_expr *rule;
        COLEY_TRY(coley_rate_of(r->network, r->rate_of[i].value->symbol, &rule, r->err));
        r->network->symbol[r->rate_of[i].symbol].rule = rule;
    }
    return COLEY_OK;
}

/* Before Level 3 Version 2 had rateOf(), tools wrote a function without a value and said in a note what it stands for.
 */
static int is_rate_of(const FunctionDefinition_t *function)
{
    const ASTNode_t *body = FunctionDefinition_getBody(function);
    XMLNode_t *note = SBase_getAnnotation((SBase_t *)function);
    if (!note || !body || FunctionDefinition_getNumArguments(function) != 1 || ASTNode_getType(body) != AST_REAL ||
        !isnan(ASTNode_getReal(body)))
        return 0;
    for (unsigned i = 0; i < XMLNode_getNumChildren(note); i++) {
        char *meaning = XMLNode_getAttrValueByName(XMLNode_getChild(note, i), "definition");
        const int found = meaning && strcmp(meaning, "http://en.wikipedia.org/wiki/Derivative") == 0;
        util_free(meaning);
        if (found) return 1;
    }
    return 0;
}

static coley_status call_own(const translation *t, const call_scope *scope, const ASTNode_t *node,
                             const coley_expr **out)
{
    coley_sbml_reader *r = t->r;
    const char *id = ASTNode_getName(node);
    const FunctionDefinition_t *function = id ? Model_getFunctionDefinitionById(r->model, id) : NULL;
    if (!function)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(t), "calls \"%.100s\", which the model does not define",
                             id ? id : "");
    const unsigned n = ASTNode_getNumChildren(node), depth = scope ? scope->depth + 1 : 1;
    if (is_rate_of(function)) return rate_of(t, scope, node, out);
    if (n != FunctionDefinition_getNumArguments(function))
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(t), "\"%.100s\" takes %u arguments, found %u", id,
                             FunctionDefinition_getNumArguments(function), n);
    if (depth > MAX_CALLS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(t),
                             "functions call one another more than %d deep; does \"%.100s\" call itself?", MAX_CALLS,
                             id);
    const ASTNode_t *body = FunctionDefinition_getBody(function);
    if (!body) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, place_of(t), "calls \"%.100s\", which is empty", id);
    call_scope inner = {
        .function = function, .n = n, .depth = depth, .argument = COLEY_NEW(r->arena, const coley_expr *, n)};
    if (!inner.argument) return COLEY_FAIL_MEMORY(r->err);
    for (unsigned i = 0; i < n; i++) COLEY_TRY(translate(t, scope, ASTNode_getChild(node, i), &inner.argument[i]));
    return translate(t, &inner, body, out);
}

/* --- operations
 * ------------------------------------------------------------------------------------------------------------ */

static const coley_expr *one_over(coley_expr_pool *pool, const coley_expr *x)
{
    return coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_number(pool, 1.0), x);
}

static const coley_expr *plus_number(coley_expr_pool *pool, const coley_expr *x, double k)
{
    return coley_expr_binary(pool, COLEY_OP_ADD, x, coley_expr_number(pool, k));
}

/* arsinh x = ln(x + sqrt(x^2 + 1)), arcosh x with - 1. */
static const coley_expr *area_function(coley_expr_pool *pool, const coley_expr *x, double k)
{
    const coley_expr *square = coley_expr_binary(pool, COLEY_OP_MUL, x, x);
    const coley_expr *root = coley_expr_unary(pool, COLEY_OP_SQRT, plus_number(pool, square, k));
    return coley_expr_unary(pool, COLEY_OP_LOG, coley_expr_binary(pool, COLEY_OP_ADD, x, root));
}

/* artanh x = ln((1 + x) / (1 - x)) / 2 */
static const coley_expr *artanh(coley_expr_pool *pool, const coley_expr *x)
{
    const coley_expr *below = coley_expr_binary(pool, COLEY_OP_SUB, coley_expr_number(pool, 1.0), x);
    const coley_expr *ratio = coley_expr_binary(pool, COLEY_OP_DIV, plus_number(pool, x, 1.0), below);
    return coley_expr_binary(pool, COLEY_OP_MUL, coley_expr_number(pool, 0.5),
                             coley_expr_unary(pool, COLEY_OP_LOG, ratio));
}

/* Functions of one argument; NULL also when the type is none of them, and then *known is 0. */
static const coley_expr *unary(coley_expr_pool *pool, ASTNodeType_t type, const coley_expr *x, int *known)
{
    *known = 1;
    switch (type) {
#define PLAIN(ast, op)                                                                                                 \
    case AST_FUNCTION_##ast:                                                                                           \
        return coley_expr_unary(pool, COLEY_OP_##op, x)
#define INVERTED(ast, op)                                                                                              \
    case AST_FUNCTION_##ast:                                                                                           \
        return one_over(pool, coley_expr_unary(pool, COLEY_OP_##op, x))
#define OF_INVERSE(ast, op)                                                                                            \
    case AST_FUNCTION_##ast:                                                                                           \
        return coley_expr_unary(pool, COLEY_OP_##op, one_over(pool, x))
        PLAIN(ABS, ABS);
        PLAIN(EXP, EXP);
        PLAIN(LN, LOG);
        PLAIN(FLOOR, FLOOR);
        PLAIN(CEILING, CEIL);
        PLAIN(SIN, SIN);
        PLAIN(COS, COS);
        PLAIN(TAN, TAN);
        PLAIN(ARCSIN, ASIN);
        PLAIN(ARCCOS, ACOS);
        PLAIN(ARCTAN, ATAN);
        PLAIN(SINH, SINH);
        PLAIN(COSH, COSH);
        PLAIN(TANH, TANH);
        INVERTED(CSC, SIN);
        INVERTED(SEC, COS);
        INVERTED(COT, TAN);
        INVERTED(CSCH, SINH);
        INVERTED(SECH, COSH);
        INVERTED(COTH, TANH);
        OF_INVERSE(ARCCSC, ASIN);
        OF_INVERSE(ARCSEC, ACOS);
        OF_INVERSE(ARCCOT, ATAN);
#undef PLAIN
#undef INVERTED
#undef OF_INVERSE
    case AST_FUNCTION_ARCSINH:
        return area_function(pool, x, 1.0);
    case AST_FUNCTION_ARCCOSH:
        return area_function(pool, x, -1.0);
    case AST_FUNCTION_ARCTANH:
        return artanh(pool, x);
    case AST_FUNCTION_ARCCSCH:
        return area_function(pool, one_over(pool, x), 1.0);
    case AST_FUNCTION_ARCSECH:
        return area_function(pool, one_over(pool, x), -1.0);
    case AST_FUNCTION_ARCCOTH:
        return artanh(pool, one_over(pool, x));
    case AST_LOGICAL_NOT:
        return coley_expr_unary(pool, COLEY_OP_NOT, x);
    default:
        *known = 0;
        return NULL;
    }
}

/* Operations on any number of arguments, from left to right, and what they are without any. */
static int folded(ASTNodeType_t type, coley_op *op, double *empty)
{
    static const struct {
        ASTNodeType_t type;
        coley_op op;
        double empty;
    } row[] = {
        {AST_PLUS, COLEY_OP_ADD, 0},           {AST_TIMES, COLEY_OP_MUL, 1},      {AST_LOGICAL_AND, COLEY_OP_AND, 1},
        {AST_LOGICAL_OR, COLEY_OP_OR, 0},      {AST_LOGICAL_XOR, COLEY_OP_NE, 0}, {AST_FUNCTION_MIN, COLEY_OP_MIN, NAN},
        {AST_FUNCTION_MAX, COLEY_OP_MAX, NAN},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (row[i].type == type) {
            *op = row[i].op;
            *empty = row[i].empty;
            return 1;
        }
    return 0;
}

static coley_status fold(const translation *t, ASTNodeType_t type, coley_op op, double empty,
                         const coley_expr *const *a, unsigned n, const coley_expr **out)
{
    coley_expr_pool *pool = t->r->network->pool;
    if (n == 0 && isnan(empty)) return argument_count(t, "min or max", 0);
    const coley_expr *sum = n ? a[0] : coley_expr_number(pool, empty);
    const coley_expr *zero = coley_expr_number(pool, 0.0);
    /* Truth is 1 or 0, whatever number was taken for true. */
    if (type == AST_LOGICAL_XOR && n) sum = coley_expr_binary(pool, COLEY_OP_NE, sum, zero);
    for (unsigned i = 1; i < n; i++) {
        const coley_expr *next = type == AST_LOGICAL_XOR ? coley_expr_binary(pool, COLEY_OP_NE, a[i], zero) : a[i];
        COLEY_TRY(made(t, coley_expr_binary(pool, op, sum, next), &sum));
    }
    return made(t, sum, out);
}

/* a < b < c means a < b and b < c. */
static coley_status compare(const translation *t, coley_op op, const coley_expr *const *a, unsigned n,
                            const coley_expr **out)
{
    coley_expr_pool *pool = t->r->network->pool;
    if (n < 2 || (op == COLEY_OP_NE && n != 2)) return argument_count(t, "a comparison", n);
    const coley_expr *all = coley_expr_binary(pool, op, a[0], a[1]);
    for (unsigned i = 2; i < n; i++) {
        all = coley_expr_binary(pool, COLEY_OP_AND, all, coley_expr_binary(pool, op, a[i - 1], a[i]));
        COLEY_TRY(made(t, all, &all));
    }
    return made(t, all, out);
}

/* The whole part of a / b, cut towards zero. */
static const coley_expr *quotient(coley_expr_pool *pool, const coley_expr *a, const coley_expr *b)
{
    const coley_expr *ratio = coley_expr_binary(pool, COLEY_OP_DIV, a, b);
    const coley_expr *below = coley_expr_binary(pool, COLEY_OP_LT, ratio, coley_expr_number(pool, 0.0));
    return coley_expr_select(pool, below, coley_expr_unary(pool, COLEY_OP_CEIL, ratio),
                             coley_expr_unary(pool, COLEY_OP_FLOOR, ratio));
}

static coley_status power_or_log(const translation *t, ASTNodeType_t type, const coley_expr *const *a, unsigned n,
                                 const coley_expr **out)
{
    coley_expr_pool *pool = t->r->network->pool;
    switch (type) {
    case AST_POWER:
    case AST_FUNCTION_POWER:
        if (n != 2) return argument_count(t, "a power", n);
        return made(t, coley_expr_binary(pool, COLEY_OP_POW, a[0], a[1]), out);
    case AST_FUNCTION_ROOT: {
        if (n != 1 && n != 2) return argument_count(t, "a root", n);
        const int square = n == 1 || (a[0]->op == COLEY_OP_NUMBER && a[0]->number == 2.0);
        if (square) return made(t, coley_expr_unary(pool, COLEY_OP_SQRT, a[n - 1]), out);
        return made(t, coley_expr_binary(pool, COLEY_OP_POW, a[1], one_over(pool, a[0])), out);
    }
    default: {
        if (n != 1 && n != 2) return argument_count(t, "a logarithm", n);
        const coley_expr *base = n == 2 ? a[0] : coley_expr_number(pool, 10.0);
        return made(t,
                    coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_unary(pool, COLEY_OP_LOG, a[n - 1]),
                                      coley_expr_unary(pool, COLEY_OP_LOG, base)),
                    out);
    }
    }
}

static coley_status choice(const translation *t, const coley_expr *const *a, unsigned n, const coley_expr **out)
{
    coley_expr_pool *pool = t->r->network->pool;
    if (!n) return argument_count(t, "a choice (piecewise)", 0);
    const coley_expr *value = n % 2 ? a[n - 1] : coley_expr_number(pool, NAN);
    for (unsigned i = n / 2; i-- > 0;)
        COLEY_TRY(made(t, coley_expr_select(pool, a[2 * i + 1], a[2 * i], value), &value));
    return made(t, value, out);
}

/* x! of a whole x >= 0, not a number elsewhere. Of what is not a number yet: Lanczos' approximation of the gamma
 * function (g = 7, nine terms), good to 13 digits and rounded. */
static coley_status factorial(const translation *t, const coley_expr *const *a, unsigned n, const coley_expr **out)
{
    static const double c[] = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                               771.32342877765313,   -176.61502916214059,   12.507343278686905,
                               -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
    coley_expr_pool *pool = t->r->network->pool;
    if (n != 1) return argument_count(t, "a factorial", n);
    const coley_expr *x = a[0];
    if (x->op == COLEY_OP_NUMBER) {
        const double k = x->number;
        return made(t, coley_expr_number(pool, k >= 0 && k == floor(k) ? round(tgamma(k + 1)) : NAN), out);
    }
    const coley_expr *sum = coley_expr_number(pool, c[0]), *shifted = plus_number(pool, x, 7.5);
    for (int i = 1; i < 9; i++)
        sum = coley_expr_binary(
            pool, COLEY_OP_ADD, sum,
            coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_number(pool, c[i]), plus_number(pool, x, i)));
    const coley_expr *power = coley_expr_binary(pool, COLEY_OP_POW, shifted, plus_number(pool, x, 0.5));
    const coley_expr *fall = coley_expr_unary(pool, COLEY_OP_EXP, coley_expr_unary(pool, COLEY_OP_NEG, shifted));
    const coley_expr *value = coley_expr_binary(
        pool, COLEY_OP_MUL, coley_expr_number(pool, 2.5066282746310005),
        coley_expr_binary(pool, COLEY_OP_MUL, sum, coley_expr_binary(pool, COLEY_OP_MUL, power, fall)));
    const coley_expr *rounded = coley_expr_unary(pool, COLEY_OP_FLOOR, plus_number(pool, value, 0.5));
    const coley_expr *whole = coley_expr_binary(
        pool, COLEY_OP_AND, coley_expr_binary(pool, COLEY_OP_EQ, x, coley_expr_unary(pool, COLEY_OP_FLOOR, x)),
        coley_expr_binary(pool, COLEY_OP_GE, x, coley_expr_number(pool, 0.0)));
    return made(t, coley_expr_select(pool, whole, rounded, coley_expr_number(pool, NAN)), out);
}

static coley_status apply(const translation *t, ASTNodeType_t type, const coley_expr *const *a, unsigned n,
                          const coley_expr **out)
{
    coley_expr_pool *pool = t->r->network->pool;
    coley_op op;
    double empty;
    int known;
    if (folded(type, &op, &empty)) return fold(t, type, op, empty, a, n, out);
    switch (type) {
    case AST_MINUS:
        if (n != 1 && n != 2) return argument_count(t, "a difference", n);
        return made(
            t, n == 1 ? coley_expr_unary(pool, COLEY_OP_NEG, a[0]) : coley_expr_binary(pool, COLEY_OP_SUB, a[0], a[1]),
            out);
    case AST_DIVIDE:
        if (n != 2) return argument_count(t, "a division", n);
        return made(t, coley_expr_binary(pool, COLEY_OP_DIV, a[0], a[1]), out);
    case AST_POWER:
    case AST_FUNCTION_POWER:
    case AST_FUNCTION_ROOT:
    case AST_FUNCTION_LOG:
        return power_or_log(t, type, a, n, out);
    case AST_RELATIONAL_LT:
        return compare(t, COLEY_OP_LT, a, n, out);
    case AST_RELATIONAL_LEQ:
        return compare(t, COLEY_OP_LE, a, n, out);
    case AST_RELATIONAL_GT:
        return compare(t, COLEY_OP_GT, a, n, out);
    case AST_RELATIONAL_GEQ:
        return compare(t, COLEY_OP_GE, a, n, out);
    case AST_RELATIONAL_EQ:
        return compare(t, COLEY_OP_EQ, a, n, out);
    case AST_RELATIONAL_NEQ:
        return compare(t, COLEY_OP_NE, a, n, out);
    case AST_LOGICAL_IMPLIES:
        if (n != 2) return argument_count(t, "an implication", n);
        return made(t, coley_expr_binary(pool, COLEY_OP_OR, coley_expr_unary(pool, COLEY_OP_NOT, a[0]), a[1]), out);
    case AST_FUNCTION_PIECEWISE:
        return choice(t, a, n, out);
    case AST_FUNCTION_FACTORIAL:
        return factorial(t, a, n, out);
    case AST_FUNCTION_QUOTIENT:
    case AST_FUNCTION_REM: {
        if (n != 2) return argument_count(t, "a quotient or remainder", n);
        const coley_expr *whole = quotient(pool, a[0], a[1]);
        if (type == AST_FUNCTION_QUOTIENT) return made(t, whole, out);
        return made(t, coley_expr_binary(pool, COLEY_OP_SUB, a[0], coley_expr_binary(pool, COLEY_OP_MUL, a[1], whole)),
                    out);
    }
    default: {
        const coley_expr *e = unary(pool, type, n > 0 ? a[0] : coley_expr_number(pool, 0.0), &known);
        if (known && n != 1) return argument_count(t, "a function of one argument", n);
        return known ? made(t, e, out) : refuse(t, "an operation of MathML that is not in SBML's core");
    }
    }
}

/* The reader has bounded how deep elements are nested, and MAX_OPEN what libSBML makes of them, so recursion is safe.
 */
static coley_status translate(const translation *t, const call_scope *scope, const ASTNode_t *node,
                              const coley_expr **out)
{
    coley_expr_pool *pool = t->r->network->pool;
    if (!node) return COLEY_FAIL_AT(t->r->err, COLEY_ERR_INPUT, place_of(t), "an empty formula");
    if (++t->r->n_visits > MAX_VISITS)
        return COLEY_FAIL_AT(t->r->err, COLEY_ERR_INPUT, place_of(t),
                             "formulas with more than %d terms when functions are written out", MAX_VISITS);
    const ASTNodeType_t type = ASTNode_getType(node);
    switch (type) {
    case AST_INTEGER:
    case AST_REAL:
    case AST_REAL_E:
    case AST_RATIONAL:
        return number(t, node, out);
    case AST_NAME:
        return name(t, scope, node, out);
    case AST_NAME_TIME:
        return made(t, coley_expr_time(pool), out);
    case AST_NAME_AVOGADRO: /* SBML's own value, CODATA 2006 */
        return made(t, coley_expr_number(pool, 6.02214179e23), out);
    case AST_CONSTANT_E:
        return made(t, coley_expr_number(pool, 2.718281828459045235), out);
    case AST_CONSTANT_PI:
        return made(t, coley_expr_number(pool, 3.141592653589793238), out);
    case AST_CONSTANT_TRUE:
        return made(t, coley_expr_number(pool, 1.0), out);
    case AST_CONSTANT_FALSE:
        return made(t, coley_expr_number(pool, 0.0), out);
    case AST_FUNCTION:
        return call_own(t, scope, node, out);
    case AST_FUNCTION_DELAY:
        return refuse(t, "delay()");
    case AST_FUNCTION_RATE_OF:
        return rate_of(t, scope, node, out);
    default:
        break;
    }
    const unsigned n = ASTNode_getNumChildren(node);
    const coley_expr **a = COLEY_NEW(t->r->arena, const coley_expr *, n);
    if (!a) return COLEY_FAIL_MEMORY(t->r->err);
    if (++t->r->n_open > MAX_OPEN) return too_large(t);
    for (unsigned i = 0; i < n; i++) COLEY_TRY(translate(t, scope, ASTNode_getChild(node, i), &a[i]));
    t->r->n_open--;
    return apply(t, type, a, n, out);
}

coley_status coley_sbml_formula(coley_sbml_reader *reader, const coley_sbml_owner *owner, const ASTNode_t *math,
                                const coley_expr **formula)
{
    const translation t = {.r = reader, .owner = owner};
    return translate(&t, NULL, math, formula);
}

/* --- units
 * ----------------------------------------------------------------------------------------------------------------- */

/* SBML's word, Coley's, and whether it takes prefixes. */
static const struct {
    UnitKind_t kind;
    const char *text;
    int prefixed;
} unit_names[] = {
    {UNIT_KIND_LITRE, "L", 1},  {UNIT_KIND_LITER, "L", 1},   {UNIT_KIND_METRE, "m", 1},
    {UNIT_KIND_METER, "m", 1},  {UNIT_KIND_MOLE, "mol", 1},  {UNIT_KIND_GRAM, "g", 1},
    {UNIT_KIND_SECOND, "s", 1}, {UNIT_KIND_ITEM, "item", 0}, {UNIT_KIND_DIMENSIONLESS, "", 0},
};

static const struct {
    double seconds;
    const char *text;
} times[] = {{60, "min"}, {3600, "h"}, {86400, "day"}, {604800, "week"}, {31557600, "year"}};

static const struct {
    int decade;
    const char *text;
} prefixes[] = {{-15, "f"}, {-12, "p"}, {-9, "n"}, {-6, "u"}, {-3, "m"}, {-2, "c"}, {-1, "d"}, {3, "k"}};

static int near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fabs(b);
}

/* One factor without its exponent: "mmol", "day", "7.5 s", "1000" or "". */
static void factor_text(const Unit_t *unit, char *text, size_t size)
{
    const UnitKind_t kind = Unit_getKind(unit);
    double scale = Unit_getMultiplier(unit) * pow(10, Unit_getScale(unit));
    const char *base = NULL;
    int prefixed = 0;
    if (kind == UNIT_KIND_KILOGRAM) {
        scale *= 1000;
        base = "g"; /* kg is a body's mass in Coley's units */
    }
    for (size_t i = 0; i < sizeof unit_names / sizeof *unit_names; i++)
        if (unit_names[i].kind == kind) {
            base = unit_names[i].text;
            prefixed = unit_names[i].prefixed;
        }
    if (!base) base = UnitKind_toString(kind);
    for (size_t i = 0; kind == UNIT_KIND_SECOND && i < sizeof times / sizeof *times; i++)
        if (near(scale, times[i].seconds)) {
            snprintf(text, size, "%s", times[i].text);
            return;
        }
    for (size_t i = 0; prefixed && i < sizeof prefixes / sizeof *prefixes; i++)
        if (near(scale, pow(10, prefixes[i].decade)) && !(prefixes[i].decade == 3 && kind == UNIT_KIND_GRAM)) {
            snprintf(text, size, "%s%s", prefixes[i].text, base);
            return;
        }
    if (near(scale, 1))
        snprintf(text, size, "%s", base);
    else
        snprintf(text, size, *base ? "%.12g %s" : "%.12g", scale, base);
}

static void add_factor(coley_text *text, const char *factor, int exponent)
{
    const int size = exponent < 0 ? -exponent : exponent;
    const int bracket = size > 1 && strchr(factor, ' ') != NULL;
    if (exponent < 0)
        coley_text_addf(text, text->length ? "/" : "1/");
    else if (text->length)
        coley_text_addf(text, "*");
    coley_text_addf(text, bracket || (exponent < 0 && strchr(factor, ' ')) ? "(%s)" : "%s", factor);
    if (size > 1) coley_text_addf(text, "^%d", size);
}

static const char *definition_text(coley_sbml_reader *r, UnitDefinition_t *definition, int *memory)
{
    coley_text text = {.arena = r->arena};
    const unsigned n = UnitDefinition_getNumUnits(definition);
    for (int below = 0; below < 2; below++)
        for (unsigned i = 0; i < n && i < 16; i++) {
            const Unit_t *unit = UnitDefinition_getUnit(definition, i);
            const double exponent = Unit_getExponentAsDouble(unit);
            if (exponent == 0 || (exponent < 0) != below) continue;
            if (!(fabs(exponent) <= 12) || exponent != floor(exponent)) return NULL;
            char factor[64];
            factor_text(unit, factor, sizeof factor);
            if (factor[0]) add_factor(&text, factor, (int)exponent);
        }
    if (text.failed) *memory = 0;
    return text.failed ? NULL : text.length ? text.data : n ? "dimensionless" : NULL;
}

const char *coley_sbml_unit(coley_sbml_reader *reader, const char *id, int *memory)
{
    static const struct {
        const char *id, *text;
    } built_in[] = {{"substance", "mol"}, {"volume", "L"}, {"area", "m^2"}, {"length", "m"}, {"time", "s"}};
    if (!id || !*id) return NULL;
    UnitDefinition_t *definition = Model_getUnitDefinitionById(reader->model, id);
    if (definition) return definition_text(reader, definition, memory);
    for (size_t i = 0; reader->level < 3 && i < sizeof built_in / sizeof *built_in; i++)
        if (strcmp(built_in[i].id, id) == 0) return built_in[i].text;
    const UnitKind_t kind = UnitKind_forName(id);
    if (kind == UNIT_KIND_INVALID) return NULL;
    if (kind == UNIT_KIND_KILOGRAM) return "1000 g";
    for (size_t i = 0; i < sizeof unit_names / sizeof *unit_names; i++)
        if (unit_names[i].kind == kind) return *unit_names[i].text ? unit_names[i].text : "dimensionless";
    return UnitKind_toString(kind);
}

#endif
