# cupel::clang: Clang's libraries, for the executable that reads C++ sources (cupel-cxx). CUPEL_CXX chooses:
#   AUTO    static libraries where they are, else shared ones, else nothing: C++ files are then reported as not analysed
#   STATIC  static or an error: one program that starts in a millisecond or two
#   SHARED  shared or an error: some 18 ms at each start, a small program
#   OFF     not built
#
# CMake's own packages of Clang are not used: their static targets still pull the shared LLVM in. llvm-config tells where everything is.

set(CUPEL_CXX AUTO CACHE STRING "Build cupel-cxx, which reads C++ sources: AUTO, STATIC, SHARED or OFF")
set_property(CACHE CUPEL_CXX PROPERTY STRINGS AUTO STATIC SHARED OFF)
if(NOT CUPEL_CXX MATCHES "^(AUTO|STATIC|SHARED|OFF)$")
  message(FATAL_ERROR "CUPEL_CXX is AUTO, STATIC, SHARED or OFF, not \"${CUPEL_CXX}\"")
endif()

# Only the version whose interface was tried.
set(clang_wanted 19)
set(clang_missing "")

if(NOT CUPEL_CXX STREQUAL "OFF")
  find_program(CUPEL_LLVM_CONFIG NAMES llvm-config-${clang_wanted} llvm-config
    HINTS /usr/lib/llvm-${clang_wanted}/bin /opt/homebrew/opt/llvm@${clang_wanted}/bin /usr/local/opt/llvm@${clang_wanted}/bin)
  mark_as_advanced(CUPEL_LLVM_CONFIG)
  function(llvm_config result)
    execute_process(COMMAND "${CUPEL_LLVM_CONFIG}" ${ARGN} OUTPUT_VARIABLE output ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    set(${result} "${output}" PARENT_SCOPE)
  endfunction()

  if(NOT CUPEL_LLVM_CONFIG)
    set(clang_missing "llvm-config-${clang_wanted} was not found")
  else()
    llvm_config(version --version)
    llvm_config(include --includedir)
    llvm_config(library --libdir)
    if(NOT version MATCHES "^${clang_wanted}\\.")
      set(clang_missing "${CUPEL_LLVM_CONFIG} is version ${version}, ${clang_wanted} is needed")
    elseif(NOT EXISTS "${include}/clang/Tooling/Tooling.h")
      set(clang_missing "${include} has no headers of Clang")
    endif()
  endif()

  # What a compiler brings along itself: sources that are read with the real headers need it, where no Clang is installed, too.
  set(CUPEL_CLANG_BUILTIN_HEADERS "")
  foreach(header __stdarg___gnuc_va_list.h __stdarg___va_copy.h __stdarg_header_macro.h __stdarg_va_arg.h __stdarg_va_copy.h __stdarg_va_list.h
      __stddef_header_macro.h __stddef_max_align_t.h __stddef_null.h __stddef_nullptr_t.h __stddef_offsetof.h __stddef_ptrdiff_t.h
      __stddef_rsize_t.h __stddef_size_t.h __stddef_unreachable.h __stddef_wchar_t.h __stddef_wint_t.h float.h inttypes.h iso646.h limits.h
      stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdnoreturn.h tgmath.h)
    if(EXISTS "${library}/clang/${clang_wanted}/include/${header}")
      list(APPEND CUPEL_CLANG_BUILTIN_HEADERS "${library}/clang/${clang_wanted}/include/${header}")
    endif()
  endforeach()

  set(clang_kind "")
  if(NOT clang_missing)
    # Only what parsing needs: no code generator, no targets.
    set(parts clangTooling clangFrontend clangSerialization clangDriver clangParse clangSema clangAnalysis clangEdit clangAPINotes clangSupport
      clangAST clangFormat clangToolingInclusions clangToolingCore clangRewrite clangLex clangBasic clangASTMatchers)
    set(archives "")
    set(all_there ON)
    foreach(part IN LISTS parts)
      if(NOT EXISTS "${library}/lib${part}.a")
        set(all_there OFF)
      endif()
      list(APPEND archives "${library}/lib${part}.a")
    endforeach()
    llvm_config(llvm_archives --link-static --libfiles option support frontendopenmp frontendoffloading frontendhlsl analysis targetparser
      bitreader core profiledata windowsdriver)
    llvm_config(llvm_system --link-static --system-libs)
    if(NOT llvm_archives OR NOT llvm_system)
      set(all_there OFF)
    endif()
    find_library(CUPEL_CLANG_SHARED NAMES "libclang-cpp.so.${clang_wanted}.1" "libclang-cpp.so.${clang_wanted}" clang-cpp
      HINTS "${library}" NO_DEFAULT_PATH)
    find_library(CUPEL_LLVM_SHARED NAMES "libLLVM.so.${clang_wanted}.1" "LLVM-${clang_wanted}" LLVM HINTS "${library}" NO_DEFAULT_PATH)
    mark_as_advanced(CUPEL_CLANG_SHARED CUPEL_LLVM_SHARED)
    if(all_there AND NOT CUPEL_CXX STREQUAL "SHARED")
      set(clang_kind static)
    elseif(CUPEL_CLANG_SHARED AND CUPEL_LLVM_SHARED AND NOT CUPEL_CXX STREQUAL "STATIC")
      set(clang_kind shared)
    else()
      set(clang_missing "${library} lacks Clang's ${CUPEL_CXX} libraries")
    endif()
  endif()

  if(clang_kind)
    add_library(cupel_clang INTERFACE)
    add_library(cupel::clang ALIAS cupel_clang)
    target_include_directories(cupel_clang SYSTEM INTERFACE "${include}")
    target_compile_definitions(cupel_clang INTERFACE __STDC_CONSTANT_MACROS __STDC_FORMAT_MACROS __STDC_LIMIT_MACROS)
    if(clang_kind STREQUAL "static")
      separate_arguments(llvm_archives)
      separate_arguments(llvm_system)
      list(FILTER llvm_system EXCLUDE REGEX "xml2|z3") # for tools that are not linked
      target_link_libraries(cupel_clang INTERFACE ${archives} ${llvm_archives} ${llvm_system})
    else()
      target_link_libraries(cupel_clang INTERFACE "${CUPEL_CLANG_SHARED}" "${CUPEL_LLVM_SHARED}")
    endif()
    message(STATUS "cupel-cxx: Clang ${version}, ${clang_kind}")
  elseif(CUPEL_CXX STREQUAL "AUTO")
    message(STATUS "cupel-cxx is not built, C++ files will be reported as not analysed: ${clang_missing} "
      "(scripts/bootstrap; apt install libclang-${clang_wanted}-dev llvm-${clang_wanted}-dev libzstd-dev, brew install llvm@${clang_wanted})")
  else()
    message(FATAL_ERROR "CUPEL_CXX=${CUPEL_CXX}: ${clang_missing} (apt install libclang-${clang_wanted}-dev llvm-${clang_wanted}-dev libzstd-dev)")
  endif()
endif()

# cupel_embed_headers(<target> MODELS <file>... BUILTIN <file>...): their texts as models() and builtin_headers() of src/cxx/model.h,
# written to a source of <target>.
function(cupel_embed_headers target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "MODELS;BUILTIN")
  foreach(kind MODELS BUILTIN)
    set(${kind} "")
    foreach(file IN LISTS arg_${kind})
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
      file(READ "${file}" text)
      cmake_path(GET file FILENAME name)
      if(name MATCHES "[.]model$")
        cmake_path(GET file STEM name)
      elseif(name MATCHES "[.]hpp$") # the operations API's own headers, by the names that users include
        set(name "cupel/${name}")
      endif()
      string(FIND "${text}" ")model\"" position)
      if(NOT position EQUAL -1)
        message(FATAL_ERROR "${file} contains )model\", change a word in it")
      endif()
      string(APPEND ${kind} "    {\"${name}\", R\"model(${text})model\"},\n")
    endforeach()
  endforeach()
  set(builtin "return {};")
  if(BUILTIN)
    set(builtin "static constexpr BuiltinHeader table[] = {\n${BUILTIN}  };\n  return table;")
  endif()
  set(table "// Written by cmake/CupelClang.cmake.\n#include \"cxx/model.h\"\n
namespace cupel::cxx {
std::span<const Model> models() {
  static constexpr Model table[] = {\n${MODELS}  };
  return table;\n}
std::span<const BuiltinHeader> builtin_headers() {
  ${builtin}\n}\n}  // namespace cupel::cxx\n")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/generated/cxx_models.cpp")
  cupel_generated("${output}" "${table}")
  target_sources(${target} PRIVATE "${output}")
endfunction()
