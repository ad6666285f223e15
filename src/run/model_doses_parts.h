/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_doses_parts.h -- what model_doses.c finds out about a table and model_schedule.c makes schedules of. */
#ifndef COLEY_RUN_MODEL_DOSES_PARTS_H
#define COLEY_RUN_MODEL_DOSES_PARTS_H

#include <stdio.h>

#include "base/yaml.h"
#include "run/model_doses.h"

/* One ID: rows first .. first + n - 1. */
typedef struct doses_person {
    const char *id;
    size_t first, n;
} doses_person;

/* A lag or a bioavailability: the number, or the input that holds it. */
typedef struct doses_changer {
    int given;
    int32_t input; /* -1: value */
    double value;
} doses_changer;

/* How doses go into a state. */
typedef struct doses_state {
    int known; /* the factors are */
    int named; /* a record has it as CMT */
    double amount_factor, rate_factor;
    doses_changer lag, part;         /* part: bioavailability */
    int32_t lag_column, part_column; /* of the other columns, or -1; where the cell is not empty it goes first */
    double lag_column_factor, part_column_factor;
} doses_state;

typedef struct doses_covariate {
    size_t column;
    int32_t input;
    double factor;
    double *value; /* of each row, in the input's unit; NaN: missing in all of the person's rows */
} doses_covariate;

struct coley_model_doses {
    const coley_network *network;
    const coley_program *program;
    const coley_event_table *table;
    coley_carry carry;
    double time_factor, interval_factor;
    size_t n_people;
    doses_person *person;
    const doses_person **sorted; /* by ID */
    doses_state *state;          /* [states of the program] */
    int32_t *row_state;          /* [rows]: CMT, or -1 */
    size_t n_covariates;
    doses_covariate *covariate;
    unsigned char *ignored; /* [other columns] */
};

/* The record puts something into a state. */
static inline int coley_event_gives(const coley_event_record *row)
{
    return row->evid == COLEY_EVID_DOSE || row->evid == COLEY_EVID_RESET_AND_DOSE || row->evid == COLEY_EVID_REPLACE;
}

/* "ID '7'" and what follows; nothing of a table without ID. */
typedef struct doses_who {
    char text[80];
} doses_who;

static inline doses_who doses_who_is(const char *id, const char *then)
{
    doses_who who = {""};
    if (*id) snprintf(who.text, sizeof who.text, "ID %s%s", coley_quote_make(id).text, then);
    return who;
}

#endif
