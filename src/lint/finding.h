// What cupel tells a user: a finding owns its words, save for those that live as long as the program, and outlives every
// parse tree.
#pragma once

#include "base/source_text.h"
#include "base/span.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::lint {

enum class Severity { info, warning, error };

// How sure a finding is (each finding says so).
enum class Certainty {
  certain,       // follows from the text and the replayed schema
  assumes_rows,  // true if the table has rows, which an existing table is assumed to have
  opaque,        // cupel could not see everything (dynamic SQL, unknown names)
};

// What a statement does to a live server, in words for the report.
struct EffectNote {
  std::string relation;     // schema-qualified if not in public: orders
  std::string_view lock;    // ACCESS EXCLUSIVE, SHARE ROW EXCLUSIVE … ; empty: no lock worth naming
  std::string_view blocks;  // "reads and writes", "writes", "schema changes", ""
  std::string duration;     // "while every row is rewritten", "briefly", "until the transaction ends (line 12)"
  bool held = false;        // until the transaction ends
};

// Another place that belongs to the finding.
struct RelatedPlace {
  std::size_t source = 0;  // index into LintResult::sources
  Span span;
  std::string message;
};

enum class FixSafety { safe, needs_review };
// A replacement of bytes of the finding's source.
struct Fix {
  FixSafety safety = FixSafety::needs_review;
  std::string title;
  struct Edit {
    Span span;
    std::string replacement;
  };
  std::vector<Edit> edits;  // in ascending order, not overlapping
};

struct Finding {
  std::string_view rule;  // id, as the rule table has it
  Severity severity = Severity::warning;
  Certainty certainty = Certainty::certain;
  std::size_t source = 0;  // index into LintResult::sources
  Span span;               // primary place, bytes
  std::string message;     // one sentence: what happens to which object. No trailing period
  std::string why;         // one or two sentences: why that hurts; may be empty
  std::vector<EffectNote> effects;
  std::string advice;    // what to do instead, in a sentence; may be empty
  std::string safe_sql;  // the safe way as SQL with the user's names, lines separated by \n; may be empty
  std::vector<RelatedPlace> related;
  std::vector<Fix> fixes;
  std::string revision;        // of the migration it is in; may be empty
  bool downgrade = false;      // it is about the downgrade part
  std::string_view statement;  // the statement's tag, e.g. "ALTER TABLE"; empty for findings about files
  // Stable identity of the finding within its file: rule + meaning of the statement, not its line. Empty unless
  // Settings::fingerprints.
  std::string fingerprint;
  std::optional<std::string> suppressed;  // the reason given in the suppression
  bool known = false;                     // the baseline has it

  // Neither suppressed nor known: somebody has to look at it.
  [[nodiscard]] bool counts() const { return !suppressed && !known; }
};

struct LayoutUse {
  std::string path;
  std::string layout;
  std::size_t migrations = 0;    // without
  std::size_t schema_dumps = 0;  // which are never judged
  std::size_t unread = 0;        // of the migrations, those (partly) in a language that is not read
};

// One revision as a whole, for reports that draw it.
struct RevisionNote {
  struct Statement {
    Span span;             // in the revision's source, or the downgrade's
    std::string_view tag;  // "ALTER TABLE"
    bool downgrade = false;
    std::size_t transaction = 0;      // statements of one part with the same number run in one transaction
    std::vector<EffectNote> effects;  // locks that others feel
  };
  std::string revision, title;
  std::vector<std::string> parents;
  std::size_t source = 0;             // index into LintResult::sources, of the upgrade
  std::size_t downgrade_source = 0;   // of the downgrade
  std::size_t layout = 0;             // index into LintResult::layouts
  bool judged = true;                 // false: history
  std::vector<Statement> statements;  // of judged revisions
};

// A suppression that stands in a migration, whether it silences anything or not.
struct SuppressionNote {
  std::size_t source = 0;  // index into LintResult::sources
  Span span;               // of the comment
  std::vector<std::string> rules;
  std::string reason, owner, until;  // as written; may be empty
  bool whole_file = false;
  bool expired = false;
  std::size_t findings = 0;  // that it silences, or would if it had not expired
};

struct LintResult {
  std::vector<std::shared_ptr<const SourceText>> sources;  // shared with the migrations they were read for
  std::vector<Finding> findings;                           // in one total order: source, span, rule, message
  std::vector<LayoutUse> layouts;
  std::vector<SuppressionNote> suppressions;  // in order of source and place
  std::vector<RevisionNote> revisions;        // in the order they run; only with Settings::outline
  std::optional<std::size_t> judged;          // so many migrations were judged, the others only replayed; nothing: all
  std::size_t statements = 0;
  std::size_t bytes = 0;
  int postgres_version = 0;  // major version judged for
  double seconds = 0;        // wall time of reading, replaying and judging
};

}  // namespace cupel::lint
