"""What is different between two contents of a survey, in words for managers."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from surveys.content import TEXTS, Content, Further
from surveys.languages import LANGUAGES
from surveys.models import Question, Survey
from surveys.scales import GROUP_NAMES, Scale, group_of


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is said otherwise; "" is nothing. `language` is empty where it is no matter of language."""

    what: str
    before: str = ""
    after: str = ""
    language: str = ""


def between(before: Content, after: Content) -> list[Change]:
    return [
        *_settings(before, after),
        *_words(before, after),
        *_questions(before, after),
    ]


def label_of(text: str) -> str:
    """The name managers know one of the texts by."""
    return str(getattr(Survey._meta.get_field(text), "verbose_name", text))


def span(scale: Scale) -> str:
    """“1 to 5; the middle from 3, good from 4”."""
    said = _("%(low)s to %(high)s") % {"low": scale.low, "high": scale.high}
    if scale.steps is None:
        return said
    middle, good = scale.steps
    return said + _("; the middle from %(middle)s, good from %(good)s") % {"middle": middle, "good": good}


def _settings(before: Content, after: Content) -> Iterator[Change]:
    looks = dict(Survey.Look.choices)
    pairs = [
        (_("scale"), span(before.scale), span(after.scale)),
        (_("scores look like"), str(looks.get(before.look, "")), str(looks.get(after.look, ""))),
        (_("main language"), LANGUAGES.get(before.language, ""), LANGUAGES.get(after.language, "")),
    ]
    for what, old, new in pairs:
        if old != new:
            yield Change(what=what, before=old, after=new)


def _words(before: Content, after: Content) -> Iterator[Change]:
    for language in dict.fromkeys([*before.wordings, *after.wordings]):
        old, new = before.wordings.get(language), after.wordings.get(language)
        if old is None or new is None:
            said = _("added") if old is None else _("no longer offered")
            yield Change(what=_("language"), after=said, language=language)
        old_texts, new_texts = (asdict(wording) if wording else dict.fromkeys(TEXTS, "") for wording in (old, new))
        for name in TEXTS:
            if new is not None and old_texts[name] != new_texts[name]:
                yield Change(what=label_of(name), before=old_texts[name], after=new_texts[name], language=language)


def _questions(before: Content, after: Content) -> Iterator[Change]:
    old = {question.id: question for question in before.questions}
    new = {question.id: question for question in after.questions}
    for question in before.questions:
        if question.id not in new:
            yield Change(what=_("further question no longer asked"), before=_prompt(question, before))
    for question in after.questions:
        if question.id not in old:
            yield Change(what=_("further question added"), after=_prompt(question, after))
        elif old[question.id] != question:
            yield from _one_question(old[question.id], question, after)
    kept = [[one.id for one in content.questions if one.id in old and one.id in new] for content in (before, after)]
    if kept[0] != kept[1]:
        yield Change(what=_("further questions"), after=_("asked in another order"))


def _one_question(before: Further, after: Further, content: Content) -> Iterator[Change]:
    name = _("further question “%(prompt)s”") % {"prompt": _prompt(after, content)}
    for language in dict.fromkeys([*before.prompts, *after.prompts]):
        old, new = (_said(question, language) for question in (before, after))
        if old != new:
            yield Change(what=name, before=old, after=new, language=language)
    old, new = (_rule(question, content) for question in (before, after))
    if old != new:
        yield Change(what=name, before=old, after=new)


def _prompt(question: Further, content: Content) -> str:
    return question.prompt(content.language, content.language).prompt if question.prompts else ""


def _said(question: Further, language: str) -> str:
    said = question.prompts.get(language)
    if said is None:
        return ""
    options = ", ".join(said.options.get(key, "") or key for key in question.options)
    return " · ".join(part for part in (said.prompt, said.low_label, said.high_label, options) if part)


def _rule(question: Further, content: Content) -> str:
    """“one of several, must be answered, only asked of promoters, after …”."""
    parts = [str(dict(Question.Kind.choices).get(question.kind, question.kind))]
    if question.kind == Question.Kind.SCALE:
        parts.append(_("%(low)s to %(high)s") % {"low": question.low, "high": question.high})
    if question.is_required:
        parts.append(_("must be answered"))
    parts += condition(question, content)
    return ", ".join(parts)


def condition(question: Further, content: Content) -> list[str]:
    """Of whom it is asked, if not of everybody."""
    parts = []
    if question.standings:
        names = [str(GROUP_NAMES[group_of(content.scale.kind, standing)]) for standing in question.standings]
        parts.append(_("only asked of: %(groups)s") % {"groups": ", ".join(names)})
    if question.after is not None:
        earlier = {one.id: one for one in content.questions}.get(question.after)
        said = earlier.prompt(content.language, content.language) if earlier else None
        chosen = ", ".join((said.options.get(key, key) if said else key) for key in question.after_options)
        parts.append(
            _("only after “%(options)s” to “%(prompt)s”") % {"options": chosen, "prompt": said.prompt if said else "–"}
        )
    return parts
