"""Template tags and filters of every screen: `{% load gandan %}`.

The small pieces that stand many times in a list (icon, status, date, time left, mark) are written
here in Python: as included templates they would cost a list page more than its whole budget.
Each docstring has its example; all are shown on the component page `/ui/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Date
from datetime import datetime
from functools import cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gandan.ui import words
from gandan.ui.flat_templates import says_the_same
from gandan.ui.navigation import VisibleItem, public_items, visible_items

register = template.Library()

STATUS_ICONS = {
    "done": "check-circle",
    "now": "circle-half",
    "soon": "hourglass-split",
    "late": "exclamation-circle",
    "wait": "pause-circle",
    "none": "circle",
}
NOTICE_ICONS = {
    "done": "check-circle",
    "info": "info-circle",
    "soon": "exclamation-triangle",
    "stop": "x-circle",
}
MESSAGE_KINDS = {"success": "done", "info": "info", "debug": "info", "warning": "soon", "error": "stop"}
CERTAIN_MARKS = {"read", "confirmed"}
HATCHING = " ".join(f"M{x} 6L{x + 6} 0" for x in range(0, 96, 8))

register.filter("vn_date", words.date_words)
register.filter("vn_datetime", words.datetime_words)
register.filter("money", words.money_words)
register.filter("days_left", words.days_left_words)
register.filter("hours_left", words.hours_left_words)
register.filter("tel", words.telephone_address)


@register.simple_tag
@says_the_same
@cache
def asset(path: str) -> str:
    """`{% asset "ui/base.css" %}`: as `{% static %}`. Optimization: the base page names twenty files."""
    return static(path)


@cache
def drawn(name: str) -> SafeString:
    """A decorative icon. Optimization: the same few stand in every row of every list."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("ui/icons.svg"), name
    )


@cache
def _constant(template: str, _language: str | None, facts: tuple[str, ...]) -> SafeString:
    return render_to_string(template, {"facts": facts})


@register.simple_tag
@says_the_same
def constant(template: str, *facts: str) -> SafeString:
    """`{% constant "ui/keys.html" %}`: an include that says the same to everybody in a language; kept in memory.

    `facts`: words of ours from a short list, which the template sees under that name. Nothing of a person.
    Optimization: what stands on every page is rendered once.
    """
    return _constant(template, get_language(), facts)


@register.simple_tag
@says_the_same
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "telephone" %}`; decorative unless `label` gives it words of its own."""
    if not label:
        return drawn(name)
    return format_html(
        '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
        label,
        static("ui/icons.svg"),
        name,
    )


@register.simple_tag
def status(kind: str, word: str, icon_name: str = "") -> SafeString:
    """`{% status "now" dossier.state_word %}`; kinds: done, now, soon, late, wait, none."""
    drawing = drawn(icon_name or STATUS_ICONS[kind])
    return mark_safe(f'<span class="status status-{escape(kind)}">{drawing}{conditional_escape(word)}</span>')  # noqa: S308


@register.simple_tag
def date(
    moment: Date | datetime | None, why: str = "", relative: str = "", empty: str = ""
) -> SafeString | str:
    """`{% date dossier.due_at why=why_url relative=days|days_left %}`.

    The date in words, the relative time beside it, and the link that opens "Why this date?".
    With no moment, `empty` is shown (a sentence: "Chưa có ngày hẹn").
    """
    if moment is None:
        return empty
    if isinstance(moment, datetime):
        shown, machine = words.datetime_words(moment), words.local(moment).isoformat(timespec="minutes")
    else:
        shown, machine = words.date_words(moment), moment.isoformat()
    parts = [f'<time datetime="{machine}">{escape(shown)}</time>']
    if relative:
        parts.append(f'<span class="date-relative">{conditional_escape(relative)}</span>')
    if why:
        question = escape(_("Why this date?"))
        symbol = drawn("question-circle")
        parts.append(f'<a class="date-why no-print" href="{escape(why)}" data-dialog>{symbol}{question}</a>')
    return mark_safe(f'<span class="date">{" ".join(parts)}</span>')  # noqa: S308  each part is escaped above


@register.simple_tag
def time_left(percent: int, sentence: str, kind: str = "now") -> SafeString:
    """`{% time_left 40 "còn 2 ngày làm việc" "soon" %}`: a bar that empties, with its words.

    kinds: now, soon, late, wait. Waiting for the citizen is hatched, since that time is not ours.
    """
    if kind == "wait":
        bar = f'<path class="bar-stripe" d="{HATCHING}"></path>'
    else:
        bar = f'<rect class="bar-fill" width="{max(0, min(100, int(percent)))}" height="6"></rect>'
    drawing = drawn("clock" if kind == "now" else STATUS_ICONS[kind])
    return mark_safe(  # noqa: S308  the sentence is escaped, the rest is ours
        f'<span class="time-left time-left-{escape(kind)}">'
        f'<span class="time-left-words">{drawing}{conditional_escape(sentence)}</span>'
        '<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar-ground" width="100" height="6"></rect>{bar}</svg></span>'
    )


STEP_KEYS = ("name", "state", "word", "note")
STEP_ICONS = {"done": "check-circle", "now": "circle-half", "wait": "pause-circle"}


def step_word(state: str) -> str:
    """The usual word of a step's state."""
    if state == "done":
        return pgettext("step", "done")
    if state == "now":
        return pgettext("step", "now")
    return pgettext("step", "paused") if state == "wait" else pgettext("step", "to come")


@register.simple_tag
def step_items(steps: Iterable[Any]) -> SafeString:
    """The `<li>` of `ui/steps.html`. Optimization: as template nodes they cost as much as the page's queries."""
    return mark_safe("".join(step_item(step) for step in steps))  # noqa: S308  escaped in `step_item`


def step_item(step: Any) -> str:
    """One step: an object or a mapping with `name`, `state`, optional `word` and `note`."""
    facts = step if isinstance(step, Mapping) else {key: getattr(step, key, "") for key in STEP_KEYS}
    state, note = str(facts["state"]), facts.get("note")
    here = ' aria-current="step"' if state in ("now", "wait") else ""
    word = escape(facts.get("word") or step_word(state))
    return (
        f'<li class="step step-{escape(state)}"{here}>'
        f'<span class="step-icon">{drawn(STEP_ICONS.get(state, "circle"))}</span> '
        f'<span class="step-name">{escape(facts["name"])}</span> '
        f'<span class="step-state">{word}{f" · {escape(note)}" if note else ""}</span></li>'
    )


@register.simple_tag
def mark(kind: str, source: str = "", lang: str = "") -> SafeString:
    """`{% mark parameter.mark parameter.source_words lang="vi" %}`: "needs checking" unless certain, with source.

    `lang`: the language of the source's words, if that is not the page's.
    """
    spoken = format_html(' lang="{}"', lang) if lang else mark_safe("")
    cited = format_html('<span class="mark-source"{}>{}</span>', spoken, source) if source else mark_safe("")
    if kind in CERTAIN_MARKS:
        return cited
    badge = format_html('<span class="mark">{}{}</span>', icon("exclamation-triangle"), _("needs checking"))
    return format_html("{} {}", badge, cited) if source else badge


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """`{% control form.name %}`: the bare input of a field (label and errors: ui/field.html)."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return field.as_widget()
    if isinstance(widget, forms.CheckboxInput):
        own = "form-check-input"
    else:
        own = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return field.as_widget(attrs={"class": f"{own} {widget.attrs.get('class', '')}".strip()})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """True for a single tick box, whose label stands behind it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def message_kind(tags: str) -> str:
    """The kind of notice for a Django message level tag."""
    return MESSAGE_KINDS.get(tags.split(" ")[-1], "info")


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """`{% notice "soon" title=_("…") %}<p>…</p>{% endnotice %}`; kinds: done, info, soon, stop."""
    context = {"content": content, "kind": kind, "title": title, "icon_name": NOTICE_ICONS[kind]}
    return render_to_string("ui/notice.html", context)


@register.simple_block_tag
def table(
    content: str, caption: str, *, rows: bool = True, stack: bool = False, id: str = "", titled: bool = False
) -> SafeString:
    """`{% table caption=_("…") %}<thead>…</thead><tbody>…</tbody>{% endtable %}`.

    Sticky head, a caption always; `rows`: each row is opened by its `<a class="row-link">`;
    `stack`: rows become cards on a phone (give each `td` its own words); `titled`: a heading above says the
    same already, so the caption is for listeners alone.
    """
    name = escape(caption)
    kinds = f"table{' table-rows' if rows else ''}{' table-stack' if stack else ''}"
    own = f' id="{escape(id)}"' if id else ""
    heard = ' class="visually-hidden"' if titled else ""
    # The frame can be scrolled by keyboard where it is narrower than its rows.
    return mark_safe(  # noqa: S308  the content is a template's, the caption is escaped
        f'<div class="table-frame" role="region" tabindex="0" aria-label="{name}"><table class="{kinds}"{own}'
        f"{' data-rows' if rows else ''}><caption{heard}>{name}</caption>{content}</table></div>"
    )


@register.simple_block_tag
def fold(
    content: str, title: str, *, open: bool = False, id: str = "", note: str = "", section: bool = False
) -> SafeString:
    """`{% fold _("Papers") open=True %}…{% endfold %}`: a native `<details>`.

    `note`: quiet words behind the title; `section`: the title is a heading (h2) of the page.
    """
    own = f' id="{escape(id)}"' if id else ""
    words = escape(title)
    name = f'<h2 class="fold-title">{words}</h2>' if section else f"<span>{words}</span>"
    quiet = f' <span class="fold-note">{escape(note)}</span>' if note else ""
    return mark_safe(  # noqa: S308  the content is a template's, the words are escaped
        f'<details class="fold"{own}{" open" if open else ""}><summary>{drawn("chevron-right")}{name}{quiet}'
        f'</summary><div class="fold-body">{content}</div></details>'
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """`{% dialog "why" _("Why this date?") %}…{% enddialog %}`: a native `<dialog>` opened by
    `<a href="/page/" data-dialog="why">`; without script the link's own page is followed."""
    return render_to_string("ui/dialog.html", {"content": content, "id": id, "title": title})


@register.filter
def asks_nothing(form: forms.BaseForm) -> bool:
    """True if no field of the form must be filled in: then "(optional)" beside each is noise."""
    return not any(field.required for field in form.fields.values())


@register.simple_tag(takes_context=True)
def public_navigation(context: Context) -> Sequence[VisibleItem]:
    """`{% public_navigation as items %}`: the quiet links at the foot of citizens' pages."""
    request = context.get("request")
    return public_items(request) if request else ()


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> Sequence[VisibleItem]:
    """`{% navigation as items %}`: the entries of the main navigation that this visitor may open."""
    request = context.get("request")
    return visible_items(request) if request else ()
