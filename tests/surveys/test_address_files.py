import zipfile
from pathlib import Path

import pytest

from surveys import address_files, do_not_contact
from surveys.address_files import BadLine
from surveys.address_lists import AddressListError
from tests.metrics.importing import workbook

PEOPLE = "E-Mail;Name;Company;Language;Time zone;Order\nada@example.org;Ada;One;de;Europe/Berlin;77\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_columns_name_the_person_and_the_others_are_context(encoding, delimiter):
    text = PEOPLE.replace("Ada;", "Adä;").replace(";", delimiter)
    (line,) = address_files.read("people.csv", text.encode(encoding)).lines
    found = line.invitee
    assert (line.number, found.email, found.name, found.company) == (2, "ada@example.org", "Adä", "One")
    assert (found.language, found.time_zone, found.context) == ("de", "Europe/Berlin", {"order": "77"})


def test_excel_is_read_with_its_row_numbers_and_plain_numbers(tmp_path: Path):
    rows: list[list[object]] = [
        ["email", "order", "name"],
        ["ada@example.org", 77, "Ada"],
        [],
        ["ben@example.org", 1.5, ""],
    ]
    lines = address_files.read("people.xlsx", workbook(tmp_path, {"People": rows}).read_bytes()).lines
    assert [(line.number, line.invitee.email, line.invitee.context) for line in lines] == [
        (2, "ada@example.org", {"order": "77"}),
        (4, "ben@example.org", {"order": "1.5"}),
    ]


def test_bad_rows_are_told_with_line_and_reason_and_the_others_count():
    text = "email,name\nada@example.org,Ada\nnonsense,Ben\n,Cid\n\ndan@example.org,Dan,more,cells\neve@example.org\n"
    sheet = address_files.read("people.csv", text.encode())
    assert [line.invitee.email for line in sheet.lines] == ["ada@example.org", "eve@example.org"]
    assert sheet.bad == [
        BadLine(3, "nonsense; Ben", "“nonsense” is not an e-mail address."),
        BadLine(4, "Cid", "The row has no e-mail address."),
        BadLine(6, "dan@example.org; Dan; more; cells", "The row has 4 columns, the header has 2."),
    ]


def test_bare_addresses_need_no_header():
    text = "ada@example.org\nBen <ben@example.org>\nc@example.org, d@example.org\nnonsense\n"
    sheet = address_files.read("people.txt", text.encode())
    assert [(line.number, line.invitee.email, line.invitee.name) for line in sheet.lines] == [
        (1, "ada@example.org", ""), (2, "ben@example.org", "Ben"), (3, "c@example.org", ""), (3, "d@example.org", ""),
    ]  # fmt: skip
    assert [bad.number for bad in sheet.bad] == [4]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "people.csv is empty."),
        (b"\n \n", "people.csv is empty."),
        (b"email,name\n", "people.csv names nobody."),
        (b"id,created,status\n1,2,3\n", "has no column with e-mail addresses: its first line is “id, created, status”"),
        (b"%PDF-1.7\x00\x01\x02", "is not a text file and not an Excel file"),
        (b"PK\x03\x04 but no workbook", "cannot be read as an Excel file"),
    ],
)
def test_mixed_up_files_are_refused_with_a_sentence(data, said):
    with pytest.raises(AddressListError) as raised:
        address_files.read("people.csv", data)
    assert said in str(raised.value)


@pytest.mark.parametrize("read", [address_files.read, do_not_contact.read])
def test_two_cells_far_apart_do_not_fill_the_memory(tmp_path: Path, read):
    """Five kB, of which a rectangle of seventeen thousand million cells would be made."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = workbook(tmp_path, {"One": [["email"]]})
    with zipfile.ZipFile(path) as small, zipfile.ZipFile(tmp_path / "far.xlsx", "w", zipfile.ZIP_DEFLATED) as far:
        for name in small.namelist():
            far.writestr(name, small.read(name).decode().replace("</sheetData>", f"{rows}</sheetData>"))
    with pytest.raises(AddressListError, match=r"^far\.xlsx is too large to be read, counting the empty cells"):
        read("far.xlsx", (tmp_path / "far.xlsx").read_bytes())


def test_sheet_of_another_program_is_no_excel_file(tmp_path: Path):
    """Its repeated cells would be unpacked as well, and nothing here counts them."""
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as made:
        made.writestr("content.xml", "<office/>")
    with pytest.raises(AddressListError, match="cannot be read as an Excel file"):
        address_files.read("a.ods", (tmp_path / "a.ods").read_bytes())


def test_too_many_rows_are_refused_before_they_are_all_read(monkeypatch):
    monkeypatch.setattr(address_files, "MOST_ROWS", 2)
    with pytest.raises(AddressListError, match="more than 2 rows"):
        address_files.read("people.csv", b"email\n" + b"a@example.org\n" * 3)


def test_line_breaks_and_control_characters_do_not_get_into_what_is_shown():
    data = b'email,name\n"nonsense\r\nBcc: x@example.org",\x07Ada\n'
    (bad,) = address_files.read("people.csv", data).bad
    assert bad.text == "nonsense Bcc: x@example.org; Ada"
