# cupel_add_migrations(<target> [DIRECTORY <folder>] [LIBRARIES <target>...])
#
# Builds the C++ revisions of a folder (default: migrations) into one module, which `cupel upgrade --module` loads, or `module` under [cxx]
# in cupel.toml names. LIBRARIES are what the revisions use besides <cupel/op.hpp>. A new file is noticed by the next build.
function(cupel_add_migrations target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIRECTORY" "LIBRARIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "cupel_add_migrations(${target}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_DIRECTORY)
    set(arg_DIRECTORY migrations)
  endif()
  cmake_path(ABSOLUTE_PATH arg_DIRECTORY BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  file(GLOB sources CONFIGURE_DEPENDS "${arg_DIRECTORY}/*.cpp" "${arg_DIRECTORY}/*.cc" "${arg_DIRECTORY}/*.cxx")
  if(NOT sources)
    message(FATAL_ERROR "cupel_add_migrations(${target}): there are no C++ files in ${arg_DIRECTORY}")
  endif()
  add_library(${target} MODULE ${sources})
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_link_libraries(${target} PRIVATE cupel::operations ${arg_LIBRARIES})
  # What a module exports stands in a header that comes before each file, so that the header of the operations stays small.
  target_compile_options(${target} PRIVATE "SHELL:-include cupel/module.hpp")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Or two modules would share what belongs to each, and neither could be unloaded.
    target_compile_options(${target} PRIVATE -fno-gnu-unique)
  endif()
  set_target_properties(${target} PROPERTIES
    PREFIX ""
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    UNITY_BUILD OFF # each file has names of its own in an anonymous namespace
    EXPORT_COMPILE_COMMANDS ON)
endfunction()
