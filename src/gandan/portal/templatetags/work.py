"""The rows and filters of the work list: `{% load work %}`.

Optimization: twenty rows of template nodes cost more than the page's whole budget, so a row is written in Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gandan.dossiers import words
from gandan.dossiers.models import Desk, Dossier
from gandan.organization.queries import unit_of
from gandan.ui.templatetags.gandan import status, time_left

if TYPE_CHECKING:
    from gandan.portal.views.work import Choice, Row

register = template.Library()


@cache
def desk_words(desk: str, _language: str | None) -> str:
    """Where a dossier lies, as the row begins with it. Optimization: a handful of words, the same in every row."""
    return escape(str(capfirst(Desk(desk).label)))


@cache
def button_words(act: str, _language: str | None) -> str:
    """The words of a row's button, in the language in force."""
    return escape(str(words.BUTTONS[act])) if act else ""


@register.simple_tag
def work_rows(rows: Iterable[Row], by: str) -> SafeString:
    """`{% work_rows group.rows by %}`: the rows of one heading; `by` stands before the moment."""
    before, language = escape(by), get_language()
    return mark_safe("".join(row_of(row, before, language) for row in rows))  # noqa: S308  escaped in `row_of`


@register.simple_tag
def tabs(choices: Iterable[Choice], current: str) -> SafeString:
    """`{% tabs lists "page" %}`: the links of a filter; `current` is what aria-current says of the one in force."""
    here = f' aria-current="{escape(current)}"'
    return mark_safe("".join(tab(one, here if one.current else "") for one in choices))  # noqa: S308  escaped


def tab(one: Choice, here: str) -> str:
    count = f' <span class="tab-count">{escape(one.count)}</span>' if one.count else ""
    return f'<li><a href="{escape(one.url)}"{here}>{escape(str(one.label))}{count}</a></li>'


def row_of(row: Row, by: str, language: str | None) -> str:
    """One row: the time left, the matter and whose, where it lies, the one act."""
    dossier = row.dossier
    matter, name, url = escape(dossier.version.short_name), escape(row.name), escape(row.url)
    moment = f"{by} {escape(row.by)}" if row.by else ""
    button = (
        f'<a class="btn btn-plain" href="{escape(row.act_url)}">{button_words(row.act, language)}'
        f'<span class="visually-hidden">: {matter}, {name}</span></a>'
        if row.act_url
        else ""
    )
    return (
        f'<tr><td class="work-left">{left_of(row)}</td>\n'
        f'<th scope="row"><a class="row-link" href="{url}">{matter}</a><span class="work-sub">{name} · '
        f'<span class="code">{escape(dossier.shown_code)}</span></span></th>\n'
        f'<td class="work-where">{where_of(dossier, language)}{handler_of(dossier)}'
        f'<span class="work-sub">{moment}</span></td>\n'
        f'<td class="work-act">{button}</td></tr>\n'
    )


def where_of(dossier: Dossier, language: str | None) -> str:
    """The desk, or the other body that has it."""
    if dossier.desk == Desk.FORWARDED and dossier.desk_unit_id:
        return f'<span lang="vi">{escape(unit_of(dossier.desk_unit_id).name)}</span>'
    return desk_words(dossier.desk, language)


def left_of(row: Row) -> str:
    if row.left is None:
        return status("done", row.dossier.get_state_display())
    return time_left(row.left.percent, row.left.sentence, row.left.kind)


def handler_of(dossier: Dossier) -> str:
    reminded = status("soon", _("reminded"), "bell") if is_reminded(dossier) else ""
    return (f" · {escape(dossier.assignee.full_name)}" if dossier.assignee else "") + reminded


@register.filter
def is_reminded(dossier: Dossier) -> bool:
    """True while the dossier lies at a desk that was reminded of it."""
    return bool(dossier.reminded_step) and dossier.reminded_step == dossier.step_number
