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


SCORES = "external_id,survey_kind,score,scale_min,scale_max,answered_at,Who,Mail"
OPTIONS = ("--map", "customer=Who", "--map", "customer_email=Mail")


def _rejected(folder: Path, lines: list[str], *options: str) -> tuple[str, list[list[str]]]:
    answer = imported("survey_responses", written(folder, [SCORES, *lines], "answers.csv"), *OPTIONS, *options)
    rows = list(RejectedRow.objects.order_by("line").values_list("row", flat=True))
    return Path(answer["rejected_file"]).read_text("utf-8-sig"), rows


@pytest.mark.parametrize(
    ("kind", "options"),
    [("esat", ()), ("ESAT", ("--survey-kind", "csat")), ("", ("--survey-kind", "enps"))],
)
def test_rejected_rows_of_employees_do_not_say_who_they_are(
    tmp_path: Path, kind: str, options: tuple[str, ...]
) -> None:
    text, [row] = _rejected(tmp_path, [f"A,{kind},99,0,10,2026-01-02 10:00,E-77,ada@example.org"], *options)
    assert row == ["A", kind, "99", "0", "10", "2026-01-02 10:00", "", ""]
    assert [word for word in ("E-77", "ada@example.org") if word in text] == []


def test_rejected_rows_of_customers_keep_everything(tmp_path: Path) -> None:
    text, [row] = _rejected(tmp_path, ["A,csat,99,1,5,2026-01-02 10:00,C-77,ada@example.org"], "--survey-kind", "esat")
    assert row[-2:] == ["C-77", "ada@example.org"]
    assert "ada@example.org" in text


def test_row_of_employees_with_a_cell_too_many_keeps_none(tmp_path: Path) -> None:
    text, [row] = _rejected(tmp_path, ["A,esat,5,1,5,2026-01-02 10:00,x,E-77,ada@example.org"])
    assert set(row) == {""}
    assert "E-77" not in text


def test_reason_does_not_quote_who_it_was(tmp_path: Path) -> None:
    name = "Ada " * 100
    text, [row] = _rejected(tmp_path, [f"A,esat,5,1,5,2026-01-02 10:00,{name},x"])
    assert (row[-2:], "Ada" in text, "Ada" in RejectedRow.objects.get().message) == (["", ""], False, False)


def test_remark_about_an_address_does_not_quote_an_employee(tmp_path: Path) -> None:
    lines = ["A,esat,5,1,5,2026-01-02 10:00,,nobody-at-home"]
    answer = imported("survey_responses", written(tmp_path, [SCORES, *lines], "answers.csv"), *OPTIONS)
    assert [warning["code"] for warning in answer["warnings"]] == ["bad_address"]
    assert "nobody-at-home" not in str(answer["warnings"])
