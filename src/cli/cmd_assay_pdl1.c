/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_assay_pdl1.c -- coley assay pdl1: TPS, CPS and IC of tables of cells. */
#include <math.h>
#include <string.h>

#include "base/data.h"
#include "cli/cmd_assay_cells.h"
#include "run/assay_pdl1.h"

static coley_status take_all(cli_call *call, const char *option, const char *const **list, size_t *n, coley_error *err)
{
    const char **all = NULL;
    size_t cap = 0, at = 0;
    const char *one;
    while ((one = cli_next(call, option, &at))) {
        if (!COLEY_RESERVE(call->arena, all, cap, *n + 1)) return COLEY_FAIL_MEMORY(err);
        all[(*n)++] = one;
    }
    *list = all;
    return COLEY_OK;
}

coley_status cli_cells_request(cli_call *call, coley_cells_request *q, coley_error *err)
{
    *q = (coley_cells_request){.file = call->argument,
                               .n_files = call->n_arguments,
                               .pick = cli_text(call, "pick"),
                               .um_per_unit = 1,
                               .json = cli_flag(call, "json"),
                               .seed = 1};
    q->column[COLEY_COLUMN_X] = cli_text(call, "x");
    q->column[COLEY_COLUMN_Y] = cli_text(call, "y");
    q->column[COLEY_COLUMN_PHENOTYPE] = cli_text(call, "phenotype");
    q->column[COLEY_COLUMN_REGION] = cli_text(call, "region");
    q->column[COLEY_COLUMN_SAMPLE] = cli_text(call, "sample");
    const double um = cli_number(call, "um-per-pixel");
    const int pixels = strcmp(cli_text(call, "units"), "px") == 0;
    if (pixels && isnan(um))
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--units px: say how large a pixel is with --um-per-pixel");
    if (!isnan(um)) q->um_per_unit = um;
    COLEY_TRY(take_all(call, "map", &q->map, &q->n_maps, err));
    COLEY_TRY(take_all(call, "call", &q->call, &q->n_calls, err));
    return coley_data_path(call->arena, "catalog", &q->catalog, err);
}

static coley_status run_pdl1(cli_call *call, coley_error *err)
{
    coley_pdl1_request q = {.assay = cli_text(call, "assay")};
    coley_text text = {.arena = call->arena};
    const char *above;
    size_t at = 0;
    COLEY_TRY(cli_cells_request(call, &q.cells, err));
    q.cells.column[COLEY_COLUMN_PDL1] = cli_text(call, "pdl1");
    q.cells.column[COLEY_COLUMN_AREA] = cli_text(call, "area");
    if (cli_is_given(call, "seed")) q.cells.seed = cli_seed(call);
    while ((above = cli_next(call, "above", &at))) {
        if (q.n_above == COLEY_PDL1_MAX_ABOVE)
            return COLEY_FAIL(err, COLEY_ERR_USAGE, "--above is given more than %d times", COLEY_PDL1_MAX_ABOVE);
        if (!coley_text_number(above, &q.above[q.n_above++]))
            return COLEY_FAIL(err, COLEY_ERR_USAGE, "--above %s: not a number", above);
    }
    COLEY_TRY(coley_assay_pdl1(call->arena, &q, &text, err));
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {.name = "assay",
     .letter = 'a',
     .kind = CLI_TEXT,
     .value = "CLONE",
     .fallback = "22C3",
     .help = "Rules and cutoffs of this assay: 22C3, 28-8, SP142, SP263 or 73-10 (catalog/assays/pdl1.yaml)."},
    {.name = "pdl1",
     .kind = CLI_TEXT,
     .value = "COLUMN",
     .help = "Column of PD-L1: an intensity, or a call (0, 1, yes, no, PDL1+)."},
    {.name = "above",
     .kind = CLI_TEXT,
     .value = "X",
     .repeats = 1,
     .help = "A cell whose intensity is above X is stained. Several: a score for each."},
    {.name = "area",
     .kind = CLI_TEXT,
     .value = "COLUMN",
     .help = "Column of the cell's area in um2: IC is then a share of area, as it is defined."},
    CLI_CELLS_OPTIONS,
    {0}};

static const char *const examples[] = {
    "coley assay pdl1 cells.csv --pdl1 \"Membrane PDL1 (Opal 520) Mean\" --above 1 --above 2 --above 5",
    "TPS and CPS at three thresholds of membrane staining.",
    "coley assay pdl1 core.csv.gz --x XMin,XMax --y YMin,YMax --units px --um-per-pixel 0.5 --pdl1 PDL1_Positive "
    "--call cd8=CD3_CD8",
    "A table with calls in place of phenotypes.",
    NULL,
};

const cli_command cli_command_assay_pdl1 = {
    .name = "assay pdl1",
    .topic = "Biomarkers",
    .summary = "Score PD-L1 (TPS, CPS, IC) from a table of cells",
    .arguments = "CELLS...",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = -1,
    .description = CLI_CELLS_FILES
    "\n\nTPS is the share of tumour cells that stain, CPS adds stained lymphocytes and macrophages, IC is the share of "
    "the tumour's area that stained immune cells cover. Each has two percentile bootstrap ranges: cells drawn again, "
    "and "
    "tiles of tissue drawn again. With fewer than 100 tumour cells the answer is that one cannot tell.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON | CLI_TAKES_SEED,
    .run = run_pdl1,
};
