/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.h -- the whole test framework: TAP on stdout, no fork, works under threads and sanitizers.
 *
 *     static void a_sentence_about_the_science(void) { CHECK(x > 0); CHECK_NEAR(y, 2.0, 1e-12); }
 *     int main(void) { RUN(a_sentence_about_the_science); return check_done(); } */
#ifndef COLEY_TESTS_CHECK_H
#define COLEY_TESTS_CHECK_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int check_failed_here, check_failed, check_count;

#define CHECK_FAIL_(...)                                                                           \
    do {                                                                                           \
        if (check_failed_here++ < 20) {                                                            \
            printf("# %s:%d: ", __FILE__, __LINE__);                                               \
            printf(__VA_ARGS__);                                                                   \
            printf("\n");                                                                          \
        }                                                                                          \
    } while (0)

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) CHECK_FAIL_("not true: %s", #condition);                                 \
    } while (0)

/* |a - b| <= tolerance * max(1, |b|); NaN never passes. */
#define CHECK_NEAR(a, b, tolerance)                                                                \
    do {                                                                                           \
        const double near_a_ = (a), near_b_ = (b), near_t_ = (tolerance);                          \
        if (!(fabs(near_a_ - near_b_) <= near_t_ * fmax(1.0, fabs(near_b_))))                      \
            CHECK_FAIL_("%s = %.17g, expected %.17g within %g", #a, near_a_, near_b_, near_t_);    \
    } while (0)

#define CHECK_TEXT(a, b)                                                                           \
    do {                                                                                           \
        const char *text_a_ = (a), *text_b_ = (b);                                                 \
        if (!text_a_ || strcmp(text_a_, text_b_) != 0)                                             \
            CHECK_FAIL_("%s = \"%s\", expected \"%s\"", #a, text_a_ ? text_a_ : "(null)", text_b_); \
    } while (0)

#define CHECK_HAS(text, part)                                                                      \
    do {                                                                                           \
        const char *has_a_ = (text), *has_b_ = (part);                                             \
        if (!has_a_ || !strstr(has_a_, has_b_))                                                    \
            CHECK_FAIL_("\"%s\" does not contain \"%s\"", has_a_ ? has_a_ : "(null)", has_b_);     \
    } while (0)

#define RUN(test)                                                                                  \
    do {                                                                                           \
        check_failed_here = 0;                                                                     \
        test();                                                                                    \
        check_count++;                                                                             \
        check_failed += check_failed_here != 0;                                                    \
        printf("%sok %d - %s\n", check_failed_here ? "not " : "", check_count, #test);             \
        fflush(stdout);                                                                            \
    } while (0)

/* Property tests: body runs for n seeds; a failure prints the seed. */
#define FOR_ALL(n, seed)                                                                           \
    for (uint64_t seed = 1, all_failed_ = (uint64_t)check_failed_here;                             \
         seed <= (uint64_t)(n) && ((uint64_t)check_failed_here == all_failed_ ||                   \
                                   (printf("# with seed %llu\n", (unsigned long long)seed - 1), 0)); \
         seed++)

static inline int check_done(void)
{
    printf("1..%d\n", check_count);
    return check_failed != 0;
}

#endif
