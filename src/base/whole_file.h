/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole_file.h -- a file written piece by piece that takes its name only when it is whole.
 *
 * The pieces go to a temporary name beside it; `keep` flushes them to the disk and renames. Whatever happens before,
 * a full disk or a kill included, a reader never sees half of it and what stood there stays. */
#ifndef COLEY_BASE_WHOLE_FILE_H
#define COLEY_BASE_WHOLE_FILE_H

#include <stddef.h>

#include "base/status.h"

typedef struct coley_whole_file {
    int fd;
    int failure; /* errno of the first failure; later pieces are dropped */
    size_t n;    /* bytes waiting */
    char path[4096], temporary[4096 + 32], waiting[65536];
} coley_whole_file;

COLEY_MUST_CHECK coley_status coley_whole_file_open(coley_whole_file *file, const char *path, coley_error *err);

void coley_whole_file_put(coley_whole_file *file, const void *bytes, size_t length);

/* Give it its name; on any failure so far nothing is left behind. The file is closed either way. */
COLEY_MUST_CHECK coley_status coley_whole_file_keep(coley_whole_file *file, coley_error *err);

/* Give it up and leave nothing behind. */
void coley_whole_file_drop(coley_whole_file *file);

#endif
