"""Addresses of places, staff, calendars and the law, below `/quan-tri/`."""

from __future__ import annotations

from django.urls import path, register_converter

from gandan.administration.places import PlaceConverter
from gandan.administration.views import (
    calendars,
    glimpses,
    hours,
    law,
    leaving,
    places,
    roles,
    sign_in,
    staff,
    staff_list,
    units,
)

register_converter(PlaceConverter, "place")

urlpatterns = [
    path("luat/", law.parameters, name="parameters"),
    path("luat/<str:key>/", law.parameter, name="parameter"),
    path("luat/<str:key>/moi/", law.national_value, name="national_value"),
    path("luat/<str:key>/xac-nhan/<uuid:row_id>/", law.confirm, name="confirm_parameter"),
    path("lich/", calendars.this_year, name="this_year"),
    path("lich/dat-ngay/", calendars.national_day, name="national_day"),
    path("lich/<int:year>/", calendars.calendar, name="calendar"),
    path("lich/<int:year>/xac-nhan/", calendars.confirm, name="confirm_calendar"),
    path("tinh-lai/", glimpses.recalculate, name="recalculate"),
    path("<place:place>/", places.place, name="place"),
    path("<place:place>/don-vi/", units.units, name="units"),
    path("<place:place>/don-vi/them/", units.add, name="add_unit"),
    path("<place:place>/don-vi/<uuid:unit_id>/", units.unit, name="unit"),
    path("<place:place>/don-vi/<uuid:unit_id>/dong/", units.close, name="close_unit"),
    path("<place:place>/can-bo/", staff.staff, name="staff"),
    path("<place:place>/can-bo/them/", staff.add, name="add_person"),
    path("<place:place>/can-bo/mau.xlsx", staff_list.staff_template, name="staff_template"),
    path("<place:place>/can-bo/danh-sach.xlsx", staff_list.staff_export, name="staff_export"),
    path("<place:place>/can-bo/phieu-dang-nhap/", staff.slips, name="sign_in_slips"),
    path("<place:place>/can-bo/nhap/", staff_list.staff_import, name="staff_import"),
    path("<place:place>/can-bo/<uuid:person_id>/", staff.person, name="person"),
    path("<place:place>/can-bo/<uuid:person_id>/giao-viec/", staff.give, name="give_duty"),
    path("<place:place>/can-bo/<uuid:person_id>/lien-ket/", staff.link, name="sign_in_link"),
    path("<place:place>/can-bo/<uuid:person_id>/dang-nhap/", sign_in.sign_in, name="sign_in"),
    path("<place:place>/can-bo/<uuid:person_id>/thoi-viec/", leaving.leaving, name="leaving"),
    path("<place:place>/viec/<uuid:duty_id>/thoi/", staff.end, name="end_duty"),
    path("<place:place>/gio-lam-viec/", hours.hours, name="hours"),
    path("<place:place>/gio-lam-viec/dat/", hours.set_hours, name="set_hours"),
    path("<place:place>/dat-ngay/", calendars.local_day, name="local_day"),
    path("<place:place>/gia-tri/", law.local_values, name="local_values"),
    path("<place:place>/gia-tri/<str:key>/", law.local_value, name="local_value"),
    path("<place:place>/vai-tro/", roles.roles, name="roles"),
    path("<place:place>/thay-doi/", roles.changes, name="changes"),
]
