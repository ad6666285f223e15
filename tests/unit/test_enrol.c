/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial/enrol.h"

#include <stdlib.h>

#include "support/check.h"

static void every_block_holds_the_arms_in_their_ratio(void)
{
    const int ratio[] = {2, 1, 1};
    for (uint64_t stratum = 0; stratum < 8; stratum++) {
        int count[3] = {0};
        for (uint64_t k = 0; k < 400; k++) {
            count[coley_enrol_arm(5, 3, ratio, stratum, k)]++;
            if (k % 4 != 3) continue;
            CHECK(count[0] == 2 * (int)(k / 4 + 1));
            CHECK(count[1] == (int)(k / 4 + 1));
        }
    }
}

static void the_order_within_a_block_is_by_chance(void)
{
    const int ratio[] = {2, 2};
    int first = 0, alike = 0;
    for (uint64_t block = 0; block < 4000; block++) {
        first += (int)coley_enrol_arm(5, 2, ratio, 0, 4 * block);
        alike += coley_enrol_arm(5, 2, ratio, 0, 4 * block) == coley_enrol_arm(5, 2, ratio, 1, 4 * block);
    }
    CHECK(abs(first - 2000) < 130); /* four standard deviations */
    CHECK(abs(alike - 2000) < 130);
}

static void a_ratio_follows_the_numbers_of_people(void)
{
    int ratio[3];
    coley_enrol_ratio(3, (const int64_t[]){314, 316, 315}, ratio);
    CHECK(ratio[0] == 2 && ratio[1] == 2 && ratio[2] == 2);
    coley_enrol_ratio(2, (const int64_t[]){476, 237}, ratio);
    CHECK(ratio[0] == 4 && ratio[1] == 2);
    coley_enrol_ratio(2, (const int64_t[]){5000000, 1}, ratio);
    CHECK(ratio[0] + ratio[1] <= COLEY_ENROL_MAX_BLOCK);
}

static void people_enter_in_order_from_the_first_day_to_the_last(void)
{
    double last = -1;
    for (size_t i = 0; i < 500; i++) {
        const double day = coley_enrol_day(3, 17 * i, i, 500, 365);
        CHECK(day > last && day >= 0 && day <= 365);
        last = day;
    }
    CHECK(last > 364);
}

static void a_share_of_people_is_lost_each_year(void)
{
    int lost = 0;
    for (uint64_t id = 0; id < 20000; id++) lost += coley_enrol_dropout(1, id, 0.1) < 365.25;
    CHECK(fabs(lost / 20000.0 - 0.1) < 4 * sqrt(0.09 / 20000));
    CHECK(isinf(coley_enrol_dropout(1, 3, 0)));
}

int main(void)
{
    RUN(every_block_holds_the_arms_in_their_ratio);
    RUN(the_order_within_a_block_is_by_chance);
    RUN(a_ratio_follows_the_numbers_of_people);
    RUN(people_enter_in_order_from_the_first_day_to_the_last);
    RUN(a_share_of_people_is_lost_each_year);
    return check_done();
}
