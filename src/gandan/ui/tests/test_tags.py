from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

PACKAGE = Path(__file__).resolve().parents[2]
SPRITE = (PACKAGE / "ui" / "static" / "ui" / "icons.svg").read_text("utf-8")
MOMENT = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def draw(text: str, **context: object) -> str:
    return Template("{% load gandan %}" + text).render(Context(context))


def test_date_is_shown_with_its_machine_form_and_why():
    drawn = draw("{% date at why='/vi-sao/' relative='còn 2 ngày' %}", at=MOMENT)

    assert '<time datetime="2026-11-30T17:00+07:00">thứ Hai 30/11/2026, 17:00</time>' in drawn
    assert '<span class="date-relative">còn 2 ngày</span>' in drawn
    assert '<a class="date-why no-print" href="/vi-sao/" data-dialog>' in drawn
    assert "Vì sao ngày này?</a>" in drawn


def test_date_of_a_day_has_no_hour():
    assert draw("{% date day %}", day=date(2026, 11, 30)) == (
        '<span class="date"><time datetime="2026-11-30">thứ Hai 30/11/2026</time></span>'
    )


def test_date_that_is_not_there_says_so():
    assert draw("{% date None empty=words %}", words="Chưa có <ngày> hẹn") == "Chưa có &lt;ngày&gt; hẹn"


def test_status_escapes_its_word():
    assert "&lt;b&gt;" in draw("{% status 'late' word %}", word="<b>")


@pytest.mark.parametrize(("percent", "width"), [(40, 40), (-5, 0), (130, 100)])
def test_time_left_keeps_its_bar_within_bounds(percent, width):
    assert f'<rect class="bar-fill" width="{width}"' in draw("{% time_left p 'x' %}", p=percent)


def test_time_left_while_waiting_is_hatched():
    drawn = draw("{% time_left 40 'chờ' 'wait' %}")

    assert ["bar-stripe" in drawn, "bar-fill" in drawn] == [True, False]


@pytest.mark.parametrize(
    ("kind", "checking"), [("read", False), ("confirmed", False), ("recalled", True), ("read-2nd", True)]
)
def test_mark_shows_what_needs_checking(kind, checking):
    drawn = draw("{% mark kind 'TT 01/2026' %}", kind=kind)

    assert ("cần kiểm tra" in drawn) is checking
    assert "TT 01/2026" in drawn


class NameForm(forms.Form):
    name = forms.CharField(label="Họ tên", help_text="Như trên thẻ")
    note = forms.CharField(label="Ghi chú", required=False)


def test_form_ties_label_help_and_error_to_the_input():
    drawn = str(NameForm({"name": ""}))

    assert '<label for="id_name">Họ tên</label>' in drawn
    assert '<div class="field-help" id="id_name_helptext">Như trên thẻ</div>' in drawn
    assert re.search(
        r'<input type="text" name="name"[^>]* aria-describedby="id_name_helptext id_name_error"', drawn
    )
    assert re.search(r'<div class="field-error" id="id_name_error">.*Ô này cần được điền\.', drawn)
    assert '<a href="#id_name">Họ tên: Ô này cần được điền.</a>' in drawn


def test_form_marks_what_is_optional():
    assert 'Ghi chú <span class="optional">(không bắt buộc)</span>' in str(NameForm())


def test_form_that_asks_nothing_does_not_call_each_field_optional():
    class Search(forms.Form):
        words = forms.CharField(label="Tìm", required=False)

    assert "(không bắt buộc)" not in str(Search())


def test_telephone_number_is_dialled_without_spaces():
    assert draw("{{ number|tel }}", number="0000 199-752") == "tel:0000199752"


def test_fold_may_be_a_section_of_the_page():
    drawn = draw('{% fold "Luật" section=True note="9 quy tắc" %}x{% endfold %}')

    assert '<h2 class="fold-title">Luật</h2> <span class="fold-note">9 quy tắc</span>' in drawn


def test_table_under_a_heading_shows_no_second_title():
    drawn = draw('{% table caption="Luật" titled=True %}{% endtable %}')

    assert '<caption class="visually-hidden">Luật</caption>' in drawn


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"name": "A", "state": "wait"}, "tạm dừng"),
        ({"name": "A", "state": "wait", "word": "chờ ông/bà"}, "chờ ông/bà"),
    ],
)
def test_step_that_waits_says_for_what(step, words):
    drawn = draw('{% include "ui/steps.html" with steps=steps label="x" only %}', steps=[step])

    assert f'<span class="step-state">{words}</span>' in drawn


def test_table_escapes_what_the_caller_has_not_made_safe():
    drawn = draw(
        "{% table caption=words %}<tbody><tr><td>{{ name }}</td></tr></tbody>{% endtable %}",
        words="A & B",
        name="<i>",
    )

    assert "<caption>A &amp; B</caption><tbody><tr><td>&lt;i&gt;</td></tr></tbody></table>" in drawn


def icons_named_in(path: Path) -> set[str]:
    found = re.findall(r"(?:{% icon |icon_name=)[\"']([a-z-]+)[\"']", path.read_text("utf-8"))
    return set(found)


def test_every_icon_named_in_a_template_is_drawn():
    named = set().union(*(icons_named_in(path) for path in PACKAGE.rglob("templates/**/*.html")))

    assert named - set(re.findall(r'<symbol id="([a-z-]+)"', SPRITE)) == set()


def test_no_template_bears_inline_style_or_script():
    pattern = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:")
    guilty = [
        path.name for path in PACKAGE.rglob("templates/**/*.html") if pattern.search(path.read_text("utf-8"))
    ]

    assert guilty == []
