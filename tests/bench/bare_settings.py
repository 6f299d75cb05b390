"""Plumbline's settings with one view: the same server, middleware and database."""

from kpiproject.settings import *  # noqa: F403 - everything else is the same

ROOT_URLCONF = "tests.bench.bare"
