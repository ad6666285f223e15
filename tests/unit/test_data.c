/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/data.h"
#include "support/check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void the_source_tree_serves_a_program_that_is_not_installed(void)
{
    coley_arena *arena = coley_arena_create();
    const char *path = NULL;
    unsetenv("COLEY_DATA");
    CHECK(coley_data_path(arena, "catalog", &path, NULL) == COLEY_OK);
    CHECK_TEXT(path, COLEY_SOURCE_DIR "/catalog");
    coley_error err = {0};
    CHECK(coley_data_path(arena, "catalog/no-such-folder", &path, &err) == COLEY_ERR_IO);
    CHECK_HAS(err.file, "no-such-folder");
    coley_arena_destroy(arena);
}

static void the_environment_comes_first_and_is_not_ignored_when_wrong(void)
{
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    const char *path = NULL;
    char folder[] = "/tmp/coley-test-data-XXXXXX", models[64];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(models, sizeof models, "%s/models", folder);
    setenv("COLEY_DATA", folder, 1);
    CHECK(coley_data_path(arena, "", &path, &err) == COLEY_ERR_IO);
    CHECK_TEXT(err.key, "COLEY_DATA");
    CHECK(mkdir(models, 0700) == 0);
    CHECK(coley_data_path(arena, "", &path, &err) == COLEY_OK);
    CHECK_TEXT(path, folder);
    CHECK(coley_data_path(arena, "models", &path, &err) == COLEY_OK);
    CHECK_TEXT(path, models);
    rmdir(models);
    rmdir(folder);
    unsetenv("COLEY_DATA");
    coley_arena_destroy(arena);
}

static void every_failed_allocation_is_reported(void)
{
    coley_status status = COLEY_ERR_MEMORY;
    for (size_t k = 1; k < 40 && status != COLEY_OK; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        const char *path = NULL;
        status = coley_data_path(arena, "catalog", &path, NULL);
        CHECK((status == COLEY_OK) == (path != NULL));
        coley_arena_destroy(arena);
    }
    CHECK(status == COLEY_OK);
}

int main(void)
{
    RUN(the_source_tree_serves_a_program_that_is_not_installed);
    RUN(the_environment_comes_first_and_is_not_ignored_when_wrong);
    RUN(every_failed_allocation_is_reported);
    return check_done();
}
