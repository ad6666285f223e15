/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manifest.h -- manifest.json: which program, which inputs, which scenario, which seed gave which files. */
#ifndef COLEY_RUN_MANIFEST_H
#define COLEY_RUN_MANIFEST_H

#include "io/folder.h"
#include "run/record.h"

/* The manifest of n output files as JSON text. */
COLEY_MUST_CHECK coley_status coley_manifest_write(coley_arena *arena, const coley_course *course,
                                                   const coley_record_options *options, const coley_folder_file *file,
                                                   size_t n, coley_text *out, coley_error *err);

#endif
