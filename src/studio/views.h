/* SPDX-License-Identifier: GPL-3.0-or-later */
/* views.h -- folders that commands wrote, as the page wants them. `out` is the folder; everything is owned by `arena`.
 */
#ifndef COLEY_STUDIO_VIEWS_H
#define COLEY_STUDIO_VIEWS_H

#include "studio/server_parts.h"

coley_status coley_studio_trial(coley_arena *arena, const char *out, const char *command, coley_text *text,
                                coley_error *err);
coley_status coley_studio_record(coley_arena *arena, const char *out, const char *command, const char *yaml,
                                 coley_text *text, coley_error *err);
coley_status coley_studio_tissue(coley_arena *arena, const char *out, const coley_studio_run *run, coley_text *text,
                                 coley_error *err);
/* `rest`: "3/cells", "3/attribute/pressure", "3/field/oxygen", "3/cell/17". */
coley_status coley_studio_frame(coley_arena *arena, const char *out, const coley_studio_run *run, const char *rest,
                                coley_studio_reply *reply, coley_error *err);
coley_status coley_studio_explain(coley_arena *arena, const char *out, coley_text *text, coley_error *err);
coley_status coley_studio_diff(coley_studio_server *server, const coley_studio_request *request,
                               coley_studio_reply *reply, coley_error *err);
coley_status coley_studio_upload(coley_studio_server *server, const coley_studio_request *request,
                                 coley_studio_reply *reply, coley_error *err);

#endif
