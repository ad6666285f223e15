/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial/shifts.h"

#include <stdlib.h>
#include <unistd.h>

#include "support/check.h"

static void what_is_written_reads_back(void)
{
    coley_arena *arena = coley_arena_create();
    coley_text text = {.arena = arena};
    coley_error err = {0};
    coley_trial_shifts back;
    const coley_trial_shifts shifts = {
        .n = 2, .name = {"k_growth", "k_kill"}, .shift = {-0.5, 0.25}, .error = {0.25, NAN}, .at_100_mm = 0.0015};
    const char *const how[] = {"a test"};
    char path[] = "/tmp/coley-shifts-XXXXXX";
    const int file = mkstemp(path);
    coley_trial_shifts_write(&shifts, how, 1, "fitted to nothing", &text);
    CHECK(file >= 0 && coley_file_write(path, text.data, text.length, &err) == COLEY_OK);
    CHECK(coley_trial_shifts_load(arena, path, &back, &err) == COLEY_OK);
    CHECK(back.n == 2);
    CHECK_TEXT(back.name[1], "k_kill");
    CHECK_NEAR(back.shift[0], -0.5, 0);
    CHECK_NEAR(back.error[0], 0.25, 1e-6);
    CHECK(isnan(back.error[1]));
    CHECK_NEAR(back.at_100_mm, 0.0015, 1e-12);
    close(file);
    unlink(path);
    coley_arena_destroy(arena);
}

static void a_cancer_without_a_file_has_no_shifts(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    coley_trial_shifts shifts;
    CHECK(coley_trial_shifts_read(arena, COLEY_SOURCE_DIR "/catalog", "nowhere", &shifts, &err) == COLEY_OK);
    CHECK(shifts.n == 0 && isnan(shifts.at_100_mm));
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(what_is_written_reads_back);
    RUN(a_cancer_without_a_file_has_no_shifts);
    return check_done();
}
