#include "embedded/assembly.h"

#include "base/counted.h"
#include "embedded/dialect.h"
#include "migrations/file_name.h"
#include "sql/script.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace cupel::embedded {
namespace {

constexpr std::string_view directive = "cupel:ignore";

std::string flat(const std::vector<cxx::Stretch>& text) {
  std::string all;
  for (const cxx::Stretch& stretch : text) all += stretch.text;
  return all;
}

// CREATE ROLE, ALTER DATABASE …: of the statements that need no words of their own, those that say what there is.
bool is_definition(const sql::OtherStatement& statement) {
  constexpr std::array<std::string_view, 5> verbs = {"CREATE ", "ALTER ", "DROP ", "REASSIGN ", "IMPORT "};
  return std::ranges::any_of(verbs, [&](std::string_view verb) { return statement.tag.starts_with(verb); });
}

// Reads and changes of rows, and what goes with them: what an application does all day.
bool is_query(const sql::Statement& statement) {
  if (const auto* other = statement.as<sql::OtherStatement>()) return !is_definition(*other);
  return statement.as<sql::Select>() != nullptr || statement.as<sql::Insert>() != nullptr || statement.as<sql::Update>() != nullptr ||
         statement.as<sql::Delete>() != nullptr || statement.as<sql::Merge>() != nullptr || statement.as<sql::Copy>() != nullptr ||
         statement.as<sql::Transaction>() != nullptr || statement.as<sql::SetVariable>() != nullptr ||
         statement.as<sql::LockTable>() != nullptr || statement.as<sql::Discard>() != nullptr || statement.as<sql::Call>() != nullptr ||
         statement.as<sql::SetConstraints>() != nullptr || statement.as<sql::Opaque>() != nullptr;
}

}  // namespace

Account& Account::operator+=(const Account& other) {
  full += other.full;
  partial += other.partial;
  not_analysed += other.not_analysed;
  unreached += other.unreached;
  fragments += other.fragments;
  other_dialect += other.other_dialect;
  queries += other.queries;
  files += other.files;
  real_headers += other.real_headers;
  failed_files += other.failed_files;
  return *this;
}

// Writes the text and remembers where each byte came from.
class Assembly::Writer {
 public:
  Writer(Assembly& assembly, const cxx::Analysis& analysis) : assembly_(assembly), analysis_(analysis), source_(*assembly.files_.front()) {}

  void run() {
    assembly_.account_.files = 1;
    assembly_.account_.real_headers = analysis_.headers == cxx::Headers::real ? 1 : 0;
    attach_comments();
    if (!analysis_.revisions.empty()) {
      write_revision(analysis_.revisions.front());
    } else {
      write_items();
    }
    // What speaks for nothing is told to do so.
    for (std::size_t i = 0; i < analysis_.comments.size(); ++i) {
      if (is_directive(i) && written_[i] == 0) write_comment(i);
    }
    if (analysis_.limited) {
      problem("source-not-analysed", {},
              "the analysis of this file was stopped at its limit, so that some of its SQL may not have been seen");
    }
    if (analysis_.errors > 0 && !assembly_.pieces_.empty()) {
      const bool real = analysis_.headers == cxx::Headers::real;
      std::string words = fmt::format("{} in this source{} could hide SQL; the first: {}", counted(analysis_.errors, "error"),
                                      real ? ", read with the project's own headers," : "", analysis_.first_error);
      if (!analysis_.database_problem.empty()) words += "; " + analysis_.database_problem;
      problem("front-end-errors", {}, std::move(words));
    }
    assembly_.text_ = std::make_shared<const SourceText>(source_.name(), std::move(text_));
  }

 private:
  using Probe = std::pair<std::vector<cxx::Stretch>, bool>;

  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(text_.size()); }
  [[nodiscard]] bool is_directive(std::size_t comment) const { return analysis_.comments[comment].text.starts_with(directive); }
  [[nodiscard]] bool is_whole_file(std::size_t comment) const { return analysis_.comments[comment].text.starts_with("cupel:ignore-file"); }

  // Where an item is seen in the source: its call, the calls that lead there, its literals.
  [[nodiscard]] static std::vector<std::uint32_t> places_of(const cxx::Item& item) {
    std::vector<std::uint32_t> places;
    const auto add = [&](const cxx::Place& place) {
      if (place.file == 0 && place.end > 0) places.push_back(place.begin);
    };
    add(item.place);
    for (const cxx::Place& place : item.chain) add(place);
    for (const cxx::Stretch& stretch : item.text) add(stretch.place);
    return places;
  }

  // A comment speaks for what follows it, or what stands before it on its line.
  void attach_comments() {
    written_.assign(analysis_.comments.size(), 0);
    comments_.resize(analysis_.items.size());
    std::vector<std::pair<std::uint32_t, std::size_t>> places;
    for (std::size_t i = 0; i < analysis_.items.size(); ++i) {
      for (const std::uint32_t place : places_of(analysis_.items[i])) places.emplace_back(place, i);
    }
    std::ranges::sort(places);
    for (std::size_t c = 0; c < analysis_.comments.size(); ++c) {
      if (!is_directive(c) || is_whole_file(c)) continue;
      const cxx::Place comment = analysis_.comments[c].place;
      const std::string_view before = source_.text().substr(0, comment.begin);
      const std::size_t line = before.rfind('\n') + 1;
      const bool own_line = before.find_first_not_of(" \t", line) == std::string_view::npos;
      auto found = std::ranges::lower_bound(places, std::pair(comment.begin, std::size_t{0}));
      if (!own_line) {
        if (found == places.begin()) continue;
        --found;
      } else if (found == places.end()) {
        continue;
      }
      const std::uint32_t chosen = found->first;
      for (const auto& [place, item] : places) {
        if (place == chosen && (comments_[item].empty() || comments_[item].back() != c)) comments_[item].push_back(c);
      }
    }
  }

  void add(std::string_view text, const cxx::Place& place) {
    if (text.empty()) return;
    const std::uint32_t begin = here();
    text_ += text;
    assembly_.runs_.push_back({{begin, here()}, place});
  }

  void write_comment(std::size_t index) {
    const cxx::Comment& comment = analysis_.comments[index];
    std::string words = comment.text;
    std::ranges::replace_if(
        words, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    const std::uint32_t begin = here();
    add("-- " + words, comment.place);
    assembly_.copies_.emplace_back(Span{begin, here()}, index);
    text_ += '\n';
    ++written_[index];
  }

  void problem(std::string rule, Span span, std::string message) {
    migrations::Problem made;
    made.rule = std::move(rule);
    made.span = span;
    made.message = std::move(message);
    assembly_.problems_.push_back(std::move(made));
  }

  static std::string name_of_hole(const cxx::Stretch& hole) {
    std::string name = "{";
    for (const char c : hole.text) {
      const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
      if (letter) name += c;
      else if (name.back() != '_') name += '_';
      if (name.size() > 30) break;
    }
    return name + "}";
  }

  // :name and ? become $1: values, wherever they stand outside quotes.
  std::string without_binds(std::string_view text) {
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (quote_ != 0) {
        if (c == quote_) quote_ = 0;
        made += c;
      } else if (c == '\'' || c == '"') {
        quote_ = c;
        made += c;
      } else if (c == '?') {
        made += "$1";
      } else if (c == ':' && i + 1 < text.size() && (std::isalpha(static_cast<unsigned char>(text[i + 1])) != 0 || text[i + 1] == '_') &&
                 (i == 0 || text[i - 1] != ':')) {
        ++i;
        while (i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_')) ++i;
        --i;
        made += "$1";
      } else {
        made += c;
      }
    }
    return made;
  }

  // The item's text with holes as {names}; its span.
  Span write_text(const cxx::Item& item) {
    const std::uint32_t begin = here();
    quote_ = 0;
    for (const cxx::Stretch& stretch : item.text) {
      if (stretch.hole) {
        const std::uint32_t hole = here();
        add(name_of_hole(stretch), stretch.place);
        assembly_.holes_.push_back({hole, here()});
      } else if (item.binds) {
        add(without_binds(stretch.text), stretch.place);
      } else {
        add(stretch.text, stretch.place);
      }
    }
    return {begin, here()};
  }

  // Whether all of the item's text parses, and whether it does more than read and change rows.
  struct Reading {
    bool parses = false;
    bool defines = false;
    bool comments_only = false;
    bool implicit_transaction = false;  // several statements, none of which begins or ends one
  };
  Reading read(const cxx::Item& item) {
    Assembly probe_target(assembly_.files_.front());
    Writer probe(probe_target, analysis_);
    const Span span = probe.write_text(item);
    const SourceText text("", std::move(probe.text_));
    const sql::Script script = sql::Script::parse(text, {{span}, probe_target.holes_});
    Reading reading;
    reading.parses = script.errors().empty() && !script.statements().empty();
    reading.comments_only = script.errors().empty() && script.statements().empty();
    reading.defines = std::ranges::any_of(script.statements(), [](const sql::Statement& one) { return !is_query(one); });
    reading.implicit_transaction =
        script.statements().size() > 1 &&
        std::ranges::none_of(script.statements(), [](const sql::Statement& one) { return one.as<sql::Transaction>() != nullptr; });
    return reading;
  }

  void write_items() {
    if (is_for_other_database(source_.text())) {
      std::size_t count = 0;
      for (const cxx::Item& item : analysis_.items) count += item.text.empty() ? 0 : 1;
      assembly_.account_.other_dialect += count;
      if (count > 0) {
        problem("other-dialect", {},
                fmt::format("this source talks to SQLite or MySQL: {} of its SQL texts {} not judged", count, count == 1 ? "is" : "are"));
      }
      for (std::size_t i = 0; i < analysis_.comments.size(); ++i) written_[i] = 1;
      return;
    }
    std::vector<Reading> readings;
    bool defines = false;
    for (const cxx::Item& item : analysis_.items) {
      readings.push_back(item.text.empty() ? Reading() : read(item));
      const bool counts = item.evidence == cxx::Evidence::resolved || readings.back().parses;
      defines = defines || (counts && readings.back().defines);
    }
    for (std::size_t i = 0; i < analysis_.comments.size(); ++i) {
      if (is_directive(i) && is_whole_file(i)) write_comment(i);
    }
    for (const bool downgrade : {false, true}) {
      section_ = downgrade ? &assembly_.downgrade_statements_ : &assembly_.statements_;
      for (std::size_t i = 0; i < analysis_.items.size(); ++i) {
        if (analysis_.items[i].downgrade == downgrade) write_item(i, readings[i], defines);
      }
      end_transaction();
    }
  }

  void write_item(std::size_t index, const Reading& reading, bool defines) {
    const cxx::Item& item = analysis_.items[index];
    Account& account = assembly_.account_;
    const bool partial = std::ranges::any_of(item.text, &cxx::Stretch::hole);
    const std::string all = flat(item.text);
    if (!item.text.empty()) {
      if (is_other_dialect(all)) {
        ++account.other_dialect;
        note_other_dialect(item);
        return;
      }
      if (!reading.parses && !partial && (item.binds || item.evidence != cxx::Evidence::resolved)) {
        // Not for PostgreSQL, or no SQL at all. A call that sends it is told; a literal is just a text.
        if (reading.comments_only) return;
        if (item.evidence == cxx::Evidence::literal) {
          ++account.fragments;
        } else {
          ++account.not_analysed;
          write_unknown(index, fmt::format("PostgreSQL cannot parse what {} is given here", item.callee));
        }
        return;
      }
      if (item.evidence == cxx::Evidence::literal) ++account.unreached;
      else ++(partial ? account.partial : account.full);
      if (!defines) {
        ++account.queries;
        return;
      }
    } else {
      ++account.not_analysed;
      write_unknown(index,
                    fmt::format("what {} is given here is not known: {}", item.callee.empty() ? "a call" : item.callee, item.reason));
      return;
    }
    if (!first_sent_) first_sent_ = &item;
    if (item.function != first_sent_->function || item.evidence == cxx::Evidence::literal) assembly_.order_is_known_ = false;
    change_transaction(item);
    // PostgreSQL 18, "Multiple Statements in a Simple Query": what is sent as one text is one transaction.
    const bool implicit = transaction_ == 0 && reading.implicit_transaction && item.evidence != cxx::Evidence::literal;
    if (implicit) begin_transaction(item, -1);
    for (const std::size_t comment : comments_[index]) write_comment(comment);
    const Span span = write_text(item);
    add_piece(item, span, partial);
    section_->push_back(span);
    text_ += "\n";
    if (implicit) end_transaction();
  }

  void note_other_dialect(const cxx::Item& item) {
    const std::uint32_t begin = here();
    add("/* another dialect */", item.text.front().place);
    problem("other-dialect", {begin, here()}, "this SQL is written for another database: it is not judged");
    text_ += '\n';
  }

  void add_piece(const cxx::Item& item, Span span, bool partial) {
    assembly_.pieces_.push_back({span, item.place, item.chain, partial, item.evidence == cxx::Evidence::literal, item.operation});
    if (item.evidence == cxx::Evidence::literal) {
      problem("unreached-sql", span, "no call that cupel follows sends this SQL: whether and when it runs is not known");
    } else if (partial) {
      const auto hole = std::ranges::find_if(item.text, &cxx::Stretch::hole);
      // The problem stands at the first hole.
      const auto at = std::ranges::find_if(assembly_.holes_, [&](Span one) { return one.begin >= span.begin; });
      problem("partial-sql", at == assembly_.holes_.end() ? span : *at,
              fmt::format("a part of this statement is not known: {}", hole->reason));
    }
  }

  void write_unknown(std::size_t index, std::string message) {
    for (const std::size_t comment : comments_[index]) write_comment(comment);
    const std::uint32_t begin = here();
    add("/* not known */", analysis_.items[index].place);
    problem("dynamic-sql", {begin, here()}, std::move(message));
    assembly_.pieces_.push_back({{begin, here()}, analysis_.items[index].place, analysis_.items[index].chain, false, false, {}});
    text_ += '\n';
  }

  // Statements that one transaction object sends stand between BEGIN and COMMIT.
  void change_transaction(const cxx::Item& item) {
    const int wanted = item.transaction == cxx::InTransaction::yes ? item.transaction_number : 0;
    if (wanted == transaction_) return;
    end_transaction();
    if (wanted != 0) begin_transaction(item, wanted);
  }
  void begin_transaction(const cxx::Item& item, int number) {
    const std::uint32_t begin = here();
    add("BEGIN", item.place);
    section_->push_back({begin, here()});
    text_ += "\n";
    transaction_ = number;
    last_call_ = item.place;
  }
  void end_transaction() {
    if (transaction_ == 0) return;
    const std::uint32_t begin = here();
    add("COMMIT", last_call_);
    section_->push_back({begin, here()});
    text_ += "\n";
    transaction_ = 0;
  }

  void write_directive(std::string_view name, std::string value, const cxx::Place& place) {
    std::ranges::replace_if(
        value, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    add(fmt::format("-- cupel:{}{}{}", name, value.empty() ? "" : " ", value), place);
    text_ += '\n';
  }

  void write_revision(const cxx::Revision& revision) {
    assembly_.is_revision_ = true;
    if (!revision.id.empty()) write_directive("revision", revision.id, revision.place);
    write_directive("parent", revision.down.empty() ? "none" : revision.down, revision.place);
    if (!revision.label.empty()) write_directive("label", revision.label, revision.place);
    if (!revision.depends_on.empty()) write_directive("depends-on", revision.depends_on, revision.place);
    for (std::size_t i = 0; i < analysis_.comments.size(); ++i) {
      if (is_directive(i) && is_whole_file(i)) write_comment(i);
    }
    if (!revision.problem.empty()) {
      const std::uint32_t begin = here();
      add("/* revision */", revision.place);
      text_ += '\n';
      problem("dynamic-sql", {begin, here()}, revision.problem);
    }
    write_section("upgrade", revision, false);
    if (revision.has_downgrade) write_section("downgrade", revision, true);
    // SQL elsewhere in the file is not the revision's.
  }

  void write_section(std::string_view name, const cxx::Revision& revision, bool downgrade) {
    write_directive(name, "", revision.place);
    const bool leaves = std::ranges::any_of(
        analysis_.items, [&](const cxx::Item& item) { return item.downgrade == downgrade && item.operation == "begin_autocommit"; });
    if (!revision.transactional || leaves) write_directive("transaction", "none", revision.place);
    const bool own_blocks = revision.transactional && leaves;
    bool autocommit = false;
    bool in_block = false;
    const auto block = [&](bool wanted, const cxx::Place& place) {
      if (!own_blocks || wanted == in_block) return;
      add(wanted ? "BEGIN" : "COMMIT", place);
      text_ += ";\n";
      in_block = wanted;
    };
    cxx::Place last = revision.place;
    for (std::size_t i = 0; i < analysis_.items.size(); ++i) {
      const cxx::Item& item = analysis_.items[i];
      if (item.operation.empty() || item.downgrade != downgrade) continue;
      if (item.operation.ends_with("_autocommit")) {
        autocommit = item.operation == "begin_autocommit";
        continue;
      }
      last = item.place;
      Account& account = assembly_.account_;
      if (item.text.empty()) {
        ++account.not_analysed;
        write_unknown(i, fmt::format("what {} does here is not known: {}", item.operation, item.reason));
        continue;
      }
      const bool partial = std::ranges::any_of(item.text, &cxx::Stretch::hole);
      ++(partial ? account.partial : account.full);
      block(!autocommit && item.operation != "backfill", item.place);
      for (const std::size_t comment : comments_[i]) write_comment(comment);
      const Span span = write_text(item);
      add_piece(item, span, partial);
      if (item.conditional) {
        problem("conditional-migration", span,
                fmt::format("whether {} runs here depends on something that is not known before: databases may come out different",
                            item.operation));
      }
      assembly_.statements_.push_back(span);
      if (text_.back() != ';') text_ += "\n;";
      text_ += '\n';
    }
    block(false, last);
  }

  Assembly& assembly_;
  const cxx::Analysis& analysis_;
  const SourceText& source_;
  std::string text_;
  std::vector<std::vector<std::size_t>> comments_;  // per item: those that speak for it
  std::vector<std::size_t> written_;                // per comment: how often
  std::vector<Span>* section_ = nullptr;            // that statements are written for
  int transaction_ = 0;
  const cxx::Item* first_sent_ = nullptr;
  cxx::Place last_call_;
  char quote_ = 0;

  friend class Assembly;
};

Assembly::Assembly(std::shared_ptr<const SourceText> source) { files_.push_back(std::move(source)); }

Assembly::Assembly(std::shared_ptr<const SourceText> source, const Answer& answer,
                   const std::function<std::shared_ptr<const SourceText>(const std::string&)>& header)
    : Assembly(std::move(source)) {
  if (!answer.failure.empty()) {
    account_.files = 1;
    account_.failed_files = 1;
    text_ = std::make_shared<const SourceText>(files_.front()->name(), std::string());
    migrations::Problem problem;
    problem.rule = "source-not-analysed";
    problem.message = fmt::format("this source was not analysed: {}", answer.failure);
    problems_.push_back(std::move(problem));
    return;
  }
  for (std::size_t i = 1; i < answer.analysis.files.size(); ++i) files_.push_back(header(answer.analysis.files[i]));
  is_migration_ = answer.analysis.migration;
  Writer(*this, answer.analysis).run();
}

void Assembly::append_to(migrations::MigrationSet& set) const {
  const std::size_t source = set.sources.size();
  set.sources.push_back(text_);
  const auto part_of = [this, source](const std::vector<Span>& statements) {
    migrations::Part part;
    part.source = source;
    part.mode = migrations::TransactionMode::none;
    part.chunks = statements;
    return part;
  };
  if (!statements_.empty() || !downgrade_statements_.empty()) {
    migrations::Migration migration;
    if (is_migration_) {
      migration.revision = migrations::base_name(files_.front()->name());
      if (!set.migrations.empty()) migration.parents.push_back(set.migrations.back().revision);
    }
    migration.downgrade_expected = false;
    if (!statements_.empty()) migration.upgrade = part_of(statements_);
    if (!downgrade_statements_.empty()) migration.downgrade = part_of(downgrade_statements_);
    set.migrations.push_back(std::move(migration));
  }
  add_to(set);
}

void Assembly::add_to(migrations::MigrationSet& set) const {
  for (std::size_t i = 0; i < set.sources.size(); ++i) {
    if (set.sources[i] != text_) continue;
    for (migrations::Problem problem : problems_) {
      problem.source = i;
      set.problems.push_back(std::move(problem));
    }
    for (migrations::Migration& migration : set.migrations) {
      for (std::optional<migrations::Part>* part : {&migration.upgrade, &migration.downgrade}) {
        if (*part && (*part)->source == i) (*part)->placeholders = holes_;
      }
    }
  }
}

}  // namespace cupel::embedded
