# One word per habit. `make run` and `make test` set everything up by themselves.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
MARKED := $(VENV)/.runtime
DEV    := $(VENV)/.development

.PHONY: help run test test-browser lint type laws check llama clean
.DEFAULT_GOAL := help

help:  ## this list
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  ##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(MARKED)  ## set up if needed, then serve the page on PORT (7860)
	@$(BIN)/python app.py

test: $(DEV)  ## set up if needed, then run the tests that need no browser
	@$(BIN)/python -m pytest tests -m "not browser"

test-browser: $(DEV)  ## the tests that drive a real Chromium
	@$(BIN)/python -m pytest tests/browser

lint: $(DEV)  ## style
	@$(BIN)/ruff check .

type: $(DEV)  ## types
	@$(BIN)/pyright --pythonpath $(BIN)/python

laws: $(DEV)  ## the import law
	@$(BIN)/lint-imports

check: lint type laws test test-browser  ## everything that CI checks

llama: $(MARKED)  ## compile llama-cpp-python again, with its output shown
	$(BIN)/python -m pip install -r $(VENV)/last.txt

clean:  ## remove the environment and the caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache

# llama-cpp-python is compiled, so it comes last and may fail. The two OpenCV wheels share one folder; the headless one
# is laid on top, so that no system libGL is needed.
$(MARKED): requirements.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if v == (3, 11) else "Python 3.11 is needed, this is %d.%d: make PYTHON=/path/to/python3.11 run" % v)'
	@echo "==> setting up $(VENV): about two minutes for the packages, then about five to compile llama-cpp-python"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@grep -v '^llama-cpp-python' requirements.txt > $(VENV)/first.txt
	@grep '^llama-cpp-python' requirements.txt > $(VENV)/last.txt
	@start=$$(date +%s); $(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(VENV)/first.txt \
	  && grep '^opencv-contrib-python-headless' requirements.txt > $(VENV)/headless.txt \
	  && $(BIN)/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps -r $(VENV)/headless.txt \
	  && echo "==> packages installed in $$(( $$(date +%s) - start )) s"
	@start=$$(date +%s); echo "==> compiling llama-cpp-python (the language model's engine; the page works without it)"; \
	  if $(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(VENV)/last.txt > $(VENV)/llama.log 2>&1; \
	  then echo "==> llama-cpp-python ready in $$(( $$(date +%s) - start )) s"; \
	  else echo "==> llama-cpp-python did not compile (see $(VENV)/llama.log); going on without it: replies come from the composer. Try again: make llama"; fi
	@touch $@

$(DEV): requirements-dev.txt $(MARKED)
	@echo "==> installing the developers' tools"
	@grep -v '^-r' requirements-dev.txt > $(VENV)/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(VENV)/dev.txt
	@touch $@
