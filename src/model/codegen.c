/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codegen.c -- see codegen.h. Columns of a tape are written more than once; here every writing is a value of its own.
 */
#include "model/codegen.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* An operand: a value of the tape, or a column that the tape finds filled. */
typedef struct operand {
    int is_value;
    int32_t at; /* instruction or column */
} operand;

struct coley_codegen {
    coley_program_layout layout;
    const coley_tape *tape;
    coley_text *text;
    operand (*from)[3];     /* by instruction */
    operand *result;        /* by result */
    unsigned char *written; /* by instruction */
    int32_t *stack;
};

static operand operand_of(const coley_codegen *c, const int32_t *last, int32_t column)
{
    if (column >= c->layout.first_scratch) return (operand){1, last[column - c->layout.first_scratch]};
    return (operand){0, column};
}

coley_codegen *coley_codegen_begin(coley_arena *arena, const coley_program *program, const coley_tape *tape,
                                   coley_text *text)
{
    coley_codegen *c = COLEY_NEW(arena, coley_codegen, 1);
    if (!c) return NULL;
    c->layout = coley_program_layout_of(program);
    c->tape = tape;
    c->text = text;
    int32_t n_scratch = 0;
    for (size_t i = 0; i < tape->n; i++) {
        assert(tape->instruction[i].to >= c->layout.first_scratch);
        const int32_t needed = tape->instruction[i].to - c->layout.first_scratch + 1;
        if (needed > n_scratch) n_scratch = needed;
    }
    c->from = (operand(*)[3])COLEY_NEW(arena, operand, 3 * tape->n);
    c->result = COLEY_NEW(arena, operand, tape->n_results);
    c->written = COLEY_NEW(arena, unsigned char, tape->n);
    c->stack = COLEY_NEW(arena, int32_t, 3 * tape->n + 3);
    int32_t *last = COLEY_NEW(arena, int32_t, (size_t)n_scratch);
    if (!c->from || !c->result || !c->written || !c->stack || !last) return NULL;
    for (size_t i = 0; i < tape->n; i++) {
        const coley_instruction *k = &tape->instruction[i];
        for (int j = 0; j < 3; j++) c->from[i][j] = k->from[j] < 0 ? (operand){0, -1} : operand_of(c, last, k->from[j]);
        last[k->to - c->layout.first_scratch] = (int32_t)i;
    }
    for (size_t i = 0; i < tape->n_results; i++) c->result[i] = operand_of(c, last, tape->result[i]);
    return c;
}

/* Small whole numbers as such, others by their bits: exact, and the same in every locale. */
static void literal_name(double x, char name[COLEY_CODEGEN_NAME])
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (x >= -1000 && x <= 1000 && x == (double)(int)x && (x != 0 || bits == 0))
        snprintf(name, COLEY_CODEGEN_NAME, "A(%d)", (int)x);
    else
        snprintf(name, COLEY_CODEGEN_NAME, "BITS(0x%llx)", (unsigned long long)bits);
}

static void operand_name(const coley_codegen *c, operand o, char name[COLEY_CODEGEN_NAME])
{
    const coley_program_layout *layout = &c->layout;
    const size_t size = COLEY_CODEGEN_NAME;
    if (o.is_value)
        snprintf(name, size, "v%d", (int)o.at);
    else if ((size_t)o.at < layout->n_literals)
        literal_name(layout->literal[o.at], name);
    else if (o.at < layout->first_state)
        snprintf(name, size, "LD(w, %d)", (int)o.at);
    else if ((size_t)(o.at - layout->first_state) < layout->n_states)
        snprintf(name, size, "LD(y, %d)", (int)(o.at - layout->first_state));
    else
        snprintf(name, size, "LD(t, 0)");
}

/* Operations that are a few instructions of the processor; the others are calls. */
static const char *const form[COLEY_TAPE_OP_COUNT] = {
    [COLEY_OP_ADD] = "%s + %s",
    [COLEY_OP_SUB] = "%s - %s",
    [COLEY_OP_MUL] = "%s * %s",
    [COLEY_OP_DIV] = "%s / %s",
    [COLEY_OP_NEG] = "-%s",
    [COLEY_OP_SQRT] = "root(%s)",
    [COLEY_OP_ABS] = "size(%s)",
    [COLEY_OP_MIN] = "least(%s, %s)",
    [COLEY_OP_MAX] = "most(%s, %s)",
    [COLEY_OP_LT] = "yes(%s < %s)",
    [COLEY_OP_LE] = "yes(%s <= %s)",
    [COLEY_OP_GT] = "yes(%s > %s)",
    [COLEY_OP_GE] = "yes(%s >= %s)",
    [COLEY_OP_EQ] = "yes(%s == %s)",
    [COLEY_OP_NE] = "yes(%s != %s)",
    [COLEY_OP_AND] = "both(%s, %s)",
    [COLEY_OP_OR] = "either(%s, %s)",
    [COLEY_OP_NOT] = "yes(%s == A(0.0))",
    [COLEY_OP_SELECT] = "choose(%s, %s, %s)",
    [COLEY_TAPE_EXP2] = "exp2_of(%s)",
    [COLEY_TAPE_MUL_ADD] = "%s * %s + %s",
    [COLEY_TAPE_MUL_SUB] = "%s * %s - %s",
    [COLEY_TAPE_SUB_MUL] = "%s - %s * %s",
    [COLEY_TAPE_MUL_MUL] = "%s * %s * %s",
    [COLEY_TAPE_ADD_ADD] = "%s + %s + %s",
    [COLEY_TAPE_SUB_ADD] = "%s - %s + %s",
    [COLEY_TAPE_ADD_SUB] = "%s + %s - %s",
    [COLEY_TAPE_SUB_SUB] = "%s - %s - %s",
    [COLEY_TAPE_LESS_SUM] = "%s - (%s + %s)",
    [COLEY_TAPE_LESS_REST] = "%s - (%s - %s)",
    [COLEY_TAPE_SUM_TIMES] = "(%s + %s) * %s",
    [COLEY_TAPE_REST_TIMES] = "(%s - %s) * %s",
    [COLEY_TAPE_OVER_SUM] = "%s / (%s + %s)",
};

static void write_instruction(coley_codegen *c, int32_t i)
{
    char name[3][COLEY_CODEGEN_NAME] = {"", "", ""};
    const coley_instruction *k = &c->tape->instruction[i];
    for (int j = 0; j < 3; j++)
        if (c->from[i][j].is_value || c->from[i][j].at >= 0) operand_name(c, c->from[i][j], name[j]);
    coley_text_addf(c->text, "        const V v%d = ", (int)i);
    if (k->op == COLEY_OP_MAX && k->from[0] == k->from[1])
        coley_text_addf(c->text, "%s", name[0]);
    else if (k->op == COLEY_OP_POW)
        coley_text_addf(c->text, "power_of(f[%d], %s, %s)", (int)k->op, name[0], name[1]);
    else if (form[k->op])
        coley_text_addf(c->text, form[k->op], name[0], name[1], name[2]);
    else
        coley_text_addf(c->text, "call(f[%d], %s, %s)", (int)k->op, name[0], name[1][0] ? name[1] : name[0]);
    coley_text_addf(c->text, ";\n");
    c->written[i] = 1;
}

/* An instruction after those that it needs. */
static void write_with_needs(coley_codegen *c, int32_t wanted)
{
    size_t depth = 0;
    c->stack[depth++] = wanted;
    while (depth) {
        const int32_t i = c->stack[depth - 1];
        int waits = 0;
        for (int j = 2; j >= 0 && !waits && !c->written[i]; j--) {
            const operand o = c->from[i][j];
            if (!o.is_value || c->written[o.at]) continue;
            c->stack[depth++] = o.at;
            waits = 1;
        }
        if (waits) continue;
        if (!c->written[i]) write_instruction(c, i);
        depth--;
    }
}

void coley_codegen_result(coley_codegen *c, size_t r, char name[COLEY_CODEGEN_NAME])
{
    if (c->result[r].is_value) write_with_needs(c, c->result[r].at);
    operand_name(c, c->result[r], name);
}

void coley_codegen_calls(coley_codegen *c)
{
    for (size_t i = 0; i < c->tape->n; i++)
        if (!form[c->tape->instruction[i].op]) write_with_needs(c, (int32_t)i);
}

void coley_codegen_preamble(coley_text *text)
{
    static const char preamble[] =
        "#include <stddef.h>\n"
        "#include <stdint.h>\n"
        "typedef void (*F)(size_t n, double *to, const double *a, const double *b);\n"
        "#define FN static inline __attribute__((always_inline))\n"
        "#if defined(COLEY_ONE_LANE) /* plain numbers, for other solvers */\n"
        "enum { LANES = 8 };\n"
        "typedef double V;\n"
        "typedef int64_t M;\n"
        "#define LD(p, column) ((p)[column])\n"
        "#define AGAIN(p, column) LD(p, column)\n"
        "#define ST(p, column, x) ((p)[column] = (x))\n"
        "FN V A(double x) { return x; }\n"
        "FN V BITS(uint64_t x) { union { uint64_t bits; double value; } u = {x}; return u.value; }\n"
        "FN M BITS_OF(V x) { union { double value; int64_t bits; } u = {x}; return u.bits; }\n"
        "FN V SCALE(M n) { return BITS((uint64_t)(n + 1023) << 52); }\n"
        "FN V pick(M m, V a, V b) { return m ? a : b; }\n"
        "FN V size(V x) { return __builtin_fabs(x); }\n"
        "FN V yes(M m) { return m; }\n"
        "FN V root(V x) { return __builtin_sqrt(x); }\n"
        "FN int all(M m) { return m; }\n"
        "FN V fused(V a, V b, V c) { return __builtin_fma(a, b, c); }\n"
        "FN V fused_less(V a, V b, V c) { return __builtin_fma(-a, b, c); }\n"
        "FN V call(F function, V a, V b) { V to; function(1, &to, &a, &b); return to; }\n"
        "#else\n"
        "#if defined(__AVX512F__)\n"
        "#include <immintrin.h>\n"
        "enum { LANES = 8 };\n"
        "#elif defined(__AVX2__)\n"
        "#include <immintrin.h>\n"
        "enum { LANES = 4 };\n"
        "#else\n"
        "enum { LANES = 2 };\n"
        "#endif\n"
        "typedef double V __attribute__((vector_size(LANES * sizeof(double)), may_alias));\n"
        "typedef int64_t M __attribute__((vector_size(LANES * sizeof(int64_t)), may_alias));\n"
        "#define LD(p, column) (*(const V *)((p) + (column) * 8 + l))\n"
        "#define AGAIN(p, column) (*(const volatile V *)((p) + (column) * 8 + l))\n"
        "#define ST(p, column, x) (*(V *)((p) + (column) * 8 + l) = (x))\n"
        "FN V A(double x) { return x - (V){0}; }\n"
        "FN V BITS(uint64_t x) { return (V)((M){0} + (int64_t)x); }\n"
        "FN M BITS_OF(V x) { return (M)x; }\n"
        "FN V SCALE(M n) { return (V)((n + 1023) << 52); }\n"
        "FN V pick(M m, V a, V b) { return (V)(((M)a & m) | ((M)b & ~m)); }\n"
        "FN V size(V x) { return (V)((M)x & INT64_MAX); }\n"
        "FN V yes(M m) { return (V)((M)A(1.0) & m); }\n"
        "#if defined(__AVX512F__)\n"
        "FN V root(V x) { return (V)_mm512_sqrt_pd((__m512d)x); }\n"
        "FN int all(M m) { return _mm512_movepi64_mask((__m512i)m) == 0xff; }\n"
        "FN V fused(V a, V b, V c) { return (V)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c); }\n"
        "FN V fused_less(V a, V b, V c) { return (V)_mm512_fnmadd_pd((__m512d)a, (__m512d)b, (__m512d)c); }\n"
        "#elif defined(__AVX2__)\n"
        "FN V root(V x) { return (V)_mm256_sqrt_pd((__m256d)x); }\n"
        "FN int all(M m) { return _mm256_movemask_pd((__m256d)m) == 0xf; }\n"
        "FN V fused(V a, V b, V c) { return (V)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c); }\n"
        "FN V fused_less(V a, V b, V c) { return (V)_mm256_fnmadd_pd((__m256d)a, (__m256d)b, (__m256d)c); }\n"
        "#else\n"
        "FN V root(V x) { return (V){__builtin_sqrt(x[0]), __builtin_sqrt(x[1])}; }\n"
        "FN int all(M m) { return m[0] && m[1]; }\n"
        "FN V fused(V a, V b, V c)\n"
        "{\n"
        "    return (V){__builtin_fma(a[0], b[0], c[0]), __builtin_fma(a[1], b[1], c[1])};\n"
        "}\n"
        "FN V fused_less(V a, V b, V c) { return fused(-a, b, c); }\n"
        "#endif\n"
        "FN V call(F function, V a, V b)\n"
        "{\n"
        "    double x[8] __attribute__((aligned(64))), y[8] __attribute__((aligned(64))), to[8] "
        "__attribute__((aligned(64)));\n"
        "    const int l = 0;\n"
        "    ST(x, 0, a);\n"
        "    ST(y, 0, b);\n"
        "    function(LANES, to, x, y);\n"
        "    return LD(to, 0);\n"
        "}\n"
        "#endif\n"
        "FN V both(V a, V b) { return yes((a != A(0.0)) & (b != A(0.0))); }\n"
        "FN V either(V a, V b) { return yes((a != A(0.0)) | (b != A(0.0))); }\n"
        "FN V choose(V c, V a, V b) { return pick(c != A(0.0), a, b); }\n"
        "FN V least(V a, V b) { return pick(a < b, a, b); }\n"
        "FN V most(V a, V b) { return pick(a > b, a, b); }\n"
        "FN V power_of(F function, V a, V b) { if (all(b == A(2))) return a * a; return call(function, a, b); }\n"
        /* 2^x as in tape_kernel.h, operation by operation. */
        "FN V exp2_of(V x)\n"
        "{\n"
        "    const V magic = BITS(0x4338000000000000), in = least(most(x, A(-1080)), A(1030)), moved = in + magic;\n"
        "    const V r = (in - (moved - magic)) * BITS(0x3fe62e42fefa39ef), r2 = r * r, r4 = r2 * r2;\n"
        "    const M n = BITS_OF(moved) - 0x4338000000000000, half = n >> 1;\n"
        "    const V low = (A(1) + r) + r2 * (BITS(0x3fe0000000000000) + r * BITS(0x3fc5555555555555));\n"
        "    const V middle = (BITS(0x3fa5555555555555) + r * BITS(0x3f81111111111111)) + r2 * "
        "(BITS(0x3f56c16c16c16c17) + r * BITS(0x3f2a01a01a01a01a));\n"
        "    const V high = (BITS(0x3efa01a01a01a01a) + r * BITS(0x3ec71de3a556c734)) + r2 * (BITS(0x3e927e4fb7789f5c) "
        "+ r * BITS(0x3e5ae64567f544e4));\n"
        "    const V top = BITS(0x3e21eed8eff8d898) + r * BITS(0x3de6124613a86d09);\n"
        "    const V power = low + r4 * (middle + r4 * (high + r4 * top));\n"
        "    return pick(x == x, power * SCALE(half) * SCALE(n - half), x);\n"
        "}\n";
    coley_text_add(text, preamble, sizeof preamble - 1);
}
