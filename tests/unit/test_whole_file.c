/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_whole_file.c -- a reader sees the old file or the new one, never a part, whenever the writer is killed. */
#include "base/whole_file.h"

#include "base/text.h"
#include "support/check.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char base[64], path[96];
static coley_error err;
static coley_whole_file file;
enum { PIECES = 3000 };

/* Pieces of all lengths up to more than the buffer; every byte is `mark`. */
static size_t put(char mark, int n)
{
    static char piece[70000];
    size_t sum = 0;
    memset(piece, mark, sizeof piece);
    CHECK(coley_whole_file_open(&file, path, &err) == COLEY_OK);
    for (int i = 0; i < n; i++) {
        const size_t length = i % 100 == 99 ? sizeof piece : (size_t)(i * 7 % 400);
        coley_whole_file_put(&file, piece, length);
        sum += length;
    }
    return sum;
}

/* Length of the file if it is all of one mark, which goes to `mark`. */
static size_t look(char *mark)
{
    coley_arena *arena = coley_arena_create();
    char *bytes = NULL;
    size_t length = 0, i = 0;
    CHECK(coley_file_read(arena, path, 1 << 26, &bytes, &length, &err) == COLEY_OK);
    *mark = length ? bytes[0] : '\0';
    while (i < length && bytes[i] == *mark) i++;
    CHECK(i == length);
    coley_arena_destroy(arena);
    return length;
}

static int entries(void)
{
    int n = 0;
    DIR *folder = opendir(base);
    for (const struct dirent *entry; folder && (entry = readdir(folder));) n += entry->d_name[0] != '.';
    closedir(folder);
    return n;
}

static void pieces_of_any_length_come_out_in_their_order(void)
{
    char mark;
    const size_t length = put('a', PIECES);
    CHECK(entries() == 1 && access(path, F_OK) != 0);
    CHECK(coley_whole_file_keep(&file, &err) == COLEY_OK);
    CHECK(look(&mark) == length && mark == 'a' && entries() == 1);
}

static void what_is_given_up_leaves_nothing(void)
{
    char mark;
    put('b', PIECES);
    coley_whole_file_drop(&file);
    look(&mark);
    CHECK(mark == 'a' && entries() == 1);
    CHECK(coley_whole_file_open(&file, "/nowhere/at/all", &err) == COLEY_ERR_IO);
}

static void a_full_disk_leaves_the_old_file(void)
{
    char mark;
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 200000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    put('c', PIECES);
    const coley_status status = coley_whole_file_keep(&file, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    CHECK(status == COLEY_ERR_IO);
    CHECK_HAS(err.text, "cannot write");
    look(&mark);
    CHECK(mark == 'a' && entries() == 1);
}

static void a_kill_leaves_the_old_file_or_the_new_one(void)
{
    char mark;
    const size_t length = put('a', PIECES);
    CHECK(coley_whole_file_keep(&file, &err) == COLEY_OK);
    for (int round = 0; round < 20; round++) {
        const pid_t child = fork();
        if (child == 0) {
            for (int i = 0;; i++) {
                put((char)('a' + i % 26), PIECES);
                if (coley_whole_file_keep(&file, &err) != COLEY_OK) _exit(1);
            }
        }
        usleep(1000 + 700 * (useconds_t)round);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        CHECK(look(&mark) == length && mark >= 'a' && mark <= 'z');
    }
}

int main(void)
{
    snprintf(base, sizeof base, "/tmp/coley-whole-XXXXXX");
    if (!mkdtemp(base)) return 1;
    snprintf(path, sizeof path, "%s/file", base);
    RUN(pieces_of_any_length_come_out_in_their_order);
    RUN(what_is_given_up_leaves_nothing);
    RUN(a_full_disk_leaves_the_old_file);
    RUN(a_kill_leaves_the_old_file_or_the_new_one);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", base);
    return check_done() | (system(command) != 0);
}
