/* SPDX-License-Identifier: GPL-3.0-or-later */
/* native_modules.c -- native-modules MODELS FOLDER COMPILER ISA...: compile what MODELS/native.txt lists, for each
 * instruction set ("avx2", "avx512", "portable"), into FOLDER. Part of the build of Coley, not installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/antimony.h"
#include "patient/body.h"
#include "solve/native_build.h"

static coley_status read_model(coley_arena *arena, const char *models, char *line, const coley_program **program,
                               coley_error *err)
{
    const char *classes[COLEY_BODY_MAX_CLASSES], *word = strtok(line, " ");
    const char *path = coley_arena_printf(arena, "%s/%s", models, word);
    if (!path) return COLEY_FAIL_MEMORY(err);
    if (strcmp(word, "patient") == 0) {
        const char *lesions = strtok(NULL, " ");
        coley_body_options options = {.models = path, .n_lesions = lesions ? (size_t)atoi(lesions) : 0};
        options.drug_class = classes;
        while (options.n_classes < COLEY_BODY_MAX_CLASSES && (word = strtok(NULL, " ")))
            classes[options.n_classes++] = word;
        coley_body *body;
        COLEY_TRY(coley_body_assemble(arena, &options, &body, err));
        *program = body->program;
        return COLEY_OK;
    }
    char *text;
    size_t length;
    coley_network *network;
    COLEY_TRY(coley_file_read(arena, path, 1 << 24, &text, &length, err));
    const coley_antimony_source source = {.name = path, .text = text, .length = length};
    COLEY_TRY(coley_antimony_parse(arena, &source, 1, NULL, &network, err));
    return coley_program_compile(arena, network, program, err);
}

static coley_status make_modules(coley_arena *arena, char *line, char **argument, int n, coley_error *err)
{
    const char *folder = argument[2], *compiler = argument[3];
    const coley_program *program;
    coley_sha256 key;
    coley_text source = {.arena = arena};
    COLEY_TRY(read_model(arena, argument[1], line, &program, err));
    COLEY_TRY(coley_native_key(arena, program, &key, err));
    COLEY_TRY(coley_native_source(arena, program, &key, &source, err));
    for (int i = 4; i < n; i++)
        for (int isa = 0; isa < COLEY_ISA_COUNT; isa++) {
            if (strcmp(argument[i], coley_native_isa_name((coley_isa)isa)) != 0) continue;
            const char *file = coley_native_file(arena, folder, &key, (coley_isa)isa);
            if (!file) return COLEY_FAIL_MEMORY(err);
            COLEY_TRY(coley_native_compile(arena, &source, (coley_isa)isa, compiler, file, err));
        }
    return COLEY_OK;
}

int main(int n, char **argument)
{
    if (n < 5) return fprintf(stderr, "usage: native-modules MODELS FOLDER COMPILER ISA...\n"), 2;
    coley_arena *arena = coley_arena_create();
    coley_error err = {0};
    char *text = NULL;
    size_t length;
    const char *list = coley_arena_printf(arena, "%s/native.txt", argument[1]);
    coley_status status = coley_file_read(arena, list, 1 << 20, &text, &length, &err);
    for (char *line = text, *end; status == COLEY_OK && line && *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end) *end++ = '\0';
        if (*line && *line != '#') status = make_modules(arena, line, argument, n, &err);
    }
    if (status != COLEY_OK) fprintf(stderr, "native-modules: %s %s\n", err.file, err.text);
    coley_arena_destroy(arena);
    return status != COLEY_OK;
}
