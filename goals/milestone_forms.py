"""What somebody fills in who ticks a milestone off, or takes that back."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy

from goals.day_input import DayInput


class _MilestoneForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)


class TickForm(_MilestoneForm):
    """The day on which it was done may lie some days back: people tell it later."""

    on = forms.DateField(
        label=gettext_lazy("Done on"),
        widget=DayInput(),
        help_text=gettext_lazy("The day on which it was done, not the one on which you say so."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.fields["on"].widget.attrs["max"] = today.isoformat()


class UndoForm(_MilestoneForm):
    why = forms.CharField(
        label=gettext_lazy("Why it is not done after all"),
        max_length=300,
        help_text=gettext_lazy("It stays with the goal for everybody to read."),
    )
