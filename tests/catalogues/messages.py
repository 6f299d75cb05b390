"""Which files speak to respondents, what they say, and what the catalogues say for it."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from surveys.languages import LANGUAGES

ROOT: Final = Path(__file__).parent.parent.parent
FOLDER: Final = ROOT / "surveys" / "locale"
TRANSLATED: Final = tuple(code for code in LANGUAGES if code != "en")

# Respondents see these pages, their mails, and what these modules say; what only staff see stays in English.
_PAGE: Final = re.compile(r'{% extends "surveys/(?:answer|kiosk|widget)_base.html" %}')
_PARTS: Final = re.compile(r'{% (?:extends|include) "([^"]+)"')
_VIEW: Final = "respondents_page"
MODULES: Final = (
    "surveys/answer_form.py",
    "surveys/invitation_mail.py",
    "surveys/looks.py",
    "surveys/mail_buttons.py",
    "surveys/scales.py",
    "surveys/views/form_page.py",
    "surveys/views/form_view.py",
    "surveys/views/printing.py",
    "surveys/views/widget_script.py",
)
# Looks like a page for respondents, and is one for our own people.
NOT_FOR_THEM: Final = ("follow_up_take_page.html",)
_KEYWORDS: Final = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
_HEADER: Final = "# What respondents read. Brought up to date by `python -m tests.catalogues`."
_SOME_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
Message = str | tuple[str, str]


def sources() -> list[Path]:
    templates = ROOT / "templates"
    pages = [path for path in templates.glob("surveys/*.html") if _is_for_respondents(path)]
    found = {part for page in [*pages, *templates.glob("email/survey_*")] for part in _with_parts(page)}
    views = {path for path in (ROOT / "surveys" / "views").glob("*.py") if _VIEW in path.read_text(encoding="utf-8")}
    return sorted(found | views | {ROOT / name for name in MODULES})


def _is_for_respondents(path: Path) -> bool:
    return path.name not in NOT_FOR_THEM and bool(_PAGE.search(path.read_text(encoding="utf-8")))


def _with_parts(page: Path) -> Iterator[Path]:
    """A template and all it is made of."""
    yield page
    for name in _PARTS.findall(page.read_text(encoding="utf-8")):
        yield from _with_parts(ROOT / "templates" / name)


def spoken() -> dict[Message, list[str]]:
    """Every message, a pair where it has a plural, with the files that say it."""
    found: dict[Message, list[str]] = {}
    for path in sources():
        for message in _said_in(path):
            found.setdefault(message, []).append(str(path.relative_to(ROOT)))
    return found


def _said_in(path: Path) -> Iterator[Message]:
    text = path.read_text(encoding="utf-8")
    code = text if path.suffix == ".py" else templatize(text, origin=str(path))
    for _line, message, _comments, _context in extract("python", io.BytesIO(code.encode()), keywords=_KEYWORDS):
        yield message if isinstance(message, str) else (message[0], message[1])


def file_of(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = file_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str) -> Catalog:
    """What is said now, with the translations there are; the others are empty."""
    old, new = (
        read(language),
        Catalog(locale=language, project="Plumbline", charset="utf-8", fuzzy=False, header_comment=_HEADER),
    )
    for message, files in spoken().items():
        known = old.get(message[0] if isinstance(message, tuple) else message)
        text = known.string if known is not None and known.pluralizable == isinstance(message, tuple) else None
        new.add(message, text, locations=[(name, 0) for name in sorted(set(files))])
    return new


def write(language: str, catalog: Catalog) -> None:
    path = file_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_text(catalog))
    path.with_suffix(".mo").write_bytes(as_machine_text(catalog))


def unsaid(catalog: Catalog) -> list[str]:
    """Messages without a translation, or without all of its plurals."""
    texts = [(message.id, message.string) for message in catalog if message.id]
    return [str(said) for said, text in texts if not text or not all([text] if isinstance(text, str) else text)]


def as_text(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=0, sort_output=True, include_lineno=False)
    return _without_dates(file.getvalue())


def as_machine_text(catalog: Catalog) -> bytes:
    """What Django reads. Its header matters for the plurals only; the date in it is always the same, so that the same
    texts are the same file."""
    plain = Catalog(locale=catalog.locale, charset="utf-8", fuzzy=False, creation_date=_SOME_DAY)
    plain.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", catalog.plural_forms)]
    for message in catalog:
        if message.id:
            plain.add(message.id, message.string)
    file = io.BytesIO()
    write_mo(file, plain)
    return file.getvalue()


def _without_dates(text: bytes) -> bytes:
    """No dates, people and tools: the same texts are the same file."""
    names = rb"POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team"
    return re.sub(rb'"(?:' + names + rb")[^\n]*\n", b"", text)
