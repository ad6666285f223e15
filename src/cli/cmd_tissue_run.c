/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_tissue_run.c -- coley tissue run: a tissue cell by cell, from PhysiCell's own files. */
#include "cli/cli.h"

#include <math.h>
#include <string.h>

#include "io/emit.h"
#include "run/tissue_run.h"
#include "tissue/physicell_xml.h"

static coley_status read_formats(cli_call *call, unsigned *formats, coley_error *err)
{
    static const struct {
        const char *name;
        unsigned format;
    } known[] = {{"none", 0},
                 {"multicellds", COLEY_TISSUE_MULTICELLDS},
                 {"h5ad", COLEY_TISSUE_ANNDATA},
                 {"vtk", COLEY_TISSUE_VTK},
                 {"csv", COLEY_TISSUE_CELLS_CSV},
                 {"png", COLEY_TISSUE_PICTURES}};
    *formats = 0;
    for (const char *p = cli_text(call, "formats"); *p;) {
        const size_t length = strcspn(p, ",");
        size_t k = 0;
        while (k < sizeof known / sizeof *known &&
               (strlen(known[k].name) != length || strncmp(known[k].name, p, length) != 0))
            k++;
        if (k == sizeof known / sizeof *known)
            return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--formats"}),
                                 "\"%.*s\" is no format; give none, or of multicellds, h5ad, vtk, csv and png those "
                                 "you want, parted by commas",
                                 (int)length, p);
        *formats |= known[k].format;
        p += length + (p[length] == ',');
    }
    return COLEY_OK;
}

static coley_status read_model(cli_call *call, coley_tissue_model *model, uint64_t *seed, coley_error *err)
{
    coley_physicell_notes notes = {0};
    coley_physicell_options options = {.ignore_unsupported = cli_flag(call, "ignore-unsupported"), .notes = &notes};
    if (cli_is_given(call, "seed")) {
        *seed = cli_seed(call);
        options.seed = seed;
    }
    COLEY_TRY(coley_physicell_read(call->arena, call->argument[0], options, model, err));
    *seed = model->seed;
    for (size_t i = 0; i < notes.n; i++)
        coley_log_add(&call->log, COLEY_LOG_WARNING, "%s:%d: %s",
                      notes.note[i].file ? notes.note[i].file : call->argument[0], notes.note[i].line,
                      notes.note[i].text);
    return COLEY_OK;
}

static coley_status say(cli_call *call, const coley_tissue_run_options *o, const coley_tissue_run_summary *s,
                        coley_error *err)
{
    coley_text out = {.arena = call->arena};
    if (cli_flag(call, "json")) {
        coley_emit emit = {.out = &out, .style = COLEY_EMIT_JSON};
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "folder", o->folder);
        coley_emit_number(&emit, "time_min", s->time_min);
        coley_emit_integer(&emit, "cells", (int64_t)s->n_cells);
        coley_emit_integer(&emit, "births", (int64_t)s->tally.births);
        coley_emit_integer(&emit, "deaths", (int64_t)s->tally.deaths);
        coley_emit_integer(&emit, "attacks", (int64_t)s->tally.attacks);
        coley_emit_integer(&emit, "left_the_domain", (int64_t)s->tally.left);
        coley_emit_number(&emit, "wall_s", s->wall_s);
        coley_emit_number(&emit, "cell_steps_per_s", s->cell_steps / s->wall_s);
        coley_emit_end(&emit);
        return cli_print(&out, err);
    }
    coley_text_addf(&out, "%s at %.6g min (%.3g days): %zu cells; %llu born, %llu died, %llu attacks",
                    s->stopped ? "Stopped" : "Done", s->time_min, s->time_min / 1440, s->n_cells,
                    (unsigned long long)s->tally.births, (unsigned long long)s->tally.deaths,
                    (unsigned long long)s->tally.attacks);
    if (s->tally.recruited)
        coley_text_addf(&out, "; %llu came in from vessels", (unsigned long long)s->tally.recruited);
    if (s->tally.left) coley_text_addf(&out, "; %llu left the domain", (unsigned long long)s->tally.left);
    coley_text_addf(&out, ".\n%.3g s, %.3g million cell-steps a second. Results are in %s.\n", s->wall_s,
                    s->cell_steps / s->wall_s / 1e6, o->folder);
    if (s->stopped) coley_text_addf(&out, "Go on with the same command and --resume.\n");
    return cli_print(&out, err);
}

/* What the model takes before its first step. */
static coley_status say_memory(cli_call *call, const coley_tissue_run_options *o, coley_error *err)
{
    coley_tissue *tissue;
    COLEY_TRY(coley_tissue_create(o->model, o->engine, &tissue, err));
    const coley_tissue_memory m = coley_tissue_memory_of(tissue);
    const size_t n = coley_tissue_cells(tissue)->n;
    coley_tissue_destroy(tissue);
    coley_text out = {.arena = call->arena};
    coley_text_addf(&out,
                    "A cell: %zu bytes of its own and %zu for sorting and forces, %zu together.\n"
                    "A voxel: %zu bytes for %zu substances.\n"
                    "%zu cells at the start; %.3g MB in all.\n",
                    m.cell_columns, m.cell_scratch, m.cell_columns + m.cell_scratch, m.voxel, o->model->n_substrates, n,
                    1e-6 * (double)m.total);
    return cli_print(&out, err);
}

static coley_status run_tissue(cli_call *call, coley_error *err)
{
    coley_tissue_model model;
    coley_tissue_run_summary summary;
    uint64_t seed = 0;
    coley_tissue_run_options o = {.model = &model,
                                  .folder = cli_text(call, "out"),
                                  .program = "coley " COLEY_VERSION,
                                  .field = cli_text(call, "field"),
                                  .force = cli_flag(call, "force"),
                                  .resume = cli_flag(call, "resume"),
                                  .dark = cli_flag(call, "dark"),
                                  .log = &call->log,
                                  .checkpoint_s = 300,
                                  .stopped = cli_interrupted};
    if (!o.folder && !cli_flag(call, "dry-run") && !cli_flag(call, "memory"))
        return COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--out"}),
                             "is missing: name the folder for the results, as in --out results");
    COLEY_TRY(read_formats(call, &o.formats, err));
    COLEY_TRY(read_model(call, &model, &seed, err));
    o.engine = (coley_tissue_options){
        .scheme = strcmp(cli_text(call, "scheme"), "split") ? COLEY_FIELD_DELTA : COLEY_FIELD_SPLIT,
        .field_step_min = cli_is_given(call, "field-step") ? cli_number(call, "field-step") : 0,
        .steps_at_once = (int)cli_number(call, "at-once"),
        .seed = seed,
        .n_threads = cli_threads(call)};
    o.end_min = cli_is_given(call, "end") ? cli_number(call, "end") : model.end_min;
    o.save_min = cli_is_given(call, "save") ? cli_number(call, "save")
                 : model.full_save_min > 0  ? model.full_save_min
                                            : 60;
    o.picture_min = cli_is_given(call, "picture") ? cli_number(call, "picture")
                    : model.picture_save_min > 0  ? model.picture_save_min
                                                  : 60;
    if (cli_flag(call, "dry-run")) {
        coley_text out = {.arena = call->arena};
        coley_text_addf(&out, "%zu cells of %zu types, %zu substances, %zu rules, to %.6g min.\n", model.n_placed,
                        model.n_types, model.n_substrates, model.n_rules, o.end_min);
        return cli_print(&out, err);
    }
    if (cli_flag(call, "memory")) return say_memory(call, &o, err);
    cli_writing_begin();
    o.progress = cli_progress(call);
    const coley_status status = coley_tissue_run(call->arena, &o, &summary, err);
    cli_progress_end();
    if (status == COLEY_OK) COLEY_TRY(say(call, &o, &summary, err));
    cli_writing_end();
    return status;
}

static const cli_option options[] = {
    {.name = "end",
     .kind = CLI_NUMBER,
     .value = "MIN",
     .low = 0,
     .high = 1e9,
     .help = "Minutes of tissue time to run; those of the settings unless given."},
    {.name = "save",
     .kind = CLI_NUMBER,
     .value = "MIN",
     .low = 0.001,
     .high = 1e9,
     .help = "Minutes between rows of counts.csv and frames; those of the settings unless given."},
    {.name = "picture",
     .kind = CLI_NUMBER,
     .value = "MIN",
     .low = 0.001,
     .high = 1e9,
     .help = "Minutes between pictures; those of the settings unless given."},
    {.name = "formats",
     .kind = CLI_TEXT,
     .value = "LIST",
     .fallback = "none",
     .help = "What to write besides counts: of multicellds (PhysiCell's own), h5ad (AnnData), vtk (ParaView), csv "
             "(a table of the cells, as coley assay reads it) and png (pictures and an animated preview) those you "
             "want, parted by commas; or none."},
    {.name = "field",
     .kind = CLI_TEXT,
     .value = "NAME",
     .help = "The substance that lies under the cells in pictures; the first unless given."},
    {.name = "dark", .kind = CLI_FLAG, .help = "Pictures on a dark ground."},
    {.name = "scheme",
     .kind = CLI_CHOICE,
     .value = "HOW",
     .choices = "delta|split",
     .fallback = "delta",
     .help = "How substances spread: delta, whose steady state does not depend on the step, at the step of mechanics; "
             "or split, the scheme of PhysiCell at its own step, to compare with it."},
    {.name = "field-step",
     .kind = CLI_NUMBER,
     .value = "MIN",
     .low = 1e-4,
     .high = 100,
     .help = "Step of the delta scheme; steps of mechanics are then taken one by one."},
    {.name = "at-once",
     .kind = CLI_NUMBER,
     .value = "N",
     .low = 1,
     .high = 5,
     .fallback = "5",
     .help = "With the delta scheme, up to so many steps of mechanics (and substances) are taken in one while no force "
             "is steep; 1: one by one."},
    {.name = "memory", .kind = CLI_FLAG, .help = "Say how many bytes a cell and a voxel take, and run nothing."},
    {.name = "resume",
     .kind = CLI_FLAG,
     .help =
         "Go on from the checkpoint in the folder of results, or begin again if there is none yet; the files are those "
         "of a run that was never stopped."},
    {.name = "ignore-unsupported",
     .kind = CLI_FLAG,
     .help =
         "Run the model without those of its parts that are not supported, instead of refusing it; they are named."},
    {0},
};

static const char *const examples[] = {
    "coley tissue run PhysiCell_settings.xml --out results", "run a model with the settings as they are",
    "coley tissue run models/tissue/inflamed/settings.xml --end 2880 --formats png,h5ad --out inflamed",
    "two days of a tissue of ours, with pictures", NULL};

const cli_command cli_command_tissue_run = {
    .name = "tissue run",
    .topic = "Tissue",
    .summary = "Run a tissue cell by cell, from PhysiCell's own files",
    .arguments = "SETTINGS.xml",
    .argument_kind = CLI_FILE,
    .min_arguments = 1,
    .max_arguments = 1,
    .description = "Runs a model that PhysiCell 1.14 would run from its settings XML, rules CSV and cells CSV, with no "
                   "change to the files: "
                   "cells as spheres that divide, die, move, attack and follow rules, and substances that diffuse. "
                   "What is not supported is "
                   "refused by name.\n\n"
                   "The same seed gives the same files on any number of threads, and after a stop: Ctrl-C writes a "
                   "checkpoint first.",
    .examples = examples,
    .options = options,
    .groups = CLI_TAKES_OUT | CLI_TAKES_SEED | CLI_TAKES_THREADS | CLI_TAKES_JSON,
    .run = run_tissue,
};
