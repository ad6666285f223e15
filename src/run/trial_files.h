/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_files.h -- a trial as files: data sets in the manner of ADaM (CDISC Analysis Data Model; the names of variables
 * are its own where it has one), and a summary as JSON.
 *
 *   adsl.csv   a row a person            adtr.csv   a row a person and scan: sums of diameters
 *   adrs.csv   responses, scan by scan, and the best      adtte.csv  a row a person and endpoint
 *   adae.csv   a row a person and kind of side effect     summary.json
 *
 * Days count from 1, the day of the first dose, as in ADaM; times to an event are in days from 0. */
#ifndef COLEY_RUN_TRIAL_FILES_H
#define COLEY_RUN_TRIAL_FILES_H

#include "run/trial_result.h"

enum { COLEY_TRIAL_FILES = 5 };
extern const char *const coley_trial_file_name[COLEY_TRIAL_FILES]; /* "adsl.csv", ... */

/* The i-th data set. What was not measured is an empty cell. */
void coley_trial_data_set(const coley_trial *trial, size_t i, coley_text *out);

void coley_trial_summary(const coley_trial_result *result, coley_text *out);

/* Figures of a comparison as a list in `emit`. */
void coley_trial_emit_comparisons(const coley_trial_result *result, coley_emit *emit);

#endif
