#!/usr/bin/env python
"""Plumbline's command line."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db.utils import DatabaseError, DataError, IntegrityError


def _in_words(error: Exception) -> str:
    """A sentence for whoever typed a command; the rest of such an error helps nobody."""
    reason = str(error).strip().partition("\n")[0]
    if "no such table" in reason or ("relation" in reason and "does not exist" in reason):
        return "The database has not been prepared yet: run `manage.py migrate`, or `manage.py start`, which does it."
    return f"The database in DATABASE_URL cannot be used: {reason}."


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpiproject.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except (DataError, IntegrityError):
        raise  # a fault of ours, not of the database
    except DatabaseError as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(_in_words(error))


if __name__ == "__main__":
    main()
