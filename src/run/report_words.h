/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_words.h -- what the page, the terminal and summary.json all say of a course: short names, key numbers. */
#ifndef COLEY_RUN_REPORT_WORDS_H
#define COLEY_RUN_REPORT_WORDS_H

#include "run/course.h"

/* "PR", "iUPD", and the class of the page's style that colours it. */
const char *coley_report_response_short(coley_response response);
const char *coley_report_iresponse_short(coley_iresponse response);
const char *coley_report_response_style(coley_response response);
const char *coley_report_iresponse_style(coley_iresponse response);

/* The visit with the smallest, the largest and the last sum of diameters; NULL when none was evaluable. */
const coley_assessment *coley_report_smallest(const coley_response_report *response);
const coley_assessment *coley_report_largest(const coley_response_report *response);
const coley_assessment *coley_report_last(const coley_response_report *response);

/* Days with measurements, ascending, without repeats; NULL when there is no memory. */
double *coley_report_scan_days(coley_arena *arena, const coley_lesion_table *table, size_t *n);

/* The lesion's size on that day [mm]: NaN when it was not measured then, 5 when too small, 0 when gone. */
double coley_report_diameter(const coley_lesion_table *table, size_t lesion, double day);

/* The sum over the target lesions as RECIST takes it; NaN unless every one was measured. */
double coley_report_sum(const coley_course *course, double day);

#endif
