/* SPDX-License-Identifier: GPL-3.0-or-later */
/* convert_antimony.c -- a network in the Antimony language. */
#include "model/convert.h"

#include <math.h>
#include <string.h>

#include "model/expr_text.h"

typedef struct writer {
    const coley_network *network;
    coley_text *out;
    const unsigned char *hidden;
} writer;

static void add_formula(writer *w, const coley_expr *e)
{
    coley_expr_text_add(w->out, w->network, e, SIZE_MAX / 4);
}

/* "1e-06 metre", each base unit that SBML has; the first carries the number in front. */
static void add_unit(writer *w, const coley_unit_definition *d)
{
    static const struct {
        coley_dimension dimension;
        const char *name;
        double scale;
        int decade;
    } base[] = {{COLEY_DIMENSION_LENGTH, "metre", 1, -6}, {COLEY_DIMENSION_TIME, "second", 86400, 0},
                {COLEY_DIMENSION_MASS, "gram", 1, -3},    {COLEY_DIMENSION_SUBSTANCE, "mole", 1, -24},
                {COLEY_DIMENSION_CELL, "item", 1, 0},     {COLEY_DIMENSION_DOSE, "gray", 1, 0}};
    double scale = d->unit.scale;
    int decade = d->unit.decade;
    for (size_t i = 0; i < sizeof base / sizeof *base; i++) {
        scale *= pow(base[i].scale, d->unit.power[base[i].dimension]);
        decade += base[i].decade * d->unit.power[base[i].dimension];
    }
    size_t first = 0; /* the number belongs to this one */
    const size_t n = sizeof base / sizeof *base;
    while (first < n && d->unit.power[base[first].dimension] != 1) first++;
    coley_text_addf(w->out, "  unit %s = %.15g %s", d->id, scale * pow(10, decade),
                    first < n ? base[first].name : "dimensionless");
    for (size_t i = 0; i < n; i++) {
        const int power = d->unit.power[base[i].dimension], size = power < 0 ? -power : power;
        if (!power || i == first) continue;
        coley_text_addf(w->out, size == 1 ? " %c %s" : " %c %s^%d", power > 0 ? '*' : '/', base[i].name, size);
    }
    coley_text_addf(w->out, ";\n");
}

static void add_units(writer *w)
{
    const char *time_unit = w->network->time_unit ? w->network->time_unit : "day";
    coley_unit_definition time = {.id = "time_unit"};
    if (*time_unit && coley_network_unit(w->network, time_unit, &time.unit)) {
        coley_unit day = {.scale = 1};
        day.power[COLEY_DIMENSION_TIME] = 1;
        if (coley_unit_compatible(&time.unit, &day)) add_unit(w, &time);
    }
    for (size_t i = 0; i < w->network->n_units; i++)
        if (strcmp(w->network->unit[i].id, "time_unit") != 0) add_unit(w, &w->network->unit[i]);
}

static void add_note(writer *w, const coley_symbol *s)
{
    static const char *const spread[] = {"",           "lognormal",   "normal", "uniform",
                                         "loguniform", "logitnormal", "chance"};
    const int has_source = s->source && *s->source;
    if (s->spread == COLEY_SPREAD_NONE && !has_source) return;
    coley_text_addf(w->out, "  //! ");
    if (s->spread != COLEY_SPREAD_NONE)
        coley_text_addf(w->out, "%s(%.17g, %.17g)", spread[s->spread], s->spread_a, s->spread_b);
    coley_text_addf(w->out, "; %s", has_source ? s->source : "");
}

static void add_declaration(writer *w, const coley_symbol *s)
{
    if (s->kind == COLEY_PARAMETER) return;
    coley_text_addf(w->out, "  %s%s%s %s%s", s->constant ? "const " : "", s->substance_only ? "substanceOnly " : "",
                    s->kind == COLEY_SPECIES ? "species" : "compartment", s->boundary ? "$" : "", s->id);
    if (s->compartment >= 0 && s->kind == COLEY_SPECIES)
        coley_text_addf(w->out, " in %s", w->network->symbol[s->compartment].id);
    coley_text_addf(w->out, ";\n");
}

/* Whether the start, which is an amount or a concentration, is written as it stands: see antimony_link.c. */
static int stands_alone(const writer *w, const coley_symbol *s)
{
    if (s->kind != COLEY_SPECIES || s->compartment < 0) return 1;
    const coley_symbol *home = &w->network->symbol[s->compartment];
    if (home->rule_kind == COLEY_RULE_NONE && home->initial && home->initial->op == COLEY_OP_NUMBER &&
        home->initial->number == 1)
        return 1;
    const int is_number = s->initial->op == COLEY_OP_NUMBER;
    return s->substance_only && !is_number ? s->initial_is_amount : !s->initial_is_amount;
}

static void add_start(writer *w, const coley_symbol *s)
{
    if (!s->initial) return;
    coley_text_addf(w->out, "  %s = ", s->id);
    if (stands_alone(w, s)) {
        add_formula(w, s->initial);
        if (s->initial->op == COLEY_OP_NUMBER && s->unit && isfinite(s->initial->number))
            coley_text_addf(w->out, " %s", s->unit);
        coley_text_addf(w->out, ";");
    } else {
        const int is_number = s->initial->op == COLEY_OP_NUMBER && s->initial->number >= 0;
        coley_text_addf(w->out, is_number ? "" : "(");
        add_formula(w, s->initial);
        coley_text_addf(w->out, "%s %c %s;", is_number ? "" : ")", s->initial_is_amount ? '/' : '*',
                        w->network->symbol[s->compartment].id);
    }
    if (s->rule_kind != COLEY_RULE_ASSIGNMENT) add_note(w, s);
    coley_text_addf(w->out, "\n");
}

static void add_symbol(writer *w, const coley_symbol *s)
{
    const int unit_in_value =
        s->initial && s->initial->op == COLEY_OP_NUMBER && isfinite(s->initial->number) && stands_alone(w, s);
    if (s->rule_kind != COLEY_RULE_ASSIGNMENT) add_start(w, s);
    if (s->unit && (!unit_in_value || s->rule_kind == COLEY_RULE_ASSIGNMENT))
        coley_text_addf(w->out, "  %s has %s;\n", s->id, s->unit);
    if (s->rule_kind != COLEY_RULE_NONE) {
        coley_text_addf(w->out, s->rule_kind == COLEY_RULE_RATE ? "  %s' = " : "  %s := ", s->id);
        add_formula(w, s->rule);
        coley_text_addf(w->out, ";");
        if (s->rule_kind == COLEY_RULE_ASSIGNMENT && s->source && *s->source)
            coley_text_addf(w->out, "  //! ; %s", s->source);
        coley_text_addf(w->out, "\n");
    }
    if (s->name) {
        coley_text_addf(w->out, "  %s is \"", s->id);
        for (const char *p = s->name; *p; p++) coley_text_add(w->out, *p == '"' ? "'" : *p == '\n' ? " " : p, 1);
        coley_text_addf(w->out, "\";\n");
    }
}

/* A stoichiometry that is no plain number or name becomes a parameter of its own. */
static int is_plain_amount(const coley_expr *e)
{
    return (e->op == COLEY_OP_NUMBER && e->number >= 0) || e->op == COLEY_OP_SYMBOL;
}

static void add_amounts(writer *w, const coley_reaction *r)
{
    for (size_t i = 0; i < r->n_reactants + r->n_products; i++) {
        const coley_term *t = i < r->n_reactants ? &r->reactant[i] : &r->product[i - r->n_reactants];
        if (is_plain_amount(t->amount)) continue;
        coley_text_addf(w->out, "  %s__amount%zu := ", r->id, i);
        add_formula(w, t->amount);
        coley_text_addf(w->out, ";\n");
    }
}

static void add_side(writer *w, const coley_reaction *r, const coley_term *term, size_t n, size_t first)
{
    for (size_t i = 0; i < n; i++) {
        const coley_expr *amount = term[i].amount;
        if (i) coley_text_addf(w->out, " + ");
        if (!is_plain_amount(amount)) {
            coley_text_addf(w->out, "%s__amount%zu ", r->id, first + i);
        } else if (!(amount->op == COLEY_OP_NUMBER && amount->number == 1)) {
            add_formula(w, amount);
            coley_text_addf(w->out, " ");
        }
        coley_text_addf(w->out, "%s", w->network->symbol[term[i].species].id);
    }
}

static void add_reaction(writer *w, const coley_reaction *r)
{
    add_amounts(w, r);
    coley_text_addf(w->out, "  %s: ", r->id);
    add_side(w, r, r->reactant, r->n_reactants, 0);
    coley_text_addf(w->out, " -> ");
    add_side(w, r, r->product, r->n_products, r->n_reactants);
    coley_text_addf(w->out, "; ");
    add_formula(w, r->rate);
    coley_text_addf(w->out, ";\n");
}

static void add_event(writer *w, const coley_model_event *e)
{
    coley_text_addf(w->out, "  %s: at ", e->id);
    if (e->delay) {
        coley_text_addf(w->out, "(");
        add_formula(w, e->delay);
        coley_text_addf(w->out, ") after ");
    }
    coley_text_addf(w->out, "(");
    add_formula(w, e->trigger);
    coley_text_addf(w->out, ")");
    if (e->priority) {
        coley_text_addf(w->out, ", priority=");
        add_formula(w, e->priority);
    }
    if (!e->initially_true) coley_text_addf(w->out, ", t0=false");
    if (!e->persistent) coley_text_addf(w->out, ", persistent=false");
    if (!e->values_at_trigger) coley_text_addf(w->out, ", fromTrigger=false");
    coley_text_addf(w->out, ": ");
    for (size_t i = 0; i < e->n_assignments; i++) {
        coley_text_addf(w->out, "%s%s = ", i ? ", " : "", w->network->symbol[e->assignment[i].symbol].id);
        add_formula(w, e->assignment[i].value);
    }
    coley_text_addf(w->out, ";\n");
}

coley_status coley_convert_antimony(coley_arena *arena, const coley_network *network, coley_text *out, coley_error *err)
{
    coley_network plain;
    unsigned char *hidden, *target;
    COLEY_TRY(coley_convert_names(arena, network, &plain, &hidden, &target, err));
    writer w = {.network = &plain, .out = out, .hidden = hidden};
    coley_text_addf(out, "model *%s()\n", plain.id);
    add_units(&w);
    for (int compartments = 1; compartments >= 0; compartments--)
        for (size_t i = 0; i < plain.n_symbols; i++)
            if (!hidden[i] && (plain.symbol[i].kind == COLEY_COMPARTMENT) == compartments)
                add_declaration(&w, &plain.symbol[i]);
    for (size_t i = 0; i < plain.n_symbols; i++)
        if (!hidden[i]) add_symbol(&w, &plain.symbol[i]);
    for (size_t i = 0; i < plain.n_reactions; i++) add_reaction(&w, &plain.reaction[i]);
    for (size_t i = 0; i < plain.n_events; i++) add_event(&w, &plain.event[i]);
    coley_text_addf(out, "end\n");
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
