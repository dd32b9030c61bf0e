// The same bot behind a listener, which takes the connections that AI Flow opens.
#include "code_bot.hpp"
#include "example.hpp"

#include <aiflow/listener.hpp>
#include <aiflow/run.hpp>

int main(int argc, char** argv)
{
    const auto options = example::listener_options_from(argc, argv);
    if (!options)
        return 64;
    asio::io_context io;
    aiflow::listener listener(io, *options);
    listener.serve<code_bot>();
    return aiflow::run_until_signalled(io, listener) ? 1 : 0;
}
