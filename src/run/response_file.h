/* SPDX-License-Identifier: GPL-3.0-or-later */
/* response_file.h -- a lesion file judged by RECIST 1.1 and iRECIST, patient by patient, as text. */
#ifndef COLEY_RUN_RESPONSE_FILE_H
#define COLEY_RUN_RESPONSE_FILE_H

#include "base/text.h"
#include "run/lesions.h"

typedef enum coley_response_format {
    COLEY_RESPONSE_TABLE, /* visits for people; with several patients a line each and a count */
    COLEY_RESPONSE_CSV,   /* a row a visit */
    COLEY_RESPONSE_JSON,  /* a list of patients with their visits */
} coley_response_format;

typedef struct coley_response_request {
    const char *lesions; /* CSV, see lesions.h */
    const char *patient; /* or NULL for all */
    coley_response_options rules;
    coley_response_format format;
} coley_response_request;

COLEY_MUST_CHECK coley_status coley_response_run(coley_arena *arena, const coley_response_request *request,
                                                 coley_text *text, coley_error *err);

#endif
