#include "core/spiking/connectivity/partners.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

// floor(u n) of a uniform number: of n < 2^31 outcomes each has its share of
// the 2^52 numbers to a relative 2^-21.
inline int32_t Below(double uniform, int64_t n) {
  return static_cast<int32_t>(uniform * static_cast<double>(n));
}

// The members of a bitmap, ascending.
void ListMembers(const std::vector<uint64_t>& bitmap,
                 std::vector<int32_t>& members) {
  size_t k = 0;
  for (size_t word = 0; word < bitmap.size(); ++word) {
    for (uint64_t bits = bitmap[word]; bits != 0; bits &= bits - 1) {
      members[k++] = static_cast<int32_t>(64 * word) + std::countr_zero(bits);
    }
  }
}

}  // namespace

void PartnerDraw::Draw(int64_t unit, int64_t degree,
                       std::vector<int32_t>& partners) const {
  partners.resize(static_cast<size_t>(degree));
  if (multapses_) {
    WithRepetition(unit, partners);
  } else {
    WithoutRepetition(unit, partners);
  }
  if (!skips_itself_) return;
  // Candidate c stands for unit c below the unit itself, and for c + 1 from it
  // on.
  for (int32_t& partner : partners) partner += partner >= unit;
}

void PartnerDraw::WithRepetition(int64_t unit,
                                 std::vector<int32_t>& partners) const {
  std::vector<double> uniform(partners.size());
  random_.Fill(unit, uniform);
  for (size_t k = 0; k < uniform.size(); ++k) {
    partners[k] = Below(uniform[k], candidates_);
  }
  std::ranges::sort(partners);
}

void PartnerDraw::WithoutRepetition(int64_t unit,
                                    std::vector<int32_t>& partners) const {
  std::vector<double> uniform(partners.size());
  random_.Fill(unit, uniform);
  std::vector<uint64_t> taken(static_cast<size_t>(candidates_ + 63) / 64);
  const auto word = [&](int64_t c) -> uint64_t& {
    return taken[static_cast<size_t>(c) / 64];
  };
  const int64_t degree = static_cast<int64_t>(partners.size());
  for (int64_t k = 0; k < degree; ++k) {
    const int64_t last = candidates_ - degree + k;
    const int64_t drawn = Below(uniform[static_cast<size_t>(k)], last + 1);
    const bool is_taken = (word(drawn) >> (drawn % 64) & 1) != 0;
    const int64_t chosen = is_taken ? last : drawn;
    word(chosen) |= uint64_t{1} << (chosen % 64);
  }
  ListMembers(taken, partners);
}

std::string WhyNotSoMany(absl::string_view name, int64_t degree,
                         int64_t candidates, absl::string_view side,
                         bool multapses, bool skips_itself) {
  const int64_t others = candidates - (skips_itself ? 1 : 0);
  if (degree == 0 || degree <= others || (multapses && others > 0)) return "";
  return absl::StrCat(
      name, " = ", degree, " is above the ", others, " ", side, " units",
      skips_itself ? " besides the unit itself" : "", " to draw from; lower ",
      name,
      others > 0 ? " or let a pair have several synapses (multapses: true)"
                 : " to 0");
}

std::vector<ParameterSpec> RepetitionParameters() {
  return {Boolean("multapses", true,
                  "whether a pair may have several synapses: each is drawn "
                  "among all units"),
          Boolean("autapses", true,
                  "whether a unit may have a synapse onto itself")};
}

}  // namespace engram
