#include "server/gateway/http.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace engram {

std::optional<absl::string_view> HttpRequest::Field(
    absl::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (key == name) return absl::string_view(value);
  }
  return std::nullopt;
}

int HttpRequest::FieldCount(absl::string_view name) const {
  int count = 0;
  for (const auto& field : fields) count += field.first == name ? 1 : 0;
  return count;
}

std::string HttpRequest::SchemeAndPeer() const {
  return absl::StrCat(is_encrypted ? "https:" : "http:", peer);
}

absl::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

std::string FormatHead(const HttpResponse& response) {
  std::string head = absl::StrCat("HTTP/1.1 ", response.status, " ",
                                  ReasonPhrase(response.status), "\r\n");
  for (const auto& [name, value] : response.fields) {
    std::string clean = value;
    for (char& c : clean) {
      if (c == '\r' || c == '\n' || c == '\0') c = ' ';
    }
    absl::StrAppend(&head, name, ": ", clean, "\r\n");
  }
  head += "\r\n";
  return head;
}

std::optional<std::string> PercentDecode(absl::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size() ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      return std::nullopt;
    }
    bytes += absl::HexStringToBytes(text.substr(i + 1, 2));
    i += 2;
  }
  return bytes;
}

std::optional<std::string> QueryValue(absl::string_view query,
                                      absl::string_view name) {
  for (absl::string_view part : absl::StrSplit(query, '&')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (pair.first == name) return PercentDecode(pair.second);
  }
  return std::nullopt;
}

}  // namespace engram
