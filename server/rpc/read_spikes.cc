#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/runs.h"
#include "server/rpc/status.h"
#include "server/store/store.h"

namespace engram {
namespace {

constexpr int64_t kUsualSpikes = 10'000;
constexpr int64_t kMostSpikes = 100'000;
constexpr int64_t kMostCells = 400'000;

absl::Status CheckRange(absl::string_view field, int64_t begin, int64_t end) {
  if (begin < 0 || end < 0) {
    return BadField(field, absl::StrCat("[", begin, ", ", end,
                                        ") begins before 0; both count from "
                                        "0, and an end of 0 means all"));
  }
  if (end != 0 && begin >= end) {
    return BadField(field, absl::StrCat("[", begin, ", ", end,
                                        ") is empty: its end is exclusive"));
  }
  return absl::OkStatus();
}

absl::Status CheckGrid(const v1::ReadSpikesRequest& request) {
  const int64_t columns = request.columns();
  const int64_t rows = request.rows();
  if ((columns == 0) != (rows == 0)) {
    return BadField("columns",
                    absl::StrCat("a grid of ", columns, " columns and ", rows,
                                 " rows; both are above 0, or both "
                                 "0 for every spike"));
  }
  if (columns < 0 || rows < 0 || columns > kMostCells ||
      columns * rows > kMostCells) {
    return BadField("columns",
                    absl::StrCat("a grid of ", columns, " columns and ", rows,
                                 " rows; at most ", kMostCells, " cells"));
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::ReadSpikesRequest& request) {
  if (request.from_index() < 0) {
    return BadField("from_index", absl::StrCat(request.from_index(),
                                               "; spikes count from 0"));
  }
  if (request.max_spikes() < 0) {
    return BadField("max_spikes", absl::StrCat(request.max_spikes(),
                                               "; 0 means ", kUsualSpikes));
  }
  auto status =
      CheckRange("begin_step", request.begin_step(), request.end_step());
  if (!status.ok()) return status;
  status = CheckRange("begin_unit", request.begin_unit(), request.end_unit());
  if (!status.ok()) return status;
  return CheckGrid(request);
}

struct Units {
  int64_t begin = 0;
  int64_t end = 0;
  bool Has(int64_t unit) const { return unit >= begin && unit < end; }
};

Units UnitsOf(const v1::ReadSpikesRequest& request,
              const store::PopulationRow& population) {
  const int64_t end =
      request.end_unit() == 0 ? population.unit_count : request.end_unit();
  return {request.begin_unit(), std::min(end, population.unit_count)};
}

void Add(int64_t step, int32_t unit, v1::ReadSpikesResponse& reply) {
  reply.add_steps(step);
  reply.add_units(unit);
}

absl::Status ReadPage(store::Reader& reader,
                      const store::PopulationRow& population,
                      const store::SpikeRange& range, const Units& units,
                      int64_t most, v1::ReadSpikesResponse& reply) {
  return store::ForEachSpike(reader, population, range,
                             [&](int64_t index, int64_t step, int32_t unit) {
                               if (!units.Has(unit)) return true;
                               if (reply.steps_size() == most) {
                                 reply.set_next_index(index);
                                 return false;
                               }
                               Add(step, unit, reply);
                               return true;
                             });
}

absl::Status ReadGrid(store::Reader& reader,
                      const store::PopulationRow& population,
                      const store::SpikeRange& range, const Units& units,
                      const v1::ReadSpikesRequest& request,
                      v1::ReadSpikesResponse& reply) {
  const int64_t columns = request.columns();
  const int64_t rows = request.rows();
  const int64_t end =
      request.end_step() == 0 ? population.last_step + 1 : request.end_step();
  const int64_t steps = std::max<int64_t>(1, end - range.begin_step);
  const int64_t height = std::max<int64_t>(1, units.end - units.begin);
  reply.set_begin_step(range.begin_step);
  reply.set_end_step(range.begin_step + steps);
  reply.mutable_counts()->Resize(request.columns(), 0);
  // In 128 bits nothing overflows, however late the steps are.
  const auto cell_of = [](int64_t at, int64_t cells, int64_t length) {
    return static_cast<int64_t>(static_cast<__int128>(at) * cells / length);
  };
  std::vector<bool> taken(static_cast<size_t>(columns * rows));
  return store::ForEachSpike(
      reader, population, range, [&](int64_t, int64_t step, int32_t unit) {
        if (!units.Has(unit)) return true;
        const int64_t column = cell_of(step - range.begin_step, columns, steps);
        const int64_t row = cell_of(unit - units.begin, rows, height);
        int64_t& count =
            *reply.mutable_counts()->Mutable(static_cast<int>(column));
        ++count;
        const auto cell = static_cast<size_t>(column * rows + row);
        if (!taken[cell]) Add(step, unit, reply);
        taken[cell] = true;
        return true;
      });
}

absl::StatusOr<v1::ReadSpikesResponse> Stored(
    store::Reader& reader, const v1::ReadSpikesRequest& request) {
  auto run = FindRunNamed(reader, request.name());
  if (!run.ok()) return run.status();
  const auto population =
      store::FindPopulation(reader, run->key, request.population());
  if (!population.ok()) return population.status();
  store::SpikeRange range;
  range.begin_step = request.begin_step();
  if (request.end_step() != 0) range.end_step = request.end_step();
  range.from_index = request.from_index();
  const Units units = UnitsOf(request, *population);
  v1::ReadSpikesResponse reply;
  *reply.mutable_population() = PopulationMessage(*population);
  const int64_t most = request.max_spikes() == 0
                           ? kUsualSpikes
                           : std::min(request.max_spikes(), kMostSpikes);
  const absl::Status status =
      request.columns() > 0
          ? ReadGrid(reader, *population, range, units, request, reply)
          : ReadPage(reader, *population, range, units, most, reply);
  if (!status.ok()) return status;
  return reply;
}

}  // namespace

absl::StatusOr<v1::ReadSpikesResponse> ReadSpikes(
    const Caller& /*caller*/, const v1::ReadSpikesRequest& request,
    const Parts& parts) {
  absl::Status status = Check(request);
  if (!status.ok()) return status;
  return parts.store.Read(
      [&](store::Reader& reader) { return Stored(reader, request); });
}

}  // namespace engram
