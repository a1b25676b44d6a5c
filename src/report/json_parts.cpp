#include "report/json_parts.h"

namespace cupel::report {

std::string_view name(lint::Severity severity) {
  switch (severity) {
    case lint::Severity::error: return "error";
    case lint::Severity::warning: return "warning";
    case lint::Severity::info: break;
  }
  return "info";
}

std::string_view name(lint::Certainty certainty) {
  switch (certainty) {
    case lint::Certainty::certain: return "certain";
    case lint::Certainty::assumes_rows: return "assumes_rows";
    case lint::Certainty::opaque: break;
  }
  return "opaque";
}

void write_layouts(JsonWriter& json, const lint::LintResult& result) {
  json.key("layouts");
  json.open_array();
  for (const lint::LayoutUse& use : result.layouts) {
    json.open_object();
    json.string("path", use.path);
    json.string("layout", use.layout);
    json.number("migrations", use.migrations);
    json.number("schema_dumps", use.schema_dumps);
    json.number("unread", use.unread);
    json.close_object();
  }
  json.close_array();
}

void write_effects(JsonWriter& json, const lint::Finding& finding) {
  json.key("effects");
  json.open_array();
  for (const lint::EffectNote& effect : finding.effects) {
    json.open_object();
    json.string("relation", effect.relation);
    json.string("lock", effect.lock);
    json.string("blocks", effect.blocks);
    json.string("duration", effect.duration);
    json.close_object();
  }
  json.close_array();
}

}  // namespace cupel::report
