"""Publishing versions: from a day on, by somebody competent, on a document; running ones keep theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine

from gandan.calculus.rules import VIETNAM
from gandan.catalogue import queries
from gandan.catalogue.actions import drafts, load_shipped, procedures
from gandan.catalogue.content import as_json, digest_of
from gandan.catalogue.errors import NoSuchDraft, NotCompetent, StaleDraft, Unpublishable
from gandan.catalogue.models import Draft, ProcedureVersion
from gandan.catalogue.queries import version_at
from gandan.catalogue.reading import content_from, content_of_text
from gandan.catalogue.shipped import load_procedures
from gandan.catalogue.stored import content_of
from gandan.catalogue.tests.acting import (
    COPIES,
    DOCUMENT,
    LATER,
    NOW,
    TODAY,
    confirm,
    draft_of,
    province_officer,
    publish,
    ward_officer,
    with_fee,
)
from gandan.catalogue.tests.factories import AT, BIRTH, load
from gandan.law.errors import BasisMissing
from gandan.law.models import Basis
from gandan.ledger.errors import RequestConflict
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.models import Role

pytestmark = pytest.mark.django_db(transaction=True)
MIDNIGHT = datetime(2026, 12, 1, tzinfo=VIETNAM)


@pytest.fixture
def officer():
    load(BIRTH, COPIES)
    return province_officer()


def fee_draft(officer, amount=3000):
    return draft_of(COPIES, officer, **with_fee(content_of(version_at(COPIES, NOW)), amount))


def test_version_for_a_later_day_begins_at_its_midnight(officer):
    publish(fee_draft(officer), officer, on=LATER)

    before, after = (version_at(COPIES, at) for at in (MIDNIGHT - timedelta(microseconds=1), MIDNIGHT))
    assert (before.number, before.valid_to, after.number, after.valid_from) == (1, MIDNIGHT, 2, MIDNIGHT)


def test_fee_changes_on_the_day_and_not_before(officer):
    publish(fee_draft(officer), officer, on=LATER)

    amounts = [
        queries.fees_for(version_at(COPIES, at), {}, "counter", at.date(), {"pages": 1, "copies": 1})[
            0
        ].amount
        for at in (MIDNIGHT - timedelta(hours=1), MIDNIGHT + timedelta(hours=9))
    ]
    assert amounts == [2000, 3000]


def test_search_and_intake_notice_the_midnight_without_a_write(officer, django_assert_num_queries):
    draft = draft_of(COPIES, officer, everyday_name="Sao y bản chính theo mẫu mới")
    new = publish(draft, officer, on=LATER)
    with time_machine.travel(MIDNIGHT - timedelta(minutes=1)):
        assert queries.search("mẫu mới sao y")[0].name != new.everyday_name

    with time_machine.travel(MIDNIGHT):
        queries.open_version(new.pk)
        with django_assert_num_queries(0):
            assert queries.search("sao y")[0].name == new.everyday_name
            assert queries.open_version(new.pk) == new


def test_version_of_before_is_still_open_to_what_is_registered_for_an_earlier_moment(officer):
    old = version_at(COPIES, NOW)
    publish(fee_draft(officer), officer, on=TODAY)

    assert queries.open_version(old.pk, NOW - timedelta(hours=1)) == old
    assert queries.open_version(old.pk, NOW + timedelta(hours=1)) is None


def test_publishing_today_holds_at_once(officer):
    new = publish(fee_draft(officer), officer)

    assert (new.valid_from, version_at(COPIES, NOW)) == (NOW, new)


@pytest.mark.parametrize(("day", "words"), [(date(2026, 11, 22), "đã qua"), (date(2060, 1, 1), "mười năm")])
def test_a_day_that_cannot_be_is_refused(officer, day, words):
    with pytest.raises(Unpublishable, match=words) as refused:
        publish(fee_draft(officer), officer, on=day)

    assert (refused.value.field, ProcedureVersion.objects.filter(number=2).count()) == ("starts_on", 0)


def test_event_names_version_day_and_digest_but_not_the_document(officer):
    new = publish(fee_draft(officer), officer, on=LATER)

    event = Event.objects.get(act="publish-procedure")
    assert (event.chain, event.subject_id, event.actor) == ("cell", new.procedure_id, officer.code)
    assert {k: event.facts[k] for k in ("procedure", "version", "digest", "confirmed")} == {
        "procedure": COPIES,
        "version": 2,
        "digest": new.digest,
        "confirmed": 0,
    }
    assert "QĐ-UBND" not in event.body
    assert Basis.objects.get(event_id=event.id).document == DOCUMENT


def test_digest_is_that_of_the_exported_file(officer):
    new = publish(fee_draft(officer), officer)

    exported = content_from(as_json(content_of(new)))
    assert digest_of(exported) == new.digest


def test_repeat_of_the_request_is_one_version(officer):
    draft, request_id = fee_draft(officer), new_id()
    first = publish(draft, officer, request_id=request_id)

    again = publish(draft, officer, request_id=request_id)

    assert (again, ProcedureVersion.objects.filter(number=2).count()) == (first, 1)
    with pytest.raises(RequestConflict):
        publish(draft, officer, request_id=request_id, document="khác")


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COUNTER_OFFICER])
def test_ward_publishes_no_procedure(officer, role):
    with pytest.raises(NotCompetent):
        publish(fee_draft(officer), ward_officer(role))


def test_without_a_document_nothing_is_published(officer):
    with pytest.raises(BasisMissing):
        publish(fee_draft(officer), officer, document="  ")

    assert Event.objects.count() == 0


def test_draft_with_a_fault_is_not_published(officer):
    draft = draft_of(COPIES, officer, legal=())

    with pytest.raises(Unpublishable, match="Căn cứ pháp lý"):
        publish(draft, officer)


def test_draft_that_says_nothing_new_is_not_published(officer):
    with pytest.raises(Unpublishable, match="giống"):
        publish(draft_of(COPIES, officer), officer)


def test_draft_changed_by_another_is_looked_at_again(officer):
    draft = fee_draft(officer)
    other = replace(content_of_text(draft.content), note="ghi chú")
    drafts.change_procedure(draft.pk, other, seen=draft.revision, officer=officer, at=NOW)

    with pytest.raises(StaleDraft):
        publish(draft, officer)


def test_published_draft_is_closed(officer):
    draft = fee_draft(officer)
    new = publish(draft, officer)

    draft.refresh_from_db()
    assert (draft.closed_at, draft.published_id) == (NOW, new.pk)
    with pytest.raises(NoSuchDraft):
        publish(draft, officer)


def test_draft_begun_before_another_version_is_compared_first(officer):
    mine, other = fee_draft(officer), draft_of(COPIES, officer, result="Bản sao mẫu")
    newer = publish(other, officer)

    with pytest.raises(Unpublishable, match="Phiên bản 2"):
        publish(mine, officer, at=NOW + timedelta(minutes=1))

    mine = drafts.compare_with(mine.pk, newer.pk, seen=mine.revision, officer=officer, at=NOW)
    assert publish(mine, officer, at=NOW + timedelta(minutes=2)).number == 3


def test_second_version_must_begin_after_the_one_that_waits(officer):
    waiting = publish(fee_draft(officer), officer, on=LATER)
    content = content_of(waiting)
    draft = drafts.begin_procedure(
        replace(content, note="mẫu"), base=waiting.pk, officer=officer, at=NOW, request_id=new_id()
    )

    with pytest.raises(Unpublishable, match="thu hồi"):
        publish(draft, officer, on=TODAY)

    assert publish(draft, officer, on=LATER + timedelta(days=1)).number == 3


# ---- withdrawing -------------------------------------------------------------------------------------------


def withdraw(version, officer, **more):
    asked = {"document": DOCUMENT, "reason": "Văn bản bị hoãn", "request_id": new_id(), "at": NOW} | more
    return procedures.withdraw_procedure(version.pk, officer=officer, **asked)


def test_withdrawn_version_never_held(officer):
    new = publish(fee_draft(officer), officer, on=LATER)

    withdraw(new, officer)

    assert version_at(COPIES, MIDNIGHT + timedelta(days=30)).number == 1
    assert version_at(COPIES, NOW).valid_to is None
    assert Event.objects.get(act="withdraw-procedure-version").facts["version"] == 2


def test_number_of_a_withdrawn_version_is_not_given_again(officer):
    withdraw(publish(fee_draft(officer), officer, on=LATER), officer)

    assert publish(fee_draft(officer), officer, on=LATER).number == 3


def test_version_in_force_is_not_withdrawn(officer):
    new = publish(fee_draft(officer), officer)

    with pytest.raises(Unpublishable, match="hiệu lực"):
        withdraw(new, officer)


def test_withdrawing_needs_a_reason_and_competence(officer):
    new = publish(fee_draft(officer), officer, on=LATER)

    with pytest.raises(Unpublishable) as refused:
        withdraw(new, officer, reason=" ")
    with pytest.raises(NotCompetent):
        withdraw(new, ward_officer())

    assert (refused.value.field, version_at(COPIES, MIDNIGHT).number) == ("reason", 2)


def test_withdrawing_twice_is_refused_but_a_repeat_is_not(officer):
    new, request_id = publish(fee_draft(officer), officer, on=LATER), new_id()
    withdraw(new, officer, request_id=request_id)

    assert withdraw(new, officer, request_id=request_id).withdrawn_at == NOW
    with pytest.raises(Unpublishable):
        withdraw(new, officer)


# ---- how certain -------------------------------------------------------------------------------------------


def marks(version):
    content = content_of(version)
    return {"version": content.mark} | {fee.key: fee.mark for fee in content.fees}


def test_what_was_changed_needs_checking_until_it_is_confirmed(officer):
    new = publish(fee_draft(officer), officer)

    assert marks(new) == {"version": "read", "fee": "read-2nd"}
    assert {case.mark for case in content_of(new).cases} == {"read"}


def test_what_a_legal_officer_compared_is_confirmed(officer):
    legal = province_officer(Role.LEGAL_OFFICER)
    draft = confirm(fee_draft(officer), legal)

    new = publish(draft, officer)

    assert marks(new) == {"version": "read", "fee": "confirmed"}
    facts = [Event.objects.get(act=act).facts for act in ("confirm-procedure", "publish-procedure")]
    assert [(one.get("whole"), one.get("confirmed")) for one in facts] == [(0, None), (None, 1)]


def test_whole_content_can_be_confirmed_without_a_change(officer):
    legal = province_officer(Role.LEGAL_OFFICER)

    new = publish(confirm(draft_of(COPIES, legal), legal, whole=True), legal)

    assert set(marks(new).values()) == {"confirmed"}


def test_confirmation_holds_for_that_content_alone(officer):
    legal = province_officer(Role.LEGAL_OFFICER)
    draft = confirm(fee_draft(officer), legal)
    further = replace(content_of_text(draft.content), result="Bản sao mẫu")
    draft = drafts.change_procedure(draft.pk, further, seen=draft.revision, officer=officer, at=NOW)

    assert marks(publish(draft, officer))["fee"] == "read-2nd"


def test_administrator_confirms_nothing(officer):
    with pytest.raises(NotCompetent):
        confirm(fee_draft(officer), officer)


def test_file_cannot_claim_that_something_was_read(officer):
    content = content_of(version_at(COPIES, NOW))
    fees = tuple(replace(fee, amount=1, scale=None, mark="confirmed") for fee in content.fees)

    assert marks(publish(draft_of(COPIES, officer, fees=fees), officer))["fee"] == "read-2nd"


# ---- drafts and loads --------------------------------------------------------------------------------------


def test_begun_twice_with_one_request_it_is_one_draft(officer):
    content, request_id = content_of(version_at(COPIES, NOW)), new_id()
    for _time in range(2):
        drafts.begin_procedure(content, base=None, officer=officer, at=NOW, request_id=request_id)

    assert Draft.objects.count() == 1


def test_draft_cannot_move_a_procedure_to_another_field(officer):
    draft = draft_of(COPIES, officer, field="Khác", lane="police", province="46")

    content = content_of_text(draft.content)
    assert (content.field, content.lane, content.province) == ("Chứng thực", "immediate", "")


def test_new_procedure_comes_from_a_draft_alone(officer):
    content = replace(content_of(version_at(BIRTH, NOW)), code="1.999999", name="Thủ tục mẫu", province="46")
    draft = drafts.begin_procedure(content, base=None, officer=officer, at=NOW, request_id=new_id())

    new = publish(draft, officer, on=LATER)

    assert (new.number, version_at("1.999999", MIDNIGHT), new.procedure.province) == (1, new, "46")
    with pytest.raises(LookupError):
        version_at("1.999999", NOW)


def test_procedure_of_another_province_is_not_ours(officer):
    content = replace(content_of(version_at(BIRTH, NOW)), code="1.999999", province="38")

    with pytest.raises(NotCompetent):
        drafts.begin_procedure(content, base=None, officer=officer, at=NOW, request_id=new_id())


def test_load_leaves_what_was_published_here_and_says_so(officer):
    publish(fee_draft(officer), officer)
    shipped = load_procedures()
    changed = replace(shipped[COPIES], result="Bản sao khác")

    done = load_shipped(AT + timedelta(days=9), [changed, shipped[BIRTH]])

    assert (done.kept, done.renewed, done.withdrawn) == (1, 0, 0)
    assert version_at(COPIES, AT + timedelta(days=10)).number == 2


def test_load_of_the_same_files_keeps_nothing_back(officer):
    publish(fee_draft(officer), officer)

    done = load_shipped(AT + timedelta(days=9), [load_procedures()[COPIES]])

    assert done.kept == 0
