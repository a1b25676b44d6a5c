#include "lint/baseline.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace cupel::lint {
namespace {

std::string place(std::string_view file, std::string_view rule, std::string_view fingerprint) {
  std::string key(file);
  return key.append(1, '\n').append(rule).append(1, '\n').append(fingerprint);
}

}  // namespace

BaselineMatcher::BaselineMatcher(const std::vector<BaselineEntry>& entries, std::function<std::string(std::string_view)> file_of,
                                 const std::function<bool(const std::string&)>& is_gone)
    : entries_(entries), file_of_(std::move(file_of)) {
  std::unordered_map<std::string, bool> gone;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const BaselineEntry& entry = entries[i];
    left_.push_back(entry.count);
    by_place_.emplace(place(entry.file, entry.rule, entry.fingerprint), i);
    const auto [known, is_new] = gone.try_emplace(entry.file, false);
    if (is_new) known->second = is_gone(entry.file);
    if (known->second) homeless_[place("", entry.rule, entry.fingerprint)].push_back(i);
  }
}

void BaselineMatcher::match(std::vector<Finding>& findings, const std::vector<std::shared_ptr<const SourceText>>& sources) {
  std::unordered_map<std::size_t, std::string> files;
  for (Finding& finding : findings) {
    if (!finding.counts()) continue;
    std::string& file = files[finding.source];
    if (file.empty() && finding.source < sources.size()) file = file_of_(sources[finding.source]->name());
    if (const auto exact = by_place_.find(place(file, finding.rule, finding.fingerprint));
        exact != by_place_.end() && left_[exact->second] > 0) {
      --left_[exact->second];
      finding.known = true;
      continue;
    }
    const auto moved = homeless_.find(place("", finding.rule, finding.fingerprint));
    if (moved == homeless_.end()) continue;
    const auto entry = std::ranges::find_if(moved->second, [this](std::size_t index) { return left_[index] > 0; });
    if (entry == moved->second.end()) continue;
    --left_[*entry];
    finding.known = true;
  }
}

std::vector<BaselineEntry> BaselineMatcher::unmatched() const {
  std::vector<BaselineEntry> rest;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (left_[i] == 0) continue;
    rest.push_back(entries_[i]);
    rest.back().count = left_[i];
  }
  return rest;
}

std::vector<BaselineEntry> baseline_of(const std::vector<Finding>& findings, const std::vector<std::shared_ptr<const SourceText>>& sources,
                                       const std::function<std::string(std::string_view)>& file_of) {
  std::map<std::tuple<std::string, std::string, std::string>, BaselineEntry> entries;
  for (const Finding& finding : findings) {
    if (finding.suppressed) continue;
    const std::string file = finding.source < sources.size() ? file_of(sources[finding.source]->name()) : std::string();
    const auto [entry, is_new] = entries.try_emplace({file, std::string(finding.rule), finding.fingerprint});
    if (is_new) entry->second = {std::string(finding.rule), file, finding.fingerprint, finding.message, 1};
    else ++entry->second.count;
  }
  std::vector<BaselineEntry> ordered;
  ordered.reserve(entries.size());
  for (auto& [key, entry] : entries) ordered.push_back(std::move(entry));
  return ordered;
}

}  // namespace cupel::lint
