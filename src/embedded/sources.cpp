#include "embedded/sources.h"

#include "base/counted.h"
#include "embedded/dialect.h"
#include "embedded/revisions.h"
#include "migrations/file_name.h"
#include "migrations/file_store.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace cupel::embedded {
namespace {

// 20240131_120000_orders.cpp among SQL files: 20240131_120000_orders.sql, or with its own ending where that one exists; the
// file's second revision: 20240131_120000_orders.2.sql.
std::string alias_of(const std::string& file, const std::vector<std::string>& files, std::size_t revision) {
  const std::string ending = revision == 0 ? ".sql" : fmt::format(".{}.sql", revision + 1);
  std::string alias = file.substr(0, file.rfind('.')) + ending;
  if (std::ranges::binary_search(files, alias)) alias = file + ending;
  return alias;
}

// Several revisions of one file were sources of their own.
void join_sources(lint::LintResult& result) {
  std::vector<std::size_t> first(result.sources.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    first[i] = static_cast<std::size_t>(std::ranges::find(result.sources, result.sources[i]) - result.sources.begin());
  }
  for (lint::Finding& finding : result.findings) {
    finding.source = first[finding.source];
    for (lint::RelatedPlace& related : finding.related) related.source = first[related.source];
  }
}

bool same_words(const lint::Finding& a, const lint::Finding& b) {
  return a.rule == b.rule && a.source == b.source && a.span == b.span && a.message == b.message && a.downgrade == b.downgrade &&
         a.suppressed.has_value() == b.suppressed.has_value();
}

}  // namespace

std::vector<migrations::GeneratedText> Sources::add(const std::string& folder, const std::vector<std::string>& files, bool named) {
  migrations::FileStore store;
  std::vector<SourceFile> asked;
  std::vector<std::string> below;
  std::vector<std::shared_ptr<const SourceText>> texts;
  for (const std::string& file : files) {
    if (!is_cxx_file(file)) continue;
    const std::string path = migrations::join_path(folder, file);
    auto text = store.read(path);
    if (!text) {
      if (!named) continue;
      text = std::make_shared<const SourceText>(path, std::string());
    }
    if (!named && !may_hold_sql((*text)->text())) continue;
    asked.push_back({path, {}, false});
    below.push_back(file);
    texts.push_back(*text);
  }
  std::vector<migrations::GeneratedText> generated;
  if (asked.empty()) return generated;
  std::vector<Answer> answers = ask(front_end_, asked);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    std::vector<cxx::Analysis> parts = by_revision(std::move(answers[i].analysis));
    for (std::size_t part = 0; part < parts.size(); ++part) {
      Assembly assembly(texts[i], {std::move(parts[part]), answers[i].failure}, [&store](const std::string& header) {
        const auto text = store.read(header);
        return text ? *text : std::shared_ptr<const SourceText>();
      });
      Account account = assembly.account();
      if (part > 0) account.files = account.real_headers = 0;
      account_ += account;
      if (assembly.empty() && !assembly.is_revision()) continue;
      if (assembly.is_revision()) generated.push_back({alias_of(below[i], files, part), assembly.text()});
      assemblies_.push_back(std::move(assembly));
    }
  }
  return generated;
}

void Sources::finish(std::vector<migrations::MigrationSet>& sets) {
  std::map<std::string_view, migrations::MigrationSet> folders;
  for (const Assembly& assembly : assemblies_) {
    if (assembly.is_revision()) {
      for (migrations::MigrationSet& set : sets) assembly.add_to(set);
      continue;
    }
    const std::string& file = assembly.text()->name();
    migrations::MigrationSet own;
    migrations::MigrationSet& set = assembly.is_migration() ? folders[migrations::folder_name(file)] : own;
    if (set.layout.empty()) {
      set.path = file;
      set.layout = "c++";
    }
    assembly.append_to(set);
    set.order_is_known = assembly.is_migration() || assembly.order_is_known();
    if (!assembly.is_migration()) sets.push_back(std::move(own));
  }
  for (auto& [folder, set] : folders) sets.push_back(std::move(set));
}

void Sources::move_findings(lint::LintResult& result) const {
  if (assemblies_.empty()) return;
  for (const Assembly& assembly : assemblies_) assembly.move_findings(result);
  join_sources(result);
  std::ranges::stable_sort(result.findings, [](const lint::Finding& a, const lint::Finding& b) {
    return std::tie(a.source, a.span.begin, a.span.end, a.rule, a.message) <
           std::tie(b.source, b.span.begin, b.span.end, b.rule, b.message);
  });
  result.findings.erase(std::unique(result.findings.begin(), result.findings.end(), same_words), result.findings.end());
}

std::string in_words(const Account& account) {
  if (account.files == 0) return {};
  const std::size_t all = account.full + account.partial + account.not_analysed;
  std::string words = fmt::format("C++: {} in {}: {} read in full, {} in part, {} not", counted(all, "SQL statement"),
                                  counted(account.files, "file"), account.full, account.partial, account.not_analysed);
  const auto add = [&words](std::size_t count, std::string_view what) {
    if (count > 0) fmt::format_to(std::back_inserter(words), "; {} {}", count, what);
  };
  add(account.queries, "only read or change rows, in files that define nothing, and are not judged");
  add(account.unreached, "in literals that no call sends");
  add(account.fragments, "in literals that only begin like a statement");
  add(account.other_dialect, "for another database");
  add(account.real_headers,
      account.real_headers == 1 ? "file read with the project's own headers" : "files read with the project's own headers");
  add(account.failed_files, account.failed_files == 1 ? "file was not analysed" : "files were not analysed");
  return words;
}

}  // namespace cupel::embedded
