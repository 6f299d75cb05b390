"""`manage.py demo`: build the demonstration company where there is none, then start."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from kpiproject.front.demo import build, house, manual
from kpiproject.supervisor import checks, prepare
from manual.links import share_url


class Command(BaseCommand):
    help = "Build the demonstration company if it is not there yet, then start Plumbline. Needs DEMO=1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--build-only", action="store_true", help="do not start")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if not settings.DEMO:
            msg = "The demonstration shows its mail to everybody and must not run by accident: set DEMO=1."
            raise CommandError(msg)
        checks.data_folder(settings.VAR)
        checks.database()
        prepare.migrate(self.stdout.write)
        if build.is_foreign():
            msg = (
                f"There is real data in {settings.VAR}; choose another folder for the demonstration with PLUMBLINE_VAR."
            )
            raise CommandError(msg)
        if not build.is_built():
            self._build()
        self._say_who_logs_in()
        if not options["build_only"]:
            call_command("start")

    def _build(self) -> None:
        started = time.monotonic()
        self.stdout.write("Building the demonstration company: 18 months of tickets, surveys and answers …")
        layout = "{percentage:3.0f}% |{bar}| {desc}"
        with tqdm(total=100, bar_format=layout, file=sys.stderr, leave=False, ncols=78) as bar:

            def show(what: str, share: float) -> None:
                bar.set_description_str(what, refresh=False)
                bar.n = round(100 * share)
                bar.refresh()

            build.build(show)
        self.stdout.write(f"Built in {time.monotonic() - started:.0f} s.")

    def _say_who_logs_in(self) -> None:
        address = settings.BASE_URL
        for (email, password), role in zip(house.people_who_log_in().items(), ("Manager", "Staff"), strict=True):
            self.stdout.write(f"{role + ':':9} {email}   password {password}   {address}/accounts/login/")
        if share := manual.protected_share():
            self.stdout.write(f"Shared:   passphrase {house.passphrase()}   {share_url(share)} (without an account)")
        self.stdout.write(f"Mailbox:  {address}/mailbox/ (as the manager; no mail leaves this machine)")
