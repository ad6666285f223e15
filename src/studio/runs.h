/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runs.h -- runs of the command in processes of their own, and the registry that remembers them.
 *
 *     PROJECT/registry.sqlite     a row a run
 *     PROJECT/runs/ID/input.yaml  what was run; log.txt what it said; out/ what it wrote
 *
 * Safe from any thread. */
#ifndef COLEY_STUDIO_RUNS_H
#define COLEY_STUDIO_RUNS_H

#include <stdint.h>

#include "base/text.h"

typedef struct coley_studio_runs coley_studio_runs;

/* Open or make the registry; runs that were going when the server ended are "lost". The result must be closed. */
COLEY_MUST_CHECK coley_status coley_studio_runs_open(coley_arena *arena, const char *project, coley_studio_runs **runs,
                                                     coley_error *err);
void coley_studio_runs_stop(coley_studio_runs *runs); /* ends streams of events and all that runs */
void coley_studio_runs_close(coley_studio_runs *runs);

typedef struct coley_studio_job {
    const char *kind; /* "run", "trial", "tissue", "candidate" */
    const char *title;
    const char *text; /* kept as input.yaml; NULL: `path` is run where it lies */
    size_t length;
    const char *path;      /* an example or a model of ours; NULL: input.yaml is run */
    const char *seed;      /* NULL: as the file says */
    const char *reproduce; /* the command line that a person would type */
} coley_studio_job;

/* Note it, and start it when fewer than two run. `id` is owned by `arena`. */
COLEY_MUST_CHECK coley_status coley_studio_runs_start(coley_studio_runs *runs, coley_arena *arena,
                                                      const coley_studio_job *job, const char **id, coley_error *err);

/* One run, owned by `arena`. */
typedef struct coley_studio_run {
    const char *id, *kind, *title, *state, *created, *started, *ended, *seed, *command, *error, *path;
    double progress;
} coley_studio_run;

/* Newest first. */
COLEY_MUST_CHECK coley_status coley_studio_runs_list(coley_studio_runs *runs, coley_arena *arena,
                                                     coley_studio_run **list, size_t *n, coley_error *err);
/* NULL in *run: there is none of that name. */
COLEY_MUST_CHECK coley_status coley_studio_runs_find(coley_studio_runs *runs, coley_arena *arena, const char *id,
                                                     coley_studio_run **run, coley_error *err);
/* 0: it does not run. */
int coley_studio_runs_cancel(coley_studio_runs *runs, const char *id);
/* The registry's row and the folder. A run that is going is cancelled first. */
COLEY_MUST_CHECK coley_status coley_studio_runs_delete(coley_studio_runs *runs, coley_arena *arena, const char *id,
                                                       coley_error *err);

/* Its folder, PROJECT/runs/ID; NULL: that is no name of a run. */
const char *coley_studio_runs_folder(coley_studio_runs *runs, coley_arena *arena, const char *id);

/* The next event after *seen (UINT64_MAX: only those from now on) as server-sent text; waits up to ten seconds, then
 * says nothing in a comment. -1: the server ends. */
long coley_studio_runs_event(coley_studio_runs *runs, uint64_t *seen, char *room, size_t most);

#endif
