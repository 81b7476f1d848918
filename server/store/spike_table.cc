#include "server/store/spike_table.h"

#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/spec/nearest_name.h"
#include "engram/store/v1/item.pb.h"
#include "server/store/statement.h"
#include "server/store/transaction.h"

namespace engram::store {
namespace {

constexpr char kColumns[] =
    "key, run, name, unit_count, dt_ms, spike_count, last_step, last_unit";

PopulationRow FromColumns(const Statement& read) {
  PopulationRow row;
  row.key = read.Int64(0);
  row.run = RunKey{read.Int64(1)};
  row.name = read.Text(2);
  row.unit_count = read.Int64(3);
  row.dt_ms = read.Real(4);
  row.spike_count = read.Int64(5);
  row.last_step = read.Int64(6);
  row.last_unit = read.Int64(7);
  return row;
}

std::optional<PopulationRow> MaybePopulation(Reader& reader, RunKey run,
                                             absl::string_view name) {
  Statement find = reader.Prepare(absl::StrCat(
      "SELECT ", kColumns, " FROM population WHERE run = ? AND name = ?"));
  find.Bind(run, name);
  if (!find.Step()) return std::nullopt;
  return FromColumns(find);
}

absl::Status CheckDeclaration(const PopulationRow& declared) {
  if (declared.unit_count >= 1 && std::isfinite(declared.dt_ms) &&
      declared.dt_ms > 0) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "population ", declared.name, " has ", declared.unit_count,
      " units and steps of ", declared.dt_ms, " ms; both must be above 0"));
}

absl::Status CheckSame(const PopulationRow& stored,
                       const PopulationRow& declared) {
  if (stored.unit_count == declared.unit_count &&
      stored.dt_ms == declared.dt_ms) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("population ", stored.name, " had ", stored.unit_count,
                   " units and steps of ", stored.dt_ms, " ms, and now has ",
                   declared.unit_count, " and ", declared.dt_ms, " ms"));
}

absl::Status CheckSpikes(const PopulationRow& population,
                         std::span<const int64_t> steps,
                         std::span<const int32_t> units) {
  int64_t step = population.last_step;
  int64_t unit = population.last_unit;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (units[i] < 0 || units[i] >= population.unit_count || steps[i] < 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "a spike of unit ", units[i], " at step ", steps[i], "; population ",
          population.name, " has ", population.unit_count,
          " units, counted from 0, and steps count from 0, too"));
    }
    if (steps[i] < step || (steps[i] == step && units[i] <= unit)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "population ", population.name, ": a spike of unit ", units[i],
          " at step ", steps[i], " comes after one of unit ", unit, " at step ",
          step, "; spikes go by step, then by unit"));
    }
    step = steps[i];
    unit = units[i];
  }
  return absl::OkStatus();
}

void InsertPopulation(Transaction& transaction, PopulationRow& population) {
  transaction
      .Prepare(
          "INSERT INTO population (run, name, unit_count, dt_ms, spike_count,"
          " last_step, last_unit) VALUES (?, ?, ?, ?, 0, -1, -1)")
      .Bind(population.run, population.name, population.unit_count,
            population.dt_ms)
      .Run();
  population.key = transaction.LastKey();
}

// About what a chunk of items takes for each spike.
constexpr int64_t kBytesPerSpike = 5;

void InsertPart(Transaction& transaction, const PopulationRow& population,
                std::span<const int64_t> steps, int32_t last_unit,
                int64_t first_ordinal) {
  const auto count = static_cast<int64_t>(steps.size());
  transaction
      .Prepare(
          "INSERT INTO spike_part (population, first_index, spike_count,"
          " first_step, last_step, first_ordinal) VALUES (?, ?, ?, ?, ?, ?)")
      .Bind(population.key, population.spike_count, count, steps.front(),
            steps.back(), first_ordinal)
      .Run();
  transaction
      .Prepare(
          "UPDATE population SET spike_count = spike_count + ?, last_step = ?,"
          " last_unit = ? WHERE key = ?")
      .Bind(count, steps.back(), last_unit, population.key)
      .Run();
  transaction
      .Prepare("UPDATE run SET stored_bytes = stored_bytes + ? WHERE key = ?")
      .Bind(count * kBytesPerSpike, population.run)
      .Run();
}

absl::Status Lost(const PopulationRow& population, int64_t index) {
  return absl::DataLossError(
      absl::StrCat("spike ", index, " of population ", population.name,
                   " cannot be read from the database; restore a backup"));
}

// Visits the spikes of one chunk of items; false once the visitor has enough.
bool VisitChunk(const v1::ItemChunk& chunk, const PopulationRow& population,
                const SpikeRange& range, int64_t& index,
                const std::function<bool(int64_t, int64_t, int32_t)>& visit) {
  for (const v1::StoredItem& item : chunk.items()) {
    if (!item.has_spikes() || item.spikes().population() != population.name) {
      continue;
    }
    const v1::StoredSpikes& spikes = item.spikes();
    for (int i = 0; i < spikes.steps_size(); ++i, ++index) {
      const int64_t step = spikes.steps(i);
      if (step >= range.end_step) return false;
      if (step < range.begin_step || index < range.from_index) continue;
      if (!visit(index, step, spikes.units(i))) return false;
    }
  }
  return true;
}

}  // namespace

absl::Status AppendSpikes(Transaction& transaction, RunKey run,
                          const PopulationRow& declaration,
                          std::span<const int64_t> steps,
                          std::span<const int32_t> units,
                          int64_t first_ordinal) {
  if (auto sound = CheckDeclaration(declaration); !sound.ok()) return sound;
  auto found = MaybePopulation(transaction, run, declaration.name);
  PopulationRow population = found.value_or(declaration);
  if (!found.has_value()) {
    population.run = run;
    population.spike_count = 0;
    population.last_step = population.last_unit = -1;
  }
  if (auto same = CheckSame(population, declaration); !same.ok()) return same;
  if (auto sound = CheckSpikes(population, steps, units); !sound.ok()) {
    return sound;
  }
  if (!found.has_value()) InsertPopulation(transaction, population);
  if (steps.empty()) return absl::OkStatus();
  InsertPart(transaction, population, steps, units.back(), first_ordinal);
  return absl::OkStatus();
}

std::vector<PopulationRow> ReadPopulations(Reader& reader, RunKey run) {
  Statement read = reader.Prepare(absl::StrCat(
      "SELECT ", kColumns, " FROM population WHERE run = ? ORDER BY name"));
  read.Bind(run);
  std::vector<PopulationRow> rows;
  while (read.Step()) rows.push_back(FromColumns(read));
  return rows;
}

absl::StatusOr<PopulationRow> FindPopulation(Reader& reader, RunKey run,
                                             absl::string_view name) {
  auto found = MaybePopulation(reader, run, name);
  if (found.has_value()) return *std::move(found);
  std::vector<std::string> names;
  for (PopulationRow& row : ReadPopulations(reader, run)) {
    names.push_back(std::move(row.name));
  }
  if (names.empty()) {
    return absl::NotFoundError(
        absl::StrCat("there are no spikes of ", name,
                     ": the run has recorded none; a spike recorder names the "
                     "populations to record"));
  }
  return absl::NotFoundError(
      absl::StrCat("there are no spikes of ", name, SuggestName(name, names)));
}

absl::Status ForEachSpike(
    Reader& reader, const PopulationRow& population, const SpikeRange& range,
    const std::function<bool(int64_t, int64_t, int32_t)>& visit) {
  Statement read = reader.Prepare(
      "SELECT part.first_index, part.spike_count, chunk.items"
      " FROM spike_part AS part LEFT JOIN item_chunk AS chunk"
      " ON chunk.run = ? AND chunk.first_ordinal = part.first_ordinal"
      " WHERE part.population = ? AND part.last_step >= ?"
      " AND part.first_step < ? AND part.first_index + part.spike_count > ?"
      " ORDER BY part.first_index");
  read.Bind(population.run, population.key, range.begin_step, range.end_step,
            range.from_index);
  while (read.Step()) {
    int64_t index = read.Int64(0);
    const int64_t end = index + read.Int64(1);
    const absl::string_view bytes = read.View(2);
    v1::ItemChunk chunk;
    if (!chunk.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return Lost(population, index);
    }
    if (!VisitChunk(chunk, population, range, index, visit)) break;
    if (index != end) return Lost(population, index);
  }
  return absl::OkStatus();
}

}  // namespace engram::store
