"""Members that a question keeps and that no fact has: more often a slip of the pen than a wish for nothing."""

from dataclasses import replace
from difflib import get_close_matches

from django.utils.translation import gettext as _

from metrics.queries.questions import Figures, Question, find_kpi
from metrics.queries.stored import members

_MOST_NAMED = 8


def unknown_members(question: Question) -> list[str]:
    """A sentence for each, with the members that are written alike, else with some of those that there are."""
    kpi = find_kpi(question.code)
    found = []
    for dimension, wanted in question.where.items():
        strangers = [member for member in dict.fromkeys(wanted) if member]
        known = members(kpi, dimension) if strangers else []
        if not known and not kpi.adds_up:
            continue  # such as the months of a cohort: only its figures have them
        found += [_sentence(member, dimension, known) for member in strangers if member not in known]
    return found


def with_unknown_members(found: Figures, question: Question) -> Figures:
    """The same answer, in which every point says so."""
    if not (sentences := unknown_members(question)):
        return found
    return replace(found, points=[replace(point, notes=(*point.notes, *sentences)) for point in found.points])


def _sentence(member: str, dimension: str, known: list[str]) -> str:
    lower = {one.lower(): one for one in known if one}
    near = [lower[one] for one in get_close_matches(member.lower(), list(lower), n=3, cutoff=0.6)]
    words = {"member": member, "dimension": dimension, "near": _(" or ").join(near)}
    if near:
        return _("Nothing that counts here has “%(member)s” as its %(dimension)s; did you mean %(near)s?") % words
    if not lower:
        return _("Nothing that counts here has “%(member)s” as its %(dimension)s.") % words
    words["some"] = ", ".join(sorted(lower.values())[:_MOST_NAMED])
    if len(lower) > _MOST_NAMED:
        words["some"] += ", …"
    return _("Nothing that counts here has “%(member)s” as its %(dimension)s; there are %(some)s.") % words
