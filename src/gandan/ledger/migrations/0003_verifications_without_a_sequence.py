"""Notes of verifications get an identifier of ours; earlier notes are let go: the next verification writes a new one."""

import gandan.ledger.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_verifications'),
    ]

    operations = [
        migrations.DeleteModel(name='Verification'),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.UUIDField(default=gandan.ledger.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='identifier')),
                ('at', models.DateTimeField(verbose_name='done at')),
                ('chain', models.CharField(blank=True, max_length=16, verbose_name='chain')),
                ('events', models.PositiveBigIntegerField(verbose_name='events read')),
                ('sound', models.BooleanField(verbose_name='sound')),
                ('proven', models.BooleanField(verbose_name='proven by heads kept elsewhere')),
            ],
            options={
                'verbose_name': 'verification of the ledger',
                'verbose_name_plural': 'verifications of the ledger',
            },
        ),
    ]
