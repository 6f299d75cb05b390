"""Help for each role: what somebody sees, what they may do, and the five things they do most, with the way there.

What staff and managers may do is read from their permissions, so that it cannot say more or less than is true.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from kpiproject.roles import MANAGERS, STAFF
from manual.chapters.context import Built, Context, Figure, rule
from manual.chapters.role_words import ROLES, Role, Task, capabilities
from manual.pages import page

PLACE: Final = "ref-role-"
"""How the anchors of the parts begin; the code of a role follows."""


def build(_context: Context) -> Built:
    granted = _granted()
    blocks = [block for role in ROLES for block in _role(role)]
    return Built(blocks=[*blocks, *_permissions(granted)], figures=_figures(granted))


def anchor(code: str) -> str:
    return f"{PLACE}{code}"


def _role(role: Role) -> Iterator[Block]:
    yield tree.heading(1, str(role.name), anchor(role.code))
    yield tree.paragraph(str(role.who))
    yield tree.facts(
        (_("What you see"), " ".join(map(str, role.sees))),
        (_("What you may do"), " ".join(map(str, role.may))),
    )
    yield tree.paragraph(tree.strong(_("The five things you will do most")))
    yield tree.bullets((_task(task) for task in role.tasks), start=1)


def _task(task: Task) -> list[Inline]:
    said = str(task.words)
    if not task.page:
        return tree.inlines(said)
    return tree.inlines(said, " ", page(str(task.place), reverse(task.page)))


def _granted() -> Mapping[str, frozenset[str]]:
    """What each of the two roles may do, such as “goals.view_goal”, in one query."""
    rows = Permission.objects.filter(group__name__in=(STAFF, MANAGERS))
    found: dict[str, set[str]] = {STAFF: set(), MANAGERS: set()}
    for role, app, codename in rows.values_list("group__name", "content_type__app_label", "codename"):
        found[role].add(f"{app}.{codename}")
    return {role: frozenset(names) for role, names in found.items()}


def _permissions(granted: Mapping[str, frozenset[str]]) -> Iterator[Block]:
    yield tree.heading(1, _("Who may do what"), "ref-roles-permissions")
    yield tree.paragraph(
        _(
            "As it is set up here. Whoever runs Plumbline may do everything, also in the administration; customers and "
            "stakeholders have no account."
        )
    )
    rows = [[words, *(_("yes") if is_granted else _("no") for is_granted in who)] for words, who in _rows(granted)]
    yield tree.table(_("What the two roles with an account may do"), [_("What"), _("Staff"), _("Managers")], rows)


def _rows(granted: Mapping[str, frozenset[str]]) -> list[tuple[str, tuple[bool, bool]]]:
    return [
        (str(found.words), (found.permission in granted[STAFF], found.permission in granted[MANAGERS]))
        for found in capabilities()
    ]


def _figures(granted: Mapping[str, frozenset[str]]) -> dict[str, Figure]:
    """One for each role: all that it may do."""
    rows = _rows(granted)
    named: list[tuple[str, Any]] = [(_("What staff may do"), 0), (_("What managers may do"), 1)]
    return {
        f"role:{('staff', 'managers')[place]}": rule(label, "; ".join(words for words, who in rows if who[place]))
        for label, place in named
    }
