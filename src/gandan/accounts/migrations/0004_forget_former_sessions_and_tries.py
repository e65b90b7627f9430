from django.db import migrations

FORMER = ("axes_accessattemptexpiration", "axes_accessattempt", "axes_accessfailurelog", "axes_accesslog")


def forget(apps, schema_editor):
    """Sessions lie in a table of ours now. The tables of axes hold names that people tried, with passwords
    mistyped among them, and nobody would ever delete these: they go, and with them what was noted of their making."""
    apps.get_model("sessions", "Session").objects.all().delete()
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    for name in FORMER:
        if name in present:
            schema_editor.execute(f"DROP TABLE {connection.ops.quote_name(name)}")
    if "django_migrations" in present:
        schema_editor.execute("DELETE FROM django_migrations WHERE app = 'axes'")


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_looks_by_time"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
