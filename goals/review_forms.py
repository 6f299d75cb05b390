"""What is written about a review."""

from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy

MOST_CHARACTERS: Final = 50_000


class MinutesForm(forms.Form):
    """Minutes, and the version of them that the writer saw."""

    minutes = forms.CharField(
        label=gettext_lazy("Minutes"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("What was decided, and who does what by when. Markdown, for example “* ” for a list."),
    )
    version = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Field("minutes"), Field("version"))

    def clean_minutes(self) -> str:
        """Browsers send two characters for the end of a line."""
        return str(self.cleaned_data["minutes"]).replace("\r\n", "\n").replace("\r", "\n")
