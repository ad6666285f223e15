/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_parts.h -- what the two halves of the page share: the words and frame (report.c), the figures
 * (report_figures.c). */
#ifndef COLEY_RUN_REPORT_PARTS_H
#define COLEY_RUN_REPORT_PARTS_H

#include "run/report.h"

typedef struct coley_report_sheet {
    coley_arena *arena;
    const coley_course *course;
    const coley_scenario *scenario; /* or NULL */
    coley_text *out;
    double day_low, day_high;
    double *scan_day; /* of all measurements, ascending */
    size_t n_scans;
} coley_report_sheet;

/* The page's own shorthand: add printf text, add text that is not ours, make text that a figure keeps. What fails for
 * want of memory shows at the end, in out->failed. */
#define ADD(p, ...)   coley_text_addf((p)->out, __VA_ARGS__)
#define SAFE(p, text) coley_text_add_escaped((p)->out, (text) ? (text) : "")
#define NOTE(p, ...)  coley_report_note((p), coley_arena_printf((p)->arena, __VA_ARGS__))
const char *coley_report_note(coley_report_sheet *page, const char *text);
void *coley_report_room(coley_report_sheet *page, void *memory);

void coley_report_section_open(coley_report_sheet *page, const char *id, const char *title, const char *lead);
void coley_report_section_close(coley_report_sheet *page);

/* The menu's entries for the figures that this course has: ids and titles, at most 14; then the figures themselves. */
size_t coley_report_figures_menu(const coley_report_sheet *page, const char *id[], const char *title[]);
void coley_report_figures_add(coley_report_sheet *page);

/* Side effects and their care, of a course that has them. */
void coley_report_care_add(coley_report_sheet *page);

#endif
