# Two commands do everything on a fresh Debian or Ubuntu machine:
#   make demo   installs what is missing and runs the quickstart notebook
#   make test   installs what is missing and runs the whole test suite
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

BUILT := shaperotator_magic/labextension/package.json
LINK := $(VENV)/share/jupyter/labextensions/shaperotator_magic
EXTENSION_SOURCES := $(wildcard labextension/src/* labextension/style/* labextension/schema/* labextension/*.json)

# pycairo and ManimPango come as source on Linux, hence the compiler and the headers.
SYSTEM_PACKAGES := gcc pkg-config python3-dev python3-venv libcairo2-dev libpango1.0-dev \
	fonts-dejavu-core fonts-noto-color-emoji chromium bubblewrap

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

system:  ## Debian packages that are missing
	@.ci/install-system $(SYSTEM_PACKAGES)

install: system $(STAMP)  ## the package and its tools, in .venv

$(STAMP): pyproject.toml hatch_build.py $(wildcard shaperotator_magic/rendering/*.c) | system
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else f"Python 3.11 to 3.13 is needed, this is {v[0]}.{v[1]}. Run: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: install  ## run notebooks/quickstart.ipynb; leaves demo/quickstart.ipynb and .html
	$(BIN)/python notebooks/run_quickstart.py demo

extension: $(LINK)  ## build the JupyterLab extension and put it into .venv

$(LINK): $(BUILT)
	mkdir -p $(@D)
	ln -sfn $(CURDIR)/shaperotator_magic/labextension $@

$(BUILT): $(EXTENSION_SOURCES) labextension/node_modules/.package-lock.json
	rm -rf shaperotator_magic/labextension
	cd labextension && PATH="$$PATH:$(CURDIR)/$(BIN)" npm run --silent build:prod
	cp install.json shaperotator_magic/labextension/

labextension/node_modules/.package-lock.json: labextension/package-lock.json | $(STAMP)
	@.ci/install-node $(CURDIR)/$(BIN)
	cd labextension && PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --silent --no-audit --no-fund --ignore-scripts
	touch $@

dist: install extension  ## sdist and wheel, with the extension, in dist
	$(BIN)/python -m pip install --quiet build
	rm -rf dist
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m zipfile -l dist/*.whl | grep -q labextensions/shaperotator_magic/static/style.js

test: install extension  ## the whole test suite
	@.ci/install-caddy $(BIN)
	$(BIN)/python -m pytest

check: install  ## ruff, format and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: install extension  ## JupyterLab with the quickstart notebook
	$(BIN)/jupyter lab notebooks/quickstart.ipynb

bench: install  ## measure; needs LaTeX for the replies that use it
	@.ci/install-system texlive-latex-extra texlive-fonts-recommended dvisvgm
	$(BIN)/python -m benchmarks.latency
	$(BIN)/python -m benchmarks.replies
	$(BIN)/python -m benchmarks.render --replies --write

clean:  ## remove what the commands above made
	rm -rf $(VENV) demo build dist labextension/node_modules labextension/lib shaperotator_magic/labextension

.PHONY: help system install extension dist demo test check lab bench clean
