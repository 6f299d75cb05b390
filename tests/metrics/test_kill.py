"""Figures computed by several workers, of which some die, against those of one process on SQLite."""

from pathlib import Path
from typing import Any

from tests.installation import Installation, new_installation
from tests.kills import swept_until

SWEEP = "metrics.sweep_dirty"

# Five months of tickets with events, imported but not computed.
PREPARE = """
import csv, io, random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from django.core.management import call_command
rng, first, folder = random.Random(11), datetime(2026, 1, 5, 9, tzinfo=UTC), Path("FOLDER")
with (folder / "t.csv").open("w", newline="") as tickets, (folder / "e.csv").open("w", newline="") as events:
    out, changes = csv.writer(tickets), csv.writer(events)
    out.writerow("external_id customer created_at first_agent_reply_at solved_at channel category agent".split())
    changes.writerow("ticket at kind from_value to_value".split())
    for number in range(600):
        created = first + timedelta(minutes=rng.randrange(150 * 1440))
        replied = created + timedelta(minutes=rng.randrange(1, 300))
        solved = replied + timedelta(minutes=rng.randrange(1, 9000))
        who = f"C{number % 90}", f"Category {number % 5}", f"Agent {number % 7}"
        out.writerow([number, who[0], created, replied, solved, ("chat", "email")[number % 2], *who[1:]])
        changes.writerow([number, replied, "status", "new", "pending"])
        changes.writerow([number, solved, "status", "pending", "solved"])
for kind, name in (("tickets", "t.csv"), ("ticket_events", "e.csv")):
    call_command("import_data", kind, str(folder / name), tz="UTC", stdout=io.StringIO(), stderr=io.StringIO())
"""
ROLLUPS = """
from metrics.models import Rollup
names = ("kpi", "revision", "day", "dimension", "member", "clock", "members", "whole", "part", "square", "extra")
rows = Rollup.objects.order_by("kpi", "day", "dimension", "member", "clock").values_list(*names, "values", "packed")
result = [[*row[:-2], bytes(row[-2] or b"").hex(), bytes(row[-1] or b"").hex()] for row in rows]
"""


def test_workers_of_which_one_dies_leave_the_figures_of_one_process(installation: Installation, tmp_path: Path) -> None:
    with new_installation(tmp_path / "alone", queue_url="", email_url="console:", vendor="sqlite") as alone:
        alone.run(PREPARE.replace("FOLDER", str(alone.var)))
        alone.run("import io\nfrom django.core.management import call_command\n"
                  "call_command('recompute', stdout=io.StringIO(), stderr=io.StringIO())")  # fmt: skip
        expected = alone.run(ROLLUPS)
    installation.run(PREPARE.replace("FOLDER", str(installation.var)))
    doomed = installation.start_worker()
    swept_until(installation, lambda: _count(installation, "metrics_rollup") > 0, sweep=SWEEP)
    doomed.kill()
    doomed.wait()
    left = _count(installation, "metrics_dirtyday")
    installation.query("UPDATE metrics_dirtyday SET claimed_until = NULL")  # what would take a minute
    for _ in range(2):
        installation.start_worker()
    swept_until(installation, lambda: _count(installation, "metrics_dirtyday") == 0, sweep=SWEEP)
    assert left > 0
    assert installation.run(ROLLUPS) == expected


def _count(installation: Installation, table: str) -> Any:
    return installation.query(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - our words
