"""What a look at the data can find."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

EXAMPLES: Final = 3
PROBLEM, WARNING, NOTICE = "problem", "warning", "notice"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that makes figures less reliable. `of` is what `count` is part of, where that can be said; `kind` says
    what it is, `about` of what (a source, a column, a KPI)."""

    kind: str
    level: str
    count: int
    of: int | None = None
    about: str = ""
    since: datetime | None = None
    examples: Sequence[str] = field(default_factory=tuple)

    @property
    def share(self) -> float | None:
        return 100 * self.count / self.of if self.of else None
