/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curves.h -- a file of tests/data/km as columns, with a stratum and a covariate made up from the row number. */
#ifndef COLEY_TESTS_CURVES_H
#define COLEY_TESTS_CURVES_H

#include <stdio.h>
#include <stdlib.h>

#include <string.h>

#include "io/csv.h"
#include "math/survival.h"

enum { CURVES_MOST = 1000 };

typedef struct curves {
    size_t n;
    double time[CURVES_MOST], x[CURVES_MOST], age[CURVES_MOST], product[CURVES_MOST];
    int event[CURVES_MOST], arm[CURVES_MOST], stratum[CURVES_MOST];
} curves;

static inline void curves_read(coley_arena *arena, const char *name, const char *control, curves *c)
{
    char path[512];
    coley_csv csv;
    coley_error err = {0};
    snprintf(path, sizeof path, COLEY_SOURCE_DIR "/tests/data/km/%s.csv", name);
    if (coley_csv_read(arena, path, &csv, &err) != COLEY_OK || csv.n_rows > CURVES_MOST) {
        printf("# %s: %s\n", path, err.text);
        exit(1);
    }
    c->n = csv.n_rows;
    for (size_t i = 0; i < c->n; i++) {
        c->time[i] = strtod(coley_csv_cell(&csv, i, coley_csv_column(&csv, "time")), NULL);
        c->event[i] = atoi(coley_csv_cell(&csv, i, coley_csv_column(&csv, "event")));
        c->arm[i] = strcmp(coley_csv_cell(&csv, i, coley_csv_column(&csv, "arm")), control) != 0;
        c->stratum[i] = (int)(i % 3);
        c->x[i] = c->arm[i];
        c->age[i] = 40 + (double)(i * 7 % 31);
        c->product[i] = c->x[i] * c->age[i];
    }
}

static inline coley_survival_input curves_input(const curves *c, int stratified)
{
    return (coley_survival_input){.n = c->n,
                                  .time = c->time,
                                  .event = c->event,
                                  .arm = c->arm,
                                  .n_arms = 2,
                                  .stratum = stratified ? c->stratum : NULL,
                                  .n_strata = stratified ? 3 : 1};
}

#endif
