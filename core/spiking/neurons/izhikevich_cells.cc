#include "core/spiking/neurons/izhikevich_cells.h"

#include "core/base/contract.h"

namespace engram {
namespace {

constexpr IzhikevichCell kCells[] = {
    {"RS", 0.02, 0.2, -65, 8},
    {"IB", 0.02, 0.2, -55, 4},
    {"CH", 0.02, 0.2, -50, 2},
    {"FS", 0.1, 0.2, -65, 2},
    {"TC", 0.02, 0.25, -65, 0.05},
    {"RZ", 0.1, 0.26, -65, 2},
    {"LTS", 0.02, 0.25, -65, 2},
    {"tonic_spiking", 0.02, 0.2, -65, 6},
    {"phasic_spiking", 0.02, 0.25, -65, 6},
    {"tonic_bursting", 0.02, 0.2, -50, 2},
    {"phasic_bursting", 0.02, 0.25, -55, 0.05},
    {"mixed_mode", 0.02, 0.2, -55, 4},
    {"spike_frequency_adaptation", 0.01, 0.2, -65, 8},
    {"class_1_excitable", 0.02, -0.1, -55, 6, 4.1, 108},
    {"class_2_excitable", 0.2, 0.26, -65, 0},
    {"spike_latency", 0.02, 0.2, -65, 6},
    {"subthreshold_oscillations", 0.05, 0.26, -60, 0},
    {"resonator", 0.1, 0.26, -60, -1},
    {"integrator", 0.02, -0.1, -55, 6, 4.1, 108},
    {"rebound_spike", 0.03, 0.25, -60, 4},
    {"rebound_burst", 0.03, 0.25, -52, 0},
    {"threshold_variability", 0.03, 0.25, -60, 4},
    {"bistability", 0.1, 0.26, -60, 0},
    {"depolarizing_after_potential", 1, 0.2, -60, -21},
    {"accommodation", 0.02, 1, -55, 4, 5, 140, 65, 0},
    {"inhibition_induced_spiking", -0.02, -1, -60, 8},
    {"inhibition_induced_bursting", -0.026, -1, -45, -2},
};

}  // namespace

std::span<const IzhikevichCell> IzhikevichCells() { return kCells; }

std::vector<std::string> IzhikevichCellNames() {
  std::vector<std::string> names;
  for (const IzhikevichCell& cell : kCells) names.emplace_back(cell.name);
  return names;
}

const IzhikevichCell& FindIzhikevichCell(absl::string_view name) {
  for (const IzhikevichCell& cell : kCells) {
    if (name == cell.name) return cell;
  }
  ENGRAM_EXPECT(false && "no such type of cell");
}

}  // namespace engram
