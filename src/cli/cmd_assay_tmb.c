/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_assay_tmb.c -- coley assay tmb: tumour mutational burden out of VCF, BCF or MAF. */
#include "cli/assay.h"

static coley_status run_assay_tmb(cli_call *call, coley_error *err)
{
    coley_tmb_request request;
    coley_tmb_report report;
    coley_text text = {.arena = call->arena};
    COLEY_TRY(cli_tmb_request(call, call->argument[0], &request, err));
    COLEY_TRY(coley_tmb_of_request(call->arena, &request, &report, err));
    if (cli_flag(call, "json"))
        coley_tmb_json(&report, &text);
    else if (cli_flag(call, "csv"))
        coley_tmb_csv(&report, &text);
    else
        coley_tmb_words(&report, &text);
    return text.failed ? COLEY_FAIL_MEMORY(err) : cli_print(&text, err);
}

static const cli_option options[] = {
    CLI_VARIANT_OPTIONS, {"csv", 0, CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "A row a sample, for a spreadsheet."}, {0}};

static const char *const examples[] = {
    "coley assay tmb tumour.vcf.gz --targets exome.bed",
    "One tumour's exome, annotated by VEP, SnpEff or bcftools csq.",
    "coley assay tmb mutations.maf --panels gene_panels.tsv --csv",
    "Every sample of a cohort, each over its own panel.",
    "coley assay tmb calls.vcf --megabases 35 --gff genes.gff3.gz --reference genome.fa",
    "Calls that nobody has annotated: effects by our own reading of the codons.",
    NULL,
};

const cli_command cli_command_assay_tmb = {
    .name = "assay tmb",
    .topic = "Biomarkers",
    .summary = "Count tumour mutational burden from VCF, BCF or MAF",
    .arguments = "VARIANTS",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "Somatic variants that a definition counts, over the megabases that were sequenced, with the exact "
        "interval of the count, and high or low by the label's cut-off. What was left out is counted by its "
        "reason. Where the file can't say it (no effects, no size), the answer is \"cannot tell\" and why.\n\n"
        "VARIANTS is VCF (plain, gzip or bgzip), BCF or MAF, of this machine; an index is not needed. Effects "
        "come from CSQ, ANN or BCSQ, from a MAF's Variant_Classification, or from --gff and --reference.\n\n"
        "For research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_assay_tmb,
};
