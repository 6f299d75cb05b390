"""Tickets and their events as a help desk would export them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kpiproject.front.demo import company, people
from kpiproject.lib.periods import day_start
from kpiproject.lib.worktime import WorkTime

DAYS = 548

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_WEEKDAY = np.array([1.25, 1.10, 1.05, 1.00, 0.95, 0.55, 0.40])
_HOUR = np.array([1, 1, 1, 1, 1, 2, 4, 8, 16, 20, 21, 19, 15, 16, 18, 18, 17, 15, 13, 12, 11, 9, 5, 2], dtype=float)


@dataclass(frozen=True)
class Story:
    """What the figures should tell: a growing shop, a busy December, a failed move to a new shop system and the
    weeks of repair, and a chat team that has been faster for the last ten weeks."""

    today: date

    def demand(self, day: date) -> float:
        age = (self.today - day).days
        growth = 1.35 - 0.45 * age / DAYS
        season = 1.55 if (day.month, day.day) >= (11, 24) or (day.month, day.day) <= (1, 8) else 1.0
        return 40.0 * growth * season * float(_WEEKDAY[day.weekday()]) * (1.45 if self.is_crisis(day) else 1.0)

    def is_crisis(self, day: date) -> bool:
        return 130 <= (self.today - day).days < 165

    def slowness(self, day: date, channel: str) -> float:
        if self.is_crisis(day):
            return 2.6
        if channel == "chat" and (self.today - day).days < 70:
            return 0.6
        return 1.0


class TicketHistory:
    """Everything up to `now`; later instants are not known yet, so the newest tickets are still open."""

    def __init__(self, now: datetime, today: date, worktime: WorkTime) -> None:
        self.now = int(now.timestamp())
        self.today = today
        self.worktime = worktime
        self.story = Story(today)
        self.random = np.random.default_rng(20)

    @cached_property
    def days(self) -> list[date]:
        return [self.today - timedelta(days=age) for age in range(DAYS, -1, -1)]

    def _created(self) -> tuple[Ints, list[date]]:
        instants: list[Ints] = []
        on: list[date] = []
        for day in self.days:
            count = int(self.random.poisson(self.story.demand(day)))
            hour = self.random.choice(24, size=count, p=_HOUR / _HOUR.sum())
            start = int(day_start(day, company.ZONE).timestamp())
            instants.append(start + hour * 3600 + self.random.integers(0, 3600, size=count))
            on.extend([day] * count)
        created = np.concatenate(instants)
        order = np.argsort(created, kind="stable")
        created = created[order]
        kept = created <= self.now
        return created[kept], [on[index] for index in order[kept]]

    def _pick(self, shares: dict[str, float], size: int) -> list[str]:
        weights = np.array(list(shares.values()))
        return [str(name) for name in self.random.choice(list(shares), size=size, p=weights / weights.sum())]

    @cached_property
    def rows(self) -> list[dict[str, object]]:
        created, on = self._created()
        size = len(created)
        topics = self._pick({name: topic.share for name, topic in company.TOPICS.items()}, size)
        channels = self._pick(company.CHANNELS, size)
        customers = np.minimum(self.random.exponential(0.28, size), 0.999) * people.COUNT
        agents = self._agents(topics)
        slow = np.array([self.story.slowness(day, channel) for day, channel in zip(on, channels, strict=True)])
        replied = self._replied(created, channels, slow)
        solved = self._solved(replied, topics, agents, slow)
        drafts = zip(created, channels, topics, customers, agents, self._pick(company.PRIORITIES, size), strict=True)
        return [
            self._row(number, draft, int(replied[number]), int(solved[number])) for number, draft in enumerate(drafts)
        ]

    def _agents(self, topics: list[str]) -> list[company.DemoAgent]:
        by_team: dict[str, list[company.DemoAgent]] = {}
        for agent in company.AGENTS:
            by_team.setdefault(agent.team, []).append(agent)
        lots = self.random.random(len(topics))
        chosen = []
        for topic, lot in zip(topics, lots, strict=True):
            team = by_team[company.TOPICS[topic].team]
            chosen.append(team[int(lot * len(team))])
        return chosen

    def _replied(self, created: Ints, channels: list[str], slow: Floats) -> Ints:
        """E-mail and social media wait for opening hours; who calls or chats is answered while they wait."""
        median = np.array([{"email": 3600.0, "social": 1500.0, "chat": 35.0, "phone": 11.0}[name] for name in channels])
        wait = (median * slow * self.random.lognormal(0.0, 0.8, len(created))).astype(np.int64)
        live = np.array([name in ("chat", "phone") for name in channels])
        return np.where(live, created + wait, self.worktime.due_at(created, wait))

    def _solved(self, replied: Ints, topics: list[str], agents: list[company.DemoAgent], slow: Floats) -> Ints:
        hours = np.array([company.TOPICS[name].hours for name in topics])
        pace = np.array([agent.pace for agent in agents])
        work = hours * 3600 * pace * slow * self.random.lognormal(0.0, 0.9, len(replied))
        return self.worktime.due_at(replied, work.astype(np.int64))

    def _row(self, number: int, draft: tuple, replied: int, solved: int) -> dict[str, object]:  # type: ignore[type-arg]  # a zip of six columns
        created, channel, topic, customer, agent, priority = draft
        about = company.TOPICS[topic]
        is_once = self.random.random() < about.once / (1.6 if self.story.is_crisis(_day(created)) else 1.0)
        replies = 1 if is_once else 2 + int(self.random.poisson(1.2))
        is_reopened = not is_once and self.random.random() < 0.14
        row: dict[str, object] = {
            "external_id": f"FW-{100001 + number}",
            "customer": f"C{int(customer) + 1:05d}",
            "subject": about.subjects[int(self.random.integers(len(about.subjects)))],
            "channel": channel,
            "category": topic,
            "priority": priority,
            "team": about.team,
            "agent": agent.name,
            "created_at": _iso(int(created)),
            "is_spam": "true" if self.random.random() < 0.012 else "",
            "reassignments": 0 if is_once or self.random.random() < 0.6 else 1,
        }
        row["tags"] = _tags(str(row["subject"]), is_regular=customer < company.REGULARS)
        row |= self._outcome(replied, solved, replies, is_reopened=is_reopened)
        return row

    def _outcome(self, replied: int, solved: int, replies: int, *, is_reopened: bool) -> dict[str, object]:
        if replied > self.now:
            return {"status": "new", "agent_replies": 0, "customer_replies": 0, "reopens": 0}
        row: dict[str, object] = {
            "status": "open",
            "first_agent_reply_at": _iso(replied),
            "agent_replies": replies,
            "customer_replies": replies - 1,
            "reopens": 0,
        }
        if solved > self.now:
            return row | {"agent_replies": max(1, replies - 1)}
        row |= {"status": "solved", "first_solved_at": _iso(solved), "solved_at": _iso(solved)}
        if is_reopened:
            row |= self._reopened(solved)
        closed = _epoch(str(row["solved_at"])) + 5 * 86400 if row["solved_at"] else self.now + 1
        if closed <= self.now:
            row |= {"status": "closed", "closed_at": _iso(closed)}
        return row

    def _reopened(self, solved: int) -> dict[str, object]:
        again = solved + int(self.random.integers(3600, 3 * 86400))
        if again > self.now:
            return {}
        second = int(self.worktime.due_at(np.array([again]), self.random.integers(1800, 5 * 3600, 1))[0])
        row: dict[str, object] = {"reopens": 1, "reopened_at": _iso(again)}
        if second > self.now:
            return row | {"status": "open", "solved_at": ""}
        return row | {"solved_at": _iso(second)}


def _tags(subject: str, *, is_regular: bool) -> str:
    return ", ".join([*company.TAGS.get(subject, ()), *(["regular"] if is_regular else [])])


def _day(epoch: int) -> date:
    return datetime.fromtimestamp(int(epoch), UTC).date()


def _iso(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).isoformat()


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def events(rows: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    """What the help desk's log says about each ticket, in order of time."""
    for row in rows:
        yield from _events_of(row)


def _events_of(row: dict[str, object]) -> Iterator[dict[str, object]]:
    def event(at: object, kind: str, actor: str, **values: object) -> dict[str, object]:
        name = row["customer"] if actor == "customer" else row["agent"] if actor == "agent" else ""
        return {"ticket": row["external_id"], "at": at, "kind": kind, "actor_type": actor, "actor": name, **values}

    if replied := row.get("first_agent_reply_at"):
        yield event(replied, "reply", "agent")
        yield event(replied, "status", "agent", from_value="new", to_value="open")
    if first := row.get("first_solved_at"):
        yield event(first, "status", "agent", from_value="open", to_value="solved")
    if again := row.get("reopened_at"):
        yield event(again, "reopen", "customer", from_value="solved", to_value="open")
        if row["solved_at"]:
            yield event(row["solved_at"], "status", "agent", from_value="open", to_value="solved")
    if closed := row.get("closed_at"):
        yield event(closed, "status", "system", from_value="solved", to_value="closed")
