/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_multicellds.c -- what a reader of PhysiCell's output finds in ours: labels lead to the rows that they name. */
#include "io/multicellds.h"

#include "base/text.h"
#include "support/check.h"
#include "support/tissue_fixture.h"

#include <dirent.h>
#include <expat.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char base[64];
static coley_error err;

typedef struct matrix {
    uint32_t rows, columns;
    char name[64];
    const double *value;
} matrix;

/* A level-4 file as its specification says, not as the writer does. */
static matrix read_matrix(coley_arena *arena, const char *name)
{
    matrix m = {0};
    char *bytes = NULL;
    size_t length = 0;
    uint32_t head[5];
    CHECK(coley_file_read(arena, coley_arena_printf(arena, "%s/%s", base, name), 1 << 26, &bytes, &length, &err) ==
          COLEY_OK);
    if (length < 20) return m;
    memcpy(head, bytes, 20);
    CHECK(head[0] == 0 && head[3] == 0 && head[4] < sizeof m.name);
    CHECK(length == 20 + head[4] + (size_t)head[1] * head[2] * 8);
    m.rows = head[1];
    m.columns = head[2];
    memcpy(m.name, bytes + 20, head[4]);
    double *value = COLEY_NEW(arena, double, (size_t)head[1] * head[2]);
    memcpy(value, bytes + 20 + head[4], (size_t)head[1] * head[2] * 8);
    m.value = value;
    return m;
}

typedef struct reader {
    char *text; /* of 256 */
    char label[128][64], type[16][64], file[16][64], variable[8][64];
    size_t n, n_labels, n_types, n_files, n_variables;
    int index[128], size[128], next;
} reader;

static void on_start(void *self, const char *element, const char **attribute)
{
    reader *r = self;
    r->n = 0;
    for (int i = 0; attribute[i]; i += 2) {
        if (!strcmp(element, "label") && !strcmp(attribute[i], "index")) r->index[r->n_labels] = atoi(attribute[i + 1]);
        if (!strcmp(element, "label") && !strcmp(attribute[i], "size")) r->size[r->n_labels] = atoi(attribute[i + 1]);
        if (!strcmp(element, "variable") && !strcmp(attribute[i], "name"))
            snprintf(r->variable[r->n_variables++], 64, "%s", attribute[i + 1]);
    }
}

static void on_text(void *self, const char *text, int length)
{
    reader *r = self;
    if (r->n + (size_t)length < 256) {
        memcpy(r->text + r->n, text, (size_t)length);
        r->n += (size_t)length;
    }
    r->text[r->n] = '\0';
}

static void on_end(void *self, const char *element)
{
    reader *r = self;
    if (!strcmp(element, "label")) snprintf(r->label[r->n_labels++], 64, "%.63s", r->text);
    if (!strcmp(element, "type")) snprintf(r->type[r->n_types++], 64, "%.63s", r->text);
    if (!strcmp(element, "filename")) snprintf(r->file[r->n_files++], 64, "%.63s", r->text);
    r->n = 0;
}

static void read_xml(coley_arena *arena, const char *name, reader *r)
{
    char *bytes = NULL;
    size_t length = 0;
    memset(r, 0, sizeof *r);
    r->text = coley_arena_alloc(arena, 256);
    CHECK(coley_file_read(arena, coley_arena_printf(arena, "%s/%s", base, name), 1 << 20, &bytes, &length, &err) ==
          COLEY_OK);
    XML_Parser parser = XML_ParserCreate(NULL);
    XML_SetUserData(parser, r);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    CHECK(XML_Parse(parser, bytes, (int)length, 1) == XML_STATUS_OK);
    XML_ParserFree(parser);
}

static int row_of(const reader *r, const char *label)
{
    for (size_t i = 0; i < r->n_labels; i++)
        if (!strcmp(r->label[i], label)) return r->index[i];
    CHECK(!"that label is there");
    return 0;
}

static void every_label_leads_to_the_row_that_it_names(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 100, 1, 0);
    static reader r;
    CHECK(coley_multicellds_write(arena, &f, base, NULL, &err) == COLEY_OK);
    read_xml(arena, "output00000012.xml", &r);
    const matrix m = read_matrix(arena, "output00000012_cells.mat");
    CHECK_TEXT(m.name, "cells");
    CHECK(m.columns == f.n_cells && f.n_cells > 100);
    int next = 0;
    for (size_t i = 0; i < r.n_labels; i++) {
        CHECK(r.index[i] == next);
        next += r.size[i];
    }
    CHECK((uint32_t)next == m.rows);
    const int id = row_of(&r, "ID"), at = row_of(&r, "position"), volume = row_of(&r, "total_volume"),
              type = row_of(&r, "cell_type"), dead = row_of(&r, "dead"), radius = row_of(&r, "radius"),
              rate = row_of(&r, "secretion_rates"), level = row_of(&r, "PD-L1 level"),
              target = row_of(&r, "attack_target"), death = row_of(&r, "current_death_model");
    /* Rows where PhysiCell 1.14.2 has them with two substrates and five types. */
    CHECK(dead == 26 && radius == 37 && rate == 68 && target == 100 && level == 122);
    CHECK(id == 0 && at == 1 && volume == 4 && type == 5 && row_of(&r, "polarity") == 16);
    for (size_t i = 0; i < f.n_cells; i++) {
        const double *c = m.value + i * m.rows;
        CHECK(c[id] == f.id[i] && c[at] == (double)f.x_um[i] && c[at + 1] == (double)f.y_um[i] && c[at + 2] == 0);
        CHECK(c[type] == f.type[f.type_of[i]].id && c[dead] == (f.death[i] != COLEY_FRAME_LIVE));
        CHECK(c[death] == (f.death[i] == COLEY_FRAME_NECROTIC) && c[target] == -1);
        CHECK_NEAR(4.0 / 3.0 * 3.14159265358979324 * pow(c[radius], 3), c[volume], 1e-12);
        CHECK(c[rate] == (double)f.damage[i] && c[rate + 1] == (double)f.pressure[i] &&
              c[level] == (double)f.damage[i]);
    }
    CHECK(r.n_types == 5);
    CHECK_TEXT(r.type[4], "T <reg> & \"co\"");
    for (size_t i = 0; i < r.n_files; i++) CHECK(!access(coley_arena_printf(arena, "%s/%s", base, r.file[i]), F_OK));
    CHECK(r.n_files == 6);
    coley_arena_destroy(arena);
}

static void each_voxel_stands_at_its_centre_with_what_is_in_it(void)
{
    coley_arena *arena = coley_arena_create();
    coley_tissue_frame f = fixture_frame(arena, 60, 0, 0);
    f.number = 3;
    f.voxel_um[1] = 40;
    f.n_voxels[1] = 3;
    static reader r;
    unlink(coley_arena_printf(arena, "%s/initial_mesh0.mat", base));
    CHECK(coley_multicellds_write(arena, &f, base, NULL, &err) == COLEY_OK);
    read_xml(arena, "output00000003.xml", &r);
    CHECK(r.n_variables == 2);
    CHECK_TEXT(r.variable[1], "IFN-gamma");
    const matrix mesh = read_matrix(arena, "initial_mesh0.mat"),
                 m = read_matrix(arena, "output00000003_microenvironment0.mat");
    CHECK_TEXT(mesh.name, "mesh");
    CHECK_TEXT(m.name, "multiscale_microenvironment");
    CHECK(mesh.rows == 4 && m.rows == 6 && mesh.columns == 6 * 3 * 6 && m.columns == mesh.columns);
    const size_t v = 2 + 6 * (1 + 3 * 4);
    CHECK(m.value[6 * v] == -10 && m.value[6 * v + 1] == 0 && m.value[6 * v + 2] == 30 && m.value[6 * v + 3] == 16000);
    CHECK(m.value[6 * v + 4] == (double)f.field[0].value[v] && m.value[6 * v + 5] == (double)f.field[1].value[v]);
    CHECK(!memcmp(mesh.value + 4 * v, m.value + 6 * v, 4 * sizeof(double)));
    coley_arena_destroy(arena);
}

static void an_edge_of_a_graph_stands_at_both_of_its_cells(void)
{
    coley_arena *arena = coley_arena_create();
    coley_tissue_frame f = fixture_frame(arena, 100, 1, 0);
    const uint32_t pairs[] = {10, 1, 1, 4, 7, 1};
    f.n_cells = 5; /* 1, 4, 7, 10, 13 */
    f.n_springs = 3;
    f.spring = pairs;
    char *text = NULL;
    size_t length = 0;
    CHECK(coley_multicellds_write(arena, &f, base, "final", &err) == COLEY_OK);
    CHECK(coley_file_read(arena, coley_arena_printf(arena, "%s/final_spring_attached_cells_graph.txt", base), 1000,
                          &text, &length, &err) == COLEY_OK);
    CHECK_TEXT(text, "1: 4,7,10\n4: 1\n7: 1\n10: 1\n13: ");
    CHECK(coley_file_read(arena, coley_arena_printf(arena, "%s/final_cell_neighbor_graph.txt", base), 1000, &text,
                          &length, &err) == COLEY_OK);
    CHECK_TEXT(text, "1: \n4: \n7: \n10: \n13: ");
    coley_arena_destroy(arena);
}

static void no_cells_and_one_voxel_are_a_frame_too(void)
{
    coley_arena *arena = coley_arena_create();
    const float oxygen = 38;
    const coley_frame_field field = {"oxygen", NULL, 1e5, 0.1, &oxygen};
    const coley_tissue_frame f = {.plane = 1,
                                  .low_um = {-10, -10, -10},
                                  .high_um = {10, 10, 10},
                                  .voxel_um = {20, 20, 20},
                                  .n_voxels = {1, 1, 1},
                                  .n_fields = 1,
                                  .field = &field};
    static reader r;
    CHECK(coley_multicellds_write(arena, &f, base, "nothing", &err) == COLEY_OK);
    read_xml(arena, "nothing.xml", &r);
    CHECK(read_matrix(arena, "nothing_cells.mat").columns == 0);
    CHECK(read_matrix(arena, "nothing_microenvironment0.mat").columns == 1);
    coley_arena_destroy(arena);
}

static void a_folder_that_is_not_there_and_missing_memory_are_said(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 60, 1, 0);
    CHECK(coley_multicellds_write(arena, &f, "/nowhere/at/all", NULL, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.text, "cannot create");
    for (size_t k = 1;; k++) {
        coley_arena *failing = coley_arena_create_failing(k);
        const coley_status status = coley_multicellds_write(failing, &f, base, "sweep", &err);
        coley_arena_destroy(failing);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY && access(coley_arena_printf(arena, "%s/sweep.xml", base), F_OK));
    }
    DIR *folder = opendir(base);
    for (const struct dirent *entry; folder && (entry = readdir(folder));) CHECK(!strstr(entry->d_name, ".part-"));
    closedir(folder);
    coley_arena_destroy(arena);
}

int main(void)
{
    snprintf(base, sizeof base, "/tmp/coley-multicellds-XXXXXX");
    if (!mkdtemp(base)) return 1;
    RUN(every_label_leads_to_the_row_that_it_names);
    RUN(each_voxel_stands_at_its_centre_with_what_is_in_it);
    RUN(an_edge_of_a_graph_stands_at_both_of_its_cells);
    RUN(no_cells_and_one_voxel_are_a_frame_too);
    RUN(a_folder_that_is_not_there_and_missing_memory_are_said);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", base);
    return check_done() | (system(command) != 0);
}
