"""NEST 3: one network of the comparison, in double precision.

    python peer_nest.py NETWORK THREADS SECONDS SEED

Prints a line of JSON: wall seconds of nest.Run alone (building, calibration and
the first communication of targets lie before it) and the mean rates.
"""

import json
import sys
import time

import nest
import numpy

EXCITATORY = {"coba": 3200, "cuba": 3200, "izhikevich": 800, "plastic": 8000}
UNITS = {"coba": 4000, "cuba": 4000, "izhikevich": 1000, "plastic": 10000}


def connect(pre, post, probability, weight, delay=0.1):
    nest.Connect(pre, post,
                 {"rule": "pairwise_bernoulli", "p": probability},
                 {"weight": weight, "delay": delay})


def coba(rng):
    # Adaptive Runge-Kutta: NEST has no Euler steps of this model.
    g_leak = 10.0  # [nS]
    cells = nest.Create("iaf_cond_exp", 4000, {
        "C_m": 200.0, "g_L": g_leak, "E_L": -60.0, "E_ex": 0.0, "E_in": -80.0,
        "V_th": -50.0, "V_reset": -60.0, "t_ref": 5.0, "tau_syn_ex": 5.0,
        "tau_syn_in": 10.0})
    cells.V_m = -65 + 5 * rng.standard_normal(4000)
    cells.g_ex = g_leak * (4 + 1.5 * rng.standard_normal(4000)).clip(0)
    cells.g_in = g_leak * (20 + 12 * rng.standard_normal(4000)).clip(0)
    connect(cells[:3200], cells, 0.02, 0.6 * g_leak)
    connect(cells[3200:], cells, 0.02, -6.7 * g_leak)
    return cells


def current_based(units, rest, rng):
    cells = nest.Create("iaf_psc_exp", units, {
        "C_m": 200.0, "tau_m": 20.0, "E_L": rest, "V_th": -50.0,
        "V_reset": -60.0, "t_ref": 5.0, "tau_syn_ex": 5.0, "tau_syn_in": 10.0})
    cells.V_m = -60 + 10 * rng.random(units)
    return cells


def cuba(rng):
    # 100 MOhm: 1.62 mV are 16.2 pA and 9 mV are 90 pA.
    cells = current_based(4000, -49.0, rng)
    connect(cells[:3200], cells, 0.02, 16.2)
    connect(cells[3200:], cells, 0.02, -90.0)
    return cells


def izhikevich(rng):
    # With steps of 1 ms the plain Euler form adds weights to v exactly as a
    # current of one step would.
    nest.resolution = 1.0
    cells = nest.Create("izhikevich", 1000,
                        {"consistent_integration": True, "V_th": 30.0,
                         "V_m": -65.0})
    r = rng.random(1000)
    e, i = cells[:800], cells[800:]
    e.c, e.d = -65 + 15 * r[:800]**2, 8 - 6 * r[:800]**2
    i.a, i.b = 0.02 + 0.08 * r[800:], 0.25 - 0.05 * r[800:]
    e.a, e.b, i.c, i.d = 0.02, 0.2, -65.0, 2.0
    cells.U_m = -65 * numpy.array(cells.b)
    for group, std in ((e, 5.0), (i, 2.0)):
        noise = nest.Create("noise_generator", 1, {"std": std, "dt": 1.0})
        nest.Connect(noise, group, syn_spec={"delay": 1.0})
    nest.Connect(e, cells, "all_to_all",
                 {"weight": 0.5 * rng.random((1000, 800)), "delay": 1.0})
    nest.Connect(i, cells, "all_to_all",
                 {"weight": -rng.random((1000, 200)), "delay": 1.0})
    return cells


def plastic(rng):
    cells = current_based(10000, -20.0, rng)
    weight = 4.585
    nest.CopyModel("stdp_synapse", "plastic", {
        "lambda": 0.005, "alpha": 1.05, "mu_plus": 0.0, "mu_minus": 0.0,
        "tau_plus": 20.0, "Wmax": 2 * weight})
    cells.tau_minus = 20.0
    e, i = cells[:8000], cells[8000:]
    nest.Connect(e, e, {"rule": "pairwise_bernoulli", "p": 0.1},
                 {"synapse_model": "plastic", "weight": weight, "delay": 0.1})
    connect(e, i, 0.1, weight)
    connect(i, cells, 0.1, -25.47)
    return cells


NETWORKS = {"coba": coba, "cuba": cuba, "izhikevich": izhikevich,
            "plastic": plastic}


def main(name, threads, seconds, seed):
    nest.set_verbosity("M_ERROR")
    nest.ResetKernel()
    nest.local_num_threads = threads
    nest.rng_seed = seed
    cells = NETWORKS[name](numpy.random.default_rng(seed))
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder, syn_spec={"delay": nest.resolution})
    nest.Prepare()
    start, cpu_start = time.perf_counter(), time.process_time()
    nest.Run(1000 * seconds)
    wall = time.perf_counter() - start
    cpu = time.process_time() - cpu_start
    nest.Cleanup()
    senders = numpy.asarray(recorder.events["senders"])
    excitatory = EXCITATORY[name]
    count = int((senders <= excitatory).sum())
    print(json.dumps({
        "seconds": wall,
        "cpu": cpu,
        "rate_e": count / excitatory / seconds,
        "rate_i": (len(senders) - count) / (UNITS[name] - excitatory) /
                  seconds}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
