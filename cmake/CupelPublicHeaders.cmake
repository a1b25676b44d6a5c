# The headers of the operations API as text, for whoever needs them where nothing is installed: compiling a revision on demand, reading
# one without compiling it. Made from src/op/cupel/*.hpp; a changed header makes it anew.

file(GLOB public_headers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/src/op/cupel/*.hpp")
list(SORT public_headers)

set(entries "")
foreach(header IN LISTS public_headers)
  file(READ "${header}" text)
  cmake_path(GET header FILENAME name)
  string(APPEND entries "    {\"cupel/${name}\", R\"PUBLIC(${text})PUBLIC\"},\n")
endforeach()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${public_headers})

set(table "// Written by cmake/CupelPublicHeaders.cmake from src/op/cupel/*.hpp.\n#include \"op/public_headers.h\"

namespace cupel::op {

std::span<const PublicHeader> public_headers() {
  static constexpr PublicHeader headers[] = {\n${entries}  };
  return headers;
}

}  // namespace cupel::op\n")
set(table_file "${CMAKE_CURRENT_BINARY_DIR}/generated/public_headers.cpp")
cupel_generated("${table_file}" "${table}")
target_sources(cupel_op PRIVATE "${table_file}")
