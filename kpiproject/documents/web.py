"""Documents as HTML for our own pages: everything is escaped, nothing carries a style or a script."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.core.cache import cache
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kpiproject.documents.markdown import is_safe_link
from kpiproject.documents.tree import Block, Inline, clean, rows_of
from kpiproject.lib import charts

# Rows of so many columns are stacked where the page is narrow.
_MOST_STACKED: Final = 7
# A heading of level 1 in the tree stands below the title of its section.
TOP_LEVEL: Final = 3
_DEEPEST: Final = 6
_MARKS: Final = {
    "code": "<code>{}</code>",
    "strong": "<strong>{}</strong>",
    "emphasis": "<em>{}</em>",
    "muted": '<span class="muted">{}</span>',
}
_CHART_SECONDS: Final = 7 * 86400
PICTURES: Final = "/manual/pictures/"
_TONES: Final = {"good": "notice-success", "warn": "notice-warning", "bad": "notice-error"}


def render(blocks: Iterable[Block], *, top: int = TOP_LEVEL) -> SafeString:
    """Headings of level 1 become h3, or h`top`."""
    return _join(_WRITERS[block["is"]](block, top) for block in blocks)


def _words(words: str) -> SafeString:
    """Escaped whatever anyone says of it."""
    return escape(clean(words))


def _join(parts: Iterable[str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _inlines(parts: Iterable[Inline]) -> SafeString:
    return _join(_inline(part) for part in parts)


def _inline(part: Any) -> SafeString:
    kind = part["is"]
    if kind == "text":
        return _words(part["text"])
    if kind == "break":
        return mark_safe("<br>")
    if kind == "link":
        return _link(part)
    inner = _words(part["text"]) if kind == "code" else _inlines(part["inlines"])
    return format_html(_MARKS[kind], inner)


def _link(part: Any) -> SafeString:
    inner = _inlines(part["inlines"])
    if not is_safe_link(part["to"]):
        return inner
    rel = mark_safe(' rel="noopener noreferrer"') if part["to"][:4].lower() == "http" else ""
    return format_html('<a href="{}"{}>{}</a>', escape(part["to"]), rel, inner)


def _heading(block: Any, top: int) -> SafeString:
    level = max(top, min(_DEEPEST, block["level"] + top - 1))
    return format_html('<h{0} id="{1}">{2}</h{0}>', level, escape(block["anchor"]), _inlines(block["inlines"]))


def _paragraph(block: Any, top: int) -> SafeString:
    return format_html("<p>{}</p>", _inlines(block["inlines"]))


def _list(block: Any, top: int) -> SafeString:
    items = format_html_join("", "<li>{}</li>", ((_item(item, top),) for item in block["items"]))
    if block["start"] is None:
        return format_html('<ul class="doc-list">{}</ul>', items)
    return format_html('<ol class="doc-list" start="{}">{}</ol>', block["start"], items)


def _item(blocks: Sequence[Block], top: int) -> SafeString:
    """The first paragraph stands beside the mark, without a distance of its own."""
    if blocks and blocks[0]["is"] == "paragraph":
        return _inlines(blocks[0]["inlines"]) + render(blocks[1:], top=top)
    return render(blocks, top=top)


def _quote(block: Any, top: int) -> SafeString:
    return format_html('<blockquote class="doc-quote">{}</blockquote>', render(block["blocks"], top=top))


def _code_block(block: Any, top: int) -> SafeString:
    # What can be scrolled must be reached with the keyboard too.
    return format_html('<pre class="doc-code" tabindex="0"><code>{}</code></pre>', _words(block["text"]))


def _rule(block: Any, top: int) -> SafeString:
    return mark_safe('<hr class="doc-rule">')


def _note(block: Any, top: int) -> SafeString:
    look = " " + _TONES[block["tone"]] if block["tone"] in _TONES else ""
    return format_html('<aside class="notice doc-note{}">{}</aside>', look, render(block["blocks"], top=top))


def _facts(block: Any, top: int) -> SafeString:
    items = ((_words(name), _inlines(value)) for name, value in block["items"])
    found = format_html(
        '<dl class="definition doc-facts">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", items)
    )
    return _folded(block["folded"], found) if block.get("folded") else found


def _folded(words: str, inner: SafeString) -> SafeString:
    """Opened by the reader, and always in a print."""
    return format_html('<details class="doc-folded"><summary>{}</summary>{}</details>', _words(words), inner)


def _table(block: Any, top: int) -> SafeString:
    columns, is_folded = block["columns"], block.get("is_folded", False)
    caption = format_html("<caption>{}</caption>", _words(block["caption"])) if block["caption"] else ""
    heads = format_html_join(
        "", '<th scope="col"{}>{}</th>', ((_numeric(column), _words(column["title"])) for column in columns)
    )
    rows = format_html_join("", "<tr>{}</tr>", ((_row(row, columns),) for row in rows_of(block)))
    name = block["caption"] or ", ".join(column["title"] for column in columns)
    found = format_html(
        '<div class="table-scroll doc-table" role="group" tabindex="0" aria-label="{}"><table class="{}">{}'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        _words(name),
        "table table-stack" if len(columns) <= _MOST_STACKED else "table",
        "" if is_folded else caption,
        heads,
        rows,
    )
    return _folded(name, found) if is_folded else found


def _row(row: Sequence[Sequence[Inline]], columns: Sequence[Any]) -> SafeString:
    """The first cell names the row, unless it is a number; the others carry their column's name for narrow pages."""
    cells = []
    for n, (value, column) in enumerate(zip(row, columns, strict=True)):
        if n == 0 and not column["is_numeric"]:
            cells.append(format_html('<th scope="row">{}</th>', _inlines(value)))
            continue
        label = format_html(' data-label="{}"', _words(column["title"])) if column["title"] else ""
        cells.append(format_html("<td{}{}>{}</td>", _numeric(column), label, _cell(value)))
    return _join(cells)


def _cell(value: Sequence[Inline]) -> SafeString:
    """In one piece, so that the name of the column can stand beside all of it."""
    return _inlines(value) if len(value) < 2 else format_html("<span>{}</span>", _inlines(value))


def _numeric(column: Any) -> SafeString:
    return mark_safe(' class="numeric"' if column["is_numeric"] else "")  # noqa: S308 - one of two constants


def _chart(block: Any, top: int) -> SafeString:
    svg = chart_svg(block["spec"], block["title"])
    drawn = mark_safe(svg) if svg else format_html('<p class="muted">{}</p>', _("This chart cannot be drawn."))  # noqa: S308 - made by us, and it escapes what it writes
    return format_html(
        '<figure class="chart doc-chart" tabindex="0"><figcaption>{}</figcaption>{}</figure>',
        _words(block["title"]),
        drawn,
    )


def _picture(block: Any, top: int) -> SafeString:
    """Under PICTURES, unless whoever shows the page says otherwise. One of which nothing is known is told in words."""
    if "digest" not in block:
        return format_html("<p><em>{}</em></p>", _words(block["alt"]))
    return format_html(
        '<figure class="doc-picture"><img src="{}{}" alt="{}" width="{}" height="{}" loading="lazy"></figure>',
        PICTURES,
        block["name"],
        _words(block["alt"]),
        block["width"],
        block["height"],
    )


def chart_svg(spec: Mapping[str, Any], title: str) -> str:
    """The chart named by its title, or "" if the specification is none. Drawing takes long, so it is kept."""
    named = {**spec, "description": title}
    digest = hashlib.sha256(json.dumps(named, sort_keys=True, default=str).encode()).hexdigest()
    key = f"documents:chart:{digest}"
    svg: str | None = cache.get(key)
    if svg is None:
        svg = _drawn(named)
        cache.set(key, svg, _CHART_SECONDS)
    return svg


def _drawn(spec: dict[str, Any]) -> str:
    try:
        return charts.to_svg(spec)
    except (KeyError, TypeError, ValueError):
        return ""


_WRITERS: Final[Mapping[str, Callable[[Any, int], SafeString]]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "list": _list,
    "quote": _quote,
    "code_block": _code_block,
    "rule": _rule,
    "note": _note,
    "facts": _facts,
    "table": _table,
    "chart": _chart,
    "picture": _picture,
}
