/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_assay_sites.c -- coley assay sites: the microsatellites of a reference sequence, as a table. */
#include "assay/sites.h"
#include "cli/cli.h"

enum { FLUSH = 1 << 20 };

typedef struct table {
    coley_text text;
} table;

static coley_status take(void *self, const coley_site_row *row, coley_error *err)
{
    table *t = self;
    coley_site_row_add(&t->text, row);
    if (t->text.length < FLUSH) return COLEY_OK;
    COLEY_TRY(cli_print(&t->text, err));
    t->text.length = 0;
    return COLEY_OK;
}

static coley_status run_sites(cli_call *call, coley_error *err)
{
    const coley_site_scan_options options = {.least_homopolymer = (int)cli_integer(call, "min-homopolymer", 8),
                                             .least_repeats = (int)cli_integer(call, "min-repeats", 5),
                                             .longest_unit = (int)cli_integer(call, "max-unit", 6),
                                             .flank = (int)cli_integer(call, "flank", 5)};
    coley_site_scan_totals totals;
    table t = {.text = {.arena = call->arena}};
    coley_text_addf(&t.text, "%s", coley_sites_heading);
    COLEY_TRY(coley_sites_scan(call->arena, call->argument[0], &options, take, &t, &totals, err));
    COLEY_TRY(cli_print(&t.text, err));
    coley_log_add(&call->log, COLEY_LOG_NOTE, "%zu microsatellites in %zu contigs of %.3f Mb, %.3f Mb of it not known",
                  totals.n_sites, totals.n_contigs, (double)totals.n_bases / 1e6, (double)totals.n_unknown / 1e6);
    return COLEY_OK;
}

static const cli_option options[] = {
    {"min-homopolymer", 0, CLI_INTEGER, "N", NULL, "8", 2, 1000, 0, 0, "Fewest units of one base."},
    {"min-repeats", 0, CLI_INTEGER, "N", NULL, "5", 2, 1000, 0, 0, "Fewest units of two bases and more."},
    {"max-unit", 0, CLI_INTEGER, "BASES", NULL, "6", 1, COLEY_SITE_MAX_UNIT, 0, 0, "Longest unit."},
    {"flank", 0, CLI_INTEGER, "BASES", NULL, "5", 3, COLEY_SITE_MAX_FLANK, 0, 0,
     "Bases on either side by which reads are recognised."},
    {0}};

static const char *const examples[] = {
    "coley assay sites GRCh38.fa > sites.tsv",
    "All microsatellites of a genome, for coley assay msi.",
    NULL,
};

const cli_command cli_command_assay_sites = {
    .name = "assay sites",
    .topic = "Biomarkers",
    .summary = "List the microsatellites of a reference sequence",
    .arguments = "REFERENCE.fa",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description = "Goes through a FASTA file (plain, gzip or bgzip) and prints a row for every homopolymer and every "
                   "unit of two to six "
                   "bases that is repeated, with the bases on either side. Memory does not grow with the file. The "
                   "table has the columns "
                   "of MSIsensor-pro's lists and names the same sites with the same options.",
    .examples = examples,
    .options = options,
    .run = run_sites,
};
