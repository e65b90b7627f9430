"""Internal workflows prepared without code: by a ward for itself, by a province for its wards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gandan.administration.tests.test_procedure_pages import BASE, DOCUMENT, client_for, send, tomorrow
from gandan.calculus.rules import VIETNAM
from gandan.catalogue.models import Draft, Workflow
from gandan.catalogue.queries import version_at, workflow_for
from gandan.catalogue.workflow_content import workflow_of_text
from gandan.dossiers.tests.factories import BIRTH, Ward, load_reference, make_ward
from gandan.ledger.ids import new_id
from gandan.ledger.models import Event
from gandan.organization.models import Duty, Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ward() -> Ward:
    load_reference(timezone.now())
    return make_ward()


@pytest.fixture
def admin(ward: Ward) -> Client:
    """The ward's own administrator."""
    client = Client()
    client.force_login(ward.people[Role.ADMINISTRATOR], backend="django.contrib.auth.backends.ModelBackend")
    return client


def begin(client: Client, place: str, code: str = BIRTH) -> str:
    answer = client.post(f"{BASE}{code}/quy-trinh/soan/", {"noi": place, "request_id": str(new_id())})
    assert answer.status_code == 302
    return str(answer["Location"])


def content_in(url: str) -> Any:
    return workflow_of_text(draft_in(url).content)


def draft_in(url: str) -> Draft:
    return Draft.objects.get(pk=url.rstrip("/").rsplit("/", 1)[-1])


def today() -> str:
    return timezone.now().astimezone(VIETNAM).date().isoformat()


def test_ward_prepares_and_publishes_its_own(ward: Ward, admin: Client):
    url = begin(admin, "19975")
    assert send(admin, url, name="Quy trình của phường").status_code == 302
    assert send(admin, f"{url}buoc/them/", work="Việc mẫu", role="clerk", time="0,5").status_code == 302

    last = len(content_in(url).steps)
    admin.post(f"{url}buoc/{last}/xep/", {"do": "len", "seen": draft_in(url).revision})

    assert send(admin, f"{url}cong-bo/", starts_on=today(), document=DOCUMENT).status_code == 302

    made = workflow_for(version_at(BIRTH, timezone.now()).procedure, ward.commune, timezone.now())
    assert (made.name, made.commune) == ("Quy trình của phường", "19975")
    assert Event.objects.get(act="publish-workflow").chain == "19975"
    assert "Quy trình của phường" in admin.get(f"{BASE}{BIRTH}/quy-trinh/").text


def test_form_sent_twice_is_one_workflow(admin: Client):
    url = begin(admin, "19975")
    form = admin.get(f"{url}cong-bo/").context["form"]
    typed = {field.html_name: field.value() for field in form if field.value()}
    typed |= {"starts_on": today(), "document": DOCUMENT}

    answers = [admin.post(f"{url}cong-bo/", typed).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert Workflow.objects.filter(origin="local").count() == 1


def test_ward_prepares_none_for_the_province_or_another_ward(admin: Client):
    make_ward("14758", "Hàm Rồng")

    answers = [
        admin.post(f"{BASE}{BIRTH}/quy-trinh/soan/", {"noi": place, "request_id": str(new_id())}).status_code
        for place in ("46", "14758", "", "²")
    ]

    assert answers == [404, 404, 404, 404]


def test_province_chooses_among_its_places(ward: Ward):
    province = client_for(Role.ADMINISTRATOR)

    page = province.get(f"{BASE}quy-trinh/?noi=19975").text

    assert "Thành phố Huế" in page
    assert "Phường Hương Thủy" in page
    assert begin(province, "46")


def test_steps_are_moved_and_left_out(admin: Client):
    url = begin(admin, "19975")
    before = [step.work for step in content_in(url).steps]

    admin.post(f"{url}buoc/2/xep/", {"do": "len", "seen": 1})
    admin.post(f"{url}buoc/1/xep/", {"do": "bo", "seen": 2})

    assert [step.work for step in content_in(url).steps] == [before[0], *before[2:]]


def test_steps_that_take_too_long_or_go_round_are_refused_where_one_sees_them(admin: Client):
    url = begin(admin, "19975")
    specialist = next(n for n, step in enumerate(content_in(url).steps, 1) if step.role == "specialist")
    send(admin, f"{url}buoc/{specialist}/", time="40")
    send(admin, f"{url}buoc/them/", work="Thẩm định lại", role="specialist")

    page = admin.get(url).text
    assert "đi vòng" in page
    assert "dài hơn" in page
    assert send(admin, f"{url}cong-bo/", starts_on=today(), document=DOCUMENT).status_code == 422


def test_path_of_an_example_is_counted_from_the_moment_asked(admin: Client):
    url = begin(admin, "19975")

    page = admin.get(url, {"received": "2026-11-09T08:00"}).text

    assert "09/11/2026, 08:00" in page


def test_example_beyond_every_calendar_says_so(admin: Client):
    url = begin(admin, "19975")
    send(admin, f"{url}buoc/1/", time="1")

    assert "Chưa có lịch làm việc" in admin.get(url, {"received": "2039-11-09T08:00"}).text


def test_role_that_nobody_holds_stands_first(ward: Ward, admin: Client):
    assert "Không có: bước nào" not in admin.get(f"{BASE}quy-trinh/").text  # nobody of the police here
    Duty.objects.filter(role=Role.SPECIALIST).update(
        valid_to=timezone.now().astimezone(VIETNAM).date() - timedelta(days=1)
    )

    page = admin.get(f"{BASE}quy-trinh/").text

    assert "Các bước hôm nay không có ai làm" in page
    assert "Công chức chuyên môn" in page or "Chuyên viên" in page


def test_waiting_workflow_is_withdrawn_and_one_in_force_is_ended(admin: Client):
    url = begin(admin, "19975")
    send(admin, f"{url}cong-bo/", starts_on=tomorrow(), document=DOCUMENT)
    waiting = Workflow.objects.get(origin="local")

    assert (
        send(admin, f"{BASE}quy-trinh/{waiting.pk}/thoi/", ends_on=today(), document=DOCUMENT).status_code
        == 422
    )
    answer = send(admin, f"{BASE}quy-trinh/{waiting.pk}/thu-hoi/", reason="Hoãn", document=DOCUMENT)

    waiting.refresh_from_db()
    assert (answer.status_code, waiting.withdrawn_at is not None) == (302, True)


def test_exported_file_brought_back_differs_in_nothing_and_another_procedure_s_is_refused(admin: Client):
    url = begin(admin, "19975")
    exported = admin.get(f"{url}tep.yaml").content

    same = admin.post(f"{url}nhap/", {"file": SimpleUploadedFile("mau.yaml", exported)})
    other = admin.post(
        f"{url}nhap/",
        {"file": SimpleUploadedFile("mau.yaml", exported.replace(BIRTH.encode(), b"9.999999"))},
    )

    assert (same.status_code, same.context["changed"]) == (200, [])
    assert (other.status_code, "9.999999" in other.text) == (422, True)


def test_file_takes_the_place_of_the_steps_at_the_second_press(admin: Client):
    url = begin(admin, "19975")
    exported = admin.get(f"{url}tep.yaml").text
    first = content_in(url).steps[0].work
    trial = admin.post(
        f"{url}nhap/", {"file": SimpleUploadedFile("mau.yaml", exported.replace(first, "Việc khác").encode())}
    )
    assert content_in(url).steps[0].work == first

    admin.post(f"{url}nhap/", {"text": trial.context["text"], "seen": draft_in(url).revision})

    assert content_in(url).steps[0].work == "Việc khác"
