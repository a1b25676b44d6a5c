// The findings that a project had when it began: known, and so no reason to fail. Matched by content, not by line.
#pragma once

#include "lint/finding.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cupel::lint {

struct BaselineEntry {
  std::string rule;
  std::string file;         // as the baseline names it
  std::string fingerprint;  // of Finding::fingerprint; equal ones of one file are told apart by number alone
  std::string message;      // for people
  std::size_t count = 1;    // so many findings with this fingerprint are in the file
};

// Marks findings that a baseline has. Each entry is good for as many findings as it counts.
class BaselineMatcher {
 public:
  // `entries` must outlive this. `file_of`: how the baseline calls a source, given its name. `is_gone`: whether a file of
  // the baseline is not there any more, so that its entries may have moved to another file with it.
  BaselineMatcher(const std::vector<BaselineEntry>& entries, std::function<std::string(std::string_view)> file_of,
                  const std::function<bool(const std::string&)>& is_gone);

  // Marks `findings`, which need fingerprints, where they are neither suppressed nor known. `sources`: theirs.
  void match(std::vector<Finding>& findings, const std::vector<std::shared_ptr<const SourceText>>& sources);

  // What no finding has matched, with the number of findings missing. In the order of the entries.
  [[nodiscard]] std::vector<BaselineEntry> unmatched() const;

 private:
  const std::vector<BaselineEntry>& entries_;
  std::vector<std::size_t> left_;                                       // per entry
  std::unordered_map<std::string, std::size_t> by_place_;               // file and fingerprint
  std::unordered_map<std::string, std::vector<std::size_t>> homeless_;  // fingerprint, of files that are gone
  std::function<std::string(std::string_view)> file_of_;
};

// The entries that make all of `findings` known which are not suppressed, ordered by file, rule and fingerprint.
std::vector<BaselineEntry> baseline_of(const std::vector<Finding>& findings, const std::vector<std::shared_ptr<const SourceText>>& sources,
                                       const std::function<std::string(std::string_view)>& file_of);

}  // namespace cupel::lint
