"""lib.fully_connected against the layers it converts, against cropping every window, and against bad input."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from lib.cost import layer_table
from lib.fully_connected import cropped_scores, fully_convolutional, linear_to_conv2d
from lib.network_in_network import MLPConv
from tests.models import on_meta
from tests.strategies import often

sizes = st.integers(1, 4)


@often(100)
@given(sizes, sizes, sizes, sizes, st.booleans(), st.integers(0, 2**32 - 1))
def test_a_linear_layer_is_a_convolution_as_large_as_its_input(channels, height, width, out, bias, seed):
    torch.manual_seed(seed)
    linear = nn.Linear(channels * height * width, out, bias).double()
    conv = linear_to_conv2d(linear, (height, width))
    x = torch.randn(3, channels, height, width, dtype=torch.float64)
    torch.testing.assert_close(conv(x).flatten(1), linear(x.flatten(1)), rtol=0, atol=1e-14)
    image = torch.randn(1, channels, height + 2, width + 3, dtype=torch.float64)
    windows = F.unfold(image, (height, width)).transpose(1, 2)  # PyTorch's own order of C×H×W
    torch.testing.assert_close(conv(image).flatten(2).transpose(1, 2), linear(windows), rtol=0, atol=1e-14)


def test_the_copy_shares_nothing():
    linear = nn.Linear(12, 5)
    conv = linear_to_conv2d(linear, (2, 3))
    before = linear.weight.clone()
    with torch.no_grad():
        conv.weight.zero_()
        conv.bias.zero_()
    assert torch.equal(linear.weight, before)
    assert linear.bias.any()
    assert conv.weight.requires_grad


def classifiers():
    torch.manual_seed(0)
    conv = [nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2)]
    head = [nn.Flatten(), nn.Dropout(), nn.Linear(4 * 3 * 3, 6), nn.ReLU(), nn.Linear(6, 10)]
    yield nn.Sequential(*conv, *head), None, 2
    yield nn.Sequential(nn.Sequential(*conv), nn.Sequential(*head)), (3, 3), 2
    yield nn.Sequential(MLPConv(1, (4, 3), 3), nn.AvgPool2d((3, 2)), nn.Flatten(), nn.Linear(18, 10)), (2, 3), (3, 2)
    yield nn.Sequential(nn.Flatten(), nn.Linear(64, 10)), 8, 1


@pytest.mark.parametrize(("model", "kernel", "stride"), list(classifiers()))
def test_one_pass_is_cropping_every_window(model, kernel, stride):
    model = model.double().eval()
    dense = fully_convolutional(model, kernel)
    assert not dense.training
    digit = torch.rand(2, 1, 8, 8, dtype=torch.float64)
    torch.testing.assert_close(dense(digit), model(digit)[:, :, None, None], rtol=0, atol=1e-14)
    canvas = torch.rand(1, 1, 14, 20, dtype=torch.float64)
    rows, columns = stride if isinstance(stride, tuple) else (stride, stride)
    windows = canvas.unfold(2, 8, rows).unfold(3, 8, columns)
    crops = windows.reshape(-1, 1, 8, 8)
    scores = model(crops).T.reshape(1, 10, *windows.shape[2:4])
    torch.testing.assert_close(dense(canvas), scores, rtol=0, atol=1e-14)
    torch.testing.assert_close(cropped_scores(model, canvas, 8, stride), scores, rtol=0, atol=1e-14)


def test_every_window_is_cut_out_in_its_place():
    image = torch.rand(2, 3, 7, 9)
    pixel = nn.Sequential(nn.Flatten())  # the numbers of the window are its scores
    scores = cropped_scores(pixel, image, (2, 3), stride=(2, 1))
    assert scores.shape == (2, 18, 3, 7)
    torch.testing.assert_close(scores[1, :, 2, 5], image[1, :, 4:6, 5:8].flatten(), rtol=0, atol=0)
    for model, picture, error, message in (
        (len, image, TypeError, "^model: expected a torch.nn.Module, got <built-in"),
        (pixel, image.numpy(), TypeError, "^image: expected a torch.Tensor, got array"),
        (pixel, image[0], ValueError, r"^image: expected \(N, C, H, W\) of at least 2×3 pixels, got \(3, 7, 9\)"),
        (pixel, image[:, :, :1], ValueError, r"^image: .* at least 2×3 pixels, got \(2, 3, 1, 9\)"),
        (pixel, image[..., :2], ValueError, r"^image: .* at least 2×3 pixels, got \(2, 3, 7, 2\)"),
        (nn.Linear(2, 2), image, ValueError, r"^model: expected one for \(3, 2, 3\), got an error from it: mat1"),
        (nn.ReLU(), image, ValueError, r"^model: expected scores \(N, classes\), got torch.Size\(\[84, 3, 2, 3\]\)"),
    ):
        with pytest.raises(error, match=message):
            cropped_scores(model, picture, (2, 3))


def test_the_model_is_left_alone_and_its_mode_is_kept():
    model = next(classifiers())[0].train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    dense = fully_convolutional(model)
    assert dense.training
    with torch.no_grad():
        for parameter in dense.parameters():
            parameter.zero_()
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_vgg_16_keeps_its_parameters():  # 138,357,544, of which 102,764,544 in the layer that becomes 7×7
    def vgg(widths=(64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M")):
        layers, c = [], 3
        for width in widths:
            layers += [nn.MaxPool2d(2)] if width == "M" else [nn.Conv2d(c, width, 3, padding=1), nn.ReLU()]
            c = c if width == "M" else width
        head = [
            nn.Linear(25088, 4096),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(4096, 4096),
            nn.ReLU(),
            nn.Linear(4096, 1000),
        ]
        return nn.Sequential(*layers, nn.Flatten(), *head)

    dense = layer_table(fully_convolutional(on_meta(vgg)), (3, 224, 224))
    assert dense.parameters == 138_357_544
    assert {cost.parameters for name, cost in dense.layers if "7×7" in name} == {102_764_544}
    assert dense.layers[-1][1].output_shape == (1000, 1, 1)


def test_bad_input_is_refused():
    linear, conv = nn.Linear(12, 5), nn.Conv2d(1, 4, 3)
    for arguments, error, message in (
        ((conv,), TypeError, "linear: expected an nn.Linear, got Conv2d"),
        ((linear, 5), ValueError, r"5×5 pixels divide the 12 inputs of the layer, got \(5, 5\) .* shape \(5, 12\)"),
        ((linear, (1, 24)), ValueError, "1×24 pixels divide the 12 inputs"),
        ((linear, 0), ValueError, "kernel_size: expected at least 1, got 0"),
        ((linear, 2.0), TypeError, "kernel_size: expected an integer, got 2.0"),
    ):
        with pytest.raises(error, match=message):
            linear_to_conv2d(*arguments)
    for layers, error, message in (
        ((conv, linear), ValueError, "expected exactly one nn.Flatten, got 0 in 2 layers"),
        ((nn.Flatten(), linear, nn.Flatten()), ValueError, "expected exactly one nn.Flatten, got 2 in 3 layers"),
        ((conv, nn.Flatten(2), linear), ValueError, "expected a flatten of all axes but the first, got Flatten"),
        ((conv, nn.AdaptiveAvgPool2d(1), nn.Flatten(), linear), TypeError, "alike at every place .* got AdaptiveAvg"),
        ((conv, nn.Flatten(), nn.BatchNorm1d(4), linear), TypeError, "behind the flatten, got BatchNorm1d"),
        ((conv, nn.Flatten(), nn.ReLU()), ValueError, r"expected an nn.Linear behind .* got \['ReLU'\]"),
        ((nn.ReLU(), nn.Flatten(), linear), ValueError, "kernel_size: expected a size, as no convolution"),
        ((conv, nn.Flatten(), linear), ValueError, "12 inputs are no square maps of 4 channels"),
    ):
        with pytest.raises(error, match=message):
            fully_convolutional(nn.Sequential(*layers))
    for model in (linear, [conv, nn.Flatten(), linear]):
        with pytest.raises(TypeError, match=r"model: expected an nn\.Sequential"):
            fully_convolutional(model)


def test_a_vector_is_read_by_a_1x1_and_bad_input_is_named_to_the_end():
    assert linear_to_conv2d(nn.Linear(12, 2)).kernel_size == (1, 1)
    for call, error, message in (
        (lambda: linear_to_conv2d(nn.Linear(7, 2), 2), ValueError, r"^kernel_size: .*2×2 pixels divide the 7 inputs"),
        (lambda: linear_to_conv2d(nn.Linear(3, 2), 2), ValueError, r"^kernel_size: .*2×2 pixels divide the 3 inputs"),
        (lambda: fully_convolutional(nn.ReLU()), TypeError, r"^model: expected an nn\.Sequential, got ReLU$"),
        (lambda: fully_convolutional(nn.Sequential(nn.Flatten(), nn.Linear(9, 2))), ValueError, r"maps, got None$"),
        (
            lambda: fully_convolutional(nn.Sequential(nn.Conv2d(1, 2, 1), nn.Flatten(), nn.Linear(6, 2))),
            ValueError,
            r"square maps of 2 channels, got None$",
        ),
    ):
        with pytest.raises(error, match=message):
            call()
