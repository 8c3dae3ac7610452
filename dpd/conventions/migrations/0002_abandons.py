"""Un projet de convention et un départ s’abandonnent, avec leur motif ; un départ abandonné se rouvre."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='convention',
            name='abandonnee_le',
            field=models.DateField(blank=True, null=True, verbose_name='projet abandonné le'),
        ),
        migrations.AddField(
            model_name='convention',
            name='motif_abandon',
            field=models.CharField(blank=True, max_length=300, verbose_name='motif de l’abandon'),
        ),
        migrations.AddField(
            model_name='depart',
            name='abandonne_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='abandonné le'),
        ),
        migrations.AddField(
            model_name='depart',
            name='abandonne_par',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='depart',
            name='motif_abandon',
            field=models.TextField(blank=True, verbose_name='motif de l’abandon'),
        ),
        migrations.AddField(
            model_name='historicalconvention',
            name='abandonnee_le',
            field=models.DateField(blank=True, null=True, verbose_name='projet abandonné le'),
        ),
        migrations.AddField(
            model_name='historicalconvention',
            name='motif_abandon',
            field=models.CharField(blank=True, max_length=300, verbose_name='motif de l’abandon'),
        ),
        migrations.AddField(
            model_name='historicaldepart',
            name='abandonne_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='abandonné le'),
        ),
        migrations.AddField(
            model_name='historicaldepart',
            name='abandonne_par',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaldepart',
            name='motif_abandon',
            field=models.TextField(blank=True, verbose_name='motif de l’abandon'),
        ),
        migrations.AlterField(
            model_name='depart',
            name='convention',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departs', to='conventions.convention'),
        ),
        migrations.AddConstraint(
            model_name='convention',
            constraint=models.CheckConstraint(condition=models.Q(('abandonnee_le__isnull', True), models.Q(('date_effet__isnull', True), models.Q(('motif_abandon', ''), _negated=True)), _connector='OR'), name='convention_abandonnee_avant_effet', violation_error_message='Seul un projet s’abandonne, en disant pourquoi.'),
        ),
        migrations.AddConstraint(
            model_name='depart',
            constraint=models.UniqueConstraint(condition=models.Q(('abandonne_le__isnull', True)), fields=('convention',), name='un_depart_par_convention', violation_error_message='Le départ de cette convention est déjà ouvert.'),
        ),
        migrations.AddConstraint(
            model_name='depart',
            constraint=models.CheckConstraint(condition=models.Q(('abandonne_le__isnull', True), models.Q(('clos_le__isnull', True), ('detruit_le__isnull', True), models.Q(('motif_abandon', ''), _negated=True)), _connector='OR'), name='depart_abandonne_avec_motif', violation_error_message='Un abandon se motive, avant la destruction et la clôture.'),
        ),
    ]
