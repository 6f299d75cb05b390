"""What is chosen to be looked at: forms whose choices stand in the address, so that a look can be kept and sent on."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


def filter_helper(*fields: str) -> FormHelper:
    """How such a form is drawn, without a button; the fields may also be laid out afterwards."""
    helper = FormHelper()
    helper.form_method = "get"
    helper.form_class = "filters"
    helper.disable_csrf = True
    helper.form_error_title = _("This cannot be shown:")
    if fields:
        helper.layout = Layout(*fields)
    return helper


class FilterForm(forms.Form):
    """Each field may stay open; a button shows what was chosen."""

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.helper = filter_helper(*self.fields)
        self.helper.add_input(Submit("submit", _("Show")))

    def offer(self, name: str, choices: Mapping[Any, Any], *, refused: str) -> None:
        """Let a field choose among these; `refused` names what else somebody wrote into the address (%(value)s)."""
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = list(choices.items())
        field.error_messages["invalid_choice"] = refused


# --- Stretches of days --------------------------------------------------------------------------------------------
def day_field(label: Any) -> forms.DateField:
    """A day that may stay open."""
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(FIRST_DAY, gettext_lazy("Choose a day from 1970 on.")),
            MaxValueValidator(LAST_DAY, gettext_lazy("Choose a day before 2200.")),
        ],
        error_messages={
            "invalid": gettext_lazy("This is not a day. Write it as year-month-day, for example 2025-01-31.")
        },
    )


def span_fields() -> dict[str, forms.Field]:
    """Two days, the second one not included, as everywhere. They are called `from` and `to` in the address."""
    return {"from": day_field(gettext_lazy("From")), "to": day_field(gettext_lazy("Before"))}


def check_span(form: forms.BaseForm) -> None:
    """That the first of the two days comes before the second, where both were chosen."""
    start, end = form.cleaned_data.get("from"), form.cleaned_data.get("to")
    if start and end and start >= end:
        form.add_error("to", _("The period must end after it starts: choose a day after %s.") % start)
