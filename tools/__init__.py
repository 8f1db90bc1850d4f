"""What makes and checks the book. It may use ``lib``; nothing in ``lib`` or in a chapter uses it.

book         where things are: pages in order, their numbers, how a notebook is read
kernels      the two that notebooks run in, the book's own and TensorFlow's
guard        the rules for a notebook, each said in a sentence
outputs      re-runs chapters and stores what they print; changed_figures and as_text show what has changed
new_chapter  begins a chapter from chapter_template.md
cards, chapter_numbers, claims, code_lines, downloads, explorables, found,
launch, light_pages, mathematics, predict, questions, reference, spoken, standalone
             the extensions that _config.yml lists
browser      the built pages in a Chromium; weight says what each costs on a
             slow phone; pdf makes the book as one file; release gathers what
             a version hands out, and knows every address that was published
style_sheet  one style sheet of what the pages use, for light_pages
font         cuts the letters of formulas from their font
lock         pins every package; without_jupyter_book builds the pages with Sphinx alone
bench, portability    how fast lib is beside PyTorch; whether other processors print the same
"""
