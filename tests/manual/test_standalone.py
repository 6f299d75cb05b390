"""One file of HTML says what the page, the print and the Markdown say, and needs nothing else."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from kpiproject.documents import markdown, printing, tree, words
from manual import pictures, rendering, shares, standalone
from manual.editions import printable
from manual.models import Edition
from manual.shares import Terms
from tests.factories import StaffFactory, UserFactory
from tests.manual.documents import edition, section
from tests.manual_factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> Edition:
    shown = pictures.described(markdown.parse(f"![A red thing](image:{picture().name})"))
    rows = [["May", "91.2 %", "812"], ["June", "88.0 %", "790"]]
    found = edition(
        section("promise", tree.heading(1, "Limits", "promise-limits"), tree.paragraph("We help."), *shown),
        section("kpis", tree.table("CSAT by month", ["Month", "#Value", "#Cases"], rows), number="2"),
    )
    found.refresh_from_db()
    return found


class Reader(HTMLParser):
    """Headings, the cells of tables, and addresses from which a browser would fetch something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.cells: list[str] = []
        self.fetched: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self._into: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.text += dict(attrs).get("alt") or ""
        into = self.headings if re.fullmatch("h[1-6]", tag) else self.cells if tag in ("td", "th") else None
        if into is not None:
            self._into = into
            into.append("")
        self.fetched += [value or "" for name, value in attrs if name in ("src", "srcset", "action", "data")]
        self.fetched += [dict(attrs).get("href") or ""] if tag == "link" else []

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch("h[1-6]|td|th", tag):
            self._into = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._into is not None:
            self._into[-1] += data


def in_print(found: Edition) -> tuple[list[str], list[str]]:
    headings, cells = [], []
    for part in printing.prepared(printable(found))["sections"]:
        headings.append(f"{part['number']} {part['title']}")
        for block in part["blocks"]:
            if block["is"] == "heading":
                headings.append("".join(each["text"] for each in block["inlines"]))
            if block["is"] == "table":
                cells += [column["title"] for column in block["columns"]]
                cells += ["".join(each["text"] for each in cell["parts"]) for row in block["rows"] for cell in row]
    return headings, cells


def in_markdown(found: Edition) -> tuple[list[str], list[str]]:
    text = words.to_markdown(found.content)
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|") and "---" not in line]
    return re.findall(r"^##+ (.+)$", text, re.MULTILINE), [cell for row in rows for cell in row]


def test_file_page_print_and_markdown_have_the_same_headings_tables_and_numbers(published: Edition) -> None:
    file = Reader(standalone.of_edition(published))
    page = Reader(rendering.of_edition(published).body)
    headings = [each.strip() for each in page.headings]
    assert headings == ["1 Promise", "Limits", "2 Kpis"]
    assert page.cells == ["Month", "Value", "Cases", "May", "91.2 %", "812", "June", "88.0 %", "790"]
    assert [each.strip() for each in file.headings[1:]] == headings  # after the title of the manual
    assert file.cells == page.cells
    assert in_print(published) == (headings, page.cells)
    assert in_markdown(published) == (headings, page.cells)


def test_it_fetches_nothing_and_runs_nothing(published: Edition) -> None:
    text = standalone.of_edition(published)
    file = Reader(text)
    assert [address[:22] for address in file.fetched] == ["data:image/png;base64,"]
    assert file.tags & {"script", "iframe", "object", "link", "form"} == set()
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert set(re.findall(r"url\(.{6}", text)) == {'url("data:'}
    assert "@media print" in text


def test_whoever_reads_the_manual_can_save_it(client: Client, published: Edition) -> None:
    address = f"/manual/editions/{published.number}/plumbline-manual-{published.number}.html"
    assert client.get(address).status_code == 302
    client.force_login(UserFactory())
    assert client.get(address).status_code == 403
    client.force_login(StaffFactory())
    response = client.get(address)
    assert response["Content-Disposition"] == f'attachment; filename="plumbline-manual-{published.number}.html"'
    assert response.content.decode() == standalone.of_edition(published)
    assert client.get(f"/manual/editions/{published.number}/plumbline-manual-77.html").status_code == 404
    assert f'href="{address}"' in client.get("/manual/").content.decode()


def test_outsiders_save_what_they_may_read(client: Client, published: Edition) -> None:
    share = shares.create(published, Terms(name="Ada", sections=["kpis"]), by=None)
    response = client.get(f"/share/{share.token}/plumbline-manual.html")
    file = Reader(response.content.decode())
    assert ([each.strip() for each in file.headings[1:]], file.fetched) == (["2 Kpis"], [])
    assert response["Content-Disposition"] == 'attachment; filename="plumbline-manual.html"'
    share.refresh_from_db()
    assert share.views == 1
