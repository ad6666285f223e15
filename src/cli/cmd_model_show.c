/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_model_show.c -- coley model show: everything that is in a model, flattened. */
#include "cli/cmd_model.h"

static coley_status run_model_show(cli_call *call, coley_error *err)
{
    coley_model model;
    coley_text text = {.arena = call->arena};
    COLEY_TRY(cli_read_model(call, &model, err));
    coley_model_tables(call->arena, &model, cli_flag(call, "json"), &text);
    return cli_print(&text, err);
}

static const cli_option options[] = {CLI_MODEL_OPTIONS, {0}};

static const char *const examples[] = {
    "coley model show models/patient | less -S",
    "Look at the patient model.",
    NULL,
};

const cli_command cli_command_model_show = {
    .name = "model show",
    .topic = "Models",
    .summary = "Print what a model holds",
    .arguments = "FILE...",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = -1,
    .description =
        "Symbols with value or rule, unit and source, then reactions with their rates; submodels are written "
        "out.\n\n" CLI_MODEL_FILES,
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_model_show,
};
