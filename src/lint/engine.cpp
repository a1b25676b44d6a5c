#include "lint/engine.h"

#include "lint/effect_notes.h"
#include "lint/fingerprint.h"
#include "lint/parsed_migrations.h"
#include "lint/pass.h"
#include "lint/replay.h"
#include "lint/schema_drift.h"
#include "lint/suppression.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace cupel::lint {

namespace {

bool total_order(const Finding& a, const Finding& b) {
  return std::tie(a.source, a.span.begin, a.span.end, a.rule, a.message) < std::tie(b.source, b.span.begin, b.span.end, b.rule, b.message);
}

// Of the findings of `rule` that `group_of` puts into one group, the first stays and counts the others, and `uncounted`
// ones besides.
template <class GroupOf>
void keep_first(std::vector<Finding>& findings, std::string_view rule, std::string_view where, GroupOf group_of,
                std::size_t uncounted = 0) {
  struct First {
    std::size_t index;
    std::size_t others = 0;
  };
  std::map<decltype(group_of(findings.front())), First> groups;
  std::vector<bool> repeats(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].rule != rule || !findings[i].counts()) continue;
    const auto [group, is_first] = groups.try_emplace(group_of(findings[i]), First{i, uncounted});
    if (is_first) continue;
    ++group->second.others;
    repeats[i] = true;
  }
  bool any = false;
  for (const auto& [group, first] : groups) {
    if (first.others == 0) continue;
    any = true;
    findings[first.index].message += " (" + std::to_string(first.others) +
                                     (first.others == 1 ? " more statement of " : " more statements of ") + std::string(where) + ")";
  }
  if (!any) return;
  std::size_t index = 0;
  std::erase_if(findings, [&](const Finding&) { return repeats[index++]; });
}

// A colon is rare in SQL, so that looking for it is quick.
bool may_have_suppressions(std::string_view text) {
  constexpr std::string_view marker = "cupel:ignore";
  const std::size_t before_colon = marker.find(':');
  for (std::size_t colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
    if (colon >= before_colon && text.substr(colon - before_colon, marker.size()) == marker) return true;
  }
  return false;
}

}  // namespace

class Engine : public ReplayListener {
 public:
  Engine(std::span<const RuleEntry> rules, const Settings& settings, const Scope& scope)
      : rules_(rules), settings_(settings), scope_(scope) {
    for (const RuleEntry& entry : rules) {
      if (!settings.enabled(entry)) continue;
      const VersionRange& range = entry.rule->postgres;
      if (settings.postgres_version < range.first || settings.postgres_version > range.last) continue;
      if (entry.rule->check_migration != nullptr) migration_rules_.push_back(&entry);
      wants_reversals_ = wants_reversals_ || entry.rule->asks_for_reversal;
      if (entry.rule->check == nullptr) continue;
      for (std::size_t kind = 0; kind < by_kind_.size(); ++kind) {
        if (entry.rule->on.contains(static_cast<sql::StatementKind>(kind))) by_kind_[kind].push_back(&entry);
      }
    }
  }

  LintResult run(std::span<const migrations::MigrationSet> sets) {
    ParsedMigrations parsed(sets, settings_.threads);
    if (scope_.selection != nullptr) result_.judged = 0;
    for (const migrations::MigrationSet& set : sets) all_migrations_ += set.migrations.size();
    for (std::size_t i = 0; i < sets.size(); ++i) {
      selected_ = scope_.selection != nullptr ? &scope_.selection->sets[i] : nullptr;
      schema::Database database;
      judge_set(sets[i], parsed, database);
    }
    return take_result();
  }

  LintResult run_next(const migrations::MigrationSet& set, schema::Database& present) {
    all_migrations_ = set.migrations.size();
    ParsedMigrations parsed(std::span(&set, 1), settings_.threads);
    const schema::Database::Mark before = present.mark();
    only_run_ = true;
    judge_set(set, parsed, present);
    present.rewind(before);
    return take_result();
  }

 private:
  LintResult take_result() {
    result_.postgres_version = settings_.postgres_version;
    for (const RuleEntry& entry : rules_) {
      if (entry.rule->repeat != Repeat::once_per_run || scope_.every_repeat) continue;
      keep_first(
          result_.findings, entry.id, "this run", [](const Finding&) { return 0; }, first_of_run_[&entry].others);
    }
    return std::move(result_);
  }

  void judge_set(const migrations::MigrationSet& set, ParsedMigrations& parsed, schema::Database& database) {
    set_ = &set;
    first_source_ = result_.sources.size();
    result_.sources.insert(result_.sources.end(), set.sources.begin(), set.sources.end());
    const auto dumps = static_cast<std::size_t>(std::ranges::count_if(set.migrations, &migrations::Migration::schema_dump));
    const auto unread = static_cast<std::size_t>(
        std::ranges::count_if(set.migrations, [](const migrations::Migration& migration) { return !migration.unread.empty(); }));
    result_.layouts.push_back({set.path, set.layout, set.migrations.size() - dumps, dumps, unread});
    for (const auto& source : set.sources) result_.bytes += source->text().size();
    findings_.clear();
    statements_.clear();
    for (std::size_t source = 0; source < set.sources.size(); ++source) {
      if (selected_ != nullptr && !selected_->sources[source]) continue;
      if (only_run_ && !is_run(source)) continue;
      if (may_have_suppressions(set.sources[source]->text())) statements_.try_emplace(source);
    }

    first_finding_ = 0;
    migration_ = 0;
    replay(set, parsed, settings_.postgres_version, database, *this);
    for (const migrations::Problem& problem : set.problems) {
      if (is_told(problem)) add_problem(problem);
    }
    if (scope_.schema_dump != nullptr && result_.layouts.size() == 1 && !only_run_) add_schema_drift(database);
    suppress();
    // Before the others are counted: one more of them makes no other finding.
    if (settings_.fingerprints) {
      for (Finding& finding : findings_) finding.fingerprint = fingerprint(finding, result_.sources[finding.source]->text());
    }
    // Before the others are counted, too: a known finding must not speak for a new one.
    if (scope_.baseline != nullptr) scope_.baseline->match(findings_, result_.sources);
    for (const RuleEntry& entry : rules_) {
      if (entry.rule->repeat != Repeat::once_per_part || scope_.every_repeat) continue;
      keep_first(findings_, entry.id, "this migration",
                 [](const Finding& finding) { return std::pair(std::string_view(finding.revision), finding.downgrade); });
    }
    take_in_order();
  }

  // The set's findings in total order behind those of the sets before it, whose sources come first. Findings are large:
  // they are moved once.
  void take_in_order() {
    std::vector<Finding*> order;
    order.reserve(findings_.size());
    for (Finding& finding : findings_) order.push_back(&finding);
    std::ranges::stable_sort(order, [](const Finding* a, const Finding* b) { return total_order(*a, *b); });
    result_.findings.reserve(std::max(result_.findings.size() + order.size(), result_.findings.capacity()));
    for (Finding* finding : order) result_.findings.push_back(std::move(*finding));
  }

  // Whether this part of the migration at hand is judged.
  [[nodiscard]] bool is_judged(bool downgrade) const {
    if (set_->migrations[migration_].schema_dump) return false;
    if (selected_ == nullptr) return true;
    const Selection::Parts& parts = selected_->migrations[migration_];
    return downgrade ? parts.downgrade : parts.upgrade;
  }

  [[nodiscard]] bool is_told(const migrations::Problem& problem) const {
    const auto selected = [this](std::size_t source) { return selected_ == nullptr || selected_->sources[source]; };
    return selected(problem.source) || std::ranges::any_of(problem.related, [&](const auto& place) { return selected(place.source); });
  }

  void on_statement(const Step& step) override {
    if (!is_judged(step.downgrade)) return;
    ++result_.statements;
    if (settings_.outline) outline(step);
    const std::vector<const RuleEntry*>& rules = by_kind_[step.statement->kind()];
    if (rules.empty()) return;
    Pass pass;
    pass.statement_ = step.statement;
    pass.script_ = &step.parsed.script;
    pass.upgrade_ = step.parts.upgrade ? &step.parts.upgrade->script : nullptr;
    pass.statements_ = &step.parsed.statements;
    pass.number_ = step.number;
    pass.database_ = &step.database;
    pass.effects_ = step.effects;
    pass.transaction_ = &step.transaction;
    pass.settings_ = &settings_;
    pass.set_ = &step.set;
    pass.migration_ = &step.migration;
    pass.part_ = &step.part;
    pass.source_ = first_source_ + step.part.source;
    pass.first_source_ = first_source_;
    pass.downgrade_ = step.downgrade;
    pass.upgrade_epoch_ = step.upgrade_epoch;
    pass.findings_ = &findings_;
    const std::size_t first = findings_.size();
    pass.first_finding_ = first;
    for (const RuleEntry* entry : rules) {
      pass.rule_ = entry;
      FirstOfRun* const first_of_run = first_of_run_for(*entry, step.part.source);
      const std::pair place(pass.source_, step.statement->span.begin);
      pass.one_more_ = first_of_run != nullptr && first_of_run->place < place ? &first_of_run->others : nullptr;
      pass.spoke_in_part_ = contains(spoke_in_part_, entry->id);
      const std::size_t before = findings_.size();
      entry->rule->check(pass);
      if (first_of_run != nullptr && findings_.size() > before) first_of_run->place = std::min(first_of_run->place, place);
    }
    pass.write_effects();
    if (findings_.size() - first > 1) drop_yielding(first);
    if (statements_.contains(step.part.source)) return;
    for (std::size_t i = first; i < findings_.size(); ++i) {
      const std::string_view rule = findings_[i].rule;
      if (is_once_per_part(rules, rule) && !contains(spoke_in_part_, rule)) spoke_in_part_.push_back(rule);
    }
  }

  static bool contains(const std::vector<std::string_view>& ids, std::string_view id) { return std::ranges::find(ids, id) != ids.end(); }
  static bool is_once_per_part(const std::vector<const RuleEntry*>& rules, std::string_view id) {
    return std::ranges::any_of(rules,
                               [id](const RuleEntry* entry) { return entry->rule->repeat == Repeat::once_per_part && entry->id == id; });
  }

  // Where a rule spoke that does so once per run. What comes behind that place is only counted.
  struct FirstOfRun {
    std::pair<std::size_t, std::uint32_t> place{static_cast<std::size_t>(-1), 0};  // source and offset of the statement
    std::size_t others = 0;
  };

  // nullptr where each finding must be seen: it may be suppressed, or give way to another rule's.
  FirstOfRun* first_of_run_for(const RuleEntry& entry, std::size_t source) {
    if (entry.rule->repeat != Repeat::once_per_run || !entry.rule->yields_to.empty() || statements_.contains(source)) return nullptr;
    if (scope_.baseline != nullptr || scope_.every_repeat) return nullptr;
    return &first_of_run_[&entry];
  }

  void on_part_end(const migrations::Migration& migration, const migrations::Part& part, const ParsedPart& parsed,
                   bool downgrade) override {
    spoke_in_part_.clear();
    if (is_judged(downgrade)) {
      for (const sql::SyntaxError* error : parsed.errors) add_syntax_error(*error, first_source_ + part.source);
    }
    if (const auto spans = statements_.find(part.source); spans != statements_.end()) {
      for (const StatementPlace& place : parsed.statements) spans->second.push_back(place.statement->span);
    }
    for (; first_finding_ < findings_.size(); ++first_finding_) {
      findings_[first_finding_].revision = migration.revision;
      findings_[first_finding_].downgrade = downgrade;
    }
  }

  // One hazard, one finding: where a specific rule spoke, the general one is silent.
  void drop_yielding(std::size_t first) {
    const auto yields = [this, first](const Finding& finding) {
      const auto entry = std::ranges::find(rules_, finding.rule, &RuleEntry::id);
      if (entry == rules_.end() || entry->rule->yields_to.empty()) return false;
      return std::any_of(findings_.begin() + static_cast<std::ptrdiff_t>(first), findings_.end(), [&](const Finding& other) {
        const bool same_place = other.span.begin < finding.span.end && finding.span.begin < other.span.end;
        return same_place && std::ranges::find(entry->rule->yields_to, other.rule) != entry->rule->yields_to.end();
      });
    };
    std::vector<bool> dropped;
    for (std::size_t i = first; i < findings_.size(); ++i) dropped.push_back(yields(findings_[i]));
    std::size_t index = 0;
    findings_.erase(std::remove_if(findings_.begin() + static_cast<std::ptrdiff_t>(first), findings_.end(),
                                   [&](const Finding&) { return dropped[index++]; }),
                    findings_.end());
  }

  [[nodiscard]] bool wants_reversals() const override { return wants_reversals_; }
  void on_reversal(const migrations::Migration& /*migration*/, const std::vector<schema::Difference>& differences) override {
    reversal_ = differences;
  }

  void on_migration_end(const migrations::Migration& migration, const ParsedMigration& parts) override {
    static const std::vector<StatementPlace> none;
    const bool judged = is_judged(false) || is_judged(true);
    if (settings_.outline) outline(migration, judged);
    ++migration_;
    if (scope_.progress) scope_.progress(++replayed_, all_migrations_);
    if (result_.judged && judged) ++*result_.judged;
    if (!judged) return;
    MigrationPass pass;
    pass.set_ = scope_.whole != nullptr ? scope_.whole : set_;
    pass.migration_ = &migration;
    pass.upgrade_ = parts.upgrade ? &parts.upgrade->statements : &none;
    pass.downgrade_ = parts.downgrade ? &parts.downgrade->statements : &none;
    pass.reversal_ = reversal_ ? &*reversal_ : nullptr;
    pass.settings_ = &settings_;
    pass.first_source_ = first_source_;
    pass.findings_ = &findings_;
    for (const RuleEntry* entry : migration_rules_) {
      pass.rule_ = entry;
      entry->rule->check_migration(pass);
    }
    reversal_.reset();
    for (; first_finding_ < findings_.size(); ++first_finding_) findings_[first_finding_].revision = migration.revision;
  }

  void outline(const Step& step) {
    const bool begins = !step.transaction.in_transaction() || step.transaction.statements() == 0;
    if (begins || outlined_.empty() || outlined_.back().downgrade != step.downgrade) ++transaction_;
    RevisionNote::Statement& note = outlined_.emplace_back();
    note.span = step.statement->span;
    note.tag = step.statement->tag();
    note.downgrade = step.downgrade;
    note.transaction = transaction_;
    note.effects = effect_notes(*step.effects, effects::whole_statement, step.database, step.transaction, settings_);
  }

  void outline(const migrations::Migration& migration, bool judged) {
    RevisionNote& note = result_.revisions.emplace_back();
    note.revision = migration.revision;
    note.title = migration.title;
    note.parents = migration.parents;
    const std::size_t upgrade = migration.upgrade ? migration.upgrade->source : migration.downgrade ? migration.downgrade->source : 0;
    note.source = first_source_ + upgrade;
    note.downgrade_source = first_source_ + (migration.downgrade ? migration.downgrade->source : upgrade);
    note.layout = result_.layouts.size() - 1;
    note.judged = judged;
    note.statements = std::exchange(outlined_, {});
    transaction_ = 0;
  }

  // The rule's entry if it is to be reported; nullptr otherwise.
  const RuleEntry* enabled_entry(std::string_view rule) const {
    const auto entry = std::ranges::find(rules_, rule, &RuleEntry::id);
    return entry != rules_.end() && settings_.enabled(*entry) ? &*entry : nullptr;
  }

  void add_syntax_error(const sql::SyntaxError& error, std::size_t source) {
    const RuleEntry* entry = enabled_entry("parse-error");
    if (entry == nullptr) return;
    Finding& finding = findings_.emplace_back();
    finding.rule = entry->id;
    finding.severity = settings_.severity(*entry);
    finding.source = source;
    finding.span = error.span;
    finding.message = error.message;
    finding.why = "PostgreSQL refuses the statement, so nothing that depends on it is judged.";
  }

  void add_problem(const migrations::Problem& problem) {
    const RuleEntry* entry = enabled_entry(problem.rule);
    if (entry == nullptr) return;
    Finding& finding = findings_.emplace_back();
    finding.rule = entry->id;
    finding.severity = settings_.severity(*entry);
    finding.source = first_source_ + problem.source;
    finding.span = problem.span;
    finding.message = problem.message;
    for (const migrations::Problem::Place& place : problem.related) {
      finding.related.push_back({first_source_ + place.source, place.span, place.message});
    }
  }

  void add_schema_drift(const schema::Database& migrated) {
    const RuleEntry* entry = enabled_entry("migration-drift");
    // Where no migration is looked at, the dump is not what changed.
    if (entry == nullptr || (selected_ != nullptr && result_.judged == std::size_t{0})) return;
    const std::size_t source = result_.sources.size();
    result_.sources.push_back(scope_.schema_dump);
    for (SchemaDrift& one : schema_drift(migrated, *scope_.schema_dump)) {
      Finding& finding = findings_.emplace_back();
      finding.rule = entry->id;
      finding.severity = settings_.severity(*entry);
      finding.source = source;
      finding.span = one.span;
      finding.message = std::move(one.message);
      finding.why = "Who reads it, or makes a database of it, does not get what production has.";
      finding.advice = "dump the schema again after migrating, and commit both together";
    }
  }

  void suppress() {
    for (auto& [source, statements] : statements_) {
      // A DO block begins before what is in it, and is longer.
      std::ranges::sort(statements, [](Span a, Span b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
      std::vector<Suppression> suppressions = find_suppressions(set_->sources[source]->text(), statements);
      apply_suppressions(suppressions, first_source_ + source, rules_, settings_, findings_);
      for (Suppression& one : suppressions) {
        result_.suppressions.push_back({first_source_ + source, one.span, std::move(one.rules), std::move(one.reason), std::move(one.owner),
                                        std::move(one.until), one.whole_file, one.expired, one.findings});
      }
      // What is not judged needs its suppressions all the same.
      if (!is_judged_wholly(source)) {
        std::erase_if(findings_, [this, source = source](const Finding& finding) {
          return finding.source == first_source_ + source && finding.rule == "unused-suppression";
        });
      }
    }
  }

  [[nodiscard]] bool is_run(std::size_t source) const {
    return std::ranges::any_of(set_->migrations, [source](const migrations::Migration& migration) {
      return (migration.upgrade && migration.upgrade->source == source) || (migration.downgrade && migration.downgrade->source == source);
    });
  }

  [[nodiscard]] bool is_judged_wholly(std::size_t source) const {
    for (std::size_t i = 0; i < set_->migrations.size(); ++i) {
      const migrations::Migration& migration = set_->migrations[i];
      if (migration.schema_dump && migration.upgrade->source == source) return false;
      if (selected_ == nullptr) continue;
      const auto left_out = [source](const std::optional<migrations::Part>& part, bool judged) {
        return part && part->source == source && !judged;
      };
      const Selection::Parts& parts = selected_->migrations[i];
      if (left_out(migration.upgrade, parts.upgrade) || left_out(migration.downgrade, parts.downgrade)) return false;
    }
    return true;
  }

  std::span<const RuleEntry> rules_;
  const Settings& settings_;
  const Scope& scope_;
  const Selection::Set* selected_ = nullptr;       // of the set being judged
  bool only_run_ = false;                          // sources without a migration are of those that ran already: not judged
  std::size_t migration_ = 0;                      // of it, being replayed
  std::size_t replayed_ = 0, all_migrations_ = 0;  // of all sets, for scope_.progress
  std::vector<RevisionNote::Statement> outlined_;  // of that migration
  std::size_t transaction_ = 0;
  std::array<std::vector<const RuleEntry*>, 64> by_kind_;
  std::vector<const RuleEntry*> migration_rules_;
  bool wants_reversals_ = false;
  std::optional<std::vector<schema::Difference>> reversal_;  // of the migration being judged
  const migrations::MigrationSet* set_ = nullptr;            // being judged
  std::vector<Finding> findings_;                            // of that set
  std::vector<std::string_view> spoke_in_part_;              // rules that speak once per part, in the part being judged
  std::size_t first_finding_ = 0;                            // that does not know its revision yet
  std::size_t first_source_ = 0;
  std::map<std::size_t, std::vector<Span>> statements_;  // of its sources that may have suppressions
  std::map<const RuleEntry*, FirstOfRun> first_of_run_;
  LintResult result_;
};

LintResult lint(std::span<const migrations::MigrationSet> sets, std::span<const RuleEntry> rules, const Settings& settings,
                const Scope& scope) {
  return Engine(rules, settings, scope).run(sets);
}

LintResult lint_next(const migrations::MigrationSet& set, std::span<const RuleEntry> rules, const Settings& settings,
                     schema::Database& present, const Scope& scope) {
  return Engine(rules, settings, scope).run_next(set, present);
}

}  // namespace cupel::lint
