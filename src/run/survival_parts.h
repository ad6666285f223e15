/* SPDX-License-Identifier: GPL-3.0-or-later */
/* survival_parts.h -- what survival_file.c finds and survival_print.c prints. */
#ifndef COLEY_RUN_SURVIVAL_PARTS_H
#define COLEY_RUN_SURVIVAL_PARTS_H

#include "math/competing.h"
#include "math/cure.h"
#include "math/forest.h"
#include "math/logrank.h"
#include "math/rmst.h"
#include "run/survival_file.h"

/* A weighted test with its name. */
typedef struct coley_survival_test {
    const char *name;
    coley_logrank result;
} coley_survival_test;

enum { COLEY_SURVIVAL_TESTS = 3, COLEY_SURVIVAL_CAUSES = 9 };

typedef struct coley_survival_cause {
    int cause;
    size_t events;
    coley_incidence incidence[COLEY_SURVIVAL_ARMS];
    coley_gray gray;
} coley_survival_cause;

/* Arms are sorted so that the control is 0. */
typedef struct coley_survival_analysis {
    const coley_survival_request *request;
    const char *source;
    size_t n, n_arms, n_strata;
    const char *arm[COLEY_SURVIVAL_ARMS];
    coley_survival survival;
    coley_km km[COLEY_SURVIVAL_ARMS], follow_up[COLEY_SURVIVAL_ARMS];
    coley_km_quantile median[COLEY_SURVIVAL_ARMS];
    coley_rmst mean[COLEY_SURVIVAL_ARMS];
    coley_cure cure[COLEY_SURVIVAL_ARMS];
    coley_survival_test test[COLEY_SURVIVAL_TESTS];
    coley_maxcombo combo; /* two arms */
    coley_cox cox;        /* arms but the control, then covariates */
    size_t n_times;
    double time[COLEY_SURVIVAL_TIMES];
    coley_forest forest; /* of the request's subgroups */
    double last, tau;    /* tau 0: there are no means */
    size_t n_causes;     /* none when there is one kind of event */
    coley_survival_cause *cause;
} coley_survival_analysis;

/* As the request's format says. */
COLEY_MUST_CHECK coley_status coley_survival_print(coley_arena *arena, const coley_survival_analysis *a,
                                                   coley_text *text, coley_error *err);

/* Days that a unit of time has. */
double coley_survival_unit_days(const char *unit);

#endif
