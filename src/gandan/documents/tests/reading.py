"""Reads a PDF back, as a person, a scanner or an archive would."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import zxingcpp


def words_of(pdf: bytes) -> str:
    """The text of all pages with every run of white space as one space."""
    document = pdfium.PdfDocument(pdf)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    finally:
        document.close()


def pages_of(pdf: bytes) -> list[str]:
    document = pdfium.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def page_sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in millimetres."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [(round(p.get_width() / 72 * 25.4), round(p.get_height() / 72 * 25.4)) for p in document]
    finally:
        document.close()


def qr_codes(pdf: bytes, page: int = 0) -> list[str]:
    """What a scanner reads from the page drawn at 200 dots an inch."""
    document = pdfium.PdfDocument(pdf)
    try:
        image = document[page].render(scale=200 / 72).to_pil()
        return [code.text for code in zxingcpp.read_barcodes(image)]
    finally:
        document.close()


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Each font of the file's text and whether it is embedded."""
    document = pdfium.PdfDocument(pdf)
    found: dict[str, bool] = {}
    try:
        for page in document:
            for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                font = text.get_font()
                found[font.get_base_name().partition("+")[2]] = font.is_embedded
        return found
    finally:
        document.close()
