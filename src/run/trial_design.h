/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trial_design.h -- a trial as a YAML file: who may enter, the arms in a scenario's own words, how long and how often
 * people are looked at, and what a publication says of the same arms. */
#ifndef COLEY_RUN_TRIAL_DESIGN_H
#define COLEY_RUN_TRIAL_DESIGN_H

#include "run/scenario.h"

enum {
    COLEY_TRIAL_MAX_ARMS = 12,
    COLEY_TRIAL_MAX_RULES = 24,
    COLEY_TRIAL_MAX_STRATA = 6,
    COLEY_TRIAL_MAX_MONTHS = 12,
    COLEY_TRIAL_MAX_LOOKS = 8
};

/* A month as trials report it [day]. */
#define COLEY_TRIAL_MONTH 30.4375

/* What is compared with a publication. Shares are from 0 to 1, times in months. */
#define COLEY_MEASURE_LIST(X)                                                                                          \
    X(ORR, "orr", "objective response")                                                                                \
    X(CR, "cr", "complete response")                                                                                   \
    X(PFS_MEDIAN, "pfs_median", "progression-free survival, median")                                                   \
    X(PFS_AT, "pfs_at", "progression-free survival")                                                                   \
    X(OS_MEDIAN, "os_median", "overall survival, median")                                                              \
    X(OS_AT, "os_at", "overall survival")                                                                              \
    X(HR_PFS, "hr_pfs", "hazard ratio, progression or death")                                                          \
    X(HR_OS, "hr_os", "hazard ratio, death")                                                                           \
    X(AE_3_4, "ae_3_4", "adverse event of grade 3 or 4")                                                               \
    X(AE_ANY, "ae_any", "adverse event of any grade")

typedef enum coley_measure {
#define COLEY_MEASURE_ENUM(name, key, words) COLEY_MEASURE_##name,
    COLEY_MEASURE_LIST(COLEY_MEASURE_ENUM)
#undef COLEY_MEASURE_ENUM
        COLEY_MEASURE_COUNT
} coley_measure;

extern const char *const coley_measure_keys[COLEY_MEASURE_COUNT + 1];
extern const char *const coley_measure_words[COLEY_MEASURE_COUNT];

typedef struct coley_trial_published {
    int measure;             /* coley_measure */
    double value, low, high; /* NaN: no interval was published */
    double month;            /* of pfs_at and os_at; else NaN */
    int fit;                 /* 0: a calibration leaves it out */
    const char *to;          /* arm that a hazard ratio is against; else NULL */
    const char *source, *confidence;
} coley_trial_published;

typedef struct coley_trial_arm {
    const char *name, *words;         /* words: NULL when there are none */
    int64_t n;                        /* people, as published: what intervals are reckoned from */
    const char *curve_pfs, *curve_os; /* digitised curves: files of tests/data/km with time, event, arm; or NULL */
    const char *curve_arm;            /* its name there */
    coley_field_list published;       /* coley_trial_published */
    coley_field_list later;           /* coley_trial_later (run/trial_later.h); the trial's unless it has its own */

    /* Not keys. */
    coley_scenario *scenario;
    int64_t people; /* to simulate; n unless somebody asks for more */
} coley_trial_arm;

typedef enum coley_trial_criteria { COLEY_CRITERIA_RECIST, COLEY_CRITERIA_RECURRENCE } coley_trial_criteria;

typedef struct coley_trial_people {
    int same_in_every_arm;
    int sizes;             /* 0: as written, 1: drawn around them */
    int infiltration;      /* 0: as written, 1: drawn by the cancer's shares */
    int population;        /* 0: as calibrated to trials (catalog/populations), where it was; 1: the cancer's own */
    const char *group;     /* a file of catalog/populations; NULL: the cancer's */
    int64_t most_screened; /* for one person who enters */
    int draw;              /* 0: at random, 1: scrambled Sobol points, 2: Latin hypercubes */
    const char *from;      /* a file of people (run/trial_people.h) as written, or NULL */
} coley_trial_people;

typedef struct coley_trial_texts {
    size_t n;
    const char **text;
    const coley_yaml **node; /* where each stands */
} coley_trial_texts;

typedef struct coley_trial_months {
    size_t n;
    double month[COLEY_TRIAL_MAX_MONTHS];
} coley_trial_months;

typedef struct coley_trial_shares {
    size_t n; /* 0: no look before the end */
    double share[COLEY_TRIAL_MAX_LOOKS];
} coley_trial_shares;

/* Looks before the end (run/trial_interim.h). */
typedef struct coley_trial_looks {
    int endpoint; /* 0: progression or death, 1: death */
    coley_trial_shares at;
    int efficacy, futility; /* 0: O'Brien and Fleming, 1: Pocock; futility 2: none */
    double alpha, beta;
} coley_trial_looks;

typedef struct coley_trial_design {
    const char *title, *doc, *source, *cancer, *setting;
    coley_field_list arms; /* coley_trial_arm */
    int use;               /* 0: test, 1: calibrate */
    const char *control;   /* arm that the others are compared with; NULL: the last */
    coley_trial_texts eligibility, strata;
    coley_trial_people people;
    double accrual_month, follow_up_month; /* the last who enters is followed so long */
    double new_lesions;      /* for each e-fold growth of the sum of diameters; 0: none */
    double dropout_per_year;               /* share of people who are lost to follow-up each year */
    int stop_at_progression, confirm, criteria;
    coley_field_list later; /* coley_trial_later: of arms that say nothing else */
    coley_trial_months landmarks;
    coley_trial_looks interim;
    double output_every_day;
    int64_t seed;

    /* Not keys. */
    const char *path;
    const coley_yaml *root;
    size_t control_arm;
    int everybody; /* follow everybody to the end of the run, the dead too: for a calibration */
} coley_trial_design;

extern const coley_field coley_trial_fields[];

#define COLEY_TRIAL_ARM(design, i)    (&((coley_trial_arm *)(design)->arms.item)[i])
#define COLEY_TRIAL_PUBLISHED(arm, i) (&((const coley_trial_published *)(arm)->published.item)[i])

/* Read a trial out of memory; arms are not made into scenarios and no other file is opened. */
COLEY_MUST_CHECK coley_status coley_trial_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                                coley_trial_design **design, coley_error *err);

/* Read a trial file with its arms. `catalog` is a folder. */
COLEY_MUST_CHECK coley_status coley_trial_load(coley_arena *arena, const char *path, const char *catalog,
                                               coley_trial_design **design, coley_error *err);

/* The same from a tree that was read already; `path` is for messages. */
COLEY_MUST_CHECK coley_status coley_trial_of_node(coley_arena *arena, const char *path, const coley_yaml *root,
                                                  const char *catalog, coley_trial_design **design, coley_error *err);

/* The seed of the trial and of its arms. */
void coley_trial_set_seed(coley_trial_design *design, int64_t seed);

/* Simulate so many people in every arm in place of those of the file. */
void coley_trial_set_people(coley_trial_design *design, int64_t people);

/* All keys as Markdown tables. */
void coley_trial_document(coley_text *out);

#endif
