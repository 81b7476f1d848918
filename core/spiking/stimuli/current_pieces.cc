// A current that all units receive alike, put together from constants and
// ramps.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/receptor_units.h"
#include "core/spiking/catalog.h"

namespace engram {
namespace {

constexpr size_t kNumbers = 4;  // of a piece: from, to, value, slope

template <class Real>
class CurrentPieces final : public Stimulus<Real> {
 public:
  CurrentPieces(const Component& c, const StimulusShape& shape)
      : base_(c.Real("base")), dt_(shape.dt), pieces_(c.RealRows("pieces")) {}

  void Add(int64_t step, int64_t begin, int64_t end,
           Real* input) const override {
    const Real current = static_cast<Real>(At(static_cast<double>(step) * dt_));
    for (int64_t k = 0; k < end - begin; ++k) input[k] += current;
  }

 private:
  double At(double t) const {
    double current = base_;
    for (const std::vector<double>& piece : pieces_) {
      if (t <= piece[0] || t >= piece[1]) continue;
      current = piece[2] + piece[3] * (t - piece[0]);
    }
    return current;
  }

  double base_, dt_;
  std::vector<std::vector<double>> pieces_;
};

void Check(const Component& self, const Component&, Faults& faults) {
  const std::vector<std::vector<double>> pieces = self.RealRows("pieces");
  for (size_t i = 0; i < pieces.size(); ++i) {
    const auto fault = [&](const std::string& message) {
      faults.push_back({0, absl::StrCat(self.path, ".pieces"),
                        absl::StrCat("piece ", i, " ", message)});
    };
    if (pieces[i].size() != kNumbers) {
      fault(absl::StrCat("has ", pieces[i].size(),
                         " numbers; give [from, to, value, slope]"));
    } else if (pieces[i][0] >= pieces[i][1]) {
      fault(absl::StrCat("ends at ", pieces[i][1],
                         " ms, not after it begins, at ", pieces[i][0], " ms"));
    }
  }
}

}  // namespace

StimulusRow CurrentPiecesRow() {
  ParameterSpec pieces;
  pieces.name = "pieces";
  pieces.list_rank = 2;
  pieces.default_value = Value(Value::List{});
  pieces.meaning =
      "rows of [from (ms), to (ms), value, slope (1/ms)]; of those "
      "that overlap the last counts";
  return RowOfStimulus<CurrentPieces>(
      {.type = "current_pieces",
       .summary = "a current of constants and ramps, the same for all units",
       .equation = "I(t) = value + slope (t - from) for from < t < to, base "
                   "outside; t is the begin of the step",
       .reference = "",
       .parameters = {Real("base", kReceptorUnit, 0, -1e9, 1e9,
                           "outside of all pieces"),
                      std::move(pieces)},
       .check = Check});
}

}  // namespace engram
