/* SPDX-License-Identifier: GPL-3.0-or-later */
/* facts.h -- numbers with their sources in the YAML files beside the mechanisms: {value, spread, source, note}. */
#ifndef COLEY_PATIENT_FACTS_H
#define COLEY_PATIENT_FACTS_H

#include "base/yaml.h"
#include "model/network.h"

typedef struct coley_fact {
    double value;
    coley_spread_kind spread; /* NONE unless the file has one */
    double a, b;
    coley_place place;
} coley_fact;

/* The entry `key` of a map, in `unit`, from low to high. One that is not there, has no source, or a key that nobody
 * reads is an error with its place. */
COLEY_MUST_CHECK coley_status coley_fact_read(const coley_yaml *map, const char *key, const char *unit, double low,
                                              double high, coley_fact *fact, coley_error *err);

#endif
