/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_completion.c -- coley completion bash|zsh|fish. */
#include "cli/cli.h"

#include <string.h>

static coley_status run_completion(cli_call *call, coley_error *err)
{
    coley_text text = {.arena = call->arena};
    const char *shell = call->argument[0];
    if (strcmp(shell, "bash") == 0)
        cli_add_completion_bash(&text, call->arena);
    else if (strcmp(shell, "zsh") == 0)
        cli_add_completion_zsh(&text, call->arena);
    else if (strcmp(shell, "fish") == 0)
        cli_add_completion_fish(&text, call->arena);
    else
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "\"%s\" is not one of bash, zsh, fish", shell);
    return cli_print(&text, err);
}

static const char *const examples[] = {
    "source <(coley completion bash)",
    "Complete coley's commands and options in this shell.",
    NULL,
};

const cli_command cli_command_completion = {
    .name = "completion",
    .topic = "Help",
    .summary = "Print completions for a shell",
    .arguments = "bash|zsh|fish",
    .argument_kind = CLI_CHOICE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description = "make install puts them where the shells look.",
    .examples = examples,
    .run = run_completion,
};
