/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cells_file.c -- both forms of PhysiCell's table of cells. */
#include "tissue/cells_file.h"

#include "support/check.h"
#include "support/little_settings.h"

static coley_error err;
static coley_tissue_model m;
static coley_place_list list;
static coley_cells_report report;

static coley_status read_cells(coley_arena *arena, const char *text, bool skip_unknown)
{
    CHECK(little_read(arena, NULL, NULL, (coley_physicell_options){0}, &m, &err) == COLEY_OK);
    const coley_vocabulary *words = coley_vocabulary_create(arena, &m);
    list = (coley_place_list){.arena = arena};
    char *bytes = coley_arena_text(arena, text, strlen(text));
    return coley_cells_file_parse(&list, &m, words, "cells.csv", bytes, strlen(text), skip_unknown, &report, &err);
}

static void the_first_form_gives_places_and_numbers_of_types(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(read_cells(arena, "1.5,-2,0,1\n-3e1,4,0,0.0\r\n\n", false) == COLEY_OK);
    CHECK(list.n == 2 && list.cell[0].type == 1 && list.cell[1].type == 0);
    CHECK(list.cell[0].at_um[0] == 1.5 && list.cell[0].at_um[1] == -2 && list.cell[1].at_um[0] == -30);
    CHECK(list.n_values == 0 && report.n_outside == 0);
    coley_arena_destroy(arena);
}

static void the_second_form_overrides_numbers_of_single_cells(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(read_cells(arena,
                     "\xef\xbb\xbfx,y,z,type,volume,migration speed,custom:PD_L1,GFP\n"
                     "0,0,0,tumour,1500,skip,0.7,\n"
                     "10,0,0,CD8 T cell,,3\n"
                     "20,0,0,0,s,S,,5\n"
                     "300,0,0,tumour\n",
                     false) == COLEY_OK);
    CHECK(list.n == 4 && list.cell[0].n_values == 2 && list.cell[1].n_values == 1 && list.cell[2].n_values == 0);
    const coley_place_value *v = &list.value[list.cell[0].first_value];
    CHECK(v[0].behaviour == COLEY_SPREAD_VOLUME && v[0].value == 1500);
    CHECK(v[1].behaviour == m.b.custom && v[1].value == 0.7);
    CHECK(list.value[list.cell[1].first_value].behaviour == m.b.speed);
    CHECK(list.cell[2].type == 0);
    CHECK(report.n_unknown == 1 && report.n_outside == 1);
    CHECK_TEXT(report.unknown[0], "GFP");
    coley_arena_destroy(arena);
}

static void a_misspelt_column_comes_with_the_nearest_name(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(read_cells(arena, "x,y,z,type,migration sped\n0,0,0,tumour,1\n", false) == COLEY_OK);
    CHECK(report.n_unknown == 1);
    CHECK_TEXT(report.nearest[0], "migration speed");
    coley_arena_destroy(arena);
}

static void wrong_rows_are_named_with_their_line(void)
{
    static const struct {
        const char *text;
        int line;
        const char *says;
    } cases[] = {
        {"0,0,0,0\n0,0,nan,0\n", 2, "z: \"nan\""},
        {"0,0,0,0\n0,,0,0\n", 2, "y: is missing"},
        {"0,0,1e300,0\n", 1, "outside of what is possible"},
        {"0,0,0,7\n", 1, "unknown cell type \"7\""},
        {"0,0,0\n", 1, "3 cells"},
        {"0,0,0,0,5\n", 1, "5 cells"},
        {"x,y,z,type\n0,0,0,tumor\n", 2, "\"tumour\"?"},
        {"x,y,z,type\n0,0,0,tumour,4\n", 2, "5 cells"},
        {"x,y,z,type,volume\n0,0,0,tumour,-4\n", 2, "volume: -4"},
        {"x,y,z,type,migration speed\n0,0,0,tumour,fast\n", 2, "migration speed: \"fast\""},
        {"x,y,type\n0,0,tumour\n", 1, "header"},
        {"x,z,y,type\n", 1, "begins with x, y, z, type"},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char whole[1200];
        CHECK(read_cells(arena, cases[i].text, false) == COLEY_ERR_INPUT);
        coley_error_format(&err, whole, sizeof whole);
        CHECK_HAS(whole, cases[i].says);
        CHECK(err.line == cases[i].line);
        CHECK_TEXT(err.file, "cells.csv");
    }
    coley_arena_destroy(arena);
}

static void cells_of_unknown_types_are_left_out_when_asked(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(read_cells(arena, "x,y,z,type\n0,0,0,NK\n1,0,0,tumour\n2,0,0,mast\n", true) == COLEY_OK);
    CHECK(list.n == 1 && report.n_skipped == 2 && report.skipped_line == 2);
    CHECK_TEXT(report.skipped_type, "NK");
    CHECK(read_cells(arena, "", false) == COLEY_OK && list.n == 0);
    coley_arena_destroy(arena);
}

static void bytes_that_are_no_text_are_refused(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(read_cells(arena, "0,0,0,\xff\n", false) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "UTF-8");
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(the_first_form_gives_places_and_numbers_of_types);
    RUN(the_second_form_overrides_numbers_of_single_cells);
    RUN(a_misspelt_column_comes_with_the_nearest_name);
    RUN(wrong_rows_are_named_with_their_line);
    RUN(cells_of_unknown_types_are_left_out_when_asked);
    RUN(bytes_that_are_no_text_are_refused);
    return check_done();
}
