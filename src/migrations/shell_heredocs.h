// SQL that a shell script sends through psql: psql "$@" <<EOF … EOF.
#pragma once

#include "base/span.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

struct ShellScript {
  struct Heredoc {
    Span body;                        // its lines, without the one that ends it
    bool single_transaction = false;  // psql -1, psql --single-transaction
  };
  std::vector<Heredoc> heredocs;   // those that psql reads
  std::vector<Span> placeholders;  // in them: what the shell replaces by what a variable or a command gives
  // The script, byte for byte, but with what the shell makes of \$ and the like inside the heredocs; blanks take the place
  // of what it drops. Spans are those of the script itself.
  std::string text;
};

// POSIX.1-2024, Shell Command Language, 2.7.4 Here-Document (what ends one, which are expanded, what a backslash does there)
// and 2.2.1 Escape Character. Any bytes; a heredoc that nothing ends is none.
ShellScript parse_shell_script(std::string_view text);

}  // namespace cupel::migrations
