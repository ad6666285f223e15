/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_tissue_check.c -- coley tissue check: what a tissue model says, or what is wrong with it. */
#include "cli/cli.h"
#include "run/tissue_summary.h"

static coley_status run_tissue_check(cli_call *call, coley_error *err)
{
    coley_tissue_model model;
    coley_physicell_notes notes = {0};
    coley_text text = {.arena = call->arena};
    const coley_physicell_options options = {.ignore_unsupported = cli_flag(call, "ignore-unsupported"),
                                             .notes = &notes};
    COLEY_TRY(coley_physicell_read(call->arena, call->argument[0], options, &model, err));
    COLEY_TRY(coley_tissue_summary(call->arena, &model, &notes, cli_flag(call, "json"), &text, err));
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {.name = "ignore-unsupported",
     .kind = CLI_FLAG,
     .help = "Leave out what is not supported, instead of refusing the model; what is left out is named."},
    {0},
};

static const char *const examples[] = {
    "coley tissue check config/PhysiCell_settings.xml",
    "Read the settings and the files that they name.",
    "coley tissue check config/PhysiCell_settings.xml --json",
    "The same for a program, with every number of every cell type.",
    NULL,
};

const cli_command cli_command_tissue_check = {
    .name = "tissue check",
    .topic = "Tissue",
    .summary = "Read a tissue model and say what it says, or what is wrong with it",
    .arguments = "SETTINGS.xml",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "Reads PhysiCell's settings XML and the rules CSV, cells CSV and start values that it names, and prints "
        "domain, "
        "steps, substrates, cell types, cells at the start and every rule as a sentence.\n\n"
        "A fault ends the command with 3 and names file and line; what Coley does not support (models inside cells, "
        "parameters of a project's own C++ code, unknown elements) ends it with 6. Files are looked for from the "
        "current "
        "folder, then from the folder of the settings and the one above it.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_tissue_check,
};
