// Every postsynaptic unit has the same number of synapses, their sources drawn
// at random.

#include "core/spiking/catalog.h"
#include "core/spiking/connectivity/partners.h"

namespace engram {
namespace {

bool SkipsItself(const Component& c, const ConnectivityShape& shape) {
  return shape.is_recurrent && !c.Boolean("autapses");
}

class FixedInDegree final : public Connectivity {
 public:
  FixedInDegree(const Component& c, const ConnectivityShape& shape)
      : in_degree_(c.Integer("in_degree")),
        sources_(shape.n_pre, c.Boolean("multapses"), SkipsItself(c, shape),
                 RandomStream(shape.seed, c.path, "sources")) {}

  bool is_by_target() const override { return true; }
  void Row(int64_t row, std::vector<int32_t>& units) const override {
    sources_.Draw(row, in_degree_, units);
  }

 private:
  int64_t in_degree_;
  PartnerDraw sources_;
};

std::string Impossible(const Component& c, const ConnectivityShape& shape) {
  return WhyNotSoMany("in_degree", c.Integer("in_degree"), shape.n_pre,
                      "presynaptic", c.Boolean("multapses"),
                      SkipsItself(c, shape));
}

}  // namespace

ConnectivityRow FixedInDegreeRow() {
  ConnectivityRow row = {
      .spec = {.kind = Kind::kConnectivity,
               .type = "fixed_in_degree",
               .summary = "every postsynaptic unit has as many synapses, from "
                          "units drawn at random",
               .equation = "",
               .reference = "",
               .parameters = {Integer("in_degree", 100, 0, 100000000,
                                      "synapses of a postsynaptic unit")}},
      .make = [](const Component& c, const ConnectivityShape& shape)
          -> std::unique_ptr<Connectivity> {
        return std::make_unique<FixedInDegree>(c, shape);
      },
      .synapses =
          [](const Component& c, const ConnectivityShape& shape) {
            return c.Real("in_degree") * static_cast<double>(shape.n_post);
          },
      .impossible = Impossible};
  for (ParameterSpec& p : RepetitionParameters()) {
    row.spec.parameters.push_back(std::move(p));
  }
  return row;
}

}  // namespace engram
