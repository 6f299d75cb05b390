"""What is filled in on the pages of the do-not-contact list and of mails that came back."""

from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from surveys import bounce_mails
from surveys.do_not_contact import NOTE_MAX, Entry
from surveys.models import BounceReport, Suppression
from surveys.sender import is_selector

MOST_BYTES: Final = 5_000_000
# The list travels in the page between the preview and the button.
MOST_ENTRIES: Final = 10_000


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Address or note"), required=False, max_length=254)
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", _("any")), *Suppression.Reason.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _filters(self)


class EntryForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_MAX,
        help_text=_("For example who asked for it, and how."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Never write to this address")))

    def entry(self) -> Entry:
        return Entry(self.cleaned_data["email"].lower(), note=self.cleaned_data["note"])


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, text or Excel: one address a line, or columns email, reason and note."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Show me the preview")))

    def clean_file(self) -> Any:
        return _small(self.cleaned_data["file"], MOST_BYTES)


class ReturnedForm(forms.Form):
    mail = forms.FileField(
        label=_("A mail that came back"),
        help_text=_("Saved as a file (.eml), as your mail program saves it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Read it")))

    def clean_mail(self) -> Any:
        return _small(self.cleaned_data["mail"], bounce_mails.MOST_BYTES)


class SelectorForm(forms.Form):
    selector = forms.CharField(
        label=_("DKIM selector"),
        required=False,
        max_length=63,
        help_text=_("As the operator of the mail server gave it to you. Empty: the key is not looked up."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", _("Check now")))

    def clean_selector(self) -> str:
        selector: str = self.cleaned_data["selector"]
        if selector and not is_selector(selector):
            raise forms.ValidationError(_("A selector is letters, digits, dots and hyphens."), code="invalid")
        return selector


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What happened"), required=False, choices=[("", _("any")), *BounceReport.Kind.choices]
    )
    q = forms.CharField(label=_("Address"), required=False, max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _filters(self)


def _filters(form: forms.Form) -> FormHelper:
    helper = FormHelper()
    helper.form_method = "get"
    helper.form_class = "filters"
    helper.disable_csrf = True
    helper.layout = Layout(*form.fields)
    helper.add_input(Submit("submit", _("Show")))
    return helper


def _small(file: Any, most: int) -> Any:
    if file.size > most:
        raise forms.ValidationError(
            _("The file has more than %(most)s MB."), params={"most": most // 1_000_000}, code="too_big"
        )
    return file
