/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"
#include "support/check.h"

static void keep(void *self, coley_log_level level, const char *text)
{
    (void)level;
    strcat(self, text);
    strcat(self, "|");
}

static void messages_above_the_limit_are_dropped(void)
{
    char kept[4000] = "";
    const coley_log log = {.self = kept, .limit = COLEY_LOG_NOTE, .write = keep};
    coley_log_add(&log, COLEY_LOG_WARNING, "one %d", 1);
    coley_log_add(&log, COLEY_LOG_NOTE, "two");
    coley_log_add(&log, COLEY_LOG_DETAIL, "three");
    coley_log_add(NULL, COLEY_LOG_WARNING, "nowhere");
    CHECK_TEXT(kept, "one 1|two|");
}

static void a_long_message_is_cut_and_shows_it(void)
{
    char kept[4000] = "", text[3000];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    const coley_log log = {.self = kept, .limit = COLEY_LOG_DETAIL, .write = keep};
    coley_log_add(&log, COLEY_LOG_DETAIL, "%s", text);
    CHECK(strlen(kept) == 1001);
    CHECK_HAS(kept, "aaa...|");
}

int main(void)
{
    RUN(messages_above_the_limit_are_dropped);
    RUN(a_long_message_is_cut_and_shows_it);
    return check_done();
}
