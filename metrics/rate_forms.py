"""What another currency is worth, as people enter it."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.queries import organisation
from metrics.models import ExchangeRate


class ExchangeRateForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    class Meta:
        model = ExchangeRate
        fields: ClassVar = ["currency", "valid_from", "rate"]
        error_messages: ClassVar = {
            "rate": {
                "min_value": gettext_lazy("A rate is above 0: what one unit of the other currency is worth in ours."),
                "invalid": gettext_lazy("Write the rate as a number, for example 0.92."),
                "max_decimal_places": gettext_lazy("A rate has at most eight decimal places."),
                "max_whole_digits": gettext_lazy("A rate has at most ten digits before the decimal point."),
                "max_digits": gettext_lazy("A rate has at most ten digits before the decimal point and eight after."),
            },
            "currency": {"invalid": gettext_lazy("Write the currency as three capital letters, for example USD.")},
        }

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"]
        ours = organisation().currency
        if currency.upper() == ours:
            message = _("%(currency)s is the organisation’s own currency: one unit is always worth one.")
            raise forms.ValidationError(message % {"currency": ours})
        return currency
