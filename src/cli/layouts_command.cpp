#include "cli/commands.h"
#include "cli/output.h"
#include "migrations/layout.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

using migrations::Layout;

// plain is what is left over, and told last.
std::vector<const Layout*> in_order() {
  const auto table = migrations::layouts();
  std::vector<const Layout*> ordered(table.begin(), table.end());
  std::stable_partition(ordered.begin(), ordered.end(), [](const Layout* layout) { return layout->name != "plain"; });
  return ordered;
}

std::string as_text() {
  std::string text;
  for (const Layout* layout : in_order()) {
    text += fmt::format("{}{}\n  {}\n", text.empty() ? "" : "\n", layout->name, layout->title);
    const std::array<std::pair<std::string_view, std::string_view>, 7> facts = {{{"files", layout->files},
                                                                                 {"order", layout->order},
                                                                                 {"downgrade", layout->downgrade},
                                                                                 {"transactions", layout->transactions},
                                                                                 {"turned off by", layout->opt_out},
                                                                                 {"late migration", layout->late_migration},
                                                                                 {"new migration", layout->new_migration}}};
    for (const auto& [what, words] : facts) {
      if (!words.empty()) text += fmt::format("  {:<14}  {}\n", what, words);
    }
  }
  return text + "\nA folder's layout is found out; --layout NAME forces one.\n";
}

std::string as_json() {
  const auto text_or_null = [](std::string_view text) { return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text); };
  nlohmann::ordered_json layouts = nlohmann::ordered_json::array();
  for (const Layout* layout : in_order()) {
    nlohmann::ordered_json tables = nlohmann::ordered_json::array();
    for (const migrations::Record& record : layout->records) tables.push_back(record.table);
    layouts.push_back({{"name", layout->name},
                       {"title", layout->title},
                       {"files", text_or_null(layout->files)},
                       {"order", text_or_null(layout->order)},
                       {"downgrade", text_or_null(layout->downgrade)},
                       {"transactions", layout->transactions},
                       {"opt_out", text_or_null(layout->opt_out)},
                       {"late_migration", text_or_null(layout->late_migration)},
                       {"new_migration", text_or_null(layout->new_migration)},
                       {"record_tables", std::move(tables)}});
  }
  const nlohmann::ordered_json document = {{"version", 1}, {"layouts", std::move(layouts)}};
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

int layouts_command(const LayoutsOptions& options) {
  const Status written = write_output(options.format == "json" ? as_json() : as_text(), "");
  if (written) return exit_clean;
  print_problem(written.error().message);
  return exit_unreadable;
}

}  // namespace cupel::cli
