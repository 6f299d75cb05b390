"""Counts on the pages of data."""

from django import template

from metrics import presentation

register = template.Library()


@register.filter
def grouped(count: int) -> str:
    """24,918 in the reader's language."""
    return presentation.number(count)
