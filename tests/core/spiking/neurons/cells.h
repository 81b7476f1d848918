#pragma once

// A population of one model, stepped by hand.

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/programs/state_visitor.h"
#include "core/spec/find_row.h"
#include "core/spiking/catalog.h"
#include "tests/support/experiment_tree.h"

namespace engram {

inline constexpr char kCellsPath[] = "experiment.populations.cells";

inline Component CellsTree(const std::string& yaml) {
  return Tree(yaml, Kind::kPopulation, kCellsPath);
}

// The faults of a population that is no good, as texts.
inline std::string CellsFault(const std::string& yaml) {
  Faults faults;
  ReadTree(yaml, Kind::kPopulation, kCellsPath, faults);
  std::string all;
  for (const Fault& fault : faults) all += fault.Format("tree") + "\n";
  return all;
}

// Why a model cannot be stepped by dt.
inline std::string Instability(const std::string& yaml, double dt) {
  const Component tree = CellsTree(yaml);
  const PopulationRow& row = RowOf(PopulationRows(), tree.type);
  return row.unstable == nullptr ? "" : row.unstable(tree, dt);
}

template <class Real>
class CellsOf {
 public:
  CellsOf(const std::string& yaml, double dt, uint64_t seed = 1)
      : tree_(CellsTree(yaml)),
        dt_(dt),
        units_(tree_.Integer("units")),
        population_(MakePopulation<Real>(
            tree_, {.units = units_, .dt = dt, .seed = seed})),
        fired_(static_cast<size_t>(units_)) {
    for (const Receptor& receptor :
         RowOf(PopulationRows(), tree_.type).receptors) {
      names_.push_back(receptor.name);
      inputs_.emplace_back(static_cast<size_t>(units_));
    }
  }

  int64_t units() const { return units_; }
  double dt() const { return dt_; }
  const std::string& type() const { return tree_.type; }
  NeuronPopulation<Real>& population() { return *population_; }
  // For a population that goes on where another one was.
  void SkipTo(int64_t step) { step_ = step; }
  double time() const { return static_cast<double>(step_) * dt_; }

  // Input of the next step alone, for all units.
  void Give(const std::string& receptor, double value) {
    for (size_t r = 0; r < names_.size(); ++r) {
      if (names_[r] != receptor) continue;
      for (Real& x : inputs_[r]) x = static_cast<Real>(value);
      return;
    }
    ENGRAM_EXPECT(false && "no such receptor");
  }

  // Which fired. All units are stepped in one range, or in ranges of `block`.
  std::vector<int32_t> Step(int64_t block = 1 << 30) {
    std::vector<int32_t> fired;
    for (int64_t begin = 0; begin < units_; begin += block) {
      const int64_t end = std::min(units_, begin + block);
      std::vector<const Real*> inputs;
      for (const auto& input : inputs_) inputs.push_back(input.data() + begin);
      const int64_t n =
          population_->Step(step_, begin, end, inputs, fired_.data());
      fired.insert(fired.end(), fired_.begin(), fired_.begin() + n);
    }
    ++step_;
    for (auto& input : inputs_) std::fill(input.begin(), input.end(), Real{0});
    return fired;
  }

  // Spikes of unit 0 until the given time, each at the end of its step [ms].
  std::vector<double> SpikesUntil(double ms) {
    std::vector<double> times;
    while (time() < ms - 0.5 * dt_) {
      const std::vector<int32_t> fired = Step();
      if (!fired.empty() && fired[0] == 0) times.push_back(time());
    }
    return times;
  }

  // A state array ("v"), of unit `unit`.
  double operator()(const std::string& array, int64_t unit = 0) {
    return All(array)[static_cast<size_t>(unit)];
  }
  std::vector<double> All(const std::string& array) {
    Reader reader;
    population_->VisitState("cells", reader);
    return reader.arrays.at("cells." + array);
  }

 private:
  struct Reader final : StateVisitor {
    template <class T>
    void Copy(absl::string_view path, const StateArray& array) {
      std::vector<T> values(array.bytes.size() / sizeof(T));
      std::memcpy(values.data(), array.bytes.data(), array.bytes.size());
      arrays[std::string(path)] = {values.begin(), values.end()};
    }
    void State(absl::string_view path, StateArray array) override {
      if (array.type == ElementType::kFloat64) Copy<double>(path, array);
      if (array.type == ElementType::kFloat32) Copy<float>(path, array);
      if (array.type == ElementType::kInt64) Copy<int64_t>(path, array);
      if (array.type == ElementType::kInt32) Copy<int32_t>(path, array);
      if (array.type == ElementType::kUint8) Copy<uint8_t>(path, array);
    }
    void Fixed(absl::string_view path, StateArray array) override {
      State(path, std::move(array));
    }
    void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
              absl::string_view,
              std::function<void(std::span<std::byte>)>) override {}
    std::map<std::string, std::vector<double>> arrays;
  };

  Component tree_;
  double dt_;
  int64_t units_;
  int64_t step_ = 0;
  std::unique_ptr<NeuronPopulation<Real>> population_;
  std::vector<int32_t> fired_;
  std::vector<std::string> names_;
  std::vector<std::vector<Real>> inputs_;
};

using Cells = CellsOf<double>;

}  // namespace engram
