"""manage.py invite SURVEY --emails FILE [--context FILE] [--key NAME] [--json]"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail
from surveys import address_lists, invitations, reasons
from surveys.address_lists import AddressListError
from surveys.invitations import Invitee, NotOpenError, Outcome
from surveys.models import Survey


class Command(BaseCommand):
    help = "Ask people: one invitation mail each goes into the outbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey", help="short name (slug) of an open survey, such as csat")
        parser.add_argument("--emails", required=True, type=Path, help="one address a line, or a CSV of contacts")
        parser.add_argument("--context", type=Path, help="a CSV: email first, then ticket, agent, team, channel, …")
        parser.add_argument("--key", help="names this mailing: with the same key, an address is asked only once")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        survey = find_survey(options["survey"])
        try:
            invitees = self._invitees(options["emails"], options["context"])
            outcomes = invitations.invite(survey, invitees, key_prefix=options["key"])
        except (AddressListError, NotOpenError) as error:
            raise CommandError(str(error)) from error
        nudge(sweep_mail)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(outcome) for outcome in outcomes], ensure_ascii=False, indent=1))
        else:
            self._print(outcomes)

    def _invitees(self, emails: Path, context: Path | None) -> list[Invitee]:
        invitees = address_lists.from_file(emails)
        if context is None:
            return invitees
        by_address = address_lists.context_from_file(context)
        asked = {invitee.email.strip().lower() for invitee in invitees}
        if strangers := len(set(by_address) - asked):
            self.stderr.write(
                ngettext(
                    "%(count)s address of %(file)s is not in %(emails)s and was left out.",
                    "%(count)s addresses of %(file)s are not in %(emails)s and were left out.",
                    strangers,
                )
                % {"count": strangers, "file": context.name, "emails": emails.name}
            )
        return address_lists.with_context(invitees, by_address)

    def _print(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            told = reasons.in_words(outcome.reason) if outcome.reason else outcome.url
            self.stdout.write(f"{outcome.status:8} {outcome.email:40} {told}")
        queued = sum(outcome.status == "queued" for outcome in outcomes)
        self.stdout.write(
            _("%(queued)s queued, %(skipped)s skipped.") % {"queued": queued, "skipped": len(outcomes) - queued}
        )


def find_survey(slug: str) -> Survey:
    survey = Survey.objects.filter(slug=slug).first()
    if survey is not None:
        return survey
    slugs = list(Survey.objects.order_by("slug").values_list("slug", flat=True))
    near = get_close_matches(slug.lower(), slugs, n=3)
    hint = _("Did you mean %(slugs)s?") if near else _("There are: %(slugs)s.")
    raise CommandError(
        _("There is no survey “%(slug)s”.") % {"slug": slug} + " " + hint % {"slugs": ", ".join(near or slugs)}
    )
