/* SPDX-License-Identifier: GPL-3.0-or-later */
/* yaml_edit.h -- a YAML text with some of its keys set to other values. */
#ifndef COLEY_STUDIO_YAML_EDIT_H
#define COLEY_STUDIO_YAML_EDIT_H

#include "base/alloc.h"
#include "base/status.h"

typedef struct coley_yaml_change {
    const char *key;   /* "patient.tmb": maps that are not there are made */
    const char *value; /* as YAML text, "8 1/Mb"; NULL: the key is taken out */
} coley_yaml_change;

/* Comments are lost. The text must be a map. `edited` is owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_yaml_edit(coley_arena *arena, const char *text, size_t length,
                                              const coley_yaml_change *change, size_t n, char **edited,
                                              coley_error *err);

#endif
