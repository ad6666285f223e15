/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manifest.c -- fingerprints of inputs and outputs, versions, and the scenario with every default filled in. */
#include "run/manifest.h"

#include "base/sha256.h"

#include <csv.h>
#include <hdf5.h>
#include <libfyaml.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT = 1 << 30 };

static void add_fingerprint(coley_emit *emit, const char *role, const char *name, const char *bytes, size_t length)
{
    coley_emit_map(emit, NULL);
    if (role) coley_emit_text(emit, "role", role);
    coley_emit_text(emit, "name", name);
    coley_emit_integer(emit, "bytes", (int64_t)length);
    coley_emit_text(emit, "sha256", coley_sha256_of(bytes, length).hex);
    coley_emit_end(emit);
}

static coley_status add_inputs(coley_arena *arena, const coley_record_options *options, coley_emit *emit,
                               coley_error *err)
{
    coley_emit_list(emit, "inputs");
    for (size_t i = 0; i < options->n_inputs; i++) {
        const coley_record_input *input = &options->input[i];
        const char *slash = strrchr(input->path, '/'), *name = slash ? slash + 1 : input->path;
        char *bytes;
        size_t length;
        COLEY_TRY(coley_file_read(arena, input->path, LIMIT, &bytes, &length, err));
        add_fingerprint(emit, input->role, name, bytes, length);
    }
    coley_emit_end(emit);
    return COLEY_OK;
}

static void add_libraries(coley_emit *emit)
{
    char text[64];
    unsigned major = 0, minor = 0, release = 0;
    coley_emit_map(emit, "libraries");
    H5get_libversion(&major, &minor, &release);
    snprintf(text, sizeof text, "%u.%u.%u", major, minor, release);
    coley_emit_text(emit, "hdf5", text);
    snprintf(text, sizeof text, "%d.%d.%d", CSV_MAJOR, CSV_MINOR, CSV_RELEASE);
    coley_emit_text(emit, "libcsv", text);
    coley_emit_text(emit, "libfyaml", fy_library_version());
    coley_emit_end(emit);
}

coley_status coley_manifest_write(coley_arena *arena, const coley_course *course, const coley_record_options *options,
                                  const coley_folder_file *file, size_t n, coley_text *out, coley_error *err)
{
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "program", "coley");
    coley_emit_text(&emit, "version", COLEY_VERSION);
    add_libraries(&emit);
    coley_emit_integer(&emit, "seed", (int64_t)course->seed);
    COLEY_TRY(add_inputs(arena, options, &emit, err));
    if (options->scenario) {
        const coley_scenario scenario = coley_scenario_portable(options->scenario);
        coley_emit_map(&emit, "scenario");
        coley_fields_write(coley_scenario_fields, &scenario, &emit);
        coley_emit_end(&emit);
    }
    coley_emit_list(&emit, "outputs");
    for (size_t i = 0; i < n; i++) add_fingerprint(&emit, NULL, file[i].name, file[i].bytes, file[i].length);
    coley_emit_end(&emit);
    coley_emit_end(&emit);
    return out->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}
