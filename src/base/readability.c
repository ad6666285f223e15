/* SPDX-License-Identifier: GPL-3.0-or-later */
/* readability.c -- see readability.h. */
#include "base/readability.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static int is_vowel(char c)
{
    return c && strchr("aeiouy", tolower((unsigned char)c)) != NULL;
}

static size_t syllables_of(const char *word, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) n += is_vowel(word[i]) && (!i || !is_vowel(word[i - 1]));
    const char last = (char)tolower((unsigned char)word[length - 1]);
    const int silent_e = last == 'e' && length > 2 && !is_vowel(word[length - 2]) &&
                         !(tolower((unsigned char)word[length - 2]) == 'l' && !is_vowel(word[length - 3]));
    if (silent_e && n > 1) n--;
    return n ? n : 1;
}

static int in_word(const char *p)
{
    return isalnum((unsigned char)*p) || *p == '\'' || (*p == '-' && isalnum((unsigned char)p[1])) ||
           ((*p == '.' || *p == ',') && isdigit((unsigned char)p[1]));
}

coley_readability coley_readability_of(const char *text)
{
    coley_readability r = {0};
    int open = 0; /* words since the last end of a sentence */
    for (const char *p = text; *p;) {
        if (!isalnum((unsigned char)*p)) {
            if (strchr(".!?\n", *p) && open) r.sentences++, open = 0;
            p++;
            continue;
        }
        const char *start = p;
        while (in_word(p)) p++;
        r.words++;
        open = 1;
        r.syllables += isdigit((unsigned char)*start) ? 1 : syllables_of(start, (size_t)(p - start));
    }
    r.sentences += (size_t)open;
    r.grade = r.words ? 0.39 * (double)r.words / (double)r.sentences + 11.8 * (double)r.syllables / (double)r.words - 15.59
                      : NAN;
    return r;
}
