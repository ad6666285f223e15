/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker.c -- see worker.h. */
#include "studio/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/emit.h"
#include "studio/bodies.h"
#include "studio/person.h"

extern char **environ;

enum { MOST_CHANGES = 64, ANSWER_BYTES = 256 << 20 };

/* --- errors --------------------------------------------------------------------------------------------------------
 */

void coley_studio_error(const coley_error *err, coley_text *out)
{
    coley_emit emit = {.out = out, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_map(&emit, "error");
    coley_emit_text(&emit, "message", err->text);
    if (err->file[0]) coley_emit_text(&emit, "file", err->file);
    if (err->line) coley_emit_integer(&emit, "line", err->line);
    if (err->column) coley_emit_integer(&emit, "column", err->column);
    if (err->key[0]) coley_emit_text(&emit, "key", err->key);
    coley_emit_end(&emit);
    coley_emit_end(&emit);
}

int coley_studio_http_status(coley_status status)
{
    return status == COLEY_OK ? 200 : status == COLEY_ERR_INPUT || status == COLEY_ERR_USAGE ? 422 : 500;
}

/* --- the process that answers --------------------------------------------------------------------------------------
 */

static int read_all(int fd, char *to, size_t n)
{
    while (n) {
        const ssize_t got = read(fd, to, n);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return 0;
        to += got;
        n -= (size_t)got;
    }
    return 1;
}

static int write_all(int fd, const char *from, size_t n)
{
    while (n) {
        const ssize_t put = write(fd, from, n);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return 0;
        from += put;
        n -= (size_t)put;
    }
    return 1;
}

static int read_line(int fd, char *line, size_t room)
{
    for (size_t n = 0; n + 1 < room; n++) {
        if (!read_all(fd, line + n, 1)) return 0;
        if (line[n] != '\n') continue;
        line[n] = '\0';
        return 1;
    }
    return 0;
}

static coley_status answer(coley_arena *arena, const json_t *root, int n_threads, coley_studio_bodies *kept,
                           coley_text *out, coley_error *err)
{
    coley_studio_change change[MOST_CHANGES];
    const json_t *set = json_object_get(root, "set"), *twins = json_object_get(root, "twins");
    const char *yaml = json_string_value(json_object_get(root, "yaml")), *key;
    const char *name = json_string_value(json_object_get(root, "name"));
    const char *folder = json_string_value(json_object_get(root, "folder"));
    json_t *value;
    if (!yaml || !folder)
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "the question has no scenario: give \"yaml\", a text");
    if (set && !json_is_object(set))
        return COLEY_FAIL(err, COLEY_ERR_INPUT, "\"set\" must be a map of keys and values");
    coley_studio_question q = {.yaml = yaml,
                               .length = strlen(yaml),
                               .name = name ? name : "scenario.yaml",
                               .folder = folder,
                               .uploads = json_string_value(json_object_get(root, "uploads")),
                               .change = change,
                               .twins = json_is_integer(twins) ? json_integer_value(twins) : -1,
                               .coarse = !json_is_true(json_object_get(root, "whole")),
                               .n_threads = n_threads,
                               .kept = kept};
    if (q.twins > 256) return COLEY_FAIL(err, COLEY_ERR_INPUT, "twins: %lld; 0 to 256 are allowed", (long long)q.twins);
    json_object_foreach((json_t *)set, key, value)
    {
        if (q.n_changes == MOST_CHANGES) return COLEY_FAIL(err, COLEY_ERR_INPUT, "more than %d changes", MOST_CHANGES);
        coley_studio_change *c = &change[q.n_changes++];
        *c = (coley_studio_change){.key = key, .text = json_string_value(value)};
        if (json_is_boolean(value)) c->text = json_is_true(value) ? "yes" : "no";
        if (json_is_number(value)) c->is_number = 1, c->number = json_number_value(value);
        if (!c->text && !c->is_number)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = key}),
                                 "must be a text, a number or yes and no");
    }
    return coley_studio_person(arena, &q, out, err);
}

coley_status coley_studio_worker(int n_threads, coley_error *err)
{
    char line[32], head[48];
    coley_studio_bodies *kept = coley_studio_bodies_create();
    if (!kept) return COLEY_FAIL_MEMORY(err);
    while (read_line(STDIN_FILENO, line, sizeof line)) {
        coley_arena *arena = coley_arena_create();
        coley_text out = {.arena = arena};
        coley_error failed = {0};
        json_error_t where;
        const size_t length = strtoul(line, NULL, 10);
        char *question = length <= COLEY_STUDIO_QUESTION_BYTES && arena ? COLEY_NEW(arena, char, length + 1) : NULL;
        if (!question || !read_all(STDIN_FILENO, question, length)) {
            coley_arena_destroy(arena);
            coley_studio_bodies_destroy(kept);
            return COLEY_FAIL(err, COLEY_ERR_IO, "a question of %zu bytes was cut off or is too long", length);
        }
        json_t *root = json_loadb(question, length, JSON_REJECT_DUPLICATES, &where);
        coley_status status =
            root ? answer(arena, root, n_threads, kept, &out, &failed)
                 : COLEY_FAIL_AT(&failed, COLEY_ERR_INPUT, ((coley_place){.line = where.line, .column = where.column}),
                                 "the question is no JSON: %s", where.text);
        if (status != COLEY_OK) {
            out = (coley_text){.arena = arena};
            coley_studio_error(&failed, &out);
        }
        const int n = snprintf(head, sizeof head, "%d %zu\n", coley_studio_http_status(status), out.length);
        const int good = write_all(STDOUT_FILENO, head, (size_t)n) && write_all(STDOUT_FILENO, out.data, out.length);
        json_decref(root);
        coley_arena_destroy(arena);
        if (!good) break;
    }
    coley_studio_bodies_destroy(kept);
    return COLEY_OK;
}

/* --- the pool ------------------------------------------------------------------------------------------------------
 */

typedef struct worker {
    pthread_mutex_t lock;
    pid_t pid; /* 0: not running */
    int fd;
} worker;

struct coley_studio_pool {
    int n, n_threads;
    unsigned next;
    worker worker[8];
};

coley_studio_pool *coley_studio_pool_open(int n, int n_threads)
{
    coley_studio_pool *pool = calloc(1, sizeof *pool);
    if (!pool) return NULL;
    pool->n = n < 1 ? 1 : n > 8 ? 8 : n;
    pool->n_threads = n_threads;
    for (int i = 0; i < pool->n; i++) pthread_mutex_init(&pool->worker[i].lock, NULL);
    return pool;
}

static void stop(worker *w)
{
    if (!w->pid) return;
    close(w->fd);
    kill(w->pid, SIGKILL);
    waitpid(w->pid, NULL, 0);
    w->pid = 0;
}

void coley_studio_pool_close(coley_studio_pool *pool)
{
    for (int i = 0; pool && i < pool->n; i++) {
        pthread_mutex_lock(&pool->worker[i].lock);
        stop(&pool->worker[i]);
        pthread_mutex_unlock(&pool->worker[i].lock);
    }
    free(pool);
}

static int start(const coley_studio_pool *pool, worker *w)
{
    int pair[2];
    char threads[16];
    snprintf(threads, sizeof threads, "%d", pool->n_threads);
    char *const argv[] = {"coley", "studio", "--worker", "--threads", threads, "--quiet", NULL};
    posix_spawn_file_actions_t actions;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDOUT_FILENO);
    const int failed = posix_spawn(&w->pid, "/proc/self/exe", &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pair[1]);
    if (failed) {
        w->pid = 0;
        close(pair[0]);
        return 0;
    }
    w->fd = pair[0];
    return 1;
}

static int wait_readable(int fd, double seconds)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, (int)(seconds * 1000)) == 1;
}

/* Ask a process that runs; 0: it is dead or dumb. */
static int ask(worker *w, coley_arena *arena, const char *question, size_t length, double seconds, int *status,
               const char **answered, size_t *answer_length)
{
    char head[48];
    const int n = snprintf(head, sizeof head, "%zu\n", length);
    if (!write_all(w->fd, head, (size_t)n) || !write_all(w->fd, question, length)) return 0;
    if (!wait_readable(w->fd, seconds) || !read_line(w->fd, head, sizeof head)) return 0;
    if (sscanf(head, "%d %zu", status, answer_length) != 2 || *answer_length > ANSWER_BYTES) return 0;
    char *bytes = COLEY_NEW(arena, char, *answer_length + 1);
    *answered = bytes;
    return bytes && read_all(w->fd, bytes, *answer_length);
}

int coley_studio_ask(coley_studio_pool *pool, coley_arena *arena, const char *question, size_t length, double seconds,
                     const char **answered, size_t *answer_length)
{
    int status = 500;
    worker *w = NULL;
    for (int i = 0; i < pool->n && !w; i++)
        if (pthread_mutex_trylock(&pool->worker[i].lock) == 0) w = &pool->worker[i];
    if (!w) {
        w = &pool->worker[__atomic_fetch_add(&pool->next, 1, __ATOMIC_RELAXED) % (unsigned)pool->n];
        pthread_mutex_lock(&w->lock);
    }
    if (w->pid && waitpid(w->pid, NULL, WNOHANG) == w->pid) { /* it died between two questions */
        close(w->fd);
        w->pid = 0;
    }
    const int good =
        (w->pid || start(pool, w)) && ask(w, arena, question, length, seconds, &status, answered, answer_length);
    if (!good) stop(w);
    pthread_mutex_unlock(&w->lock);
    if (!good) {
        static const char lost[] = "{\"error\": {\"message\": \"the process that computes ended or took too long; it "
                                   "was started anew\", \"hint\": \"try again, or run it under Runs\"}}\n";
        *answered = lost;
        *answer_length = sizeof lost - 1;
        return 500;
    }
    return status;
}
