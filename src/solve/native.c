/* SPDX-License-Identifier: GPL-3.0-or-later */
/* native.c -- see native.h. The build gives COLEY_BUILT_NATIVE, the folder that its modules are made in, and
 * COLEY_INSTALL_NATIVE, where they are to be installed. */
#include "solve/native.h"

#include "math/sparse_lu_code.h"
#include "model/codegen.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Changes whenever the written code does, so that no older module is taken for it. */
static const char form[] = "coley native 7 " COLEY_VERSION;

/* Operations of one function that still compile within a minute. */
enum { MOST_OPERATIONS = 60000 };

coley_status coley_native_key(coley_arena *arena, const coley_program *program, coley_sha256 *key, coley_error *err)
{
    const coley_program_layout layout = coley_program_layout_of(program);
    const coley_tape *const tape[] = {layout.rhs, layout.jacobian};
    const size_t n = layout.n_states, n_values = coley_program_jacobian_count(program);
    const uint64_t head[] = {n, layout.n_literals, (uint64_t)layout.first_state, layout.rhs->n, layout.jacobian->n};
    coley_text text = {.arena = arena};
    coley_text_add(&text, form, sizeof form);
    coley_text_add(&text, (const char *)head, sizeof head);
    coley_text_add(&text, (const char *)layout.literal, layout.n_literals * sizeof *layout.literal);
    for (size_t i = 0; i < 2; i++) {
        coley_text_add(&text, (const char *)tape[i]->instruction, tape[i]->n * sizeof *tape[i]->instruction);
        coley_text_add(&text, (const char *)tape[i]->result, tape[i]->n_results * sizeof *tape[i]->result);
    }
    coley_text_add(&text, (const char *)coley_program_jacobian_row_start(program), (n + 1) * sizeof(int32_t));
    coley_text_add(&text, (const char *)coley_program_jacobian_column(program), n_values * sizeof(int32_t));
    if (text.failed) return COLEY_FAIL_MEMORY(err);
    *key = coley_sha256_of(text.data, text.length);
    return COLEY_OK;
}

/* What the operands of an elimination are written from. */
typedef struct writer {
    coley_codegen *code;
    coley_text *text;
    int uses_time;
} writer;

static void write_value(void *self, size_t i, char name[COLEY_LU_NAME])
{
    coley_codegen_result(((writer *)self)->code, i, name);
}

static void write_right_side(void *self, size_t i, char name[COLEY_LU_NAME])
{
    writer *w = self;
    char rate[COLEY_CODEGEN_NAME];
    coley_codegen_result(w->code, i, rate);
    coley_text_addf(w->text, "        const V r%zu = %s + LD(sum, %zu);\n", i, rate, i);
    snprintf(name, COLEY_LU_NAME, "r%zu", i);
}

static void write_given(void *self, size_t i, char name[COLEY_LU_NAME])
{
    (void)self;
    snprintf(name, COLEY_LU_NAME, "LD(u, %zu)", i);
}

static void write_results(coley_codegen *code, size_t first, size_t n, const char *to, coley_text *text)
{
    char name[COLEY_CODEGEN_NAME];
    for (size_t i = 0; i < n; i++) {
        coley_codegen_result(code, first + i, name);
        coley_text_addf(text, "        ST(%s, %zu, %s);\n", to, i, name);
    }
}

#define COLUMN   "const double *restrict "
#define LANES_DO "    for (int l = 0; l < 8; l += LANES) {\n"
#define DONE     "    }\n}\n"

coley_status coley_native_source(coley_arena *arena, const coley_program *program, const coley_sha256 *key,
                                 coley_text *source, coley_error *err)
{
    const coley_program_layout layout = coley_program_layout_of(program);
    const size_t n = layout.n_states, n_values = coley_program_jacobian_count(program);
    const coley_sparse_lu *lu;
    COLEY_TRY(coley_sparse_lu_analyse(arena, n, coley_program_jacobian_row_start(program),
                                      coley_program_jacobian_column(program), &lu, err));
    const size_t most =
        layout.rhs->n + layout.jacobian->n + coley_sparse_lu_factor_work(lu) + coley_sparse_lu_count(lu);
    if (most > MOST_OPERATIONS)
        return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED,
                          "the model has %zu operations, more than the %d that are compiled; run it without --native",
                          most, (int)MOST_OPERATIONS);
    writer w = {.text = source, .uses_time = coley_program_uses_time(program)};
    coley_text_addf(source,
                    "/* Written by Coley from a model; compile with -O3 -ffp-contract=off -fno-math-errno. */\n");
    coley_codegen_preamble(source);
    coley_text_addf(
        source,
        "FN M is_pivot(V x, V from)\n"
        "{\n"
        "    const V a = size(x);\n"
        "    return (a > BITS(%#llx) * size(from)) & (a > BITS(0x10000000000000)) & (a < BITS(0x7fefffffffffffff));\n"
        "}\n"
        "const char coley_native_key[] = \"%s\";\n\n",
        (unsigned long long)coley_sparse_lu_pivot_lost_bits(), key->hex);

    coley_text_addf(source,
                    "void coley_native_rhs(const F *f, " COLUMN "w, " COLUMN "t, " COLUMN "y, double *restrict dy)\n"
                    "{\n    (void)f, (void)t;\n" LANES_DO);
    if (!(w.code = coley_codegen_begin(arena, program, layout.rhs, source))) return COLEY_FAIL_MEMORY(err);
    coley_codegen_calls(w.code);
    write_results(w.code, 0, n, "dy", source);
    coley_text_addf(source, DONE "\n");

    coley_text_addf(source,
                    "void coley_native_factor(const F *f, " COLUMN "w, " COLUMN "t, " COLUMN "y, " COLUMN "s,\n"
                    "                         double *restrict g, double *restrict bad, double *restrict dfdt)\n"
                    "{\n    (void)f, (void)t, (void)dfdt;\n" LANES_DO);
    if (!(w.code = coley_codegen_begin(arena, program, layout.jacobian, source))) return COLEY_FAIL_MEMORY(err);
    coley_codegen_calls(w.code);
    coley_sparse_lu_write_factor(lu, write_value, &w, source);
    coley_text_addf(source, "        ST(bad, 0, lost);\n");
    if (w.uses_time) write_results(w.code, n_values, n, "dfdt", source);
    coley_text_addf(source, DONE "\n");

    coley_text_addf(source,
                    "void coley_native_stage(const F *f, " COLUMN "w, " COLUMN "t, " COLUMN "y, " COLUMN "sum,\n"
                    "                        " COLUMN "g, double *restrict u)\n"
                    "{\n    (void)f, (void)t;\n" LANES_DO);
    if (!(w.code = coley_codegen_begin(arena, program, layout.rhs, source))) return COLEY_FAIL_MEMORY(err);
    coley_codegen_calls(w.code);
    coley_sparse_lu_write_solve(lu, write_right_side, &w, source);
    coley_text_addf(source, DONE "\n");

    coley_text_addf(source, "#if defined(COLEY_ONE_LANE)\nvoid coley_native_jacobian(const F *f, " COLUMN "w, " COLUMN
                            "t, " COLUMN "y, double *restrict jacobian)\n{\n    (void)f, (void)t;\n" LANES_DO);
    if (!(w.code = coley_codegen_begin(arena, program, layout.jacobian, source))) return COLEY_FAIL_MEMORY(err);
    coley_codegen_calls(w.code);
    write_results(w.code, 0, n_values, "jacobian", source);
    coley_text_addf(source, DONE "#endif\n\n");

    coley_text_addf(source, "void coley_native_solve(" COLUMN "g, double *restrict u)\n{\n" LANES_DO);
    coley_sparse_lu_write_solve(lu, write_given, NULL, source);
    coley_text_addf(source, DONE);
    return source->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

const char *coley_native_isa_name(coley_isa isa)
{
    static const char *const name[COLEY_ISA_COUNT] = {"portable", "avx2", "avx512"};
    return name[isa];
}

const char *const *coley_native_isa_options(coley_isa isa)
{
    static const char *const options[COLEY_ISA_COUNT][4] = {
        {NULL}, {"-mavx2", "-mfma", NULL}, {"-mavx512f", "-mavx512dq", "-mprefer-vector-width=512", NULL}};
    return options[isa];
}

const char *coley_native_file(coley_arena *arena, const char *folder, const coley_sha256 *key, coley_isa isa)
{
    return coley_arena_printf(arena, "%s/%.32s-%s.so", folder, key->hex, coley_native_isa_name(isa));
}

/* The address of a function, through a copy: C has no cast for it. */
static int find(void *module, const char *name, void *function)
{
    void *at = dlsym(module, name);
    memcpy(function, &at, sizeof at);
    return at != NULL;
}

coley_status coley_native_open(coley_arena *arena, const char *file, const coley_sha256 *key,
                               const coley_native **native, coley_error *err)
{
    coley_native *n = COLEY_NEW(arena, coley_native, 1);
    if (!n) return COLEY_FAIL_MEMORY(err);
    void *module = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!module) return COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.file = file}, "%s", dlerror());
    const char *name = dlsym(module, "coley_native_key");
    if (!name || strcmp(name, key->hex) != 0 || !find(module, "coley_native_rhs", &n->rhs) ||
        !find(module, "coley_native_factor", &n->factor) || !find(module, "coley_native_stage", &n->stage) ||
        !find(module, "coley_native_solve", &n->solve)) {
        dlclose(module);
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.file = file}, "is not this model's code; remove it");
    }
    n->function = coley_tape_best()->function;
    *native = n;
    return COLEY_OK;
}

const coley_native *coley_native_find(coley_arena *arena, const coley_program *program)
{
    const char *chosen = getenv("COLEY_NATIVE");
    const char *const folder[] = {chosen && *chosen ? chosen : COLEY_BUILT_NATIVE, COLEY_INSTALL_NATIVE};
    coley_sha256 key;
    if (coley_program_state_count(program) == 0 || (chosen && strcmp(chosen, "off") == 0) ||
        coley_native_key(arena, program, &key, NULL) != COLEY_OK)
        return NULL;
    for (size_t i = 0; i < (chosen && *chosen ? 1 : 2); i++) {
        const coley_native *native = NULL;
        const char *file = coley_native_file(arena, folder[i], &key, coley_isa_best());
        if (!file || access(file, R_OK) != 0) continue;
        if (coley_native_open(arena, file, &key, &native, NULL) == COLEY_OK) return native;
    }
    return NULL;
}
