/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_search_files.h -- a search as files, and an interrupted one taken up again.
 *
 *   evaluations.csv  a row a design: parameters, endpoints, utility with its error
 *   replicates.csv   the utility of each design in each replicate of the people
 *   summary.json     the optimum      report.html      search.json (only while it runs: what the search was) */
#ifndef COLEY_RUN_TRIAL_SEARCH_FILES_H
#define COLEY_RUN_TRIAL_SEARCH_FILES_H

#include "run/trial_search.h"

/* A hash of what a search or an analysis follows from, but for how long it goes on. */
COLEY_MUST_CHECK coley_status coley_search_hash(coley_arena *arena, const char *file, const coley_space *space,
                                                char hex[65], coley_error *err);

/* The folder's file `mark` holds that hash. */
COLEY_MUST_CHECK coley_status coley_search_same(coley_arena *arena, const char *folder, const char *mark,
                                                const char *fingerprint, coley_error *err);

/* Write the designs tried so far into a folder that is there. */
COLEY_MUST_CHECK coley_status coley_search_save(coley_arena *arena, const coley_search *search, const char *folder,
                                                const char *fingerprint, coley_error *err);

/* Read them back; `mark` is the file with the fingerprint. */
COLEY_MUST_CHECK coley_status coley_search_restore(coley_arena *arena, coley_search *search, const char *folder,
                                                   const char *mark, const char *fingerprint, coley_error *err);

void coley_search_evaluations(const coley_search *search, coley_text *out);
void coley_search_replicates(const coley_search *search, coley_text *out);
void coley_search_summary(const coley_search *search, const char *fingerprint, coley_text *out);
void coley_search_words(coley_arena *arena, const coley_search *search, coley_text *out);
COLEY_MUST_CHECK coley_status coley_search_page(coley_arena *arena, const coley_search *search, coley_text *out,
                                                coley_error *err);

#endif
