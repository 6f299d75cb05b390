"""A new database takes one step per app where older ones have taken many; both must arrive at the same tables."""

import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

SQUASHED = [
    ("goals", "0001_squashed_0006_stakeholder_needs"),
    ("kpiproject", "0001_squashed_0009_calendar_roles"),
    ("manual", "0001_squashed_0004_share_form_key"),
    ("metrics", "0001_squashed_0019_benchmark_roles"),
    ("surveys", "0001_squashed_0016_company_index"),
]


@pytest.fixture(scope="module")
def short() -> MigrationLoader:
    return MigrationLoader(None)


@pytest.fixture(scope="module")
def old_state() -> ProjectState:
    """After all the steps that others replace, and nothing else."""
    loader = MigrationLoader(None, replace_migrations=False)
    return loader.project_state([key for each in loader.replacements.values() for key in each.replaces])


def test_every_app_starts_with_one_step_for_all_before_it(short: MigrationLoader) -> None:
    assert sorted(short.replacements) == SQUASHED
    for app, name in SQUASHED:
        assert short.graph.root_nodes(app) == [(app, name)]
        assert short.replacements[app, name].replaces[-1][1] == name.removeprefix("0001_squashed_")


def test_it_comes_after_the_first_that_it_replaces_by_name(short: MigrationLoader) -> None:
    """What says only that it needs the first step of an app gets the first by name, also where it is not replaced."""
    for (_app, name), step in short.replacements.items():
        assert name > min(replaced for _label, replaced in step.replaces)


@pytest.mark.parametrize("forwards", [True, False], ids=["from old to new", "from new to old"])
def test_both_ways_lead_to_the_same_models(short: MigrationLoader, old_state: ProjectState, *, forwards: bool) -> None:
    new_state = short.project_state(list(short.replacements))
    assert old_state.models.keys() == new_state.models.keys()
    before, after = (old_state, new_state) if forwards else (new_state, old_state)
    changes = MigrationAutodetector(before, after).changes(graph=short.graph)
    assert {app: [step.operations for step in steps] for app, steps in changes.items()} == {}


def test_both_ways_lead_to_the_same_model_managers_and_bases(short: MigrationLoader, old_state: ProjectState) -> None:
    new_state = short.project_state(list(short.replacements))
    for key, model in old_state.models.items():
        assert (key, model.bases) == (key, new_state.models[key].bases)
        assert [name for name, _ in model.managers] == [name for name, _ in new_state.models[key].managers]
