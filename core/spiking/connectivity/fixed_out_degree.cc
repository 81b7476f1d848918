// Every presynaptic unit has the same number of synapses, their targets drawn
// at random.

#include "core/spiking/catalog.h"
#include "core/spiking/connectivity/partners.h"

namespace engram {
namespace {

bool SkipsItself(const Component& c, const ConnectivityShape& shape) {
  return shape.is_recurrent && !c.Boolean("autapses");
}

class FixedOutDegree final : public Connectivity {
 public:
  FixedOutDegree(const Component& c, const ConnectivityShape& shape)
      : out_degree_(c.Integer("out_degree")),
        targets_(shape.n_post, c.Boolean("multapses"), SkipsItself(c, shape),
                 RandomStream(shape.seed, c.path, "targets")) {}

  void Row(int64_t row, std::vector<int32_t>& units) const override {
    targets_.Draw(row, out_degree_, units);
  }

 private:
  int64_t out_degree_;
  PartnerDraw targets_;
};

std::string Impossible(const Component& c, const ConnectivityShape& shape) {
  return WhyNotSoMany("out_degree", c.Integer("out_degree"), shape.n_post,
                      "postsynaptic", c.Boolean("multapses"),
                      SkipsItself(c, shape));
}

}  // namespace

ConnectivityRow FixedOutDegreeRow() {
  ConnectivityRow row = {
      .spec = {.kind = Kind::kConnectivity,
               .type = "fixed_out_degree",
               .summary = "every presynaptic unit has as many synapses, onto "
                          "units drawn at random",
               .equation = "",
               .reference = "",
               .parameters = {Integer("out_degree", 100, 0, 100000000,
                                      "synapses of a presynaptic unit")}},
      .make = [](const Component& c, const ConnectivityShape& shape)
          -> std::unique_ptr<Connectivity> {
        return std::make_unique<FixedOutDegree>(c, shape);
      },
      .synapses =
          [](const Component& c, const ConnectivityShape& shape) {
            return c.Real("out_degree") * static_cast<double>(shape.n_pre);
          },
      .impossible = Impossible};
  for (ParameterSpec& p : RepetitionParameters()) {
    row.spec.parameters.push_back(std::move(p));
  }
  return row;
}

}  // namespace engram
