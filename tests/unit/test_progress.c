/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/progress.h"
#include "support/check.h"

typedef struct seen {
    int n, in_order;
    uint64_t last;
    int ended;
} seen;

static void note(void *self, const coley_progress_report *report)
{
    seen *s = self;
    s->in_order = s->in_order && report->done >= s->last && report->done <= report->total;
    s->last = report->done;
    s->n++;
    s->ended = report->done == report->total;
}

static void many_threads_are_heard_in_order_and_at_most_once_a_per_cent(void)
{
    const int n_threads = 4;
    seen s = {.in_order = 1};
    coley_progress progress = {.self = &s, .show = note};
    coley_progress_begin(&progress, "patients", 100000);
#pragma omp parallel for num_threads(n_threads)
    for (int i = 0; i < 100000; i++) coley_progress_add(&progress, 1);
    coley_progress_end(&progress);
    CHECK(s.ended && s.in_order);
    CHECK(s.n >= 3 && s.n <= 102);
}

static void nobody_need_watch(void)
{
    coley_progress_begin(NULL, "patients", 10);
    coley_progress_add(NULL, 1);
    coley_progress_end(NULL);
    coley_progress silent = {0};
    coley_progress_begin(&silent, "patients", 10);
    coley_progress_add(&silent, 1);
    coley_progress_end(&silent);
    CHECK(atomic_load(&silent.done) == 0);
}

static void the_bar_fits_its_width_and_tells_the_time_left(void)
{
    char bar[200];
    const coley_progress_report report = {"virtual patients", 45, 100, 60, 73};
    coley_progress_bar(&report, 79, bar, sizeof bar);
    CHECK(strlen(bar) <= 79);
    CHECK_HAS(bar, "virtual patients  [");
    CHECK_HAS(bar, "=>");
    CHECK_HAS(bar, " 45 %  1m 13s left");
    coley_progress_bar(&report, 0, bar, sizeof bar);
    CHECK_TEXT(bar, "virtual patients   45 %  1m 13s left");
    const coley_progress_report over = {"x", 10, 10, 3700, NAN};
    coley_progress_bar(&over, 79, bar, sizeof bar);
    CHECK_HAS(bar, "100 %  1h 01m");
    const coley_progress_report none = {"x", 0, 0, 0, NAN};
    coley_progress_bar(&none, 79, bar, sizeof bar);
    CHECK_HAS(bar, "100 %");
}

int main(void)
{
    RUN(many_threads_are_heard_in_order_and_at_most_once_a_per_cent);
    RUN(nobody_need_watch);
    RUN(the_bar_fits_its_width_and_tells_the_time_left);
    return check_done();
}
