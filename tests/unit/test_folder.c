/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_folder.c -- results appear whole or not at all, and nothing of anybody else's is touched. */
#include "io/folder.h"

#include "base/text.h"
#include "support/check.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char base[64];
static coley_error err;

static const coley_folder_file files[] = {{"a.txt", "aaa", 3}, {"mark.json", "{}", 2}};

static const char *under(const char *name)
{
    static char path[4][256];
    static int i;
    i = (i + 1) % 4;
    snprintf(path[i], sizeof path[i], "%s/%s", base, name);
    return path[i];
}

static int entries(const char *path)
{
    int n = 0;
    DIR *folder = opendir(path);
    if (!folder) return -1;
    for (const struct dirent *entry; (entry = readdir(folder));) n += entry->d_name[0] != '.';
    closedir(folder);
    return n;
}

static coley_status put(const char *path, const coley_folder_file *file, size_t n, int force)
{
    coley_arena *arena = coley_arena_create();
    err = (coley_error){0};
    const coley_status status = coley_folder_write(arena, path, file, n, "mark.json", force, &err);
    coley_arena_destroy(arena);
    return status;
}

static void a_new_or_empty_folder_is_filled_and_nothing_else_is_left(void)
{
    const int before = entries(base);
    CHECK(put(under("new"), files, 2, 0) == COLEY_OK && entries(under("new")) == 2);
    CHECK(mkdir(under("empty"), 0700) == 0);
    CHECK(put(under("empty/"), files, 2, 0) == COLEY_OK && entries(under("empty")) == 2);
    CHECK(entries(base) == before + 2);
}

static void an_old_record_is_only_replaced_when_asked(void)
{
    const coley_folder_file newer[] = {{"b.txt", "bbb", 3}, {"mark.json", "{}", 2}};
    CHECK(put(under("again"), files, 2, 0) == COLEY_OK);
    CHECK(put(under("again"), newer, 2, 0) == COLEY_ERR_IO);
    CHECK_HAS(err.text, "--force");
    CHECK(access(under("again/a.txt"), F_OK) == 0);
    const int before = entries(base);
    CHECK(put(under("again"), newer, 2, 1) == COLEY_OK);
    CHECK(access(under("again/a.txt"), F_OK) != 0 && access(under("again/b.txt"), F_OK) == 0);
    CHECK(entries(base) == before);
}

static void what_is_not_ours_is_never_replaced(void)
{
    CHECK(mkdir(under("home"), 0700) == 0);
    FILE *file = fopen(under("home/thesis.tex"), "w");
    if (file) fclose(file);
    CHECK(put(under("home"), files, 2, 1) == COLEY_ERR_IO);
    CHECK(entries(under("home")) == 1);
    CHECK(put(under("home/thesis.tex"), files, 2, 1) == COLEY_ERR_IO);

    /* Ours, but somebody made a folder inside. */
    CHECK(put(under("mixed"), files, 2, 0) == COLEY_OK);
    CHECK(mkdir(under("mixed/notes"), 0700) == 0);
    CHECK(put(under("mixed"), files, 2, 1) == COLEY_ERR_IO && entries(under("mixed")) == 3);
    CHECK(put(under("nowhere/deep"), files, 2, 0) == COLEY_ERR_IO);
}

/* No file may grow past a limit: what a full disk does, without needing one. */
static void a_disk_that_fills_up_leaves_things_as_they_were(void)
{
    CHECK(put(under("full"), files, 2, 0) == COLEY_OK);
    static char big[1 << 20];
    const coley_folder_file large[] = {{"a.txt", "new", 3}, {"big.bin", big, sizeof big}, {"mark.json", "{}", 2}};
    const int before = entries(base);
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 65536;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    const coley_status forced = put(under("full"), large, 3, 1), fresh = put(under("full2"), large, 3, 0);
    setrlimit(RLIMIT_FSIZE, &old);
    CHECK(forced == COLEY_ERR_IO && fresh == COLEY_ERR_IO);
    CHECK_HAS(err.text, "big.bin");
    CHECK(entries(base) == before && entries(under("full")) == 2 && entries(under("full2")) < 0);
    char *bytes = NULL;
    size_t length = 0;
    coley_arena *arena = coley_arena_create();
    CHECK(coley_file_read(arena, under("full/a.txt"), 100, &bytes, &length, &err) == COLEY_OK);
    CHECK_TEXT(bytes, "aaa");
    coley_arena_destroy(arena);
}

static void every_failing_allocation_leaves_nothing_behind(void)
{
    const int before = entries(base);
    for (size_t k = 1;; k++) {
        coley_arena *arena = coley_arena_create_failing(k);
        const coley_status status = coley_folder_write(arena, under("sweep"), files, 2, "mark.json", 0, &err);
        coley_arena_destroy(arena);
        if (status == COLEY_OK) break;
        CHECK(status == COLEY_ERR_MEMORY && entries(base) == before);
    }
    CHECK(entries(base) == before + 1);
}

int main(void)
{
    snprintf(base, sizeof base, "/tmp/coley-folder-XXXXXX");
    if (!mkdtemp(base)) return 1;
    RUN(a_new_or_empty_folder_is_filled_and_nothing_else_is_left);
    RUN(an_old_record_is_only_replaced_when_asked);
    RUN(what_is_not_ours_is_never_replaced);
    RUN(a_disk_that_fills_up_leaves_things_as_they_were);
    RUN(every_failing_allocation_leaves_nothing_behind);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", base);
    return check_done() | (system(command) != 0);
}
