/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_studio.c -- any bytes as a request to coley studio: the first line is method and address below /api/v1/, the
 * rest the body. What would start a process is left out; every answer has a status and is JSON or a file of the
 * project. A body that holds a scenario is also changed as the sliders change it, and must stay in its folder. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/data.h"
#include "run/scenario.h"
#include "studio/server_parts.h"
#include "studio/stays.h"
#include "studio/yaml_edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static const char *no_argument(const coley_studio_request *request, const char *name)
{
    (void)request, (void)name;
    return "20260101-000000-0001";
}

static coley_studio_server *server_of(void)
{
    static coley_studio_server server;
    static char project[] = "/tmp/coley-fuzz-studio-XXXXXX";
    if (server.project) return &server;
    static coley_arena *arena; /* lives as long as the process */
    arena = coley_arena_create();
    coley_error err;
    if (!arena || !mkdtemp(project) || coley_data_path(arena, "models/patient", &server.models, &err) ||
        coley_data_path(arena, "catalog", &server.catalog, &err) || coley_data_path(arena, "", &server.data, &err) ||
        coley_studio_runs_open(arena, project, &server.runs, &err))
        abort();
    server.project = project;
    return &server;
}

static int starts_process(const char *method, const char *path)
{
    return strcmp(method, "GET") != 0 &&
           (!strcmp(path, "patient") || !strcmp(path, "runs") || !strcmp(path, "uploads"));
}

/* The scenario of a question with its changes, as a worker makes it. */
static void change(coley_arena *arena, const char *body, size_t length)
{
    json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL), *value;
    const char *yaml = json_string_value(json_object_get(root, "yaml")), *key;
    coley_yaml_change list[8];
    coley_error err;
    size_t n = 0;
    json_object_foreach(json_object_get(root, "set"), key, value) if (n < 8 && json_is_string(value)) list[n++] =
        (coley_yaml_change){.key = key, .value = json_string_value(value)};
    char *edited;
    coley_scenario *scenario;
    if (yaml && coley_yaml_edit(arena, yaml, strlen(yaml), list, n, &edited, &err) == COLEY_OK &&
        coley_document_stays(arena, "fuzz", "/project/uploads", edited, strlen(edited), &err) == COLEY_OK &&
        coley_scenario_parse(arena, "fuzz", edited, strlen(edited), &scenario, &err) == COLEY_OK) {
        const char *const names[] = {scenario->events, scenario->policy, scenario->forecast.lesions};
        for (size_t i = 0; i < 3; i++)
            if (names[i] && !coley_text_stays(names[i]) && strncmp(names[i], "/project/uploads/", 17) != 0) abort();
    }
    json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    coley_studio_server *server = server_of();
    coley_arena *arena = coley_arena_create();
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    const size_t head = line ? (size_t)(line - data) : size, rest = line ? head + 1 : size;
    char *first = coley_arena_text(arena, (const char *)data, head);
    char *body = coley_arena_text(arena, (const char *)data + rest, size - rest);
    char *path = strchr(first, ' ');
    if (path) *path++ = '\0';
    coley_studio_reply reply = {.arena = arena, .status = 200, .text = {.arena = arena}};
    const coley_studio_request request = {
        .method = first, .path = path ? path : "", .argument = no_argument, .body = body, .body_length = size - rest};
    coley_error err = {0};
    if (path && !starts_process(first, path)) {
        const coley_status status = coley_studio_route(server, &request, &reply, &err);
        if (status != COLEY_OK && !err.text[0]) abort(); /* an error without words */
        if (status == COLEY_OK && (reply.status < 200 || reply.status > 599)) abort();
        if (status == COLEY_OK && reply.file && strstr(reply.file, "/../")) abort();
    }
    change(arena, body, size - rest);
    coley_arena_destroy(arena);
    return 0;
}
