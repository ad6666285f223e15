/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models as machine code: the bits of the vector program, on every instruction set; and where the code comes from. */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "solve/native_build.h"
#include "support/check.h"
#include "support/solving.h"

/* Every operation that a tape can have, time among them, and a stiff pair. */
static const char all_operations[] =
    "model m()\n"
    "  substanceOnly species A, B, C; A = 2; B = 5; C = 1; p = 1.5; n = 2.3; two = 2; k = 0.7; W = 3;\n"
    "  J1: A -> B; k*A^n/(1 + A^n + B^two) + 2^(A/W) - 1;\n"
    "  J2: B -> C; W*sqrt(B + 0.1)*ln(1 + C)*piecewise(k, B > 4 && A < 9 || !(C >= 1), 2*k);\n"
    "  J3: C -> ; C*(0.1*C^2 + max(C, 0.2)*min(A, 1)*abs(sin(time)) + p/(tanh(C) + 2)^1.5 + exp(-A) + A^0.3);\n"
    "  J4: A -> ; A*(1000*floor(1.5) - 990*ceil(0.3)) + cos(B) + tan(C/9)*asin(0.1) + acos(0.2)*atan(A) + sinh(C/9) "
    "+ cosh(B/9) - 2;\n"
    "  J5: -> A; 20 + piecewise(1, A <= B, 0) + piecewise(2, A == 3, B != 4, 1, 0);\n"
    "end\n";

static const char small[] = "substanceOnly species A; A = 1; k = 0.3; A -> ; k*A^1.5;\n";

static solved cohort_of(const solving *m, size_t n)
{
    static const double day[] = {0, 0.5, 1, 2.25, 3};
    solved s = solved_begin(m, n, 3, 5, day);
    s.spread = 0.3;
    s.n_spread = 1;
    return s;
}

static void compare(solving *m, const coley_native *native, solved (*cohort)(const solving *, size_t), const char *what)
{
    coley_error err = {0};
    for (int method = 0; method < 2; method++) {
        solved a = cohort(m, 11), b = cohort(m, 11);
        coley_integrator_options options = COLEY_INTEGRATOR_DEFAULT;
        options.method = (coley_method)method;
        m->system.native = NULL;
        CHECK(solved_run(&a, &options, &err) == COLEY_OK);
        if (err.text[0]) printf("# %s\n", err.text);
        m->system.native = native;
        options.n_threads = 2;
        CHECK(solved_run(&b, &options, &err) == COLEY_OK);
        const size_t size = 11 * a.cohort.n_samples * a.n_states * sizeof *a.value;
        CHECK(memcmp(a.value, b.value, size) == 0);
        if (memcmp(a.value, b.value, size) != 0) printf("# %s, method %d\n", what, method);
        CHECK(memcmp(a.result, b.result, 11 * sizeof *a.result) == 0);
    }
}

static char folder[] = "/tmp/coley-native-XXXXXX";

static size_t count_modules(const char *path)
{
    size_t n = 0;
    DIR *list = opendir(path);
    for (struct dirent *e; list && (e = readdir(list));) n += strstr(e->d_name, ".so") != NULL;
    if (list) closedir(list);
    return n;
}

static void every_instruction_set_gives_the_bits_of_the_vector_program(void)
{
    solving m = solving_of(all_operations, strlen(all_operations));
    coley_error err = {0};
    coley_sha256 key;
    coley_text source = {.arena = m.arena};
    CHECK(coley_native_key(m.arena, m.program, &key, &err) == COLEY_OK);
    CHECK(coley_native_source(m.arena, m.program, &key, &source, &err) == COLEY_OK);
    for (int isa = 0; isa <= (int)coley_isa_best(); isa++) {
        const char *file = coley_native_file(m.arena, folder, &key, (coley_isa)isa);
        const coley_native *native = NULL;
        coley_status status = coley_native_compile(m.arena, &source, (coley_isa)isa, "cc", file, &err);
        if (status == COLEY_OK) status = coley_native_open(m.arena, file, &key, &native, &err);
        if (status != COLEY_OK) printf("# %s\n", err.text);
        CHECK(status == COLEY_OK);
        if (status != COLEY_OK) continue;
        compare(&m, native, cohort_of, coley_native_isa_name((coley_isa)isa));
        coley_sha256 other = key;
        other.hex[3] ^= 1;
        CHECK(coley_native_open(m.arena, file, &other, &native, &err) == COLEY_ERR_IO);
        unlink(file);
    }
    coley_arena_destroy(m.arena);
}

static solved treated(const solving *m, size_t n)
{
    static coley_dose dose[2];
    static const double day[] = {0, 7, 14, 28, 42};
    for (int i = 0; i < 2; i++)
        dose[i] = (coley_dose){.t_day = 21.0 * i, .amount = 278.5, .state = (int32_t)solving_state(m, "V_C_nivolumab")};
    solved s = solved_begin(m, n, 42, 5, day);
    s.dose = dose;
    s.n_doses = 2;
    s.spread = 0.3;
    s.spread_input[s.n_spread++] = solving_input(m, "k_C1_growth");
    s.spread_input[s.n_spread++] = solving_input(m, "n_PD1"); /* exponents that differ from lane to lane */
    return s;
}

static void the_reference_model_is_built_with_coley(void)
{
    solving m = solving_file("models/reference/qspio_example1.ant");
    const coley_native *native = coley_native_find(m.arena, m.program);
    if (native)
        compare(&m, native, treated, "reference");
    else
        printf("# not built for this processor\n");
    setenv("COLEY_NATIVE", "off", 1);
    CHECK(!coley_native_find(m.arena, m.program));
    unsetenv("COLEY_NATIVE");
    coley_arena_destroy(m.arena);
}

static void a_users_model_is_compiled_once_and_kept(void)
{
    solving m = solving_of(small, strlen(small));
    coley_error err = {0};
    const coley_native *native = NULL;
    setenv("XDG_CACHE_HOME", folder, 1);
    const char *cache = coley_arena_printf(m.arena, "%s/coley/native", folder);
    setenv("CC", "/nowhere/cc", 1);
    CHECK(coley_native_make(m.arena, m.program, &native, &err) == COLEY_ERR_UNSUPPORTED);
    CHECK(strstr(err.text, "/nowhere/cc") && strstr(err.text, "without --native"));
    setenv("CC", "false", 1);
    CHECK(coley_native_make(m.arena, m.program, &native, &err) == COLEY_ERR_IO);
    unsetenv("CC");
    CHECK(count_modules(cache) == 0);
    CHECK(coley_native_make(m.arena, m.program, &native, &err) == COLEY_OK && count_modules(cache) == 1);
    struct stat info;
    CHECK(stat(cache, &info) == 0 && (info.st_mode & 0777) == 0700);
    setenv("PATH", "", 1); /* no compiler is needed any more */
    CHECK(coley_native_make(m.arena, m.program, &native, &err) == COLEY_OK && count_modules(cache) == 1);
    compare(&m, native, cohort_of, "cached");
    chmod(cache, 0777);
    CHECK(coley_native_make(m.arena, m.program, &native, &err) == COLEY_ERR_IO && strstr(err.text, "nobody else"));
    chmod(cache, 0700);
    for (size_t k = 1;; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        const coley_status status = arena ? coley_native_make(arena, m.program, &native, &err) : COLEY_ERR_MEMORY;
        coley_arena_destroy(arena);
        /* Where the code in the cache could not be looked at, there is no compiler to replace it. */
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY || status == COLEY_ERR_UNSUPPORTED || status == COLEY_ERR_IO);
    }
    coley_arena_destroy(m.arena);
}

static void remove_folder(void)
{
    char path[600];
    for (int depth = 2; depth >= 0; depth--) {
        static const char *const below[] = {"", "/coley", "/coley/native"};
        snprintf(path, sizeof path, "%s%s", folder, below[depth]);
        DIR *list = opendir(path);
        for (struct dirent *e; list && (e = readdir(list));) {
            snprintf(path, sizeof path, "%s%s/%s", folder, below[depth], e->d_name);
            if (e->d_name[0] != '.') remove(path);
        }
        if (list) closedir(list);
    }
    rmdir(folder);
}

int main(void)
{
    if (!mkdtemp(folder)) return 1;
    RUN(every_instruction_set_gives_the_bits_of_the_vector_program);
    RUN(the_reference_model_is_built_with_coley);
    RUN(a_users_model_is_compiled_once_and_kept);
    remove_folder();
    return check_done();
}
