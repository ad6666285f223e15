/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stays.h -- what a browser sends may name files beside itself, nothing else of this machine. */
#ifndef COLEY_STUDIO_STAYS_H
#define COLEY_STUDIO_STAYS_H

#include "base/alloc.h"
#include "base/status.h"

/* 0 for a text that as a path would lead out of its folder: absolute, at somebody's home, or upwards. */
int coley_text_stays(const char *text);

/* Fail at the first text of a YAML document that doesn't stay, but for a file right in the folder `uploads` (an
 * absolute path; NULL: there is none). A document that can't be read is let through: whoever reads it next says why. */
COLEY_MUST_CHECK coley_status coley_document_stays(coley_arena *arena, const char *name, const char *uploads,
                                                   const char *bytes, size_t length, coley_error *err);

#endif
