"""A first version for the declared interests, so that an installation without any declaration reads them once."""

import uuid

from django.db import migrations


def begin(apps, schema_editor):
    versions = apps.get_model("law", "ReferenceVersion")
    versions.objects.get_or_create(subject="interests", defaults={"version": uuid.uuid4()})


class Migration(migrations.Migration):
    dependencies = [
        ("law", "0001_law_rows"),
        ("organization", "0003_declarations_conflicts_access_reviews"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
