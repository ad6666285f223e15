/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_studio.c -- the server of coley studio: a thousand connections at once (how many answers are lost, how many a
 * second, how much memory), and one person simulated live with 32 virtual people, as a slider asks for it. */
#include "bench.h"

#include <arpa/inet.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

enum { CONNECTIONS = 1000, ROUNDS = 10, LIVE = 12, ROOM = 8 << 20 };

static const char about[] = "GET /api/v1/about HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n";
static const char person[] = "{\"yaml\": \"cancer: melanoma\\nlesions: [{site: lung, diameter: 30 mm}]\\n"
                             "regimen: pembrolizumab-200-q3w\\nrun: {duration: 365 day}\\n\", \"twins\": 32, "
                             "\"set\": {\"patient.tmb\": %d}}";

/* build/coley, beside the folder of this program; its port is read from what it prints. */
static pid_t start(int *port)
{
    char path[4096], line[512], folder[] = "/tmp/coley-bench-XXXXXX";
    int said[2];
    const ssize_t n = readlink("/proc/self/exe", path, sizeof path - 16);
    if (n <= 0 || pipe(said) || !mkdtemp(folder)) return 0;
    path[n] = '\0';
    for (int k = 0; k < 2; k++) *strrchr(path, '/') = '\0';
    strcat(path, "/coley");
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(said[1], 1);
        execl(path, path, "studio", "--port", "0", "--no-browser", "--project", folder, NULL);
        _exit(127);
    }
    close(said[1]);
    FILE *out = fdopen(said[0], "r");
    const char *colon = out && fgets(line, sizeof line, out) ? strrchr(line, ':') : NULL;
    *port = colon ? atoi(colon + 1) : 0;
    return *port ? pid : 0;
}

static int open_connection(int port)
{
    const struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof at) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

/* A whole answer with its length in the head; its status, or 0. */
static int read_answer(int fd, char *room, size_t size)
{
    size_t n = 0, whole = 0;
    while (n + 1 < size && (!whole || n < whole)) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (poll(&wait, 1, 60000) <= 0) return 0;
        const ssize_t got = read(fd, room + n, size - 1 - n);
        if (got <= 0) return 0;
        n += (size_t)got;
        room[n] = '\0';
        const char *end = whole ? NULL : strstr(room, "\r\n\r\n"),
                   *length = whole ? NULL : strcasestr(room, "content-length:");
        if (end && length) whole = (size_t)(end + 4 - room) + strtoul(length + 15, NULL, 10);
    }
    return strncmp(room, "HTTP/1.1 ", 9) ? 0 : atoi(room + 9);
}

static double peak_mb(pid_t pid)
{
    char path[64], line[256];
    double kb = NAN;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (!strncmp(line, "VmHWM:", 6)) kb = strtod(line + 6, NULL);
    if (file) fclose(file);
    return kb / 1024;
}

/* Every connection is opened, then each asks and is answered, ROUNDS times. */
static void ask_many(bench *b, int port, char *room)
{
    static int fd[CONNECTIONS];
    char text[256];
    double time[ROUNDS];
    int lost = 0;
    const int n = snprintf(text, sizeof text, about, port);
    for (int i = 0; i < CONNECTIONS; i++) lost += (fd[i] = open_connection(port)) < 0;
    for (int round = 0; round < ROUNDS; round++) {
        const double begin = bench_now_s();
        for (int i = 0; i < CONNECTIONS; i++)
            if (fd[i] >= 0 && write(fd[i], text, (size_t)n) != n) lost++;
        for (int i = 0; i < CONNECTIONS; i++)
            if (fd[i] >= 0 && read_answer(fd[i], room, ROOM) != 200) lost++;
        time[round] = CONNECTIONS / (bench_now_s() - begin);
    }
    for (int i = 0; i < CONNECTIONS; i++)
        if (fd[i] >= 0) close(fd[i]);
    qsort(time, ROUNDS, sizeof *time, bench_compare);
    bench_row(b, "answers over 1000 connections", time[ROUNDS - 1], time[ROUNDS / 2], "1/s");
    bench_row(b, "answers lost", lost, lost, "of 10000");
    bench_figure(b, "lost", lost);
}

static void ask_person(bench *b, int port, char *room)
{
    double all[LIVE], server[LIVE];
    char body[1024], text[2048];
    const int fd = open_connection(port);
    int n = 0;
    for (int i = 0; i < LIVE + 2 && fd >= 0; i++) { /* the first two load the model */
        const int length = snprintf(body, sizeof body, person, 5 + i);
        const int size = snprintf(text, sizeof text,
                                  "POST /api/v1/patient HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: %d\r\n\r\n%s",
                                  port, length, body);
        const double begin = bench_now_s();
        if (write(fd, text, (size_t)size) != size || read_answer(fd, room, ROOM) != 200) break;
        const char *ms = strstr(room, "\"timing_ms\":");
        if (i < 2) continue;
        all[n] = 1e3 * (bench_now_s() - begin);
        server[n++] = ms ? strtod(ms + 12, NULL) : NAN;
    }
    if (fd >= 0) close(fd);
    if (!n) return;
    qsort(all, (size_t)n, sizeof *all, bench_compare);
    qsort(server, (size_t)n, sizeof *server, bench_compare);
    bench_row(b, "a slider moved: one lesion, 32 virtual people, a year; in the worker", server[0], server[n / 2],
              "ms");
    bench_row(b, "the same until the answer is read", all[0], all[n / 2], "ms");
    bench_figure(b, "live_ms", server[0]);
}

int main(int argc, char **argv)
{
    bench b = bench_begin("studio");
    char *room = malloc(ROOM);
    int port = 0;
    const pid_t pid = room ? start(&port) : 0;
    if (!pid) {
        fprintf(stderr, "coley studio can't be started\n");
        return 1;
    }
    ask_many(&b, port, room);
    bench_row(&b, "memory of the server, at its peak", peak_mb(pid), peak_mb(pid), "MB");
    ask_person(&b, port, room);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    free(room);
    return bench_end(&b, argc, argv);
}
