# The table of layouts, made from src/migrations/layouts/*.cpp: a file a-b.cpp defines `extern const Layout layout_a_b;` in namespace
# cupel::migrations::runners. There is no other list: adding a file adds the layout. (The files themselves already belong to
# cupel_migrations, whose folder is globbed.)

file(GLOB layout_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/src/migrations/layouts/*.cpp")
list(SORT layout_sources)

set(declarations "")
set(entries "")
foreach(source IN LISTS layout_sources)
  cmake_path(GET source STEM name)
  if(NOT name MATCHES "^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    message(FATAL_ERROR "${source}: a layout's name is lower-case words joined by hyphens")
  endif()
  string(REPLACE "-" "_" identifier "${name}")
  string(APPEND declarations "extern const Layout layout_${identifier};\n")
  string(APPEND entries "      &runners::layout_${identifier},\n")
endforeach()

set(table "// Written by cmake/CupelLayouts.cmake from src/migrations/layouts/*.\n#include \"migrations/layout.h\"

namespace cupel::migrations {
namespace runners {
${declarations}}  // namespace runners

std::span<const Layout* const> layouts() {
  static constexpr const Layout* table[] = {\n${entries}  };
  return table;
}

}  // namespace cupel::migrations\n")

set(table_file "${CMAKE_CURRENT_BINARY_DIR}/generated/layout_table.cpp")
cupel_generated("${table_file}" "${table}")
if(layout_sources)
  target_sources(cupel_migrations PRIVATE "${table_file}")
endif()
