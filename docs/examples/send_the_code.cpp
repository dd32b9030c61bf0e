// The bot behind a client, which dials out and holds its connection.
#include "code_bot.hpp"
#include "example.hpp"

#include <aiflow/client.hpp>
#include <aiflow/run.hpp>

int main(int argc, char** argv)
{
    const auto options = example::client_options_from(argc, argv);
    if (!options)
        return 64;
    asio::io_context io;
    aiflow::client client(io, *options);
    client.serve<code_bot>();
    return aiflow::run_until_signalled(io, client) ? 1 : 0;
}
