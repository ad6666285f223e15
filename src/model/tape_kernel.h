/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tape_kernel.h -- the loops of tape.h, one text for every instruction set: included once per file that names KERNELS,
 * the table to fill, and the vector forms of exp, log and pow (VECTOR_WIDTH doubles at a time). */
#include <math.h>
#include <sleef.h>

#include "model/expr.h"
#include "model/tape.h"

enum { LANES = VECTOR_WIDTH > 1 ? VECTOR_WIDTH : 2 };
typedef double V __attribute__((vector_size(LANES * sizeof(double)), may_alias));
typedef int64_t M __attribute__((vector_size(LANES * sizeof(int64_t)), may_alias));
#define FN       static inline __attribute__((always_inline))
#define A(x)     ((x) - (V){0})
#define BITS(x)  ((V)((M){0} + (int64_t)(x)))
#define BITS_OF(x) ((M)(x))
#define SCALE(n) ((V)(((n) + 1023) << 52))

FN V pick(M m, V a, V b)
{
    return (V)(((M)a & m) | ((M)b & ~m));
}

FN V least(V a, V b)
{
    return pick(a < b, a, b);
}

FN V most(V a, V b)
{
    return pick(a > b, a, b);
}

/* 1 where the mask is all ones, else 0. */
FN V yes(M m)
{
    return (V)((M)A(1.0) & m);
}

/* 2^x to the last digit or so: x is split into a whole number and a rest within a half, whose power is a polynomial.
 * Only sums and products, the same in each lane whatever the instruction set; machine code has it inline (codegen.c). */
FN V exp2_of(V x)
{
    const V magic = BITS(0x4338000000000000), in = least(most(x, A(-1080)), A(1030)), moved = in + magic;
    const V r = (in - (moved - magic)) * BITS(0x3fe62e42fefa39ef), r2 = r * r, r4 = r2 * r2;
    const M n = BITS_OF(moved) - 0x4338000000000000, half = n >> 1;
    const V low = (A(1) + r) + r2 * (BITS(0x3fe0000000000000) + r * BITS(0x3fc5555555555555));
    const V middle = (BITS(0x3fa5555555555555) + r * BITS(0x3f81111111111111)) + r2 * (BITS(0x3f56c16c16c16c17) + r * BITS(0x3f2a01a01a01a01a));
    const V high = (BITS(0x3efa01a01a01a01a) + r * BITS(0x3ec71de3a556c734)) + r2 * (BITS(0x3e927e4fb7789f5c) + r * BITS(0x3e5ae64567f544e4));
    const V top = BITS(0x3e21eed8eff8d898) + r * BITS(0x3de6124613a86d09);
    const V power = low + r4 * (middle + r4 * (high + r4 * top));
    return pick(x == x, power * SCALE(half) * SCALE(n - half), x);
}

static void to_exp2(size_t n, double *to, const double *a, const double *b)
{
    (void)b;
    for (size_t l = 0; l < n; l += LANES) *(V *)(to + l) = exp2_of(*(const V *)(a + l));
}

/* True when all n numbers of b are one. */
static int is_one_number(size_t n, const double *b)
{
    int same = 1;
    for (size_t l = 1; l < n; l++) same &= b[l] == b[0];
    return same;
}

/* x^n for one whole or half n that coley_power_value multiplies out, in its order. */
static void to_small_power(size_t n_lanes, double *to, const double *a, double n)
{
    const double size = fabs(n);
    const unsigned whole = (unsigned)size;
    const int half = size != (double)whole;
    for (size_t l = 0; l < n_lanes; l += LANES) {
        const V x = *(const V *)(a + l);
        V root = x, square = x, power = A(1);
        for (size_t k = 0; half && k < LANES; k++) root[k] = sqrt(x[k]);
        for (unsigned bits = whole, first = 1; bits; bits >>= 1) {
            if (bits & 1 && first)
                power = square, first = 0;
            else if (bits & 1)
                power *= square;
            if (bits > 1) square *= square;
        }
        if (half && size < 1)
            power = root;
        else if (half)
            power *= root;
        if (n < 0) power = A(1) / power;
        *(V *)(to + l) = power;
    }
}

/* x^n in each lane as coley_power_value has it: by multiplication for small whole and half n, else the general power.
 * Most often n is one number in all lanes. */
static void to_pow(size_t n, double *to, const double *a, const double *b)
{
    const int same = is_one_number(n, b), small = coley_power_is_small(b[0]);
    if (same && small) {
        to_small_power(n, to, a, b[0]);
        return;
    }
    for (size_t l = 0; l < n; l += VECTOR_WIDTH) {
        double power[VECTOR_WIDTH];
        VECTOR_STORE(power, VECTOR_POW(VECTOR_LOAD(a + l), VECTOR_LOAD(b + l)));
        for (size_t k = l; k < l + VECTOR_WIDTH; k++)
            to[k] = !same && coley_power_is_small(b[k]) ? coley_power_value(a[k], b[k]) : power[k - l];
    }
}

/* The column of `value`, of x, y and z from columns a, b and c. A column is read where it is written to, never beside. */
#define EACH(value)                                                                                                    \
    for (size_t l = 0; l < width; l += LANES) {                                                                        \
        const V x = *(const V *)(a + l), y = *(const V *)(b + l), z = *(const V *)(c + l);                             \
        (void)x, (void)y, (void)z;                                                                                     \
        *(V *)(to + l) = (value);                                                                                      \
    }                                                                                                                  \
    break

#define EACH_LANE(formula)                                                                                             \
    for (size_t l = 0; l < width; l++) to[l] = (formula);                                                              \
    break

#define EACH_SCALAR(op)                                                                                                \
    for (size_t l = 0; l < width; l++) to[l] = coley_op_value(op, a[l], 0.0, 0.0);                                     \
    break

static void run(const coley_instruction *instruction, size_t n, size_t width, double *work)
{
    for (size_t i = 0; i < n; i++) {
        const coley_instruction *k = &instruction[i];
        double *to = work + (size_t)k->to * width;
        const double *a = work + (size_t)k->from[0] * width;
        const double *b = k->from[1] < 0 ? a : work + (size_t)k->from[1] * width;
        const double *c = k->from[2] < 0 ? a : work + (size_t)k->from[2] * width;
        switch ((int)k->op) {
        case COLEY_OP_ADD:
            EACH(x + y);
        case COLEY_OP_SUB:
            EACH(x - y);
        case COLEY_OP_MUL:
            EACH(x * y);
        case COLEY_TAPE_MUL_ADD:
            EACH(x * y + z);
        case COLEY_TAPE_MUL_SUB:
            EACH(x * y - z);
        case COLEY_TAPE_SUB_MUL:
            EACH(x - y * z);
        case COLEY_TAPE_MUL_MUL:
            EACH(x * y * z);
        case COLEY_TAPE_ADD_ADD:
            EACH(x + y + z);
        case COLEY_TAPE_SUB_ADD:
            EACH(x - y + z);
        case COLEY_TAPE_ADD_SUB:
            EACH(x + y - z);
        case COLEY_TAPE_SUB_SUB:
            EACH(x - y - z);
        case COLEY_TAPE_LESS_SUM:
            EACH(x - (y + z));
        case COLEY_TAPE_LESS_REST:
            EACH(x - (y - z));
        case COLEY_TAPE_SUM_TIMES:
            EACH((x + y) * z);
        case COLEY_TAPE_REST_TIMES:
            EACH((x - y) * z);
        case COLEY_TAPE_OVER_SUM:
            EACH(x / (y + z));
        case COLEY_OP_DIV:
            EACH(x / y);
        case COLEY_OP_NEG:
            EACH(-x);
        case COLEY_OP_SQRT:
            EACH_LANE(sqrt(a[l]));
        case COLEY_OP_ABS:
            EACH_LANE(fabs(a[l]));
        case COLEY_OP_MIN:
            EACH(least(x, y));
        case COLEY_OP_MAX:
            EACH(most(x, y));
        case COLEY_OP_LT:
            EACH(yes(x < y));
        case COLEY_OP_LE:
            EACH(yes(x <= y));
        case COLEY_OP_GT:
            EACH(yes(x > y));
        case COLEY_OP_GE:
            EACH(yes(x >= y));
        case COLEY_OP_EQ:
            EACH(yes(x == y));
        case COLEY_OP_NE:
            EACH(yes(x != y));
        case COLEY_OP_AND:
            EACH(yes((x != A(0)) & (y != A(0))));
        case COLEY_OP_OR:
            EACH(yes((x != A(0)) | (y != A(0))));
        case COLEY_OP_NOT:
            EACH(yes(x == A(0)));
        case COLEY_OP_SELECT:
            EACH(pick(x != A(0), y, z));
        case COLEY_OP_EXP:
            for (size_t l = 0; l < width; l += VECTOR_WIDTH) VECTOR_STORE(to + l, VECTOR_EXP(VECTOR_LOAD(a + l)));
            break;
        case COLEY_TAPE_EXP2:
            to_exp2(width, to, a, b);
            break;
        case COLEY_OP_LOG:
            for (size_t l = 0; l < width; l += VECTOR_WIDTH) VECTOR_STORE(to + l, VECTOR_LOG(VECTOR_LOAD(a + l)));
            break;
        case COLEY_OP_POW:
            to_pow(width, to, a, b);
            break;
        default:
            EACH_SCALAR((coley_op)k->op);
        }
    }
}

static void take(const int32_t *column, size_t n, size_t width, const double *work, const double *plus, double *to)
{
    for (size_t i = 0; i < n; i++) {
        const double *from = work + (size_t)column[i] * width;
        for (size_t l = 0; l < width; l += LANES)
            *(V *)(to + i * width + l) = *(const V *)(from + l) + *(const V *)(plus + i * width + l);
    }
}

#define EACH_VECTOR(name, value)                                                                                       \
    static void name(size_t n, double *to, const double *a, const double *b)                                           \
    {                                                                                                                  \
        (void)b;                                                                                                       \
        for (size_t l = 0; l < n; l += VECTOR_WIDTH) VECTOR_STORE(to + l, value);                                      \
    }
#define EACH_NUMBER(name, op)                                                                                          \
    static void name(size_t n, double *to, const double *a, const double *b)                                           \
    {                                                                                                                  \
        (void)b;                                                                                                       \
        for (size_t l = 0; l < n; l++) to[l] = coley_op_value(COLEY_OP_##op, a[l], 0.0, 0.0);                          \
    }

EACH_VECTOR(to_exp, VECTOR_EXP(VECTOR_LOAD(a + l)))
EACH_VECTOR(to_log, VECTOR_LOG(VECTOR_LOAD(a + l)))
EACH_NUMBER(to_floor, FLOOR)
EACH_NUMBER(to_ceil, CEIL)
EACH_NUMBER(to_sin, SIN)
EACH_NUMBER(to_cos, COS)
EACH_NUMBER(to_tan, TAN)
EACH_NUMBER(to_asin, ASIN)
EACH_NUMBER(to_acos, ACOS)
EACH_NUMBER(to_atan, ATAN)
EACH_NUMBER(to_sinh, SINH)
EACH_NUMBER(to_cosh, COSH)
EACH_NUMBER(to_tanh, TANH)

const coley_tape_kernels KERNELS = {
    .name = KERNELS_NAME,
    .run = run,
    .take = take,
    .function = {[COLEY_OP_EXP] = to_exp,
                 [COLEY_TAPE_EXP2] = to_exp2,
                 [COLEY_OP_LOG] = to_log,
                 [COLEY_OP_POW] = to_pow,
                 [COLEY_OP_FLOOR] = to_floor,
                 [COLEY_OP_CEIL] = to_ceil,
                 [COLEY_OP_SIN] = to_sin,
                 [COLEY_OP_COS] = to_cos,
                 [COLEY_OP_TAN] = to_tan,
                 [COLEY_OP_ASIN] = to_asin,
                 [COLEY_OP_ACOS] = to_acos,
                 [COLEY_OP_ATAN] = to_atan,
                 [COLEY_OP_SINH] = to_sinh,
                 [COLEY_OP_COSH] = to_cosh,
                 [COLEY_OP_TANH] = to_tanh},
};
