// SQL found in a C++ source, put together to one text that is linted like any other, and the way back from its bytes to the source's.
//
// Neither rules nor the engine know of C++: they see the text; its findings are moved to the source afterwards.
#pragma once

#include "base/source_text.h"
#include "cxx/analysis.h"
#include "embedded/front_end.h"
#include "lint/finding.h"
#include "migrations/migration.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cupel::embedded {

// How much of the SQL in some files was read.
struct Account {
  std::size_t full = 0;
  std::size_t partial = 0;
  std::size_t not_analysed = 0;  // a call that sends SQL of which nothing is known
  std::size_t unreached = 0;     // definitions in literals that no analysed call sends
  std::size_t fragments = 0;     // texts in literals that begin like a definition, and are no whole one
  std::size_t other_dialect = 0;
  std::size_t queries = 0;  // reads and changes of rows in files that define nothing: of the above, not linted
  std::size_t files = 0;
  std::size_t real_headers = 0;  // of them, read with the project's own headers
  std::size_t failed_files = 0;

  Account& operator+=(const Account& other);
};

class Assembly {
 public:
  // `answer`: what the front end found in `source`, with one revision at most (by_revision); `header`: the text of another file it names,
  // or nullptr.
  Assembly(std::shared_ptr<const SourceText> source, const Answer& answer,
           const std::function<std::shared_ptr<const SourceText>(const std::string&)>& header);

  // Of a file that is a revision of the operations API: a file of cupel's own layout. Otherwise just the statements.
  [[nodiscard]] bool is_revision() const { return is_revision_; }
  // Named as the C++ source.
  [[nodiscard]] const std::shared_ptr<const SourceText>& text() const { return text_; }
  [[nodiscard]] const Account& account() const { return account_; }
  // Nothing in it is to be linted or told.
  [[nodiscard]] bool empty() const { return statements_.empty() && downgrade_statements_.empty() && problems_.empty(); }

  // A migration of a library that runs a folder's in the order of their names.
  [[nodiscard]] bool is_migration() const { return is_migration_; }
  // All statements are sent from one function, whose text is their order.
  [[nodiscard]] bool order_is_known() const { return order_is_known_; }
  // As the set's next migration; not for revisions.
  void append_to(migrations::MigrationSet& set) const;
  // For revisions: what belongs to the source when a layout has read its text into `set`.
  void add_to(migrations::MigrationSet& set) const;
  // Moves findings in the text to the source they came from.
  void move_findings(lint::LintResult& result) const;

 private:
  explicit Assembly(std::shared_ptr<const SourceText> source);
  struct Run {  // of the text
    Span text;
    cxx::Place place;
  };
  struct Piece {  // what one call sends
    Span span;
    cxx::Place place;
    std::vector<cxx::Place> chain;
    bool partial = false;
    bool unreached = false;
    std::string operation;
  };
  class Writer;

  [[nodiscard]] cxx::Place place_of(Span span) const;
  [[nodiscard]] const Piece* piece_at(std::uint32_t offset) const;
  [[nodiscard]] bool maps_exactly(Span span) const;
  [[nodiscard]] std::size_t source_index(lint::LintResult& result, std::uint32_t file, std::size_t own) const;
  void move(lint::LintResult& result, std::size_t own, lint::Finding& finding) const;

  std::shared_ptr<const SourceText> text_;
  std::vector<std::shared_ptr<const SourceText>> files_;  // as the analysis numbers them; the first is the source
  std::vector<Run> runs_;                                 // in order, none over another
  std::vector<Piece> pieces_;                             // in order
  std::vector<Span> statements_;                          // what is parsed as one
  std::vector<Span> downgrade_statements_;                // of a source that is no revision: what takes its changes back
  std::vector<Span> holes_;
  std::vector<migrations::Problem> problems_;
  std::vector<std::pair<Span, std::size_t>> copies_;  // of comments: where in the text, and which
  Account account_;
  bool is_revision_ = false;
  bool is_migration_ = false;
  bool order_is_known_ = true;
};

}  // namespace cupel::embedded
