"""Reads: case, checklist, workflow, search, and what they cost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gandan.catalogue import queries
from gandan.catalogue.errors import ProcedureUnknown
from gandan.catalogue.models import Workflow
from gandan.catalogue.tests.factories import AT, BIRTH, COPIES, load, make_version
from gandan.organization.models import Role
from gandan.organization.tests.factories import make_commune

pytestmark = pytest.mark.django_db


def keys(papers):
    return [paper.key for paper in papers]


@pytest.mark.parametrize(
    ("code", "answers", "name"),
    [
        (COPIES, {}, "standard"),
        (COPIES, {"many_pages": "yes"}, "many_pages"),
        ("1.013225", {}, "house"),
        ("1.013225", {"works_kind": "other"}, "other"),
        ("1.004859", {"change_kind": "supplement"}, "supplement_information"),
        ("1.004859", {"change_kind": "change", "needs_verification": "yes"}, "change_verified"),
    ],
)
def test_case_for_answers(code, answers, name):
    assert queries.case_for(make_version(code), answers).name == name


def test_checklist_without_answers_shows_all_that_may_be_needed():
    papers = queries.checklist_for(make_version(BIRTH), {})

    assert keys(papers) == [
        "declaration",
        "birth_certificate",
        "abandonment_record",
        "surrogacy_paper",
        "identity",
        "authorisation",
    ]
    assert [paper.applies({}) for paper in papers] == [True, None, None, None, None, None]


def test_checklist_after_answers_is_just_what_is_needed():
    answers = {
        "birth_proof_digital": "no",
        "abandoned": "no",
        "surrogacy": "no",
        "identity_found": "yes",
        "by_proxy": "no",
    }

    papers = queries.checklist_for(make_version(BIRTH), answers)

    assert keys(papers) == ["declaration", "birth_certificate"]


def test_unknown_code_is_told():
    load(BIRTH)

    with pytest.raises(ProcedureUnknown) as error:
        queries.version_at("9.999999", AT)

    assert error.value.code == "9.999999"


def test_workflow_is_our_sample_where_the_province_decided_none():
    version = make_version(BIRTH)

    workflow = queries.workflow_for(version.procedure, make_commune())

    assert (workflow.key, workflow.is_default) == ("sample:standard", True)


@pytest.mark.parametrize(
    ("code", "key"), [(COPIES, "sample:immediate"), ("1.004222", "sample:police"), (BIRTH, "sample:standard")]
)
def test_sample_workflow_follows_the_lane(code, key):
    assert queries.workflow_for(make_version(code).procedure, None).key == key


def test_workflow_of_a_province_holds_there_only():
    version = make_version("3.000527")
    vinh_long = next(code for code in ("29551", "29542", "29545") if make_commune(code).province_id == "86")

    there = queries.workflow_for(version.procedure, make_commune(vinh_long))
    elsewhere = queries.workflow_for(version.procedure, make_commune())

    assert (there.key, elsewhere.key) == ("86:3.000527", "sample:standard")


def test_roles_of_steps_are_those_of_the_organization():
    load()
    roles = set(Workflow.objects.values_list("steps__role", flat=True)) - {""}

    assert roles <= set(Role.values)


def test_search_finds_without_marks():
    load()

    assert queries.search("dk ket hon")[0].code == "1.000894"


def test_search_shows_the_everyday_name():
    load(COPIES)

    assert queries.search("sao y")[0].name == "Chứng thực bản sao từ bản chính (sao y)"


def test_search_hides_what_is_only_another_province_s():
    load()

    everywhere = {one.code for one in queries.search("chặt hạ, dịch chuyển cây xanh")}
    here = {one.code for one in queries.search("chặt hạ, dịch chuyển cây xanh", commune=make_commune())}

    assert everywhere - here == {"1.014052"}


def test_search_sees_a_load_at_once():
    load(COPIES)
    before = queries.search("khai sinh")

    load(BIRTH, COPIES, at=datetime(2026, 12, 1, tzinfo=UTC))

    assert ([one.code for one in before], queries.search("khai sinh")[0].code) == ([], BIRTH)


def test_search_costs_no_query_when_warm(django_assert_num_queries):
    load()
    queries.search("khai")

    with django_assert_num_queries(0):
        queries.search("khai sinh")


def test_intake_s_reads_cost_no_query_when_warm(django_assert_num_queries):
    queries.sheet_of(make_version(COPIES))

    with django_assert_num_queries(0):
        version = queries.version_at(COPIES, AT)
        queries.case_for(version, {})
        queries.checklist_for(version, {})
        queries.fees_for(version, {}, "counter", AT.date(), {"pages": 1, "copies": 1})


def test_workflow_costs_no_query_when_warm(django_assert_num_queries):
    version, commune = make_version(BIRTH), make_commune()
    queries.workflow_for(version.procedure, commune)

    with django_assert_num_queries(0):
        workflow = queries.workflow_for(version.procedure, commune)
        assert len(workflow.steps.all()) == 7
