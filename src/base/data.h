/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data.h -- where models/ and catalog/ are at run time.
 *
 * The first that exists of: the folder in the environment variable COLEY_DATA; share/coley beside the folder that the
 * running program is in; the source folder that the library was built from; the folder it was to be installed in. */
#ifndef COLEY_BASE_DATA_H
#define COLEY_BASE_DATA_H

#include "base/alloc.h"
#include "base/status.h"

/* Path of `name` ("models/patient", or "" for the folder itself), owned by `arena`. It fails when there is none, saying
 * where it looked. COLEY_DATA that is set but wrong is an error, not a reason to look elsewhere. */
COLEY_MUST_CHECK coley_status coley_data_path(coley_arena *arena, const char *name, const char **path,
                                              coley_error *err);

#endif
