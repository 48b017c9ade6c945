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

# pycairo and ManimPango come as source on Linux, hence the compiler and the headers.
SYSTEM_PACKAGES := gcc pkg-config python3-dev python3-venv libcairo2-dev libpango1.0-dev \
	fonts-dejavu-core fonts-noto-color-emoji chromium bubblewrap

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

system:  ## Debian packages that are missing
	@.ci/install-system $(SYSTEM_PACKAGES)

install: system $(STAMP)  ## the package and its tools, in .venv

$(STAMP): pyproject.toml | system
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else f"Python 3.11 to 3.13 is needed, this is {v[0]}.{v[1]}. Run: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: install  ## run notebooks/quickstart.ipynb; leaves demo/quickstart.ipynb and .html
	$(BIN)/python notebooks/run_quickstart.py demo

test: install  ## the whole test suite
	$(BIN)/python -m pytest

check: install  ## ruff, format and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: install  ## JupyterLab with the quickstart notebook
	$(BIN)/jupyter lab notebooks/quickstart.ipynb

bench: install  ## measure; needs LaTeX for the replies that use it
	@.ci/install-system texlive-latex-extra texlive-fonts-recommended dvisvgm
	$(BIN)/python -m benchmarks.latency
	$(BIN)/python -m benchmarks.replies

clean:  ## remove what the commands above made
	rm -rf $(VENV) demo build dist

.PHONY: help system install demo test check lab bench clean
