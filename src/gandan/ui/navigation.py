"""The main navigation: each room registers its own entries when it is ready (`AppConfig.ready`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

Visible = Callable[[HttpRequest], bool]


def to_signed_in(request: HttpRequest) -> bool:
    """Any member of staff who signed in."""
    return request.user.is_authenticated


@dataclass(frozen=True)
class Item:
    """One entry: the URL's name, its words, its icon; lower `order` stands first."""

    url_name: str
    label: str | Promise
    icon: str
    order: int
    visible: Visible = to_signed_in


@dataclass(frozen=True)
class VisibleItem:
    """An entry ready to be shown; `current` when the visitor is on it or below it."""

    url: str
    label: str | Promise
    icon: str
    current: bool


_items: dict[str, Item] = {}
_public: dict[str, Item] = {}


def add_item(item: Item) -> None:
    """Registers an entry; registering the same URL name again replaces it."""
    _items[item.url_name] = item


def add_public_item(item: Item) -> None:
    """Registers a link at the foot of citizens' pages; it is open to everybody."""
    _public[item.url_name] = item


def visible_items(request: HttpRequest) -> list[VisibleItem]:
    """The entries that this visitor may open, in their order."""
    return [as_seen(item, request) for item in in_order(_items) if item.visible(request)]


def public_items(request: HttpRequest) -> list[VisibleItem]:
    """The links at the foot of citizens' pages, in their order; pages below one of them are told alike."""
    links = [(item, reverse(item.url_name)) for item in in_order(_public)]
    return [VisibleItem(url, item.label, item.icon, current=request.path == url) for item, url in links]


def in_order(items: dict[str, Item]) -> list[Item]:
    return sorted(items.values(), key=lambda item: item.order)


def as_seen(item: Item, request: HttpRequest) -> VisibleItem:
    url = reverse(item.url_name)
    current = request.path == url or (url != "/" and request.path.startswith(url))
    return VisibleItem(url=url, label=item.label, icon=item.icon, current=current)
