/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay_expression.h -- expression scores of a table of bulk RNA, as text or JSON. */
#ifndef COLEY_RUN_ASSAY_EXPRESSION_H
#define COLEY_RUN_ASSAY_EXPRESSION_H

#include "base/text.h"

typedef struct coley_expression_request {
    const char *catalog, *file;
    int is_log, json;
} coley_expression_request;

COLEY_MUST_CHECK coley_status coley_assay_expression(coley_arena *arena, const coley_expression_request *request,
                                                     coley_text *text, coley_error *err);

#endif
