"""manage.py kpis [--json]"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from metrics.definitions import kpis
from metrics.queries import as_entry


class Command(BaseCommand):
    help = "The catalogue: every KPI with its definition."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"]:
            entries = [as_entry(kpi) for kpi in kpis().values()]
            self.stdout.write(json.dumps(entries, ensure_ascii=False, indent=1))
            return
        for kpi in kpis().values():
            self.stdout.write(f"{kpi.code:26} {kpi.unit:8} {kpi.name}: {kpi.formula}")
