/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/biomarkers.h"
#include "run/panel.h"
#include "support/check.h"

#include <unistd.h>

#define CATALOG COLEY_SOURCE_DIR "/catalog"
#define MODELS  COLEY_SOURCE_DIR "/models/patient"

static const char *written(const char *text)
{
    static char path[64];
    coley_error err = {0};
    snprintf(path, sizeof path, "/tmp/coley-biomarkers-%d.yaml", (int)getpid());
    CHECK(coley_file_write(path, text, strlen(text), &err) == COLEY_OK);
    return path;
}

static coley_scenario *scenario_of(coley_arena *arena, const char *text)
{
    coley_scenario *scenario = NULL;
    coley_error err = {0};
    CHECK(coley_scenario_parse(arena, "s", text, strlen(text), &scenario, &err) == COLEY_OK);
    return scenario;
}

static void a_biomarker_fills_what_the_scenario_leaves_open_and_no_more(void)
{
    coley_arena *arena = coley_arena_create();
    coley_biomarkers b;
    coley_scenario *s =
        scenario_of(arena, "cancer: nsclc\npatient: {tmb: 3 1/Mb}\nlesions: [{site: lung, diameter: 30 mm}, "
                           "{site: liver, diameter: 20 mm, infiltration: desert}]\n");
    const char *path =
        written("tmb: 20 1/Mb\npdl1_tps: 60 %\nmsi: high\ninfiltration: excluded\nparameters: {n_clones_ref: 50}\n"
                "evidence:\n  - {anything: at all}\n");
    CHECK(coley_biomarkers_read(arena, path, &b, NULL) == COLEY_OK);
    CHECK(coley_biomarkers_apply(arena, &b, s, NULL) == COLEY_OK);
    CHECK_NEAR(s->patient.tmb_per_Mb, 3, 0);
    CHECK_NEAR(s->patient.pdl1_tps, 0.6, 1e-15);
    CHECK(s->patient.msi == COLEY_MSI_HIGH);
    CHECK(COLEY_SCENARIO_LESION(s, 0)->infiltration == COLEY_EXCLUDED &&
          COLEY_SCENARIO_LESION(s, 1)->infiltration == COLEY_DESERT);
    CHECK(s->model.parameters.n == 1 && s->model.parameters.row[0].value == 50);
    unlink(path);
    coley_arena_destroy(arena);
}

static void a_wrong_file_of_biomarkers_is_refused_with_its_place(void)
{
    coley_arena *arena = coley_arena_create();
    static const struct {
        const char *text, *why;
    } wrong[] = {{"tmb: 20\n", "1/Mb"},
                 {"tmb: -1 1/Mb\n", "0"},
                 {"tbm: 20 1/Mb\n", "tmb"},
                 {"msi: unstable\n", "high"},
                 {"parameters: {n_clones_ref: 5 mg}\n", "take it away"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        coley_biomarkers b;
        coley_error err = {0};
        CHECK(coley_biomarkers_read(arena, written(wrong[i].text), &b, &err) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, wrong[i].why);
        CHECK(err.line == 1);
    }
    unlink(written(""));
    coley_arena_destroy(arena);
}

static const coley_panel_item *item_of(const coley_panel *panel, const char *name)
{
    for (size_t i = 0; i < panel->n_items; i++)
        if (!strcmp(panel->item[i].name, name)) return &panel->item[i];
    return NULL;
}

static double times(const coley_panel_item *item, const char *symbol)
{
    for (size_t k = 0; item && k < item->n_moves; k++)
        if (!strcmp(item->move[k].symbol, symbol)) return item->move[k].to / item->move[k].from;
    return NAN;
}

/* What moves is asked of the model: its own law, clones as the burden to the power of 0.95, has to come out. */
static void the_panel_names_what_moves_and_by_how_much(void)
{
    coley_arena *arena = coley_arena_create();
    static const char maf[] =
        "Tumor_Sample_Barcode\tVariant_Classification\tChromosome\tStart_Position\tReference_Allele\t"
        "Tumor_Seq_Allele2\nT\tMissense_Mutation\t1\t5\tA\tC\nT\tMissense_Mutation\t1\t6\tA\tC\n";
    coley_panel panel;
    coley_error err = {0};
    coley_panel_request q = {.models = MODELS,
                             .catalog = CATALOG,
                             .cancer = "nsclc",
                             .pdl1_tps = 50,
                             .msi = COLEY_MSI_HIGH,
                             .infiltration = COLEY_DESERT,
                             .neoantigen = {.purity = NAN, .alleles_lost = 3},
                             .variants = {.variants = written(maf),
                                          .catalog = CATALOG,
                                          .megabases = 0.05,
                                          .min_depth = NAN,
                                          .min_fraction = NAN,
                                          .max_frequency = NAN}};
    CHECK(coley_panel_run(arena, &q, &panel, &err) == COLEY_OK);
    const double burden = times(item_of(&panel, "tumour mutational burden"), "TMB");
    CHECK_NEAR(burden, 40 / 6.9, 1e-9);
    CHECK_NEAR(times(item_of(&panel, "tumour mutational burden"), "nCD8"), pow(burden, 0.95), 1e-9);
    CHECK_NEAR(times(item_of(&panel, "neoantigen load"), "n_clones_ref"), 0.5, 1e-9);
    CHECK_NEAR(times(item_of(&panel, "neoantigen load"), "nCD8"), 0.5, 1e-9);
    CHECK_NEAR(times(item_of(&panel, "PD-L1 tumour proportion score"), "L1.PDL1_TPS"), 0.5 / 0.034, 1e-9);
    CHECK_NEAR(times(item_of(&panel, "infiltrate"), "L1.infil"), 0.05, 1e-9);
    CHECK(item_of(&panel, "microsatellites") && item_of(&panel, "microsatellites")->n_moves == 0);
    unlink(q.variants.variants);

    /* What it writes is what the scenario reads. */
    coley_text yaml = {.arena = arena};
    coley_biomarkers back;
    coley_panel_write(&panel, COLEY_EMIT_YAML, &yaml);
    CHECK(coley_biomarkers_read(arena, written(yaml.data), &back, &err) == COLEY_OK);
    CHECK_NEAR(back.tmb_per_Mb, 40, 1e-12);
    CHECK_NEAR(back.pdl1_tps, 0.5, 1e-15);
    CHECK(back.msi == COLEY_MSI_HIGH && back.infiltration == COLEY_DESERT && back.parameters.n == 1);
    CHECK_TEXT(back.id, "T");
    unlink(written(""));
    coley_arena_destroy(arena);
}

static void what_cannot_be_told_moves_nothing(void)
{
    coley_arena *arena = coley_arena_create();
    static const char maf[] =
        "Tumor_Sample_Barcode\tVariant_Classification\tChromosome\tStart_Position\tReference_Allele\t"
        "Tumor_Seq_Allele2\nT\tMissense_Mutation\t1\t5\tA\tC\n";
    coley_panel panel;
    coley_error err = {0};
    coley_panel_request q = {.models = MODELS,
                             .catalog = CATALOG,
                             .cancer = "nsclc",
                             .pdl1_tps = NAN,
                             .msi = -1,
                             .infiltration = -1,
                             .neoantigen = {.purity = NAN, .alleles_lost = -1},
                             .variants = {.variants = written(maf),
                                          .catalog = CATALOG,
                                          .megabases = NAN,
                                          .min_depth = NAN,
                                          .min_fraction = NAN,
                                          .max_frequency = NAN}};
    CHECK(coley_panel_run(arena, &q, &panel, &err) == COLEY_OK);
    for (size_t i = 0; i < panel.n_items; i++) {
        CHECK(panel.item[i].n_moves == 0 && !panel.item[i].value);
        CHECK_HAS(panel.item[i].reason, "how much was sequenced");
    }
    CHECK(isnan(panel.biomarkers.tmb_per_Mb));
    unlink(q.variants.variants);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(a_biomarker_fills_what_the_scenario_leaves_open_and_no_more);
    RUN(a_wrong_file_of_biomarkers_is_refused_with_its_place);
    RUN(the_panel_names_what_moves_and_by_how_much);
    RUN(what_cannot_be_told_moves_nothing);
    return check_done();
}
