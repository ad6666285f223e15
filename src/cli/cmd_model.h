/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_model.h -- what the commands coley model check, show and simulate share. */
#ifndef COLEY_CLI_CMD_MODEL_H
#define COLEY_CLI_CMD_MODEL_H

#include "cli/cli.h"
#include "run/model_run.h"

#define CLI_MODEL_FILES                                                                                                \
    "The files are in the Antimony language and are read as one model, in the order given; or it is one file in "      \
    "SBML, Level 2 or 3. \"-\" reads standard input. What is read of both languages, and what is refused, is in "      \
    "docs/language.md. "                                                 \
    "A folder that holds a patient.yaml, such as models/patient, is put together as a patient with every class of "    \
    "drug."

#define CLI_MODEL_OPTIONS                                                                                              \
    {.name = "top",                                                                                                    \
     .kind = CLI_TEXT,                                                                                                 \
     .value = "NAME",                                                                                                  \
     .help = "Model block to take; the one that no other block uses unless given."},                                   \
    {                                                                                                                  \
        .name = "lesions", .kind = CLI_INTEGER, .value = "N", .low = 1, .high = 5, .fallback = "1",                    \
        .help = "Lesions of a patient that is put together from a folder."                                             \
    }

/* Read the files that are the call's arguments. */
coley_status cli_read_model(cli_call *call, coley_model *model, coley_error *err);

#endif
