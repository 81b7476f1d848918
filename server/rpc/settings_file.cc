#include "server/rpc/settings_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/spec/nearest_name.h"

namespace engram {
namespace {

absl::Status Wrong(const std::string& path, const YAML::Mark& mark,
                   const std::string& message) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ":", mark.line + 1, ": ", message));
}

absl::Status UnknownKey(const std::string& path, const YAML::Mark& mark,
                        const std::string& key,
                        const std::vector<std::string>& known) {
  const std::string nearest = NearestName(key, known);
  return Wrong(
      path, mark,
      absl::StrCat(
          "there is no setting ", key,
          nearest.empty()
              ? absl::StrCat("; there are ", absl::StrJoin(known, ", "))
              : absl::StrCat("; did you mean ", nearest, "?")));
}

}  // namespace

absl::StatusOr<std::vector<SettingOrigin>> ReadSettingsFile(
    const std::string& path, const std::vector<std::string>& known) try {
  const YAML::Node root = YAML::LoadFile(path);
  std::vector<SettingOrigin> values;
  if (root.IsNull()) return values;
  if (!root.IsMap()) {
    return Wrong(path, root.Mark(), "a settings file has lines 'key: value'");
  }
  std::set<std::string> seen;
  for (const auto& entry : root) {
    const std::string key = entry.first.as<std::string>();
    const YAML::Mark mark = entry.first.Mark();
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return UnknownKey(path, mark, key, known);
    }
    if (!seen.insert(key).second) {
      return Wrong(path, mark, absl::StrCat(key, " is here twice"));
    }
    if (!entry.second.IsScalar()) {
      return Wrong(path, mark, absl::StrCat(key, " takes one text or number"));
    }
    values.push_back(
        {key, entry.second.Scalar(), absl::StrCat(path, ":", mark.line + 1)});
  }
  return values;
} catch (const YAML::Exception& error) {
  return Wrong(path, error.mark, error.msg);
}

}  // namespace engram
