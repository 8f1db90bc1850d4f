"""The code behind the book *One by One*: one module a concept, NumPy first, with PyTorch's names.

convolution         the definition in loops, the fast form, the 1×1, merging, receptive fields
pooling             max, average and global average pooling
cost                parameters, multiply–accumulates and memory of layers and models
network_in_network  the mlpconv layer, and the paper's network
inception           the naive and the reduced Inception module, and GoogLeNet
resnet              residual blocks, and the networks of 18 to 152 layers
fully_connected     fully connected layers as convolutions, and classifiers that take any larger image
training            one short seeded training loop, used by every experiment, for one run or many
comparison          what several runs say: means, paired differences, their standard errors
datasets            photographs and handwritten digits, with nothing to download
filters             hand-made filters with a meaning, to put a 1×1 behind
figures             the book's style, and the figures it uses more than once
drawings            drawings made by hand
tables              rows of numbers, as HTML in a notebook and as text elsewhere
exercises           the checkers behind "Your turn"
"""
