# khetcheck: every chore has one entry here. `make demo` and `make test` need no other step on a fresh Debian machine.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
TEMPLATES := pipeline/review/templates
DEMO_HOME ?= .khetcheck

.PHONY: help demo review test check layers fix setup system system-all picture pictures constraints clean

help: ## list what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.ready system ## screen data_samples/inbox and show the table of drafts
	@$(BIN)/khetcheck --home $(DEMO_HOME) screen data_samples/inbox
	@echo "ขั้นต่อไป เปิดหน้าตรวจ / next, open the review page:  $(BIN)/khetcheck review --home $(DEMO_HOME)"

review: $(VENV)/.ready ## the review page over the demo's cases
	@$(BIN)/khetcheck review --home $(DEMO_HOME)

# One process a core; the tests of one file stay together, since they share what is dear to make.
test: $(VENV)/.ready-dev system-all ## all tests, on every core
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/.ready-dev ## what must hold before a commit: style, types, layers, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djhtml --check --tabwidth 2 $(TEMPLATES)/*.html
	$(BIN)/djlint --lint --quiet $(TEMPLATES)
	$(call biome,ci --error-on-warnings)
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py tests/flows/test_docs.py

layers: $(VENV)/.ready-dev ## every room with its modules, import levels and arrows
	@$(BIN)/python -m tests.test_layers

fix: $(VENV)/.ready-dev ## put style right where a program can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djhtml --tabwidth 2 $(TEMPLATES)/*.html
	$(call biome,check --write)

setup: $(VENV)/.ready-dev ## the Python environment alone

# A reviewer who only runs the demo need not wait for the tests' programs.
$(VENV)/.ready: pyproject.toml constraints.txt
	$(call install,.)

$(VENV)/.ready-dev: $(VENV)/.ready
	$(call install,.[dev])

# Scripts and styles (.ci/biome.json). Its package has wheels for Linux on x86_64 only; elsewhere CI's word counts.
define biome
	@if [ -x $(BIN)/biome ]; then echo "$(BIN)/biome $(1)"; $(BIN)/biome $(1) --config-path=.ci pipeline/review/static; \
		else echo "biome: ไม่มีสำหรับเครื่องนี้ ข้ามการตรวจ js และ css / not there for this machine, js and css not checked"; fi
endef

# pip's own lines are of no use to a reviewer; where it fails they are shown.
define install
	@echo "กำลังติดตั้งโปรแกรม ครั้งแรกใช้เวลาสองสามนาที / installing, a few minutes the first time"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "ต้องใช้ Python 3.11 ขึ้นไป / Python 3.11 or newer is needed"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '$(1)' > $(VENV)/install.log 2>&1 \
		|| { cat $(VENV)/install.log; exit 1; }
	@touch $@
endef

system: ## programs that reading uses: Tesseract (Thai), LibreOffice
	@.ci/system reading

system-all: ## and those that tests use: Chromium, PostgreSQL
	@.ci/system reading testing

pictures: $(VENV)/.ready-dev ## docs/screenshots of the demo's cases
	@$(BIN)/python -m benchmarks.screens $(DEMO_HOME) docs/screenshots

picture: $(VENV)/.ready-dev ## docs/screening.png from a real run of the demo
	@$(BIN)/python -m benchmarks.picture $(DEMO_HOME) data_samples/inbox docs/screening.png

constraints: ## write constraints.txt from the present environment
	@$(BIN)/python -m pip list --format freeze --exclude-editable | grep -viE '^(khetcheck|torch|onnx|ml_dtypes|pip|setuptools|wheel)==' | sort -f > constraints.txt

clean: ## remove the demo's data and all caches
	rm -rf $(DEMO_HOME) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
