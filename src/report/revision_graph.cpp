#include "report/revision_graph.h"

#include "base/counted.h"
#include "report/finding_words.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

namespace cupel::report {
namespace {

constexpr std::size_t most_rows = 300;
constexpr std::size_t rows_of_history = 5;  // before the first that is judged
constexpr std::size_t row_height = 26, lane_width = 18, margin = 14;

struct Node {
  const GraphRow* row;
  std::size_t lane = 0;
};

// Judged revisions and a few before the first of them.
std::size_t first_drawn(const std::vector<GraphRow>& rows) {
  const auto judged = std::ranges::find(rows, true, &GraphRow::judged);
  const auto index = static_cast<std::size_t>(judged - rows.begin());
  std::size_t first =
      judged == rows.end() ? rows.size() - std::min(rows.size(), rows_of_history) : index - std::min(index, rows_of_history);
  if (rows.size() - first > most_rows) first = rows.size() - most_rows;
  return first;
}

// Each revision goes on in its first parent's lane if that ends there; otherwise a lane that nobody needs any more, or a
// new one.
std::vector<Node> lanes_of(const std::vector<GraphRow>& rows, std::size_t first) {
  std::map<std::pair<std::size_t, std::string_view>, std::size_t> last_use;  // the row that is the last child of a revision
  for (std::size_t i = first; i < rows.size(); ++i) {
    for (const std::string& parent : rows[i].parents) last_use[{rows[i].layout, parent}] = i;
  }
  std::vector<Node> nodes;
  std::vector<std::optional<std::pair<std::size_t, std::string_view>>> tips;  // per lane: the revision it ends with
  for (std::size_t i = first; i < rows.size(); ++i) {
    Node node{&rows[i]};
    std::optional<std::size_t> lane;
    for (const std::string& parent : rows[i].parents) {
      const auto tip = std::ranges::find(tips, std::optional(std::pair(rows[i].layout, std::string_view(parent))));
      if (tip == tips.end()) continue;
      lane = static_cast<std::size_t>(tip - tips.begin());
      break;
    }
    const auto is_free = [&](const auto& tip) {
      if (!tip) return true;
      const auto use = last_use.find(*tip);
      return use == last_use.end() || use->second < i;
    };
    if (!lane) lane = static_cast<std::size_t>(std::ranges::find_if(tips, is_free) - tips.begin());
    if (*lane == tips.size()) tips.emplace_back();
    tips[*lane] = std::pair(rows[i].layout, std::string_view(rows[i].revision));
    node.lane = *lane;
    nodes.push_back(node);
  }
  return nodes;
}

std::size_t x_of(const Node& node) { return margin + node.lane * lane_width; }
std::size_t y_of(std::size_t row) { return margin + row * row_height; }

}  // namespace

std::string revision_graph(const std::vector<GraphRow>& rows) {
  if (rows.empty()) return "<p class=\"muted\">There are none.</p>\n";
  const std::size_t first = first_drawn(rows);
  const std::vector<Node> nodes = lanes_of(rows, first);
  std::map<std::pair<std::size_t, std::string_view>, std::size_t> index;
  std::size_t lanes = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    index.try_emplace({nodes[i].row->layout, nodes[i].row->revision}, i);
    lanes = std::max(lanes, nodes[i].lane + 1);
  }
  std::string lines, marks;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const GraphRow& row = *nodes[i].row;
    const std::size_t x = x_of(nodes[i]), y = y_of(i);
    for (const std::string& parent : row.parents) {
      const auto from = index.find({row.layout, parent});
      if (from == index.end()) continue;
      const std::size_t parent_x = x_of(nodes[from->second]), parent_y = y_of(from->second);
      lines += parent_x == x ? fmt::format("<path d=\"M{} {}V{}\"/>", x, parent_y, y)
                             : fmt::format("<path d=\"M{} {}V{}Q{} {} {} {}\"/>", parent_x, parent_y, y - row_height, parent_x, y, x, y);
    }
    marks += fmt::format("<circle class=\"{}{}\" cx=\"{}\" cy=\"{}\" r=\"5\"/>", row.judged ? "judged " : "history ", row.colour, x, y);
    std::string words = markup_escaped(row.words);
    if (row.findings > 0) words += fmt::format("  ({})", counted(row.findings, "finding"));
    marks += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>", row.judged ? "" : "muted", margin + lanes * lane_width + 4,
                         y + 4, words);
  }
  std::string out;
  if (first > 0) out += fmt::format("<p class=\"muted\">{} earlier revision{} not drawn.</p>\n", first, first == 1 ? " is" : "s are");
  std::size_t longest = 0;
  for (const Node& node : nodes) longest = std::max(longest, node.row->words.size());
  const std::size_t width = margin * 2 + lanes * lane_width + std::min<std::size_t>(longest + 16, 140) * 8;
  out += fmt::format(
      "<div class=\"scroll\"><svg class=\"graph\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"Graph of "
      "revisions\">",
      width, margin + nodes.size() * row_height);
  return out + "<g class=\"edges\">" + lines + "</g>" + marks + "</svg></div>\n";
}

}  // namespace cupel::report
