/* SPDX-License-Identifier: GPL-3.0-or-later */
/* routes.c -- what each address answers. Everything is JSON unless it is a file of a run. */
#include "studio/server_parts.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/yaml.h"
#include "studio/person.h"
#include "studio/shelf.h"
#include "studio/stays.h"
#include "studio/views.h"

enum { MOST_FILES = 4096, LOG_TAIL = 16384, TEXT_BYTES = 4 << 20 };

static coley_status say(coley_studio_reply *reply, json_t *root, coley_error *err)
{
    char *text = root ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(root);
    if (!text) return COLEY_FAIL_MEMORY(err);
    coley_text_add(&reply->text, text, strlen(text));
    free(text);
    return reply->text.failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

coley_status coley_studio_not_found(coley_studio_reply *reply, const char *what)
{
    json_t *root = json_pack("{s:{s:s+}}", "error", "message", "there is no such thing: ", what);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    reply->status = 404;
    if (text) coley_text_add(&reply->text, text, strlen(text));
    free(text);
    json_decref(root);
    return COLEY_OK;
}

/* --- about, catalog, controls --------------------------------------------------------------------------------------
 */

static coley_status about(coley_studio_server *s, coley_studio_reply *reply, coley_error *err)
{
    return say(reply,
               json_pack("{s:s, s:s, s:s, s:b, s:i}", "version", COLEY_VERSION, "notice",
                         "Simulated. For research and teaching; not medical advice.", "project", s->project, "native",
                         1, "threads", s->n_threads),
               err);
}

static coley_status controls(coley_studio_server *s, coley_studio_reply *reply, coley_error *err)
{
    return coley_studio_controls(reply->arena, s->catalog, NULL, NULL, &reply->text, err);
}

/* --- persons -------------------------------------------------------------------------------------------------------
 */

static json_t *body_of(const coley_studio_request *request, coley_error *err)
{
    json_error_t where;
    json_t *root = json_loadb(request->body, request->body_length, JSON_REJECT_DUPLICATES, &where);
    if (root && json_is_object(root)) return root;
    (void)!COLEY_FAIL_AT(err, COLEY_ERR_INPUT,
                         ((coley_place){.line = root ? 0 : where.line, .column = root ? 0 : where.column}),
                         "the body must be a JSON map%s%s", root ? "" : ": ", root ? "" : where.text);
    json_decref(root);
    return NULL;
}

static const char *uploads_of(const coley_studio_server *s, coley_arena *arena)
{
    return coley_arena_printf(arena, "%s/uploads", s->project);
}

/* Sends a question on, with where its files lie, and gives the answer back. */
static coley_status ask(coley_studio_server *s, json_t *question, double seconds, coley_studio_reply *reply,
                        coley_error *err)
{
    const char *uploads = uploads_of(s, reply->arena), *answer;
    if (uploads) json_object_set_new(question, "uploads", json_string(uploads));
    char *text = json_dumps(question, JSON_COMPACT);
    size_t length;
    if (!text || strlen(text) > COLEY_STUDIO_QUESTION_BYTES) {
        free(text);
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the scenario is too long");
    }
    reply->status = coley_studio_ask(s->pool, reply->arena, text, strlen(text), seconds, &answer, &length);
    free(text);
    coley_text_add(&reply->text, answer, length);
    return reply->text.failed ? COLEY_FAIL_MEMORY(err) : COLEY_OK;
}

static void time_of(coley_studio_reply *reply)
{
    const char *at =
        reply->text.data
            ? strstr(reply->text.data + (reply->text.length > 200 ? reply->text.length - 200 : 0), "\"simulated_ms\":")
            : NULL;
    if (!at) return;
    reply->header[0][0] = "Server-Timing";
    reply->header[0][1] = coley_arena_printf(reply->arena, "sim;dur=%g", strtod(at + 15, NULL));
}

static coley_status person(coley_studio_server *s, const coley_studio_request *request, coley_studio_reply *reply,
                           coley_error *err)
{
    json_t *root = body_of(request, err);
    if (!root) return COLEY_ERR_INPUT;
    const char *example = json_string_value(json_object_get(root, "example"));
    const coley_studio_example *e = NULL;
    coley_status status =
        example ? coley_studio_shelf_find(reply->arena, s->data, s->models, s->catalog, example, &e, err) : COLEY_OK;
    if (status == COLEY_OK) {
        if (e && !json_object_get(root, "yaml")) json_object_set_new(root, "yaml", json_string(e->text));
        json_object_set_new(root, "folder", json_string(e && access(e->folder, W_OK) == 0 ? e->folder : s->project));
        json_object_set_new(root, "name", json_string("scenario.yaml"));
        json_object_del(root, "whole");
        status = ask(s, root, 60, reply, err);
        time_of(reply);
    }
    json_decref(root);
    return status;
}

static coley_status check(coley_studio_server *s, const coley_studio_request *request, coley_studio_reply *reply,
                          coley_error *err)
{
    json_t *root = body_of(request, err), *list = json_array();
    coley_scenario *scenario;
    coley_error found = {0};
    coley_text yaml = {.arena = reply->arena};
    if (!root) return COLEY_ERR_INPUT;
    const char *text = json_string_value(json_object_get(root, "yaml"));
    const char *path = text ? coley_arena_printf(reply->arena, "%s/.check-%p.yaml", s->project, (void *)reply) : NULL;
    coley_status status = !text ? COLEY_FAIL(err, COLEY_ERR_INPUT, "give \"yaml\", a text")
                                : coley_file_write(path, text, strlen(text), err);
    if (status == COLEY_OK) {
        coley_status good = coley_document_stays(reply->arena, "scenario.yaml", uploads_of(s, reply->arena), text,
                                                 strlen(text), &found);
        if (good == COLEY_OK) good = coley_scenario_load(reply->arena, path, s->catalog, &scenario, &found);
        unlink(path);
        if (good == COLEY_OK)
            coley_scenario_write(scenario, COLEY_EMIT_YAML, &yaml);
        else
            json_array_append_new(list, json_pack("{s:i, s:i, s:s, s:s}", "line", found.line, "column", found.column,
                                                  "message", found.text, "key", found.key));
        status = say(
            reply,
            json_pack("{s:b, s:o, s:s?}", "ok", good == COLEY_OK, "errors", json_incref(list), "defaults", yaml.data),
            err);
    }
    json_decref(list);
    json_decref(root);
    return status;
}

/* --- runs ----------------------------------------------------------------------------------------------------------
 */

static json_t *run_json(const coley_studio_run *r)
{
    json_t *error = r->error ? json_pack("{s:s}", "message", r->error) : json_null();
    return json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:f, s:o}", "id", r->id, "kind", r->kind,
                     "title", r->title, "state", r->state, "created", r->created, "started", r->started, "ended",
                     r->ended, "seed", r->seed, "command", r->command, "progress", r->progress, "error", error);
}

static coley_status list_runs(coley_studio_server *s, coley_studio_reply *reply, coley_error *err)
{
    coley_studio_run *run;
    size_t n;
    json_t *list = json_array();
    COLEY_TRY(coley_studio_runs_list(s->runs, reply->arena, &run, &n, err));
    for (size_t i = 0; i < n; i++) json_array_append_new(list, run_json(&run[i]));
    return say(reply, list, err);
}

static const char *title_of(coley_arena *arena, const char *text)
{
    for (const char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        if (strncmp(line, "title:", 6)) continue;
        const char *from = line + 6 + strspn(line + 6, " \"'");
        size_t length = strcspn(from, "\n");
        while (length && strchr(" \"'\r", from[length - 1])) length--;
        return coley_arena_text(arena, from, length);
    }
    return NULL;
}

static coley_status start_run(coley_studio_server *s, const coley_studio_request *request, coley_studio_reply *reply,
                              coley_error *err)
{
    json_t *root = body_of(request, err);
    if (!root) return COLEY_ERR_INPUT;
    const char *kind = json_string_value(json_object_get(root, "kind")),
               *yaml = json_string_value(json_object_get(root, "yaml"));
    const char *title = json_string_value(json_object_get(root, "title")),
               *example = json_string_value(json_object_get(root, "example"));
    const char *seed = json_string_value(json_object_get(root, "seed")), *id = NULL;
    const json_t *seed_number = json_object_get(root, "seed");
    const coley_studio_example *e = NULL;
    coley_status status = COLEY_OK;
    if (!example) example = json_string_value(json_object_get(root, "settings"));
    if (!example) example = json_string_value(json_object_get(root, "tissue_model"));
    if (json_is_integer(seed_number))
        seed = coley_arena_printf(reply->arena, "%lld", (long long)json_integer_value(seed_number));
    if (seed && (strlen(seed) > 16 || strspn(seed, "0123456789") != strlen(seed)))
        status = COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "seed"}),
                               "\"%.40s\" is no whole number from 0", seed);
    if (status == COLEY_OK && example)
        status = coley_studio_shelf_find(reply->arena, s->data, s->models, s->catalog, example, &e, err);
    if (status == COLEY_OK && yaml)
        status = coley_document_stays(reply->arena, "input.yaml", uploads_of(s, reply->arena), yaml, strlen(yaml), err);
    if (status == COLEY_OK && !e && !yaml)
        status = COLEY_FAIL(err, COLEY_ERR_INPUT, "give \"yaml\", a text, or \"example\", a name of the catalog");
    if (status == COLEY_OK) {
        const char *job_kind = e ? e->kind : kind ? kind : "run";
        if (!strcmp(job_kind, "forecast")) job_kind = "run";
        const coley_studio_job job = {.kind = job_kind,
                                      .title = title ? title
                                               : e   ? e->title
                                                     : title_of(reply->arena, yaml),
                                      .text = yaml ? yaml
                                              : e  ? e->text
                                                   : NULL,
                                      .length = yaml           ? strlen(yaml)
                                                : e && e->text ? strlen(e->text)
                                                               : 0,
                                      .path = e && !yaml ? e->path : NULL,
                                      .seed = seed,
                                      .reproduce = e && !yaml ? e->command
                                                   : !strcmp(job_kind, "run")
                                                       ? "coley run input.yaml --out results"
                                                       : "coley trial run input.yaml --out results"};
        status = coley_studio_runs_start(s->runs, reply->arena, &job, &id, err);
    }
    json_decref(root);
    COLEY_TRY(status);
    reply->status = 201;
    return say(reply, json_pack("{s:s}", "id", id), err);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(json_string_value(json_object_get(*(json_t *const *)a, "name")),
                  json_string_value(json_object_get(*(json_t *const *)b, "name")));
}

static json_t *files_of(coley_arena *arena, const char *folder)
{
    json_t *found[MOST_FILES], *list = json_array();
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && n < MOST_FILES && (e = readdir(dir));) {
        struct stat info;
        const char *path = coley_arena_printf(arena, "%s/%s", folder, e->d_name);
        if (path && e->d_name[0] != '.' && lstat(path, &info) == 0 && S_ISREG(info.st_mode))
            found[n++] = json_pack("{s:s, s:I}", "name", e->d_name, "bytes", (json_int_t)info.st_size);
    }
    if (dir) closedir(dir);
    qsort(found, n, sizeof *found, by_name);
    for (size_t i = 0; i < n; i++) json_array_append_new(list, found[i]);
    return list;
}

static json_t *log_tail(coley_arena *arena, const char *folder)
{
    char *text = COLEY_NEW(arena, char, LOG_TAIL + 1);
    const char *path = coley_arena_printf(arena, "%s/log.txt", folder);
    const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    struct stat info;
    ssize_t n = 0;
    if (fd >= 0 && text && fstat(fd, &info) == 0)
        n = pread(fd, text, LOG_TAIL, info.st_size > LOG_TAIL ? info.st_size - LOG_TAIL : 0);
    if (fd >= 0) close(fd);
    json_t *tail = text && n > 0 ? json_stringn(text, (size_t)n) : NULL;
    return tail ? tail : json_string("");
}

static coley_status show_run(coley_studio_run *run, const char *folder, coley_studio_reply *reply, coley_error *err)
{
    json_t *root = run_json(run);
    const char *out = coley_arena_printf(reply->arena, "%s/out", folder),
               *manifest = coley_arena_printf(reply->arena, "%s/out/manifest.json", folder);
    if (!root || !out || !manifest) return COLEY_FAIL_MEMORY(err);
    json_t *m = json_load_file(manifest, 0, NULL);
    json_object_set_new(root, "manifest", m ? m : json_null());
    json_object_set_new(root, "files", files_of(reply->arena, out));
    json_object_set_new(root, "log_tail", log_tail(reply->arena, folder));
    return say(reply, root, err);
}

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
                                           {".json", "application/json; charset=utf-8"},
                                           {".csv", "text/csv; charset=utf-8"},
                                           {".txt", "text/plain; charset=utf-8"},
                                           {".yaml", "text/plain; charset=utf-8"},
                                           {".png", "image/png"},
                                           {".xml", "application/xml"}};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i][0], dot)) return types[i][1];
    return "application/octet-stream";
}

static coley_status give_file(const char *folder, const char *name, coley_studio_reply *reply, coley_error *err)
{
    if (!*name || strlen(name) > 200 || strchr(name, '/') || name[0] == '.') return coley_studio_not_found(reply, name);
    reply->file = coley_arena_printf(reply->arena, "%s/out/%s", folder, name);
    reply->type = type_of(name);
    return reply->file ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static int is_forecast(coley_arena *arena, const char *yaml, size_t length)
{
    const coley_yaml *root;
    return coley_yaml_parse(arena, "input.yaml", yaml, length, &root, NULL) == COLEY_OK &&
           coley_yaml_find(coley_yaml_find(root, "forecast"), "lesions") != NULL;
}

/* A person's run is what its scenario says, so it is computed again, whole, once: the same input is the same bits. */
static coley_status run_result(coley_studio_server *s, const coley_studio_run *run, const char *folder,
                               coley_studio_reply *reply, coley_error *err)
{
    const char *kept = coley_arena_printf(reply->arena, "%s/result.json", folder);
    const char *input = run->path ? run->path : coley_arena_printf(reply->arena, "%s/input.yaml", folder);
    char *text;
    size_t length;
    if (!kept || !input) return COLEY_FAIL_MEMORY(err);
    if (!strcmp(run->kind, "tissue")) /* also while it runs, and as far as it came */
        return coley_studio_tissue(reply->arena, coley_arena_printf(reply->arena, "%s/out", folder), run, &reply->text,
                                   err);
    if (strcmp(run->state, "done"))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the run is %s; it has no result yet", run->state);
    if (!strcmp(run->kind, "trial"))
        return coley_studio_trial(reply->arena, coley_arena_printf(reply->arena, "%s/out", folder), run->command,
                                  &reply->text, err);
    if (strcmp(run->kind, "run")) return COLEY_FAIL(err, COLEY_ERR_INPUT, "a %s has a log and no result", run->kind);
    if (access(kept, R_OK) == 0) {
        reply->file = kept;
        return COLEY_OK;
    }
    COLEY_TRY(coley_file_read(reply->arena, input, TEXT_BYTES, &text, &length, err));
    if (is_forecast(reply->arena, text, length)) /* what it found stands in its folder */
        return coley_studio_record(reply->arena, coley_arena_printf(reply->arena, "%s/out", folder), run->command, text,
                                   &reply->text, err);
    const char *slash = strrchr(input, '/');
    const char *beside = coley_arena_text(reply->arena, input, (size_t)(slash - input));
    json_t *question = json_pack("{s:s, s:s, s:s, s:b}", "yaml", text, "name", run->path ? run->path : "input.yaml",
                                 "folder", beside && access(beside, W_OK) == 0 ? beside : s->project, "whole", 1);
    if (run->seed) json_object_set_new(question, "set", json_pack("{s:s}", "run.seed", run->seed));
    const coley_status status = ask(s, question, 600, reply, err);
    json_decref(question);
    COLEY_TRY(status);
    if (reply->status == 200) COLEY_TRY(coley_file_write(kept, reply->text.data, reply->text.length, err));
    return COLEY_OK;
}

static coley_status one_run(coley_studio_server *s, const coley_studio_request *request, const char *path,
                            coley_studio_reply *reply, coley_error *err)
{
    const char *slash = strchr(path, '/');
    const char *id = coley_arena_text(reply->arena, path, slash ? (size_t)(slash - path) : strlen(path)),
               *rest = slash ? slash + 1 : "";
    const char *folder = id ? coley_studio_runs_folder(s->runs, reply->arena, id) : NULL;
    coley_studio_run *run = NULL;
    if (folder) COLEY_TRY(coley_studio_runs_find(s->runs, reply->arena, id, &run, err));
    if (!run) return coley_studio_not_found(reply, "a run of that name");
    const int reads = !strcmp(request->method, "GET");
    if (!*rest && !strcmp(request->method, "DELETE")) {
        COLEY_TRY(coley_studio_runs_delete(s->runs, reply->arena, id, err));
        return say(reply, json_object(), err);
    }
    if (!strcmp(rest, "cancel") && !strcmp(request->method, "POST"))
        return coley_studio_runs_cancel(s->runs, id)
                   ? say(reply, json_object(), err)
                   : COLEY_FAIL(err, COLEY_ERR_INPUT, "the run is %s already", run->state);
    if (!reads) return coley_studio_not_found(reply, rest);
    if (!*rest) return show_run(run, folder, reply, err);
    if (!strncmp(rest, "files/", 6)) return give_file(folder, rest + 6, reply, err);
    if (!strcmp(rest, "input")) {
        reply->type = "text/plain; charset=utf-8";
        reply->file = run->path ? run->path : coley_arena_printf(reply->arena, "%s/input.yaml", folder);
        return COLEY_OK;
    }
    if (!strcmp(rest, "log")) {
        reply->type = "text/plain; charset=utf-8";
        reply->file = coley_arena_printf(reply->arena, "%s/log.txt", folder);
        return COLEY_OK;
    }
    if (!strcmp(rest, "result")) return run_result(s, run, folder, reply, err);
    if (!strcmp(rest, "explain"))
        return coley_studio_explain(reply->arena, coley_arena_printf(reply->arena, "%s/out", folder), &reply->text,
                                    err);
    if (!strncmp(rest, "frames/", 7))
        return coley_studio_frame(reply->arena, coley_arena_printf(reply->arena, "%s/out", folder), run, rest + 7,
                                  reply, err);
    return coley_studio_not_found(reply, rest);
}

coley_status coley_studio_route(coley_studio_server *s, const coley_studio_request *request, coley_studio_reply *reply,
                                coley_error *err)
{
    const char *path = request->path;
    const int reads = !strcmp(request->method, "GET"), posts = !strcmp(request->method, "POST");
    if (reads && !strcmp(path, "about")) return about(s, reply, err);
    if (reads && !strcmp(path, "catalog"))
        return coley_studio_catalog(reply->arena, s->data, s->models, s->catalog, &reply->text, err);
    if (reads && !strcmp(path, "controls")) return controls(s, reply, err);
    if (posts && !strcmp(path, "patient")) return person(s, request, reply, err);
    if (posts && !strcmp(path, "scenario/check")) return check(s, request, reply, err);
    if (reads && !strcmp(path, "runs")) return list_runs(s, reply, err);
    if (posts && !strcmp(path, "runs")) return start_run(s, request, reply, err);
    if (!strncmp(path, "runs/", 5)) return one_run(s, request, path + 5, reply, err);
    if (reads && !strcmp(path, "diff")) return coley_studio_diff(s, request, reply, err);
    if (posts && !strcmp(path, "uploads")) return coley_studio_upload(s, request, reply, err);
    if (reads && !strcmp(path, "events")) {
        reply->events = 1;
        reply->type = "text/event-stream";
        return COLEY_OK;
    }
    return coley_studio_not_found(reply, path);
}
