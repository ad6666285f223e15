/* SPDX-License-Identifier: GPL-3.0-or-later */
/* server.h -- the server of the page: one process, on this machine unless asked otherwise. */
#ifndef COLEY_STUDIO_SERVER_H
#define COLEY_STUDIO_SERVER_H

#include "base/status.h"

typedef struct coley_studio_options {
    int port;            /* 0: any free one */
    const char *address; /* NULL: 127.0.0.1; else a token is asked for */
    const char *project; /* folder of runs and uploads, made when it is not there */
    int n_threads;
    void (*ready)(const char *url); /* called once it listens */
    int (*interrupted)(void);       /* asked twice a second: nonzero ends */
} coley_studio_options;

/* Serve until interrupted. */
COLEY_MUST_CHECK coley_status coley_studio_serve(const coley_studio_options *options, coley_error *err);

#endif
