// Unit i onto unit i.

#include "absl/strings/str_cat.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

class OneToOne final : public Connectivity {
 public:
  void Row(int64_t row, std::vector<int32_t>& units) const override {
    units.assign(1, static_cast<int32_t>(row));
  }
};

std::string Impossible(const Component&, const ConnectivityShape& shape) {
  if (shape.n_pre == shape.n_post) return "";
  return absl::StrCat("one_to_one connects as many units on either side, got ",
                      shape.n_pre, " presynaptic and ", shape.n_post,
                      " postsynaptic ones; select as many of each");
}

}  // namespace

ConnectivityRow OneToOneRow() {
  return {
      .spec = {.kind = Kind::kConnectivity,
               .type = "one_to_one",
               .summary = "unit i onto unit i",
               .equation = "",
               .reference = "",
               .parameters = {}},
      .make = [](const Component&,
                 const ConnectivityShape&) -> std::unique_ptr<Connectivity> {
        return std::make_unique<OneToOne>();
      },
      .synapses =
          [](const Component&, const ConnectivityShape& shape) {
            return static_cast<double>(shape.n_pre);
          },
      .impossible = Impossible};
}

}  // namespace engram
