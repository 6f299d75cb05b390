"""Three years of a help desk as files: tickets, and three events for each, written as a stream.

4 channels, 12 categories, 40 agents in 6 teams, customers who come back; most tickets arrive in working hours.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

ZONE = "Europe/Berlin"
FIRST, DAYS = date(2023, 1, 1), 1096
WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
HOLIDAYS = [date(year, month, day) for year in (2023, 2024, 2025) for month, day in ((1, 1), (5, 1), (10, 3), (12, 25))]
CHANNELS = ("email", "chat", "phone", "social")
TICKET_HEADER = (
    "external_id", "customer", "subject", "channel", "category", "type", "priority", "status", "team", "agent",
    "created_at", "first_agent_reply_at", "first_solved_at", "solved_at", "closed_at", "reopens", "agent_replies",
    "customer_replies", "reassignments", "is_outbound", "satisfaction_score", "satisfaction_scale",
)  # fmt: skip
EVENT_HEADER = ("ticket", "at", "kind", "from_value", "to_value", "actor_type", "actor")
_CHUNK = 20_000
_DAY = 86_400

Numbers = npt.NDArray[np.int64]


def written(folder: Path, tickets: int, *, first: int = 0, days: tuple[int, int] = (0, DAYS)) -> tuple[Path, Path]:
    """Two files, with so many tickets created on these days (counted from the first of all), in order of time."""
    paths = folder / f"tickets-{first}.csv", folder / f"events-{first}.csv"
    with paths[0].open("w") as ticket_file, paths[1].open("w") as event_file:
        ticket_file.write(",".join(TICKET_HEADER) + "\n")
        event_file.write(",".join(EVENT_HEADER) + "\n")
        for ticket, events in _histories(tickets, first, days):
            ticket_file.write(ticket)
            event_file.write(events)
    return paths


def _histories(tickets: int, first: int, days: tuple[int, int]) -> Iterator[tuple[str, str]]:
    random = np.random.default_rng(first + 1)
    opening = int(datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZoneInfo(ZONE)).timestamp())
    for start in range(0, tickets, _CHUNK):
        n = min(_CHUNK, tickets - start)
        share = np.sort(random.uniform(start / tickets, (start + n) / tickets, n))
        day = (days[0] + share * (days[1] - days[0])).astype(np.int64)
        created = opening + day * _DAY + np.clip(random.normal(13 * 3600, 3 * 3600, n), 0, _DAY - 1).astype(np.int64)
        yield from _lines(random, first + start, created)


def _lines(random: np.random.Generator, first: int, created: Numbers) -> Iterator[tuple[str, str]]:
    n = len(created)
    replied = created + random.lognormal(7.5, 1.2, n).astype(np.int64)
    paused = replied + random.lognormal(7.0, 1.0, n).astype(np.int64)
    resumed = paused + random.lognormal(8.5, 1.0, n).astype(np.int64)
    is_paused = random.random(n) < 0.5
    solved = np.where(is_paused, resumed, replied) + random.lognormal(9.5, 1.3, n).astype(np.int64)
    closed = solved + 3 * _DAY
    texts = [np.datetime_as_string(at.astype("datetime64[s]")).tolist() for at in (created, replied, paused, resumed)]
    texts += [np.datetime_as_string(at.astype("datetime64[s]")).tolist() for at in (solved, closed)]
    dice = random.integers(0, 1 << 30, (n, 3)).tolist()
    pauses = is_paused.tolist()
    for i, (one, two, three) in enumerate(dice):
        created_at, replied_at, paused_at, resumed_at, solved_at, closed_at = (column[i] + "Z" for column in texts)
        name, agent = f"T{first + i:08}", two % 40
        reopens, score = int(three % 25 == 0), (1 + three % 5 if three % 4 == 0 else "")
        yield (
            (
                f"{name},C{one % 60_000},Question {one % 997} about {two % 89},{CHANNELS[one % 4]},Category {two % 12},"
                f"question,{('low', 'normal', 'high')[one % 3]},closed,Team {agent % 6},Agent {agent},{created_at},"
                f"{replied_at},{solved_at},{solved_at},{closed_at},{reopens},{1 + two % 3},{three % 4},{one % 2},"
                f"{'true' if three % 50 == 1 else 'false'},{score},{5 if score else ''}\n"
            ),
            f"{name},{created_at},created,,new,customer,C{one % 60_000}\n"
            + (
                f"{name},{paused_at},status,new,pending,agent,Agent {agent}\n"
                f"{name},{resumed_at},status,pending,open,customer,C{one % 60_000}\n"
                f"{name},{solved_at},status,open,solved,agent,Agent {agent}\n"
                if pauses[i]
                else f"{name},{solved_at},status,new,solved,agent,Agent {agent}\n"
            ),
        )
