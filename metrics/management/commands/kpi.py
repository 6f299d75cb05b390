"""manage.py kpi CODE [--from D] [--to D] [--grain G] [--by DIMENSION] [--where DIMENSION=MEMBER …] [--at TIME] …"""

import csv
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from kpiproject.lib.cells import safe_cell
from kpiproject.queries import organisation
from metrics import rollups
from metrics.management import printing
from metrics.management.arguments import day, filters, grain, moment
from metrics.queries import (
    BadQuestion,
    Question,
    as_document,
    as_known,
    as_table,
    check,
    rows,
    told,
    unknown_members,
    with_unknown_members,
)


class Command(BaseCommand):
    help = "One KPI over a period, by grain and dimension, or the rows behind it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the KPI's code; manage.py kpis lists them")
        parser.add_argument("--from", dest="start", metavar="D", help="from this day on (YYYY-MM-DD)")
        parser.add_argument("--to", dest="end", metavar="D", help="up to and without this day")
        parser.add_argument("--grain", default="all", help="day, week, month, quarter, year or all")
        parser.add_argument(
            "--by", action="append", default=[], metavar="DIMENSION", help="one figure for each member of a dimension"
        )
        parser.add_argument("--where", action="append", default=[], metavar="DIMENSION=MEMBER", help="only these rows")
        parser.add_argument("--calendar", default="", help="business or calendar time; default: the organisation's")
        parser.add_argument("--at", metavar="TIME", help="a stock at this instant instead of a period")
        parser.add_argument("--rows", action="store_true", help="list the rows behind the number")
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument("--format", choices=["table", "csv", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["at"] and (options["start"] or options["end"]):
            raise CommandError("--at asks for an instant; leave out --from and --to.", returncode=2)
        if len(set(options["by"])) > 1:
            message = "Give --by once: figures are broken down by one dimension; --where keeps members of others."
            raise CommandError(message, returncode=2)
        try:
            question = _question(options)
            check(question)
            self._bring_up_to_date()
            tell = self._tell_rows if options["rows"] else self._tell_figures
            tell(question, "json" if options["json"] else options["format"])
        except BadQuestion as error:
            raise CommandError(str(error)) from error

    def _bring_up_to_date(self) -> None:
        """Without a worker nobody else would: a figure always follows from the facts that are there."""
        if days := rollups.notice():
            template = ngettext(
                "Computing %(days)s day whose facts have changed …",
                "Computing %(days)s days whose facts have changed …",
                days,
            )
            self.stderr.write(template % {"days": f"{days:,}"})
            rollups.recompute()

    def _tell_figures(self, question: Question, form: str) -> None:
        found = with_unknown_members(as_known(told(question)), question)
        if not found.points:
            self.stderr.write("\n".join(unknown_members(question)))
        document = as_document(found)
        if form == "json":
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
        elif form == "csv":
            self._write_csv(as_table(document))
        else:
            self.stdout.write(printing.as_text(document))

    def _write_csv(self, lines: list[list[Any]]) -> None:
        """Texts come from imports, and spreadsheets run what looks like a formula; numbers stay numbers."""
        safe = ([safe_cell(cell) if isinstance(cell, str) else cell for cell in line] for line in lines)
        csv.writer(self.stdout).writerows(safe)

    def _tell_rows(self, question: Question, form: str) -> None:
        found = rows(question, limit=None)
        lines = printing.rows_as_table(found)
        if form == "json":
            records = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
            document = {"kpi": found.kpi.code, "calendar": found.clock, "n": found.total, "rows": records}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
        elif form == "csv":
            self._write_csv(lines)
        else:
            self.stdout.write(printing.aligned(lines))


def _question(options: dict[str, Any]) -> Question:
    return Question(
        code=options["code"],
        start=day(options["start"]),
        end=day(options["end"]),
        grain=grain(options["grain"]),
        by=next(iter(options["by"]), ""),
        where=filters(options["where"]),
        clock=options["calendar"],
        at=moment(options["at"], organisation().time_zone),
    )
