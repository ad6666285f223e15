/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log.c -- see log.h. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void coley_log_add(const coley_log *log, coley_log_level level, const char *format, ...)
{
    if (!log || !log->write || level > log->limit) return;
    char text[1001];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof text) memcpy(text + sizeof text - 4, "...", 4);
    log->write(log->self, level, text);
}
