#include "server/gateway/pages.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/base/sha256.h"

namespace engram {
namespace {

constexpr absl::string_view kStyle =
    "body{max-width:42rem;margin:4rem auto;padding:0 1.5rem;"
    "font:1rem/1.6 system-ui,sans-serif;color:#222;background:#fcfcfa}"
    "h1{font-size:1.4rem;font-weight:600}"
    "pre{padding:.8rem 1rem;overflow-x:auto;background:#f1f1ec;"
    "font-size:.85rem;border-radius:4px}"
    "@media(prefers-color-scheme:dark){"
    "body{color:#ddd;background:#1b1b1d}pre{background:#28282b}}";

std::string StyleHash() {
  const auto digest = Sha256(kStyle);
  return absl::StrCat(
      "sha256-",
      absl::Base64Escape(absl::string_view(
          reinterpret_cast<const char*>(digest.data()), digest.size())));
}

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

HttpResponse Page(int status, absl::string_view title,
                  absl::string_view content) {
  return {.status = status,
          .fields = {{"Content-Type", "text/html; charset=utf-8"},
                     {"Cache-Control", "no-store"},
                     {"Content-Security-Policy",
                      ContentSecurityPolicy(StyleHash())}},
          .body = absl::StrCat(
              "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width\">\n"
              "<title>",
              title, "</title>\n<style>", kStyle, "</style>\n<h1>", title,
              "</h1>\n", content, "</html>\n")};
}

}  // namespace

std::string ContentSecurityPolicy(absl::string_view style_hash) {
  const std::string style =
      style_hash.empty() ? "" : absl::StrCat(" '", style_hash, "'");
  return absl::StrCat(
      "default-src 'none'; script-src 'self'; style-src 'self'", style,
      "; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
      "worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
      "form-action 'self'; frame-ancestors 'none'");
}

HttpResponse WelcomePage(const std::string& base_url) {
  const std::string url = Escape(base_url);
  return Page(
      200, "Engram",
      absl::StrCat(
          "<p>This is the compute service of a neuroscience lab: it runs "
          "experiments on learning in neural circuits, and keeps them. The "
          "dashboard is not installed here; everything else works.</p>\n"
          "<p>From a terminal:</p>\n<pre>"
          "engram presets\n"
          "engram submit flagship --follow\n"
          "engram list</pre>\n"
          "<p>From anything that speaks HTTP, with a token (an admin makes "
          "one):</p>\n<pre>"
          "curl -H \"Authorization: Bearer $ENGRAM_TOKEN\" \\\n"
          "     -H 'Content-Type: application/json' -d '{}' \\\n"
          "     ",
          url,
          "/engram.v1.Admin/WhoAmI</pre>\n"
          "<p>The calls are those of <code>proto/engram/v1</code>, by the "
          "Connect protocol.</p>\n"));
}

HttpResponse MessagePage(int status, absl::string_view heading,
                         absl::string_view text) {
  return Page(status, Escape(heading),
              absl::StrCat("<p>", Escape(text), "</p>\n"));
}

}  // namespace engram
