/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_model_check.c -- coley model check; and how the three model commands read their files. */
#include "cli/cmd_model.h"

coley_status cli_read_model(cli_call *call, coley_model *model, coley_error *err)
{
    const coley_model_source source = {.n = call->n_arguments,
                                       .path = call->argument,
                                       .top = cli_text(call, "top"),
                                       .n_lesions = (size_t)cli_integer(call, "lesions", 1)};
    return coley_model_read(call->arena, &source, model, err);
}

static coley_status run_model_check(cli_call *call, coley_error *err)
{
    coley_model model;
    coley_text text = {.arena = call->arena};
    COLEY_TRY(cli_read_model(call, &model, err));
    coley_unit_report units;
    COLEY_TRY(coley_model_review(call->arena, &model, &call->log, &units, err));
    coley_model_summary(&model, &units, cli_flag(call, "json"), &text);
    COLEY_TRY(cli_print(&text, err));
    if (cli_flag(call, "strict") && units.n_faults)
        return COLEY_FAIL_AT(
            err, COLEY_ERR_INPUT,
            ((coley_place){.file = units.fault[0].file, .line = units.fault[0].line, .key = units.fault[0].symbol}),
            "units: %s", units.fault[0].text);
    return COLEY_OK;
}

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    {.name = "strict", .kind = CLI_FLAG, .help = "Units that disagree are a fault, not a warning."},
    {0},
};

static const char *const examples[] = {
    "coley model check mymodel.ant",
    "Read one file.",
    "coley model check models/patient",
    "Put the patient model together and check it.",
    NULL,
};

const cli_command cli_command_model_check = {
    .name = "model check",
    .topic = "Models",
    .summary = "Read a model and say what is wrong with it",
    .arguments = "FILE...",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = -1,
    .description = CLI_MODEL_FILES
    "\n\nA fault ends the command with 3 and names file, line and column. Units are checked through every formula: "
    "sums of like with like, rates per time, pure numbers in exp and log. Where they disagree, and where a unit "
    "cannot be read, a warning names file, line and both units. A number without a unit fits anything.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_model_check,
};
