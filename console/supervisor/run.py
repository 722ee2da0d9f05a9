"""One run, from the checks before anything starts to the last process that ends."""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from console.kit.embedded.errors import EmbeddedServerError
from console.kit.embedded.guard import Guard
from console.kit.embedded.postgres import PostgresServer
from console.kit.embedded.redis import RedisServer
from console.kit.embedded.urls import DATABASE_NAME, socket_dir
from console.supervisor import commands, data_folder, outside, ports
from console.supervisor.family import Family, Log
from console.supervisor.options import Options
from console.supervisor.panel import panel
from console.supervisor.preparing import prepare
from console.supervisor.readiness import probes
from console.supervisor.refusal import RefusedError
from console.supervisor.stopping import Stopping

ANSWER_SECONDS = 90.0
POLL_SECONDS = 0.1


def run(options: Options, *, log: Log, stopping: Stopping) -> None:
    """Check, start, wait until everything answers, print the panel, and watch until something ends.

    1. The data folder is made and locked, the ports are tried, the signing key is found: nothing is started before.
    2. The servers start, or the ones named in the environment are reached.
    3. Tables, static files and the first account are made.
    4. The programs start; when each answers, the panel is printed.
    5. Whatever ends this, everything started is stopped in the opposite order.

    Raises RefusedError when it cannot start or when a program ends by itself, StopRequestedError when asked to stop.
    """
    data_folder.make(options.data_dir)
    with ExitStack() as undo:
        lock = undo.enter_context(data_folder.lock(options.data_dir))
        key = data_folder.secret_key(options)
        ports.check_free(options.listeners)
        guard = Guard(keep_open=[lock])
        undo.callback(guard.dismiss)
        environment = commands.environment(options, secret_key=key, inherited=os.environ)
        # The probes read settings in this process.
        os.environ.update(environment)
        undo.enter_context(servers(options, guard=guard, log=log, stopping=stopping))
        log.line("Preparing tables, static files and the account")
        account = prepare(options, environment=environment, guard=guard, stopping=stopping)
        family = undo.enter_context(running(options, environment=environment, guard=guard, log=log))
        wait_for_answers(options, family, stopping=stopping)
        log.plain(panel(options, account))
        watch(family, stopping=stopping)


@contextmanager
def servers(options: Options, *, guard: Guard, log: Log, stopping: Stopping) -> Iterator[None]:
    """PostgreSQL and Redis: embedded ones for as long as the context lasts, or others that answer."""
    sockets = socket_dir(options.data_dir)
    logs = options.data_dir / "log"
    with ExitStack() as undo:
        try:
            if options.redis_url:
                outside.check_redis(options.redis_url)
            else:
                log.line("Starting Redis")
                redis = RedisServer(folder=options.data_dir / "redis", sockets=sockets, log=logs / "redis.log")
                undo.callback(redis.stop)
                redis.start()
                guard.watch(redis.pid, signal.SIGTERM)
            stopping.check()
            if options.database_url:
                outside.check_database(options.database_url)
            else:
                log.line("Starting PostgreSQL")
                postgres = PostgresServer(
                    cluster=options.data_dir / "postgres", sockets=sockets, log=logs / "postgres.log"
                )
                undo.callback(postgres.stop)
                postgres.start(database=DATABASE_NAME)
                guard.watch(postgres.pid, signal.SIGINT)
            stopping.check()
        except EmbeddedServerError as error:
            raise RefusedError(str(error)) from error
        yield


@contextmanager
def running(options: Options, *, environment: Mapping[str, str], guard: Guard, log: Log) -> Iterator[Family]:
    """The programs, for as long as the context lasts."""
    family = Family(log, guard, environment)
    try:
        for command in commands.lasting(options):
            family.start(command)
        yield family
    finally:
        log.line("Stopping")
        family.stop()


def wait_for_answers(options: Options, family: Family, *, stopping: Stopping) -> None:
    """Wait until every program has answered; raises RefusedError when one ends or stays silent."""
    deadline = time.monotonic() + ANSWER_SECONDS
    waiting = dict(probes(options, started_at=time.time()))
    while waiting:
        refuse_if_ended(family)
        stopping.check()
        waiting = {label: answers for label, answers in waiting.items() if not answers()}
        if waiting and time.monotonic() > deadline:
            silent = " and ".join(waiting)
            raise RefusedError(
                f"No answer from {silent} in {ANSWER_SECONDS:.0f} seconds: see the lines labelled so above."
            )
        stopping.pause(POLL_SECONDS)


def watch(family: Family, *, stopping: Stopping) -> None:
    """Watch until somebody asks to stop or a program ends by itself; raises StopRequestedError or RefusedError."""
    while True:
        refuse_if_ended(family)
        stopping.pause(POLL_SECONDS)


def refuse_if_ended(family: Family) -> None:
    """Raise RefusedError when a program has ended."""
    if ended := family.ended():
        raise RefusedError(f"{ended}, so everything was stopped: see the lines labelled {ended.label} above.")
