"""The demonstration company's organisation, opening hours, people and promises."""

import json
import secrets
from datetime import date
from pathlib import Path

import holidays
from django.conf import settings
from django.db import transaction

from kpiproject import people
from kpiproject.front.demo import company
from kpiproject.models import Agent, BusinessCalendar, Holiday, Organisation, Team, User
from kpiproject.queries import organisation
from kpiproject.roles import MANAGERS, STAFF
from metrics.models import ServiceTarget

MANAGER = ("manager@demo.example", "Maren Falk")
STAFF_MEMBER = ("staff@demo.example", "Samir Boateng")


def logins_file() -> Path:
    return settings.VAR / "demo-logins.json"


def passphrase() -> str:
    """Of the demonstration's share link: of this installation, and the same at the next start."""
    kept = settings.VAR / "demo-passphrase.txt"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text("-".join(secrets.token_hex(2) for _ in range(3)), encoding="utf-8")
    return str(kept.read_text(encoding="utf-8"))


@transaction.atomic
def furnish(today: date) -> None:
    """Idempotent: what is there already stays."""
    _organisation()
    _calendar(today)
    for agent in company.AGENTS:
        team, _new = Team.objects.get_or_create(
            source=company.SOURCE, external_id=agent.team, defaults={"name": agent.team}
        )
        Agent.objects.get_or_create(
            source=company.SOURCE, external_id=agent.name, defaults={"name": agent.name, "team": team}
        )
    _targets()


def _organisation() -> Organisation:
    row = organisation()
    row.name, row.time_zone, row.currency = company.NAME, company.ZONE, "EUR"
    row.postal_address = "Beispielweg 1, 20095 Hamburg"
    row.full_clean()
    row.save()
    return row


def _calendar(today: date) -> None:
    calendar, _new = BusinessCalendar.objects.update_or_create(
        name="Service hours", defaults={"time_zone": company.ZONE, "week": company.WEEK, "is_default": True}
    )
    days = holidays.country_holidays("DE", subdiv="HH", years=range(today.year - 2, today.year + 2))
    Holiday.objects.bulk_create(
        [Holiday(calendar=calendar, date=day, name=name) for day, name in sorted(days.items())], ignore_conflicts=True
    )


FIRST_ANSWERS = {"email": "First answer to e-mail", "social": "First answer in social media"}


def _targets() -> None:
    first_answers = {"chat": ("First answer in a chat", 60), "phone": ("Somebody picks up the phone", 30)}
    for position, (channel, (name, seconds)) in enumerate(first_answers.items(), start=1):
        _promise_first_answer(name, position, channel, seconds)
    for position, (channel, name) in enumerate(FIRST_ANSWERS.items(), start=8):
        _promise_first_answer(name, position, channel, 8 * 3600)
    hours = {"urgent": 6, "high": 12, "normal": 24, "low": 48}
    for position, (priority, limit) in enumerate(hours.items(), start=1):
        ServiceTarget.objects.get_or_create(
            name=f"Solve {priority} requests within {limit} opening hours",
            metric=ServiceTarget.Metric.RESOLUTION,
            defaults={"position": position, "priority": priority, "seconds": limit * 3600},
        )


def _promise_first_answer(name: str, position: int, channel: str, seconds: int) -> None:
    ServiceTarget.objects.get_or_create(
        name=name,
        metric=ServiceTarget.Metric.FIRST_RESPONSE,
        defaults={"position": position, "channel": channel, "seconds": seconds},
    )


def users() -> tuple[User, User]:
    """The manager and the staff member who can log in."""
    people_who_log_in()
    return User.objects.get(email=MANAGER[0]), User.objects.get(email=STAFF_MEMBER[0])


@transaction.atomic
def people_who_log_in() -> dict[str, str]:
    """Create the two accounts with passwords of this installation; returns e-mail → password."""
    if logins_file().exists():
        known: dict[str, str] = json.loads(logins_file().read_text(encoding="utf-8"))
        if User.objects.filter(email__in=known).count() == len(known):
            return known
    logins = {}
    for (email, name), role in ((MANAGER, MANAGERS), (STAFF_MEMBER, STAFF)):
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        user, _new = User.objects.get_or_create(email=email, defaults={"name": name})
        user.set_password(password)
        user.save()
        people.set_role(user, role)
        logins[email] = password
    logins_file().touch(mode=0o600)
    logins_file().write_text(json.dumps(logins), encoding="utf-8")
    return logins
