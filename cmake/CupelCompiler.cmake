# Language level, warnings, sanitizers, linker: everything that holds for all of our own code.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CUPEL_CCACHE ccache)
mark_as_advanced(CUPEL_CCACHE)
if(CUPEL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without "nohashdir" two build folders share nothing as soon as there is debug information.
  set(CMAKE_C_COMPILER_LAUNCHER env CCACHE_NOHASHDIR=1 "${CUPEL_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_NOHASHDIR=1 "${CUPEL_CCACHE}")
endif()

if(CUPEL_FAST_LINKER)
  find_program(CUPEL_MOLD mold)
  find_program(CUPEL_LLD ld.lld)
  mark_as_advanced(CUPEL_MOLD CUPEL_LLD)
  include(CheckLinkerFlag)
  foreach(linker IN ITEMS mold lld)
    string(TOUPPER "${linker}" name)
    if(CUPEL_${name})
      check_linker_flag(CXX "-fuse-ld=${linker}" CUPEL_${name}_WORKS)
      if(CUPEL_${name}_WORKS)
        add_link_options("-fuse-ld=${linker}")
        break()
      endif()
    endif()
  endforeach()
endif()

if(CUPEL_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "CUPEL_FUZZ needs clang++ (libFuzzer); use `cmake --preset fuzz`")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(CUPEL_SANITIZE)
  set(flags "-fsanitize=${CUPEL_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_compile_options(${flags})
  # What sanitizers add to the data is millions of relocations, which took half of the time of every start.
  add_link_options(${flags} $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
endif()

if(CUPEL_LTO)
  include(CheckIPOSupported)
  check_ipo_supported(RESULT works OUTPUT why LANGUAGES CXX)
  if(works)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  else()
    message(STATUS "Building without link-time optimisation: ${why}")
  endif()
endif()

if(CUPEL_STATIC_RUNTIME)
  include(CheckLinkerFlag)
  check_linker_flag(CXX "-static-libstdc++" CUPEL_STATIC_RUNTIME_WORKS)
  if(CUPEL_STATIC_RUNTIME_WORKS AND NOT APPLE)
    set(CUPEL_STATIC_RUNTIME_FLAGS -static-libstdc++ -static-libgcc) # for what is shipped; tests use libraries that bring their own
  endif()
endif()

if(CUPEL_CLANG_TIDY)
  find_program(CUPEL_TIDY NAMES clang-tidy REQUIRED)
  mark_as_advanced(CUPEL_TIDY)
endif()

# Warnings (and clang-tidy) for code we wrote; generated and foreign code is not given to this.
function(cupel_own_code target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wmissing-declarations
    $<$<BOOL:${CUPEL_WERROR}>:-Werror>)
  if(CUPEL_CLANG_TIDY)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "${CUPEL_TIDY};--quiet")
  endif()
endfunction()
