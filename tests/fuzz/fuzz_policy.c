/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_policy.c -- any bytes as grades, as a policy of its own and as one over the standard policy; what can be read is
 * put to work on a person whose organs get worse and better. */
#include "clinic/care.h"

#include <assert.h>
#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses one buffer of 4096 bytes when it refuses some over-long quoted keys. Not ours to free. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static const char grades[] =
    "source: s\norgans:\n"
    "  gut: {severity: g, term: t, felt_from: 1, grades: [{grade: 1, from: 0.5}, {grade: 2, from: 1.5}, "
    "{grade: 3, from: 2.5}, {grade: 4, from: 3.5}]}\n"
    "  liver: {severity: l, term: t, felt_from: 3, grades: [{grade: 1, from: 0.5}, {grade: 2, from: 1.5}, "
    "{grade: 3, from: 2.5}, {grade: 4, from: 3.5}]}\n"
    "  fatigue: {severity: f, term: t, grades: [{grade: 1, from: 0.5}, {grade: 2, from: 1.5}]}\n";
static const char base[] =
    "name: b\ndoc: d\nsource: s\nclasses: [anti_pd1, anti_ctla4]\n"
    "drugs: {prednisone: {as_prednisone: 1}, infliximab: {dose: 5 mg/kg, days: [0, 14]}, "
    "mycophenolate: {dose: 2000 mg, daily: yes}}\n"
    "organs: {gut: {source: s, found_by: asking, grade_2: {therapy: hold, steroid: prednisone, dose: 1 "
    "mg/kg, second_line: [infliximab, mycophenolate]}}}\n";

static void put_to_work(const coley_policy *policy, const coley_grading *grading)
{
    coley_care care;
    coley_care_visit visit;
    coley_care_begin(&care, 75, 3);
    double day = 0, mg, until;
    for (int k = 0; k < 60; k++) {
        memset(&visit, 0, sizeof visit);
        visit.day = day;
        for (size_t i = 0; i < grading->n; i++) visit.severity[i] = 2.2 + 2.2 * sin(0.3 * k + (double)i);
        coley_care_observe(policy, grading, &care, &visit);
        coley_care_decide(policy, &care, &visit);
        assert(care.next_day > day);
        assert(coley_care_steroid(policy, &care, day, &mg, &until) < (int)policy->n_drugs && mg >= 0 && until > day);
        day = fmin(care.next_day, day + 20);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_arena *arena = coley_arena_create();
    const coley_yaml *root, *known;
    coley_grading *grading, *own;
    coley_policy *policy, *under = NULL;
    coley_error err;
    if (coley_yaml_parse(arena, "grades", grades, sizeof grades - 1, &known, &err) == COLEY_OK &&
        coley_grading_read(arena, known, &grading, &err) == COLEY_OK &&
        coley_yaml_parse(arena, "base", base, sizeof base - 1, &known, &err) == COLEY_OK &&
        coley_policy_read(arena, known, grading, NULL, &under, &err) == COLEY_OK &&
        coley_yaml_parse(arena, "fuzz", (const char *)data, size, &root, &err) == COLEY_OK) {
        if (coley_policy_read(arena, root, grading, NULL, &policy, &err) == COLEY_OK) put_to_work(policy, grading);
        if (coley_policy_read(arena, root, grading, under, &policy, &err) == COLEY_OK) put_to_work(policy, grading);
        if (coley_grading_read(arena, root, &own, &err) == COLEY_OK)
            for (size_t i = 0; i < own->n; i++) assert(coley_grade_of(&own->organ[i], NAN) == 0);
    }
    assert(under);
    coley_arena_destroy(arena);
    return 0;
}
