// cupel's own layout; docs/layouts.md describes it.
#include "base/suggest.h"
#include "migrations/file_name.h"
#include "migrations/graph.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"
#include "sql/script.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

// All words after "cupel:"; the last three are other folders' to read.
constexpr std::array<std::string_view, 11> directives = {"revision",  "parent",   "label",  "depends-on",  "transaction", "upgrade",
                                                         "downgrade", "backfill", "ignore", "ignore-file", "idempotent"};
constexpr std::size_t own_directives = 8;

struct Directive {
  std::string_view name;
  std::string_view value;
  Span span;
};

std::vector<Directive> directives_in(std::string_view text) {
  std::vector<Directive> found;
  if (text.find("cupel:") == std::string_view::npos) return found;
  for (const sql::CommentText& comment : sql::comments(text)) {
    std::string_view words = comment.text;
    if (!words.starts_with("cupel:")) continue;
    words.remove_prefix(6);
    std::size_t end = 0;
    while (end < words.size() && (words[end] == '-' || (words[end] >= 'a' && words[end] <= 'z'))) ++end;
    found.push_back({words.substr(0, end), trim(words.substr(end)), comment.span});
  }
  return found;
}

bool is_own(std::string_view name) {
  const auto end = directives.begin() + own_directives;
  return std::find(directives.begin(), end, name) != end;
}

Recognition recognise(const Folder& folder) {
  const auto files = direct_sql_files(folder);
  for (const std::string_view text : sample(folder, files)) {
    for (const Directive& directive : directives_in(text)) {
      if (is_own(directive.name)) return Recognition::certain;
    }
  }
  const bool dated = !files.empty() && std::all_of(files.begin(), files.end(),
                                                   [](std::string_view file) { return dated_name(stem(file)) && !directed_name(file); });
  return dated ? Recognition::likely : Recognition::no;
}

// One file's directives and sections.
class CupelFile {
 public:
  CupelFile(SetBuilder& builder, std::size_t source) : builder_(builder), source_(source), text_(builder.text(source)) {
    place_.source = source;
    for (const Directive& directive : directives_in(text_)) take(directive);
    finish();
  }

  [[nodiscard]] Migration& migration() { return migration_; }
  [[nodiscard]] const RevisionPlace& place() const { return place_; }
  [[nodiscard]] bool states_parents() const { return states_parents_; }

 private:
  void refuse(const Directive& directive, std::string message) {
    builder_.add_problem("layout-error", source_, directive.span, std::move(message));
  }

  void take(const Directive& directive) {
    if (!is_own(directive.name)) {
      if (std::find(directives.begin(), directives.end(), directive.name) != directives.end()) return;
      const auto meant = closest_match(directive.name, directives);
      refuse(directive,
             fmt::format("cupel:{} is no directive{}", directive.name, meant ? fmt::format("; did you mean cupel:{}?", *meant) : ""));
      return;
    }
    const bool is_section = directive.name == "upgrade" || directive.name == "downgrade";
    if (!is_section && directive.value.empty()) {
      refuse(directive, fmt::format("cupel:{} needs a value", directive.name));
    } else if (is_section) {
      begin_section(directive);
    } else if (directive.name == "transaction") {
      set_transaction(directive);
    } else if (directive.name == "backfill") {
      add_backfill(directive);
    } else if (directive.name == "label") {
      append(directive, migration_.labels);
    } else if (directive.name == "depends-on") {
      place_.dependencies = directive.span;
      append(directive, migration_.depends_on);
    } else if (directive.name == "parent") {
      states_parents_ = true;
      place_.parents = directive.span;
      if (directive.value != "none") append(directive, migration_.parents);
    } else if (!migration_.revision.empty()) {
      refuse(directive, "a file has one cupel:revision");
    } else {
      migration_.revision = directive.value;
      place_.revision = directive.span;
      if (directive.value.find_first_of(" \t,") != std::string_view::npos) refuse(directive, "a revision is one word without a comma");
    }
  }

  static void append(const Directive& directive, std::vector<std::string>& list) {
    std::string_view rest = directive.value;
    while (const auto word = next_word(rest, ",")) list.emplace_back(*word);
  }

  // Before the sections it holds for both, within one for that one.
  void set_transaction(const Directive& directive) {
    if (directive.value != "none") {
      refuse(directive, fmt::format("cupel:transaction {} is unknown: the only value is none", directive.value));
    } else if (open_ == nullptr) {
      no_transaction_ = directive.span;
    } else {
      open_->mode = TransactionMode::none;
      open_->mode_marker = directive.span;
    }
  }

  void begin_section(const Directive& directive) {
    std::optional<Part>& part = directive.name == "upgrade" ? migration_.upgrade : migration_.downgrade;
    if (part) {
      refuse(directive, fmt::format("a file has one cupel:{}", directive.name));
      return;
    }
    if (open_ != nullptr) {
      open_->chunks.back().end = directive.span.begin;
    } else {
      first_section_ = directive.span;
    }
    part.emplace();
    part->source = source_;
    part->chunks = {{directive.span.end, static_cast<std::uint32_t>(text_.size())}};
    open_ = &*part;
  }

  void add_backfill(const Directive& directive) {
    Result<Backfill> backfill = parse_backfill(directive.value);
    if (!backfill) {
      refuse(directive, backfill.error().message);
      return;
    }
    backfill->comment = directive.span;
    // Without sections it stands in the upgrade, which does not exist yet.
    (open_ != nullptr ? open_->backfills : backfills_).push_back(*std::move(backfill));
  }

  void finish() {
    if (!migration_.upgrade) {
      // Without cupel:upgrade, everything before cupel:downgrade is it.
      migration_.upgrade.emplace();
      migration_.upgrade->source = source_;
      if (first_section_) migration_.upgrade->chunks = {{0, first_section_->begin}};
      migration_.upgrade->backfills = std::move(backfills_);
    } else if (const auto before = sql::tokens(text_.substr(0, first_section_->begin)); !before.empty()) {
      builder_.add_problem("layout-error", source_, {before.front().span.begin, before.back().span.end},
                           "this SQL stands before the first section, so it never runs");
    }
    for (std::optional<Part>* part : {&migration_.upgrade, &migration_.downgrade}) {
      if (*part) (*part)->cut_where_refused = true;
      if (!*part || no_transaction_.empty()) continue;
      (*part)->mode = TransactionMode::none;
      (*part)->mode_marker = no_transaction_;
    }
  }

  SetBuilder& builder_;
  std::size_t source_;
  std::string_view text_;
  Migration migration_;
  RevisionPlace place_;
  bool states_parents_ = false;
  Span no_transaction_;
  std::vector<Backfill> backfills_;  // before any section
  std::optional<Span> first_section_;
  Part* open_ = nullptr;
};

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "cupel");
  builder.set().runner_sets_lock_timeout = true;  // docs/execution.md, "Locks"
  std::vector<RevisionPlace> places;
  std::vector<Migration>& migrations = builder.set().migrations;
  const auto files = direct_sql_files(folder);
  for (const std::string_view file : files) {
    const auto name = dated_name(stem(file));
    if (!name && files.size() > 1) {
      const auto text = folder.read(std::string(file));
      const auto found = text ? directives_in((*text)->text()) : std::vector<Directive>{};
      if (text && std::none_of(found.begin(), found.end(), [](const Directive& d) { return is_own(d.name); })) continue;
    }
    const auto source = builder.add_source(std::string(file));
    if (!source) continue;
    CupelFile parsed(builder, *source);
    Migration& migration = parsed.migration();
    migration.title = name ? name->title : stem(file);
    if (migration.revision.empty()) {
      migration.revision = name ? name->version : stem(file);
      std::replace(migration.revision.begin(), migration.revision.end(), '-', '_');
      if (!name && files.size() > 1) {
        builder.add_problem("layout-error", *source, {},
                            fmt::format("{} has neither a cupel:revision nor a name like 20240131_120000_title.sql", file));
      }
    }
    if (!parsed.states_parents() && !migrations.empty()) migration.parents = {migrations.back().revision};
    places.push_back(parsed.place());
    migrations.push_back(std::move(migration));
  }
  arrange(builder.set(), places);
  return builder.take();
}

}  // namespace

extern const Layout layout_cupel;
const Layout layout_cupel = {
    .name = "cupel",
    .title = "cupel (YYYYMMDD_HHmmss_title.sql, -- cupel:upgrade / downgrade)",
    .files = "YYYYMMDD_HHmmss_title.sql",
    .order = "revision graph",
    .downgrade = "section -- cupel:downgrade",
    .transactions =
        "Statements one by one in a transaction per file; '-- cupel:transaction none' turns it off for the file or a "
        "section.",
    .opt_out = "-- cupel:transaction none",
    .late_migration = "cupel upgrade refuses to run",
    .new_migration = "cupel revision -m MESSAGE",
    .recognise = recognise,
    .read = read,
};

}  // namespace cupel::migrations::runners
