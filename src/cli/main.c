/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c -- coley: read the command line, run the command, end with the status's exit code. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void write_message(void *self, coley_log_level level, const char *text)
{
    (void)self;
    cli_progress_end();
    fprintf(stderr, "coley: %s%s\n", level == COLEY_LOG_WARNING ? "warning: " : "", text);
}

static coley_status print_help(cli_call *call, coley_error *err)
{
    coley_text text = {.arena = call->arena};
    if (!call->command && call->word)
        cli_add_family_help(&text, call->word);
    else
        cli_add_help(&text, call->command);
    return cli_print(&text, err);
}

static coley_status run(cli_call *call, int argc, char **argv, coley_error *err)
{
    const coley_status parsed = cli_parse(call, argc, argv, err);
    const int known = call->command || !call->word || cli_is_family(call->word);
    if (call->show_help && known) return print_help(call, err);
    if (call->show_version && known) {
        coley_text text = {.arena = call->arena};
        coley_text_addf(&text, "coley %s\n", COLEY_VERSION);
        return cli_print(&text, err);
    }
    if (argc == 1) {
        coley_text text = {.arena = call->arena};
        cli_add_help(&text, NULL);
        if (!text.failed) fprintf(stderr, "%s\n", text.data);
    }
    if (parsed != COLEY_OK) return parsed;
    for (size_t i = 0; i < call->n_given; i++) {
        if (strcmp(call->given[i].option->name, "quiet") == 0) call->log.write = NULL;
        if (strcmp(call->given[i].option->name, "verbose") == 0) call->log.limit = COLEY_LOG_DETAIL;
    }
    return call->command->run(call, err);
}

int main(int argc, char **argv)
{
    coley_error err = {0};
    cli_call call = {.arena = coley_arena_create(), .log = {.limit = COLEY_LOG_NOTE, .write = write_message}};
    coley_status status = call.arena ? run(&call, argc, argv, &err) : COLEY_FAIL_MEMORY(&err);
    cli_progress_end();
    if (fclose(stdout) != 0 && status == COLEY_OK)
        status = COLEY_FAIL(&err, COLEY_ERR_IO, "cannot write to standard output");
    if (status != COLEY_OK) cli_say_error(&call, &err);
    coley_arena_destroy(call.arena);
    return coley_status_exit_code(status);
}
