"""`python -m tests.bench [part …]`: measure, print ratios, end 1 when a promise is broken."""

import os
import sys
import tempfile

import django
from django.core.management import call_command

PARTS = (
    "worktime",
    "survey_page",
    "submissions",
    "invitations",
    "goals",
    "forecasts",
    "goals_board",
    "dashboard",
    "manual_pdf",
    "manual_page",
    "manual_search",
    "demo",
    "weekly_report",
    "results_page",
    "imports",
    "imports_copy",
    "recompute",
    "figures",
)


def main(wanted: list[str]) -> int:
    from importlib import import_module  # noqa: PLC0415 - after the settings are chosen

    from tests.bench.report import Finding, say  # noqa: PLC0415 - after the settings are chosen

    found: list[Finding] = []
    for part in wanted or PARTS:
        say(f"-- {part}")
        for finding in import_module(f"tests.bench.{part}").findings():
            say(finding)
            found.append(finding)
    return 0 if all(finding.is_kept for finding in found) else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as folder:
        os.environ |= {"PLUMBLINE_VAR": folder, "DJANGO_SETTINGS_MODULE": "kpiproject.settings", "DEBUG": "0"}
        os.environ.pop("DATABASE_URL", None)
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        sys.exit(main(sys.argv[1:]))
