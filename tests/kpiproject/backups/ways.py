"""From which database to which one can be restored here. What needs no server is for the run without one."""

from django.db import connection

WAYS = (
    [("sqlite", "sqlite")]
    if connection.vendor == "sqlite"
    else [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")]
)
