#include "tests/faults/io_faults.h"

#include <cstdlib>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/store_scenarios.h"
#include "tests/server/store/store_folder.h"

namespace engram::faults {
namespace {

namespace fs = std::filesystem;
using store::StoreFolder;
using ::testing::IsEmpty;

bool IsLong() { return std::getenv("ENGRAM_LONG") != nullptr; }

struct Case {
  int scenario = 0;
  Kind kind = Kind::kIoError;
  bool for_good = false;
};

const char* NameOf(Kind kind) {
  switch (kind) {
    case Kind::kIoError:
      return "io_error";
    case Kind::kDiskFull:
      return "disk_full";
    case Kind::kShortWrite:
      return "short_write";
    case Kind::kFailedSync:
      return "failed_sync";
  }
  return "";
}

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  for (int scenario = 0; scenario < std::ssize(Scenarios()); ++scenario)
    for (const Kind kind : {Kind::kIoError, Kind::kDiskFull, Kind::kShortWrite,
                            Kind::kFailedSync})
      for (const bool for_good : {false, true})
        cases.push_back({scenario, kind, for_good});
  return cases;
}

void CopyTree(const fs::path& from, const fs::path& to) {
  fs::copy(from, to,
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

class IoFaultsTest : public ::testing::TestWithParam<Case> {
 protected:
  static const Scenario& scenario() {
    return Scenarios()[static_cast<size_t>(GetParam().scenario)];
  }
  // The folder as it is before, made once for each scenario.
  static const fs::path& Before() {
    static std::map<std::string, std::unique_ptr<StoreFolder>> made;
    auto& folder = made[scenario().name];
    if (folder == nullptr) {
      folder = std::make_unique<StoreFolder>();
      scenario().prepare(folder->path());
    }
    return folder->path();
  }

  // Runs the scenario with the call failing that the plan says, then looks at
  // the store that is open, at the files, and at what a power cut leaves of
  // them. Returns how many calls the kind could have happened to.
  static int64_t Try(int64_t at) {
    StoreFolder folder, after_cut;
    CopyTree(Before(), folder.path());
    IoFaults faults(folder.path());
    Promised promised;
    if (fs::exists(folder.path() / "engram.db")) promised.insert("base");
    std::unique_ptr<store::Store> store;
    if (!scenario().begins_closed) store = *OpenStore(folder.path());
    faults.Arm({GetParam().kind, at, GetParam().for_good});
    scenario().run(folder.path(), store, promised);
    const int64_t calls = faults.call_count();
    faults.CutPower(after_cut.path());
    faults.Disarm();
    CheckOpened(after_cut.path(), promised, "after a power cut");
    if (store != nullptr) {
      EXPECT_TRUE(WriteOnce(*store, promised).ok())
          << "the open store does not go on: "
          << WriteOnce(*store, promised).ToString();
      EXPECT_THAT(FaultsOf(*store, promised), IsEmpty()) << "while open";
      // An fsync that succeeds after one that failed says nothing of what was
      // written before that: it must have been written again.
      const StoreFolder after_more;
      faults.CutPower(after_more.path());
      CheckOpened(after_more.path(), promised,
                  "after one more and a power cut");
    }
    store.reset();
    CheckOpened(folder.path(), promised, "opened again");
    return calls;
  }

  static void CheckOpened(const fs::path& folder, const Promised& promised,
                          const char* when) {
    const auto store = OpenStore(folder);
    ASSERT_TRUE(store.ok()) << when << ": " << store.status();
    EXPECT_THAT(FaultsOf(**store, promised), IsEmpty()) << when;
  }
};

TEST_P(IoFaultsTest, NothingPromisedIsLostAndTheStoreGoesOn) {
  const int64_t calls = Try(INT64_MAX);
  EXPECT_GT(calls, 0) << "nothing can fail here";
  // A few calls of each, others each time the scenario changes; all of them in
  // the long form.
  std::mt19937_64 random(20);
  const int64_t step = IsLong() ? 1 : std::max<int64_t>(1, calls / 3);
  const auto first =
      static_cast<int64_t>(random() % static_cast<uint64_t>(step)) + 1;
  int64_t tried = 0;
  for (int64_t at = first; at <= calls; at += step, ++tried) {
    SCOPED_TRACE(absl::StrCat("call ", at, " of ", calls));
    Try(at);
    if (HasFailure()) break;
  }
  RecordProperty("calls", absl::StrCat(calls));
  RecordProperty("tried", absl::StrCat(tried));
}

std::string CaseName(const ::testing::TestParamInfo<Case>& of) {
  return absl::StrCat(Scenarios()[static_cast<size_t>(of.param.scenario)].name,
                      "_", NameOf(of.param.kind),
                      of.param.for_good ? "_for_good" : "_once");
}

INSTANTIATE_TEST_SUITE_P(Every, IoFaultsTest, ::testing::ValuesIn(AllCases()),
                         CaseName);

}  // namespace
}  // namespace engram::faults
