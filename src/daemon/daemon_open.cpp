// How a daemon takes what it needs before its first call.
#include "daemon/config_options.hpp"
#include "daemon/daemon.hpp"
#include "daemon/make_bot.hpp"

#include <filesystem>
#include <utility>

namespace aiflow {

namespace {

exit_code how_to_end(const error_code& ec)
{
    if (ec == errc::storage_locked)
        return exit_code::locked;
    return ec == errc::invalid_value ? exit_code::config : exit_code::storage;
}

}  // namespace

exit_code daemon::refuse(exit_code how, const problem& why)
{
    const bool config = how == exit_code::config;
    setup_.log.write(log_level::error, config ? "config.refused" : "daemon.start", to_string(why),
                     {{"error", why.code.message()}});
    return how;
}

std::optional<exit_code> daemon::open()
{
    if (const auto failed = open_bot())
        return failed;
    if (const auto failed = open_sides())
        return failed;
    return open_control();
}

std::optional<exit_code> daemon::open_bot()
{
    auto made = make_bot(io_.get_executor(), env_, setup_.config, setup_.environment);
    if (!made)
        return refuse(exit_code::config, made.error());
    bot_ = std::move(*made);
    return std::nullopt;
}

std::optional<exit_code> daemon::open_sides()
{
    const service_mode mode = setup_.config.mode;
    if (mode != service_mode::connect) {
        if (const auto failed = open_side("listen"))
            return failed;
    }
    if (mode != service_mode::listen) {
        if (const auto failed = open_side("connect"))
            return failed;
    }
    for (const auto& side : sides_) {
        side->serve([this](session call) { return bot_->take(std::move(call)); });
        if (const auto opened = side->open(); !opened) {
            problem why = opened.error();
            why.field = std::string(side->name()) + "." + why.field;
            return refuse(exit_code::unavailable, why);
        }
    }
    return std::nullopt;
}

std::optional<exit_code> daemon::open_side(std::string_view name)
{
    auto files = outbox_options_of(setup_.config, name, setup_.environment);
    if (!files)
        return refuse(exit_code::config, files.error());
    files->log = setup_.log;
    // The directory of both sides; the outbox makes its own, and says what is wrong with either.
    std::error_code told_later;
    std::filesystem::create_directory(std::filesystem::path(files->directory).parent_path(),
                                      told_later);
    const auto executor = asio::any_io_executor(io_.get_executor());
    try {
        if (name == "listen") {
            auto options = listener_options_of(setup_.config, setup_.environment);
            if (!options)
                return refuse(exit_code::config, options.error());
            options->log = setup_.log;
            const auto given = listen_descriptors(setup_.service);
            if (!given)
                return refuse(exit_code::config, given.error());
            if (given->size() > 1)
                return refuse(exit_code::config,
                              {make_error_code(errc::invalid_value), "LISTEN_FDS",
                               "hands over " + std::to_string(given->size()) +
                                   " sockets; only one is served, so leave one ListenStream= in "
                                   "the socket unit"});
            if (!given->empty())
                options->descriptor = given->front().descriptor;
            sides_.push_back(listen_side(executor, std::move(*options), std::move(*files)));
        } else {
            auto options = client_options_of(setup_.config, setup_.environment);
            if (!options)
                return refuse(exit_code::config, options.error());
            options->log = setup_.log;
            sides_.push_back(connect_side(executor, std::move(*options), std::move(*files)));
        }
    } catch (const failure& f) {
        return refuse(how_to_end(f.what_is_wrong().code), f.what_is_wrong());
    }
    return std::nullopt;
}

std::optional<exit_code> daemon::open_control()
{
    const daemon_config& config = setup_.config;
    const auto executor = asio::any_io_executor(io_.get_executor());
    control_server_options options;
    options.log = setup_.log;
    const auto path = control_socket_of(config, setup_.environment);
    if (!path)
        return refuse(exit_code::config, path.error());
    if (*path) {
        auto access = resolve_users(config.control.users);
        if (!access)
            return refuse(exit_code::config, access.error());
        options.access = std::move(*access);
        auto opened = open_control_socket(executor, **path, !config.control.users.empty());
        if (!opened)
            return refuse(exit_code::unavailable, opened.error());
        control_file_ = std::move(opened->file);
        servers_.push_back(
            std::make_shared<control_server>(std::move(opened->acceptor), api_, options));
    }
    if (config.metrics.port != 0) {
        auto opened = open_metrics_port(executor, config.metrics.address, config.metrics.port);
        if (!opened)
            return refuse(exit_code::unavailable, opened.error());
        options.scope = control_scope::observation;
        options.access.reset();
        servers_.push_back(std::make_shared<control_server>(std::move(*opened), api_, options));
    }
    return std::nullopt;
}

}  // namespace aiflow
