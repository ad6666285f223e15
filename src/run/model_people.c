/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_people.c -- see model_people.h. */
#include "run/model_people.h"

#include <math.h>
#include <string.h>

static coley_status unknown(coley_arena *arena, const coley_model *model, const coley_csv *table, size_t column,
                            coley_error *err)
{
    const coley_network *network = model->network;
    const char **names = COLEY_NEW(arena, const char *, network->n_symbols);
    size_t n = 0;
    if (!names) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < network->n_symbols; i++)
        if (coley_program_input_of(model->program, (int32_t)i) >= 0) names[n++] = network->symbol[i].id;
    const char *near = coley_text_nearest(table->name[column], names, n);
    return COLEY_FAIL_AT(err, COLEY_ERR_INPUT,
                         ((coley_place){.file = table->file, .line = 1, .key = table->name[column]}),
                         "is no parameter or initial value of the model%s%.100s%s", near ? "; did you mean " : "",
                         near ? near : "", near ? "?" : "");
}

/* The column's input, or -1 for one that says nothing. `name` is without the unit that may stand behind it in brackets,
 * as in population.csv: that of the model and no other. */
static coley_status find_input(coley_arena *arena, const coley_model *model, const coley_csv *table, size_t column,
                               const coley_vary_row *row, size_t n, const char **name, int32_t *input, coley_error *err)
{
    const char *whole = table->name[column], *gap = strstr(whole, " [");
    const coley_place place = {.file = table->file, .line = 1, .key = whole};
    *input = -1;
    *name = gap ? coley_arena_text(arena, whole, (size_t)(gap - whole)) : whole;
    if (!*name) return COLEY_FAIL_MEMORY(err);
    if (!strcmp(*name, "id") || !strcmp(*name, "patient")) return COLEY_OK;
    const int32_t symbol = coley_network_symbol(model->network, *name);
    *input = symbol < 0 ? -1 : coley_program_input_of(model->program, symbol);
    if (*input < 0) return unknown(arena, model, table, column, err);
    const char *unit = model->network->symbol[symbol].unit;
    const size_t length = gap ? strlen(gap + 2) : 0;
    if (gap && (!unit || length != strlen(unit) + 1 || strncmp(gap + 2, unit, length - 1) != 0))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is in another unit than the model's, which is %s",
                             unit ? unit : "none");
    for (size_t k = 0; k < n; k++)
        if (row[k].input == *input)
            return COLEY_FAIL_AT(
                err, COLEY_ERR_INPUT, place,
                "is drawn as well, or there twice: leave it out here or in the table of distributions");
    return COLEY_OK;
}

coley_status coley_vary_people(coley_arena *arena, const coley_model *model, const coley_csv *table, coley_vary *vary,
                               coley_error *err)
{
    const size_t before = vary->n;
    coley_vary_row *row = COLEY_NEW(arena, coley_vary_row, before + table->n_columns);
    if (!row) return COLEY_FAIL_MEMORY(err);
    if (!table->n_rows)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = table->file}),
                             "holds nobody: a row a person");
    if (before) memcpy(row, vary->row, before * sizeof *row);
    size_t n = before;
    for (size_t c = 0; c < table->n_columns; c++) {
        int32_t input;
        const char *name;
        double *each = COLEY_NEW(arena, double, table->n_rows);
        if (!each) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(find_input(arena, model, table, c, row, n, &name, &input, err));
        if (input < 0) continue;
        for (size_t i = 0; i < table->n_rows; i++)
            COLEY_TRY(coley_csv_number(table, i, (int)c, -1e300, 1e300, &each[i], err));
        row[n++] = (coley_vary_row){.name = name,
                                    .input = input,
                                    .kind = COLEY_VARY_CONSTANT,
                                    .a = each[0],
                                    .low = -INFINITY,
                                    .high = INFINITY,
                                    .z_low = -INFINITY,
                                    .z_high = INFINITY,
                                    .correlated = -1,
                                    .each = each};
    }
    vary->row = row;
    vary->n = n;
    vary->n_people = table->n_rows;
    return COLEY_OK;
}
