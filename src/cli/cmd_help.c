/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_help.c -- coley help [COMMAND]. */
#include "cli/cli.h"

static coley_status run_help(cli_call *call, coley_error *err)
{
    coley_text text = {.arena = call->arena};
    if (call->n_arguments == 0) {
        cli_add_help(&text, NULL);
        return cli_print(&text, err);
    }
    const cli_command *command;
    COLEY_TRY(cli_named_command(call, &command, err));
    if (command)
        cli_add_help(&text, command);
    else
        cli_add_family_help(&text, call->argument[0]);
    return cli_print(&text, err);
}

static const char *const examples[] = {
    "coley help", "List the commands.", "coley help version", "Explain coley version.", NULL,
};

const cli_command cli_command_help = {
    .name = "help",
    .topic = "Help",
    .summary = "Explain a command",
    .arguments = "[COMMAND]",
    .argument_kind = CLI_COMMAND,
    .max_arguments = 2,
    .description = "Without a command, list them all.",
    .examples = examples,
    .run = run_help,
};
