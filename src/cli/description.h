// The command line in other forms, made from the one description that it is parsed with: completion of shells, a manual page.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace cupel::cli {

// A script for "bash", "zsh" or "fish"; empty for any other shell.
std::string completion_script(const CLI::App& app, std::string_view shell);
// The manual page, in the language of man(7).
std::string manual_page(const CLI::App& app);

}  // namespace cupel::cli
