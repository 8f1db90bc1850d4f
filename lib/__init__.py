"""The code behind the book *One by One*: one module a concept, NumPy first, with PyTorch's names.

convolution   the definition in loops, the fast form, the 1×1, merging, receptive fields
pooling       max, average and global average pooling
datasets      photographs and handwritten digits, with nothing to download
figures       the book's style, and the drawings used more than once
exercises     the checkers behind "Your turn"
"""
