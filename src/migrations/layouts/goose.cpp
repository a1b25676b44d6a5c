// goose v3.27.3: internal/sqlparser/parser.go (annotations and how a file is cut into statements), migration_sql.go
// (transaction per file, statements sent one by one), provider_collect.go and migration.go NumericComponent (names).
#include "base/suggest.h"
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

constexpr std::array<std::string_view, 7> annotations = {"Up",        "Down",      "StatementBegin", "StatementEnd", "NO TRANSACTION",
                                                         "ENVSUB ON", "ENVSUB OFF"};

// The words after "-- +goose", or nothing when the line is no annotation.
std::optional<std::string_view> annotation_of(std::string_view line) {
  const std::string_view trimmed = trim(line);
  if (!trimmed.starts_with("--")) return std::nullopt;
  constexpr std::string_view mark = "+goose";
  const std::size_t at = trimmed.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return trim(trimmed.substr(at + mark.size()));
}

// Whether the last word before a comment ends with a semicolon, as goose looks for the end of a statement.
bool ends_statement(std::string_view line) {
  std::string_view last;
  while (const auto word = next_word(line)) {
    if (word->starts_with("--")) break;
    last = *word;
  }
  return last.ends_with(';');
}

// A file as goose cuts it. Where goose would refuse the file, the reading goes on as well as it can.
class GooseFile {
 public:
  explicit GooseFile(std::string_view text) : text_(text) {
    TextLines lines(text);
    while (const auto line = lines.next()) take(*line);
    if (!refused_ && !seen_up_) refuse({}, "there is no '-- +goose Up'");
    if (in_statement_) refuse(statement_begin_, "this StatementBegin has no '-- +goose StatementEnd'");
    if (!in_statement_) expect_no_rest();
    finish_piece();
  }

  struct Section {
    bool present = false;
    std::vector<Span> pieces;
    Span begin;  // right after the marker
  };
  [[nodiscard]] Part part(const Section& section, std::size_t source) const {
    Part part;
    part.source = source;
    part.chunks = section.pieces;
    if (part.chunks.empty()) part.chunks.push_back(section.begin);
    part.mode = no_transaction_.empty() ? TransactionMode::per_file : TransactionMode::none;
    part.mode_marker = no_transaction_;
    part.placeholders = placeholders_;
    return part;
  }
  [[nodiscard]] const Section& up() const { return up_; }
  [[nodiscard]] const Section& down() const { return down_; }
  // What goose would say first; where.
  struct Refusal {
    Span span;
    std::string message;
  };
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refused_; }

 private:
  void refuse(Span span, std::string message) {
    if (!refused_) refused_ = Refusal{span, std::move(message)};
  }
  void finish_piece() {
    if (!piece_.empty() && section_ != nullptr) section_->pieces.push_back(piece_);
    piece_ = {};
  }
  void expect_no_rest() {
    if (!piece_.empty()) refuse(piece_, "this statement does not end with a semicolon");
  }

  void take(Span line) {
    const std::string_view words = line.of(text_);
    if (const auto annotation = annotation_of(words)) {
      if (words.front() == ' ' || words.front() == '\t') refuse(line, "an annotation must not be indented");
      annotate(*annotation, line);
      return;
    }
    // Comments between statements are not part of them; those within one are.
    if (piece_.empty() && (is_blank(words) || trim(words).starts_with("--"))) return;
    if (section_ == nullptr) {
      refuse(line, "there is SQL before '-- +goose Up'");
      return;
    }
    if (piece_.empty()) piece_.begin = line.begin;
    piece_.end = line.end;
    if (substitutes_) add_placeholders(text_, line, placeholders_);
    if (!in_statement_ && ends_statement(words)) finish_piece();
  }

  void annotate(std::string_view words, Span line) {
    const auto is = [words](std::string_view name) { return equals_ignoring_case(words, name); };
    if (is("Up")) {
      if (seen_up_) refuse(line, "there is a second '-- +goose Up'");
      begin_section(up_, line);
      seen_up_ = true;
    } else if (is("Down")) {
      if (!seen_up_) refuse(line, "'-- +goose Down' comes before '-- +goose Up'");
      if (down_.present) refuse(line, "there is a second '-- +goose Down'");
      begin_section(down_, line);
    } else if (is("StatementBegin")) {
      if (section_ == nullptr || in_statement_) refuse(line, "this StatementBegin is out of place");
      expect_no_rest();
      finish_piece();
      in_statement_ = true;
      statement_begin_ = line;
    } else if (is("StatementEnd")) {
      if (!in_statement_) refuse(line, "this StatementEnd has no StatementBegin");
      finish_piece();
      in_statement_ = false;
    } else if (is("NO TRANSACTION")) {
      no_transaction_ = line;
    } else if (is("ENVSUB ON") || is("ENVSUB OFF")) {
      substitutes_ = is("ENVSUB ON");
    } else {
      const auto meant = closest_match(words, annotations);
      refuse(line, fmt::format("'{}' is no goose annotation{}", words, meant ? fmt::format("; did you mean '{}'?", *meant) : ""));
    }
  }

  void begin_section(Section& section, Span line) {
    expect_no_rest();
    finish_piece();
    in_statement_ = false;
    section.present = true;
    section.begin = {line.end, line.end};
    section_ = &section;
  }

  std::string_view text_;
  Section up_, down_;
  Section* section_ = nullptr;
  Span piece_;
  Span statement_begin_;
  Span no_transaction_;
  std::vector<Span> placeholders_;
  std::optional<Refusal> refused_;
  bool seen_up_ = false;
  bool in_statement_ = false;
  bool substitutes_ = false;
};

bool has_annotations(std::string_view text) {
  if (text.find("+goose") == std::string_view::npos) return false;
  TextLines lines(text);
  while (const auto line = lines.next()) {
    if (annotation_of(line->of(text))) return true;
  }
  return false;
}

Recognition recognise(const Folder& folder) {
  const auto texts = sample(folder, direct_sql_files(folder));
  return std::any_of(texts.begin(), texts.end(), has_annotations) ? Recognition::certain : Recognition::no;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "goose");
  VersionLine line(builder, VersionLine::Order::number, {.duplicate = "goose refuses the folder", .orphan = {}});
  const auto files = direct_sql_files(folder);
  for (const std::string_view file : files) {
    const auto name = versioned_name(stem(file));
    if (!name && files.size() > 1) {
      const auto text = folder.read(std::string(file));
      if (!text || !has_annotations((*text)->text())) continue;  // a helper beside the migrations
      builder.add_ignored(std::string(file), fmt::format("goose ignores {}: its name is not <version>_<title>.sql", file));
      continue;
    }
    const auto source = builder.add_source(std::string(file));
    if (!source) continue;
    const std::string_view text = builder.text(*source);
    const GooseFile parsed(text);
    if (const auto& refusal = parsed.refusal()) {
      builder.add_problem("layout-error", *source, refusal->span, fmt::format("goose refuses this file: {}", refusal->message));
    }
    const std::string_view version = name ? name->version : stem(file);
    const std::string_view title = name ? name->title : stem(file);
    line.add(version, title, Direction::upgrade, parsed.part(parsed.up(), *source));
    if (parsed.down().present) line.add(version, title, Direction::downgrade, parsed.part(parsed.down(), *source));
  }
  // Those that are programs: provider_collect.go takes <version>_<title>.go, without tests.
  for (const std::string& file : folder.files()) {
    if (!file.ends_with(".go") || file.ends_with("_test.go") || !folder_name(file).empty()) continue;
    if (const auto name = versioned_name(std::string_view(file).substr(0, file.size() - 3))) {
      line.add_unread(file, name->version, name->title, "Go");
    }
  }
  line.finish();
  return builder.take();
}

}  // namespace

// internal/dialect/dialectquery/postgres.go of goose 3: a row per event; of a version, the last one tells. 0 is the table's own.
constexpr Record records[] = {
    {.table = "goose_db_version",
     .applied =
         "SELECT version_id::text FROM (SELECT DISTINCT ON (version_id) version_id, is_applied FROM goose_db_version ORDER BY version_id, "
         "id DESC) AS latest WHERE is_applied AND version_id > 0"}};

extern const Layout layout_goose;
const Layout layout_goose = {
    .name = "goose",
    .title = "goose (-- +goose Up / Down)",
    .files = "<n>_title.sql with -- +goose Up",
    .order = "number",
    .downgrade = "section -- +goose Down",
    .transactions = "Statements one by one in a transaction per file; '-- +goose NO TRANSACTION' turns it off for the file.",
    .opt_out = "-- +goose NO TRANSACTION",
    .late_migration = "goose refuses to run (unless -allow-missing)",
    .new_migration = "goose create NAME sql",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners
