"""The code behind the book *One by One*: NumPy first, with PyTorch's names.

One module a concept. The first line of each says what it holds; the page of the code in the book shows them all.
"""
