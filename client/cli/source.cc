#include "client/cli/source.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/text/nearest.h"
#include "client/cli/text/valid_utf8.h"

namespace engram::cli {
namespace {

constexpr size_t kLargestText = 1 << 20;

bool LooksLikeFile(const std::string& source) {
  return absl::StrContains(source, "/") || absl::EndsWith(source, ".yaml") ||
         absl::EndsWith(source, ".yml") || absl::EndsWith(source, ".json");
}

// No more of it than tells that it is too long: it may have no end.
absl::StatusOr<std::string> ReadAll(std::istream& stream,
                                    const std::string& name) {
  std::string text(kLargestText + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(stream.gcount()));
  if (text.size() > kLargestText) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, " is too long: an experiment has at most 1 MiB of text"));
  }
  if (text.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(name, " is empty"));
  }
  const size_t bad = FirstNotUtf8(text);
  if (bad == std::string::npos) return text;
  const auto line = 1 + std::count(text.begin(), text.begin() + bad, '\n');
  return absl::InvalidArgumentError(
      absl::StrCat(name, " is no text: byte ", bad, " (from 0), in line ", line,
                   ", is not UTF-8; give a YAML file, saved as UTF-8"));
}

absl::Status NoSuchFile(const std::string& name, int error) {
  const std::filesystem::path path(name);
  const auto folder = path.has_parent_path() ? path.parent_path() : ".";
  std::vector<std::string> files;
  std::error_code ignored;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder, ignored)) {
    files.push_back(entry.path().filename().string());
  }
  const std::string nearest = DidYouMean(path.filename().string(), files);
  if (error == ENOENT) {
    return absl::NotFoundError(absl::StrCat("no file ", name, nearest));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name, " cannot be read: ", std::strerror(error)));
}

absl::Status AddAssignments(
    const std::vector<std::string>& texts, const char* flag,
    google::protobuf::RepeatedPtrField<v1::Assignment>* assignments) {
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat(flag, " ", text, ": wanted path=value, such as ",
                       "experiment.rule.eta=2e-5"));
    }
    v1::Assignment* assignment = assignments->Add();
    assignment->set_path(text.substr(0, equals));
    assignment->set_expression(text.substr(equals + 1));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Argument> SourceArguments(SourceFlags* flags) {
  return {
      {"SOURCE", "", "a YAML file, - for standard input, or a preset's name",
       &flags->source, true, Completes::kPresetOrFile},
      {"--set", "PATH=VALUE", "replace a value of the text", &flags->set},
      {"--sweep", "PATH=EXPR",
       "add an axis: a list, {log: [a, b], points: n}, a..b", &flags->sweep},
      {"--seeds", "A..B", "replace the seed axis", &flags->seeds},
  };
}

absl::StatusOr<v1::ExperimentSource> ReadSource(Session& session,
                                                const SourceFlags& flags) {
  v1::ExperimentSource source;
  std::error_code ignored;
  const bool is_file = std::filesystem::is_regular_file(flags.source, ignored);
  if (flags.source == "-") {
    auto text = ReadAll(*session.host().in, "standard input");
    if (!text.ok()) return text.status();
    source.set_text(*std::move(text));
    source.set_file("<stdin>");
  } else if (is_file || LooksLikeFile(flags.source)) {
    if (std::filesystem::is_directory(flags.source, ignored)) {
      return absl::InvalidArgumentError(
          absl::StrCat(flags.source, " is a folder; wanted a YAML file"));
    }
    std::ifstream stream(flags.source, std::ios::binary);
    if (!stream) return NoSuchFile(flags.source, errno);
    auto text = ReadAll(stream, flags.source);
    if (!text.ok()) return text.status();
    source.set_text(*std::move(text));
    source.set_file(flags.source);
  } else {
    source.set_preset(flags.source);
  }
  session.set_text_name(source.file());
  absl::Status status =
      AddAssignments(flags.set, "--set", source.mutable_set());
  if (status.ok()) {
    status = AddAssignments(flags.sweep, "--sweep", source.mutable_sweep());
  }
  if (!status.ok()) return status;
  source.set_seeds(flags.seeds);
  return source;
}

}  // namespace engram::cli
