/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony_formula.c -- formulas and the names in them. */
#include <math.h>

#include "base/text.h"
#include "model/antimony_reader.h"

typedef coley_ant_function function;
typedef coley_ant_reader reader;
typedef coley_ant_scope scope;

coley_status coley_ant_fail(reader *r, const coley_token *t, const char *wanted)
{
    const char *found = t->kind == COLEY_TOKEN_END     ? "the end of the text"
                        : t->kind == COLEY_TOKEN_BREAK ? "the end of the statement"
                                                       : t->text;
    return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "%s expected, found \"%.60s\"", wanted, found);
}

coley_status coley_ant_need(reader *r, const char *text)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, "\"%s\"", text);
    return take(r, text) ? COLEY_OK : coley_ant_fail(r, peek(r), wanted);
}

coley_status coley_ant_need_name(reader *r, const coley_token **name)
{
    if (peek(r)->kind != COLEY_TOKEN_NAME) return coley_ant_fail(r, peek(r), "a name");
    *name = peek(r);
    r->at++;
    return COLEY_OK;
}

/* --- symbols
 * --------------------------------------------------------------------------------------------------------------- */

static size_t index_place(const coley_ant_index *index, const char *name)
{
    uint64_t h = 1469598103934665603u;
    for (const char *p = name; *p; p++) h = (h ^ (unsigned char)*p) * 1099511628211u;
    size_t at = h & (index->n_slots - 1);
    while (index->name[at] && strcmp(index->name[at], name) != 0) at = (at + 1) & (index->n_slots - 1);
    return at;
}

int32_t coley_ant_index_of(const coley_ant_index *index, const char *name)
{
    const size_t at = index->n_slots ? index_place(index, name) : 0;
    return index->n_slots && index->name[at] ? index->value[at] : -1;
}

int coley_ant_index_add(coley_arena *arena, coley_ant_index *index, const char *name, size_t value)
{
    if (2 * (index->n + 1) > index->n_slots) {
        const coley_ant_index was = *index;
        index->n_slots = was.n_slots ? 2 * was.n_slots : 32;
        index->name = COLEY_NEW(arena, const char *, index->n_slots);
        index->value = COLEY_NEW(arena, int32_t, index->n_slots);
        if (!index->name || !index->value) {
            *index = was;
            return 0;
        }
        for (size_t i = 0; i < was.n_slots; i++) {
            if (!was.name[i]) continue;
            const size_t at = index_place(index, was.name[i]);
            index->name[at] = was.name[i];
            index->value[at] = was.value[i];
        }
    }
    const size_t at = index_place(index, name);
    index->n++;
    index->name[at] = name;
    index->value[at] = (int32_t)value;
    return 1;
}

coley_status coley_ant_symbol_of_id(reader *r, const char *id, const coley_token *t, int32_t *symbol)
{
    *symbol = coley_network_symbol(r->network, id);
    if (*symbol >= 0) {
        *symbol = root(r, *symbol);
        return COLEY_OK;
    }
    if (r->network->n_symbols >= MAX_SYMBOLS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "more than %d names", MAX_SYMBOLS);
    *symbol = coley_network_symbol_add(r->network, id, COLEY_PARAMETER);
    if (*symbol < 0 || !COLEY_RESERVE(r->arena, r->said, r->cap_said, (size_t)*symbol + 1))
        return COLEY_FAIL_MEMORY(r->err);
    r->network->symbol[*symbol].file = t->file;
    r->network->symbol[*symbol].line = t->line;
    return COLEY_OK;
}

static coley_status write_id(reader *r, const scope *s, char *id, size_t size)
{
    const coley_token *name = NULL;
    COLEY_TRY(coley_ant_need_name(r, &name));
    int length = snprintf(id, size, "%s%s", s->prefix, name->text);
    while (take(r, ".")) {
        const coley_token *part = NULL;
        COLEY_TRY(coley_ant_need_name(r, &part));
        if (length > 0 && (size_t)length < size)
            length += snprintf(id + length, size - (size_t)length, ".%s", part->text);
    }
    if (length < 0 || (size_t)length >= size)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "a name longer than %zu characters", size - 1);
    return COLEY_OK;
}

coley_status coley_ant_id(reader *r, const scope *s, const char **id)
{
    char buffer[MAX_ID];
    COLEY_TRY(write_id(r, s, buffer, sizeof buffer));
    *id = coley_arena_text(r->arena, buffer, strlen(buffer));
    return *id ? COLEY_OK : COLEY_FAIL_MEMORY(r->err);
}

coley_status coley_ant_symbol(reader *r, const scope *s, int32_t *symbol)
{
    const coley_token *name = peek(r);
    char id[MAX_ID];
    COLEY_TRY(write_id(r, s, id, sizeof id));
    return coley_ant_symbol_of_id(r, id, name, symbol);
}

/* --- formulas
 * -------------------------------------------------------------------------------------------------------------- */

static coley_status made(reader *r, const coley_expr *e, const coley_expr **out)
{
    if (!e) return COLEY_FAIL_MEMORY(r->err);
    if (e->depth > 1500)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)), "a formula nested more than 1500 deep");
    if (e->size > MAX_FORMULA)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)),
                             "a formula of more than %d terms when its functions are written out", MAX_FORMULA);
    *out = e;
    return COLEY_OK;
}

static coley_status read_arguments(reader *r, const scope *s, const coley_expr ***argument, size_t *n)
{
    size_t cap = 0;
    *n = 0;
    *argument = NULL;
    COLEY_TRY(coley_ant_need(r, "("));
    if (take(r, ")")) return COLEY_OK;
    do {
        const coley_expr *value = NULL;
        skip_lines(r);
        COLEY_TRY(coley_ant_formula(r, s, &value));
        if (!COLEY_RESERVE(r->arena, *argument, cap, *n + 1)) return COLEY_FAIL_MEMORY(r->err);
        (*argument)[(*n)++] = value;
        skip_lines(r);
    } while (take(r, ","));
    return coley_ant_need(r, ")");
}

static const struct {
    const char *name;
    coley_op op;
} unary_functions[] = {
    {"exp", COLEY_OP_EXP},     {"ln", COLEY_OP_LOG},      {"sqrt", COLEY_OP_SQRT},    {"abs", COLEY_OP_ABS},
    {"floor", COLEY_OP_FLOOR}, {"ceil", COLEY_OP_CEIL},   {"ceiling", COLEY_OP_CEIL}, {"sin", COLEY_OP_SIN},
    {"cos", COLEY_OP_COS},     {"tan", COLEY_OP_TAN},     {"asin", COLEY_OP_ASIN},    {"acos", COLEY_OP_ACOS},
    {"atan", COLEY_OP_ATAN},   {"arcsin", COLEY_OP_ASIN}, {"arccos", COLEY_OP_ACOS},  {"arctan", COLEY_OP_ATAN},
    {"sinh", COLEY_OP_SINH},   {"cosh", COLEY_OP_COSH},   {"tanh", COLEY_OP_TANH},    {"not", COLEY_OP_NOT},
    {"minus", COLEY_OP_NEG},
};

static const struct {
    const char *name;
    coley_op op;
} binary_functions[] = {
    {"pow", COLEY_OP_POW},    {"power", COLEY_OP_POW}, {"min", COLEY_OP_MIN},   {"max", COLEY_OP_MAX},
    {"and", COLEY_OP_AND},    {"or", COLEY_OP_OR},     {"lt", COLEY_OP_LT},     {"leq", COLEY_OP_LE},
    {"gt", COLEY_OP_GT},      {"geq", COLEY_OP_GE},    {"eq", COLEY_OP_EQ},     {"neq", COLEY_OP_NE},
    {"xor", COLEY_OP_NE},     {"plus", COLEY_OP_ADD},  {"times", COLEY_OP_MUL}, {"minus", COLEY_OP_SUB},
    {"divide", COLEY_OP_DIV},
};

/* Random numbers and the past: formulas in Coley are functions of the state. */
static const struct {
    const char *name, *reason;
} refused_functions[] = {
    {"delay", "a formula that looks back in time; write the delay as a chain of states"},
#define RANDOM(name)                                                                                                   \
    {                                                                                                                  \
        name, "a random number; a number's spread between people stands behind it: //! lognormal(1, 0.3)"              \
    }
    RANDOM("normal"),
    RANDOM("truncatedNormal"),
    RANDOM("uniform"),
    RANDOM("bernoulli"),
    RANDOM("binomial"),
    RANDOM("cauchy"),
    RANDOM("chisquare"),
    RANDOM("exponential"),
    RANDOM("gamma"),
    RANDOM("laplace"),
    RANDOM("lognormal"),
    RANDOM("poisson"),
    RANDOM("rayleigh"),
#undef RANDOM
};

static coley_status call_own(reader *r, const scope *s, const function *f, const coley_token *name,
                             const coley_expr **argument, size_t n, const coley_expr **e)
{
    if (n != f->n_arguments)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "\"%s\" takes %zu arguments, found %zu", f->id,
                             f->n_arguments, n);
    if (s->depth > 32)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name),
                             "functions call one another more than 32 deep; does \"%s\" call itself?", f->id);
    const scope inner = {.prefix = s->prefix, .function = f, .value = argument, .depth = s->depth + 1};
    const size_t back = r->at, back_end = r->end;
    r->at = f->body.start;
    r->end = f->body.end;
    skip_breaks(r);
    COLEY_TRY(coley_ant_formula(r, &inner, e));
    take(r, ";");
    skip_breaks(r);
    if (r->at < r->end) return coley_ant_fail(r, peek(r), "the end of the function");
    r->at = back;
    r->end = back_end;
    return COLEY_OK;
}

/* Functions that are written with others, by what they do to x; NULL when there is none of that name. */
static const coley_expr *call_written(coley_expr_pool *p, const char *name, const coley_expr *x)
{
    const coley_expr *one = coley_expr_number(p, 1.0), *half = coley_expr_number(p, 0.5);
    const int arc = strncmp(name, "arc", 3) == 0 || (name[0] == 'a' && name[1] != 'b' && name[1] != 'n');
    const char *base = strncmp(name, "arc", 3) == 0 ? name + 3 : name + arc;
    static const struct {
        const char *name;
        int inverse; /* of the argument or, for a plain function, of the result */
        coley_op plain, arc;
    } table[] = {{"sec", 1, COLEY_OP_COS, COLEY_OP_ACOS},       {"csc", 1, COLEY_OP_SIN, COLEY_OP_ASIN},
                 {"cot", 1, COLEY_OP_TAN, COLEY_OP_ATAN},       {"sech", 1, COLEY_OP_COSH, COLEY_OP_NUMBER},
                 {"csch", 1, COLEY_OP_SINH, COLEY_OP_NUMBER},   {"coth", 1, COLEY_OP_TANH, COLEY_OP_NUMBER},
                 {"sinh", 0, COLEY_OP_NUMBER, COLEY_OP_NUMBER}, {"cosh", 0, COLEY_OP_NUMBER, COLEY_OP_NUMBER},
                 {"tanh", 0, COLEY_OP_NUMBER, COLEY_OP_NUMBER}};
    if (strcmp(name, "sqr") == 0) return coley_expr_binary(p, COLEY_OP_MUL, x, x);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, base) != 0) continue;
        if (!arc) return coley_expr_binary(p, COLEY_OP_DIV, one, coley_expr_unary(p, table[i].plain, x));
        const coley_expr *y = table[i].inverse ? coley_expr_binary(p, COLEY_OP_DIV, one, x) : x;
        if (table[i].arc != COLEY_OP_NUMBER) return coley_expr_unary(p, table[i].arc, y);
        const int is_tangent = base[0] == 't' || (base[0] == 'c' && base[2] == 't');
        if (is_tangent) { /* ln((1 + y) / (1 - y)) / 2 */
            const coley_expr *ratio = coley_expr_binary(p, COLEY_OP_DIV, coley_expr_binary(p, COLEY_OP_ADD, one, y),
                                                        coley_expr_binary(p, COLEY_OP_SUB, one, y));
            return coley_expr_binary(p, COLEY_OP_MUL, half, coley_expr_unary(p, COLEY_OP_LOG, ratio));
        }
        const int is_sine = base[0] == 's' ? base[1] == 'i' : base[1] == 's'; /* sinh, csch */
        const coley_expr *square = coley_expr_binary(p, COLEY_OP_MUL, y, y);
        const coley_expr *root_of = coley_expr_binary(p, is_sine ? COLEY_OP_ADD : COLEY_OP_SUB, square, one);
        return coley_expr_unary(p, COLEY_OP_LOG,
                                coley_expr_binary(p, COLEY_OP_ADD, y, coley_expr_unary(p, COLEY_OP_SQRT, root_of)));
    }
    return NULL;
}

/* a / b cut to a whole number towards 0. */
static const coley_expr *whole_quotient(coley_expr_pool *p, const coley_expr *a, const coley_expr *b)
{
    const coley_expr *q = coley_expr_binary(p, COLEY_OP_DIV, a, b), *zero = coley_expr_number(p, 0.0);
    return coley_expr_select(p, coley_expr_binary(p, COLEY_OP_LT, q, zero), coley_expr_unary(p, COLEY_OP_CEIL, q),
                             coley_expr_unary(p, COLEY_OP_FLOOR, q));
}

static const coley_expr *remainder_of(coley_expr_pool *p, const coley_expr *a, const coley_expr *b)
{
    return coley_expr_binary(p, COLEY_OP_SUB, a, coley_expr_binary(p, COLEY_OP_MUL, b, whole_quotient(p, a, b)));
}

/* Functions of a changing number of arguments. *known stays 0 when the name is none of them. */
static coley_status call_special(reader *r, const coley_token *name, const coley_expr **a, size_t n, int *known,
                                 const coley_expr **e)
{
    coley_expr_pool *pool = r->network->pool;
    *known = 1;
    if (n == 1 && (is(name, "log") || is(name, "log10"))) {
        const coley_expr *ln10 = coley_expr_unary(pool, COLEY_OP_LOG, coley_expr_number(pool, 10.0));
        return made(r, coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_unary(pool, COLEY_OP_LOG, a[0]), ln10), e);
    }
    if (n == 2 && is(name, "log")) {
        const coley_expr *base = coley_expr_unary(pool, COLEY_OP_LOG, a[0]);
        return made(r, coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_unary(pool, COLEY_OP_LOG, a[1]), base), e);
    }
    if (n == 2 && is(name, "root")) {
        const coley_expr *inverse = coley_expr_binary(pool, COLEY_OP_DIV, coley_expr_number(pool, 1.0), a[0]);
        return made(r, coley_expr_binary(pool, COLEY_OP_POW, a[1], inverse), e);
    }
    if (n == 2 && is(name, "quotient")) return made(r, whole_quotient(pool, a[0], a[1]), e);
    if (n == 2 && (is(name, "rem") || is(name, "modulo"))) return made(r, remainder_of(pool, a[0], a[1]), e);
    if (n == 2 && is(name, "implies"))
        return made(r, coley_expr_binary(pool, COLEY_OP_OR, coley_expr_unary(pool, COLEY_OP_NOT, a[0]), a[1]), e);
    if (n == 1 && is(name, "factorial") && a[0]->op == COLEY_OP_NUMBER && a[0]->number >= 0 && a[0]->number <= 170)
        return made(r, coley_expr_number(pool, round(tgamma(floor(a[0]->number) + 1))), e);
    if (n >= 1 && is(name, "piecewise")) {
        const coley_expr *value = n % 2 ? a[n - 1] : coley_expr_number(pool, NAN);
        for (size_t i = n / 2; i-- > 0;) value = coley_expr_select(pool, a[2 * i + 1], a[2 * i], value);
        return made(r, value, e);
    }
    *known = 0;
    return COLEY_OK;
}

/* rateOf(x): a symbol of its own, whose rule is written when all that changes x is known. */
static coley_status call_rate_of(reader *r, const coley_token *name, const coley_expr *x, const coley_expr **e)
{
    coley_network *net = r->network;
    if (x->op != COLEY_OP_SYMBOL)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "rateOf() takes the name of a variable");
    for (size_t i = 0; i < r->n_rates; i++)
        if (r->rate_of[i].value == x) return made(r, coley_expr_symbol(net->pool, r->rate_of[i].symbol), e);
    const char *id = coley_arena_printf(r->arena, "rateOf(%s)", net->symbol[x->symbol].id);
    int32_t symbol;
    if (!id || !COLEY_RESERVE(r->arena, r->rate_of, r->cap_rates, r->n_rates + 1)) return COLEY_FAIL_MEMORY(r->err);
    COLEY_TRY(coley_ant_symbol_of_id(r, id, name, &symbol));
    r->rate_of[r->n_rates++] = (coley_assignment){.symbol = symbol, .value = x};
    return made(r, coley_expr_symbol(net->pool, symbol), e);
}

static coley_status call_unknown(reader *r, const coley_token *name, size_t n)
{
    for (size_t i = 0; i < sizeof refused_functions / sizeof *refused_functions; i++)
        if (is(name, refused_functions[i].name))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, here(name), "\"%s\" is %s", name->text,
                                 refused_functions[i].reason);
    const char *names[sizeof unary_functions / sizeof *unary_functions];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) names[i] = unary_functions[i].name;
    const char *near = coley_text_nearest(name->text, names, sizeof names / sizeof *names);
    return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "no function \"%s\" that takes %zu argument%s%s%s%s",
                         name->text, n, n == 1 ? "" : "s", near ? "; did you mean \"" : "", near ? near : "",
                         near ? "\"?" : "");
}

static coley_status call(reader *r, const scope *s, const coley_token *name, const coley_expr **e)
{
    const coley_expr **a;
    size_t n;
    COLEY_TRY(read_arguments(r, s, &a, &n));
    coley_expr_pool *pool = r->network->pool;
    const int32_t own = coley_ant_index_of(&r->functions, name->text);
    if (own >= 0) return call_own(r, s, &r->function[own], name, a, n, e);
    for (size_t i = 0; i < sizeof unary_functions / sizeof *unary_functions; i++)
        if (n == 1 && strcmp(unary_functions[i].name, name->text) == 0)
            return made(r, coley_expr_unary(pool, unary_functions[i].op, a[0]), e);
    for (size_t i = 0; i < sizeof binary_functions / sizeof *binary_functions; i++)
        if (n >= 2 && strcmp(binary_functions[i].name, name->text) == 0) {
            const coley_op op = binary_functions[i].op;
            const int chains = op == COLEY_OP_MIN || op == COLEY_OP_MAX || op == COLEY_OP_AND || op == COLEY_OP_OR ||
                               op == COLEY_OP_ADD || op == COLEY_OP_MUL;
            if (n > 2 && !chains) break;
            const coley_expr *sum = coley_expr_binary(pool, op, a[0], a[1]);
            for (size_t j = 2; j < n; j++) sum = coley_expr_binary(pool, op, sum, a[j]);
            return made(r, sum, e);
        }
    if (n == 1 && is(name, "rateOf")) return call_rate_of(r, name, a[0], e);
    int known;
    COLEY_TRY(call_special(r, name, a, n, &known, e));
    if (known) return COLEY_OK;
    const coley_expr *written = n == 1 ? call_written(pool, name->text, a[0]) : NULL;
    if (written) return made(r, written, e);
    return call_unknown(r, name, n);
}

static coley_status read_primary(reader *r, const scope *s, const coley_expr **e)
{
    const coley_token *t = peek(r);
    coley_expr_pool *pool = r->network->pool;
    if (r->n_terms++ >= MAX_TERMS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t),
                             "more than %d terms when functions and submodels are written out", MAX_TERMS);
    if (t->kind == COLEY_TOKEN_NUMBER) {
        r->at++;
        /* A number may carry the name of its unit: 0.007 per_day. */
        const coley_token *unit = peek(r);
        if (unit->kind == COLEY_TOKEN_NAME && !is(peek_after(r, 1), "(") && !s->function && !is(unit, "in") &&
            !is(unit, "after"))
            r->at++;
        return made(r, coley_expr_number(pool, t->number), e);
    }
    if (take(r, "(")) {
        skip_lines(r);
        COLEY_TRY(coley_ant_formula(r, s, e));
        skip_lines(r);
        return coley_ant_need(r, ")");
    }
    if (is(t, "..."))
        return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, here(t),
                             "\"...\" belongs to a DNA strand, which Coley does not read; write the rate out");
    if (t->kind != COLEY_TOKEN_NAME) return coley_ant_fail(r, t, "a number, a name or \"(\"");
    if (is(peek_after(r, 1), "(")) {
        r->at++;
        return call(r, s, t, e);
    }
    if (s->function) {
        for (size_t i = 0; i < s->function->n_arguments; i++)
            if (strcmp(s->function->argument[i], t->text) == 0) {
                r->at++;
                *e = s->value[i];
                return COLEY_OK;
            }
    }
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"pi", 3.14159265358979323846},
                     {"exponentiale", 2.71828182845904523536},
                     {"avogadro", 6.02214076e23},
                     {"infinity", INFINITY},
                     {"inf", INFINITY},
                     {"INF", INFINITY},
                     {"notanumber", NAN},
                     {"nan", NAN},
                     {"NaN", NAN},
                     {"true", 1.0},
                     {"false", 0.0}};
    if (is(t, "time")) {
        r->at++;
        return made(r, coley_expr_time(pool), e);
    }
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (is(t, constants[i].name)) {
            r->at++;
            return made(r, coley_expr_number(pool, constants[i].value), e);
        }
    if (s->function)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "\"%s\" is not an argument of function \"%s\"", t->text,
                             s->function->id);
    int32_t symbol;
    COLEY_TRY(coley_ant_symbol(r, s, &symbol));
    return made(r, coley_expr_symbol(pool, symbol), e);
}

static coley_status read_unary(reader *r, const scope *s, const coley_expr **e);

/* x ^ y: binds tighter than the minus before x, and from right to left. */
static coley_status read_power(reader *r, const scope *s, const coley_expr **e)
{
    COLEY_TRY(read_primary(r, s, e));
    if (!take(r, "^")) return COLEY_OK;
    const coley_expr *exponent = NULL;
    COLEY_TRY(read_unary(r, s, &exponent));
    return made(r, coley_expr_binary(r->network->pool, COLEY_OP_POW, *e, exponent), e);
}

static coley_status read_unary(reader *r, const scope *s, const coley_expr **e)
{
    if (r->nesting >= MAX_DEPTH)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)), "a formula nested more than %d deep", MAX_DEPTH);
    r->nesting++;
    coley_status status;
    if (take(r, "-")) {
        status = read_unary(r, s, e);
        if (status == COLEY_OK) status = made(r, coley_expr_unary(r->network->pool, COLEY_OP_NEG, *e), e);
    } else if (take(r, "+")) {
        status = read_unary(r, s, e);
    } else if (take(r, "!")) {
        status = read_unary(r, s, e);
        if (status == COLEY_OK) status = made(r, coley_expr_unary(r->network->pool, COLEY_OP_NOT, *e), e);
    } else {
        status = read_power(r, s, e);
    }
    r->nesting--;
    return status;
}

static const struct {
    const char *sign;
    int level;
    coley_op op;
} operators[] = {
    {"||", 0, COLEY_OP_OR},   {"&&", 1, COLEY_OP_AND}, {"==", 2, COLEY_OP_EQ}, {"!=", 2, COLEY_OP_NE},
    {"<=", 3, COLEY_OP_LE},   {">=", 3, COLEY_OP_GE},  {"<", 3, COLEY_OP_LT},  {">", 3, COLEY_OP_GT},
    {"+", 4, COLEY_OP_ADD},   {"-", 4, COLEY_OP_SUB},  {"*", 5, COLEY_OP_MUL}, {"/", 5, COLEY_OP_DIV},
    {"%", 5, COLEY_OP_COUNT}, /* the remainder, written with others */
};

static coley_status read_level(reader *r, const scope *s, int level, const coley_expr **e)
{
    if (level > 5) return read_unary(r, s, e);
    COLEY_TRY(read_level(r, s, level + 1, e));
    for (;;) {
        size_t i = 0;
        const size_t n = sizeof operators / sizeof *operators;
        while (i < n && !(operators[i].level == level && is(peek(r), operators[i].sign))) i++;
        if (i == n) return COLEY_OK;
        r->at++;
        skip_lines(r);
        const coley_expr *right = NULL;
        COLEY_TRY(read_level(r, s, level + 1, &right));
        coley_expr_pool *pool = r->network->pool;
        COLEY_TRY(made(r,
                       operators[i].op == COLEY_OP_COUNT ? remainder_of(pool, *e, right)
                                                         : coley_expr_binary(pool, operators[i].op, *e, right),
                       e));
    }
}

coley_status coley_ant_formula(reader *r, const scope *s, const coley_expr **e)
{
    if (r->nesting >= MAX_DEPTH)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)), "a formula nested more than %d deep", MAX_DEPTH);
    r->nesting++;
    const coley_status status = read_level(r, s, 0, e);
    r->nesting--;
    return status;
}
