# cupel_library(<folder> [EXCLUDE <file>...] [DEPENDS <target>...] [PRIVATE_DEPENDS <target>...])
#
# The library of src/<folder>: target cupel_<folder>, alias cupel::<folder>. Every .cpp in the folder belongs to it, except those named by
# EXCLUDE; the include root is src/, so includes read "folder/file.h". A folder without .cpp files is a header-only library.
function(cupel_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "EXCLUDE;DEPENDS;PRIVATE_DEPENDS")
  set(root "${CMAKE_CURRENT_SOURCE_DIR}/src")
  set(target "cupel_${folder}")

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${root}/${folder}/*.cpp")
  foreach(file IN LISTS arg_EXCLUDE)
    list(REMOVE_ITEM sources "${root}/${folder}/${file}")
  endforeach()

  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC "${root}")
    target_link_libraries(${target} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS})
    cupel_own_code(${target})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${root}")
    target_link_libraries(${target} INTERFACE ${arg_DEPENDS} ${arg_PRIVATE_DEPENDS})
  endif()
  add_library(cupel::${folder} ALIAS ${target})
endfunction()
