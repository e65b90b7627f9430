"""The sign-ins of the sample, as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from gandan.organization.models import Commune, Province
from gandan.portal.demo.staff import POSTS, PROVINCE_POSTS, PROVINCES, WARDS, Post


def sign_in_table(address: str, password: str) -> str:
    """Address, password and one line for each post: user name in each place, and what the post does."""
    wards = [Commune.objects.get(pk=code).full_name for code, _suffix, _quarter in WARDS]
    provinces = [Province.objects.get(pk=code).full_name for code, _end in PROVINCES]
    table = "\n\n".join(
        (
            table_of(wards, POSTS, [suffix for _code, suffix, _quarter in WARDS]),
            table_of(provinces, PROVINCE_POSTS, [end for _code, end in PROVINCES]),
        )
    )
    head = (
        "\n  DỮ LIỆU MẪU: mọi người, mọi hồ sơ ở đây đều tự đặt (all people and dossiers are invented)\n"
        f"  Đăng nhập (sign in):  {address}/dang-nhap/\n"
        f"  Mật khẩu chung (password of all accounts):  {password}\n"
    )
    return f"{head}\n{table}\n\n  Bắt đầu ở đây (start here): {POSTS[0].name}.{WARDS[0][1]}, {POSTS[2].name}.{WARDS[0][1]}\n"


def table_of(places: Sequence[str], posts: Sequence[Post], ends: Sequence[str]) -> str:
    """One line a post, one column a place."""
    rows = [("Việc", *places)]
    rows += [(post.title, *(f"{post.name}.{end}" for end in ends)) for post in posts]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(f"  {line.rstrip()}" for line in lines)
