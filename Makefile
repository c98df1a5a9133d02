# Two commands are enough: make book, make test.
.DEFAULT_GOAL := help
SHELL := /bin/sh
# The first Python that is new enough; PYTHON=… decides otherwise.
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$one" && break; \
	done)
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/kompendium
UV_FLAGS := --universal --python-version 3.11 --generate-hashes --no-header --quiet

.PHONY: help book english factsheets test bench screenshots quarto findings lab notebooks requirements clean

help: ## Show this help.
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.base: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Kompendium needs Python 3.11 or newer; set PYTHON=/path/to/python"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (a few minutes the first time) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt \
		|| { echo "The packages could not be installed. The first time, the network is needed; then type the same again."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.test: $(VENV)/.base requirements-test.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

book: $(VENV)/.base ## Run every notebook and make the book: outputs/publication/index.html
	@$(RUN) build

english: $(VENV)/.base ## Make the book in English, too: outputs/publication-en/index.html
	@$(RUN) build --lang en

factsheets: $(VENV)/.base ## Run a fact sheet for every municipality: outputs/factsheets/index.html
	@$(RUN) factsheets

quarto: $(VENV)/.base ## Install Quarto from PyPI into .venv, where the network allows its download.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check quarto-cli \
		|| { echo "Quarto could not be installed here; the embedded publisher makes the book."; exit 1; }
	@$(BIN)/quarto --version

findings: $(VENV)/.base ## Print every published figure with its verdict.
	@$(RUN) findings

test: $(VENV)/.test ## Check the code, build from clean, re-run the notebooks with nbval, test it all.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest

bench: $(VENV)/.test ## Measure what a fact sheet costs, and the book, by this engine and others: bench/*.md
	@$(BIN)/python bench/bench.py
	@$(BIN)/python bench/publication.py

screenshots: $(VENV)/.test ## Draw the README's pictures of the book with Chromium: docs/images/
	@$(RUN) build --publisher pandoc
	@$(BIN)/python docs/screenshots.py

lab: $(VENV)/.base ## Edit the notebooks in JupyterLab.
	@$(RUN) lab

notebooks: $(VENV)/.base ## Run every notebook and keep its text outputs in notebooks/, for nbval.
	@$(RUN) build --no-publish --keep-outputs

requirements: $(VENV)/.base ## Pin every requirement anew, with hashes and without hosts (needs uv).
	@uv pip compile pyproject.toml --extra setup $(UV_FLAGS) --output-file requirements.txt
	@uv pip compile pyproject.toml --extra setup --extra test --constraint requirements.txt $(UV_FLAGS) --output-file requirements-test.txt

clean: ## Remove what builds made; data, notebooks and editions stay.
	@test ! -x $(RUN) || $(RUN) clean
