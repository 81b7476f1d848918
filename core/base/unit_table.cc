#include "core/base/unit_table.h"

#include <array>
#include <cstdint>
#include <numbers>
#include <optional>

#include "absl/strings/match.h"

namespace engram {
namespace {

struct Row {
  const char* symbol;
  double factor;
  int decimal_exponent;
  // Of second, metre, kilogram, ampere, kelvin, mole, byte.
  std::array<int8_t, 7> powers;
  bool takes_prefix;
};

// SI units (BIPM, The International System of Units, 9th edition), and the
// other units that the field writes.
constexpr Row kRows[] = {
    {"1", 1, 0, {}, false},
    {"%", 1, -2, {}, false},
    {"rad", 1, 0, {}, true},
    {"deg", std::numbers::pi / 180, 0, {}, false},
    {"s", 1, 0, {1}, true},
    {"min", 60, 0, {1}, false},
    {"h", 3600, 0, {1}, false},
    {"d", 86400, 0, {1}, false},
    {"Hz", 1, 0, {-1}, true},
    {"m", 1, 0, {0, 1}, true},
    {"g", 1, -3, {0, 0, 1}, true},
    {"A", 1, 0, {0, 0, 0, 1}, true},
    {"K", 1, 0, {0, 0, 0, 0, 1}, true},
    {"mol", 1, 0, {0, 0, 0, 0, 0, 1}, true},
    {"M", 1, 3, {0, -3, 0, 0, 0, 1}, true},
    {"L", 1, -3, {0, 3}, true},
    {"l", 1, -3, {0, 3}, true},
    {"V", 1, 0, {-3, 2, 1, -1}, true},
    {"Ohm", 1, 0, {-3, 2, 1, -2}, true},
    {"ohm", 1, 0, {-3, 2, 1, -2}, true},
    {"Ω", 1, 0, {-3, 2, 1, -2}, true},
    {"S", 1, 0, {3, -2, -1, 2}, true},
    {"F", 1, 0, {4, -2, -1, 2}, true},
    {"C", 1, 0, {1, 0, 0, 1}, true},
    {"N", 1, 0, {-2, 1, 1}, true},
    {"J", 1, 0, {-2, 2, 1}, true},
    {"W", 1, 0, {-3, 2, 1}, true},
    {"Pa", 1, 0, {-2, -1, 1}, true},
    {"B", 1, 0, {0, 0, 0, 0, 0, 0, 1}, true},
    {"KiB", 1024.0, 0, {0, 0, 0, 0, 0, 0, 1}, false},
    {"MiB", 1048576.0, 0, {0, 0, 0, 0, 0, 0, 1}, false},
    {"GiB", 1073741824.0, 0, {0, 0, 0, 0, 0, 0, 1}, false},
    {"TiB", 1099511627776.0, 0, {0, 0, 0, 0, 0, 0, 1}, false},
};

struct Prefix {
  const char* symbol;
  int decimal_exponent;
};

constexpr Prefix kPrefixes[] = {
    {"f", -15}, {"p", -12}, {"n", -9}, {"u", -6}, {"µ", -6}, {"μ", -6},
    {"m", -3},  {"c", -2},  {"k", 3},  {"M", 6},  {"G", 9},  {"T", 12},
};

}  // namespace

std::optional<Unit> UnitTable::FindWhole(absl::string_view symbol,
                                         bool is_prefixed) {
  for (const Row& row : kRows) {
    if (symbol != row.symbol || (is_prefixed && !row.takes_prefix)) continue;
    Unit unit;
    unit.factor_ = row.factor;
    unit.decimal_exponent_ = row.decimal_exponent;
    unit.powers_ = row.powers;
    return unit;
  }
  return std::nullopt;
}

// A whole symbol wins over a prefixed one: "min" is a minute, "cd" no day.
std::optional<Unit> UnitTable::Find(absl::string_view symbol) {
  if (std::optional<Unit> unit = FindWhole(symbol, false)) return unit;
  for (const Prefix& prefix : kPrefixes) {
    if (!absl::StartsWith(symbol, prefix.symbol)) continue;
    const size_t length = absl::string_view(prefix.symbol).size();
    std::optional<Unit> unit = FindWhole(symbol.substr(length), true);
    if (!unit) continue;
    unit->decimal_exponent_ += prefix.decimal_exponent;
    return unit;
  }
  return std::nullopt;
}

}  // namespace engram
