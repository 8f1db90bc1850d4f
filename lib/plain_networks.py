"""AlexNet and VGG-16: large kernels, and most weights in fully connected layers; no 1×1 at all.

Krizhevsky, Sutskever and Hinton, *ImageNet Classification with Deep Convolutional Neural Networks*, 2012; Simonyan and
Zisserman, *Very Deep Convolutional Networks*, arXiv 1409.1556. Images ``(N, C, H, W)`` of 224×224 pixels.
"""

from itertools import pairwise

from torch import nn

from lib import _arguments as arguments
from lib._layers import Layers

__all__ = ["VGG16", "AlexNet"]

# Configuration D of VGG's Table 1: maps, and a max pooling at the end of each line.
VGG = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


class AlexNet(Layers):
    """The network of 2012 (section 3.5), its second, fourth and fifth convolution in the groups of its two GPUs.

    Input ``(N, 3, 224, 224)``, output ``(N, num_classes)``. Local response normalisation, which has no weights, is left
    out. The paper leaves open how 224 pixels become 55; here the first convolution is padded by 2.

    Args:
        num_classes: scores to give.
        hidden: numbers in each of the two fully connected layers before the last.
        dropout: probability of dropping a number before each of the two, in training.

    Raises:
        TypeError, ValueError: a number is no positive integer, or dropout no probability.

    >>> AlexNet(hidden=16)[0]
    Conv2d(3, 96, kernel_size=(11, 11), stride=(4, 4), padding=(2, 2))
    """

    def __init__(self, num_classes: int = 1000, hidden: int = 4096, dropout: float = 0.5):
        num_classes, hidden = arguments.positives(num_classes=num_classes, hidden=hidden)
        dropout = arguments.probability("dropout", dropout)
        super().__init__(
            *(nn.Conv2d(3, 96, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2)),
            *(nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(), nn.MaxPool2d(3, stride=2)),
            *(nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU()),
            *(nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, stride=2)),
            *_classifier(256 * 6 * 6, hidden, num_classes, dropout),
        )


class VGG16(Layers):
    """Thirteen 3×3s and three fully connected layers (configuration D), as torchvision's ``vgg16``.

    Input ``(N, 3, 224, 224)``, output ``(N, num_classes)``.

    Args:
        num_classes, hidden, dropout: as for :class:`AlexNet`.

    Raises:
        TypeError, ValueError: as :class:`AlexNet`.

    >>> VGG16(hidden=16)[2]
    Conv2d(64, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    """

    def __init__(self, num_classes: int = 1000, hidden: int = 4096, dropout: float = 0.5):
        num_classes, hidden = arguments.positives(num_classes=num_classes, hidden=hidden)
        dropout = arguments.probability("dropout", dropout)
        layers: list[nn.Module] = []
        c_in = 3
        for widths in VGG:
            for before, after in pairwise((c_in, *widths)):
                layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU()]
            layers.append(nn.MaxPool2d(2))
            c_in = widths[-1]
        super().__init__(*layers, *_classifier(512 * 7 * 7, hidden, num_classes, dropout))


def _classifier(features: int, hidden: int, num_classes: int, dropout: float) -> list[nn.Module]:
    first = [nn.Flatten(), nn.Dropout(dropout), nn.Linear(features, hidden), nn.ReLU()]
    return [*first, nn.Dropout(dropout), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, num_classes)]
