/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_assay_expression.c -- coley assay expression: T-cell-inflamed scores of bulk RNA. */
#include "base/data.h"
#include "cli/cli.h"
#include "run/assay_expression.h"

static coley_status run_expression(cli_call *call, coley_error *err)
{
    coley_expression_request q = {
        .file = call->argument[0], .is_log = cli_flag(call, "log2"), .json = cli_flag(call, "json")};
    coley_text text = {.arena = call->arena};
    COLEY_TRY(coley_data_path(call->arena, "catalog", &q.catalog, err));
    COLEY_TRY(coley_assay_expression(call->arena, &q, &text, err));
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {.name = "log2",
     .kind = CLI_FLAG,
     .help = "The values are logarithms to base 2 already; else log2(x + 1) is taken."},
    {0}};

static const char *const examples[] = {
    "coley assay expression tpm.tsv",
    "Scores of every sample of a table of TPM with gene symbols.",
    NULL,
};

const cli_command cli_command_assay_expression = {
    .name = "assay expression",
    .topic = "Biomarkers",
    .summary = "Score how T-cell-inflamed tumours are from gene expression",
    .arguments = "TABLE.tsv",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description = "TABLE has gene symbols in rows and samples in columns, or the other way round; tabs, commas or "
                   "semicolons, plain or gzipped.\n\nThe T-cell-inflamed profile of 18 genes (weighted, against "
                   "housekeeping genes), the same genes against the other samples of the file, and cytolytic activity "
                   "(catalog/assays/expression.yaml). A gene that a score needs and the table lacks: one cannot tell.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_expression,
};
