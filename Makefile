PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 24

.PHONY: setup
setup: $(STAMP) ## install the broadsheet command and every tool in .venv

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Broadsheet needs Python 3.11, 3.12 or 3.13; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q schemas services seeds
	@touch $@

.PHONY: run
run: setup ## start Kafka, Elasticsearch, the processors and the desk with the sample issue, until Ctrl-C
	@$(BIN)/broadsheet run

.PHONY: test
test: check ## run make check and every test, on a real Kafka and Elasticsearch
	$(BIN)/pytest --numprocesses 2

.PHONY: test-unit
test-unit: setup ## run the tests that need no server
	$(BIN)/pytest tests/unit

.PHONY: test-browser
test-browser: browser ## test the desk in a Chromium that is on the machine, each flow at every size and in both languages
	BROADSHEET_BROWSER_TESTS=whole $(BIN)/pytest tests/e2e/desk

.PHONY: browser
browser: setup ## install Playwright and axe in .venv; then make test runs each flow of the desk once in a Chromium
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-browser.lock

.PHONY: screenshot
screenshot: browser ## take the pictures of the desk in docs/pictures with a Chromium that is on the machine
	$(BIN)/python docs/screenshot.py

SEED ?= 1
SEEDS ?= 1

.PHONY: faults
faults: setup ## break a whole installation on purpose and judge it: make faults SEED=1 SEEDS=20
	$(BIN)/python -m tests.faults --seed $(SEED) --seeds $(SEEDS)

.PHONY: mutants
mutants: setup ## plant bugs in copies of the tree, one at a time, and see that the harness shows each: BUGS="ids tokens"
	$(BIN)/python -m tests.faults.mutants $(BUGS)

.PHONY: test-secured
test-secured: setup ## try every user and account on a secured Kafka and Elasticsearch, take each rule away, rotate passwords
	BROADSHEET_SECURED=whole $(BIN)/pytest tests/secured

.PHONY: test-clients
test-clients: setup ## run the programs of docs/consumers.md in Python, Node, Go and Java against a running pipeline
	BROADSHEET_CLIENTS=1 $(BIN)/pytest tests/clients tests/integration/pipeline/test_consumers.py

.PHONY: sbom
sbom: setup ## print what is in the image as CycloneDX JSON, from requirements.lock
	@$(BIN)/python .ci/sbom.py

.PHONY: image
image: setup ## build the image without Docker (root, buildah, crun, debootstrap), and run the pipeline from it
	$(BIN)/python -m benchmarks.image

.PHONY: crds
crds: ## fetch the operators' schemas that are Go modules, and print BROADSHEET_CRDS for the tests
	@GOFLAGS=-modcacherw go mod download github.com/elastic/cloud-on-k8s/v3@v3.5.0 github.com/kedacore/keda/v2@v2.21.0
	@m=$$(go env GOMODCACHE)/github.com; echo "BROADSHEET_CRDS=$$m/elastic/cloud-on-k8s/v3@v3.5.0/config/crds/v1:$$m/kedacore/keda/v2@v2.21.0/config/crd/bases"

PROMETHEUS := v0.307.3

.PHONY: promtool
promtool: ## build promtool in build/promtool from the Go module of Prometheus, and print BROADSHEET_PROMTOOL for the tests
	@mkdir -p build/promtool && cd build/promtool && { test -f go.mod || go mod init promtool; } && \
		go get github.com/prometheus/prometheus/cmd/promtool@$(PROMETHEUS) && \
		go build -o promtool github.com/prometheus/prometheus/cmd/promtool
	@echo "BROADSHEET_PROMTOOL=$(CURDIR)/build/promtool/promtool"

.PHONY: kibana
kibana: setup ## write seeds/kibana.ndjson from seeds/kibana/newsroom.yaml
	$(BIN)/python -m seeds.kibana

.PHONY: check
check: setup ## check lint, format, types, import rules and the documentation's links
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports > .import_linter.log || { cat .import_linter.log; exit 1; }
	$(BIN)/sphinx-build --builder dummy $(SPHINX)

SPHINX := --fail-on-warning --nitpicky --quiet --doctree-dir build/doctrees docs build/docs

.PHONY: docs
docs: setup ## build the documentation's site in build/docs
	$(BIN)/sphinx-build --builder html $(SPHINX)
	@echo "open build/docs/index.html"

.PHONY: format
format: setup ## format the sources
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

.PHONY: schemas
schemas: setup ## write schemas/json from the models
	$(BIN)/python -m schemas.contracts.generate

.PHONY: commands
commands: setup ## write docs/commands.md from the command line
	$(BIN)/python -m services.cli.reference

.PHONY: golden
golden: setup ## keep the messages and schemas of the present release, which every later one must read
	$(BIN)/python -m tests.unit.schemas.release

.PHONY: bench
bench: setup ## measure the whole pipeline against its ceilings: costs, waits, a picture: make bench LONG=1
	$(BIN)/python -m benchmarks.whole $(if $(LONG),--long)

.PHONY: soak
soak: setup ## publish at 70 % of the maximum for SECONDS (1800) while workers join and leave: memory, lag, latency
	$(BIN)/python -m benchmarks.soak --seconds $(or $(SECONDS),1800)

.PHONY: bench-delivery
bench-delivery: setup ## measure CPU time per message against plain aiokafka and a stock Faust agent
	$(BIN)/python -m benchmarks.delivery

.PHONY: bench-poison
bench-poison: setup ## measure what a message that cannot be processed costs the stream
	$(BIN)/python -m benchmarks.poison

.PHONY: limits
limits: setup ## send the worst that the limits allow: neighbours must flow, and no worker may pass 512 MB
	BROADSHEET_LIMITS=1 $(BIN)/pytest -rP --log-level=INFO tests/integration/pipeline/operating/test_limits.py

MINUTES ?= 3

.PHONY: outage
outage: setup ## take Elasticsearch away under load for MINUTES: memory, rebalances, recovery, loss
	$(BIN)/python -m benchmarks.outage --minutes $(MINUTES)

.PHONY: drill-restore
drill-restore: setup ## lose both servers, restore them from backups, compare every document, print RPO and RTO
	$(BIN)/python -m benchmarks.restore

.PHONY: drill-disk
drill-disk: setup ## fill the disks of Elasticsearch and Kafka under load: what workers say, recovery, loss (root)
	$(BIN)/python -m benchmarks.full_disk

# The oldest revision that was tried. Those before 00473a1 have another mapping, and need a rebuild.
OLD ?= ea83014

.PHONY: drill-upgrade
drill-upgrade: setup ## replace the workers of the revision OLD by these under load, and back: what is lost
	$(BIN)/python -m benchmarks.upgrade $(OLD)

.PHONY: outage-receiver
outage-receiver: setup ## let two receivers of `broadsheet deliver` be away for MINUTES: who waits, what is lost or repeated
	$(BIN)/python -m benchmarks.receiver_outage --minutes $(MINUTES)

PAGES ?= 300

.PHONY: bench-backfill
bench-backfill: setup ## measure a backfill of PAGES beside the daily work; FROM=DIR takes pages that training.pages made
	$(BIN)/python -m benchmarks.backfill --pages $(PAGES) $(if $(FROM),--from $(FROM))

.PHONY: bench-segmentation
bench-segmentation: setup ## measure segmentation on annotated pages
	$(BIN)/python -m benchmarks.segmentation

.PHONY: bench-topics
bench-topics: setup ## measure topics on labelled articles
	$(BIN)/python -m benchmarks.topics
	$(BIN)/python -m benchmarks.facets

.PHONY: bench-newsroom
bench-newsroom: setup ## measure the topics of a newsroom on articles written for it
	$(BIN)/python -m benchmarks.newsroom_topics

.PHONY: bench-speed
bench-speed: setup ## measure the time to segment and tag a page against jieba.lcut
	$(BIN)/python -m benchmarks.speed

.PHONY: bench-search
bench-search: setup ## measure search on judged queries
	$(BIN)/python -m benchmarks.search

.PHONY: bench-search-load
bench-search-load: setup ## measure the latency of searches with facets over 100,000 articles
	$(BIN)/python -m benchmarks.search_load

.PHONY: lock
lock: setup ## resolve the dependencies and pin them with hashes
	$(BIN)/uv pip compile -q pyproject.toml $(LOCK) --extra desk --extra otel -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml $(LOCK) --all-extras --group dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile -q --group browser $(LOCK) -c requirements-dev.lock -o requirements-browser.lock
	$(BIN)/uv pip compile -q pyproject.toml $(LOCK) --all-extras --group train -c requirements.lock -o requirements-train.lock

LOCK := --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock"

.PHONY: clean
clean: ## remove the environment and the embedded servers' data; downloads stay in the cache
	rm -rf $(VENV) build .broadsheet .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .import_linter.log
