/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_doses.c -- checks an event table against a model: who is in it, which states, inputs and units it means. */
#include "run/model_doses_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static coley_place place_at(const coley_event_table *table, const coley_event_record *row, const char *key)
{
    return (coley_place){.file = table->file, .line = row ? row->line : 1, .key = key};
}

/* --- names ------------------------------------------------------------------------------------------------------- */

static const char *state_name(const coley_model_doses *d, size_t state)
{
    return d->network->symbol[coley_program_state_symbol(d->program, state)].id;
}

/* Fails at `place`: CMT text `name` is no state of the model. */
static coley_status unknown_state(coley_arena *arena, const coley_model_doses *d, const char *name, coley_place place,
                                  coley_error *err)
{
    const size_t n = coley_program_state_count(d->program);
    if (coley_network_symbol(d->network, name) >= 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "%s is no state: nothing changes it, or it follows from a rule, so it cannot be dosed",
                             coley_quote_make(name).text);
    const char **names = COLEY_NEW(arena, const char *, n);
    if (!names) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n; i++) names[i] = state_name(d, i);
    const char *near = coley_text_nearest(name, names, n);
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "the model has no state %s%s%.100s%s",
                         coley_quote_make(name).text, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* CMT: a state's name, or its number from 1. */
static coley_status find_state(coley_arena *arena, const coley_model_doses *d, const char *text, coley_place place,
                               int32_t *state, coley_error *err)
{
    const size_t n = coley_program_state_count(d->program);
    const int32_t symbol = coley_network_symbol(d->network, text);
    double number;
    *state = symbol < 0 ? -1 : coley_program_state_of(d->program, symbol);
    if (*state >= 0) return COLEY_OK;
    if (!coley_text_number(text, &number)) return unknown_state(arena, d, text, place, err);
    if (!(number >= 1 && number <= (double)n && number == floor(number)))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "%s is no compartment: the model has %zu states, numbered from 1 (%s) to %zu (%s)",
                             coley_quote_make(text).text, n, n ? state_name(d, 0) : "", n,
                             n ? state_name(d, n - 1) : "");
    *state = (int32_t)number - 1;
    return COLEY_OK;
}

static int32_t find_input(const coley_model_doses *d, const char *name)
{
    const int32_t symbol = coley_network_symbol(d->network, name);
    return symbol < 0 ? -1 : coley_program_input_of(d->program, symbol);
}

/* --- units ------------------------------------------------------------------------------------------------------- */

/* a times b^sign. */
static coley_unit unit_join(const coley_unit *a, const coley_unit *b, int sign)
{
    coley_unit unit = *a;
    unit.scale = sign > 0 ? a->scale * b->scale : a->scale / b->scale;
    unit.decade += sign * b->decade;
    for (int i = 0; i < COLEY_DIMENSION_COUNT; i++) unit.power[i] = (signed char)(a->power[i] + sign * b->power[i]);
    return unit;
}

/* What a number in unit `from` is multiplied by to be in unit `to`. */
static double unit_factor(const coley_unit *from, const coley_unit *to)
{
    const int decade = from->decade - to->decade;
    const double scale = from->scale / to->scale;
    return decade < 0 ? scale / pow(10, -decade) : scale * pow(10, decade);
}

/* Unit of the model's time; false when the model does not say. */
static int time_unit(const coley_model_doses *d, coley_unit *unit)
{
    const char *text = d->network->time_unit ? d->network->time_unit : "day";
    return *text && coley_network_unit(d->network, text, unit);
}

/* Unit of a state's amount; false when the model does not say. */
static int amount_unit(const coley_model_doses *d, int32_t state, coley_unit *unit)
{
    const coley_symbol *s = &d->network->symbol[coley_program_state_symbol(d->program, (size_t)state)];
    coley_unit size;
    if (!s->unit || !coley_network_unit(d->network, s->unit, unit)) return 0;
    if (s->kind != COLEY_SPECIES || s->substance_only || s->compartment < 0) return 1;
    const char *of_size = d->network->symbol[s->compartment].unit;
    if (!of_size) return 1;
    if (!coley_network_unit(d->network, of_size, &size)) return 0;
    *unit = unit_join(unit, &size, 1);
    return 1;
}

/* Unit `text` of the head of column `key` into the model's `to` (NULL: it does not say), as a factor. */
static coley_status head_factor(const coley_model_doses *d, const char *key, const char *text, const coley_unit *to,
                                const char *whose, double *factor, coley_error *err)
{
    const coley_place place = place_at(d->table, NULL, key);
    coley_unit from;
    *factor = 1;
    if (!text) return COLEY_OK;
    if (!to)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "the model does not say the unit of %s, so that %s cannot be converted; leave [%s] out",
                             whose, key, text);
    if (!coley_network_unit(d->network, text, &from))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s is no unit that is known", coley_quote_make(text).text);
    if (!coley_unit_compatible(&from, to)) {
        char is[100], wants[100];
        coley_unit_dimensions(&from, is, sizeof is);
        coley_unit_dimensions(to, wants, sizeof wants);
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "[%s] is %s, but %s is %s", text, is, whose, wants);
    }
    *factor = unit_factor(&from, to);
    return COLEY_OK;
}

static coley_status time_factors(coley_model_doses *d, coley_error *err)
{
    const coley_event_table *t = d->table;
    coley_unit day;
    const coley_unit *to = time_unit(d, &day) ? &day : NULL;
    COLEY_TRY(head_factor(d, "TIME", t->time_unit, to, "time", &d->time_factor, err));
    COLEY_TRY(head_factor(d, "II", t->interval_unit, to, "time", &d->interval_factor, err));
    if (!t->interval_unit) d->interval_factor = d->time_factor;
    return COLEY_OK;
}

/* AMT and RATE of a dose into `state`. A rate without a unit is in AMT's a unit of TIME. */
static coley_status amount_factors(coley_model_doses *d, int32_t state, coley_error *err)
{
    const coley_event_table *t = d->table;
    doses_state *s = &d->state[state];
    coley_unit amount, day, rate;
    if (s->known) return COLEY_OK;
    s->known = 1;
    const char *name = state_name(d, (size_t)state);
    const int has_amount = amount_unit(d, state, &amount), has_day = time_unit(d, &day);
    COLEY_TRY(head_factor(d, "AMT", t->amount_unit, has_amount ? &amount : NULL, name, &s->amount_factor, err));
    if (has_amount && has_day) rate = unit_join(&amount, &day, -1);
    COLEY_TRY(head_factor(d, "RATE", t->rate_unit, has_amount && has_day ? &rate : NULL, name, &s->rate_factor, err));
    if (!t->rate_unit) s->rate_factor = s->amount_factor / d->time_factor;
    return COLEY_OK;
}

/* --- lag and bioavailability ------------------------------------------------------------------------------------- */

/* "CMT=NUMBER" or "CMT=NAME". */
static coley_status read_changer(coley_arena *arena, coley_model_doses *d, const char *option, const char *text,
                                 int lag, coley_error *err)
{
    const coley_place place = {.key = option};
    const char *equals = strrchr(text, '=');
    if (!equals || equals == text || !equals[1])
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "\"%.200s\" is not CMT=NUMBER or CMT=NAME", text);
    const char *name = coley_arena_text(arena, text, (size_t)(equals - text));
    if (!name) return COLEY_FAIL_MEMORY(err);
    int32_t state;
    COLEY_TRY(find_state(arena, d, name, place, &state, err));
    doses_changer *c = lag ? &d->state[state].lag : &d->state[state].part;
    if (c->given) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s is given twice", name);
    c->given = 1;
    c->input = -1;
    if (coley_text_number(equals + 1, &c->value)) {
        if (!(c->value >= 0)) return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "%s: %g is below 0", name, c->value);
        return COLEY_OK;
    }
    c->input = find_input(d, equals + 1);
    if (c->input < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                             "%s: \"%.100s\" is neither a number nor a parameter of the model with a number of its own",
                             name, equals + 1);
    return COLEY_OK;
}

/* --- columns ----------------------------------------------------------------------------------------------------- */

/* The state that column "F_<state>" or "ALAG_<state>" is about; -1 for another column. */
static int32_t changer_column(const coley_model_doses *d, const char *name, int *lag)
{
    *lag = strncasecmp(name, "ALAG_", 5) == 0;
    if (!*lag && strncasecmp(name, "F_", 2) != 0) return -1;
    const char *rest = name + (*lag ? 5 : 2);
    const int32_t symbol = coley_network_symbol(d->network, rest);
    int64_t number;
    if (symbol >= 0) return coley_program_state_of(d->program, symbol);
    return coley_text_integer(rest, 1, (int64_t)coley_program_state_count(d->program), &number) ? (int32_t)number - 1
                                                                                                : -1;
}

static coley_status covariate_column(coley_model_doses *d, size_t k, int32_t input, coley_error *err)
{
    const coley_event_table *t = d->table;
    const coley_symbol *s = &d->network->symbol[coley_program_input_symbol(d->program, (size_t)input)];
    doses_covariate *c = &d->covariate[d->n_covariates++];
    coley_unit unit;
    *c = (doses_covariate){.column = k, .input = input};
    const int has_unit = s->unit && coley_network_unit(d->network, s->unit, &unit);
    return head_factor(d, t->other_name[k], t->other_unit[k], has_unit ? &unit : NULL, s->id, &c->factor, err);
}

static coley_status read_columns(coley_arena *arena, coley_model_doses *d, coley_error *err)
{
    const coley_event_table *t = d->table;
    d->covariate = COLEY_NEW(arena, doses_covariate, t->n_other);
    d->ignored = COLEY_NEW(arena, unsigned char, t->n_other);
    if (!d->covariate || !d->ignored) return COLEY_FAIL_MEMORY(err);
    for (size_t k = 0; k < t->n_other; k++) {
        const int32_t symbol = coley_network_symbol(d->network, t->other_name[k]);
        const int32_t input = find_input(d, t->other_name[k]);
        int lag;
        if (input >= 0 && coley_program_state_of(d->program, symbol) < 0) {
            COLEY_TRY(covariate_column(d, k, input, err));
            continue;
        }
        const int32_t state = symbol < 0 ? changer_column(d, t->other_name[k], &lag) : -1;
        d->ignored[k] = state < 0;
        if (state < 0) continue;
        *(lag ? &d->state[state].lag_column : &d->state[state].part_column) = (int32_t)k;
        if (!t->other_unit[k]) continue;
        coley_unit day, one = {.scale = 1};
        const coley_unit *to = !lag ? &one : time_unit(d, &day) ? &day : NULL;
        double *factor = lag ? &d->state[state].lag_column_factor : &d->state[state].part_column_factor;
        COLEY_TRY(head_factor(d, t->other_name[k], t->other_unit[k], to, lag ? "time" : "a share", factor, err));
    }
    return COLEY_OK;
}

/* Cells of the covariates as numbers; a missing one is NaN until it is filled. */
static coley_status read_cells(coley_arena *arena, coley_model_doses *d, coley_error *err)
{
    const coley_event_table *t = d->table;
    for (size_t k = 0; k < d->n_covariates; k++) {
        doses_covariate *c = &d->covariate[k];
        if (!(c->value = COLEY_NEW(arena, double, t->n))) return COLEY_FAIL_MEMORY(err);
        for (size_t i = 0; i < t->n; i++) {
            const char *text = t->row[i].other[c->column];
            if (!*text) {
                c->value[i] = NAN;
            } else if (coley_text_number(text, &c->value[i])) {
                c->value[i] *= c->factor;
            } else {
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_at(t, &t->row[i], t->other_name[c->column]),
                                     "%s%s is not a number; a value that is missing is '.'",
                                     doses_who_is(t->row[i].id, ": ").text, coley_quote_make(text).text);
            }
        }
    }
    return COLEY_OK;
}

/* Fill the missing cells of one person, from the side that is carried and then from the other. */
static void fill_cells(const coley_model_doses *d, const doses_person *p, double *value)
{
    for (int pass = 0; pass < 2; pass++) {
        const int forward = (d->carry == COLEY_CARRY_LOCF) == (pass == 0);
        double last = NAN;
        for (size_t i = 0; i < p->n; i++) {
            double *v = &value[p->first + (forward ? i : p->n - 1 - i)];
            if (isnan(*v)) *v = last;
            last = *v;
        }
    }
}

/* --- people ------------------------------------------------------------------------------------------------------ */

static int by_id(const void *a, const void *b)
{
    const doses_person *x = *(const doses_person *const *)a, *y = *(const doses_person *const *)b;
    const int order = strcmp(x->id, y->id);
    return order ? order : x->first < y->first ? -1 : x->first > y->first;
}

static coley_status read_people(coley_arena *arena, coley_model_doses *d, coley_error *err)
{
    const coley_event_table *t = d->table;
    size_t cap = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->has_id && !*t->row[i].id)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_at(t, &t->row[i], "ID"), "the ID is missing");
        if (i == 0 || strcmp(t->row[i].id, t->row[i - 1].id) != 0) {
            if (!COLEY_RESERVE(arena, d->person, cap, d->n_people + 1)) return COLEY_FAIL_MEMORY(err);
            d->person[d->n_people++] = (doses_person){.id = t->row[i].id, .first = i};
        }
        d->person[d->n_people - 1].n++;
    }
    d->sorted = COLEY_NEW(arena, const doses_person *, d->n_people);
    if (!d->sorted) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < d->n_people; i++) d->sorted[i] = &d->person[i];
    if (d->n_people) qsort(d->sorted, d->n_people, sizeof *d->sorted, by_id);
    for (size_t i = 1; i < d->n_people; i++) {
        const doses_person *before = d->sorted[i - 1], *p = d->sorted[i];
        if (strcmp(before->id, p->id) == 0)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_at(t, &t->row[p->first], "ID"),
                                 "ID %s was on line %d already, and others came between; keep each person's records "
                                 "together, in order of time",
                                 coley_quote_make(p->id).text, t->row[before->first + before->n - 1].line);
    }
    return COLEY_OK;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

static coley_status check_rows(coley_arena *arena, coley_model_doses *d, coley_error *err)
{
    const coley_event_table *t = d->table;
    const size_t n_states = coley_program_state_count(d->program);
    d->row_state = COLEY_NEW(arena, int32_t, t->n);
    if (!d->row_state) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < t->n; i++) {
        const coley_event_record *row = &t->row[i];
        const coley_place place = place_at(t, row, "CMT");
        const int gives = coley_event_gives(row);
        d->row_state[i] = !*row->compartment && gives && n_states == 1 ? 0 : -1;
        if (*row->compartment) COLEY_TRY(find_state(arena, d, row->compartment, place, &d->row_state[i], err));
        if (d->row_state[i] >= 0) d->state[d->row_state[i]].named = 1;
        if (!gives) continue;
        if (d->row_state[i] < 0)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place,
                                 "%stime %g: a dose needs CMT, the name or the number of the state it goes into",
                                 doses_who_is(row->id, ", ").text, row->time);
        COLEY_TRY(amount_factors(d, d->row_state[i], err));
        if (row->steady && d->network->n_events)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place_at(t, row, "SS"),
                                 "%sa steady state is not defined for a model with events, which may fire in any "
                                 "interval; write the doses that lead up to it with ADDL and II",
                                 doses_who_is(row->id, ": ").text);
    }
    return COLEY_OK;
}

coley_status coley_model_doses_make(coley_arena *arena, const coley_network *network, const coley_program *program,
                                    const coley_event_table *table, const coley_model_doses_options *options,
                                    const coley_model_doses **doses, coley_error *err)
{
    const size_t n_states = coley_program_state_count(program);
    coley_model_doses *d = COLEY_NEW(arena, coley_model_doses, 1);
    if (!d) return COLEY_FAIL_MEMORY(err);
    *d = (coley_model_doses){.network = network, .program = program, .table = table, .carry = options->carry};
    if (!(d->state = COLEY_NEW(arena, doses_state, n_states))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < n_states; i++) {
        d->state[i].lag_column = d->state[i].part_column = -1;
        d->state[i].lag_column_factor = d->state[i].part_column_factor = 1;
    }
    COLEY_TRY(time_factors(d, err));
    for (size_t i = 0; i < options->n_lag; i++) COLEY_TRY(read_changer(arena, d, "--lag", options->lag[i], 1, err));
    for (size_t i = 0; i < options->n_bioavailability; i++)
        COLEY_TRY(read_changer(arena, d, "--bioavailability", options->bioavailability[i], 0, err));
    COLEY_TRY(read_people(arena, d, err));
    COLEY_TRY(read_columns(arena, d, err));
    COLEY_TRY(check_rows(arena, d, err));
    COLEY_TRY(read_cells(arena, d, err));
    for (size_t k = 0; k < d->n_covariates; k++)
        for (size_t i = 0; i < d->n_people; i++) fill_cells(d, &d->person[i], d->covariate[k].value);
    *doses = d;
    return COLEY_OK;
}

size_t coley_model_doses_count(const coley_model_doses *doses)
{
    return doses->n_people;
}

const char *coley_model_doses_id(const coley_model_doses *doses, size_t person)
{
    return doses->person[person].id;
}

ptrdiff_t coley_model_doses_find(const coley_model_doses *doses, const char *id)
{
    size_t low = 0, high = doses->n_people;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(doses->sorted[middle]->id, id);
        if (order == 0) return doses->sorted[middle] - doses->person;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

double coley_model_doses_last(const coley_model_doses *doses, size_t person)
{
    const doses_person *p = &doses->person[person];
    return doses->table->row[p->first + p->n - 1].time * doses->time_factor;
}

void coley_model_doses_describe(const coley_model_doses *doses, coley_text *text)
{
    const coley_event_table *t = doses->table;
    const size_t n = coley_program_state_count(doses->program);
    int any = 0;
    for (size_t i = 0; i < n; i++) {
        if (!doses->state[i].named) continue;
        coley_text_addf(text, "%s %zu is %s", any ? "," : "CMT", i + 1, state_name(doses, i));
        any = 1;
    }
    if (any) coley_text_addf(text, "\n");
    if (doses->n_covariates) {
        coley_text_addf(text, "covariates, %s:",
                        doses->carry == COLEY_CARRY_LOCF ? "last value carried forward (locf)"
                                                         : "next value carried backward (nocb)");
        for (size_t k = 0; k < doses->n_covariates; k++)
            coley_text_addf(text, "%s %s", k ? "," : "", t->other_name[doses->covariate[k].column]);
        coley_text_addf(text, "\n");
    }
    any = 0;
    for (size_t k = 0; k < t->n_other; k++) {
        if (!doses->ignored[k]) continue;
        coley_text_addf(text, any ? ", %s" : "ignored, since they are no parameters of the model: %s",
                        t->other_name[k]);
        any = 1;
    }
    if (any) coley_text_addf(text, "\n");
}
