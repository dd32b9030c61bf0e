# Compiles the headers that nearly every file wants once for all of them: a third of the time of an
# unoptimised build. Included last, when there are all the targets; aiflow_test() lets the tests take
# those of aiflow_test_support. For static libraries, whose files are compiled with the same flags as
# those of programs.

set(common_headers
    <boost/asio/any_io_executor.hpp>
    <boost/asio/as_tuple.hpp>
    <boost/asio/awaitable.hpp>
    <boost/asio/bind_cancellation_slot.hpp>
    <boost/asio/co_spawn.hpp>
    <boost/asio/detached.hpp>
    <boost/asio/experimental/awaitable_operators.hpp>
    <boost/asio/io_context.hpp>
    <boost/asio/ip/tcp.hpp>
    <boost/asio/post.hpp>
    <boost/asio/steady_timer.hpp>
    <boost/asio/use_awaitable.hpp>
    <algorithm>
    <chrono>
    <functional>
    <map>
    <memory>
    <optional>
    <random>
    <string>
    <unordered_map>
    <vector>)

# RE2 brings it to the daemon, and the flags must be the same.
target_compile_options(aiflow_flags INTERFACE -pthread)

# GCC takes them only where everything is defined that was defined for them.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/asio_headers.cpp CONTENT "")
add_library(asio_headers OBJECT ${PROJECT_BINARY_DIR}/asio_headers.cpp)
target_compile_features(asio_headers PRIVATE cxx_std_20)
target_link_libraries(asio_headers PRIVATE Boost::headers aiflow_flags)
target_precompile_headers(asio_headers PRIVATE ${common_headers})

set(like_the_library
    aiflow aiflow_outbox aiflow_simulator aiflow_daemon
    aiflow-sim aiflowd aiflowctl aiflow-bench-bot aiflow-bench-steps
    aiflow_example send_the_code take_the_call ask_again text_from_outside survive_a_crash
    fuzz_wire fuzz_control fuzz_outbox fuzz_sms)
foreach(target IN LISTS like_the_library)
    if(TARGET ${target})
        target_precompile_headers(${target} REUSE_FROM asio_headers)
    endif()
endforeach()

if(TARGET aiflow_test_support)
    target_precompile_headers(aiflow_test_support PRIVATE ${common_headers} <boost/test/unit_test.hpp>)
endif()

# For ccache.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(aiflow_flags INTERFACE -fpch-preprocess)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(aiflow_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()
