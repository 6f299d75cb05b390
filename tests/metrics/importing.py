"""Files to import, and what is in the database afterwards."""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.core.management import call_command

from metrics.models import Customer, Ticket, TicketEvent, TicketHistory
from metrics.sources.files import open_table
from metrics.sources.formats import open_reader
from metrics.sources.reader import Reader
from metrics.sources.rows import Fault, Options, Row

SERVICENOW_HEADER = (
    "number,incident_state,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_at,sys_updated_by,"
    "sys_updated_at,contact_type,location,category,priority,assignment_group,assigned_to,resolved_at,closed_at"
)
_CALL = "Caller 1,29/2/2016 01:16"
_END = "2/3/2016 9:00,5/3/2016 12:00"
_MODERATE = "3 - Moderate"
# One incident: created, handed to a team and an agent, resolved, reopened, resolved once more, closed.
SERVICENOW_LINES = (
    f"INC1,New,0,0,0,true,{_CALL},By 1,29/2/2016 01:23,Phone,L 1,Mail,{_MODERATE},Desk,?,{_END}",
    f"INC1,Active,1,0,1,true,{_CALL},By 2,29/2/2016 02:00,Phone,L 1,Mail,{_MODERATE},Network,Ann,{_END}",
    f"INC1,Active,1,0,2,true,{_CALL},By 2,29/2/2016 02:30,Phone,L 2,Mail,{_MODERATE},Network,Ann,{_END}",
    f"INC1,Resolved,1,0,3,true,{_CALL},By 2,1/3/2016 08:00,Phone,L 2,Mail,{_MODERATE},Network,Ann,{_END}",
    f"INC1,Active,1,1,4,true,{_CALL},By 3,1/3/2016 10:00,Phone,L 2,Mail,2 - High,Network,Ann,{_END}",
    f"INC1,Resolved,1,1,5,false,{_CALL},By 2,2/3/2016 09:00,Phone,L 2,Mail,2 - High,Network,Ann,{_END}",
    f"INC1,Closed,1,1,6,false,{_CALL},By 4,5/3/2016 12:00,Phone,L 2,Mail,2 - High,Network,Ann,{_END}",
    "INC2,New,0,0,0,true,Caller 2,1/3/2016 10:00,By 1,1/3/2016 10:00,Email,L 1,?,4 - Low,Desk,?,?,6/3/2016 7:00",
    "INC2,Closed,0,0,1,true,Caller 2,1/3/2016 10:00,By 1,6/3/2016 07:00,Email,L 1,?,4 - Low,Desk,?,?,6/3/2016 7:00",
)


def written(folder: Path, content: str | bytes | Iterable[str], name: str = "file.csv") -> Path:
    """A file with this content; lines are joined."""
    path = folder / name
    if not isinstance(content, str | bytes):
        content = "\n".join(content) + "\n"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def servicenow(folder: Path, lines: Sequence[str] = SERVICENOW_LINES, name: str = "incidents.csv") -> Path:
    return written(folder, [SERVICENOW_HEADER, *lines], name)


def reader(path: Path, kind: str = "tickets", format_name: str = "auto", **options: Any) -> Reader:
    """A reader that has looked over the file."""
    found = open_reader(open_table(path), kind, format_name=format_name, options=Options(**options))
    found.survey()
    return found


def values(path: Path, kind: str = "tickets", **options: Any) -> list[dict[str, Any]]:
    """What the rows of a file say; none of them may be rejected."""
    items = list(reader(path, kind, **options).items())
    assert [item for item in items if isinstance(item, Fault)] == []
    return [item.values for item in items if isinstance(item, Row)]


def imported(kind: str, path: Path, *options: str) -> dict[str, Any]:
    """What the command answers."""
    answer = io.StringIO()
    call_command("import_data", kind, str(path), "--json", *options, stdout=answer)
    found: dict[str, Any] = json.loads(answer.getvalue())
    return found


def counts(answer: dict[str, Any]) -> tuple[int, int, int, int, int]:
    return answer["read"], answer["created"], answer["updated"], answer["unchanged"], answer["rejected"]


def everything() -> dict[str, list[Any]]:
    """All facts, without the numbers that the database gave them."""
    ticket_columns = [field.name for field in Ticket._meta.concrete_fields]
    for name in ("id", "customer", "team", "agent"):
        ticket_columns.remove(name)
    return {
        "customers": sorted(Customer.objects.values_list("source", "external_id", "email", "is_stub")),
        "tickets": list(
            Ticket.objects.order_by("source", "external_id").values(
                *ticket_columns, "customer__external_id", "team__external_id", "agent__external_id"
            )
        ),
        "events": sorted(
            TicketEvent.objects.values_list(
                "ticket__external_id", "at", "kind", "from_value", "to_value", "actor_type", "actor", "key"
            )
        ),
        "histories": sorted(TicketHistory.objects.values_list("ticket__external_id", "snapshots")),
    }


def workbook(folder: Path, sheets: dict[str, Sequence[Sequence[object]]], name: str = "book.xlsx") -> Path:
    """The smallest .xlsx that Excel would open: numbers as numbers, everything else as text in the cell."""
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS.format(body=_BOOK_RELATION))
        titles = enumerate(sheets, start=1)
        listed = "".join(f'<sheet name="{escape(title)}" sheetId="{n}" r:id="rId{n}"/>' for n, title in titles)
        archive.writestr("xl/workbook.xml", f"<workbook {_SPACES}><sheets>{listed}</sheets></workbook>")
        relations = "".join(_SHEET_RELATION.format(n=n) for n in range(1, len(sheets) + 1))
        archive.writestr("xl/_rels/workbook.xml.rels", _RELATIONS.format(body=relations))
        for n, rows in enumerate(sheets.values(), start=1):
            body = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml", f"<worksheet {_SPACES}><sheetData>{body}</sheetData></worksheet>"
            )
    return path


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


_OPEN_XML = "http://schemas.openxmlformats.org"
_SPACES = f'xmlns="{_OPEN_XML}/spreadsheetml/2006/main" xmlns:r="{_OPEN_XML}/officeDocument/2006/relationships"'
_CONTENT_TYPES = (
    f'<Types xmlns="{_OPEN_XML}/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATIONS = f'<Relationships xmlns="{_OPEN_XML}/package/2006/relationships">{{body}}</Relationships>'
_BOOK_RELATION = (
    f'<Relationship Id="rId1" Type="{_OPEN_XML}/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/>'
)
_SHEET_RELATION = (
    f'<Relationship Id="rId{{n}}" Type="{_OPEN_XML}/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet{n}.xml"/>'
)
