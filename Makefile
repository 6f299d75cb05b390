# Everything a newcomer or CI types. Needs only Python 3.11 (or newer) and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes

# Where it is set, each of the many processes that tests start would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install demo run test check bench pictures lock clean

.venv/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Plumbline needs Python 3.11 or newer; $(PYTHON) is older or missing. Try: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Creating the virtual environment in .venv …"
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing; on Debian and Ubuntu it is in python3-venv." >&2; exit 1; }
	@touch $@

.venv/product: .venv/created requirements.lock
	@echo "Installing what Plumbline needs …"
	@$(PIP) -r requirements.lock
	@touch $@

.venv/development: .venv/product requirements-dev.lock
	@echo "Installing what its developers need …"
	@$(PIP) -r requirements-dev.lock
	@touch $@

install: .venv/development

demo: .venv/product
	@DEMO=1 $(BIN)/python manage.py demo

run: .venv/product
	@$(BIN)/python manage.py start

test: .venv/development
	$(BIN)/pytest -n auto

check: .venv/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/pytest -n auto
	$(BIN)/python -m tests.services $(BIN)/pytest -n auto -m "not browser and not plain"

bench: .venv/development
	$(BIN)/python -m tests.bench

# The pictures of the README, taken in Chromium of a demonstration that is built for them.
pictures: .venv/development
	@$(BIN)/python -m tests.pictures

# After a change of pyproject.toml: write the lock files again. No address of any registry ends up in them.
lock: .venv/development
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
