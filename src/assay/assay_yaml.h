/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_yaml.h -- inside src/assay: reading lists of YAML rows with named texts. */
#ifndef COLEY_ASSAY_ASSAY_YAML_H
#define COLEY_ASSAY_ASSAY_YAML_H

#include "base/yaml.h"

/* The text of a key that must be there. */
COLEY_MUST_CHECK coley_status coley_assay_text(const coley_yaml *map, const char *key, const char **text,
                                               coley_error *err);
/* The number of a key that must be there, in `unit` ("1": none). */
COLEY_MUST_CHECK coley_status coley_assay_number(const coley_yaml *map, const char *key, const char *unit, double low,
                                                 double high, double *value, coley_error *err);
/* Types of cells: a list of names as bits. */
COLEY_MUST_CHECK coley_status coley_assay_types(const coley_yaml *map, const char *key, unsigned *types,
                                                coley_error *err);
/* The list of a key, which must have an entry. */
COLEY_MUST_CHECK coley_status coley_assay_list(const coley_yaml *map, const char *key, const coley_yaml **list,
                                               coley_error *err);

#endif
