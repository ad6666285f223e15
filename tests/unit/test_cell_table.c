/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of cells: what is read, and what is refused where. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "cells/cell_table.h"
#include "support/check.h"

static coley_arena *arena;
static coley_cell_words words;
static coley_error err;

enum { ALL = 1 << COLEY_COLUMN_X | 1 << COLEY_COLUMN_Y | 1 << COLEY_COLUMN_PHENOTYPE };

static coley_cell_table_options plain(void)
{
    return (coley_cell_table_options){.words = &words, .um_per_unit = 1, .needed = ALL};
}

static coley_status parse(const char *text, const coley_cell_table_options *o, coley_cell_table *table)
{
    return coley_cell_table_parse(arena, "cells.csv", text, strlen(text), o, table, &err);
}

static coley_cell_table good(const char *text, coley_cell_table_options o)
{
    coley_cell_table table = {0};
    if (parse(text, &o, &table) != COLEY_OK) CHECK_FAIL_("refused: %s", err.text);
    return table;
}

static void refused(const char *text, coley_cell_table_options o, int line, int column, const char *key,
                    const char *words_of_it)
{
    coley_cell_table table;
    err = (coley_error){0};
    CHECK(parse(text, &o, &table) != COLEY_OK);
    CHECK(err.line == line);
    CHECK(err.column == column);
    CHECK_TEXT(err.key, key);
    CHECK_HAS(err.text, words_of_it);
}

static void columns_are_known_by_the_names_that_programs_write(void)
{
    static const char *const heads[] = {"Cell X Position,Cell Y Position,Phenotype\n", "x,y,cell_type\n",
                                        "Centroid X \xc2\xb5m,Centroid Y \xc2\xb5m,Class ification\n",
                                        "X_centroid\tY_centroid\tphenotype\n", "\xef\xbb\xbfx;y;Phenotype\r\n"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        const char mark = i == 3 ? '\t' : i == 4 ? ';' : ',';
        char *text =
            coley_arena_printf(arena, "%s1.5%c-2%cCD8+ T cells\n\n3%c4%cCK+", heads[i], mark, mark, mark, mark);
        const coley_cell_table t = good(text, plain());
        CHECK(t.n == 2 && t.n_samples == 1);
        if (t.n != 2) continue;
        CHECK(t.cells.x_um[0] == 1.5 && t.cells.y_um[0] == -2 && t.cells.x_um[1] == 3 && t.cells.y_um[1] == 4);
        CHECK(t.cells.type[0] == COLEY_CELL_CD8 && t.cells.type[1] == COLEY_CELL_TUMOUR);
        CHECK(!t.cells.region && !t.cells.pdl1 && !t.cells.area_um2);
    }
}

static void quotes_hold_separators_quotes_and_line_breaks(void)
{
    const coley_cell_table t =
        good("x,note,y,phenotype\n1,\"a,\"\"b\"\"\nc\",2,\"CD8\"\"+\"\n3,,4,\"Treg\"\n", plain());
    CHECK(t.n == 2 && t.cells.y_um[0] == 2 && t.cells.x_um[1] == 3);
    CHECK_TEXT(t.phenotype[0].text, "CD8\"+");
    CHECK(t.cells.type[1] == COLEY_CELL_TREG);
    refused("x,note,y,phenotype\n1,\"a\nb\",2,CD8\n1,\"a\",zwei,CD8\n", plain(), 4, 7, "y", "'zwei' is no position");
}

static void samples_stand_together_whatever_their_order_was(void)
{
    const coley_cell_table t = good("x,y,phenotype,Person\n1,0,B,b\n2,0,B,a\n3,0,B,b\n4,0,B,a\n", plain());
    CHECK(t.n_samples == 2);
    CHECK_TEXT(t.sample[0], "b");
    const coley_cells a = coley_cell_table_sample(&t, 1);
    CHECK(a.n == 2 && a.x_um[0] == 2 && a.x_um[1] == 4);
}

static void the_users_words_go_before_the_known_ones(void)
{
    coley_cell_words own = words;
    coley_cell_table_options o = plain();
    o.words = &own;
    CHECK(coley_cell_words_map(arena, &own, "cd8=Killer T, CD4", &err) == COLEY_OK);
    const coley_cell_table t = good("x,y,phenotype\n1,2,killer_T\n1,2,cd4\n1,2,Blob\n", o);
    CHECK(t.cells.type[0] == COLEY_CELL_CD8 && t.cells.type[1] == COLEY_CELL_CD8 &&
          t.cells.type[2] == COLEY_CELL_OTHER);
    CHECK(t.phenotype[0].known && !t.phenotype[2].known && t.phenotype[2].n == 1);
    CHECK(coley_cell_words_map(arena, &own, "cd9=x", &err) == COLEY_ERR_USAGE);
    CHECK_HAS(err.text, "no type of cell");
    CHECK(coley_cell_words_map(arena, &own, "cd8", &err) == COLEY_ERR_USAGE);
    CHECK(coley_cell_words_map(arena, &own, "cd8=a,,b", &err) == COLEY_ERR_USAGE);
}

static void plus_and_minus_tell_phenotypes_apart(void)
{
    const coley_cell_table t = good("x,y,phenotype\n1,2,CD8+\n1,2,CD8-\n", plain());
    CHECK(t.cells.type[0] == COLEY_CELL_CD8 && t.cells.type[1] == COLEY_CELL_OTHER);
}

static void the_first_call_that_holds_goes_before_the_phenotype(void)
{
    coley_cell_table_options o = plain();
    o.call[0] = "treg=FoxP3";
    o.call[1] = "cd8=CD8 call";
    o.n_calls = 2;
    const coley_cell_table t =
        good("CD8 call,FoxP3,x,y,phenotype\n1,1,0,0,CK+\nyes,0,0,0,CK+\nneg,no,0,0,CK+\n0,CD4+,0,0,CK+\n", o);
    CHECK(t.cells.type[0] == COLEY_CELL_TREG && t.cells.type[1] == COLEY_CELL_CD8);
    CHECK(t.cells.type[2] == COLEY_CELL_TUMOUR && t.cells.type[3] == COLEY_CELL_TREG);
    refused("CD8 call,FoxP3,x,y,phenotype\n1,maybe,0,0,CK+\n", o, 2, 3, "FoxP3", "is no call");
    o.call[1] = "cd8=CD8";
    refused("CD8 call,FoxP3,x,y,phenotype\n1,1,0,0,CK+\n", o, 1, 0, "call", "no column \"CD8\"");
}

static void positions_are_middles_of_boxes_and_pixels_become_micrometres(void)
{
    coley_cell_table_options o = plain();
    o.column[COLEY_COLUMN_X] = "XMin,XMax";
    o.um_per_unit = 0.5;
    const coley_cell_table t = good("XMin,XMax,y,phenotype\n10,30,7,B\n", o);
    CHECK(t.cells.x_um[0] == 10 && t.cells.y_um[0] == 3.5);
}

static void pdl1_is_taken_from_membranes_and_asked_for_when_it_could_be_several(void)
{
    coley_cell_table_options o = plain();
    o.needed |= 1 << COLEY_COLUMN_PDL1;
    const coley_cell_table t =
        good("x,y,phenotype,Nucleus PDL1 Mean,Membrane PDL1 Mean\n1,2,CK+,9,1.25\n1,2,CK+,9,NA\n1,2,CK+,9,\n", o);
    CHECK(t.cells.pdl1[0] == 1.25 && isnan(t.cells.pdl1[1]) && isnan(t.cells.pdl1[2]) && !t.pdl1_is_call);
    const coley_cell_table call =
        good("x,y,phenotype,PD-L1\n1,2,CK+,PDL1+\n1,2,CK+,PDL1-\n1,2,CK+,0\n1,2,CK+,positive\n", o);
    CHECK(call.pdl1_is_call && call.cells.pdl1[0] == 1 && call.cells.pdl1[1] == 0 && call.cells.pdl1[3] == 1);
    refused("x,y,phenotype,Nucleus PDL1,Cytoplasm PDL1\n1,2,CK+,9,1\n", o, 1, 0, "pdl1", "2 columns could be PD-L1");
    refused("x,y,phenotype\n1,2,CK+\n", o, 1, 0, "pdl1", "name it with --pdl1");
    refused("x,y,phenotype,PDL1\n1,2,CK+,high\n", o, 2, 9, "PDL1", "neither a number nor a call");
}

static void regions_that_say_nothing_are_no_regions(void)
{
    const char *text = "x,y,phenotype,region\n1,2,CK+,reg001\n";
    CHECK(!good(text, plain()).cells.region);
    coley_cell_table_options o = plain();
    o.column[COLEY_COLUMN_REGION] = "region";
    refused(text, o, 0, 0, "region", "none of its words ('reg001'");
    const coley_cell_table t = good("x,y,phenotype,region\n1,2,CK+,Tumor\n1,2,CK+,stromal\n1,2,CK+,glass\n", o);
    CHECK(t.cells.region[0] == COLEY_REGION_TUMOUR && t.cells.region[1] == COLEY_REGION_STROMA && !t.cells.region[2]);
}

static void a_wrong_table_is_refused_at_its_line_and_column(void)
{
    const coley_cell_table_options o = plain();
    refused("", o, 0, 0, "", "the file is empty");
    refused("x,y,phenotype\n", o, 0, 0, "", "no cell below the header");
    refused("x,y,phenotype\n1,2\n", o, 2, 0, "", "2 fields, but the header has 3 columns");
    refused("x,y,phenotype\n1,2,B\n1,2,B,4\n", o, 3, 0, "", "at least 4 fields, but the header has 3 columns");
    refused("x,y,phenotype\n1,2,B\n1,,B\n", o, 3, 3, "y", "is no position");
    refused("x,y,phenotype\n1,nan,B\n", o, 2, 3, "y", "is no position");
    refused("x,y,phenotype\n0x10,2,B\n", o, 2, 1, "x", "is no position");
    refused("x,y,phenotype\n1e999,2,B\n", o, 2, 1, "x", "is no position");
    refused("x,x,y,phenotype\n", o, 1, 0, "", "stands twice in the header (1 and 2)");
    refused("x,X,y,phenotype\n1,1,1,B\n", o, 1, 0, "X", "could both be the column of x");
    refused("a,b,c\n1,2,3\n", o, 1, 0, "x", "none of the table's 3 columns is known as x");
    refused("x,y,phenotype\n1,2,\"B\n3,4,B\n", o, 2, 0, "", "never closed");
    refused("x,y,phenotype\n1,2,\"B\"x\n", o, 2, 5, "phenotype", "a quote stands where none may be");
    refused("x,y,phenotype\n1,2,\xff\xfe\n", o, 2, 5, "phenotype", "not UTF-8");
    refused("x,y,ph\xff\n1,2,B\n", o, 1, 0, "", "the header is not UTF-8");
    coley_cell_table_options named = o;
    named.column[COLEY_COLUMN_PHENOTYPE] = "Phenotipe";
    refused("x,y,Phenotype\n1,2,B\n", named, 1, 0, "phenotype", "did you mean \"Phenotype\"?");
    coley_cell_table table;
    CHECK(coley_cell_table_parse(arena, "f", "x,y\0", 4, &o, &table, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "NUL");
}

static void numbers_are_read_to_the_last_bit(void)
{
    static const char *const numbers[] = {
        "33.3561643835616", "0.1",   "123456789012345",    "1e-7", "-0.000123", "5.", "1234567.8901234567",
        "99999999999999.9", "-12e3", "0.30000000000000004"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double expected;
        if (!coley_text_number(numbers[i], &expected)) continue;
        const coley_cell_table t = good(coley_arena_printf(arena, "x,y,phenotype\n%s,1,B\n", numbers[i]), plain());
        CHECK(t.n == 1 && t.cells.x_um[0] == expected);
    }
}

static coley_status read_file(const char *name, coley_cell_table *table)
{
    coley_cell_table_options o = plain();
    o.needed |= 1 << COLEY_COLUMN_PDL1;
    o.column[COLEY_COLUMN_PDL1] = strstr(name, "h5ad") ? "Membrane_PDL1" : NULL;
    if (strstr(name, "h5ad")) o.column[COLEY_COLUMN_AREA] = "area_um2";
    return coley_cell_table_read(arena, coley_arena_printf(arena, COLEY_SOURCE_DIR "/tests/data/cells/%s", name), &o,
                                 table, &err);
}

static void anndata_files_hold_the_same_cells_as_the_csv(void)
{
    static const char *const files[] = {"lung_csr.h5ad", "lung_csc.h5ad", "lung_dense.h5ad"};
    coley_cell_table csv, h5;
    CHECK(read_file("lung.csv.gz", &csv) == COLEY_OK);
    for (size_t f = 0; f < 3; f++) {
        if (read_file(files[f], &h5) != COLEY_OK) {
            CHECK_FAIL_("%s: %s", files[f], err.text);
            continue;
        }
        CHECK(h5.n == 1000);
        for (size_t i = 0; i < h5.n; i++) {
            CHECK(h5.cells.x_um[i] == csv.cells.x_um[i] && h5.cells.y_um[i] == csv.cells.y_um[i]);
            CHECK(h5.cells.type[i] == csv.cells.type[i] && h5.cells.region[i] == csv.cells.region[i]);
            CHECK(h5.cells.pdl1[i] == csv.cells.pdl1[i] && h5.cells.area_um2[i] == csv.cells.area_um2[i]);
        }
    }
}

static char *cut_copy(const char *name, size_t keep)
{
    char *bytes, *path = coley_arena_printf(arena, "/tmp/coley-cells-%d-%s", (int)getpid(), name);
    size_t length;
    CHECK(coley_file_read(arena, coley_arena_printf(arena, COLEY_SOURCE_DIR "/tests/data/cells/%s", name), 1 << 20,
                          &bytes, &length, &err) == COLEY_OK);
    CHECK(coley_file_write(path, bytes, keep < length ? keep : length, &err) == COLEY_OK);
    return path;
}

static void cut_off_files_are_refused(void)
{
    const coley_cell_table_options o = plain();
    coley_cell_table table;
    char *gz = cut_copy("lung.csv.gz", 40000), *h5 = cut_copy("lung_csr.h5ad", 60000);
    CHECK(coley_cell_table_read(arena, gz, &o, &table, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.text, "ends too early");
    CHECK(err.line > 1000);
    CHECK(coley_cell_table_read(arena, h5, &o, &table, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.text, "is it whole?");
    unlink(gz);
    unlink(h5);
    CHECK(coley_cell_table_read(arena, "/nowhere/at/all.csv", &o, &table, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.text, "No such file");
    CHECK(coley_cell_table_read(arena, COLEY_SOURCE_DIR "/tests", &o, &table, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.text, "is a folder");
    CHECK(coley_cell_table_read(arena, "https://a.b/c.h5ad", &o, &table, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.text, "only files are read");
}

static void every_failure_of_memory_is_reported(void)
{
    const coley_cell_table_options o = plain();
    const char *text = "x,y,phenotype,Person,region,pdl1\n1,2,B,a,tumor,3\n1,2,CD8,b,stroma,4\n";
    for (size_t k = 1;; k++) {
        coley_arena *failing = coley_arena_create_failing(k);
        coley_cell_table table;
        const coley_status status = coley_cell_table_parse(failing, "f", text, strlen(text), &o, &table, &err);
        coley_arena_destroy(failing);
        if (status == COLEY_OK) {
            CHECK(k > 10);
            break;
        }
        CHECK(status == COLEY_ERR_MEMORY);
        if (k == 1000) {
            CHECK(k < 1000);
            break;
        }
    }
}

int main(void)
{
    arena = coley_arena_create();
    if (coley_cell_words_read(arena, COLEY_SOURCE_DIR "/catalog/assays/cells.yaml", &words, &err) != COLEY_OK) {
        printf("Bail out! %s\n", err.text);
        return 1;
    }
    RUN(columns_are_known_by_the_names_that_programs_write);
    RUN(quotes_hold_separators_quotes_and_line_breaks);
    RUN(samples_stand_together_whatever_their_order_was);
    RUN(the_users_words_go_before_the_known_ones);
    RUN(plus_and_minus_tell_phenotypes_apart);
    RUN(the_first_call_that_holds_goes_before_the_phenotype);
    RUN(positions_are_middles_of_boxes_and_pixels_become_micrometres);
    RUN(pdl1_is_taken_from_membranes_and_asked_for_when_it_could_be_several);
    RUN(regions_that_say_nothing_are_no_regions);
    RUN(a_wrong_table_is_refused_at_its_line_and_column);
    RUN(numbers_are_read_to_the_last_bit);
    RUN(anndata_files_hold_the_same_cells_as_the_csv);
    RUN(cut_off_files_are_refused);
    RUN(every_failure_of_memory_is_reported);
    coley_arena_destroy(arena);
    return check_done();
}
