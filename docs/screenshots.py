"""Takes the pictures of README from a running demonstration: `python docs/screenshots.py [http://127.0.0.1:8000]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"
PASSWORD = "gandan-demo"  # noqa: S105  of sample accounts on this machine
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def sign_in(browser: Browser, origin: str, name: str, *, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, locale="vi-VN")
    page.goto(f"{origin}/dang-nhap/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    return page


def take(page: Page, url: str, name: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")


def main(origin: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        officer = sign_in(browser, origin, "truongcongan.ht", width=1280, height=800)
        take(officer, f"{origin}/viec-hom-nay/?cua=phuong", "viec-hom-nay")
        links = officer.locator("a[href^='/ho-so/']:not([href*='/lam/'])")
        first = links.first.get_attribute("href") if links.count() else None
        if first:
            address = f"{origin}{first.split('?')[0]}"
            take(officer, address, "ho-so")
            take(officer, f"{address}vi-sao/", "vi-sao-ngay-nay")
        counter = sign_in(browser, origin, "tiepnhan.ht", width=1280, height=900)
        take(counter, f"{origin}/tiep-nhan/?thu-tuc=1.001193", "tiep-nhan")
        phone = browser.new_page(
            viewport={"width": 390, "height": 844}, locale="vi-VN", device_scale_factor=2
        )
        take(phone, f"{origin}/", "trang-chu")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
