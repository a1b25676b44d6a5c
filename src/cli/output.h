// Writing: results to stdout or a file, problems to stderr.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace cupel::cli {

// To stdout, or to `file` if it is not empty ("-" is stdout). A reader that went away (a closed pipe) is not an error.
Status write_output(std::string_view text, const std::string& file);
// "cupel: message" on stderr, on one line and harmless to a terminal. That stderr cannot be written is no new problem.
void print_problem(std::string_view message);
// As it is, on stderr: what a running command tells meanwhile.
void print_log(std::string_view text);
bool stdout_is_terminal();
bool stderr_is_terminal();
// Columns of the terminal on stderr; 80 if it does not say.
std::size_t stderr_width();
// Columns of the terminal on stdout; 0 if it is none.
std::size_t terminal_width();
// `--color auto`: a terminal, NO_COLOR unset, TERM not dumb.
bool wants_color(std::string_view choice);
Result<std::string> read_standard_input();

}  // namespace cupel::cli
