"""A table of 1,000 tickets with durations in hours, against figures computed from it with plain pandas.

The data is not part of this repository: it is looked for beside it in `shared/data`, or where PLUMBLINE_SHARED says.
"""

import csv
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpiproject.lib.periods import Grain
from metrics.queries import Question, figures
from tests.metrics.figures import compute
from tests.metrics.importing import counts, imported, written
from tests.worlds import world

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", Path(__file__).parents[3] / "shared"))
TABLE = SHARED / "data" / "tickets_synthetic_1000"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not TABLE.is_dir(), reason="the table of 1,000 tickets is not beside the repository"),
]
MAPPED = (
    *("--map", "external_id=Ticket_ID", "--map", "created_at=Created_Date", "--map", "type=Ticket_Type"),
    *("--map", "priority=Priority", "--map", "status=Status", "--map", "channel=Channel", "--map", "category=Category"),
    *("--map", "agent=Assigned_Agent", "--map", "satisfaction_score=CSAT_Score"),
)


def reference(name: str) -> Any:
    return json.loads((TABLE / "reference.json").read_text(encoding="utf-8"))[name]["value"]


def instants(row: dict[str, str]) -> dict[str, str]:
    """What the table tells as hours after the creation, as times: our files know no others."""
    created = datetime.fromisoformat(row["Created_Date"])
    answered, solved = (
        created + timedelta(hours=float(row[name])) for name in ("First_Response_Time_Hours", "Resolution_Time_Hours")
    )
    times = {"first_agent_reply_at": answered, "first_solved_at": solved, "solved_at": solved}
    return {name: at.isoformat(timespec="seconds") for name, at in times.items()} | {"satisfaction_scale": "5"}


@pytest.fixture(scope="module")
def whole_table(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with world(django_db_blocker):
        (file,) = TABLE.glob("*.csv")
        with file.open(encoding="utf-8", newline="") as text:
            rows = [row | instants(row) for row in csv.DictReader(text)]
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        answer = imported("tickets", written(tmp_path_factory.mktemp("table"), lines), *MAPPED)
        assert counts(answer) == (reference("rows"), reference("rows"), 0, 0, 0)
        compute()
        yield


def one(code: str, **question: Any) -> Any:
    (found,) = figures(Question(code=code, clock="calendar", **question)).points
    return found


def by(code: str, dimension: str, field: str) -> dict[str, Any]:
    points = figures(Question(code=code, by=dimension, clock="calendar")).points
    return {point.member: getattr(point, field) for point in points}


HALF_A_SECOND = 1 / 7200


def test_first_responses(whole_table: None) -> None:
    hours, found = reference("frt_hours"), one("first_response_time")
    assert found.n == hours["n"]
    assert found.mean / 3600 == pytest.approx(hours["mean"], abs=HALF_A_SECOND)
    assert found.median / 3600 == pytest.approx(hours["median"], abs=HALF_A_SECOND)
    assert found.p90 / 3600 == pytest.approx(hours["p90"], abs=HALF_A_SECOND)
    means = {name: seconds / 3600 for name, seconds in by("first_response_time", "priority", "mean").items()}
    assert means == pytest.approx(reference("mean_frt_by_priority"), abs=HALF_A_SECOND)


def test_resolutions(whole_table: None) -> None:
    hours, found = reference("resolution_hours"), one("resolution_time")
    assert found.n == hours["n"]
    for name in ("mean", "median", "p90"):
        assert getattr(found, name) / 3600 == pytest.approx(hours[name], abs=HALF_A_SECOND)
    means = {name: seconds / 3600 for name, seconds in by("resolution_time", "priority", "mean").items()}
    assert means == pytest.approx(reference("mean_resolution_by_priority"), abs=HALF_A_SECOND)


def test_satisfaction(whole_table: None) -> None:
    found = one("csat")
    assert [found.n, round(found.mean, 6)] == reference("csat_n_mean")
    assert found.value == pytest.approx(reference("csat_top2_percent"), abs=1e-6)
    means = by("csat", "agent", "mean")
    assert means == pytest.approx(reference("mean_csat_by_agent"), abs=1e-6)


def test_volumes(whole_table: None) -> None:
    assert by("ticket_volume", "channel", "n") == reference("channel")
    assert by("ticket_volume", "priority", "n") == reference("priority")
    assert by("ticket_volume", "type", "n") == reference("type")
    months = figures(Question(code="ticket_volume", grain=Grain.MONTH)).points
    assert {f"{month.start:%Y-%m}": month.n for month in months if month.n} == reference("by_month")
