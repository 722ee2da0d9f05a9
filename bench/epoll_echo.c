/*
 * The floor that the gateway is measured against: one thread, epoll, and no more of the protocol than it takes to
 * answer every LOGIN, PING and INTERNAL with RESPONSE 200 under the same message id. It looks up no token, keeps no
 * limits and watches no heartbeat.
 *
 * Usage: epoll_echo PORT
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
#include <unistd.h>

enum { HEADER = 5, BUFFER = 512, EVENTS = 256, BACKLOG = 4096 };
enum { RESPONSE = 0, PING = 6, INTERNAL = 17, HW_LOGIN = 29, OK = 200 };

struct connection {
    int fd;
    unsigned used;
    unsigned char buffer[BUFFER];
};

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int listen_on(unsigned short port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) die("socket");
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
    if (listen(fd, BACKLOG) < 0) die("listen");
    return fd;
}

static void accept_all(int epoll, int listener) {
    int on = 1, fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *connection = malloc(sizeof *connection);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        if (!connection) die("malloc");
        connection->fd = fd;
        connection->used = 0;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
    }
    if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR) die("accept");
}

/* Answer every whole frame in the buffer, in one write; returns 0 where the connection is to be closed. */
static int answer(struct connection *connection) {
    unsigned char out[BUFFER], *in = connection->buffer;
    unsigned at = 0, ready = 0;
    while (connection->used - at >= HEADER) {
        unsigned char command = in[at];
        unsigned body = command == RESPONSE ? 0 : (unsigned)in[at + 3] << 8 | in[at + 4];
        if (body > BUFFER - HEADER) return 0;
        if (connection->used - at < HEADER + body) break;
        if (command == HW_LOGIN || command == PING || command == INTERNAL) {
            unsigned char reply[HEADER] = {RESPONSE, in[at + 1], in[at + 2], OK >> 8, OK & 255};
            memcpy(out + ready, reply, HEADER);
            ready += HEADER;
        }
        at += HEADER + body;
    }
    connection->used -= at;
    memmove(in, in + at, connection->used);
    return !ready || send(connection->fd, out, ready, MSG_NOSIGNAL) == (ssize_t)ready;
}

static void serve(struct connection *connection) {
    unsigned char *end = connection->buffer + connection->used;
    ssize_t got = recv(connection->fd, end, BUFFER - connection->used, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got > 0) {
        connection->used += (unsigned)got;
        if (answer(connection)) return;
    }
    close(connection->fd);
    free(connection);
}

int main(int count, char **words) {
    if (count != 2) return fprintf(stderr, "usage: epoll_echo PORT\n"), 2;
    int listener = listen_on((unsigned short)atoi(words[1])), epoll = epoll_create1(0);
    struct epoll_event events[EVENTS], event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0) die("epoll");
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr) serve(events[i].data.ptr);
            else accept_all(epoll, listener);
        }
    }
}
