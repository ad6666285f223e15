/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_assay_panel.c -- coley assay panel: all biomarkers of one tumour, as a report and as biomarkers.yaml. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/data.h"
#include "cli/assay.h"
#include "io/folder.h"
#include "run/candidate.h"
#include "run/panel.h"
#include "run/report.h"
#include "run/session.h"

/* The place of a choice among its words, -1 when it was not given. */
static int choice(cli_call *call, const char *name, const char *const *words)
{
    const char *text = cli_text(call, name);
    for (int i = 0; text && words[i]; i++)
        if (!strcmp(text, words[i])) return i;
    return -1;
}

static coley_status read_request(cli_call *call, coley_panel_request *q, coley_pdl1_request *cells, coley_error *err)
{
    static const char *const msi[] = {"stable", "low", "high", NULL};
    static const char *const infiltration[] = {"inflamed", "excluded", "desert", NULL};
    const char **file = COLEY_NEW(call->arena, const char *, 1);
    if (!file) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(cli_tmb_request(call, cli_text(call, "vcf"), &q->variants, err));
    COLEY_TRY(coley_data_path(call->arena, "models/patient", &q->models, err));
    q->catalog = q->variants.catalog;
    q->cancer = cli_text(call, "cancer");
    q->id = cli_text(call, "id");
    q->neoantigen = (coley_neoantigen_options){.purity = cli_number(call, "purity"),
                                               .alleles_lost = (int)cli_integer(call, "hla-lost", -1),
                                               .predicted = cli_text(call, "predicted")};
    q->pdl1_tps = cli_number(call, "pdl1-tps");
    q->msi = choice(call, "msi", msi);
    q->infiltration = choice(call, "infiltration", infiltration);
    *file = cli_text(call, "cells");
    if (!*file) return COLEY_OK;
    *cells = (coley_pdl1_request){.assay = cli_text(call, "pdl1-assay"),
                                  .cells = {.catalog = q->catalog,
                                            .file = file,
                                            .n_files = 1,
                                            .um_per_unit = 1,
                                            .pick = cli_text(call, "pick"),
                                            .seed = 1}};
    cells->cells.column[COLEY_COLUMN_PDL1] = cli_text(call, "pdl1-column");
    if (cli_is_given(call, "um-per-pixel")) cells->cells.um_per_unit = cli_number(call, "um-per-pixel");
    if (cli_is_given(call, "above")) cells->above[cells->n_above++] = cli_number(call, "above");
    q->cells = cells;
    return COLEY_OK;
}

static coley_status read_reads(cli_call *call, coley_panel_request *q, coley_panel_reads *reads, coley_error *err)
{
    const char *path = getenv("REF_PATH");
    *reads = (coley_panel_reads){.catalog = q->catalog,
                                 .bam = cli_text(call, "bam"),
                                 .normal = cli_text(call, "normal"),
                                 .sites = cli_text(call, "sites"),
                                 .reference = cli_text(call, "reference"),
                                 .purity = cli_number(call, "purity"),
                                 .n_threads = cli_threads(call)};
    if (!reads->bam) return COLEY_OK;
    if (!reads->sites)
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--bam needs --sites, a table that coley assay sites writes");
    /* HTSlib fetches the reference of a CRAM file from the network unless told where to look. */
    if ((path && strstr(path, "://")) || (!path && setenv("REF_PATH", "/dev/null/%s", 1) != 0))
        return COLEY_FAIL(err, COLEY_ERR_USAGE,
                          "REF_PATH holds an address; only files of this machine are read: unset it");
    q->reads = reads;
    return COLEY_OK;
}

static coley_status write_file(cli_call *call, const char *path, const coley_panel *panel, coley_error *err)
{
    coley_text yaml = {.arena = call->arena};
    coley_panel_write(panel, COLEY_EMIT_YAML, &yaml);
    if (yaml.failed) return COLEY_FAIL_MEMORY(err);
    if (access(path, F_OK) == 0 && !cli_flag(call, "force"))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = path}),
                             "is there already; --force writes over it");
    cli_writing_begin();
    const coley_status status = coley_file_write(path, yaml.data, yaml.length, err);
    cli_writing_end();
    return status;
}

/* ---- on to candidacy and a course ---------------------------------------------------------------------------------
 */

/* The person of --patient with this tumour, under the regimen of that file: a report for the terminal and a page. */
static coley_status run_course(cli_call *call, const coley_panel_request *request, const coley_panel *panel,
                               coley_text *text, coley_text *page, coley_error *err)
{
    const coley_session_options options = {.n_threads = cli_threads(call), .progress = cli_progress(call)};
    coley_scenario *scenario;
    coley_session *session;
    coley_course *course;
    COLEY_TRY(coley_scenario_load(call->arena, cli_text(call, "patient"), request->catalog, &scenario, err));
    if (!scenario->regimen.n || scenario->forecast.lesions) {
        coley_text_addf(text, "\nNo course: %s has no regimen.\n", cli_text(call, "patient"));
        return COLEY_OK;
    }
    COLEY_TRY(coley_biomarkers_apply(call->arena, &panel->biomarkers, scenario, err));
    COLEY_TRY(coley_session_prepare(call->arena, scenario, request->models, request->catalog, &session, err));
    const coley_status status = coley_session_run(call->arena, session, &options, &course, err);
    cli_progress_end();
    COLEY_TRY(status);
    COLEY_TRY(coley_report_terminal(call->arena, course, CLI_WIDTH, !cli_unicode(), text, err));
    return coley_report_page(call->arena, course, scenario, page, err);
}

static coley_status follow_patient(cli_call *call, const coley_panel_request *request, const coley_panel *panel,
                                   coley_text *text, coley_error *err)
{
    const coley_candidate_request asked = {.path = cli_text(call, "patient"),
                                           .known = &panel->biomarkers,
                                           .models = request->models,
                                           .catalog = request->catalog,
                                           .simulate = 1,
                                           .n_threads = cli_threads(call),
                                           .progress = cli_progress(call)};
    const char *folder = cli_text(call, "results");
    coley_candidate *candidate;
    coley_text yaml = {.arena = call->arena}, json = yaml, csv = yaml, page = yaml, course = yaml;
    if (folder) COLEY_TRY(coley_folder_check(folder, "candidate.json", cli_flag(call, "force"), err));
    const coley_status status = coley_candidate_run(call->arena, &asked, &candidate, err);
    cli_progress_end();
    COLEY_TRY(status);
    coley_text_addf(text, "\n");
    coley_candidate_words(candidate, 0, text);
    COLEY_TRY(run_course(call, request, panel, text, &course, err));
    if (!folder) return COLEY_OK;
    coley_panel_write(panel, COLEY_EMIT_YAML, &yaml);
    coley_candidate_json(candidate, &json);
    coley_candidate_csv(candidate, &csv);
    coley_candidate_page(candidate, &page);
    if (yaml.failed || json.failed || csv.failed || page.failed || course.failed) return COLEY_FAIL_MEMORY(err);
    const coley_folder_file file[] = {{"biomarkers.yaml", yaml.data, yaml.length},
                                      {"candidate.json", json.data, json.length},
                                      {"candidate.csv", csv.data, csv.length},
                                      {"candidate.html", page.data, page.length},
                                      {"course.html", course.data, course.length}};
    cli_writing_begin();
    const coley_status written = coley_folder_write(call->arena, folder, file, course.length ? 5 : 4, "candidate.json",
                                                    cli_flag(call, "force"), err);
    cli_writing_end();
    coley_text_addf(text, "\nResults are in %s; candidate.html and course.html there are for reading.\n", folder);
    return written;
}

static coley_status run_assay_panel(cli_call *call, coley_error *err)
{
    coley_panel_request request = {.msi = -1, .infiltration = -1};
    coley_pdl1_request cells;
    coley_panel_reads reads;
    coley_panel panel;
    coley_text text = {.arena = call->arena};
    const char *out = cli_text(call, "out");
    if (cli_flag(call, "json") && cli_is_given(call, "patient"))
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--json is of the panel alone; take --patient away, or give --results");
    if (cli_is_given(call, "results") && !cli_is_given(call, "patient"))
        return COLEY_FAIL(err, COLEY_ERR_USAGE, "--results goes with --patient; --out writes biomarkers.yaml alone");
    COLEY_TRY(read_request(call, &request, &cells, err));
    COLEY_TRY(read_reads(call, &request, &reads, err));
    COLEY_TRY(coley_panel_run(call->arena, &request, &panel, err));
    if (out) COLEY_TRY(write_file(call, out, &panel, err));
    if (cli_flag(call, "json"))
        coley_panel_write(&panel, COLEY_EMIT_JSON, &text);
    else
        coley_panel_words(&panel, &text);
    if (cli_is_given(call, "patient")) COLEY_TRY(follow_patient(call, &request, &panel, &text, err));
    return text.failed ? COLEY_FAIL_MEMORY(err) : cli_print(&text, err);
}

static const cli_option options[] = {
    {"vcf", 'v', CLI_FILE, "VARIANTS", NULL, NULL, 0, 0, 0, 0, "The tumour's variants: VCF, BCF or MAF."},
    {"bam", 'B', CLI_FILE, "TUMOUR", NULL, NULL, 0, 0, 0, 0, "Reads of the tumour, for microsatellites; with --sites."},
    {"normal", 0, CLI_FILE, "NORMAL", NULL, NULL, 0, 0, 0, 0, "Reads of the same person's normal tissue."},
    {"sites", 0, CLI_FILE, "TABLE", NULL, NULL, 0, 0, 0, 0, "Microsatellites, as coley assay sites writes them."},
    {"cells", 'c', CLI_FILE, "CELLS", NULL, NULL, 0, 0, 0, 0,
     "A table of the tumour's cells, for PD-L1 and infiltrate; see coley help assay pdl1."},
    {"pdl1-column", 0, CLI_TEXT, "COLUMN", NULL, NULL, 0, 0, 0, 0, "Its column of PD-L1."},
    {"above", 0, CLI_NUMBER, "X", NULL, NULL, -1e9, 1e9, 0, 0, "A cell is stained above X."},
    {"pdl1-assay", 0, CLI_CHOICE, "CLONE", "22C3|28-8|SP142|SP263|73-10", "22C3", 0, 0, 0, 0, "Rules of this assay."},
    {"pick", 0, CLI_TEXT, "ID", NULL, NULL, 0, 0, 0, 0, "This sample of the table of cells."},
    {"um-per-pixel", 0, CLI_NUMBER, "UM", NULL, NULL, 0.001, 1000, 0, 0, "x and y of the cells are multiplied by it."},
    {"pdl1-tps", 0, CLI_NUMBER, "PERCENT", NULL, NULL, 0, 100, 0, 0,
     "Tumour proportion score, when a pathologist read it."},
    {"msi", 0, CLI_CHOICE, "WORD", "stable|low|high", NULL, 0, 0, 0, 0, "Microsatellites, when they were tested."},
    {"infiltration", 0, CLI_CHOICE, "WORD", "inflamed|excluded|desert", NULL, 0, 0, 0, 0,
     "Where the T cells stand, when somebody looked."},
    {"cancer", 0, CLI_TEXT, "NAME", NULL, "nsclc", 0, 0, 0, 0,
     "The cancer, by its name in the catalog: its typical person is what the biomarkers are held against."},
    {"id", 0, CLI_TEXT, "ID", NULL, NULL, 0, 0, 0, 0, "Who it is; else the sample's name."},
    {"out", 'o', CLI_FILE, "FILE", NULL, NULL, 0, 0, 0, 0, "Write biomarkers.yaml there, for --biomarkers."},
    {"patient", 0, CLI_FILE, "PATIENT", NULL, NULL, 0, 0, 0, 0,
     "Go on with this person, a scenario: candidacy with simulated chances, and the course under its regimen."},
    {"results", 0, CLI_FOLDER, "DIR", NULL, NULL, 0, 0, 0, 0,
     "With --patient: write biomarkers.yaml, candidate.json, .csv and .html, and course.html there."},
    {"force", 'f', CLI_FLAG, NULL, NULL, NULL, 0, 0, 0, 0, "Write over a file that is there."},
    CLI_NEOANTIGEN_OPTIONS,
    CLI_VARIANT_OPTIONS,
    {0}};

static const char *const examples[] = {
    "coley assay panel --vcf tumour.vcf.gz --targets exome.bed --cells cells.csv --above 2 --out biomarkers.yaml",
    "One report and one file.",
    "coley run scenario.yaml --biomarkers biomarkers.yaml --out results",
    "The person of the scenario with that tumour.",
    "coley assay panel --vcf tumour.maf --panel IMPACT468 --cells cells.csv --above 2 --patient me.yaml --results "
    "results",
    "From biopsy to candidacy and forecast at once.",
    NULL,
};

const cli_command cli_command_assay_panel = {
    .name = "assay panel",
    .topic = "Biomarkers",
    .summary = "Find all biomarkers of one tumour, and what they move in the model",
    .argument_kind = CLI_NONE,
    .description =
        "Runs the assays that the files allow, and says of each biomarker its value, interval, definition, "
        "denominator and filters, and which parameters of the patient model it moves and by how much, against "
        "the typical person with that cancer. What can't be told is said with its reason and moves nothing.\n\n"
        "The file of --out is taken by run, candidate and forecast with --biomarkers. A number that a scenario "
        "has itself stays.\n\n"
        "For research and teaching; not medical advice.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_JSON | CLI_TAKES_THREADS,
    .run = run_assay_panel,
};
