# The tests once more with another version of libpg_query, in the same build: CUPEL_OTHER_PG_QUERY_ROOT is its prefix.
#
# Only src/sql sees the library, so that only src/sql is compiled twice. Its objects are named before all archives, and the other library
# before the first: every symbol is defined by then, and nothing is taken from the archives of the first.

set(CUPEL_OTHER_PG_QUERY_ROOT "" CACHE PATH "Prefix of a second libpg_query, which the tests are run with too")

if(CUPEL_OTHER_PG_QUERY_ROOT)
  block(PROPAGATE CUPEL_OTHER_PG_QUERY_VERSION)
    _pg_query_look_in("${CUPEL_OTHER_PG_QUERY_ROOT}")
    if(NOT _pg_query_library)
      message(FATAL_ERROR "CUPEL_OTHER_PG_QUERY_ROOT: no usable libpg_query in ${CUPEL_OTHER_PG_QUERY_ROOT}${_pg_query_rejected}")
    endif()
    set(CUPEL_OTHER_PG_QUERY_VERSION "${PgQuery_VERSION}")
    add_library(PgQuery::other UNKNOWN IMPORTED)
    set_target_properties(PgQuery::other PROPERTIES
      IMPORTED_LOCATION "${_pg_query_library}"
      INTERFACE_INCLUDE_DIRECTORIES "${_pg_query_headers}")
    if(TARGET pg_query_compatibility)
      set_property(TARGET PgQuery::other APPEND PROPERTY INTERFACE_LINK_LIBRARIES pg_query_compatibility)
    endif()
    set_property(TARGET PgQuery::other APPEND PROPERTY INTERFACE_LINK_LIBRARIES Threads::Threads m)
    message(STATUS "libpg_query of the tests' second round: PostgreSQL ${PgQuery_VERSION}, ${_pg_query_library}")
  endblock()
  string(REGEX MATCH "^[0-9]+" CUPEL_OTHER_PG_QUERY_MAJOR "${CUPEL_OTHER_PG_QUERY_VERSION}")

  get_target_property(sources cupel_sql SOURCES)
  add_library(cupel_sql_other OBJECT ${sources})
  target_include_directories(cupel_sql_other PRIVATE "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(cupel_sql_other PRIVATE PgQuery::other cupel::base)
  cupel_own_code(cupel_sql_other)
endif()

# cupel_other_tests(<folder> <library>...): the tests of test_<folder> with the other parser, as test_<folder>_other.
function(cupel_other_tests folder)
  add_executable(test_${folder}_other $<TARGET_OBJECTS:test_${folder}> $<TARGET_OBJECTS:cupel_sql_other>)
  set_target_properties(test_${folder}_other PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(test_${folder}_other PRIVATE PgQuery::other ${ARGN} GTest::gmock_main GTest::gmock GTest::gtest)
  # One process for all of them: starting a thousand would take longer than the tests.
  add_test(NAME ${folder}.other COMMAND test_${folder}_other --gtest_brief=1)
  set_tests_properties(${folder}.other PROPERTIES LABELS "other-parser" TIMEOUT 600
    ENVIRONMENT "CUPEL_EXPECTED_PARSER=${CUPEL_OTHER_PG_QUERY_MAJOR}")
endfunction()
