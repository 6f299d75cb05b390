"""Every kind of file that can be imported, from which systems, with its columns. For whoever brings data in."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual.chapters.context import Built, Context
from metrics.column_words import column_words
from metrics.import_forms import FORMAT_NAMES
from metrics.import_words import form_names
from metrics.models import ImportRun
from metrics.sources.columns import KINDS, Column
from metrics.sources.formats import GENERIC, READERS
from metrics.sources.reader import Reader

_MOST_NAMES: Final = 3


def build(_context: Context) -> Built:
    return Built(blocks=[*_files(), *_systems(), *_kinds(), *_names()])


def _files() -> Iterator[Block]:
    yield tree.paragraph(
        _(
            "Files may be of these forms: %(forms)s. The first line names the columns, in any order; others do no "
            "harm. The same file twice changes nothing. Nothing is stored before you have seen what "
            "would become of it, and an import can be undone."
        )
        % {"forms": ", ".join(form_names())}
    )


def _systems() -> Iterator[Block]:
    yield tree.heading(1, _("Systems whose exports are known"), "ref-imports-systems")
    rows = [[str(FORMAT_NAMES[name]), ", ".join(map(_kind, readers))] for name, readers in READERS.items()]
    yield tree.table(_("What is read from where"), [_("System"), _("What it delivers")], rows)


def _kind(code: str) -> str:
    return str(ImportRun.Kind(code).label)


def _kinds() -> Iterator[Block]:
    yield tree.heading(1, _("Columns by kind"), "ref-imports-columns")
    yield tree.paragraph(_("Those in bold are needed; everything else may be missing or empty."))
    for kind, columns in KINDS.items():
        yield tree.heading(2, capfirst(_kind(kind)), f"ref-import-{kind.replace('_', '-')}")
        yield tree.bullets(_column(kind, column) for column in columns)


def _column(kind: str, column: Column) -> list[Inline]:
    """“**created_at** (Created): When the ticket was opened.”."""
    words = column_words(makes(kind), column.name)
    name: Inline = tree.strong(column.name) if column.required else {"is": "code", "text": column.name}
    return tree.inlines(name, f" ({words.label}): {words.explanation}")


def makes(kind: str) -> str:
    """What the reader of a kind yields; its columns are explained by that name."""
    return READERS[GENERIC][kind].layout.makes


def _names() -> Iterator[Block]:
    yield tree.heading(1, _("What other systems call these columns"), "ref-imports-names")
    yield tree.paragraph(_("Recognised by themselves, in capital or small letters alike."))
    yield tree.facts(
        *(named for name, readers in READERS.items() for named in _named(str(FORMAT_NAMES[name]), readers))
    )


def _named(system: str, readers: Mapping[str, type[Reader]]) -> Iterator[tuple[str, str]]:
    """One entry for the kinds that a system writes under the same names."""
    found: dict[str, list[str]] = {}
    for kind, reader in readers.items():
        if known := aliases(reader):
            words = "; ".join(f"{ours} = {' / '.join(theirs)}" for ours, theirs in known.items())
            found.setdefault(words, []).append(_kind(kind))
    for words, kinds in found.items():
        yield f"{system}: {', '.join(kinds)}", words


def aliases(reader: type[Reader]) -> Mapping[str, list[str]]:
    """The first names that a system has for each of our columns, by our name."""
    return {ours: list(theirs)[:_MOST_NAMES] for ours, theirs in reader.layout.aliases.items() if theirs}
