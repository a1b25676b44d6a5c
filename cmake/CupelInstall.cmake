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

# What the program says of itself: the rules' pages, the manual page, completions. Whoever builds for another machine has to write
# them there.
if(NOT CMAKE_CROSSCOMPILING)
  install(CODE "
    set(root \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
    execute_process(COMMAND \"$<TARGET_FILE:cupel>\" rules --pages \"\${root}/${CMAKE_INSTALL_DOCDIR}/rules\" COMMAND_ERROR_IS_FATAL ANY)
    foreach(written IN ITEMS \"man:${CMAKE_INSTALL_MANDIR}/man1/cupel.1\"
        \"completion bash:${CMAKE_INSTALL_DATADIR}/bash-completion/completions/cupel\"
        \"completion zsh:${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions/_cupel\"
        \"completion fish:${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d/cupel.fish\")
      string(REGEX MATCH \"^([^:]*):(.*)\$\" written \"\${written}\")
      set(file \"\${root}/\${CMAKE_MATCH_2}\")
      separate_arguments(command UNIX_COMMAND \"\${CMAKE_MATCH_1}\")
      cmake_path(GET file PARENT_PATH folder)
      file(MAKE_DIRECTORY \"\${folder}\")
      execute_process(COMMAND \"$<TARGET_FILE:cupel>\" \${command} OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)
    endforeach()")
endif()
install(FILES LICENSE README.md CHANGELOG.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# `cpack -G DEB` and `cpack -G TGZ` in the build folder.
set(CPACK_PACKAGE_NAME cupel)
set(CPACK_PACKAGE_VENDOR "The cupel authors")
set(CPACK_PACKAGE_CONTACT "The cupel authors <cupel@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${CMAKE_CURRENT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# libpq is loaded when a command needs a database; a compiler makes modules of revisions in C++, where there are any.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libpq5")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "g++, cmake, git")
include(CPack)
