"""What managers fill in about ways in: where one is, how many codes a sheet has, what a signed link carries."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from surveys import languages, origins, signed_links
from surveys.models import Entrance, Survey
from surveys.signed_links import UnfitContextError


class EntranceForm(forms.Form):
    """A way in of one kind; the pages that may show it are asked of a widget only."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("For example “Till 2” or “Order page”."))
    team = forms.CharField(
        label=_("Team"), max_length=200, required=False, help_text=_("Answers that come this way count as this team's.")
    )
    channel = forms.CharField(
        label=_("Channel"), max_length=100, required=False, help_text=_("For example shop, web or phone.")
    )
    origins = forms.CharField(
        label=_("Web pages that may show the widget"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("One origin a line, such as https://shop.example.com. No other page can show it."),
        error_messages={"required": _("Name at least one page, or nobody would see the widget.")},
    )

    def __init__(self, *args: Any, survey: Survey, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != Entrance.Kind.WIDGET:
            del self.fields["origins"]
        if survey.is_anonymous:  # not kept of employees
            del self.fields["channel"]

    def clean_origins(self) -> list[str]:
        return origins.parse_list(self.cleaned_data["origins"])

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.add_input(Submit("save", _("Save")))
        return helper


def initial(entrance: Entrance) -> dict[str, str]:
    """An entrance as its form shows it."""
    told = {name: getattr(entrance, name) for name in ("name", "team", "channel")}
    return told | {"origins": "\n".join(entrance.origins)}


class SwitchForm(forms.Form):
    action = forms.ChoiceField(choices=[("on", _("Switch on")), ("off", _("Switch off"))])


class SheetForm(forms.Form):
    """How a sheet of printed codes looks; nonsense in the address gives the usual one."""

    per_page = forms.TypedChoiceField(
        label=_("Codes on a page"), coerce=int, choices=[(1, "1"), (2, "2"), (4, "4"), (8, "8")]
    )
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, languages.LANGUAGES[code]) for code in offered]  # type: ignore[attr-defined]  # it is the ChoiceField above


class SignedLinkForm(forms.Form):
    """What a link for a chat or a ticket says. It travels in the address of the page: nothing is kept."""

    ticket = forms.CharField(
        label=_("Ticket"), required=False, help_text=_("One ticket has one answer, however often its link is sent.")
    )
    source = forms.CharField(
        label=_("Source of the ticket"), required=False, help_text=_("As the import names it, for example zendesk.")
    )
    agent = forms.CharField(label=_("Agent"), required=False)
    team = forms.CharField(label=_("Team"), required=False)
    channel = forms.CharField(label=_("Channel"), required=False)
    category = forms.CharField(label=_("Category"), required=False)
    customer = forms.CharField(label=_("Customer"), required=False)

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        for name in set(self.fields) - signed_links.names(survey):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said = {name: text for name, text in self.cleaned_data.items() if text}
        try:
            signed_links.check(self.survey, said)
        except UnfitContextError as error:
            raise forms.ValidationError(str(error), code="unfit") from error
        return said

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.form_error_title = _("No link was made. Please mend this:")
        helper.add_input(Submit("make", _("Make the link")))
        return helper
