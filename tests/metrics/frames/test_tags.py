"""Figures by tags: a ticket may have several, and counts once in each."""

import csv
import io
import json
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from kpiproject.lib.periods import Grain
from metrics.catalogue import CATALOGUE
from metrics.dimensions import TAGS, askable, divisible
from metrics.models import Ticket
from metrics.queries import BadQuestion, Question, as_document, as_table, figures, in_a_row, members, rows
from metrics.queries.patterns import by_hour
from metrics.queries.stages import stuck
from tests.factories import CustomerFactory, ManagerFactory, TicketFactory
from tests.metrics.figures import compute, day, organisation
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db
MARCH = {"start": day("2026-03-01"), "end": day("2026-04-01")}
SENTENCE = "A ticket counts once in each of its tags, so the parts do not add up to the whole."
ADDRESS = "/kpis/ticket_volume/?from=2026-03-01&to=2026-04-01"
REPLY = "2026-03-02T10:30Z"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-03-20T12:00Z", tick=False)
    organisation(time_zone="UTC")
    cache.clear()  # what is kept there is of other tests, whose facts had the same number of changes


@pytest.fixture
def tagged():
    """Two with refund, of which one is also vip; one vip alone; one without; and spam that counts nowhere."""
    gold = CustomerFactory(tier="gold")
    for tags, channel in (("refund", "chat"), ("refund, vip", "email"), ("vip", "email"), ("", "email")):
        TicketFactory(tags=tags, channel=channel, customer=gold if tags else None, first_agent_reply_at=REPLY)
    TicketFactory(tags="refund, junk", is_spam=True)
    compute()


def asked(code="ticket_volume", **words):
    return figures(Question(code=code, **(MARCH | words)))


def by_tag(code="ticket_volume", **words):
    return {point.member: point.n for point in asked(code, by=TAGS, **words).points}


def kept(*tags, code="ticket_volume", **where):
    question = Question(code=code, where={TAGS: tags, **where}, **MARCH)
    (point,) = figures(question).points
    assert rows(question).total == len(rows(question, limit=None).rows) == point.n
    return point.n


def test_a_ticket_counts_once_in_each_of_its_tags(tagged):
    assert by_tag() == {"": 1, "junk": 0, "refund": 2, "vip": 2}
    junk = next(point for point in asked(by=TAGS).points if point.member == "junk")
    assert (junk.value, junk.excluded) == (0, {"spam": 1})
    assert asked().points[0].n == 4
    assert by_tag("first_response_time") == {"": 1, "refund": 2, "vip": 2}
    assert members(CATALOGUE["ticket_volume"], TAGS) == ["", "junk", "refund", "vip"]


def test_several_tags_mean_or_and_other_dimensions_and(tagged):
    assert (kept("refund"), kept("vip"), kept("refund", "vip"), kept(""), kept("", "vip")) == (2, 2, 3, 1, 3)
    assert (kept("refund", channel=["email"]), kept("refund", "vip", channel=["email"]), kept("REFUND")) == (1, 2, 0)
    assert kept("refund", tier=["gold"]) == 2
    assert kept("nobody", code="first_response_time") == 0


def test_another_breakdown_of_some_tags(tagged):
    found = asked(by="channel", where={TAGS: ["vip"]})
    assert {point.member: point.n for point in found.points} == {"email": 2}
    assert (found.parts_overlap, found.points[0].notes) == (False, ())
    assert by_tag(where={"channel": ["chat"]}) == {"refund": 1}
    # Only the parts asked for, each of which is what is kept by that tag alone.
    assert by_tag(where={TAGS: ["vip"]}) == {"vip": 2}
    assert by_tag(where={TAGS: ["", "vip"]}) == {"": 1, "vip": 2}


def test_they_hold_for_levels_courses_and_analyses(tagged):
    assert {point.member: point.value for point in asked("backlog", by=TAGS).points}["refund"] == 2
    course = asked(by=TAGS, grain=Grain.DAY).points
    assert {(str(point.start), point.member): point.n for point in course if point.n} == {
        ("2026-03-02", ""): 1,
        ("2026-03-02", "refund"): 2,
        ("2026-03-02", "vip"): 2,
    }
    question = Question(code="ticket_volume", where={TAGS: ["refund"]}, **MARCH)
    assert sum(slot.point.n for slot in by_hour(question)) == 2
    assert stuck(question).found == 2
    (whole,) = in_a_row(question, [asked().period]).points
    assert whole.n == 2
    (answered,) = asked("first_response_time", where={TAGS: ["vip"]}).points
    assert (answered.n, answered.beside["unanswered"]) == (2, 0)


def test_shares_of_one_whole_have_no_overlapping_parts_but_may_be_filtered(tagged):
    share = CATALOGUE["category_share"]
    assert TAGS in askable(share)
    assert TAGS not in divisible(share)
    assert [point.n for point in asked("channel_share", by="channel", where={TAGS: ["vip"]}).points] == [2]
    with pytest.raises(BadQuestion):
        asked("category_share", by=TAGS)


def test_what_has_no_tickets_refuses_them():
    for words in ({"by": TAGS}, {"where": {TAGS: ["vip"]}}):
        with pytest.raises(BadQuestion, match="“tags” is not a dimension of csat"):
            asked("csat", **words)


def test_it_is_said_that_parts_overlap(tagged):
    found = asked(by=TAGS)
    document = as_document(found)
    assert document["parts_overlap"] is True
    assert {tuple(point["notes"]) for point in document["points"]} == {(SENTENCE,)}
    assert as_document(asked(by="channel"))["parts_overlap"] is False
    header, *lines = as_table(document)
    assert {line[header.index("notes")] for line in lines} == {SENTENCE}


def run(*arguments):
    out = io.StringIO()
    call_command("kpi", "ticket_volume", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_the_command_takes_and_tells_them(tagged):
    document = json.loads(run("--by", "tags", "--where", "tags=refund", "--where", "tags=vip", "--json"))
    assert {point["member"]: point["n"] for point in document["points"]} == {"refund": 2, "vip": 2}
    assert run("--by", "tags").splitlines()[-1] == SENTENCE
    listed = list(csv.DictReader(io.StringIO(run("--where", "tags=refund", "--rows", "--format", "csv"))))
    assert len(listed) == 2
    assert "tags" in json.loads(_listed("kpis"))[0]["dimensions"]


def _listed(command):
    out = io.StringIO()
    call_command(command, "--json", stdout=out)
    return out.getvalue()


def test_the_page_offers_them_and_says_so(client, tagged):
    client.force_login(ManagerFactory())
    found = client.get(f"{ADDRESS}&by=tags&offer=tags&where=tags=refund")
    assert {line.label: line.value for line in found.context["parts"].lines} == {"refund": "2"}
    assert [(one.value, one.is_kept) for one in found.context["offered"].choices][:2] == [
        ("tags=refund", True),
        ("tags=", False),
    ]
    assert SENTENCE in found.content.decode()
    assert SENTENCE not in client.get(f"{ADDRESS}&by=channel").content.decode()
    table = client.get(f"{ADDRESS.replace('/?', '/figures.csv?')}&by=tags&members=1").content.decode()
    assert table.count(SENTENCE) == 31 * 4
    listed = client.get(f"{ADDRESS.replace('/?', '/rows/?')}&where=tags=refund")
    assert listed.context["found"].total == 2
    share = client.get(f"{ADDRESS.replace('ticket_volume', 'category_share')}&by=tags")
    assert share.status_code == 422


def test_what_no_rollup_has_is_up_to_date_after_an_import(tmp_path):
    header = "external_id,created_at,tags"
    imported("tickets", written(tmp_path, [header, "A,2026-03-02 10:00,refund vip", "B,2026-03-03 10:00,"]))
    assert by_tag() == {"": 1, "refund": 1, "vip": 1}
    imported(
        "tickets", written(tmp_path, [header, "A,2026-03-02 10:00,refund vip", "B,2026-03-03 10:00,late refund;vip"])
    )
    assert by_tag() == {"late refund": 1, "refund": 1, "vip": 2}
    assert kept("late refund") == 1


def test_tags_of_before_are_kept_with_commas_from_now_on():
    for source, tags in (
        ("desk", "vip printer"),
        ("desk", "late refund,vip"),
        ("zammad", "late refund"),
        ("desk", ""),
    ):
        TicketFactory(source=source, tags=tags)
    import_module("metrics.migrations.0021_tags").rewrite(apps, SimpleNamespace(connection=connection))
    assert list(Ticket.objects.order_by("pk").values_list("tags", flat=True)) == [
        "vip, printer",
        "late refund, vip",
        "late refund",
        "",
    ]
