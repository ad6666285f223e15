/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_tissue_seed.c -- coley tissue seed: the cells of a real tumour as the initial state of a tissue model. */
#include <math.h>
#include <string.h>

#include "base/data.h"
#include "base/yaml.h"
#include "cli/cli.h"
#include "run/tissue_seed.h"

/* All values of an option that may be given several times. */
static coley_status take_all(cli_call *call, const char *name, const char *const **list, size_t *n, coley_error *err)
{
    const char **all = NULL, *text;
    size_t at = 0, cap = 0;
    *n = 0;
    while ((text = cli_next(call, name, &at))) {
        if (!COLEY_RESERVE(call->arena, all, cap, *n + 1)) return COLEY_FAIL_MEMORY(err);
        all[(*n)++] = text;
    }
    *list = all;
    return COLEY_OK;
}

/* --map phenotype=Phenotype */
static coley_status read_maps(cli_call *call, coley_tissue_seed_request *q, coley_error *err)
{
    static const coley_cell_column known[] = {COLEY_COLUMN_X, COLEY_COLUMN_Y, COLEY_COLUMN_PHENOTYPE,
                                              COLEY_COLUMN_SAMPLE};
    size_t at = 0;
    for (const char *map; (map = cli_next(call, "map", &at));) {
        const char *equals = strchr(map, '=');
        size_t k = 0;
        for (; equals && equals[1] && k < sizeof known / sizeof *known; k++) {
            const char *name = coley_cell_column_name(known[k]);
            if (strlen(name) == (size_t)(equals - map) && strncmp(name, map, (size_t)(equals - map)) == 0) break;
        }
        if (!equals || !equals[1] || k == sizeof known / sizeof *known)
            return COLEY_FAIL(err, COLEY_ERR_USAGE,
                              "--map %s: write x=COLUMN, y=COLUMN, phenotype=COLUMN or sample=COLUMN",
                              coley_quote_make(map).text);
        q->column[known[k]] = equals + 1;
    }
    return COLEY_OK;
}

static coley_status read_window(cli_call *call, double window[4], coley_error *err)
{
    const char *text = cli_text(call, "window"), *p = text;
    int n = 0;
    for (; n < 4; n++) {
        const size_t length = strcspn(p, ",");
        const char *number = coley_arena_text(call->arena, p, length);
        if (!number) return COLEY_FAIL_MEMORY(err);
        if (!coley_text_number(number, &window[n]) || (p[length] == ',') != (n < 3)) break;
        p += length + 1;
    }
    if (n < 4 || window[0] >= window[2] || window[1] >= window[3])
        return COLEY_FAIL(err, COLEY_ERR_USAGE,
                          "--window %s: write X0,Y0,X1,Y1 in um, as in 0,0,1000,500, the smaller ones first",
                          coley_quote_make(text).text);
    return COLEY_OK;
}

static coley_status run_tissue_seed(cli_call *call, coley_error *err)
{
    double window[4];
    coley_text text = {.arena = call->arena};
    coley_tissue_seed_request q = {.table = call->argument[0],
                                   .settings = cli_text(call, "settings"),
                                   .folder = cli_text(call, "out"),
                                   .pick = cli_text(call, "pick"),
                                   .um_per_unit =
                                       cli_is_given(call, "um-per-pixel") ? cli_number(call, "um-per-pixel") : 1,
                                   .margin_um = cli_number(call, "margin"),
                                   .max_cells = (size_t)cli_integer(call, "max-cells", 0),
                                   .layers = (size_t)cli_integer(call, "extrude", 1),
                                   .seed = cli_seed(call),
                                   .drop_unmapped = cli_flag(call, "drop-unmapped"),
                                   .ignore_unsupported = cli_flag(call, "ignore-unsupported"),
                                   .force = cli_flag(call, "force"),
                                   .dry_run = cli_flag(call, "dry-run"),
                                   .json = cli_flag(call, "json")};
    if (!q.settings)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--settings"}),
                             "is missing: name the model's settings, as in --settings config/PhysiCell_settings.xml");
    if (!q.folder)
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--out"}),
                             "is missing: name the folder for cells.csv and settings.xml, as in --out seeded");
    if (cli_is_given(call, "window")) {
        COLEY_TRY(read_window(call, window, err));
        q.window_um = window;
    }
    COLEY_TRY(read_maps(call, &q, err));
    COLEY_TRY(take_all(call, "type", &q.type, &q.n_types, err));
    COLEY_TRY(take_all(call, "custom", &q.custom, &q.n_custom, err));
    COLEY_TRY(coley_data_path(call->arena, "catalog", &q.catalog, err));
    cli_writing_begin();
    const coley_status status = coley_tissue_seed(call->arena, &q, &text, err);
    cli_writing_end();
    return status == COLEY_OK ? cli_print(&text, err) : status;
}

static const cli_option options[] = {
    {.name = "settings",
     .kind = CLI_FILE,
     .value = "SETTINGS.xml",
     .help = "Settings of the model that is to be seeded."},
    {.name = "map",
     .kind = CLI_TEXT,
     .value = "WHAT=COLUMN",
     .repeats = 1,
     .help = "Column of x, y, phenotype or sample, where the table has a name that is not known. May be given several "
             "times."},
    {.name = "type",
     .kind = CLI_TEXT,
     .value = "TYPE=WORD,WORD",
     .repeats = 1,
     .help = "Cells of these phenotypes become cells of this type of the model. A phenotype of a type's own name needs "
             "no such option. May be given several times."},
    {.name = "drop-unmapped",
     .kind = CLI_FLAG,
     .help = "Leave out cells of phenotypes that no type stands for, instead of refusing the table; they are counted."},
    {.name = "custom",
     .kind = CLI_TEXT,
     .value = "NAME=COLUMN*SCALE",
     .repeats = 1,
     .help = "The model's custom variable NAME of each cell is this column times SCALE (1 unless given); where nothing "
             "was measured it stays as the model has it. May be given several times."},
    {.name = "pick", .kind = CLI_TEXT, .value = "ID", .help = "The sample to take, of a table with several."},
    {.name = "um-per-pixel",
     .kind = CLI_NUMBER,
     .value = "UM",
     .low = 0.001,
     .high = 1000,
     .help = "Micrometres of a pixel, for tables in pixels; x and y are multiplied by it."},
    {.name = "window",
     .kind = CLI_TEXT,
     .value = "X0,Y0,X1,Y1",
     .help = "Only cells in this rectangle, in um of the table."},
    {.name = "max-cells",
     .kind = CLI_INTEGER,
     .value = "N",
     .low = 1,
     .high = 1e8,
     .help = "No more than N cells: those in a square around the middle."},
    {.name = "extrude",
     .kind = CLI_INTEGER,
     .value = "N",
     .low = 1,
     .high = 1000,
     .fallback = "1",
     .help = "N layers along z, a cell's diameter apart: the middle one is the table's, in the others its cells are "
             "moved at random by up to half a cell. 1: a plane."},
    {.name = "margin",
     .kind = CLI_NUMBER,
     .value = "UM",
     .low = 0,
     .high = 10000,
     .fallback = "100",
     .help = "Domain beyond the outermost cells; rounded up to whole voxels."},
    {.name = "ignore-unsupported",
     .kind = CLI_FLAG,
     .help = "Take the model without those of its parts that are not supported, instead of refusing it."},
    {0},
};

static const char *const examples[] = {
    "coley tissue seed lung.csv --settings model/settings.xml --type \"tumour=CK+\" --type \"CD8 T cell=CD8+\" "
    "--drop-unmapped --out seeded",
    "Tumour and CD8 T cells of a lung cancer as they lie; coley tissue run seeded/settings.xml runs them.",
    "coley tissue seed cells.csv --settings model/settings.xml --custom \"PD-L1=Membrane PDL1*0.1\" --extrude 5 --out "
    "seeded",
    "Five layers, each cell with the PD-L1 that was measured on it.",
    NULL,
};

const cli_command cli_command_tissue_seed = {
    .name = "tissue seed",
    .topic = "Tissue",
    .summary = "Make the cells of a real tumour the initial state of a tissue model",
    .arguments = "CELLS",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "CELLS is a table with a row a cell, as coley assay pdl1 and infiltrate read it: CSV, TSV or semicolons, plain "
        "or "
        "gzipped, or AnnData (.h5ad). Writes cells.csv and a copy of the settings with a domain around the cells, and "
        "copies the files that the settings name: coley tissue run DIR/settings.xml runs at once, and so does "
        "PhysiCell "
        "from the folder above.\n\n"
        "Cells stay where the table has them; those that overlap are pushed apart in the first minutes of a run. Cells "
        "that the settings would place at random are taken out.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_SEED | CLI_TAKES_JSON,
    .run = run_tissue_seed,
};
