/* SPDX-License-Identifier: GPL-3.0-or-later */
/* server_parts.h -- what server.c and the routes share: a request that was read whole, and a reply. */
#ifndef COLEY_STUDIO_SERVER_PARTS_H
#define COLEY_STUDIO_SERVER_PARTS_H

#include "base/text.h"
#include "studio/runs.h"
#include "studio/worker.h"

enum { COLEY_STUDIO_BODY_BYTES = 4 << 20, COLEY_STUDIO_UPLOAD_BYTES = 64 << 20 };

typedef struct coley_studio_server {
    const char *project; /* absolute */
    const char *models, *catalog, *data;
    int n_threads, port;
    const char *address, *token; /* token NULL: none is asked for */
    coley_studio_pool *pool;
    coley_studio_runs *runs;
} coley_studio_server;

typedef struct coley_studio_request {
    const char *method, *path; /* path below /api/v1/, decoded */
    const char *(*argument)(const struct coley_studio_request *request, const char *name); /* of the query, or NULL */
    const char *body;
    size_t body_length;
    void *connection;
} coley_studio_request;

typedef struct coley_studio_reply {
    coley_arena *arena;
    int status;
    const char *type; /* "application/json" unless set */
    coley_text text;
    const char *file;         /* a file to send in place of `text` */
    const char *header[4][2]; /* more of them, ended by NULL */
    int events;               /* the stream of events in place of `text` */
} coley_studio_reply;

/* Each answers or fills `err`. */
coley_status coley_studio_route(coley_studio_server *server, const coley_studio_request *request,
                                coley_studio_reply *reply, coley_error *err);

/* 404 with words. */
coley_status coley_studio_not_found(coley_studio_reply *reply, const char *what);

#endif
