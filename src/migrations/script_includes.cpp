#include "migrations/script_includes.h"

#include "migrations/file_name.h"
#include "migrations/text_lines.h"
#include "sql/script.h"

#include <algorithm>
#include <array>

namespace cupel::migrations {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "a/./b/../c" → "a/c"; nothing when it leads above the folder it begins in.
std::optional<std::string> normal(std::string_view path) {
  std::vector<std::string_view> parts;
  while (const auto part = next_word(path, "/")) {
    if (*part == ".") continue;
    if (*part != "..") {
      parts.push_back(*part);
      continue;
    }
    if (parts.empty()) return std::nullopt;
    parts.pop_back();
  }
  std::string joined;
  for (const std::string_view part : parts) {
    if (!joined.empty()) joined += '/';
    joined += part;
  }
  return joined;
}

std::string below(std::string_view folder, std::string_view file) {
  return folder.empty() ? std::string(file) : std::string(folder) + "/" + std::string(file);
}

class IncludeFinder {
 public:
  IncludeFinder(const Folder& folder, const std::string& script) : folder_(folder), script_(script) {}

  // What `command` includes, or why psql would stop there; nothing of both when the folder cannot tell.
  void resolve(const sql::MetaCommand& command, ScriptSection& section) const {
    std::string_view name = command.arguments;
    if (name.size() >= 2 && name.front() == '\'' && name.back() == '\'') name = name.substr(1, name.size() - 2);
    // Not ours to follow: absolute paths, the home folder, variables, the output of commands, a second argument.
    if (name.empty() || name.find_first_of(":`'\"\\ \t") != std::string_view::npos || name.front() == '/' || name.front() == '~') return;
    std::string_view base = folder_name(script_);
    const auto beside = normal(below(base, name));
    if (is_one_of(command.name, {"ir", "include_relative"})) {
      if (beside && has(*beside)) section.file = *beside;
      else if (beside && is_missing(*beside)) section.missing = *beside;
      return;
    }
    for (; true; base = folder_name(base)) {
      const auto candidate = normal(below(base, name));
      if (candidate && has(*candidate)) section.file = *candidate;
      if (section.file || base.empty()) break;
    }
    if (!section.file) from_above(name, section);
    // A name without a folder is meant to lie beside the script.
    if (!section.file && beside && is_missing(*beside) && name.find('/') == std::string_view::npos) section.missing = *beside;
  }

 private:
  [[nodiscard]] bool has(const std::string& file) const {
    return file != script_ && is_sql_file(file) && std::binary_search(folder_.files().begin(), folder_.files().end(), file);
  }

  // A text alone may have come from anywhere; and what is not listed may be another layout's.
  [[nodiscard]] bool is_missing(const std::string& file) const {
    return is_sql_file(file) && file != script_ && folder_.files().size() > 1 && !folder_.read(file);
  }

  // "db/schema/a.sql" for a folder that is called …/db/schema.
  void from_above(std::string_view name, ScriptSection& section) const {
    const std::string path = "/" + folder_.path();
    for (std::size_t slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/', slash + 1)) {
      if (!path.ends_with("/" + std::string(name.substr(0, slash)))) continue;
      const auto candidate = normal(name.substr(slash + 1));
      if (candidate && has(*candidate)) section.file = *candidate;
    }
  }

  const Folder& folder_;
  const std::string& script_;
};

// A statement of BEGIN … COMMIT with an include between.
struct Block {
  Span begin, end;  // the two statements with their semicolons
};

Span with_semicolon(std::string_view text, Span statement) {
  if (statement.end < text.size() && text[statement.end] == ';') ++statement.end;
  return statement;
}

std::vector<Block> blocks_around(const sql::Script& script, const std::vector<ScriptSection>& includes) {
  using Kind = sql::Transaction::Kind;
  std::vector<Block> blocks;
  std::optional<Span> open;
  for (const sql::Statement& statement : script.statements()) {
    const auto* control = statement.as<sql::Transaction>();
    if (control == nullptr) continue;
    const Span span = with_semicolon(script.source().text(), statement.span);
    if (control->kind == Kind::begin) open = span;
    if (!open || control->kind != Kind::commit) continue;
    if (std::any_of(includes.begin(), includes.end(),
                    [&](const ScriptSection& line) { return line.span.begin >= open->end && line.span.end <= span.begin; })) {
      blocks.push_back({*open, span});
    }
    open.reset();
  }
  return blocks;
}

// Whether psql sends or does anything that counts: comments, output and settings of its own do not.
bool does_something(const sql::Script& script, Span span) {
  const auto inside = [span](Span other) { return other.begin >= span.begin && other.end <= span.end; };
  for (const sql::Statement& statement : script.statements()) {
    if (inside(statement.span)) return true;
  }
  for (const sql::SyntaxError& error : script.errors()) {
    if (inside(error.span)) return true;
  }
  for (const sql::MetaCommand& command : script.meta_commands()) {
    const bool idle = is_one_of(command.name, {"set", "unset", "echo", "qecho", "warn", "timing", "pset", "encoding", "t", "a", "o"});
    if (inside(command.span) && !idle) return true;
  }
  return false;
}

}  // namespace

std::vector<ScriptSection> sections_of(const Folder& folder, const std::string& script, const SourceText& source) {
  if (source.text().find("\\i") == std::string_view::npos) return {};
  const sql::Script parsed = sql::Script::parse(source);
  const IncludeFinder finder(folder, script);
  std::vector<ScriptSection> includes;
  for (const sql::MetaCommand& command : parsed.meta_commands()) {
    if (!is_one_of(command.name, {"i", "include", "ir", "include_relative"})) continue;
    ScriptSection line;
    line.span = command.span;
    finder.resolve(command, line);
    if (line.file || !line.missing.empty()) includes.push_back(std::move(line));
  }
  if (includes.empty()) return {};

  const std::vector<Block> blocks = blocks_around(parsed, includes);
  struct Cut {
    Span span;
    ScriptSection* include = nullptr;
    bool opens = false;
  };
  std::vector<Cut> cuts;
  for (ScriptSection& line : includes) cuts.push_back({.span = line.span, .include = &line});
  for (const Block& block : blocks) {
    cuts.push_back({.span = block.begin, .include = nullptr, .opens = true});
    cuts.push_back({.span = block.end, .include = nullptr, .opens = false});
  }
  std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) { return a.span.begin < b.span.begin; });

  std::vector<ScriptSection> sections;
  std::uint32_t at = 0;
  bool in_block = false;
  const auto add_up_to = [&](std::uint32_t end) {
    ScriptSection section;
    section.span = {at, end};
    section.in_block = in_block;
    if (does_something(parsed, section.span)) sections.push_back(std::move(section));
  };
  for (const Cut& cut : cuts) {
    add_up_to(cut.span.begin);
    at = cut.span.end;
    if (cut.include == nullptr) {
      in_block = cut.opens;
      continue;
    }
    cut.include->in_block = in_block;
    sections.push_back(std::move(*cut.include));
  }
  add_up_to(static_cast<std::uint32_t>(source.text().size()));
  return sections;
}

}  // namespace cupel::migrations
