/* SPDX-License-Identifier: GPL-3.0-or-later */
/* server.c -- HTTP by libmicrohttpd: who may ask, how much, and what the page may do. */
#include "studio/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/data.h"
#include "studio/bundle.h"
#include "studio/server_parts.h"

enum {
    CONNECTIONS = 2000,
    IDLE_SECONDS = 30,
    REQUEST_SECONDS = 60,
    STACK_BYTES = 512 << 10,
    MOST_PATH = 1024,
    ALL_BODIES = 96 << 20,
};

/* What is known of a request while it comes in. */
typedef struct incoming {
    coley_arena *arena;
    coley_text body;
    int too_large, too_busy;
} incoming;

/* --- who may ask ---------------------------------------------------------------------------------------------------
 */

/* Another site's page could send a browser here under a name of its own (DNS rebinding): the names of this machine
 * only. */
static int is_own_host(const coley_studio_server *s, const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    if (!host) return 0;
    const char *colon = strrchr(host, ':');
    const size_t length = colon && !strchr(colon, ']') ? (size_t)(colon - host) : strlen(host);
    if (length != strlen(host) && atoi(colon + 1) != s->port) return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && !strncmp(names[i], host, length)) return 1;
    return s->token != NULL; /* a listener elsewhere asks for a token in place of a name */
}

static int is_own_origin(const char *origin, const char *host)
{
    if (!origin) return 1;
    if (strncmp(origin, "http://", 7)) return 0;
    return host && !strcmp(origin + 7, host);
}

static int has_token(const coley_studio_server *s, struct MHD_Connection *c)
{
    const char *header = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Authorization");
    const char *cookie = MHD_lookup_connection_value(c, MHD_COOKIE_KIND, "coley-token");
    const char *query = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "token");
    const char *given = header && !strncmp(header, "Bearer ", 7) ? header + 7 : cookie ? cookie : query;
    if (!s->token) return 1;
    if (!given || strlen(given) != strlen(s->token)) return 0;
    unsigned char other = 0; /* the time it takes tells nothing */
    for (size_t i = 0; s->token[i]; i++) other |= (unsigned char)(given[i] ^ s->token[i]);
    return !other;
}

/* --- replies -------------------------------------------------------------------------------------------------------
 */

static void add_safety(struct MHD_Response *r)
{
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(r, "Cross-Origin-Resource-Policy", "same-origin");
    MHD_add_response_header(r, "Cross-Origin-Opener-Policy", "same-origin");
    MHD_add_response_header(r, "X-Frame-Options", "DENY");
}

static enum MHD_Result send_words(struct MHD_Connection *c, int status, const char *words)
{
    char text[512];
    const int n = snprintf(text, sizeof text, "{\"error\": {\"message\": \"%s\"}}\n", words);
    struct MHD_Response *r = MHD_create_response_from_buffer((size_t)n, text, MHD_RESPMEM_MUST_COPY);
    if (!r) return MHD_NO;
    add_safety(r);
    MHD_add_response_header(r, "Content-Type", "application/json; charset=utf-8");
    const enum MHD_Result sent = MHD_queue_response(c, (unsigned)status, r);
    MHD_destroy_response(r);
    return sent;
}

static enum MHD_Result send_page(const coley_studio_server *s, struct MHD_Connection *c)
{
    const coley_studio_page page = coley_studio_page_get();
    const char *accepts = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept-Encoding");
    const char *known = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match");
    const int zipped = page.gz_length && accepts && strstr(accepts, "gzip");
    const int same = known && !strcmp(known, page.tag);
    const char *bytes = same ? "" : zipped ? page.gz : page.html;
    const size_t length = same ? 0 : zipped ? page.gz_length : page.html_length;
    struct MHD_Response *r = MHD_create_response_from_buffer(length, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
    char cookie[160];
    if (!r) return MHD_NO;
    add_safety(r);
    MHD_add_response_header(r, "Content-Type", "text/html; charset=utf-8");
    MHD_add_response_header(r, "Content-Security-Policy", page.policy);
    MHD_add_response_header(r, "Cache-Control", "no-cache");
    MHD_add_response_header(r, "ETag", page.tag);
    MHD_add_response_header(r, "Vary", "Accept-Encoding");
    if (zipped && !same) MHD_add_response_header(r, "Content-Encoding", "gzip");
    if (s->token) {
        snprintf(cookie, sizeof cookie, "coley-token=%s; HttpOnly; SameSite=Strict; Path=/", s->token);
        MHD_add_response_header(r, "Set-Cookie", cookie);
    }
    const enum MHD_Result sent = MHD_queue_response(c, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, r);
    MHD_destroy_response(r);
    return sent;
}

/* The stream of events: this thread waits for the next one. */
typedef struct stream {
    coley_studio_runs *runs;
    uint64_t seen;
} stream;

static ssize_t next_event(void *self, uint64_t at, char *room, size_t most)
{
    stream *s = self;
    (void)at;
    return (ssize_t)coley_studio_runs_event(s->runs, &s->seen, room, most);
}

static void end_stream(void *self)
{
    free(self);
}

static struct MHD_Response *response_of(coley_studio_server *s, const coley_studio_reply *reply)
{
    if (reply->events) {
        stream *events = calloc(1, sizeof *events);
        if (!events) return NULL;
        *events = (stream){.runs = s->runs, .seen = UINT64_MAX};
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 64 << 10, next_event, events, end_stream);
    }
    if (!reply->file)
        return MHD_create_response_from_buffer(reply->text.length, reply->text.data ? reply->text.data : (char[]){""},
                                               MHD_RESPMEM_MUST_COPY);
    struct stat info;
    const int fd = open(reply->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return NULL;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return NULL;
    }
    return MHD_create_response_from_fd64((uint64_t)info.st_size, fd);
}

static enum MHD_Result send_reply(coley_studio_server *s, struct MHD_Connection *c, const coley_studio_reply *reply)
{
    struct MHD_Response *r = response_of(s, reply);
    if (!r) return send_words(c, MHD_HTTP_NOT_FOUND, "there is no such file");
    add_safety(r);
    MHD_add_response_header(r, "Content-Type", reply->type ? reply->type : "application/json; charset=utf-8");
    MHD_add_response_header(r, "Cache-Control", "no-store");
    /* What a run wrote is shown, never let run: a report opens in a box without scripts of its own origin. */
    MHD_add_response_header(r, "Content-Security-Policy",
                            "sandbox allow-scripts; default-src 'none'; img-src data:; "
                            "style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                            "font-src data:");
    for (size_t i = 0; i < 4 && reply->header[i][0]; i++)
        MHD_add_response_header(r, reply->header[i][0], reply->header[i][1]);
    const enum MHD_Result sent = MHD_queue_response(c, (unsigned)reply->status, r);
    MHD_destroy_response(r);
    return sent;
}

/* --- requests ------------------------------------------------------------------------------------------------------
 */

static const char *argument_of(const coley_studio_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

static enum MHD_Result answer(coley_studio_server *s, struct MHD_Connection *c, const char *method, const char *path,
                              incoming *in)
{
    const char *host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host");
    if (!is_own_host(s, host))
        return send_words(c, MHD_HTTP_FORBIDDEN, "this name of the host is not one of this machine");
    if (!is_own_origin(MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Origin"), host))
        return send_words(c, MHD_HTTP_FORBIDDEN, "a page of another site may not ask");
    if (!has_token(s, c))
        return send_words(c, MHD_HTTP_UNAUTHORIZED, "the token that coley studio printed is missing or wrong");
    const int reads = !strcmp(method, "GET") || !strcmp(method, "HEAD");
    if (!strcmp(path, "/") && reads) return send_page(s, c);
    if (strncmp(path, "/api/v1/", 8)) return send_words(c, MHD_HTTP_NOT_FOUND, "there is nothing at this address");
    if (!reads && strcmp(method, "POST") && strcmp(method, "DELETE"))
        return send_words(c, MHD_HTTP_METHOD_NOT_ALLOWED, "GET, POST and DELETE are known");

    coley_error err = {0};
    coley_studio_reply reply = {.arena = in->arena, .status = 200, .text = {.arena = in->arena}};
    const coley_studio_request request = {.method = reads ? "GET" : method,
                                          .path = path + 8,
                                          .argument = argument_of,
                                          .body = in->body.data ? in->body.data : "",
                                          .body_length = in->body.length,
                                          .connection = c};
    const coley_status status = coley_studio_route(s, &request, &reply, &err);
    if (status != COLEY_OK) {
        reply = (coley_studio_reply){
            .arena = in->arena, .status = coley_studio_http_status(status), .text = {.arena = in->arena}};
        coley_studio_error(&err, &reply.text);
    }
    return send_reply(s, c, &reply);
}

/* --- slow senders --------------------------------------------------------------------------------------------------
 *
 * The library ends a connection on which nothing happens. One that sends a byte now and then would live for ever, and
 * with it a thread: whoever has not sent a whole request in REQUEST_SECONDS (an upload: UPLOAD_SECONDS) is cut off. */

typedef struct sender {
    struct sender *next, **back;
    int fd;
    time_t since; /* since when a request is awaited; 0: one is being answered */
} sender;

typedef struct senders {
    pthread_mutex_t lock;
    sender *first;
} senders;

static time_t seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1;
}

static void noticed(void *self, struct MHD_Connection *c, void **of_socket, enum MHD_ConnectionNotificationCode what)
{
    senders *all = self;
    sender *s = *of_socket;
    pthread_mutex_lock(&all->lock);
    if (what == MHD_CONNECTION_NOTIFY_STARTED && (s = calloc(1, sizeof *s))) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
        *s = (sender){.next = all->first, .back = &all->first, .fd = info ? info->connect_fd : -1};
        s->since = seconds_now();
        if (s->next) s->next->back = &s->next;
        all->first = s;
        *of_socket = s;
    } else if (what == MHD_CONNECTION_NOTIFY_CLOSED && s) {
        *s->back = s->next;
        if (s->next) s->next->back = s->back;
        free(s);
        *of_socket = NULL;
    }
    pthread_mutex_unlock(&all->lock);
}

/* A whole request is there (since = 0), or the next is awaited. */
static void mark_sender(senders *all, struct MHD_Connection *c, time_t since)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    sender *s = info ? info->socket_context : NULL;
    pthread_mutex_lock(&all->lock);
    if (s) s->since = since;
    pthread_mutex_unlock(&all->lock);
}

static void cut_off_slow(senders *all)
{
    const time_t now = seconds_now();
    pthread_mutex_lock(&all->lock);
    for (sender *s = all->first; s; s = s->next)
        if (s->since && now - s->since > REQUEST_SECONDS && s->fd >= 0) shutdown(s->fd, SHUT_RDWR);
    pthread_mutex_unlock(&all->lock);
}

/* What the library's callbacks are given. */
typedef struct served {
    coley_studio_server *server;
    senders senders;
    size_t body_bytes; /* of all requests that come in now */
} served;

static enum MHD_Result heard(void *self, struct MHD_Connection *c, const char *path, const char *method,
                             const char *version, const char *upload, size_t *upload_size, void **state)
{
    served *v = self;
    incoming *in = *state;
    (void)version;
    if (!in) {
        coley_arena *arena = coley_arena_create();
        in = arena ? COLEY_NEW(arena, incoming, 1) : NULL;
        if (!in) {
            coley_arena_destroy(arena);
            return MHD_NO;
        }
        *in = (incoming){.arena = arena, .body = {.arena = arena}};
        *state = in;
        return strlen(path) < MOST_PATH ? MHD_YES : MHD_NO;
    }
    if (*upload_size) {
        const size_t most = strncmp(path, "/api/v1/uploads", 15) ? COLEY_STUDIO_BODY_BYTES : COLEY_STUDIO_UPLOAD_BYTES;
        if (in->body.length + *upload_size > most) in->too_large = 1;
        if (!in->too_large && __atomic_load_n(&v->body_bytes, __ATOMIC_RELAXED) + *upload_size > ALL_BODIES)
            in->too_busy = 1;
        if (!in->too_large && !in->too_busy) {
            coley_text_add(&in->body, upload, *upload_size);
            __atomic_fetch_add(&v->body_bytes, *upload_size, __ATOMIC_RELAXED);
        }
        *upload_size = 0;
        return MHD_YES;
    }
    mark_sender(&v->senders, c, 0);
    if (in->too_busy)
        return send_words(c, MHD_HTTP_SERVICE_UNAVAILABLE, "too much is being sent at once; try again in a moment");
    if (in->too_large || in->body.failed)
        return send_words(c, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large: 4 MB, an upload 64 MB at most");
    return answer(v->server, c, method, path, in);
}

static void finished(void *self, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
    served *v = self;
    incoming *in = *state;
    (void)why;
    mark_sender(&v->senders, c, seconds_now());
    if (in) {
        __atomic_fetch_sub(&v->body_bytes, in->body.length, __ATOMIC_RELAXED);
        coley_arena_destroy(in->arena);
    }
    *state = NULL;
}

/* --- the server ----------------------------------------------------------------------------------------------------
 */

static coley_status make_token(coley_arena *arena, const char **token, coley_error *err)
{
    unsigned char random[24];
    char *text = COLEY_NEW(arena, char, 2 * sizeof random + 1);
    if (!text) return COLEY_FAIL_MEMORY(err);
    if (getrandom(random, sizeof random, 0) != sizeof random)
        return COLEY_FAIL(err, COLEY_ERR_IO, "no random numbers for a token");
    for (size_t i = 0; i < sizeof random; i++) snprintf(text + 2 * i, 3, "%02x", random[i]);
    *token = text;
    return COLEY_OK;
}

static coley_status prepare(coley_arena *arena, const coley_studio_options *o, coley_studio_server *s, coley_error *err)
{
    char *real;
    *s = (coley_studio_server){.n_threads = o->n_threads, .port = o->port, .address = o->address};
    COLEY_TRY(coley_data_path(arena, "models/patient", &s->models, err));
    COLEY_TRY(coley_data_path(arena, "catalog", &s->catalog, err));
    COLEY_TRY(coley_data_path(arena, "", &s->data, err));
    if ((mkdir(o->project, 0777) != 0 && errno != EEXIST) || !(real = realpath(o->project, NULL)))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = o->project}), "the folder can't be made: %s",
                             strerror(errno));
    s->project = coley_arena_text(arena, real, strlen(real));
    free(real);
    if (!s->project) return COLEY_FAIL_MEMORY(err);
    if (o->address && strcmp(o->address, "127.0.0.1")) COLEY_TRY(make_token(arena, &s->token, err));
    COLEY_TRY(coley_studio_runs_open(arena, s->project, &s->runs, err));
    s->pool = coley_studio_pool_open(2, o->n_threads);
    return s->pool ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

coley_status coley_studio_serve(const coley_studio_options *o, coley_error *err)
{
    coley_arena *arena = coley_arena_create();
    coley_studio_server s;
    served v = {.server = &s, .senders = {.lock = PTHREAD_MUTEX_INITIALIZER}};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)o->port)};
    coley_status status = arena ? prepare(arena, o, &s, err) : COLEY_FAIL_MEMORY(err);
    if (status == COLEY_OK && inet_pton(AF_INET, o->address ? o->address : "127.0.0.1", &at.sin_addr) != 1)
        status = COLEY_FAIL_AT(err, COLEY_ERR_USAGE, ((coley_place){.key = "--listen"}),
                               "\"%.60s\" is no address such as 192.0.2.7 or 0.0.0.0", o->address);
    if (status != COLEY_OK) {
        coley_arena_destroy(arena);
        return status;
    }
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, (uint16_t)o->port, NULL, NULL,
        heard, &v, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(16 << 10), MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)CONNECTIONS,
        MHD_OPTION_NOTIFY_COMPLETED, finished, &v, MHD_OPTION_NOTIFY_CONNECTION, noticed, &v.senders, MHD_OPTION_END);
    if (!daemon) {
        status = COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.key = "--port"}),
                               "cannot listen on port %d: %s; choose another, or 0 for any", o->port, strerror(errno));
    } else {
        const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
        char url[256];
        s.port = info && info->port ? info->port : o->port;
        snprintf(url, sizeof url, "http://%s:%d/%s%s", o->address ? o->address : "127.0.0.1", s.port,
                 s.token ? "?token=" : "", s.token ? s.token : "");
        o->ready(url);
        while (!o->interrupted()) {
            nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
            cut_off_slow(&v.senders);
        }
        coley_studio_runs_stop(s.runs);
        MHD_stop_daemon(daemon);
    }
    coley_studio_pool_close(s.pool);
    coley_studio_runs_close(s.runs);
    coley_arena_destroy(arena);
    return status;
}
