"""Two posts at the same moment: the one thing that needs real transactions."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from django.db import connection, connections

from surveys import answers
from surveys.models import Answer, AnswerChange
from tests.factories import InvitationFactory, SurveyFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def at_once(tmp_path, monkeypatch):
    """Run calls in threads that start together, each with its own connection.

    Tests on SQLite use a database in memory, which does not wait for locks; the threads get a copy in a file.
    """

    def run(call, barrier):
        try:
            barrier.wait(timeout=10)
            return call()
        finally:
            connection.close()

    def all_of(*calls):
        if connection.vendor == "sqlite" and not (tmp_path / "copy.sqlite3").exists():
            connection.ensure_connection()
            with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
                connection.connection.backup(copy)
            monkeypatch.setitem(connections.settings["default"], "NAME", str(tmp_path / "copy.sqlite3"))
        barrier = Barrier(len(calls))
        with ThreadPoolExecutor(len(calls)) as pool:
            return [future.result() for future in [pool.submit(run, call, barrier) for call in calls]]

    return all_of


def stored():
    """What the database holds, as the threads see it."""
    changes = AnswerChange.objects.values_list("score", "comment")
    return list(Answer.objects.values_list("score", "comment")), list(changes)


def test_two_posts_at_the_same_moment_are_one_answer(at_once):
    invitation = InvitationFactory()
    at_once(*[lambda: answers.record(invitation, 4, "same")] * 4)
    assert at_once(stored) == [([(4, "same")], [])]


def test_two_different_posts_at_the_same_moment_keep_both_words(at_once):
    invitation = InvitationFactory()
    at_once(lambda: answers.record(invitation, 4, "one"), lambda: answers.record(invitation, 1, "two"))
    [(said, before)] = at_once(stored)
    assert sorted(said + before) == [(1, "two"), (4, "one")]
    assert len(said) == 1


def test_public_form_posted_twice_at_the_same_moment_is_one_answer(at_once):
    survey = SurveyFactory()
    at_once(*[lambda: answers.record_public(survey, 4, "same", form_key="k" * 22)] * 4)
    assert at_once(stored) == [([(4, "same")], [])]
