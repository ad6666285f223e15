/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_studio.c -- coley studio: the page in the browser, served by this program to this machine. */
#include "cli/cli.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef COLEY_HAVE_STUDIO
#include "studio/server.h"
#include "studio/worker.h"

/* The desktop's own browser, when there is a desktop. */
static void open_browser(const char *url)
{
    const char *const argv[] = {"xdg-open", url, NULL};
    pid_t pid;
    posix_spawn_file_actions_t actions;
    if (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY")) return;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    if (posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ) != 0) pid = 0;
    posix_spawn_file_actions_destroy(&actions);
}

static void say_ready_only(const char *url)
{
    printf("Coley Studio: %s\nCtrl-C ends it. For research and teaching; not medical advice.\n", url);
    fflush(stdout);
}

static void say_ready(const char *url)
{
    say_ready_only(url);
    open_browser(url);
}

static coley_status run_studio(cli_call *call, coley_error *err)
{
    if (cli_flag(call, "worker")) return coley_studio_worker(cli_threads(call), err);
    const coley_studio_options options = {.port = (int)cli_integer(call, "port", 8128),
                                          .address = cli_text(call, "listen"),
                                          .project = cli_text(call, "project"),
                                          .n_threads = cli_threads(call),
                                          .ready = cli_flag(call, "no-browser") ? say_ready_only : say_ready,
                                          .interrupted = cli_interrupted};
    cli_writing_begin(); /* an interrupt ends it in good order */
    const coley_status status = coley_studio_serve(&options, err);
    cli_writing_end();
    return status;
}
#else
static coley_status run_studio(cli_call *call, coley_error *err)
{
    (void)call;
    return COLEY_FAIL(
        err, COLEY_ERR_UNSUPPORTED,
        "this program was built without its page: it takes libmicrohttpd-dev, libsqlite3-dev, nodejs and npm");
}
#endif

static const cli_option options[] = {
    {"port", 'p', CLI_INTEGER, "N", NULL, "8128", 0, 65535, 0, 0,
     "Port to listen on; 0 takes any that is free and says which."},
    {"listen", 0, CLI_TEXT, "ADDRESS", NULL, NULL, 0, 0, 0, 0,
     "Listen on this address in place of 127.0.0.1. Others can then reach the page: a token is made, printed as part "
     "of the address, and asked for."},
    {"project", 0, CLI_FOLDER, "DIR", NULL, "coley-studio", 0, 0, 0, 0,
     "Folder of runs, uploads and their registry; made when it is not there."},
    {"no-browser", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "Print the address and open no browser."},
    {"worker", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0,
     "Answer the server's questions on standard input; it starts such processes itself."},
    {0}};

static const char *const examples[] = {"coley studio",
                                       "Serve the page at http://127.0.0.1:8128/; open that in a browser.", NULL};

const cli_command cli_command_studio = {
    .name = "studio",
    .topic = "Runs",
    .summary = "Show a person, a tissue, a trial in the browser",
    .argument_kind = CLI_NONE,
    .description = "Serves a page to this machine: one person with sliders, the five steps of the handshake, a tissue "
                   "cell by cell, a trial's "
                   "figures, an explanation in plain words, and all runs of the project folder. Nothing is fetched "
                   "from elsewhere and nobody "
                   "else can reach it unless --listen says so.\n\nFor research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_THREADS,
    .run = run_studio,
};
