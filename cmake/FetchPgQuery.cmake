# fetch_pg_query(<result>): downloads libpg_query's upstream release, builds its static archive with its own Makefile and lays out a prefix with
# the raw parse tree's headers, which `make install` leaves out. The last resort, see FindPgQuery.cmake.

set(CUPEL_FETCH_PG_QUERY_VERSION "18.1.0" CACHE STRING "Upstream release of libpg_query that CUPEL_FETCH_PG_QUERY downloads")

function(fetch_pg_query result)
  include(FetchContent)
  FetchContent_Declare(libpg_query
    URL "https://github.com/pganalyze/libpg_query/archive/refs/tags/${CUPEL_FETCH_PG_QUERY_VERSION}.tar.gz"
    DOWNLOAD_EXTRACT_TIMESTAMP ON)
  FetchContent_GetProperties(libpg_query)
  if(NOT libpg_query_POPULATED)
    message(STATUS "Downloading libpg_query ${CUPEL_FETCH_PG_QUERY_VERSION}")
    FetchContent_Populate(libpg_query)
  endif()

  set(prefix "${CMAKE_BINARY_DIR}/libpg_query-${CUPEL_FETCH_PG_QUERY_VERSION}")
  if(NOT EXISTS "${prefix}/lib/libpg_query.a")
    find_program(make NAMES gmake make REQUIRED NO_CACHE)
    cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
    message(STATUS "Building libpg_query ${CUPEL_FETCH_PG_QUERY_VERSION}")
    execute_process(COMMAND "${make}" -j${cores} libpg_query.a "CC=${CMAKE_C_COMPILER}" WORKING_DIRECTORY "${libpg_query_SOURCE_DIR}"
      OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "libpg_query could not be built:\n${output}")
    endif()
    file(GLOB headers "${libpg_query_SOURCE_DIR}/*.h")
    file(COPY ${headers} DESTINATION "${prefix}/include")
    file(GLOB headers "${libpg_query_SOURCE_DIR}/src/include/*.h" "${libpg_query_SOURCE_DIR}/src/pg_query_internal.h")
    file(COPY ${headers} DESTINATION "${prefix}/include/pg_query")
    file(COPY "${libpg_query_SOURCE_DIR}/src/postgres/include/" DESTINATION "${prefix}/include/pg_query/postgres")
    file(COPY "${libpg_query_SOURCE_DIR}/libpg_query.a" DESTINATION "${prefix}/lib") # last: its presence says that all is there
  endif()
  set(${result} "${prefix}" PARENT_SCOPE)
endfunction()
