from __future__ import annotations

from pathlib import Path

import pytest

from gandan.ui import extraction
from gandan.ui.compile_messages import ensure_compiled

SOURCE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("Open the "
      "door")
B = ngettext("%(n)d paper", "%(n)d papers", 2)
C = pgettext("month", "May")
"""
PAGE = """{% load i18n %}
    <p>{% translate "Close" %}</p>
  {% blocktranslate trimmed count n=n %}
      {{ n }} day
   {% plural %}{{ n }} days{% endblocktranslate %}
  {% translate "now" context "step" %}
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    room = tmp_path / "hall"
    (room / "templates" / "hall").mkdir(parents=True)
    (room / "tests").mkdir()
    (room / "__init__.py").touch()
    (room / "forms.py").write_text(SOURCE)
    (room / "tests" / "test_forms.py").write_text('_("Not for people")')
    (room / "templates" / "hall" / "page.html").write_text(PAGE)
    return room


def translate(room: Path, given: dict[str, str]) -> None:
    extraction.write_catalogue(room)
    path = extraction.catalogue_path(room)
    text = path.read_text("utf-8")
    for english, vietnamese in given.items():
        head, found, tail = text.partition(f'msgid "{english}"\n')
        assert found
        text = head + found + tail.replace('""', f'"{vietnamese}"', 1)
    path.write_text(text, "utf-8")


ALL = {
    "Open the door": "Mở cửa",
    "%(n)d paper": "%(n)d giấy tờ",
    "May": "tháng Năm",
    "Close": "Đóng",
    "%(n)s day": "%(n)s ngày",
    "now": "đang làm",
}


def test_extracted_finds_python_and_templates_but_no_tests(room):
    found = {(m.context, m.id) for m in extraction.extracted(room) if m.id}

    assert found == {
        (None, "Open the door"),
        (None, ("%(n)d paper", "%(n)d papers")),
        ("month", "May"),
        (None, "Close"),
        (None, ("%(n)s day", "%(n)s days")),
        ("step", "now"),
    }


def test_findings_are_none_when_all_is_translated(room):
    translate(room, ALL)

    assert extraction.findings(room) == []


@pytest.mark.parametrize("missing", sorted(ALL))
def test_findings_name_a_missing_translation(room, missing):
    translate(room, {k: v for k, v in ALL.items() if k != missing})

    assert [str(finding) for finding in extraction.findings(room)] == [f"hall: missing: {missing}"]


def test_findings_name_a_sentence_that_is_not_yet_in_the_file(room):
    translate(room, ALL)
    (room / "new.py").write_text('_("Ring the bell")')

    assert [str(finding) for finding in extraction.findings(room)] == ["hall: missing: Ring the bell"]


def test_findings_name_a_fuzzy_translation(room):
    translate(room, ALL)
    path = extraction.catalogue_path(room)
    path.write_text(path.read_text("utf-8").replace('msgid "Close"', '#, fuzzy\nmsgid "Close"'), "utf-8")

    assert [str(finding) for finding in extraction.findings(room)] == ["hall: fuzzy: Close"]


def test_findings_name_a_placeholder_that_got_lost(room):
    translate(room, {**ALL, "%(n)s day": "%(m)s ngày"})

    assert [(f.room, f.msgid) for f in extraction.findings(room)] == [("hall", "%(n)s day")]


def test_findings_name_a_sentence_hidden_in_an_f_string(room):
    translate(room, ALL)
    (room / "new.py").write_text("def f(n):\n    return f'{n}: {_(\"Ring\")}'\n")

    assert [str(finding) for finding in extraction.findings(room)] == ["hall: inside an f-string: _('Ring')"]


def test_disagreements_name_a_sentence_translated_in_two_ways(room):
    translate(room, ALL)
    other = room.parent / "attic"
    other.mkdir()
    (other / "__init__.py").write_text('_("Close")')
    translate(other, {"Close": "Khép lại"})

    assert [str(finding) for finding in extraction.disagreements([other, room])] == [
        "hall: translated otherwise in attic: Close"
    ]


def test_write_catalogue_twice_changes_nothing(room):
    translate(room, ALL)
    extraction.write_catalogue(room)

    assert extraction.write_catalogue(room) is False


def test_ensure_compiled_writes_once_and_again_when_stale(room):
    translate(room, ALL)

    assert [ensure_compiled(room.parent), ensure_compiled(room.parent)] == [1, 0]
    assert extraction.catalogue_path(room).with_suffix(".mo").exists()
