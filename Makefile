# `make up` and `make test` need nothing before them: each target installs what it uses.
SHELL := /bin/bash
STACK ?= local
# npm puts a Node that runs TypeScript first on this PATH, when the machine's own is older.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help plan up preview gate status shell down test lint bench mutate clean env

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

node_modules/.package-lock.json: package-lock.json
	@command -v npm > /dev/null || { echo "npm is missing: install Node.js 22 or later, with npm (https://nodejs.org)"; exit 1; }
	@echo "Installing packages ..."
	@npm ci --loglevel=error
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 22 ? 1 : 0)' || { \
		echo "Node $$(node --version) does not run TypeScript: install Node.js 22.18 or later (https://nodejs.org)"; exit 1; }
	@touch $@

plan: node_modules/.package-lock.json ## what STACK would create: table, rules, picture; needs Node alone
	@node commands/plan/main.ts --stack $(STACK)

up: node_modules/.package-lock.json ## the local stack, on an embedded cluster or on CONTEXT=...
	@node commands/local/main.ts up --context "$(CONTEXT)"

preview: node_modules/.package-lock.json ## what `make up` would change
	@node commands/local/main.ts preview

gate: node_modules/.package-lock.json ## fails when a preview of STACK would lose data that ALLOW="name ..." does not name
	@set -o pipefail; node lab/engine/main.ts exec -- preview --json --show-replacement-steps --non-interactive --stack $(STACK) \
		| node commands/gate/main.ts $(foreach name,$(ALLOW),--allow '$(name)')

status: node_modules/.package-lock.json ## what runs
	@node commands/local/main.ts status

shell: node_modules/.package-lock.json ## a terminal where manage.py runs
	@node commands/local/main.ts shell

down: node_modules/.package-lock.json ## remove the local stack and the embedded cluster
	@node commands/local/main.ts down

env: node_modules/.package-lock.json ## for eval: makes plain `pulumi up -s local` work in your terminal
	@node lab/engine/main.ts env

test: node_modules/.package-lock.json ## everything: lint, types, unit, component, plan, engine, cluster
	@node test/run/main.ts

lint: node_modules/.package-lock.json ## style and the arrows between folders
	@npm run --silent lint
	@npm run --silent typecheck

bench: node_modules/.package-lock.json ## measures start-up and `up` against their floors
	@node bench/main.ts

mutate: node_modules/.package-lock.json ## how many small changes of FOLDER (SAMPLE=300 of them) the tests notice
	@node bench/mutation/main.ts $(if $(FOLDER),--folder $(FOLDER)) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

clean: ## built binaries and images too
	@rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/django-on-kubernetes" node_modules .local
