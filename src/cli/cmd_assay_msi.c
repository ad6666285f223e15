/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_assay_msi.c -- coley assay msi: microsatellite instability from reads, lengths or variants. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "io/folder.h"
#include "run/msi_run.h"

static const char mark[] = "msi_sites.tsv";

static coley_status write_files(cli_call *call, const coley_text *report, const coley_text *sites, coley_error *err)
{
    const coley_folder_file file[] = {{"msi.json", report->data, report->length}, {mark, sites->data, sites->length}};
    cli_writing_begin();
    const coley_status status =
        coley_folder_write(call->arena, cli_text(call, "out"), file, 2, mark, cli_flag(call, "force"), err);
    cli_writing_end();
    return status;
}

/* HTSlib fetches the reference of a CRAM file from the network unless told where to look; we read local files only. */
static coley_status stay_local(coley_error *err)
{
    const char *path = getenv("REF_PATH");
    if (path && strstr(path, "://"))
        return COLEY_FAIL(err, COLEY_ERR_USAGE,
                          "REF_PATH holds an address; only files of this machine are read: unset it");
    return path || setenv("REF_PATH", "/dev/null/%s", 1) == 0 ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static coley_status read_request(cli_call *call, coley_msi_request *q, coley_error *err)
{
    const char **panel = COLEY_NEW(call->arena, const char *, call->n_given + 1), *value;
    size_t at = 0;
    if (!panel) return COLEY_FAIL_MEMORY(err);
    *q = (coley_msi_request){.bam = cli_text(call, "bam"),
                             .normal = cli_text(call, "normal"),
                             .sites = cli_text(call, "sites"),
                             .reference = cli_text(call, "reference"),
                             .panel = panel,
                             .lengths = cli_text(call, "lengths"),
                             .variants = cli_text(call, cli_is_given(call, "vcf") ? "vcf" : "maf"),
                             .megabases = cli_number(call, "megabases"),
                             .cutoff = cli_text(call, "cutoff"),
                             .test = strcmp(cli_text(call, "test"), "ks") == 0 ? COLEY_MSI_KS : COLEY_MSI_CHI2,
                             .coverage = cli_number(call, "coverage"),
                             .fdr = cli_number(call, "fdr"),
                             .distance = cli_number(call, "min-distance"),
                             .purity = cli_number(call, "purity"),
                             .least_normals = cli_number(call, "min-normals"),
                             .n_threads = cli_threads(call),
                             .skip_missing = cli_flag(call, "skip-missing"),
                             .reads = strcmp(cli_text(call, "reads"), "near") == 0 ? COLEY_MSI_READS_NEAR
                                                                                   : COLEY_MSI_READS_SPANNING,
                             .json = cli_flag(call, "json")};
    while ((value = cli_next(call, "panel", &at))) panel[q->n_panel++] = value;
    return COLEY_OK;
}

static coley_status run_msi(cli_call *call, coley_error *err)
{
    coley_msi_request q;
    coley_text text = {.arena = call->arena}, json = {.arena = call->arena}, sites = {.arena = call->arena};
    const char *folder = cli_text(call, "out");
    COLEY_TRY(stay_local(err));
    COLEY_TRY(read_request(call, &q, err));
    if (folder) COLEY_TRY(coley_folder_check(folder, mark, cli_flag(call, "force"), err));
    if (folder && (q.variants || (q.n_panel && !q.bam)))
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--out goes with --bam or --lengths");
    q.json_report = folder ? &json : NULL;
    q.site_table = folder ? &sites : NULL;
    q.progress = cli_progress(call);
    const coley_status status = coley_msi_run(call->arena, &q, &text, err);
    cli_progress_end();
    COLEY_TRY(status);
    if (folder && !cli_flag(call, "dry-run")) COLEY_TRY(write_files(call, &json, &sites, err));
    return cli_print(&text, err);
}

static const cli_option options[] = {
    {"bam", 'b', CLI_FILE, "TUMOUR", NULL, NULL, 0, 0, 0, 0,
     "Reads of the tumour: BAM, CRAM or SAM, sorted by position."},
    {"normal", 0, CLI_FILE, "NORMAL", NULL, NULL, 0, 0, 0, 0, "Reads of the same person's normal tissue."},
    {"sites", 0, CLI_FILE, "TABLE", NULL, NULL, 0, 0, 0, 0,
     "Microsatellites, as coley assay sites writes them; MSIsensor's and MSIsensor-pro's lists are read too."},
    {"reference", 0, CLI_FILE, "FASTA", NULL, NULL, 0, 0, 0, 0, "Reference of a CRAM file, with its index."},
    {"panel", 0, CLI_FILE, "NORMAL", NULL, NULL, 0, 0, 1, 0,
     "Reads of a normal of somebody else; give it often. With --bam the tumour alone is held against their thresholds; "
     "without, "
     "the table of sites is printed with them."},
    {"lengths", 0, CLI_FILE, "TABLE", NULL, NULL, 0, 0, 0, 0,
     "Repeat lengths in place of reads: columns site, sample (tumour or normal), length, reads, parted by tabs."},
    {"vcf", 0, CLI_FILE, "FILE", NULL, NULL, 0, 0, 0, 0,
     "Somatic variants in place of reads: counts indels in repeats, a fallback that says so."},
    {"maf", 0, CLI_FILE, "FILE", NULL, NULL, 0, 0, 0, 0, "The same from a MAF, sample by sample."},
    {"megabases", 0, CLI_NUMBER, "MB", NULL, NULL, 0.001, 10000, 0, 0,
     "Over how much sequence the variants were called."},
    {"cutoff", 0, CLI_TEXT, "NAME", NULL, NULL, 0, 0, 0, 0,
     "Cut-off of catalog/assays/msi.yaml: panel (unless given), exome or markers with a normal, tumour-only without."},
    {"test", 0, CLI_CHOICE, "TEST", "chi2|ks", "chi2", 0, 0, 0, 0,
     "Two-sample test that decides: chi-squared, as MSIsensor, or Kolmogorov-Smirnov. Both are in the table of sites."},
    {"coverage", 0, CLI_NUMBER, "READS", NULL, NULL, 1, 1e6, 0, 0,
     "Reads that a site needs in every sample; 20 unless given."},
    {"fdr", 0, CLI_NUMBER, "RATE", NULL, NULL, 0, 1, 0, 0,
     "False discovery rate up to which a site is unstable; 0.05 unless given."},
    {"min-distance", 0, CLI_NUMBER, "SHARE", NULL, NULL, 0, 1, 0, 0,
     "Least share of reads by which an unstable site must differ; 0 unless given. Guards deep samples against "
     "libraries that "
     "stutter differently."},
    {"min-normals", 0, CLI_NUMBER, "N", NULL, NULL, 1, 1e6, 0, 0,
     "Normals that a threshold must stand on; 10 unless given."},
    {"purity", 0, CLI_NUMBER, "SHARE", NULL, NULL, 0, 1, 0, 0,
     "Share of tumour cells; with few of them, for the depth, stable sites prove nothing."},
    {"reads", 0, CLI_CHOICE, "WHICH", "near|spanning", "near", 0, 0, 0, 0,
     "Reads that start within 110 bases of a site, duplicates too, as MSIsensor-pro counts and cut-offs were made "
     "with; or all "
     "that lie over it, without duplicates."},
    {"skip-missing", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0,
     "Leave sites out whose contig the file lacks, in place of an error."},
    {0}};

static const char *const examples[] = {
    "coley assay msi --bam tumour.bam --normal normal.bam --sites sites.tsv --out msi",
    "Call and every site's distributions and tests.",
    "coley assay msi --sites sites.tsv --panel n1.bam --panel n2.bam > baseline.tsv",
    "Thresholds from normals, for tumours without one: --sites baseline.tsv.",
    "coley assay msi --maf calls.maf --sites sites.tsv --megabases 30",
    "Fallback from variants.",
    NULL,
};

const cli_command cli_command_assay_msi = {
    .name = "assay msi",
    .topic = "Biomarkers",
    .summary = "Judge microsatellite instability from reads",
    .description = "Counts how often the unit of every microsatellite stands in each read, holds tumour and normal "
                   "against each other site by "
                   "site (false discovery rate by Benjamini and Hochberg), and calls the share of unstable sites: "
                   "MSI-H, MSS or, where the "
                   "reads can't support either, cannot tell, with the numbers that decided. Without a normal the "
                   "tumour is held against "
                   "thresholds from a panel of normals; without either there is no call.\n\n"
                   "Files are read once, from an index if there is one, and memory does not grow with them. Only files "
                   "of this machine are "
                   "read.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON | CLI_TAKES_OUT | CLI_TAKES_THREADS,
    .run = run_msi,
};
