"""Fixtures for everybody. The database is the one in DATABASE_URL, or SQLite."""

import gc
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from contextvars import ContextVar
from pathlib import Path
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, connections
from django.template.base import Template
from django.template.context import Context
from django.test import TransactionTestCase, override_settings
from django.test.signals import template_rendered
from django.utils.safestring import SafeString
from hypothesis import HealthCheck
from hypothesis import settings as laws

from tests import migrated
from tests.installation import Installation, new_installation
from tests.queues import running_queue
from tests.smtp_sink import Sink, running_sink

# A law takes as long as the machine does; how long is for the bench to say. Its many examples are for the run on
# SQLite; on another database, those are enough that would show that it does something else there.
laws.register_profile(
    "plumbline",
    parent=laws(),
    max_examples=100 if connection.vendor == "sqlite" else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
laws.load_profile("plumbline")


def pytest_configure(config: pytest.Config) -> None:
    run = ExitStack()
    run.enter_context(migrated.one_run())
    config.add_cleanup(run.close)


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser or a process of its own may be late on a machine that does something else: such a test is tried once
    more, and the summary names it."""
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("queue"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_collection_finish() -> None:
    """What is there by now stays until the end; looking through it again and again for what can be thrown away took
    a good part of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_itemcollected(item: pytest.Item) -> None:
    if _is_plain(item):
        item.add_marker(pytest.mark.plain)


def _is_plain(item: pytest.Item) -> bool:
    """Whether it touches no database and no queue, so that a run with other services would tell nothing new."""
    places = {"metrics", "goals", "surveys", "manual", "lib", "test_house_rules.py"}
    if not places & set(item.path.relative_to(Path(__file__).parent).parts):
        return False
    uses = {"db", "transactional_db", "client", "installation", "queue_url"} & set(getattr(item, "fixturenames", []))
    names = {"connection", "Installation", "new_installation"} & set(vars(getattr(item, "module", item)))
    return not (uses or names or item.get_closest_marker("django_db") or item.get_closest_marker("queue"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database of this process, so that several runs can share a server."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"test_plumbline_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> Iterator[None]:
    """As pytest-django does it, but the first process migrates for all; and a test with real transactions gives back
    what the migrations wrote."""
    with migrated.copied():
        request.getfixturevalue("django_db_setup")
    # Else Django would write it back row by row, before each of them.
    vars(connections["default"]).pop("_test_serialized_contents", None)
    with patch.object(TransactionTestCase, "_fixture_teardown", lambda _case: migrated.restore()):
        yield


@pytest.fixture(scope="session", autouse=True)
def _pages_remembered(django_test_environment: None) -> Iterator[None]:
    """A response knows the template of its page and what that was given; Django would keep a copy of this for each
    widget and each part of the page as well."""
    rendering = ContextVar("rendering", default=False)

    def render(template: Template, context: Context) -> SafeString:
        if rendering.get():
            return template.nodelist.render(context)
        token = rendering.set(True)
        try:
            template_rendered.send(sender=template, template=template, context=context)
            return template.nodelist.render(context)
        finally:
            rendering.reset(token)

    with patch.object(Template, "_render", render):
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """A hash that is slow on purpose would be most of the time of these tests."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _unhurried() -> Iterator[None]:
    """A page looks at figures for two seconds and leaves the rest to the next one: on a busy machine, that is another
    page."""
    with patch("metrics.queries.audit._CHECK_SECONDS", 600.0):
        yield


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path) -> Iterator[None]:
    """No test writes into a data folder that somebody uses, or finds anything there."""
    folders = {"VAR": tmp_path, "MEDIA_ROOT": tmp_path / "media", "STATIC_ROOT": tmp_path / "static"}
    folders["STATIC_ROOT"].mkdir()
    # A demonstration may have left its scripts in the folder of the repository.
    with override_settings(**folders, STATICFILES_DIRS=[], EMAIL_FILE_PATH=str(tmp_path / "mailbox")):
        yield


@pytest.fixture
def at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Run calls in threads that start together, each with its own connection.

    Tests on SQLite use a database in memory, which does not wait for locks; the threads get a copy in a file.
    """

    def run(call: Callable[[], Any], barrier: Barrier) -> Any:
        try:
            barrier.wait(timeout=10)
            return call()
        finally:
            connection.close()

    def all_of(*calls: Callable[[], Any]) -> list[Any]:
        if connection.vendor == "sqlite" and not (tmp_path / "copy.sqlite3").exists():
            connection.ensure_connection()
            with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
                connection.connection.backup(copy)
                copy.execute("PRAGMA journal_mode=WAL")  # the first two connections would fight over the change
            monkeypatch.setitem(connections.settings["default"], "NAME", str(tmp_path / "copy.sqlite3"))
        barrier = Barrier(len(calls))
        with ThreadPoolExecutor(len(calls)) as pool:
            return [future.result() for future in [pool.submit(run, call, barrier) for call in calls]]

    return all_of


@pytest.fixture
def smtp_sink() -> Iterator[Sink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def mail_through_sink(settings, smtp_sink: Sink) -> Sink:
    """The outbox of this process delivers to the sink."""
    settings.EMAIL_BACKEND = "kpiproject.mailbox.SmtpBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = smtp_sink.port
    settings.EMAIL_TIMEOUT = 5
    return smtp_sink


@pytest.fixture(params=["redis" if os.environ.get("REDIS_URL") else "embedded"])
def queue_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A real queue of its own: the embedded server, or in a run with services (tests.services) their Redis."""
    with running_queue(request.param) as url:
        yield url


@pytest.fixture
def installation(queue_url: str, smtp_sink: Sink, tmp_path: Path) -> Iterator[Installation]:
    """A second Plumbline, with its own database, queue, data folder and processes; its mail goes to the sink."""
    with new_installation(tmp_path / "installation", queue_url=queue_url, email_url=smtp_sink.url) as made:
        yield made
