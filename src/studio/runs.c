/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runs.c -- see runs.h. */
#include "studio/runs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/emit.h"
#include "studio/tissue_frames.h"

extern char **environ;

enum { AT_ONCE = 2, EVENTS = 512, EVENT_BYTES = 512, MOST_JOBS = 1024, LOG_TAIL = 8192 };

typedef struct job {
    char id[40], kind[16], path[1024], seed[32];
    pid_t pid; /* 0: waits */
    double progress;
    int cancelled;
    long log_at;     /* of the log that was read */
    size_t n_frames; /* of a tissue, that were told of */
} job;

struct coley_studio_runs {
    char project[1024];
    sqlite3 *db;
    pthread_mutex_t lock; /* over everything below, and the registry */
    pthread_cond_t told;
    pthread_t thread;
    int has_thread, ended;
    size_t n_jobs;
    job job[MOST_JOBS];
    uint64_t n_events;
    char event[EVENTS][EVENT_BYTES];
    unsigned count;
};

/* --- events --------------------------------------------------------------------------------------------------------
 */

static void tell(coley_studio_runs *r, const char *id, const char *state, double progress)
{
    char text[EVENT_BYTES];
    snprintf(text, sizeof text, "event: run\ndata: {\"id\": \"%s\", \"state\": \"%s\", \"progress\": %.3f}\n\n", id,
             state, progress);
    memcpy(r->event[r->n_events++ % EVENTS], text, sizeof text);
    pthread_cond_broadcast(&r->told);
}

long coley_studio_runs_event(coley_studio_runs *r, uint64_t *seen, char *room, size_t most)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    long n = 0;
    pthread_mutex_lock(&r->lock);
    if (*seen == UINT64_MAX) {
        *seen = r->n_events;
        n = snprintf(room, most, ": coley studio\n\n");
    }
    while (!n && !r->ended && *seen == r->n_events)
        if (pthread_cond_timedwait(&r->told, &r->lock, &until) != 0) n = snprintf(room, most, ": still here\n\n");
    if (!n && *seen < r->n_events) {
        if (r->n_events - *seen > EVENTS) *seen = r->n_events - EVENTS;
        n = snprintf(room, most, "%s", r->event[(*seen)++ % EVENTS]);
    }
    if (r->ended) n = -1;
    pthread_mutex_unlock(&r->lock);
    return n;
}

/* --- the registry --------------------------------------------------------------------------------------------------
 */

static coley_status sql_failed(coley_studio_runs *r, coley_error *err)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = "registry.sqlite"}), "%s", sqlite3_errmsg(r->db));
}

/* Run one statement with texts for its question marks; a NULL is a NULL. */
static coley_status run_sql(coley_studio_runs *r, const char *sql, const char *const *text, int n, coley_error *err)
{
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(r->db, sql, -1, &s, NULL) != SQLITE_OK) return sql_failed(r, err);
    for (int i = 0; i < n; i++) sqlite3_bind_text(s, i + 1, text[i], -1, SQLITE_TRANSIENT);
    const int code = sqlite3_step(s);
    const coley_status status = code == SQLITE_DONE || code == SQLITE_ROW ? COLEY_OK : sql_failed(r, err);
    sqlite3_finalize(s);
    return status;
}

static void stamp(char text[32])
{
    struct timespec t;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &utc);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void note_state(coley_studio_runs *r, const char *id, const char *state, const char *column, const char *error)
{
    char now[32], sql[160];
    coley_error ignored;
    stamp(now);
    snprintf(sql, sizeof sql, "UPDATE runs SET state = ?, %s = ?, error = COALESCE(?, error) WHERE id = ?", column);
    if (run_sql(r, sql, (const char *const[]){state, now, error, id}, 4, &ignored) != COLEY_OK) return;
}

static const char *column_text(coley_arena *arena, sqlite3_stmt *s, int i)
{
    const char *text = (const char *)sqlite3_column_text(s, i);
    return text ? coley_arena_text(arena, text, strlen(text)) : NULL;
}

static coley_status read_runs(coley_studio_runs *r, coley_arena *arena, const char *id, coley_studio_run **list,
                              size_t *n, coley_error *err)
{
    sqlite3_stmt *s;
    size_t cap = 0;
    *list = NULL;
    *n = 0;
    const char *sql =
        id ? "SELECT id, kind, title, state, created, started, ended, seed, command, error, path FROM runs WHERE id = ?"
           : "SELECT id, kind, title, state, created, started, ended, seed, command, error, path FROM runs ORDER BY "
             "created DESC, id DESC LIMIT 2000";
    if (sqlite3_prepare_v2(r->db, sql, -1, &s, NULL) != SQLITE_OK) return sql_failed(r, err);
    if (id) sqlite3_bind_text(s, 1, id, -1, SQLITE_TRANSIENT);
    while (sqlite3_step(s) == SQLITE_ROW) {
        if (!COLEY_RESERVE(arena, *list, cap, *n + 1)) {
            sqlite3_finalize(s);
            return COLEY_FAIL_MEMORY(err);
        }
        coley_studio_run *run = &(*list)[(*n)++];
        *run = (coley_studio_run){.id = column_text(arena, s, 0),
                                  .kind = column_text(arena, s, 1),
                                  .title = column_text(arena, s, 2),
                                  .state = column_text(arena, s, 3),
                                  .created = column_text(arena, s, 4),
                                  .started = column_text(arena, s, 5),
                                  .ended = column_text(arena, s, 6),
                                  .seed = column_text(arena, s, 7),
                                  .command = column_text(arena, s, 8),
                                  .error = column_text(arena, s, 9),
                                  .path = column_text(arena, s, 10)};
        run->progress = run->state && !strcmp(run->state, "done") ? 1 : 0;
        for (size_t k = 0; k < r->n_jobs; k++)
            if (run->id && !strcmp(r->job[k].id, run->id)) run->progress = r->job[k].progress;
    }
    sqlite3_finalize(s);
    return COLEY_OK;
}

coley_status coley_studio_runs_list(coley_studio_runs *r, coley_arena *arena, coley_studio_run **list, size_t *n,
                                    coley_error *err)
{
    pthread_mutex_lock(&r->lock);
    const coley_status status = read_runs(r, arena, NULL, list, n, err);
    pthread_mutex_unlock(&r->lock);
    return status;
}

coley_status coley_studio_runs_find(coley_studio_runs *r, coley_arena *arena, const char *id, coley_studio_run **run,
                                    coley_error *err)
{
    size_t n;
    pthread_mutex_lock(&r->lock);
    const coley_status status = read_runs(r, arena, id, run, &n, err);
    pthread_mutex_unlock(&r->lock);
    if (status == COLEY_OK && !n) *run = NULL;
    return status;
}

const char *coley_studio_runs_folder(coley_studio_runs *r, coley_arena *arena, const char *id)
{
    const size_t length = strlen(id);
    if (length < 3 || length > 36 || strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz-") != length) return NULL;
    return coley_arena_printf(arena, "%s/runs/%s", r->project, id);
}

/* --- processes -----------------------------------------------------------------------------------------------------
 */

static pid_t spawn(const coley_studio_runs *r, const job *j)
{
    char log[1200], out[1200], input[1200];
    snprintf(log, sizeof log, "%s/runs/%s/log.txt", r->project, j->id);
    snprintf(out, sizeof out, "%s/runs/%s/out", r->project, j->id);
    snprintf(input, sizeof input, "%s/runs/%s/input.yaml", r->project, j->id);
    const char *argv[16] = {"coley"}, *what = j->path[0] ? j->path : input;
    int n = 1;
    const int has_out = strcmp(j->kind, "candidate") != 0;
    if (!strcmp(j->kind, "trial") || !strcmp(j->kind, "tissue")) argv[n++] = j->kind;
    argv[n++] = strcmp(j->kind, "candidate") ? "run" : "candidate";
    argv[n++] = what;
    if (has_out) argv[n++] = "--out", argv[n++] = out;
    if (j->seed[0]) argv[n++] = "--seed", argv[n++] = j->seed;
    if (has_out) argv[n++] = "--progress", argv[n++] = "lines";
    if (!strcmp(j->kind, "tissue")) argv[n++] = "--formats", argv[n++] = "multicellds";
    argv[n] = NULL;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    if (posix_spawn(&pid, "/proc/self/exe", &actions, &attributes, (char *const *)(uintptr_t)argv, environ) != 0)
        pid = 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return pid;
}

/* The last "NN %" that was written to the log. */
static void read_progress(coley_studio_runs *r, job *j)
{
    char path[1200], tail[1024];
    struct stat info;
    snprintf(path, sizeof path, "%s/runs/%s/log.txt", r->project, j->id);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    if (fstat(fd, &info) == 0 && info.st_size != j->log_at) {
        const off_t from = info.st_size > (off_t)sizeof tail - 1 ? info.st_size - ((off_t)sizeof tail - 1) : 0;
        const ssize_t n = pread(fd, tail, sizeof tail - 1, from);
        j->log_at = info.st_size;
        tail[n > 0 ? n : 0] = '\0';
        for (char *p = n > 0 ? strrchr(tail, '%') : NULL; p; p = NULL) {
            while (p > tail && p[-1] == ' ') p--;
            char *digits = p;
            while (digits > tail && (strchr("0123456789.", digits[-1]))) digits--;
            const double share = digits < p ? strtod(digits, NULL) / 100 : j->progress;
            if (share >= 0 && share <= 1 && share != j->progress) {
                j->progress = share;
                tell(r, j->id, "running", share);
            }
        }
    }
    close(fd);
}

/* Frames that a tissue has written since the last look. */
static void tell_frames(coley_studio_runs *r, job *j)
{
    char out[1200];
    snprintf(out, sizeof out, "%s/runs/%s/out", r->project, j->id);
    for (const size_t n = coley_frames_count(out); j->n_frames < n; j->n_frames++) {
        char text[EVENT_BYTES];
        snprintf(text, sizeof text, "event: frame\ndata: {\"id\": \"%s\", \"n\": %zu}\n\n", j->id, j->n_frames);
        memcpy(r->event[r->n_events++ % EVENTS], text, sizeof text);
        pthread_cond_broadcast(&r->told);
    }
}

/* Last line of the log that says what went wrong. */
static void last_words(const coley_studio_runs *r, const job *j, char *words, size_t room)
{
    char path[1200], tail[2048];
    snprintf(path, sizeof path, "%s/runs/%s/log.txt", r->project, j->id);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    words[0] = '\0';
    if (fd < 0) return;
    if (fstat(fd, &info) == 0) {
        const ssize_t n = pread(fd, tail, sizeof tail - 1, info.st_size > 2047 ? info.st_size - 2047 : 0);
        size_t end = n > 0 ? (size_t)n : 0;
        while (end && (tail[end - 1] == '\n' || tail[end - 1] == '\r')) end--;
        tail[end] = '\0';
        const char *line = strstr(tail, "error");
        while (line && line > tail && line[-1] != '\n') line--;
        if (!line) line = strrchr(tail, '\n') ? strrchr(tail, '\n') + 1 : tail;
        snprintf(words, room, "%.*s", (int)room - 1, line);
    }
    close(fd);
}

static void finish(coley_studio_runs *r, size_t k, int code)
{
    job *j = &r->job[k];
    char words[1024] = "";
    if (!strcmp(j->kind, "tissue")) tell_frames(r, j);
    const char *state = j->cancelled ? "cancelled" : WIFEXITED(code) && WEXITSTATUS(code) == 0 ? "done" : "failed";
    if (!strcmp(state, "failed")) {
        if (WIFSIGNALED(code))
            snprintf(words, sizeof words, "ended by signal %d", WTERMSIG(code));
        else
            last_words(r, j, words, sizeof words);
    }
    note_state(r, j->id, state, "ended", words[0] ? words : NULL);
    tell(r, j->id, state, strcmp(state, "done") ? j->progress : 1);
    r->job[k] = r->job[--r->n_jobs];
}

static size_t count_running(const coley_studio_runs *r)
{
    size_t n = 0;
    for (size_t k = 0; k < r->n_jobs; k++) n += r->job[k].pid != 0;
    return n;
}

static void look(coley_studio_runs *r)
{
    for (size_t k = 0; k < r->n_jobs;) {
        job *j = &r->job[k];
        int code;
        if (j->pid && waitpid(j->pid, &code, WNOHANG) == j->pid) {
            finish(r, k, code);
            continue;
        }
        if (j->pid) read_progress(r, j);
        if (j->pid && !strcmp(j->kind, "tissue")) tell_frames(r, j);
        k++;
    }
    for (size_t k = 0; k < r->n_jobs && count_running(r) < AT_ONCE; k++) {
        job *j = &r->job[k];
        if (j->pid) continue;
        if ((j->pid = spawn(r, j))) {
            note_state(r, j->id, "running", "started", NULL);
            tell(r, j->id, "running", 0);
        } else {
            finish(r, k--, 0x7f00);
        }
    }
}

static void *watch(void *self)
{
    coley_studio_runs *r = self;
    pthread_mutex_lock(&r->lock);
    while (!r->ended) {
        look(r);
        pthread_mutex_unlock(&r->lock);
        nanosleep(&(struct timespec){.tv_nsec = 150000000}, NULL);
        pthread_mutex_lock(&r->lock);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

int coley_studio_runs_cancel(coley_studio_runs *r, const char *id)
{
    int found = 0;
    pthread_mutex_lock(&r->lock);
    for (size_t k = 0; k < r->n_jobs && !found; k++) {
        job *j = &r->job[k];
        if (strcmp(j->id, id)) continue;
        found = 1;
        if (j->cancelled && j->pid) kill(-j->pid, SIGKILL); /* asked twice: at once */
        j->cancelled = 1;
        if (j->pid)
            kill(-j->pid, SIGTERM);
        else
            finish(r, k, 0);
    }
    pthread_mutex_unlock(&r->lock);
    return found;
}

/* --- start and end -------------------------------------------------------------------------------------------------
 */

coley_status coley_studio_runs_start(coley_studio_runs *r, coley_arena *arena, const coley_studio_job *job_wanted,
                                     const char **id, coley_error *err)
{
    static const char *const kinds[] = {"run", "trial", "tissue", "candidate"};
    int known = 0;
    char now[32], name[40];
    struct timespec t;
    struct tm utc;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) known |= !strcmp(job_wanted->kind, kinds[i]);
    if (!known)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.key = "kind"}),
                             "\"%.40s\"; run, trial, tissue and candidate are known", job_wanted->kind);
    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &utc);
    stamp(now);
    pthread_mutex_lock(&r->lock);
    const size_t at = strftime(name, sizeof name, "%Y%m%d-%H%M%S", &utc);
    snprintf(name + at, sizeof name - at, "-%03ld%u", t.tv_nsec / 1000000, r->count++ % 1000);
    *id = coley_arena_text(arena, name, strlen(name));
    const char *folder = *id ? coley_studio_runs_folder(r, arena, name) : NULL;
    const char *input = folder ? coley_arena_printf(arena, "%s/input.yaml", folder) : NULL;
    coley_status status = !input                   ? COLEY_FAIL_MEMORY(err)
                          : r->n_jobs == MOST_JOBS ? COLEY_FAIL(err, COLEY_ERR_INPUT, "%d runs wait already", MOST_JOBS)
                                                   : COLEY_OK;
    if (status == COLEY_OK && mkdir(folder, 0777) != 0)
        status =
            COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = folder}), "cannot be made: %s", strerror(errno));
    if (status == COLEY_OK && job_wanted->text)
        status = coley_file_write(input, job_wanted->text, job_wanted->length, err);
    if (status == COLEY_OK)
        status = run_sql(r,
                         "INSERT INTO runs (id, kind, title, state, created, seed, command, path) VALUES (?, ?, ?, "
                         "'queued', ?, ?, ?, ?)",
                         (const char *const[]){name, job_wanted->kind, job_wanted->title, now, job_wanted->seed,
                                               job_wanted->reproduce, job_wanted->path},
                         7, err);
    if (status == COLEY_OK) {
        job *j = &r->job[r->n_jobs++];
        *j = (job){0};
        snprintf(j->id, sizeof j->id, "%s", name);
        snprintf(j->kind, sizeof j->kind, "%s", job_wanted->kind);
        if (job_wanted->path) snprintf(j->path, sizeof j->path, "%s", job_wanted->path);
        if (job_wanted->seed) snprintf(j->seed, sizeof j->seed, "%s", job_wanted->seed);
        tell(r, name, "queued", 0);
    }
    pthread_mutex_unlock(&r->lock);
    return status;
}

static void remove_tree(const char *path, int depth)
{
    DIR *dir = depth < 6 ? opendir(path) : NULL;
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char inside[4096];
        struct stat info;
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        if (snprintf(inside, sizeof inside, "%s/%s", path, e->d_name) >= (int)sizeof inside) continue;
        if (lstat(inside, &info) == 0 && S_ISDIR(info.st_mode))
            remove_tree(inside, depth + 1);
        else
            unlink(inside);
    }
    if (dir) closedir(dir);
    rmdir(path);
}

coley_status coley_studio_runs_delete(coley_studio_runs *r, coley_arena *arena, const char *id, coley_error *err)
{
    const char *folder = coley_studio_runs_folder(r, arena, id);
    if (!folder) return COLEY_FAIL(err, COLEY_ERR_INPUT, "\"%.40s\" is no name of a run", id);
    for (int tries = 0; coley_studio_runs_cancel(r, id) && tries < 40; tries++)
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    pthread_mutex_lock(&r->lock);
    const coley_status status = run_sql(r, "DELETE FROM runs WHERE id = ?", (const char *const[]){id}, 1, err);
    if (status == COLEY_OK) {
        remove_tree(folder, 0);
        tell(r, id, "deleted", 0);
    }
    pthread_mutex_unlock(&r->lock);
    return status;
}

coley_status coley_studio_runs_open(coley_arena *arena, const char *project, coley_studio_runs **runs, coley_error *err)
{
    coley_studio_runs *r = *runs = calloc(1, sizeof *r);
    const char *path = coley_arena_printf(arena, "%s/registry.sqlite", project),
               *folder = coley_arena_printf(arena, "%s/runs", project);
    if (!r || !path || !folder || strlen(project) >= sizeof r->project) return COLEY_FAIL_MEMORY(err);
    snprintf(r->project, sizeof r->project, "%s", project);
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->told, NULL);
    mkdir(folder, 0777);
    if (sqlite3_open_v2(path, &r->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, NULL) !=
        SQLITE_OK)
        return sql_failed(r, err);
    sqlite3_busy_timeout(r->db, 3000);
    static const char *const begin[] = {
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT, state TEXT NOT NULL, "
        "created TEXT NOT NULL, "
        "started TEXT, ended TEXT, seed TEXT, command TEXT, error TEXT, path TEXT)",
        "UPDATE runs SET state = 'lost', error = 'the server ended while it ran' WHERE state IN ('queued', 'running')",
    };
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++) COLEY_TRY(run_sql(r, begin[i], NULL, 0, err));
    if (pthread_create(&r->thread, NULL, watch, r) != 0) return COLEY_FAIL_MEMORY(err);
    r->has_thread = 1;
    return COLEY_OK;
}

void coley_studio_runs_stop(coley_studio_runs *r)
{
    pthread_mutex_lock(&r->lock);
    for (size_t k = 0; k < r->n_jobs; k++)
        if (r->job[k].pid) kill(-r->job[k].pid, SIGTERM);
    r->ended = 1;
    pthread_cond_broadcast(&r->told);
    pthread_mutex_unlock(&r->lock);
}

void coley_studio_runs_close(coley_studio_runs *r)
{
    if (!r) return;
    if (r->has_thread) {
        coley_studio_runs_stop(r);
        pthread_join(r->thread, NULL);
    }
    sqlite3_close(r->db);
    free(r);
}
