/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_table.h -- dosing records as NONMEM, mrgsolve and rxode2 have them: ID, TIME, AMT, RATE, II, ADDL, SS, EVID,
 * CMT.
 *
 * '.' and an empty field are missing. Records of one time keep the order of the file. TIME and II are in days, AMT in
 * mg and RATE in mg/day, unless the column's head names another unit: `TIME [h]`, `RATE [mg/h]`. Other columns (DV,
 * covariates) are left alone. */
#ifndef COLEY_IO_EVENT_TABLE_H
#define COLEY_IO_EVENT_TABLE_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

typedef enum coley_evid {
    COLEY_EVID_OBSERVATION = 0,
    COLEY_EVID_DOSE = 1,
    COLEY_EVID_OTHER = 2,
    COLEY_EVID_RESET = 3,
    COLEY_EVID_RESET_AND_DOSE = 4,
} coley_evid;

typedef struct coley_event_record {
    const char *id; /* "" when the table has no ID column */
    double time_day;
    double amount_mg;       /* 0 unless a dose */
    double rate_mg_per_day; /* 0: all at once */
    double interval_day;    /* II */
    int64_t additional;     /* ADDL: doses that follow, one an interval */
    coley_evid evid;
    const char *compartment; /* CMT as written: a drug's name; "" when missing */
    int line;
} coley_event_record;

typedef struct coley_event_table {
    size_t n;
    coley_event_record *row; /* in the order of the file; the times of one ID never go back */
} coley_event_table;

/* One dose that is really given. */
typedef struct coley_event_dose {
    double time_day, amount_mg, duration_day;
    const char *id, *drug;
    int line;
} coley_event_dose;

COLEY_MUST_CHECK coley_status coley_event_table_parse(coley_arena *arena, const char *name, const char *bytes,
                                                      size_t length, coley_event_table *table, coley_error *err);
COLEY_MUST_CHECK coley_status coley_event_table_load(coley_arena *arena, const char *path, coley_event_table *table,
                                                     coley_error *err);

/* The doses of one person (NULL: of everybody) before `until_day`, ADDL written out, by time; at one time in the order
 * of the file. */
COLEY_MUST_CHECK coley_status coley_event_table_doses(coley_arena *arena, const coley_event_table *table,
                                                      const char *id, double until_day, coley_event_dose **dose,
                                                      size_t *n, coley_error *err);

#endif
