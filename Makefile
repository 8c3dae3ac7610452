# Deux commandes suffisent sur une machine neuve qui n’a que Python ≥ 3.11 et make : « make demo » et
# « make test ». « make aide » dit le reste. GNU make, shell POSIX.

SHELL := /bin/sh
.DEFAULT_GOAL := aide
.DELETE_ON_ERROR:
.NOTPARALLEL:

PYTHON3 ?= python3
PORT ?= 8000
BASE_DEMO ?= var/demonstration
COEURS ?= 2
OPTIONS ?=
VENV := .venv
VENV_PRODUCTION := .venv-production
PY := $(VENV)/bin/python
PY_PRODUCTION := $(VENV_PRODUCTION)/bin/python
UV := uv==0.13.8
PYTEST := $(PY) -m pytest -n $(COEURS) --dist loadfile -m "not navigateur" $(OPTIONS)
GABARITS := templates

# Un interpréteur tout prêt vaut mieux qu’un interpréteur téléchargé sans qu’on le demande.
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1

# La démonstration n’emploie ni la base ni les réglages d’une vraie installation.
demo demo-preparer: export DEBUG := 1
demo demo-preparer: export DEMONSTRATION := 1
demo demo-preparer: export DATABASE_URL := sqlite:///$(BASE_DEMO).sqlite3
demo demo-preparer: export MEDIA_ROOT := $(BASE_DEMO)-pieces
demo demo-preparer: export EMAIL_URL := console:
demo demo-preparer: export SECURE_SSL := 0
demo demo-preparer: export NB_MANDATAIRES := 0
demo demo-preparer: export ALLOWED_HOSTS := 127.0.0.1,localhost
demo demo-preparer: export CSRF_TRUSTED_ORIGINS :=
demo demo-preparer: export SITE_URL := http://127.0.0.1:$(PORT)
# Les tests non plus : le .env d’une installation ne les change pas.
ESSAIS := test-sqlite test-postgres test-navigateur couverture bench
$(ESSAIS): export DEBUG := 0
$(ESSAIS): export DEMONSTRATION := 0
$(ESSAIS): export SECRET_KEY := cle-d-essai-connue-de-tous-et-assez-longue-pour-les-controles
$(ESSAIS): export DATABASE_URL := sqlite:///var/essai.sqlite3
$(ESSAIS): export MEDIA_ROOT := var/essai-pieces
$(ESSAIS): export EMAIL_URL := console:
$(ESSAIS): export NB_MANDATAIRES := 0
$(ESSAIS): export ALLOWED_HOSTS := 127.0.0.1,localhost
$(ESSAIS): export CSRF_TRUSTED_ORIGINS :=
$(ESSAIS): export SITE_URL := http://127.0.0.1:8000
# Ni les uns ni l’autre ne vont au seau d’une installation.
SANS_SEAU := demo demo-preparer $(ESSAIS)
$(SANS_SEAU): export S3_SEAU :=
$(SANS_SEAU): export S3_ADRESSE :=
$(SANS_SEAU): export S3_CLE :=
$(SANS_SEAU): export S3_SECRET :=
# Ce qu’une production poserait ; rien n’est joint, les contrôles ne font que lire les réglages.
COMME_EN_PRODUCTION = env DEBUG=0 DEMONSTRATION=0 \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))') ALLOWED_HOSTS=registre.exemple.fr \
	SITE_URL=https://registre.exemple.fr SECURE_SSL=1 DATABASE_URL=sqlite://:memory:

# --- Aide ----------------------------------------------------------------------------------------

.PHONY: aide
aide: ## Cette liste.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1	/' \
		| awk -F '	' '{ printf "  make %-24s %s\n", $$1, $$2 }'

# --- Installer -----------------------------------------------------------------------------------

# $(call installer_verrou,dossier,verrou) : un environnement fidèle au verrou, empreintes vérifiées. uv est
# rapide ; pip le remplace là où uv ne sait pas joindre le registre de la maison.
define installer_verrou
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Il faut Python 3.11 ou plus récent ; PYTHON3=… en désigne un autre.")'
	test -x $(1)/bin/python || $(PYTHON3) -m venv $(1) || { rm -rf $(1); \
		echo "Python ne sait pas créer d’environnement : installez son module venv (Debian : apt-get install python3-venv)." >&2; exit 1; }
	{ $(1)/bin/python -m pip install --quiet $(UV) \
		&& $(1)/bin/uv pip sync --quiet --python $(1)/bin/python --require-hashes $(2); } \
		|| $(1)/bin/python -m pip install --quiet --require-hashes -r $(2)
	touch $(1)/.installe
endef

$(VENV)/.installe: verrou/developpement.txt
	$(call installer_verrou,$(VENV),verrou/developpement.txt)

$(VENV_PRODUCTION)/.installe: verrou/production.txt
	$(call installer_verrou,$(VENV_PRODUCTION),verrou/production.txt)

.PHONY: installer
installer: $(VENV)/.installe ## Installe tout ce qu’il faut pour développer et tester, dans .venv.

# --- Démonstration -------------------------------------------------------------------------------

.PHONY: demo-preparer
demo-preparer: installer ## Prépare la base de démonstration, sans ouvrir le site.
	mkdir -p var
	$(PY) manage.py migrate --verbosity 0
	$(PY) manage.py createcachetable
	$(PY) manage.py charger_communes
	$(PY) manage.py charger_modeles
	$(PY) manage.py demo

.PHONY: demo
demo: demo-preparer ## Ouvre le site de démonstration (PORT=8000 par défaut).
	@echo
	@echo "Le site de démonstration répond sur http://127.0.0.1:$(PORT) (Ctrl-C pour l’arrêter)."
	@echo "La page d’entrée propose « Entrer comme… » : un clic, sans mot de passe."
	@echo
	@exec $(PY) manage.py runserver --noreload 127.0.0.1:$(PORT)

.PHONY: demo-essai
demo-essai: ## Ouvre la démonstration sur un port libre, y entre d’un clic, la ferme ; trois minutes au plus.
	@$(PYTHON3) outils/essai_demo.py $(MAKE) demo

# --- Tester --------------------------------------------------------------------------------------

.PHONY: test
test: qualite couverture test-postgres test-navigateur ## Toute la suite : qualité, SQLite et couverture, PostgreSQL, navigateur.

.PHONY: qualite
qualite: installer ## Style, types, gabarits, migrations et réglages de production.
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint --quiet $(GABARITS)
	$(PY) -m mypy
	@echo "Migrations à jour et réglages de production :"
	@$(COMME_EN_PRODUCTION) $(PY) manage.py makemigrations --check --dry-run
	@$(COMME_EN_PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

.PHONY: test-sqlite
test-sqlite: installer ## La suite sur SQLite.
	$(PYTEST)

.PHONY: test-postgres
test-postgres: installer ## Tout ce qui touche la base, sur un vrai PostgreSQL démarré pour l’occasion.
	$(PY) outils/postgres.py $(PYTEST) --avec-la-base

.PHONY: test-navigateur
test-navigateur: installer ## Les parcours dans un vrai navigateur, installé s’il manque.
	chromium=$$($(PY) outils/navigateur.py) && CHROMIUM="$$chromium" \
		$(PY) outils/postgres.py $(PY) -m pytest tests/navigateur $(OPTIONS)

.PHONY: deux-hotes
deux-hotes: installer ## L’essai à deux hôtes : l’un meurt en plein travail, puis l’autre (CLIENTS=6, DUREE=60).
	$(PY) -m outils.deux_hotes --clients $(or $(CLIENTS),6) --duree $(or $(DUREE),60)

.PHONY: bench
bench: installer ## Le banc d’essai : mesures, planchers, exposants, verdicts (BANC="--moteurs sqlite --bases 10 100").
	@mkdir -p var/banc
	$(PY) -m bancs $(BANC)

.PHONY: couverture
couverture: installer ## La suite sur SQLite, avec la couverture exigée : règles et actions en entier, 90 % au total.
	$(PYTEST) --cov --cov-branch --cov-report=json:var/couverture.json --cov-report=
	$(PY) outils/couverture.py var/couverture.json

.PHONY: format
format: installer ## Met le code en forme.
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# --- Dépendances ---------------------------------------------------------------------------------

VERROUILLER = $(VENV)/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet $(if $(MAJ),--upgrade)

.PHONY: verrou
verrou: installer ## Refait les deux verrous depuis pyproject.toml (MAJ=1 : avec les dernières versions).
	$(VERROUILLER) -o verrou/production.txt
	$(VERROUILLER) --group test --group lint -c verrou/production.txt -o verrou/developpement.txt
	@! grep -nE '://|--(index|extra-index|find-links)' verrou/*.txt

# --- Production : chaque étape du Dockerfile est l’une de ces cibles -----------------------------

.PHONY: production-installer
production-installer: $(VENV_PRODUCTION)/.installe ## Installe l’application seule, dans .venv-production.

.PHONY: production-statiques statiques
production-statiques statiques: $(VENV_PRODUCTION)/.installe ## Rassemble et compresse les fichiers statiques.
	DEBUG=0 $(PY_PRODUCTION) manage.py collectstatic --noinput --clear --verbosity 0

.PHONY: production-verifier
production-verifier: ## Refuse une installation mal réglée.
	@$(PY_PRODUCTION) manage.py check --deploy --fail-level ERROR

.PHONY: production-migrer
production-migrer: production-verifier ## Met la base à jour et recharge les référentiels.
	@mkdir -p var
	$(PY_PRODUCTION) manage.py migrate --noinput
	$(PY_PRODUCTION) manage.py createcachetable
	$(PY_PRODUCTION) manage.py charger_communes
	$(PY_PRODUCTION) manage.py charger_modeles

.PHONY: production-web
production-web: production-verifier ## Sert l’application (ADRESSE, PROCESSUS, FILS).
	@exec $(PY_PRODUCTION) -m gunicorn dpd.wsgi --bind $${ADRESSE:-127.0.0.1:8000} --workers $${PROCESSUS:-2} \
		--threads $${FILS:-4} --no-control-socket --access-logfile - --error-logfile -

.PHONY: production-courriels
production-courriels: ## Envoie les courriels en attente, une fois (à lancer chaque minute).
	@$(PY_PRODUCTION) manage.py envoyer_courriels

.PHONY: production-relances
production-relances: ## Rappelle les échéances et envoie les courriels, sans fin (INTERVALLE, en secondes : 60).
	@while :; do $(PY_PRODUCTION) manage.py relancer || echo "Reprise au prochain passage." >&2; \
		sleep $${INTERVALLE:-60}; done

# --- Sauvegardes ---------------------------------------------------------------------------------

PY_SERVICE = $(if $(wildcard $(PY_PRODUCTION)),$(PY_PRODUCTION),$(PY))

.PHONY: sauvegarder
sauvegarder: ## Copie la base et les pièces dans var/sauvegardes (DOSSIER=… pour un autre endroit).
	@$(PY_SERVICE) -m outils.sauvegarde sauvegarder $(or $(DOSSIER),var/sauvegardes)

.PHONY: restaurer
restaurer: ## Remet une sauvegarde en place : make restaurer DE=var/sauvegardes/…
	@test -n "$(DE)" || { echo "Dites quelle sauvegarde : make restaurer DE=var/sauvegardes/…" >&2; exit 2; }
	@$(PY_SERVICE) -m outils.sauvegarde restaurer "$(DE)"

# --- Ménage --------------------------------------------------------------------------------------

.PHONY: nettoyer
nettoyer: ## Enlève les environnements, les caches et la base de démonstration ; jamais une vraie base.
	rm -rf $(VENV) $(VENV_PRODUCTION) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* \
		var/demonstration.sqlite3* var/demonstration-pieces var/essai* var/statiques var/couverture.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
