/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.c -- runs a fuzz target over every file of a corpus folder, so that ordinary tests keep old crashes fixed. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return 1;
    static uint8_t data[1 << 20];
    const size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    /* An exact copy, so that a read past the end is seen by a sanitizer. */
    uint8_t *copy = malloc(size ? size : 1);
    for (size_t i = 0; i < size; i++) copy[i] = data[i];
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 0;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return 2;
    }
    int n = 0, failed = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.') continue;
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        failed += replay(path);
        n++;
    }
    closedir(folder);
    printf("%sok 1 - replayed %d inputs\n1..1\n", failed || !n ? "not " : "", n);
    return failed || !n;
}
