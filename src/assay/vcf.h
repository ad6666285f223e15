/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vcf.h -- the reader of VCF, and of BCF as lines.h writes it out; it counts into a report of tmb.h.
 *
 * Text is read where it lies: only the columns, tags and samples that a rule asks for are looked at. */
#ifndef COLEY_ASSAY_VCF_H
#define COLEY_ASSAY_VCF_H

#include "assay/tmb.h"

/* Count a VCF whose first line was read. */
COLEY_MUST_CHECK coley_status coley_vcf_count(coley_arena *arena, coley_lines *lines, coley_tmb_report *report,
                                              coley_error *err);

/* Which of the header's samples is the tumour? The column from 0, and why; -1: nobody can say, ask. `header` holds the
 * header's ## lines that speak of samples, one after another, or NULL. */
int coley_vcf_tumour(size_t n, const char *const *sample, const char *header, const char **why);

#endif
