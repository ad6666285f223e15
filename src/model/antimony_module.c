/* SPDX-License-Identifier: GPL-3.0-or-later */
/* antimony_module.c -- models inside models, one thing under two names, what is deleted; events; units.
 *
 * Flattening reads the tokens of a model with a scope, and those of its submodels with a longer prefix. A name that is
 * handed to a submodel is the same symbol under two names, as if "A.x is y" stood behind it. */
#include <math.h>

#include "model/antimony_reader.h"

typedef coley_ant_model model;
typedef coley_ant_reader reader;
typedef coley_ant_said said;
typedef coley_ant_scope scope;

model *coley_ant_find_model(reader *r, const char *id)
{
    const int32_t at = coley_ant_index_of(&r->models, id);
    return at < 0 ? NULL : &r->model[at];
}

coley_status coley_ant_flatten(reader *r, const model *m, const scope *s)
{
    for (size_t i = 0; i < m->n_ranges; i++) {
        r->at = m->range[i].start;
        r->end = m->range[i].end;
        r->n_read += r->end - r->at;
        if (r->n_read > MAX_READ)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(peek(r)),
                                 "more than %d words when submodels are written out", MAX_READ);
        skip_breaks(r);
        while (r->at < r->end) COLEY_TRY(coley_ant_statement(r, s));
        for (size_t t = m->range[i].start; t < m->range[i].end; t++) {
            const coley_note *note = r->token[t].note;
            if (note && !note->used)
                return COLEY_FAIL_AT(
                    r->err, COLEY_ERR_INPUT,
                    ((coley_place){.file = r->token[t].file, .line = note->line, .column = note->column}),
                    "a \"//!\" comment that stands behind no value; write \"//\" for an ordinary one");
        }
    }
    return COLEY_OK;
}

/* --- submodels -------------------------------------------------------------------------------------------------- */

/* One name for each of the first names of the model's list. */
static coley_status read_bindings(reader *r, const scope *s, const model *m, const scope *inner)
{
    COLEY_TRY(coley_ant_need(r, "("));
    if (take(r, ")")) return COLEY_OK;
    size_t n = 0;
    do {
        skip_lines(r);
        const coley_token *t = peek(r);
        if (n == m->n_arguments)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "model \"%s\" takes %zu names", m->id,
                                 m->n_arguments);
        int32_t outer, own;
        COLEY_TRY(coley_ant_symbol(r, s, &outer));
        const char *id = coley_arena_printf(r->arena, "%s%s", inner->prefix, m->argument[n++]);
        if (!id) return COLEY_FAIL_MEMORY(r->err);
        COLEY_TRY(coley_ant_symbol_of_id(r, id, t, &own));
        COLEY_TRY(coley_ant_unite(r, t, own, outer));
        skip_lines(r);
    } while (take(r, ","));
    return coley_ant_need(r, ")");
}

coley_status coley_ant_submodel(reader *r, const scope *s, const char *id, int32_t home)
{
    const coley_token *kind = peek(r);
    r->at++;
    const model *m = coley_ant_find_model(r, kind->text);
    if (!m) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(kind), "no model \"%s\" in these files", kind->text);
    if (s->depth >= MAX_SUBMODELS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(kind),
                             "submodels nested more than %d deep; does \"%s\" hold itself?", MAX_SUBMODELS, kind->text);
    if (r->n_instances++ >= MAX_INSTANCES)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(kind), "more than %d submodels", MAX_INSTANCES);
    size_t n_unnamed = 0;
    const scope inner = {.depth = s->depth + 1,
                         .n_unnamed = &n_unnamed,
                         .prefix = id ? coley_arena_printf(r->arena, "%s.", id)
                                      : coley_arena_printf(r->arena, "%s_sub%zu.", s->prefix, r->n_instances - 1)};
    if (!inner.prefix) return COLEY_FAIL_MEMORY(r->err);
    COLEY_TRY(read_bindings(r, s, m, &inner));
    if (take(r, ","))
        return COLEY_FAIL_AT(r->err, COLEY_ERR_UNSUPPORTED, here(peek(r)),
                             "\"%.60s\": submodels with a unit of time or extent of their own are not read; "
                             "give all models the same units",
                             peek(r)->text);
    if (take(r, "in")) COLEY_TRY(coley_ant_symbol(r, s, &home));
    COLEY_TRY(coley_ant_end(r));
    const size_t back = r->at, back_end = r->end;
    COLEY_TRY(coley_ant_flatten(r, m, &inner));
    r->at = back;
    r->end = back_end;
    if (home < 0) return COLEY_OK;
    if (r->n_homes >= MAX_HOMES)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(kind), "more than %d submodels in compartments", MAX_HOMES);
    r->network->symbol[home].kind = COLEY_COMPARTMENT;
    if (!COLEY_RESERVE(r->arena, r->home, r->cap_homes, r->n_homes + 1)) return COLEY_FAIL_MEMORY(r->err);
    r->home[r->n_homes++] = (coley_ant_home){inner.prefix, home};
    return COLEY_OK;
}

/* --- two names for one thing -------------------------------------------------------------------------------------- */

/* Both are one from now on, under the name of `with`; what is said further out, or of `with`, takes precedence. */
coley_status coley_ant_unite(reader *r, const coley_token *t, int32_t symbol, int32_t with)
{
    if (symbol == with) return COLEY_OK;
    coley_symbol *from = &r->network->symbol[symbol], *to = &r->network->symbol[with];
    said *gone = &r->said[symbol], *kept = &r->said[with];
    if (from->kind != COLEY_PARAMETER && to->kind != COLEY_PARAMETER && from->kind != to->kind)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t),
                             "\"%s\" and \"%s\" cannot be the same: a species and a compartment", from->id, to->id);
    if (from->kind != COLEY_PARAMETER) to->kind = from->kind;
    if (to->compartment < 0) to->compartment = from->compartment;
    to->boundary |= from->boundary;
    to->constant |= from->constant;
    to->substance_only |= from->substance_only;
    if (!to->name) to->name = from->name;
    if (!to->unit) to->unit = from->unit;
    if (gone->has_plain && (!kept->has_plain || gone->plain_depth < kept->plain_depth)) {
        to->initial = from->initial;
        to->spread = from->spread;
        to->spread_a = from->spread_a;
        to->spread_b = from->spread_b;
        to->source = from->source;
        to->file = from->file;
        to->line = from->line;
        kept->has_plain = 1;
        kept->plain = gone->plain;
        kept->plain_depth = gone->plain_depth;
    }
    if (gone->has_rule && (!kept->has_rule || gone->rule_depth < kept->rule_depth)) {
        to->rule_kind = from->rule_kind;
        to->rule = from->rule;
        kept->has_rule = 1;
        kept->rule = gone->rule;
        kept->rule_depth = gone->rule_depth;
    }
    to->initial_is_amount = to->substance_only;
    gone->is_other = 1;
    gone->other = with;
    r->n_other++;
    return COLEY_OK;
}

coley_status coley_ant_delete(reader *r, const scope *s)
{
    r->at++;
    do {
        const coley_token *t = peek(r);
        const char *id;
        COLEY_TRY(coley_ant_id(r, s, &id));
        if (r->n_deletions >= MAX_DELETIONS)
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "more than %d deletions", MAX_DELETIONS);
        if (!COLEY_RESERVE(r->arena, r->deletion, r->cap_deletions, r->n_deletions + 1))
            return COLEY_FAIL_MEMORY(r->err);
        r->deletion[r->n_deletions++] = (coley_ant_deletion){.id = id, .place = here(t)};
    } while (take(r, ","));
    return coley_ant_end(r);
}

/* --- events ---------------------------------------------------------------------------------------------------------
 */

static coley_status read_yes(reader *r, int *yes)
{
    const coley_token *t = peek(r);
    if (take(r, "true"))
        *yes = 1;
    else if (take(r, "false"))
        *yes = 0;
    else
        return coley_ant_fail(r, t, "true or false");
    return COLEY_OK;
}

static coley_status read_option(reader *r, const scope *s, coley_model_event *event)
{
    const coley_token *t = peek(r);
    COLEY_TRY(coley_ant_need_name(r, &t));
    COLEY_TRY(coley_ant_need(r, "="));
    if (is(t, "priority")) return coley_ant_formula(r, s, &event->priority);
    if (is(t, "t0")) return read_yes(r, &event->initially_true);
    if (is(t, "persistent")) return read_yes(r, &event->persistent);
    if (is(t, "fromTrigger")) return read_yes(r, &event->values_at_trigger);
    return coley_ant_fail(r, t, "priority, t0, persistent or fromTrigger");
}

/* at [delay after] trigger [, priority = ...] [, t0 = ...] [, persistent = ...] [, fromTrigger = ...]: x = ..., ... */
coley_status coley_ant_event(reader *r, const scope *s, const char *id)
{
    coley_network *net = r->network;
    const coley_token *t = peek(r);
    coley_model_event event = {.id = id ? id : coley_arena_printf(r->arena, "%s_E%zu", s->prefix, net->n_events),
                               .persistent = 1,
                               .initially_true = 1,
                               .values_at_trigger = 1,
                               .file = t->file,
                               .line = t->line};
    if (!event.id) return COLEY_FAIL_MEMORY(r->err);
    const int32_t same = coley_ant_index_of(&r->events, event.id);
    if (same >= 0)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t),
                             "a second event \"%s\", the first is at %s:%d; rename or drop one", event.id,
                             net->event[same].file, net->event[same].line);
    if (!coley_ant_index_add(r->arena, &r->events, event.id, net->n_events)) return COLEY_FAIL_MEMORY(r->err);
    r->at++;
    COLEY_TRY(coley_ant_formula(r, s, &event.trigger));
    if (take(r, "after")) {
        event.delay = event.trigger;
        COLEY_TRY(coley_ant_formula(r, s, &event.trigger));
    }
    while (take(r, ",")) COLEY_TRY(read_option(r, s, &event));
    COLEY_TRY(coley_ant_need(r, ":"));
    size_t cap = 0;
    while (!at_break(r)) {
        coley_assignment made;
        COLEY_TRY(coley_ant_symbol(r, s, &made.symbol));
        COLEY_TRY(coley_ant_need(r, "="));
        COLEY_TRY(coley_ant_formula(r, s, &made.value));
        if (!COLEY_RESERVE(r->arena, event.assignment, cap, event.n_assignments + 1)) return COLEY_FAIL_MEMORY(r->err);
        event.assignment[event.n_assignments++] = made;
        if (!take(r, ",")) break;
        skip_lines(r);
    }
    if (!COLEY_RESERVE(r->arena, net->event, net->cap_events, net->n_events + 1)) return COLEY_FAIL_MEMORY(r->err);
    net->event[net->n_events++] = event;
    return coley_ant_end(r);
}

/* --- units ----------------------------------------------------------------------------------------------------------
 */

static int multiply(coley_unit *unit, const coley_unit *by, int power)
{
    unit->scale *= pow(by->scale, power);
    unit->decade += by->decade * power;
    if (!(unit->scale > 1e-100 && unit->scale < 1e100) || unit->decade > 300 || unit->decade < -300) return 0;
    for (int d = 0; d < COLEY_DIMENSION_COUNT; d++) {
        const int sum = unit->power[d] + by->power[d] * power;
        if (sum > 20 || sum < -20) return 0;
        unit->power[d] = (signed char)sum;
    }
    return 1;
}

/* SBML's kilogram is a mass, not the body's. */
static int base_unit(const reader *r, const char *name, coley_unit *unit)
{
    coley_error ignored;
    char one[MAX_ID];
    if (strcmp(name, "kilogram") == 0) return coley_unit_parse("1000 g", unit, &ignored) == COLEY_OK;
    if (coley_network_unit(r->network, name, unit)) return 1;
    const int length = snprintf(one, sizeof one, "%s", name);
    if (length < 2 || length >= MAX_ID || one[length - 1] != 's') return 0;
    one[length - 1] = '\0';
    return strcmp(one, "kilogram") == 0 ? base_unit(r, one, unit) : coley_network_unit(r->network, one, unit);
}

static coley_status read_unit_product(reader *r, coley_unit *unit, int *understood);

/* A number and the name behind it belong together: 1 / 86400 second. */
static coley_status read_unit_term(reader *r, coley_unit *unit, int *understood)
{
    const coley_token *t = peek(r);
    coley_unit part = {.scale = 1};
    *unit = (coley_unit){.scale = 1};
    if (take(r, "(")) {
        if (r->nesting >= MAX_DEPTH) return coley_ant_fail(r, t, "a unit with fewer brackets");
        r->nesting++;
        COLEY_TRY(read_unit_product(r, &part, understood));
        r->nesting--;
        COLEY_TRY(coley_ant_need(r, ")"));
    } else if (t->kind == COLEY_TOKEN_NUMBER) {
        r->at++;
        if (!(t->number > 0)) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "a unit cannot be zero");
        part.decade = (int)floor(log10(t->number));
        part.scale = t->number / pow(10, part.decade);
        if (peek(r)->kind == COLEY_TOKEN_NAME) {
            *unit = part;
            t = peek(r);
            part = (coley_unit){.scale = 1};
        }
    }
    if (t->kind == COLEY_TOKEN_NAME && t == peek(r)) {
        r->at++;
        *understood &= base_unit(r, t->text, &part);
    } else if (t == peek(r)) {
        return coley_ant_fail(r, t, "a unit");
    }
    int power = 1;
    if (take(r, "^")) {
        const int minus = take(r, "-");
        if (peek(r)->kind != COLEY_TOKEN_NUMBER || peek(r)->number != floor(peek(r)->number) || peek(r)->number > 20)
            return coley_ant_fail(r, peek(r), "a whole number as the power of a unit");
        power = (int)peek(r)->number * (minus ? -1 : 1);
        r->at++;
    }
    if (!multiply(unit, &part, power)) return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "a unit out of range");
    return COLEY_OK;
}

static coley_status read_unit_product(reader *r, coley_unit *unit, int *understood)
{
    int power = 1;
    *unit = (coley_unit){.scale = 1};
    for (;;) {
        coley_unit term;
        const coley_token *t = peek(r);
        COLEY_TRY(read_unit_term(r, &term, understood));
        if (!multiply(unit, &term, power))
            return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(t), "a unit out of range");
        if (take(r, "*"))
            power = 1;
        else if (take(r, "/"))
            power = -1;
        else
            return COLEY_OK;
    }
}

static int same_unit(const coley_unit *a, const coley_unit *b)
{
    const double ratio = a->scale / b->scale * pow(10, a->decade - b->decade);
    return coley_unit_compatible(a, b) && fabs(ratio - 1) < 1e-9;
}

/* "unit time_unit = 60 second": the unit that time counts in, in words that base/units.h reads. */
static const char *time_unit(reader *r, const coley_unit *unit)
{
    static const char *const words[] = {"s", "min", "h", "day", "week", "year"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        coley_unit known;
        coley_error ignored;
        if (coley_unit_parse(words[i], &known, &ignored) == COLEY_OK && same_unit(&known, unit)) return words[i];
    }
    return coley_arena_printf(r->arena, "%.15g day", unit->scale * pow(10, unit->decade));
}

coley_status coley_ant_unit(reader *r)
{
    coley_network *net = r->network;
    r->at++;
    const coley_token *name = NULL;
    COLEY_TRY(coley_ant_need_name(r, &name));
    if (peek(r)->kind == COLEY_TOKEN_NAME || peek(r)->kind == COLEY_TOKEN_TEXT) { /* unit x is "..." */
        while (!at_break(r)) r->at++;
        return coley_ant_end(r);
    }
    coley_unit_definition made = {.id = name->text, .understood = 1, .file = name->file, .line = name->line};
    COLEY_TRY(coley_ant_need(r, "="));
    COLEY_TRY(read_unit_product(r, &made.unit, &made.understood));
    for (size_t i = 0; i < net->n_units; i++) {
        const coley_unit_definition *was = &net->unit[i];
        if (strcmp(was->id, made.id) != 0) continue;
        if (was->understood == made.understood && (!made.understood || same_unit(&was->unit, &made.unit)))
            return coley_ant_end(r);
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name),
                             "unit \"%s\" is defined otherwise at %s:%d; give one of them another name", made.id,
                             was->file, was->line);
    }
    if (net->n_units >= MAX_UNITS)
        return COLEY_FAIL_AT(r->err, COLEY_ERR_INPUT, here(name), "more than %d units", MAX_UNITS);
    if (!COLEY_RESERVE(r->arena, net->unit, net->cap_units, net->n_units + 1)) return COLEY_FAIL_MEMORY(r->err);
    net->unit[net->n_units++] = made;
    if (is(name, "time_unit") && made.understood && !(net->time_unit = time_unit(r, &made.unit)))
        return COLEY_FAIL_MEMORY(r->err);
    return coley_ant_end(r);
}
