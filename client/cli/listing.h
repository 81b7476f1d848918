#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/session.h"
#include "client/cli/text/grid.h"
#include "client/cli/text/quantity.h"
#include "google/protobuf/message.h"

namespace engram::cli {

// The proto3 JSON of a message, with every field that is not a message or
// optional, in one line or indented.
std::string JsonOf(const google::protobuf::Message& message, bool indented);

// The fields of a message that are single values, one column each: CSV of what
// has no columns of its own.
Grid FieldGrid(const google::protobuf::Message& message);

// One column over things of type T: either a text, or a number whose digits
// are chosen for the whole column.
template <class T>
struct Column {
  std::string name;
  std::string header;
  Align align = Align::kLeft;
  std::function<Cell(const T&)> show;
  // What programs read; what people read where there is none.
  std::function<std::string(const T&)> raw{};
  std::function<std::optional<double>(const T&)> number{};
  // Whether it is in tables without being asked for.
  bool shown = true;
};

// Things to show in any format.
template <class T>
struct Listing {
  std::vector<T> items;
  std::vector<Column<T>> columns;
  std::function<std::string(const T&)> name;
  // What `-o json` gives: the response that holds the items.
  const google::protobuf::Message* whole = nullptr;
  std::string when_empty;  // one sentence in place of an empty table
  std::string chosen;      // of --columns; empty for those that are shown
};

template <class T>
GridColumn FillColumn(const Column<T>& column, const std::vector<T>& items) {
  GridColumn filled{column.name, column.header, column.align, {}, {}};
  if (column.number != nullptr) {
    std::vector<std::optional<double>> numbers;
    for (const T& item : items) numbers.push_back(column.number(item));
    for (std::string& text : ColumnText(numbers)) {
      filled.cells.push_back({std::move(text)});
    }
    for (const auto& number : numbers) {
      filled.raw.push_back(number ? ExactText(*number) : "");
    }
    return filled;
  }
  for (const T& item : items) {
    Cell cell = column.show(item);
    filled.raw.push_back(column.raw ? column.raw(item) : cell.text);
    filled.cells.push_back(std::move(cell));
  }
  return filled;
}

// The chosen columns; all of them, or those that tables show.
template <class T>
absl::StatusOr<Grid> MakeGrid(const Listing<T>& listing, bool all) {
  Grid grid;
  if (listing.chosen.empty()) {
    for (const Column<T>& column : listing.columns) {
      if (all || column.shown) {
        grid.push_back(FillColumn(column, listing.items));
      }
    }
    return grid;
  }
  std::vector<std::string> known;
  for (const Column<T>& column : listing.columns) known.push_back(column.name);
  auto chosen = ChooseColumns(listing.chosen, known);
  if (!chosen.ok()) return chosen.status();
  for (const size_t i : *chosen) {
    grid.push_back(FillColumn(listing.columns[i], listing.items));
  }
  return grid;
}

// Writes the listing in the session's format.
template <class T>
absl::Status Present(Session& session, const Listing<T>& listing) {
  switch (session.format()) {
    case Format::kJson:
      session.out() << JsonOf(*listing.whole, true);
      return absl::OkStatus();
    case Format::kJsonl:
      for (const T& item : listing.items) {
        session.out() << JsonOf(item, false) << "\n";
      }
      return absl::OkStatus();
    case Format::kName:
      for (const T& item : listing.items) {
        session.out() << listing.name(item) << "\n";
      }
      return absl::OkStatus();
    case Format::kCsv: {
      auto grid = MakeGrid(listing, true);
      if (grid.ok()) session.out() << RenderCsv(*grid);
      return grid.status();
    }
    case Format::kTable:
    case Format::kNpy:
      break;
  }
  auto grid = MakeGrid(listing, false);
  if (!grid.ok()) return grid.status();
  if (listing.items.empty() && !listing.when_empty.empty()) {
    session.out() << listing.when_empty << "\n";
  } else {
    session.out() << RenderTable(*grid, session.look());
  }
  return absl::OkStatus();
}

// One thing: `table` where people read, else as a listing of one.
template <class T>
absl::Status PresentOne(Session& session, const T& item,
                        std::vector<Column<T>> columns, std::string name,
                        const std::function<std::string()>& table) {
  if (session.wants_table()) {
    session.out() << table();
    return absl::OkStatus();
  }
  Listing<T> listing;
  listing.items = {item};
  listing.columns = std::move(columns);
  listing.name = [name](const T&) { return name; };
  listing.whole = &item;
  return Present(session, listing);
}

}  // namespace engram::cli
