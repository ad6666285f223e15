/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_show.c -- what is in a model, for people and for programs; and what may be wrong with it. */
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "io/emit.h"
#include "model/expr_text.h"
#include "model/moiety.h"
#include "model/sbml.h"
#include "run/model_run.h"

enum { FORMULA_LIMIT = 2000 };

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

coley_status coley_model_review(coley_arena *arena, const coley_model *model, const coley_log *log,
                                coley_unit_report *units, coley_error *err)
{
    COLEY_TRY(coley_units_check(arena, model->network, units, err));
    for (size_t i = 0; i < model->network->n_symbols; i++) {
        const coley_symbol *s = &model->network->symbol[i];
        coley_unit unit;
        coley_error why;
        if (!s->unit || coley_network_unit(model->network, s->unit, &unit)) continue;
        if (coley_unit_parse(s->unit, &unit, &why) == COLEY_OK)
            snprintf(why.text, sizeof why.text, "\"%s\" is made of something that Coley has no dimension for", s->unit);
        coley_log_add(log, COLEY_LOG_WARNING, "%s:%d: unit of %s: %s", or_empty(s->file), s->line, s->id, why.text);
    }
    for (size_t i = 0; i < units->n_faults; i++) {
        const coley_unit_fault *f = &units->fault[i];
        coley_log_add(log, COLEY_LOG_WARNING, "%s:%d: %s: units: %s", or_empty(f->file), f->line, f->symbol, f->text);
    }
    if (model->sbml) (void)coley_sbml_review(model->sbml_file, model->sbml, log);
    return COLEY_OK;
}

typedef struct counts {
    size_t species, parameters, rules, sourced, spread, numbers;
} counts;

static counts count(const coley_model *model)
{
    counts c = {0};
    for (size_t i = 0; i < model->network->n_symbols; i++) {
        const coley_symbol *s = &model->network->symbol[i];
        const int input = coley_program_input_of(model->program, (int32_t)i) >= 0 && s->kind == COLEY_PARAMETER;
        c.species += s->kind == COLEY_SPECIES;
        c.parameters += s->kind == COLEY_PARAMETER;
        c.rules += s->rule_kind != COLEY_RULE_NONE;
        c.numbers += input;
        c.sourced += input && s->source && *s->source;
        c.spread += s->spread != COLEY_SPREAD_NONE;
    }
    return c;
}

static void add_counts(const coley_model *model, coley_text *text)
{
    const coley_network *network = model->network;
    const counts c = count(model);
    coley_text_addf(text, "model %s: %zu species, %zu parameters, %zu rules, %zu reactions", or_empty(network->id),
                    c.species, c.parameters, c.rules, network->n_reactions);
    coley_text_addf(text, ", %zu events", network->n_events);
    coley_text_addf(text,
                    "; %zu states, Jacobian with %zu entries; %zu of %zu numbers say where they come from, %zu differ "
                    "between people\n",
                    coley_program_state_count(model->program), coley_program_jacobian_count(model->program), c.sourced,
                    c.numbers, c.spread);
}

static void emit_counts(coley_emit *emit, const coley_model *model)
{
    const coley_network *network = model->network;
    const counts c = count(model);
    coley_emit_text(emit, "model", network->id);
    coley_emit_integer(emit, "species", (int64_t)c.species);
    coley_emit_integer(emit, "parameters", (int64_t)c.parameters);
    coley_emit_integer(emit, "rules", (int64_t)c.rules);
    coley_emit_integer(emit, "reactions", (int64_t)network->n_reactions);
    coley_emit_integer(emit, "events", (int64_t)network->n_events);
    coley_emit_integer(emit, "states", (int64_t)coley_program_state_count(model->program));
    coley_emit_integer(emit, "jacobian_entries", (int64_t)coley_program_jacobian_count(model->program));
    coley_emit_integer(emit, "parameters_with_number", (int64_t)c.numbers);
    coley_emit_integer(emit, "parameters_with_source", (int64_t)c.sourced);
    coley_emit_integer(emit, "parameters_with_spread", (int64_t)c.spread);
}

void coley_model_summary(const coley_model *model, const coley_unit_report *units, int json, coley_text *text)
{
    if (!json) {
        add_counts(model, text);
        if (!units->n_with_unit)
            coley_text_addf(text, "units: none are given, so none are checked\n");
        else if (units->n_faults)
            coley_text_addf(text, "units: %zu formulas disagree; %zu of %zu numbers have a unit\n", units->n_faults,
                            units->n_with_unit, units->n_symbols);
        else
            coley_text_addf(text, "units: all formulas agree; %zu of %zu numbers have a unit\n", units->n_with_unit,
                            units->n_symbols);
        return;
    }
    coley_emit emit = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    emit_counts(&emit, model);
    coley_emit_integer(&emit, "numbers", (int64_t)units->n_symbols);
    coley_emit_integer(&emit, "numbers_with_unit", (int64_t)units->n_with_unit);
    coley_emit_list(&emit, "unit_faults");
    for (size_t i = 0; i < units->n_faults; i++) {
        const coley_unit_fault *f = &units->fault[i];
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "file", f->file);
        coley_emit_integer(&emit, "line", f->line);
        coley_emit_text(&emit, "symbol", f->symbol);
        coley_emit_text(&emit, "found", f->found);
        coley_emit_text(&emit, "against", f->against);
        coley_emit_text(&emit, "text", f->text);
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_end(&emit);
}

static const char *kind_name(coley_symbol_kind kind)
{
    return kind == COLEY_SPECIES ? "species" : kind == COLEY_COMPARTMENT ? "compartment" : "parameter";
}

/* What the symbol is to the solver. */
static const char *role(const coley_model *model, int32_t symbol)
{
    const coley_symbol *s = &model->network->symbol[symbol];
    if (coley_program_state_of(model->program, symbol) >= 0) return "state";
    if (s->rule_kind == COLEY_RULE_ASSIGNMENT) return "rule";
    return coley_program_input_of(model->program, symbol) >= 0 ? "input" : "from inputs";
}

/* A formula as a text of its own, or "". */
static const char *formula(coley_arena *arena, const coley_network *network, const coley_expr *expr)
{
    coley_text text = {.arena = arena};
    if (expr) coley_expr_text_add(&text, network, expr, FORMULA_LIMIT);
    return text.data && !text.failed ? text.data : "";
}

static void add_side(coley_text *text, const coley_network *network, const coley_term *term, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i) coley_text_addf(text, " + ");
        const coley_expr *amount = term[i].amount;
        if (!(amount->op == COLEY_OP_NUMBER && amount->number == 1)) {
            coley_expr_text_add(text, network, amount, FORMULA_LIMIT);
            coley_text_add(text, " ", 1);
        }
        coley_text_addf(text, "%s", network->symbol[term[i].species].id);
    }
}

static const char *reaction_text(coley_arena *arena, const coley_network *network, const coley_reaction *reaction)
{
    coley_text text = {.arena = arena};
    add_side(&text, network, reaction->reactant, reaction->n_reactants);
    coley_text_addf(&text, " -> ");
    add_side(&text, network, reaction->product, reaction->n_products);
    return text.failed ? "" : text.data;
}

/* "J1 -1, J2 +2": what the reactions do to a species. */
static const char *changes_of(coley_arena *arena, const coley_network *network, int32_t species)
{
    coley_text text = {.arena = arena};
    for (size_t r = 0; r < network->n_reactions; r++) {
        const coley_reaction *x = &network->reaction[r];
        for (size_t i = 0; i < x->n_reactants + x->n_products; i++) {
            const int loss = i < x->n_reactants;
            const coley_term *term = loss ? &x->reactant[i] : &x->product[i - x->n_reactants];
            if (term->species != species) continue;
            coley_text_addf(&text, "%s%s %s%s", text.length ? ", " : "", x->id, loss ? "-" : "+",
                            formula(arena, network, term->amount));
        }
    }
    return text.failed || !text.data ? "" : text.data;
}

static const char *moiety_text(coley_arena *arena, const coley_network *network, const coley_moiety *m)
{
    coley_text text = {.arena = arena};
    for (size_t i = 0; i < m->n; i++) {
        const int64_t f = m->factor[i], size = f < 0 ? -f : f;
        coley_text_addf(&text, i ? (f < 0 ? " - " : " + ") : (f < 0 ? "-" : ""));
        if (size != 1) coley_text_addf(&text, "%lld ", (long long)size);
        coley_text_addf(&text, "%s", network->symbol[m->species[i]].id);
    }
    return text.failed || !text.data ? "" : text.data;
}

static const char *event_text(coley_arena *arena, const coley_network *network, const coley_model_event *e)
{
    coley_text text = {.arena = arena};
    for (size_t i = 0; i < e->n_assignments; i++)
        coley_text_addf(&text, "%s%s = %s", i ? ", " : "", network->symbol[e->assignment[i].symbol].id,
                        formula(arena, network, e->assignment[i].value));
    return text.failed || !text.data ? "" : text.data;
}

static int is_changed(const coley_network *network, int32_t species)
{
    const coley_symbol *s = &network->symbol[species];
    return s->kind == COLEY_SPECIES && !s->boundary && !s->constant && s->rule_kind == COLEY_RULE_NONE;
}

static void tables_json(coley_arena *arena, const coley_model *model, const coley_moiety *moiety, size_t n_moieties,
                        coley_text *text)
{
    const coley_network *network = model->network;
    coley_emit emit = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "model", network->id);
    coley_emit_integer(&emit, "states", (int64_t)coley_program_state_count(model->program));
    coley_emit_integer(&emit, "jacobian_entries", (int64_t)coley_program_jacobian_count(model->program));
    coley_emit_list(&emit, "symbols");
    for (size_t i = 0; i < network->n_symbols; i++) {
        const coley_symbol *s = &network->symbol[i];
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "id", s->id);
        coley_emit_text(&emit, "kind", kind_name(s->kind));
        coley_emit_text(&emit, "role", role(model, (int32_t)i));
        coley_emit_text(&emit, "name", s->name);
        coley_emit_text(&emit, "unit", s->unit);
        coley_emit_text(&emit, "initial", s->initial ? formula(arena, network, s->initial) : NULL);
        coley_emit_text(&emit, s->rule_kind == COLEY_RULE_RATE ? "rate" : "rule",
                        s->rule ? formula(arena, network, s->rule) : NULL);
        coley_emit_text(&emit, "source", s->source);
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_list(&emit, "reactions");
    for (size_t i = 0; i < network->n_reactions; i++) {
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "id", network->reaction[i].id);
        coley_emit_text(&emit, "reaction", reaction_text(arena, network, &network->reaction[i]));
        coley_emit_text(&emit, "rate", formula(arena, network, network->reaction[i].rate));
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_list(&emit, "stoichiometry");
    for (size_t i = 0; i < network->n_symbols; i++) {
        const char *changes = is_changed(network, (int32_t)i) ? changes_of(arena, network, (int32_t)i) : "";
        if (!*changes) continue;
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "species", network->symbol[i].id);
        coley_emit_text(&emit, "changes", changes);
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_list(&emit, "conserved");
    for (size_t i = 0; i < n_moieties; i++) {
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "sum", moiety_text(arena, network, &moiety[i]));
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_list(&emit, "events");
    for (size_t i = 0; i < network->n_events; i++) {
        coley_emit_map(&emit, NULL);
        coley_emit_text(&emit, "id", network->event[i].id);
        const coley_model_event *e = &network->event[i];
        coley_emit_text(&emit, "trigger", formula(arena, network, e->trigger));
        coley_emit_text(&emit, "delay", e->delay ? formula(arena, network, e->delay) : NULL);
        coley_emit_text(&emit, "priority", e->priority ? formula(arena, network, e->priority) : NULL);
        coley_emit_text(&emit, "sets", event_text(arena, network, e));
        coley_emit_end(&emit);
    }
    coley_emit_end(&emit);
    coley_emit_end(&emit);
}

/* What the reactions leave unchanged; NULL text when it cannot be said exactly. */
static void add_stoichiometry(coley_arena *arena, const coley_network *network, const coley_moiety *moiety, size_t n,
                              coley_text *text)
{
    static const char *const change_heading[] = {"species", "changed by"}, *const sum_heading[] = {"does not change"};
    coley_table changes = coley_table_begin(arena, change_heading, 2);
    for (size_t i = 0; i < network->n_symbols; i++) {
        const char *by = is_changed(network, (int32_t)i) ? changes_of(arena, network, (int32_t)i) : "";
        if (!*by) continue;
        coley_table_add(&changes, "%s", network->symbol[i].id);
        coley_table_add(&changes, "%s", by);
    }
    coley_text_add(text, "\n", 1);
    coley_table_draw(&changes, text);
    if (!n) return;
    coley_table sums = coley_table_begin(arena, sum_heading, 1);
    for (size_t i = 0; i < n; i++) coley_table_add(&sums, "%s", moiety_text(arena, network, &moiety[i]));
    coley_text_add(text, "\n", 1);
    coley_table_draw(&sums, text);
}

static void add_events(coley_arena *arena, const coley_network *network, coley_text *text)
{
    static const char *const heading[] = {"event", "when", "delay", "priority", "sets"};
    coley_table events = coley_table_begin(arena, heading, 5);
    for (size_t i = 0; i < network->n_events; i++) {
        const coley_model_event *e = &network->event[i];
        coley_table_add(&events, "%s", e->id);
        coley_table_add(&events, "%s", formula(arena, network, e->trigger));
        coley_table_add(&events, "%s", formula(arena, network, e->delay));
        coley_table_add(&events, "%s", formula(arena, network, e->priority));
        coley_table_add(&events, "%s", event_text(arena, network, e));
    }
    coley_text_add(text, "\n", 1);
    coley_table_draw(&events, text);
}

coley_status coley_model_tables(coley_arena *arena, const coley_model *model, int json, coley_text *text,
                                coley_error *err)
{
    static const char *const symbol_heading[] = {"symbol", "kind", "role", "value or rule", "unit", "source"};
    static const char *const reaction_heading[] = {"reaction", "changes", "rate"};
    const coley_network *network = model->network;
    coley_moiety *moiety;
    size_t n_moieties;
    coley_error why = {0};
    const coley_status status = coley_moieties(arena, network, &moiety, &n_moieties, &why);
    if (status == COLEY_ERR_MEMORY) return COLEY_FAIL_MEMORY(err);
    if (status != COLEY_OK) n_moieties = 0;
    if (json) {
        tables_json(arena, model, moiety, n_moieties, text);
        return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
    }
    add_counts(model, text);
    coley_text_add(text, "\n", 1);
    coley_table symbols = coley_table_begin(arena, symbol_heading, 6);
    for (size_t i = 0; i < network->n_symbols; i++) {
        const coley_symbol *s = &network->symbol[i];
        coley_table_add(&symbols, "%s", s->id);
        coley_table_add(&symbols, "%s", kind_name(s->kind));
        coley_table_add(&symbols, "%s", role(model, (int32_t)i));
        coley_table_add(&symbols, "%s%s",
                        s->rule_kind == COLEY_RULE_ASSIGNMENT ? ":= "
                        : s->rule_kind == COLEY_RULE_RATE     ? "' = "
                                                              : "= ",
                        formula(arena, network, s->rule ? s->rule : s->initial));
        coley_table_add(&symbols, "%s", or_empty(s->unit));
        coley_table_add(&symbols, "%s", or_empty(s->source));
    }
    coley_table_draw(&symbols, text);
    if (network->n_events) add_events(arena, network, text);
    if (!network->n_reactions) return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
    coley_text_add(text, "\n", 1);
    coley_table reactions = coley_table_begin(arena, reaction_heading, 3);
    for (size_t i = 0; i < network->n_reactions; i++) {
        coley_table_add(&reactions, "%s", network->reaction[i].id);
        coley_table_add(&reactions, "%s", reaction_text(arena, network, &network->reaction[i]));
        coley_table_add(&reactions, "%s", formula(arena, network, network->reaction[i].rate));
    }
    coley_table_draw(&reactions, text);
    add_stoichiometry(arena, network, moiety, n_moieties, text);
    if (status != COLEY_OK) coley_text_addf(text, "\n%s\n", why.text);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

/* --- as a drawing --------------------------------------------------------------------------------------------------
 */

/* A name between quotes of the dot language. */
static void add_quoted(coley_text *text, const char *name)
{
    coley_text_add(text, "\"", 1);
    for (; *name; name++) {
        if (*name == '"' || *name == '\\') coley_text_add(text, "\\", 1);
        coley_text_add(text, name, 1);
    }
    coley_text_add(text, "\"", 1);
}

static void add_edge(coley_text *text, const char *from, const char *to, const char *style)
{
    coley_text_add(text, "  ", 2);
    add_quoted(text, from);
    coley_text_add(text, " -> ", 4);
    add_quoted(text, to);
    coley_text_addf(text, "%s;\n", style);
}

/* Species that a rate hangs on, through rules, but that the reaction does not use up. */
static int add_influences(coley_expr_walk *walk, const coley_network *network, const coley_reaction *x, const char *box,
                          coley_text *text)
{
    coley_expr_walk_clear(walk);
    if (!coley_expr_walk_add(walk, x->rate)) return 0;
    for (size_t i = 0; i < walk->n; i++) {
        if (walk->node[i]->op != COLEY_OP_SYMBOL) continue;
        const int32_t symbol = walk->node[i]->symbol;
        const coley_symbol *s = &network->symbol[symbol];
        if (s->rule_kind == COLEY_RULE_ASSIGNMENT && !coley_expr_walk_add(walk, s->rule)) return 0;
        if (s->kind != COLEY_SPECIES) continue;
        int used = 0;
        for (size_t j = 0; j < x->n_reactants; j++) used |= x->reactant[j].species == symbol;
        if (!used) add_edge(text, s->id, box, " [style=dashed, arrowhead=odot]");
    }
    return 1;
}

coley_status coley_model_graph(coley_arena *arena, const coley_model *model, coley_text *text, coley_error *err)
{
    const coley_network *network = model->network;
    coley_expr_walk walk = {.arena = arena};
    coley_text_addf(text, "digraph ");
    add_quoted(text, or_empty(network->id));
    coley_text_addf(text, " {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
    for (size_t i = 0; i < network->n_symbols; i++) {
        const coley_symbol *s = &network->symbol[i];
        if (s->kind != COLEY_SPECIES) continue;
        coley_text_add(text, "  ", 2);
        add_quoted(text, s->id);
        coley_text_addf(text, " [shape=ellipse%s];\n", s->boundary || s->constant ? ", style=dotted" : "");
    }
    for (size_t r = 0; r < network->n_reactions; r++) {
        const coley_reaction *x = &network->reaction[r];
        const char *box = coley_arena_printf(arena, "reaction %s", x->id);
        if (!box) return COLEY_FAIL_MEMORY(err);
        coley_text_add(text, "  ", 2);
        add_quoted(text, box);
        coley_text_addf(text, " [shape=box, fontsize=9, label=");
        add_quoted(text, x->id);
        coley_text_addf(text, "];\n");
        for (size_t i = 0; i < x->n_reactants; i++) add_edge(text, network->symbol[x->reactant[i].species].id, box, "");
        for (size_t i = 0; i < x->n_products; i++) add_edge(text, box, network->symbol[x->product[i].species].id, "");
        if (!add_influences(&walk, network, x, box, text)) return COLEY_FAIL_MEMORY(err);
    }
    coley_text_add(text, "}\n", 2);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
