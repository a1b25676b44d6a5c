#include "cxx/source_places.h"

#include "cxx/model.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <clang/Lex/Lexer.h>

namespace cupel::cxx {

SourcePlaces::SourcePlaces(clang::ASTContext& context, Analysis& analysis)
    : sources_(context.getSourceManager()), language_(context.getLangOpts()), analysis_(analysis) {
  files_.emplace(sources_.getMainFileID().getHashValue(), 0);
}

std::uint32_t SourcePlaces::file_index(clang::FileID file) {
  const auto known = files_.find(file.getHashValue());
  if (known != files_.end()) return known->second;
  std::string name;
  if (const auto entry = sources_.getFileEntryRefForID(file)) name = entry->getName().str();
  std::uint32_t index = 0;  // what has no file is shown in the main one
  if (!name.empty()) {
    index = static_cast<std::uint32_t>(analysis_.files.size());
    analysis_.files.push_back(std::move(name));
  }
  files_.emplace(file.getHashValue(), index);
  return index;
}

bool SourcePlaces::in_main_file(clang::SourceLocation location) const {
  return location.isValid() && sources_.isInMainFile(sources_.getFileLoc(location));
}

bool SourcePlaces::in_user_file(clang::SourceLocation location) const {
  if (location.isInvalid()) return false;
  const clang::SourceLocation in_file = sources_.getFileLoc(location);
  const auto entry = sources_.getFileEntryRefForID(sources_.getFileID(in_file));
  return entry && !entry->getName().starts_with(model_folder) && !sources_.isInSystemHeader(in_file);
}

bool SourcePlaces::in_walked_file(clang::SourceLocation location) const {
  if (in_user_file(location)) return true;
  if (location.isInvalid()) return false;
  const auto entry = sources_.getFileEntryRefForID(sources_.getFileID(sources_.getFileLoc(location)));
  return entry && entry->getName().starts_with(walked_model_folder);
}

Place SourcePlaces::of(clang::SourceRange range) {
  if (range.isInvalid()) return {};
  const clang::SourceLocation first = sources_.getFileLoc(range.getBegin());
  const clang::SourceLocation last = sources_.getFileLoc(range.getEnd());
  const auto [file, begin] = sources_.getDecomposedLoc(first);
  const auto [last_file, last_begin] = sources_.getDecomposedLoc(last);
  Place place{file_index(file), begin, begin};
  if (last_file == file && last_begin >= begin) {
    place.end = last_begin + clang::Lexer::MeasureTokenLength(last, sources_, language_);
  } else {
    place.end = begin + clang::Lexer::MeasureTokenLength(first, sources_, language_);
  }
  return place;
}

std::string SourcePlaces::words(const clang::Stmt* statement) {
  constexpr std::size_t most = 48;
  const clang::SourceRange range = statement->getSourceRange();
  if (range.isInvalid()) return "…";
  const clang::SourceLocation first = sources_.getFileLoc(range.getBegin());
  const auto [file, begin] = sources_.getDecomposedLoc(first);
  const Place place = of(range);
  bool invalid = false;
  const llvm::StringRef buffer = sources_.getBufferData(file, &invalid);
  if (invalid) return "…";
  std::string made;
  for (const char c : buffer.slice(place.begin, place.end)) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space && (made.empty() || made.back() == ' ')) continue;
    made += space ? ' ' : c;
    if (made.size() > most) return made.substr(0, most - 1) + "…";
  }
  return made;
}

void SourcePlaces::add_literals_outside_trees() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> known;
  for (const Literal& literal : literals_) {
    if (literal.place.file == 0) known.emplace_back(literal.place.begin, literal.place.end);
  }
  std::sort(known.begin(), known.end());
  const clang::FileID file = sources_.getMainFileID();
  clang::Lexer lexer(file, sources_.getBufferOrFake(file), sources_, language_);
  Literal open;  // adjacent tokens are one literal
  const auto close = [&] {
    if (open.place.end == 0) return;
    const auto after = std::upper_bound(known.begin(), known.end(), std::pair(open.place.begin, ~std::uint32_t{0}));
    const bool covered = after != known.begin() && open.place.begin < (after - 1)->second;
    if (!covered) literals_.push_back(std::move(open));
    open = Literal();
  };
  clang::Token token;
  bool ended = false;
  while (!ended) {
    ended = lexer.LexFromRawLexer(token);
    if (!clang::tok::isStringLiteral(token.getKind())) {
      close();
      continue;
    }
    const std::uint32_t begin = sources_.getFileOffset(token.getLocation());
    const llvm::StringRef spelled = sources_.getBufferData(file).substr(begin, token.getLength());
    if (open.place.end == 0) open.place.begin = begin;
    open.place.end = begin + token.getLength();
    if (!decode_string_token({spelled.data(), spelled.size()}, begin, open.decoded)) open.mapped = false;
  }
  close();
}

Literal* SourcePlaces::literal(const clang::StringLiteral* literal) {
  const auto known = known_.find(literal);
  if (known != known_.end()) return known->second;
  Literal made;
  made.place = of(literal->getSourceRange());
  bool first_token = true;
  for (unsigned i = 0; i < literal->getNumConcatenated() && made.mapped; ++i) {
    const clang::SourceLocation written = literal->getStrTokenLoc(i);
    const clang::SourceLocation in_file = sources_.getFileLoc(written);
    const clang::SourceLocation spelled = sources_.getSpellingLoc(written);
    const auto [file, offset] = sources_.getDecomposedLoc(in_file);
    const std::uint32_t index = file_index(file);
    if (first_token) made.place.file = index;
    if (index != made.place.file) made.mapped = false;
    first_token = false;
    bool invalid = false;
    // Of text that a macro holds or makes (#x), the use of the macro is all that there is.
    const bool exact = in_file == spelled;
    const auto [spelled_file, spelled_offset] = sources_.getDecomposedLoc(spelled);
    const llvm::StringRef buffer = sources_.getBufferData(spelled_file, &invalid);
    if (invalid) {
      made.mapped = false;
      break;
    }
    const unsigned size = clang::Lexer::MeasureTokenLength(spelled, sources_, language_);
    const std::string_view token(buffer.data() + spelled_offset, std::min<std::size_t>(size, buffer.size() - spelled_offset));
    if (exact) {
      made.mapped = decode_string_token(token, offset, made.decoded);
      continue;
    }
    Decoded part;
    if (!decode_string_token(token, 0, part)) {
      made.mapped = false;
      break;
    }
    const auto use = static_cast<std::uint32_t>(clang::Lexer::MeasureTokenLength(in_file, sources_, language_));
    made.decoded.runs.push_back({static_cast<std::uint32_t>(made.decoded.text.size()), static_cast<std::uint32_t>(part.text.size()), offset,
                                 use == part.text.size() ? use + 1 : use});
    made.decoded.text += part.text;
  }
  if (literal->getCharByteWidth() == 1 && (!made.mapped || made.decoded.text != literal->getString())) {
    made.mapped = false;
    made.decoded.text = literal->getString().str();
  }
  const std::uint64_t key = (static_cast<std::uint64_t>(made.place.file) << 32U) | made.place.begin;
  auto& at_place = by_place_[key];
  if (at_place == nullptr || at_place->decoded.text != made.decoded.text) {
    literals_.push_back(std::move(made));
    at_place = &literals_.back();
  }
  known_.emplace(literal, at_place);
  return at_place;
}

}  // namespace cupel::cxx
