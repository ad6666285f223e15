/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readability.h -- how hard a text in English is: the grade level of Flesch and Kincaid.
 *
 *   grade = 0.39 words / sentences + 11.8 syllables / words - 15.59      (Kincaid 1975, Naval Technical Training RBR 8-75)
 *
 * Syllables are counted by the groups of vowels of a word, a silent e at its end left out: right for most words. A number
 * counts as a word of one syllable. */
#ifndef COLEY_BASE_READABILITY_H
#define COLEY_BASE_READABILITY_H

#include <stddef.h>

typedef struct coley_readability {
    size_t words, sentences, syllables;
    double grade; /* school years; age is about 5 more; NaN for a text without words */
} coley_readability;

coley_readability coley_readability_of(const char *text);

#endif
