"""KPIs of our own over messages and ticket events: everything that one over tickets has."""

import random
from datetime import date

import pytest
from django.db import connection

from metrics import basis, dirty, frames, ingest, rollups
from metrics.dimensions import FURTHER, TAGS, further
from metrics.frames import Span
from metrics.frames.belongings import BELONGINGS
from metrics.models import CustomKpi, DirtyDay, ImportRun, Rollup
from metrics.own.columns import TABLES
from metrics.own.conditions import BadConditionError, read
from metrics.queries import BadQuestion, Question, extent, figures, find_kpi, members, rows
from metrics.queries.supply import supply
from tests.factories import CustomerFactory, ManagerFactory, TicketEventFactory, TicketFactory
from tests.measure_factories import CustomKpiFactory, MessageFactory
from tests.metrics.figures import compute, day, organisation, point, stored
from tests.metrics.importing import counts, imported, written

pytestmark = pytest.mark.django_db
TICKETS = ["external_id,created_at,channel,customer", "A,2026-03-01 09:00,chat,C1", "B,2026-03-01 09:00,email,C2"]
MARCH = {"start": day("2026-03-01"), "end": day("2026-04-01")}


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-03-20T12:00Z", tick=False)
    organisation(time_zone="UTC")


def where(column, value="", operator="equals"):
    return {"column": column, "operator": operator, "value": value}


def own(frame, **words):
    return CustomKpiFactory(frame=frame, at="at", **words)


@pytest.fixture
def spoken():
    """In a chat a question of 10 characters, an automatic reply and an answer of 30 half an hour after the ticket; an
    internal note in a mail; and an answer in spam."""
    chat = TicketFactory(created_at="2026-03-02T10:00Z", channel="chat", tags="refund, vip", language="de")
    mail = TicketFactory(created_at="2026-03-02T10:00Z", channel="email")
    spam = TicketFactory(created_at="2026-03-02T10:00Z", channel="email", is_spam=True)
    MessageFactory(ticket=chat, at="2026-03-02T10:00Z", author_type="customer", text="x" * 10)
    MessageFactory(ticket=chat, at="2026-03-02T10:00Z", author_type="automation", is_auto_reply=True)
    MessageFactory(ticket=chat, at="2026-03-02T10:30Z", text="x" * 30)
    MessageFactory(ticket=mail, at="2026-03-03T10:00Z", public=False)
    MessageFactory(ticket=spam, at="2026-03-03T10:00Z")


@pytest.fixture
def happened():
    """One of each kind, an hour apart; an escalation two hours after its ticket in another one; and one in a test."""
    one, other = TicketFactory(channel="chat", tags="vip"), TicketFactory(channel="email")
    for hour, kind in enumerate(("created", "status", "assignee", "note", "handoff", "escalate")):
        TicketEventFactory(ticket=one, at=f"2026-03-02T{10 + hour}:00Z", kind=kind, actor_type="agent")
    TicketEventFactory(ticket=other, at="2026-03-03T12:00Z", kind="escalate", actor_type="automation", to_value="two")
    TicketEventFactory(ticket=TicketFactory(is_test=True), at="2026-03-03T12:00Z", kind="escalate")


@pytest.mark.parametrize(
    ("words", "value", "n"),
    [
        ({"shape": "number"}, 4, 4),
        ({"shape": "number", "filters": [where("author_type", "agent")]}, 2, 2),
        ({"shape": "number", "filters": [where("channel", "chat"), where("public", "yes")]}, 3, 3),
        ({"shape": "share", "unit": "percent", "part": [where("is_auto_reply", "yes")]}, 25, 4),
        ({"shape": "mean", "column": "characters", "unit": "number"}, 20, 2),
        ({"shape": "per_row", "column": "characters", "unit": "number"}, 10, 4),
        (
            {
                "shape": "duration", "column": "created_at", "second": "at", "unit": "seconds",
                "filters": [where("author_type", "Agent"), where("public", "yes")],
            },
            1800,
            1,
        ),
    ],
)  # fmt: skip
def test_messages_are_counted_in_every_shape(spoken, words, value, n):
    kpi = own("messages", **words)
    found = point(kpi.code)
    assert (found.value, found.n) == (value, n)
    assert rows(Question(code=kpi.code)).total == len(rows(Question(code=kpi.code), limit=None).rows) == n


@pytest.mark.parametrize(
    ("words", "value", "n"),
    [
        ({"shape": "number"}, 7, 7),
        ({"shape": "number", "filters": [where("kind", "note, handoff", "one_of")]}, 2, 2),
        ({"shape": "number", "filters": [where("to_value", operator="filled")]}, 1, 1),
        ({"shape": "share", "unit": "percent", "part": [where("actor_type", "agent")]}, 600 / 7, 7),
        # 15:00 and a day and two hours after the creation at 10:00
        (
            {
                "shape": "duration", "column": "created_at", "second": "at", "unit": "seconds",
                "filters": [where("kind", "escalate")],
            },
            3600 * (5 + 26) / 2,
            2,
        ),
    ],
)  # fmt: skip
def test_events_are_counted_in_every_shape(happened, words, value, n):
    kpi = own("ticket_events", **words)
    found = point(kpi.code)
    assert (found.value, found.n) == (pytest.approx(value), n)
    assert rows(Question(code=kpi.code)).total == len(rows(Question(code=kpi.code), limit=None).rows) == n


def test_what_counts_nowhere_is_said(spoken, happened):
    assert point(own("messages").code).excluded == {"spam": 1}
    assert point(own("ticket_events").code).excluded == {"test": 1}


@pytest.mark.parametrize("frame", BELONGINGS)
def test_divided_by_nothing_has_no_value(spoken, frame):
    TicketEventFactory()
    nobody = own(frame, shape="share", unit="percent", filters=[where("channel", "fax")], part=[where("team", "A")])
    assert (point(nobody.code).value, point(nobody.code).n) == (None, 0)
    late = own(frame, shape="duration", column="solved_at", second="at", unit="seconds")
    assert (point(late.code).value, point(late.code).n) == (None, 0)


def test_a_text_that_was_not_imported_has_no_length():
    MessageFactory(at="2026-03-05T10:00Z")
    kpi = own("messages", shape="mean", column="characters", unit="number")
    found = point(kpi.code)
    assert (found.value, found.n, found.excluded) == (None, 0, {"number_missing": 1})


@pytest.mark.parametrize("frame", BELONGINGS)
def test_they_have_the_dimensions_of_their_tickets(spoken, happened, frame):
    kpi = own(frame)
    compute()
    entry = find_kpi(kpi.code)
    assert further(entry) == FURTHER
    (whole,) = figures(Question(code=kpi.code)).points
    for dimension in (*entry.dimensions, *(name for name in FURTHER if name != TAGS)):
        parts = figures(Question(code=kpi.code, by=dimension)).points
        assert sum(part.n for part in parts) == whole.n, dimension
        assert {part.member for part in parts} <= set(members(entry, dimension))
        for part in parts:
            asked = Question(code=kpi.code, where={dimension: [part.member]}, **MARCH)
            assert figures(asked).points[0].n == part.n == len(rows(asked, limit=None).rows)


def test_messages_by_tags_and_by_two_dimensions_at_once(spoken):
    kpi = own("messages")
    compute()
    parts = figures(Question(code=kpi.code, by=TAGS)).points
    assert {part.member: part.n for part in parts} == {"": 1, "refund": 3, "vip": 3}
    asked = Question(code=kpi.code, where={TAGS: ["vip", "refund"], "channel": ["chat"], "language": ["de"]}, **MARCH)
    assert figures(asked).points[0].n == len(rows(asked, limit=None).rows) == 3


@pytest.mark.parametrize("frame", BELONGINGS)
def test_every_kind_of_event_is_found_by_an_index_of_time(frame):
    span = Span(0, 10)
    for search in BELONGINGS[frame].searches:
        sql, parameters = search.filter(at__gte="2026-03-01T00:00Z", at__lt="2026-03-02T00:00Z").query.sql_with_params()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
                assert "USING INDEX" in str(cursor.fetchall())
    found = frames.read([frame], span, frames.context(), at=["at"], where={})[frame]
    assert set(TABLES[frame].columns) <= set(found.columns)
    assert len(found) == 0


def test_a_word_that_no_row_can_have_is_refused():
    with pytest.raises(BadConditionError) as caught:
        read("ticket_events", where("kind", "escalated"))
    assert str(caught.value) == (
        "“kind of event” is never “escalated”; it is one of these: created, status, assignee, team, priority, "
        "category, reply, note, reopen, merge, escalate, handoff."
    )
    assert read("messages", where("author_type", "Bot, agent", "one_of")).values == ("Bot", "agent")
    with pytest.raises(BadConditionError):
        read("messages", where("author_type", "Bot, robot", "one_of"))


# --- Facts that change --------------------------------------------------------------------------------------------
MESSAGES = [
    "ticket,at,author_type,text,external_id",
    *(
        f"{'AB'[n % 2]},2026-03-{n % 5 + 2:02} 10:0{n % 7},{('agent', 'customer')[n % 2]},{'x' * n},m{n}"
        for n in range(30)
    ),
]
EVENTS = [
    "ticket,at,kind,to_value,actor_type,external_id",
    *(
        f"{'AB'[n % 2]},2026-03-{n % 5 + 2:02} 10:0{n % 7},{('note', 'status', 'escalate')[n % 3]},v{n % 4},agent,e{n}"
        for n in range(30)
    ),
]
FILES = {"messages": MESSAGES, "ticket_events": EVENTS}


@pytest.fixture
def two_tickets(tmp_path):
    imported("tickets", written(tmp_path, TICKETS, "tickets.csv"))


def rollups_of(kpi):
    """What is kept of a KPI now, as it was kept all along and as it is when everything is computed again."""
    rollups.recompute()
    kept = [row for row in stored() if row[0] == kpi.code]
    basis.mark_everything()
    rollups.recompute()
    assert [row for row in stored() if row[0] == kpi.code] == kept
    return kept


@pytest.mark.parametrize("frame", FILES)
def test_twice_shuffled_in_halves_and_corrected_give_the_same(tmp_path, two_tickets, frame):
    kpi = own(frame, shape="share", unit="percent", part=[where("channel", "chat")])
    rollups.recompute()
    header, *lines = FILES[frame]
    imported(frame, written(tmp_path, [header, *lines]))
    once = rollups_of(kpi)
    assert once
    pick = random.Random(5)
    again = imported(frame, written(tmp_path, [header, *pick.sample(lines, len(lines))]))
    assert counts(again) == (30, 0, 0, 30, 0)
    assert rollups_of(kpi) == once
    BELONGINGS[frame].rows.all().delete()
    basis.mark_everything()
    wrong = [line.replace(",2026-03-0", ",2026-02-1") for line in lines]
    imported(frame, written(tmp_path, [header, *wrong[:20]]))
    assert rollups_of(kpi) != once
    for half in (lines[15:], lines[:15]):
        imported(frame, written(tmp_path, [header, *half]))
    assert rollups_of(kpi) == once


@pytest.mark.parametrize("frame", FILES)
def test_an_import_that_is_taken_back_leaves_no_figure(tmp_path, two_tickets, frame):
    kpi = own(frame)
    header, *lines = FILES[frame]
    imported(frame, written(tmp_path, [header, *lines[:10]]))
    before = rollups_of(kpi)
    answer = imported(frame, written(tmp_path, [header, *[line.replace("2026-03", "2026-04") for line in lines]]))
    assert rollups_of(kpi) != before
    run = ImportRun.objects.get(pk=answer["run"])
    assert ingest.ask_to_undo(run)
    ingest.undo(run.pk)
    assert rollups_of(kpi) == before


@pytest.mark.parametrize("frame", FILES)
def test_a_ticket_that_changes_takes_what_belongs_to_it_along(tmp_path, two_tickets, frame):
    kpi = own(frame)
    imported(frame, written(tmp_path, FILES[frame]))
    rollups_of(kpi)
    by = {one.member: one.n for one in figures(Question(code=kpi.code, by="channel")).points}
    assert by == {"chat": 15, "email": 15}
    imported(
        "tickets",
        written(tmp_path, [f"{TICKETS[0]},is_spam", "A,2026-03-01 09:00,phone,C1,no", "B,2026-03-01 09:00,,C2,yes"]),
    )
    rollups_of(kpi)
    (whole,) = figures(Question(code=kpi.code)).points
    assert (whole.n, whole.excluded) == (15, {"spam": 15})
    imported("customers", written(tmp_path, ["external_id,tier", "C1,gold"]))
    rollups_of(kpi)
    assert {one.member: one.n for one in figures(Question(code=kpi.code, by="tier")).points} == {"": 0, "gold": 15}


@pytest.mark.parametrize("frame", FILES)
def test_nothing_is_marked_unless_somebody_counts_it(tmp_path, two_tickets, frame):
    imported(frame, written(tmp_path, FILES[frame]))
    basis.mark_everything()
    assert not DirtyDay.objects.filter(frame=frame).exists()
    kpi = own(frame)
    rollups.recompute()
    assert Rollup.objects.filter(kpi=kpi.code, dimension="").count() == 5
    CustomKpi.objects.update(is_active=False)
    rollups.recompute()
    assert not Rollup.objects.filter(kpi=kpi.code).exists()
    dirty.mark_tickets([1])
    assert not DirtyDay.objects.filter(frame=frame).exists()


def test_their_days_and_sources_are_known(tmp_path, two_tickets):
    kpi = own("messages")
    imported("messages", written(tmp_path, MESSAGES), "--source", "generic")
    rollups.recompute()
    entry = find_kpi(kpi.code)
    assert extent(entry, "UTC").start == date(2026, 3, 2)
    assert extent(entry, "UTC").end == date(2026, 3, 7)
    told = supply(entry, "UTC", date(2026, 3, 20))
    assert ([one.source for one in told.imports], told.last_day) == (["generic"], date(2026, 3, 6))


@pytest.mark.parametrize("frame", BELONGINGS)
def test_the_pages_show_them(client, spoken, happened, frame):
    kpi = own(frame, shape="share", unit="percent", part=[where("channel", "chat")], name="Ours")
    compute()
    client.force_login(ManagerFactory())
    period = "from=2026-03-01&to=2026-04-01"
    for page in ("", "analysis/", "rows/", "why/"):
        assert client.get(f"/kpis/{kpi.code}/{page}?{period}&where=channel=chat").status_code == 200
    listed = client.get(f"/kpis/{kpi.code}/rows.csv?{period}")
    n = figures(Question(code=kpi.code, **MARCH)).points[0].n
    lines = b"".join(listed.streaming_content) if listed.streaming else listed.content
    assert len(lines.decode().strip().splitlines()) == n + 1


@pytest.mark.parametrize("frame", BELONGINGS)
def test_a_manager_defines_one(client, spoken, happened, frame):
    client.force_login(ManagerFactory())
    address = f"/admin/metrics/customkpi/add/?table={frame}"
    shown = client.get(address).content.decode()
    assert "never count" in client.get("/admin/metrics/customkpi/add/").content.decode()
    assert 'value="at"' in shown
    usual = {
        f"{side}_{n}_operator": "equals" for side, most in (("filter", 6), ("part", 4)) for n in range(1, most + 1)
    }
    data = {
        **usual,
        "name": "Ours",
        "shape": "number",
        "at": "at",
        "unit": "count",
        "better": "lower",
        "is_active": "on",
    }
    client.post(address, data | {"filter_1_column": "channel", "filter_1_value": "chat"})
    assert CustomKpi.objects.get().frame == frame
    assert point("custom_ours").n == {"messages": 3, "ticket_events": 6}[frame]


def test_there_is_no_such_column_elsewhere():
    kpi = own("messages", filters=[where("from_value", "x")])
    CustomerFactory()
    with pytest.raises(BadQuestion):
        find_kpi(kpi.code)
