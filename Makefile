# Everything runs in .venv, which the targets set up from the lock files in requirements/.
# PYTHON=... chooses the Python (3.11 or newer) that makes it; ARGS="..." is passed on.

PYTHON ?=
ARGS ?=
COVERAGE ?=
UPGRADE ?=

VENV_PYTHON := .venv/bin/python
UV := .venv/bin/uv

# $(call prepare,PURPOSE): the system libraries, then the environment.
define prepare
@python=$$(sh packaging/find_python.sh $(PYTHON)) && \
	"$$python" packaging/system_libraries.py $(1) && \
	"$$python" packaging/environment.py $(1)
endef

# With linear algebra on one thread, as the program sets it.
AS_PROGRAM = OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 PYTHONPATH=tests/helpers

.PHONY: help run test test-all fuzz bench bench-window soak lint format lock wheel clean

help: ## Print this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## Start the app (without a display: in the terminal); ARGS="classify song.wav" for the rest
	$(call prepare,run)
	@$(VENV_PYTHON) -m timbrescope $(ARGS)

test: ## Run the tests, the end-to-end ones too; ARGS="tests/models -k mel"; COVERAGE=1 measures
	$(call prepare,test)
	@$(VENV_PYTHON) packaging/run_tests.py $(if $(COVERAGE),--coverage) $(ARGS)

test-all: ## Run the slow tests too
	$(call prepare,test)
	@$(VENV_PYTHON) packaging/run_tests.py -m "" $(ARGS)

fuzz: ## Feed changed files to everything that reads files; ARGS="--seconds 60 --coverage sidecar"
	$(call prepare,test)
	@$(VENV_PYTHON) tests/fuzz/run.py $(ARGS)

bench: ## Measure delays, costs and speed beside the paper's way; ARGS="--short", "--json FILE --check"
	$(call prepare,test)
	@$(AS_PROGRAM) $(VENV_PYTHON) tests/bench/run.py $(ARGS)

bench-window: ## Measure frames, lists, memory of the window; ARGS="--only frames table"
	$(call prepare,test)
	@$(AS_PROGRAM) $(VENV_PYTHON) tests/bench/window.py $(ARGS)

soak: ## Listen for a day as fast as the computer allows; ARGS="--hours 0.5" or "--real-time"
	$(call prepare,test)
	@$(AS_PROGRAM) $(VENV_PYTHON) tests/soak/run.py $(ARGS)

lint: ## Check style and types
	$(call prepare,test)
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy
	MYPYPATH=packaging $(VENV_PYTHON) -m mypy packaging/*.py
	PYTHONPATH=.venv/links .venv/bin/lint-imports --no-cache

format: ## Bring the code into the project's style
	$(call prepare,test)
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m ruff format .

# The lock files hold for every platform and Python that the project supports. Versions already
# locked stay as they are unless UPGRADE=1 is given.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

lock: ## Write the lock files anew (UPGRADE=1: with the newest versions)
	@python=$$(sh packaging/find_python.sh $(PYTHON)) && "$$python" packaging/environment.py tools
	$(COMPILE) requirements/uv.in --output-file requirements/uv.txt
	$(COMPILE) requirements/build.in --output-file requirements/build.txt
	$(COMPILE) pyproject.toml --output-file requirements/run.txt
	$(COMPILE) pyproject.toml --extra train --extra dev --constraint requirements/run.txt \
		--constraint requirements/build.txt --output-file requirements/all.txt

wheel: ## Build the wheel into dist/
	$(call prepare,run)
	$(UV) build --wheel --no-build-isolation --python $(VENV_PYTHON) --out-dir dist

clean: ## Remove the environment and everything that was built or cached
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
