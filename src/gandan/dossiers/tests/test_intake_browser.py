"""The intake in a real browser: by keyboard against the clock, without script, with a lost connection."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gandan.dossiers.models import Contact, Dossier
from gandan.dossiers.tests.factories import Ward, make_user
from gandan.dossiers.tests.test_intake import CARD, PNG
from gandan.organization.models import Duty, Role
from gandan.ui.testing import SIGHTS, OpensPage, check_axe, check_no_sideways_scroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY_SECONDS = 0.18  # a practised typist, marks included
THINK_SECONDS = 1.2  # to look at the next thing, or to ask the person
SCANNER_SECONDS = 1.5  # to lay the card under the scanner; it types by itself
DIALOG_SECONDS = 4.0  # to pick the newest scans in the file dialog
LIMIT_SECONDS = 60
ON_PAPER = "p-{}-1"


def picture(name: str) -> Any:
    return {"name": name, "mimeType": "image/png", "buffer": PNG}


class Clerk:
    """A trained clerk: counts keys and moments of thought; the machine's own time comes on top."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.on(
            "filechooser", lambda _chooser: None
        )  # from now on: asked for at the key, it may come too late
        self.keys = self.fields = 0
        self.hands = 0.0
        self.began = time.monotonic()

    def at(self, field_id: str) -> None:
        """The page must have brought the clerk to this field by itself."""
        expect(self.page.locator(f'[id="{field_id}"]')).to_be_focused()
        self.fields += 1

    def scan(self, text: str) -> None:
        self.hands += SCANNER_SECONDS
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def attach(self, *names: str) -> None:
        self.hands += DIALOG_SECONDS
        with self.page.expect_file_chooser() as chooser:
            self.press("s")
        chooser.value.set_files([picture(name) for name in names])

    @property
    def seconds(self) -> float:
        person = self.keys * KEY_SECONDS + self.fields * THINK_SECONDS + self.hands
        return person + time.monotonic() - self.began


def open_intake(browser_page: OpensPage, ward: Ward, **how: Any) -> Page:
    return browser_page("/tiep-nhan/", user=ward.people[Role.COUNTER_OFFICER], **how)


def take_person_and_matter(clerk: Clerk) -> None:
    clerk.at("scan")
    clerk.scan(CARD)
    clerk.at("owner-phone")
    clerk.type("0912345678")
    clerk.press("Enter")
    clerk.at("find")
    clerk.type("khai sinh")
    clerk.press("Enter")


def answer_questions(clerk: Clerk) -> None:
    digits = {"registered_late": "1", "birth_proof_digital": "2", "abandoned": "2", "surrogacy": "2"}
    for key, digit in {**digits, "identity_found": "1"}.items():
        clerk.at(f"q-{key}_0")
        clerk.press(digit)


def fill_birth(clerk: Clerk) -> None:
    take_person_and_matter(clerk)
    answer_questions(clerk)
    for paper, scans in {
        "declaration": ("to-khai-1.png", "to-khai-2.png"),
        "birth_certificate": ("cs.png",),
    }.items():
        clerk.at(ON_PAPER.format(paper))
        clerk.attach(*scans)
        clerk.press("1")
    clerk.at("return_way_0")


def test_trained_clerk_takes_in_a_birth_within_a_minute(
    browser_page: OpensPage, committed_ward: Ward, record_property: Any
) -> None:
    page = open_intake(browser_page, committed_ward)
    clerk = Clerk(page)

    fill_birth(clerk)
    clerk.press("F9")
    page.wait_for_url("**/tiep-nhan/xong/**")

    dossier = Dossier.objects.get()
    record_property("intake_seconds", round(clerk.seconds, 1))
    record_property("intake_keys", clerk.keys)
    print(f"birth registration: {clerk.seconds:.1f} s, {clerk.keys} keys, {clerk.fields} stops")
    assert clerk.seconds <= LIMIT_SECONDS
    assert dossier.owner.phone == "0912345678"
    assert sorted(dossier.files.values_list("file__name", flat=True)) == [
        "cs.png",
        "to-khai-1.png",
        "to-khai-2.png",
    ]


def test_key_that_takes_in_opens_the_receipt(browser_page: OpensPage, committed_ward: Ward) -> None:
    page = open_intake(browser_page, committed_ward)
    fill_birth(Clerk(page))

    with page.context.expect_page() as opened:
        page.keyboard.press("F9")

    page.wait_for_url("**/tiep-nhan/xong/**")
    opened.value.wait_for_url(re.compile(r"/ho-so/.*/giay/giay-hen\.pdf$"))
    expect(page.locator("#next")).to_be_focused()


def test_double_press_is_one_dossier(browser_page: OpensPage, committed_ward: Ward) -> None:
    page = open_intake(browser_page, committed_ward)
    fill_birth(Clerk(page))

    page.locator(".slip-acts .btn-primary").dblclick()
    page.wait_for_url("**/tiep-nhan/xong/**")

    assert Dossier.objects.count() == 1


def test_next_person_starts_on_an_empty_form_and_back_makes_no_second(
    browser_page: OpensPage, committed_ward: Ward
) -> None:
    page = open_intake(browser_page, committed_ward)
    fill_birth(Clerk(page))
    page.keyboard.press("F9")
    page.wait_for_url("**/tiep-nhan/xong/**")

    page.go_back()

    expect(page.locator("#owner-name")).to_have_value("")
    page.keyboard.press("F9")
    expect(page.locator(".error-summary")).to_be_visible()
    assert Dossier.objects.count() == 1


def test_lost_connection_keeps_everything_and_sends_once(
    browser_page: OpensPage, committed_ward: Ward
) -> None:
    page = open_intake(browser_page, committed_ward)
    fill_birth(Clerk(page))
    expect(page.locator(".intake-chip.is-waiting")).to_have_count(0)

    # The slip's last question is asked within half a second, and answered before the connection goes.
    page.wait_for_timeout(1_000)
    page.wait_for_function("() => !document.querySelector('.htmx-request')", timeout=60_000)
    page.context.set_offline(True)
    page.keyboard.press("F9")
    expect(page.locator("#intake-note")).to_contain_text("Mất kết nối", timeout=15_000)
    page.context.set_offline(False)
    page.reload()
    expect(page.locator(".intake-chip")).to_have_count(3)
    page.locator(".slip-acts .btn-primary").click()
    page.wait_for_url("**/tiep-nhan/xong/**")

    dossier = Dossier.objects.get()
    assert (dossier.owner.name, dossier.files.count()) == ("Nguyễn Thị Mẫu", 3)


def test_scan_made_without_connection_is_sent_when_it_is_back(
    browser_page: OpensPage, committed_ward: Ward
) -> None:
    page = open_intake(browser_page, committed_ward)
    clerk = Clerk(page)
    take_person_and_matter(clerk)
    answer_questions(clerk)
    clerk.at("p-declaration-1")

    page.context.set_offline(True)
    clerk.attach("to-khai.png")
    expect(page.locator("#intake-note")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator("input[name=p-declaration-files]")).to_have_count(1)


def test_key_pressed_while_a_scan_is_on_its_way_takes_in_when_it_has_arrived(
    browser_page: OpensPage, committed_ward: Ward
) -> None:
    page = open_intake(browser_page, committed_ward)
    held: list[Any] = []
    page.route("**/tiep-nhan/tep/", lambda route: held.append(route))
    fill_birth(Clerk(page))

    page.keyboard.press("F9")
    expect(page.locator("#intake-note")).to_contain_text("Còn bản quét đang gửi")
    for route in held:
        route.continue_()
    page.wait_for_url("**/tiep-nhan/xong/**")

    assert Dossier.objects.get().files.count() == 3


def test_two_clerks_at_once_make_two_dossiers(browser_page: OpensPage, committed_ward: Ward) -> None:
    second = make_user("Người mẫu thứ hai", "19975-quay-2")
    Duty.objects.create(
        user=second,
        unit=committed_ward.centre,
        role=Role.COUNTER_OFFICER,
        valid_from=committed_ward.centre.opened_on,
    )
    pages = [open_intake(browser_page, committed_ward), browser_page("/tiep-nhan/", user=second)]
    for page in pages:
        page.bring_to_front()
        fill_birth(Clerk(page))

    for page in pages:
        page.bring_to_front()
        page.keyboard.press("F9")
        page.wait_for_url("**/tiep-nhan/xong/**")

    assert sorted(Dossier.objects.values_list("register_number", flat=True)) == [1, 2]


def test_missing_paper_leads_to_the_guidance_slip(browser_page: OpensPage, committed_ward: Ward) -> None:
    page = open_intake(browser_page, committed_ward)
    clerk = Clerk(page)
    take_person_and_matter(clerk)
    answer_questions(clerk)
    clerk.at("p-declaration-1")
    page.keyboard.press("1")
    clerk.at("p-birth_certificate-1")
    page.keyboard.press("2")
    expect(page.locator("#p-birth_certificate-reason")).to_be_focused()
    page.keyboard.type("Bản gốc còn ở bệnh viện")

    expect(page.locator(".slip-acts .btn-primary")).to_have_attribute("value", "guide")
    page.keyboard.press("F9")

    expect(page.locator("#print-slip")).to_be_focused()
    assert "bệnh viện" in Contact.objects.get().missing
    expect(page.locator("#owner-name")).to_have_value("Nguyễn Thị Mẫu")


def test_intake_works_without_script(browser_page: OpensPage, committed_ward: Ward) -> None:
    page = open_intake(browser_page, committed_ward, script=False)

    page.fill("#scan", CARD)
    page.keyboard.press("Enter")
    page.fill("#find", "khai sinh")
    page.keyboard.press("Enter")
    page.click('button[value="1.001193"]')
    for question, answer in {
        "registered_late": 0,
        "birth_proof_digital": 1,
        "abandoned": 1,
        "surrogacy": 1,
    }.items():
        page.check(f"#q-{question}_{answer}")
    page.check("#q-identity_found_0")
    page.locator('.slip-acts button[value="next"]').click()
    page.check("#p-declaration-1")
    page.check("#p-birth_certificate-1")
    page.set_input_files("#p-declaration-upload", files=[picture("to-khai.png")])
    page.locator('button[value="accept"]').click()

    page.wait_for_url("**/tiep-nhan/xong/**")
    assert (Dossier.objects.get().owner.name, Dossier.objects.get().files.count()) == ("Nguyễn Thị Mẫu", 1)


@pytest.mark.parametrize(("width", "theme"), SIGHTS)
def test_intake_is_open_to_everybody(
    browser_page: OpensPage, committed_ward: Ward, width: int, theme: str
) -> None:
    page = open_intake(browser_page, committed_ward, width=width, theme=theme)
    check_axe(page)

    fill_birth(Clerk(page))
    page.locator("#p-birth_certificate-2").check()
    page.locator("#owner-number").fill("04618800001")
    page.locator("details.fold").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    expect(page.locator(".slip-acts .btn-primary")).to_have_attribute("value", "guide")
    check_axe(page)
    check_no_sideways_scroll(page)

    page.locator("#owner-number").fill("046188000001")
    page.locator("#p-birth_certificate-1").check()
    expect(page.locator(".slip-acts .btn-primary")).to_have_attribute("value", "accept")
    page.keyboard.press("F9")
    page.wait_for_url("**/tiep-nhan/xong/**")
    check_axe(page)
    check_no_sideways_scroll(page)


def test_lost_answer_shows_the_dossier_that_was_made(browser_page: OpensPage, committed_ward: Ward) -> None:
    page = open_intake(browser_page, committed_ward)
    fill_birth(Clerk(page))
    expect(page.locator("input[name$=-files]")).to_have_count(3)

    def lose_answer(route: Any) -> None:
        if route.request.is_navigation_request() and route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/tiep-nhan/", lose_answer)
    page.keyboard.press("F9")
    page.wait_for_timeout(1500)
    page.unroute("**/tiep-nhan/")
    page.context.clear_cookies(name="gandan_draft_taken")  # it came with the answer that was lost
    page.goto("/tiep-nhan/")

    dossier = Dossier.objects.get()
    expect(page.locator("#r-alerts")).to_contain_text(dossier.code)
