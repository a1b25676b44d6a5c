// Back from the assembled text to the sources: where findings belong.
#include "base/counted.h"
#include "embedded/assembly.h"
#include "sql/script.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace cupel::embedded {

const Assembly::Piece* Assembly::piece_at(std::uint32_t offset) const {
  for (const Piece& piece : pieces_) {
    if (piece.span.begin <= offset && offset <= piece.span.end) return &piece;
  }
  return nullptr;
}

// From the source of the first byte to that of the last, where both are in one file and in order.
cxx::Place Assembly::place_of(Span span) const {
  const auto at = [this](std::uint32_t offset) {
    const auto after =
        std::upper_bound(runs_.begin(), runs_.end(), offset, [](std::uint32_t wanted, const Run& run) { return wanted < run.text.begin; });
    return after == runs_.begin() ? after : after - 1;
  };
  const auto byte = [](const Run& run, std::uint32_t offset) {
    const bool exact = run.text.size() == run.place.end - run.place.begin;
    if (!exact || !run.text.contains(offset)) return run.place;
    const std::uint32_t begin = run.place.begin + (offset - run.text.begin);
    return cxx::Place{run.place.file, begin, begin + 1};
  };
  if (runs_.empty()) return {};
  const auto first = at(span.begin);
  if (first == runs_.end()) return {};
  cxx::Place place = byte(*first, span.begin);
  if (span.empty()) {
    place.end = place.begin;
    return place;
  }
  const cxx::Place last = byte(*at(span.end - 1), span.end - 1);
  if (last.file == place.file && last.end > place.begin) {
    place.end = last.end;
  } else if (first->text.size() == first->place.end - first->place.begin) {
    place.end = first->place.end;
  }
  return place;
}

bool Assembly::maps_exactly(Span span) const {
  return std::ranges::any_of(runs_, [&](const Run& run) {
    return run.text.begin <= span.begin && span.end <= run.text.end && run.text.size() == run.place.end - run.place.begin &&
           run.place.file == 0;
  });
}

std::size_t Assembly::source_index(lint::LintResult& result, std::uint32_t file, std::size_t own) const {
  if (file == 0) return own;
  const std::shared_ptr<const SourceText>& wanted = files_[file];
  const auto known = std::ranges::find(result.sources, wanted);
  if (known != result.sources.end()) return static_cast<std::size_t>(known - result.sources.begin());
  result.sources.push_back(wanted);
  return result.sources.size() - 1;
}

void Assembly::move(lint::LintResult& result, std::size_t own, lint::Finding& finding) const {
  const bool about_file = finding.span.empty() && finding.span.begin == 0;
  const Piece* piece = about_file ? nullptr : piece_at(finding.span.begin);
  if (!about_file) {
    cxx::Place place = place_of(finding.span);
    if (place.file >= files_.size() || files_[place.file] == nullptr) place = piece != nullptr ? piece->place : cxx::Place{};
    if (place.file >= files_.size() || files_[place.file] == nullptr) place = {};
    finding.source = source_index(result, place.file, own);
    finding.span = {place.begin, place.end};
    if (piece != nullptr) {
      const auto add = [&](const cxx::Place& where, std::string_view message) {
        if (where.file >= files_.size() || files_[where.file] == nullptr) return;
        finding.related.push_back({source_index(result, where.file, own), {where.begin, where.end}, std::string(message)});
      };
      const bool inside = place.file == piece->place.file && piece->place.begin <= place.begin && place.end <= piece->place.end;
      if (!inside && !piece->unreached)
        add(piece->place, piece->operation.empty() ? "sent to the server here" : "the operation stands here");
      for (const cxx::Place& call : piece->chain) add(call, "called from here");
      if (piece->partial || piece->unreached) finding.certainty = lint::Certainty::opaque;
      if (piece->unreached && finding.severity > lint::Severity::info)
        finding.severity = static_cast<lint::Severity>(static_cast<int>(finding.severity) - 1);
    }
  }
  // An edit inside a literal must not change the literal itself.
  std::erase_if(finding.fixes, [&](lint::Fix& fix) {
    for (lint::Fix::Edit& edit : fix.edits) {
      if (!maps_exactly(edit.span) || edit.replacement.find_first_of("\"\\\n") != std::string::npos) return true;
    }
    return false;
  });
  for (lint::Fix& fix : finding.fixes) {
    for (lint::Fix::Edit& edit : fix.edits) {
      const cxx::Place place = place_of(edit.span);
      edit.span = {place.begin, place.end};
    }
  }
}

void Assembly::move_findings(lint::LintResult& result) const {
  const auto found = std::ranges::find(result.sources, text_);
  if (found == result.sources.end()) return;
  const auto own = static_cast<std::size_t>(found - result.sources.begin());
  const bool counted = std::ranges::find(result.sources, files_.front()) != result.sources.end();
  result.sources[own] = files_.front();
  result.bytes += (counted ? 0 : files_.front()->text().size()) - text_->text().size();

  // A comment that speaks for several statements is needed when one of them needs it.
  std::map<std::size_t, std::size_t> copies;
  std::map<std::size_t, std::size_t> unused;
  const auto copy_of = [&](const lint::Finding& finding) -> const std::pair<Span, std::size_t>* {
    const auto copy = std::ranges::find_if(copies_, [&](const auto& one) { return one.first == finding.span; });
    return copy == copies_.end() ? nullptr : &*copy;
  };
  for (const auto& [span, comment] : copies_) ++copies[comment];
  for (const lint::Finding& finding : result.findings) {
    if (finding.source != own || finding.rule != "unused-suppression") continue;
    if (const auto* copy = copy_of(finding)) ++unused[copy->second];
  }
  std::erase_if(result.findings, [&](const lint::Finding& finding) {
    if (finding.source != own) return false;
    if (finding.rule == "unused-suppression") {
      const auto* copy = copy_of(finding);
      return copy != nullptr && unused[copy->second] < copies[copy->second];
    }
    const Piece* piece = piece_at(finding.span.begin);
    // What it says may be about the hole's name, which is ours.
    return piece != nullptr && piece->partial &&
           (finding.rule == "parse-error" || finding.rule == "statement-fails" || finding.rule == "opaque-statement");
  });
  for (lint::Finding& finding : result.findings) {
    for (lint::RelatedPlace& related : finding.related) {
      if (related.source != own) continue;
      const cxx::Place place = place_of(related.span);
      if (place.file >= files_.size() || files_[place.file] == nullptr) continue;
      related.source = source_index(result, place.file, own);
      related.span = {place.begin, place.end};
    }
    if (finding.source == own) move(result, own, finding);
  }
}

}  // namespace cupel::embedded
