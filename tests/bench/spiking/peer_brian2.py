"""Brian2 in C++ standalone mode: builds one network of the comparison.

    python peer_brian2.py build NETWORK float|double THREADS SECONDS FOLDER
    python peer_brian2.py run NETWORK float|double THREADS SECONDS FOLDER

`build` generates and compiles (-O3 -march=native -ffast-math); `run` executes
what was built and prints a line of JSON: processor seconds of the time loop
alone, as Brian2 itself takes them (std::clock), and the mean rates. Every run draws its own network.
"""

import glob
import json
import os
import subprocess
import sys

EXCITATORY = {"coba": 3200, "cuba": 3200, "izhikevich": 800, "plastic": 8000}
UNITS = {"coba": 4000, "cuba": 4000, "izhikevich": 1000, "plastic": 10000}


def coba(b):
    b.defaultclock.dt = 0.1 * b.ms
    mv, ms = b.mV, b.ms
    group = b.NeuronGroup(
        4000,
        """dv/dt = (El - v + ge*(Ee - v) + gi*(Ei - v))/taum : volt (unless refractory)
           dge/dt = -ge/taue : 1
           dgi/dt = -gi/taui : 1""",
        threshold="v > Vt", reset="v = Vr", refractory=5 * ms, method="euler",
        namespace=dict(El=-60 * mv, Ee=0 * mv, Ei=-80 * mv, Vt=-50 * mv,
                       Vr=-60 * mv, taum=20 * ms, taue=5 * ms, taui=10 * ms))
    group.v = "-60*mV + (-5 + 5*randn())*mV"
    group.ge = "4 + 1.5*randn()"
    group.gi = "20 + 12*randn()"
    exc = b.Synapses(group[:3200], group, on_pre="ge += 0.6")
    inh = b.Synapses(group[3200:], group, on_pre="gi += 6.7")
    exc.connect(p=0.02)
    inh.connect(p=0.02)
    return [group, exc, inh], group


def current_based(b, units, excitatory, rest):
    mv, ms = b.mV, b.ms
    group = b.NeuronGroup(
        units,
        """dv/dt = (ge + gi - (v - El))/taum : volt (unless refractory)
           dge/dt = -ge/taue : volt
           dgi/dt = -gi/taui : volt""",
        threshold="v > Vt", reset="v = Vr", refractory=5 * ms, method="exact",
        namespace=dict(El=rest * mv, Vt=-50 * mv, Vr=-60 * mv, taum=20 * ms,
                       taue=5 * ms, taui=10 * ms))
    group.v = "-60*mV + rand()*10*mV"
    return group


def cuba(b):
    b.defaultclock.dt = 0.1 * b.ms
    group = current_based(b, 4000, 3200, -49)
    exc = b.Synapses(group[:3200], group, on_pre="ge += 1.62*mV",
                     delay=0.1 * b.ms)
    inh = b.Synapses(group[3200:], group, on_pre="gi += -9*mV",
                     delay=0.1 * b.ms)
    exc.connect(p=0.02)
    inh.connect(p=0.02)
    return [group, exc, inh], group


def izhikevich(b):
    b.defaultclock.dt = 1 * b.ms
    group = b.NeuronGroup(
        1000,
        """dv/dt = (0.04*v**2 + 5*v + 140 - u + I + noise*drawn)/ms : 1
           du/dt = a*(b*v - u)/ms : 1
           I : 1
           drawn : 1
           noise : 1
           a : 1
           b : 1
           c : 1
           d : 1""",
        threshold="v >= 30", reset="v = c; u += d", method="euler")
    group.a[:800] = 0.02
    group.b[:800] = 0.2
    group.noise[:800] = 5
    group.noise[800:] = 2
    # One number a unit shapes both of its parameters, as in the listing.
    group.drawn = "rand()"
    group.c[:800] = "-65 + 15*drawn**2"
    group.d[:800] = "8 - 6*drawn**2"
    group.a[800:] = "0.02 + 0.08*drawn"
    group.b[800:] = "0.25 - 0.05*drawn"
    group.c[800:] = -65
    group.d[800:] = 2
    group.v = -65
    group.u = "b*v"
    # A spike acts in exactly one step: the current is emptied after the units
    # have used it and before spikes are delivered.
    clear = group.run_regularly("I = 0; drawn = randn()", when="thresholds",
                                order=-1)
    exc = b.Synapses(group[:800], group, "w : 1", on_pre="I_post += w")
    inh = b.Synapses(group[800:], group, "w : 1", on_pre="I_post -= w")
    exc.connect()
    inh.connect()
    exc.w = "0.5*rand()"
    inh.w = "rand()"
    return [group, exc, inh, clear], group


def plastic(b):
    b.defaultclock.dt = 0.1 * b.ms
    group = current_based(b, 10000, 8000, -20)
    delay = 0.1 * b.ms
    ee = b.Synapses(
        group[:8000], group[:8000],
        """w : volt
           dpre/dt = -pre/tau : 1 (event-driven)
           dpost/dt = -post/tau : 1 (event-driven)""",
        on_pre="""ge_post += w
                  pre += 1
                  w = clip(w - 0.01*we*1.05*post, 0*volt, 2*we)""",
        on_post="""post += 1
                   w = clip(w + 0.01*we*pre, 0*volt, 2*we)""",
        namespace=dict(we=0.4585 * b.mV, tau=20 * b.ms), delay=delay)
    ei = b.Synapses(group[:8000], group[8000:], on_pre="ge += 0.4585*mV",
                    delay=delay)
    inh = b.Synapses(group[8000:], group, on_pre="gi += -2.547*mV", delay=delay)
    for synapses in (ee, ei, inh):
        synapses.connect(p=0.1)
    ee.w = 0.4585 * b.mV
    return [group, ee, ei, inh], group


NETWORKS = {"coba": coba, "cuba": cuba, "izhikevich": izhikevich,
            "plastic": plastic}


def build(name, precision, threads, seconds, folder):
    import brian2 as b
    import numpy

    b.prefs.codegen.cpp.extra_compile_args_gcc = [
        "-w", "-O3", "-ffast-math", "-march=native", "-std=c++17"]
    b.prefs.core.default_float_dtype = (
        numpy.float32 if precision == "float" else numpy.float64)
    b.prefs.devices.cpp_standalone.openmp_threads = (
        threads if threads > 1 else 0)
    b.set_device("cpp_standalone", build_on_run=False)
    objects, group = NETWORKS[name](b)
    monitor = b.SpikeMonitor(group)
    network = b.Network(objects, monitor)
    network.run(seconds * b.second)
    b.device.build(directory=folder, compile=True, run=False)


def run(name, precision, threads, seconds, folder):
    subprocess.run(["./main"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    info = open(os.path.join(folder, "results", "last_run_info.txt")).read()
    files = glob.glob(os.path.join(
        folder, "results", "_dynamic_array_spikemonitor_i_*"))
    import array

    spikes = array.array("i")
    with open(files[0], "rb") as f:
        spikes.frombytes(f.read())
    excitatory = EXCITATORY[name]
    count = sum(1 for i in spikes if i < excitatory)
    inhibitory = UNITS[name] - excitatory
    print(json.dumps({
        "cpu": float(info.split()[0]),
        "rate_e": count / excitatory / seconds,
        "rate_i": (len(spikes) - count) / inhibitory / seconds}))


if __name__ == "__main__":
    verb, name, precision, threads, seconds, folder = sys.argv[1:]
    {"build": build, "run": run}[verb](
        name, precision, int(threads), float(seconds), folder)
