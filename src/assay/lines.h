/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lines.h -- a text file of any size, line after line: plain, gzip, bgzip, or BCF written out as VCF; by HTSlib.
 *
 * Files of this machine only: an address (http, ftp, s3, ...) is refused. A bgzip file that was cut is an error. Memory
 * does not grow with the file. */
#ifndef COLEY_ASSAY_LINES_H
#define COLEY_ASSAY_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/status.h"

typedef struct coley_lines coley_lines;

/* Open a file; "-" is standard input. Owned by `arena`, but close it. */
COLEY_MUST_CHECK coley_status coley_lines_open(coley_arena *arena, const char *path, coley_lines **lines,
                                               coley_error *err);

/* Lines of bytes in memory; they are copied. */
COLEY_MUST_CHECK coley_status coley_lines_of_bytes(coley_arena *arena, const char *name, const char *bytes,
                                                   size_t length, coley_lines **lines, coley_error *err);

/* The next line without its end, terminated, in a buffer that may be changed and is good until the next call; NULL
 * after the last. Bytes of value 0 inside a line are an error. */
COLEY_MUST_CHECK coley_status coley_lines_next(coley_lines *lines, char **line, size_t *length, coley_error *err);

void coley_lines_close(coley_lines *lines);

/* For messages: the file and the number of the line that was read last. */
coley_place coley_lines_place(const coley_lines *lines);

/* True for an address or anything else that is not a path on this machine. */
int coley_path_is_remote(const char *path);

#endif
