/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words_view.c -- a run in plain words; two scenarios and where they differ; files that somebody gives. */
#include "studio/views.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/readability.h"
#include "io/emit.h"

extern char **environ;

enum { FILE_BYTES = 64 << 20, ANSWER_BYTES = 4 << 20, SECONDS = 60 };

/* --- plain words ---------------------------------------------------------------------------------------------------
 */

static const char *text_of(const json_t *map, const char *key)
{
    return json_string_value(json_object_get(map, key));
}

static double number_of(const json_t *map, const char *key)
{
    const json_t *value = json_object_get(map, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void emit_parts(const json_t *story, coley_emit *emit)
{
    const char *part = NULL;
    size_t i;
    json_t *line;
    coley_emit_list(emit, "parts");
    json_array_foreach(story, i, line)
    {
        const char *now = text_of(line, "part");
        if (!now || (part && !strcmp(now, part))) now = part;
        if (now != part) {
            if (part) {
                coley_emit_end(emit);
                coley_emit_end(emit);
            }
            part = now;
            coley_emit_map(emit, NULL);
            coley_emit_text(emit, "title", part);
            coley_emit_list(emit, "sentences");
        }
        if (!part) continue;
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "text", text_of(line, "text"));
        coley_emit_text(emit, "quantity", text_of(line, "quantity"));
        coley_emit_number(emit, "day", number_of(line, "day"));
        coley_emit_number(emit, "value", number_of(line, "value"));
        coley_emit_end(emit);
    }
    if (part) {
        coley_emit_end(emit);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

/* Sentences that count virtual people become pictures of a hundred people. */
static void emit_icons(const json_t *story, coley_emit *emit)
{
    size_t i;
    json_t *line;
    double people = NAN;
    coley_emit_list(emit, "icons");
    json_array_foreach(story, i, line)
    {
        const char *quantity = text_of(line, "quantity");
        if (!quantity || strncmp(quantity, "people", 6)) continue;
        if (!quantity[6]) people = number_of(line, "value");
        const double of100 = quantity[6] == '_' ? floor(100 * number_of(line, "value") / people + 0.5) : NAN;
        if (!(of100 >= 0 && of100 <= 100)) continue;
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "what", text_of(line, "text"));
        coley_emit_number(emit, "of100", of100);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
}

coley_status coley_studio_explain(coley_arena *arena, const char *out, coley_text *text, coley_error *err)
{
    const char *path = coley_arena_printf(arena, "%s/summary.json", out);
    json_error_t where;
    json_t *root = path ? json_load_file(path, 0, &where) : NULL, *story = json_object_get(root, "story"), *line;
    coley_text words = {.arena = arena};
    size_t i;
    if (!json_is_array(story)) {
        json_decref(root);
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the run has no story: it is not done, or it is no person's");
    }
    json_array_foreach(story, i, line) if (text_of(line, "text")) coley_text_addf(&words, "%s ", text_of(line, "text"));
    coley_emit emit = {.out = text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "title", text_of(root, "title"));
    coley_emit_number(&emit, "grade_level", words.data ? coley_readability_of(words.data).grade : NAN);
    emit_parts(story, &emit);
    emit_icons(story, &emit);
    coley_emit_list(&emit, "questions");
    json_array_foreach(story, i, line) if (text_of(line, "part") && !strncasecmp(text_of(line, "part"), "question", 8))
        coley_emit_text(&emit, NULL, text_of(line, "text"));
    coley_emit_end(&emit);
    coley_emit_end(&emit);
    json_decref(root);
    return text->failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

/* --- differences ---------------------------------------------------------------------------------------------------
 */

/* The resolved scenario of a run, as its manifest keeps it. */
static coley_status scenario_of(coley_studio_server *s, coley_arena *arena, const char *id, json_t **manifest,
                                coley_error *err)
{
    const char *folder = id ? coley_studio_runs_folder(s->runs, arena, id) : NULL;
    const char *path = folder ? coley_arena_printf(arena, "%s/out/manifest.json", folder) : NULL;
    *manifest = path ? json_load_file(path, 0, NULL) : NULL;
    return json_is_object(json_object_get(*manifest, "scenario"))
               ? COLEY_OK
               : COLEY_FAIL(err, COLEY_ERR_INPUT, "\"%.40s\" is no run of a scenario that is done: give a=ID and b=ID",
                            id ? id : "");
}

static void add_difference(json_t *list, const char *key, const json_t *a, const json_t *b)
{
    json_t *row = json_object();
    json_object_set_new(row, "key", json_string(key));
    json_object_set(row, "a", a ? (json_t *)(uintptr_t)a : json_null());
    json_object_set(row, "b", b ? (json_t *)(uintptr_t)b : json_null());
    json_array_append_new(list, row);
}

static void compare(json_t *list, const char *key, json_t *a, json_t *b, coley_arena *arena, int depth)
{
    const char *name;
    json_t *value;
    if (json_equal(a, b)) return;
    if (depth < 12 && json_is_object(a) && json_is_object(b)) {
        json_object_foreach(a, name, value) compare(list, coley_arena_printf(arena, *key ? "%s.%s" : "%s%s", key, name),
                                                    value, json_object_get(b, name), arena, depth + 1);
        json_object_foreach(b, name, value) if (!json_object_get(a, name))
            add_difference(list, coley_arena_printf(arena, *key ? "%s.%s" : "%s%s", key, name), NULL, value);
    } else if (depth < 12 && json_is_array(a) && json_is_array(b) && json_array_size(a) == json_array_size(b)) {
        for (size_t i = 0; i < json_array_size(a); i++)
            compare(list, coley_arena_printf(arena, "%s[%zu]", key, i + 1), json_array_get(a, i), json_array_get(b, i),
                    arena, depth + 1);
    } else {
        add_difference(list, key, a, b);
    }
}

coley_status coley_studio_diff(coley_studio_server *s, const coley_studio_request *request, coley_studio_reply *reply,
                               coley_error *err)
{
    json_t *a, *b = NULL, *list = json_array();
    coley_status status = scenario_of(s, reply->arena, request->argument(request, "a"), &a, err);
    if (status == COLEY_OK) status = scenario_of(s, reply->arena, request->argument(request, "b"), &b, err);
    if (status == COLEY_OK) {
        compare(list, "", json_object_get(a, "scenario"), json_object_get(b, "scenario"), reply->arena, 0);
        char *text = json_dumps(list, JSON_COMPACT);
        if (text) coley_text_add(&reply->text, text, strlen(text));
        free(text);
    }
    json_decref(a);
    json_decref(b);
    json_decref(list);
    return status;
}

/* --- files ---------------------------------------------------------------------------------------------------------
 */

/* What a command prints, at most ANSWER_BYTES, within SECONDS; its exit code, or -1. */
static int run_command(coley_arena *arena, const char *const *argv, coley_text *said)
{
    int pipe_of[2], code = -1;
    pid_t pid;
    char room[4096];
    posix_spawn_file_actions_t actions;
    if (pipe2(pipe_of, O_CLOEXEC) != 0) return -1;
    *said = (coley_text){.arena = arena};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipe_of[1], 1);
    posix_spawn_file_actions_adddup2(&actions, pipe_of[1], 2);
    const int failed = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_of[1]);
    const time_t until = time(NULL) + SECONDS;
    while (!failed && said->length < ANSWER_BYTES && time(NULL) < until) {
        struct pollfd p = {.fd = pipe_of[0], .events = POLLIN};
        if (poll(&p, 1, 1000) <= 0) continue;
        const ssize_t n = read(pipe_of[0], room, sizeof room);
        if (n <= 0) break;
        coley_text_add(said, room, (size_t)n);
    }
    close(pipe_of[0]);
    if (!failed) {
        if (time(NULL) >= until || said->length >= ANSWER_BYTES) kill(pid, SIGKILL);
        waitpid(pid, &code, 0);
        code = WIFEXITED(code) ? WEXITSTATUS(code) : -1;
    }
    return code;
}

static const char *ending_of(const char *kind, const char *name)
{
    static const char *const endings[] = {".vcf.gz", ".vcf",    ".bcf", ".maf.gz", ".maf",  ".tsv.gz",
                                          ".tsv",    ".csv.gz", ".csv", ".txt",    ".h5ad", NULL};
    const size_t length = name ? strlen(name) : 0;
    for (size_t i = 0; endings[i]; i++)
        if (length > strlen(endings[i]) && !strcasecmp(name + length - strlen(endings[i]), endings[i]))
            return endings[i];
    return !strcmp(kind, "vcf") ? ".vcf" : !strcmp(kind, "maf") ? ".maf" : ".csv";
}

coley_status coley_studio_upload(coley_studio_server *s, const coley_studio_request *request, coley_studio_reply *reply,
                                 coley_error *err)
{
    static const char *const kinds[] = {"lesions", "vcf", "maf", "cells"};
    const char *kind = request->argument(request, "kind"), *name = request->argument(request, "name"), *argv[12];
    int at = -1, n = 0;
    char id[32];
    struct timespec t;
    coley_text said;
    for (int i = 0; i < 4; i++)
        if (kind && !strcmp(kind, kinds[i])) at = i;
    if (at < 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "kind"}), "lesions, vcf, maf or cells");
    if (!request->body_length) return COLEY_FAIL(err, COLEY_ERR_INPUT, "the file is empty");
    clock_gettime(CLOCK_REALTIME, &t);
    snprintf(id, sizeof id, "u%lld%03ld", (long long)t.tv_sec, t.tv_nsec / 1000000);
    const char *folder = coley_arena_printf(reply->arena, "%s/uploads", s->project);
    const char *path = coley_arena_printf(reply->arena, "%s/%s%s", folder ? folder : "", id, ending_of(kind, name));
    const char *yaml = coley_arena_printf(reply->arena, "%s/%s.yaml", folder ? folder : "", id);
    if (!folder || !path || !yaml) return COLEY_FAIL_MEMORY(err);
    mkdir(folder, 0777);
    COLEY_TRY(coley_file_write(path, request->body, request->body_length, err));
    argv[n++] = "coley";
    if (at == 0) {
        argv[n++] = "response";
        argv[n++] = path;
    } else {
        argv[n++] = "assay";
        argv[n++] = "panel";
        argv[n++] = at == 3 ? "--cells" : "--vcf";
        argv[n++] = path;
        argv[n++] = "--out";
        argv[n++] = yaml;
    }
    argv[n] = NULL;
    const int code = run_command(reply->arena, argv, &said);
    char *kept = NULL;
    size_t length;
    if (at && code == 0 && coley_file_read(reply->arena, yaml, FILE_BYTES, &kept, &length, err) != COLEY_OK)
        kept = NULL;
    json_t *root = json_pack("{s:s, s:s, s:s}", "id", id, "kind", kind, "path", path);
    json_t *words = json_stringn(said.data ? said.data : "", said.length);
    if (code == 0)
        json_object_set_new(root, "summary", words ? words : json_string("done"));
    else
        json_object_set_new(root, "error",
                            json_pack("{s:o}", "message", words ? words : json_string("the file could not be read")));
    if (kept)
        json_object_set_new(root, "biomarkers_yaml", json_string(kept)),
            json_object_set_new(root, "biomarkers", json_string(yaml));
    char *text = json_dumps(root, JSON_COMPACT);
    if (text) coley_text_add(&reply->text, text, strlen(text));
    free(text);
    json_decref(root);
    if (code != 0) {
        unlink(path);
        reply->status = 422;
    }
    return COLEY_OK;
}
