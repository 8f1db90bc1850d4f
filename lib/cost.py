"""What a layer costs: parameters, multiply–accumulates (MACs) and bytes, from shapes alone.

One MAC is one multiplication and one addition. Papers that count "FLOPs" often mean MACs; PyTorch's counter counts
two FLOPs for each. Biases, ReLUs and pooling multiply nothing, and count no MACs. Bytes are those of float32 unless
``itemsize`` says otherwise.
"""

import re
from dataclasses import dataclass
from math import prod

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lib import _arguments as arguments
from lib import _on_shapes as on_shapes
from lib import _windows as windows
from lib._arguments import IntOrPair
from lib._totals import totals
from lib.tables import Table

__all__ = ["Cost", "LayerTable", "conv2d_cost", "layer_table", "linear_cost", "pool2d_cost"]

UNITS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))
IMAGE = "(C, H, W) or (N, C, H, W)"


@dataclass(frozen=True)
class Cost:
    """What one layer costs on one input.

    Args:
        input_shape: of the input, in numbers along each axis.
        output_shape: of the output.
        parameters: weights and biases.
        macs: multiply–accumulates to compute the output.
    """

    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    parameters: int
    macs: int

    def activation_bytes(self, itemsize: int = 4) -> int:
        """Bytes of the output, which the next layer reads and training keeps."""
        return prod(self.output_shape) * itemsize

    def bytes_moved(self, itemsize: int = 4) -> int:
        """Bytes to read input and parameters and to write the output, each once: the least a layer can do."""
        return (prod(self.input_shape) + self.parameters + prod(self.output_shape)) * itemsize

    def intensity(self, itemsize: int = 4) -> float:
        """Arithmetic intensity: MACs for each byte moved (Williams, Waterman and Patterson, *Roofline*, 2009)."""
        return self.macs / self.bytes_moved(itemsize)


def conv2d_cost(
    input_shape: tuple[int, ...],
    out_channels: int,
    kernel_size: IntOrPair,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
    bias: bool = True,
) -> Cost:
    """A convolution: ``kH·kW·C_in/groups`` weights a filter, and as many MACs for each number of the output.

    Args:
        input_shape: ``(C_in, H, W)``, or ``(N, C_in, H, W)`` for a batch.
        out_channels: filters.
        kernel_size, stride, dilation: in pixels; an integer, or a pair (height, width).
        padding: an integer, a pair, ``"valid"`` or ``"same"``.
        groups: parts the channels are split into.
        bias: whether each filter has one.

    Raises:
        TypeError, ValueError: as :func:`lib.convolution.conv2d_loops`.

    >>> conv2d_cost((3, 256, 256), 512, kernel_size=3, padding="same")
    Cost(input_shape=(3, 256, 256), output_shape=(512, 256, 256), parameters=14336, macs=905969664)
    """
    shape = arguments.shape("input_shape", input_shape, (3, 4), IMAGE)
    c_in, c_out = shape[-3], arguments.integer("out_channels", out_channels, 1)
    window = windows.convolution(kernel_size, stride, padding, dilation)
    groups = arguments.divisor("groups", groups, c_in, c_out, f"input_shape {shape}")
    output_shape = (*shape[:-3], c_out, *window.size("kernel_size", shape))
    weights_a_filter = prod(window.kernel) * c_in // groups
    parameters = c_out * (weights_a_filter + arguments.boolean("bias", bias))
    return Cost(shape, output_shape, parameters, prod(output_shape) * weights_a_filter)


def pool2d_cost(
    input_shape: tuple[int, ...],
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> Cost:
    """Max or average pooling: no parameters, no MACs, but an output to store.

    Args:
        input_shape: ``(C, H, W)``, or ``(N, C, H, W)`` for a batch.
        kernel_size, padding, dilation: of the window, in pixels; an integer, or a pair (height, width).
        stride: in pixels; None means ``kernel_size``.

    Raises:
        TypeError, ValueError: as :func:`lib.pooling.max_pool2d`.

    >>> pool2d_cost((512, 256, 256), 2).output_shape
    (512, 128, 128)
    """
    shape = arguments.shape("input_shape", input_shape, (3, 4), IMAGE)
    _, size = windows.pooling(shape, kernel_size, stride, padding, dilation)
    return Cost(shape, (*shape[:-2], *size), 0, 0)


def linear_cost(in_features: int, out_features: int, bias: bool = True) -> Cost:
    """A fully connected layer: a weight, and a MAC, for each pair of an input and an output.

    Args:
        in_features, out_features: numbers in and out.
        bias: whether each output has one.

    Raises:
        TypeError, ValueError: a number of features is no positive integer.

    >>> linear_cost(4096, 1000).parameters
    4097000
    """
    c_in, c_out = arguments.positives(in_features=in_features, out_features=out_features)
    return Cost((c_in,), (c_out,), c_out * (c_in + arguments.boolean("bias", bias)), c_in * c_out)


@dataclass(frozen=True)
class LayerTable:
    """The layers of a model in the order they run; a table in a notebook, text elsewhere.

    Args:
        layers: the name of each layer, and its cost on one input.
    """

    layers: tuple[tuple[str, Cost], ...]

    @property
    def parameters(self) -> int:
        """Weights and biases of the whole model."""
        return sum(cost.parameters for _, cost in self.layers)

    @property
    def macs(self) -> int:
        """Multiply–accumulates of the whole model."""
        return sum(cost.macs for _, cost in self.layers)

    def activation_bytes(self, itemsize: int = 4) -> int:
        """Bytes of all outputs together, as training keeps them."""
        return sum(cost.activation_bytes(itemsize) for _, cost in self.layers)

    def by_kernel(self) -> dict[str, tuple[int, int]]:
        """Parameters and MACs of "1×1" and of each other kernel, of "fully connected" layers and of the "rest"."""
        layers = [(re.search(r"Conv2d (.+)|Linear", name), cost) for name, cost in self.layers]
        return totals(((layer[1] or "fully connected") if layer else "rest", cost) for layer, cost in layers)

    def _table(self) -> Table:
        most = max((cost.activation_bytes() for _, cost in self.layers), default=0)
        unit, size = next(((unit, size) for unit, size in UNITS if most >= size), ("B", 1))

        def memory(count: int) -> str:
            return f"{count / size:,.{int(size > 1)}f}"

        rows = [[name, c.output_shape, c.parameters, c.macs, memory(c.activation_bytes())] for name, c in self.layers]
        total = ["total", "", self.parameters, self.macs, memory(self.activation_bytes())]
        return Table(["layer", "output", "parameters", "MACs", f"memory ({unit})"], rows, total)

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def layer_table(model: nn.Module, input_shape: tuple[int, ...]) -> LayerTable:
    """Every layer that ``model`` runs on one input: output shape, parameters, MACs and the memory of its output.

    Nothing is computed: the model runs on shapes alone (PyTorch's "meta" device), and PyTorch's own counter counts.
    A layer is a module without children. One that runs twice has two rows, its parameters in the first. What runs
    or is stored outside any layer, if it costs anything, is gathered in a last row.

    Args:
        model: any module that takes one tensor.
        input_shape: of one input, without the batch axis: ``(C, H, W)``, or ``(features,)``.

    Raises:
        TypeError: the model is no module, the shape no tuple of integers, or a layer gives something but one tensor.
        ValueError: the model cannot take an input of that shape.

    >>> layer_table(nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU()), (3, 6, 7))
    layer         output  parameters   MACs  memory (B)
    ---------------------------------------------------
    0 Conv2d 3×3   8×4×5         224  4,320         640
    1 ReLU         8×4×5           0      0         640
    ---------------------------------------------------
    total                        224  4,320       1,280
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model: expected a torch.nn.Module, got {model!r}")
    shape = arguments.shape("input_shape", input_shape, (1, 3), "(C, H, W) or (features,)")
    modules = {m: _label(name, m) for name, m in model.named_modules() if not list(m.children())}
    owned = {m: {id(p): p.numel() for p in m.parameters()} for m in modules}
    counter = FlopCounterMode(display=False)
    begun: list[int] = []
    layers: list[tuple[str, Cost]] = []
    counted: set[int] = set()

    def begin(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        begun.append(counter.get_total_flops())

    def end(module: nn.Module, inputs: tuple[torch.Tensor, ...], output: object) -> None:
        if not isinstance(output, torch.Tensor):
            raise TypeError(f"model: expected each layer to give one tensor, got {output!r} from {modules[module]}")
        macs = (counter.get_total_flops() - begun.pop()) // 2
        parameters = sum(size for key, size in owned[module].items() if key not in counted)
        counted.update(owned[module])
        layers.append((modules[module], Cost(tuple(inputs[0].shape[1:]), tuple(output.shape[1:]), parameters, macs)))

    hooks = [h for m in modules for h in (m.register_forward_pre_hook(begin), m.register_forward_hook(end))]
    try:
        with counter:
            on_shapes.run(model, shape)
    finally:
        for hook in hooks:
            hook.remove()
    parameters = sum(p.numel() for p in model.parameters()) - sum(cost.parameters for _, cost in layers)
    macs = counter.get_total_flops() // 2 - sum(cost.macs for _, cost in layers)
    if parameters or macs:
        layers.append(("elsewhere", Cost((0,), (0,), parameters, macs)))
    return LayerTable(tuple(layers))


def _label(name: str, module: nn.Module) -> str:
    kernel = getattr(module, "kernel_size", None)
    kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
    size = f" {kernel[0]}×{kernel[1]}" if isinstance(kernel, tuple) and len(kernel) == 2 else ""
    return f"{name} {type(module).__name__}{size}".strip()
