// Atlas at 2026-08, sql/migrate/dir.go: NewHashFile (one running hash over name and bytes of all files, noted after each; a file
// that begins with atlas:sum ignore counts with its name only and has no line), HashFile.Sum (the first line: a hash over the
// lines' names and hashes), UnmarshalText. sql/sqltool/tool.go: of golang-migrate's folders only the .up.sql files.
#include "migrations/atlas_sum.h"

#include "base/sha256.h"
#include "migrations/file_name.h"
#include "migrations/file_store.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace cupel::migrations {
namespace {

constexpr std::string_view marker = "h1:";
constexpr std::string_view remedy = "; if that is meant, `atlas migrate hash` notes it anew";

struct Line {
  Span span;
  std::string_view file, hash;
};

struct SumFile {
  std::string_view total;
  Span total_span;
  std::vector<Line> lines;
  std::optional<Span> broken;  // a line that is none
};

SumFile parse(std::string_view text) {
  SumFile sums;
  TextLines lines(text);
  bool first = true;
  while (const auto span = lines.next()) {
    const std::string_view line = trim(span->of(text));
    if (first) {
      first = false;
      sums.total_span = *span;
      if (!line.starts_with(marker)) {
        sums.broken = *span;
        break;
      }
      sums.total = line.substr(marker.size());
      continue;
    }
    if (line.empty()) continue;
    const std::size_t at = line.rfind(" h1:");
    if (at == std::string_view::npos) {
      sums.broken = *span;
      break;
    }
    sums.lines.push_back({*span, line.substr(0, at), line.substr(at + 1 + marker.size())});
  }
  return sums;
}

// Of its first line: [ -~]*atlas:sum ignore
bool is_ignored(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::size_t at = line.find("atlas:sum");
  return at != std::string_view::npos && trim(line.substr(at + 9)) == "ignore";
}

struct NamedText {
  std::string name;
  std::shared_ptr<const SourceText> text;
};

// Nothing if one of them cannot be read: that is told already.
std::optional<std::vector<NamedText>> summed_files(const Folder& folder, bool only_upgrades) {
  std::vector<NamedText> files;
  for (const std::string& file : folder.files()) {
    if (!folder_name(file).empty() || !file.ends_with(only_upgrades ? ".up.sql" : ".sql")) continue;
    auto text = folder.read(file);
    if (!text) return std::nullopt;
    files.push_back({file, *std::move(text)});
  }
  return files;
}

class Check {
 public:
  Check(MigrationSet& set, std::size_t source) : set_(set), source_(source) {}

  void run(const SumFile& sums, const std::vector<NamedText>& files) {
    if (sums.broken) return problem(*sums.broken, "this is no line of an atlas.sum: Atlas refuses the folder");
    std::set<std::string_view> listed, present;
    for (const Line& line : sums.lines) listed.insert(line.file);
    for (const NamedText& file : files) present.insert(file.name);
    for (const Line& line : sums.lines) {
      if (!present.contains(line.file))
        problem(line.span, fmt::format("{} is noted in atlas.sum and is not there: Atlas refuses the folder{}", line.file, remedy));
    }
    // One hash runs through all files: after the first that differs, nothing can be said of the others.
    Sha256 running, total;
    bool comparable = true;
    auto line = sums.lines.begin();
    for (const NamedText& file : files) {
      running.update(file.name);
      if (is_ignored(file.text->text())) continue;
      running.update(file.text->text());
      if (!listed.contains(file.name)) {
        problem({}, fmt::format("{} is not noted in atlas.sum: Atlas refuses the folder{}", file.name, remedy));
        comparable = false;
        continue;
      }
      if (!comparable) continue;
      if (line == sums.lines.end() || line->file != file.name) {
        comparable = false;
        continue;
      }
      if (line->hash != base64(running.digest())) {
        problem(line->span, fmt::format("{} is not what atlas.sum notes of it: it was edited since, and Atlas refuses the folder{}",
                                        file.name, remedy));
        comparable = false;
      }
      ++line;
    }
    for (const Line& one : sums.lines) total.update(one.file).update(one.hash);
    if (set_.problems.size() == before_ && sums.total != base64(total.digest()))
      problem(sums.total_span,
              "the first line is not the sum of the others, as after a merge by hand: Atlas refuses the folder until `atlas migrate hash` "
              "wrote it anew");
  }

 private:
  void problem(Span span, std::string message) {
    Problem& one = set_.problems.emplace_back();
    one.rule = "layout-error";
    one.source = source_;
    one.span = span;
    one.message = std::move(message);
  }

  MigrationSet& set_;
  std::size_t source_;
  std::size_t before_ = set_.problems.size();
};

}  // namespace

void check_atlas_sum(const Folder& folder, MigrationSet& set) {
  const std::string name(atlas_sum_name);
  if (!std::binary_search(folder.files().begin(), folder.files().end(), name)) return;
  const auto text = folder.read(name);
  const auto files = summed_files(folder, set.layout == "golang-migrate");
  if (!text || !files) return;
  const std::size_t before = set.problems.size();
  set.sources.push_back(*text);
  Check(set, set.sources.size() - 1).run(parse((*text)->text()), *files);
  if (set.problems.size() == before) set.sources.pop_back();
}

}  // namespace cupel::migrations
