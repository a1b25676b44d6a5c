#include "migrations/sqitch_plan.h"

#include "migrations/text_lines.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace cupel::migrations {
namespace {

bool is_blank_character(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 2021-10-21T16:10:32Z
bool is_timestamp(std::string_view word) {
  constexpr std::string_view pattern = "0000-00-00T00:00:00Z";
  return word.size() == pattern.size() && std::equal(word.begin(), word.end(), pattern.begin(),
                                                     [](char c, char wanted) { return wanted == '0' ? is_digit(c) : c == wanted; });
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_blank_character) - text.begin()));
}

struct Dependency {
  std::string_view text;  // without !
  bool conflict = false;
  std::string_view project;
  std::string_view change;
  std::string_view tag;  // without @
};

Dependency parse_dependency(std::string_view word) {
  Dependency dependency;
  dependency.conflict = word.starts_with('!');
  if (dependency.conflict) word.remove_prefix(1);
  dependency.text = word;
  if (const std::size_t colon = word.find(':'); colon != std::string_view::npos) {
    dependency.project = word.substr(0, colon);
    word.remove_prefix(colon + 1);
  }
  const std::size_t at = word.find('@');
  dependency.change = word.substr(0, at);
  if (at != std::string_view::npos) dependency.tag = word.substr(at + 1);
  return dependency;
}

// An id of a change, of this project or another.
bool is_id(std::string_view text) { return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

class PlanParser {
 public:
  explicit PlanParser(std::string_view text) : text_(text), lines_(text) {}

  SqitchPlan parse() {
    while (const auto line = lines_.next()) { read(line->of(text_)); }
    if (project_.empty()) add_error("layout-error", text_.substr(0, 0), "sqitch refuses the plan: it has no line %project=NAME");
    look_ahead();
    for (std::size_t i = 0; i < plan_.changes.size(); ++i) plan_.changes[i].occurrences = occurrences_[plan_.changes[i].name];
    std::stable_sort(plan_.errors.begin(), plan_.errors.end(), [](const auto& a, const auto& b) { return a.span.begin < b.span.begin; });
    return std::move(plan_);
  }

 private:
  struct Tag {
    std::string_view name;
    std::size_t changes_before = 0;
  };
  struct Wanted {
    std::size_t change = 0;  // which one has the dependency
    Dependency dependency;
  };

  void add_error(std::string_view rule, std::string_view where, std::string message) {
    plan_.errors.push_back({.rule = rule, .span = span_in(text_, where), .message = std::move(message)});
  }

  void read(std::string_view line) {
    line = trim(line.substr(0, line.find('#')));
    if (line.empty()) return;
    if (line.front() == '%') {
      pragma(line);
    } else if (line.front() == '@') {
      tag(line);
    } else {
      change(line);
    }
  }

  void pragma(std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos && trim(line.substr(1, equals - 1)) == "project") project_ = trim(line.substr(equals + 1));
  }

  // What follows a name: when it was planned, and by whom.
  void check_planner(std::string_view line, std::string_view rest) {
    rest = trim(rest);
    const bool timestamp = is_timestamp(rest.substr(0, 20));
    if (timestamp) rest.remove_prefix(20);
    const std::size_t email = rest.find('<');
    const bool planner = email != std::string_view::npos && !trim(rest.substr(0, email)).empty() && rest.ends_with('>');
    if (timestamp && planner) return;
    add_error("layout-error", line,
              fmt::format("sqitch refuses the plan: this line lacks {}",
                          timestamp ? "the planner's name and <address>"
                          : planner ? "a timestamp like 2026-01-31T12:00:00Z"
                                    : "a timestamp like 2026-01-31T12:00:00Z, and the planner's name and <address>"));
  }

  void tag(std::string_view line) {
    const std::string_view name = first_word(line).substr(1);
    if (plan_.changes.empty()) {
      add_error("layout-error", line, fmt::format("sqitch refuses the plan: no change precedes the tag @{}", name));
    } else if (std::any_of(tags_.begin(), tags_.end(), [name](const Tag& tag) { return tag.name == name; })) {
      add_error("layout-error", line, fmt::format("sqitch refuses the plan: there are two tags @{}", name));
    }
    check_planner(line, line.substr(name.size() + 1));
    tags_.push_back({.name = name, .changes_before = plan_.changes.size()});
  }

  void change(std::string_view line) {
    std::string_view rest = line;
    if (rest.front() == '+' || rest.front() == '-') rest = trim(rest.substr(1));
    const std::string_view name = first_word(rest);
    rest = trim(rest.substr(name.size()));
    std::string_view dependencies;
    if (const std::size_t end = rest.find(']'); rest.starts_with('[') && end != std::string_view::npos) {
      dependencies = rest.substr(1, end - 1);
      rest.remove_prefix(end + 1);
    }
    check_planner(line, rest);
    if (name.find_first_of("@:\\[]") != std::string_view::npos || name.empty()) {
      add_error("layout-error", line, fmt::format("sqitch refuses the plan: {} is no name for a change", name.empty() ? line : name));
      return;
    }
    const std::size_t index = plan_.changes.size();
    PlannedChange added;
    added.name = name;
    added.line = span_in(text_, line);
    added.occurrence = ++occurrences_[name];
    if (const auto before = last_.find(name); before != last_.end()) rework(before->second, added);
    plan_.changes.push_back(std::move(added));
    while (const auto word = next_word(dependencies)) depend(index, parse_dependency(*word));
    last_.insert_or_assign(name, index);
  }

  // The same name once more: what came before has its scripts under another name, by the tags since then, the last first.
  void rework(std::size_t before, const PlannedChange& again) {
    PlannedChange& reworked = plan_.changes[before];
    for (auto tag = tags_.rbegin(); tag != tags_.rend() && tag->changes_before > before; ++tag) {
      reworked.rework_tags.push_back(fmt::format("@{}", tag->name));
    }
    if (!reworked.rework_tags.empty()) return;
    add_error("layout-error", again.line.of(text_),
              fmt::format("sqitch refuses the plan: {} is in it twice, with no tag between the two", again.name));
  }

  void depend(std::size_t index, const Dependency& dependency) {
    // Other projects are none of this folder's business.
    if (!dependency.project.empty() && dependency.project != project_) return;
    if (is_id(dependency.change)) return;
    if (dependency.conflict) return conflict(index, dependency);
    if (!is_met(index, dependency)) wanted_.push_back({.change = index, .dependency = dependency});
  }

  // Deployed from the first change on, the one that it conflicts with is always there.
  void conflict(std::size_t index, const Dependency& dependency) {
    if (!dependency.tag.empty() || last_.find(dependency.change) == last_.end()) return;
    add_error("layout-error", dependency.text,
              fmt::format("sqitch refuses to deploy {}: it conflicts with {}, which comes before it in the plan", plan_.changes[index].name,
                          dependency.change));
  }

  [[nodiscard]] bool is_met(std::size_t index, const Dependency& dependency) const {
    if (dependency.tag.empty()) return last_.find(dependency.change) != last_.end();
    const auto tag = std::find_if(tags_.begin(), tags_.end(), [&](const Tag& known) { return known.name == dependency.tag; });
    if (tag == tags_.end()) return false;
    if (dependency.change.empty()) return true;
    const auto end = plan_.changes.begin() + static_cast<std::ptrdiff_t>(std::min(tag->changes_before, index));
    return std::any_of(plan_.changes.begin(), end, [&](const PlannedChange& change) { return change.name == dependency.change; });
  }

  // What was not there where it was wanted: does it come later?
  void look_ahead() {
    for (const Wanted& wanted : wanted_) {
      const std::string_view name = plan_.changes[wanted.change].name;
      const Dependency& dependency = wanted.dependency;
      if (dependency.tag.empty() && dependency.change == name) {
        add_error("layout-error", dependency.text, fmt::format("sqitch refuses the plan: {} depends on itself", name));
      } else if (dependency.tag.empty() && last_.find(dependency.change) != last_.end()) {
        add_error("layout-error", dependency.text,
                  fmt::format("sqitch refuses the plan: {} depends on {}, which comes after it", name, dependency.text));
      } else {
        add_error("missing-parent", dependency.text,
                  fmt::format("{} depends on {}, which the plan does not have before it: sqitch refuses the plan", name, dependency.text));
      }
    }
  }

  std::string_view text_;
  TextLines lines_;
  SqitchPlan plan_;
  std::string_view project_;
  std::vector<Tag> tags_;
  std::map<std::string_view, std::size_t> last_;         // of each name, the index of the last change so far
  std::map<std::string_view, std::size_t> occurrences_;  // of each name
  std::vector<Wanted> wanted_;
};

// "./a//b/" as files below a folder are named: "a/b". Nothing when it leads out of the folder.
std::optional<std::string> below(std::string_view path) {
  if (path.starts_with('/')) return std::nullopt;
  std::string clean;
  while (const auto part = next_word(path, "/")) {
    if (*part == ".") continue;
    if (*part == "..") return std::nullopt;
    if (!clean.empty()) clean += '/';
    clean += *part;
  }
  return clean;
}

std::string joined(const std::string& folder, std::string_view file) {
  return folder.empty() ? std::string(file) : fmt::format("{}/{}", folder, file);
}

std::string_view unquoted(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') return value.substr(1, value.size() - 2);
  return trim(value.substr(0, value.find_first_of("#;")));
}

}  // namespace

SqitchPlan parse_sqitch_plan(std::string_view text) { return PlanParser(text).parse(); }

SqitchPlaces parse_sqitch_places(std::string_view configuration) {
  std::map<std::string_view, std::string_view> core;
  std::map<std::string_view, std::string_view> engine;
  std::map<std::string_view, std::string_view>* section = nullptr;
  TextLines lines(configuration);
  while (const auto line = lines.next()) {
    const std::string_view words = trim(line->of(configuration));
    if (words.starts_with('[')) {
      section = words.starts_with("[core]") ? &core : words.starts_with("[engine \"pg\"]") ? &engine : nullptr;
      continue;
    }
    const std::size_t equals = words.find('=');
    if (section == nullptr || words.empty() || words.front() == '#' || words.front() == ';' || equals == std::string_view::npos) continue;
    section->insert_or_assign(trim(words.substr(0, equals)), unquoted(trim(words.substr(equals + 1))));
  }

  SqitchPlaces places;
  const auto setting = [&](std::string_view key) -> std::string_view {
    if (const auto found = engine.find(key); found != engine.end() && !found->second.empty()) return found->second;
    const auto found = core.find(key);
    return found != core.end() ? found->second : std::string_view{};
  };
  // A path of the configuration, or what holds without it.
  const auto place = [&](std::string_view path) {
    const auto clean = below(path);
    places.inside = places.inside && clean.has_value();
    return clean.value_or(std::string());
  };
  const auto path_of = [&](std::string_view key, const std::string& otherwise) {
    const std::string_view path = setting(key);
    return path.empty() ? otherwise : place(path);
  };
  const std::string top = path_of("top_dir", "");
  const std::string reworked = path_of("reworked_dir", top);
  places.plan = path_of("plan_file", joined(top, "sqitch.plan"));
  places.deploy = path_of("deploy_dir", joined(top, "deploy"));
  places.revert = path_of("revert_dir", joined(top, "revert"));
  places.verify = path_of("verify_dir", joined(top, "verify"));
  const auto reworked_place = [&](std::string_view key, std::string_view dir_key, std::string_view word) {
    const std::string_view dir = setting(dir_key);
    return path_of(key, joined(reworked, dir.empty() ? std::string(word) : place(dir)));
  };
  places.reworked_deploy = reworked_place("reworked_deploy_dir", "deploy_dir", "deploy");
  places.reworked_revert = reworked_place("reworked_revert_dir", "revert_dir", "revert");
  if (const std::string_view extension = setting("extension"); !extension.empty()) places.extension = extension;
  return places;
}

}  // namespace cupel::migrations
