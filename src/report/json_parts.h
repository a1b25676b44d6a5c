// Pieces that cupel's JSON and the property bags of its SARIF share.
#pragma once

#include "lint/finding.h"
#include "report/json_writer.h"

#include <string_view>

namespace cupel::report {

std::string_view name(lint::Severity severity);
std::string_view name(lint::Certainty certainty);
// "layouts": [{path, layout, migrations}]
void write_layouts(JsonWriter& json, const lint::LintResult& result);
// "effects": [{relation, lock, blocks, duration}]
void write_effects(JsonWriter& json, const lint::Finding& finding);

}  // namespace cupel::report
