"""What is chosen on the board of goals."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.shelves import NAMES, RUNNING, Choices
from kpiproject.filter_forms import FilterForm


class BoardForm(FilterForm):
    """A shelf, an owner, an objective; each may stay open."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    owner = forms.TypedChoiceField(label=gettext_lazy("Owner"), required=False, coerce=int, empty_value=None)
    objective = forms.TypedChoiceField(
        label=gettext_lazy("Business objective"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, data: QueryDict, *, choices: Choices, has_drafts: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        shelves = {name: text for name, text in NAMES.items() if has_drafts or name != "draft"}
        running = sum(choices.shelves[name] for name in RUNNING)
        counted = {name: f"{text} ({choices.shelves[name]})" for name, text in shelves.items()}
        refused = _("There are no goals to choose by “%(value)s”.")
        everything = {"": _("all that are running (%(count)s)") % {"count": running}}
        self.offer("status", everything | counted, refused=refused)
        self.offer("owner", {"": _("anybody")} | _by_name(choices.owners), refused=refused)
        self.offer("objective", {"": _("any")} | _by_name(choices.objectives), refused=refused)


def _by_name(names: Mapping[int, str]) -> dict[int, str]:
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))
