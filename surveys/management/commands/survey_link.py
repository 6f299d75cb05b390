"""manage.py survey_link SURVEY [--ticket T] [--source S] [--agent A] [--team T] [--channel C] … [--json]"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys import links, signed_links
from surveys.management.commands.invite import find_survey
from surveys.signed_links import UnfitContextError


class Command(BaseCommand):
    help = "Make a signed link to a survey for a chat or a ticket; what it says cannot be changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey", help="short name (slug) of a survey, such as csat")
        for name in signed_links.NAMES:
            parser.add_argument(f"--{name}", help=f"the {name} that answers count under")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        survey = find_survey(options["survey"])
        context = {name: text for name in signed_links.NAMES if (text := (options[name] or "").strip())}
        try:
            url = links.signed_url(survey.slug, signed_links.query(survey, context))
        except UnfitContextError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"survey": survey.slug, "context": context, "url": url}, ensure_ascii=False))
        else:
            self.stdout.write(url)
