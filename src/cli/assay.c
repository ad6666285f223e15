/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay.c -- options as a request. */
#include "cli/assay.h"

#include "base/data.h"

coley_status cli_tmb_request(cli_call *call, const char *variants, coley_tmb_request *request, coley_error *err)
{
    *request = (coley_tmb_request){.variants = variants,
                                   .definition = cli_text(call, "definition"),
                                   .sample = cli_text(call, "sample"),
                                   .targets = cli_text(call, "targets"),
                                   .panel = cli_text(call, "panel"),
                                   .panels = cli_text(call, "panels"),
                                   .drivers = cli_text(call, "drivers"),
                                   .gff = cli_text(call, "gff"),
                                   .reference = cli_text(call, "reference"),
                                   .megabases = cli_number(call, "megabases"),
                                   .min_depth = cli_number(call, "min-depth"),
                                   .min_fraction = cli_number(call, "min-fraction"),
                                   .max_frequency = cli_number(call, "max-frequency"),
                                   .any_filter = cli_flag(call, "any-filter"),
                                   .picked = cli_flag(call, "picked"),
                                   .unique = cli_flag(call, "unique")};
    return coley_data_path(call->arena, "catalog", &request->catalog, err);
}

coley_status cli_take_biomarkers(cli_call *call, coley_scenario *scenario, coley_error *err)
{
    coley_biomarkers biomarkers;
    const char *path = cli_text(call, "biomarkers");
    if (!path) return COLEY_OK;
    COLEY_TRY(coley_biomarkers_read(call->arena, path, &biomarkers, err));
    return coley_biomarkers_apply(call->arena, &biomarkers, scenario, err);
}
