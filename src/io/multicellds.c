/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multicellds.c -- MultiCellDS 2 as PhysiCell 1.14 writes it (Friedman 2016, bioRxiv 090456; Ghaffarizadeh 2018, PLoS
 * Comput Biol 14:e1005991). What each row of the matrix of cells is stands in the XML under <labels>; the first
 * seventeen rows are where older readers expect them. */
#include "io/multicellds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/whole_file.h"
#include "io/emit.h"

/* Where the number in a row comes from; FLOATS of NULL are 0. */
typedef enum source {
    FLOATS,
    BYTES,
    CONSTANT,
    ID,
    TYPE,
    CYTOPLASM,
    DEAD,
    DEATH_MODEL,
    RADIUS,
    NUCLEAR_RADIUS,
    SURFACE,
    TARGET
} source;

typedef struct row {
    const char *label, *unit;
    source source;
    const float *floats;
    const uint8_t *bytes;
    double constant;
} row;

/* How many rows a label has: so many, or one for each substrate or type. */
enum { SUBSTRATES = -1, TYPES = -2 };

typedef struct label {
    const char *name, *unit;
    int width;
} label;

/* All labels of PhysiCell 1.14.2, in its order, for there are readers that count rows. elapsed_time_in_phase does stand
 * there twice. */
static const label labels[] = {
    {"ID", "none", 1},
    {"position", "microns", 3},
    {"total_volume", "cubic microns", 1},
    {"cell_type", "none", 1},
    {"cycle_model", "none", 1},
    {"current_phase", "none", 1},
    {"elapsed_time_in_phase", "min", 1},
    {"nuclear_volume", "cubic microns", 1},
    {"cytoplasmic_volume", "cubic microns", 1},
    {"fluid_fraction", "none", 1},
    {"calcified_fraction", "none", 1},
    {"orientation", "none", 3},
    {"polarity", "none", 1},
    {"velocity", "micron/min", 3},
    {"pressure", "none", 1},
    {"number_of_nuclei", "none", 1},
    {"total_attack_time", "min", 1},
    {"contact_with_basement_membrane", "none", 1},
    {"current_cycle_phase_exit_rate", "1/min", 1},
    {"elapsed_time_in_phase", "min", 1},
    {"dead", "none", 1},
    {"current_death_model", "none", 1},
    {"death_rates", "1/min", 2},
    {"cytoplasmic_biomass_change_rate", "1/min", 1},
    {"nuclear_biomass_change_rate", "1/min", 1},
    {"fluid_change_rate", "1/min", 1},
    {"calcification_rate", "1/min", 1},
    {"target_solid_cytoplasmic", "cubic microns", 1},
    {"target_solid_nuclear", "cubic microns", 1},
    {"target_fluid_fraction", "none", 1},
    {"radius", "microns", 1},
    {"nuclear_radius", "microns", 1},
    {"surface_area", "square microns", 1},
    {"cell_cell_adhesion_strength", "micron/min", 1},
    {"cell_BM_adhesion_strength", "micron/min", 1},
    {"cell_cell_repulsion_strength", "micron/min", 1},
    {"cell_BM_repulsion_strength", "micron/min", 1},
    {"cell_adhesion_affinities", "none", TYPES},
    {"relative_maximum_adhesion_distance", "none", 1},
    {"maximum_number_of_attachments", "none", 1},
    {"attachment_elastic_constant", "1/min", 1},
    {"attachment_rate", "1/min", 1},
    {"detachment_rate", "1/min", 1},
    {"is_motile", "none", 1},
    {"persistence_time", "min", 1},
    {"migration_speed", "micron/min", 1},
    {"migration_bias_direction", "none", 3},
    {"migration_bias", "none", 1},
    {"motility_vector", "micron/min", 3},
    {"chemotaxis_index", "none", 1},
    {"chemotaxis_direction", "none", 1},
    {"chemotactic_sensitivities", "none", SUBSTRATES},
    {"secretion_rates", "1/min", SUBSTRATES},
    {"uptake_rates", "1/min", SUBSTRATES},
    {"saturation_densities", "stuff/cubic micron", SUBSTRATES},
    {"net_export_rates", "stuff/min", SUBSTRATES},
    {"internalized_total_substrates", "stuff", SUBSTRATES},
    {"fraction_released_at_death", "none", SUBSTRATES},
    {"fraction_transferred_when_ingested", "none", SUBSTRATES},
    {"apoptotic_phagocytosis_rate", "1/min", 1},
    {"necrotic_phagocytosis_rate", "1/min", 1},
    {"other_dead_phagocytosis_rate", "1/min", 1},
    {"live_phagocytosis_rates", "1/min", TYPES},
    {"attack_rates", "1/min", TYPES},
    {"immunogenicities", "none", TYPES},
    {"attack_target", "none", 1},
    {"attack_damage_rate", "1/min", 1},
    {"attack_duration", "min", 1},
    {"attack_total_damage_delivered", "none", 1},
    {"fusion_rates", "1/min", TYPES},
    {"transformation_rates", "1/min", TYPES},
    {"asymmetric_division_probabilities", "none", TYPES},
    {"damage", "none", 1},
    {"damage_rate", "1/min", 1},
    {"damage_repair_rate", "1/min", 1},
};
enum { N_LABELS = sizeof labels / sizeof *labels };

static size_t width_of(const coley_tissue_frame *f, int width)
{
    return width == SUBSTRATES ? f->n_fields : width == TYPES ? f->n_types : (size_t)width;
}

static row floats(const float *value)
{
    return (row){.source = FLOATS, .floats = value};
}

static row bytes(const uint8_t *value)
{
    return (row){.source = value ? BYTES : CONSTANT, .bytes = value};
}

/* Component i of what the frame itself has under a label. A cell here has one nucleus and points nowhere, as cells of
 * PhysiCell in a plane: up. */
static row row_of_frame(const coley_tissue_frame *f, const char *name, size_t i)
{
    static const struct {
        const char *name;
        source from;
    } made[] = {{"ID", ID},
                {"cell_type", TYPE},
                {"cytoplasmic_volume", CYTOPLASM},
                {"dead", DEAD},
                {"radius", RADIUS},
                {"current_death_model", DEATH_MODEL},
                {"surface_area", SURFACE},
                {"nuclear_radius", NUCLEAR_RADIUS},
                {"attack_target", TARGET}};
    for (size_t k = 0; k < sizeof made / sizeof *made; k++)
        if (!strcmp(name, made[k].name)) return (row){.source = made[k].from};
    if (!strcmp(name, "position")) return floats(i == 0 ? f->x_um : i == 1 ? f->y_um : f->z_um);
    if (!strcmp(name, "velocity")) return floats(i == 0 ? f->velocity_x : i == 1 ? f->velocity_y : f->velocity_z);
    if (!strcmp(name, "motility_vector"))
        return floats(i == 0 ? f->motility_x : i == 1 ? f->motility_y : f->motility_z);
    if (!strcmp(name, "total_volume")) return floats(f->volume_um3);
    if (!strcmp(name, "nuclear_volume")) return floats(f->nuclear_volume_um3);
    if (!strcmp(name, "cycle_model")) return bytes(f->cycle_code);
    if (!strcmp(name, "current_phase")) return bytes(f->phase_code);
    if (!strcmp(name, "elapsed_time_in_phase")) return floats(f->elapsed_min);
    if (!strcmp(name, "fluid_fraction")) return floats(f->fluid_fraction);
    if (!strcmp(name, "calcified_fraction")) return floats(f->calcified_fraction);
    if (!strcmp(name, "pressure")) return floats(f->pressure);
    if (!strcmp(name, "total_attack_time")) return floats(f->attack_time_min);
    if (!strcmp(name, "damage")) return floats(f->damage);
    return (row){.source = CONSTANT,
                 .constant = !strcmp(name, "number_of_nuclei") || (!strcmp(name, "orientation") && i == 2)};
}

/* The frame's column for component i of a label: its i-th of that name. */
static const coley_frame_column *find_column(const coley_tissue_frame *f, const char *name, size_t i)
{
    for (size_t k = 0; k < f->n_columns; k++)
        if (!strcmp(f->column[k].name, name) && i-- == 0) return &f->column[k];
    return NULL;
}

static size_t count_rows(const coley_tissue_frame *f)
{
    size_t n = f->n_columns;
    for (size_t k = 0; k < N_LABELS; k++) n += width_of(f, labels[k].width);
    return n;
}

/* PhysiCell's labels, a column of the frame before what the frame has else; then the columns that are none of those. */
static size_t list_rows(const coley_tissue_frame *f, row *rows)
{
    size_t n = 0;
    for (size_t k = 0; k < N_LABELS; k++)
        for (size_t i = 0; i < width_of(f, labels[k].width); i++) {
            const coley_frame_column *column = find_column(f, labels[k].name, i);
            rows[n] = column ? floats(column->value) : row_of_frame(f, labels[k].name, i);
            rows[n].label = labels[k].name;
            rows[n++].unit = labels[k].unit;
        }
    for (size_t i = 0; i < f->n_columns; i++) {
        size_t k = 0;
        while (k < N_LABELS && strcmp(labels[k].name, f->column[i].name)) k++;
        if (k < N_LABELS) continue;
        rows[n] = floats(f->column[i].value);
        rows[n].label = f->column[i].name;
        rows[n++].unit = f->column[i].unit ? f->column[i].unit : "none";
    }
    return n;
}

static double value_of(const coley_tissue_frame *f, const row *r, size_t i)
{
    switch (r->source) {
    case FLOATS:
        return r->floats ? (double)r->floats[i] : 0.0;
    case BYTES:
        return r->bytes[i];
    case CONSTANT:
        return r->constant;
    case ID:
        return f->id[i];
    case TYPE:
        return f->type[f->type_of[i]].id;
    case CYTOPLASM:
        return (double)f->volume_um3[i] - (f->nuclear_volume_um3 ? (double)f->nuclear_volume_um3[i] : 0.0);
    case DEAD:
        return f->death[i] != COLEY_FRAME_LIVE;
    case DEATH_MODEL:
        return f->death[i] == COLEY_FRAME_NECROTIC;
    case RADIUS:
        return coley_frame_radius_um((double)f->volume_um3[i]);
    case NUCLEAR_RADIUS:
        return f->nuclear_volume_um3 ? coley_frame_radius_um((double)f->nuclear_volume_um3[i]) : 0.0;
    case SURFACE: {
        const double radius = coley_frame_radius_um((double)f->volume_um3[i]);
        return 12.566370614359172 * radius * radius;
    }
    case TARGET:
        return f->attacks && f->attacks[i] != UINT32_MAX ? (double)f->attacks[i] : -1.0;
    }
    return 0.0;
}

/* MATLAB level 4: type 0 (little endian doubles, a full matrix), rows, columns, not complex, the name's length. */
static void put_header(coley_whole_file *file, size_t rows, size_t columns, const char *name)
{
    const uint32_t header[5] = {0, (uint32_t)rows, (uint32_t)columns, 0, (uint32_t)strlen(name) + 1};
    coley_whole_file_put(file, header, sizeof header);
    coley_whole_file_put(file, name, strlen(name) + 1);
}

static coley_status write_cells(const coley_tissue_frame *f, const row *rows, size_t n_rows, double *column,
                                const char *path, coley_error *err)
{
    coley_whole_file file;
    COLEY_TRY(coley_whole_file_open(&file, path, err));
    put_header(&file, n_rows, f->n_cells, "cells");
    for (size_t i = 0; i < f->n_cells; i++) {
        for (size_t k = 0; k < n_rows; k++) column[k] = value_of(f, &rows[k], i);
        coley_whole_file_put(&file, column, n_rows * sizeof *column);
    }
    return coley_whole_file_keep(&file, err);
}

/* Centre and volume of every voxel, and with `fields` what is in it. */
static coley_status write_voxels(const coley_tissue_frame *f, int fields, double *column, const char *path,
                                 coley_error *err)
{
    coley_whole_file file;
    COLEY_TRY(coley_whole_file_open(&file, path, err));
    const size_t n_fields = fields ? f->n_fields : 0, n_rows = 4 + n_fields;
    const size_t nx = f->n_voxels[0], ny = f->n_voxels[1], n = nx * ny * f->n_voxels[2];
    put_header(&file, n_rows, n, fields ? "multiscale_microenvironment" : "mesh");
    column[3] = f->voxel_um[0] * f->voxel_um[1] * f->voxel_um[2];
    for (size_t v = 0; v < n; v++) {
        const size_t at[3] = {v % nx, v / nx % ny, v / (nx * ny)};
        for (int a = 0; a < 3; a++) column[a] = f->low_um[a] + ((double)at[a] + 0.5) * f->voxel_um[a];
        for (size_t k = 0; k < n_fields; k++) column[4 + k] = (double)f->field[k].value[v];
        coley_whole_file_put(&file, column, n_rows * sizeof *column);
    }
    return coley_whole_file_keep(&file, err);
}

static int by_pair(const void *a, const void *b)
{
    const uint32_t *p = a, *q = b;
    if (p[0] != q[0]) return p[0] < q[0] ? -1 : 1;
    return p[1] < q[1] ? -1 : p[1] > q[1];
}

/* One line a cell, in the order of the matrix: its id and the ids at the other end of its edges. */
static coley_status write_graph(coley_arena *scratch, const coley_tissue_frame *f, const uint32_t *pair, size_t n_pairs,
                                const char *path, coley_error *err)
{
    uint32_t(*edge)[2] = coley_arena_alloc(scratch, n_pairs * 4 * sizeof(uint32_t));
    if (!edge) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < 2 * n_pairs; i++) {
        edge[i][0] = pair[i];
        edge[i][1] = pair[i ^ 1];
    }
    const size_t n = 2 * n_pairs;
    if (n) qsort(edge, n, sizeof *edge, by_pair);
    coley_whole_file file;
    COLEY_TRY(coley_whole_file_open(&file, path, err));
    char text[32];
    for (size_t i = 0; i < f->n_cells; i++) {
        size_t low = 0, high = n;
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (edge[middle][0] < f->id[i])
                low = middle + 1;
            else
                high = middle;
        }
        coley_whole_file_put(&file, text, (size_t)snprintf(text, sizeof text, "%s%u: ", i ? "\n" : "", f->id[i]));
        for (const size_t first = low; low < n && edge[low][0] == f->id[i]; low++)
            coley_whole_file_put(&file, text,
                                 (size_t)snprintf(text, sizeof text, "%s%u", low > first ? "," : "", edge[low][1]));
    }
    return coley_whole_file_keep(&file, err);
}

static void add_element(coley_text *out, const char *indent, const char *name, const char *text)
{
    coley_text_addf(out, "%s<%s>", indent, name);
    coley_text_add_escaped(out, text);
    coley_text_addf(out, "</%s>\n", name);
}

static void add_metadata(coley_text *out, const coley_tissue_frame *f)
{
    const char *created = f->created ? f->created : "1970-01-01T00:00:00Z";
    coley_text_addf(out, "<?xml version=\"1.0\"?>\n<MultiCellDS version=\"2\" type=\"snapshot/simulation\">\n"
                         "\t<metadata>\n\t\t<software>\n");
    add_element(out, "\t\t\t", "name", f->program ? f->program : "Coley");
    add_element(out, "\t\t\t", "version", COLEY_VERSION);
    coley_text_addf(out, "\t\t\t<creator />\n\t\t\t<citation />\n\t\t\t<user />\n\t\t</software>\n");
    if (f->source || f->seed_text) {
        coley_text_addf(out, "\t\t<citation>\n");
        if (f->source) add_element(out, "\t\t\t", "text", f->source);
        if (f->seed_text) {
            coley_text_addf(out, "\t\t\t<notes>seed ");
            coley_text_add_escaped(out, f->seed_text);
            coley_text_addf(out, "</notes>\n");
        }
        coley_text_addf(out, "\t\t</citation>\n");
    } else {
        coley_text_addf(out, "\t\t<citation />\n");
    }
    coley_text_addf(out, "\t\t<current_time units=\"min\">%.6f</current_time>\n", f->time_min);
    coley_text_addf(out, "\t\t<current_runtime units=\"sec\">%.6f</current_runtime>\n", f->wall_s);
    add_element(out, "\t\t", "created", created);
    add_element(out, "\t\t", "last_modified", created);
    coley_text_addf(out, "\t</metadata>\n");
}

static void add_microenvironment(coley_text *out, const coley_tissue_frame *f, const char *base)
{
    const double *low = f->low_um, *high = f->high_um;
    coley_text_addf(out,
                    "\t<microenvironment>\n\t\t<domain name=\"microenvironment\">\n"
                    "\t\t\t<mesh type=\"Cartesian\" uniform=\"true\" regular=\"true\" units=\"micron\">\n"
                    "\t\t\t\t<bounding_box type=\"axis-aligned\" units=\"micron\">%.6f %.6f %.6f %.6f %.6f %.6f"
                    "</bounding_box>\n",
                    low[0], low[1], low[2], high[0], high[1], high[2]);
    /* All digits: readers look for the coordinates in the mesh by equality. */
    for (int a = 0; a < 3; a++) {
        coley_text_addf(out, "\t\t\t\t<%c_coordinates delimiter=\" \">", 'x' + a);
        for (size_t i = 0; i < f->n_voxels[a]; i++)
            coley_text_addf(out, "%s%.15g", i ? " " : "", low[a] + ((double)i + 0.5) * f->voxel_um[a]);
        coley_text_addf(out, "</%c_coordinates>\n", 'x' + a);
    }
    coley_text_addf(out, "\t\t\t\t<voxels type=\"matlab\">\n\t\t\t\t\t<filename>initial_mesh0.mat</filename>\n"
                         "\t\t\t\t</voxels>\n\t\t\t</mesh>\n\t\t\t<variables>\n");
    for (size_t k = 0; k < f->n_fields; k++) {
        coley_text_addf(out, "\t\t\t\t<variable name=\"");
        coley_text_add_escaped(out, f->field[k].name);
        coley_text_addf(out, "\" units=\"");
        coley_text_add_escaped(out, f->field[k].unit ? f->field[k].unit : "dimensionless");
        coley_text_addf(out,
                        "\" ID=\"%zu\">\n\t\t\t\t\t<physical_parameter_set>\n\t\t\t\t\t\t<conditions />\n"
                        "\t\t\t\t\t\t<diffusion_coefficient units=\"micron^2/min\">%.6f</diffusion_coefficient>\n"
                        "\t\t\t\t\t\t<decay_rate units=\"1/min\">%.9g</decay_rate>\n"
                        "\t\t\t\t\t</physical_parameter_set>\n\t\t\t\t</variable>\n",
                        k, f->field[k].diffusion_um2_per_min, f->field[k].decay_per_min);
    }
    coley_text_addf(out, "\t\t\t</variables>\n\t\t\t<data type=\"matlab\">\n\t\t\t\t<filename>");
    coley_text_add_escaped(out, base);
    coley_text_addf(out, "_microenvironment0.mat</filename>\n\t\t\t</data>\n\t\t</domain>\n\t</microenvironment>\n");
}

static void add_cells(coley_text *out, const coley_tissue_frame *f, const row *rows, size_t n_rows, const char *base)
{
    static const char in[] = "\t\t\t\t\t";
    coley_text_addf(out,
                    "\t<cellular_information>\n\t\t<cell_populations>\n\t\t\t<cell_population type=\"individual\">\n"
                    "\t\t\t\t<custom>\n");
    coley_text_addf(out, "%s<simplified_data type=\"matlab\" source=\"PhysiCell\" data_version=\"2\">\n", in);
    coley_text_addf(out, "%s\t<cell_types>\n", in);
    for (size_t t = 0; t < f->n_types; t++) {
        coley_text_addf(out, "%s\t\t<type ID=\"%zu\" type=\"%d\">", in, t, f->type[t].id);
        coley_text_add_escaped(out, f->type[t].name);
        coley_text_addf(out, "</type>\n");
    }
    coley_text_addf(out, "%s\t</cell_types>\n%s\t<labels>\n", in, in);
    for (size_t k = 0, size; k < n_rows; k += size) {
        for (size = 1; k + size < n_rows && !strcmp(rows[k].label, rows[k + size].label);) size++;
        coley_text_addf(out, "%s\t\t<label index=\"%zu\" size=\"%zu\" units=\"", in, k, size);
        coley_text_add_escaped(out, rows[k].unit);
        coley_text_addf(out, "\">");
        coley_text_add_escaped(out, rows[k].label);
        coley_text_addf(out, "</label>\n");
    }
    coley_text_addf(out, "%s\t</labels>\n%s\t<filename>", in, in);
    coley_text_add_escaped(out, base);
    coley_text_addf(out, "_cells.mat</filename>\n%s</simplified_data>\n", in);
    static const char *const graph[3][2] = {{"neighbor_graph", "cell_neighbor_graph"},
                                            {"attached_cells_graph", "attached_cells_graph"},
                                            {"spring_attached_cells_graph", "spring_attached_cells_graph"}};
    for (int g = 0; g < 3; g++) {
        coley_text_addf(out, "%s<%s type=\"text\" source=\"PhysiCell\" data_version=\"2\">\n%s\t<filename>", in,
                        graph[g][0], in);
        coley_text_add_escaped(out, base);
        coley_text_addf(out, "_%s.txt</filename>\n%s</%s>\n", graph[g][1], in, graph[g][0]);
    }
    coley_text_addf(out, "\t\t\t\t</custom>\n\t\t\t</cell_population>\n\t\t</cell_populations>\n"
                         "\t</cellular_information>\n</MultiCellDS>\n");
}

static coley_status write_all(coley_arena *scratch, const coley_tissue_frame *f, const row *rows, size_t n_rows,
                              const char *folder, const char *base, coley_error *err)
{
    const size_t widest = n_rows > 4 + f->n_fields ? n_rows : 4 + f->n_fields;
    double *column = COLEY_NEW(scratch, double, widest);
    const char *path[7],
        *name[7] = {
            "initial_mesh0.mat",         "_microenvironment0.mat",           "_cells.mat", "_cell_neighbor_graph.txt",
            "_attached_cells_graph.txt", "_spring_attached_cells_graph.txt", ".xml"};
    for (int i = 0; i < 7; i++)
        if (!(path[i] = coley_arena_printf(scratch, "%s/%s%s", folder, i ? base : "", name[i])))
            return COLEY_FAIL_MEMORY(err);
    if (!column) return COLEY_FAIL_MEMORY(err);
    if (access(path[0], F_OK)) COLEY_TRY(write_voxels(f, 0, column, path[0], err));
    COLEY_TRY(write_voxels(f, 1, column, path[1], err));
    COLEY_TRY(write_cells(f, rows, n_rows, column, path[2], err));
    COLEY_TRY(write_graph(scratch, f, f->neighbour, f->neighbour ? f->n_neighbours : 0, path[3], err));
    COLEY_TRY(write_graph(scratch, f, NULL, 0, path[4], err));
    COLEY_TRY(write_graph(scratch, f, f->spring, f->n_springs, path[5], err));
    coley_text xml = {.arena = scratch};
    add_metadata(&xml, f);
    add_microenvironment(&xml, f, base);
    add_cells(&xml, f, rows, n_rows, base);
    if (xml.failed) return COLEY_FAIL_MEMORY(err);
    return coley_file_write(path[6], xml.data, xml.length, err);
}

coley_status coley_multicellds_write(coley_arena *scratch, const coley_tissue_frame *frame, const char *folder,
                                     const char *base, coley_error *err)
{
    row *rows = COLEY_NEW(scratch, row, count_rows(frame));
    if (!base) base = coley_arena_printf(scratch, "output%08zu", frame->number);
    if (!rows || !base) return COLEY_FAIL_MEMORY(err);
    return write_all(scratch, frame, rows, list_rows(frame, rows), folder, base, err);
}
