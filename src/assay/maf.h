/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maf.h -- the reader of MAF files; it counts into a report of tmb.h. */
#ifndef COLEY_ASSAY_MAF_H
#define COLEY_ASSAY_MAF_H

#include "assay/tmb.h"

/* Count a MAF whose first line was read. */
COLEY_MUST_CHECK coley_status coley_maf_count(coley_arena *arena, coley_lines *lines, char *header, size_t length,
                                              coley_tmb_report *report, coley_error *err);

#endif
