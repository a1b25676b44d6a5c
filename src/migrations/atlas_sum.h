// atlas.sum: what Atlas noted of the files of a folder, whichever runner runs them.
#pragma once

#include "migrations/layout.h"

#include <string_view>

namespace cupel::migrations {

inline constexpr std::string_view atlas_sum_name = "atlas.sum";

// Compares the folder's atlas.sum, if it has one, with its files: adds a problem ("layout-error") for each that was edited, came
// or went since, where Atlas refuses the folder. `set`: what was read of the folder.
void check_atlas_sum(const Folder& folder, MigrationSet& set);

}  // namespace cupel::migrations
