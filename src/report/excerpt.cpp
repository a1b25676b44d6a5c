#include "report/excerpt.h"

#include "report/character.h"

#include <algorithm>

namespace cupel::report {
namespace {

constexpr std::string_view cut = "...";

// A cell can hold any number of marks drawn over each other; more bytes than this per cell are not worth showing.
constexpr std::size_t bytes_per_cell = 8;

// Appends characters from `at` while they fit into `room` cells; returns where it stopped.
std::size_t append_while_fits(Rendered& to, std::string_view line, std::size_t at, std::size_t end, std::size_t room) {
  while (at < end) {
    if (to.cells < room && to.text.size() < room * bytes_per_cell) {
      const std::size_t most = std::min({room - to.cells, room * bytes_per_cell - to.text.size(), end - at});
      const std::size_t plain = plain_run(line, at, most);
      to.text.append(line, at, plain);
      to.cells += plain;
      at += plain;
      if (at == end) break;
    }
    const Character character = decode(line, at);
    const std::size_t text_before = to.text.size();
    const std::size_t cells_before = to.cells;
    append_visible(to, line, at, character);
    if (to.cells > room || to.text.size() > room * bytes_per_cell) {
      to.text.resize(text_before);
      to.cells = cells_before;
      break;
    }
    at += character.size;
  }
  return at;
}

// The start of the last characters before `at` that take at most `room` cells.
std::size_t go_back(std::string_view line, std::size_t at, std::size_t room) {
  const std::size_t from = at;
  for (std::size_t cells = 0; at > 0;) {
    const std::size_t before = previous_character(line, at);
    Rendered character;
    append_visible(character, line, before, decode(line, before));
    cells += character.cells;
    if (cells > room || from - before > room * bytes_per_cell) break;
    at = before;
  }
  return at;
}

}  // namespace

Excerpt excerpt(std::string_view line, std::size_t begin, std::size_t end, std::size_t room) {
  begin = std::min(begin, line.size());
  end = std::clamp(end, begin, line.size());
  room = std::max<std::size_t>(room, 20);
  // Nearly every line: it fits, and each byte of it takes one cell.
  if (line.size() <= room && plain_run(line, 0) == line.size()) {
    return {.text = std::string(line), .caret_begin = begin, .caret_cells = std::max<std::size_t>(end - begin, 1)};
  }

  Rendered shown;
  std::size_t start = 0;
  // A line that is too long begins with what leads up to the range, unless the range is near the line's start anyway.
  Rendered probe;
  if (append_while_fits(probe, line, 0, line.size(), room) < line.size()) {
    Rendered lead;
    if (append_while_fits(lead, line, 0, begin, room / 2) < begin) {
      start = go_back(line, begin, room / 4);
      shown.text = cut;
      shown.cells = cut.size();
    }
  }

  Excerpt result;
  append_while_fits(shown, line, start, begin, room);
  result.caret_begin = shown.cells;
  std::size_t at = append_while_fits(shown, line, begin, end, room);
  at = append_while_fits(shown, line, at, at < end ? at : line.size(), room);
  if (at < line.size()) {
    // Make place for the mark of the cut by showing less.
    Rendered shorter;
    if (start > 0) {
      shorter.text = cut;
      shorter.cells = cut.size();
    }
    at = append_while_fits(shorter, line, start, line.size(), room - cut.size());
    shown = std::move(shorter);
    shown.text += cut;
    shown.cells += cut.size();
  }
  Rendered range;
  append_while_fits(range, line, begin, std::max(begin, std::min(end, at)), room);
  result.caret_cells = std::max<std::size_t>(range.cells, 1);
  result.text = std::move(shown.text);
  return result;
}

}  // namespace cupel::report
