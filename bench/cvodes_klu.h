/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cvodes_klu.h -- CVODES (SUNDIALS) at its best on one person of a cohort: BDF, KLU, the analytic Jacobian, right-hand
 * side and Jacobian as C compiled with -O3 -march=native, restarted at every dose; nothing is made anew between people.
 */
#ifndef COLEY_BENCH_CVODES_KLU_H
#define COLEY_BENCH_CVODES_KLU_H

#include <cvodes/cvodes.h>
#include <dlfcn.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>
#include <unistd.h>

#include "solve/native.h"
#include "support/solving.h"

typedef struct klu_twin {
    const coley_system *system;
    coley_arena *arena;
    double *wide, *work, *inputs, *y8, *one;
    void (*rhs)(const coley_tape_function *f, const double *w, const double *t, const double *y, double *dy);
    void (*jacobian)(const coley_tape_function *f, const double *w, const double *t, const double *y, double *values);
    coley_tape_function function[COLEY_TAPE_OP_COUNT];
    SUNContext context;
    N_Vector y;
    SUNMatrix matrix;
    SUNLinearSolver solver;
    void *cv;
} klu_twin;

/* The C library's own functions, one number at a time. */
#define KLU_FUNCTION(name, value)                                                                                      \
    static inline void klu_##name(size_t n, double *to, const double *a, const double *b)                              \
    {                                                                                                                  \
        (void)n, (void)b;                                                                                              \
        *to = value;                                                                                                   \
    }
KLU_FUNCTION(exp, exp(*a))
KLU_FUNCTION(exp2, exp2(*a))
KLU_FUNCTION(log, log(*a))
KLU_FUNCTION(pow, *b == 2.0 ? *a * *a : pow(*a, *b))

static inline int klu_rhs(double t, N_Vector y, N_Vector dy, void *self)
{
    klu_twin *w = self;
    w->rhs(w->function, w->work, &t, N_VGetArrayPointer(y), N_VGetArrayPointer(dy));
    return 0;
}

static inline int klu_jacobian(double t, N_Vector y, N_Vector dy, SUNMatrix J, void *self, N_Vector a, N_Vector b,
                               N_Vector c)
{
    klu_twin *w = self;
    (void)dy, (void)a, (void)b, (void)c;
    const size_t n = w->system->n;
    for (size_t i = 0; i <= n; i++) SUNSparseMatrix_IndexPointers(J)[i] = w->system->row_start[i];
    for (int32_t k = 0; k < w->system->row_start[n]; k++) SUNSparseMatrix_IndexValues(J)[k] = w->system->column[k];
    w->jacobian(w->function, w->work, &t, N_VGetArrayPointer(y), SUNSparseMatrix_Data(J));
    return 0;
}

/* False when there is no compiler. */
static inline int klu_twin_create(klu_twin *w, const solving *m)
{
    coley_error err = {0};
    coley_sha256 key = {{0}};
    char path[] = "/tmp/coley-bench-XXXXXX", command[400];
    *w = (klu_twin){.system = &m->system, .arena = coley_arena_create()};
    coley_text source = {.arena = w->arena};
    if (!mkdtemp(path) || coley_native_source(w->arena, m->program, &key, &source, &err) != COLEY_OK) return 0;
    const char *code = coley_arena_printf(w->arena, "%s/rhs.c", path),
               *made = coley_arena_printf(w->arena, "%s/rhs.so", path);
    snprintf(command, sizeof command, "cc -shared -fPIC -O3 -march=native -w -DCOLEY_ONE_LANE -o %s %s", made, code);
    if (coley_file_write(code, source.data, source.length, &err) != COLEY_OK || system(command) != 0) return 0;
    void *module = dlopen(made, RTLD_NOW);
    if (!module) return 0;
    unlink(code), unlink(made), rmdir(path);
    *(void **)&w->rhs = dlsym(module, "coley_native_rhs");
    *(void **)&w->jacobian = dlsym(module, "coley_native_jacobian");
    w->function[COLEY_OP_EXP] = klu_exp, w->function[COLEY_TAPE_EXP2] = klu_exp2;
    w->function[COLEY_OP_LOG] = klu_log, w->function[COLEY_OP_POW] = klu_pow;
    const size_t n = m->system.n, size = m->system.work_size(m->system.self, COLEY_LANES);
    w->wide = coley_arena_alloc(w->arena, size);
    w->work = coley_arena_alloc(w->arena, size / COLEY_LANES);
    w->inputs = COLEY_NEW(w->arena, double, m->system.n_inputs *COLEY_LANES);
    w->one = COLEY_NEW(w->arena, double, m->system.n_inputs);
    w->y8 = COLEY_NEW(w->arena, double, n *COLEY_LANES);
    SUNContext_Create(NULL, &w->context);
    w->y = N_VNew_Serial((sunindextype)n, w->context);
    w->matrix = SUNSparseMatrix((sunindextype)n, (sunindextype)n, m->system.row_start[n], CSR_MAT, w->context);
    w->solver = SUNLinSol_KLU(w->y, w->matrix, w->context);
    w->cv = CVodeCreate(CV_BDF, w->context);
    return CVodeInit(w->cv, klu_rhs, 0, w->y) == 0 && CVodeSStolerances(w->cv, 1e-6, 1e-9) == 0 &&
           CVodeSetUserData(w->cv, w) == 0 && CVodeSetLinearSolver(w->cv, w->solver, w->matrix) == 0 &&
           CVodeSetJacFn(w->cv, klu_jacobian) == 0 && CVodeSetMaxNumSteps(w->cv, 10000000) == 0 &&
           CVodeSetMaxHnilWarns(w->cv, -1) == 0;
}

/* The whole course of one person with doses of an instant; samples go to the cohort's own function. Steps taken, or -1
 * when CVODES gave up. */
static inline long klu_run(klu_twin *w, const coley_cohort *c, size_t patient, double rtol, double atol)
{
    const coley_system *s = w->system;
    const coley_dose *dose = NULL;
    const size_t n_doses = c->doses(c->self, patient, &dose);
    double *at = N_VGetArrayPointer(w->y), t = c->t_start_day;
    long steps = 0, some = 0;
    c->inputs(c->self, patient, w->one);
    for (size_t i = 0; i < s->n_inputs * COLEY_LANES; i++) w->inputs[i] = w->one[i / COLEY_LANES];
    s->initial(s->self, COLEY_LANES, NULL, w->inputs, w->wide, w->y8);
    for (size_t i = 0; i < s->work_size(s->self, 1) / sizeof(double); i++) w->work[i] = w->wide[i * COLEY_LANES];
    for (size_t v = 0; v < s->n; v++) at[v] = w->y8[v * COLEY_LANES];
    CVodeSStolerances(w->cv, rtol, atol);
    for (size_t next_dose = 0, next_sample = 0;;) {
        for (; next_sample < c->n_samples && c->sample_day[next_sample] <= t; next_sample++)
            c->sample(c->self,
                      &(coley_sample){.patient = patient, .index = next_sample, .t_day = t, .value = at, .stride = 1});
        if (t >= c->t_end_day) return steps + some;
        if (t == c->t_start_day || (next_dose < n_doses && dose[next_dose].t_day <= t)) {
            for (; next_dose < n_doses && dose[next_dose].t_day <= t; next_dose++)
                at[dose[next_dose].state] += dose[next_dose].amount;
            steps += some;
            if (CVodeReInit(w->cv, t, w->y) != 0) return -1;
        }
        const double stop = next_dose < n_doses ? fmin(dose[next_dose].t_day, c->t_end_day) : c->t_end_day;
        CVodeSetStopTime(w->cv, stop);
        const double to = next_sample < c->n_samples ? fmin(stop, c->sample_day[next_sample]) : stop;
        if (CVode(w->cv, to, w->y, &t, CV_NORMAL) < 0) return -1;
        if (t > to - 1e-12 * (1 + fabs(to))) t = to;
        CVodeGetNumSteps(w->cv, &some);
    }
}

#endif
