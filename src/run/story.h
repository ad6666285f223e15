/* SPDX-License-Identifier: GPL-3.0-or-later */
/* story.h -- what happened in a person's body, in order and in plain words; every number is a quantity's on a day.
 *
 * The words are data (models/patient/story.yaml, fate.yaml): what a class of drugs does, which moments of which quantity
 * are worth a sentence, how an end is told. The course says which of them came about. */
#ifndef COLEY_RUN_STORY_H
#define COLEY_RUN_STORY_H

#include "run/course.h"
#include "run/fate.h"

typedef enum coley_story_part {
    COLEY_STORY_PLAN,     /* what was given and what it does */
    COLEY_STORY_HAPPENED, /* day by day */
    COLEY_STORY_END,      /* how it ended, and why */
    COLEY_STORY_OTHERS,   /* of 100 people like this one */
    COLEY_STORY_QUESTIONS,
    COLEY_STORY_N_PARTS,
} coley_story_part;

typedef struct coley_story_line {
    coley_story_part part;
    const char *text;
    const char *quantity; /* id of a series ("L1.step5_attack"), "doses", "people", or NULL where nothing is claimed */
    double day, value;    /* of that quantity; NaN where it has none */
} coley_story_line;

typedef struct coley_story {
    size_t n;
    const coley_story_line *line; /* by part, and by day within COLEY_STORY_HAPPENED */
} coley_story;

typedef struct coley_story_words coley_story_words; /* models/patient/story.yaml */

COLEY_MUST_CHECK coley_status coley_story_words_read(coley_arena *arena, const char *models,
                                                     const coley_story_words **words, coley_error *err);

/* A drug of the course and its class, so that its words can be found. */
typedef struct coley_story_drug {
    const char *name, *drug_class;
} coley_story_drug;

COLEY_MUST_CHECK coley_status coley_story_tell(coley_arena *arena, const coley_course *course,
                                               const coley_story_words *words, const coley_fate *fate, size_t n_drugs, const coley_story_drug *drug,
                                               coley_story *story, coley_error *err);

/* "What happened, in order"; never NULL. */
const char *coley_story_title(coley_story_part part);

/* All lines of a story as one text, for a measure of how it reads. NULL when there is no memory. */
const char *coley_story_text(coley_arena *arena, const coley_story *story);

#endif
