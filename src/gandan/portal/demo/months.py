"""Four months of a ward's dossiers, done one act after another in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from uuid import UUID

from gandan import environment as env
from gandan.calculus.calendars import add_working_days, is_working_day, working_time
from gandan.calculus.errors import YearWithoutCalendar
from gandan.calculus.rules import VIETNAM, Calendar
from gandan.dossiers.models import Desk
from gandan.exchange.generation.matters import MATTERS, Matter, choose
from gandan.organization.queries import calendar_of
from gandan.portal.demo import courses
from gandan.portal.demo.courses import Course
from gandan.portal.demo.scene import Scene
from gandan.portal.demo.staff import Ward

SEED = 19975
# A ward; more would make the first start longer than half a minute. 0: an empty desk (tests, benches).
DOSSIERS = int(env.text("GANDAN_DEMO_DOSSIERS", "150"))
WORKING_DAYS = 84  # four months
BUSY = (9, 12, 10, 5, 3, 7, 8, 5)  # arrivals by hour from 07:30 on, two of them at noon without a counter
SAME_DAY = tuple(m for m in MATTERS if m.immediate)
WITH_DATE = tuple(m for m in MATTERS if not m.immediate)
# Not among the everyday ones: three dossiers of it go to the province's health department.
FUNERAL = Matter("1.001731", 0, "vhxh", ("xahoi",))
SLOW = tuple(m for m in MATTERS if m.code in {"1.004222", "1.004194", "1.001612", "1.004873", "1.013978"})
REFUSAL = "Nơi cư trú của người nộp không thuộc phường. Mời ông/bà nộp tại nơi cư trú, hoặc tại bất kỳ trung tâm nào."


@dataclass
class Diary:
    """What is to happen, by time: each entry is a course waiting for its next moment."""

    now: datetime
    waiting: list[tuple[datetime, int, Course]] = field(default_factory=list)
    numbers: Iterable[int] = field(default_factory=count)
    acts: int = 0

    def begin(self, course: Course) -> None:
        self._await(course)

    def run(self) -> int:
        """Does every act up to now, in the order of time; returns how many."""
        while self.waiting:
            _moment, _number, course = heapq.heappop(self.waiting)
            self.acts += 1
            self._await(course)
        return self.acts

    def _await(self, course: Course) -> None:
        try:
            moment = next(course, None)
        except YearWithoutCalendar:  # near the end of the published years a date cannot be given: as in life
            return
        if moment is not None and moment <= self.now:
            heapq.heappush(self.waiting, (moment, next(iter(self.numbers)), course))


@dataclass
class Months:
    """The sample of one ward, planned: which dossier begins when, and takes which course."""

    ward: Ward
    now: datetime
    calendar: Calendar
    scans: list[UUID]
    rng: Random

    def scene(self, matter: Matter, *, scanned: bool = False) -> Scene:
        scans = tuple(self.rng.sample(self.scans, 2)) if scanned and len(self.scans) > 1 else ()
        return Scene(self.ward, matter, self.calendar, Random(self.rng.getrandbits(64)), scans)

    def working_days(self) -> list[date]:
        """The last working days up to today, no further back than calendars are published."""
        today = self.now.astimezone(VIETNAM).date()
        days: list[date] = []
        day = min(today, date(max(self.calendar.years), 12, 31))
        while len(days) < WORKING_DAYS and day.year in self.calendar.years:
            if is_working_day(self.calendar, day):
                days.append(day)
            day -= timedelta(days=1)
        return days[::-1]

    def arrivals(self) -> list[datetime]:
        """Moments of arrival: more at the start of the week, most in the middle of the morning."""
        days = self.working_days()
        weights = [1.5 if day.weekday() == 0 else 1.1 if day.weekday() == 1 else 1.0 for day in days]
        chosen = self.rng.choices(days, weights=weights, k=DOSSIERS)
        moments = [self.moment_on(day) for day in [*chosen, *([days[-1]] * 6)]]
        return sorted(moment for moment in moments if moment <= self.now)

    def moment_on(self, day: date) -> datetime:
        hour = self.rng.choices(range(len(BUSY)), weights=BUSY)[0]
        begin = datetime.combine(day, time(7, 30), tzinfo=VIETNAM) + timedelta(hours=hour)
        moment = begin + timedelta(minutes=self.rng.randrange(60), seconds=self.rng.randrange(60))
        return working_time(self.calendar).next_moment(moment)

    def days_ago(self, working_days: int, hour: int = 9) -> datetime:
        """A morning so many working days before the last one."""
        last = self.working_days()[-1]
        day = add_working_days(self.calendar, last, -working_days) if working_days else last
        return datetime.combine(day, time(hour, self.rng.randrange(10, 50)), tzinfo=VIETNAM)

    def everyday(self) -> list[Course]:
        return [self.by_chance(moment) for moment in self.arrivals()]

    def by_chance(self, begin: datetime) -> Course:
        """One of the courses, about as often as it happens in a ward that is mostly in time."""
        matter = choose(self.rng)
        chance = self.rng.random()
        scene = self.scene(matter, scanned=self.rng.random() < 0.25)
        if matter.immediate:
            return courses.at_once(scene, begin)
        if matter not in SLOW and chance < 0.9:
            return courses.ordinary(scene, begin, pace=self.pace(), linger=self.rng.choice((1, 4, 9)))
        return self.eventful(scene, begin, chance)

    def eventful(self, scene: Scene, begin: datetime, chance: float) -> Course:
        table: tuple[tuple[float, Callable[[], Course]], ...] = (
            (0.36, lambda: courses.ordinary(scene, begin, pace=self.pace(), linger=self.rng.randint(2, 20))),
            (0.56, lambda: courses.online(scene, begin, answer=self.rng.uniform(0.5, 7), pace=self.pace())),
            (0.60, lambda: courses.online(scene, begin, answer=3, refusal=REFUSAL)),
            (
                0.74,
                lambda: courses.supplemented(scene, begin, wait=self.rng.uniform(6, 50), pace=self.pace()),
            ),
            (0.80, lambda: courses.guided(scene, begin, pace=self.pace())),
            (0.85, lambda: courses.sent_back(scene, begin)),
            (0.88, lambda: courses.denied(scene, begin)),
            (0.92, lambda: courses.extended(scene, begin)),
            (0.94, lambda: courses.extended(scene, begin, in_time=False)),
            (0.96, lambda: courses.withdrawn(scene, begin)),
            (0.98, lambda: courses.abandoned(scene, begin)),
            (1.01, lambda: courses.asked_twice(scene, begin)),
        )
        return next(make() for limit, make in table if chance < limit)

    def pace(self) -> float:
        """How much of the time is used: mostly half to all of it, one in fourteen too much."""
        return self.rng.uniform(1.05, 1.5) if self.rng.random() < 0.07 else self.rng.uniform(0.35, 0.97)

    def limited(self, amount: int, *, due: int, hour: int = 9) -> datetime:
        """When to have begun, for `amount` working days to end `due` working days after the present or coming one."""
        now, last = self.now.astimezone(VIETNAM), self.working_days()[-1]
        published = now.year in self.calendar.years
        coming = working_time(self.calendar).next_moment(now).date() if published else last
        day = min(add_working_days(self.calendar, coming, due - amount), last)
        return datetime.combine(day, time(hour, self.rng.randrange(10, 50)), tzinfo=VIETNAM)

    def for_today(self) -> list[Course]:
        """One dossier at least in every state, at every desk, on the day on which the sample is looked at."""
        by_code = {matter.code: matter for matter in MATTERS}
        slow, three, civil = by_code["1.004222"], by_code["1.001612"], by_code["1.004873"]
        land = by_code["1.013978"]
        scene = self.scene
        return [
            # due at the next closing hour, or the day after
            courses.ordinary(scene(slow, scanned=True), self.limited(7, due=0), stop=Desk.APPRAISAL),
            courses.ordinary(
                scene(three, scanned=True), self.limited(3, due=0), stop=Desk.SIGNATURE, pace=0.8
            ),
            courses.ordinary(scene(civil), self.limited(3, due=0, hour=8), stop=Desk.CHECK, pace=0.8),
            courses.ordinary(scene(civil, scanned=True), self.limited(3, due=1), stop=Desk.STAMP, pace=0.3),
            # late, with and without an apology
            courses.ordinary(scene(slow), self.limited(7, due=-3), stop=Desk.APPRAISAL),
            courses.ordinary(scene(three), self.limited(3, due=-2), stop=Desk.CHECK, pace=1.2),
            courses.extended(scene(slow, scanned=True), self.limited(7, due=-1), stop=Desk.APPRAISAL),
            courses.extended(scene(civil), self.limited(3, due=-3), in_time=False, stop=Desk.APPRAISAL),
            # at every desk, in good time
            courses.ordinary(scene(land, scanned=True), self.days_ago(0, 8), stop=Desk.TRANSFER),
            courses.ordinary(scene(slow), self.days_ago(1), stop=Desk.ASSIGNMENT, pace=0.5),
            courses.ordinary(scene(land), self.days_ago(5), stop=Desk.APPRAISAL, pace=0.5),
            courses.ordinary(scene(slow), self.days_ago(4), stop=Desk.HANDOVER, pace=0.4),
            courses.ordinary(scene(civil), self.days_ago(4), pace=0.6, linger=200),
            courses.ordinary(scene(three), self.days_ago(5), pace=0.5, linger=200),
            # filed from home: still to be answered, one of them too long ago
            courses.online(scene(civil), self.days_ago(0, 9), stop=Desk.RECEPTION),
            courses.online(scene(slow, scanned=True), self.days_ago(2), stop=Desk.RECEPTION),
            # at a body of the province, and back from it
            courses.sent_to_province(scene(FUNERAL), self.days_ago(2, 8), taken=False),
            courses.sent_to_province(scene(FUNERAL, scanned=True), self.days_ago(3, 8), taken=True),
            courses.sent_to_province(scene(FUNERAL), self.days_ago(9, 8), taken=True, back=True),
            # examined with others; a wrong result, being corrected and corrected; stopped as was asked
            courses.examined_with_others(scene(land, scanned=True), self.days_ago(6)),
            courses.corrected(scene(slow), self.days_ago(8), stop=Desk.SIGNATURE),
            courses.corrected(scene(civil), self.days_ago(15)),
            courses.stopped(scene(three), self.days_ago(7)),
            # waiting for the citizen
            courses.supplemented(scene(land), self.days_ago(4), stop=Desk.WAITING),
            courses.incomplete(scene(slow), self.days_ago(8)),
            courses.asked_twice(scene(three, scanned=True), self.days_ago(9), stop=Desk.WAITING),
            courses.abandoned(scene(slow), self.days_ago(20), closed=False),
            # ended otherwise
            courses.withdrawn(scene(slow), self.days_ago(9)),
            courses.online(scene(civil), self.days_ago(3), answer=5, refusal=REFUSAL),
            courses.abandoned(scene(three), self.days_ago(25)),
            courses.denied(scene(slow), self.days_ago(12)),
        ]


def opening_day(now: datetime) -> datetime:
    """When the sample wards opened: well before the first dossier."""
    last = datetime(max(calendar_of(None).years), 12, 31, tzinfo=VIETNAM)
    return min(now, last) - timedelta(days=int(WORKING_DAYS * 1.6))


def live_through(wards: Iterable[Ward], now: datetime, scans: list[UUID]) -> int:
    """Does months of acts at the wards, in the order of time, up to `now`. Returns the number of acts."""
    diary = Diary(now)
    for ward in wards:
        months = Months(ward, now, calendar_of(ward.centre), scans, Random(f"{SEED}-{ward.code}"))
        for course in [*months.everyday(), *months.for_today()] if DOSSIERS else ():
            diary.begin(course)
    return diary.run()
