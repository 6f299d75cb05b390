"""What respondents fill in: the score, a comment, and the further questions that apply to them."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kpiproject.lib.tokens import is_token, new_token
from surveys.answers import COMMENT_MAX, Given, Said
from surveys.content import Content, Further

SHORT_MAX = 300
_TOO_LONG = ngettext_lazy(
    "Your comment has %(show_value)d characters, and at most %(limit_value)d can be sent. "
    "Nothing is lost: please shorten it and send it again.",
    "Your comment has %(show_value)d characters, and at most %(limit_value)d can be sent. "
    "Nothing is lost: please shorten it and send it again.",
    "limit_value",
)
_NOT_OFFERED = _("Please choose one of the answers that are offered.")


class CommentField(forms.CharField):
    """Counts characters as the writer sees them: browsers send two for every line break."""

    def __init__(self, *, max_length: int = COMMENT_MAX, required: bool = False, **kwargs: Any) -> None:
        told = {"max_length": _TOO_LONG}
        super().__init__(required=required, max_length=max_length, error_messages=told, **kwargs)

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return super().to_python(text.replace("\r\n", "\n").replace("\x00", "")) or ""


class AnswerForm(forms.Form):
    """One page of a survey. Of a comment that is too long nothing is lost.

    `score` and `replies` are what is stored already: a page that only asks further questions sends no score. A reply to
    a question that does not apply to this score is passed over. A question that must be answered is insisted on only
    if the page had it (`asked`); otherwise the next page asks it.
    """

    comment = CommentField()
    # Names the form, so that one that is sent twice is one answer.
    form_key = forms.CharField(required=False)
    # Robots fill it in; nobody else sees it.
    website = forms.CharField(required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        content: Content,
        language: str,
        score: int | None = None,
        replies: Mapping[int, Said] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.content, self.language = content, language
        self.stored_score, self.stored_replies = score, dict(replies or {})
        self.fields["score"] = _score_field(content, is_required=score is None)
        for question in content.questions:
            self.fields[name_of(question)] = _field(question)
        self.replies: dict[int, Said] = {}

    def clean(self) -> dict[str, Any]:
        score = self.cleaned_data.get("score")
        if not isinstance(score, int):
            score = self.stored_score
        if "score" in self.errors or score is None:
            self._forget_errors(self.content.questions)
            return self.cleaned_data
        self._take_replies(self.content.scale.standing(score))
        return self.cleaned_data

    @property
    def lacks_only_replies(self) -> bool:
        """Whether score and comment can be kept although a further question is still open."""
        return bool(self.errors) and not {"score", "comment", "__all__"} & set(self.errors)

    def given(self) -> Given:
        """What was sent, of a form whose score is good."""
        sent = self.cleaned_data.get("score")
        score = sent if isinstance(sent, int) else self.stored_score
        if score is None:
            msg = "A form without a score says nothing."
            raise ValueError(msg)
        comment = self.cleaned_data["comment"] if "comment" in self.data else None
        return Given(
            score=score,
            comment=comment,
            replies=self.replies,
            language=self.language,
            form_key=self.cleaned_data["form_key"],
        )

    def clean_form_key(self) -> str:
        key: str = self.cleaned_data["form_key"]
        return key if is_token(key) else ""

    @cached_property
    def key(self) -> str:
        """The key to print into the page: the one that was sent, so that a corrected form stays the same form."""
        sent = str(self["form_key"].value() or "")
        return sent if is_token(sent) else new_token()

    @property
    def known_score(self) -> int | None:
        """The score that is chosen on the page, or stored."""
        chosen = chosen_score(str(self["score"].value()), content=self.content)
        return self.stored_score if chosen is None else chosen

    def said(self, question: Further) -> Said:
        """What the page shows as the reply: what was sent, or what is stored."""
        if not self.is_bound or not self.is_asked(question):
            return self.stored_replies.get(question.id, Said())
        return _said(question, self.data)

    def is_asked(self, question: Further) -> bool:
        """Whether the page that was sent had this question."""
        return name_of(question) in self.data or str(question.id) in _values(self.data, "asked")

    def _take_replies(self, standing: int | None) -> None:
        chosen: dict[int, Iterable[str]] = {}
        for question in self.content.questions:
            name = name_of(question)
            if not question.applies(standing, chosen):
                self._forget_errors([question])
                continue
            said = self.stored_replies.get(question.id, Said())
            if self.is_asked(question):
                said = Said() if name in self.errors else _typed(question, self.cleaned_data.get(name))
                self.replies[question.id] = said
                if said.is_empty and question.is_required and name not in self.errors:
                    self.add_error(name, _("Please answer this question."))
            chosen[question.id] = said.choices
        for name in self.errors:
            self.replies.pop(int(name[1:]) if name.startswith("q") else 0, None)

    def _forget_errors(self, questions: Iterable[Further]) -> None:
        for question in questions:
            self.errors.pop(name_of(question), None)


def name_of(question: Further) -> str:
    return f"q{question.id}"


def chosen_score(text: str | None, *, content: Content) -> int | None:
    """The score a link asks to choose; None for anything that is not on the scale."""
    choices = {str(score): score for score in content.scale.scores}
    return choices.get(text or "")


def open_questions(content: Content, score: int, replies: Mapping[int, Said]) -> list[Further]:
    """The questions that apply to this score and have no reply yet, in their order."""
    standing = content.scale.standing(score)
    chosen = {number: said.choices for number, said in replies.items()}
    return [
        question
        for question in content.questions
        if question.applies(standing, chosen) and replies.get(question.id, Said()).is_empty
    ]


def _score_field(content: Content, *, is_required: bool) -> forms.TypedChoiceField:
    if content.look == "numbers":
        required, invalid = (
            _("Please choose a number."),
            _("“%(value)s” is not on this scale. Please choose one of the numbers."),
        )
    else:
        required, invalid = _("Please choose an answer."), _NOT_OFFERED
    return forms.TypedChoiceField(
        coerce=int,
        required=is_required,
        choices=[(str(score), score) for score in content.scale.scores],
        error_messages={"required": required, "invalid_choice": invalid},
    )


def _field(question: Further) -> forms.Field:
    refused = {"invalid_choice": _NOT_OFFERED, "invalid_list": _NOT_OFFERED}
    options = [(key, key) for key in question.options]
    if question.kind == "choice":
        return forms.ChoiceField(required=False, choices=options, error_messages=refused)
    if question.kind == "multiple":
        return forms.MultipleChoiceField(required=False, choices=options, error_messages=refused)
    if question.kind == "scale":
        numbers = [(str(number), number) for number in range(question.low, question.high + 1)]
        return forms.TypedChoiceField(required=False, coerce=int, choices=numbers, error_messages=refused)
    return CommentField(max_length=SHORT_MAX if question.kind == "short" else COMMENT_MAX)


def _typed(question: Further, value: Any) -> Said:
    if question.kind == "scale":
        return Said(number=value if isinstance(value, int) else None)
    if question.kind == "multiple":
        return Said(choices=tuple(value or ()))
    if question.kind == "choice":
        return Said(choices=(value,) if value else ())
    return Said(text=value or "")


def _said(question: Further, data: Mapping[str, Any]) -> Said:
    """As it was typed, right or wrong."""
    values = [str(value) for value in _values(data, name_of(question))]
    if question.kind == "scale":
        numbers = {str(number): number for number in range(question.low, question.high + 1)}
        return Said(number=numbers.get(values[-1]) if values else None)
    if question.kind in ("choice", "multiple"):
        return Said(choices=tuple(values))
    return Said(text=values[-1] if values else "")


def _values(data: Mapping[str, Any], name: str) -> list[Any]:
    if isinstance(data, QueryDict):
        return list(data.getlist(name))
    return [data[name]] if name in data else []
