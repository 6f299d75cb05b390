"""What managers fill in when they make a survey: its name, its languages, and the address it gets."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from surveys.languages import LANGUAGES
from surveys.models import Survey


def check_slug(slug: str) -> None:
    """Raises ValidationError for an address that is taken, by a survey or by a page of ours."""
    if Survey.objects.filter(slug=slug).exists():
        raise forms.ValidationError(_("Another survey has this address already."))
    if is_ours(slug):
        raise forms.ValidationError(_("This address is used by Plumbline itself. Please choose another one."))


def is_ours(slug: str) -> bool:
    """Whether a page of ours, such as the one for new surveys, has this address."""
    try:
        return resolve(f"/surveys/{slug}/").url_name != "survey"
    except Resolver404:
        return True


class NewForm(forms.Form):
    """The beginning of a survey: its name and its languages."""

    name = forms.CharField(label=_("Name"), max_length=150, help_text=_("For your own people; customers never see it."))
    language = forms.ChoiceField(
        label=_("Main language"),
        choices=list(LANGUAGES.items()),
        help_text=_("Read by everybody who speaks none of the others."),
    )
    others = forms.MultipleChoiceField(
        label=_("Also in"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The words are there already; everybody is asked in their own language."),
    )

    def languages(self) -> Sequence[str]:
        """The main one first."""
        return list(dict.fromkeys([self.cleaned_data["language"], *self.cleaned_data["others"]]))


class BlankForm(NewForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=Survey.Kind.choices)
    field_order = ("name", "kind", "language", "others")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].help_text = _("Its words can be written later.")
