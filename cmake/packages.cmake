# Debian packages: cpack -G DEB in the build directory of the preset `package`. See docs/packages.md.

set(CPACK_PACKAGE_VENDOR "aiflow")
set(CPACK_PACKAGE_CONTACT "aiflow <aiflow@localhost>" CACHE STRING
    "Who answers for the packages; whoever gives them to others enters themselves here")
# Each package has its own.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL daemon library development)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
# Whatever the umask is.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
# Between packages of one build the versions have to be the same, so the dependency is written out
# below, and dpkg-shlibdeps looks for the libraries where they are built.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
    ${PROJECT_BINARY_DIR}/src ${PROJECT_BINARY_DIR}/src/outbox)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_DAEMON_PACKAGE_NAME aiflow)
set(CPACK_DEBIAN_DAEMON_PACKAGE_SECTION comm)
set(CPACK_COMPONENT_DAEMON_DESCRIPTION
    "call bots and SMS on sipgate AI Flow: daemon and tools
aiflowd takes the calls of AI Flow and answers them by rules in a file, by a
program behind a pipe, or by a web app. An SMS that it has accepted is kept on
disk, retried where that is safe, and ends in one outcome that can be asked
for. With aiflowctl, to see what it does, and aiflow-sim, a stand-in for AI
Flow.")
set(CPACK_DEBIAN_DAEMON_PACKAGE_DEPENDS "libaiflow1 (= ${PROJECT_VERSION}), ca-certificates")
set(CPACK_DEBIAN_DAEMON_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/tools/package/conffiles
    ${PROJECT_SOURCE_DIR}/tools/package/postinst
    ${PROJECT_SOURCE_DIR}/tools/package/prerm
    ${PROJECT_SOURCE_DIR}/tools/package/postrm)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libaiflow1)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/tools/package/triggers)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
    "sipgate AI Flow for C++: shared libraries
Client, listener, handlers and SMS for the event streams of sipgate AI Flow.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libaiflow-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libaiflow1 (= ${PROJECT_VERSION}), libboost1.81-dev, libboost-json1.81-dev, libboost-url1.81-dev, libssl-dev, libsqlite3-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "sipgate AI Flow for C++: headers
Headers and CMake files for services on Boost.Asio that take calls of sipgate
AI Flow.")

# What Debian wants in every package, in the folder that is named after it.
set(changelog ${PROJECT_SOURCE_DIR}/tools/package/changelog)
file(READ ${PROJECT_SOURCE_DIR}/LICENSE license)
file(STRINGS ${changelog} newest LIMIT_COUNT 1)
if(NOT newest MATCHES "^aiflow \\(${PROJECT_VERSION}\\) ")
    message(FATAL_ERROR "${changelog} begins with \"${newest}\", and not with ${PROJECT_VERSION}: "
        "say there what is new in this version")
endif()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/package/copyright @ONLY
    CONTENT "Copyright 2026 the developers of aiflow.\n\n${license}")
configure_file(${changelog} ${PROJECT_BINARY_DIR}/package/changelog @ONLY)
add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/package/changelog.gz
    COMMAND ${AIFLOW_GZIP} -9nkf ${PROJECT_BINARY_DIR}/package/changelog
    DEPENDS ${PROJECT_BINARY_DIR}/package/changelog
    VERBATIM)
add_custom_target(aiflow-changelog ALL DEPENDS ${PROJECT_BINARY_DIR}/package/changelog.gz)
foreach(component daemon library development)
    string(TOUPPER ${component} name)
    install(FILES
        ${PROJECT_BINARY_DIR}/package/copyright
        ${PROJECT_BINARY_DIR}/package/changelog.gz
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${name}_PACKAGE_NAME}
        COMPONENT ${component})
endforeach()

include(CPack)
