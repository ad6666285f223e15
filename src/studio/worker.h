/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worker.h -- questions about persons are answered in processes of their own, so that one that ends badly takes nobody
 * with it. A question is a line with its length and then JSON; an answer a line with status and length and then JSON.
 */
#ifndef COLEY_STUDIO_WORKER_H
#define COLEY_STUDIO_WORKER_H

#include "base/text.h"

enum { COLEY_STUDIO_QUESTION_BYTES = 4 << 20 };

/* Answer questions on standard input until it ends. */
COLEY_MUST_CHECK coley_status coley_studio_worker(int n_threads, coley_error *err);

typedef struct coley_studio_pool coley_studio_pool;

/* n processes of this program, started when they are first asked. NULL: no memory. */
coley_studio_pool *coley_studio_pool_open(int n, int n_threads);
void coley_studio_pool_close(coley_studio_pool *pool);

/* Ask one of them and wait, at most `seconds`; the answer and its HTTP status are owned by `arena`. A process that has
 * died or takes too long is replaced, and that is the answer. Safe from any thread. */
int coley_studio_ask(coley_studio_pool *pool, coley_arena *arena, const char *question, size_t length, double seconds,
                     const char **answer, size_t *answer_length);

/* {"error": {...}} for a failure; and the HTTP status that goes with it. */
void coley_studio_error(const coley_error *err, coley_text *out);
int coley_studio_http_status(coley_status status);

#endif
