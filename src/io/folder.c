/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder.c -- write beside, then rename; swap when something of ours stands in the place. */
#include "io/folder.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum state { ABSENT, EMPTY, OURS, FOREIGN, UNREADABLE } state;

static state look(const char *path, const char *mark)
{
    struct stat what;
    if (lstat(path, &what)) return errno == ENOENT ? ABSENT : UNREADABLE;
    if (!S_ISDIR(what.st_mode)) return FOREIGN;
    DIR *folder = opendir(path);
    if (!folder) return UNREADABLE;
    state found = EMPTY;
    int marked = 0;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        marked |= !strcmp(entry->d_name, mark);
        /* Ours has plain files only. */
        if (fstatat(dirfd(folder), entry->d_name, &what, AT_SYMLINK_NOFOLLOW) || !S_ISREG(what.st_mode))
            found = FOREIGN;
        else if (found == EMPTY)
            found = OURS;
    }
    closedir(folder);
    return found == OURS && !marked ? FOREIGN : found;
}

coley_status coley_folder_check(const char *path, const char *mark, int force, coley_error *err)
{
    const coley_place place = {.file = path};
    switch (look(path, mark)) {
    case ABSENT:
    case EMPTY:
        return COLEY_OK;
    case OURS:
        if (force) return COLEY_OK;
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, place,
                             "the folder holds results already; name another one, or use --force");
    case FOREIGN:
        return COLEY_FAIL_AT(
            err, COLEY_ERR_IO, place,
            "this is no folder of Coley's results (%s is missing, or there is more than files in it); name "
            "another one",
            mark);
    case UNREADABLE:
        break;
    }
    return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "cannot look into it: %s", strerror(errno));
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder) {
        for (const struct dirent *entry; (entry = readdir(folder));) unlinkat(dirfd(folder), entry->d_name, 0);
        closedir(folder);
    }
    rmdir(path);
}

static int flush_folder(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int failure = fsync(fd) && errno != EINVAL && errno != EROFS ? errno : 0;
    close(fd);
    return failure;
}

/* A new folder beside `path`; its name, or NULL with errno. */
static char *create_beside(coley_arena *arena, const char *path, size_t length)
{
    for (int i = 0; i < 1000; i++) {
        char *name = coley_arena_printf(arena, "%.*s.part-%ld-%d", (int)length, path, (long)getpid(), i);
        if (!name) errno = ENOMEM;
        if (!name || !mkdir(name, 0777)) return name;
        if (errno != EEXIST) return NULL;
    }
    return NULL;
}

/* Give the finished folder its name; 0 or an errno. */
static int take_place(const char *made, const char *path, int occupied)
{
    if (!occupied) return rename(made, path) ? errno : 0; /* an empty folder gives way to a rename */
    if (!renameat2(AT_FDCWD, made, AT_FDCWD, path, RENAME_EXCHANGE)) {
        remove_folder(made); /* it is the old one now */
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) return errno;
    remove_folder(path); /* this file system cannot swap */
    return rename(made, path) ? errno : 0;
}

coley_status coley_folder_write(coley_arena *arena, const char *path, const coley_folder_file *file, size_t n,
                                const char *mark, int force, coley_error *err)
{
    const coley_place place = {.file = path};
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--;
    const char *target = coley_arena_text(arena, path, length);
    if (!target) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_folder_check(target, mark, force, err));
    char *made = create_beside(arena, path, length);
    if (!made && errno == ENOMEM) return COLEY_FAIL_MEMORY(err);
    if (!made) return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "cannot create a folder there: %s", strerror(errno));

    coley_status status = COLEY_OK;
    for (size_t i = 0; i < n && status == COLEY_OK; i++) {
        const char *name = coley_arena_printf(arena, "%s/%s", made, file[i].name);
        coley_error why = {0};
        if (!name)
            status = COLEY_FAIL_MEMORY(err);
        else if ((status = coley_file_write(name, file[i].bytes, file[i].length, &why)) != COLEY_OK)
            status = COLEY_FAIL_AT(err, status, place, "%s: %s", file[i].name, why.text);
    }
    int failure = status == COLEY_OK ? flush_folder(made) : 0;
    if (status == COLEY_OK && !failure) failure = take_place(made, target, look(target, mark) == OURS);
    if (status == COLEY_OK && failure)
        status = COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "cannot write: %s", strerror(failure));
    if (status != COLEY_OK) remove_folder(made);
    return status;
}

coley_status coley_folder_take(const char *made, const char *path, const char *mark, int force, coley_error *err)
{
    COLEY_TRY(coley_folder_check(path, mark, force, err));
    int failure = flush_folder(made);
    if (!failure) failure = take_place(made, path, look(path, mark) == OURS);
    if (!failure) return COLEY_OK;
    return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = path}), "cannot take the place: %s",
                         strerror(failure));
}

int coley_folder_is_ours(const char *path, const char *mark)
{
    return look(path, mark) == OURS;
}

void coley_folder_remove(const char *path, const char *mark)
{
    const state found = look(path, mark);
    if (found == OURS || found == EMPTY) remove_folder(path);
}
