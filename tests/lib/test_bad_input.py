"""Nonsense in every argument of every public function: it works, or a TypeError or ValueError names an argument."""

import inspect
import re

import numpy as np
import pytest
import torch
from torch import nn

import lib
from tools.reference import public

X, W, B = np.ones((2, 3, 6, 7)), np.ones((4, 3, 3, 3)), np.ones(4)
DIGITS = np.ones((4, 1, 8, 8)), np.arange(4)
DETECTOR = nn.Conv2d(1, 11, 8).double()
PUBLIC = {thing for thing in public() if callable(thing)}  # which imports every module


def classifier():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))


LAYER = {"weight": W, "bias": B, "stride": 1, "padding": 1, "dilation": 1, "groups": 1}
MODULE = {"in_channels": 3, "c1": 1, "c3": 2, "c5": 2, "batch_norm": False}
BLOCK = {"in_channels": 8, "width": 8, "stride": 1, "shortcut": "B"}

# A call of each public function that works, with every argument named.
CALLS = {
    lib.census.by_kind: {"model": classifier(), "input_shape": (1, 8, 8)},
    lib.comparison.estimate: {"runs": [1.0, 2.0]},
    lib.comparison.leads: {"of": "a", "results": {"a": {"x": [1, 2]}, "b": {"x": [1, 3]}}, "measures": ["x"]},
    lib.comparison.leads_of_pairs: {"pairs": [("a", "b")], "results": {"a": {"x": [1, 2]}, "b": {"x": [1, 3]}}}
    | {"measures": ["x"], "runs": 2},
    lib.comparison.paired_difference: {"runs": [1.0, 2.0], "others": [1.0, 3.0]},
    lib.convolution.as_1x1: {"matrix": np.eye(3)},
    lib.convolution.conv2d: {"input": X, **LAYER},
    lib.convolution.conv2d_loops: {"input": X[:, :, :4, :4], **LAYER},
    lib.convolution.merge: {
        "first_weight": W,
        "second_weight": np.ones((2, 4, 1, 1)),
        "first_bias": B,
        "second_bias": B[:2],
    },
    lib.convolution.pointwise: {"input": X, "weight": W[:, :, :1, :1], "bias": B},
    lib.convolution.receptive_field: {"kernel_size": [3, 3], "stride": [1, 2], "dilation": 1},
    lib.convnext.ConvNeXt: {"depths": [1], "widths": [8], "num_classes": 2},
    lib.convnext.ConvNeXtBlock: {"channels": 8},
    lib.cost.conv2d_cost: {"input_shape": (3, 8, 8), "out_channels": 4, "kernel_size": 3, "stride": 1, "padding": 1}
    | {"dilation": 1, "groups": 1, "bias": True},
    lib.cost.layer_table: {"model": classifier(), "input_shape": (1, 8, 8)},
    lib.cost.linear_cost: {"in_features": 3, "out_features": 4, "bias": True},
    lib.cost.pool2d_cost: {"input_shape": (3, 8, 8), "kernel_size": 2, "stride": 2, "padding": 0, "dilation": 1},
    lib.datasets.photograph: {"name": "china"},
    lib.datasets.scatter: {"examples": DIGITS, "rng": np.random.default_rng(0), "size": (20, 30), "count": 2, "gap": 1},
    lib.datasets.split_digits: {"training_size": 10, "split": 0},
    lib.detection.find_digits: {"detector": DETECTOR, "canvas": np.ones((12, 9))},
    lib.detection.pieces: {"examples": DIGITS, "rng": np.random.default_rng(0), "canvases": 1},
    lib.detection.smudged: {"examples": DIGITS, "rng": np.random.default_rng(0)},
    lib.detection.tally: {"detector": DETECTOR, "canvases": [(np.ones((12, 9)), [(0, 0, 3)])]},
    lib.deeper.deepened: {
        "network": lib.resnet.digit_network(6, None, width=2),
        "images": np.ones((2, 1, 8, 8)),
        "blocks": 1,
    },
    lib.densenet.DenseLayer: {"in_channels": 8, "growth": 2},
    lib.densenet.DenseNet: {"depths": [1, 1], "growth": 2, "num_classes": 2},
    lib.efficientnet.EfficientNetB0: {"num_classes": 2},
    lib.efficientnet.EfficientNetV2S: {"num_classes": 2},
    lib.explorables.stepper: {"input": np.ones((2, 3, 3), int), "weights": [np.ones((1, 2, 1, 1), int)]},
    lib.explorables.recolouring: {"photograph": np.ones((3, 4, 4)), "matrices": {"a": np.eye(3)}},
    lib.explorables.steering_wheel: {"picture": np.ones((14, 15)), "start": 45, "step": 5},
    lib.explorables.field_of_view: {"layers": [(3, 1, 1)], "side": 9},
    lib.explorables.price_of_a_pair: {"maps": 8, "kept": 2, "filters": 8, "kernel_size": 3, "side": 7}
    | {"machine": lib.roofline.A100},
    lib.explorable_networks.sliding_window: {
        "model": nn.Sequential(nn.Conv2d(1, 2, 8), nn.ReLU(), nn.Flatten(), nn.Linear(2, 11)),
        "canvas": np.zeros((9, 9)),
        "start": (1, 1),
    },
    lib.explorable_networks.training_runs: {
        "runs": {kind: {1: [lib.training.History([1.0] * 4, 0.5, 0.5)]} for kind in ("a", "b")}
    },
    lib.filters.oriented: {"angle": 0.5, "length": 1, "sigma": 2.0, "reach": 6},
    lib.fully_connected.cropped_scores: {
        "model": classifier(),
        "image": torch.ones(1, 1, 9, 9),
        "size": 8,
        "stride": 1,
    },
    lib.fully_connected.fully_convolutional: {"model": classifier(), "kernel_size": 8},
    lib.fully_connected.linear_to_conv2d: {"linear": nn.Linear(12, 2), "kernel_size": 2},
    lib.googlenet_table.audit: {},
    lib.googlenet_table.count_rows: {},
    lib.googlenet_table.agrees: {"paper": 159, "counted": 159.5},
    lib.gradients.compare_halves: {"model": lib.resnet.digit_network(6, "A", width=2), "examples": DIGITS},
    lib.inception.GoogLeNet: {"num_classes": 2, "batch_norm": False, "torchvision": False, "dropout": 0.4},
    lib.inception.Inception: {"in_channels": 3, "c1": 1, "c3_reduce": 1, "c3": 1, "c5_reduce": 1, "c5": 1, "pool": 1}
    | {"batch_norm": False, "kernel_5": 5},
    lib.inception.NaiveInception: MODULE,
    lib.inception_variants.miniature: {"kind": lib.inception.Inception, "divisor": 16, "project": True},
    lib.inception_variants.nine_modules: {"reduce": True, "project": False},
    lib.memory.kept_for_backward: {"model": classifier(), "input_shape": (1, 8, 8)},
    lib.mobilenet.DepthwiseSeparable: {"in_channels": 3, "out_channels": 4, "stride": 1},
    lib.mobilenet.InvertedResidual: {"in_channels": 4, "out_channels": 4, "stride": 1, "expansion": 2}
    | {"kernel_size": 3, "squeezed": 2, "activation": nn.ReLU},
    lib.mobilenet.MobileNet: {"num_classes": 2},
    lib.mobilenet.MobileNetV2: {"num_classes": 2},
    lib.mobilenet.SqueezeExcitation: {"channels": 4, "squeezed": 2, "activation": nn.ReLU},
    lib.network_in_network.MLPConv: {"in_channels": 3, "widths": [4, 2], "kernel_size": 3, "stride": 1, "padding": 1},
    lib.network_in_network.NetworkInNetwork: {"in_channels": 3, "num_classes": 2, "dropout": 0.5},
    lib.outcomes.differences: {"title": "a", "pairs": {"b": ({"x": [1, 2]}, {"x": [1, 3]})}, "measures": ["x"]},
    lib.outcomes.means: {"results": {"a": {"x": [1, 2]}, "b": {"x": [1, 3]}}, "formats": {"x": ".1f"}},
    lib.outcomes.outcomes: {"runs": [(nn.ReLU(), lib.training.History([1.0], 0.5, 0.5))], "training": "a", "test": "b"},
    lib.plain_networks.AlexNet: {"num_classes": 2, "hidden": 2, "dropout": 0.5},
    lib.plain_networks.VGG16: {"num_classes": 2, "hidden": 2, "dropout": 0.5},
    lib.pooling.avg_pool2d: {"input": X, "kernel_size": 2, "stride": 2, "padding": 0},
    lib.pooling.global_avg_pool2d: {"input": X},
    lib.pooling.max_pool2d: {"input": X, "kernel_size": 2, "stride": 2, "padding": 0, "dilation": 1},
    lib.precision.round_mantissa: {"values": [1.0, 2.5], "bits": 10},
    lib.reduction.best_pair: {"table": np.eye(3), "width": 2},
    lib.reduction.covariance: {"maps": np.arange(12.0).reshape(3, 2, 2)},
    lib.reduction.random_pair: {"table": np.eye(3), "width": 2, "rng": np.random.default_rng(0)},
    lib.reduction.variance_kept: {"table": np.eye(3), "pair": np.eye(3)},
    lib.resnet.BasicBlock: BLOCK,
    lib.resnet.Bottleneck: {**BLOCK, "stride_on": "3x3"},
    lib.resnet.ResNet: {"block": lib.resnet.BasicBlock, "depths": (1, 1, 1, 1), "num_classes": 2, "in_channels": 1}
    | {"shortcut": "B"},
    lib.resnet.digit_network: {"layers": 6, "shortcut": "B", "block": lib.resnet.BasicBlock, "width": 2},
    lib.resnet.resnet18: {"shortcut": "B", "num_classes": 2},
    lib.resnext.ResNeXtBlock: {**BLOCK, "stride_on": "3x3", "groups": 2, "group_width": 8},
    lib.roofline.Machine: {"macs_a_second": 1e9, "bytes_a_second": 1e9},
    lib.resnet_costs.by_part: {"table": lib.cost.layer_table(classifier(), (1, 8, 8))},
    lib.resnet_costs.resnet_table: {"layers": 18, "shortcut": "B"},
    lib.resnet_costs.vgg_macs: {"layers": 16},
    lib.resnet_drawings.draw_stages: {
        "networks": {"a": lib.resnet.ResNet(lib.resnet.BasicBlock, (1, 1, 1, 1), 2, 1)},
        "input_shape": (1, 64, 64),
    },
    lib.splitting.split_channels: {"weight": W, "front": 2, "behind": 3},
    lib.splitting.split_space: {"weight": W, "rank": 2},
    lib.tables.Table: {"header": ["a", "b"], "rows": [[1, 2]], "total": [1, 2]},
    lib.training.accuracy: {"model": classifier().double(), "examples": DIGITS},
    lib.training.train: {
        "build": lambda: nn.Sequential(nn.Flatten(), nn.Linear(64, 10)),
        "training": DIGITS,
        "test": DIGITS,
    }
    | {"test": DIGITS, "seed": 0, "epochs": 1, "learning_rate": 0.1, "batch_size": 2},
    lib.training.train_many: {"build": classifier, "splits": [(DIGITS, DIGITS)] * 2}
    | {"epochs": 1, "learning_rate": 0.1, "batch_size": 2},
    lib.trials.trials: {
        "build": classifier,
        "splits": [(DIGITS, DIGITS)] * 2,
        "test": "right",
        "views": {"all": np.copy},
    }
    | {"epochs": 1, "learning_rate": 0.1, "batch_size": 2},
    lib.vit.Attention: {"heads": 2},
    lib.vit.EncoderLayer: {"width": 8, "heads": 2, "hidden": 4},
    lib.vit.VisionTransformer: {"side": 8, "patch": 4, "width": 8, "depth": 1, "heads": 2, "num_classes": 2},
    lib.xception.Xception: {"num_classes": 2},
}
# The same code behind another depth; what the other functions below make; and what only draws or prints.
ALIKE = {lib.resnet.resnet34, lib.resnet.resnet50, lib.resnet.resnet101, lib.resnet.resnet152, lib.datasets.digits}
ALIKE |= {lib.resnext.resnext50}
RESULTS = {lib.census.Network, lib.comparison.Estimate, lib.cost.Cost, lib.cost.LayerTable, lib.training.History}
SHOWS = {f for f in PUBLIC if f.__module__.endswith(("architecture", "drawings", "figures", "exercises", "roofline"))}

NONSENSE = [
    *(None, True, 0, -1, 1.5, float("nan"), float("inf"), 1j, "x", b"x", ..., object(), int, len),
    *([], [1], (1, 2, 3), (0, 0), (1.5, 2), ("a", "b"), {}, {1: 2}, {1, 2}, range(3), [[1], [1, 2]], [None], [[]]),
    *(np.bool_(True), np.float64(2), np.array(3), np.ones(0), np.ones((2, 2)), np.ones((0, 3, 6, 7)), np.array(["a"])),
    *(np.array([[None]], object), np.ones((2, 3, 0, 7)), np.ones((1,) * 5), np.array(["2020-01-01"], "M8[D]")),
    *(torch.ones(2), nn.ReLU(), nn.Linear(2, 2), nn.Linear, (np.ones(3), np.ones(3)), (np.ones((3, 1, 8, 8)), [0, 1])),
]


def test_every_public_function_is_here():
    missing = PUBLIC - (set(CALLS) | ALIKE | RESULTS | SHOWS)
    assert not missing, f"CALLS: expected a call of {', '.join(thing.__qualname__ for thing in missing)}"
    assert set(CALLS) | ALIKE | RESULTS | SHOWS == PUBLIC
    for function, arguments in CALLS.items():
        function(**arguments)
        named = {p.name for p in inspect.signature(function).parameters.values() if p.kind is not p.VAR_KEYWORD}
        assert named <= set(arguments)


CASES = [(function, name) for function, arguments in CALLS.items() for name in arguments]


@pytest.mark.filterwarnings("ignore::UserWarning")  # PyTorch's, on weights without numbers
@pytest.mark.parametrize(("function", "name"), CASES, ids=lambda value: getattr(value, "__name__", value))
def test_nonsense_is_named_or_taken(function, name):
    complaints = {}
    for value in NONSENSE:
        if name == "build" and callable(value):
            continue  # what a function raises that a reader wrote is the reader's
        try:
            function(**{**CALLS[function], name: value})
        except Exception as error:
            complaints[str(value)] = error
    for value, error in complaints.items():
        assert isinstance(error, TypeError | ValueError), f"{name}={value} gives {error!r}"
        assert re.match(rf"({'|'.join(CALLS[function])})\b.*: expected .*, got ", str(error), re.DOTALL), error


def test_nothing_is_built_before_all_is_checked():
    def build():
        raise AssertionError("a network was built")

    for name in ("training", "test", "seed", "epochs", "learning_rate", "batch_size"):
        with pytest.raises((TypeError, ValueError), match=f"^{name}"):
            lib.training.train(**{**CALLS[lib.training.train], "build": build, name: "x"})
