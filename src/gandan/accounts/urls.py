from __future__ import annotations

from django.urls import path

from gandan.accounts.views import account, factors, provider, signing_in

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", signing_in.sign_in, name="sign_in"),
    path("dang-nhap/khoa/", signing_in.passkey_options, name="passkey_options"),
    path("dang-nhap/khoa/xong/", signing_in.passkey_sign_in, name="passkey_sign_in"),
    path("dang-nhap/buoc-hai/", signing_in.code, name="code"),
    path("dang-nhap/bao-ve/", signing_in.setup, name="setup"),
    path("dang-nhap/mat-khau-moi/", signing_in.new_password, name="new_password"),
    path("dang-nhap/tinh/", provider.start, name="provider"),
    path("dang-nhap/tinh/xong/", provider.back, name="provider_back"),
    path("m/<slug:token>", signing_in.one_time_link, name="one_time_link"),
    path("dang-xuat/", signing_in.sign_out, name="sign_out"),
    path("dang-xuat/xong/", signing_in.signed_out, name="signed_out"),
    path("doi-mat-khau/", account.change_password, name="change_password"),
    path("tai-khoan/", account.account, name="account"),
    path("tai-khoan/xac-nhan/", account.confirm, name="confirm"),
    path("tai-khoan/thiet-bi/", account.devices, name="devices"),
    path("tai-khoan/thiet-bi/con-lai/ket-thuc/", account.end_others, name="end_others"),
    path("tai-khoan/thiet-bi/la-toi/", account.was_me, name="was_me"),
    path("tai-khoan/thiet-bi/<uuid:public_id>/ket-thuc/", account.end_device, name="end_device"),
    path("tai-khoan/khoa/moi/", factors.new_passkey, name="new_passkey"),
    path("tai-khoan/khoa/moi/bat-dau/", factors.new_passkey_options, name="new_passkey_options"),
    path("tai-khoan/khoa/<uuid:key_id>/", factors.passkey, name="passkey"),
    path("tai-khoan/khoa/<uuid:key_id>/bo/", factors.remove_passkey_page, name="remove_passkey"),
    path("tai-khoan/ung-dung/", factors.new_app, name="new_app"),
    path("tai-khoan/ung-dung/bo/", factors.remove_app_page, name="remove_app"),
    path("tai-khoan/ma-du-phong/", factors.reserve_codes, name="reserve_codes"),
]
