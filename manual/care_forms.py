"""What is filled in about a section beside its text: who looks after it, and the note beneath what is generated."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpiproject.models import User
from manual.care import MOST_MONTHS
from manual.forms import TOO_LONG, ProseField
from manual.sections import MOST_CHARACTERS


class CareForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody"),
        help_text=_("Is asked when it is due, and gets the questions about it."),
    )
    review_months = forms.IntegerField(
        label=_("Review every … months"),
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        help_text=_("Empty: never."),
    )
    is_inside = forms.BooleanField(
        label=_("For the house only"),
        required=False,
        help_text=_("From the next edition on, people outside read it only where it is chosen for their link by name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("name", "email")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]  # it is the ModelChoiceField above


class StillRightForm(forms.Form):
    """`version` is the one that the person has read, `back` the page to which they return."""

    version = forms.IntegerField(min_value=1)
    back = forms.ChoiceField(choices=[("edit", _("Edit"))], required=False)


class NoteForm(forms.Form):
    """`version` is the one of the section that the person saw."""

    note = ProseField(
        label=_("Note"),
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        # The name by which its script knows what is written.
        widget=forms.Textarea(attrs={"rows": 8, "id": "id_text", "class": "prose-input"}),
        help_text=_("Stands beneath what is generated, in this and every later edition."),
        error_messages={"max_length": TOO_LONG},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Browsers must not cut a text that is too long: they do it without a word."""
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs.pop("maxlength", None)
