"""`manage.py start`: web server, worker, scheduler and, without REDIS_URL, the queue; Ctrl-C stops all."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kpiproject import people
from kpiproject.celery import app
from kpiproject.supervisor import checks, plumbline, prepare, queue_server
from kpiproject.supervisor.child import Child, Spec
from kpiproject.supervisor.tree import Tree


class Command(BaseCommand):
    help = "Start Plumbline: web server, worker and scheduler in one process tree. Ctrl-C stops all of it."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        checks.data_folder(settings.VAR)
        try:
            with checks.only_one(settings.VAR):
                self._check()
                self._prepare()
                with self._queue() as queue:
                    self._run([*queue, plumbline.worker(), plumbline.web(), plumbline.scheduler()])
        except KeyboardInterrupt:
            self._say("Stopped before it was ready.")

    def _check(self) -> None:
        checks.port(plumbline.host(), settings.PORT)
        checks.database()
        if settings.REDIS_URL:
            checks.queue(app)

    def _prepare(self) -> None:
        prepare.migrate(self._say)
        prepare.static_files(self._say)
        self._code = people.first_manager_code()
        prepare.let_go_of_the_database()

    @contextlib.contextmanager
    def _queue(self) -> Iterator[list[Spec]]:
        if settings.REDIS_URL:
            yield []
            return
        socket = queue_server.choose_socket(settings.VAR)
        try:
            yield [queue_server.spec(socket, folder=settings.VAR / "queue")]
        finally:
            queue_server.forget_socket(settings.VAR)

    def _run(self, specs: list[Spec]) -> None:
        self._say(f"Starting {', '.join(spec.name for spec in specs)} …")
        children = [Child(spec, say=self._say) for spec in specs]
        Tree(children, say=self._say, is_ready=plumbline.answers, when_ready=self._announce).run()

    def _announce(self) -> None:
        self._say(f"Plumbline is ready: {settings.BASE_URL}  (Ctrl-C stops it; logs are in {settings.VAR / 'logs'})")
        if self._code:
            self._say(f"Nobody can log in yet. Open {settings.BASE_URL} and enter this one-time code: {self._code}")

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError):  # the terminal may be gone; the children must still be stopped
            self.stdout.write(text)
            self.stdout.flush()
