/*
 * The load: opens connections, logs each in with its own token, sends an info block, and then on request keeps one ping
 * in flight on every connection.
 *
 * Usage: load PORT TOKENS COUNT IN_FLIGHT
 *   TOKENS is a file with one token a line, of which the first COUNT are used; IN_FLIGHT of them log in at a time.
 * Prints "ready COUNT SECONDS" when the last info block was answered. Then each line "SECONDS" on the standard input
 * runs pings for that long and prints "pings COUNT SECONDS". Ends when the input does; status 1 with a sentence on the
 * standard error when the server refuses, closes or stays silent.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 5, BUFFER = 1024, EVENTS = 256, TOKEN = 32, SILENCE_MS = 20000 };
enum { RESPONSE = 0, PING = 6, INTERNAL = 17, HW_LOGIN = 29, OK = 200 };
enum state { CONNECTING, LOGGING_IN, TELLING, READY };

/* The info block of an ESP32 with library 1.3 and no template id; the heartbeat is long so that idle ones stay. */
static const char INFO[] = "mcu\0001.0.0\0fw-type\0TMPLbench\0build\0Nov 23 2026 12:00:00\0blynk\0001.3.2\0"
                           "h-beat\000600\0buff-in\0001024\0dev\0ESP32";

struct connection {
    int fd;
    enum state state;
    unsigned short message_id;
    unsigned used;
    unsigned skip;
    unsigned char header[HEADER];
    char token[TOKEN];
};

static struct connection *connections;
static struct sockaddr_in server;
static int epoll, total, opened, ready_count, is_pinging, in_flight;
static long round_trips;

static void die(const char *what) {
    if (errno) perror(what);
    else fprintf(stderr, "%s\n", what);
    exit(1);
}

static void stop(const char *what) {
    errno = 0;
    die(what);
}

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void send_frame(struct connection *c, unsigned char command, const char *body, unsigned length) {
    unsigned char frame[BUFFER] = {command, 0, 0, (unsigned char)(length >> 8), (unsigned char)length};
    if (!++c->message_id) c->message_id = 1;
    frame[1] = (unsigned char)(c->message_id >> 8);
    frame[2] = (unsigned char)c->message_id;
    if (length) memcpy(frame + HEADER, body, length);
    if (send(c->fd, frame, HEADER + length, MSG_NOSIGNAL) != (ssize_t)(HEADER + length)) die("send");
}

static void open_next(void) {
    struct connection *c = &connections[opened++];
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = c};
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) die("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(c->fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS) die("connect");
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) < 0) die("epoll_ctl");
}

static void connected(struct connection *c) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    socklen_t size = sizeof errno;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &errno, &size);
    if (errno) die("connect");
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event) < 0) die("epoll_ctl");
    c->state = LOGGING_IN;
    send_frame(c, HW_LOGIN, c->token, TOKEN);
}

static void answered(struct connection *c, unsigned status) {
    if (status != OK) {
        fprintf(stderr, "the server answered with status %u\n", status);
        exit(1);
    }
    if (c->state == LOGGING_IN) {
        c->state = TELLING;
        send_frame(c, INTERNAL, INFO, sizeof INFO - 1);
    } else if (c->state == TELLING) {
        c->state = READY;
        ready_count++;
        if (opened < total) open_next();
    } else if (c->state == READY) {
        round_trips++;
        if (is_pinging) send_frame(c, PING, NULL, 0);
        else in_flight--;
    }
}

/* Take one chunk: count the responses to our last message, pass over anything else with its body. */
static void take(struct connection *c, const unsigned char *data, unsigned length) {
    while (length) {
        unsigned part = c->skip ? c->skip : HEADER - c->used;
        if (part > length) part = length;
        if (c->skip) c->skip -= part;
        else memcpy(c->header + c->used, data, part), c->used += part;
        data += part, length -= part;
        if (c->skip || c->used < HEADER) continue;
        unsigned last = (unsigned)c->header[3] << 8 | c->header[4];
        unsigned message_id = (unsigned)c->header[1] << 8 | c->header[2];
        c->used = 0;
        if (c->header[0] != RESPONSE) c->skip = last;
        else if (message_id == c->message_id) answered(c, last);
    }
}

static void step(void) {
    struct epoll_event events[EVENTS];
    unsigned char data[BUFFER];
    int happened = epoll_wait(epoll, events, EVENTS, SILENCE_MS);
    if (happened == 0) stop("the server went silent");
    for (int i = 0; i < happened; i++) {
        struct connection *c = events[i].data.ptr;
        if (c->state == CONNECTING) {
            connected(c);
            continue;
        }
        ssize_t got = recv(c->fd, data, sizeof data, 0);
        if (got == 0) stop("the server closed a connection");
        if (got < 0 && errno != EAGAIN && errno != EINTR) die("recv");
        if (got > 0) take(c, data, (unsigned)got);
    }
}

static void run_pings(double seconds) {
    double start = now();
    round_trips = 0;
    is_pinging = 1;
    in_flight = total;
    for (int i = 0; i < total; i++) send_frame(&connections[i], PING, NULL, 0);
    while (now() - start < seconds) step();
    long counted = round_trips;
    double took = now() - start;
    is_pinging = 0;
    while (in_flight) step();
    printf("pings %ld %.6f\n", counted, took);
    fflush(stdout);
}

static void read_tokens(const char *path) {
    char line[128];
    FILE *file = fopen(path, "r");
    if (!file) die(path);
    for (int i = 0; i < total; i++) {
        if (!fgets(line, sizeof line, file) || strlen(line) < TOKEN) stop("there are too few tokens in the file");
        memcpy(connections[i].token, line, TOKEN);
    }
    fclose(file);
}

int main(int count, char **words) {
    char line[64];
    if (count != 5) return fprintf(stderr, "usage: load PORT TOKENS COUNT IN_FLIGHT\n"), 2;
    server.sin_family = AF_INET;
    server.sin_port = htons((unsigned short)atoi(words[1]));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    total = atoi(words[3]);
    connections = calloc((size_t)total, sizeof *connections);
    epoll = epoll_create1(0);
    if (!connections || epoll < 0) die("start");
    read_tokens(words[2]);
    double start = now();
    while (opened < total && opened < atoi(words[4])) open_next();
    while (ready_count < total) step();
    printf("ready %d %.6f\n", total, now() - start);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) run_pings(atof(line));
    return 0;
}
