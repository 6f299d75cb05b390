"""What is filled in about decisions and actions."""

from datetime import date
from typing import Any, ClassVar, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.actions import OPEN, SHELVES
from goals.day_input import DayInput
from goals.models import Action, Goal
from kpiproject.filter_forms import FilterForm
from kpiproject.models import User
from kpiproject.queries import by_name, people

MOST_CHARACTERS: Final = 2000


def _within_form(form: forms.BaseForm) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*(Field(name) for name in form.fields))
    return helper


class DecisionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What was decided"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "decision", **kwargs})
        self.helper = _within_form(self)

    def clean_text(self) -> str:
        """Browsers send two characters for the end of a line."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """What, who, by when, and for which goal. People who left are not offered, except where they were chosen."""

    class Meta:
        model = Action
        fields: ClassVar = ["what", "owner", "due", "goal"]
        widgets: ClassVar = {"due": DayInput()}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "action", **kwargs})
        self.today = today
        self.fields["owner"].queryset = people(kept=self.instance.owner_id)  # type: ignore[attr-defined]  # it chooses among rows
        running = Goal.objects.filter(Q(state=Goal.State.ACTIVE) | Q(pk=self.instance.goal_id))
        self.fields["goal"].queryset = running.order_by("due", "id")  # type: ignore[attr-defined]  # the same
        self.fields["goal"].empty_label = _("none in particular")  # type: ignore[attr-defined]  # the same
        self.helper = _within_form(self)

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        if due < self.today and ("due" in self.changed_data or not self.instance.pk):
            raise ValidationError(_("This day is over. Choose today or a day to come."))
        return due

    def clean_owner(self) -> User:
        owner: User = self.cleaned_data["owner"]
        if not owner.is_active and "owner" in self.changed_data:
            message = _("%(person)s can no longer log in. Choose somebody who will do it.")
            raise ValidationError(message % {"person": owner})
        return owner


class StateForm(forms.Form):
    """How an action ended, or that it is open again."""

    state = forms.ChoiceField(choices=Action.State.choices)
    note = forms.CharField(label=gettext_lazy("What came of it"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("state") == Action.State.DROPPED and not given.get("note"):
            self.add_error("note", _("Say in a few words why it is not done."))
        return given


class ActionFilter(FilterForm):
    """Which actions are listed; anything may stay open."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=list(SHELVES.items()))
    owner = forms.TypedChoiceField(label=gettext_lazy("Who"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        owners = by_name(User.objects.filter(actions__isnull=False).distinct())
        choices = {"": _("anybody")} | {one.pk: str(one) for one in owners}
        self.offer("owner", choices, refused=_("There are no actions to choose by “%(value)s”."))

    def clean_state(self) -> str:
        return self.cleaned_data["state"] or OPEN
