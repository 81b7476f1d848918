#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/spec/utf8.h"
#include "core/spec/yaml_node.h"

namespace engram {
namespace {

constexpr size_t kDeepest = 64;

// Builds the tree from the parser's events. The events, not the library's own
// tree, because only they show anchors, aliases and keys that occur twice.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Faults& faults) : faults_(faults) {}

  YamlNode Take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    RefuseAnchor(mark, anchor);
    Add(Start(YamlNode::Type::kNull, mark));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Refuse(mark, "aliases (*name) are not allowed; write the value out");
    Add(Start(YamlNode::Type::kNull, mark));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    RefuseAnchor(mark, anchor);
    if (tag != "!") RefuseTag(mark, tag);
    YamlNode node = Start(YamlNode::Type::kScalar, mark);
    node.is_quoted = tag == "!";
    node.text = value;
    Add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(YamlNode::Type::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Open(YamlNode::Type::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { Close(); }

 private:
  struct Frame {
    YamlNode node;
    std::set<std::string> seen = {};  // keys of a map
    bool has_key = false;             // the next node of a map is a value
    bool is_dropped = false;          // the value of a refused key
  };

  static int Line(const YAML::Mark& mark) { return mark.line + 1; }

  static YamlNode Start(YamlNode::Type type, const YAML::Mark& mark) {
    YamlNode node;
    node.type = type;
    node.line = Line(mark);
    return node;
  }

  void Refuse(const YAML::Mark& mark, std::string message) {
    faults_.push_back({Line(mark), "", std::move(message)});
  }
  void RefuseAnchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    Refuse(mark, "anchors (&name) are not allowed; write each value out");
  }
  void RefuseTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?") return;
    Refuse(mark, absl::StrCat("tags are not allowed, got ", tag));
  }

  void Open(YamlNode::Type type, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    RefuseAnchor(mark, anchor);
    RefuseTag(mark, tag);
    if (open_.size() >= kDeepest) {
      throw YAML::ParserException(
          mark, absl::StrCat("nested more than ", kDeepest, " deep"));
    }
    open_.push_back({Start(type, mark)});
  }

  void Close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    Add(std::move(node));
  }

  void Add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = open_.back();
    if (frame.node.IsMap() && !frame.has_key) {
      AddKey(frame, std::move(node));
      return;
    }
    frame.has_key = false;
    if (!frame.is_dropped) frame.node.items.push_back(std::move(node));
    frame.is_dropped = false;
  }

  void AddKey(Frame& frame, YamlNode key) {
    frame.has_key = true;
    frame.is_dropped = true;
    if (!key.IsScalar()) {
      faults_.push_back(
          {key.line, "",
           absl::StrCat("a key must be text, got ", key.TypeName())});
    } else if (!frame.seen.insert(key.text).second) {
      faults_.push_back(
          {key.line, "",
           absl::StrCat("the key ", key.text,
                        " occurs twice in one map; remove one of the two")});
    } else {
      frame.is_dropped = false;
      frame.node.keys.push_back({std::move(key.text), key.line});
    }
  }

  Faults& faults_;
  YamlNode root_;
  std::vector<Frame> open_;
};

int LineAt(absl::string_view text, size_t offset) {
  return 1 + static_cast<int>(
                 std::count(text.begin(), text.begin() + offset, '\n'));
}

// What the library would misread or choke on.
bool IsPlainText(absl::string_view text, size_t largest, Faults& faults) {
  if (text.size() > largest) {
    faults.push_back(
        {0, "",
         absl::StrCat("the text has ", text.size(), " bytes; at most ", largest,
                      " are allowed")});
    return false;
  }
  const size_t bad = FirstBadUtf8(text);
  if (bad != absl::string_view::npos) {
    const size_t begin = bad == 0 ? 0 : text.rfind('\n', bad - 1) + 1;
    faults.push_back({LineAt(text, bad), "",
                      absl::StrCat("not UTF-8 text, or a control character, at "
                                   "byte ",
                                   bad - begin + 1,
                                   " of the line; save the file as UTF-8")});
    return false;
  }
  return true;
}

// Whether a tab is among what indents the line.
bool HasTabIndent(absl::string_view text, int line) {
  for (; line > 0; --line) text.remove_prefix(text.find('\n') + 1);
  const size_t at = text.find_first_not_of(' ');
  return at != absl::string_view::npos && text[at] == '\t';
}

// Where the library stopped, and what it does not say about tabs.
Fault Unreadable(absl::string_view text, const YAML::Exception& e) {
  if (e.mark.is_null()) return {0, "", "not valid YAML: " + e.msg};
  const bool has_tab = HasTabIndent(text, e.mark.line);
  return {e.mark.line + 1, "",
          absl::StrCat(
              "not valid YAML: ", e.msg, " (column ", e.mark.column + 1, ")",
              has_tab ? "; a tab indents the line: write spaces" : "")};
}

YamlNode Parse(absl::string_view text, Faults& faults) {
  std::istringstream stream{std::string(text)};
  TreeBuilder builder(faults);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return {};
    YamlNode root = builder.Take();
    TreeBuilder second(faults);
    if (parser.HandleNextDocument(second)) {
      faults.push_back({second.Take().line, "",
                        "the text holds several documents; one is allowed"});
    }
    return root;
  } catch (const YAML::Exception& e) {
    faults.push_back(Unreadable(text, e));
  } catch (const std::exception& e) {
    faults.push_back({0, "", absl::StrCat("not valid YAML: ", e.what())});
  }
  return {};
}

void ClearLines(YamlNode& node) {
  node.line = 0;
  for (YamlKey& key : node.keys) key.line = 0;
  for (YamlNode& item : node.items) ClearLines(item);
}

}  // namespace

YamlNode ParseYaml(absl::string_view text, Faults& faults, size_t largest) {
  if (!IsPlainText(text, largest, faults)) return {};
  const size_t before = faults.size();
  YamlNode root = Parse(text, faults);
  if (root.IsNull() && faults.size() == before) {
    faults.push_back({1, "", "the text is empty; wanted an experiment"});
  }
  return root;
}

YamlNode ParseYamlExpression(absl::string_view text, Faults& faults) {
  Faults found;
  YamlNode root;
  constexpr size_t kLargestExpression = size_t{1} << 16;
  if (IsPlainText(text, kLargestExpression, found)) root = Parse(text, found);
  for (Fault& fault : found) {
    fault.line = 0;
    faults.push_back(std::move(fault));
  }
  ClearLines(root);
  return root;
}

}  // namespace engram
