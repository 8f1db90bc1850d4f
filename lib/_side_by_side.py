"""Several networks of one shape as a single one, so that many runs of an experiment cost little more than one.

Stack the maps of R networks. Layer after layer, their R convolutions are then one convolution with R groups, and their
1×1s and linear layers are one product of R pairs of matrices. Nothing mixes, so each network gives what it gives alone;
but PyTorch starts one operation where it would start R, and for networks this small starting is much of the work.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import torch
import torch.nn.functional as F
from torch import nn

from lib._progress import Progress

# Layers that treat every number alike need no change; those that read (N, C, H, W) get the stacked maps.
POINTWISE = (nn.ReLU, nn.Identity)
ON_MAPS = (nn.Conv2d, nn.BatchNorm2d, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d)

SMALL = 16  # pixels of an image, up to which a matrix between all of them beats a walk over them
THREADS = 2  # Binder has two cores; each thread trains every second network


def descend(
    models: Sequence[nn.Module],
    x: torch.Tensor,
    y: torch.Tensor,
    generators: Sequence[torch.Generator],
    epochs: int,
    learning_rate: float,
    batch_size: int,
) -> list[list[float]]:
    """Train networks on images ``(R, N, C, H, W)`` with labels ``(R, N)``, and give for each the loss of each epoch.

    Args:
        models: the networks, trained in place.
        x, y: what each is to learn from.
        generators: of the order in which each meets its examples.
        epochs, learning_rate, batch_size: as :func:`lib.training.train` takes them.
    """
    settings = epochs, learning_rate, batch_size
    if len(models) == 1:
        with Progress(epochs) as progress:
            return _descend(_Alone(*models).train(), x, y, generators, *settings, progress.step_and_look)
    parts = [range(k, len(models), THREADS) for k in range(min(THREADS, len(models)))]

    def work(part: range) -> list[list[float]]:
        torch.set_num_threads(1)  # which holds in this thread
        several = [models[k] for k in part]
        joined = join(several).train()
        losses = _descend(joined, x[part], y[part], [generators[k] for k in part], *settings, progress.step)
        separate(joined, several)
        return losses

    with Progress(epochs * len(parts)) as progress, ThreadPoolExecutor(len(parts)) as pool:
        running = [pool.submit(work, part) for part in parts]
        progress.wait_for(running)
        done = [part.result() for part in running]
    return [done[k % len(parts)][k // len(parts)] for k in range(len(models))]


def _descend(
    joined: nn.Module,
    x: torch.Tensor,
    y: torch.Tensor,
    generators: Sequence[torch.Generator],
    epochs: int,
    learning_rate: float,
    batch_size: int,
    after_each: Callable[[], None],
) -> list[list[float]]:
    losses, each = torch.zeros(epochs, len(x)), torch.arange(len(x))[:, None]
    optimiser = torch.optim.Adam(joined.parameters(), learning_rate, foreach=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    for total in losses:
        orders = torch.stack([torch.randperm(x.shape[1], generator=generator) for generator in generators])
        for batch in orders.split(batch_size, dim=1):
            scores = joined(x[each, batch].transpose(0, 1)).permute(1, 2, 0)  # (networks, classes, examples)
            loss = F.cross_entropy(scores, y[each, batch], reduction="none").mean(1)
            optimiser.zero_grad()
            loss.sum().backward()  # each loss depends on its own network alone
            optimiser.step()
            total += loss.detach() * batch.shape[1] / x.shape[1]
        schedule.step()
        after_each()
    return losses.T.tolist()


def join(models: Sequence[nn.Module]) -> nn.Module:
    """The networks side by side: input ``(N, R, C, H, W)``, output ``(N, R, classes)``. Weights are copied.

    A module of one's own may stand among the layers if it has no weights but theirs, and counts its axes from the last.

    Raises:
        TypeError: a layer is of a kind that cannot stand side by side, such as dropout, whose chance is its own.
    """
    first, count = models[0], len(models)
    if isinstance(first, ON_MAPS):
        kind = _Depthwise if _is_depthwise(first) else _Pointwise if _is_pointwise(first) else _OnMaps
        return kind(_stacked(models))
    if isinstance(first, nn.Linear):
        c_in, c_out, bias = count * first.in_features, count * first.out_features, first.bias is not None
        return _OnVectors(_with_weights(nn.Conv2d(c_in, c_out, 1, groups=count, bias=bias), models))
    if isinstance(first, nn.Flatten):
        return nn.Flatten(2)
    children = dict(first.named_children())
    if not (children or isinstance(first, POINTWISE) or type(first).__module__.startswith("lib.")):
        raise TypeError(f"build: expected layers that can be trained side by side, got {first}")
    joined = deepcopy(first)
    for name in children:
        setattr(joined, name, join([getattr(model, name) for model in models]))
    return joined


@torch.no_grad()
def separate(joined: nn.Module, models: Sequence[nn.Module]) -> None:
    """Give each of the networks its part of the weights, and of the running statistics."""
    for r, model in enumerate(models):
        for value, all_of_them in zip(model.state_dict().values(), joined.state_dict().values(), strict=True):
            value.copy_(all_of_them.view(len(models), *value.shape)[r] if value.ndim else all_of_them)


class _Alone(nn.Module):
    """One network where several are expected, with dropout or whatever else cannot stand side by side."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.model(x[:, 0])[:, None]


class _OnMaps(nn.Module):
    def __init__(self, layer: nn.Module):
        super().__init__()
        self.layer = layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x.flatten(1, 2)).unflatten(1, (x.shape[1], -1))


class _Depthwise(_OnMaps):
    """A depthwise 3×3 on a small image: for each map one matrix, from its pixels to those that it gives.

    PyTorch convolves map after map. On the digits' 4×4 pixels one product of all matrices takes a quarter of the time.
    """

    layer: nn.Conv2d

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        height, width = x.shape[-2:]
        if height * width > SMALL:
            return super().forward(x)
        single = torch.eye(height * width).view(-1, 1, height, width)  # images of one pixel that is not zero
        windows = F.unfold(single, 3, padding=1)  # (pixels, 9, pixels given)
        matrices = torch.einsum("ck,pkq->cpq", self.layer.weight.flatten(1), windows)
        return torch.bmm(x.flatten(1, 2).flatten(2).transpose(0, 1), matrices).transpose(0, 1).reshape(x.shape)


class _Pointwise(_OnMaps):
    """A 1×1 convolution: one product of matrices for each network, over the pixels of all its images.

    PyTorch convolves network after network and image after image, which for maps this small takes twice the time.
    """

    layer: nn.Conv2d

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pixels = x.permute(1, 2, 0, 3, 4).flatten(2)  # (networks, maps, pixels of all images)
        mixed = torch.bmm(self.layer.weight.view(len(pixels), -1, pixels.shape[1]), pixels)
        if self.layer.bias is not None:
            mixed = mixed + self.layer.bias.view(len(pixels), -1, 1)
        return mixed.unflatten(2, (len(x), *x.shape[-2:])).permute(2, 0, 1, 3, 4)


class _OnVectors(_Pointwise):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x[..., None, None])[..., 0, 0]  # a vector is an image of one pixel


def _is_depthwise(layer: nn.Module) -> bool:
    """Whether it is a depthwise 3×3 that keeps the size: the kind that the book trains."""
    if not isinstance(layer, nn.Conv2d) or not 1 < layer.groups == layer.in_channels == layer.out_channels:
        return False
    plain = layer.kernel_size == (3, 3) and layer.padding == layer.stride == layer.dilation == (1, 1)
    return plain and layer.bias is None and layer.padding_mode == "zeros"


def _is_pointwise(layer: nn.Module) -> bool:
    """Whether it is a 1×1 that reads every map at every pixel."""
    plain = isinstance(layer, nn.Conv2d) and layer.kernel_size == layer.stride == (1, 1) and layer.groups == 1
    return plain and layer.padding == (0, 0)


def _stacked(layers: Sequence[nn.Module]) -> nn.Module:
    joined = deepcopy(layers[0])
    for name in {"in_channels", "out_channels", "groups", "num_features"} & vars(joined).keys():
        setattr(joined, name, len(layers) * getattr(joined, name))
    return _with_weights(joined, layers)


def _with_weights(joined: nn.Module, layers: Sequence[nn.Module]) -> nn.Module:
    for name, value in layers[0].named_parameters():
        stacked = torch.cat([getattr(layer, name).detach() for layer in layers])
        stacked = stacked[..., None, None] if isinstance(layers[0], nn.Linear) and stacked.ndim == 2 else stacked
        setattr(joined, name, nn.Parameter(stacked, requires_grad=value.requires_grad))
    for name, buffer in layers[0].named_buffers():
        if buffer.ndim:
            setattr(joined, name, torch.cat([getattr(layer, name) for layer in layers]))
    return joined
