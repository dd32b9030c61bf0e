# What can be chosen, and the flags that every target of this project is built with.
include(CMakeDependentOption)

option(AIFLOW_TOOLS "Build the programs: aiflow-sim and those of the daemon" ${PROJECT_IS_TOP_LEVEL})
option(AIFLOW_OUTBOX "Build the outbox on SQLite; the daemon and the tests need it" ON)
option(AIFLOW_FUZZ "Build the fuzzers of test/fuzz; needs Clang, the outbox and the daemon's library" OFF)
# The fuzzers need the library of the daemon, even without its programs.
cmake_dependent_option(AIFLOW_DAEMON "Build aiflowd and aiflowctl; needs the tools and the outbox"
    ${PROJECT_IS_TOP_LEVEL} "AIFLOW_TOOLS OR AIFLOW_FUZZ;AIFLOW_OUTBOX" OFF)
cmake_dependent_option(AIFLOW_TESTS "Build the tests, the examples and aiflow-bench; needs all the rest"
    ${PROJECT_IS_TOP_LEVEL} "AIFLOW_TOOLS;AIFLOW_DAEMON" OFF)
option(AIFLOW_UNITY "Compile several files of a target at a time, which halves the time of a build" OFF)
option(AIFLOW_PCH "Compile the headers of Asio once for all files; for static libraries" OFF)
option(AIFLOW_PACKAGES "Install what belongs outside of the prefix, too: units, /etc/aiflowd; for cpack" OFF)
option(AIFLOW_WERROR "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
option(AIFLOW_HARDEN "Flags that make faults harder to use, at some cost in speed" OFF)
set(AIFLOW_SANITIZE "" CACHE STRING "Sanitizers for everything: \"address,undefined\" or \"thread\"")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(PROJECT_IS_TOP_LEVEL)
    find_program(AIFLOW_CCACHE ccache)
    if(AIFLOW_CCACHE)
        # Without the first it keeps nothing that was compiled with precompiled headers; with the
        # others a clone in another folder finds what an earlier one has compiled.
        set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros
            CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${AIFLOW_CCACHE})
    endif()
endif()

# Flags of this project's own targets; a user of the installed library sees none of them.
add_library(aiflow_flags INTERFACE)
target_compile_options(aiflow_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    $<$<BOOL:${AIFLOW_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 takes the frames of Asio's coroutines for mismatched new and delete, and a text and a
    # string that are joined for overlapping (its bug 105651).
    target_compile_options(aiflow_flags INTERFACE -Wno-mismatched-new-delete -Wno-restrict)
endif()
if(AIFLOW_UNITY)
    # The headers of Asio and Beast cost more than our code. The preset release compiles each file alone,
    # so that each is known to stand alone.
    set(CMAKE_UNITY_BUILD ON)
    set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # GCC 12 loses sight of what a variant holds when it sees several files at once.
        target_compile_options(aiflow_flags INTERFACE
            -Wno-subobject-linkage -Wno-maybe-uninitialized)
    elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        # Its -Wshadow takes what another file of the unit keeps to itself for shadowed.
        target_compile_options(aiflow_flags INTERFACE -Wno-shadow)
    endif()
endif()

# What tools/check-hardening looks for in a program; its test builds one with exactly these.
set(aiflow_harden_compile -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fstack-clash-protection -fcf-protection)
set(aiflow_harden_link -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
if(AIFLOW_HARDEN)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    target_compile_options(aiflow_flags INTERFACE ${aiflow_harden_compile})
    target_link_options(aiflow_flags INTERFACE
        $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie> ${aiflow_harden_link})
endif()
if(AIFLOW_SANITIZE)
    target_compile_options(aiflow_flags INTERFACE
        -fsanitize=${AIFLOW_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(aiflow_flags INTERFACE -fsanitize=${AIFLOW_SANITIZE})
    if(AIFLOW_SANITIZE MATCHES "undefined")
        # The address sanitizer finds what these four find, and they are half of the compile time.
        target_compile_options(aiflow_flags INTERFACE
            -fno-sanitize=null,alignment,vptr,object-size)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
            # Clang 14 cannot compile a coroutine with it (llvm-project issue 49689).
            target_compile_options(aiflow_flags INTERFACE -fno-sanitize=function)
        endif()
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # It loses sight of variant's discriminator under a sanitizer, too.
        target_compile_options(aiflow_flags INTERFACE -Wno-maybe-uninitialized)
    endif()
    if(AIFLOW_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # GCC warns that its thread sanitizer does not see fences; Asio has some beside its locks.
        target_compile_options(aiflow_flags INTERFACE -Wno-tsan)
    endif()
endif()
if(AIFLOW_FUZZ)
    # What the fuzzers steer by; each of them brings the rest by its own -fsanitize=fuzzer.
    target_compile_options(aiflow_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
