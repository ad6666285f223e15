/* SPDX-License-Identifier: GPL-3.0-or-later */
/* neoantigen_report.h -- neoantigen load for people and as JSON. */
#ifndef COLEY_RUN_NEOANTIGEN_REPORT_H
#define COLEY_RUN_NEOANTIGEN_REPORT_H

#include "assay/neoantigen.h"
#include "io/emit.h"

void coley_neoantigen_words(const coley_tmb *tmb, const coley_neoantigens *found, const coley_neoantigen_facts *facts,
                            coley_text *out);
void coley_neoantigen_emit(const coley_neoantigens *found, const coley_neoantigen_facts *facts, const char *key,
                           coley_emit *emit);

#endif
