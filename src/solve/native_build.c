/* SPDX-License-Identifier: GPL-3.0-or-later */
/* native_build.c -- see native_build.h. The compiler is started directly, never through a shell. Only a folder and a
 * file that belong to the user, and that nobody else may write to, are trusted with code. */
#include "solve/native_build.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *const common_options[] = {
    "-shared",          "-fPIC", "-std=gnu17", "-O3", "-ffp-contract=off", "-fno-math-errno",
    "-fschedule-insns", "-w",    "-x",         "c"};
enum { N_COMMON = sizeof common_options / sizeof *common_options, MOST_OPTIONS = 24 };

/* Run it with standard error and output into `log`; the exit code, or -1 when it could not be started. */
static int run_compiler(const char *const *argument, const char *log)
{
    posix_spawn_file_actions_t files;
    pid_t child;
    int state = 0;
    if (posix_spawn_file_actions_init(&files) != 0) return -1;
    int failed = posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0600) ||
                 posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO) ||
                 posix_spawnp(&child, argument[0], &files, NULL, (char *const *)argument, environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed) return -1;
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR) return -1;
    if (!WIFEXITED(state)) return 1;
    return WEXITSTATUS(state) == 127 ? -1 : WEXITSTATUS(state);
}

/* The compiler's first complaint, at most 200 characters of it. */
static const char *first_complaint(coley_arena *arena, const char *log)
{
    char *text;
    size_t length;
    if (coley_file_read(arena, log, 1 << 20, &text, &length, NULL) != COLEY_OK || !length) return "it said nothing";
    text[strcspn(text, "\n")] = '\0';
    if (strlen(text) > 200) text[200] = '\0';
    return text;
}

coley_status coley_native_compile(coley_arena *arena, const coley_text *source, coley_isa isa, const char *compiler,
                                  const char *file, coley_error *err)
{
    const long own = (long)getpid();
    const char *code = coley_arena_printf(arena, "%s.%ld.c", file, own);
    const char *log = coley_arena_printf(arena, "%s.%ld.log", file, own);
    const char *made = coley_arena_printf(arena, "%s.%ld.so", file, own);
    if (!code || !log || !made) return COLEY_FAIL_MEMORY(err);
    const char *argument[MOST_OPTIONS] = {compiler};
    size_t n = 1;
    for (size_t i = 0; i < N_COMMON; i++) argument[n++] = common_options[i];
    for (const char *const *option = coley_native_isa_options(isa); *option; option++) argument[n++] = *option;
    argument[n++] = "-o";
    argument[n++] = made;
    argument[n++] = code;
    coley_status status = coley_file_write(code, source->data, source->length, err);
    if (status == COLEY_OK) {
        const int result = run_compiler(argument, log);
        if (result < 0)
            status = COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED,
                                "no C compiler: \"%s\" cannot be run; install one (on Debian: gcc), name one in the "
                                "environment variable CC, or run without --native",
                                compiler);
        else if (result > 0)
            status = COLEY_FAIL(err, COLEY_ERR_IO, "the C compiler \"%s\" could not compile the model: %s", compiler,
                                first_complaint(arena, log));
        else if (rename(made, file) != 0)
            status = COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.file = file}, "%s", strerror(errno));
    }
    unlink(code);
    unlink(log);
    unlink(made);
    return status;
}

/* True for what belongs to this user and can be written to by nobody else; never a symbolic link. */
static int is_private(const char *path, int folder)
{
    struct stat info;
    return lstat(path, &info) == 0 && (folder ? S_ISDIR(info.st_mode) : S_ISREG(info.st_mode)) &&
           info.st_uid == geteuid() && !(info.st_mode & (folder ? 077 : 022));
}

/* The folder of the cache, made when it is not there. */
static coley_status cache_folder(coley_arena *arena, const char **folder, coley_error *err)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (!cache || cache[0] != '/') {
        if (!home || home[0] != '/')
            return COLEY_FAIL(err, COLEY_ERR_IO,
                              "no place for compiled models: set HOME or XDG_CACHE_HOME, or run without --native");
        cache = coley_arena_printf(arena, "%s/.cache", home);
    }
    const char *below[] = {cache, NULL, NULL};
    if (cache && (below[1] = coley_arena_printf(arena, "%s/coley", cache)))
        below[2] = coley_arena_printf(arena, "%s/native", below[1]);
    if (!below[2]) return COLEY_FAIL_MEMORY(err);
    for (int i = 0; i < 3; i++)
        if (mkdir(below[i], 0700) != 0 && errno != EEXIST)
            return COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.file = below[i]}, "%s", strerror(errno));
    if (!is_private(below[2], 1))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, (coley_place){.file = below[2]},
                             "must be a folder of your own that nobody else may use (chmod 700): code is run from it");
    *folder = below[2];
    return COLEY_OK;
}

coley_status coley_native_make(coley_arena *arena, const coley_program *program, const coley_native **native,
                               coley_error *err)
{
    if ((*native = coley_native_find(arena, program))) return COLEY_OK;
    const coley_isa isa = coley_isa_best();
    const char *chosen = getenv("CC"), *compiler = chosen && *chosen ? chosen : "cc", *folder = NULL;
    coley_text source = {.arena = arena}, name = {.arena = arena};
    coley_sha256 key;
    COLEY_TRY(coley_native_key(arena, program, &key, err));
    COLEY_TRY(coley_native_source(arena, program, &key, &source, err));
    COLEY_TRY(cache_folder(arena, &folder, err));
    coley_text_add(&name, source.data, source.length);
    coley_text_addf(&name, "\n%s\n", compiler);
    for (size_t i = 0; i < N_COMMON; i++) coley_text_addf(&name, "%s\n", common_options[i]);
    for (const char *const *option = coley_native_isa_options(isa); *option; option++)
        coley_text_addf(&name, "%s\n", *option);
    if (name.failed) return COLEY_FAIL_MEMORY(err);
    const coley_sha256 print = coley_sha256_of(name.data, name.length);
    const char *file = coley_arena_printf(arena, "%s/%s.so", folder, print.hex);
    if (!file) return COLEY_FAIL_MEMORY(err);
    if (is_private(file, 0) && coley_native_open(arena, file, &key, native, NULL) == COLEY_OK) return COLEY_OK;
    COLEY_TRY(coley_native_compile(arena, &source, isa, compiler, file, err));
    return coley_native_open(arena, file, &key, native, err);
}
