"""What is chosen in the inbox of follow-ups, and what is said with a step."""

from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.filter_forms import FilterForm
from kpiproject.models import User
from surveys import follow_up_queries
from surveys.answer_form import CommentField
from surveys.follow_up_queries import SHELVES, Wanted
from surveys.follow_up_steps import WAYS
from surveys.models import FollowUp, Survey

MOST_CHARACTERS: Final = 5000
SHELF_NAMES: Final = {
    "open": gettext_lazy("open"),
    "mine": gettext_lazy("mine"),
    "unclaimed": gettext_lazy("not taken yet"),
    "overdue": gettext_lazy("overdue"),
    "closed": gettext_lazy("closed"),
    "all": gettext_lazy("all"),
}


class InboxForm(FilterForm):
    """A shelf, and what is kept of it; each may stay open."""

    shelf = forms.ChoiceField(choices=[(name, SHELF_NAMES[name]) for name in SHELVES], required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    survey = forms.ModelChoiceField(
        queryset=Survey.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Survey"),
        required=False,
        empty_label=gettext_lazy("any"),
        error_messages={"invalid_choice": gettext_lazy("No follow-up is about this survey.")},
    )
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)

    def __init__(self, data: QueryDict, *, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        any_of = {"": _("any")}
        teams, channels = (follow_up_queries.choices(name, user) for name in ("team", "channel"))
        refused = _("There are no follow-ups to choose by “%(value)s”.")
        self.offer("state", any_of | dict(FollowUp.State.choices), refused=refused)
        self.offer("team", any_of | {name: name for name in teams}, refused=refused)
        self.offer("channel", any_of | {name: name for name in channels}, refused=refused)
        cast("forms.ModelChoiceField[Any]", self.fields["survey"]).queryset = follow_up_queries.surveys_with_any(user)
        self.fields["shelf"].widget = forms.HiddenInput()
        self.fields["shelf"].error_messages["invalid_choice"] = _("There is no shelf “%(value)s”.")

    @property
    def shelf_name(self) -> str:
        return str(self.cleaned_data.get("shelf") or "open") if self.is_bound and self.is_valid() else "open"

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(
            shelf=self.shelf_name,
            state=given["state"],
            survey=given["survey"],
            team=given["team"],
            channel=given["channel"],
        )


class StepForm(forms.Form):
    """A step with its words. Which of the other fields must be given depends on the step."""

    action = forms.ChoiceField(
        choices=[
            (name, name)
            for name in ("take", "take_over", "hand_over", "contacted", "resolve", "give_up", "reopen", "note")
        ]
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How"), choices=list(WAYS.items()), required=False, widget=forms.RadioSelect
    )
    to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=gettext_lazy("To whom"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Nobody of this name can take care of follow-ups.")},
    )
    text = CommentField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Any]", self.fields["to"]).queryset = follow_up_queries.people()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        missing = {
            "contacted": ("how", _("Please say how you contacted the customer.")),
            "hand_over": ("to", _("Please choose who is to take care of it.")),
            "note": ("text", _("Please write something.")),
        }.get(given.get("action", ""))
        if missing and not given.get(missing[0]) and missing[0] not in self.errors:
            self.add_error(*missing)
        return given
