#!/usr/bin/env python3
"""One row of the training benchmark in PyTorch, on one thread.

    peer_torch.py ROW [--mode eager|compiled|snntorch] [--steps 20]
                  [--warm 5] [--clock cpu|wall]

Inputs are projected for all steps at once and taken apart by unbind, whose way
back is one stack; an index per step would add up whole arrays. A step zeroes the gradients and runs forward, backward, clipping to norm 1 and
Adam; the batch lies in memory. Prints a line of JSON: the median of `--steps`
steps after `--warm` others in milliseconds, and the loss before each step.

Runs with Debian's python3-torch (1.13, OpenBLAS) and with PyTorch 2; `compiled`
needs the latter, `snntorch` the package of that name and the row lif_256.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional

import shared_numbers as numbers

TIME_STEPS = 100
INPUTS, LABELS, INPUT_WEIGHTS, RECURRENT, BIAS, READOUT, TAU = range(1, 8)


def parameter(array) -> nn.Parameter:
    return nn.Parameter(torch.from_numpy(array.copy()))


class Row(nn.Module):
    """What all rows share: 2 classes, weights uniform in +-1/sqrt(units)."""

    gates = 1

    def __init__(self, units: int, batch: int, inputs: int = 1) -> None:
        super().__init__()
        self.units, self.batch, self.inputs = units, batch, inputs
        bound = units**-0.5
        rows = self.gates * units
        self.w = parameter(numbers.weights(INPUT_WEIGHTS, (rows, inputs), bound))
        self.r = parameter(numbers.weights(RECURRENT, (rows, units), bound))
        self.b = parameter(numbers.weights(BIAS, (rows,), bound))
        self.out = parameter(numbers.weights(READOUT, (2, units), bound))
        self.out_b = nn.Parameter(torch.zeros(2))

    def data(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Bits of +-1 (steps, samples, 1), and whether the last two differ."""
        bits = numbers.spikes(INPUTS, (TIME_STEPS, self.batch, 1), 0.5)
        labels = (bits[-1, :, 0] != bits[-2, :, 0]).astype("int64")
        return torch.from_numpy(2 * bits - 1), torch.from_numpy(labels)

    def loss(self, x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return functional.cross_entropy(
            functional.linear(self.last(x), self.out, self.out_b), labels)


class LeakyRnn(Row):
    """r = phi((1 - 1/tau) r + (W x + R r + b) / tau), slope 0.1 below 0."""

    def __init__(self, units: int, batch: int) -> None:
        super().__init__(units, batch)
        self.tau = parameter(
            (1 + numbers.uniform(TAU, (units,))).astype("float32"))
        # One bias of the inputs, one of the recurrent weights.
        self.b_r = nn.Parameter(torch.zeros(units))

    def last(self, x: torch.Tensor) -> torch.Tensor:
        gain = 1 / self.tau.clamp(min=1)
        keep = 1 - gain
        drive = functional.linear(x, self.w, self.b + self.b_r).unbind(0)
        h = torch.zeros(self.batch, self.units)
        r = self.r.T
        for t in range(TIME_STEPS):
            h = functional.leaky_relu(keep * h + gain * (drive[t] + h @ r), 0.1)
        return h


class Lstm(Row):
    """PyTorch's own, with its fused cell."""

    gates = 4

    def __init__(self, units: int, batch: int) -> None:
        super().__init__(units, batch)
        self.cell = nn.LSTM(1, units)
        with torch.no_grad():
            self.cell.weight_ih_l0.copy_(self.w)
            self.cell.weight_hh_l0.copy_(self.r)
            self.cell.bias_ih_l0.copy_(self.b)
            self.cell.bias_hh_l0.zero_()
        self.cell.bias_hh_l0.requires_grad_(False)
        del self.w, self.r, self.b

    def last(self, x: torch.Tensor) -> torch.Tensor:
        return self.cell(x)[1][0][0]


class SubLstm(Row):
    """c = f c + z - i, h = sigma(c) - o; gates in the order f, z, i, o."""

    gates = 4

    def last(self, x: torch.Tensor) -> torch.Tensor:
        drive = functional.linear(x, self.w, self.b).unbind(0)
        h = torch.zeros(self.batch, self.units)
        c = torch.zeros(self.batch, self.units)
        r = self.r.T
        for t in range(TIME_STEPS):
            gates = torch.sigmoid(torch.addmm(drive[t], h, r))
            f, z, i, o = gates.chunk(4, 1)
            c = f * c + z - i
            h = torch.sigmoid(c) - o
        return h


class FastSigmoid(torch.autograd.Function):
    """The step forward, 1 / (1 + 100 |u|)^2 backward."""

    @staticmethod
    def forward(ctx, u):
        ctx.save_for_backward(u)
        return (u > 0).to(u.dtype)

    @staticmethod
    def backward(ctx, error):
        (u,) = ctx.saved_tensors
        return error / (100 * u.abs() + 1) ** 2


ALPHA, BETA = 0.8187307530779818, 0.9048374180359595  # 5 and 10 ms, of 1 ms


class Lif(Row):
    """Recurrent integrate-and-fire units, read out by the largest potential of
    two leaky integrators (Neftci, Mostafa and Zenke 2019)."""

    def __init__(self, units: int, batch: int) -> None:
        super().__init__(units, batch, inputs=40)
        del self.b, self.out_b
        with torch.no_grad():
            self.w.mul_(1.5)
            self.r.mul_(0.5)

    def data(self) -> tuple[torch.Tensor, torch.Tensor]:
        shape = (TIME_STEPS, self.batch, self.inputs)
        labels = numbers.uniform(LABELS, (self.batch,)) < 0.5
        return (torch.from_numpy(numbers.spikes(INPUTS, shape, 0.05)),
                torch.from_numpy(labels.astype("int64")))

    def spikes(self, x: torch.Tensor) -> torch.Tensor:
        drive = functional.linear(x, self.w).unbind(0)
        u = torch.zeros(self.batch, self.units)
        current = torch.zeros(self.batch, self.units)
        r = self.r.T
        spikes = []
        for t in range(TIME_STEPS):
            s = FastSigmoid.apply(u - 1)
            u, current = ((BETA * u + current) * (1 - s.detach()),
                          ALPHA * current + drive[t] + s @ r)
            spikes.append(s)
        return torch.stack(spikes)

    def loss(self, x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        read = functional.linear(self.spikes(x), self.out).unbind(0)
        f = torch.zeros(self.batch, 2)
        o = torch.zeros(self.batch, 2)
        course = [o]
        for t in range(TIME_STEPS):
            o, f = BETA * o + f, ALPHA * f + read[t]
            course.append(o)
        largest = torch.stack(course).max(0)[0]
        return functional.cross_entropy(largest, labels)


class SnnTorchLif(Lif):
    """The same units as snnTorch offers them."""

    def __init__(self, units: int, batch: int) -> None:
        super().__init__(units, batch)
        import snntorch
        from snntorch import surrogate

        self.cell = snntorch.RSynaptic(
            alpha=ALPHA, beta=BETA, linear_features=units,
            spike_grad=surrogate.fast_sigmoid(slope=100),
            reset_mechanism="zero")
        with torch.no_grad():
            self.cell.recurrent.weight.copy_(self.r)
            self.cell.recurrent.bias.zero_()
        del self.r

    def spikes(self, x: torch.Tensor) -> torch.Tensor:
        drive = functional.linear(x, self.w).unbind(0)
        s = torch.zeros(self.batch, self.units)
        current = torch.zeros(self.batch, self.units)
        u = torch.zeros(self.batch, self.units)
        spikes = []
        for t in range(TIME_STEPS):
            s, current, u = self.cell(drive[t], s, current, u)
            spikes.append(s)
        return torch.stack(spikes)


ROWS = {
    "leaky_rnn_64": lambda: LeakyRnn(64, 64),
    "leaky_rnn_128": lambda: LeakyRnn(128, 64),
    "leaky_rnn_500": lambda: LeakyRnn(500, 256),
    "lstm_128": lambda: Lstm(128, 64),
    "sublstm_128": lambda: SubLstm(128, 64),
    "lif_256": lambda: Lif(256, 64),
}


def run(args) -> dict:
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    model = (SnnTorchLif(256, 64) if args.mode == "snntorch"
             else ROWS[args.row]())
    x, labels = model.data()
    loss_of = model.loss
    if args.mode == "compiled":
        loss_of = torch.compile(model.loss)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=args.learning_rate)
    clock = time.process_time if args.clock == "cpu" else time.perf_counter
    times, losses = [], []
    for step in range(args.warm + args.steps):
        begin = clock()
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(x, labels)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        if step >= args.warm:
            times.append(clock() - begin)
        losses.append(float(loss))
    found = {"row": args.row, "mode": args.mode, "torch": torch.__version__,
             "ms": 1e3 * statistics.median(times), "losses": losses}
    if args.row == "lif_256":
        found["spiking"] = float(model.spikes(x).mean())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("row", choices=ROWS)
    parser.add_argument("--mode", default="eager",
                        choices=("eager", "compiled", "snntorch"))
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warm", type=int, default=5)
    parser.add_argument("--clock", default="cpu", choices=("cpu", "wall"))
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    print(json.dumps(run(parser.parse_args())))


if __name__ == "__main__":
    main()
