"""Results in words, on pages."""

from django import template

from surveys import reasons, result_words
from surveys.models import Survey
from surveys.scores import Difference, Score

register = template.Library()
register.filter("percent", result_words.percent)
register.filter("reason_name", reasons.in_words)
register.filter("dimension_name", result_words.dimension)
register.filter("in_points", result_words.points)
register.filter("interval_in_points", result_words.points_interval)


@register.filter
def grouped(count: int) -> str:
    return result_words.number(count)


@register.filter
def two_decimals(value: float) -> str:
    return result_words.number(value, 2)


@register.filter
def in_words(score: Score, survey: Survey) -> str:
    """A score with its unit."""
    return result_words.value(score.value, survey.scale)


@register.filter
def bounds(score: Score | Difference, survey: Survey) -> str:
    return result_words.interval(score, survey.scale)
