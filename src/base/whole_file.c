/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole_file.c -- write beside, flush, rename. */
#include "base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

coley_status coley_whole_file_open(coley_whole_file *file, const char *path, coley_error *err)
{
    const coley_place place = {.file = path};
    file->fd = -1;
    file->failure = 0;
    file->n = 0;
    const size_t length = strlen(path);
    if (length >= sizeof file->path) return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "the name is too long");
    memcpy(file->path, path, length + 1);
    snprintf(file->temporary, sizeof file->temporary, "%s.part-%ld", path, (long)getpid());
    file->fd = open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file->fd < 0) return COLEY_FAIL_AT(err, COLEY_ERR_IO, place, "cannot create: %s", strerror(errno));
    return COLEY_OK;
}

static void write_all(coley_whole_file *file, const char *bytes, size_t length)
{
    for (size_t n = 0; n < length && !file->failure;) {
        const ssize_t put = write(file->fd, bytes + n, length - n);
        if (put < 0 && errno != EINTR) file->failure = errno;
        if (put > 0) n += (size_t)put;
    }
}

static void write_waiting(coley_whole_file *file)
{
    write_all(file, file->waiting, file->n);
    file->n = 0;
}

void coley_whole_file_put(coley_whole_file *file, const void *bytes, size_t length)
{
    if (length > sizeof file->waiting - file->n) write_waiting(file);
    if (length > sizeof file->waiting) {
        write_all(file, bytes, length);
    } else {
        memcpy(file->waiting + file->n, bytes, length);
        file->n += length;
    }
}

coley_status coley_whole_file_keep(coley_whole_file *file, coley_error *err)
{
    write_waiting(file);
    if (!file->failure && fsync(file->fd) != 0 && errno != EINVAL && errno != EROFS) file->failure = errno;
    if (close(file->fd) != 0 && !file->failure) file->failure = errno;
    if (!file->failure && rename(file->temporary, file->path) != 0) file->failure = errno;
    file->fd = -1;
    if (!file->failure) return COLEY_OK;
    unlink(file->temporary);
    return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = file->path}), "cannot write: %s",
                         strerror(file->failure));
}

void coley_whole_file_drop(coley_whole_file *file)
{
    if (file->fd < 0) return;
    close(file->fd);
    unlink(file->temporary);
    file->fd = -1;
}
