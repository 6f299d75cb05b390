"""What Plumbline consists of when it runs."""

import http.client
import signal
import sys
from typing import Final

from django.conf import settings

from kpiproject.supervisor.child import Spec

WEB_THREADS: Final = 4


def host() -> str:
    """The demo has known passwords, so it is not for the network."""
    return "127.0.0.1" if settings.DEMO else "0.0.0.0"  # noqa: S104 - a server is for the network


def web() -> Spec:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host(), "--port", str(settings.PORT)]
    command += ["--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--no-ws"]
    command += ["--workers-kill-timeout", "8", "--respawn-failed-workers", "--log-level", "warning"]
    command += ["kpiproject.wsgi:application"]
    return Spec(name="web", command=command, stage=2, seconds_to_stop=10, death_signal=signal.SIGTERM)


def worker() -> Spec:
    command = [*_celery(), "worker", "--pool", "threads", "--concurrency", str(settings.CELERY_WORKERS)]
    command += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    return Spec(name="worker", command=command, stage=1, seconds_to_stop=20, prints=True)


def scheduler() -> Spec:
    command = [*_celery(), "beat", "--loglevel", "WARNING", "--pidfile", ""]
    return Spec(name="scheduler", command=command, stage=2, seconds_to_stop=10)


def _celery() -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "--app", "kpiproject.celery"]


def answers() -> bool:
    """Whether the web server has a page to show."""
    asked = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=5)
    try:
        asked.request("GET", "/healthz", headers={"Host": _own_name()})
        return asked.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _own_name() -> str:
    names = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name.strip("*.")]
    return names[0] if names else "localhost"
