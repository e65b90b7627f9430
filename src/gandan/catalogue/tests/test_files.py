"""Files that people bring: what was exported comes back equal, and nothing hostile is carried out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gandan.catalogue.content import Content, Kind, as_json, specs
from gandan.catalogue.files import LARGEST_BYTES, FileRefused, as_json_text, as_yaml, read_file
from gandan.catalogue.models import ProcedureVersion, Workflow
from gandan.catalogue.reading import ContentRefused, content_from
from gandan.catalogue.stored import content_of, made_of
from gandan.catalogue.tests.factories import load, make_version
from gandan.catalogue.workflow_content import WorkflowContent, workflow_content, workflow_from

SCHEMAS = Path(__file__).parents[4] / "docs" / "schemas"


def schema_of(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / name).read_text("utf-8")))


@pytest.mark.django_db
def test_every_procedure_is_exported_by_the_schema_and_comes_back_equal():
    load()
    schema = schema_of("procedure.json")

    for version in ProcedureVersion.objects.select_related("procedure"):
        content = content_of(version)
        data = as_json(content)
        schema.validate(data)
        assert content_from(read_file(as_yaml(data).encode())) == content
        assert content_from(read_file(as_json_text(data).encode())) == content


@pytest.mark.django_db
def test_every_workflow_is_exported_by_the_schema_and_comes_back_equal():
    load()
    schema = schema_of("workflow.json")

    for workflow in Workflow.objects.prefetch_related("steps").select_related("procedure"):
        content = workflow_content(workflow, workflow.procedure.code if workflow.procedure else "1.001193")
        data = as_json(content)
        schema.validate(data)
        assert workflow_from(read_file(as_yaml(data).encode())) == content


@pytest.mark.django_db
def test_rows_made_of_a_content_say_the_same():
    version = make_version("2.000815")
    content = content_of(version)

    made = made_of(content, version.procedure, number=1)

    assert [row.key for row in made.sheet.papers] == [paper.key for paper in content.papers]
    assert made.sheet.cases[0].rule().amount == content.cases[0].amount
    assert made.version.legal == list(content.legal)


@pytest.mark.parametrize(
    ("kind", "schema"), [(Content, "procedure.json"), (WorkflowContent, "workflow.json")]
)
def test_published_schema_names_every_field_and_choice(kind, schema):
    published = json.loads((SCHEMAS / schema).read_text("utf-8"))

    def compare(kind, node):
        assert set(node["properties"]) - {"schema"} == {spec.name for spec in specs(kind)}
        for spec in specs(kind):
            there = node["properties"][spec.name]
            if spec.kind is Kind.CHOICE:
                assert set(there["enum"]) == set(spec.choices), spec.name
            if spec.kind is Kind.ROWS:
                compare(spec.rows, published["$defs"][there["items"]["$ref"].rsplit("/", 1)[1]])

    compare(kind, published)


HEAD = "schema: gandan-procedure-1\ncode: 1.001193\n"
BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "trống"),
        (b"\0\0", "trống"),
        (b"\xff\xfe\xfa", "UTF-8"),
        (b"a" * (LARGEST_BYTES + 1), "KB"),
        (BOMB.encode(), "tham chiếu"),
        (b"name: !!python/object/apply:os.system ['true']", "python"),
        (b"name: !!binary aGVsbG8=", "binary"),
        (b"a: 1\na: 2", "hai lần"),
        (b'{"a": 1, "a": 2}', "hai lần"),
        (b'{"a": NaN}', "NaN"),
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON|nhiều tầng"),
        (b"- " * 50_000 + b"x", "nhiều tầng|không đọc"),
        (b"x: [" + b"1," * 60_000 + b"1]", "nhiều tầng|dài hơn"),
        (b"a: b\n---\nc: d", "nhiều phần"),
        (b"a: [1, 2", "Không đọc được dòng"),
        (b"a: b: c", "Không đọc được dòng"),
        (b"? {a: b}\n: c", "hai lần|không đọc"),
    ],
)
def test_hostile_file_is_refused_with_its_reason(raw, words):
    with pytest.raises(FileRefused, match=words):
        read_file(raw)


def test_yaml_is_text_and_nothing_else():
    data = read_file(b"code: 1.001193\nword: no\nday: 2026-12-01\nsex: 12:30:45\nnil: ~")

    assert data == {
        "code": "1.001193",
        "word": "no",
        "day": "2026-12-01",
        "sex": "12:30:45",
        "nil": "~",
    }


def faults(text: str) -> dict[str, str]:
    with pytest.raises(ContentRefused) as refused:
        content_from(read_file(text.encode()))
    return {one.place: one.message for one in refused.value.faults}


def test_unknown_name_is_explained_with_the_one_that_is_meant():
    found = faults(HEAD + "feees: []\npapers:\n- key: a\n  originals: 1\nqwertz: x\n")

    assert "“fees”" in found["feees"]
    assert "“original”" in found["papers[1].originals"]
    assert "everyday_name" in found["qwertz"]


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("immediate: vielleicht", "immediate", "true hoặc false"),
        ("online: telex", "online", "partial"),
        ("legal: x", "legal", "danh sách"),
        ("name: [a]", "name", "chữ"),
        ("name: " + "x" * 6000, "name", "quá dài"),
        ("cases: x", "cases", "danh sách"),
        ("cases: [x]", "cases[1].", "giá trị"),
        ("cases: [{amount: -1}]", "cases[1].amount", "0"),
        ("cases: [{amount: 1.5}]", "cases[1].amount", "số nguyên"),
        ("cases: [{amount: 99999999999}]", "cases[1].amount", "2.000.000.000"),
        ("cases: [{cut_off: 25:00}]", "cases[1].cut_off", "giờ"),
        ("cases: [{when: {q: a}}]", "cases[1].when", "điều kiện"),
        ("cases: [{when: {all: []}}]", "cases[1].when", "danh sách"),
        ("cases: [{when: {q: a, at_least: x}}]", "cases[1].when", "số nguyên"),
        ("fees: [{valid_from: 2026-02-30}]", "fees[1].valid_from", "ngày"),
        ("fees: [{scale: {by: a}}]", "fees[1].scale", "steps"),
        ("fees: [{scale: {by: a, times: b, steps: [{up_to: 2, amount: 1}]}}]", "fees[1].scale", "steps"),
        ("questions: [{choices: [{value: a}]}]", "questions[1].choices[1]", "value"),
        ("schema: x", "schema", "hai lần"),
    ],
)
def test_wrong_value_is_named_with_its_place(line, place, words):
    if place == "schema":
        assert "gandan-procedure-1" in faults("schema: x\ncode: 1.001193\n")["schema"]
        return
    assert words in faults(HEAD + line + "\n")[place]


def test_file_that_is_no_list_of_names_is_refused():
    assert faults("- a\n- b\n").keys() == {""}


def test_numbers_of_json_and_words_of_yaml_mean_the_same():
    by_json = content_from({"schema": Content.SCHEMA, "cases": [{"amount": 7}], "immediate": True})
    by_yaml = content_from(read_file(b"schema: gandan-procedure-1\ncases: [{amount: 7}]\nimmediate: yes"))

    assert by_json == by_yaml == replace(by_json, immediate=True)
