/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cells_csv.c -- a simulated tissue as a table: what the readers of real tables find in it. */
#include "io/cells_csv.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "cells/cell_table.h"
#include "support/check.h"

static char base[64];
static coley_error err;

enum { N = 4 };
static const coley_frame_type types[] = {{"tumour", 0, NULL}, {"CD8 T cell", 1, NULL}, {"a, \"b\"", 2, NULL}};
static const float x[N] = {1.5F, -20.25F, 1e4F, 0.1F}, y[N] = {2, 3, -7.125F, 0}, z[N] = {0, 0, 5, 0},
                   volume[N] = {2494, 400, 1000, 1}, pdl1[N] = {0.75F, 0, 0.25F, 1.0F / 3};
static const uint32_t id[N] = {4, 9, 2, 7};
static const uint8_t type_of[N] = {0, 1, 2, 0},
                     death[N] = {COLEY_FRAME_LIVE, COLEY_FRAME_LIVE, COLEY_FRAME_NECROTIC, COLEY_FRAME_APOPTOTIC};
static const coley_frame_column columns[] = {{.name = "PD_L1", .unit = "1", .value = pdl1}};

static coley_tissue_frame frame(void)
{
    return (coley_tissue_frame){.number = 12,
                                .n_types = 3,
                                .type = types,
                                .n_columns = 1,
                                .column = columns,
                                .n_cells = N,
                                .id = id,
                                .type_of = type_of,
                                .death = death,
                                .x_um = x,
                                .y_um = y,
                                .z_um = z,
                                .volume_um3 = volume};
}

static void rows_are_as_the_fields_programs_write_them(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = frame();
    char *bytes = NULL;
    size_t length = 0;
    CHECK(coley_cells_csv_write(arena, &f, base, &err) == COLEY_OK);
    CHECK(coley_file_read(arena, coley_arena_printf(arena, "%s/cells00000012.csv", base), 1 << 20, &bytes, &length,
                          &err) == COLEY_OK);
    CHECK_TEXT(bytes, "x,y,z,type,state,volume,ID,PD_L1\n"
                      "1.5,2,0,tumour,live,2494,4,0.75\n"
                      "-20.25,3,0,CD8 T cell,live,400,9,0\n"
                      "10000,-7.125,5,\"a, \"\"b\"\"\",necrotic,1000,2,0.25\n"
                      "0.100000001,0,0,tumour,apoptotic,1,7,0.333333343\n");
    coley_arena_destroy(arena);
}

static void the_reader_of_real_tables_finds_positions_types_and_stains(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = frame();
    coley_cell_words words;
    coley_cell_table table = {0};
    CHECK(coley_cells_csv_write(arena, &f, base, &err) == COLEY_OK);
    CHECK(coley_cell_words_read(arena, COLEY_SOURCE_DIR "/catalog/assays/cells.yaml", &words, &err) == COLEY_OK);
    const coley_cell_table_options o = {.words = &words,
                                        .um_per_unit = 1,
                                        .needed = 1U << COLEY_COLUMN_X | 1U << COLEY_COLUMN_Y |
                                                  1U << COLEY_COLUMN_PHENOTYPE | 1U << COLEY_COLUMN_PDL1};
    CHECK(coley_cell_table_read(arena, coley_arena_printf(arena, "%s/cells00000012.csv", base), &o, &table, &err) ==
          COLEY_OK);
    CHECK(table.cells.n == N);
    for (size_t i = 0; i < N && table.cells.n == N; i++) {
        CHECK((float)table.cells.x_um[i] == x[i] && (float)table.cells.y_um[i] == y[i]);
        CHECK((float)table.cells.pdl1[i] == pdl1[i]);
    }
    CHECK(table.cells.n == N && table.cells.type[0] == COLEY_CELL_TUMOUR && table.cells.type[1] == COLEY_CELL_CD8 &&
          table.cells.type[2] == COLEY_CELL_OTHER);
    coley_arena_destroy(arena);
}

int main(void)
{
    snprintf(base, sizeof base, "/tmp/coley-cells-csv-XXXXXX");
    if (!mkdtemp(base)) return 1;
    RUN(rows_are_as_the_fields_programs_write_them);
    RUN(the_reader_of_real_tables_finds_positions_types_and_stains);
    char path[128];
    snprintf(path, sizeof path, "%s/cells00000012.csv", base);
    unlink(path);
    rmdir(base);
    return check_done();
}
