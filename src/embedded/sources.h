// C++ sources as migration sets.
#pragma once

#include "embedded/assembly.h"
#include "migrations/layout.h"

#include <string>
#include <vector>

namespace cupel::embedded {

// All C++ sources of a run.
class Sources {
 public:
  explicit Sources(FrontEnd front_end) : front_end_(std::move(front_end)) {}

  // Reads sources. Those that cannot hold SQL are passed over, unless `named` by the user. Revisions of the operations API come
  // back as texts for a layout; `folder`: what their aliases are relative to.
  std::vector<migrations::GeneratedText> add(const std::string& folder, const std::vector<std::string>& files, bool named);

  // Of everything added: the sets of sources that are no revisions, and in `sets` what belongs to those that are.
  void finish(std::vector<migrations::MigrationSet>& sets);

  // After linting: findings stand in the sources, in one order.
  void move_findings(lint::LintResult& result) const;

  [[nodiscard]] const Account& account() const { return account_; }
  [[nodiscard]] bool empty() const { return assemblies_.empty(); }

 private:
  FrontEnd front_end_;
  std::vector<Assembly> assemblies_;
  Account account_;
};

// "C++: 12 SQL statements in 3 files: 10 read in full, 1 in part, 1 not; …"; empty if there are none.
std::string in_words(const Account& account);

}  // namespace cupel::embedded
