from typing import Any

from django.core.management.base import BaseCommand

from manual import indexing
from manual.models import Edition


class Command(BaseCommand):
    help = "Make the index for the search in the manual anew. Editions stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        for edition in Edition.objects.order_by("number").iterator(chunk_size=1):
            count = indexing.index_anew(edition)
            self.stdout.write(f"Edition {edition.number}: {count} passages")
