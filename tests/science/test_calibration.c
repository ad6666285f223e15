/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration: figures that a shifted population made lead back to that population. */
#include "run/trial_calibrate.h"

#include <stdlib.h>
#include <unistd.h>

#include "support/check.h"

#define MODELS  COLEY_SOURCE_DIR "/models/patient"
#define CATALOG COLEY_SOURCE_DIR "/catalog"

enum { PEOPLE = 500 };

static const char trial_text[] = "title: made\ncancer: melanoma\naccrual: 0\nfollow_up: 12\ndropout: 0\nseed: %d\n"
                                 "people: {population: cancer}\n"
                                 "scenario:\n  lesions: [{site: lung, diameter: 30 mm}]\n  scans: {every: 9 week}\n"
                                 "arms: [{name: a, n: %d, regimen: nivolumab-3-q2w%s}]\n";

static void write_trial(char path[32], int seed, const char *published)
{
    char text[2000];
    coley_error err = {0};
    snprintf(path, 32, "/tmp/coley-fit-XXXXXX");
    const int file = mkstemp(path);
    snprintf(text, sizeof text, trial_text, seed, PEOPLE, published);
    CHECK(file >= 0 && coley_file_write(path, text, strlen(text), &err) == COLEY_OK);
    close(file);
}

/* Response, and freedom from progression at 4 and 10 months, of people whose tumours grow more slowly. */
static void simulate_truth(double shift, double figure[3])
{
    coley_arena *arena = coley_arena_create();
    char path[32];
    coley_error err = {0};
    coley_trial_design *design;
    coley_trial *trial;
    coley_trial_result result;
    const coley_session_options options = {.n_threads = 2};
    write_trial(path, 77, "");
    CHECK(!coley_trial_load(arena, path, CATALOG, &design, &err));
    CHECK(!coley_trial_prepare(arena, design, MODELS, CATALOG, &trial, &err));
    CHECK(coley_population_shift((coley_population *)trial->arm[0].session->population, "k_growth", shift) == 1);
    CHECK(!coley_trial_carry_out(arena, trial, &options, &err));
    CHECK(!coley_trial_analyse(arena, trial, &result, &err));
    figure[0] = result.arm[0].response.share;
    for (int k = 0; k < 2; k++)
        figure[k + 1] = coley_km_at(&result.arm[0].curve[COLEY_END_PFS], k ? 10 : 4, COLEY_KM_PLAIN, 0.95).survival;
    unlink(path);
    coley_arena_destroy(arena);
}

static void figures_of_slower_tumours_are_explained_by_slower_tumours(void)
{
    coley_arena *arena = coley_arena_create();
    char path[32], published[800];
    const char *paths[] = {path};
    double figure[3];
    coley_error err = {0};
    coley_calibration fit;
    simulate_truth(-1, figure);
    snprintf(
        published, sizeof published,
        ", published: [{measure: orr, value: %.4f, source: s}, {measure: pfs_at, month: 4, value: %.4f, source: s}, "
        "{measure: pfs_at, month: 10, value: %.4f, source: s}]",
        figure[0], figure[1], figure[2]);
    write_trial(path, 5, published);
    const coley_calibrate_options options = {.n_trials = 1,
                                             .path = paths,
                                             .models = MODELS,
                                             .catalog = CATALOG,
                                             .people = PEOPLE,
                                             .rounds = 2,
                                             .n_shifts = 3,
                                             .prior = 1,
                                             .least_effective = 0.2,
                                             .session = {.n_threads = 2}};
    CHECK(coley_calibrate(arena, &options, &fit, &err) == COLEY_OK);
    unlink(path);
    double growth = NAN, sure = 0, others = 0;
    for (size_t i = 0; i < fit.shifts.n; i++) {
        printf("# %s %+.2f (%.2f)\n", fit.shifts.name[i], fit.shifts.shift[i], fit.shifts.error[i]);
        if (!strcmp(fit.shifts.name[i], "k_growth"))
            growth = fit.shifts.shift[i], sure = -growth / fit.shifts.error[i];
        else
            others = fmax(others, fabs(fit.shifts.shift[i]) / fit.shifts.error[i]);
    }
    printf("# misfit %.2f, then %.2f; effective %.2f\n", fit.misfit[0], fit.misfit[1], fit.effective);
    CHECK(growth < -0.6 && growth > -1.4); /* the truth is -1 */
    CHECK(1.5 * others < sure);            /* and the surest of all */
    CHECK(fit.misfit[0] > 2 && fit.misfit[1] < 0.6 * fit.misfit[0]);
    CHECK(fit.effective >= 0.2 && fit.effective <= 1);
    coley_arena_destroy(arena);
}

static void a_trial_without_figures_and_two_cancers_are_refused(void)
{
    coley_arena *arena = coley_arena_create();
    char path[32];
    const char *paths[] = {path}, *two[] = {COLEY_SOURCE_DIR "/catalog/evidence/trials/checkmate-067.yaml",
                                            COLEY_SOURCE_DIR "/catalog/evidence/trials/poplar.yaml"};
    coley_error err = {0};
    coley_calibration fit;
    coley_calibrate_options options = {
        .n_trials = 1, .path = paths, .models = MODELS, .catalog = CATALOG, .people = 20};
    write_trial(path, 1, "");
    CHECK(coley_calibrate(arena, &options, &fit, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "no figure to fit");
    options.n_trials = 2;
    options.path = two;
    CHECK(coley_calibrate(arena, &options, &fit, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "a calibration is of one cancer");
    unlink(path);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(figures_of_slower_tumours_are_explained_by_slower_tumours);
    RUN(a_trial_without_figures_and_two_cancers_are_refused);
    return check_done();
}
