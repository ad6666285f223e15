/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder.h -- a folder of results that appears whole or not at all.
 *
 * The files go to a new folder beside it, which takes the name in one step at the end. Whatever fails before that, a
 * full disk included, leaves what was there as it was. */
#ifndef COLEY_IO_FOLDER_H
#define COLEY_IO_FOLDER_H

#include <stddef.h>

#include "base/alloc.h"
#include "base/status.h"

typedef struct coley_folder_file {
    const char *name; /* without any '/' */
    const char *bytes;
    size_t length;
} coley_folder_file;

/* May results be written there? An empty or absent folder may be taken. One with files only with `force`, and only when
 * it holds a file called `mark`, as our own folders do: nothing of somebody else's is ever removed. */
COLEY_MUST_CHECK coley_status coley_folder_check(const char *path, const char *mark, int force, coley_error *err);

/* Write n files as that folder; the folder that stood there is gone afterwards. */
COLEY_MUST_CHECK coley_status coley_folder_write(coley_arena *arena, const char *path, const coley_folder_file *file,
                                                 size_t n, const char *mark, int force, coley_error *err);

/* Give a folder that was written piece by piece, `made`, the name `path`; what stood there is gone afterwards. */
COLEY_MUST_CHECK coley_status coley_folder_take(const char *made, const char *path, const char *mark, int force,
                                                coley_error *err);

/* True for a folder of ours: files only, `mark` among them. */
int coley_folder_is_ours(const char *path, const char *mark);

/* Remove a folder of ours, or an empty one; any other is left alone. */
void coley_folder_remove(const char *path, const char *mark);

#endif
