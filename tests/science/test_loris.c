/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_loris.c -- LORIS on the people it was trained on (tests/data/loris_cohort.tsv): it ranks, it is not calibrated,
 * and the recalibration puts its mean where the responses are. */
#include "clinic/scores.h"

#include "support/check.h"

enum { MOST = 1200 };

static void loris_ranks_its_cohort_as_published_and_the_recalibrated_mean_is_the_share_that_responded(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const coley_yaml *root;
    coley_loris pan;
    char line[256], cancer[64];
    double score[MOST], chance[MOST], mean = 0, mean_chance = 0, responded = 0, wins = 0, pairs = 0;
    int y[MOST];
    size_t n = 0;
    CHECK(coley_yaml_load(arena, COLEY_SOURCE_DIR "/catalog/guidelines/scores.yaml", &root, &err) == COLEY_OK);
    CHECK(coley_loris_read(arena, root, "loris_pan_cancer", &pan, &err) == COLEY_OK);
    FILE *file = fopen(COLEY_SOURCE_DIR "/tests/data/loris_cohort.tsv", "r");
    CHECK(file != NULL);
    while (file && n < MOST && fgets(line, sizeof line, file)) {
        coley_score_inputs x = {.cancer = cancer};
        if (sscanf(line, "%lf %lf %lf %63s %lf %lf %d", &x.tmb_per_Mb, &x.prior, &x.albumin_g_dL, cancer, &x.nlr,
                   &x.age_year, &y[n]) != 7)
            continue;
        const coley_loris_result r = coley_loris_score(&pan, &x);
        CHECK(r.known);
        score[n] = r.score;
        chance[n] = r.chance;
        mean += r.score;
        mean_chance += r.chance;
        responded += y[n++];
    }
    if (file) fclose(file);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if (y[i] && !y[k]) pairs++, wins += score[i] > score[k] ? 1 : score[i] == score[k] ? 0.5 : 0;
    printf("# n %zu, AUC %.4f, mean %.4f, responded %.4f\n", n, wins / pairs, mean / (double)n, responded / (double)n);
    CHECK(n == 964);
    CHECK_NEAR(wins / pairs, 0.74, 0.005);
    CHECK_NEAR(mean / (double)n, 0.468, 0.002);
    CHECK_NEAR(responded / (double)n, 0.2925, 0.0005);
    CHECK_NEAR(mean_chance / (double)n, responded / (double)n, 0.001);
    CHECK(chance[0] > 0);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(loris_ranks_its_cohort_as_published_and_the_recalibrated_mean_is_the_share_that_responded);
    return check_done();
}
