import os
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from kpiproject.front import letters
from kpiproject.mailbox import file_stem


def write(folder: Path, number: int = 1, **headers: str) -> str:
    """One mail file with both parts, a picture inside and an attachment; newer with a higher number."""
    message = EmailMessage()
    message["From"], message["To"] = "Plumbline <plumbline@example.org>", "Zoë <zoe@example.org>"
    message["Subject"] = headers.get("subject", f"Größe {number}")
    message["Date"] = headers.get("date", "Mon, 23 Nov 2026 08:00:00 +0100")
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content("Grüße, in plain text\n")
    message.add_alternative(
        '<html><head><title>x</title></head><body><img src="cid:mark"><a href="http://x/s/1">5</a></body></html>',
        subtype="html",
    )
    html = message.get_body(("html",))
    assert html is not None
    html.add_related(b"PNG", "image", "png", cid="<mark>")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="rows.csv")
    name = file_stem(message["Message-ID"])
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.eml").write_bytes(bytes(message))
    os.utime(folder / f"{name}.eml", (number, number))
    return name


def test_folder_has_the_newest_first_and_nothing_else(tmp_path: Path) -> None:
    names = [write(tmp_path, number) for number in (1, 2, 3)]
    (tmp_path / ".half.part").write_bytes(b"")
    (tmp_path / "notes.eml").write_bytes(b"")

    folder = letters.Folder(tmp_path)

    assert [file.stem for file in folder] == names[::-1]
    assert (len(folder), [file.stem for file in folder[1:2]]) == (3, [names[1]])


def test_folder_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert list(letters.Folder(tmp_path / "nowhere")) == []


def test_envelope(tmp_path: Path) -> None:
    name = write(tmp_path)

    assert letters.envelope(tmp_path / f"{name}.eml") == letters.Envelope(
        name=name,
        sender="Plumbline <plumbline@example.org>",
        recipient="Zoë <zoe@example.org>",
        subject="Größe 1",
        at=datetime(2026, 11, 23, 7, tzinfo=UTC),
    )


def test_letter_has_both_parts_and_what_is_attached(tmp_path: Path) -> None:
    letter = letters.letter(tmp_path, write(tmp_path))

    assert letter is not None
    assert letter.text == "Grüße, in plain text\n"
    assert '<img src="data:image/png;base64,UE5H">' in letter.html
    assert letter.attachments == [letters.Attachment(1, "rows.csv", "text/csv", b"a,b\n1,2\n")]
    assert ("Subject", "Größe 1") in letter.headers


def test_letter_of_a_name_that_is_no_name_is_none(tmp_path: Path) -> None:
    write(tmp_path / "mailbox")
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n", encoding="utf-8")

    for name in ("../secret", "nothing", "0" * 32, ""):
        assert letters.letter(tmp_path / "mailbox", name) is None


def test_date_that_nobody_can_read_is_none(tmp_path: Path) -> None:
    name = write(tmp_path, date="the day before yesterday")

    assert letters.envelope(tmp_path / f"{name}.eml").at is None
