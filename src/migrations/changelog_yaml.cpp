#include "migrations/changelog_document.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace cupel::migrations {
namespace {

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// One scalar of the document, written over its own spelling.
class Scalar {
 public:
  Scalar(std::string_view file, std::string& text, std::size_t from) : file_(file), text_(text), at_(from) {
    // Its tag and anchor.
    while (at_ < file.size() && (file[at_] == '!' || file[at_] == '&' || is_white(file[at_]))) {
      if (is_white(file[at_])) {
        ++at_;
        continue;
      }
      while (at_ < file.size() && !is_white(file[at_])) ++at_;
    }
  }

  Span write(std::string_view value) {
    if (at_ >= file_.size()) return {};
    if (file_[at_] == '"' || file_[at_] == '\'') return write_quoted(file_[at_]);
    if (file_[at_] == '|' || file_[at_] == '>') at_ = std::min(file_.find('\n', at_), file_.size());
    return write_as_spelt(value);
  }

 private:
  // In every other style each character of the value stands in the file as it is, but for white space.
  Span write_as_spelt(std::string_view value) {
    std::optional<std::size_t> first;
    std::size_t end = at_;
    for (const char c : value) {
      if (is_white(c)) continue;
      while (at_ < file_.size() && file_[at_] != c) blank(at_++);
      if (at_ == file_.size()) break;
      if (!first) first = at_;
      end = ++at_;
    }
    return first ? Span{static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(end)} : Span{};
  }

  void blank(std::size_t at) {
    if (!is_white(text_[at])) text_[at] = ' ';
  }

  Span write_quoted(char quote) {
    const std::size_t begin = ++at_;
    ValueWriter writer(text_, begin);
    while (at_ < file_.size()) {
      const std::size_t from = at_;
      const bool doubled = quote == '\'' && file_.substr(at_, 2) == "''";
      if (file_[at_] == quote && !doubled) break;
      const bool escaped = quote == '"' && file_[at_] == '\\';
      const std::string piece = escaped ? escape() : std::string(1, file_[at_]);
      if (!escaped) at_ += doubled ? 2 : 1;
      writer.write(from, at_, piece);
    }
    writer.finish(at_);
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
  }

  // YAML 1.2.2, 5.7: what a backslash and what is behind it stand for.
  std::string escape() {
    ++at_;
    if (at_ == file_.size()) return {};
    const char kind = file_[at_++];
    switch (kind) {
      case 'n':
      case 'r':
      case 'N':
      case 'L':
      case 'P':
      case 'v':
      case 'f': return "\n";
      case 't': return "\t";
      case '_':
      case '0':
      case 'a':
      case 'b':
      case 'e': return " ";
      case '\r':
      case '\n': return {};
      case 'x': return code(2);
      case 'u': return code(4);
      case 'U': return code(8);
      default: return std::string(1, kind);
    }
  }

  std::string code(std::size_t digits) {
    const std::string_view number = file_.substr(at_, digits);
    std::uint32_t value = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value, 16);
    at_ += static_cast<std::size_t>(read.ptr - number.data());
    return utf8_of(value);
  }

  std::string_view file_;
  std::string& text_;
  std::size_t at_;
};

// Lists are passed through: the elements in one belong to what has the list.
class Reader : public YAML::EventHandler {
 public:
  Reader(std::string_view file, ChangelogDocument& document) : file_(file), document_(document) { frames_.emplace_back(); }

  ChangelogElement take() { return std::move(frames_.front().element); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { scalar(mark, {}); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { scalar(mark, {}); }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/, const std::string& value) override {
    scalar(mark, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value) override {
    begin(mark, false);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value) override {
    begin(mark, true);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Frame {
    ChangelogElement element;
    bool is_map = false;
    bool has_key = false;  // the next thing is the value of the element begun last
  };

  static Span at(const YAML::Mark& mark, std::size_t size) {
    const auto begin = static_cast<std::uint32_t>(mark.pos);
    return {begin, begin + static_cast<std::uint32_t>(size)};
  }

  void scalar(const YAML::Mark& mark, const std::string& value) {
    Frame& frame = frames_.back();
    if (frame.is_map && !frame.has_key) {
      ChangelogElement& child = frame.element.children.emplace_back();
      child.name = value;
      child.place = at(mark, value.size());
      frame.has_key = true;
      return;
    }
    if (!frame.is_map) frame.element.children.emplace_back().place = at(mark, value.size());
    ChangelogElement& child = frame.element.children.back();
    child.value = value;
    if (!is_blank(value) && mark.pos >= 0) child.text = Scalar(file_, document_.text, static_cast<std::size_t>(mark.pos)).write(value);
    frame.has_key = false;
  }

  void begin(const YAML::Mark& mark, bool is_map) {
    Frame& frame = frames_.back();
    // A key that is no word names nothing.
    if (frame.is_map && !frame.has_key) {
      frame.element.children.emplace_back().place = at(mark, 0);
      frame.has_key = true;
    }
    frames_.emplace_back().is_map = is_map;
  }

  void end() {
    ChangelogElement ended = std::move(frames_.back().element);
    frames_.pop_back();
    Frame& parent = frames_.back();
    std::vector<ChangelogElement>& into = parent.is_map ? parent.element.children.back().children : parent.element.children;
    std::ranges::move(ended.children, std::back_inserter(into));
    parent.has_key = false;
  }

  std::string_view file_;
  ChangelogDocument& document_;
  std::vector<Frame> frames_;
};

}  // namespace

ChangelogDocument read_yaml_document(std::string_view text) {
  ChangelogDocument document;
  document.text = text;
  // The library tells offsets of UTF-8 without a mark.
  const std::size_t mark = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  std::fill_n(document.text.begin(), mark, ' ');
  const std::string plain = document.text;
  std::istringstream stream(plain);
  Reader reader(plain, document);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(reader);
    document.root = reader.take();
  } catch (const YAML::Exception& error) {
    const auto at = static_cast<std::uint32_t>(std::clamp<std::ptrdiff_t>(error.mark.pos, 0, static_cast<std::ptrdiff_t>(text.size())));
    document.refused = {{at, at}, error.msg};
  } catch (const std::exception& error) { document.refused = {{}, error.what()}; }
  return document;
}

}  // namespace cupel::migrations
