/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules_file.c -- rows of the grammar gathered into rules. */
#include "tissue/rules_file.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/rows.h"

enum { MAX_RULES = 20000, MAX_TERMS = 1000 };

typedef struct rule_maker {
    coley_rule rule;
    size_t cap;
    coley_rule_term *term;
} rule_maker;

struct coley_rule_set {
    coley_arena *arena;
    const coley_tissue_model *model;
    const coley_vocabulary *words;
    const char **type_name;
    size_t n, cap;
    rule_maker *maker;
};

/* One row, whatever its columns were. */
typedef struct rule_row {
    int type, signal, behaviour;
    bool increases, dead_too;
    double minimum, base, maximum; /* NaN: not said */
    double half, hill;
} rule_row;

coley_rule_set *coley_rule_set_create(coley_arena *arena, const coley_tissue_model *model,
                                      const coley_vocabulary *words)
{
    coley_rule_set *s = COLEY_NEW(arena, coley_rule_set, 1);
    if (!s) return NULL;
    *s = (coley_rule_set){.arena = arena, .model = model, .words = words};
    s->type_name = COLEY_NEW(arena, const char *, model->n_types);
    if (!s->type_name) return NULL;
    for (size_t i = 0; i < model->n_types; i++) s->type_name[i] = model->type[i].name;
    return s;
}

static coley_status unknown(const coley_rows *r, const char *what, const char *name, const char *near, coley_error *err)
{
    return COLEY_ROWS_FAIL(r, what, err, "unknown %s \"%.80s\"%s%.80s%s", what, name, near ? "; did you mean \"" : "",
                           near ? near : "", near ? "\"?" : "");
}

static coley_status find_names(const coley_rule_set *s, const coley_rows *r, const char *type, const char *signal,
                               const char *behaviour, rule_row *row, coley_error *err)
{
    row->type = -1;
    for (size_t i = 0; i < s->model->n_types; i++)
        if (strcmp(s->type_name[i], type) == 0) row->type = (int)i;
    if (row->type < 0)
        return unknown(r, "cell type", type, coley_text_nearest(type, s->type_name, s->model->n_types), err);
    row->signal = coley_vocabulary_signal(s->words, signal);
    if (row->signal < 0) return unknown(r, "signal", signal, coley_vocabulary_nearest_signal(s->words, signal), err);
    row->behaviour = coley_vocabulary_behaviour(s->words, behaviour);
    return row->behaviour >= 0
               ? COLEY_OK
               : unknown(r, "behaviour", behaviour, coley_vocabulary_nearest_behaviour(s->words, behaviour), err);
}

static coley_status find_direction(const coley_rows *r, const char *word, rule_row *row, coley_error *err)
{
    row->increases = strcmp(word, "increases") == 0;
    return row->increases || strcmp(word, "decreases") == 0
               ? COLEY_OK
               : COLEY_ROWS_FAIL(r, "direction", err, "\"%.40s\" is neither increases nor decreases", word);
}

/* The last three cells are the same in all three forms. */
static coley_status read_response(const coley_rows *r, size_t first, rule_row *row, coley_error *err)
{
    double dead = 0;
    COLEY_TRY(coley_rows_number(r, first, "half-maximum", 1e-300, 1e300, &row->half, err));
    COLEY_TRY(coley_rows_number(r, first + 1, "Hill power", 1e-6, 1e6, &row->hill, err));
    COLEY_TRY(coley_rows_number(r, first + 2, "applies to dead cells", 0, 1, &dead, err));
    row->dead_too = dead != 0;
    return COLEY_OK;
}

static coley_status read_saturation(const coley_rows *r, size_t cell, rule_row *row, coley_error *err)
{
    return coley_rows_number(r, cell, "saturation value", -1e300, 1e300, row->increases ? &row->maximum : &row->minimum,
                             err);
}

static coley_status check_base(const coley_rule_set *s, const coley_rows *r, const rule_row *row, coley_error *err)
{
    const double base = s->model->base[(size_t)row->type * (size_t)s->model->b.count + (size_t)row->behaviour];
    if (isnan(row->base) || fabs(row->base - base) <= 1e-9 * fmax(fabs(base), 1e-6)) return COLEY_OK;
    return COLEY_ROWS_FAIL(r, "base value", err, "%g here, but %g in the cell_definition of \"%.60s\"; make them one",
                           row->base, base, s->type_name[row->type]);
}

static coley_status read_row(const coley_rule_set *s, const coley_rows *r, rule_row *row, coley_error *err)
{
    char *const *c = r->cell;
    *row = (rule_row){.minimum = NAN, .base = NAN, .maximum = NAN};
    switch (r->n_cells) {
    case 8:
    case 9:
        COLEY_TRY(find_names(s, r, c[0], c[1], c[3], row, err));
        COLEY_TRY(find_direction(r, c[2], row, err));
        if (r->n_cells == 9) COLEY_TRY(coley_rows_number(r, 4, "base value", -1e300, 1e300, &row->base, err));
        COLEY_TRY(read_saturation(r, r->n_cells - 4, row, err));
        break;
    case 10:
        COLEY_TRY(find_names(s, r, c[0], c[5], c[1], row, err));
        COLEY_TRY(find_direction(r, c[6], row, err));
        COLEY_TRY(coley_rows_number(r, 2, "minimum", -1e300, 1e300, &row->minimum, err));
        COLEY_TRY(coley_rows_number(r, 3, "base value", -1e300, 1e300, &row->base, err));
        COLEY_TRY(coley_rows_number(r, 4, "maximum", -1e300, 1e300, &row->maximum, err));
        break;
    default:
        return COLEY_ROWS_FAIL(r, NULL, err,
                               "%zu cells; a rule has 8 (cell type, signal, increases or decreases, "
                               "behaviour, saturation value, half-maximum, Hill power, dead cells too: 0 or 1)",
                               r->n_cells);
    }
    COLEY_TRY(read_response(r, r->n_cells - 3, row, err));
    return check_base(s, r, row, err);
}

static rule_maker *maker_of(coley_rule_set *s, const rule_row *row)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->maker[i].rule.type == row->type && s->maker[i].rule.behaviour == row->behaviour) return &s->maker[i];
    if (!COLEY_RESERVE(s->arena, s->maker, s->cap, s->n + 1)) return NULL;
    const double base = s->model->base[(size_t)row->type * (size_t)s->model->b.count + (size_t)row->behaviour];
    s->maker[s->n] = (rule_maker){
        .rule = {
            .type = row->type, .behaviour = row->behaviour, .minimum = INFINITY, .base = base, .maximum = -INFINITY}};
    return &s->maker[s->n++];
}

/* What a row does not say is the base value: a rise begins there, a fall does, too. */
static coley_status add_row(coley_rule_set *s, const coley_rows *r, const rule_row *row, coley_error *err)
{
    if (s->n == MAX_RULES) return COLEY_ROWS_FAIL(r, NULL, err, "more than %d rules", MAX_RULES);
    rule_maker *m = maker_of(s, row);
    if (!m) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < m->rule.n_terms; i++)
        if (m->term[i].signal == row->signal && m->term[i].increases == row->increases)
            return COLEY_ROWS_FAIL(r, "signal", err, "this signal %s this behaviour in a line above already",
                                   row->increases ? "increases" : "decreases");
    if (m->rule.n_terms == MAX_TERMS) return COLEY_ROWS_FAIL(r, NULL, err, "more than %d signals", MAX_TERMS);
    if (!COLEY_RESERVE(s->arena, m->term, m->cap, m->rule.n_terms + 1)) return COLEY_FAIL_MEMORY(err);
    m->rule.minimum = fmin(m->rule.minimum, isnan(row->minimum) ? m->rule.base : row->minimum);
    m->rule.maximum = fmax(m->rule.maximum, isnan(row->maximum) ? m->rule.base : row->maximum);
    m->term[m->rule.n_terms++] = (coley_rule_term){.signal = row->signal,
                                                   .increases = row->increases,
                                                   .dead_too = row->dead_too,
                                                   .half = row->half,
                                                   .hill = row->hill};
    return COLEY_OK;
}

static coley_status read_rules(coley_rule_set *s, coley_rows *r, coley_error *err)
{
    bool more;
    for (;;) {
        COLEY_TRY(coley_rows_next(r, &more, err));
        if (!more) return COLEY_OK;
        if (strncmp(r->cell[0], "//", 2) == 0) continue;
        rule_row row;
        COLEY_TRY(read_row(s, r, &row, err));
        COLEY_TRY(add_row(s, r, &row, err));
    }
}

coley_status coley_rule_set_read(coley_rule_set *set, const char *path, coley_error *err)
{
    coley_rows rows;
    COLEY_TRY(coley_rows_read(set->arena, path, &rows, err));
    return read_rules(set, &rows, err);
}

coley_status coley_rule_set_parse(coley_rule_set *set, const char *name, char *bytes, size_t length, coley_error *err)
{
    coley_rows rows;
    COLEY_TRY(coley_rows_open(set->arena, name, bytes, length, &rows, err));
    return read_rules(set, &rows, err);
}

coley_status coley_rule_set_finish(coley_rule_set *s, coley_tissue_model *model, coley_error *err)
{
    coley_rule *rule = COLEY_NEW(s->arena, coley_rule, s->n);
    if (!rule) return COLEY_FAIL_MEMORY(err);
    size_t n = 0;
    for (size_t type = 0; type < model->n_types; type++)
        for (size_t i = 0; i < s->n; i++) {
            if (s->maker[i].rule.type != (int)type) continue;
            rule[n] = s->maker[i].rule;
            rule[n++].term = s->maker[i].term;
        }
    model->n_rules = n;
    model->rule = rule;
    return COLEY_OK;
}
