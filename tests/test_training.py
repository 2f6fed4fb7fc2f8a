"""The training loop does what a loop written by hand does, and ends cleanly however it ends."""

import copy
import itertools
import math
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from functools import partial

import nbformat
import pytest
import torch
import torch.nn.functional as F

import execute
from helpers import progress, training
from helpers import state as helper_state
from helpers.layers import BatchNorm1d, Embedding, Flatten, Linear, Sequential, Tanh
from helpers.steps import Descent, StopButton
from helpers.training import evaluate, fit


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def make_data(n=200, seed=5):
    inputs = torch.randint(27, (n, 3), generator=seeded(seed))
    noise = torch.randint(27, (n,), generator=seeded(seed + 1))
    return inputs, torch.where(noise < 9, noise, inputs[:, 2])  # two in three: the last letter


DATA = make_data()
DEV = make_data(77, seed=6)


def make_model(seed=0, norm=True):
    g = seeded(seed)
    return Sequential(
        [
            Embedding(27, 4, generator=g),
            Flatten(),
            Linear(12, 16, bias=not norm, generator=g),
            *([BatchNorm1d(16)] if norm else []),
            Tanh(),
            Linear(16, 27, generator=g),
        ]
    )


class Numbers(torch.nn.Module):
    """The same in torch's own layers."""

    def __init__(self):
        super().__init__()
        self.table = torch.nn.Embedding(27, 4)
        self.rest = torch.nn.Sequential(
            torch.nn.Linear(12, 16),
            torch.nn.BatchNorm1d(16),
            torch.nn.Tanh(),
            torch.nn.Linear(16, 27),
        )

    def forward(self, x):
        return self.rest(self.table(x).flatten(1))


def make_module():
    torch.manual_seed(0)
    return Numbers()


MAKERS = {"layers": make_model, "plain": partial(make_model, norm=False), "module": make_module}


def state(model):
    return [t.detach().clone() for t in helper_state.state(model)]


def same(one, other):
    return len(one) == len(other) and all(
        torch.equal(a, b) for a, b in zip(one, other, strict=True)
    )


def by_hand(model, steps, rate=lambda step: 0.1, optimizer=None, batch_size=32, seed=0):
    """The loop as a chapter writes it: losses, and the state before each step and after all."""
    generator = seeded(seed)
    losses, states = [], [state(model)]
    for step in range(steps):
        rows = torch.randint(len(DATA[0]), (batch_size,), generator=generator)
        loss = F.cross_entropy(model(DATA[0][rows]), DATA[1][rows])
        for p in model.parameters():
            p.grad = None
        loss.backward()
        if optimizer is None:
            with torch.no_grad():
                for p in model.parameters():
                    p -= rate(step) * p.grad
        else:
            optimizer.step()
        losses.append(loss.detach())
        states.append(state(model))
    return torch.stack(losses), states


@pytest.mark.parametrize("kind", MAKERS)
def test_plain_descent_equals_a_loop_by_hand(kind):
    model, twin = MAKERS[kind](), MAKERS[kind]()
    losses, states = by_hand(twin, 30, seed=3)
    record = fit(model, DATA, steps=30, generator=seeded(3))
    assert torch.equal(record.loss, losses)
    assert same(state(model), states[-1])
    assert record.stopped == "All 30 steps were taken."
    assert record.update_ratio is None and record.best_step is None
    assert len(record.validation_steps) == len(record.validation_loss) == 0


def test_batches_come_from_seed_0_unless_told_otherwise():
    first, again, other = (
        fit(make_model(), DATA, steps=5, generator=g).loss for g in (None, seeded(0), seeded(1))
    )
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_learning_rate_may_be_a_function_of_the_step():
    def rate(step):
        return 0.3 / (step + 1)

    model, twin = make_model(), make_model()
    losses, states = by_hand(twin, 10, rate)
    record = fit(model, DATA, steps=10, learning_rate=rate)
    assert torch.equal(record.loss, losses) and same(state(model), states[-1])
    assert record.learning_rate.tolist() == pytest.approx([rate(i) for i in range(10)])


def test_optimizer_as_class_function_and_instance():
    for make, rate in (
        (torch.optim.Adam, 0.01),
        (partial(torch.optim.SGD, momentum=0.9), 0.05),
        (torch.optim.Adam, None),  # Adam's own 0.001
    ):
        model, twin = make_model(), make_model()
        optimizer = make(twin.parameters(), **({} if rate is None else {"lr": rate}))
        losses, states = by_hand(twin, 20, optimizer=optimizer)
        record = fit(model, DATA, steps=20, optimizer=make, learning_rate=rate)
        assert torch.equal(record.loss, losses) and same(state(model), states[-1])
        assert record.learning_rate[-1].item() == pytest.approx(rate or 0.001)
    generator, model = seeded(0), make_model()
    keeps = torch.optim.Adam(model.parameters(), lr=0.001)
    for _ in range(2):  # an instance goes on where it was
        fit(model, DATA, steps=10, optimizer=keeps, generator=generator)
    assert same(state(model), states[-1])


def test_all_rows_and_a_loss_of_ones_own():
    model = Sequential([Linear(2, 1, generator=seeded(0))])
    x = torch.randn(50, 2, generator=seeded(1))
    y = x @ torch.tensor([2.0, -3.0]) + 1

    def squared(outputs, targets):
        return (outputs.squeeze(1) - targets).square().mean()

    record = fit(model, (x, y), steps=300, batch_size=None, loss=squared)
    assert (record.loss.diff() < 1e-9).all()  # without batches, downhill at every step
    assert torch.allclose(model[0].weight.flatten(), torch.tensor([2.0, -3.0]), atol=1e-3)
    assert evaluate(model, (x, y), loss=squared) == pytest.approx(0, abs=1e-5)


def draw_rows(batch_size, generator):
    rows = torch.randint(len(DATA[0]), (batch_size,), generator=generator)
    return DATA[0][rows], DATA[1][rows]


def test_a_function_that_draws_the_same_rows_trains_the_same_model():
    model, twin = make_model(), make_model()
    losses, states = by_hand(twin, 20, batch_size=8, seed=3)
    record = fit(model, draw_rows, steps=20, batch_size=8, generator=seeded(3))
    assert torch.equal(record.loss, losses) and same(state(model), states[-1])
    assert torch.equal(fit(make_model(), draw_rows, steps=3).loss, by_hand(make_model(), 3)[0])


def test_what_is_drawn_beside_the_inputs_goes_to_the_loss():
    seen = []

    def draw(batch_size, generator):
        inputs, targets = draw_rows(batch_size, generator)
        return [inputs, targets, 3 * torch.ones(batch_size)]

    def weighted(logits, targets, weights):
        seen.append(weights)
        return (weights * F.cross_entropy(logits, targets, reduction="none")).mean()

    record = fit(make_model(), draw, steps=2, loss=weighted, batch_size=16)
    assert [len(weights) for weights in seen] == [16, 16]
    first = by_hand(make_model(), 1, batch_size=16)[0]
    assert record.loss[0].item() == pytest.approx(3 * first.item())
    data = (*DEV, torch.ones(77))
    assert evaluate(make_model(), data, loss=weighted) == pytest.approx(evaluate(make_model(), DEV))


DRAWN = r"what data\(batch_size, generator\) returns"


@pytest.mark.parametrize(
    "drawn, error, words",
    [
        (DATA[0], TypeError, DRAWN + " must be a pair of tensors, .* got Tensor"),
        (None, TypeError, "pair of tensors, .* got NoneType"),
        ((DATA[0],), TypeError, r"pair of tensors, .* got \['Tensor'\]"),
        ((DATA[0], 3), TypeError, r"got \['Tensor', 'int'\]"),
        ((DATA[0], DATA[1][:-1]), ValueError, DRAWN + r": .* shapes \(200, 3\) and \(199,\)"),
        ((DATA[0][:0], DATA[1][:0]), ValueError, DRAWN + " is empty"),
        ((DATA[0], DATA[1].float()), TypeError, DRAWN + ": .* got torch.float32"),
        ((*DATA, DATA[1]), TypeError, "got 3 tensors, or give a loss"),
    ],
)
def test_what_a_function_draws_is_checked(drawn, error, words):
    model = make_model()
    before = state(model)
    with pytest.raises(error, match=words):
        fit(model, lambda batch_size, generator: drawn, steps=3)
    assert same(state(model), before)


def test_a_validation_may_be_a_function_of_the_model():
    modes = []

    def measure(model):
        modes.append((model.training, torch.is_grad_enabled()))
        return F.cross_entropy(model(DEV[0]), DEV[1])

    settings = dict(steps=40, learning_rate=0.5, every=5, patience=3)
    record = fit(model := make_model(), DATA, validation=measure, **settings)
    twin = fit(other := make_model(), DATA, validation=DEV, **settings)
    torch.testing.assert_close(record.validation_loss, twin.validation_loss)
    assert record.best_step == twin.best_step and same(state(model), state(other))
    assert set(modes) == {(False, False)} and model.training


@pytest.mark.parametrize("optimizer", [None, torch.optim.Adam])
def test_update_ratio_equals_a_direct_computation(optimizer):
    model, twin = make_model(), make_model()
    made = optimizer and optimizer(twin.parameters(), lr=0.1)
    _, states = by_hand(twin, 8, optimizer=made)
    record = fit(model, DATA, steps=8, optimizer=optimizer, learning_rate=0.1, record_updates=True)
    assert same(state(model), states[-1])  # to look on changes nothing
    P = len(model.parameters())
    assert record.names == [name for name, _ in model.named_parameters()]
    assert record.update_ratio.shape == (8, P)
    for step in range(8):
        for i in range(P):
            old, new = states[step][i].double(), states[step + 1][i].double()
            ratio = record.update_ratio[step, i].item()
            if not old.any():
                assert step == 0 and math.isnan(ratio)  # beta and the last bias
            else:
                size = (new - old).square().sum().sqrt() / old.square().sum().sqrt()
                assert ratio == pytest.approx(size.log10().item(), abs=2e-3)
    assert record.update_ratio[0].isnan().sum() == 2


def test_update_ratio_is_the_lectures_for_tensors_of_mean_zero():
    model = make_model()
    record = fit(model, DATA, steps=1, record_updates=True)
    weight = make_model()[2].weight
    update = (model[2].weight - weight).detach()
    deviations = (update.std() / weight.std()).log10().item()
    assert record.update_ratio[0, 1].item() == pytest.approx(deviations, abs=0.02)


def test_a_frozen_parameter_stays_and_its_ratio_says_so():
    model = make_model()
    model[2].weight.requires_grad_(False)
    before = state(model)
    record = fit(model, DATA, steps=3, record_updates=True)
    assert torch.equal(model[2].weight, before[1]) and not torch.equal(model[0].weight, before[0])
    assert (record.update_ratio[:, 1] == -math.inf).all()


def test_evaluate_is_the_mean_in_evaluation_mode_and_puts_modes_back():
    model = make_model()
    fit(model, DATA, steps=5)
    twin = copy.deepcopy(model).eval()
    expected = F.cross_entropy(twin(DEV[0]), DEV[1]).item()
    model[3].training = False  # one layer was left in evaluation mode
    before = state(model)
    for chunk in (None, 1, 10, 77, 1000):
        assert evaluate(model, DEV, chunk=chunk) == pytest.approx(expected, rel=1e-6)
    assert [layer.training for layer in model] == [True, True, True, False, True, True]
    assert model.training and not model[5].out.requires_grad
    assert same(state(model), before)
    module = make_module().train()
    module.rest[1].eval()
    evaluate(module, DEV)
    assert module.training and module.rest[2].training and not module.rest[1].training


def test_validation_is_measured_at_the_start_every_so_often_and_at_the_end():
    model = make_model()
    record = fit(model, DATA, steps=25, validation=DEV, every=10)
    assert record.validation_steps.tolist() == [0, 10, 20, 25]
    assert record.validation_loss[0].item() == pytest.approx(evaluate(make_model(), DEV))
    assert record.validation_loss[-1].item() == evaluate(model, DEV)
    twin = make_model()
    assert torch.equal(fit(twin, DATA, steps=25).loss, record.loss)  # it does not disturb
    assert same(state(model), state(twin))
    assert len(fit(make_model(), DATA, steps=100, validation=DEV).validation_steps) == 21


@pytest.mark.parametrize("kind", MAKERS)
def test_early_stopping_restores_the_best_weights(kind):
    # A third of the targets are noise to be learned by heart, so that the validation loss turns.
    settings = dict(steps=500, learning_rate=0.5, batch_size=8, every=10)
    free, model = MAKERS[kind](), MAKERS[kind]()
    whole = fit(free, DATA, validation=DEV, **settings)
    record = fit(model, DATA, validation=DEV, patience=8, **settings)
    losses = whole.validation_loss.tolist()
    best = waited = 0
    for i in range(1, len(losses)):
        best, waited = (i, 0) if losses[i] < losses[best] else (best, waited + 1)
        if waited == 8:
            break
    assert 10 * best > 0 and i < len(losses) - 1  # it does turn, and not at once
    assert record.best_step == 10 * best and len(record.loss) == 10 * i
    assert record.stopped.startswith(f"Stopped early after {10 * i} of 500 steps")
    assert evaluate(model, DEV) == losses[best]
    twin = MAKERS[kind]()
    fit(twin, DATA, **{**settings, "steps": record.best_step})
    assert same(state(model), state(twin))  # batch norm's statistics too


def test_with_patience_the_best_weights_come_back_when_the_steps_run_out():
    model = make_model()
    settings = dict(steps=400, learning_rate=0.5, batch_size=8, every=10)
    record = fit(model, DATA, validation=DEV, patience=1000, **settings)
    assert record.stopped == "All 400 steps were taken." and 0 < record.best_step < 400
    assert evaluate(model, DEV) == record.validation_loss.min().item()


class Spoiled:
    """A model whose call number `at` (from 0) does something else: `spoil(logits)`."""

    def __init__(self, model, at, spoil):
        self.layers, self.at, self.spoil, self.calls = [model], at, spoil, 0

    def parameters(self):
        return self.layers[0].parameters()

    def __call__(self, x):
        logits = self.layers[0](x)  # batch norm has moved its statistics by now
        self.calls += 1
        return self.spoil(logits) if self.calls == self.at + 1 else logits


class NanGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient * math.nan


def press_stop(x=None):
    """What the stop button of a notebook and Ctrl-C do; and x, to stand in for a function of it."""
    signal.raise_signal(signal.SIGINT)
    return x


@pytest.mark.parametrize("optimizer", [None, torch.optim.Adam])
@pytest.mark.parametrize(
    "spoil, says",
    [
        (lambda logits: logits * math.nan, "The loss is nan at step 4"),
        (lambda logits: logits - math.inf, "The loss is nan at step 4"),
        (NanGradient.apply, "A gradient is nan or inf at step 4"),
    ],
)
def test_a_bad_step_is_neither_in_the_model_nor_in_the_record(spoil, says, optimizer, capsys):
    twin = make_model()
    made = optimizer and optimizer(twin.parameters(), lr=0.1)
    losses, states = by_hand(twin, 4, optimizer=made)
    model = make_model()
    settings = dict(optimizer=optimizer, learning_rate=0.1, record_updates=True)
    record = fit(Spoiled(model, 4, spoil), DATA, steps=9, **settings)
    assert record.stopped.startswith(says)
    assert capsys.readouterr().out == record.stopped + "\n"
    assert torch.equal(record.loss, losses) and same(state(model), states[-1])
    assert len(record.learning_rate) == len(record.update_ratio) == 4


def test_what_to_try_depends_on_when_it_went_wrong():
    later = fit(make_model(norm=False), DATA, steps=50, learning_rate=1e38).stopped
    assert "try a smaller learning rate (it was 1e+38)" in later
    first = fit(Spoiled(make_model(), 0, lambda x: x * math.nan), DATA, steps=5)
    assert "step 0" in first.stopped and "look for nan" in first.stopped
    assert first.loss.shape == (0,) and first.update_ratio is None


class HalfWay(torch.optim.SGD):
    """An optimizer in whose fourth step, half-way, the stop button is pressed."""

    taken = 0

    @torch.no_grad()
    def step(self):
        self.taken += 1
        for i, p in enumerate(self.param_groups[0]["params"]):
            p -= self.param_groups[0]["lr"] * p.grad
            if (self.taken, i) == (4, 2):
                press_stop()


def loss_that_presses(at, times=1):
    """A loss in whose call number `at` (from 1) the stop button is pressed."""
    calls = itertools.count(1)

    def loss(logits, targets):
        if next(calls) == at:
            for _ in range(times):
                press_stop()
        return F.cross_entropy(logits, targets)

    return loss


def press_at(step):
    return press_stop(0.1) if step == 3 else 0.1


@pytest.mark.parametrize(
    "spoil, settings",
    [
        (press_stop, {}),  # from within the model
        (press_stop, dict(optimizer=torch.optim.SGD)),
        (None, dict(loss=loss_that_presses(4))),
        (None, dict(learning_rate=press_at)),
        (None, dict(optimizer=HalfWay)),
    ],
    ids=["model", "model, optimizer", "loss", "rate", "half-way in an optimizer"],
)
def test_the_stop_button_is_held_until_the_step_is_whole(spoil, settings, capsys):
    twin, model = make_model(), make_model()
    torchs = torch.optim.SGD(twin.parameters(), lr=0.1)  # which rounds in its own way
    losses, states = by_hand(twin, 4, optimizer=torchs if spoil and settings else None)
    trained = Spoiled(model, 3, spoil) if spoil else model
    settings = {"learning_rate": 0.1, "record_updates": True, **settings}
    record = fit(trained, DATA, steps=9, **settings)
    assert record.stopped == "Stopped by hand after 4 of 9 steps."
    assert capsys.readouterr().out == record.stopped + "\n"
    assert torch.equal(record.loss, losses) and same(state(model), states[-1])
    assert len(record.learning_rate) == len(record.update_ratio) == 4
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_pressed_twice_it_also_ends_the_cell():
    _, states = by_hand(make_model(), 4)
    model = make_model()
    with pytest.raises(KeyboardInterrupt):
        fit(model, DATA, steps=9, loss=loss_that_presses(4, times=2))
    assert same(state(model), states[4])  # whole steps all the same
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_pressed_three_times_it_ends_even_a_step_that_hangs():
    model = make_model(norm=False)
    before = state(model)
    with pytest.raises(KeyboardInterrupt):
        fit(model, DATA, steps=9, loss=lambda logits, targets: [press_stop() for _ in range(3)])
    assert same(state(model), before)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_handler_is_put_back_after_the_end_and_after_an_error():
    def handler(number, frame):
        raise AssertionError("the run should have held it")

    before = signal.signal(signal.SIGINT, handler)
    try:
        for steps, loss in ((2, F.cross_entropy), (9, loss_that_presses(1))):
            fit(make_model(), DATA, steps=steps, loss=loss)
            assert signal.getsignal(signal.SIGINT) is handler
        with pytest.raises(ZeroDivisionError):
            fit(make_model(), DATA, steps=9, loss=lambda logits, targets: 1 / 0)
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_where_the_system_handles_interrupts_it_stays_so():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        record = fit(Spoiled(make_model(), 3, press_stop), DATA, steps=9)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert record.stopped == "All 9 steps were taken."


def test_in_a_thread_it_trains_and_the_main_thread_gets_the_interrupt():
    losses, states = by_hand(make_model(), 9)
    model, records, handlers = make_model(), [], set()

    def rate(step):
        handlers.add(signal.getsignal(signal.SIGINT))
        return 0.1

    def run():
        records.append(fit(model, DATA, steps=9, learning_rate=rate))

    thread = threading.Thread(target=run)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        press_stop()
    thread.join()
    assert torch.equal(records[0].loss, losses) and same(state(model), states[-1])
    assert handlers == {signal.default_int_handler}


def test_stop_during_a_validation_keeps_it_and_restores_the_best():
    model = make_model()
    spoiled = Spoiled(model, 12, press_stop)  # calls: a validation, a step, a validation, …
    record = fit(spoiled, DATA, steps=30, validation=DEV, every=1, patience=30)
    assert len(record.loss) == 6 and record.validation_steps.tolist() == list(range(7))
    assert record.stopped == "Stopped by hand after 6 of 30 steps."
    assert all(layer.training for layer in model)
    assert evaluate(model, DEV) == record.validation_loss.min().item()
    spoiled = Spoiled(model := make_model(), 13, press_stop)  # in a step
    record = fit(spoiled, DATA, steps=30, validation=DEV, every=1, patience=30)
    assert len(record.loss) == 7 and record.validation_steps.tolist() == list(range(7))
    assert evaluate(model, DEV) == record.validation_loss.min().item()


@pytest.mark.parametrize("optimizer", [None, torch.optim.SGD])
def test_the_stop_button_at_every_single_point_of_the_loop(optimizer):
    """Send SIGINT at each bytecode of the loop, of a step, and of the button in turn."""
    codes = {fit.__code__, Descent.step.__code__, Descent._descend.__code__}
    codes |= {StopButton.__enter__.__code__, StopButton.__exit__.__code__}
    twin = make_model()
    made = optimizer and optimizer(twin.parameters(), lr=0.1)
    losses, states = by_hand(twin, 3, optimizer=made)

    def run(at):
        """The events seen, and what fit returned: None where the interrupt came through."""
        count = 0

        def trace(frame, event, arg):
            nonlocal count
            if frame.f_code not in codes:
                return None
            frame.f_trace_opcodes = True
            if event == "opcode":
                count += 1
                if count == at:
                    press_stop()
            return trace

        model, record = make_model(), None
        sys.settrace(trace)
        try:
            record = fit(model, DATA, steps=3, optimizer=optimizer, learning_rate=0.1)
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(None)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        return count, record, state(model)

    total, record, end = run(0)
    assert torch.equal(record.loss, losses) and same(end, states[3])
    lengths = set()
    for at in range(1, total, 3 if optimizer else 2):
        _, record, end = run(at)
        if record is None:  # before the first step, or after the last one
            assert same(end, states[0]) or same(end, states[3])
        else:
            n = len(record.loss)
            lengths.add(n)
            assert torch.equal(record.loss, losses[:n]), f"at {at}"
            assert same(end, states[n]), f"at {at}: the model is not after step {n}"
    assert lengths == {0, 1, 2, 3}


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to another process on Windows")
def test_a_real_stop_button():
    program = """
        import torch
        from test_training import DATA, by_hand, make_model, same, state
        from helpers.training import fit
        model = make_model()
        def rate(step):
            if step == 20:
                print("running", flush=True)
            return 0.1
        record = fit(model, DATA, steps=10**9, learning_rate=rate)
        losses, states = by_hand(make_model(), len(record.loss))
        print(torch.equal(record.loss, losses) and same(state(model), states[-1]))
        """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=execute.ROOT,
        env={**os.environ, "PYTHONPATH": str(execute.ROOT / "tests"), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert child.stdout.readline() == "running\n"
        time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        said, verdict = child.communicate(timeout=60)[0].splitlines()
    finally:
        child.kill()
        child.wait()
    assert said.startswith("Stopped by hand after ") and verdict == "True"


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a process on Windows")
def test_the_stop_button_of_a_notebook(monkeypatch):
    """The kernel gets SIGINT as Jupyter sends it; the cells after it go on."""
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(execute.ROOT), str(execute.ROOT / "tests")])
    )
    cells = [
        "import os, signal, threading\nimport torch\nfrom helpers.training import fit\n"
        "from test_training import DATA, by_hand, make_model, same, state\n"
        "model, before = make_model(), signal.getsignal(signal.SIGINT)",
        "press = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))\n"
        "record = fit(model, DATA, steps=10**9, learning_rate=lambda step: press.start() or 0.1 "
        "if step == 20 else 0.1)",
        "losses, states = by_hand(make_model(), len(record.loss))\n"
        "print(torch.equal(record.loss, losses) and same(state(model), states[-1]))",
        "print(len(losses) > 20, signal.getsignal(signal.SIGINT) is before)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    execute.execute(notebook, execute.ROOT)
    said = [output.text for cell in notebook.cells for output in cell.outputs if "text" in output]
    assert said[0].startswith("Stopped by hand after ") and said[1:] == ["True\n", "True True\n"]


def test_outside_a_notebook_nothing_is_shown(capsys, monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(ticks))  # a long run
    fit(make_model(), DATA, steps=30)
    assert capsys.readouterr() == ("", "")


@pytest.mark.kernel
def test_in_a_notebook_the_bar_comes_and_leaves_nothing(monkeypatch):
    """A bar is shown while fit runs, emptied at the end, and nbval sees no output at all."""
    shown = """
        import os, time
        os.environ["COURSE_UNATTENDED"] = "0"
        from helpers.progress import Progress
        from test_training import DATA, make_model
        from helpers.training import fit
        texts = []
        keep = Progress.show
        def show(self, done, loss):
            keep(self, done, loss)
            if self.bar is not None and self.bar.value not in texts:
                texts.append(self.bar.value)
        Progress.show = show
        """
    monkeypatch.setenv("PYTHONPATH", str(execute.ROOT / "tests"))
    cells = [
        textwrap.dedent(shown),
        "model = make_model()\ndef slow(x):\n    time.sleep(0.02)\n    return model(x)\n"
        "slow.parameters = model.parameters\nrecord = fit(slow, DATA, steps=50)",
        "print(len(texts) > 2, len(texts) < 12, texts[-1][:9], 'of 50 steps, loss' in texts[-1])",
        "texts.clear(); record = fit(slow, DATA, steps=50, progress=False)",
        "print(texts)",
        "record = fit(model, DATA, steps=5)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    execute.execute(notebook, execute.ROOT)
    outputs = [cell.outputs for cell in notebook.cells]
    assert [output.data for output in outputs[1]] == [{}]
    assert outputs[2][0].text == "True True <progress True\n"
    assert outputs[3] == [] and outputs[4][0].text == "[]\n"
    assert outputs[5] == []  # too short for a bar
    execute.clean(notebook)
    assert notebook.cells[1].outputs == []


@pytest.mark.parametrize(
    "settings, error, words",
    [
        (dict(steps=0), ValueError, "steps must be a whole number of at least 1, got 0"),
        (dict(steps=2.5), ValueError, "steps must be"),
        (dict(steps=None), ValueError, "steps must be"),
        (dict(batch_size=0), ValueError, "batch_size must be"),
        (dict(every=0, validation=DEV), ValueError, "every must be"),
        (dict(patience=0, validation=DEV), ValueError, "patience must be"),
        (dict(patience=2), ValueError, "give validation="),
        (dict(data=(DATA[0][:0], DATA[1][:0])), ValueError, "data is empty"),
        (dict(data=(DATA[0], DATA[1][:-1])), ValueError, r"\(200, 3\) and \(199,\)"),
        (dict(data=(DATA[0], DATA[1].float())), TypeError, "int64, got torch.float32"),
        (dict(data=DATA[0]), TypeError, "pair of tensors"),
        (dict(validation=(DEV[0], DEV[1].int())), TypeError, "int64, got torch.int32"),
        (dict(learning_rate="fast"), TypeError, "must be a number, got 'fast'"),
        (dict(learning_rate=[0.1, 0.2]), ValueError, "takes one number"),
        (dict(learning_rate=lambda step: None), TypeError, "must be a number, got None"),
        (dict(optimizer="adam"), TypeError, "give torch.optim.Adam"),
        (dict(optimizer=lambda p: None), TypeError, "give torch.optim.Adam"),
        (
            dict(optimizer=torch.optim.Adam(make_model().parameters())),
            ValueError,
            "not this model's",
        ),
        (dict(generator=[seeded(0)]), ValueError, "generator: give one"),
        (dict(generator=3), ValueError, "generator: give one, got 3"),
        (dict(model=Sequential([Tanh()])), ValueError, "it has no parameters"),
        (dict(model=torch.tanh), TypeError, "have parameters"),
        (
            dict(loss=lambda logits, y: logits.sum(1)),
            ValueError,
            r"one number, it has shape \(32,\)",
        ),
    ],
)
def test_settings_that_do_not_fit_get_an_error_that_says_so(settings, error, words):
    model = settings.pop("model", None) or make_model()
    settings = {"steps": 3, "data": DATA, **settings}
    with pytest.raises(error, match=words):
        fit(model, settings.pop("data"), **settings)


def test_nothing_to_train():
    model = make_model()
    for p in model.parameters():
        p.requires_grad_(False)
    with pytest.raises(ValueError, match="none has requires_grad=True"):
        fit(model, DATA, steps=3)


def test_evaluate_refuses_what_fit_refuses():
    with pytest.raises(ValueError, match="data is empty"):
        evaluate(make_model(), (DATA[0][:0], DATA[1][:0]))
    with pytest.raises(ValueError, match="chunk must be"):
        evaluate(make_model(), DEV, chunk=0)


def test_cross_entropy_of_a_fleet_is_that_of_each_model():
    logits = torch.randn(4, 6, 27, generator=seeded(0))
    shared, own = torch.randint(27, (6,)), torch.randint(27, (4, 6))
    for targets in (shared, own):
        each = [F.cross_entropy(a, b) for a, b in zip(logits, targets.expand(4, 6), strict=True)]
        assert torch.allclose(training.cross_entropy(logits, targets), torch.stack(each))
