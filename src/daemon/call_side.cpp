#include "daemon/call_side.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <filesystem>
#include <utility>

namespace aiflow {

namespace {

template <class Service, class Options>
class side_of final : public call_side {
public:
    side_of(std::string_view name, const asio::any_io_executor& executor, Options options,
            sqlite_outbox_options files)
        : call_side(std::move(files)), name_(name),
          service_(executor, with_store(std::move(options), this->store()))
    {
    }

    std::string_view name() const noexcept override { return name_; }
    void serve(handler_factory factory) override { service_.serve(std::move(factory)); }

    checked<void> open() override
    {
        if constexpr (std::is_same_v<Service, listener>)
            return service_.open();
        else
            return {};
    }

    asio::awaitable<error_code> run() override { return service_.async_run(asio::use_awaitable); }
    void stop() override { service_.stop(); }
    void abort() override { service_.abort(); }
    bool cancel_sms(sms_id id) override { return service_.cancel_sms(id); }
    session_statistics statistics() const override { return service_.statistics(); }
    sms_statistics sms() const override { return service_.sms(); }

    listener* as_listener() noexcept override
    {
        if constexpr (std::is_same_v<Service, listener>)
            return &service_;
        else
            return nullptr;
    }
    client* as_client() noexcept override
    {
        if constexpr (std::is_same_v<Service, client>)
            return &service_;
        else
            return nullptr;
    }

private:
    static Options with_store(Options options, outbox& store)
    {
        options.store = &store;
        return options;
    }

    std::string_view name_;
    Service service_;
};

}  // namespace

call_side::call_side(sqlite_outbox_options files)
    : file_(files.directory + "/outbox.sqlite"),
      store_(std::make_unique<sqlite_outbox>(std::move(files)))
{
}

asio::awaitable<void> call_side::look_into_store()
{
    outbox_facts facts;
    facts.broken = store_->broken();
    if (auto counted = co_await store_->count())
        facts.messages = std::move(*counted);
    std::error_code absent;
    if (const auto bytes = std::filesystem::file_size(file_, absent); !absent)
        facts.bytes = bytes;
    known_ = std::move(facts);
}

std::unique_ptr<call_side> listen_side(const asio::any_io_executor& executor,
                                       listener_options options, sqlite_outbox_options files)
{
    return std::make_unique<side_of<listener, listener_options>>(
        "listen", executor, std::move(options), std::move(files));
}

std::unique_ptr<call_side> connect_side(const asio::any_io_executor& executor,
                                        client_options options, sqlite_outbox_options files)
{
    return std::make_unique<side_of<client, client_options>>("connect", executor,
                                                             std::move(options), std::move(files));
}

}  // namespace aiflow
