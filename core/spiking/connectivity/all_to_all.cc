// Every unit onto every unit.

#include "core/spiking/catalog.h"

namespace engram {
namespace {

class AllToAll final : public Connectivity {
 public:
  AllToAll(const Component& c, const ConnectivityShape& shape)
      : skips_itself_(shape.is_recurrent && !c.Boolean("autapses")),
        n_post_(shape.n_post) {}

  void Row(int64_t row, std::vector<int32_t>& units) const override {
    units.clear();
    for (int64_t i = 0; i < n_post_; ++i) {
      if (skips_itself_ && i == row) continue;
      units.push_back(static_cast<int32_t>(i));
    }
  }

 private:
  bool skips_itself_;
  int64_t n_post_;
};

double Synapses(const Component& c, const ConnectivityShape& shape) {
  const double n_pre = static_cast<double>(shape.n_pre);
  const bool skips = shape.is_recurrent && !c.Boolean("autapses");
  return n_pre * (static_cast<double>(shape.n_post) - (skips ? 1 : 0));
}

}  // namespace

ConnectivityRow AllToAllRow() {
  return {.spec = {.kind = Kind::kConnectivity,
                   .type = "all_to_all",
                   .summary = "every unit onto every unit",
                   .equation = "",
                   .reference = "",
                   .parameters = {Boolean("autapses", true,
                                          "whether a unit has a synapse onto "
                                          "itself")}},
          .make = [](const Component& c, const ConnectivityShape& shape)
              -> std::unique_ptr<Connectivity> {
            return std::make_unique<AllToAll>(c, shape);
          },
          .synapses = Synapses};
}

}  // namespace engram
