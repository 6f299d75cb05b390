"""Every KPI that can be asked for, and which of them the organisation works with."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from asgiref.local import Local

from metrics.catalogue import CATALOGUE
from metrics.kpi import Kpi
from metrics.models import Adoption, CustomKpi
from metrics.own import conditions
from metrics.own.conditions import BadConditionError
from metrics.own.definition import PREFIX, Definition, kpi_of

STARTER: Final = (
    "first_response_time",
    "resolution_time",
    "resolution_within_target",
    "first_contact_resolution",
    "reopen_rate",
    "ticket_volume",
    "solved_volume",
    "backlog",
    "csat",
    "nps",
    "ces",
    "survey_response_rate",
    "follow_up_within_one_day",
    "recovery_rate",
)
"""What an organisation works with until it has chosen."""

_FIELDS: Final = (
    "code", "name", "text", "frame", "shape", "at", "column", "second", "unit", "better", "revision", "gaming",
    "filters", "part",
)  # fmt: skip
T = TypeVar("T")
_seen: Final = Local()
"""Within one request or task the definitions of our own, and what is adopted, are read once. Elsewhere they are read
anew each time, which is one small query: so every worker sees a change at once."""


def kpis() -> Mapping[str, Kpi]:
    """Every KPI by its code, in the order in which they are shown."""
    own = own_kpis()
    return {**CATALOGUE, **own} if own else CATALOGUE


def find(code: str) -> Kpi | None:
    """The KPI with this code; None where there is none any more."""
    return CATALOGUE.get(code) or (own_kpis().get(code) if code.startswith(PREFIX) else None)


def adopted() -> list[Kpi]:
    """The KPIs that the organisation works with, in the order of the catalogue."""
    chosen = adopted_codes()
    return [kpi for code, kpi in kpis().items() if code in chosen]


def adopted_codes() -> set[str]:
    """Also of KPIs that are not there at present."""
    return set(once("adopted", _read_adopted)) or set(STARTER)


def has_chosen() -> bool:
    """Whether a manager has changed anything; until then the usual KPIs are in force."""
    return bool(once("adopted", _read_adopted))


def is_adopted(code: str) -> bool:
    return code in adopted_codes()


def own_kpis() -> Mapping[str, Kpi]:
    """Those that the organisation has defined itself and that are active, by name."""
    return once("own", _read)


def begin_turn(**_sent: Any) -> None:
    """A request or a task begins."""
    _seen.kept = {}


def end_turn(**_sent: Any) -> None:
    _seen.kept = None


def in_turn() -> bool:
    """Whether what is read now is kept for the rest of a request or a task."""
    return getattr(_seen, "kept", None) is not None


def forget() -> None:
    """A definition or an adoption was changed within this request."""
    if getattr(_seen, "kept", None) is not None:
        _seen.kept = {}


def once(name: str, read: Callable[[], T]) -> T:
    """What is read at most once within a request or a task, by its name."""
    kept: dict[str, Any] | None = getattr(_seen, "kept", None)
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    found: T = kept[name]
    return found


def _read_adopted() -> list[str]:
    return list(Adoption.objects.values_list("kpi", flat=True))


def definition_of(row: CustomKpi) -> Definition:
    """Raises BadConditionError for choices that are none any more."""
    return _definition([getattr(row, name) for name in _FIELDS])


def _read() -> Mapping[str, Kpi]:
    found: dict[str, Kpi] = {}
    for row in CustomKpi.objects.filter(is_active=True).values_list(*_FIELDS):
        try:
            definition = _definition(row)
        except BadConditionError:  # a column that a later version does not have: without it there is no figure
            continue
        found[definition.code] = kpi_of(definition)
    return found


def _definition(row: Any) -> Definition:
    *plain, filters, part = row
    words = dict(zip(_FIELDS, plain, strict=False))
    frame = words["frame"]
    return Definition(
        **words,
        filters=tuple(conditions.read(frame, one) for one in filters),
        part=tuple(conditions.read(frame, one) for one in part),
    )
