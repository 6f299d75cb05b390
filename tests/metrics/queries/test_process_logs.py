"""Figures of two real logs, of an Italian help desk and of problems at Volvo, against those of their reference.

Both are event logs; what is imported here are the tickets that were made of them, and which of their instants is the
solve is chosen by mapping, as whoever imports such a file would. The data lies beside the repository (see test_uci).
"""

import json
from datetime import datetime
from typing import Any

import pytest

from kpiproject.lib.periods import Grain
from metrics import rollups
from metrics.queries import Question, figures
from tests.metrics.importing import imported
from tests.metrics.test_uci import SHARED

HELP_DESK = SHARED / "data" / "helpdesk_italian"
PROBLEMS = SHARED / "data" / "bpi2013_volvo_closed_problems"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not HELP_DESK.is_dir() or not PROBLEMS.is_dir(), reason="the logs are not beside the repository"
    ),
]


def reference(folder: Any, name: str) -> Any:
    return json.loads((folder / "reference.json").read_text(encoding="utf-8"))[name]["value"]


def bring(folder: Any, tmp_path: Any, *mapping: str, meaning: Any = None) -> None:
    """Import the tickets of a folder with these columns, and compute their figures."""
    options = [part for pair in ("external_id=case_id", "created_at=created", *mapping) for part in ("--map", pair)]
    if meaning:
        (tmp_path / "values.json").write_text(json.dumps(meaning))
        options += ["--value-map", str(tmp_path / "values.json")]
    imported("tickets", folder / "tickets.csv.gz", "--tz", "UTC", "--source", "log", *options)
    rollups.recompute()


def points(code: str, **question: Any) -> Any:
    return figures(Question(code=code, **question)).points


def spread(code: str, unit: int) -> dict[str, Any]:
    (one,) = points(code, clock="calendar")
    return {"n": one.n} | {name: round(getattr(one, name) / unit, 4) for name in ("mean", "median", "p90")}


def expected(folder: Any, name: str) -> dict[str, Any]:
    found = reference(folder, name)
    return {"n": found["n"]} | {key: round(found[key], 4) for key in ("mean", "median", "p90")}


def levels(folder: Any, name: str) -> dict[str, float]:
    moments = reference(folder, name)
    return {moment: points("backlog", at=datetime.fromisoformat(moment))[0].value for moment in moments}


def by(code: str, grain: Grain, form: str) -> dict[str, float]:
    return {one.start.strftime(form): one.value for one in points(code, grain=grain) if one.value}


def test_help_desk_until_it_is_resolved(tmp_path: Any) -> None:
    columns = ("first_agent_reply_at=first_taken", "first_solved_at=first_resolved", "solved_at=first_resolved")
    meaning = {"reopens": {"True": "1", "False": "0"}}
    bring(HELP_DESK, tmp_path, *columns, "agent=agent_last", "reopens=reopened", meaning=meaning)
    assert points("ticket_volume")[0].value == reference(HELP_DESK, "cases")
    assert by("ticket_volume", Grain.MONTH, "%Y-%m") == reference(HELP_DESK, "created_by_month")
    assert spread("first_response_time", 3600) == expected(HELP_DESK, "first_response_hours")
    assert spread("first_resolution_time", 86400) == expected(HELP_DESK, "resolution_days")
    assert spread("resolution_time", 86400) == expected(HELP_DESK, "resolution_days")
    assert levels(HELP_DESK, "backlog_until_resolved") == reference(HELP_DESK, "backlog_until_resolved")
    (reopened,) = points("reopen_rate")
    assert reopened.part == round(reference(HELP_DESK, "reopened_share") * reference(HELP_DESK, "cases"))
    (per_agent,) = points("solved_per_agent")
    assert per_agent.n == reference(HELP_DESK, "resolution_days")["n"]


def test_help_desk_until_it_is_closed(tmp_path: Any) -> None:
    bring(HELP_DESK, tmp_path, "solved_at=closed")
    assert spread("resolution_time", 86400) == expected(HELP_DESK, "close_days")
    assert levels(HELP_DESK, "backlog_until_closed") == reference(HELP_DESK, "backlog_until_closed")


def test_problems(tmp_path: Any) -> None:
    meaning = {"reopens": {"True": "1", "False": "0"}}
    columns = ("first_agent_reply_at=first_accepted", "solved_at=first_closed", "reopens=reopened")
    bring(PROBLEMS, tmp_path, *columns, meaning=meaning)
    cases = reference(PROBLEMS, "cases")
    assert points("ticket_volume")[0].value == points("solved_volume")[0].value == cases
    assert by("ticket_volume", Grain.YEAR, "%Y") == reference(PROBLEMS, "created_by_year")
    closed = by("solved_volume", Grain.MONTH, "%Y-%m")
    wanted = reference(PROBLEMS, "closed_by_month_2012")
    assert {month: closed[month] for month in wanted} == wanted
    assert spread("first_response_time", 3600) == expected(PROBLEMS, "first_accept_hours")
    assert levels(PROBLEMS, "backlog") == reference(PROBLEMS, "backlog")
    assert points("reopen_rate")[0].part == round(reference(PROBLEMS, "reopened_share") * cases)


def test_problems_until_their_last_event(tmp_path: Any) -> None:
    bring(PROBLEMS, tmp_path, "solved_at=last_event")
    assert spread("resolution_time", 86400) == expected(PROBLEMS, "handling_days")
