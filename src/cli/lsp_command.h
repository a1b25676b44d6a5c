// `cupel lsp`: findings in an editor, over standard input and output.
#pragma once

#include "cli/commands.h"

namespace CLI {
class App;
}  // namespace CLI

namespace cupel::cli {

// Adds lsp to `app`. Parsing it sets `action`, which must outlive the parsing.
void add_lsp_command(CLI::App& app, Action& action);

}  // namespace cupel::cli
