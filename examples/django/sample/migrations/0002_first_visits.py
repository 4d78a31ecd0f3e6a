from django.db import migrations


def add_first_visits(apps, schema_editor):
    """A few rows, so that the first page shows more than a zero."""
    visit = apps.get_model("sample", "Visit")
    visit.objects.bulk_create(visit(recorded_by="migration") for _ in range(3))


class Migration(migrations.Migration):
    dependencies = [("sample", "0001_initial")]

    operations = [migrations.RunPython(add_first_visits, migrations.RunPython.noop)]
