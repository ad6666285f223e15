/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.c -- standard output that notices a full disk, messages, progress, and what Ctrl-C may not cut in half. */
#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

coley_status cli_print(const coley_text *text, coley_error *err)
{
    if (text->failed) return COLEY_FAIL_MEMORY(err);
    errno = 0;
    if (fwrite(text->data, 1, text->length, stdout) != text->length || fflush(stdout) != 0)
        return COLEY_FAIL(err, COLEY_ERR_IO, "cannot write to standard output: %s", strerror(errno));
    return COLEY_OK;
}

/* --- messages ------------------------------------------------------------------------------------------------------
 */

static int may_color(const cli_call *call)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if ((no_color && *no_color) || !isatty(STDERR_FILENO) || !term || strcmp(term, "dumb") == 0) return 0;
    for (size_t i = 0; i < call->n_given; i++)
        if (strcmp(call->given[i].option->name, "no-color") == 0) return 0;
    return 1;
}

void cli_say_error(const cli_call *call, const coley_error *err)
{
    char line[1300];
    coley_error_format(err, line, sizeof line);
    fprintf(stderr, may_color(call) ? "coley: \033[1;31merror:\033[0m %s\n" : "coley: error: %s\n", line);
}

int cli_unicode(void)
{
    const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < 3; i++) {
        const char *locale = getenv(names[i]);
        if (locale && *locale) return strcasestr(locale, "utf-8") || strcasestr(locale, "utf8");
    }
    return 0;
}

/* --- interrupts ----------------------------------------------------------------------------------------------------
 */

static volatile sig_atomic_t writing, interrupted;

/* The shell must see that a signal ended us, so that a loop of commands ends too. */
static void end_by(int signal_number)
{
    signal(signal_number, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(signal_number);
}

static void on_interrupt(int signal_number)
{
    if (writing && !interrupted)
        interrupted = signal_number;
    else
        end_by(signal_number);
}

void cli_writing_begin(void)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    writing = 1;
}

int cli_interrupted(void)
{
    return interrupted != 0;
}

void cli_writing_end(void)
{
    writing = 0;
    if (interrupted) end_by(interrupted);
}

/* --- progress ------------------------------------------------------------------------------------------------------
 */

/* One command, one progress: state of the terminal line that is being drawn. */
static struct {
    coley_progress progress;
    enum { AUTO_BAR, BAR, LINES, JSON } how;
    int drawn;  /* a bar stands on the line */
    int tenths; /* last line of LINES */
} screen;

static void show_progress(void *self, const coley_progress_report *report)
{
    (void)self;
    const int over = report->done >= report->total;
    char line[200];
    switch (screen.how) {
    case AUTO_BAR:
        if (report->elapsed_s < 1 && !screen.drawn) return; /* work of less than a second needs no bar */
        /* fall through */
    case BAR:
        coley_progress_bar(report, CLI_WIDTH - 1, line, sizeof line);
        fprintf(stderr, "\r\033[K%s%s", line, over ? "\n" : "");
        screen.drawn = !over;
        break;
    case LINES: {
        const int tenths = over ? 10 : (int)(10.0 * (double)report->done / (double)report->total);
        if (report->done == 0) screen.tenths = 0;
        if (tenths <= screen.tenths) return;
        screen.tenths = tenths;
        coley_progress_bar(report, 0, line, sizeof line);
        fprintf(stderr, "%s\n", line);
        break;
    }
    case JSON:
        fprintf(stderr,
                "{\"event\":\"progress\",\"what\":\"%s\",\"done\":%" PRIu64 ",\"total\":%" PRIu64
                ",\"elapsed_s\":%.3f}\n",
                report->what, report->done, report->total, report->elapsed_s);
        break;
    }
    fflush(stderr);
}

coley_progress *cli_progress(const cli_call *call)
{
    const char *how = cli_text(call, "progress");
    if (cli_flag(call, "quiet") || strcmp(how, "none") == 0) return NULL;
    const int terminal = isatty(STDERR_FILENO);
    screen.how = strcmp(how, "bar") == 0     ? BAR
                 : strcmp(how, "json") == 0  ? JSON
                 : strcmp(how, "lines") == 0 ? LINES
                 : terminal                  ? AUTO_BAR
                                             : LINES;
    screen.progress.show = show_progress;
    return &screen.progress;
}

void cli_progress_end(void)
{
    if (screen.drawn) fputc('\n', stderr);
    screen.drawn = 0;
}

uint64_t cli_seed(const cli_call *call)
{
    const char *text = cli_text(call, "seed");
    uint64_t seed = 0;
    if (strcmp(text, "random") == 0) {
        if (getrandom(&seed, sizeof seed, 0) != sizeof seed) seed = (uint64_t)getpid();
        seed >>= 1; /* so that it can be given back as --seed */
    } else {
        seed = (uint64_t)cli_integer(call, "seed", 1);
    }
    coley_log_add(&call->log, COLEY_LOG_NOTE, "seed %" PRIu64, seed);
    return seed;
}
