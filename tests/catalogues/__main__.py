"""`python -m tests.catalogues`: bring the catalogues up to date with the texts, and tell what is still to be said."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpiproject.settings")
    django.setup()
    from tests.catalogues import messages

    missing = 0
    for language in messages.TRANSLATED:
        catalog = messages.renewed(language)
        messages.write(language, catalog)
        open_ones = messages.unsaid(catalog)
        missing += len(open_ones)
        sys.stdout.write(f"{language}: {len(catalog)} texts, {len(open_ones)} without a translation\n")
    sys.exit(1 if missing else 0)
