# Finds libpg_query with the headers of PostgreSQL's raw parse tree; defines PgQuery::pg_query and PgQuery_VERSION (PostgreSQL's, e.g. 18.6).
#
# Looked for in this order:
#   1. CUPEL_PG_QUERY_ROOT (CMake or environment variable): a prefix that holds include/ and lib/, or usr/include/ and usr/lib/
#   2. .deps/pg_query in the source folder, which scripts/bootstrap fills on systems whose own package is too old
#   3. the system (Debian 13: libpg-query-dev; Homebrew: libpg_query)
#   4. the upstream release, downloaded and built, only with CUPEL_FETCH_PG_QUERY=ON
# The static archive is preferred: no shared object to load at every start.

set(CUPEL_PG_QUERY_ROOT "$ENV{CUPEL_PG_QUERY_ROOT}" CACHE PATH "Prefix of a libpg_query to use instead of the one that is found")

set(_pg_query_here "${CMAKE_CURRENT_LIST_DIR}")
set(_pg_query_rejected "")

# Sets _pg_query_include, _pg_query_headers, _pg_query_library and PgQuery_VERSION when <root> ("" for the system) holds a usable one.
# Nothing is cached: pointing .deps/pg_query elsewhere takes effect at the next configure.
function(_pg_query_look_in root)
  # find_path leaves a variable of the caller's alone if it has a value.
  unset(include)
  unset(headers)
  unset(internal)
  unset(library)
  if(root)
    file(REAL_PATH "${root}" root BASE_DIRECTORY "${CMAKE_SOURCE_DIR}")
    set(where PATHS "${root}" "${root}/usr" NO_DEFAULT_PATH)
  else()
    set(where "")
  endif()
  find_path(include pg_query.h ${where} PATH_SUFFIXES include include/libpg_query NO_CACHE)
  if(NOT include)
    return()
  endif()
  find_path(headers postgres.h PATHS "${include}/pg_query/postgres" "${include}/postgres" NO_DEFAULT_PATH NO_CACHE)
  find_path(internal pg_query_internal.h PATHS "${include}/pg_query" "${include}" NO_DEFAULT_PATH NO_CACHE)
  set(lib_suffixes lib lib64)
  if(CMAKE_LIBRARY_ARCHITECTURE)
    list(PREPEND lib_suffixes "lib/${CMAKE_LIBRARY_ARCHITECTURE}")
  endif()
  find_library(library NAMES "${CMAKE_STATIC_LIBRARY_PREFIX}pg_query${CMAKE_STATIC_LIBRARY_SUFFIX}" pg_query ${where}
    PATH_SUFFIXES ${lib_suffixes} NO_CACHE)
  file(STRINGS "${include}/pg_query.h" line REGEX "define PG_VERSION_NUM [0-9]+")
  string(REGEX MATCH "[0-9]+$" number "${line}")
  if(NOT number OR NOT library)
    set(_pg_query_rejected "${_pg_query_rejected}\n  ${include}: no version or no library beside it" PARENT_SCOPE)
    return()
  endif()
  math(EXPR major "${number} / 10000")
  math(EXPR minor "${number} % 10000")
  if("${major}.${minor}" VERSION_LESS PgQuery_FIND_VERSION)
    set(_pg_query_rejected "${_pg_query_rejected}\n  ${include}: is for PostgreSQL ${major}, ${PgQuery_FIND_VERSION} or newer is needed" PARENT_SCOPE)
    return()
  endif()
  if(NOT headers OR NOT internal)
    set(_pg_query_rejected "${_pg_query_rejected}\n  ${include}: lacks the raw parse tree's headers (pg_query/postgres)" PARENT_SCOPE)
    return()
  endif()
  set(_pg_query_include "${include}" PARENT_SCOPE)
  set(_pg_query_headers "${include};${internal};${headers}" PARENT_SCOPE)
  set(_pg_query_library "${library}" PARENT_SCOPE)
  set(PgQuery_VERSION "${major}.${minor}" PARENT_SCOPE)
endfunction()

# Sets <result> when a program using the library links, with the extra sources given.
function(_pg_query_links result)
  try_compile(${result}
    SOURCES "${_pg_query_here}/pg_query_check.cpp" ${ARGN}
    CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${_pg_query_headers}" "-DCMAKE_CXX_STANDARD=20"
    LINK_LIBRARIES "${_pg_query_library}" Threads::Threads m
    OUTPUT_VARIABLE output)
  set(_pg_query_output "${output}" PARENT_SCOPE)
endfunction()

if(CUPEL_PG_QUERY_ROOT)
  _pg_query_look_in("${CUPEL_PG_QUERY_ROOT}")
  set(_pg_query_final ON)
endif()
if(NOT _pg_query_library AND NOT CUPEL_PG_QUERY_ROOT)
  if(EXISTS "${CMAKE_SOURCE_DIR}/.deps/pg_query")
    _pg_query_look_in("${CMAKE_SOURCE_DIR}/.deps/pg_query")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/.deps/pg_query")
  endif()
  if(NOT _pg_query_library)
    _pg_query_look_in("")
  endif()
  if(NOT _pg_query_library AND CUPEL_FETCH_PG_QUERY)
    include(FetchPgQuery)
    fetch_pg_query(_pg_query_fetched)
    _pg_query_look_in("${_pg_query_fetched}")
  endif()
endif()

if(_pg_query_library AND NOT TARGET PgQuery::pg_query)
  find_package(Threads REQUIRED)
  # One question per archive and compiler flags; the answer stays in the cache.
  string(MD5 _pg_query_key "${_pg_query_library} ${CMAKE_CXX_COMPILER} ${CMAKE_CXX_FLAGS}")
  _pg_query_links(CUPEL_PG_QUERY_LINKS_${_pg_query_key})
  set(_pg_query_compatibility OFF)
  if(NOT CUPEL_PG_QUERY_LINKS_${_pg_query_key})
    _pg_query_links(CUPEL_PG_QUERY_LINKS_WITH_HELP_${_pg_query_key} "${_pg_query_here}/pg_query_compatibility.c")
    if(CUPEL_PG_QUERY_LINKS_WITH_HELP_${_pg_query_key})
      set(_pg_query_compatibility ON)
    else()
      string(APPEND _pg_query_rejected "\n  ${_pg_query_library}: a program using it does not link here:\n${_pg_query_output}")
      unset(CUPEL_PG_QUERY_LINKS_${_pg_query_key} CACHE)
      unset(CUPEL_PG_QUERY_LINKS_WITH_HELP_${_pg_query_key} CACHE)
      unset(_pg_query_library)
    endif()
  endif()
endif()

if(NOT _pg_query_library)
  set(_pg_query_advice "libpg_query for PostgreSQL ${PgQuery_FIND_VERSION} or newer was not found. To get it:
  Debian 12, Ubuntu: scripts/bootstrap (keeps it in .deps/, changes nothing of the system)
  Debian 13:         apt install libpg-query-dev
  macOS:             brew install libpg_query
  elsewhere:         set CUPEL_PG_QUERY_ROOT to its prefix, or configure with -DCUPEL_FETCH_PG_QUERY=ON")
  if(_pg_query_rejected)
    string(APPEND _pg_query_advice "\nFound but not usable:${_pg_query_rejected}")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PgQuery
  REQUIRED_VARS _pg_query_library _pg_query_include
  VERSION_VAR PgQuery_VERSION
  REASON_FAILURE_MESSAGE "${_pg_query_advice}")

if(PgQuery_FOUND AND NOT TARGET PgQuery::pg_query)
  add_library(PgQuery::pg_query UNKNOWN IMPORTED)
  set_target_properties(PgQuery::pg_query PROPERTIES
    IMPORTED_LOCATION "${_pg_query_library}"
    INTERFACE_INCLUDE_DIRECTORIES "${_pg_query_headers}")
  if(_pg_query_compatibility)
    add_library(pg_query_compatibility STATIC "${_pg_query_here}/pg_query_compatibility.c")
    set_property(TARGET PgQuery::pg_query APPEND PROPERTY INTERFACE_LINK_LIBRARIES pg_query_compatibility)
  endif()
  set_property(TARGET PgQuery::pg_query APPEND PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads m)
  message(STATUS "libpg_query: PostgreSQL ${PgQuery_VERSION}, ${_pg_query_library}")
endif()
