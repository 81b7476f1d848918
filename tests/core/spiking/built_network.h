#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "core/spiking/network.h"
#include "tests/support/experiment_tree.h"

namespace engram {

inline NetworkPlan PlanOf(const Component& tree) {
  Faults faults;
  NetworkPlan plan = PlanNetwork(tree, faults);
  ENGRAM_EXPECT(faults.empty());
  return plan;
}

// What a network's visitor finds, path by path, and its return.
struct SavedArray {
  std::vector<int64_t> shape;
  std::vector<std::byte> bytes;
};
using SavedArrays = std::map<std::string, SavedArray>;

class NetworkSaver final : public StateVisitor {
 public:
  void State(absl::string_view path, StateArray array) override {
    saved[std::string(path)] = {array.shape,
                                {array.bytes.begin(), array.bytes.end()}};
  }
  void Fixed(absl::string_view, StateArray) override {}
  void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
            absl::string_view,
            std::function<void(std::span<std::byte>)>) override {}
  SavedArrays saved;
};

class NetworkLoader final : public StateVisitor {
 public:
  explicit NetworkLoader(const SavedArrays& saved) : saved_(saved) {}
  void State(absl::string_view path, StateArray array) override {
    const SavedArray& from = saved_.at(std::string(path));
    const std::span<std::byte> to =
        array.resize ? array.resize(from.shape) : array.bytes;
    ENGRAM_EXPECT(to.size() == from.bytes.size());
    std::ranges::copy(from.bytes, to.begin());
  }
  void Fixed(absl::string_view, StateArray) override {}
  void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
            absl::string_view,
            std::function<void(std::span<std::byte>)>) override {}

 private:
  const SavedArrays& saved_;
};

// A network alone, without its program.
template <class Real>
class BuiltNetwork {
 public:
  explicit BuiltNetwork(const std::string& yaml, int threads = 1,
                        uint64_t seed = 1)
      : tree_(Tree("{type: spiking_network, " + yaml + "}")),
        plan_(PlanOf(tree_)),
        parallel_(threads),
        network_(plan_, seed, parallel_) {}

  SpikingNetwork<Real>& operator*() { return network_; }
  SpikingNetwork<Real>* operator->() { return &network_; }
  const NetworkPlan& plan() const { return plan_; }

  // A population's array by its path, "post.i_e".
  std::vector<Real> Read(const std::string& path) {
    Reader reader(path);
    network_.VisitState(reader);
    return reader.values;
  }

  // Takes over the state of a network of the same plan.
  void CopyFrom(BuiltNetwork& other) {
    NetworkSaver saver;
    other.network_.VisitState(saver);
    NetworkLoader loader(saver.saved);
    network_.VisitState(loader);
  }

 private:
  struct Reader final : StateVisitor {
    explicit Reader(std::string wanted_path) : wanted(std::move(wanted_path)) {}
    void State(absl::string_view path, StateArray array) override {
      if (wanted != std::string(path)) return;
      values.resize(array.bytes.size() / sizeof(Real));
      std::memcpy(values.data(), array.bytes.data(), array.bytes.size());
    }
    void Fixed(absl::string_view, StateArray) override {}
    void View(absl::string_view, ElementType, ArrayOrder, std::vector<int64_t>,
              absl::string_view,
              std::function<void(std::span<std::byte>)>) override {}
    std::string wanted;
    std::vector<Real> values;
  };

  const ScopedNumericEnvironment environment_;
  const Component tree_;
  const NetworkPlan plan_;
  Parallel parallel_;
  SpikingNetwork<Real> network_;
};

// A population that fires once for each event of a Poisson input of its own,
// one step after the current has come and gone; and that input.
inline std::string Driven(const std::string& name, int units) {
  return "{type: lif_current_exponential, name: " + name +
         ", units: " + std::to_string(units) +
         ", e_l: -70, t_ref: 0, tau_e: 0.02, "
         "tau_i: 0.02}";
}
inline std::string Drive(const std::string& name, double rate) {
  return "{type: poisson_input, to: " + name +
         ", weight: 1e6, rate: " + std::to_string(rate) + "}";
}

}  // namespace engram
