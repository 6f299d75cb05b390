from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.utils.safestring import mark_safe
from hypothesis import HealthCheck, given, settings

from kpiproject.documents import printing, tree, web, words
from kpiproject.documents.tree import paragraph
from tests.kpiproject.documents.trees import blocks, chart, everything, picture, spec

VOID = {"br", "hr"}
HAVE_ATTRIBUTES = {"a", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "aside", "blockquote"} | {
    *("dl", "div", "table", "th", "td", "hr", "figure", "p")
}


class Reader(HTMLParser):
    """Fails on an element that does not close where it should; keeps the words and the attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (paragraph("a < b & c"), "<p>a &lt; b &amp; c</p>"),
        (paragraph(mark_safe("<b>a</b>")), "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        (tree.heading(1, "A", "a"), '<h3 id="a">A</h3>'),
        (tree.heading(9, "A", 'a"b'), '<h6 id="a&quot;b">A</h6>'),
        (
            paragraph(tree.link("a", "https://a.example/?b&c")),
            '<p><a href="https://a.example/?b&amp;c" rel="noopener noreferrer">a</a></p>',
        ),
        (paragraph(tree.link("a", "#b")), '<p><a href="#b">a</a></p>'),
        (paragraph(tree.link("a", "mailto:a@b.example")), '<p><a href="mailto:a@b.example">a</a></p>'),
        (paragraph(tree.link("a", "javascript:b")), "<p>a</p>"),
        (
            paragraph(tree.strong("a"), {"is": "break"}, {"is": "code", "text": "<"}),
            "<p><strong>a</strong><br><code>&lt;</code></p>",
        ),
        (tree.bullets(["a"]), '<ul class="doc-list"><li>a</li></ul>'),
        (tree.bullets(["a"], start=3), '<ol class="doc-list" start="3"><li>a</li></ol>'),
        ({"is": "quote", "blocks": [paragraph("a")]}, '<blockquote class="doc-quote"><p>a</p></blockquote>'),
        ({"is": "code_block", "text": "<a>"}, '<pre class="doc-code" tabindex="0"><code>&lt;a&gt;</code></pre>'),
        ({"is": "rule"}, '<hr class="doc-rule">'),
        (tree.note("", paragraph("a")), '<aside class="notice doc-note"><p>a</p></aside>'),
        (tree.note("bad", paragraph("a")), '<aside class="notice doc-note notice-error"><p>a</p></aside>'),
        (tree.note('"><script>', paragraph("a")), '<aside class="notice doc-note"><p>a</p></aside>'),
        (tree.facts(("a", "b"), ("c", "")), '<dl class="definition doc-facts"><dt>a</dt><dd>b</dd></dl>'),
        (
            tree.table("C", ["a", "#n"], [["x", "1"]]),
            (
                '<div class="table-scroll doc-table" role="group" tabindex="0" aria-label="C">'
                '<table class="table table-stack">'
                '<caption>C</caption><thead><tr><th scope="col">a</th><th scope="col" class="numeric">n</th></tr>'
                '</thead><tbody><tr><th scope="row">x</th>'
                '<td class="numeric" data-label="n">1</td></tr></tbody></table></div>'
            ),
        ),
        (
            tree.table("", ["#n"], [["1"]]),
            (
                '<div class="table-scroll doc-table" role="group" tabindex="0" aria-label="n">'
                '<table class="table table-stack">'
                '<thead><tr><th scope="col" class="numeric">n</th></tr></thead>'
                '<tbody><tr><td class="numeric" data-label="n">1</td></tr></tbody></table></div>'
            ),
        ),
        (
            {"is": "chart", "title": "a<b", "spec": {}},
            (
                '<figure class="chart doc-chart" tabindex="0"><figcaption>a&lt;b</figcaption>'
                '<p class="muted">This chart cannot be drawn.</p></figure>'
            ),
        ),
    ],
)
def test_render(block: Any, html: str) -> None:
    assert web.render([block]) == html


def test_charts_are_named_by_their_title_and_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    html = web.render([chart('Satisfied "customers"')])
    assert 'role="img"><title>Satisfied &quot;customers&quot;</title>' in html
    assert "<figcaption>Satisfied &quot;customers&quot;</figcaption>" in html
    monkeypatch.setattr("kpiproject.lib.charts.to_svg", lambda spec: pytest.fail("was drawn again"))
    assert web.render([chart('Satisfied "customers"')]) == html


def test_charts_of_one_page_share_no_ids() -> None:
    html = web.render([chart("One"), chart("Two")])
    found = [value for _tag, name, value in Reader(html).attributes if name == "id"]
    assert len(found) == len(set(found))


def test_nothing_needs_style_or_script() -> None:
    reader = Reader(web.render(everything()["sections"][0]["blocks"]))
    assert [name for _tag, name, _value in reader.attributes if name == "style" or name.startswith("on")] == []


def test_on_narrow_pages_rows_of_few_columns_are_stacked_with_the_names_of_their_columns() -> None:
    few = web.render([tree.table("", ["a", "b<"], [["x", [*tree.inlines("1 "), tree.link("c", "#c")]]])])
    assert '<td data-label="b&lt;"><span>1 <a href="#c">c</a></span></td>' in few
    assert 'class="table table-stack"' in few
    assert 'class="table table-stack"' not in web.render([tree.table("", list("abcdefgh"), [])])


def test_a_chart_that_is_none_is_told() -> None:
    broken = {key: value for key, value in spec().items() if key != "layer"}
    assert "This chart cannot be drawn." in web.render([{"is": "chart", "title": "a", "spec": broken}])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks)
def test_every_word_is_there_and_nothing_else(found: Any) -> None:
    html = web.render(found)
    reader = Reader(html)
    told = "".join(words.lines(found)).replace(" | ", "").replace("This chart cannot be drawn.", "")
    shown = "".join(reader.words).replace("This chart cannot be drawn.", "")
    assert _letters(shown) == _letters(told)
    assert {tag for tag, _name, _value in reader.attributes} <= HAVE_ATTRIBUTES


def _letters(words: str) -> str:
    """Without space, and without the signs that stand between cells and after the names of facts."""
    return "".join(sign for sign in words if not sign.isspace() and sign not in "|:")


def test_a_picture_has_its_words_and_its_size() -> None:
    assert web.render([picture(alt='A "red" <thing>')]) == (
        '<figure class="doc-picture"><img src="/manual/pictures/abc" alt="A &quot;red&quot; &lt;thing&gt;" width="40" '
        'height="30" loading="lazy"></figure>'
    )
    assert web.render([{"is": "picture", "name": "abc", "alt": "Gone & lost"}]) == "<p><em>Gone &amp; lost</em></p>"


def test_what_is_folded_away_is_opened_by_the_reader_under_its_words() -> None:
    facts = tree.folded(tree.facts(("Formula", "a < b")), "How it is <counted>")
    assert web.render([facts]) == (
        '<details class="doc-folded"><summary>How it is &lt;counted&gt;</summary>'
        '<dl class="definition doc-facts"><dt>Formula</dt><dd>a &lt; b</dd></dl></details>'
    )
    html = web.render([tree.folded(tree.table("By month", ["Month"], [["May"]]))])
    assert html.startswith('<details class="doc-folded"><summary>By month</summary><div class="table-scroll doc-table"')
    assert (html.count("By month"), "<caption>" in html) == (2, False)


def test_folding_away_changes_no_word_and_no_print() -> None:
    plain = [tree.facts(("Formula", "x")), tree.table("By month", ["Month"], [["May"]])]
    folded = [tree.folded(plain[0], "More"), tree.folded(plain[1])]
    assert words.lines(folded) == words.lines(plain)
    both = [printed([{"anchor": "a", "number": "1", "title": "A", "blocks": blocks}]) for blocks in (plain, folded)]
    assert both[0] == both[1]


def printed(sections: list[Any]) -> Any:
    document: Any = {"title": "T", "subtitle": "", "language": "en", "facts": [], "sections": sections}
    return printing.prepared(document)["sections"]


def test_what_is_muted_stands_back_on_pages_and_is_plain_in_words() -> None:
    block = tree.paragraph("a ", tree.muted("b < ", tree.strong("c")))
    assert web.render([block]) == '<p>a <span class="muted">b &lt; <strong>c</strong></span></p>'
    assert words.lines([block]) == ["a b < c"]
    [kept] = printed([{"anchor": "a", "number": "1", "title": "A", "blocks": [block]}])[0]["blocks"]
    assert [part["is"] for part in kept["inlines"]] == ["text", "muted"]
