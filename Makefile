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
EXTENSION_SOURCES := $(wildcard labextension/src/* labextension/style/* labextension/schema/* labextension/*.json shaperotator_magic/pipeline/exploring/static/*)

# pycairo and ManimPango come as source on Linux, hence the compiler and the headers.
SYSTEM_PACKAGES := gcc pkg-config python3-dev python3-venv libcairo2-dev libpango1.0-dev \
	fonts-dejavu-core fonts-noto-color-emoji chromium bubblewrap

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

system:  ## Debian packages that are missing
	@.ci/install-system $(SYSTEM_PACKAGES)

install: system $(STAMP)  ## the package and its tools, in .venv

$(VENV)/.created: | system
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if v >= (3, 11) else f"Python 3.11 or newer is needed, this is {v[0]}.{v[1]}. Run: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	touch $@

$(STAMP): pyproject.toml hatch_build.py $(wildcard shaperotator_magic/rendering/drawing/compiled/*.[ch]) | $(VENV)/.created
	$(BIN)/python -m pip install --quiet --editable . --group dev $(MANIM)
	$(BIN)/python -m compileall -q shaperotator_magic # pip does so for all that is not editable
	touch $@

demo: install  ## run notebooks/quickstart.ipynb; leaves demo/quickstart.ipynb and .html
	$(BIN)/python notebooks/run_quickstart.py demo

extension: $(LINK)  ## build the JupyterLab extension and put it into .venv

$(LINK): $(BUILT)
	mkdir -p $(@D)
	ln -sfn $(CURDIR)/shaperotator_magic/labextension $@

$(BUILT): $(EXTENSION_SOURCES) labextension/node_modules/.package-lock.json | $(STAMP)
	rm -rf shaperotator_magic/labextension
	cd labextension && PATH="$$PATH:$(CURDIR)/$(BIN)" npm run --silent build:prod
	cp install.json shaperotator_magic/labextension/

labextension/node_modules/.package-lock.json: labextension/package-lock.json | $(VENV)/.created
	@.ci/install-node $(CURDIR)/$(BIN)
	cd labextension && PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --silent --no-audit --no-fund --ignore-scripts
	touch $@

dist: install extension  ## sdist and wheel, with the extension, in dist
	$(BIN)/python -m pip install --quiet build
	rm -rf dist
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m zipfile -l dist/*.whl | grep -q labextensions/shaperotator_magic/static/style.js

test:  ## the whole test suite
	@$(MAKE) --no-print-directory --jobs=2 install extension # npm beside pip: a quarter of a minute
	@.ci/install-caddy $(BIN)
	@.ci/run-suite $(BIN)

test-fast: install  ## the tests without render, kernel, browser and service
	@.ci/run-suite $(BIN) -m 'not render and not kernel and not browser and not service'

# What touches manim most; the frames of all library scenes are compared with that manim's own.
CORE_SUITE := $(addsuffix .py,$(addprefix tests/test_,stand_ins library_scenes drawing copying comparing families \
	styling measuring mixing plotting texts rehearsal isolation confinement quickstart))

test-manim:  ## the core suite with another manim: make test-manim VERSION=0.21.0
	@test -n "$(VERSION)" || { echo "Say which manim: make test-manim VERSION=0.21.0" >&2; exit 2; }
	$(MAKE) VENV=.venv-manim-$(VERSION) MANIM=manim==$(VERSION) install extension
	.venv-manim-$(VERSION)/bin/python -m tests.frame_digests
	.venv-manim-$(VERSION)/bin/python -m pytest $(CORE_SUITE)

wheels: install  ## whether all dependencies can be had for another Python: make wheels VERSION=3.14
	@.ci/check-wheels $(BIN) $(VERSION)

check: install  ## ruff, format and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -n auto

# PyTorch's own index has wheels without CUDA; on a machine with a GPU: make train-demo TORCH=torch
TORCH ?= $(shell [ $$(uname) != Linux ] || command -v nvidia-smi >/dev/null && echo torch || echo torch==2.13.0+cpu)
TRAINING := $(VENV)/.installed-training

$(TRAINING): $(STAMP)
	$(BIN)/python -m pip install --quiet --extra-index-url https://download.pytorch.org/whl/cpu '$(TORCH)'
	$(BIN)/python -m pip install --quiet --editable '.[train]'
	touch $@

train-demo: install $(TRAINING)  ## train, serve and measure a tiny model, in 15 minutes on a CPU; leaves train-demo
	$(BIN)/python -m benchmarks.train_demo

lab: install extension  ## JupyterLab with the quickstart notebook
	$(BIN)/jupyter lab notebooks/quickstart.ipynb

bench: install  ## measure; needs LaTeX for the replies that use it
	@.ci/install-system texlive-latex-extra texlive-fonts-recommended dvisvgm
	$(BIN)/python -m benchmarks.latency
	$(BIN)/python -m benchmarks.replies
	$(BIN)/python -m benchmarks.render --replies --write

clean:  ## remove what the commands above made
	rm -rf $(VENV) .venv-manim-* demo train-demo build dist labextension/node_modules labextension/lib shaperotator_magic/labextension

.PHONY: help system install extension dist demo test test-fast test-manim wheels check train-demo lab bench clean
