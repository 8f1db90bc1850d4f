"""What makes and checks the book. It may use ``lib``; nothing in ``lib`` or in a chapter uses it.

book         where things are: pages in order, their numbers, how a notebook is read
guard        the rules for a notebook, each said in a sentence
outputs      re-runs chapters and stores what they print; what they take in memory
claims, chapter_numbers, launch, reference, standalone, downloads    the extensions of Sphinx that _config.yml lists
browser      the built pages in a Chromium; pdf makes the book as one file with it
lock         pins every package
bench, portability    how fast lib is beside PyTorch; whether other processors print the same
"""
