"""The sample wards and their invented staff in every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from django.contrib.auth.hashers import check_password, make_password

from gandan.accounts.models import User
from gandan.calculus.rules import VIETNAM
from gandan.catalogue.models import ProcedureVersion
from gandan.exchange.generation.people import FAMILY, FEMALE, MALE, Place
from gandan.ledger.ids import new_id
from gandan.organization.actions import open_commune, open_province
from gandan.organization.models import Commune, Duty, Role, Unit, UnitKind
from gandan.organization.permissions import Held, Officer, operator

OPERATOR = operator("gandan-demo")


@dataclass(frozen=True, slots=True)
class Post:
    """One sample account: the first part of its user name, where it sits, what it does, what the wall says."""

    name: str
    unit: str  # end of the unit's code: ub, tt, vp, kt, vhxh, ca
    role: Role
    title: str
    fields: str = ""


POSTS = (
    Post("tiepnhan", "tt", Role.COUNTER_OFFICER, "Cán bộ tiếp nhận, quầy 1", "Hộ tịch, chứng thực"),
    Post("tiepnhan2", "tt", Role.COUNTER_OFFICER, "Cán bộ tiếp nhận, quầy 2", "Cư trú, kinh doanh, đất đai"),
    Post("tuphap", "vp", Role.SPECIALIST, "Công chức tư pháp - hộ tịch", "Hộ tịch, chứng thực"),
    Post("tuphap2", "vp", Role.SPECIALIST, "Công chức tư pháp - hộ tịch", "Hộ tịch"),
    Post("kinhdoanh", "kt", Role.SPECIALIST, "Chuyên viên", "Hộ kinh doanh"),
    Post("diachinh", "kt", Role.SPECIALIST, "Chuyên viên địa chính", "Đất đai, xây dựng"),
    Post("xahoi", "vhxh", Role.SPECIALIST, "Chuyên viên", "Bảo trợ xã hội, người có công"),
    Post("congan", "ca", Role.POLICE_OFFICER, "Cán bộ công an", "Cư trú, căn cước"),
    Post("thue", "tt", Role.TAX_OFFICER, "Cán bộ thuế", "Thuế, phí"),
    Post("chanhvanphong", "vp", Role.HEAD_OF_DEPARTMENT, "Chánh Văn phòng"),
    Post("truongphongkt", "kt", Role.HEAD_OF_DEPARTMENT, "Trưởng phòng"),
    Post("truongphongxh", "vhxh", Role.HEAD_OF_DEPARTMENT, "Trưởng phòng"),
    Post("truongcongan", "ca", Role.HEAD_OF_DEPARTMENT, "Trưởng Công an"),
    Post("vanthu", "vp", Role.CLERK, "Văn thư"),
    Post("chutich", "ub", Role.SIGNING_LEADER, "Chủ tịch Ủy ban nhân dân"),
    Post("phochutich", "ub", Role.SIGNING_LEADER, "Phó Chủ tịch Ủy ban nhân dân"),
    Post("giamdoc", "tt", Role.CENTRE_DIRECTOR, "Giám đốc Trung tâm"),
    Post("thanhtra", "ub", Role.INSPECTOR, "Thành viên Ban Chỉ đạo"),
    Post("phapche", "vp", Role.LEGAL_OFFICER, "Cán bộ pháp chế"),
    Post("quantri", "ub", Role.ADMINISTRATOR, "Quản trị hệ thống"),
    Post("hdnd", "ub", Role.COUNCIL_MEMBER, "Đại biểu Hội đồng nhân dân"),
    Post("mattran", "ub", Role.FRONT_MEMBER, "Ủy viên Mặt trận Tổ quốc"),
)


# The province's own people: administrator, legal officer, and the body that takes forwarded dossiers.
PROVINCE_POSTS = (
    Post("quantri", "vp", Role.ADMINISTRATOR, "Quản trị hệ thống của tỉnh, thành phố"),
    Post("phapche", "vp", Role.LEGAL_OFFICER, "Cán bộ pháp chế của tỉnh, thành phố"),
    Post("soyte", "syt", Role.SPECIALIST, "Chuyên viên Sở Y tế", "Bảo trợ xã hội"),
    Post("lanhdaosoyte", "syt", Role.HEAD_OF_DEPARTMENT, "Lãnh đạo Phòng, Sở Y tế"),
)
BODY_POSTS = ("soyte", "lanhdaosoyte")
# Code and end of the user names.
PROVINCES = (("46", "hue"), ("38", "thanhhoa"))


@dataclass(slots=True)
class Ward:
    """A sample ward at work: its centre, its units by the end of their code, its officers by post."""

    code: str
    suffix: str
    centre: Unit
    units: dict[str, Unit]
    commune: Commune
    place: Place
    body: Unit | None = None  # of the province: takes what is forwarded
    officers: dict[str, Officer] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    versions: dict[str, ProcedureVersion] = field(default_factory=dict)


# Hương Thủy (Huế) and Hàm Rồng (Thanh Hóa): code, end of the user names, what its quarters are called.
WARDS = (("19975", "ht", "Tổ dân phố"), ("14758", "hr", "Khu phố"))


def open_wards(at: datetime, rng: Random) -> list[Ward]:
    """Both wards and their provinces opened at `at` with all posts filled; accounts cannot sign in yet."""
    wards = [open_ward(code, suffix, quarter, at, rng) for code, suffix, quarter in WARDS]
    for province, end in PROVINCES:
        officers = fill_province(province, end, at, rng)
        for ward in wards:
            if ward.commune.province_id == province:
                ward.body = Unit.objects.get(code=f"{province}-syt")
                ward.officers |= {name: officers[name] for name in BODY_POSTS}
    return wards


def open_ward(code: str, suffix: str, quarter: str, at: datetime, rng: Random) -> Ward:
    committee = open_commune(code, officer=OPERATOR, at=at, request_id=new_id())
    units = {unit.code.rsplit("-", 1)[1]: unit for unit in Unit.objects.filter(commune_id=code)}
    commune = Commune.objects.select_related("province").get(pk=code)
    centre = next(unit for unit in units.values() if unit.kind == UnitKind.CENTRE)
    for number, unit in enumerate((committee, centre), start=1):
        unit.address = f"Số {number} đường Hoa Sen, {commune.kind} {commune.name} (địa chỉ mẫu)"
        unit.phone = f"0000 {code[:3]} {code[3:]}{number}"
        unit.save(update_fields=["address", "phone"])
    units |= {"ub": committee, "tt": centre}
    place = Place(f"{commune.kind} {commune.name}", quarter)
    ward = Ward(code, suffix, centre, units, commune, place)
    fill_posts(ward, at.astimezone(VIETNAM).date(), rng)
    return ward


def fill_posts(ward: Ward, since: date, rng: Random) -> None:
    duties = []
    for number, post in enumerate(POSTS, start=1):
        code = f"{ward.code}-CB-{number:02d}"
        user = User(username=f"{post.name}.{ward.suffix}", full_name=staff_name(rng), code=code)
        user.set_unusable_password()
        unit = ward.units[post.unit]
        duties.append(
            Duty(
                user=user,
                unit=unit,
                role=post.role,
                post=post.title,
                fields=post.fields,
                valid_from=since,
            )
        )
        ward.users[post.name] = user
        held = (Held(post.role, unit.pk, ward.code),)
        ward.officers[post.name] = Officer(user.pk, code, user.full_name, held)
    User.objects.bulk_create(ward.users.values())
    Duty.objects.bulk_create(duties)


def fill_province(code: str, end: str, at: datetime, rng: Random) -> dict[str, Officer]:
    """Opens the province's own units and gives each post an account; the officers by post."""
    officers = {}
    open_province(code, officer=OPERATOR, at=at, request_id=new_id())
    units = {unit.code.rsplit("-", 1)[1]: unit for unit in Unit.objects.filter(province_id=code)}
    since = at.astimezone(VIETNAM).date()
    for number, post in enumerate(PROVINCE_POSTS, start=1):
        user = User(username=f"{post.name}.{end}", full_name=staff_name(rng), code=f"{code}-CB-{number:02d}")
        user.set_unusable_password()
        user.save()
        Duty.objects.create(
            user=user,
            unit=units[post.unit],
            role=post.role,
            post=post.title,
            fields=post.fields,
            valid_from=since,
        )
        held = (Held(post.role, units[post.unit].pk, "", code),)
        officers[post.name] = Officer(user.pk, user.code, user.full_name, held)
    return officers


def staff_name(rng: Random) -> str:
    middle, given = rng.choice((FEMALE, MALE))
    return f"{rng.choice(FAMILY)} {rng.choice(middle)} {rng.choice(given)}"


def set_passwords(password: str) -> None:
    """Gives every sample account this password, unless they have it already."""
    accounts = User.objects.filter(code__in=sample_codes())
    one = accounts.values_list("password", flat=True).first()
    if one is None or not check_password(password, one):
        # One hash for all: they share the password anyway, and hashing 44 times would cost half a minute.
        accounts.update(password=make_password(password))


def sample_codes() -> list[str]:
    places = [(code, len(POSTS)) for code, _suffix, _quarter in WARDS]
    places += [(code, len(PROVINCE_POSTS)) for code, _end in PROVINCES]
    return [f"{code}-CB-{number:02d}" for code, most in places for number in range(1, most + 1)]
