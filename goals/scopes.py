"""For whom a goal can be set: members of dimensions, as figures know them."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kpiproject.queries import agent_names
from metrics import frames, presentation, queries
from metrics.kpi import FAMILY_NAMES, Kpi
from metrics.queries import CATALOGUE

_SEPARATOR: Final = "="
_NAMED: Final = 12
Choice = tuple[str, str]


def code(dimension: str, member: str) -> str:
    """One text for both, as a form gives it; empty for everything."""
    return f"{dimension}{_SEPARATOR}{member}" if dimension else ""


def parts(given: str) -> tuple[str, str]:
    dimension, _separator, member = given.partition(_SEPARATOR)
    return dimension, member


def kpi_choices(kept: str) -> list[tuple[str, list[Choice]]]:
    """The KPIs by family: first those that the organisation works with, then all others. One that is gone stays in the
    form that has it, so that it is not replaced silently. What has no figure without a dimension has no goal."""
    known, adopted = queries.kpis(), [kpi for kpi in queries.adopted() if not kpi.needs_dimension]
    codes = {kpi.code for kpi in adopted}
    quiet = [kpi for kpi in known.values() if kpi.code not in codes and not kpi.needs_dimension]
    groups: list[tuple[str, list[Choice]]] = [("", [("", "---------")]), *_by_family(adopted, "%(family)s")]
    groups += _by_family(quiet, _("Not adopted: %(family)s"))
    if kept and kept not in known:
        groups.append((_("No longer there"), [(kept, kept)]))
    return groups


def _by_family(kpis: list[Kpi], title: str) -> list[tuple[str, list[Choice]]]:
    found = []
    for family, name in FAMILY_NAMES.items():
        members = [(kpi.code, str(kpi.name)) for kpi in kpis if kpi.family is family]
        if members:
            found.append((title % {"family": name}, members))
    return found


def choices(kept: str = "") -> list[tuple[str, str | list[Choice]]]:
    """Everything, then the members of every dimension; `kept` is offered even if figures do not know it any more."""
    found: list[tuple[str, str | list[Choice]]] = [("", _("everything"))]
    known = {dimension: sorted(members) for dimension, members in _known().items()}
    dimension, member = parts(kept)
    if kept and member not in known.get(dimension, []):
        known[dimension] = [*known.get(dimension, []), member]
    for dimension, members in known.items():
        names = _names(dimension, members)
        group = [(code(dimension, one), names.get(one, one)) for one in members if one]
        if group:
            found.append((capfirst(presentation.dimension(dimension)), group))
    return found


def check(kpi: Kpi, dimension: str, member: str) -> None:
    """Raises ValidationError naming what there is, if the KPI has no figures for this member."""
    if not dimension:
        return
    if dimension not in kpi.dimensions:
        words = {
            "kpi": kpi.name,
            "dimension": presentation.dimension(dimension),
            "names": ", ".join(presentation.dimension(name) for name in kpi.dimensions),
        }
        message = _("“%(kpi)s” cannot be told apart by %(dimension)s; there are %(names)s.")
        raise ValidationError(message % words)
    known = [one for one in queries.members(kpi, dimension) if one]
    if member not in known:
        raise ValidationError(_unknown(kpi, dimension, member, known))


def _unknown(kpi: Kpi, dimension: str, member: str, known: list[str]) -> str:
    names = _names(dimension, [*known, member])
    told = [names.get(one, one) for one in known[:_NAMED]]
    words = {
        "kpi": kpi.name,
        "scope": f"{presentation.dimension(dimension)}: {names.get(member, member)}",
        "names": ", ".join(told) + (" …" if len(known) > _NAMED else ""),
    }
    if not known:
        return _("“%(kpi)s” has no figures for “%(scope)s”, nor for any other.") % words
    return _("“%(kpi)s” has no figures for “%(scope)s”; it has some for %(names)s.") % words


def _known() -> Mapping[str, set[str]]:
    """The members of each dimension, out of one KPI for each kind of facts."""
    examples = list(_examples())
    return queries.all_members(examples, dict.fromkeys(name for kpi in examples for name in kpi.dimensions))


def _examples() -> Iterator[Kpi]:
    seen = set()
    for kpi in [CATALOGUE["ticket_volume"], *queries.kpis().values()]:
        if (facts := frames.made_of(kpi.frame)) not in seen:
            seen.add(facts)
            yield kpi


def _names(dimension: str, members: list[str]) -> Mapping[str, str]:
    return agent_names(members) if dimension == "agent" else {}
