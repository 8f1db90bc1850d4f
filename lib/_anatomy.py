"""What a model is made of, as pictures of it need it: its tensors, in lines from top to bottom or on parallel paths."""

import copy
import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import torch
import torch.nn.functional as F
from torch import fx, nn
from torch.fx.passes.shape_prop import ShapeProp

from lib import _on_shapes as on_shapes

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Tensor:
    """What a layer is called, and the shape of its output without the batch axis."""

    made_by: str
    shape: Shape

    @property
    def maps(self) -> int:
        return self.shape[0]

    @property
    def side(self) -> int:
        return self.shape[1] if len(self.shape) == 3 else 1


@dataclass(frozen=True)
class Row:
    """A line of the picture of a network: what it is called, and tensors side by side."""

    label: str
    tensors: tuple[Tensor, ...]

    @property
    def maps(self) -> int:
        return sum(tensor.maps for tensor in self.tensors)

    @property
    def shape(self) -> str:
        return "×".join(map(str, (self.maps, *self.tensors[0].shape[1:])))


def bundles(model: nn.Module, shape: Shape) -> Iterator[tuple[int, list[Row]]]:
    """Lines, and how many times each bundle of them stands in the network."""
    units = [unit for unit in _outputs(model, shape) if list(unit[1].children()) or _made_by(unit[1], unit[2])]
    # Of a stage's blocks the first differs, where it halves the pixels; the last speaks for all.
    for _, alike in groupby(units, key=lambda unit: (type(unit[1]) if list(unit[1].children()) else None, unit[3])):
        same = list(alike)
        last = _lines(*same[-1])
        if len(last) > 1:
            yield len(same), last
        else:
            yield from ((1, _lines(*unit)) for unit in same[:-1])
            yield 1, last


def _lines(name: str, unit: nn.Module, before: Shape, after: Shape) -> list[Row]:
    """A layer or stacked branches as one line; a block as a line for each of its tensors."""
    if not list(unit.children()):
        made_by = _made_by(unit, before)
        return [Row(made_by, (Tensor(made_by, after),))]
    ways, join = paths(unit, before)
    if join == "stacked":
        return [Row(_spaced(name), tuple(path[-1] for path in ways))]
    return [Row(tensor.made_by, (tensor,)) for tensor in max(ways, key=len)]


def _outputs(model: nn.Module, shape: Shape) -> list[tuple[str, nn.Module, Shape, Shape]]:
    """Layers and blocks in the order they run: name, module, shape of its input and of its output."""
    ran: list[tuple[str, nn.Module, Shape, Shape]] = []

    def note(name: str, module: nn.Module) -> torch.utils.hooks.RemovableHandle:
        return module.register_forward_hook(
            lambda _, inputs, output: ran.append((name, module, tuple(inputs[0].shape[1:]), tuple(output.shape[1:])))
        )

    hooks = [note(name, module) for name, module in _units("", model)]
    try:
        on_shapes.run(model, shape)
    finally:
        for hook in hooks:
            hook.remove()
    return ran


def _units(name: str, module: nn.Module, root: bool = True) -> Iterator[tuple[str, nn.Module]]:
    """Layers, and blocks whole; what is only a sequence is opened."""
    children = list(module.named_children())
    if not children or not (root or isinstance(module, nn.Sequential)):
        yield name, module
    else:
        for child, inner in children:
            yield from _units(child, inner, root=False)


def paths(block: nn.Module, shape: Shape) -> tuple[list[list[Tensor]], str]:
    """The ways through a block, each as the tensors on it, and how they meet: "stacked", "added", or "" for one way."""
    block = copy.deepcopy(block if list(block.children()) else nn.Sequential(block)).to("meta")
    traced = fx.GraphModule(block, fx.Tracer().trace(block))
    try:
        ShapeProp(traced).propagate(on_shapes.image(block, shape))
    except RuntimeError as error:
        raise ValueError(f"input_shape: expected a shape that the block can take, got {shape}: {error}") from None
    layers = dict(traced.named_modules())
    meeting: Any = next((node for node in reversed(traced.graph.nodes) if _meets(node)), None)
    if meeting is not None:
        ends = meeting.args[0] if meeting.target is torch.cat else meeting.args
        return [_back(end, layers) for end in ends], "stacked" if meeting.target is torch.cat else "added"
    return [_back(next(iter(traced.graph.find_nodes(op="output"))).args[0], layers)], ""


def _meets(node: Any) -> bool:
    return node.op == "call_function" and node.target in (torch.cat, operator.add, torch.add)


def _back(node: Any, layers: Mapping[str, nn.Module]) -> list[Tensor]:
    """The tensors on the way from the block's input to ``node``."""
    way: list[Tensor] = []
    while node.op != "placeholder":
        before = node.args[0]
        shape = tuple(node.meta["tensor_meta"].shape[1:])
        if node.op == "call_module":
            made_by = _made_by(layers[str(node.target)], tuple(before.meta["tensor_meta"].shape[1:]))
        else:
            made_by = _made_without_layer(node, shape)
        if made_by:
            way.append(Tensor(made_by, shape))
        node = before
    return way[::-1]


def _made_without_layer(node: Any, shape: Shape) -> str:
    """The same for what a function has made."""
    if node.target is operator.getitem:
        return f"stride {node.args[1][-1].step}"
    if node.target is F.pad:
        return f"+{shape[0] - node.args[0].meta['tensor_meta'].shape[1]} zeros"
    return ""


def _made_by(layer: nn.Module, before: Shape) -> str:
    """The name of a layer in a picture; empty for one that is not shown."""
    size = getattr(layer, "kernel_size", None)
    kernel = "×".join(map(str, size if isinstance(size, tuple) else (size, size)))
    match layer:
        case nn.Conv2d():
            return f"depthwise {kernel}" if layer.groups == layer.in_channels > 1 else kernel
        case nn.Linear():
            return "fully connected"
        case nn.MaxPool2d():
            return f"max {kernel}"
        case nn.AvgPool2d():
            return f"mean {kernel}"
        case nn.AdaptiveAvgPool2d():
            return "mean of all"
        case nn.Flatten() if len(before) == 3 and before[1:] != (1, 1):
            return "flattened"
    return ""


def _spaced(name: str) -> str:
    """A module's name with a space before its number: "inception3a" as "inception 3a"."""
    letters = name.rstrip("abcdef").rstrip("0123456789")
    return f"{letters} {name.removeprefix(letters)}".strip()
