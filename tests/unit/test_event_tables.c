/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of a drug's adverse events: what is read and what is refused; exposure and the day of an event. */
#include "catalog/drug_events.h"

#include <math.h>

#include "clinic/event_terms.h"
#include "run/trial_events.h"
#include "support/check.h"

static const char drug_head[] =
    "name: d\ndoc: d\nclass: taxane\ntarget: t\n"
    "label: [{name: d-75-q3w, dose: 75 mg/m2, every: 21 day, source: s}, {name: d-once, dose: 1 mg, cycles: 1, "
    "source: s}]\n";

static coley_status drug(coley_arena *arena, const char *events, coley_catalog_drug **d, coley_error *err)
{
    char text[1200];
    snprintf(text, sizeof text, "%s%s", drug_head, events);
    return coley_catalog_drug_parse(arena, "d.yaml", text, strlen(text), d, err);
}

static void refused(const char *events, const char *why)
{
    coley_arena *arena = coley_arena_create();
    coley_catalog_drug *d;
    coley_error err = {0};
    CHECK(drug(arena, events, &d, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, why);
    CHECK(err.line > 0);
    coley_arena_destroy(arena);
}

#define TABLE(rest) "events: {dose: d-75-q3w, exposure: 84 day, lasts: 21 day, scale: dose, source: s, " rest "}\n"

static void a_table_is_read_and_what_is_wrong_in_it_is_said_with_its_place(void)
{
    coley_arena *arena = coley_arena_create();
    coley_catalog_drug *d;
    coley_error err = {0};
    CHECK(
        !drug(arena,
              TABLE("list: [{event: nausea, any: 0.3, severe: 0.1, until: 42 day}, {event: fever, any: 0, severe: 0}]"),
              &d, &err));
    CHECK(d->events && d->events->n == 2 && d->events->by_dose && d->events->label == &d->label[0]);
    CHECK(d->events->event[0].until_day == 42 && isinf(d->events->event[1].until_day));
    CHECK(!drug(arena, "", &d, &err) && !d->events);
    coley_arena_destroy(arena);
    refused(TABLE("list: [{event: nausea, any: 0.1, severe: 0.3}]"), "0.3 is more than the 0.1");
    refused(TABLE("list: [{event: nausea, any: 1.2, severe: 0}]"), "1.2");
    refused(TABLE("list: [{event: nausea, any: 0.1, severe: 0}, {event: nausea, any: 0.1, severe: 0}]"), "twice");
    refused(TABLE("list: [{event: nausea, any: 0.1}]"), "'severe' is missing");
    refused(TABLE("list: [{event: nausea, any: 0.1, severe: 0, grade: 3}]"), "grade");
    refused("events: {dose: d-100, exposure: 84 day, lasts: 21 day, scale: dose, source: s, list: []}\n",
            "no dose under");
    refused("events: {dose: d-once, exposure: 84 day, lasts: 21 day, scale: dose, source: s, list: []}\n",
            "given once");
    refused("events: {dose: d-75-q3w, exposure: 84 day, lasts: 21 day, scale: weight, source: s, list: []}\n",
            "weight");
    refused("events: {dose: d-75-q3w, exposure: 84 day, lasts: 21 day, scale: dose, list: []}\n",
            "'source' is missing");
}

static void an_event_comes_when_the_exposure_has_reached_it(void)
{
    const coley_exposure piece[] = {{0, 21, 1}, {21, 42, 0.5}, {63, 84, 1}};
    CHECK(coley_exposure_day(3, piece, 0.1, INFINITY, 1) == 10);
    CHECK(coley_exposure_day(3, piece, 0.1, INFINITY, 2.1 + 0.5) == 21 + 10);
    CHECK(coley_exposure_day(3, piece, 0.1, INFINITY, 2.1 + 1.05 + 1) == 73); /* nothing counts in the gap */
    CHECK(isinf(coley_exposure_day(3, piece, 0.1, INFINITY, 6)));
    CHECK(isinf(coley_exposure_day(3, piece, 0.1, 9, 1))); /* comes in the first nine days or not at all */
    CHECK(isinf(coley_exposure_day(3, piece, 0, INFINITY, 1)) && isinf(coley_exposure_day(0, NULL, 0.1, INFINITY, 1)));
}

static coley_status terms(coley_arena *arena, const char *text, coley_event_terms *t, coley_error *err)
{
    const coley_yaml *root;
    const coley_status status = coley_yaml_parse(arena, "terms.yaml", text, strlen(text), &root, err);
    return status ? status : coley_event_terms_read(arena, root, t, err);
}

static void neutrophils_below_the_limits_of_ctcae_are_its_grades(void)
{
    coley_arena *arena = coley_arena_create();
    coley_event_terms t;
    coley_error err = {0};
    CHECK(!terms(arena,
                 "source: s\nevents:\n  neutropenia: {system: blood, words: w, symbol: ANC, source: s, found: 0.5, "
                 "below: {grade_1: 2, grade_2: 1.5, grade_3: 1, grade_4: 0.5}}\n"
                 "  alopecia: {system: skin, words: w, symbol: hair, source: s, below: {grade_1: 0.8}}\n",
                 &t, &err));
    static const double value[] = {2, 1.99, 1.49, 0.99, 0.49, NAN};
    static const int grade[] = {0, 1, 2, 3, 4, 0};
    for (size_t i = 0; i < 6; i++) CHECK(coley_event_term_grade(&t.term[0], value[i]) == grade[i]);
    CHECK(coley_event_term_grade(&t.term[1], -1e-9) == 1); /* no higher grade than there is */
    CHECK(t.term[0].found == 0.5 && t.term[1].found == 1 && coley_event_term_called(&t, "alopecia") == 1);
    CHECK(
        terms(arena,
              "source: s\nevents: {a: {system: b, words: w, symbol: x, source: s, below: {grade_1: 1, grade_2: 2}}}\n",
              &t, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "2 is not below 1");
    CHECK(terms(arena, "source: s\nevents: {a: {system: b}}\n", &t, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "'words' is missing");
    coley_arena_destroy(arena);
}

static void every_event_of_every_drug_in_the_catalog_has_a_term(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_event_terms *t = NULL;
    const char *const *names;
    size_t n = 0, tables = 0;
    coley_error err = {0};
    CHECK(!coley_trial_terms_read(arena, COLEY_SOURCE_DIR "/catalog", &t, &err));
    CHECK(!coley_catalog_names(arena, COLEY_SOURCE_DIR "/catalog", "drugs", &names, &n, &err));
    for (size_t i = 0; t && i < n; i++) {
        coley_catalog_drug *d;
        CHECK(!coley_catalog_drug_read(arena, COLEY_SOURCE_DIR "/catalog", names[i], &d, &err));
        for (size_t k = 0; d->events && k < d->events->n; k++) {
            const ptrdiff_t term = coley_event_term_called(t, d->events->event[k].event);
            CHECK(term >= 0 && !t->term[term].symbol);
        }
        tables += d->events != NULL;
    }
    CHECK(tables >= 20);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(a_table_is_read_and_what_is_wrong_in_it_is_said_with_its_place);
    RUN(an_event_comes_when_the_exposure_has_reached_it);
    RUN(neutrophils_below_the_limits_of_ctcae_are_its_grades);
    RUN(every_event_of_every_drug_in_the_catalog_has_a_term);
    return check_done();
}
