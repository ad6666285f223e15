/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c -- see progress.h. */
#include "base/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int percent_of(uint64_t done, uint64_t total)
{
    if (done >= total) return 100;
    return (int)(100.0 * (double)done / (double)total);
}

static void show(coley_progress *progress, uint64_t done)
{
    const double elapsed = now_s() - progress->start_s;
    const double left = done ? elapsed * (double)(progress->total - done) / (double)done : NAN;
    const coley_progress_report report = {progress->what, done, progress->total, elapsed, left};
    progress->show(progress->self, &report);
}

void coley_progress_begin(coley_progress *progress, const char *what, uint64_t total)
{
    if (!progress || !progress->show) return;
    progress->what = what;
    progress->total = total;
    progress->start_s = now_s();
    atomic_store(&progress->done, 0);
    atomic_store(&progress->shown_percent, 0);
    atomic_flag_clear(&progress->showing);
    show(progress, 0);
}

void coley_progress_add(coley_progress *progress, uint64_t parts)
{
    if (!progress || !progress->show) return;
    uint64_t done = atomic_fetch_add(&progress->done, parts) + parts;
    if (done >= progress->total) return; /* the end is shown by coley_progress_end */
    const int percent = percent_of(done, progress->total);
    if (percent <= atomic_load(&progress->shown_percent) || atomic_flag_test_and_set(&progress->showing)) return;
    atomic_store(&progress->shown_percent, percent);
    show(progress, done);
    atomic_flag_clear(&progress->showing);
}

void coley_progress_end(coley_progress *progress)
{
    if (!progress || !progress->show) return;
    const uint64_t done = atomic_load(&progress->done);
    show(progress, done < progress->total ? done : progress->total);
}

static void duration(double seconds, char *buffer, size_t size)
{
    const long s = lround(seconds);
    if (s < 60)
        snprintf(buffer, size, "%lds", s);
    else if (s < 3600)
        snprintf(buffer, size, "%ldm %02lds", s / 60, s % 60);
    else
        snprintf(buffer, size, "%ldh %02ldm", s / 3600, s / 60 % 60);
}

void coley_progress_bar(const coley_progress_report *report, size_t width, char *buffer, size_t size)
{
    const int percent = percent_of(report->done, report->total);
    char time[32], tail[64];
    const int over = report->done >= report->total;
    duration(over || !isfinite(report->left_s) ? report->elapsed_s : report->left_s, time, sizeof time);
    snprintf(tail, sizeof tail, "%3d %%  %s%s", percent, time, over ? "" : isfinite(report->left_s) ? " left" : "");
    const size_t text = strlen(report->what) + strlen(tail) + 6; /* two gaps and two brackets */
    char bar[64] = "";
    const size_t cells = width > text + 8 ? (width - text < 40 ? width - text : 40) : 0;
    for (size_t i = 0; i < cells; i++) bar[i] = i < cells * (size_t)percent / 100 ? '=' : ' ';
    if (cells && percent < 100) bar[cells * (size_t)percent / 100] = '>';
    snprintf(buffer, size, cells ? "%s  [%s]  %s" : "%s  %s%s", report->what, bar, tail);
}
