/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_eval.c -- what each operation means, one number at a time, and the naive walk over a formula.
 *
 * exp, log, pow and the circular functions are SLEEF's deterministic ones without fused multiply-add (Shibata and
 * Petrogalli 2020, IEEE TPDS 31:1316): the same bits as the vector kernels on every instruction set. */
#include "model/expr.h"

#include <math.h>
#include <sleef.h>

double coley_op_value(coley_op op, double a, double b, double c)
{
    switch (op) {
    case COLEY_OP_ADD:
        return a + b;
    case COLEY_OP_SUB:
        return a - b;
    case COLEY_OP_MUL:
        return a * b;
    case COLEY_OP_DIV:
        return a / b;
    case COLEY_OP_POW:
        return coley_power_value(a, b);
    case COLEY_OP_NEG:
        return -a;
    case COLEY_OP_EXP:
        return Sleef_cinz_expd1_u10purec(a);
    case COLEY_OP_LOG:
        return Sleef_cinz_logd1_u10purec(a);
    case COLEY_OP_SQRT:
        return sqrt(a);
    case COLEY_OP_ABS:
        return fabs(a);
    case COLEY_OP_FLOOR:
        return floor(a);
    case COLEY_OP_CEIL:
        return ceil(a);
    case COLEY_OP_SIN:
        return Sleef_cinz_sind1_u10purec(a);
    case COLEY_OP_COS:
        return Sleef_cinz_cosd1_u10purec(a);
    case COLEY_OP_TAN:
        return Sleef_cinz_tand1_u10purec(a);
    case COLEY_OP_ASIN:
        return Sleef_cinz_asind1_u10purec(a);
    case COLEY_OP_ACOS:
        return Sleef_cinz_acosd1_u10purec(a);
    case COLEY_OP_ATAN:
        return Sleef_cinz_atand1_u10purec(a);
    case COLEY_OP_SINH:
        return Sleef_cinz_sinhd1_u10purec(a);
    case COLEY_OP_COSH:
        return Sleef_cinz_coshd1_u10purec(a);
    case COLEY_OP_TANH:
        return Sleef_cinz_tanhd1_u10purec(a);
    case COLEY_OP_MIN:
        return a < b ? a : b;
    case COLEY_OP_MAX:
        return a > b ? a : b;
    case COLEY_OP_LT:
        return a < b;
    case COLEY_OP_LE:
        return a <= b;
    case COLEY_OP_GT:
        return a > b;
    case COLEY_OP_GE:
        return a >= b;
    case COLEY_OP_EQ:
        return a == b;
    case COLEY_OP_NE:
        return a != b;
    case COLEY_OP_AND:
        return a != 0 && b != 0;
    case COLEY_OP_OR:
        return a != 0 || b != 0;
    case COLEY_OP_NOT:
        return a == 0;
    case COLEY_OP_SELECT:
        return a != 0 ? b : c;
    default:
        return NAN;
    }
}

static double whole_power(double x, unsigned n)
{
    double product = 1, square = x;
    for (int first = 1; n; n >>= 1) {
        if (n & 1) {
            product = first ? square : product * square;
            first = 0;
        }
        square *= square;
    }
    return product;
}

int coley_power_is_small(double n)
{
    const double size = fabs(n);
    return size <= 32 && 2 * size == (double)(int)(2 * size);
}

double coley_power_value(double x, double n)
{
    const double size = fabs(n);
    if (!coley_power_is_small(n)) return Sleef_cinz_powd1_u10purec(x, n);
    double power = whole_power(x, (unsigned)size);
    if (size != floor(size)) power = size < 1 ? sqrt(x) : power * sqrt(x);
    return n < 0 ? 1 / power : power;
}

double coley_expr_value(const coley_expr *e, const double *symbol_value, double time)
{
    if (e->op == COLEY_OP_NUMBER) return e->number;
    if (e->op == COLEY_OP_SYMBOL) return symbol_value[e->symbol];
    if (e->op == COLEY_OP_TIME) return time;
    double arg[3] = {0, 0, 0};
    for (int i = 0; i < 3 && e->arg[i]; i++) arg[i] = coley_expr_value(e->arg[i], symbol_value, time);
    return coley_op_value(e->op, arg[0], arg[1], arg[2]);
}
