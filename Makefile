# What there is to do in this repository. `make` alone lists it.

PREFIX ?= /usr/local
PYTHON ?= python3
MPICC ?= mpicc
SITE ?= site
RUNS ?= runs

# What `make fuzz` looks at, for how long each, and with how many inputs (-1: as many as the time allows).
FUZZ_READERS ?= safetensors npy npz samples idx png jpeg kind classifier generator classifier-state generator-state \
  csv label-names labels mask cache leaderboard onnx part http markdown
FUZZ_SECONDS ?= 60
FUZZ_RUNS ?= -1

BUILT := .build/release
FUZZED := .build/fuzz
LIBRARY = $(DESTDIR)$(PREFIX)/lib/assay
COMMANDS = $(DESTDIR)$(PREFIX)/bin
SWIFT_SOURCES := Package.swift Sources Tests Benchmarks Examples/Package.swift Examples/Sources

.NOTPARALLEL:
.PHONY: help demo build mpi browser tests test test-debug test-slow test-faults fuzz bench bench-compare reproduce \
  site screenshots format lint docs dist wheel test-packages install clean packages packaging toolchain

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: toolchain packages ## Install what is missing, build, and run the main job into results/demo
	swift build -c release --product eval
	$(BUILT)/eval accuracy-vs-epsilon --pixel-range -1...1 --output results/demo

build: toolchain packages ## Build everything in release (ASSAY_PROCESSOR=x86-64 for any processor, x86-64-v3, …)
	swift build -c release
	scripts/write-manuals.sh .build/share

mpi: toolchain ## Compile the library with which several processes train one classifier (Open MPI, or MPICH with MPICC=…)
	@scripts/install-packages.sh --mpi
	mkdir -p $(BUILT)
	$(MPICC) -O2 -Wall -Werror -shared -fPIC -o $(BUILT)/libassay-mpi.so Sources/CMPI/assay_mpi.c

browser:
	@scripts/install-packages.sh --browser

# Named, for `swift test` alone also builds the compiler of protocol buffers, which nobody runs.
tests: toolchain packages
	swift build -c release --product assayPackageTests

test: test-debug mpi browser tests ## Run the tests in release, those of the kernels in debug too, and the examples
	swift test -c release --skip-build
	Tests/Cluster/test-clusters.sh $(BUILT)/eval
	scripts/check-snippets.sh
	scripts/run-examples.sh

test-debug: toolchain packages ## Run the tests of the kernels with overflow and bounds checks
	ASSAY_KERNELS_ONLY=1 swift test --scratch-path .build/debug-kernels \
	  -Xswiftc -O -Xswiftc -assert-config -Xswiftc Debug

test-slow: tests ## Run the tests in release, the long ones too, exported notebooks in Jupyter, networks in ONNX Runtime, and `make fuzz`
	ASSAY_SLOW_TESTS=1 swift test -c release --skip-build
	scripts/check-notebooks.sh
	scripts/check-onnx-export.sh
	$(MAKE) fuzz

# New inputs stay in .build/fuzz/corpus and are tried again first; what fails is left in .build/fuzz/found-….
fuzz: toolchain packages ## Feed the readers of files with libFuzzer (FUZZ_READERS, FUZZ_SECONDS, FUZZ_RUNS)
	ASSAY_FUZZ=1 swift build -c release --scratch-path $(FUZZED) --sanitize=fuzzer --product EvalFuzz
	@for reader in $(FUZZ_READERS); do \
	  echo "$$reader"; mkdir -p $(FUZZED)/corpus/$$reader; \
	  FUZZ_READER=$$reader $(FUZZED)/release/EvalFuzz -max_total_time=$(FUZZ_SECONDS) -runs=$(FUZZ_RUNS) -timeout=30 \
	    -rss_limit_mb=1024 -malloc_limit_mb=1024 -max_len=65536 -artifact_prefix=$(FUZZED)/found-$$reader- \
	    -verbosity=0 -print_final_stats=1 $(FUZZED)/corpus/$$reader Tests/Fuzz/Corpus/$$reader || exit 1; \
	done

test-faults: toolchain packages ## Kill, starve and interrupt the command: nothing may be lost or left behind (minutes)
	swift build -c release --product eval
	Tests/Faults/test-faults.sh $(BUILT)/eval

bench: build ## Time the benchmark cases: a table, and results/benchmark.json
	$(BUILT)/eval-bench --json results/benchmark.json

bench-compare: build ## Time the same work in PyTorch too, and print the ratios (PYTHON=… that has torch)
	$(PYTHON) Benchmarks/compare_with_pytorch.py --json results/benchmark-comparison.json

# Without BUDGET each training takes as long as its report's. PICTURES names a folder of pictures for two of
# the rows.
reproduce: build ## Run what the source reports publish (BUDGET=minutes, PICTURES=folder); it goes on where it ended
	$(BUILT)/eval reproduce $(if $(BUDGET),--budget $(BUDGET)) $(if $(PICTURES),--pictures $(PICTURES) --background white)

site: toolchain packages ## Write the results of this repository as pages (SITE=folder)
	swift build -c release --product eval
	$(BUILT)/eval report docs/results --output $(SITE)

screenshots: build browser ## Take the pictures of the guide from the real pages (RUNS=folder with trained generators)
	scripts/make-screenshots.sh $(BUILT)/eval $(RUNS)

format: toolchain ## Format the Swift sources in place
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

lint: toolchain ## Report what `make format` would change, broken rules of .swift-format and of the floors, and dead links
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	scripts/check-floors.sh
	scripts/check-widths.sh
	scripts/check-links.sh

docs: toolchain packages ## Write the documentation of the libraries into .build/docs (DocC)
	scripts/write-docs.sh .build/docs

dist: packaging build ## Make a tarball and a package for Debian for any processor with AVX2
	scripts/packages/make-tree.sh
	scripts/packages/make-tarball.sh
	scripts/packages/make-deb.sh

wheel: packaging build ## Make a wheel for Python, which holds the command
	scripts/packages/make-tree.sh
	scripts/packages/make-wheel.sh

test-packages: ## Try what `make dist` and `make wheel` made, in a bare Debian 12 too (as root, minutes)
	scripts/packages/test-dist.sh
	scripts/packages/test-wheel.sh

# The resource bundles are found beside the executable's real path, so both live in lib/assay.
install: ## Install the built command as PREFIX/bin/eval and PREFIX/bin/assay
	@test -x $(BUILT)/eval -a -d .build/share || { echo "not built yet; run 'make build' first" >&2; exit 1; }
	rm -rf "$(LIBRARY)"
	mkdir -p "$(LIBRARY)" "$(COMMANDS)"
	cp -R $(BUILT)/eval $(wildcard $(BUILT)/libassay-mpi.so) \
	  $(filter-out %Tests.resources,$(wildcard $(BUILT)/*.resources)) "$(LIBRARY)"
	chmod -R a+rX "$(LIBRARY)"
	ln -sf ../lib/assay/eval "$(COMMANDS)/eval"
	ln -sf eval "$(COMMANDS)/assay"
	mkdir -p "$(DESTDIR)$(PREFIX)/share"
	chmod -R a+rX .build/share
	cp -R .build/share/. "$(DESTDIR)$(PREFIX)/share"

clean: ## Remove what was built; results stay
	rm -rf .build

packaging: packages
	@scripts/install-packages.sh --packaging

packages: ## Install the Debian packages that are missing
	@scripts/install-packages.sh

toolchain:
	@command -v swift >/dev/null || { echo "Assay needs Swift 6.2 or newer: https://www.swift.org/install" >&2; exit 1; }
