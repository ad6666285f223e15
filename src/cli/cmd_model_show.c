/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_model_show.c -- coley model show: everything that is in a model, flattened. */
#include "cli/cmd_model.h"

static coley_status run_model_show(cli_call *call, coley_error *err)
{
    coley_model model;
    coley_text text = {.arena = call->arena};
    COLEY_TRY(cli_read_model(call, &model, err));
    if (cli_flag(call, "graph"))
        COLEY_TRY(coley_model_graph(call->arena, &model, &text, err));
    else
        COLEY_TRY(coley_model_tables(call->arena, &model, cli_flag(call, "json"), &text, err));
    return cli_print(&text, err);
}

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    {.name = "graph",
     .kind = CLI_FLAG,
     .help = "Print the network in the dot language of Graphviz in place of tables; a dashed line is an influence."},
    {0},
};

static const char *const examples[] = {
    "coley model show models/patient | less -S",
    "Look at the patient model.",
    "coley model show mymodel.ant --graph | dot -Tsvg > mymodel.svg",
    "Draw the network.",
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
        "Symbols with their role (state, input, rule), value or rule, unit and source; events; reactions with their "
        "rates; what changes each species; and the sums of amounts that no reaction changes, found exactly. "
        "Submodels are written out.\n\n" CLI_MODEL_FILES,
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_model_show,
};
