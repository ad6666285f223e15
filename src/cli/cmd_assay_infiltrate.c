/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_assay_infiltrate.c -- coley assay infiltrate: densities, immune phenotype and neighbours of tables of cells. */
#include "cli/cmd_assay_cells.h"
#include "run/assay_infiltrate.h"

static coley_status run_infiltrate(cli_call *call, coley_error *err)
{
    coley_infiltrate_request q = {.margin_um = cli_number(call, "margin")};
    coley_text text = {.arena = call->arena};
    COLEY_TRY(cli_cells_request(call, &q.cells, err));
    COLEY_TRY(coley_assay_infiltrate(call->arena, &q, &text, err));
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {.name = "margin",
     .kind = CLI_NUMBER,
     .value = "UM",
     .low = 0,
     .high = 10000,
     .help = "Width of the margin to each side of the border; 100 um unless given, 500 for a slide scanned whole."},
    CLI_CELLS_OPTIONS,
    {0}};

static const char *const examples[] = {
    "coley assay infiltrate cells.csv",
    "Cells per mm2 of tumour, margin and stroma, who lies near whom, and the immune phenotype.",
    "coley assay infiltrate mibi.csv.gz --units px --um-per-pixel 0.39 --sample Person",
    "A line a person.",
    NULL,
};

const cli_command cli_command_assay_infiltrate = {
    .name = "assay infiltrate",
    .topic = "Biomarkers",
    .summary = "Count the infiltrate of a tumour from a table of cells: inflamed, excluded or desert",
    .arguments = "CELLS...",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = -1,
    .description = CLI_CELLS_FILES
    "\n\nDensities of CD8, CD4, regulatory T cells, macrophages and B cells in tumour, margin and stroma; distances to "
    "the "
    "nearest cell of another type and cross-K, with edges corrected in the rectangle around all cells; and whether the "
    "tumour is inflamed, excluded or desert by CD8 cells per mm2 (catalog/assays/infiltrate.yaml).",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_infiltrate,
};
