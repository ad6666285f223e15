/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_assay_neoantigen.c -- coley assay neoantigen: neoantigen load out of variants by published ratios. */
#include "cli/assay.h"
#include "run/neoantigen_report.h"

static coley_status run_assay_neoantigen(cli_call *call, coley_error *err)
{
    coley_tmb_request request;
    coley_tmb_report report;
    coley_neoantigen_facts facts;
    coley_text text = {.arena = call->arena};
    coley_emit emit = {.out = &text, .style = COLEY_EMIT_JSON};
    const coley_neoantigen_options options = {.purity = cli_number(call, "purity"),
                                              .alleles_lost = (int)cli_integer(call, "hla-lost", -1),
                                              .predicted = cli_text(call, "predicted")};
    COLEY_TRY(cli_tmb_request(call, call->argument[0], &request, err));
    COLEY_TRY(coley_neoantigen_facts_read(call->arena, request.catalog, &facts, err));
    COLEY_TRY(coley_tmb_of_request(call->arena, &request, &report, err));
    if (cli_flag(call, "json")) coley_emit_list(&emit, NULL);
    for (size_t i = 0; i < report.n; i++) {
        coley_neoantigens found;
        COLEY_TRY(coley_neoantigens_of(call->arena, &report, &report.tmb[i], &facts, &options, &found, err));
        if (cli_flag(call, "json")) {
            coley_emit_map(&emit, NULL);
            coley_emit_text(&emit, "sample", report.tmb[i].sample);
            coley_neoantigen_emit(&found, &facts, "neoantigens", &emit);
            coley_emit_end(&emit);
        } else {
            coley_neoantigen_words(&report.tmb[i], &found, &facts, &text);
        }
    }
    if (cli_flag(call, "json")) coley_emit_end(&emit);
    return text.failed ? COLEY_FAIL_MEMORY(err) : cli_print(&text, err);
}

static const cli_option options[] = {CLI_NEOANTIGEN_OPTIONS, CLI_VARIANT_OPTIONS, {0}};

static const char *const examples[] = {
    "coley assay neoantigen tumour.vcf.gz --targets exome.bed --purity 0.6",
    "Load and clonality of one tumour.",
    "coley assay neoantigen tumour.maf --megabases 35 --sample T1 --predicted all_epitopes.tsv",
    "With a predictor's list beside it.",
    NULL,
};

const cli_command cli_command_assay_neoantigen = {
    .name = "assay neoantigen",
    .topic = "Biomarkers",
    .summary = "Estimate neoantigen load from variants by published ratios",
    .arguments = "VARIANTS",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description =
        "How many of a tumour's mutations T cells are likely to see, from their number and a published share, "
        "and how many are clonal, from allele fraction, depth and purity. It predicts no binding; a list by a "
        "predictor (pVACtools) can be given and is counted.\n\n"
        "For research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON,
    .run = run_assay_neoantigen,
};
