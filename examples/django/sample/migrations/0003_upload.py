from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sample", "0002_first_visits")]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=300, upload_to="uploads/")),
                ("size", models.PositiveBigIntegerField(help_text="Bytes")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("uploaded_by", models.CharField(help_text="Host name of the pod that received it", max_length=253)),
            ],
        ),
    ]
