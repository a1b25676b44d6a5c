// cupel.snapshot.json: how big the tables of a database are, for linting where it cannot be reached. docs/snapshot.md
// describes it.
#pragma once

#include "base/result.h"
#include "cli/configuration.h"
#include "cli/database.h"
#include "lint/settings.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cupel::cli {

inline constexpr std::string_view snapshot_name = "cupel.snapshot.json";

// Notes a table's size as a database tells it. What the user noted about the table goes before that.
void note_size(lint::Settings& settings, const std::string& schema, const std::string& table, std::optional<double> rows,
               std::uint64_t bytes);

// Notes the sizes in `file`; empty: the file of that name beside the configuration or in the current folder, if there is one.
// Errors: it cannot be read, or was asked for and is not there, or is no snapshot.
Status read_snapshot(const std::string& file, Configuration& configuration);

// Prints the snapshot of a database.
int snapshot_command(const DatabaseOptions& options);

}  // namespace cupel::cli
