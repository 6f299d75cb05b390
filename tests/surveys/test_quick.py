from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from surveys import quick
from surveys.models import Answer, FactChange
from tests.factories import AnswerFactory, SurveyFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 10, 30, 15, 123456, tzinfo=UTC)


def answer(**fields) -> Answer:
    return AnswerFactory.build(survey=SurveyFactory(), answered_at=AT, comment="100 % 👍 '; --", **fields)


def test_row_is_as_django_would_have_stored_it():
    quickly, usually = answer(), answer()
    usually.survey = quickly.survey
    quick.insert([quickly])
    usually.save()
    names = [field.attname for field in Answer._meta.concrete_fields if not field.primary_key]
    first, second = Answer.objects.filter(pk__in=[quickly.pk, usually.pk]).values_list(*names)
    assert first == second


def test_stored_row_can_be_changed_and_saved():
    row = answer()
    quick.insert([row])
    row.score = 1
    row.save(update_fields=["score"])
    assert Answer.objects.get().score == 1


def test_several_rows_get_their_keys_in_their_order():
    rows = [FactChange(at=AT, about=about) for about in ("answer", "invitation")]
    quick.insert(rows)
    assert [FactChange.objects.get(pk=row.pk).about for row in rows] == ["answer", "invitation"]


def test_what_the_database_forbids_is_refused():
    wrong = answer()
    wrong.score = 9
    with pytest.raises(IntegrityError), transaction.atomic():
        quick.insert([wrong])
    assert Answer.objects.count() == 0
