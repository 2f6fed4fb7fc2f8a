"""Gradients as chapter 03's exercises ask for them, and as they are often got wrong."""

import torch
import torch.nn.functional as F

# ---------------------------------------------------------------- logit_gradient


def logit_gradient(logits, targets):
    counted = F.one_hot(targets, num_classes=logits.shape[1])
    return (logits.softmax(dim=1) - counted) / len(targets)


def gradient_over_all_numbers(logits, targets):
    return logit_gradient(logits, targets) / logits.shape[1]


def gradient_softmax_down(logits, targets):
    counted = F.one_hot(targets, num_classes=logits.shape[1])
    return (logits.softmax(dim=0) - counted) / len(targets)


def gradient_of_logits(logits, targets):
    return (logits - F.one_hot(targets, num_classes=logits.shape[1])) / len(targets)


LOGITS = torch.randn(4, 27, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
TARGETS = torch.tensor([5, 0, 26, 5])

# ---------------------------------------------------------------- penalized_gradient


def nll_gradient(
    W,
    counts,
    share=lambda rows: rows / rows.sum(),
    counted=lambda counts, rows: counts / rows,
    dim=1,
    keepdim=True,
):
    """The gradient of the average NLL; every parameter after the second makes a mistake."""
    rows = counts.sum(dim=1, keepdim=keepdim)
    return share(rows) * (W.softmax(dim=dim) - counted(counts, rows))


def slope_of_mean_square(W):
    return 2 * W / W.numel()


def penalized_gradient(W, counts, strength):
    return nll_gradient(W, counts) + strength * slope_of_mean_square(W)


def penalized_but(spring=slope_of_mean_square, **mistake):
    return lambda W, counts, strength: nll_gradient(W, counts, **mistake) + strength * spring(W)


WEIGHTS = torch.randn(27, 27, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
COUNTS = torch.randint(1, 50, (27, 27), generator=torch.Generator().manual_seed(4)).double()
