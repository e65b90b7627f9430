"""On what a step of the clock rests: `{% load reading %}`."""

from __future__ import annotations

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gandan.catalogue.explain import ExplainedStep
from gandan.ui.templatetags.gandan import mark

register = template.Library()


@register.simple_tag
def step_source(step: ExplainedStep) -> SafeString:
    """`{% step_source step %}`: its source; "needs checking" unless certain or said once above (`_asides.html`).

    Optimization: it stands at each of the days, where an included template costs more than the clock.
    """
    if not step.certain and not step.quiet:
        return mark(step.mark, step.source_text, lang="vi")
    above = "" if step.certain else " (" + escape(_("see above")) + ")"
    return mark_safe(f'<span lang="vi">{escape(step.source_text)}</span>{above}')  # noqa: S308  escaped
