"""What the upgrade takes away: the tables that held names and passwords people mistyped, and sessions of before."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

FORGET = import_module("gandan.accounts.migrations.0004_forget_former_sessions_and_tries").forget


@pytest.mark.django_db(transaction=True)
def test_upgrade_takes_former_sessions_and_tries_away():
    Session.objects.create(session_key="a", session_data="b", expire_date=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE axes_accessattempt (username varchar(255))")

    with connection.schema_editor() as editor:
        FORGET(apps, editor)

    assert "axes_accessattempt" not in connection.introspection.table_names()
    assert Session.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_upgrade_of_an_installation_without_them_does_nothing():
    with connection.schema_editor() as editor:
        FORGET(apps, editor)

    assert "accounts_user" in connection.introspection.table_names()
