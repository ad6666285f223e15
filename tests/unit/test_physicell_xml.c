/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_physicell_xml.c -- PhysiCell's settings mean here what they mean there; what is wrong is named. */
#include "tissue/physicell_xml.h"

#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "support/check.h"
#include "support/little_settings.h"
#include "tissue/vocabulary.h"

#define DATA COLEY_SOURCE_DIR "/tests/data/tissue/"

static coley_error err;
static coley_tissue_model m;

static double base_of(const char *type, int behaviour)
{
    for (size_t i = 0; i < m.n_types; i++)
        if (strcmp(m.type[i].name, type) == 0) return m.base[i * (size_t)m.b.count + (size_t)behaviour];
    return NAN;
}

static const coley_cell_type *type_named(const char *name)
{
    for (size_t i = 0; i < m.n_types; i++)
        if (strcmp(m.type[i].name, name) == 0) return &m.type[i];
    return NULL;
}

/* --- against PhysiCell itself ----------------------------------------------------------------------------------- */

static void compare_rule(const coley_vocabulary *words, const coley_rule *r, char *line)
{
    char *behaviour = strtok(NULL, "|\n");
    double minimum, base, maximum, half, hill;
    int increases, dead;
    (void)line;
    CHECK(coley_vocabulary_behaviour(words, behaviour) == r->behaviour);
    CHECK(sscanf(strtok(NULL, "|\n"), "%lf %lf %lf", &minimum, &base, &maximum) == 3);
    CHECK_NEAR(r->minimum, minimum, 1e-8);
    CHECK_NEAR(r->base, base, 1e-8);
    CHECK_NEAR(r->maximum, maximum, 1e-8);
    size_t n = 0;
    for (char *term; (term = strtok(NULL, "|\n")); n++) {
        char *end = term + strlen(term);
        for (int blanks = 0; blanks < 4; blanks += *end == ' ') end--;
        *end = '\0';
        CHECK(sscanf(end + 1, "%d %lf %lf %d", &increases, &half, &hill, &dead) == 4);
        CHECK(coley_vocabulary_signal(words, term) == r->term[n].signal);
        CHECK(r->term[n].increases == increases && r->term[n].dead_too == dead);
        CHECK_NEAR(r->term[n].half, half, 1e-9);
        CHECK_NEAR(r->term[n].hill, hill, 1e-9);
    }
    CHECK(n == r->n_terms);
}

static void compare_type(const char *what, const coley_cell_type *t, char *numbers)
{
    static const int codes[] = {5, 1, 0, 2, 6, 7};
    double x[16];
    int n = 0;
    for (char *p = strtok(numbers, " \n"); p && n < 16; p = strtok(NULL, " \n")) x[n++] = atof(p);
    if (strcmp(what, "volume") == 0) {
        const coley_volume_course *v = &t->volume;
        const double ours[] = {v->total_um3,          v->nuclear_um3,           v->fluid_fraction,
                               v->fluid_per_min,      v->cytoplasm_per_min,     v->nucleus_per_min,
                               v->calcified_fraction, v->calcification_per_min, v->relative_rupture_volume};
        for (int i = 0; i < 9; i++) CHECK_NEAR(ours[i], x[i], 1e-8);
    } else if (strcmp(what, "cycle") == 0) {
        CHECK(codes[t->cycle] == (int)x[0] && coley_cycle_phases(t->cycle) == n - 1);
        for (int i = 1; i < n; i++) CHECK(t->phase_fixed[i - 1] == (x[i] != 0));
    } else if (strcmp(what, "death") == 0) {
        const coley_death_course *d = &t->death[(int)x[0]];
        const double ours[] = {d->unlysed_fluid_per_min, d->lysed_fluid_per_min,   d->cytoplasm_per_min,
                               d->nucleus_per_min,       d->calcification_per_min, d->relative_rupture_volume};
        for (int i = 0; i < 6; i++) CHECK_NEAR(ours[i], x[i + 1], 1e-9);
        for (int i = 0; 7 + 2 * i < n; i++) {
            CHECK_NEAR(1 / d->duration_min[i] / x[7 + 2 * i], 1, 1e-8);
            CHECK(d->fixed[i] == (x[8 + 2 * i] != 0));
        }
    } else {
        const int kind = t->chemotaxis == COLEY_CHEMOTAXIS_ADVANCED ? 2 + t->chemotaxis_normalized : (int)t->chemotaxis;
        CHECK(t->motile == (x[0] != 0) && t->plane_only == (x[1] != 0) && kind == (int)x[2]);
        if (kind == 1) CHECK(t->chemotaxis_substrate == (int)x[3] && t->chemotaxis_sign == (int)x[4]);
    }
}

/* The golden file names every base value that is not 0, so what it does not name is. */
static void every_number_is_the_one_that_physicell_sets(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(coley_physicell_read(arena, DATA "every_part/config/PhysiCell_settings.xml", (coley_physicell_options){0}, &m,
                               &err) == COLEY_OK);
    const coley_vocabulary *words = coley_vocabulary_create(arena, &m);
    FILE *golden = fopen(DATA "every_part/physicell.txt", "r");
    char line[1000];
    size_t n_base = 0, n_ours = 0, n_rules = 0, n_lines = 0;
    while (golden && fgets(line, sizeof line, golden)) {
        if (*line == '#') continue;
        n_lines++;
        const char *what = strtok(line, "|\n");
        char *name = strtok(NULL, "|\n");
        if (strcmp(what, "signal") == 0) CHECK(coley_vocabulary_signal(words, name) == atoi(strtok(NULL, "|\n")));
        if (strcmp(what, "behaviour") == 0) CHECK(coley_vocabulary_behaviour(words, name) == atoi(strtok(NULL, "|\n")));
        if (strcmp(what, "base") == 0) {
            const int behaviour = coley_vocabulary_behaviour(words, strtok(NULL, "|\n"));
            CHECK(behaviour >= 0);
            CHECK_NEAR(base_of(name, behaviour), atof(strtok(NULL, "|\n")), 1e-8);
            n_base++;
        }
        if (strcmp(what, "rule") == 0) compare_rule(words, &m.rule[n_rules++], line);
        if (strstr("volume cycle death motility", what)) compare_type(what, type_named(name), strtok(NULL, "|\n"));
    }
    if (golden) fclose(golden);
    for (size_t i = 0; i < m.n_types * (size_t)m.b.count; i++) n_ours += m.base[i] != 0;
    CHECK(n_lines > 500 && n_ours == n_base && n_rules == m.n_rules);
    coley_arena_destroy(arena);
}

static void clocks_walls_seed_and_saves_come_from_the_file(void)
{
    coley_arena *arena = coley_arena_create();
    size_t n[3];
    CHECK(coley_physicell_read(arena, DATA "every_part/config/PhysiCell_settings.xml", (coley_physicell_options){0}, &m,
                               &err) == COLEY_OK);
    coley_tissue_model_voxels(&m, n);
    CHECK(n[0] == 10 && n[1] == 6 && n[2] == 4 && !m.plane);
    CHECK(m.end_min == 1440 && m.diffusion_min == 0.02 && m.mechanics_min == 0.2 && m.phenotype_min == 4);
    CHECK(m.full_save_min == 30 && m.picture_save_min == 0);
    CHECK(m.virtual_walls && !m.springs && m.gradients && m.track_internal && m.seed_given && m.seed == 7);
    const coley_substrate *oxygen = &m.substrate[0];
    CHECK(!oxygen->face_fixed[COLEY_FACE_X_LOW] && oxygen->face_fixed[COLEY_FACE_X_HIGH]);
    CHECK(oxygen->face_value[COLEY_FACE_Y_LOW] == 38 && oxygen->face_value[COLEY_FACE_Z_HIGH] == 20);
    coley_arena_destroy(arena);
}

static void coleys_own_elements_are_read_and_physicell_would_pass_over_them(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(coley_physicell_read(arena, DATA "every_part/config/PhysiCell_settings.xml", (coley_physicell_options){0}, &m,
                               &err) == COLEY_OK);
    CHECK(m.substrate[2].supply_per_min == 0.02 && m.substrate[2].supply_target == 60);
    CHECK_TEXT(m.type[0].colour, "#cc3311");
    const coley_checkpoint *c = &type_named("T cell")->checkpoint;
    CHECK_TEXT(m.custom[c->receptor].name, "PD_1");
    CHECK_TEXT(m.custom[c->ligand].name, "PD_L1");
    CHECK(c->receptor_antibody == 2 && c->ligand_antibody == -1 && c->receptor_kd == 0.4 && c->half == 0.2 &&
          c->hill == 2);
    CHECK(type_named("exhausted T cell")->checkpoint.receptor == c->receptor); /* its parent's */
    CHECK(type_named("stem")->checkpoint.receptor == -1);
    CHECK(m.custom[1].conserved && !m.custom[0].conserved);
    coley_arena_destroy(arena);
}

static void each_type_keeps_its_own_durations_of_death_when_the_file_asks_for_it(void)
{
    static const char option[] = "<options><own_phase_durations>true</own_phase_durations></options>";
    static const char death[] =
        "<death><model code=\"100\"><death_rate>0</death_rate><phase_durations>"
        "<duration index=\"0\" fixed_duration=\"true\">%d</duration></phase_durations></model></death>";
    coley_arena *arena = coley_arena_create();
    coley_physicell_notes notes = {0};
    char text[8000], first[400], second[400];
    snprintf(first, sizeof first, death, 100);
    snprintf(second, sizeof second, death, 700);
    for (int own = 0; own < 2; own++) {
        snprintf(text, sizeof text,
                 "<motility><speed>2</speed></motility>%s</phenotype><custom_data/></cell_definition>"
                 "<cell_definition name=\"other\" ID=\"9\"><phenotype>%s",
                 first, second);
        const char *by = text;
        coley_arena *each = coley_arena_create();
        notes = (coley_physicell_notes){0};
        char *all = coley_arena_printf(each, "%.*s%s%s", (int)(strstr(little_settings, "<options/>") - little_settings),
                                       little_settings, own ? option : "<options/>",
                                       strstr(little_settings, "<options/>") + strlen("<options/>"));
        char *at = strstr(all, "<motility><speed>2</speed></motility>");
        all = coley_arena_printf(each, "%.*s%s%s", (int)(at - all), all, by,
                                 at + strlen("<motility><speed>2</speed></motility>"));
        CHECK(coley_physicell_parse(each, "little.xml", all, strlen(all), (coley_physicell_options){.notes = &notes},
                                    &m, &err) == COLEY_OK);
        CHECK_NEAR(type_named("tumour")->death[0].duration_min[0], own ? 100 : 700, 1e-9);
        CHECK_NEAR(type_named("other")->death[0].duration_min[0], 700, 1e-9);
        CHECK(notes.n == (own ? 0u : 1u));
        if (!own) CHECK_HAS(notes.note[0].text, "apoptosis");
        coley_arena_destroy(each);
    }
    coley_arena_destroy(arena);
}

/* --- the start -------------------------------------------------------------------------------------------------- */

static void cells_of_the_user_parameters_lie_in_their_annulus_and_come_again_with_the_same_seed(void)
{
    static const char parameters[] =
        "<user_parameters><random_seed type=\"int\">5</random_seed><number_of_cells>0"
        "</number_of_cells><number_of_tumour>200</number_of_tumour><number_of_CD8_T_cell>300"
        "</number_of_CD8_T_cell><max_position_tumour>20</max_position_tumour>"
        "<min_position_CD8_T_cell>30</min_position_CD8_T_cell></user_parameters>";
    coley_arena *arena = coley_arena_create(), *other = coley_arena_create();
    coley_tissue_model again;
    const uint64_t seed = 6;
    CHECK(little_read(arena, "<user_parameters/>", parameters, (coley_physicell_options){0}, &m, &err) == COLEY_OK);
    CHECK(m.n_placed == 500 && m.seed == 5 && m.seed_given);
    double inside = 0;
    for (size_t i = 0; i < m.n_placed; i++) {
        const double r = hypot(m.placed[i].at_um[0], m.placed[i].at_um[1]);
        CHECK(m.placed[i].at_um[2] == 0);
        if (m.placed[i].type == 0) CHECK(r <= 20);
        if (m.placed[i].type == 0) inside += r <= 20 / sqrt(2);
        if (m.placed[i].type == 1) CHECK(r >= 30 && r <= 50);
    }
    CHECK(inside > 75 && inside < 125); /* half of the disc's area holds half of the cells */
    CHECK(little_read(other, "<user_parameters/>", parameters, (coley_physicell_options){0}, &again, &err) == COLEY_OK);
    CHECK(memcmp(again.placed, m.placed, m.n_placed * sizeof *m.placed) == 0);
    CHECK(little_read(other, "<user_parameters/>", parameters, (coley_physicell_options){.seed = &seed}, &again,
                      &err) == COLEY_OK);
    CHECK(again.seed == 6 && memcmp(again.placed, m.placed, m.n_placed * sizeof *m.placed) != 0);
    coley_arena_destroy(other);
    coley_arena_destroy(arena);
}

static void the_stock_number_of_cells_fills_the_domain_with_each_type(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(little_read(arena, "<user_parameters/>",
                      "<user_parameters><number_of_cells type=\"int\">400</number_of_cells></user_parameters>",
                      (coley_physicell_options){0}, &m, &err) == COLEY_OK);
    CHECK(m.n_placed == 800);
    double far = 0, sum = 0;
    for (size_t i = 0; i < m.n_placed; i++) {
        CHECK(fabs(m.placed[i].at_um[0]) <= 100 && fabs(m.placed[i].at_um[1]) <= 50);
        far += fabs(m.placed[i].at_um[0]) > 50;
        sum += m.placed[i].at_um[1];
    }
    CHECK(far > 330 && far < 470 && fabs(sum / 800) < 5);
    coley_arena_destroy(arena);
}

static const char *temporary(coley_arena *arena, const char *name, const char *text)
{
    static int n;
    const char *path = coley_arena_printf(arena, "/tmp/coley-test-%d-%d-%s", (int)getpid(), n++, name);
    CHECK(coley_file_write(path, text, strlen(text), &err) == COLEY_OK);
    return path;
}

static coley_status with_table(coley_arena *arena, const char *element, const char *table)
{
    const char *path = temporary(arena, "table.csv", table);
    const char *by = coley_arena_printf(arena,
                                        "<options><%s type=\"csv\" enabled=\"true\"><filename>%s</filename></%s>"
                                        "</options></microenvironment_setup>",
                                        element, path, element);
    const coley_status status =
        little_read(arena, "</microenvironment_setup>", by, (coley_physicell_options){0}, &m, &err);
    unlink(path);
    return status;
}

/* 10 x 5 voxels. */
static char *field_table(coley_arena *arena, const char *head, int n)
{
    coley_text text = {.arena = arena};
    coley_text_addf(&text, "%s", head);
    for (int i = 0; i < n; i++) coley_text_addf(&text, "%d,%d,0,%d\n", -90 + 20 * (i % 10), -40 + 20 * (i / 10), i);
    return text.data;
}

static void start_values_of_substrates_come_from_their_table(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(with_table(arena, "initial_condition", field_table(arena, "x,y,z,drug\n", 50)) == COLEY_OK);
    CHECK(m.start_field[0] == NULL && m.substrate[0].initial == 0); /* as PhysiCell: not listed, so 0 */
    for (int i = 0; i < 50 && m.start_field[1]; i++) CHECK(m.start_field[1][i] == (float)i);
    CHECK(with_table(arena, "initial_condition", field_table(arena, "", 50)) == COLEY_OK);
    CHECK(m.start_field[0] && m.start_field[0][49] == 49);
    CHECK(with_table(arena, "initial_condition", field_table(arena, "x,y,z,drug\n", 49)) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "49 voxels, but the domain has 50");
    CHECK(with_table(arena, "initial_condition", "x,y,z,drug\n0,0,0,1\n1,1,0,2\n") == COLEY_ERR_INPUT);
    CHECK(err.line == 3);
    CHECK_HAS(err.text, "same voxel");
    CHECK(with_table(arena, "initial_condition", "x,y,z,drugs\n0,0,0,1\n") == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "no substrate \"drugs\"");
    CHECK(with_table(arena, "initial_condition", "x,y,z,drug\n0,0,0,nan\n") == COLEY_ERR_INPUT);
    CHECK(err.line == 2);
    coley_arena_destroy(arena);
}

static coley_status with_matrix(coley_arena *arena, const void *bytes, size_t length)
{
    const char *path = coley_arena_printf(arena, "/tmp/coley-test-%d.mat", (int)getpid());
    const char *by = coley_arena_printf(arena,
                                        "<options><initial_condition type=\"matlab\" enabled=\"true\"><filename>%s"
                                        "</filename></initial_condition></options></microenvironment_setup>",
                                        path);
    CHECK(coley_file_write(path, bytes, length, &err) == COLEY_OK);
    const coley_status status =
        little_read(arena, "</microenvironment_setup>", by, (coley_physicell_options){0}, &m, &err);
    unlink(path);
    return status;
}

static void start_values_may_be_a_matrix_of_matlabs_fourth_level(void)
{
    struct {
        uint32_t head[5];
        char name[4];
        double value[5][50];
    } file = {.head = {0, 50, 5, 0, 4}, .name = "ic"};
    coley_arena *arena = coley_arena_create();
    for (int i = 0; i < 50; i++) {
        const int voxel = 49 - i; /* rows may stand in any order */
        const double row[] = {-90 + 20 * (voxel % 10), -40 + 20 * (voxel / 10), 0, 30 + voxel, 0.5 * voxel};
        for (int k = 0; k < 5; k++) file.value[k][i] = row[k];
    }
    CHECK(sizeof file == 24 + 8 * 250);
    CHECK(with_matrix(arena, &file, sizeof file) == COLEY_OK);
    for (int i = 0; i < 50 && m.start_field[1]; i++)
        CHECK(m.start_field[0][i] == (float)(30 + i) && m.start_field[1][i] == (float)(0.5 * i));
    CHECK(m.start_field[0] && m.start_field[1]);
    CHECK(with_matrix(arena, &file, sizeof file - 1) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "numbers need 2024");
    file.value[4][7] = NAN;
    CHECK(with_matrix(arena, &file, sizeof file) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "row 8, column 5");
    file.value[4][7] = 0;
    file.value[0][7] = file.value[0][8];
    CHECK(with_matrix(arena, &file, sizeof file) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "49 voxels");
    file.head[1] = 4294967295u;
    CHECK(with_matrix(arena, &file, sizeof file) == COLEY_ERR_INPUT);
    file.head[0] = 1000; /* big-endian */
    CHECK(with_matrix(arena, &file, sizeof file) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "-v4");
    coley_arena_destroy(arena);
}

static void voxels_are_held_where_their_table_says_so(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(with_table(arena, "dirichlet_nodes", "x,y,z,drug,oxygen\n10,10,0,,50\n-30,10,0,7\n") == COLEY_OK);
    CHECK(m.n_fixed_voxels == 2 && m.fixed_voxel[0].substrate == 0 && m.fixed_voxel[0].value == 50);
    CHECK(m.fixed_voxel[1].substrate == 1 && m.fixed_voxel[1].value == 7 && m.fixed_voxel[1].at_um[0] == -30);
    coley_arena_destroy(arena);
}

static void files_are_found_from_the_folder_above_the_settings(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(coley_physicell_read(arena, DATA "every_part/config/PhysiCell_settings.xml", (coley_physicell_options){0}, &m,
                               &err) == COLEY_OK);
    CHECK(m.n_placed == 4 && m.n_rules == 8); /* "./config/cells.csv", and this runs elsewhere */
    CHECK(m.placed[0].n_values == 2 && m.placed_value[m.placed[0].first_value].behaviour == COLEY_SPREAD_VOLUME);
    CHECK(m.placed[1].n_values == 0); /* its speed is drawn: PhysiCell draws after it has read the table */
    CHECK(little_read(arena, "<user_parameters/>",
                      "<initial_conditions><cell_positions type=\"csv\" enabled=\"true\"><folder>./config</folder>"
                      "<filename>nowhere.csv</filename></cell_positions></initial_conditions>",
                      (coley_physicell_options){0}, &m, &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "cannot read config/nowhere.csv");
    CHECK(err.line == 26);
    coley_arena_destroy(arena);
}

/* --- faults ----------------------------------------------------------------------------------------------------- */

static void wrong_numbers_are_named_with_their_line_and_range(void)
{
    static const struct {
        const char *part, *by;
        int line;
        const char *says;
    } cases[] = {
        {"<x_max>100</x_max>", "", 2, "has no <x_max>"},
        {"<x_max>100</x_max>", "<x_max>-100</x_max>", 2, "not below"},
        {"<x_max>100</x_max>", "<x_max>1e300</x_max>", 2, "allowed: -1e+06 to 1e+06"},
        {"<dx>20</dx>", "<dx>0</dx>", 3, "allowed"},
        {"<dx>20</dx>", "<dx>NaN</dx>", 3, "\"NaN\" is not a number"},
        {"<dx>20</dx>", "<dx>twenty</dx>", 3, "is not a number"},
        {"<dx>20</dx>", "<dx></dx>", 3, "is empty"},
        {"<use_2D>true", "<use_2D>perhaps", 3, "neither true nor false"},
        {"<max_time>60</max_time>", "<max_time>-1</max_time>", 4, "outside of what is possible"},
        {"<max_time>60</max_time>", "", 4, "has no <max_time>"},
        {"<decay_rate>0.1", "<decay_rate>-0.1", 8, "outside of what is possible"},
        {"<decay_rate>0.1", "<decay_rate>inf", 8, "is not a number"},
        {"<decay_rate>0.1</decay_rate>", "", 7, "has no <decay_rate>"},
        {"name=\"drug\"", "name=\"oxygen\"", 11, "stands above"},
        {"enabled=\"true\">38", "enabled=\"oui\">38", 10, "neither true nor false"},
        {"code=\"5\"", "code=\"9\"", 17, "0 to 7"},
        {"code=\"5\"", "name=\"dead\"", 17, "unknown cycle"},
        {"end_index=\"0\"", "end_index=\"1\"", 17, "no way from phase 0"},
        {"start_index=\"0\" ", "", 17, "has no start_index"},
        {"<speed>2", "<speed>-2", 19, "outside of what is possible"},
        {"ID=\"1\"", "ID=\"0\"", 21, "is that of"},
        {"ID=\"1\"", "ID=\"1\" parent_type=\"nobody\"", 21, "is no cell type"},
        {"name=\"CD8 T cell\"", "name=\"tumour\"", 21, "stands above"},
        {"<attack_rate name=\"tumour\">0.1", "<attack_rate name=\"tumour\">1e999", 22, "is not a number"},
        {"<PD_1>0.9", "<PD_1>much", 24, "is not a number"},
        {"<user_parameters/>", "<user_parameters><number_of_cells>1.5</number_of_cells></user_parameters>", 26,
         "whole"},
        {"<user_parameters/>", "<user_parameters><number_of_cells>1e9</number_of_cells></user_parameters>", 26,
         "1e+08"},
    };
    coley_arena *arena = coley_arena_create();
    CHECK(little_read(arena, NULL, NULL, (coley_physicell_options){0}, &m, &err) == COLEY_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(little_read(arena, cases[i].part, cases[i].by, (coley_physicell_options){0}, &m, &err) ==
              COLEY_ERR_INPUT);
        CHECK_HAS(err.text, cases[i].says);
        CHECK_TEXT(err.file, "little.xml");
        if (err.line != cases[i].line) printf("# %s\n", cases[i].by);
        CHECK(err.line == cases[i].line);
    }
    CHECK(little_read(arena, "<speed>2", "<speed>x", (coley_physicell_options){0}, &m, &err) == COLEY_ERR_INPUT);
    CHECK_TEXT(err.key, "cell_definitions/cell_definition[tumour]/phenotype/motility/speed");
    coley_arena_destroy(arena);
}

static void too_many_voxels_are_refused_before_memory_is_asked_for(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(little_read(arena, "<dx>20</dx><dy>20</dy>", "<dx>0.001</dx><dy>0.001</dy>", (coley_physicell_options){0}, &m,
                      &err) == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "use larger voxels");
    CHECK(coley_arena_used(arena) < 10000000);
    coley_arena_destroy(arena);
}

static void what_is_not_supported_is_refused_by_name_and_left_out_when_asked(void)
{
    static const struct {
        const char *part, *by;
        int line;
        const char *says;
    } cases[] = {
        {"</phenotype>",
         "<intracellular type=\"maboss\"><bnd_filename>a.bnd</bnd_filename></intracellular></phenotype>", 20, "maboss"},
        {"<user_parameters/>", "<user_parameters><tumor_radius type=\"double\">250</tumor_radius></user_parameters>",
         26, "C++"},
        {"<user_parameters/>", "<user_parameters><number_of_NK>3</number_of_NK></user_parameters>", 26, "C++"},
        {"</phenotype>", "<molecular/></phenotype>", 20, "<molecular> is unknown"},
        {"<speed>2</speed>", "<speed>2</speed><sped>3</sped>", 19, "<sped> is unknown"},
        {"<speed>2</speed>", "<speed>2</speed><speed>3</speed>", 19, "stands here twice"},
        {"<attack_rate name=\"tumour\">", "<attack_rate name=\"tumor\">", 22, "no cell type \"tumor\""},
        {"<max_time>60</max_time>", "<max_time>60</max_time><time_units>h</time_units>", 4, "the unit is min"},
        {"<user_parameters/>", "<PKPD/>", 26, "<PKPD> is unknown"},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coley_physicell_notes notes = {0};
        CHECK(little_read(arena, cases[i].part, cases[i].by, (coley_physicell_options){0}, &m, &err) ==
              COLEY_ERR_UNSUPPORTED);
        CHECK_HAS(err.text, cases[i].says);
        CHECK_HAS(err.text, "--ignore-unsupported");
        CHECK(err.line == cases[i].line);
        CHECK(little_read(arena, cases[i].part, cases[i].by,
                          (coley_physicell_options){.ignore_unsupported = true, .notes = &notes}, &m,
                          &err) == COLEY_OK);
        CHECK(notes.n == 1 && notes.note[0].line == cases[i].line);
        CHECK_HAS(notes.note[0].text, cases[i].says);
    }
    coley_arena_destroy(arena);
}

static void what_is_unknown_but_harmless_is_told(void)
{
    coley_arena *arena = coley_arena_create();
    coley_physicell_notes notes = {0};
    CHECK(little_read(arena, "<options/>", "<options><new_switch>true</new_switch></options>",
                      (coley_physicell_options){.notes = &notes}, &m, &err) == COLEY_OK);
    CHECK(notes.n == 1 && notes.note[0].line == 5);
    CHECK_HAS(notes.note[0].text, "<new_switch>");
    coley_arena_destroy(arena);
}

static void code_of_the_projects_own_is_found_and_the_stock_code_is_not(void)
{
    coley_arena *arena = coley_arena_create();
    coley_physicell_notes notes = {0};
    CHECK(coley_physicell_read(arena, DATA "own_code/config/PhysiCell_settings.xml", (coley_physicell_options){0}, &m,
                               &err) == COLEY_ERR_UNSUPPORTED);
    CHECK_TEXT(err.key, "grow_faster");
    CHECK_HAS(err.file, "custom.cpp");
    CHECK(err.line == 14);
    CHECK(coley_physicell_read(arena, DATA "own_code/config/PhysiCell_settings.xml",
                               (coley_physicell_options){.ignore_unsupported = true, .notes = &notes}, &m,
                               &err) == COLEY_OK);
    CHECK(notes.n == 1);
    coley_arena_destroy(arena);
}

static void distributions_are_checked_as_physicell_does(void)
{
    static const struct {
        const char *distribution, *says;
    } cases[] = {
        {"<distribution type=\"Uniform\"><behavior>migration speed</behavior><min>3</min><max>4</max></distribution>",
         "check_base"},
        {"<distribution type=\"Uniform\"><behavior>migration speed</behavior><min>4</min><max>1</max></distribution>",
         "above max"},
        {"<distribution type=\"LogUniform\"><behavior>migration "
         "speed</behavior><min>0</min><max>1</max></distribution>",
         "outside of what is possible"},
        {"<distribution type=\"Beta\"><behavior>migration speed</behavior></distribution>", "none of Uniform"},
        {"<distribution type=\"Normal\"><behavior>migration sped</behavior></distribution>", "\"migration speed\"?"},
        {"<distribution type=\"Normal\"><behavior>migration speed</behavior><mu>0</mu><sigma>1</sigma>"
         "<lower_bound>9</lower_bound></distribution>",
         "widen"},
        {"<distribution type=\"LogNormal\"><behavior>migration speed</behavior><mu>0</mu><sigma>1</sigma>"
         "<lower_bound>-1</lower_bound></distribution>",
         "outside of what is possible"},
        {"<distribution type=\"Normal\"><behavior>migration speed</behavior><mu>0</mu></distribution>", "no <sigma>"},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *by = coley_arena_printf(arena,
                                            "<custom_data><PD_L1>0.5</PD_L1></custom_data>"
                                            "<initial_parameter_distributions>%s</initial_parameter_distributions>",
                                            cases[i].distribution);
        CHECK(little_read(arena, "<custom_data><PD_L1>0.5</PD_L1></custom_data>", by, (coley_physicell_options){0}, &m,
                          &err) == COLEY_ERR_INPUT);
        CHECK_HAS(err.text, cases[i].says);
        CHECK(err.line == 20);
    }
    CHECK(coley_physicell_read(arena, DATA "every_part/config/PhysiCell_settings.xml", (coley_physicell_options){0}, &m,
                               &err) == COLEY_OK);
    const coley_cell_type *t = type_named("T cell");
    CHECK(t->n_spreads == 2 && t->spread[0].behaviour == m.b.speed && t->spread[0].kind == COLEY_SPREAD_LOGNORMAL);
    CHECK(t->spread[0].a == 1.4 && t->spread[0].b == 0.3 && t->spread[0].low == 0 && t->spread[0].high == 10);
    CHECK(t->spread[1].behaviour == COLEY_SPREAD_VOLUME && t->spread[1].low == 1000 && t->spread[1].high == 3000);
    coley_arena_destroy(arena);
}

static void running_out_of_memory_anywhere_is_an_error_and_no_crash(void)
{
    coley_status status = COLEY_ERR_MEMORY;
    size_t k = 1;
    for (; status != COLEY_OK && k < 100000; k += 1 + k / 50) {
        coley_arena *arena = coley_arena_create_failing(k);
        coley_physicell_notes notes = {0};
        status = coley_physicell_read(arena, DATA "every_part/config/PhysiCell_settings.xml",
                                      (coley_physicell_options){.notes = &notes}, &m, &err);
        CHECK(status == COLEY_OK || status == COLEY_ERR_MEMORY);
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK && k > 500);
}

int main(void)
{
    RUN(every_number_is_the_one_that_physicell_sets);
    RUN(clocks_walls_seed_and_saves_come_from_the_file);
    RUN(coleys_own_elements_are_read_and_physicell_would_pass_over_them);
    RUN(each_type_keeps_its_own_durations_of_death_when_the_file_asks_for_it);
    RUN(cells_of_the_user_parameters_lie_in_their_annulus_and_come_again_with_the_same_seed);
    RUN(the_stock_number_of_cells_fills_the_domain_with_each_type);
    RUN(start_values_of_substrates_come_from_their_table);
    RUN(start_values_may_be_a_matrix_of_matlabs_fourth_level);
    RUN(voxels_are_held_where_their_table_says_so);
    RUN(files_are_found_from_the_folder_above_the_settings);
    RUN(wrong_numbers_are_named_with_their_line_and_range);
    RUN(too_many_voxels_are_refused_before_memory_is_asked_for);
    RUN(what_is_not_supported_is_refused_by_name_and_left_out_when_asked);
    RUN(what_is_unknown_but_harmless_is_told);
    RUN(code_of_the_projects_own_is_found_and_the_stock_code_is_not);
    RUN(distributions_are_checked_as_physicell_does);
    RUN(running_out_of_memory_anywhere_is_an_error_and_no_crash);
    return check_done();
}
