// Synapses named one by one.

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "core/spec/receptor_units.h"
#include "core/spiking/catalog.h"
#include "core/spiking/neuron_population.h"

namespace engram {
namespace {

std::vector<int64_t> Numbers(const Component& c, const char* name) {
  std::vector<int64_t> numbers;
  for (const double x : c.Reals(name)) {
    numbers.push_back(static_cast<int64_t>(x));
  }
  return numbers;
}

class ExplicitList final : public Connectivity {
 public:
  ExplicitList(const Component& c, const ConnectivityShape& shape)
      : begin_(static_cast<size_t>(shape.n_pre) + 1) {
    const std::vector<int64_t> pre = Numbers(c, "pre");
    const std::vector<int64_t> post = Numbers(c, "post");
    std::vector<size_t> order(pre.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::sort(order, {},
                      [&](size_t k) { return std::tuple(pre[k], post[k], k); });
    for (const size_t k : order) {
      post_.push_back(static_cast<int32_t>(post[k]));
      if (c.Has("weights")) weights_.push_back(c.Reals("weights")[k]);
      if (c.Has("delays")) delays_.push_back(c.Reals("delays")[k]);
      ++begin_[static_cast<size_t>(pre[k]) + 1];
    }
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  }

  void Row(int64_t row, std::vector<int32_t>& units) const override {
    const auto at = [&](int64_t r) {
      return post_.begin() + begin_[static_cast<size_t>(r)];
    };
    units.assign(at(row), at(row + 1));
  }
  std::span<const double> WeightsOf(int64_t row) const override {
    return Part(weights_, row);
  }
  std::span<const double> DelaysOf(int64_t row) const override {
    return Part(delays_, row);
  }

 private:
  std::span<const double> Part(const std::vector<double>& of,
                               int64_t row) const {
    if (of.empty()) return {};
    const auto begin = static_cast<size_t>(begin_[static_cast<size_t>(row)]);
    const auto end = static_cast<size_t>(begin_[static_cast<size_t>(row) + 1]);
    return std::span(of).subspan(begin, end - begin);
  }

  std::vector<int64_t> begin_;  // of each row, and the end of the last
  std::vector<int32_t> post_;
  std::vector<double> weights_, delays_;  // in the same order, or none
};

// The first number of the list that is no unit of its side.
std::string Outside(const Component& c, const char* name, int64_t units) {
  const std::vector<int64_t> numbers = Numbers(c, name);
  const auto wrong = std::ranges::find_if(
      numbers, [&](int64_t unit) { return unit < 0 || unit >= units; });
  if (wrong == numbers.end()) return "";
  return absl::StrCat(name, "[", wrong - numbers.begin(), "] = ", *wrong,
                      " is outside [0, ", units - 1,
                      "], the units of its side");
}

std::string Impossible(const Component& c, const ConnectivityShape& shape) {
  const size_t pre = c.Reals("pre").size(), post = c.Reals("post").size();
  if (pre != post) {
    return absl::StrCat("pre has ", pre, " units and post has ", post,
                        "; synapse k leads from pre[k] to post[k]");
  }
  for (const char* own : {"weights", "delays"}) {
    if (!c.Has(own) || c.Reals(own).size() == pre) continue;
    return absl::StrCat(own, " has ", c.Reals(own).size(), " numbers for ", pre,
                        " synapses; give one for each, or leave it out");
  }
  const std::string wrong = Outside(c, "pre", shape.n_pre);
  return wrong.empty() ? Outside(c, "post", shape.n_post) : wrong;
}

ParameterSpec UnitList(std::string name, std::string meaning) {
  ParameterSpec spec = Integer(std::move(name), 0, 0, 2147483647, meaning);
  spec.default_value.reset();
  spec.list_rank = 1;
  return spec;
}

ParameterSpec OwnNumbers(std::string name, std::string unit, double minimum,
                         double maximum, std::string meaning) {
  ParameterSpec spec = OptionalReal(std::move(name), std::move(unit), minimum,
                                    maximum, std::move(meaning));
  spec.list_rank = 1;
  return spec;
}

}  // namespace

ConnectivityRow ExplicitListRow() {
  return {
      .spec = {.kind = Kind::kConnectivity,
               .type = "explicit_list",
               .summary = "synapses named one by one: synapse k leads from "
                          "pre[k] to post[k]",
               .equation = "",
               .reference = "",
               .parameters = {UnitList("pre", "presynaptic units, from 0"),
                              UnitList("post", "postsynaptic units, from 0"),
                              OwnNumbers("weights", kReceptorUnit, -1e9, 1e9,
                                         "of each synapse; without them the "
                                         "projection's"),
                              OwnNumbers(
                                  "delays", "ms", 0, 1e5,
                                  "of each synapse, rounded to whole steps; "
                                  "without them the projection's")}},
      .make = [](const Component& c, const ConnectivityShape& shape)
          -> std::unique_ptr<Connectivity> {
        return std::make_unique<ExplicitList>(c, shape);
      },
      .synapses =
          [](const Component& c, const ConnectivityShape&) {
            return static_cast<double>(c.Reals("pre").size());
          },
      .impossible = Impossible,
      .own_weights = "weights",
      .own_delays = "delays"};
}

}  // namespace engram
