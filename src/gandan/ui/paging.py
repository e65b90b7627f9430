"""Keyset paging: page 1 and page 10,000 cost the same, and a row that arrives does not shift the next page.

In a view::

    page = take_page(request, DossierQuery(...), order=("due_at", "id"))
    # template: for row in page.rows …, then {% include "ui/pager.html" with page=page only %}
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import ngettext

Row = TypeVar("Row", bound=Model)

PARAMETER = "after"
COUNTED_EXACTLY = 1000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list: its rows, where the next begins, and how many there are in words."""

    rows: list[Row]
    first_url: str
    next_url: str
    count_words: str


def count_up_to(queryset: QuerySet[Any], limit: int = COUNTED_EXACTLY) -> int:
    """How many rows there are, but not beyond `limit` + 1: a count must not cost more than the list."""
    return queryset.order_by()[: limit + 1].count()


def count_words(count: int, limit: int = COUNTED_EXACTLY) -> str:
    """`12 rows`, or `1.000+ rows` above the limit."""
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count_shown(count, limit)}


def count_shown(count: int, limit: int = COUNTED_EXACTLY) -> str:
    """`12`, or `1.000+` above the limit."""
    return f"{limit:,}".replace(",", ".") + "+" if count > limit else str(count)


def encode(values: list[Any]) -> str:
    """The cursor that stands in the address. Moments keep their microseconds, which Django's encoder would cut off."""
    values = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    text = json.dumps(values, cls=DjangoJSONEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[Any] | None:
    """The values of a cursor, or None when it is none of ours: then the list starts at its beginning."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return values if isinstance(values, list) and len(values) == length else None


def beyond(order: tuple[str, ...], values: list[Any]) -> Q:
    """Rows after `values` in `order`: (a > x) or (a = x and b > y) or …; `-name` sorts downwards.

    The fields must not be null (annotate a `Coalesce`), and the last must be unique.
    """
    condition, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, comparison = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{field}__{comparison}": value})
        equal &= Q(**{field: value})
    # The first field alone lets the database enter its index at the right place.
    first = order[0].lstrip("-")
    bound = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{bound}": values[0]}) & condition


def key_of(row: Model, order: tuple[str, ...]) -> list[Any]:
    return [getattr(row, name.lstrip("-")) for name in order]


def url_with(request: HttpRequest, cursor: str) -> str:
    parameters = request.GET.copy()
    parameters.pop(PARAMETER, None)
    if cursor:
        parameters[PARAMETER] = cursor
    return f"{request.path}?{parameters.urlencode()}" if parameters else request.path


def take_page(
    request: HttpRequest,
    queryset: QuerySet[Row],
    *,
    order: tuple[str, ...],
    size: int = 20,
    count: int | None = None,
) -> Page[Row]:
    """The page that `request` asks for (`?after=…`). Two queries; one when `count` is given."""
    total = count_up_to(queryset) if count is None else count
    wanted = queryset.order_by(*order)

    def fetch(values: list[Any] | None, most: int) -> list[Row]:
        return list((wanted.filter(beyond(order, values)) if values else wanted)[:most])

    return page_of(request, fetch, order=order, size=size, count=total)


def page_of(
    request: HttpRequest,
    fetch: Callable[[list[Any] | None, int], list[Row]],
    *,
    order: tuple[str, ...],
    size: int,
    count: int,
) -> Page[Row]:
    """As `take_page`; `fetch` gives so many rows after the values of a cursor (None: from the beginning)."""
    values = decode(request.GET.get(PARAMETER, ""), len(order)) if PARAMETER in request.GET else None
    try:
        rows = fetch(values, size + 1)
    except (ValidationError, ValueError, TypeError, OverflowError):  # a cursor that somebody wrote by hand
        values, rows = None, fetch(None, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    return Page(
        rows=rows,
        first_url=url_with(request, "") if values else "",
        next_url=url_with(request, encode(key_of(rows[-1], order))) if more else "",
        count_words=count_words(count),
    )
