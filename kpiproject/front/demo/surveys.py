"""Surveys that the demonstration company sent, and what came back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from kpiproject.front.demo import comments, company, people
from surveys.history import Past

Row = dict[str, object]
CARE = {agent.name: agent.care for agent in company.AGENTS}
WAVE_DAYS = 91
WAVE_SIZE = 420


class SurveyHistory:
    """Draws what each asked person does from how their ticket went, so that the figures tell one story."""

    def __init__(self, rows: list[Row], now: datetime) -> None:
        self.now = now
        self.random = np.random.default_rng(31)
        self.solved = [row for row in rows if row.get("first_solved_at") and not row["is_spam"]]

    def csat(self) -> Iterator[Past]:
        for row in self.solved:
            if self.random.random() < 0.45:
                yield self._asked(row, "csat", lowest=1, highest=5, response=0.31)

    def last_night(self) -> Past:
        """Somebody wrote late, so that there is an unhappy answer of which the manager was told at once."""
        row = [row for row in self.solved if row["category"] == "Technical"][-1]
        asked = self._asked(row, "csat", lowest=1, highest=5, response=0)
        return replace(
            asked,
            cause=f"{asked.cause}:last-night",
            sent_at=self.now - timedelta(hours=6),
            score=1,
            comment="Lost all my tours with your update, and nobody can bring them back. Third person, third story.",
            answered_at=self.now - timedelta(minutes=20),
        )

    def ces(self) -> Iterator[Past]:
        for row in self.solved:
            if row["category"] in ("Technical", "Returns") and self.random.random() < 0.25:
                yield self._asked(row, "ces", lowest=1, highest=7, response=0.27)

    def nps(self) -> Iterator[Past]:
        """A wave a quarter to customers drawn by lot."""
        for wave in range(6, 0, -1):
            sent = (self.now - timedelta(days=wave * WAVE_DAYS - 70)).replace(hour=8)
            if sent > self.now:
                continue
            for number in self.random.choice(people.COUNT, WAVE_SIZE, replace=False):
                yield self._wave_answer(int(number), sent, mood=0.15 * (6 - wave) - (0.9 if wave == 2 else 0.0))

    def _asked(self, row: Row, survey: str, *, lowest: int, highest: int, response: float) -> Past:
        solved = datetime.fromisoformat(str(row["first_solved_at"]))
        sent = min(solved + timedelta(hours=24), self.now)
        mood = self._mood(row, solved)
        score, answered = None, sent + timedelta(minutes=float(self.random.lognormal(5.5, 1.3)))
        if self.random.random() < response and answered < self.now:
            share = 1 / (1 + np.exp(-(mood + self.random.normal(0, 0.9))))
            score = min(highest, lowest + int(share * (highest - lowest + 1)))
        number = int(str(row["customer"])[1:]) - 1
        return Past(
            email=people.email_of(number),
            name=people.name_of(number),
            sent_at=sent,
            cause=f"ticket:{company.SOURCE}:{row['external_id']}:{people.email_of(number)}",
            context={
                "ticket": str(row["external_id"]),
                "ticket_source": company.SOURCE,
                **{name: str(row[name]) for name in ("agent", "team", "channel", "category")},
            },
            score=score,
            comment=self._comment(score, lowest, highest, str(row["category"])),
            answered_at=answered if score is not None else None,
        )

    def _mood(self, row: Row, solved: datetime) -> float:
        """Slow, passed on or reopened makes unhappy; a careful agent helps."""
        hours = (solved - datetime.fromisoformat(str(row["created_at"]))).total_seconds() / 3600
        trouble = 0.35 * np.log1p(hours / 6) + (1.1 if row["reopens"] else 0.0) + (0.5 if row["reassignments"] else 0.0)
        return 1.7 - float(trouble) + 1.6 * CARE[str(row["agent"])]

    def _wave_answer(self, number: int, sent: datetime, *, mood: float) -> Past:
        answered = sent + timedelta(minutes=float(self.random.lognormal(6.5, 1.2)))
        score = None
        if self.random.random() < 0.33 and answered < self.now:
            score = int(np.clip(round(float(self.random.normal(7.9 + mood, 2.0))), 0, 10))
        return Past(
            email=people.email_of(number),
            name=people.name_of(number),
            sent_at=sent,
            cause=f"wave:{sent:%Y-%m-%d}:{number}",
            score=score,
            comment=self._comment(score, 0, 10, comments.ANYTHING),
            answered_at=answered if score is not None else None,
        )

    def _comment(self, score: int | None, lowest: int, highest: int, topic: str) -> str:
        if score is None or self.random.random() > 0.35:
            return ""
        share = (score - lowest) / (highest - lowest)
        group = "good" if share >= 0.75 else "middle" if share >= 0.5 else "bad"
        return str(self.random.choice(comments.said(group, topic)))
