// Internal to src/effects: what pg_cast and pg_opclass say of PostgreSQL's own types and those of its extensions.
#pragma once

#include <optional>
#include <string_view>

namespace cupel::effects {

// Where a conversion stands decides which casts may be used (manual: CREATE CAST). A column's new type is assigned.
enum class CastContext { implicit, assignment, explicit_ };

enum class CastMethod {
  function,
  binary,  // the bytes stay as they are: binary coercible
  text,    // through the types' output and input functions
};

// find_coercion_pathway() for two different types that are neither arrays nor domains. nullopt: there is no such cast.
// Names are PostgreSQL's internal ones; a type that is not in the tables (an enum, a range) has casts to and from text
// only.
std::optional<CastMethod> find_cast(std::string_view source, std::string_view target, CastContext context, int postgres_version);

// True for types of category S: text, varchar, bpchar, name, citext.
bool is_string_type(std::string_view type, int postgres_version);

// True if casts from or to this type are in the tables: one of PostgreSQL's own or of its extensions.
bool has_known_casts(std::string_view type);

// The operator class CREATE INDEX chooses for a type; empty: none, or the type is not in the tables (arrays, enums and
// ranges share polymorphic classes).
std::string_view default_operator_class(std::string_view access_method, std::string_view type, int postgres_version);

}  // namespace cupel::effects
