#include "cxx/protocol.h"

#include <nlohmann/json.hpp>

namespace cupel::cxx {
namespace {

using nlohmann::json;

Error not_understood(std::string_view what) { return {ErrorCode::usage, "cupel-cxx: " + std::string(what)}; }

json to_json_value(const Place& place) { return json::array({place.file, place.begin, place.end}); }

std::string_view name(Evidence evidence) {
  return evidence == Evidence::resolved ? "resolved" : evidence == Evidence::by_name ? "name" : "literal";
}

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

Result<Settings> parse_settings(std::string_view line, unsigned& threads) {
  const json value = json::parse(line, nullptr, false);
  if (!value.is_object()) return not_understood("the first line must be an object of settings");
  Settings settings;
  try {
    for (const json& sink : value.value("sinks", json::array())) {
      settings.sinks.push_back({sink.at("call").get<std::string>(), sink.value("sql", 0)});
    }
    settings.include_folders = value.value("include", std::vector<std::string>());
    settings.defines = value.value("define", std::vector<std::string>());
    settings.compilation_database = value.value("compilation_database", std::string());
    settings.seconds = value.value("seconds", settings.seconds);
    threads = value.value("threads", 0U);
  } catch (const json::exception& error) { return not_understood(error.what()); }
  return settings;
}

Result<Request> parse_request(std::string_view line) {
  const json value = json::parse(line, nullptr, false);
  if (!value.is_object() || !value.contains("file") || !value["file"].is_string()) return not_understood("a request names a file");
  Request request;
  request.file = value["file"].get<std::string>();
  if (value.contains("text") && value["text"].is_string()) {
    request.text = value["text"].get<std::string>();
    request.has_text = true;
  }
  return request;
}

std::string to_json(const Analysis& analysis) {
  json items = json::array();
  for (const Item& item : analysis.items) {
    json text = json::array();
    for (const Stretch& stretch : item.text) {
      json one = json::array({stretch.text, stretch.place.file, stretch.place.begin, stretch.place.end});
      if (stretch.hole) one.push_back(stretch.reason);
      text.push_back(std::move(one));
    }
    json chain = json::array();
    for (const Place& place : item.chain) chain.push_back(to_json_value(place));
    json one = {{"text", std::move(text)},         {"place", to_json_value(item.place)}, {"chain", std::move(chain)},
                {"callee", item.callee},           {"function", item.function},          {"evidence", name(item.evidence)},
                {"conditional", item.conditional}, {"repeated", item.repeated},          {"binds", item.binds}};
    if (item.downgrade) one["downgrade"] = true;
    if (!item.operation.empty()) one["operation"] = item.operation;
    if (item.revision != 0) one["revision"] = item.revision;
    if (!item.reason.empty()) one["reason"] = item.reason;
    if (item.transaction != InTransaction::unknown) {
      one["transaction"] = item.transaction == InTransaction::yes;
      one["transaction_number"] = item.transaction_number;
    }
    items.push_back(std::move(one));
  }
  json comments = json::array();
  for (const Comment& comment : analysis.comments) comments.push_back({{"place", to_json_value(comment.place)}, {"text", comment.text}});
  json answer = {{"file", analysis.files.front()},  {"files", analysis.files},   {"items", std::move(items)},
                 {"comments", std::move(comments)}, {"errors", analysis.errors}, {"first_error", analysis.first_error},
                 {"limited", analysis.limited}};
  if (analysis.headers == Headers::real) answer["headers"] = "real";
  if (!analysis.database_problem.empty()) answer["database_problem"] = analysis.database_problem;
  if (analysis.migration) answer["migration"] = true;
  for (const Revision& revision : analysis.revisions) {
    answer["revisions"].push_back({{"id", revision.id},
                                   {"down", revision.down},
                                   {"message", revision.message},
                                   {"label", revision.label},
                                   {"depends_on", revision.depends_on},
                                   {"transactional", revision.transactional},
                                   {"has_downgrade", revision.has_downgrade},
                                   {"place", to_json_value(revision.place)},
                                   {"problem", revision.problem}});
  }
  return dumped(answer);
}

std::string to_json(const std::string& file, const std::string& failure) { return dumped({{"file", file}, {"failure", failure}}); }

}  // namespace cupel::cxx
