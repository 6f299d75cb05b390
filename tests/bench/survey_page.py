"""What a customer downloads and waits for, and whether a hundred thousand earlier answers make it slower."""

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys import history, invitations
from surveys.invitations import Invitee
from surveys.models import Invitation, Survey
from tests.bench.report import Finding, median_seconds

ANSWERS = 100_000


def findings() -> list[Finding]:
    survey = Survey.objects.get(slug="nps")
    tokens = _tokens(survey)
    client = Client(SERVER_NAME="localhost")
    few = _cost(client, tokens)
    sizes = _sizes(client, next(tokens))
    get, post = _queries(client, next(tokens))
    history.load(survey, _past(ANSWERS))
    many = _cost(client, tokens)
    return [
        Finding("survey page: bytes compressed, page and what it loads", sizes, 14_000, "bytes"),
        Finding("survey page: queries of GET", get, 5),
        Finding("survey page: queries of POST", post, 8),
        Finding("survey page: GET with 100,000 answers ÷ with none", many[0] / few[0], 1.2, note=_ms(few[0], many[0])),
        Finding("survey page: POST with 100,000 answers ÷ with none", many[1] / few[1], 1.2, note=_ms(few[1], many[1])),
    ]


def _ms(few: float, many: float) -> str:
    return f"{1000 * few:.2f} ms, {1000 * many:.2f} ms"


def _tokens(survey: Survey) -> Iterator[str]:
    people = [Invitee(email=f"person{number}@bench.example") for number in range(400)]
    invitations.invite(survey, people)
    return iter(Invitation.objects.values_list("token", flat=True).order_by("id")[:400])


def _past(count: int) -> Iterator[history.Past]:
    now = timezone.now()
    for number in range(count):
        at = now - timedelta(minutes=5 * number + 5)
        yield history.Past(
            email=f"earlier{number}@bench.example",
            sent_at=at,
            cause=f"bench:{number}",
            score=number % 11,
            answered_at=at,
        )


def _cost(client: Client, tokens: Iterator[str]) -> tuple[float, float]:
    token = next(tokens)
    get = median_seconds(lambda: client.get(f"/s/{token}/"), times=40)
    post = median_seconds(lambda: client.post(f"/s/{next(tokens)}/", {"score": "9", "comment": "Fine."}), times=40)
    return get, post


def _queries(client: Client, token: str) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as get:
        assert client.get(f"/s/{token}/").status_code == 200
    with CaptureQueriesContext(connection) as post:
        assert client.post(f"/s/{token}/", {"score": "3", "comment": "Slow."}).status_code == 303
    return len(get), len(post)


def _sizes(client: Client, token: str) -> int:
    """Bytes of the page and of every file it names, gzipped."""
    page = client.get(f"/s/{token}/").content
    total = len(gzip.compress(page))
    for address in set(re.findall(r'(?:href|src)="([^"]+\.(?:css|js|svg|png|ico)[^"]*)"', page.decode())):
        is_file = address.startswith(settings.STATIC_URL)
        file = settings.STATIC_ROOT / address.removeprefix(settings.STATIC_URL)
        body = file.read_bytes() if is_file else client.get(address).content
        total += len(gzip.compress(body))
    return total
