/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drug_events.h -- side effects of a drug that no mechanism of the models makes: a table of how many people had each,
 * in a drug's file of the catalog.
 *
 * Shares are of people who were given the drug for `exposure_day`. Read as a constant hazard while it is given:
 * 1 - share = exp(-hazard x exposure). What an event is called stands in catalog/guidelines/adverse_events.yaml. */
#ifndef COLEY_CATALOG_DRUG_EVENTS_H
#define COLEY_CATALOG_DRUG_EVENTS_H

#include "base/yaml.h"
#include "catalog/catalog.h"

typedef struct coley_drug_event {
    const char *event;  /* a name of adverse_events.yaml */
    double any, severe; /* share of people with any grade, with grade 3 or 4 */
    double until_day;   /* comes within so long under the drug, or not at all; infinite: may come at any time */
    const coley_yaml *node;
} coley_drug_event;

typedef struct coley_drug_events {
    const coley_catalog_label *label; /* the dose that the people of the table got */
    double exposure_day;              /* for how long, median */
    double lasts_day;                 /* how long after a dose its events come */
    int by_dose;                      /* twice the amount is twice the hazard; else only time under the drug counts */
    const char *source, *note;        /* note: may be NULL */
    size_t n;
    const coley_drug_event *event; /* [n] */
} coley_drug_events;

/* `map` is what stands under `events`; NULL leaves *events NULL. */
COLEY_MUST_CHECK coley_status coley_drug_events_read(coley_arena *arena, const coley_yaml *map,
                                                     const coley_catalog_drug *drug, const coley_drug_events **events,
                                                     coley_error *err);

#endif
