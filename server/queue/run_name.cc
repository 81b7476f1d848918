#include "server/queue/run_name.h"

#include <random>

#include "absl/strings/str_cat.h"

namespace engram {

std::string RunName::Full() const {
  return absl::StrCat("experiments/", experiment, "/runs/", point);
}

std::string RunName::Short() const {
  return absl::StrCat(experiment, "/", point);
}

std::string RunName::Attempt(int number) const {
  return absl::StrCat(Full(), "/attempts/", number);
}

std::string RunName::Verification(int64_t number) const {
  return absl::StrCat(Full(), "/verifications/", number);
}

std::string MakeExperimentId() {
  constexpr absl::string_view kLetters = "abcdefghijkmnpqrstuvwxyz";
  constexpr absl::string_view kAll = "abcdefghijkmnpqrstuvwxyz23456789";
  static_assert(kAll.size() == 32);
  // From the machine's entropy: ids of two servers should differ, too.
  std::random_device entropy;
  std::uniform_int_distribution<std::size_t> letter(0, kLetters.size() - 1);
  std::uniform_int_distribution<std::size_t> any(0, kAll.size() - 1);
  std::string id(1, kLetters[letter(entropy)]);
  while (id.size() < 10) id += kAll[any(entropy)];
  return id;
}

}  // namespace engram
