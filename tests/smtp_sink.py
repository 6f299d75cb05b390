"""A real SMTP server in a thread, on a free port, that keeps what it is given and can misbehave."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Thread

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """`on_rcpt` and `on_data` replace the reply "250 OK"; `hangs_up` leaves after the final dot without a reply."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[EmailMessage] = []
        self.arrivals: Counter[str] = Counter()
        self.on_rcpt = "250 OK"
        self.on_data = "250 OK"
        self.hangs_up = False
        self.seconds_to_think = 0.0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.on_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        if self.hangs_up:
            _abort(server)
        elif self.on_data.startswith("250"):
            self.mails.append(_parsed(envelope.original_content or b""))
            self.arrivals.update(envelope.rcpt_tos)
        await asyncio.sleep(self.seconds_to_think)
        return self.on_data


def _parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@contextmanager
def running_sink() -> Iterator[Sink]:
    sink, ready, loops = Sink(), Event(), []
    stop = asyncio.Event()

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        protocols: list[SMTP] = []

        def protocol() -> SMTP:
            protocols.append(SMTP(sink, hostname="sink.example", loop=loops[0]))
            return protocols[-1]

        server = await loops[0].create_server(protocol, "127.0.0.1", 0)
        sink.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        await _hang_up(protocols)

    thread = Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield sink
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join(10)


async def _hang_up(protocols: list[SMTP]) -> None:
    """Connections of killed workers may still be open."""
    for protocol in protocols:
        _abort(protocol)
    await asyncio.sleep(0.01)


def _abort(connection: SMTP) -> None:
    if isinstance(connection.transport, asyncio.WriteTransport):
        connection.transport.abort()
