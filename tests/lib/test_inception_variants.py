"""lib.inception_variants against GoogLeNet itself and arithmetic done by hand."""

import pytest
import torch

from lib.cost import layer_table
from lib.inception import MODULES, GoogLeNet, Inception, NaiveInception
from lib.inception_variants import miniature, nine_modules
from tests.models import check_that_every_parameter_learns, on_meta


def test_with_both_kinds_they_are_googlenets():
    ours = [(name, cost) for name, cost in layer_table(nine_modules(True, True), (192, 28, 28)).layers if cost.macs]
    whole = layer_table(on_meta(GoogLeNet), (3, 224, 224)).layers
    assert [(f"inception{name}", cost) for name, cost in ours] == [
        (name, cost) for name, cost in whole if name.startswith("inception") and cost.macs
    ]


@pytest.mark.parametrize("reduce", [False, True])
@pytest.mark.parametrize("project", [False, True])
def test_macs_and_maps_of_each_kind(reduce, project):
    model, c = nine_modules(reduce, project), 192
    layers = layer_table(model, (192, 28, 28)).layers
    for name, (c1, r3, f3, r5, f5, pool) in MODULES.items():
        large = c * r3 + 9 * r3 * f3 + c * r5 + 25 * r5 * f5 if reduce else 9 * c * f3 + 25 * c * f5
        pixels = {"3": 28, "4": 14, "5": 7}[name[0]] ** 2
        macs = sum(cost.macs for layer, cost in layers if layer.startswith(f"{name}."))
        assert macs == (c * c1 + large + project * c * pool) * pixels
        c = c1 + f3 + f5 + (pool if project else c)
        assert model.get_submodule(name).out_channels == c
    assert model(torch.empty(1, 192, 28, 28, device="meta")).shape == (1, c, 7, 7)


@pytest.mark.parametrize(("kind", "divisor"), [(Inception, 16), (NaiveInception, 27), (Inception, 31)])
def test_a_miniature_is_narrow(kind, divisor):
    state = on_meta(miniature, kind=kind, divisor=divisor).state_dict()
    for module in ("3a", "3b"):
        c1, r3, f3, r5, f5, pool = (round(width / divisor) for width in MODULES[module])
        ends = {"branch1": c1, "branch2": f3, "branch3": f5}
        if kind is Inception:
            ends = {
                "branch1": c1,
                "branch2.0": r3,
                "branch2.1": f3,
                "branch3.0": r5,
                "branch3.1": f5,
                "branch4.1": pool,
            }
        filters = {end: len(state[f"module{module}.{end}.conv.weight"]) for end in ends}
        assert filters == ends
    assert state["conv.weight"].shape == (round(192 / divisor), 1, 3, 3)


def test_a_miniature_without_1x1s_behind_its_poolings_hands_on_what_it_read():
    cut, naive = (on_meta(miniature, kind=kind, divisor=16) for kind in (Inception, NaiveInception))
    uncut = on_meta(miniature, kind=Inception, divisor=16, project=False)
    for module in ("3a", "3b"):
        ours = uncut.get_submodule(f"module{module}")
        assert ours.out_channels == naive.get_submodule(f"module{module}").out_channels
        for branch in ("branch1", "branch2", "branch3"):
            reduced = cut.get_submodule(f"module{module}.{branch}").parameters()
            filters = [(len(one), *one.shape[2:]) for one in reduced]
            assert filters == [(len(one), *one.shape[2:]) for one in ours.get_submodule(branch).parameters()]
        assert not [*ours.branch4.parameters()]
    assert uncut(torch.empty(2, 1, 8, 8, device="meta")).shape == (2, 10)


def test_a_miniature_learns_digits():
    torch.manual_seed(0)
    model = miniature(Inception, 9)
    check_that_every_parameter_learns(model, torch.rand(10, 1, 8, 8), 10)
    sizes = {name: cost.output_shape[-1] for name, cost in layer_table(model, (1, 8, 8)).layers if "pool3" in name}
    assert list(sizes.values()) == [4, 1]


def test_no_layer_may_vanish():
    with pytest.raises(ValueError, match="divisor: expected at most 31, got 32"):
        miniature(Inception, 32)
    with pytest.raises(ValueError, match="kind: expected Inception or NaiveInception, got"):
        miniature(GoogLeNet, 2)
