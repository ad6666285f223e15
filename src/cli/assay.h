/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay.h -- options that the commands which read variants share. */
#ifndef COLEY_CLI_ASSAY_H
#define COLEY_CLI_ASSAY_H

#include "cli/cli.h"
#include "run/biomarkers.h"
#include "run/tmb_report.h"

/* Rows of an option table: how variants are read and counted. */
#define CLI_VARIANT_OPTIONS                                                                                            \
    {"definition",                                                                                                     \
     'd',                                                                                                              \
     CLI_CHOICE,                                                                                                       \
     "NAME",                                                                                                           \
     "nonsynonymous|cbioportal|coding|all",                                                                            \
     "nonsynonymous",                                                                                                  \
     0,                                                                                                                \
     0,                                                                                                                \
     0,                                                                                                                \
     0,                                                                                                                \
     "Which effects count; catalog/assays/tmb.yaml says what each is and whose."},                                     \
        {"sample",                                                                                                     \
         'S',                                                                                                          \
         CLI_TEXT,                                                                                                     \
         "ID",                                                                                                         \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         "The sample: of a VCF else the tumour, as its header or the names say; of a MAF else every one."},            \
        {"targets",                                                                                                    \
         't',                                                                                                          \
         CLI_FILE,                                                                                                     \
         "BED",                                                                                                        \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         "What was sequenced: only variants whose position lies inside count, over its megabases."},                   \
        {"megabases",                                                                                                  \
         'm',                                                                                                          \
         CLI_NUMBER,                                                                                                   \
         "MB",                                                                                                         \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         0.001,                                                                                                        \
         10000,                                                                                                        \
         0,                                                                                                            \
         0,                                                                                                            \
         "How much was sequenced, in megabases: 30 to 38 for most exomes."},                                           \
        {"panel",                                                                                                      \
         'p',                                                                                                          \
         CLI_TEXT,                                                                                                     \
         "NAME",                                                                                                       \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         "A panel of catalog/assays/tmb.yaml, such as IMPACT468."},                                                    \
        {"panels",                                                                                                     \
         0,                                                                                                            \
         CLI_FILE,                                                                                                     \
         "TSV",                                                                                                        \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         "A table of samples and their panels; samples that no variant names have none."},                             \
        {"any-filter", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "Count what failed the caller's filters too."},      \
        {"min-depth", 0, CLI_NUMBER, "N", NULL, NULL, 1, 1e6, 0, 0, "Least number of reads."},                         \
        {"min-fraction", 0, CLI_NUMBER, "F", NULL, NULL, 0, 1, 0, 0, "Least allele fraction, as 0.05."},               \
        {"max-frequency",                                                                                              \
         0,                                                                                                            \
         CLI_NUMBER,                                                                                                   \
         "F",                                                                                                          \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         0,                                                                                                            \
         1,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         "Leave out what is commoner in the population (gnomAD, ExAC or 1000 Genomes in the file), as 0.001."},        \
        {"drivers",                                                                                                    \
         0,                                                                                                            \
         CLI_TEXT,                                                                                                     \
         "FILE",                                                                                                       \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         "Leave out known drivers, as panels do: a table of gene and change, or \"default\" for the catalog's."},      \
        {"gff",                                                                                                        \
         0,                                                                                                            \
         CLI_FILE,                                                                                                     \
         "GFF3",                                                                                                       \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         "Transcripts, for a VCF that no annotator has gone over; with --reference."},                                 \
        {"reference", 0, CLI_FILE, "FASTA", NULL, NULL, 0, 0, 0, 0, "The genome's sequence, indexed; with --gff."},    \
        {"picked",                                                                                                     \
         0,                                                                                                            \
         CLI_FLAG,                                                                                                     \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         NULL,                                                                                                         \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         0,                                                                                                            \
         "Judge by the annotator's chosen transcript (PICK, CANONICAL, the first) in place of any."},                  \
    {                                                                                                                  \
        "unique", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "A variant that a MAF names twice counts once."           \
    }

/* Rows of an option table: what neoantigen load needs beside the variants. */
#define CLI_NEOANTIGEN_OPTIONS                                                                                          \
    {"purity",                                                                                                          \
     'u',                                                                                                               \
     CLI_NUMBER,                                                                                                        \
     "F",                                                                                                               \
     NULL,                                                                                                              \
     NULL,                                                                                                              \
     0.01,                                                                                                              \
     1,                                                                                                                 \
     0,                                                                                                                 \
     0,                                                                                                                 \
     "Share of the sample's cells that are tumour, as 0.6; clonality needs it."},                                       \
        {"hla-lost", 0, CLI_INTEGER, "N", NULL, NULL, 0, 6, 0, 0, "How many of the six class I HLA alleles are lost."}, \
    {                                                                                                                   \
        "predicted", 0, CLI_FILE, "TSV", NULL, NULL, 0, 0, 0, 0,                                                        \
            "A list of predicted neoantigens, as pVACtools writes it."                                                  \
    }

#define CLI_BIOMARKERS_OPTION                                                                                          \
    {                                                                                                                  \
        "biomarkers", 'b', CLI_FILE, "FILE", NULL, NULL, 0, 0, 0, 0,                                                   \
            "What assays found in the tumour, as coley assay panel writes it; what is said otherwise stays."           \
    }

/* Read the file of --biomarkers, if it was given, into the scenario. */
COLEY_MUST_CHECK coley_status cli_take_biomarkers(cli_call *call, coley_scenario *scenario, coley_error *err);

/* What those options say. */
COLEY_MUST_CHECK coley_status cli_tmb_request(cli_call *call, const char *variants, coley_tmb_request *request,
                                              coley_error *err);

#endif
