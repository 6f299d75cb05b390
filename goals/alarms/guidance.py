"""Where it says what to do about an alarm. The manual stands above and offers its chapters here when it is loaded."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from goals.models import AlertRule

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A place that can be linked. `kpi` is the code of the KPI that it is about; empty for a chapter of its own."""

    code: str
    title: str
    path: str
    kpi: str = ""


Finder = Callable[[], Sequence[Chapter]]
_FINDERS: Final[list[Finder]] = []


def offer(finder: Finder) -> None:
    """Have the chapters that this finds offered from now on."""
    if finder not in _FINDERS:
        _FINDERS.append(finder)


def chapters() -> list[Chapter]:
    """All that are offered now; none where they cannot be read, because an alarm must not wait for its manual."""
    try:
        return [chapter for finder in _FINDERS for chapter in finder()]
    except Exception:
        logger.exception("The chapters that say what to do about alarms could not be read.")
        return []


def of(rule: AlertRule, offered: Sequence[Chapter]) -> Chapter | None:
    """The one that was chosen, else what is said of its KPI; None where neither is there any more."""
    by_code: Mapping[str, Chapter] = {chapter.code: chapter for chapter in offered}
    by_kpi: Mapping[str, Chapter] = {chapter.kpi: chapter for chapter in offered if chapter.kpi}
    kpi = rule.goal.kpi if rule.goal is not None else rule.kpi
    return by_code.get(rule.guidance) or by_kpi.get(kpi)
