"""Acts on the organization, one module a subject. What other rooms call stands here by name."""

from __future__ import annotations

from gandan.organization.actions.calendars import confirm_calendar, set_day
from gandan.organization.actions.hours import set_office_hours
from gandan.organization.actions.opening import open_commune, open_province

__all__ = ["confirm_calendar", "open_commune", "open_province", "set_day", "set_office_hours"]
