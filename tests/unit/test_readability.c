/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_readability.c -- the grade level of texts that can be counted by hand. */
#include "base/readability.h"
#include "support/check.h"

static void words_sentences_and_syllables_are_those_counted_by_hand(void)
{
    const coley_readability r = coley_readability_of("The cat sat on the mat. It was happy!");
    CHECK(r.words == 9 && r.sentences == 2 && r.syllables == 10);
    CHECK_NEAR(r.grade, 0.39 * 9 / 2 + 11.8 * 10 / 9 - 15.59, 1e-12);
}

static void a_number_is_one_word_and_its_point_ends_nothing(void)
{
    const coley_readability r = coley_readability_of("They were 1.5 and 1,000 mm");
    CHECK(r.words == 6 && r.sentences == 1);
}

static void a_silent_e_is_left_out_and_that_of_table_is_heard(void)
{
    CHECK(coley_readability_of("A little table came home").syllables == 7);
}

static void a_text_without_words_has_no_grade(void)
{
    CHECK(isnan(coley_readability_of(" ... \n").grade));
    CHECK(isnan(coley_readability_of("").grade));
}

static void long_words_read_harder_than_short_ones(void)
{
    const double hard = coley_readability_of("Immunological surveillance necessitates histocompatibility.").grade;
    CHECK(hard > coley_readability_of("T cells look for what is wrong.").grade + 10);
}

int main(void)
{
    RUN(words_sentences_and_syllables_are_those_counted_by_hand);
    RUN(a_number_is_one_word_and_its_point_ends_nothing);
    RUN(a_silent_e_is_left_out_and_that_of_table_is_heard);
    RUN(a_text_without_words_has_no_grade);
    RUN(long_words_read_harder_than_short_ones);
    return check_done();
}
