import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from metrics import catalogue
from metrics.beside import beside
from metrics.beside_words import NAMES
from metrics.queries import Point
from tests.metrics.figures import day


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("recall_percent", 50.0, ("Of the needed escalations, made", "50.0\u00a0%")),
        ("range_points", 3.0, ("From the worst to the best channel", "+3.0\u00a0points")),
        ("difference_points", -16.08, ("Difference", "−16.1\u00a0points")),
        ("difference_low_points", -0.04, ("Difference at least", "0.0\u00a0points")),
        ("difference_high_points", 1.0, ("Difference at most", "+1.0\u00a0point")),
        ("oldest_seconds", 7200.0, ("The oldest waits for", "2\u00a0h")),
        ("mean_lifetime_days", 1.0, ("Mean time as a customer", "1\u00a0day")),
        ("percent_after_90_days", 84.3, ("Still here after 90 days", "84.3\u00a0%")),
        ("mrr_new", 1250.0, ("Of new customers", "1,250\u00a0EUR")),
        ("wages_cost", 2.5, ("Of it wages", "2.50\u00a0EUR")),
        ("judged_by_note", 12.0, ("Judged by an internal note", "12")),
        ("variation", 0.256, ("Deviation ÷ mean", "0.26")),
        ("agents", None, ("Agents", "no data")),
        ("somebody_elses_days", 2.0, ("Somebody elses", "2\u00a0days")),
    ],
)
@pytest.mark.django_db
def test_named_and_counted_by_its_key(key, value, shown):
    (one,) = beside(Point(start=day("2026-03-01"), end=None, beside={key: value}))
    assert (one.name, one.value) == shown


def keys_in(tree: ast.AST) -> Iterator[str]:
    """The keys that are written out where something is put beside a figure."""
    for node in ast.walk(tree):
        is_named = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "beside"
        is_named |= isinstance(node, ast.keyword) and node.arg == "beside"
        given = node.value if is_named and isinstance(node, (ast.Assign, ast.keyword)) else None
        if isinstance(given, ast.Dict):
            yield from (str(key.value) for key in given.keys if isinstance(key, ast.Constant))


def test_everything_beside_a_figure_of_the_catalogue_has_a_name():
    files = Path(catalogue.__file__).parent.glob("*.py")
    keys = {key for file in files for key in keys_in(ast.parse(file.read_text(encoding="utf-8")))}
    assert len(keys) > 50
    assert keys - set(NAMES) == set()
