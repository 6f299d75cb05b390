"""manage.py recompute [--all] [--kpi CODE …] [--from D] [--to D] [--json]"""

import json
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from metrics import rollups
from metrics.crew import cores
from metrics.definitions import kpis
from metrics.management.arguments import day
from metrics.queries import BadQuestion, find_kpi


class Command(BaseCommand):
    help = "Compute what is dirty. With a KPI, a date or --all: compute that again, whether it is dirty or not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="everything, from the first to the last fact")
        parser.add_argument("--kpi", action="append", default=[], metavar="CODE", help="of this KPI; may be repeated")
        parser.add_argument("--from", dest="start", metavar="D", help="from this day on (YYYY-MM-DD)")
        parser.add_argument("--to", dest="end", metavar="D", help="up to and without this day")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        began = monotonic()
        start, end = day(options["start"]), day(options["end"])
        if start and end and start >= end:
            raise CommandError(f"The range starts on {start} and ends before {end}; it must end after it starts.")
        try:
            codes = [find_kpi(code).code for code in options["kpi"]] or list(kpis())
        except BadQuestion as error:
            raise CommandError(str(error)) from error
        if options["all"] or options["kpi"] or start or end:
            rollups.mark_range(start=start, end=end, codes=codes)
        done = rollups.recompute(start=start, end=end, progress=self._tell, processes=cores())
        seconds = round(monotonic() - began, 3)
        if options["json"]:
            self.stdout.write(json.dumps({"days": done.days, "rollups": done.rollups, "seconds": seconds}))
        else:
            self.stdout.write(f"{done.days} days computed, {done.rollups} rollups written, in {seconds:.1f} s.")

    def _tell(self, done: int, left: int) -> None:
        self.stderr.write(f"{done} days done, {left} left", ending="\n" if not left else "\r")
