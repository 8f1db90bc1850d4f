"""lib.census and its networks against what torchvision and the papers publish, and blocks written out by hand."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lib.census import NETWORKS, by_kind
from lib.convnext import ConvNeXt, ConvNeXtBlock
from lib.cost import layer_table
from lib.densenet import DenseLayer, DenseNet
from lib.efficientnet import EfficientNetB0, EfficientNetV2S
from lib.mobilenet import DepthwiseSeparable, InvertedResidual, MobileNet, MobileNetV2, SqueezeExcitation
from lib.plain_networks import VGG16, AlexNet
from lib.resnet import resnet50
from lib.resnext import ResNeXtBlock, resnext50
from lib.vit import Attention, EncoderLayer, VisionTransformer
from lib.xception import Xception
from tests.models import by_hand_norm, check_that_every_parameter_learns, check_that_it_computes, count, on_meta


@pytest.mark.parametrize("name", [name for name, network in NETWORKS.items() if network.parameters])
def test_parameters_are_the_published_ones(name):
    assert count(NETWORKS[name].model()) == NETWORKS[name].parameters


@pytest.mark.parametrize("name", [name for name, network in NETWORKS.items() if network.gmacs])
def test_macs_are_the_published_ones(name):
    network = NETWORKS[name]
    macs = layer_table(network.model(), (3, network.side, network.side)).macs
    assert macs / 1e9 == pytest.approx(network.gmacs, abs=5.5e-4)


def test_what_else_the_papers_print():
    assert round(count(NETWORKS["AlexNet"].model()) / 1e6) == 61  # the paper: "60 million parameters"
    assert round(count(NETWORKS["MobileNet"].model()) / 1e6, 1) == 4.2  # Table 4
    assert count(on_meta(EfficientNetV2S)) == 21_458_488  # torchvision's table of weights
    assert layer_table(on_meta(EfficientNetV2S), (3, 384, 384)).macs / 1e9 == pytest.approx(8.366, abs=5.5e-4)
    for depths, growth, parameters in (((6, 12, 32, 32), 32, 14_149_480), ((6, 12, 48, 32), 32, 20_013_928)):
        assert count(on_meta(DenseNet, depths=depths, growth=growth)) == parameters  # torchvision's 169 and 201
    small = on_meta(ConvNeXt, depths=(3, 3, 27, 3))
    assert count(small) == 50_223_688  # torchvision's convnext_small
    assert count(on_meta(VisionTransformer, width=1024, depth=24, heads=16)) == 304_326_632  # its vit_l_16


def test_mobilenets_table_2():
    kinds = by_kind(on_meta(MobileNet), (3, 224, 224))
    macs = sum(macs for _, macs in kinds.values())
    weights = sum(p.numel() for p in on_meta(MobileNet).parameters() if p.ndim > 1)
    assert round(100 * kinds["1×1"][1] / macs, 2) == 94.86
    assert round(100 * kinds["1×1"][0] / weights, 2) == 74.59  # 1×1s have no biases here
    assert round(100 * kinds["depthwise"][1] / macs, 2) == 3.06
    assert round(100 * kinds["depthwise"][0] / weights, 2) == 1.06
    assert round(100 * kinds["fully connected"][1] / macs, 2) == 0.18


def test_a_depthwise_separable_block():
    torch.manual_seed(0)
    block = DepthwiseSeparable(3, 5, 2).double()
    (depthwise, norm, _), (pointwise, norm2, _) = block

    def by_hand(x):
        out = F.relu(by_hand_norm(norm, F.conv2d(x, depthwise.weight, stride=2, padding=1, groups=3)))
        return F.relu(by_hand_norm(norm2, F.conv2d(out, pointwise.weight)))

    check_that_it_computes(block, by_hand, torch.randn(2, 3, 7, 6, dtype=torch.float64))


@pytest.mark.parametrize("squeezed", [0, 2])
@pytest.mark.parametrize(("c_out", "stride", "expansion", "kernel"), [(4, 1, 3, 3), (6, 2, 3, 5), (4, 2, 1, 3)])
def test_an_inverted_residual(c_out, stride, expansion, kernel, squeezed):
    torch.manual_seed(0)
    block = InvertedResidual(4, c_out, stride, expansion, kernel, squeezed).double()
    shortcut = c_out == 4 and stride == 1
    layers = block[0].body if shortcut else block

    def by_hand(x):
        out = x
        if expansion > 1:
            out = F.relu6(by_hand_norm(layers.expand[1], F.conv2d(out, layers.expand[0].weight)))
        weight = layers.depthwise[0].weight
        out = F.conv2d(out, weight, stride=stride, padding=kernel // 2, groups=4 * expansion)
        out = F.relu6(by_hand_norm(layers.depthwise[1], out))
        if squeezed:
            gates = layers.gates
            hidden = F.relu6(F.linear(out.mean((2, 3)), gates.reduce.weight[:, :, 0, 0], gates.reduce.bias))
            gate = torch.sigmoid(F.linear(hidden, gates.restore.weight[:, :, 0, 0], gates.restore.bias))
            out = out * gate[:, :, None, None]
        out = by_hand_norm(layers.project[1], F.conv2d(out, layers.project[0].weight))
        return out + x if shortcut else out

    check_that_it_computes(block, by_hand, torch.randn(2, 4, 7, 6, dtype=torch.float64))


@pytest.mark.parametrize("stride_on", ["3x3", "1x1"])
def test_a_resnext_block(stride_on):
    torch.manual_seed(0)
    block = ResNeXtBlock(8, 16, 2, "B", stride_on, groups=2, group_width=12).double()
    first, second = (1, 2) if stride_on == "3x3" else (2, 1)

    def by_hand(x):
        out = F.relu(by_hand_norm(block.bn1, F.conv2d(x, block.conv1.weight, stride=first)))
        parts = zip(out.split(3, 1), block.conv2.weight.split(3), strict=True)  # 12 channels at width 64 are 3 at 16
        out = torch.cat([F.conv2d(part, weight, stride=second, padding=1) for part, weight in parts], 1)
        out = by_hand_norm(block.bn3, F.conv2d(F.relu(by_hand_norm(block.bn2, out)), block.conv3.weight))
        conv, norm = block.downsample
        return F.relu(out + by_hand_norm(norm, F.conv2d(x, conv.weight, stride=2)))

    check_that_it_computes(block, by_hand, torch.randn(2, 8, 7, 6, dtype=torch.float64))


def test_resnexts_names_are_torchvisions():
    theirs = on_meta(resnet50).state_dict()
    ours = on_meta(resnext50).state_dict()
    assert list(ours) == list(theirs)
    widths = [ours[f"layer{k}.0.conv2.weight"].shape for k in (1, 2, 3, 4)]  # Table 1
    assert [tuple(w) for w in widths] == [(128, 4, 3, 3), (256, 8, 3, 3), (512, 16, 3, 3), (1024, 32, 3, 3)]
    assert on_meta(resnext50, stride_on="1x1", shortcut="C").layer2[1].downsample is not None


def test_a_dense_layer():
    torch.manual_seed(0)
    block = DenseLayer(3, 2).double()
    norm, _, narrow, norm2, _, new = block.new

    def by_hand(x):
        out = F.conv2d(F.relu(by_hand_norm(norm, x)), narrow.weight)
        return torch.cat([x, F.conv2d(F.relu(by_hand_norm(norm2, out)), new.weight, padding=1)], 1)

    check_that_it_computes(block, by_hand, torch.randn(2, 3, 7, 6, dtype=torch.float64))
    assert (narrow.out_channels, new.out_channels) == (8, 2)


def test_attention_and_an_encoder_layer_are_pytorchs():
    torch.manual_seed(0)
    ours = EncoderLayer(12, heads=3, hidden=20).double()
    theirs = nn.TransformerEncoderLayer(
        12, 3, 20, dropout=0, activation="gelu", layer_norm_eps=1e-6, batch_first=True, norm_first=True
    ).double()
    names = "norm1", "self_attn.in_proj_", "self_attn.out_proj", "norm2", "linear1", "linear2"
    with torch.no_grad():
        for part, value in ours.named_parameters():
            value.normal_()
            k = ["attend.body.norm", "queries", "attend.body.out", "forward.body.norm", "widen", "narrow"]
            name = next(name for key, name in zip(k, names, strict=True) if key in part)
            end = part.rsplit(".", 1)[1]
            theirs.get_parameter(name + (end if name.endswith("_") else f".{end}")).copy_(value)
    x = torch.randn(2, 5, 12, dtype=torch.float64)
    torch.testing.assert_close(ours(x), theirs(x))
    q, k, v = (part.unflatten(2, (3, 4)).transpose(1, 2) for part in torch.randn(2, 5, 36).double().split(12, 2))
    stacked = torch.cat([part.transpose(1, 2).flatten(2) for part in (q, k, v)], 2)
    expected = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
    torch.testing.assert_close(Attention(3)(stacked), expected)


def test_a_convnext_block():
    torch.manual_seed(0)
    block = ConvNeXtBlock(4).double()
    layers = block.body
    nn.init.normal_(layers.scale.scale)

    def by_hand(x):
        out = F.conv2d(x, layers.depthwise.weight, layers.depthwise.bias, padding=3, groups=4)
        mean, variance = out.mean(1, keepdim=True), out.var(1, correction=0, keepdim=True)
        scale, shift = layers.norm.weight[:, None, None], layers.norm.bias[:, None, None]
        out = (out - mean) / (variance + 1e-6).sqrt() * scale + shift
        out = F.gelu(F.conv2d(out, layers.widen.weight[:, :, None, None], layers.widen.bias))
        out = F.conv2d(out, layers.narrow.weight[:, :, None, None], layers.narrow.bias)
        return x + layers.scale.scale[:, None, None] * out

    check_that_it_computes(block, by_hand, torch.randn(2, 4, 8, 9, dtype=torch.float64))


@pytest.mark.parametrize(
    ("build", "side"),
    [
        (MobileNet, 33),
        (MobileNetV2, 33),
        (EfficientNetB0, 33),
        (EfficientNetV2S, 33),
        (Xception, 71),
        (lambda num_classes: DenseNet((2, 2), 8, num_classes), 33),
        (lambda num_classes: ConvNeXt((1, 2), (8, 12), num_classes), 32),
        (lambda num_classes: VisionTransformer(32, 8, 12, 2, 3, num_classes), 32),
    ],
)
def test_a_network_runs_and_every_parameter_learns(build, side):
    torch.manual_seed(0)
    model = build(num_classes=3)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    check_that_every_parameter_learns(model, torch.randn(3, 3, side, side), classes=3)


@pytest.mark.parametrize("build", [AlexNet, VGG16])
def test_plain_networks_end_in_as_many_scores_as_asked_for(build):
    table = layer_table(on_meta(build, num_classes=7, hidden=9), (3, 224, 224))
    assert table.layers[-1][1].output_shape == (7,)
    assert "1×1" not in by_kind(on_meta(build), (3, 224, 224))


def test_alexnets_maps_are_the_papers():
    convolutions = [c for name, c in layer_table(on_meta(AlexNet), (3, 224, 224)).layers if "Conv2d" in name]
    assert [c.output_shape for c in convolutions] == [(96, 55, 55), (256, 27, 27)] + 2 * [(384, 13, 13)] + [
        (256, 13, 13)
    ]
    weights = [c.parameters - c.output_shape[0] for c in convolutions]  # section 3.5: kernels, and what each reads
    assert weights == [96 * 11 * 11 * 3, 256 * 5 * 5 * 48, 384 * 3 * 3 * 256, 384 * 3 * 3 * 192, 256 * 3 * 3 * 192]


def test_kinds():
    class OnTokens(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer, self.attention = nn.Linear(3, 6, bias=False), Attention(1)

        def forward(self, x):
            return self.attention(self.layer(x.flatten(2).transpose(1, 2)))

    assert by_kind(OnTokens(), (3, 2, 2)) == {"1×1": (18, 4 * 18), "attention": (0, 2 * 4 * 4 * 2)}
    assert by_kind(nn.Conv2d(3, 6, 1), (3, 2, 2)) == {"1×1": (24, 72)}
    assert by_kind(SqueezeExcitation(6, 2), (6, 4, 4)) == {"gates": (14 + 18, 24)}
    assert by_kind(nn.Conv2d(6, 12, 3, groups=6), (6, 3, 3)) == {"depthwise": (120, 108)}
    assert by_kind(nn.Conv2d(6, 6, 3, groups=2), (6, 3, 3)) == {"larger kernels": (168, 162)}
    assert by_kind(nn.Conv2d(1, 6, 3), (1, 3, 3)) == {"larger kernels": (60, 54)}
    assert by_kind(nn.Sequential(nn.Flatten(), nn.Linear(4, 2), nn.LayerNorm(2)), (1, 2, 2)) == {
        "fully connected": (10, 8),
        "rest": (4, 0),
    }
    for network in (NETWORKS["EfficientNet-B0"], NETWORKS["ViT-B/16"]):
        table = layer_table(network.model(), (3, 224, 224))
        sums = [sum(cost) for cost in zip(*network.by_kind().values(), strict=True)]
        assert sums == [table.parameters, table.macs]
    assert NETWORKS["ViT-B/16"].by_kind()["attention"] == (0, 12 * 2 * 197 * 197 * 768)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: InvertedResidual(4, 4, kernel_size=4), ValueError, "kernel_size: expected an odd number, .*, got 4"),
        (
            lambda: SqueezeExcitation(4, 2, F.relu),
            TypeError,
            "activation: expected a class of modules .*, got <function",
        ),
        (lambda: ResNeXtBlock(8, 8, group_width=4), ValueError, "group_width: expected a whole number .*, got 4"),
        (lambda: EncoderLayer(8, 3, 4), ValueError, "heads: expected a divisor of the width, 8, got 3"),
        (lambda: VisionTransformer(side=30), ValueError, "patch: expected a divisor of the side, 30, got 16"),
        (lambda: VisionTransformer(heads=5), ValueError, "heads: expected a divisor of the width, 768, got 5"),
        (lambda: ConvNeXt(depths=(1, 1)), ValueError, "widths: expected one for each of the depths"),
        (lambda: DenseNet(depths=()), ValueError, "depths: expected at least one, got none"),
        (lambda: AlexNet(dropout=2), ValueError, "dropout: expected a probability from 0 to 1, got 2"),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
