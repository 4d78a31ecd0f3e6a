"""Fails, and says so: the cluster tests release it to prove that a failing migration stops a release."""

from django.db import migrations


def fail(apps, schema_editor):
    raise RuntimeError("broken on purpose: this migration never succeeds")


class Migration(migrations.Migration):
    dependencies = [("sample", "0003_upload")]

    operations = [migrations.RunPython(fail, migrations.RunPython.noop)]
