// sql-migrate v1.8 (rubenv): sqlparse/sqlparse.go (markers, options, how a file is cut into statements, what is refused), migrate.go
// (order: numbers at the start of names, then names; a transaction per migration and direction; a file's name is its id; what was
// missed is run before what is new).
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

constexpr std::string_view mark = "-- +migrate ";

bool has_marks(std::string_view text) { return text.starts_with(mark) || text.find(std::string("\n") + std::string(mark)) != text.npos; }

// The last word before a comment ends with a semicolon.
bool ends_statement(std::string_view line) {
  std::string_view last;
  while (const auto word = next_word(line)) {
    if (word->starts_with("--")) break;
    last = *word;
  }
  return last.ends_with(';');
}

// A file as sql-migrate cuts it. Where it would refuse the file, the reading goes on as well as it can.
class MigrateFile {
 public:
  MigrateFile(std::string_view text, std::size_t source) : text_(text), source_(source) {
    TextLines lines(text);
    while (const auto line = lines.next()) take(*line);
    if (!up_ && !down_) refuse({}, "there is no '-- +migrate Up'");
    if (!begin_.empty()) refuse(begin_, "this StatementBegin has no '-- +migrate StatementEnd'");
    expect_no_rest();
    if (!piece_.empty() && open_ != nullptr) (*open_)->chunks.push_back(piece_);
    for (std::optional<Part>* part : {&up_, &down_}) {
      if (*part && (*part)->chunks.empty()) (*part)->chunks.push_back({});
    }
  }

  struct Refusal {
    Span span;
    std::string message;
  };
  [[nodiscard]] const std::optional<Part>& up() const { return up_; }
  [[nodiscard]] const std::optional<Part>& down() const { return down_; }
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  void refuse(Span span, std::string message) {
    if (!refusal_) refusal_ = Refusal{span, std::move(message)};
  }
  void expect_no_rest() {
    if (!piece_.empty()) refuse(piece_, "this statement does not end with a semicolon");
  }
  void finish_piece() {
    if (!piece_.empty() && open_ != nullptr) (*open_)->chunks.push_back(piece_);
    piece_ = {};
  }

  void take(Span line) {
    const std::string_view words = line.of(text_);
    if (words.starts_with(mark)) return command(words.substr(mark.size()), line);
    if (words.starts_with("-- ") || open_ == nullptr) return;
    if (is_blank(words) && piece_.empty()) return;
    if (piece_.empty()) piece_.begin = line.begin;
    piece_.end = line.end;
    if (begin_.empty() && ends_statement(words)) finish_piece();
  }

  void command(std::string_view words, Span line) {
    const auto name = next_word(words);
    if (!name) return refuse(line, "this is no command");
    if (*name == "Up" || *name == "Down") {
      expect_no_rest();
      finish_piece();
      open_ = *name == "Up" ? &up_ : &down_;
      if (!*open_) {
        open_->emplace();
        (*open_)->source = source_;
      }
      while (const auto option = next_word(words)) {
        if (*option != "notransaction") continue;
        (*open_)->mode = TransactionMode::none;
        (*open_)->mode_marker = span_in(text_, *option);
      }
    } else if (*name == "StatementBegin" && open_ != nullptr) {
      begin_ = line;
    } else if (*name == "StatementEnd" && open_ != nullptr) {
      finish_piece();
      begin_ = {};
    }
  }

  std::string_view text_;
  std::size_t source_;
  std::optional<Part> up_, down_;
  std::optional<Part>* open_ = nullptr;
  Span piece_;
  Span begin_;  // of the open StatementBegin
  std::optional<Refusal> refusal_;
};

Recognition recognise(const Folder& folder) {
  const auto texts = sample(folder, direct_sql_files(folder));
  return std::any_of(texts.begin(), texts.end(), has_marks) ? Recognition::certain : Recognition::no;
}

bool comes_before(const std::string& a, const std::string& b) {
  const std::string_view x = leading_digits(a);
  const std::string_view y = leading_digits(b);
  if (x.empty() != y.empty()) return !x.empty();
  const int order = x.empty() ? 0 : compare_numbers(x, y);
  return order != 0 ? order < 0 : a < b;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "sql-migrate");
  std::vector<std::string> files;
  for (const std::string_view file : direct_sql_files(folder)) {
    if (file.ends_with(".sql")) files.emplace_back(file);
  }
  std::sort(files.begin(), files.end(), comes_before);
  for (const std::string& file : files) {
    const auto source = builder.add_source(file);
    if (!source) continue;
    const MigrateFile parsed(builder.text(*source), *source);
    if (const auto& refusal = parsed.refusal()) {
      builder.add_problem("layout-error", *source, refusal->span,
                          fmt::format("sql-migrate refuses this file, and with it the folder: {}", refusal->message));
    }
    Migration migration;
    migration.revision = file;
    const auto name = versioned_name(stem(file));
    migration.title = name ? name->title : stem(file);
    migration.upgrade = parsed.up();
    migration.downgrade = parsed.down();
    if (migration.upgrade || migration.downgrade) builder.set().migrations.push_back(std::move(migration));
  }
  link_in_order(builder.set());
  return builder.take();
}

}  // namespace

constexpr Record records[] = {{.table = "gorp_migrations", .applied = "SELECT id FROM gorp_migrations"}};

extern const Layout layout_sql_migrate;
const Layout layout_sql_migrate = {
    .name = "sql-migrate",
    .title = "sql-migrate (-- +migrate Up / Down)",
    .files = "*.sql with -- +migrate Up",
    .order = "number, then file name",
    .downgrade = "section -- +migrate Down",
    .transactions = "Statements one by one in a transaction per file; 'notransaction' after the marker turns it off for the section.",
    .opt_out = "-- +migrate Up notransaction",
    .late_migration = "sql-migrate runs this one after it, out of order",
    .new_migration = "sql-migrate new NAME",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
