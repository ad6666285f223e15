/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel.c -- assays one after another; each result becomes an item and a biomarker, and the model says what moves. */
#include "run/panel.h"

#include <math.h>
#include <string.h>

#include "catalog/catalog.h"
#include "math/lanes.h"
#include "run/session.h"

static const char *const infiltration_words[] = {"inflamed", "excluded", "desert"};
static const char *const msi_words[] = {"stable", "low", "high"};

/* ---- the typical person -------------------------------------------------------------------------------------------
 */

typedef struct person {
    const coley_body *body;
    double *input, *state;
} person;

typedef struct model {
    coley_arena *arena;
    const char *models;
    const coley_body *body;
    const coley_catalog_cancer *cancer;
    person plain;
} model;

/* The typical person with these biomarkers. */
static coley_status make_person(const model *m, const coley_biomarkers *b, person *made, coley_error *err)
{
    coley_settings settings = {.arena = m->arena};
    coley_setting own[COLEY_BIOMARKERS_MAX_SETTINGS];
    coley_population *population;
    size_t n_own;
    COLEY_TRY(coley_settings_add_catalog(&settings, m->body, m->cancer->value, m->cancer->n_values, err));
    COLEY_TRY(coley_biomarkers_settings(m->arena, b, m->models, own, &n_own, err));
    for (size_t i = 0; i < n_own; i++) {
        if (!COLEY_RESERVE(m->arena, settings.row, settings.cap, settings.n + 1)) return COLEY_FAIL_MEMORY(err);
        settings.row[settings.n++] = own[i];
    }
    COLEY_TRY(coley_population_create(m->arena, m->body, settings.n, settings.row, 0, &population, err));
    const coley_program *program = m->body->program;
    const size_t n = coley_program_state_count(program), n_inputs = coley_program_input_count(program);
    double *wide = COLEY_NEW(m->arena, double, n_inputs *COLEY_LANES), *y = COLEY_NEW(m->arena, double, n *COLEY_LANES);
    void *work = coley_arena_alloc(m->arena, coley_program_work_size(program, COLEY_LANES));
    *made = (person){m->body, COLEY_NEW(m->arena, double, n_inputs), y};
    if (!wide || !y || !work || !made->input) return COLEY_FAIL_MEMORY(err);
    coley_population_inputs(population, NULL, made->input);
    for (size_t i = 0; i < n_inputs * COLEY_LANES; i++) wide[i] = made->input[i / COLEY_LANES];
    coley_program_initial(program, COLEY_LANES, NULL, wide, work, y);
    for (size_t v = 0; v < n; v++) y[v] = y[v * COLEY_LANES];
    return COLEY_OK;
}

static coley_status make_model(coley_arena *arena, const coley_panel_request *q, model *m, coley_error *err)
{
    coley_catalog_cancer *cancer;
    coley_body *body;
    const coley_body_options options = {.models = q->models, .n_lesions = 1};
    const coley_biomarkers none = coley_biomarkers_none();
    *m = (model){.arena = arena, .models = q->models};
    COLEY_TRY(coley_catalog_cancer_read(arena, q->catalog, q->cancer, &cancer, err));
    COLEY_TRY(coley_body_assemble(arena, &options, &body, err));
    m->cancer = cancer;
    m->body = body;
    return make_person(m, &none, &m->plain, err);
}

static int differs(double a, double b)
{
    return fabs(a - b) > 1e-9 * fmax(fabs(a), fabs(b));
}

/* What differs between the person with one biomarker and the one without. */
static coley_status list_moves(const model *m, const coley_biomarkers *b, coley_panel_item *item, coley_error *err)
{
    person moved;
    const coley_program *program = m->body->program;
    const size_t n = coley_program_state_count(program), n_inputs = coley_program_input_count(program);
    COLEY_TRY(make_person(m, b, &moved, err));
    if (!(item->move = COLEY_NEW(m->arena, coley_panel_move, n + n_inputs))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_inputs + n; i++) {
        const int is_state = i >= n_inputs;
        const size_t at = is_state ? i - n_inputs : i;
        const double from = is_state ? m->plain.state[at] : m->plain.input[at];
        const double to = is_state ? moved.state[at] : moved.input[at];
        const int32_t symbol =
            is_state ? coley_program_state_symbol(program, at) : coley_program_input_symbol(program, at);
        if (!differs(from, to)) continue;
        item->move[item->n_moves++] = (coley_panel_move){.symbol = m->body->network->symbol[symbol].id,
                                                         .words = m->body->network->symbol[symbol].name,
                                                         .from = from,
                                                         .to = to,
                                                         .is_state = is_state};
    }
    return COLEY_OK;
}

/* ---- items --------------------------------------------------------------------------------------------------------
 */

static coley_panel_item *new_item(coley_panel *panel, const char *name)
{
    coley_panel_item *item = &panel->item[panel->n_items++];
    *item = (coley_panel_item){.name = name};
    return item;
}

static coley_status add_tmb(const model *m, coley_panel *panel, const coley_tmb_report *report, const coley_tmb *tmb,
                            coley_error *err)
{
    coley_panel_item *item = new_item(panel, "tumour mutational burden");
    coley_text filters = {.arena = m->arena};
    coley_biomarkers alone = coley_biomarkers_none();
    coley_tmb_filters(report->options, &filters);
    item->call = coley_tmb_call_words(tmb->call);
    item->reason = tmb->reason;
    item->definition =
        coley_arena_printf(m->arena, "%s: %s", report->options->definition->name, report->options->definition->words);
    item->filters = filters.data;
    item->source = report->effects_from;
    item->would_move = "another definition, another size of what was sequenced, another least allele fraction";
    if (!item->definition || filters.failed) return COLEY_FAIL_MEMORY(err);
    if (isnan(tmb->per_Mb) || tmb->call == COLEY_TMB_CANNOT_TELL) return COLEY_OK;
    item->value = coley_arena_printf(m->arena, "%.4g 1/Mb", tmb->per_Mb);
    item->interval = coley_arena_printf(m->arena, "%.4g to %.4g 1/Mb", tmb->low, tmb->high);
    item->denominator = coley_arena_printf(m->arena, "%llu variants over %g Mb, %s",
                                           (unsigned long long)tmb->n_eligible, tmb->megabases, tmb->denominator);
    if (!item->value || !item->interval || !item->denominator) return COLEY_FAIL_MEMORY(err);
    alone.tmb_per_Mb = panel->biomarkers.tmb_per_Mb = tmb->per_Mb;
    return list_moves(m, &alone, item, err);
}

/* Clonality and HLA move the number of T-cell clones against the tumour. */
static coley_status add_neoantigens(const model *m, coley_panel *panel, const coley_panel_request *q,
                                    const coley_tmb_report *report, const coley_tmb *tmb, coley_error *err)
{
    static const char symbol[] = "n_clones_ref";
    coley_neoantigen_facts facts;
    coley_neoantigens found;
    coley_panel_item *item = new_item(panel, "neoantigen load");
    COLEY_TRY(coley_neoantigen_facts_read(m->arena, q->catalog, &facts, err));
    COLEY_TRY(coley_neoantigens_of(m->arena, report, tmb, &facts, &q->neoantigen, &found, err));
    item->reason = found.reason;
    item->definition =
        "mutations that T cells see: nonsynonymous ones times a published share; no binding is predicted";
    item->source = facts.seen_share.source;
    item->would_move = "purity, copy numbers, HLA loss, expression of the mutated genes";
    if (!found.reason) {
        item->value = coley_arena_printf(m->arena, "%.3g mutations seen", found.seen);
        item->interval = coley_arena_printf(m->arena, "%.3g to %.3g", found.seen_low, found.seen_high);
        item->denominator =
            coley_arena_printf(m->arena, "%.4g nonsynonymous mutations, %s", found.mutations, found.mutations_from);
        if (!item->value || !item->interval || !item->denominator) return COLEY_FAIL_MEMORY(err);
    }
    item->call = found.clonal_reason
                     ? coley_arena_printf(m->arena, "clonality: cannot tell: %s", found.clonal_reason)
                     : coley_arena_printf(m->arena, "%.0f %% clonal (%.0f to %.0f)", 100 * found.clonal_share,
                                          100 * found.clonal_low, 100 * found.clonal_high);
    if (!item->call) return COLEY_FAIL_MEMORY(err);
    const int32_t at = coley_network_symbol(m->body->network, symbol);
    const int32_t input = at < 0 ? -1 : coley_program_input_of(m->body->program, at);
    if (isnan(found.factor) || input < 0) return COLEY_OK;
    coley_biomarkers alone = coley_biomarkers_none();
    coley_scenario_parameter *row = COLEY_NEW(m->arena, coley_scenario_parameter, 1);
    if (!row) return COLEY_FAIL_MEMORY(err);
    *row = (coley_scenario_parameter){.symbol = symbol, .value = m->plain.input[input] * found.factor, .unit = ""};
    alone.parameters = panel->biomarkers.parameters = (coley_scenario_parameters){1, row};
    return list_moves(m, &alone, item, err);
}

static coley_status add_variants(const model *m, coley_panel *panel, const coley_panel_request *q, coley_error *err)
{
    coley_tmb_report report;
    COLEY_TRY(coley_tmb_of_request(m->arena, &q->variants, &report, err));
    if (report.n != 1)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = q->variants.variants}),
                             "holds %zu samples, and a panel is of one tumour; name one with --sample", report.n);
    if (!panel->biomarkers.id) panel->biomarkers.id = report.tmb->sample;
    COLEY_TRY(add_tmb(m, panel, &report, report.tmb, err));
    return add_neoantigens(m, panel, q, &report, report.tmb, err);
}

static coley_status add_tps(const model *m, coley_panel *panel, coley_panel_item *item, double share, coley_error *err)
{
    coley_biomarkers alone = coley_biomarkers_none();
    item->value = coley_arena_printf(m->arena, "%.4g %%", 100 * share);
    if (!item->value) return COLEY_FAIL_MEMORY(err);
    alone.pdl1_tps = panel->biomarkers.pdl1_tps = share;
    return list_moves(m, &alone, item, err);
}

static coley_status add_infiltration(const model *m, coley_panel *panel, coley_panel_item *item, int word,
                                     coley_error *err)
{
    coley_biomarkers alone = coley_biomarkers_none();
    item->value = infiltration_words[word];
    alone.infiltration = panel->biomarkers.infiltration = word;
    return list_moves(m, &alone, item, err);
}

static coley_status add_cells(const model *m, coley_panel *panel, const coley_panel_request *q, coley_error *err)
{
    coley_panel_cells found;
    COLEY_TRY(coley_panel_cells_read(m->arena, q->cells, &found, err));
    if (found.pdl1_column && found.tps.words) {
        coley_panel_item *item = new_item(panel, "PD-L1 tumour proportion score");
        item->reason = found.tps.reason;
        item->definition = found.tps.words;
        item->filters = isnan(found.above) ? NULL
                                           : coley_arena_printf(m->arena, "%s above %g; rules of %s", found.pdl1_column,
                                                                found.above, found.assay);
        item->denominator = coley_arena_printf(m->arena, "%.0f tumour cells", found.n_tumour);
        item->interval = isnan(found.tps.low)
                             ? NULL
                             : coley_arena_printf(m->arena, "%.4g to %.4g %%", found.tps.low, found.tps.high);
        item->would_move = "another threshold of staining, another antibody, another part of the tumour";
        if (!found.tps.reason) COLEY_TRY(add_tps(m, panel, item, found.tps.value / 100, err));
    }
    if (!isnan(found.cps.value)) panel->biomarkers.pdl1_cps = found.cps.value;
    if (!isnan(found.ic.value)) panel->biomarkers.pdl1_ic = found.ic.value;
    coley_panel_item *item = new_item(panel, "infiltrate");
    item->reason = found.phenotype_reason;
    item->definition = "CD8 cells per mm2 in tumour and stroma against the cut-offs of catalog/assays/infiltrate.yaml";
    item->source = found.phenotype_source;
    item->denominator = coley_arena_printf(m->arena, "CD8 %.4g per mm2 in the tumour, %.4g in the stroma",
                                           found.cd8_tumour_per_mm2, found.cd8_stroma_per_mm2);
    item->would_move = "another part of the tumour, other cut-offs, what counts as CD8";
    if (!item->denominator) return COLEY_FAIL_MEMORY(err);
    return found.phenotype < 0 ? COLEY_OK : add_infiltration(m, panel, item, found.phenotype, err);
}

/* The model has no parameter for microsatellites: their mutations are in the burden. */
static coley_panel_item *new_msi(coley_panel *panel, int word)
{
    coley_panel_item *item = new_item(panel, "microsatellites");
    item->would_move = "read by rules of candidacy; the model has no parameter for it, its mutations are in the burden";
    if (word >= 0) item->value = msi_words[word];
    panel->biomarkers.msi = word;
    return item;
}

static coley_status add_reads(const model *m, coley_panel *panel, const coley_panel_request *q, coley_error *err)
{
    coley_panel_msi found;
    COLEY_TRY(coley_panel_msi_read(m->arena, q->reads, &found, err));
    coley_panel_item *item = new_msi(panel, found.msi);
    item->call = found.call;
    item->reason = found.reason;
    item->definition = found.definition;
    item->denominator = found.denominator;
    item->filters = found.filters;
    item->source = found.source;
    item->would_move = found.would_change;
    if (isnan(found.score_pct)) return COLEY_OK;
    item->interval = coley_arena_printf(m->arena, "%.3g %% of sites unstable, %.3g to %.3g", found.score_pct,
                                        found.low_pct, found.high_pct);
    return item->interval ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static coley_status add_by_hand(const model *m, coley_panel *panel, const coley_panel_request *q, coley_error *err)
{
    static const char by_hand[] = "given by hand";
    if (!isnan(q->pdl1_tps)) {
        coley_panel_item *item = new_item(panel, "PD-L1 tumour proportion score");
        item->filters = by_hand;
        COLEY_TRY(add_tps(m, panel, item, q->pdl1_tps / 100, err));
    }
    if (q->infiltration >= 0) {
        coley_panel_item *item = new_item(panel, "infiltrate");
        item->filters = by_hand;
        COLEY_TRY(add_infiltration(m, panel, item, q->infiltration, err));
    }
    if (q->msi >= 0) new_msi(panel, q->msi)->filters = by_hand;
    return COLEY_OK;
}

coley_status coley_panel_run(coley_arena *arena, const coley_panel_request *q, coley_panel *panel, coley_error *err)
{
    model m;
    *panel = (coley_panel){.biomarkers = coley_biomarkers_none()};
    if (q->cells && (!isnan(q->pdl1_tps) || q->infiltration >= 0))
        return COLEY_FAIL(err, COLEY_ERR_ARG,
                          "--cells gives PD-L1 and infiltrate; take --pdl1-tps and --infiltration away");
    if (q->reads && q->msi >= 0)
        return COLEY_FAIL(err, COLEY_ERR_ARG, "--bam gives the microsatellites; take --msi away");
    COLEY_TRY(make_model(arena, q, &m, err));
    panel->cancer = m.cancer->name;
    panel->biomarkers.id = q->id;
    if (q->variants.variants) COLEY_TRY(add_variants(&m, panel, q, err));
    if (q->cells) COLEY_TRY(add_cells(&m, panel, q, err));
    if (q->reads) COLEY_TRY(add_reads(&m, panel, q, err));
    COLEY_TRY(add_by_hand(&m, panel, q, err));
    if (!panel->n_items)
        return COLEY_FAIL(err, COLEY_ERR_ARG,
                          "nothing to look at: give --vcf, --bam, --cells, or --pdl1-tps, --msi, --infiltration");
    return COLEY_OK;
}

/* ---- words --------------------------------------------------------------------------------------------------------
 */

static void add_line(const char *what, const char *text, coley_text *out)
{
    if (text) coley_text_addf(out, "    %-11s %s\n", what, text);
}

void coley_panel_words(const coley_panel *panel, coley_text *out)
{
    coley_text_addf(out, "Biomarkers of %s, against the typical person with %s\n",
                    panel->biomarkers.id ? panel->biomarkers.id : "this tumour", panel->cancer);
    for (size_t i = 0; i < panel->n_items; i++) {
        const coley_panel_item *item = &panel->item[i];
        coley_text_addf(out, "\n  %s: %s", item->name, item->value ? item->value : "cannot tell");
        if (item->interval && item->value) coley_text_addf(out, " (%s)", item->interval);
        if (item->call) coley_text_addf(out, ", %s", item->call);
        coley_text_addf(out, "\n");
        add_line("reason", item->reason, out);
        add_line("definition", item->definition, out);
        add_line("over", item->denominator, out);
        add_line("filters", item->filters, out);
        add_line("from", item->source, out);
        add_line("would move", item->would_move, out);
        for (size_t k = 0; k < item->n_moves; k++) {
            const coley_panel_move *move = &item->move[k];
            coley_text_addf(out, "    %-11s %s %.4g -> %.4g (times %.3g)%s%s\n", move->is_state ? "and so" : "moves",
                            move->symbol, move->from, move->to, move->to / move->from, move->words ? ", " : "",
                            move->words ? move->words : "");
        }
        if (!item->n_moves)
            coley_text_addf(out, "    %-11s nothing in the model%s\n", "moves",
                            item->value && strcmp(item->name, "microsatellites") ? ": the typical person has it already" : "");
    }
    coley_text_addf(out, "\nFor research and teaching; not medical advice.\n");
}

static void emit_quantity(coley_emit *emit, coley_arena *arena, const char *key, double value, const char *unit)
{
    if (isnan(value)) return;
    coley_emit_text(emit, key,
                    coley_arena_printf(arena, "%s%s%s", coley_digits_exact(value).text, *unit ? " " : "", unit));
}

static void emit_item(coley_emit *emit, const coley_panel_item *item)
{
    const struct {
        const char *key, *text;
    } texts[] = {{"biomarker", item->name},    {"value", item->value ? item->value : "cannot tell"},
                 {"interval", item->interval}, {"call", item->call},
                 {"reason", item->reason},     {"definition", item->definition},
                 {"over", item->denominator},  {"filters", item->filters},
                 {"source", item->source},     {"would_move", item->would_move}};
    coley_emit_map(emit, NULL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text) coley_emit_text(emit, texts[i].key, texts[i].text);
    coley_emit_list(emit, "moves");
    for (size_t k = 0; k < item->n_moves; k++) {
        const coley_panel_move *move = &item->move[k];
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, move->is_state ? "state" : "parameter", move->symbol);
        coley_emit_number(emit, "from", move->from);
        coley_emit_number(emit, "to", move->to);
        coley_emit_number(emit, "times", move->to / move->from);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    coley_emit_end(emit);
}

void coley_panel_write(const coley_panel *panel, coley_emit_style style, coley_text *out)
{
    const coley_biomarkers *b = &panel->biomarkers;
    coley_emit emit = {.out = out, .style = style};
    coley_emit_map(&emit, NULL);
    if (b->id) coley_emit_text(&emit, "id", b->id);
    emit_quantity(&emit, out->arena, "tmb", b->tmb_per_Mb, "1/Mb");
    emit_quantity(&emit, out->arena, "pdl1_tps", b->pdl1_tps, "");
    if (!isnan(b->pdl1_cps)) coley_emit_number(&emit, "pdl1_cps", b->pdl1_cps);
    if (!isnan(b->pdl1_ic)) coley_emit_number(&emit, "pdl1_ic", b->pdl1_ic);
    if (b->msi >= 0) coley_emit_text(&emit, "msi", msi_words[b->msi]);
    if (b->infiltration >= 0) coley_emit_text(&emit, "infiltration", infiltration_words[b->infiltration]);
    if (b->parameters.n) {
        coley_emit_map(&emit, "parameters");
        for (size_t i = 0; i < b->parameters.n; i++)
            emit_quantity(&emit, out->arena, b->parameters.row[i].symbol, b->parameters.row[i].value,
                          b->parameters.row[i].unit);
        coley_emit_end(&emit);
    }
    coley_emit_list(&emit, "evidence");
    for (size_t i = 0; i < panel->n_items; i++) emit_item(&emit, &panel->item[i]);
    coley_emit_end(&emit);
    coley_emit_end(&emit);
}
