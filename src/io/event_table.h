/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_table.h -- records of doses and observations as NONMEM, mrgsolve and rxode2 have them: ID, TIME, AMT, RATE, II,
 * ADDL, SS, EVID, CMT, DV, MDV, and other columns beside them. Names of columns in capitals or not.
 *
 * '.' and an empty field are missing. Records of one time keep the order of the file. A head may name a unit: `TIME
 * [h]`, `RATE [mg/h]`. Without one, a patient's table is in days and mg, a model's in the model's own units. */
#ifndef COLEY_IO_EVENT_TABLE_H
#define COLEY_IO_EVENT_TABLE_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

enum { COLEY_EVENT_TABLE_MAX_DOSES = 1000000 };

typedef enum coley_event_table_kind {
    COLEY_EVENTS_OF_PATIENT, /* numbers become days and mg; no steady state and no reset; DV and MDV are left alone */
    COLEY_EVENTS_OF_MODEL,   /* numbers stay as they are, with the units of the heads beside them */
} coley_event_table_kind;

typedef enum coley_evid {
    COLEY_EVID_OBSERVATION = 0,
    COLEY_EVID_DOSE = 1,
    COLEY_EVID_OTHER = 2,
    COLEY_EVID_RESET = 3,
    COLEY_EVID_RESET_AND_DOSE = 4,
    COLEY_EVID_REPLACE = 8, /* AMT takes the place of what is in CMT (mrgsolve) */
} coley_evid;

typedef struct coley_event_record {
    const char *id;     /* "" when the table has no ID column */
    double time;        /* [day] in a patient's table; else as written, and so below */
    double amount;      /* [mg]; 0 unless a dose */
    double rate;        /* [mg/day]; 0: all at once */
    double interval;    /* II [day] */
    int64_t additional; /* ADDL: doses that follow, one an interval */
    int steady;         /* SS: 0, 1 or 2. With rate > 0, amount = 0 and interval = 0: an infusion without end */
    coley_evid evid;
    int has_dv;               /* DV is there, and MDV does not say that it is missing */
    double dv;                /* as written */
    const char *compartment;  /* CMT as written: a name or a number; "" when missing */
    const char *const *other; /* [n_other] cells as written; "" when missing */
    int line;
} coley_event_record;

typedef struct coley_event_table {
    const char *file;
    size_t n;
    coley_event_record *row; /* in the order of the file; the times of one ID never go back */
    /* Units that the heads name, or NULL; converted already in a patient's table. */
    const char *time_unit, *amount_unit, *rate_unit, *interval_unit;
    int has_id;
    size_t n_other; /* columns that are none of the above */
    const char *const *other_name, *const *other_unit;
} coley_event_table;

/* One dose that is really given. */
typedef struct coley_event_dose {
    double time_day, amount_mg, duration_day;
    const char *id, *drug;
    int line;
} coley_event_dose;

COLEY_MUST_CHECK coley_status coley_event_table_parse(coley_arena *arena, coley_event_table_kind kind, const char *name,
                                                      const char *bytes, size_t length, coley_event_table *table,
                                                      coley_error *err);
COLEY_MUST_CHECK coley_status coley_event_table_load(coley_arena *arena, coley_event_table_kind kind, const char *path,
                                                     coley_event_table *table, coley_error *err);

/* Of a patient's table: the doses of one person (NULL: of everybody) before `until_day`, ADDL written out, by time; at
 * one time in the order of the file. */
COLEY_MUST_CHECK coley_status coley_event_table_doses(coley_arena *arena, const coley_event_table *table,
                                                      const char *id, double until_day, coley_event_dose **dose,
                                                      size_t *n, coley_error *err);

#endif
