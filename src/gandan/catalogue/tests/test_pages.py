"""The public pages: without sign-in, without script."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from gandan.catalogue.tests.factories import AT, BIRTH, COPIES, GUIDE_ONLY, STAY, load
from gandan.organization.loading import load_days
from gandan.organization.tests.factories import make_commune, make_unit

pytestmark = pytest.mark.django_db

LIST = reverse("catalogue:list")


def page(client, url, **data):
    response = client.get(url, data)
    return response.status_code, response.content.decode()


def procedure_url(code):
    return reverse("catalogue:procedure", args=[code])


def why_url(code):
    return reverse("catalogue:why", args=[code])


def test_list_shows_the_busiest_and_the_fields(client):
    load()

    status, text = page(client, LIST)

    assert status == 200
    assert text.count('<li class="card-plain">') == 12
    assert text.count("trong ngày; nhận sau 15:00") == 6
    assert "7 ngày làm việc" in text
    assert "Hộ tịch" in text


def test_search_by_a_plain_form(client):
    load()

    _status, text = page(client, LIST, q="sao y")

    assert procedure_url(COPIES) in text
    assert 'value="sao y"' in text


def test_search_without_finds_says_what_to_do(client):
    load(BIRTH)

    _status, text = page(client, LIST, q="lam can cuoc")

    assert "Danh mục chưa có thủ tục nào hợp với “lam can cuoc”" in text
    assert "quầy hướng dẫn" in text


def test_what_was_typed_is_escaped(client):
    load(BIRTH)

    _status, text = page(client, LIST, q="<script>alert(1)</script>")

    assert "<script>alert" not in text


def test_fragment_follows_the_typing(client):
    load(BIRTH)

    response = client.get(LIST, {"q": "khai sinh"}, headers={"HX-Request": "true"})

    assert procedure_url(BIRTH) in response.content.decode()
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_one_field(client):
    load(BIRTH, COPIES)

    _status, text = page(client, LIST, **{"linh-vuc": "Hộ tịch"})

    assert procedure_url(BIRTH) in text
    assert procedure_url(COPIES) not in text


def test_unknown_field_says_so(client):
    load(BIRTH)

    _status, text = page(client, LIST, **{"linh-vuc": "Hàng hải"})

    assert "Danh mục không có lĩnh vực này" in text


def test_empty_catalogue_says_so(client):
    _status, text = page(client, LIST)

    assert "Danh mục đang trống" in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(client, django_assert_num_queries, count):
    load(*[BIRTH, "1.000894", "1.000656"][:count])

    with django_assert_num_queries(2):
        client.get(LIST, {"linh-vuc": "Hộ tịch"})


def test_procedure_page_tells_time_papers_fee_and_basis(client):
    load(BIRTH)

    status, text = page(client, procedure_url(BIRTH))

    assert status == 200
    assert '<h1 lang="vi">Đăng ký khai sinh</h1>' in text
    assert "Trong ngày; nhận sau 15:00 thì ngày làm việc tiếp theo" in text
    assert "Luật Hộ tịch 2014 (60/2014/QH13), khoản 3 Điều 5" in text
    assert "Giấy chứng sinh" in text
    assert "163/QĐ-BTP" in text


def test_papers_follow_the_answers(client):
    load(BIRTH)

    _status, text = page(client, procedure_url(BIRTH), abandoned="no", surrogacy="no")

    assert "Biên bản trẻ bị bỏ rơi" not in text
    assert "mang thai hộ</strong>" not in text


def test_fee_follows_pages_and_copies(client):
    load(COPIES)

    _status, text = page(client, procedure_url(COPIES), pages="5", copies="3")

    assert "21.000 đ" in text


@pytest.mark.parametrize("pages", ["năm", "-1", "0", "99999999999999999999"])
def test_a_wrong_number_keeps_the_page_and_what_was_typed(client, pages):
    load(COPIES)

    status, text = page(client, procedure_url(COPIES), pages=pages, copies="3")

    assert status == 200
    assert f'value="{pages}"' in text
    assert 'aria-invalid="true"' in text


def test_officers_questions_are_not_put_to_citizens(client):
    load(BIRTH)

    _status, text = page(client, procedure_url(BIRTH))

    assert 'name="abandoned"' in text
    assert 'name="identity_found"' not in text


def test_relief_is_offered_with_its_days(client):
    load(STAY)

    _status, text = page(client, procedure_url(STAY), channel="online", residence_by_list="no")

    assert "7.000 đ" in text
    assert "từ 15/08/2026 đến 28/02/2027" in text


def test_province_of_its_own_fee_can_be_chosen(client, make_province):
    load(BIRTH)
    make_province("01")

    _status, text = page(client, procedure_url(BIRTH), registered_late="late", province="01")

    assert "5.000 đ" in text


def test_province_of_the_only_ward_is_chosen_already(client):
    load(BIRTH)
    make_unit(commune=make_commune("00004"))

    _status, text = page(client, procedure_url(BIRTH), registered_late="late")

    assert '<option value="01" selected>' in text
    assert "5.000 đ" in text


def test_questions_are_not_each_called_optional(client):
    load(BIRTH)

    _status, text = page(client, procedure_url(BIRTH))

    assert "(không bắt buộc)" not in text
    assert "Ông/bà biết câu nào thì trả lời câu đó." in text


def test_vietnamese_words_say_so_on_an_english_page(client):
    load(BIRTH)
    client.cookies["gandan_language"] = "en"

    _status, text = page(client, procedure_url(BIRTH))

    assert '<html lang="en"' in text
    assert '<h1 lang="vi">Đăng ký khai sinh</h1>' in text


def test_guidance_only_says_why_and_gives_no_date(client):
    load(GUIDE_ONLY)

    _status, text = page(client, procedure_url(GUIDE_ONLY))

    assert "Chỉ hướng dẫn: ở đây không hẹn ngày trả" in text
    assert "Chưa đọc được thời hạn giải quyết trong nguồn công bố." in text


def test_uncertain_facts_bear_the_mark(client):
    load("1.004873")

    _status, text = page(client, procedure_url("1.004873"))

    assert text.count("cần kiểm tra") >= 1


def test_code_outside_the_catalogue(client):
    load(BIRTH)

    status, text = page(client, procedure_url("9.999999"))

    assert status == 404
    assert "Danh mục chưa có thủ tục 9.999999" in text
    assert LIST in text


def test_procedure_page_costs_one_query_when_warm(client, django_assert_num_queries):
    load(STAY)
    load_days(AT)
    client.get(procedure_url(STAY))

    with django_assert_num_queries(1):  # its earlier versions
        client.get(procedure_url(STAY))


def test_suggestions_are_buttons_of_the_form_around_them(client):
    load(BIRTH, COPIES)

    _status, text = page(client, reverse("catalogue:suggestions"), q="sao y")

    assert f'name="procedure" value="{COPIES}"' in text
    assert "<html" not in text


def test_suggestions_leave_out_what_only_another_province_has(client):
    load("1.014052", "1.002693")
    make_commune("19975")

    _status, text = page(client, reverse("catalogue:suggestions"), q="chặt hạ cây xanh", xa="19975")

    assert 'value="1.002693"' in text
    assert 'value="1.014052"' not in text


def test_suggestions_for_nothing_typed_are_none(client):
    load(BIRTH)

    _status, text = page(client, reverse("catalogue:suggestions"))

    assert text.strip() == ""


def test_pages_do_not_write(client):
    load(BIRTH)

    assert client.post(LIST).status_code == 405
    assert client.post(procedure_url(BIRTH)).status_code == 405


def test_expected_date_and_its_days(client):
    load("1.004222")
    load_days(AT)

    _status, text = page(client, why_url("1.004222"), received="2026-11-23T08:00")

    assert "thứ Năm 03/12/2026, 17:00" in text  # seven working days; 24/11 is a day off
    assert "24/11" in text


def test_why_begins_when_the_office_opens_next(client):
    load("1.004222")
    load_days(AT)

    with time_machine.travel(datetime(2026, 11, 21, 22, 20, tzinfo=UTC), tick=False):  # a Sunday, 05:20
        _status, text = page(client, why_url("1.004222"))

    assert 'value="2026-11-23T07:30"' in text


def test_why_for_a_named_case(client):
    load(COPIES)
    load_days(AT)

    _status, text = page(client, why_url(COPIES), case="many_pages", received="2026-11-26T16:00")

    assert "thứ Hai 30/11/2026, 17:00" in text


def test_year_without_calendar_is_told(client):
    load("1.004222")
    load_days(AT)

    status, text = page(client, why_url("1.004222"), received="2031-01-06T08:00")

    assert status == 200
    assert "Chưa có lịch làm việc công bố cho năm 2031" in text


@pytest.mark.parametrize("typed", ["hôm qua", "2026-13-40T99:99", ""])
def test_moment_that_cannot_be_read_is_kept(client, typed):
    load("1.004222")
    load_days(AT)

    status, text = page(client, why_url("1.004222"), received=typed)

    assert status == 200
    assert 'aria-invalid="true"' in text
    assert "timeline" not in text


def test_why_of_guidance_only_says_there_is_no_date(client):
    load(GUIDE_ONLY)

    _status, text = page(client, why_url(GUIDE_ONLY))

    assert "Ở đây không hẹn được ngày trả." in text


def test_procedure_page_gives_the_date_of_one_who_comes_now(client):
    load("1.004222")
    load_days(AT)

    with time_machine.travel(datetime(2026, 11, 21, 3, 0, tzinfo=UTC), tick=False):
        _status, text = page(client, procedure_url("1.004222"))

    assert "thứ Hai 23/11/2026, 07:30" in text
    assert "thứ Năm 03/12/2026, 17:00" in text
    assert why_url("1.004222") in text
