"""The courses that sample dossiers take. A course yields the moment of its next act, and does it when resumed.

What lies after the present moment is simply never resumed: so the open dossiers of today come about by
themselves, at whatever desk they have reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gandan.calculus.calendars import add_working_days, end_of_office_hours
from gandan.calculus.rules import VIETNAM
from gandan.dossiers import desks
from gandan.dossiers.actions.supplement import MissingPaper
from gandan.dossiers.models import Channel, Desk
from gandan.portal.demo.scene import Scene

Course = Iterator[datetime]

# When the desks are left, as parts of the working time from acceptance to the day that was aimed at.
TRANSFER, ASSIGN, PROPOSE, CHECK, APPROVE, STAMP = 0.04, 0.12, 0.62, 0.72, 0.86, 0.94
LATE_BUSINESS = "Hồ sơ chờ kết quả kiểm tra thực địa của cơ quan phối hợp. Đơn vị thành thật xin lỗi ông/bà."
MISSING = {
    "vp": (
        MissingPaper(
            "Giấy tờ chứng minh nơi cư trú", "Chưa tra cứu được thông tin cư trú trong cơ sở dữ liệu."
        ),
        MissingPaper("Bản chính giấy tờ để đối chiếu", "Bản chụp mờ, không đọc được số và ngày cấp."),
    ),
    "kt": (
        MissingPaper("Bản vẽ sơ đồ thửa đất", "Bản nộp kèm thiếu kích thước cạnh phía đường."),
        MissingPaper("Đơn đăng ký", "Chưa có chữ ký của người cùng sử dụng đất."),
    ),
    "ca": (
        MissingPaper("Ý kiến đồng ý của chủ hộ", "Tờ khai chưa có chữ ký của chủ hộ."),
        MissingPaper("Giấy tờ chứng minh chỗ ở hợp pháp", "Hợp đồng thuê nhà đã hết hạn."),
    ),
    "vhxh": (MissingPaper("Giấy xác nhận khuyết tật", "Bản nộp đã quá thời hạn sử dụng."),),
}


def at_once(scene: Scene, begin: datetime) -> Course:
    """The immediate lane: certified and paid while the person waits."""
    yield begin
    scene.settle(begin)


def ordinary(
    scene: Scene, begin: datetime, *, pace: float = 0.7, stop: Desk | None = None, linger: float = 6
) -> Course:
    """Taken in at the counter and processed; `pace` is the part of the time that is used, above 1 late.

    `stop` leaves the dossier at that desk. `linger`: working hours until the person collects the result.
    """
    yield begin
    scene.take_in(begin)
    yield from processed(scene, begin, pace=pace, stop=stop)
    yield from collected(scene, stop=stop, linger=linger)


def processed(scene: Scene, since: datetime, *, pace: float, stop: Desk | None) -> Course:
    """From the transfer to the arrival of the result at the centre."""
    due = scene.the_dossier.due_at
    if due is None:
        raise ValueError("no time limit is running")
    steps = (
        (Desk.TRANSFER, min(TRANSFER, 0.3), scene.transfer),
        (Desk.ASSIGNMENT, ASSIGN, scene.assign),
        (Desk.APPRAISAL, PROPOSE, scene.propose),
        (Desk.CHECK, CHECK, scene.check),
        (Desk.SIGNATURE, APPROVE, scene.approve),
        (Desk.STAMP, STAMP, scene.stamp),
        (Desk.HANDOVER, 1.0, scene.finish),
    )
    for desk, part, act in steps:
        if desk == stop:
            return
        if scene.the_dossier.desk == desk:
            last = scene.the_dossier.changed_at
            moment = max(scene.share(since, due, pace * part), scene.after(last, 0.05))
            yield moment
            act(moment)


def sent_to_province(scene: Scene, begin: datetime, *, taken: bool, back: bool = False) -> Course:
    """The commune's part in a day and a half, then the province's: waiting there, being worked on, or back."""
    yield begin
    scene.take_in(begin)
    steps = (scene.transfer, scene.assign, scene.propose, scene.check, scene.approve, scene.forward)
    for act in steps:
        moment = scene.after(scene.the_dossier.changed_at, 1.5)
        yield moment
        act(moment)
    if not taken:
        return
    moment = scene.after(scene.the_dossier.changed_at, 1)
    yield moment
    scene.take_over(moment)
    if not back:
        return
    for act in (scene.return_part, scene.finish):
        moment = scene.after(scene.the_dossier.changed_at, 3)
        yield moment
        act(moment)


def collected(scene: Scene, *, stop: Desk | None, linger: float) -> Course:
    """The person is told when it is early, comes, and takes the result home."""
    if stop is not None:
        return
    dossier = scene.the_dossier
    ready = dossier.changed_at
    if dossier.due_at and ready + timedelta(days=1) < dossier.due_at:
        told = scene.after(ready, 0.3)
        yield told
        scene.notify_early(told)
        ready = told
    home = scene.after(ready, linger)
    yield home
    scene.hand_over(home)


def guided(scene: Scene, begin: datetime, *, pace: float = 0.7) -> Course:
    """First a guidance slip, two working days later the complete dossier that refers to it."""
    yield begin
    slip = scene.guide(begin, MISSING[scene.matter.unit]).slip_code
    again = scene.after(begin, 16)
    yield again
    scene.take_in(again, slip=slip)
    yield from processed(scene, again, pace=pace, stop=None)
    yield from collected(scene, stop=None, linger=5)


def online(
    scene: Scene,
    begin: datetime,
    *,
    answer: float = 4,
    pace: float = 0.7,
    stop: Desk | None = None,
    refusal: str = "",
) -> Course:
    """Filed from home; the counter answers after `answer` working hours (08 are allowed)."""
    yield begin
    scene.take_in(begin, channel=Channel.ONLINE, accept=False)
    if stop == Desk.RECEPTION:
        return
    answered = scene.after(begin, answer)
    yield answered
    if refusal:
        scene.refuse(answered, refusal)
        return
    scene.accept(answered)
    yield from processed(scene, answered, pace=pace, stop=stop)
    yield from collected(scene, stop=stop, linger=10)


def supplemented(
    scene: Scene, begin: datetime, *, wait: float = 20, pace: float = 0.7, stop: Desk | None = None
) -> Course:
    """More papers are asked for once; they come after `wait` working hours, and the time starts anew."""
    yield from until_asked(scene, begin)
    if stop == Desk.WAITING:
        return
    back = scene.after(scene.the_dossier.changed_at, wait)
    yield back
    scene.receive(back)
    yield from processed(scene, back, pace=pace, stop=stop)
    yield from collected(scene, stop=stop, linger=8)


def until_asked(scene: Scene, begin: datetime) -> Course:
    yield begin
    scene.take_in(begin)
    yield from processed(scene, begin, pace=0.5, stop=Desk.APPRAISAL)
    asked = scene.after(scene.the_dossier.changed_at, 3)
    yield asked
    scene.ask(asked, MISSING[scene.matter.unit])


def asked_twice(scene: Scene, begin: datetime, *, stop: Desk | None = None) -> Course:
    """A second request, with its basis in law: allowed, recorded, and late in the official index."""
    yield from until_asked(scene, begin)
    back = scene.after(scene.the_dossier.changed_at, 12)
    yield back
    scene.receive(back)
    again = scene.after(back, 4)
    yield again
    scene.ask(
        again,
        MISSING[scene.matter.unit][:1],
        basis="Kết luận kiểm tra của cơ quan phối hợp nêu thông tin mới (căn cứ mẫu, cần kiểm tra)",
    )
    if stop == Desk.WAITING:
        return
    third = scene.after(again, 10)
    yield third
    scene.receive(third)
    yield from processed(scene, third, pace=0.8, stop=stop)
    yield from collected(scene, stop=stop, linger=8)


def incomplete(scene: Scene, begin: datetime) -> Course:
    """Only a part of what was asked for came: recorded, and the waiting goes on."""
    yield from until_asked(scene, begin)
    back = scene.after(scene.the_dossier.changed_at, 10)
    yield back
    scene.receive(back, complete=False, remark="Còn thiếu: " + MISSING[scene.matter.unit][0].name)


def abandoned(scene: Scene, begin: datetime, *, closed: bool = True) -> Course:
    """The papers never came; closed when the period is over, or still to be closed."""
    yield from until_asked(scene, begin)
    if not closed:
        return
    over = scene.after(desks.close_by(scene.the_dossier, scene.the_dossier.changed_at), 1.5)
    yield over
    scene.close(over)


def withdrawn(scene: Scene, begin: datetime, *, part: float = 0.4) -> Course:
    yield from ordinary(scene, begin, pace=1.0, stop=Desk.APPRAISAL)
    due = scene.the_dossier.due_at or begin
    moment = max(scene.share(begin, due, part), scene.after(scene.the_dossier.changed_at, 0.2))
    yield moment
    scene.withdraw(moment, "Gia đình xin rút để thống nhất lại nội dung rồi nộp sau.")


def stopped(scene: Scene, begin: datetime) -> Course:
    yield from ordinary(scene, begin, pace=1.0, stop=Desk.APPRAISAL)
    moment = scene.after(scene.the_dossier.changed_at, 3)
    yield moment
    scene.stop(moment, "Gia đình đổi ý, đề nghị dừng để nộp lại sau (lý do mẫu).")


def examined_with_others(scene: Scene, begin: datetime) -> Course:
    """Two bodies are asked: one answers in time, one not by its term; minutes of a visit, and another one planned."""
    yield from ordinary(scene, begin, pace=1.0, stop=Desk.APPRAISAL)
    moment = scene.after(scene.the_dossier.changed_at, 1)
    yield moment
    scene.consult(moment, "Chi nhánh Văn phòng Đăng ký đất đai (mẫu)", "Thửa đất có biến động gì không?", 2)
    scene.consult(moment, "Công ty cấp nước (mẫu)", "Vị trí này có đường ống chính đi qua không?", 1)
    announced = scene.after(moment, 2)
    yield announced
    scene.plan_visit(announced, scene.after(announced, 6), "Xem ranh giới thửa đất.")
    held = scene.after(announced, 7)
    yield held
    scene.visit(held, "Hiện trạng đúng như đơn.", "Đủ điều kiện; còn chờ ý kiến.")
    scene.hear(held, 1, "Không có biến động, thống nhất theo hồ sơ.")
    again = scene.after(held, 8)
    yield again
    scene.plan_visit(again, scene.after(again, 40), "Xem lại lối đi chung, theo đề nghị của người dân.")


def corrected(scene: Scene, begin: datetime, *, stop: Desk | None = None) -> Course:
    """A wrong result, found when the person had it in hand."""
    yield from ordinary(scene, begin, pace=0.6, linger=3)
    moment = scene.after(scene.the_dossier.changed_at, 5)
    yield moment
    scene.correct(moment, "Kết quả ghi sai số nhà; cán bộ gõ nhầm khi lập giấy (lý do mẫu).")
    yield from processed(scene, moment, pace=0.6, stop=stop)
    yield from collected(scene, stop=stop, linger=5)


def sent_back(scene: Scene, begin: datetime, *, pace: float = 0.8) -> Course:
    """The head of department is not content with the draft at first."""
    yield begin
    scene.take_in(begin)
    yield from processed(scene, begin, pace=pace * 0.6, stop=Desk.CHECK)
    back = scene.after(scene.the_dossier.changed_at, 1)
    yield back
    scene.send_back(back, "Ghi thiếu căn cứ ở dự thảo, bổ sung rồi trình lại.")
    yield from processed(scene, begin, pace=pace, stop=None)
    yield from collected(scene, stop=None, linger=6)


def denied(scene: Scene, begin: datetime, *, pace: float = 0.8) -> Course:
    """Processed in time, and refused with a written reason."""
    yield from ordinary(scene, begin, pace=pace, stop=Desk.APPRAISAL)
    due = scene.the_dossier.due_at or begin
    moment = max(scene.share(begin, due, pace * PROPOSE), scene.after(scene.the_dossier.changed_at, 0.2))
    yield moment
    scene.propose(moment, refusal="Người yêu cầu chưa đủ điều kiện theo giấy tờ đã nộp (lý do mẫu).")
    yield from processed(scene, begin, pace=pace, stop=None)
    yield from collected(scene, stop=None, linger=9)


def extended(
    scene: Scene, begin: datetime, *, in_time: bool = True, more_days: int = 4, stop: Desk | None = None
) -> Course:
    """Apologised for with a new date: two working days ahead, or too late, when it is only a promise."""
    yield from ordinary(scene, begin, pace=1.0, stop=Desk.APPRAISAL)
    due = scene.the_dossier.due_at or begin
    day = due.astimezone(VIETNAM).date()
    eve = end_of_office_hours(scene.calendar, add_working_days(scene.calendar, day, -2))
    latest = scene.the_dossier.changed_at
    moment = max(eve - timedelta(hours=2), scene.after(latest, 0.2)) if in_time else scene.after(due, 1)
    yield moment
    new_day = add_working_days(scene.calendar, max(day, moment.astimezone(VIETNAM).date()), more_days)
    scene.apologise(moment, LATE_BUSINESS, end_of_office_hours(scene.calendar, new_day))
    aim = 1.0 + 0.05 * more_days if in_time else 1.3
    yield from processed(scene, begin, pace=aim, stop=stop)
    yield from collected(scene, stop=stop, linger=7)
