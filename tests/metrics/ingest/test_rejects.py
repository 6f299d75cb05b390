from pathlib import Path

import pytest

from metrics.ingest import rejects
from metrics.models import RejectedRow, Ticket
from tests.metrics.importing import counts, imported, written

pytestmark = pytest.mark.django_db

LINES = [
    "external_id;created_at;subject;amount",
    "A;2026-01-02;fine;1",
    "B;soon;=HYPERLINK(1);-5",
    "C;never;'quoted;@x",
    "D;2026-01-02",
]


def test_rejected_rows_are_mended_and_come_back(tmp_path: Path) -> None:
    answer = imported("tickets", written(tmp_path, LINES))
    assert counts(answer) == (4, 1, 0, 0, 3)
    text = Path(answer["rejected_file"]).read_text("utf-8-sig")
    mended = text.replace("soon", "2026-01-03").replace("never", "2026-01-04")
    again = imported("tickets", written(tmp_path, mended, "mended.csv"))
    assert counts(again) == (3, 2, 0, 0, 1)
    found = Ticket.objects.order_by("external_id").values_list("external_id", "subject", "extra")
    assert list(found) == [
        ("A", "fine", {"amount": "1"}),
        ("B", "=HYPERLINK(1)", {"amount": "-5"}),
        ("C", "'quoted", {"amount": "@x"}),
    ]


def test_no_cell_of_the_file_is_a_formula(tmp_path: Path) -> None:
    answer = imported("tickets", written(tmp_path, LINES))
    cells = [
        cell for line in Path(answer["rejected_file"]).read_text("utf-8-sig").splitlines() for cell in line.split(",")
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_the_first_rows_are_records_and_the_file_has_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejects, "MOST_KEPT", 5)
    lines = ["external_id,created_at", *(f"A{n},soon" for n in range(2_500))]
    answer = imported("tickets", written(tmp_path, lines))
    assert counts(answer) == (2_500, 0, 0, 0, 2_500)
    assert list(RejectedRow.objects.values_list("line", flat=True)) == [2, 3, 4, 5, 6]
    assert len(Path(answer["rejected_file"]).read_text("utf-8-sig").splitlines()) == 2_501
