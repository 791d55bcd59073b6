# Everything a person or a machine does here. `make help` lists it.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv/bin
export DEMO ?= 1

.DEFAULT_GOAL := help
.PHONY: help run setup test test-long lint format check bench lock messages clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: ## The demonstration site at http://127.0.0.1:8000/ (HOST, PORT and DEMO_PASSWORD override)
	@$(PYTHON) scripts/setup.py run
	@exec $(VENV)/python scripts/serve.py

setup: ## Everything `make run` does before it serves
	@$(PYTHON) scripts/setup.py run
	@$(VENV)/python scripts/prepare.py

test: ## Unit and browser tests on SQLite, then on PostgreSQL and Redis where they answer
	@$(PYTHON) scripts/setup.py dev
	@$(VENV)/python scripts/test.py

test-long: ## The same with kill, scale and deep property tests
	@$(PYTHON) scripts/setup.py dev
	@$(VENV)/python scripts/test.py --long

lint: ## Style, types, templates, floors, migrations, lock files
	@$(PYTHON) scripts/setup.py dev
	@$(VENV)/python scripts/lint.py

format: ## Write the style instead of checking it
	@$(PYTHON) scripts/setup.py dev
	@$(VENV)/ruff check --fix --quiet . || true
	@$(VENV)/ruff format --quiet .
	@$(VENV)/djhtml --tabwidth 2 templates >/dev/null 2>&1 || true

check: ## Django's checks under production settings
	@env -u DEMO BASE_URL=https://example.org SECRET_KEY=$$($(VENV)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		$(VENV)/python manage.py check --deploy --fail-level WARNING --database default

bench: ## Speed as ratios, into bench/results.json
	@$(PYTHON) scripts/setup.py dev
	@$(VENV)/python -m bench

lock: ## requirements*.txt anew from requirements*.in, newest that work together
	@$(PYTHON) scripts/setup.py dev
	@$(VENV)/python scripts/lock.py

messages: ## Collect and compile translations (needs gettext)
	@command -v msgfmt >/dev/null || { echo "make messages needs gettext: apt-get install gettext"; exit 1; }
	@$(VENV)/python manage.py makemessages --locale gd --ignore '.venv/*' --ignore 'node_modules/*' --ignore 'tests/*' --no-wrap --no-location --no-obsolete
	@$(VENV)/python manage.py compilemessages --locale gd

clean: ## Remove what set-up made, the database aside
	rm -rf .venv node_modules static/vendor staticfiles var/test .mypy_cache .ruff_cache .pytest_cache
