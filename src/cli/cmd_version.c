/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_version.c -- coley version: this build, for a methods section or a bug report. */
#include "cli/cli.h"

#include "base/data.h"

static coley_status run_version(cli_call *call, coley_error *err)
{
    coley_text text = {.arena = call->arena};
    const char *data = NULL;
    if (coley_data_path(call->arena, "", &data, NULL) != COLEY_OK) data = "not found";
    const int json = cli_flag(call, "json");
    coley_text_addf(&text,
                    json ? "{\"version\":\"%s\",\"compiler\":\"%s\",\"data\":\"%s\"}\n"
                         : "coley %s\ncompiler  %s\ndata      %s\nlicence   GPL-3.0-or-later, no warranty\n",
                    COLEY_VERSION,
#ifdef __clang__
                    "clang " __clang_version__,
#else
                    "gcc " __VERSION__,
#endif
                    data);
    return cli_print(&text, err);
}

const cli_command cli_command_version = {
    .name = "version",
    .topic = "Help",
    .summary = "Say what this build is",
    .description = "Version, compiler, and the folder that the model files and the catalog are read from.",
    .groups = CLI_TAKES_JSON,
    .run = run_version,
};
