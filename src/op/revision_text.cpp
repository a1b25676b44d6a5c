#include "op/revision_text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cupel::op {
namespace {

// On one line, as a comment's text must be.
std::string on_one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// The directive that a comment of `sql` holds and that would change the whole file; empty if none does.
std::string foreign_directive(std::string_view sql) {
  constexpr std::string_view prefix = "cupel:";
  constexpr std::array<std::string_view, 7> directives = {"revision",    "parent",  "label",    "depends-on",
                                                          "transaction", "upgrade", "downgrade"};
  for (std::size_t at = sql.find(prefix); at != std::string_view::npos; at = sql.find(prefix, at + prefix.size())) {
    const std::size_t before = sql.substr(0, at).find_last_not_of(" \t\r\n");
    if (before == std::string_view::npos) continue;
    const std::string_view opening = sql.substr(0, before + 1);
    if (!opening.ends_with("--") && !opening.ends_with("/*")) continue;
    std::string_view word = sql.substr(at + prefix.size());
    word = word.substr(0, word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"));
    if (std::ranges::find(directives, word) != directives.end()) return std::string(word);
  }
  return {};
}

// Ends the statement; what it ends with may be a comment.
std::string ended(const std::string& sql) {
  const std::size_t end = sql.find_last_not_of(" \t\r\n");
  if (end == std::string::npos) return {};
  std::string text = sql.substr(0, end + 1);
  const std::string last_line = text.substr(text.rfind('\n') + 1);
  if (last_line.find("--") != std::string::npos || last_line.ends_with("\\.")) return text + "\n;";
  return text.ends_with(';') ? text : text + ";";
}

class TextWriter {
 public:
  TextWriter(const RecordedRevision& revision, const Suppressions& suppressions) : revision_(revision), suppressions_(suppressions) {}

  std::string write(std::string& error) {
    text_ = "-- recorded from " + on_one_line(revision_.file) + "\n";
    directive("revision", revision_.id);
    directive("parent", revision_.down.empty() ? "none" : revision_.down);
    if (!revision_.label.empty()) directive("label", revision_.label);
    if (!revision_.depends_on.empty()) directive("depends-on", revision_.depends_on);
    for (const std::string& suppression : suppressions_(revision_.file, 0)) text_ += "-- cupel:" + on_one_line(suppression) + "\n";
    section("upgrade", revision_.upgrade, revision_.upgrade_is_live);
    if (revision_.has_downgrade) section("downgrade", revision_.downgrade, revision_.downgrade_is_live);
    error = error_;
    return error_.empty() ? text_ : std::string();
  }

 private:
  void directive(const std::string& name, const std::string& value) { text_ += "-- cupel:" + name + " " + on_one_line(value) + "\n"; }

  void section(const std::string& name, const std::vector<RecordedOperation>& operations, bool is_live) {
    text_ += "\n-- cupel:" + name + "\n";
    const bool leaves_transaction = std::ranges::any_of(
        operations, [](const RecordedOperation& operation) { return operation.kind == request_kind::begin_autocommit; });
    // With autocommit the transactions are written down; they become the executor's own. Without, one is around everything.
    own_blocks_ = revision_.transactional && leaves_transaction;
    in_block_ = false;
    bool autocommit = false;
    if (!revision_.transactional || leaves_transaction) text_ += "-- cupel:transaction none\n";
    for (const RecordedOperation& operation : operations) {
      if (operation.kind == request_kind::begin_autocommit || operation.kind == request_kind::end_autocommit) {
        autocommit = operation.kind == request_kind::begin_autocommit;
        continue;
      }
      if (operation.statements.empty()) continue;
      // A backfill has transactions of its own.
      block(!autocommit && operation.kind != request_kind::backfill);
      write(operation);
    }
    block(false);
    // Whoever runs this text without the module (a script, a frozen plan, the journal's downgrade) must not get half of it.
    if (is_live) {
      text_ +=
          "\n-- What follows depends on data and is known only when the module runs.\nDO $cupel$ BEGIN RAISE EXCEPTION "
          "'this revision reads data (op.bind()): only cupel with its module can run it'; END $cupel$;\n";
    }
  }

  void block(bool wanted) {
    if (!own_blocks_ || wanted == in_block_) return;
    text_ += wanted ? "\nBEGIN;\n" : "\nCOMMIT;\n";
    in_block_ = wanted;
  }

  void write(const RecordedOperation& operation) {
    text_ += "\n-- " + on_one_line(file_name(operation.file)) + ":" + std::to_string(operation.line) + " " + name(operation.kind) + "\n";
    for (const std::string& statement : operation.statements) {
      if (const std::string found = foreign_directive(statement); !found.empty() && error_.empty()) {
        error_ = operation.file + ":" + std::to_string(operation.line) + ": " + name(operation.kind) +
                 ": its SQL has the comment cupel:" + found +
                 ", which says something about a whole file; the revision object says that in C++";
      }
      for (const std::string& suppression : suppressions_(operation.file, operation.line))
        text_ += "-- cupel:" + on_one_line(suppression) + "\n";
      text_ += ended(statement) + "\n";
    }
  }

  const RecordedRevision& revision_;
  const Suppressions& suppressions_;
  std::string text_, error_;
  bool own_blocks_ = false;
  bool in_block_ = false;
};

}  // namespace

std::string revision_text(const RecordedRevision& revision, const Suppressions& suppressions, std::string& error) {
  return TextWriter(revision, suppressions).write(error);
}

}  // namespace cupel::op
