"""What is chosen on the board of goals."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.shelves import NAMES, RUNNING, Choices


class BoardForm(forms.Form):
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
        self._offer("status", {"": _("all that are running (%(count)s)") % {"count": running}} | counted)
        self._offer("owner", {"": _("anybody")} | _by_name(choices.owners))
        self._offer("objective", {"": _("any")} | _by_name(choices.objectives))
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "filters"
        self.helper.disable_csrf = True
        self.helper.form_error_title = _("This cannot be shown:")
        self.helper.layout = Layout(*self.fields)
        self.helper.add_input(Submit("submit", _("Show")))

    def _offer(self, name: str, choices: Mapping[Any, Any]) -> None:
        field = self.fields[name]
        field.choices = list(choices.items())  # type: ignore[attr-defined]  # a ChoiceField above
        field.error_messages["invalid_choice"] = _("There are no goals to choose by “%(value)s”.")


def _by_name(names: Mapping[int, str]) -> dict[int, str]:
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))
