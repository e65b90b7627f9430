"""The shipped files: complete, honest about what is not known, and true to the sheets of facts."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import date, time

import pytest

from gandan.calculus.rules import End, Mark, Start, Unit
from gandan.catalogue import conditions
from gandan.catalogue.shipped import load_procedures, load_workflows

PROCEDURES = load_procedures()
STRUCTURED = [
    "1.001193",
    "1.000656",
    "1.000894",
    "1.004873",
    "2.000635",
    "1.004859",
    "1.004772",
    "2.000815",
    "2.000884",
    "2.000908",
    "2.000913",
    "2.000927",
    "2.001035",
    "1.004222",
    "1.004194",
    "1.002755",
    "1.010038",
    "1.001776",
    "1.014027",
    "1.001731",
    "1.001612",
    "2.000720",
    "1.001266",
    "1.013978",
    "1.012796",
    "1.012812",
    "1.013225",
]


def case(code, name="standard"):
    return next(one for one in PROCEDURES[code].cases if one.name == name)


def fee(code, key):
    return next(one for one in PROCEDURES[code].fees if one.key == key)


def test_all_154_procedures_are_there():
    assert len(PROCEDURES) == 154


def test_loading_needs_no_django():
    program = (
        "import sys; from gandan.catalogue.shipped import load_procedures; load_procedures();"
        " sys.exit('django' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": "src"}, check=False)

    assert done.returncode == 0


@pytest.mark.parametrize("code", PROCEDURES)
def test_each_procedure_has_a_rule_or_says_why_not(code):
    procedure = PROCEDURES[code]

    for one in procedure.cases:
        assert (one.rule is None) == bool(one.why_no_rule)
    assert procedure.guide_only == all(one.rule is None for one in procedure.cases)
    assert procedure.guide_only == bool(procedure.why_guide_only)


@pytest.mark.parametrize("code", PROCEDURES)
def test_each_procedure_has_one_case_without_a_condition(code):
    assert [one.when for one in PROCEDURES[code].cases].count(None) == 1


def test_procedures_without_papers_are_guidance_only():
    bare = [one for one in PROCEDURES.values() if not one.documents]

    assert len(bare) == 28
    assert all(one.guide_only for one in bare)


def test_guidance_only_keeps_what_the_source_prints():
    emergency = case("1.004946")

    assert (emergency.rule, emergency.published.amount, emergency.published.unit) == (None, 12, Unit.HOUR)


def test_replaced_joint_procedures_give_no_old_date():
    assert "301/2026" in PROCEDURES["2.000986"].why_guide_only
    assert case("2.000986").rule is None


@pytest.mark.parametrize("code", PROCEDURES)
def test_no_fee_is_called_free_for_a_blank_cell(code):
    raw_unknown = {"shown_free", "not_published", "not_read"}

    for rule in PROCEDURES[code].fees:
        assert (rule.kind == "unknown") == (rule.unknown_because in raw_unknown)
        if rule.kind == "unknown":
            assert rule.amount is None
            assert "cần kiểm tra" in rule.label


def test_fees_by_kind_when_nothing_is_structured():
    plain = [one for code, one in PROCEDURES.items() if code not in STRUCTURED]
    kinds = Counter(rule.unknown_because for one in plain for rule in one.fees if rule.kind == "unknown")

    assert kinds == {"shown_free": 39, "not_published": 9, "not_read": 43}


def test_free_rules_cite_what_says_so():
    free = [rule for one in PROCEDURES.values() for rule in one.fees if rule.kind == "free"]
    uncited = [rule.label for rule in free if not rule.document and rule.label != "Không thu"]

    assert uncited == []


def test_same_day_rule_has_its_law_and_cut_off():
    birth, copies = case("1.001193").rule, case("2.000815").rule

    assert (birth.unit, birth.amount, birth.start, birth.cut_off) == (
        Unit.SAME_DAY,
        0,
        Start.AT_ONCE,
        time(15),
    )
    assert birth.source.article == "khoản 3 Điều 5"
    assert copies.source.document == "Nghị định 23/2015/NĐ-CP"


@pytest.mark.parametrize(
    ("code", "name", "amount", "unit"),
    [
        ("1.004222", "standard", 7, Unit.WORKING_DAY),
        ("2.000815", "many_pages", 2, Unit.WORKING_DAY),
        ("2.001035", "standard", 2, Unit.WORKING_DAY),
        ("1.011607", "standard", 15, Unit.DAY),
        ("1.013225", "house", 15, Unit.DAY),
        ("1.013225", "other", 20, Unit.DAY),
        ("1.012812", "hard_area", 40, Unit.DAY),
        ("1.010040", "verification", 30, Unit.WORKING_DAY),
        ("1.004859", "change_verified", 6, Unit.WORKING_DAY),
    ],
)
def test_amount_and_unit(code, name, amount, unit):
    rule = case(code, name).rule

    assert (rule.amount, rule.unit) == (amount, unit)


def test_hours_run_at_once_to_the_minute():
    rule = case("2.001159").rule

    assert (rule.amount, rule.unit, rule.start, rule.end) == (1, Unit.HOUR, Start.AT_ONCE, End.CLOCK_TIME)


def test_a_recalled_unit_marks_the_rule():
    assert case("1.004873").rule.source.mark is Mark.RECALLED
    assert case("1.004859", "change").rule.source.mark is Mark.RECALLED


@pytest.mark.parametrize("code", PROCEDURES)
def test_every_question_is_used_and_known(code):
    procedure = PROCEDURES[code]
    parts = [*procedure.cases, *procedure.documents, *procedure.fees]
    asked = set().union(*(conditions.questions_in(one.when) for one in parts)) - {"channel"}
    scales = [rule.scale for rule in procedure.fees if rule.scale]
    counted = {rule.quantity for rule in procedure.fees} | {s[k] for s in scales for k in ("by", "times")}

    assert {one.key for one in procedure.questions} == (asked | counted) - {""}


@pytest.mark.parametrize("code", STRUCTURED)
def test_busy_procedures_have_their_papers_named(code):
    keys = [paper.key for paper in PROCEDURES[code].documents]

    assert not any(re.fullmatch(r"paper_\d+", key) for key in keys)


@pytest.mark.parametrize(
    ("code", "key", "amount", "channel"),
    [
        ("1.004194", "counter", 15000, "counter"),
        ("1.004194", "online", 7000, "online"),
        ("1.004194", "list_counter", 10000, "counter"),
        ("1.002755", "list_online", 5000, "online"),
        ("1.010038", "online", 5000, "online"),
        ("1.004222", "counter", 20000, "counter"),
        ("2.000635", "fee", 8000, "any"),
        ("2.000884", "fee", 10000, "any"),
        ("2.000913", "fee", 30000, "any"),
        ("2.000927", "fee", 25000, "any"),
        ("2.001035", "fee", 50000, "any"),
    ],
)
def test_fee_amounts_of_the_corrected_sheet(code, key, amount, channel):
    rule = fee(code, key)

    assert (rule.kind, rule.amount, rule.channel) == ("fixed", amount, channel)


def test_relief_of_digital_citizens_is_dated():
    relief = fee("2.000635", "digital_citizen_extract")

    assert (relief.valid_from, relief.valid_to) == (date(2026, 8, 15), date(2027, 2, 28))
    assert (relief.relief, relief.channel, relief.amount) == (True, "online", 0)


def test_immediate_lane_is_for_same_day_certification_and_civil_status():
    immediate = {code for code, one in PROCEDURES.items() if one.immediate}

    assert {"2.000815", "2.000884", "1.001193"} <= immediate
    assert {PROCEDURES[code].field for code in immediate} == {"Chứng thực", "Hộ tịch"}
    assert "2.001035" not in immediate


def test_data_replace_the_identity_paper():
    identity = next(one for one in PROCEDURES["1.001193"].documents if one.key == "identity")

    assert identity.data_source == "CSDL quốc gia về dân cư"


@pytest.mark.parametrize("code", PROCEDURES)
def test_no_result_is_a_refusal(code):
    result = PROCEDURES[code].result.lower()

    assert not any(word in result for word in ("từ chối tiếp nhận", "lý do từ chối", "cần sửa đổi, bổ sung"))


def test_results_are_the_positive_ones():
    assert PROCEDURES["1.001612"].result == "Giấy chứng nhận đăng ký hộ kinh doanh"


def test_seven_real_workflows_and_three_samples():
    workflows = load_workflows()

    assert sum(1 for one in workflows if one.decision) == 7
    assert [one.lane for one in workflows if not one.decision] == ["standard", "immediate", "police"]


@pytest.mark.parametrize(
    ("key", "phase", "hundredths"),
    [
        ("04:1.004944", "commune", 500),
        ("04:2.001661", "commune", 300),
        ("04:2.001661", "province", 500),
        ("04:2.000286", "commune", 1000),
        ("04:2.000286", "province", 1500),
        ("04:2.000477", "commune", 600),
        ("04:1.004946", "commune", 1200),
        ("40:1.012994", "commune", 16800),
        ("86:3.000527", "commune", 300),
    ],
)
def test_steps_of_a_real_workflow_add_up_to_its_total(key, phase, hundredths):
    workflow = next(one for one in load_workflows() if one.key == key)
    steps = [step for step in workflow.steps if step.phase == phase]

    assert sum(step.amount_hundredths or 0 for step in steps) == hundredths


def test_sample_workflow_is_marked_as_ours():
    sample = next(one for one in load_workflows() if one.key == "sample:standard")

    assert "chưa phải quyết định của tỉnh" in sample.name
    assert (sample.mark, sample.decision, sample.province) == (Mark.DERIVED, "", "")
    assert [step.role for step in sample.steps] == [
        "counter_officer",
        "head_of_department",
        "specialist",
        "head_of_department",
        "signing_leader",
        "clerk",
        "counter_officer",
    ]
