# make lab          JupyterLab with the course; sets itself up on the first call
# make test         every test, on all cores; CH=11 tests one chapter
# make check        the tests without kernels and browser, in a minute or two
# make pages        the chapters as pages, in docs/_build/html; every slider moves there
# make test-pages   the tests of the pages, on every chapter
# make notebooks    execute the chapters in place, ready to commit; CH=03 does one
# make bench        measure what is to be fast, and write docs/benchmarks.md; PART=2, one section
# make replicate    run the chapters on other seeds, and write docs/replication.md; CH=06, RUNS=20
# make readme       write the chapters' covers, and the table and the pictures of README.md
#
# ARGS="…"          passed on to JupyterLab or pytest:  make lab ARGS="--no-browser --port=8899"
# PYTHON=python3.13 another Python for the set-up
# PIP_ARGS="…"      passed on to pip in the set-up, for example the index of torch's CPU build

PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --disable-pip-version-check $(PIP_ARGS)
START = notebooks/00_start_here.ipynb
# Side by side on the cores that are there; tests/side_by_side.py says what stays together.
PYTEST = $(BIN)/python -m pytest -n auto --no-loadscope-reorder $(addprefix --chapter=,$(CH))
# Jupyter refuses to start as root, as in a container, unless it is told to.
ROOT_ARG = $(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: help lab test check pages test-pages notebooks bench replicate readme
help:
	@sed -n -e '/^#/!q' -e 's/^#//p' Makefile

lab: $(VENV)/ready
	$(BIN)/python -m jupyterlab $(ROOT_ARG) --LabApp.default_url=/lab/tree/$(START) $(ARGS)

test: $(VENV)/ready-to-maintain
	$(PYTEST) $(ARGS)

check: $(VENV)/ready-to-maintain
	$(PYTEST) -m "not kernel and not browser" $(ARGS)

pages: $(VENV)/ready-to-maintain
	PYTHONPATH=docs:tests $(BIN)/python -m pages $(CH)

test-pages: $(VENV)/ready-to-maintain
	PAGES=all $(BIN)/python -m pytest tests/test_pages.py $(ARGS)

notebooks: $(VENV)/ready
	$(BIN)/python tests/execute.py $(CH)

bench: $(VENV)/ready-to-maintain
	$(PIP) --quiet -e ".[bench]"
	$(BIN)/python tests/bench.py $(PART)

replicate: $(VENV)/ready
	RUNS=$(RUNS) $(BIN)/python tests/replicate.py $(CH)

readme: $(VENV)/ready
	$(BIN)/python tests/readme.py

# The stamps make a second call start at once; a changed pin makes the next call install again.
$(VENV)/ready: requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) -r requirements.txt || { \
	  echo "If pip has just found no torch: torch has no build for this machine. It has builds"; \
	  echo "for Windows on x64, Macs with Apple silicon (macOS 14 or newer), and Linux with"; \
	  echo "glibc 2.28 or newer; none for Intel Macs or Windows on ARM. The README says what to do."; \
	  exit 1; }
	@touch $@

$(VENV)/ready-to-maintain: $(VENV)/ready
	$(PIP) -e ".[maintain,pages]"
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c "import sys" || { \
	  echo "There is no $(PYTHON) here. Install Python 3.11 to 3.14, or name yours: PYTHON=…"; \
	  exit 1; }
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))" || { \
	  echo "The course needs Python 3.11 to 3.14; this is $$($(PYTHON) --version)."; \
	  echo "With one of these installed, name it: make lab PYTHON=python3.13"; \
	  exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { \
	  version=$$($(PYTHON) -c "import sys; print('%d.%d' % sys.version_info[:2])"); \
	  echo "This Python cannot make virtual environments: its venv is a package of its own."; \
	  echo "On Debian and Ubuntu: apt-get install python$$version-venv   (after sudo, if not root)"; \
	  exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }
