/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.h -- the frame of a self-contained page in the house's style: head, sections, tables, foot. */
#ifndef COLEY_RUN_PAGE_H
#define COLEY_RUN_PAGE_H

#include "base/text.h"

/* `brand` in small letters above the title; `doc` below it, or NULL; `notice` in a box. */
void coley_page_open(coley_text *out, const char *brand, const char *title, const char *doc, const char *notice);
void coley_page_close(coley_text *out, const char *foot);

void coley_page_section(coley_text *out, const char *title, const char *lead);
void coley_page_section_end(coley_text *out);

/* Heads and cells are escaped. */
void coley_page_table(coley_text *out, const char *const *heads, size_t n);
void coley_page_row(coley_text *out);
void coley_page_cell(coley_text *out, int head, const char *format, ...) __attribute__((format(printf, 3, 4)));
void coley_page_row_end(coley_text *out);
void coley_page_table_end(coley_text *out);

#endif
