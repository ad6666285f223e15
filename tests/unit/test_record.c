/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_record.c -- the folder that a run leaves: complete, readable by others, the same twice. */
#include "run/record.h"

#include "base/sha256.h"
#include "support/check.h"
#include "support/course_fixture.h"

#include <dirent.h>
#include <hdf5.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

static coley_error err;
static char base[64];

static const char *const names[] = {"events.csv",     "lesions.csv",   "report.html",  "summary.json",
                                    "trajectory.csv", "trajectory.h5", "manifest.json"};
enum { N_NAMES = sizeof names / sizeof *names };

static char *path_of(coley_arena *arena, const char *folder, const char *name)
{
    return coley_arena_printf(arena, "%s/%s/%s", base, folder, name);
}

static char *read_of(coley_arena *arena, const char *folder, const char *name, size_t *length)
{
    char *bytes = NULL;
    size_t n = 0;
    CHECK(coley_file_read(arena, path_of(arena, folder, name), 1 << 26, &bytes, &n, &err) == COLEY_OK);
    if (length) *length = n;
    return bytes;
}

static coley_status write_to(coley_arena *arena, const char *folder, const coley_course *course, int force)
{
    const char scenario_text[] =
        "title: T\ncancer: nsclc\nlesions: [{site: lung, diameter: 3 cm}]\n"
        "forecast: {lesions: " COLEY_SOURCE_DIR "/l.csv}\nevents: " COLEY_SOURCE_DIR "/e.csv\n";
    coley_scenario *scenario;
    COLEY_TRY(coley_scenario_parse(arena, "s.yaml", scenario_text, strlen(scenario_text), &scenario, &err));
    char *path = coley_arena_printf(arena, "%s/%s", base, folder);
    const coley_record_input input = {.path = COLEY_SOURCE_DIR "/LICENSE", .role = "scenario"};
    const coley_record_options options = {
        .folder = path, .force = force, .scenario = scenario, .n_inputs = 1, .input = &input};
    if (!path) return COLEY_ERR_MEMORY;
    return coley_record_write(arena, course, &options, &err);
}

static void all_files_are_there_and_the_manifest_knows_their_fingerprints(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(write_to(arena, "one", &fixture_create(arena)->course, 0) == COLEY_OK);
    json_t *manifest = json_loads(read_of(arena, "one", "manifest.json", NULL), JSON_REJECT_DUPLICATES, NULL);
    json_t *outputs = json_object_get(manifest, "outputs");
    CHECK(json_array_size(outputs) == N_NAMES - 1);
    for (size_t i = 0; i < json_array_size(outputs); i++) {
        json_t *row = json_array_get(outputs, i);
        size_t length = 0;
        const char *bytes = read_of(arena, "one", json_string_value(json_object_get(row, "name")), &length);
        CHECK_TEXT(json_string_value(json_object_get(row, "sha256")), coley_sha256_of(bytes, length).hex);
        CHECK(json_integer_value(json_object_get(row, "bytes")) == (json_int_t)length);
    }
    CHECK_TEXT(json_string_value(json_object_get(json_array_get(json_object_get(manifest, "inputs"), 0), "name")),
               "LICENSE");
    CHECK(json_integer_value(json_object_get(manifest, "seed")) == 42);
    CHECK_TEXT(json_string_value(json_object_get(json_object_get(manifest, "scenario"), "cancer")), "nsclc");
    json_decref(manifest);
    coley_arena_destroy(arena);
}

static void two_runs_give_the_same_bytes_and_no_path_or_date(void)
{
    coley_arena *arena = coley_arena_create(), *other = coley_arena_create();
    coley_arena_alloc(other, 54321);
    CHECK(write_to(arena, "twin-a", &fixture_create(arena)->course, 0) == COLEY_OK);
    CHECK(write_to(other, "twin-b", &fixture_create(other)->course, 0) == COLEY_OK);
    for (size_t i = 0; i < N_NAMES; i++) {
        size_t n = 0, m = 0;
        const char *a = read_of(arena, "twin-a", names[i], &n), *b = read_of(other, "twin-b", names[i], &m);
        CHECK(n == m && n > 0 && !memcmp(a, b, n));
        CHECK(!memmem(a, n, base, strlen(base)) && !memmem(a, n, COLEY_SOURCE_DIR, strlen(COLEY_SOURCE_DIR)));
    }
    coley_arena_destroy(arena);
    coley_arena_destroy(other);
}

static void csv_heads_carry_units_and_rows_read_back(void)
{
    coley_arena *arena = coley_arena_create();
    const fixture *f = fixture_create(arena);
    CHECK(write_to(arena, "csv", &f->course, 0) == COLEY_OK);
    char *text = read_of(arena, "csv", "trajectory.csv", NULL);
    const char *head =
        "day [day],SOD [mm],SOD.low90 [mm],SOD.low50 [mm],SOD.high50 [mm],SOD.high90 [mm],L1.diameter [mm],";
    CHECK(!strncmp(text, head, strlen(head)));
    size_t rows = 0;
    for (const char *p = text; *p; p++) rows += *p == '\n';
    CHECK(rows == FIXTURE_DAYS + 1);
    const char *second = strchr(text, '\n') + 1;
    char *end;
    CHECK(strtod(second, &end) == 0 && *end == ',');
    CHECK_NEAR(strtod(end + 1, NULL), f->series[0].value[0], 1e-9);
    CHECK_HAS(read_of(arena, "csv", "lesions.csv", NULL), "P01,252,L2,liver,no,target,not evaluable,\n");
    CHECK_HAS(read_of(arena, "csv", "events.csv", NULL), "21,dose,pembrolizumab,200,mg,");
    coley_arena_destroy(arena);
}

static void hdf5_reads_back_with_units_and_labels(void)
{
    coley_arena *arena = coley_arena_create();
    const fixture *f = fixture_create(arena);
    CHECK(write_to(arena, "h5", &f->course, 0) == COLEY_OK);
    const hid_t file = H5Fopen(path_of(arena, "h5", "trajectory.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t set = H5Dopen2(file, "values/SOD", H5P_DEFAULT);
    double value[FIXTURE_DAYS];
    CHECK(file >= 0 && set >= 0);
    CHECK(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0);
    CHECK(!memcmp(value, f->series[0].value, sizeof value));
    const hid_t unit = H5Aopen(set, "unit", H5P_DEFAULT), type = H5Aget_type(unit);
    char text[32] = "";
    CHECK(H5Aread(unit, type, text) >= 0);
    CHECK_TEXT(text, "mm");
    CHECK(H5Lexists(file, "high90/SOD", H5P_DEFAULT) > 0 && H5Lexists(file, "day", H5P_DEFAULT) > 0);
    H5Tclose(type);
    H5Aclose(unit);
    H5Dclose(set);
    H5Fclose(file);
    coley_arena_destroy(arena);
}

static void the_summary_says_what_the_response_was(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(write_to(arena, "sum", &fixture_create(arena)->course, 0) == COLEY_OK);
    json_t *summary = json_loads(read_of(arena, "sum", "summary.json", NULL), JSON_REJECT_DUPLICATES, NULL);
    json_t *response = json_object_get(summary, "response");
    CHECK_TEXT(json_string_value(json_object_get(response, "best")), "PR");
    CHECK_TEXT(json_string_value(json_object_get(response, "best_irecist")), "iPR");
    CHECK(json_is_true(json_object_get(response, "pseudoprogression")));
    CHECK(json_array_size(json_object_get(response, "visits")) == 9);
    CHECK(json_is_null(json_object_get(json_array_get(json_object_get(response, "visits"), 5), "sum_mm")));
    json_decref(summary);
    coley_arena_destroy(arena);
}

static void a_record_is_replaced_only_when_asked(void)
{
    coley_arena *arena = coley_arena_create();
    const fixture *f = fixture_create(arena);
    CHECK(write_to(arena, "again", &f->course, 0) == COLEY_OK);
    CHECK(coley_record_check(coley_arena_printf(arena, "%s/again", base), 0, &err) == COLEY_ERR_IO);
    CHECK(write_to(arena, "again", &f->course, 0) == COLEY_ERR_IO);
    CHECK(write_to(arena, "again", &f->course, 1) == COLEY_OK);
    coley_arena_destroy(arena);
}

static void two_series_of_one_name_are_an_error_not_a_crash(void)
{
    coley_arena *arena = coley_arena_create();
    fixture *f = fixture_create(arena);
    f->series[5].id = f->series[4].id;
    CHECK(write_to(arena, "clash", &f->course, 0) == COLEY_ERR_RUN);
    CHECK_HAS(err.text, "another of that name");
    coley_arena_destroy(arena);
}

static void every_failing_allocation_leaves_no_folder(void)
{
    coley_arena *own = coley_arena_create();
    const fixture *f = fixture_create(own);
    for (size_t k = 1, n = 0;; k += 1 + k / 2) {
        coley_arena *arena = coley_arena_create_failing(k);
        const coley_status status = write_to(arena, "sweep", &f->course, 0);
        coley_arena_destroy(arena);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY);
        CHECK(access(path_of(own, "sweep", ""), F_OK) != 0);
        CHECK(++n < 200);
    }
    coley_arena_destroy(own);
}

int main(void)
{
    snprintf(base, sizeof base, "/tmp/coley-record-XXXXXX");
    if (!mkdtemp(base)) return 1;
    RUN(all_files_are_there_and_the_manifest_knows_their_fingerprints);
    RUN(two_runs_give_the_same_bytes_and_no_path_or_date);
    RUN(csv_heads_carry_units_and_rows_read_back);
    RUN(hdf5_reads_back_with_units_and_labels);
    RUN(the_summary_says_what_the_response_was);
    RUN(a_record_is_replaced_only_when_asked);
    RUN(two_series_of_one_name_are_an_error_not_a_crash);
    RUN(every_failing_allocation_leaves_no_folder);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", base);
    return check_done() | (system(command) != 0);
}
