"""What a change of promises or opening hours does to tickets that are open."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.queue import nudge
from metrics import targets
from metrics.tasks import recompute_everything


def tell(request: HttpRequest) -> None:
    """Say how many open tickets get other due times, and have everything computed again."""
    count = targets.moved()
    if count:
        sentence = ngettext(
            "%d open ticket gets another due time; figures follow in a moment.",
            "%d open tickets get other due times; figures follow in a moment.",
            count,
        )
        messages.info(request, sentence % count)
    else:
        messages.info(request, _("No open ticket gets another due time."))
    nudge(recompute_everything)
