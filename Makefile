# Two commands carry a newcomer: `make demo` shows a working force, `make test` proves that it works.
# Both make their own virtual environment in .venv from pinned, hashed requirements; a second run uses it as it is.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

# Somebody's wish for a tidy folder would have every process that is started compile all of Beatline again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test faults lint bench shot docs train train-accurate eval lock clean

help:
	@echo "make demo   a fictional force at work: practice network, worker and app; prints the address"
	@echo "make test   every test, the browser's included"
	@echo "make faults kills workers and spoils the network on purpose, counts what came of it (POSTS, KILLS, SEED, DATABASE)"
	@echo "make lint   ruff, mypy and the import contracts"
	@echo "make bench  how fast it is, beside its goals"
	@echo "make shot   the README's pictures, taken anew"
	@echo "make docs   writes the page of what is stopped anew from the rules"
	@echo "make train  teaches the analyser anew from DATA, a folder of labelled text; make eval says how often it is right"
	@echo "make train-accurate  teaches the accurate analyser anew: an hour or more, and three gigabytes to install"
	@echo "make lock   pins every requirement anew (UPGRADE=--upgrade for newer ones)"
	@echo "make clean  takes away whatever the others made"

demo: $(VENV)/run.stamp
	@$(BIN)/beatline demo

test: $(VENV)/dev.stamp
	@.ci/chromium
	@.ci/postgresql
	@.ci/mail
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --whole

POSTS ?= 2000
KILLS ?= 200
DATABASE ?= sqlite
faults: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.faults.campaign --posts $(POSTS) --kills $(KILLS) --database $(DATABASE) \
		$(if $(SEED),--seed $(SEED))

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev.stamp
	@.ci/chromium
	@.ci/postgresql
	@.ci/mail
	@.ci/redis
	@$(BIN)/python -m bench.run

shot: $(VENV)/dev.stamp
	@.ci/chromium
	@$(BIN)/python -m bench.shot

docs: $(VENV)/dev.stamp
	@$(BIN)/python -m scheduler.stops_page

DATA ?= data
train: $(VENV)/train.stamp
	@$(BIN)/python -m training.fast $(DATA) insights/reading/weights
	@$(BIN)/python -m training.flags insights/reading/weights

WORK ?= build/accurate
train-accurate: $(VENV)/train-accurate.stamp
	@$(BIN)/python -m training.encoder $(DATA) $(WORK)
	@$(BIN)/python -m training.encoder_export $(DATA) $(WORK) insights/reading/weights

eval: $(VENV)/train.stamp
	@$(BIN)/python -m training.evaluate $(DATA)

lock: $(VENV)/dev.stamp
	echo 'setuptools>=77' | $(COMPILE) $(UPGRADE) - --output-file requirements/build.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements/run.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --group dev --extra postgresql --extra accurate --constraint requirements/run.txt \
		--output-file requirements/dev.txt
	$(COMPILE) $(UPGRADE) --group train --constraint requirements/run.txt \
		--output-file requirements/train.txt
	$(COMPILE) $(UPGRADE) --group train-accurate --constraint requirements/run.txt --constraint requirements/train.txt \
		--output-file requirements/train-accurate.txt
	$(COMPILE) $(UPGRADE) --group bench --output-file requirements/bench.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# PYTHON=... chooses another interpreter. A name may be on the PATH and still not run, so each is tried.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version)"; \
	    $$python -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; \
	    exit 0; \
	  fi; \
	done; \
	echo "Python 3.11 or newer with its venv module is needed. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; \
	exit 1

# What builds packages comes first and is pinned too: with build isolation pip would fetch it without a hash.
$(VENV)/build.stamp: requirements/build.txt | $(BIN)/python
	@$(PIP) --require-hashes -r requirements/build.txt
	@touch $@

$(VENV)/run.stamp: requirements/run.txt pyproject.toml $(VENV)/build.stamp
	@echo "Installing what Beatline needs"
	@$(PIP) --require-hashes --no-build-isolation -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/train.stamp: requirements/train.txt $(VENV)/run.stamp
	@echo "Installing what teaching the analyser needs"
	@$(PIP) --require-hashes --no-build-isolation -r requirements/train.txt
	@touch $@

$(VENV)/train-accurate.stamp: requirements/train-accurate.txt $(VENV)/train.stamp
	@echo "Installing what teaching the accurate analyser needs: three gigabytes"
	@$(PIP) --require-hashes --no-build-isolation -r requirements/train-accurate.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt pyproject.toml $(VENV)/build.stamp
	@echo "Installing what Beatline and its tests need"
	@$(PIP) --require-hashes --no-build-isolation -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/run.stamp $@
