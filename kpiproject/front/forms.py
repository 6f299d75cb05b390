"""The forms of accounts, people and the first visit."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpiproject.models import User
from kpiproject.roles import MANAGERS, STAFF
from kpiproject.time_zones import time_zones


class Role(models.TextChoices):
    STAFF = STAFF, _("Staff: sees the figures and the surveys")
    MANAGER = MANAGERS, _("Manager: also imports data, asks customers, and invites people")


PASSWORD_HELP = _("At least 10 characters, not only digits. No common password, and nothing like your name or address.")
# Tells a password manager whose password this is.
ADDRESS = HTML('{% include "accounts/_username.html" %}')


def one_column(button: str | Promise, *fields: str | HTML) -> FormHelper:
    """All fields below one another, then one button."""
    result = FormHelper()
    result.layout = Layout(*fields)
    result.add_input(Submit("submit", button))
    return result


class LoginForm(auth_forms.AuthenticationForm):
    """The same answer for an unknown address, a wrong password, and a deactivated person."""

    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    error_messages = {
        "invalid_login": _("The e-mail address and the password do not belong together. Capitals matter in passwords."),
        "inactive": _("The e-mail address and the password do not belong together. Capitals matter in passwords."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = one_column(_("Log in"), "username", "password")
        self.helper.form_error_title = _("You are not logged in.")

    def clean_username(self) -> str:
        """Failed attempts are counted by address, so that other capitals must not begin a new count."""
        address: str = self.cleaned_data["username"]
        return address.lower()


class PasswordResetForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    helper = one_column(_("Mail me a link"), "email")


class NewPasswordForm(auth_forms.SetPasswordForm):
    helper = one_column(_("Save the new password"), ADDRESS, "new_password1", "new_password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = PASSWORD_HELP


class PasswordChangeForm(auth_forms.PasswordChangeForm):
    helper = one_column(_("Change the password"), ADDRESS, "old_password", "new_password1", "new_password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = PASSWORD_HELP


class SettingsForm(forms.ModelForm):
    """What people say about themselves."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As my browser says")), *settings.LANGUAGES], required=False
    )
    helper = one_column(_("Save"), "name", "time_zone", "language")

    class Meta:
        model = User
        fields = ["name", "time_zone", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("The organisation's")), *time_zones(self.instance.time_zone)]
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=choices,
            required=False,
            help_text=_("Times are shown to you in this zone. Figures always use the organisation's days."),
        )


class NewPersonForm(forms.Form):
    """A name and a first password; the person is known already, or made by the view."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    helper = one_column(_("Start"), ADDRESS, "name", "password")

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person or User()

    def clean(self) -> dict[str, Any]:
        """The password is judged last, because it must not resemble what else was typed."""
        given = super().clean() or {}
        self.person.name = given.get("name", "")
        self.person.email = given.get("email", self.person.email)
        try:
            password_validation.validate_password(given.get("password", ""), self.person)
        except ValidationError as error:
            if "password" in given:
                self.add_error("password", error)
        return given


class FirstManagerForm(NewPersonForm):
    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        help_text=_("Printed in the terminal in which Plumbline was started."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autofocus": True}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    organisation = forms.CharField(
        label=_("Name of the organisation"),
        max_length=150,
        help_text=_("Stands at the head of every page and in every mail. Can be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone of the organisation"),
        choices=time_zones,
        initial="UTC",
        help_text=_("The days, weeks and months of every figure begin at midnight here."),
    )
    helper = one_column(_("Create the first manager"), "code", "organisation", "time_zone", "name", "email", "password")


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.STAFF, widget=forms.RadioSelect)
    helper = one_column(_("Send the invitation"), "email", "name", "role")


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    helper = one_column(_("Change the role"), "role")
    helper.form_show_labels = False  # the page has it as a heading
