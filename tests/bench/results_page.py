"""The results of a survey with ten thousand and with a million answers over the same eighteen months."""

# ruff: noqa: S608 - the statements join texts of this file

import time
from datetime import timedelta

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpiproject import people
from kpiproject.models import User
from metrics import dirty
from surveys import answers, lifecycle, tallies
from surveys.answers import Given
from surveys.models import Contact, Survey, TallyState
from tests.bench.report import Finding, median_seconds, say

FEW, MANY = 10_000, 1_000_000
DAYS = 548
PAGES = {"results": "/surveys/csat/", "list": "/surveys/", "search": "/surveys/csat/?q=slow+reply&team=Team+3"}

# Numbers that look like chance, from the running number alone, so that the database can make the rows by itself.
_NUMBERS = """
WITH RECURSIVE running(i) AS (SELECT %(first)s UNION ALL SELECT i + 1 FROM running WHERE i + 1 < %(after)s),
    drawn AS (SELECT i, (i * 7919 + 13) %% 9973 AS a, (i * 104729 + 7) %% 15485863 AS b FROM running)
"""
_ANSWERS = (
    "INSERT INTO surveys_answer (survey_id, version_id, origin, form_key, source, external_id, kind, language, score, "
    "scale_min, scale_max, lower_is_better, standing, comment, mark, customer, ticket, ticket_source, agent, team, "
    "channel, category, answered_at, extra) "
    + _NUMBERS
    + "SELECT %(survey)s, %(version)s, CASE a %% 5 WHEN 0 THEN 'public' ELSE 'mail' END, 'bench' || i, '', '', 'csat', "
    "CASE a %% 3 WHEN 0 THEN 'de' ELSE 'en' END, 1 + a %% 5, 1, 5, FALSE, "
    "CASE WHEN a %% 5 >= 3 THEN 1 WHEN a %% 5 = 2 THEN 0 ELSE -1 END, "
    "CASE WHEN b %% 10 < 3 THEN 'Reply number ' || i || CASE WHEN b %% 70 = 0 THEN ' was slow' ELSE ' was fine' END "
    "ELSE '' END, '', '', '', '', 'agent-' || b %% 50, 'Team ' || b %% 8, "
    "CASE b %% 4 WHEN 0 THEN 'email' WHEN 1 THEN 'chat' WHEN 2 THEN 'phone' ELSE 'social' END, "
    "'Category ' || b %% 12, datetime(%(begin)s, '+' || (b %% %(seconds)s) || ' seconds'), '{}' FROM drawn"
)
_INVITATIONS = (
    "INSERT INTO surveys_invitation (survey_id, version_id, contact_id, token, key, language, scale_min, scale_max, "
    "ticket, ticket_source, agent, team, channel, category, context, created_at, send_at, sent_at, is_answered, "
    "expires_at) "
    + _NUMBERS
    + "SELECT %(survey)s, %(version)s, %(contact)s, 'bench' || i, 'bench' || i, 'en', 1, 5, '', '', '', '', '', '', "
    "'{}', at, at, at, b %% 3 = 0, at FROM "
    "(SELECT *, datetime(%(begin)s, '+' || (b %% %(seconds)s) || ' seconds') AS at FROM drawn)"
)


def findings() -> list[Finding]:
    survey = Survey.objects.get(slug="csat")
    lifecycle.open_survey(survey)
    client = _manager()
    insert(survey, 0, FEW)
    few = {name: _cost(client, path) for name, path in PAGES.items()}
    one = _recording(survey)
    insert(survey, FEW, MANY)
    many = {name: _cost(client, path) for name, path in PAGES.items()}
    another = _recording(survey)
    limits = {"results": 1.5, "list": 1.5, "search": 1.5}
    found = [
        Finding(
            f"{name} of surveys: 1,000,000 answers ÷ 10,000",
            many[name][0] / few[name][0],
            limits[name],
            note=f"{1000 * few[name][0]:.0f} ms, {1000 * many[name][0]:.0f} ms",
        )
        for name in PAGES
    ]
    queries = Finding(
        "results of surveys: queries with 1,000,000 answers",
        many["results"][1],
        few["results"][1],
        note="limit: 10,000",
    )
    note = f"{1000 * one:.2f} ms, {1000 * another:.2f} ms"
    return [*found, queries, Finding("answer recorded: 1,000,000 stored ÷ 10,000", another / one, 1.2, note=note)]


def _manager() -> Client:
    user = User.objects.create_user("results@bench.example", "a long password")
    people.set_role(user, "Managers")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _cost(client: Client, path: str) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    count = len(queries)  # before the next request empties the log
    return median_seconds(lambda: client.get(path), times=15), count


def _recording(survey: Survey) -> float:
    """One answer, with its place in the journal and in the index of words."""
    cost = median_seconds(lambda: answers.record_public(survey, Given(score=4, comment="Quick and kind")), times=200)
    dirty.take_over_survey_changes()
    tallies.sweep(seconds=600)
    return cost


def insert(survey: Survey, first: int, after: int) -> None:
    """Straight into the tables: what is measured here is reading."""
    started = time.monotonic()
    contact = Contact.objects.get_or_create(email="results@bench.example")[0]
    values = {
        "survey": survey.pk,
        "version": survey.current_version_id,
        "contact": contact.pk,
        "begin": (timezone.now() - timedelta(days=DAYS)).strftime("%Y-%m-%d %H:%M:%S"),
        "seconds": DAYS * 86400 - 3600,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ANSWERS, values | {"first": first, "after": after})
        cursor.execute(_INVITATIONS, values | {"first": first // 5, "after": after // 5})
    inserted = time.monotonic()
    TallyState.objects.update(zone="")  # everything is counted anew
    days = tallies.sweep(seconds=600)
    say(
        f"   {after - first:,} answers inserted in {inserted - started:.0f} s, {days} days counted in "
        f"{time.monotonic() - inserted:.0f} s"
    )
