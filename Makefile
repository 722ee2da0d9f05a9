# `make` alone lists what there is. Everything works from a clean clone with Python 3.13 or uv.
SHELL := /bin/bash
PYTHON := .venv/bin/python
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run virtual-device test check bench

help: ## List these targets
	@sed -nE 's/^([a-z-]+): .*## (.*)$$/  make \1	\2/p' Makefile | expand -t 24

run: ## Start Landfall with its own PostgreSQL and Redis; Ctrl-C stops everything
	@.ci/bootstrap sync --quiet --frozen --inexact --no-default-groups
	@$(PYTHON) -m console.kit.embedded.redis_program
	@exec $(PYTHON) -m console.supervisor

virtual-device: ## Run a virtual device in this terminal: make virtual-device ARGS="--help"
	@.ci/bootstrap sync --quiet --frozen --inexact --no-default-groups
	@exec $(PYTHON) manage.py virtual_device $(ARGS)

test: ## Run all tests, on servers of their own: make test ARGS="tests/devices -k token"
	@.ci/bootstrap sync --quiet --frozen --inexact
	@.ci/test-tools
	@env -u REDIS_URL $(PYTHON) -m console.kit.embedded.redis_program
	@exec $(PYTHON) -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadgroup --quiet $(ARGS)

check: ## Check format, lint, types, layers, migrations, templates and deployment settings
	@.ci/bootstrap sync --quiet --frozen --inexact
	@.ci/check

bench: ## Measure activations, pings and memory against a floor on this machine
	@.ci/bootstrap sync --quiet --frozen --inexact
	@env -u REDIS_URL $(PYTHON) -m console.kit.embedded.redis_program
	@exec $(PYTHON) -m bench $(ARGS)
