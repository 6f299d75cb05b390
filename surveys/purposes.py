"""What each kind of survey is good for, in a sentence. Only staff read these: respondents' languages leave them out."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

PURPOSES: Mapping[str, Promise] = MappingProxyType(
    {
        "csat": gettext_lazy("Whether one contact went well. Asked right afterwards, it shows soon what a change did."),
        "nps": gettext_lazy(
            "Whether customers would speak for us. It moves slowly, and needs more answers than the others."
        ),
        "ces": gettext_lazy(
            "Whether it was easy to be helped. Whoever had a hard time leaves sooner than whoever was unhappy."
        ),
        "esat": gettext_lazy("Whether we like to work here. Kept without names, and shown from enough answers on."),
        "enps": gettext_lazy(
            "Whether we would bring friends here. Kept without names, and shown from enough answers on."
        ),
    }
)
