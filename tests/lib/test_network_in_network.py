"""lib.network_in_network against a perceptron slid by hand, against PyTorch's functions, and against bad input."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lib.cost import layer_table
from lib.network_in_network import MLPConv, NetworkInNetwork
from tests.models import check_that_every_parameter_learns, check_that_it_computes
from tests.strategies import both, often, pairs


@often(50)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), pairs, pairs, st.integers(0, 2), st.integers(0, 2**32 - 1))
def test_mlpconv_slides_a_perceptron_over_the_patches(widths, kernel, stride, padding, seed):
    torch.manual_seed(seed)
    layer, x = MLPConv(3, widths, kernel, stride, padding).double(), torch.randn(2, 3, 4, 5, dtype=torch.float64)
    convolutions = [m.requires_grad_(False) for m in layer if isinstance(m, nn.Conv2d)]
    perceptron = [(m.weight.flatten(1).numpy(), m.bias.numpy()) for m in convolutions]
    padded = np.pad(x.numpy(), ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = layer(x).numpy()
    (k_h, k_w), (s_h, s_w) = both(kernel), both(stride)
    assert out.shape == (2, widths[-1], (4 + 2 * padding - k_h) // s_h + 1, (5 + 2 * padding - k_w) // s_w + 1)
    for n, i, j in np.ndindex(2, *out.shape[2:]):
        numbers = padded[n, :, i * s_h : i * s_h + k_h, j * s_w : j * s_w + k_w].ravel()
        for weight, bias in perceptron:
            numbers = np.maximum(weight @ numbers + bias, 0)
        np.testing.assert_allclose(out[n, :, i, j], numbers, rtol=0, atol=1e-14)


def test_mlpconv_takes_padding_as_conv2d_does():
    assert MLPConv(3, (4, 5), (2, 3), padding="same")(torch.ones(2, 3, 6, 7)).shape == (2, 5, 6, 7)


def by_functions(weights, x, dropout):
    """The network of the paper's CIFAR-10 experiments, written with PyTorch's functions only."""

    def mlpconv(x, name, padding):
        for i, around in ((0, padding), (2, 0), (4, 0)):
            x = F.relu(F.conv2d(x, weights[f"{name}.{i}.weight"], weights[f"{name}.{i}.bias"], padding=around))
        return x

    x = F.dropout(F.max_pool2d(mlpconv(x, "mlpconv1", 2), 3, 2, ceil_mode=True), dropout)
    x = F.dropout(F.avg_pool2d(mlpconv(x, "mlpconv2", 2), 3, 2, ceil_mode=True), dropout)
    return mlpconv(x, "mlpconv3", 1).mean((2, 3))


@pytest.mark.parametrize("size", [(32, 32), (9, 14), (4, 4)])
def test_the_network_is_the_papers(size):
    torch.manual_seed(0)
    model = NetworkInNetwork(in_channels=2, num_classes=7, dropout=0.3).double()
    weights, x = dict(model.named_parameters()), torch.randn(3, 2, *size, dtype=torch.float64)
    check_that_it_computes(model, lambda x: by_functions(weights, x, 0.3 if model.training else 0.0), x)
    assert model(x).shape == (3, 7)


def test_its_size_and_its_work_are_the_published_ones():
    model = NetworkInNetwork().to("meta")
    assert sum(p.numel() for p in model.parameters()) == 966_986
    with FlopCounterMode(display=False) as counter:
        assert model(torch.empty(5, 3, 32, 32, device="meta")).shape == (5, 10)
    assert counter.get_total_flops() == 2 * 5 * 222_486_528
    table = layer_table(model, (3, 32, 32))
    pointwise = [cost for name, cost in table.layers if name.endswith("1×1")]
    assert (table.parameters, table.macs) == (966_986, 222_486_528)
    assert (len(pointwise), sum(cost.parameters for cost in pointwise)) == (6, 159_434)
    assert [m.p for m in model.modules() if isinstance(m, nn.Dropout)] == [0.5, 0.5]


def test_every_parameter_learns():
    torch.manual_seed(0)
    model = NetworkInNetwork().double().eval()
    nn.init.ones_(model.mlpconv3[-2].bias)  # or the last ReLU stops the gradient of the classes it clears
    check_that_every_parameter_learns(model, torch.randn(4, 3, 32, 32, dtype=torch.float64), classes=10)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: MLPConv(0, (4,), 3), ValueError, r"in_channels: expected at least 1, got 0"),
        (lambda: MLPConv(3.0, (4,), 3), TypeError, r"in_channels: expected an integer, got 3\.0"),
        (lambda: MLPConv(3, 4, 3), TypeError, r"widths: expected a sequence of integers, got 4"),
        (lambda: MLPConv(3, "4", 3), TypeError, r"widths: expected a sequence of integers, got '4'"),
        (lambda: MLPConv(3, (), 3), ValueError, r"widths: expected at least one, got none"),
        (lambda: MLPConv(3, (4, 0), 3), ValueError, r"widths: expected at least 1, got 0"),
        (lambda: MLPConv(3, (4, 5.0), 3), TypeError, r"widths: expected an integer, got 5\.0"),
        (lambda: NetworkInNetwork(0), ValueError, r"in_channels: expected at least 1, got 0"),
        (lambda: NetworkInNetwork(num_classes=0), ValueError, r"num_classes: expected at least 1, got 0"),
        (lambda: NetworkInNetwork(num_classes=True), TypeError, r"num_classes: expected an integer, got True"),
        (lambda: NetworkInNetwork(dropout=1.5), ValueError, r"dropout: expected a probability from 0 to 1, got 1\.5"),
        (lambda: NetworkInNetwork(dropout="0"), TypeError, r"dropout: .*got '0'"),
        (lambda: MLPConv(3, (4,), 0), ValueError, r"kernel_size: .*got 0"),
        (lambda: MLPConv(3, (4,), 3, 0), ValueError, r"stride: .*got 0"),
        (lambda: MLPConv(3, (4,), 3, 1, -1), ValueError, r"padding: .*got -1"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_slice_of_layers_is_plain_layers():
    model, images = NetworkInNetwork().eval(), torch.randn(2, 3, 32, 32)
    assert torch.equal(model[-2:](model[:-2](images)), model(images))
    assert type(model[:2]) is type(MLPConv(3, (4, 5), 3)[:2]) is nn.Sequential
    assert isinstance(model[0][2], nn.Conv2d)


def test_a_layer_has_no_padding_unless_told_and_dropout_may_be_all_or_nothing():
    assert MLPConv(3, (4,), 3)(torch.zeros(1, 3, 5, 6)).shape == (1, 4, 3, 4)
    for p in (0, 1):
        assert {m.p for m in NetworkInNetwork(dropout=p).modules() if isinstance(m, nn.Dropout)} == {p}
    with pytest.raises(ValueError, match=r"^widths: expected at least one, got none$"):
        MLPConv(3, (), 3)
