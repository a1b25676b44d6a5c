# What is installed: the program, and what C++ migrations are built with.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS cupel RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/src/op/cupel" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/cupel")
configure_package_config_file(cmake/CupelConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/cupelConfig.cmake"
  INSTALL_DESTINATION "${package}" PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_BINDIR)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/cupelConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/cupelConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/cupelConfigVersion.cmake"
  "${CMAKE_CURRENT_SOURCE_DIR}/cmake/CupelMigrations.cmake" DESTINATION "${package}")

# The rules' pages. Whoever builds for another machine has to write them there.
if(NOT CMAKE_CROSSCOMPILING)
  install(CODE "execute_process(COMMAND \"$<TARGET_FILE:cupel>\" rules --pages \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}/rules\"
    COMMAND_ERROR_IS_FATAL ANY)")
endif()
