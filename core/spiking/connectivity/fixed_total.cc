// A given number of synapses, source and target of each drawn at random with
// replacement (Potjans and Diesmann 2014, doi:10.1093/cercor/bhs358). How many
// fall on each target is drawn first, one number a synapse, and kept; a
// target's sources follow from its own row.

#include <array>

#include "absl/strings/str_cat.h"
#include "core/spiking/catalog.h"
#include "core/spiking/connectivity/partners.h"

namespace engram {
namespace {

bool SkipsItself(const Component& c, const ConnectivityShape& shape) {
  return shape.is_recurrent && !c.Boolean("autapses");
}

// Multinomial: how many of `total` synapses each of n targets gets.
std::vector<int32_t> DrawInDegrees(int64_t total, int64_t n,
                                   const RandomStream& random) {
  std::vector<int32_t> in_degree(static_cast<size_t>(n));
  std::array<double, 4096> uniform;
  for (int64_t chunk = 0, left = total; left > 0; ++chunk) {
    const size_t count = static_cast<size_t>(
        std::min<int64_t>(left, static_cast<int64_t>(uniform.size())));
    random.Fill(chunk, std::span(uniform).first(count));
    for (size_t k = 0; k < count; ++k) {
      ++in_degree[static_cast<size_t>(uniform[k] * static_cast<double>(n))];
    }
    left -= static_cast<int64_t>(count);
  }
  return in_degree;
}

class FixedTotal final : public Connectivity {
 public:
  FixedTotal(const Component& c, const ConnectivityShape& shape)
      : in_degree_(
            DrawInDegrees(c.Integer("synapses"), shape.n_post,
                          RandomStream(shape.seed, c.path, "in-degrees"))),
        sources_(shape.n_pre, true, SkipsItself(c, shape),
                 RandomStream(shape.seed, c.path, "sources")) {}

  bool is_by_target() const override { return true; }
  void Row(int64_t row, std::vector<int32_t>& units) const override {
    sources_.Draw(row, in_degree_[static_cast<size_t>(row)], units);
  }

 private:
  std::vector<int32_t> in_degree_;  // of each target
  PartnerDraw sources_;
};

std::string Impossible(const Component& c, const ConnectivityShape& shape) {
  const int64_t others = shape.n_pre - (SkipsItself(c, shape) ? 1 : 0);
  if (c.Integer("synapses") == 0 || others > 0) return "";
  return absl::StrCat("synapses = ", c.Integer("synapses"),
                      " among no pair of units: the only unit may not have a "
                      "synapse onto itself; set autapses: true or synapses: 0");
}

}  // namespace

ConnectivityRow FixedTotalRow() {
  return {
      .spec = {.kind = Kind::kConnectivity,
               .type = "fixed_total",
               .summary = "a given number of synapses, source and target "
                          "of each drawn at random with replacement",
               .equation = "",
               .reference = "doi:10.1093/cercor/bhs358",
               .parameters = {Integer("synapses", 1000, 0, 100000000000,
                                      "all synapses together"),
                              Boolean("autapses", true,
                                      "whether a unit may have a synapse "
                                      "onto itself")}},
      .make = [](const Component& c, const ConnectivityShape& shape)
          -> std::unique_ptr<Connectivity> {
        return std::make_unique<FixedTotal>(c, shape);
      },
      .synapses = [](const Component& c,
                     const ConnectivityShape&) { return c.Real("synapses"); },
      .impossible = Impossible};
}

}  // namespace engram
