from django.db import migrations, models

ROLES = [
    ("referent", "Référent RGPD"),
    ("decideur", "Décideur"),
    ("lecteur", "Lecteur"),
    ("dpd", "DPD"),
    ("gestionnaire", "Gestionnaire"),
    ("agent", "Agent"),
]


class Migration(migrations.Migration):
    """Les libellés seuls changent : rien ne s’écrit en base."""

    dependencies = [("comptes", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name=modele,
            name="role",
            field=models.CharField("rôle", max_length=20, choices=ROLES),
        )
        for modele in ("invitation", "historicalinvitation")
    ]
