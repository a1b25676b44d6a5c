// A sqitch plan and the configuration beside it, as far as they say what runs.
//
// sqitch 1.6.1: lib/App/Sqitch/Plan.pm _parse and check_changes (grammar, what is refused), lib/App/Sqitch/Plan/Depend.pm
// parse, lib/App/Sqitch/Plan/Change.pm _path_segments (the scripts of a reworked change), lib/App/Sqitch/Target.pm (where
// the scripts are).
#pragma once

#include "base/span.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

struct PlannedChange {
  std::string_view name;
  Span line;
  // Which occurrence of the name this is, from 1; and how many there are.
  std::size_t occurrence = 1;
  std::size_t occurrences = 1;
  // Of a change that is reworked further down: the tags with @ that its scripts may be called by, the first that has a
  // script counts.
  std::vector<std::string> rework_tags;
};

struct SqitchPlan {
  struct Error {
    std::string_view rule;
    Span span;
    std::string message;
  };
  std::vector<PlannedChange> changes;  // in the order they are deployed
  std::vector<Error> errors;           // in the plan's order
};

// Views of `text`.
SqitchPlan parse_sqitch_plan(std::string_view text);

// Where a project's files are, below the folder that has its sqitch.conf.
struct SqitchPlaces {
  std::string plan = "sqitch.plan";
  std::string deploy = "deploy", revert = "revert", verify = "verify";
  std::string reworked_deploy = "deploy", reworked_revert = "revert";
  std::string extension = "sql";
  bool inside = true;  // false: some place is not below the folder
};
// Of the text of a sqitch.conf; the engine's settings win over those of the core. Targets are not looked at.
SqitchPlaces parse_sqitch_places(std::string_view configuration);

}  // namespace cupel::migrations
