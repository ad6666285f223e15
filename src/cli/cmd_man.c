/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_man.c -- coley man: the manual, from the same table that reads the command line. */
#include "cli/cli.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* One page, DIR/coley-model-check.1. */
static coley_status write_page(cli_call *call, const char *folder, const cli_command *command, coley_error *err)
{
    coley_text path = {.arena = call->arena}, page = {.arena = call->arena};
    coley_text_addf(&path, "%s/coley%s%s.1", folder, command ? "-" : "", command ? command->name : "");
    cli_add_man(&page, command);
    if (path.failed || page.failed) return COLEY_FAIL_MEMORY(err);
    for (char *p = path.data + strlen(folder); *p; p++)
        if (*p == ' ') *p = '-';
    return coley_file_write(path.data, page.data, page.length, err);
}

static coley_status write_pages(cli_call *call, const char *folder, coley_error *err)
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.file = folder}, "cannot make the folder: %s",
                             strerror(errno));
    COLEY_TRY(write_page(call, folder, NULL, err));
    for (size_t i = 0; cli_commands[i]; i++) COLEY_TRY(write_page(call, folder, cli_commands[i], err));
    return COLEY_OK;
}

static coley_status run_man(cli_call *call, coley_error *err)
{
    coley_text text = {.arena = call->arena};
    const cli_command *command = NULL;
    if (cli_is_given(call, "pages")) return write_pages(call, cli_text(call, "pages"), err);
    if (call->n_arguments) {
        COLEY_TRY(cli_named_command(call, &command, err));
        if (!command)
            return COLEY_FAIL(err, COLEY_ERR_USAGE, "coley %s has a page for each of its commands", call->argument[0]);
    }
    if (cli_flag(call, "markdown"))
        cli_add_markdown(&text);
    else
        cli_add_man(&text, command);
    return cli_print(&text, err);
}

static const char *const examples[] = {
    "coley man | man -l -",
    "Read the manual.",
    "coley man --pages man1",
    "Write the page of every command into the folder man1.",
    NULL,
};

static const cli_option options[] = {
    {.name = "markdown", .kind = CLI_FLAG, .help = "Print the page docs/cli.md, which holds every command."},
    {.name = "pages", .kind = CLI_FOLDER, .value = "DIR", .help = "Write all pages into this folder, which is made."},
    {0},
};

const cli_command cli_command_man = {
    .name = "man",
    .topic = "Help",
    .summary = "Print a man page",
    .arguments = "[COMMAND]",
    .argument_kind = CLI_COMMAND,
    .max_arguments = 2,
    .description = "The page is roff, as man reads it.",
    .examples = examples,
    .options = options,
    .run = run_man,
};
