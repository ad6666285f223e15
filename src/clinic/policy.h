/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policy.h -- how a clinic manages side effects, as data: catalog/guidelines/care/NAME.yaml, or a file of the user's.
 *
 * A policy says when people are seen, what is looked at, and for each organ and CTCAE grade what becomes of the therapy
 * and what is given against the event. One that is `based_on` another says only what it does differently. */
#ifndef COLEY_CLINIC_POLICY_H
#define COLEY_CLINIC_POLICY_H

#include "catalog/catalog.h"
#include "clinic/grading.h"

enum {
    COLEY_POLICY_MAX_CLASSES = 16,
    COLEY_POLICY_MAX_DRUGS = 16,
    COLEY_POLICY_MAX_DAYS = 12,
    COLEY_POLICY_MAX_LINES = 4,
    COLEY_POLICY_MAX_DEPTH = 4, /* of based_on */
};

typedef enum coley_therapy_rule { COLEY_THERAPY_CONTINUE, COLEY_THERAPY_HOLD, COLEY_THERAPY_STOP } coley_therapy_rule;

/* How a visit finds the grade: the person is asked, and says what is felt; anybody sees it; a test must be made. */
typedef enum coley_found_by { COLEY_FOUND_ASKING, COLEY_FOUND_EXAMINATION, COLEY_FOUND_LABORATORY } coley_found_by;

/* An amount, flat or per kg. */
typedef struct coley_policy_dose {
    double mg;
    int per_kg;
} coley_policy_dose;

/* A drug against side effects: a glucocorticoid, given as the rules say; a course; or one given day after day. */
typedef struct coley_policy_drug {
    const char *name;     /* of the drug catalog */
    double as_prednisone; /* mg of prednisone that 1 mg is as strong as; NaN: no glucocorticoid */
    int by_mouth;         /* glucocorticoid that a taper goes on with; its own number when none is named */
    coley_policy_dose dose;
    int daily;
    double infusion_day;
    size_t n_days;
    double day[COLEY_POLICY_MAX_DAYS]; /* of a course, from its start */
} coley_policy_drug;

/* What is done for one organ at one grade. */
typedef struct coley_care_rule {
    int therapy;             /* coley_therapy_rule */
    int again;               /* the same at the second event of grade 2 or more; -1: as the first */
    unsigned stop;           /* classes that stop for good, bits */
    int steroid;             /* drug, or -1: none */
    coley_policy_dose dose;  /* of it, a day */
    coley_policy_dose pulse; /* in its place for pulse_day; 0: no pulse */
    double pulse_day;
    double start_after_day; /* the grade must have lasted */
    double taper_day;
    size_t n_lines; /* drugs when the glucocorticoid fails, in order */
    int line[COLEY_POLICY_MAX_LINES];
    double second_after_day, third_after_day; /* without a lower grade */
    double as_next_after_day;                 /* without a lower grade: treated as the next grade; NaN: never */
    double see_again_day;                     /* NaN: at the next ordinary visit */
    const char *support;                      /* in words, or NULL */
} coley_care_rule;

typedef struct coley_organ_policy {
    int given; /* 0: nothing is said of this organ; nothing is looked at or done */
    int found_by;
    double look_every_day, look_until_day;      /* laboratory: tests of people without an event; NaN: no end */
    unsigned look_with;                         /* only with one of these classes, bits; 0: with any */
    int look_if_tired;                          /* grade of the organ "fatigue" that has it looked at, too; 0: none */
    unsigned never;                             /* drugs that are not given while there is an event here, bits */
    int replace, replace_from;                  /* drug, or -1; grade */
    int resume_grade;                           /* -1: the policy's */
    coley_care_rule grade[COLEY_MAX_GRADE + 1]; /* [0] is empty */
    const char *source;
} coley_organ_policy;

typedef struct coley_policy {
    const char *name, *doc, *source;
    size_t n_classes;
    const char *held_class[COLEY_POLICY_MAX_CLASSES];
    size_t n_drugs;
    coley_policy_drug drug[COLEY_POLICY_MAX_DRUGS];
    double every_day;
    int at_doses;
    double report_day, report_severe_day, report_spread;
    int resume_grade;
    double resume_prednisone_mg;
    double step_day, taper_again_day, most_day;
    int fatigue;     /* organ of that name, or -1 */
    size_t n_organs; /* those of the grading, in its order */
    coley_organ_policy organ[COLEY_MAX_ORGANS];
} coley_policy;

/* Read a policy from YAML, over `base` (NULL: it must be complete). `root` outlives the policy, or is in its arena. */
COLEY_MUST_CHECK coley_status coley_policy_read(coley_arena *arena, const coley_yaml *root,
                                                const coley_grading *grading, const coley_policy *base,
                                                coley_policy **policy, coley_error *err);

/* The policy called `name` in `catalog`/guidelines/care, or the file of that path when it ends in ".yaml" or ".yml",
 * with all that it is based on. `file` [COLEY_POLICY_MAX_DEPTH] is filled with what was read, `n_files` of them. */
COLEY_MUST_CHECK coley_status coley_policy_load(coley_arena *arena, const char *catalog, const char *name,
                                                const coley_grading *grading, coley_policy **policy,
                                                const char *file[COLEY_POLICY_MAX_DEPTH], size_t *n_files,
                                                coley_error *err);

/* Does a scenario's word for a policy mean a file of the user's? */
int coley_policy_is_path(const char *name);

/* Number of a class in the policy's list, or -1. */
ptrdiff_t coley_policy_class(const coley_policy *policy, const char *drug_class);

#endif
