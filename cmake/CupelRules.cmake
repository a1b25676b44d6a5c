# The library cupel::rules: every rules/<id>/rule.cpp, and a table of all of them written here from the folders' names and their rule.md. There
# is no other list of rules: adding a folder adds the rule, removing it removes it. (Registering from static objects does not work: a
# linker drops objects of a static library that nobody refers to.)

file(GLOB rule_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/rules/*/rule.cpp")

# In order of id; the order of paths is another ("a/" sorts after "a-b/").
set(rule_ids "")
foreach(source IN LISTS rule_sources)
  cmake_path(GET source PARENT_PATH folder)
  cmake_path(GET folder FILENAME id)
  list(APPEND rule_ids "${id}")
endforeach()
list(SORT rule_ids COMPARE STRING)

set(declarations "")
set(entries "")
foreach(id IN LISTS rule_ids)
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}/rules/${id}")
  if(NOT id MATCHES "^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    message(FATAL_ERROR "${folder}: a rule's id is lower-case words joined by hyphens")
  endif()
  string(REPLACE "-" "_" name "${id}")
  if(NOT EXISTS "${folder}/rule.md")
    message(FATAL_ERROR "${folder}/rule.md is missing: every rule explains itself there")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}/rule.md")
  file(READ "${folder}/rule.md" text)

  # A raw string may hold anything but its own end mark.
  string(SHA256 mark "${text}")
  string(SUBSTRING "${mark}" 0 16 mark)
  string(FIND "${text}" ")${mark}\"" position)
  if(NOT position EQUAL -1)
    message(FATAL_ERROR "${folder}/rule.md contains )${mark}\", change a word in it")
  endif()

  string(APPEND declarations "extern const lint::Rule ${name};\n")
  string(APPEND entries "    {\"${id}\", &rules::${name}, R\"${mark}(${text})${mark}\"},\n")
endforeach()

set(table "// Written by cmake/CupelRules.cmake from rules/*.\n#include \"lint/rule.h\"\n\n#include <span>\n")
if(rule_sources)
  string(APPEND table "\nnamespace cupel::rules {\n${declarations}}  // namespace cupel::rules\n
namespace cupel::lint {
std::span<const RuleEntry> rule_table() {
  static const RuleEntry entries[] = {\n${entries}  };
  return entries;\n}\n}  // namespace cupel::lint\n")
else()
  string(APPEND table "\nnamespace cupel::lint {\nstd::span<const RuleEntry> rule_table() { return {}; }\n}  // namespace cupel::lint\n")
endif()

set(table_file "${CMAKE_CURRENT_BINARY_DIR}/generated/rule_table.cpp")
cupel_generated("${table_file}" "${table}")

if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/src/lint/rule.h")
  add_library(cupel_rules STATIC ${rule_sources} "${table_file}")
  target_link_libraries(cupel_rules PUBLIC cupel::lint)
  cupel_own_code(cupel_rules)
else()
  add_library(cupel_rules INTERFACE)
endif()
add_library(cupel::rules ALIAS cupel_rules)
