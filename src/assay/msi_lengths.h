/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_lengths.h -- a table of repeat lengths, so that the tests can be had without reads.
 *
 * Columns, parted by tabs: site, sample (tumour or normal), length, reads. Rows of one site stand together. */
#ifndef COLEY_ASSAY_MSI_LENGTHS_H
#define COLEY_ASSAY_MSI_LENGTHS_H

#include "assay/lines.h"
#include "assay/msi_count.h"

typedef struct coley_length_table {
    const char *file;
    size_t n, cap, cap_tumour, cap_normal;
    const char **name;
    coley_lengths *tumour, *normal;
} coley_length_table;

COLEY_MUST_CHECK coley_status coley_length_table_read(coley_arena *arena, const char *path, coley_length_table *table,
                                                      coley_error *err);
COLEY_MUST_CHECK coley_status coley_length_table_parse(coley_arena *arena, coley_lines *lines,
                                                       coley_length_table *table, coley_error *err);

#endif
