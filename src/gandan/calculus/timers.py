"""The short limits round a dossier. Amounts are arguments: they come from the dated rows of `law`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from gandan.calculus.calendars import HOUR, working_time
from gandan.calculus.rules import Calendar, Unit
from gandan.calculus.terms import LAST_SECOND, add_hours


def machine_alert_due(calendar: Calendar, answered_at: datetime, hours: int) -> datetime:
    """By when the system must alert the officer of an online dossier (NĐ 118/2025 art. 17.2): clock hours."""
    return add_hours(working_time(calendar).local(answered_at), hours)


def officer_answer_due(calendar: Calendar, received: datetime, working_hours: int) -> datetime:
    """By when an online dossier is taken, or more is asked for (NĐ 118/2025 art. 17.2): working hours."""
    return working_time(calendar).add_work(received, working_hours * HOUR)


def working_days_due(calendar: Calendar, event: datetime, working_days: int) -> datetime:
    """End of office hours of the n-th working day; the day of the event is not counted (BLDS art. 147)."""
    ready = working_time(calendar)
    day = ready.add_days(ready.local(event).date(), working_days)
    return ready.closes_at(day)


def supplement_notice_due(calendar: Calendar, received: datetime, working_days: int) -> datetime:
    """By when a supplement may be asked for after appraisal (NĐ 118/2025 art. 19.5)."""
    return working_days_due(calendar, received, working_days)


def paper_transfer_due(calendar: Calendar, received: datetime, working_days: int) -> datetime:
    """By when the paper of a non-geographic dossier is with the competent agency (NĐ 118/2025 art. 20.1)."""
    return working_days_due(calendar, received, working_days)


def correction_due(calendar: Calendar, reported: datetime, working_days: int) -> datetime:
    """By when a wrong result must come back corrected (NĐ 118/2025 art. 23)."""
    return working_days_due(calendar, reported, working_days)


def closing_due(calendar: Calendar, notified: datetime, amount: int, unit: Unit = Unit.DAY) -> datetime:
    """The person's last second to complete a dossier; later the officer closes it (NĐ 118/2025 art. 19.5).

    Calendar days ("ngày") unless a special law says working days. A last day off moves to the next working
    day (BLDS 2015 art. 148.5); the day ends at 24:00 (148.6), for the portal takes papers at night too.
    """
    ready = working_time(calendar)
    day = ready.local(notified).date()
    if unit is Unit.WORKING_DAY:
        last = ready.add_days(day, amount)
    else:
        last = ready.on_or_after(day + timedelta(days=amount))
    return ready.at(last, LAST_SECOND)


def apology_due(calendar: Calendar, due: datetime, days_before: int) -> datetime:
    """By when the apology with a new appointment must be out (NĐ 118/2025 art. 19.6): so many days before.

    If that day is off, the last working day before it, for on a day off nobody signs [derived].
    """
    ready = working_time(calendar)
    day = ready.on_or_before(ready.local(due).date() - timedelta(days=days_before))
    return ready.closes_at(day)


def transfer_due(calendar: Calendar, received: datetime, cut_off: time) -> datetime:
    """By when a dossier taken at the counter goes to the competent side (NĐ 118/2025 art. 18.2).

    The same working day; taken after the cut-off, or on a day off: when the next working day opens. This is
    the 15:00 rule of transfer, not the one of same-day results (`same_day_due`).
    """
    ready = working_time(calendar)
    local = ready.local(received)
    day = local.date()
    if ready.is_working_day(day) and local.timetz().replace(tzinfo=None) <= cut_off:
        return ready.closes_at(day)
    return ready.opens_at(ready.add_days(day, 1))


def same_day_due(calendar: Calendar, received: datetime, cut_off: time) -> datetime:
    """By when a same-day result is due (NĐ 23/2015 art. 7; Luật Hộ tịch 2014 art. 5.3).

    End of office hours of the day of reception; received after the cut-off, or on a day off: of the next
    working day. This is the 15:00 rule of same-day results, not the one of transfer (`transfer_due`).
    """
    ready = working_time(calendar)
    local = ready.local(received)
    day = local.date()
    in_time = local.timetz().replace(tzinfo=None) <= cut_off
    last = day if in_time and ready.is_working_day(day) else ready.add_days(day, 1)
    return ready.closes_at(last)


@dataclass(frozen=True, slots=True)
class EarlyReturn:
    """A result that is ready before the day of appointment: the person is told before it is handed over."""

    notify_before: datetime
    days_early: int


def early_return(calendar: Calendar, planned: datetime, due: datetime) -> EarlyReturn | None:
    """What an early return asks for (NĐ 118/2025 art. 22.5); None if planned for the due day or later."""
    ready = working_time(calendar)
    planned, due = ready.local(planned), ready.local(due)
    days = (due.date() - planned.date()).days
    return EarlyReturn(planned, days) if days > 0 else None
