#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/gateway/http.h"

namespace engram {

// The dashboard's files, read once: a request looks a path up in a table and
// touches no file, so none outside the folder can be named.
class StaticFiles {
 public:
  // Links, and names that begin with a dot, are left out. A folder that is not
  // there gives an empty table. RESOURCE_EXHAUSTED above 64 MiB in all.
  static absl::StatusOr<StaticFiles> Load(const std::filesystem::path& folder);

  // Whether there is an index.html, and thus a dashboard.
  bool HasPages() const;

  // GET and HEAD: the file of that path; index.html for a path of the
  // dashboard's own (one without a file extension), which makes them out
  // itself; 404 else. 304 when the client has it already.
  HttpResponse Serve(const HttpRequest& request) const;

 private:
  struct File {
    std::string bytes;
    std::string type;
    std::string etag;
    // Its name holds a digest of its content, so it never changes.
    bool is_immutable = false;
  };
  const File* Find(absl::string_view path) const;

  std::map<std::string, File, std::less<>> files_;  // by "/assets/x.js"
};

}  // namespace engram
