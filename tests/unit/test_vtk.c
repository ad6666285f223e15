/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_vtk.c -- where the header says an array begins, its values stand; the lists name the frames that there are. */
#include "io/vtk.h"

#include "base/text.h"
#include "support/check.h"
#include "support/tissue_fixture.h"

#include <dirent.h>
#include <expat.h>
#include <stdlib.h>
#include <unistd.h>

static char base[64];
static coley_error err;

typedef struct file {
    char *bytes;
    const char *data; /* first byte behind the '_' */
    size_t length;
} file;

static file load(coley_arena *arena, const char *name)
{
    file f = {0};
    CHECK(coley_file_read(arena, coley_arena_printf(arena, "%s/%s", base, name), 1 << 26, &f.bytes, &f.length, &err) ==
          COLEY_OK);
    static const char mark[] = "<AppendedData encoding=\"raw\">\n_";
    const char *at = f.bytes ? strstr(f.bytes, mark) : NULL;
    if (at) f.data = at + sizeof mark - 1;
    return f;
}

/* Values of the array of that name, its length in bytes checked. */
static const void *values(file f, const char *type, const char *name, size_t length)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted, "<DataArray type=\"%s\" Name=\"%s\"", type, name);
    const char *at = f.bytes ? strstr(f.bytes, wanted) : NULL;
    if (at) at = strstr(at, "offset=\"");
    CHECK(at != NULL);
    if (!at) return NULL;
    const char *value = f.data + strtoul(at + 8, NULL, 10);
    uint64_t n = 0;
    memcpy(&n, value, sizeof n);
    CHECK(n == length);
    CHECK(value + 8 + n <= f.bytes + f.length);
    return value + 8;
}

static float float_at(const void *values_, size_t i)
{
    float value;
    memcpy(&value, (const char *)values_ + 4 * i, 4);
    return value;
}

static void cells_are_points_with_what_is_known_of_them(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 100, 0, 0);
    CHECK(coley_vtk_write(arena, &f, base, &err) == COLEY_OK);
    const file vtu = load(arena, "cells00000012.vtu");
    const size_t n = f.n_cells;
    const void *points = values(vtu, "Float32", "Points", 12 * n), *radius = values(vtu, "Float32", "radius", 4 * n),
               *level = values(vtu, "Float32", "PD-L1 level", 4 * n),
               *rate = values(vtu, "Float32", "IFN-gamma_secretion_rates", 4 * n);
    const char *types = values(vtu, "UInt8", "types", n), *state = values(vtu, "UInt8", "state", n),
               *kind = values(vtu, "Int32", "cell_type", 4 * n), *ends = values(vtu, "Int64", "offsets", 8 * n),
               *from = values(vtu, "Int64", "connectivity", 8 * n);
    for (size_t i = 0; i < n; i++) {
        int64_t end, first;
        int32_t type;
        memcpy(&end, ends + 8 * i, 8);
        memcpy(&first, from + 8 * i, 8);
        memcpy(&type, kind + 4 * i, 4);
        CHECK(end == (int64_t)i + 1 && first == (int64_t)i && types[i] == 1 && state[i] == f.death[i]);
        CHECK(float_at(points, 3 * i) == f.x_um[i] && float_at(points, 3 * i + 2) == f.z_um[i]);
        CHECK(type == f.type[f.type_of[i]].id && float_at(level, i) == f.damage[i] &&
              float_at(rate, i) == f.pressure[i]);
        CHECK_NEAR(4.18879020478639 * pow((double)float_at(radius, i), 3), (double)f.volume_um3[i], 1e-6);
    }
    CHECK_HAS(vtu.bytes, "NumberOfPoints=\"");
    CHECK_HAS(vtu.bytes, "116 117 109 111 117 114 0 "); /* tumour */
    coley_arena_destroy(arena);
}

static void fields_are_an_image_whose_box_is_the_domain(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 100, 1, 0);
    CHECK(coley_vtk_write(arena, &f, base, &err) == COLEY_OK);
    const file vti = load(arena, "fields00000012.vti");
    CHECK_HAS(vti.bytes, "WholeExtent=\"0 10 0 10 0 1\" Origin=\"-100 -100 -10\" Spacing=\"20 20 20\"");
    CHECK(!memcmp(values(vti, "Float32", "oxygen", 400), f.field[0].value, 400));
    CHECK(!memcmp(values(vti, "Float32", "IFN-gamma", 400), f.field[1].value, 400));
    coley_arena_destroy(arena);
}

static void a_list_names_each_frame_once_and_none_that_is_later(void)
{
    coley_arena *arena = coley_arena_create();
    coley_tissue_frame f = fixture_frame(arena, 60, 1, 0);
    static const size_t number[] = {0, 1, 2, 3, 1}; /* a run to 3, then again from 1 */
    unlink(coley_arena_printf(arena, "%s/cells.pvd", base));
    for (int i = 0; i < 5; i++) {
        f.number = number[i];
        f.time_min = 60.0 * (double)number[i];
        CHECK(coley_vtk_write(arena, &f, base, &err) == COLEY_OK);
    }
    const file pvd = load(arena, "cells.pvd");
    CHECK_TEXT(pvd.bytes,
               "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n"
               "  <Collection>\n    <DataSet timestep=\"0\" group=\"\" part=\"0\" file=\"cells00000000.vtu\"/>\n"
               "    <DataSet timestep=\"60\" group=\"\" part=\"0\" file=\"cells00000001.vtu\"/>\n"
               "  </Collection>\n</VTKFile>\n");
    coley_arena_destroy(arena);
}

/* All but the raw data, which XML does not allow and VTK does. */
static void the_headers_are_xml(void)
{
    coley_arena *arena = coley_arena_create();
    const coley_tissue_frame f = fixture_frame(arena, 60, 1, 0);
    CHECK(coley_vtk_write(arena, &f, base, &err) == COLEY_OK);
    static const char *const names[] = {"cells00000012.vtu", "fields00000012.vti"},
                             tail[] = "</AppendedData></VTKFile>";
    for (int i = 0; i < 2; i++) {
        const file whole = load(arena, names[i]);
        XML_Parser parser = XML_ParserCreate(NULL);
        CHECK(XML_Parse(parser, whole.bytes, (int)(whole.data - whole.bytes), 0) == XML_STATUS_OK);
        CHECK(XML_Parse(parser, tail, sizeof tail - 1, 1) == XML_STATUS_OK);
        XML_ParserFree(parser);
    }
    coley_arena_destroy(arena);
}

static void no_cells_and_missing_memory_are_no_accident(void)
{
    coley_arena *arena = coley_arena_create();
    coley_tissue_frame f = fixture_frame(arena, 60, 1, 0);
    f.n_cells = 0;
    CHECK(coley_vtk_write(arena, &f, base, &err) == COLEY_OK);
    values(load(arena, "cells00000012.vtu"), "Float32", "Points", 0);
    CHECK(coley_vtk_write(arena, &f, "/nowhere/at/all", &err) == COLEY_ERR_IO);
    for (size_t k = 1;; k++) {
        coley_arena *failing = coley_arena_create_failing(k);
        const coley_status status = coley_vtk_write(failing, &f, base, &err);
        coley_arena_destroy(failing);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
    }
    coley_arena_destroy(arena);
}

int main(void)
{
    snprintf(base, sizeof base, "/tmp/coley-vtk-XXXXXX");
    if (!mkdtemp(base)) return 1;
    RUN(cells_are_points_with_what_is_known_of_them);
    RUN(fields_are_an_image_whose_box_is_the_domain);
    RUN(a_list_names_each_frame_once_and_none_that_is_later);
    RUN(the_headers_are_xml);
    RUN(no_cells_and_missing_memory_are_no_accident);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", base);
    return check_done() | (system(command) != 0);
}
