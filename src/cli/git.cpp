#include "cli/git.h"

#include "cli/process.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

// More than any folder of migrations has.
constexpr std::size_t most_bytes = 512U << 20;

// Paths are no patterns, the index is not rewritten, nobody is asked for a password, and what git says is English.
const std::vector<std::pair<std::string, std::string>> surroundings = {
    {"GIT_LITERAL_PATHSPECS", "1"}, {"GIT_OPTIONAL_LOCKS", "0"}, {"GIT_TERMINAL_PROMPT", "0"}, {"GIT_PAGER", "cat"}, {"LC_ALL", "C"}};

// A repository's own configuration could name programs: a file system monitor, hooks.
std::vector<std::string> git_words(const std::string& folder) {
  return {"git", "-C", folder, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false"};
}

std::string_view first_line(std::string_view words) { return words.substr(0, words.find('\n')); }

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

bool is_zero(std::string_view id) { return id.find_first_not_of('0') == std::string_view::npos; }
std::string blob(std::string_view id) { return is_zero(id) ? std::string() : std::string(id); }
bool is_file(std::string_view mode) { return mode == "000000" || mode.starts_with("100"); }

}  // namespace

Result<Git> Git::find(const std::string& folder) {
  std::vector<std::string> words = git_words(folder.empty() ? "." : folder);
  words.insert(words.end(), {"rev-parse", "--show-toplevel", "--is-shallow-repository"});
  Result<ProcessOutput> output = run_process(words, surroundings, {}, most_bytes);
  if (!output) {
    return Error{ErrorCode::unreadable,
                 fmt::format("{}; --since and --staged need it. Install git, or name the files to lint", output.error().message)};
  }
  const std::vector<std::string_view> lines = split(output->out, '\n');
  if (output->exit_code != 0 || lines.size() < 2) {
    return Error{ErrorCode::unreadable, fmt::format("--since and --staged need a git work tree, and {} is in none that git can use ({})",
                                                    folder.empty() ? "." : folder, first_line(output->err))};
  }
  Git git;
  git.root_ = lines[0];
  git.shallow_ = lines[1] == "true";
  return git;
}

Result<std::string> Git::run(const std::vector<std::string>& arguments, const std::vector<std::string>& paths,
                             std::string_view input) const {
  std::vector<std::string> words = git_words(root_);
  words.insert(words.end(), arguments.begin(), arguments.end());
  if (!paths.empty()) {
    words.emplace_back("--");
    for (const std::string& path : paths) words.push_back(path.empty() ? "." : path);
  }
  TRY_ASSIGN(ProcessOutput output, run_process(words, surroundings, input, most_bytes));
  if (output.exit_code == 0) return std::move(output.out);
  return Error{ErrorCode::unreadable, fmt::format("git {} failed in {}: {}", arguments.front(), root_, first_line(output.err))};
}

Result<std::optional<std::string>> Git::find_commit(const std::string& name) const {
  // Never an option, nor several commits.
  if (name.empty() || name.starts_with('-') || name.find("..") != std::string::npos) return std::optional<std::string>();
  std::vector<std::string> words = git_words(root_);
  words.insert(words.end(), {"rev-parse", "--verify", "--quiet", name + "^{commit}"});
  TRY_ASSIGN(const ProcessOutput output, run_process(words, surroundings, {}, most_bytes));
  if (output.exit_code != 0) return std::optional<std::string>();
  return std::optional<std::string>(first_line(output.out));
}

Result<std::string> Git::commit(const std::string& name, std::string_view option) const {
  TRY_ASSIGN(const std::optional<std::string> found, find_commit(name));
  if (found) return *found;
  std::string hint = "give a branch, tag or commit that `git rev-parse` finds";
  if (name.starts_with("origin/")) hint = fmt::format("fetch it first: git fetch origin {}", name.substr(7));
  if (name == "HEAD") hint = "there is no commit yet";
  return Error{ErrorCode::usage,
               fmt::format("{}: git knows no commit \"{}\"{}; {}", option, name, shallow_ ? " in this shallow clone" : "", hint)};
}

Result<std::string> Git::merge_base(const std::string& commit, const std::string& name) const {
  std::vector<std::string> words = git_words(root_);
  words.insert(words.end(), {"merge-base", commit, "HEAD"});
  TRY_ASSIGN(const ProcessOutput output, run_process(words, surroundings, {}, most_bytes));
  if (output.exit_code == 0 && !output.out.empty()) return std::string(first_line(output.out));
  if (shallow_) {
    return Error{ErrorCode::unreadable,
                 fmt::format("{} and HEAD have no common commit in this shallow clone; fetch the whole history: git fetch --unshallow "
                             "(fetch-depth: 0 for actions/checkout, GIT_DEPTH: \"0\" on GitLab)",
                             name)};
  }
  return Error{ErrorCode::unreadable,
               fmt::format("{} and HEAD have no common commit; --since needs a branch that this one came from", name)};
}

// ":100644 100644 <before> <after> M" NUL path NUL …
Result<std::vector<Git::Change>> Git::raw_changes(const std::vector<std::string>& arguments, const std::vector<std::string>& paths) const {
  TRY_ASSIGN(const std::string output, run(arguments, paths));
  const std::vector<std::string_view> fields = split(output, '\0');
  std::vector<Change> changes;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::vector<std::string_view> words = split(fields[i].substr(1), ' ');
    if (words.size() < 5 || !is_file(words[0]) || !is_file(words[1])) continue;
    changes.push_back({std::string(fields[i + 1]), blob(words[2]), blob(words[3]), words[1] == "000000"});
  }
  return changes;
}

namespace {
std::vector<std::string> raw_diff(std::vector<std::string> which) {
  std::vector<std::string> words = {
      "diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all"};
  words.insert(words.end(), which.begin(), which.end());
  return words;
}
}  // namespace

Result<std::vector<Git::Change>> Git::changes(const std::string& from, const std::string& to, const std::vector<std::string>& paths) const {
  return raw_changes(raw_diff({from, to}), paths);
}

Result<std::vector<Git::Change>> Git::changes_to_index(const std::string& from, const std::vector<std::string>& paths) const {
  return raw_changes(raw_diff({"--cached", from}), paths);
}

Result<std::vector<Git::Change>> Git::changes_to_work_tree(const std::string& from, const std::vector<std::string>& paths) const {
  return raw_changes(raw_diff({from}), paths);
}

Result<std::vector<std::string>> Git::untracked(const std::vector<std::string>& paths) const {
  TRY_ASSIGN(const std::string output, run({"ls-files", "--others", "--exclude-standard", "-z"}, paths));
  const std::vector<std::string_view> files = split(output, '\0');
  return std::vector<std::string>(files.begin(), files.end());
}

// git-status(1), "Porcelain Format Version 2": "1 XY sub mH mI mW hH hI path", "u XY sub m1 m2 m3 mW h1 h2 h3 path",
// "? path".
Result<Git::Status> Git::status(const std::vector<std::string>& paths) const {
  TRY_ASSIGN(const std::string output,
             run({"status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all"}, paths));
  Status status;
  for (const std::string_view line : split(output, '\0')) {
    if (line.starts_with("? ")) {
      status.untracked.emplace_back(line.substr(2));
      continue;
    }
    // A conflict that is not resolved: whoever commits next is stopped by git itself.
    const std::size_t before_path = line.starts_with("1 ") ? 8 : line.starts_with("u ") ? 10 : 0;
    std::string_view rest = line;
    std::vector<std::string_view> words;
    while (words.size() < before_path) {
      const std::size_t space = rest.find(' ');
      if (space == std::string_view::npos) break;
      words.push_back(rest.substr(0, space));
      rest.remove_prefix(space + 1);
    }
    if (words.size() != 8 || words[1].size() != 2) continue;
    if (words[1][0] != '.' && is_file(words[3]) && is_file(words[4])) {
      status.staged.push_back({std::string(rest), blob(words[6]), blob(words[7]), words[4] == "000000"});
    }
    if (words[1][1] != '.' && is_file(words[4]) && is_file(words[5])) {
      status.unstaged.push_back({std::string(rest), blob(words[7]), {}, words[5] == "000000"});
    }
  }
  return status;
}

// "<id> blob <size>" LF contents LF …
Result<std::map<std::string, std::string>> Git::blobs(const std::vector<std::string>& ids) const {
  std::map<std::string, std::string> contents;
  if (ids.empty()) return contents;
  std::string input;
  for (const std::string& id : ids) input.append(id) += '\n';
  TRY_ASSIGN(const std::string output, run({"cat-file", "--batch"}, {}, input));
  const auto broken = [this](std::string_view line) {
    return Error{ErrorCode::unreadable, fmt::format("git cat-file in {} cannot give what a commit has: {}", root_, line)};
  };
  std::string_view rest = output;
  while (!rest.empty()) {
    const std::string_view line = first_line(rest);
    const std::vector<std::string_view> words = split(line, ' ');
    std::size_t size = 0;
    if (words.size() != 3 || std::from_chars(words[2].data(), words[2].data() + words[2].size(), size).ec != std::errc{})
      return broken(line);
    if (rest.size() < line.size() + 1 + size) return broken(line);
    contents.emplace(words[0], rest.substr(line.size() + 1, size));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1 + size + 1));
  }
  return contents;
}

}  // namespace cupel::cli
