"""Where the limits of a goal begin anew, and why."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy


class RebaseForm(forms.Form):
    """The day comes from the page, which has it from the figures; the person says what changed then."""

    since = forms.DateField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("What changed then?"),
        max_length=300,
        help_text=gettext_lazy("For example: two more people on the phone. It is shown with the chart."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field("reason"))
