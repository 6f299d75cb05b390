"""Many models in one step of a migration."""

from typing import Any

import pytest
from django.db import models
from django.db.migrations import CreateModel
from django.db.migrations.state import ModelState, ProjectState, StateApps

from kpiproject.tables import CreateModels

CHAPTER = CreateModel(
    "Chapter",
    [("id", models.AutoField(primary_key=True)), ("book", models.ForeignKey("library.Book", models.CASCADE))],
)
BOOK = CreateModel(
    "Book",
    [
        ("id", models.AutoField(primary_key=True)),
        ("first", models.ForeignKey("library.Chapter", models.SET_NULL, null=True, related_name="+")),
        ("author", models.ForeignKey("library.Author", models.CASCADE)),
    ],
)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models whose classes were built, in that order."""
    names: list[str] = []
    render = ModelState.render

    def noted(self: ModelState, apps: StateApps) -> Any:
        names.append(self.name)
        return render(self, apps)

    monkeypatch.setattr(ModelState, "render", noted)
    return names


@pytest.fixture
def state(rendered: list[str]) -> ProjectState:
    """Of one model whose class has been built."""
    state = ProjectState()
    state.add_model(ModelState("library", "Author", [("id", models.AutoField(primary_key=True))]))
    assert [model.__name__ for model in state.apps.get_models()] == ["Author"]
    rendered.clear()
    return state


def test_models_may_refer_to_each_other_and_are_built_once(state: ProjectState, rendered: list[str]) -> None:
    CreateModels([CHAPTER, BOOK]).state_forwards("library", state)
    chapter, book, author = (state.apps.get_model("library", name) for name in ("Chapter", "Book", "Author"))
    assert chapter._meta.get_field("book").related_model is book
    assert book._meta.get_field("first").related_model is chapter
    assert book._meta.get_field("author").related_model is author
    assert sorted(rendered) == ["Author", "Book", "Chapter"]


def test_what_was_put_off_before_is_not_put_off_again(state: ProjectState, rendered: list[str]) -> None:
    """Django builds all classes before each function of a migration for as long as something is put off."""
    state.add_field("library", "author", "name", models.TextField(), preserve_default=True)
    CreateModels([CHAPTER, BOOK]).state_forwards("library", state)
    author = state.apps.get_model("library", "Author")
    rendered.clear()
    state.clear_delayed_apps_cache()
    assert state.apps.get_model("library", "Author") is author
    assert [field.name for field in author._meta.fields] == ["id", "name"]
    assert rendered == []


def test_state_before_it_keeps_its_classes(state: ProjectState) -> None:
    before = state.clone()
    CreateModels([CHAPTER, BOOK]).state_forwards("library", state)
    assert [model.__name__ for model in before.apps.get_models()] == ["Author"]


def test_it_says_what_it_creates() -> None:
    assert CreateModels([CHAPTER, BOOK]).formatted_description() == "+ Create models Chapter, Book"
