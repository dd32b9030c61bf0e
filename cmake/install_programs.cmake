# install() of the programs and of what belongs to them: the component `daemon`. Outside of the
# prefix it puts something only for packages, so that no `cmake --install` changes /etc.

set(aiflow_programs aiflow-sim)
set(aiflow_manuals ${PROJECT_SOURCE_DIR}/docs/man/aiflow-sim.1)
if(AIFLOW_DAEMON)
    list(APPEND aiflow_programs aiflowd aiflowctl)
    list(APPEND aiflow_manuals
        ${PROJECT_SOURCE_DIR}/docs/man/aiflowd.8
        ${PROJECT_SOURCE_DIR}/docs/man/aiflowctl.1
        ${aiflow_config_manual})
endif()
install(TARGETS ${aiflow_programs}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT daemon)
foreach(program ${aiflow_programs})
    install(FILES tools/completion/${program}.bash
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME ${program}
        COMPONENT daemon)
endforeach()

# Compressed as Debian wants them: as small as can be, and without the time of the build.
find_program(AIFLOW_GZIP gzip REQUIRED)
set(compressed)
foreach(manual ${aiflow_manuals})
    cmake_path(GET manual FILENAME name)
    cmake_path(GET manual EXTENSION LAST_ONLY section)
    string(SUBSTRING ${section} 1 -1 section)
    set(output ${PROJECT_BINARY_DIR}/man/${name}.gz)
    add_custom_command(OUTPUT ${output}
        COMMAND ${AIFLOW_GZIP} -9nc ${manual} > ${output}
        DEPENDS ${manual}
        VERBATIM)
    list(APPEND compressed ${output})
    install(FILES ${output}
        DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
        COMPONENT daemon)
endforeach()
add_custom_target(aiflow-manuals ALL DEPENDS ${compressed})
if(AIFLOW_DAEMON)
    add_dependencies(aiflow-manuals aiflow-config-manual)
endif()

# The documents with what they link to, at the same places relative to each other.
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT daemon
    PATTERN man EXCLUDE
    PATTERN CMakeLists.txt EXCLUDE)
install(DIRECTORY tools/scenarios DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT daemon)
install(FILES tools/systemd/aiflowd-notify-reload.conf
    DESTINATION ${CMAKE_INSTALL_DOCDIR}
    COMPONENT daemon)

if(AIFLOW_PACKAGES)
    # The sample, with the one line more that the unit's credential needs.
    set(sample ${PROJECT_SOURCE_DIR}/docs/aiflowd.toml)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sample})
    file(READ ${sample} text)
    string(REPLACE "\n#token_files = []\n" "\ntoken_files = [\"credential:api-token\"]\n"
        service "${text}")
    if(service STREQUAL text)
        message(FATAL_ERROR "${sample} has no line \"#token_files = []\" for the package to change")
    endif()
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/service/aiflowd.toml CONTENT "${service}" @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/service/aiflowd.toml
        DESTINATION /etc/aiflowd
        COMPONENT daemon)
    install(FILES docs/rules/send-the-code.toml
        DESTINATION /etc/aiflowd
        RENAME rules.toml
        COMPONENT daemon)
    # Debian 12 has its units here; later ones have /lib as a link to /usr/lib.
    install(FILES tools/systemd/aiflowd.service tools/systemd/aiflowd.socket
        DESTINATION /lib/systemd/system
        COMPONENT daemon)
endif()
