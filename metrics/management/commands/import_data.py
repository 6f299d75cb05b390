"""Import facts from a file: contract, section 3."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from kpiproject.validators import validate_time_zone
from metrics import import_words, ingest
from metrics.models import ImportRun
from metrics.sources.columns import ALL_KINDS, SURVEY_KINDS
from metrics.sources.faults import FileFault, MissingColumn, UnknownOrder, UnknownScale
from metrics.sources.formats import ALL_FORMATS, AUTO
from metrics.sources.reader import Reader
from metrics.sources.scoring import EVERY_KIND, HIGH, LOW, parse_scale


class Command(BaseCommand):
    help = (
        "Import customers, tickets, orders and more from a CSV, XLSX or JSON file. The same file twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=", ".join(ALL_KINDS))
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--format", default=AUTO, help=", ".join(ALL_FORMATS))
        parser.add_argument("--source", type=_source, help="whose ids these are; default: the format")
        parser.add_argument("--tz", default="", metavar="ZONE", help="of times without an offset; default: ours")
        order = parser.add_mutually_exclusive_group()
        order.add_argument("--day-first", action="store_true", help="3/4/2026 is the third of April")
        order.add_argument("--month-first", action="store_true", help="3/4/2026 is the fourth of March")
        parser.add_argument(
            "--decimal-comma", action="store_true", help="1.234 is one thousand, 1,234 is a little over one"
        )
        parser.add_argument(
            "--map", action="append", default=[], metavar="TARGET=SOURCE", type=_pair, help="which column is which"
        )
        parser.add_argument("--value-map", type=Path, metavar="FILE", help="JSON: {column: {seen: meant}}")
        scores = parser.add_argument_group("of survey_responses")
        scores.add_argument("--survey-kind", default="", choices=SURVEY_KINDS, help="where the rows do not name it")
        scores.add_argument(
            "--scale",
            action="append",
            default=[],
            metavar="[KIND=]LOW-HIGH",
            type=_scale,
            help="of scores whose rows do not name it, such as 1-5 or nps=0-10",
        )
        scores.add_argument(
            "--best",
            action="append",
            default=[],
            metavar="[KIND=]low|high",
            type=_best,
            help="which end of the scale is good; with low, scores are turned round",
        )
        parser.add_argument("--dry-run", action="store_true", help="read and compare, but write nothing")
        parser.add_argument("--json", action="store_true", help="answer with one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            request = _request(options)
            path: Path = options["file"]
            reader = ingest.prepare(path, request)
            run = ingest.begin(request, reader, file_name=path.name, is_dry_run=options["dry_run"])
            with ingest.recorded(run):
                self._execute(run, reader, is_quiet=options["json"] or options["verbosity"] == 0)
        except MissingColumn as fault:
            hint = _("Name it with --map %(column)s=COLUMN.") % {"column": fault.columns[0]}
            raise CommandError(f"{fault} {hint}") from fault
        except UnknownOrder as fault:
            message = _("%(name)s does not show whether day or month comes first in %(date)s: %(hint)s.")
            hint = _("pass --day-first or --month-first")
            values = {"name": options["file"].name, "date": fault.example, "hint": hint}
            raise CommandError(message % values) from fault
        except UnknownScale as fault:
            raise CommandError(f"{str(fault).removesuffix('.')}: {fault.hint}.") from fault
        except FileFault as fault:
            raise CommandError(str(fault)) from fault
        except KeyboardInterrupt:
            raise CommandError(
                _("Interrupted; import the file again, and what is in already is passed over.")
            ) from None
        self._answer(run, as_json=options["json"])

    def _execute(self, run: ImportRun, reader: Reader, *, is_quiet: bool) -> None:
        hidden = is_quiet or not sys.stderr.isatty()
        with tqdm(total=reader.rows, unit="row", unit_scale=True, file=sys.stderr, disable=hidden, leave=False) as bar:
            ingest.execute(run, reader, lambda rows: bar.update(rows - bar.n))

    def _answer(self, run: ImportRun, *, as_json: bool) -> None:
        report = ingest.report(run)
        if as_json:
            self.stdout.write(json.dumps(report, indent=1, ensure_ascii=False))
            return
        counts = ngettext(
            "%(read)s row read: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, ",
            "%(read)s rows read: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, ",
            run.read,
        )
        tail = _("%(rejected)s rejected, in %(seconds).1f s.")
        self.stdout.write((counts + tail) % report)
        if run.is_dry_run:
            self.stdout.write(_("This was a dry run: nothing was written."))
        for warning in import_words.warnings(run):
            self.stdout.write(f"{warning.text} {warning.occurrence}")
        if report["rejected_file"]:
            self.stdout.write(_("Rejected rows: %(path)s.") % {"path": report["rejected_file"]})


_LONGEST_SOURCE: Final = 50


def _source(text: str) -> str:
    if not text.strip() or len(text) > _LONGEST_SOURCE:
        msg = f"a source is a name of 1 to {_LONGEST_SOURCE} characters"
        raise ArgumentTypeError(msg)
    return text.strip()


def _pair(text: str) -> tuple[str, str]:
    target, equals, source = (part.strip() for part in text.partition("="))
    if not (target and equals and source):
        msg = f"{text!r} is not TARGET=SOURCE"
        raise ArgumentTypeError(msg)
    return target, source


def _scale(text: str) -> tuple[str, str]:
    kind, scale = _of_kind(text)
    try:
        return kind, str(parse_scale(scale))
    except FileFault as fault:
        raise ArgumentTypeError(str(fault)) from fault


def _best(text: str) -> tuple[str, str]:
    kind, end = _of_kind(text)
    if end.lower() not in (LOW, HIGH):
        msg = f"{end!r} is neither {LOW} nor {HIGH}"
        raise ArgumentTypeError(msg)
    return kind, end.lower()


def _of_kind(text: str) -> tuple[str, str]:
    """`csat=1-5` is said of one kind of survey, `1-5` of all."""
    kind, equals, rest = text.partition("=")
    if equals and kind not in SURVEY_KINDS:
        msg = f"there is no kind of survey {kind!r}; there are {', '.join(SURVEY_KINDS)}"
        raise ArgumentTypeError(msg)
    return (kind, rest) if equals else (EVERY_KIND, text)


def _request(options: dict[str, Any]) -> ingest.Request:
    """Raises FileFault for a time zone or a value map that cannot be used."""
    try:
        if options["tz"]:
            validate_time_zone(options["tz"])
    except ValidationError as error:
        raise FileFault(" ".join(error.messages)) from error
    return ingest.Request(
        kind=options["kind"],
        format=options["format"],
        source=options["source"] or "",
        zone=options["tz"],
        day_first=options["day_first"] or (False if options["month_first"] else None),
        decimal_comma=options["decimal_comma"] or None,
        mapping=dict(options["map"]),
        value_map=_value_map(options["value_map"]),
        survey_kind=options["survey_kind"],
        scales=dict(options["scale"]),
        best=dict(options["best"]),
    )


def _value_map(path: Path | None) -> dict[str, dict[str, str]]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        message = _("The value map %(name)s cannot be read: %(reason)s.")
        raise FileFault(message % {"name": path.name, "reason": error.strerror}) from error
    except ValueError as error:
        raise FileFault(_("The value map %(name)s is not JSON.") % {"name": path.name}) from error
    if not isinstance(found, dict) or not all(isinstance(seen, dict) for seen in found.values()):
        raise FileFault(_("The value map %(name)s must look like {column: {seen: meant}}.") % {"name": path.name})
    return {
        column: {str(seen): "" if meant is None else str(meant) for seen, meant in meanings.items()}
        for column, meanings in found.items()
    }
