# make book     build the pages, and say where they are
# make pdf      build them, and the book as one PDF and as a zip, linked from the front page (needs a Chromium)
# make release  what a release hands out, in _build/release: the PDF, the pages, the notebooks that run alone, checksums
# make serve    build them, and serve them on localhost
# make test     check everything: style, lib, notebooks, every stored output and figure, the built pages
# make test CHAPTER=resnet     check one chapter: its rules, its outputs, its page and its links
# make test-portability  compare every output again as other processors compute it, on one thread and on two
# make test-standalone  run what the download buttons serve, each alone in an empty folder, without the book installed
# make test-tensorflow  re-run the notebook in TensorFlow, in an environment of its own; says why where there is no wheel
# make test-releases    compare with the newest releases of numpy, matplotlib and torch, or with those named (figures by what they show)
# make test-newest-pages  build the pages with the newest Sphinx, without Jupyter Book, and check them
# make outputs  re-execute all chapters in place, or with CHAPTER=resnet one, and show each changed figure before and after
# make diff     what has changed since the last commit, notebooks as text
# make chapter NAME=dilated TITLE="Dilated convolutions"     begin a chapter
# make test-lib  check lib and the tools alone
# make weight   what each page costs on a slow phone: kB, requests, what holds it up, how far it shifts (tests/book/test_weight.py has the limits)
# make mutants  change lib in some 8,000 small ways, and list the changes that no test notices (half an hour)
# make bench    how fast lib's convolution is beside PyTorch's, im2col's and SciPy's
# make memory   the most memory that each chapter's kernel holds (Binder gives at least 1 GB)
# make measured  the README's table of measurements anew, two hours on a quiet machine; ROWS="pages memory" for some
# make addresses  write down every address that readers may keep from now on, before a release
# make lock     pin all packages anew after a change of pyproject.toml; UPGRADE="numpy torch", or all, moves these
# make font     cut the letters of formulas from their font anew, after a change of tools/font.py
# make format   lay out all code as `make test` wants it
# make clean    remove what the others made
#
# On Linux the default package index serves a torch with several GB of CUDA libraries. For the small one:
#   PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu make book

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/ready
PAGE := _build/html/index.html
BUILD = $(BIN)/jupyter-book build --all -W -n --keep-going --quiet .
PAGE_TESTS := $(addprefix tests/book/test_,pages.py reader.py explorables.py downloads.py weight.py)
NBVAL = $(BIN)/pytest --nbval --nbval-current-env

# Another environment may be active in the caller's shell, and IPython would add its packages to ours.
export VIRTUAL_ENV := $(CURDIR)/$(VENV)

.PHONY: book pdf release serve test test-chapter chapter diff lint test-lib test-outputs test-pages test-portability test-standalone test-tensorflow tensorflow test-releases test-newest-pages outputs weight addresses mutants bench memory measured lock font format clean
.DEFAULT_GOAL := book
.NOTPARALLEL:

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))" || { \
		echo "One by One needs Python 3.11 to 3.14, which '$(PYTHON)' is not. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $(READY)

book: $(READY)
	@rm -rf _build/html _build/downloads
	@$(BUILD)
	@echo "The book: $(CURDIR)/$(PAGE)"

# The second build knows of the files that the first one's pages were made into.
pdf: book
	@$(BIN)/python -m tools.pdf
	@$(BUILD)

release: pdf
	@$(BIN)/python -m tools.release

serve: book
	@echo "The book: http://localhost:$(PORT)  (Ctrl+C stops it)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory $(dir $(PAGE))

# Fastest first, so that a slip shows at once.
test: $(if $(CHAPTER),test-chapter,lint test-lib test-outputs book test-pages)

test-chapter: lint
	@test -f chapters/$(CHAPTER).ipynb || { echo "CHAPTER: expected a notebook in chapters/, got $(CHAPTER)"; exit 1; }
	$(BIN)/pytest -q tests/book/test_chapters.py -k "$(CHAPTER) or page or front or listed or contents"
	$(BIN)/pytest -q tests/tools/test_questions.py
	$(if $(filter in_tensorflow,$(CHAPTER)),@$(MAKE) --no-print-directory test-tensorflow,OMP_NUM_THREADS=1 $(NBVAL) chapters/$(CHAPTER).ipynb)
	@$(MAKE) --no-print-directory book
	$(BIN)/pytest -q -rs tests/book/test_pages.py -k "chapters/$(CHAPTER).html or ($(CHAPTER) and (button or figure))"

chapter: $(READY)
	@$(BIN)/python -m tools.new_chapter "$$NAME" "$$TITLE" # not $(TITLE), which the shell would read

diff: $(READY)
	@git -c diff.notebook.textconv="$(BIN)/python -m tools.as_text" diff HEAD
	@git ls-files --others --exclude-standard | sed 's/^/not under git yet: /'

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet --min-severity medium .github

# Two workers share the machine; more threads would only get in each other's way.
test-lib: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 $(PAGE_TESTS:%=--ignore %)

# Strict nbval: every cell of every chapter runs again, and every output must be what the page shows.
test-outputs: $(READY)
	OMP_NUM_THREADS=1 $(NBVAL) chapters -n 2 --dist loadfile

test-pages: $(READY)
	$(BIN)/pytest -n 2 --dist loadgroup -rs $(PAGE_TESTS)

test-portability: $(READY)
	$(BIN)/python -m tools.portability

# What a stock environment has (Colab, Kaggle), in our versions, since figures are compared byte for byte.
STOCK := numpy matplotlib torch scikit-learn pandas ipykernel jax keras
ALONE := $(VENV)/standalone
COPIES := _build/standalone

$(ALONE)/ready: $(READY)
	$(PYTHON) -m venv $(ALONE)
	grep -v "^-e" requirements.txt > $(VENV)/constraints.txt
	$(subst $(VENV),$(ALONE),$(BIN))/python -m pip install --quiet --disable-pip-version-check \
		--constraint $(VENV)/constraints.txt $(STOCK)
	$(subst $(VENV),$(ALONE),$(BIN))/python -m ipykernel install --prefix $(VENV) --name standalone
	@touch $@

test-standalone: $(ALONE)/ready book
	rm -rf $(COPIES)
	for file in $$(ls _build/html/_sources/chapters/*.ipynb | grep -v in_tensorflow); do \
		folder=$(COPIES)/$$(basename $$file .ipynb); mkdir -p $$folder && cp $$file $$folder; done
	OMP_NUM_THREADS=1 $(BIN)/pytest --nbval --nbval-kernel-name standalone -n 2 --dist loadfile $(COPIES)

# TensorFlow has an environment and a kernel of its own: beside all the rest it would take more memory than Binder gives.
FLOW := $(VENV)/tensorflow
FLOW_BIN := $(subst $(VENV),$(FLOW),$(BIN))
WHY_NOT = $(BIN)/python -m tools.kernels

$(FLOW)/ready: $(READY) requirements-tensorflow.txt
	$(PYTHON) -m venv $(FLOW)
	$(FLOW_BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-tensorflow.txt
	$(FLOW_BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	$(FLOW_BIN)/python -m ipykernel install --prefix $(VENV) --name tensorflow --display-name TensorFlow
	@touch $@

tensorflow: $(READY)
	@$(WHY_NOT) || $(MAKE) --no-print-directory $(FLOW)/ready

# The notebook and the copy that its page serves, which needs no lib.
test-tensorflow: tensorflow
	@$(WHY_NOT) || OMP_NUM_THREADS=1 $(BIN)/pytest --nbval chapters/in_tensorflow.ipynb
	@$(WHY_NOT) >/dev/null || $(BIN)/python -m tools.standalone in_tensorflow $(COPIES)/in_tensorflow
	@$(WHY_NOT) >/dev/null || OMP_NUM_THREADS=1 $(BIN)/pytest --nbval --nbval-kernel-name tensorflow $(COPIES)/in_tensorflow

# Each matplotlib draws coordinates of its own, so that here figures are compared by what they show.
RELEASES ?= numpy matplotlib torch
OTHER := $(VENV)/releases
OTHER_BIN := $(subst $(VENV),$(OTHER),$(BIN))

test-releases:
	rm -rf $(OTHER)
	$(PYTHON) -m venv $(OTHER)
	$(OTHER_BIN)/python -m pip install --quiet --disable-pip-version-check $(RELEASES) -e . jax keras hypothesis nbval pytest pytest-xdist
	$(OTHER_BIN)/python -m pip list --disable-pip-version-check | grep -E "^(numpy|matplotlib|torch|scikit-learn) "
	OMP_NUM_THREADS=1 $(OTHER_BIN)/pytest -n 2 --noconftest -W ignore::DeprecationWarning lib tests/lib
	OMP_NUM_THREADS=1 $(subst $(BIN),$(OTHER_BIN),$(NBVAL)) chapters -n 2 --dist loadfile --nbval-sanitize-with tools/fingerprints.cfg

# The way out of Jupyter Book 1, with the newest of everything: see tools/without_jupyter_book/conf.py.
NEWEST := $(VENV)/newest
NEWEST_BIN := $(subst $(VENV),$(NEWEST),$(BIN))

test-newest-pages:
	rm -rf $(NEWEST) _build/newest
	$(PYTHON) -m venv $(NEWEST)
	$(NEWEST_BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip # for --group
	$(NEWEST_BIN)/python -m pip install --quiet --disable-pip-version-check $(RELEASES) -e . --group sphinx --group check
	$(NEWEST_BIN)/python -m pip list --disable-pip-version-check | grep -i -E "^(docutils|myst|pydata|sphinx)"
	$(NEWEST_BIN)/sphinx-build -W -n --keep-going --quiet -c tools/without_jupyter_book . _build/newest
	BOOK_HTML=_build/newest $(NEWEST_BIN)/python -m pytest -n 2 -rsx -p tools.without_jupyter_book.known $(PAGE_TESTS)

outputs: $(READY)
	$(BIN)/python -m tools.outputs $(CHAPTER)

weight: book
	@$(BIN)/python -m tools.weight

mutants: $(READY)
	rm -rf mutants
	OMP_NUM_THREADS=1 $(BIN)/mutmut run
	@$(BIN)/mutmut export-cicd-stats
	$(BIN)/mutmut results

# As installed; then with NumPy's BLAS and PyTorch limited to the same instructions, since either may know a processor
# better than the other does.
bench: $(READY)
	@$(BIN)/python -m tools.bench
	@echo; echo "Both limited to AVX2:"
	@OPENBLAS_CORETYPE=Haswell ONEDNN_MAX_CPU_ISA=AVX2 ATEN_CPU_CAPABILITY=avx2 $(BIN)/python -m tools.bench

addresses: $(READY)
	@$(BIN)/python -m tools.release --addresses

memory: $(READY)
	$(BIN)/python -m tools.outputs --memory

measured: $(READY)
	$(BIN)/python -m tools.measured $(ROWS)

# Not from $(READY): what pyproject.toml now asks for may contradict the old lock, which then cannot be installed.
lock:
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -o '^uv==[^ ]*' requirements.txt)"
	$(BIN)/python -m tools.lock $(UPGRADE)

font: $(READY)
	@$(BIN)/python -m tools.font

# Layout first: what it mends must not stop the rest.
format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) _build mutants *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
