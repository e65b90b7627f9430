"""`{% load accounts %}`: what the pages of one's own account say."""

from __future__ import annotations

from django import template

from gandan.accounts.devices import is_of_own_network

register = template.Library()
register.filter("of_own_network", is_of_own_network)
