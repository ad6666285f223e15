/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_assay_cells.h -- what coley assay pdl1 and infiltrate share: options that say which column is which. */
#ifndef COLEY_CLI_CMD_ASSAY_CELLS_H
#define COLEY_CLI_CMD_ASSAY_CELLS_H

#include "cli/cli.h"
#include "run/assay_cells.h"

#define CLI_CELLS_FILES                                                                                                \
    "CELLS is a table with a row a cell: CSV, TSV or semicolons, plain or gzipped, or AnnData (.h5ad). Columns and "   \
    "words that programs commonly write are known (catalog/assays/cells.yaml); the report says which were read, and "  \
    "which words it did not know. A column of samples or people gives a result each."

#define CLI_CELLS_OPTIONS                                                                                              \
    {.name = "x",                                                                                                      \
     .kind = CLI_TEXT,                                                                                                 \
     .value = "COLUMN",                                                                                                \
     .help = "Column of the position in x; \"A,B\" is the middle "                                                     \
             "of two."},                                                                                               \
        {.name = "y", .kind = CLI_TEXT, .value = "COLUMN", .help = "Column of the position in y."},                    \
        {.name = "phenotype", .kind = CLI_TEXT, .value = "COLUMN", .help = "Column of what each cell is."},            \
        {.name = "map",                                                                                                \
         .kind = CLI_TEXT,                                                                                             \
         .value = "TYPE=WORD,WORD",                                                                                    \
         .repeats = 1,                                                                                                 \
         .help = "These words of that column mean TYPE: tumour, cd8, cd4, treg, t, b, nk, macrophage, dendritic, "     \
                 "granulocyte, immune, stromal or other. May be given several times."},                                \
        {.name = "call",                                                                                               \
         .kind = CLI_TEXT,                                                                                             \
         .value = "TYPE=COLUMN",                                                                                       \
         .repeats = 1,                                                                                                 \
         .help = "Cells where COLUMN says 1, yes or + are of TYPE, whatever their phenotype; the first such option "   \
                 "that holds counts. May be given several times."},                                                    \
        {.name = "region", .kind = CLI_TEXT, .value = "COLUMN", .help = "Column of tumour or stroma."},                \
        {.name = "sample", .kind = CLI_TEXT, .value = "COLUMN", .help = "Column of the sample or person."},            \
        {.name = "pick", .kind = CLI_TEXT, .value = "ID", .help = "This sample only."},                                \
        {.name = "units",                                                                                              \
         .kind = CLI_CHOICE,                                                                                           \
         .value = "UNIT",                                                                                              \
         .choices = "um|px",                                                                                           \
         .fallback = "um",                                                                                             \
         .help = "Unit of x and y; px needs --um-per-pixel."},                                                         \
    {                                                                                                                  \
        .name = "um-per-pixel", .kind = CLI_NUMBER, .value = "UM", .low = 0.001, .high = 1000,                         \
        .help = "Micrometres of a pixel; x and y are multiplied by it."                                                \
    }

/* The request that the options and arguments of the call make. */
coley_status cli_cells_request(cli_call *call, coley_cells_request *request, coley_error *err);

#endif
