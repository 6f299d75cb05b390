"""Which clocks of service targets are looked at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.due_words import STATE_NAMES
from metrics.queries import clocks
from metrics.queries.clocks import NOT_GIVEN, SHOWN, Clocks, State

FILE_KINDS: Final = ("csv", "xlsx")
KEPT: Final = ("state", "channel", "team")


class DueForm(forms.Form):
    """A state, a channel and a team; each may stay open."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("overdue, due soon, paused")),
            *((str(state), name) for state, name in STATE_NAMES.items()),
        ],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no state “%(value)s”.")},
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    download = forms.ChoiceField(choices=[("", ""), *((kind, kind) for kind in FILE_KINDS)], required=False)

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        channels, teams = clocks.members()
        self._offer("channel", channels)
        self._offer("team", teams)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "filters"
        self.helper.disable_csrf = True
        self.helper.form_error_title = _("This cannot be shown:")
        self.helper.layout = Layout(*KEPT)
        self.helper.add_input(Submit("submit", _("Show")))

    @property
    def has_filter(self) -> bool:
        return any(self.cleaned_data[name] for name in KEPT)

    @property
    def states(self) -> Sequence[State]:
        wanted = self.cleaned_data["state"]
        return [State(wanted)] if wanted else SHOWN

    def clocks(self, now: datetime) -> Clocks:
        return Clocks(now=now, channel=self.cleaned_data["channel"], team=self.cleaned_data["team"])

    def _offer(self, name: str, members: list[str]) -> None:
        """What open tickets have. A link to another one still works when its last ticket is done."""
        field = cast("forms.ChoiceField", self.fields[name])
        asked = self.data.get(name, "")
        if asked and asked not in (*members, NOT_GIVEN) and clocks.is_known(name, asked):
            members = [*members, asked]
        field.choices = [("", _("any")), *((one, one) for one in members), (NOT_GIVEN, _("(not given)"))]
        field.error_messages["invalid_choice"] = capfirst(_("no ticket has “%(value)s” here."))
