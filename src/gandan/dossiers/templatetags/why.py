"""The days of a reading of the clock: `{% load why %}`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from gandan.catalogue.explain import ExplainedStep
from gandan.catalogue.templatetags.reading import step_source

register = template.Library()


@register.simple_tag
def why_days(steps: Iterable[ExplainedStep]) -> SafeString:
    """`{% why_days why.steps %}`: one `<li>` a day. Optimization: as template nodes they are half of the page."""
    return mark_safe("\n".join(day_of(step) for step in steps))  # noqa: S308  escaped in `day_of`


def day_of(step: ExplainedStep) -> str:
    source = f' <span class="why-source">{step_source(step)}</span>' if step.source_text else ""
    return (
        f'<li class="why-{escape(step.kind)}"><span class="why-dot" aria-hidden="true"></span><div>'
        f'<span class="why-day">{escape(step.title)}</span> <span class="why-text">{escape(step.text)}</span>'
        f"{source}</div></li>"
    )
