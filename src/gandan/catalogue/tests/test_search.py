"""Search: a few letters, without marks, with slips."""

from __future__ import annotations

import pytest

from gandan.catalogue.search import Entry, Index
from gandan.catalogue.shipped import load_procedures


@pytest.fixture(scope="module")
def index():
    procedures = load_procedures().values()
    return Index(
        tuple(
            Entry(p.code, p.name, p.field, (*p.also_known_as, p.everyday_name), p.province)
            for p in procedures
        )
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("khai sinh", "1.001193"),
        ("Khai Sinh", "1.001193"),
        ("khai si", "1.001193"),
        ("ks", "1.001193"),
        ("khai sihn", "1.001193"),
        ("kai sinh", "1.001193"),
        ("dk ket hon", "1.000894"),
        ("đăng ký kết hôn", "1.000894"),
        ("ket hon voi nguoi nuoc ngoai", "2.000806"),
        ("khai tử", "1.000656"),
        ("sao y", "2.000815"),
        ("sao y ban chinh", "2.000815"),
        ("chung thuc chu ky", "2.000884"),
        ("tam tru", "1.004194"),
        ("thuong tru", "1.004222"),
        ("nhap ho khau", "1.004222"),
        ("trich luc", "2.000635"),
        ("doc than", "1.004873"),
        ("tinh trang hon", "1.004873"),
        ("mo ho kinh doanh", "1.001612"),
        ("so do", "1.013978"),
        ("can cuoc dien tu", "3.000228"),
        ("di chúc", "2.001019"),
        ("fép xây nhà", "1.013225"),
        ("1.001193", "1.001193"),
        ("1001193", "1.001193"),
    ],
)
def test_first_find(index, typed, first):
    assert index.find(typed)[0][0].code == first


def test_residence_is_found_by_its_field(index):
    found = {entry.field for entry, _score in index.find("cu tru", 8)}

    assert found == {"Đăng ký, quản lý cư trú"}


@pytest.mark.parametrize("typed", ["", "   ", "?!", "zzzzqq", "1.99"])
def test_nothing_fits(index, typed):
    assert index.find(typed) == []


def test_a_name_of_a_page_is_no_stumbling_block(index):
    text = "xin hỏi " * 400

    assert isinstance(index.find(text), list)


def test_limit_is_kept(index):
    assert len(index.find("đăng ký", 5)) == 5


def test_scores_fall(index):
    scores = [score for _entry, score in index.find("đăng ký khai sinh")]

    assert scores == sorted(scores, reverse=True)
