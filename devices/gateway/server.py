"""Listening, and stopping without leaving anybody online."""

import asyncio
import contextlib
import resource
import signal
import ssl
from dataclasses import replace
from typing import Final

import structlog
from prometheus_client import start_http_server

from devices.gateway.endings import Ending
from devices.gateway.gateway import Gateway
from devices.gateway.options import Options
from devices.gateway.port import Store
from devices.gateway.tls import TlsListener
from devices.wire.commands import Status
from devices.wire.states import ServerState

SPARE_FILES: Final = 64
log = structlog.get_logger(__name__)


class CertificateError(OSError):
    """The certificate or its key is missing, broken, or one is not the other's."""


class Server:
    """A gateway on its ports: `start`, then `wait` for a signal or `request_stop`, then `stop`."""

    def __init__(self, *, store: Store, redis_url: str, options: Options) -> None:
        """Raises CertificateError."""
        self._options = _within_files(options)
        self._tls = _tls_context(self._options)
        self.gateway = Gateway(store=store, redis_url=redis_url, options=self._options)
        self._listeners: list[asyncio.Server | TlsListener] = []
        self._stopping = asyncio.Event()
        self.port = 0
        self.tls_port = 0

    async def start(self) -> None:
        """Listen. Raises OSError where a port is taken."""
        options = self._options
        self.port = await self._listen()
        if self._tls is not None:
            self.tls_port = await self._listen_tls(self._tls)
        self.gateway.start()
        if options.metrics_port is not None:
            start_http_server(options.metrics_port, addr=options.host)
        log.info("gateway.started", gateway=self.gateway.gateway_id, port=self.port, tls_port=self.tls_port or None)

    def handle_signals(self) -> None:
        """SIGTERM and SIGINT stop the server; SIGHUP reads the certificate again."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.request_stop)
        loop.add_signal_handler(signal.SIGHUP, self.reload_certificate)

    def request_stop(self) -> None:
        self._stopping.set()

    async def wait(self) -> None:
        """Until somebody asks for a stop."""
        await self._stopping.wait()

    async def stop(self) -> None:
        """Stop accepting, close every connection, write who is gone; within `drain_seconds`, whatever the store does.

        Devices come back at once, to whichever gateway listens then.
        """
        log.info("gateway.stopping", connections=len(self.gateway.registry))
        for listener in self._listeners:
            listener.close()
        for connection in self.gateway.registry:
            waits = connection.wire.state in (ServerState.AWAITING_VERDICT, ServerState.ACTIVATING)
            connection.end(Ending.STOPPING, Status.SERVER_ERROR if waits else None)
        is_written = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._options.drain_seconds):
                is_written = await self.gateway.flusher.drain()
                await self._all_gone()
        for connection in self.gateway.registry:
            connection.abort()
        is_free = await self.gateway.stop()
        log.info("gateway.stopped", is_written=is_written, is_store_free=is_free)

    def reload_certificate(self) -> None:
        """Serve the certificate that the files hold now; new connections see it, and a bad one changes nothing."""
        if self._tls is None:
            return
        try:
            _load_certificate(self._tls, self._options)
        except CertificateError as error:
            log.warning("certificate.refused", error=str(error))
        else:
            log.info("certificate.loaded")

    async def _listen(self) -> int:
        options = self._options
        listener = await asyncio.get_running_loop().create_server(
            self.gateway.connection, options.host, options.port, backlog=options.backlog, reuse_address=True
        )
        self._listeners.append(listener)
        return int(listener.sockets[0].getsockname()[1])

    async def _listen_tls(self, context: ssl.SSLContext) -> int:
        listener = TlsListener(
            context=context,
            options=self._options,
            connection=self.gateway.connection,
            on_failure=self.gateway.flusher.fail,
        )
        await listener.listen()
        self._listeners.append(listener)
        return listener.port

    async def _all_gone(self) -> None:
        while len(self.gateway.registry):
            await asyncio.sleep(0.01)


def _tls_context(options: Options) -> ssl.SSLContext | None:
    if options.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _load_certificate(context, options)
    return context


def _load_certificate(context: ssl.SSLContext, options: Options) -> None:
    if options.tls_cert is None:
        return
    try:
        context.load_cert_chain(options.tls_cert, options.tls_key)
    except OSError as error:
        where = f"{options.tls_cert} and key {options.tls_key or options.tls_cert}"
        raise CertificateError(f"certificate {where} cannot be used ({error})") from error


def _within_files(options: Options) -> Options:
    """Raise the limit of open files as far as allowed, and stay below it: a descriptor must be left to say no with."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft = options.max_connections + SPARE_FILES if hard == resource.RLIM_INFINITY else hard
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    room = max(soft - SPARE_FILES, 1)
    return options if options.max_connections <= room else replace(options, max_connections=room)
