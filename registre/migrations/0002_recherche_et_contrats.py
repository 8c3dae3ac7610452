import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comptes', '0003_direction'),
        ('comptes', '__first__'),
        ('registre', '0001_initial'),
        ('subtraitance', '0002_contrats_registre_demandes'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalRechercheDonnees',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('etat', models.CharField(choices=[('a_chercher', 'À chercher'), ('trouve', 'Données trouvées'), ('rien', 'Rien trouvé'), ('ecartee', 'Sans rapport')], default='a_chercher', max_length=12, verbose_name='état')),
                ('qui', models.CharField(blank=True, max_length=200, verbose_name='qui interroger')),
                ('suite', models.CharField(blank=True, max_length=300, verbose_name='suite donnée')),
                ('cherchee_le', models.DateTimeField(blank=True, null=True, verbose_name='cherché le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('cherchee_par', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('collectivite', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comptes.collectivite', verbose_name='collectivité')),
                ('demande', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='subtraitance.demandedroits')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('traitement', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='registre.traitement')),
            ],
            options={
                'verbose_name': 'historical recherche de données',
                'verbose_name_plural': 'historical recherches de données',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTraitementConfie',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('retire_le', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('collectivite', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comptes.collectivite', verbose_name='collectivité')),
                ('contrat', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='subtraitance.contrat')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('traitement', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='registre.traitement')),
            ],
            options={
                'verbose_name': 'historical traitement confié',
                'verbose_name_plural': 'historical traitements confiés',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='RechercheDonnees',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('etat', models.CharField(choices=[('a_chercher', 'À chercher'), ('trouve', 'Données trouvées'), ('rien', 'Rien trouvé'), ('ecartee', 'Sans rapport')], default='a_chercher', max_length=12, verbose_name='état')),
                ('qui', models.CharField(blank=True, max_length=200, verbose_name='qui interroger')),
                ('suite', models.CharField(blank=True, max_length=300, verbose_name='suite donnée')),
                ('cherchee_le', models.DateTimeField(blank=True, null=True, verbose_name='cherché le')),
                ('cherchee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('collectivite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.collectivite', verbose_name='collectivité')),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recherches', to='subtraitance.demandedroits')),
                ('traitement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recherches', to='registre.traitement')),
            ],
            options={
                'verbose_name': 'recherche de données',
                'verbose_name_plural': 'recherches de données',
                'ordering': ['demande', 'traitement'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('demande', 'traitement'), name='une_recherche_par_fiche', violation_error_message='Cette fiche est déjà dans la recherche.'), models.CheckConstraint(condition=models.Q(('etat', 'a_chercher'), models.Q(('cherchee_le__isnull', False), ('cherchee_par__isnull', False)), _connector='OR'), name='recherche_faite_par_quelqu_un', violation_error_message='Dites qui a cherché, et quand.')],
            },
        ),
        migrations.CreateModel(
            name='TraitementConfie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('retire_le', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('collectivite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comptes.collectivite', verbose_name='collectivité')),
                ('contrat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='traitements', to='subtraitance.contrat')),
                ('traitement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contrats', to='registre.traitement')),
            ],
            options={
                'verbose_name': 'traitement confié',
                'verbose_name_plural': 'traitements confiés',
                'ordering': ['contrat', 'traitement'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('retire_le__isnull', True)), fields=('contrat', 'traitement'), name='traitement_confie_une_fois', violation_error_message='Cette fiche est déjà rattachée.')],
            },
        ),
    ]
