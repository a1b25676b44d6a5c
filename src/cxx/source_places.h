// From Clang's locations to bytes of files, and from its string literals to ours.
#pragma once

#include "cxx/value.h"

#include <deque>
#include <string>
#include <unordered_map>

#include <clang/AST/ASTContext.h>
#include <clang/AST/Expr.h>
#include <clang/Basic/SourceManager.h>

namespace cupel::cxx {

class SourcePlaces {
 public:
  // Files that places are in are appended to `analysis.files`.
  SourcePlaces(clang::ASTContext& context, Analysis& analysis);

  // Where the user reads it: of what a macro made, the use of the macro; of a macro's argument, the argument.
  [[nodiscard]] Place of(clang::SourceRange range);
  [[nodiscard]] Place of(const clang::Stmt* statement) { return of(statement->getSourceRange()); }
  // The source under it on one line, cut where it is long.
  [[nodiscard]] std::string words(const clang::Stmt* statement);
  // The same literal each time. Owned here.
  Literal* literal(const clang::StringLiteral* literal);
  [[nodiscard]] bool in_main_file(clang::SourceLocation location) const;
  // Written in the analysed file or a header of the project, not in a model or a header of the system.
  [[nodiscard]] bool in_user_file(clang::SourceLocation location) const;

  // … or in a model whose functions are walked, too.
  [[nodiscard]] bool in_walked_file(clang::SourceLocation location) const;

  // The main file's literals that no syntax tree has: what the parser could not make sense of is not in it.
  void add_literals_outside_trees();

  std::deque<Literal>& literals() { return literals_; }

 private:
  std::uint32_t file_index(clang::FileID file);

  clang::SourceManager& sources_;
  const clang::LangOptions& language_;
  Analysis& analysis_;
  std::unordered_map<unsigned, std::uint32_t> files_;  // by FileID's hash
  std::unordered_map<const clang::StringLiteral*, Literal*> known_;
  std::unordered_map<std::uint64_t, Literal*> by_place_;  // template instances repeat the literals of their template
  std::deque<Literal> literals_;
};

}  // namespace cupel::cxx
