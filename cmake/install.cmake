# install() of the library, and find_package(aiflow). The components are the packages of
# packages.cmake.

include(CMakePackageConfigHelpers)

set(aiflow_installed aiflow_protocol aiflow)
if(AIFLOW_OUTBOX)
    list(APPEND aiflow_installed aiflow_outbox)
endif()
set_target_properties(${aiflow_installed} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 1)
install(TARGETS ${aiflow_installed}
    EXPORT aiflow-targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        COMPONENT library NAMELINK_COMPONENT development
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT aiflow-targets
    NAMESPACE aiflow::
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/aiflow
    COMPONENT development)

configure_package_config_file(cmake/aiflow-config.cmake.in
    ${CMAKE_CURRENT_BINARY_DIR}/aiflow-config.cmake
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/aiflow)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/aiflow-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/aiflow-config.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/aiflow-config-version.cmake
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/aiflow
    COMPONENT development)
