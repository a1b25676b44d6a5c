#include "embedded/revisions.h"

#include <string_view>
#include <utility>

namespace cupel::embedded {
namespace {

bool is_whole_file(const cxx::Comment& comment) { return comment.text.starts_with("cupel:ignore-file"); }

// A comment speaks for what follows it, or stands before it on its line: the revision is that of the operation nearest to it,
// those behind it first.
std::size_t revision_of(const cxx::Comment& comment, const cxx::Analysis& analysis) {
  const cxx::Item* before = nullptr;
  const cxx::Item* after = nullptr;
  for (const cxx::Item& item : analysis.items) {
    if (item.operation.empty() || item.place.file != comment.place.file) continue;
    const bool follows = item.place.begin >= comment.place.begin;
    const cxx::Item*& nearest = follows ? after : before;
    if (nearest == nullptr || (item.place.begin < nearest->place.begin) == follows) nearest = &item;
  }
  if (after != nullptr) return after->revision;
  return before != nullptr ? before->revision : 0;
}

}  // namespace

std::vector<cxx::Analysis> by_revision(cxx::Analysis analysis) {
  std::vector<cxx::Analysis> parts;
  if (analysis.revisions.size() < 2) {
    parts.push_back(std::move(analysis));
    return parts;
  }
  for (cxx::Revision& revision : analysis.revisions) {
    cxx::Analysis& part = parts.emplace_back();
    part.files = analysis.files;
    part.errors = analysis.errors;
    part.first_error = analysis.first_error;
    part.headers = analysis.headers;
    part.database_problem = analysis.database_problem;
    part.limited = analysis.limited;
    part.revisions.push_back(std::move(revision));
  }
  for (cxx::Comment& comment : analysis.comments) {
    if (is_whole_file(comment)) {
      for (cxx::Analysis& part : parts) part.comments.push_back(comment);
    } else {
      parts[revision_of(comment, analysis)].comments.push_back(std::move(comment));
    }
  }
  for (cxx::Item& item : analysis.items) {
    cxx::Analysis& part = parts[item.revision];
    item.revision = 0;
    part.items.push_back(std::move(item));
  }
  return parts;
}

}  // namespace cupel::embedded
