#!/usr/bin/env python3
"""One row of the training benchmark in PyTorch, on one thread.

    peer_torch.py ROW [--mode eager|compiled|snntorch]
                  [--style unbind|indexed] [--steps 20] [--warm 5]
                  [--clock cpu|wall] [--serve]

Inputs are projected for all steps at once. `unbind` takes the result apart
once, and its way back is one stack; `indexed` takes drive[t] in each step, as
tutorials have it (that of Neftci, Mostafa and Zenke 2019 among them), and its
way back adds up arrays of the whole length. A step zeroes the gradients and
runs forward, backward, clipping to norm 1 and Adam; the batch lies in memory.

Prints a line of JSON: the median of `--steps` steps after `--warm` others in
milliseconds, and the loss before each step. With --serve it does so, from the
first weights on, for each line that it reads.

Runs with Debian's python3-torch (1.13, OpenBLAS) and with PyTorch 2; `compiled`
needs the latter, `snntorch` the package of that name and the row lif_256.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
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
    style = "unbind"

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

    def by_step(self, drive: torch.Tensor):
        """What [t] of it is a step's."""
        return drive.unbind(0) if self.style == "unbind" else drive

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
        drive = self.by_step(functional.linear(x, self.w, self.b + self.b_r))
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
        drive = self.by_step(functional.linear(x, self.w, self.b))
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
        drive = self.by_step(functional.linear(x, self.w))
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
        read = self.by_step(functional.linear(self.spikes(x), self.out))
        f = torch.zeros(self.batch, 2)
        o = torch.zeros(self.batch, 2)
        course = [o]
        for t in range(TIME_STEPS):
            o, f = BETA * o + f, ALPHA * f + read[t]
            course.append(o)
        largest = torch.stack(course).max(0)[0]
        return functional.cross_entropy(largest, labels)


class SnnTorchLif(Lif):
    """The same units as snnTorch offers them: the membrane takes the present
    current, and a step gives the spikes of its end, here of the next step."""

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
        drive = self.by_step(functional.linear(x, self.w))
        s = torch.zeros(self.batch, self.units)
        current = torch.zeros(self.batch, self.units)
        u = torch.zeros(self.batch, self.units)
        spikes = [s]
        for t in range(TIME_STEPS - 1):
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


class Contest:
    """A model with its batch, timed from the same weights on each time."""

    def __init__(self, args) -> None:
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
        self.args = args
        self.model = (SnnTorchLif(256, 64) if args.mode == "snntorch"
                      else ROWS[args.row]())
        self.model.style = args.style
        self.x, self.labels = self.model.data()
        self.loss_of = self.model.loss
        if args.mode == "compiled":
            self.loss_of = torch.compile(self.model.loss)
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.first = [p.detach().clone() for p in self.trained]
        self.clock = (time.process_time if args.clock == "cpu"
                      else time.perf_counter)

    def step(self, optimizer) -> float:
        optimizer.zero_grad(set_to_none=True)
        loss = self.loss_of(self.x, self.labels)
        loss.backward()
        nn.utils.clip_grad_norm_(self.trained, 1.0)
        optimizer.step()
        return float(loss)

    def run(self) -> dict:
        with torch.no_grad():
            for parameter, first in zip(self.trained, self.first):
                parameter.copy_(first)
        optimizer = torch.optim.Adam(self.trained, lr=self.args.learning_rate)
        times, losses = [], []
        for k in range(self.args.warm + self.args.steps):
            begin = self.clock()
            losses.append(self.step(optimizer))
            if k >= self.args.warm:
                times.append(self.clock() - begin)
        found = {"row": self.args.row, "mode": self.args.mode,
                 "style": self.args.style, "torch": torch.__version__,
                 "ms": 1e3 * statistics.median(times), "losses": losses}
        if self.args.row == "lif_256":
            found["spiking"] = float(self.model.spikes(self.x).mean())
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("row", choices=ROWS)
    parser.add_argument("--mode", default="eager",
                        choices=("eager", "compiled", "snntorch"))
    parser.add_argument("--style", default="unbind",
                        choices=("unbind", "indexed"))
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warm", type=int, default=5)
    parser.add_argument("--clock", default="cpu", choices=("cpu", "wall"))
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--serve", action="store_true")
    args = parser.parse_args()
    contest = Contest(args)
    if not args.serve:
        print(json.dumps(contest.run()))
        return
    for _ in sys.stdin:
        print(json.dumps(contest.run()), flush=True)


if __name__ == "__main__":
    main()
