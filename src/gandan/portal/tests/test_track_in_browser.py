"""The typed search in a real browser: what a browser says of itself (Origin, Referer) must pass our own door."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gandan.dossiers import tracking
from gandan.dossiers.tests.factories import load_reference, make_dossier, make_ward
from gandan.ui.testing import OpensPage


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_code_and_word_open_the_dossier_and_the_device_is_cleared(browser_page: OpensPage) -> None:
    load_reference(timezone.now())
    dossier = make_dossier(make_ward())

    page = browser_page("/tra-cuu/")
    page.fill("[name=code]", dossier.code)
    page.fill("[name=word]", tracking.word_of(dossier.pk))
    page.click("main form.card-plain button")
    page.wait_for_url("**/tra-cuu/ho-so/**")
    page.click("form.track-end button")
    page.wait_for_url("**/tra-cuu/?xong")

    assert [cookie["name"] for cookie in page.context.cookies() if cookie["name"] == "theo-doi"] == []
