// The bot with an outbox on disk: kill it when you like, and start it again.
#include "code_bot.hpp"
#include "example.hpp"

#include <aiflow/client.hpp>
#include <aiflow/run.hpp>
#include <aiflow/sqlite_outbox.hpp>

int main(int argc, char** argv)
try {
    auto options = example::durable_options_from(argc, argv);
    if (!options)
        return 64;
    asio::io_context io;
    aiflow::sqlite_outbox_options files;
    files.directory = options->directory;
    files.log = options->client.log;
    aiflow::sqlite_outbox store(files);
    options->client.store = &store;
    aiflow::client client(io, options->client);
    client.serve<code_bot>();
    return aiflow::run_until_signalled(io, client) ? 1 : 0;
} catch (const aiflow::failure& f) {
    std::cerr << to_string(f.what_is_wrong()) << std::endl;
    return f.code() == aiflow::errc::storage_locked ? 75 : 74;
}
