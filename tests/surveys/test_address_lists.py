import gzip
from pathlib import Path

import pytest

from surveys import address_lists
from surveys.address_lists import AddressListError
from surveys.invitations import Invitee


def written(tmp_path: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@example.org\nb@example.org\n", ["a@example.org", "b@example.org"]),
        ("\r\n  a@example.org  \r\n\r\n", ["a@example.org"]),
        ("a@example.org, b@example.org;c@example.org", ["a@example.org", "b@example.org", "c@example.org"]),
        ("not an address", ["not an address"]),
        ("", []),
    ],
)
def test_pasted_text_is_one_address_a_line(text, expected):
    assert [invitee.email for invitee in address_lists.from_text(text)] == expected


def test_pasted_line_may_name_the_person():
    assert address_lists.from_text('"Lovelace, Ada" <ada@example.org>\nBob <bob@example.org>') == [
        Invitee(email="ada@example.org", name="Lovelace, Ada"),
        Invitee(email="bob@example.org", name="Bob"),
    ]


def test_file_with_one_address_a_line(tmp_path):
    path = written(tmp_path, "a@example.org\nb@example.org\n", "people.txt")
    assert [invitee.email for invitee in address_lists.from_file(path)] == ["a@example.org", "b@example.org"]


@pytest.mark.parametrize("header", ["Email", "E-Mail", "e mail address", "EMAIL_ADDRESS", "Mail"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_contacts_with_any_delimiter_and_header(tmp_path, header, delimiter):
    lines = [
        ["Name", header, "Company", "Agent"],
        ["Ada", "ada@example.org", "Engines", "a7"],
        ["", "b@example.org", "", ""],
    ]
    path = written(tmp_path, "\n".join(delimiter.join(cells) for cells in lines))
    assert address_lists.from_file(path) == [
        Invitee(email="ada@example.org", name="Ada", company="Engines", context={"agent": "a7"}),
        Invitee(email="b@example.org"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_in_the_encodings_of_spreadsheets(tmp_path, encoding):
    path = written(tmp_path, "email,name\nada@example.org,Ädä\n".encode(encoding))
    assert address_lists.from_file(path) == [Invitee(email="ada@example.org", name="Ädä")]


def test_context_is_joined_by_address_whatever_its_capitals(tmp_path):
    context = address_lists.context_from_file(written(tmp_path, "Email,Ticket,agent\nADA@example.org,T-1,a7\n"))
    people = [Invitee(email="Ada@Example.org", context={"agent": "old", "team": "B"}), Invitee(email="b@example.org")]
    assert [invitee.context for invitee in address_lists.with_context(people, context)] == [
        {"agent": "a7", "team": "B", "ticket": "T-1"},
        {},
    ]


BAD_LISTS = [
    (b"", "people.csv is empty."),
    (b" \n\n", "people.csv is empty."),
    (b"email,name\n", "people.csv names nobody."),
    (b"name,town\nAda,London\n", ("people.csv has no column with e-mail addresses: its first line is “name,town”. "
     "Name one of them “email”.")),
    (b"ada@example.org,Ada\n", ("people.csv has no column with e-mail addresses: its first line is "
     "“ada@example.org,Ada”. Name one of them “email”.")),
    (b"email,name\nada@example.org,Ada,x\n", "people.csv, line 2 has 3 columns, its header has 2."),
    ("email,name\na@example.org,A\nb@example.org,Ä".encode("latin-1"),
     "people.csv, line 3 is not UTF-8 text. Save the file as “CSV UTF-8”."),
    (b"email\na@example.org\x00\n", "people.csv contains NUL bytes; it is not a text file."),
    (b"PK\x03\x04rest", "people.csv is a spreadsheet. Save it as CSV first."),
    (gzip.compress(b"email\n", mtime=0), "people.csv, line 1 is not UTF-8 text. Save the file as “CSV UTF-8”."),
    (b'email,name\na@example.org,"A\n', "people.csv, line 2 cannot be read as CSV: unexpected end of data."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), BAD_LISTS)
def test_list_that_cannot_be_read_gets_its_sentence(tmp_path, content, sentence):
    with pytest.raises(AddressListError) as raised:
        address_lists.from_file(written(tmp_path, content))
    assert str(raised.value) == sentence


def test_file_that_is_not_there_or_a_folder_gets_its_sentence(tmp_path):
    for path, sentence in [
        (tmp_path, f"{tmp_path} is a folder, not a file."),
        (tmp_path / "none.csv", f"{tmp_path / 'none.csv'} cannot be read: No such file or directory."),
    ]:
        with pytest.raises(AddressListError) as raised:
            address_lists.from_file(path)
        assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "ticket,email\n1,a@example.org\n",
            "The first column of people.csv must be “email”, with at least one column after it.",
        ),
        (
            "email\na@example.org\n",
            "The first column of people.csv must be “email”, with at least one column after it.",
        ),
        ("email,ticket\na@example.org,1\nA@example.org,2\n", "people.csv, line 3: a@example.org has a line already."),
    ],
)
def test_context_that_cannot_be_joined_gets_its_sentence(tmp_path, content, sentence):
    with pytest.raises(AddressListError) as raised:
        address_lists.context_from_file(written(tmp_path, content))
    assert str(raised.value) == sentence
