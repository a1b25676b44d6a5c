#include "migrations/lock_file.h"

#include "migrations/file_name.h"
#include "migrations/file_store.h"
#include "migrations/history.h"
#include "migrations/meaning_hash.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <cassert>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::migrations {
namespace {

constexpr std::string_view version_line = "cupel.lock 1";
constexpr std::string_view nothing = "-";

// A name as one word: white space, commas, % and what would be no name are written as %XX.
std::string encode(std::string_view name) {
  if (name == nothing) return "%2D";
  if (name == "heads") return "%68eads";  // would look like the last line
  std::string word;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7F || c == '%' || c == ',' || c == '#') {
      word += fmt::format("%{:02X}", byte);
    } else {
      word += c;
    }
  }
  return word.empty() ? std::string(nothing) : word;
}

std::string decode(std::string_view word) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  std::string name;
  if (word == nothing) return name;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool escaped = word[i] == '%' && i + 2 < word.size() && digit(word[i + 1]) >= 0 && digit(word[i + 2]) >= 0;
    name += escaped ? static_cast<char>(digit(word[i + 1]) * 16 + digit(word[i + 2])) : word[i];
    if (escaped) i += 2;
  }
  return name;
}

std::vector<std::string> decode_list(std::string_view words) {
  std::vector<std::string> list;
  if (words == nothing) return list;
  while (const auto word = next_word(words, ",")) list.push_back(decode(*word));
  return list;
}

std::string encode_list(const std::vector<std::string>& names) {
  std::vector<std::string> words;
  words.reserve(names.size());
  for (const std::string& name : names) words.push_back(encode(name));
  return words.empty() ? std::string(nothing) : fmt::format("{}", fmt::join(words, ","));
}

std::string hash_of(const std::optional<Part>& part, const MigrationSet& set) {
  return part ? meaning_hash(set.sources[part->source]->text(), part->chunks) : std::string();
}

bool is_hash(std::string_view word) {
  return word == nothing || (word.size() == 32 && word.find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

bool is_conflict_marker(std::string_view line) {
  for (const std::string_view marker : {"<<<<<<< ", ">>>>>>> ", "||||||| "}) {
    if (line.starts_with(marker)) return true;
  }
  return line == "=======";
}

// Reads one line after the first; says what is wrong with it.
std::optional<std::string> read_line(std::string_view words, Span span, LockFile& file) {
  std::string_view rest = words;
  std::vector<std::string_view> fields;
  while (const auto field = next_word(rest)) fields.push_back(*field);
  if (fields.empty() || fields.front().front() == '#') return std::nullopt;
  if (fields.front() == "heads") {
    if (fields.size() != 2) return "after 'heads' comes one list of revisions";
    file.heads = decode_list(fields[1]);
    return std::nullopt;
  }
  if (fields.size() != 5) return fmt::format("a revision has 5 fields, this line has {}", fields.size());
  if (!is_hash(fields[3]) || !is_hash(fields[4])) return "the last two fields are not hashes of 32 hexadecimal digits";
  LockFile::Entry entry;
  entry.revision = decode(fields[0]);
  entry.parents = decode_list(fields[1]);
  entry.file = decode(fields[2]);
  entry.upgrade_hash = decode(fields[3]);
  entry.downgrade_hash = decode(fields[4]);
  entry.span = span;
  file.entries.push_back(std::move(entry));
  return std::nullopt;
}

}  // namespace

LockFileReading parse_lock_file(std::shared_ptr<const SourceText> source) {
  LockFileReading reading;
  const std::string_view text = source->text();
  reading.file.source = std::move(source);
  const auto fail = [&reading](std::size_t line, Span span, std::string_view message) {
    if (!reading.error) reading.error = LockFileError{span, fmt::format("{}:{}: {}", lock_file_name, line, message)};
  };
  TextLines lines(text);
  bool seen_version = false;
  bool seen_heads = false;
  std::size_t number = 0;
  while (const auto span = lines.next()) {
    ++number;
    const std::string_view line = span->of(text);
    if (is_conflict_marker(line)) {
      fail(number, *span, "a git conflict is not resolved here: merge the migrations, then write the file again");
      break;
    }
    if (!seen_version) {
      if (is_blank(line) || line.starts_with('#')) continue;
      if (trim(line) != version_line) {
        fail(number, *span, fmt::format("expected '{}', the format this cupel knows", version_line));
        break;
      }
      seen_version = true;
      continue;
    }
    seen_heads = seen_heads || trim(line).starts_with("heads ");
    if (const auto wrong = read_line(line, *span, reading.file)) {
      fail(number, *span, *wrong);
      break;
    }
  }
  if (!seen_version) fail(1, {}, fmt::format("expected '{}', the format this cupel knows", version_line));
  if (!seen_heads) fail(number, {}, "the line 'heads' is missing: the file is cut off");
  return reading;
}

std::string write_lock_file(const MigrationSet& set) {
  std::string text =
      "# What the migrations in this folder mean, one line each; written by cupel, to be committed with them.\n"
      "# Two branches that both add a migration conflict in the last line, on purpose.\n";
  text += fmt::format("{}\n# revision parents file upgrade downgrade\n", version_line);
  const std::string folder = join_path(set.path, "");
  for (const Migration& migration : set.migrations) {
    if (migration.repeatable) continue;
    const std::string& path = set.sources[source_of(migration)]->name();
    const std::string_view file = std::string_view(path).substr(path.compare(0, folder.size(), folder) == 0 ? folder.size() : 0);
    text += fmt::format("{} {} {} {} {}\n", encode(migration.revision), encode_list(migration.parents), encode(file),
                        encode(hash_of(migration.upgrade, set)), encode(hash_of(migration.downgrade, set)));
  }
  return text + fmt::format("heads {}\n", encode_list(set.heads));
}

namespace {

// Migrations that are not locked although a locked one comes after them, by parents.
void add_late(const LockFile& lock, std::size_t lock_index, const MigrationSet& set, std::vector<Problem>& problems) {
  std::unordered_map<std::string_view, const LockFile::Entry*> locked;
  for (const LockFile::Entry& entry : lock.entries) locked.emplace(entry.revision, &entry);
  std::unordered_map<std::string_view, const Migration*> open;  // not locked, by revision, until a locked one is found after it
  for (const Migration& migration : set.migrations) {
    if (!locked.contains(migration.revision) && !migration.repeatable && migration.upgrade) open.emplace(migration.revision, &migration);
  }
  for (const Migration& migration : set.migrations) {
    const auto entry = locked.find(migration.revision);
    if (entry == locked.end() || open.empty()) continue;
    std::vector<const Migration*> after = {&migration};
    while (!after.empty()) {
      const Migration& at = *after.back();
      after.pop_back();
      for (const std::string& parent : at.parents) {
        const auto late = open.find(parent);
        if (late == open.end()) continue;
        Problem problem;
        problem.rule = "late-migration";
        problem.source = source_of(*late->second);
        problem.message = fmt::format("{} comes before {}, which is locked: where that ran, {}", late->second->revision, migration.revision,
                                      fate_of_late_migration(set.layout));
        problem.related.push_back({lock_index, entry->second->span, "locked here"});
        problems.push_back(std::move(problem));
        after.push_back(late->second);
        open.erase(late);
      }
    }
  }
}

}  // namespace

std::vector<Problem> compare(const LockFile& lock, const MigrationSet& set, Extent extent) {
  std::unordered_multimap<std::string_view, const Migration*> by_revision;
  for (const Migration& migration : set.migrations) by_revision.emplace(migration.revision, &migration);
  const auto lock_source = std::find(set.sources.begin(), set.sources.end(), lock.source);
  assert(lock_source != set.sources.end());
  const auto lock_index = static_cast<std::size_t>(lock_source - set.sources.begin());

  std::vector<Problem> problems;
  if (extent == Extent::whole_folder) add_late(lock, lock_index, set, problems);
  for (const LockFile::Entry& entry : lock.entries) {
    const auto [begin, end] = by_revision.equal_range(entry.revision);
    Problem problem;
    problem.rule = "edited-applied-migration";
    if (begin == end) {
      if (extent == Extent::some_files) continue;
      problem.source = lock_index;
      problem.span = entry.span;
      problem.message = fmt::format("{} was deleted after revision {} was locked", entry.file, entry.revision);
      problems.push_back(std::move(problem));
      continue;
    }
    // Of two with one id, the unchanged one vouches for it; the duplicate is reported by itself.
    const Migration* edited = nullptr;
    bool unchanged = false;
    for (auto found = begin; found != end; ++found) {
      unchanged = unchanged || hash_of(found->second->upgrade, set) == entry.upgrade_hash;
      edited = found->second;
    }
    if (unchanged || (extent == Extent::some_files && !edited->upgrade)) continue;
    problem.source = source_of(*edited);
    problem.message =
        fmt::format("the upgrade of revision {} was edited after it was locked: where it already ran, the edit never runs", entry.revision);
    Problem::Place place;
    place.source = lock_index;
    place.span = entry.span;
    place.message = "locked here";
    problem.related.push_back(std::move(place));
    problems.push_back(std::move(problem));
  }
  return problems;
}

}  // namespace cupel::migrations
