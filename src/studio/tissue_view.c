#include "studio/views.h"
coley_status coley_studio_tissue(coley_arena *arena, const char *out, const coley_studio_run *run, coley_text *text,
                                 coley_error *err)
{
    (void)arena;
    (void)out;
    (void)run;
    (void)text;
    return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED, "not yet");
}
coley_status coley_studio_frame(coley_arena *arena, const char *out, const coley_studio_run *run, const char *rest,
                                coley_studio_reply *reply, coley_error *err)
{
    (void)arena;
    (void)out;
    (void)run;
    (void)rest;
    (void)reply;
    return COLEY_FAIL(err, COLEY_ERR_UNSUPPORTED, "not yet");
}
