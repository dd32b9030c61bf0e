#include "hostile_stage.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace aiflow::test::hostile {

using tcp = asio::ip::tcp;

stage::stage(loopback& net, std::function<void()> meanwhile)
    : net_(net), meanwhile_(std::move(meanwhile)), near_(net.io), far_(net.io)
{
    tcp::acceptor once(net.io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    near_.connect(once.local_endpoint());
    far_ = once.accept();
}

// The kernel hands over what is sent on this machine in its order, so what was sent before this
// byte has arrived with it.
void stage::let_arrive()
{
    std::array<char, 1> byte{};
    // What is not acknowledged yet counts as on its way; a kernel takes 40 real ms over that.
    for (auto& peer : peers)
        peer.acknowledge();
    for (int there_and_back = 0; there_and_back < 2; ++there_and_back) {
        settle(net_.io);
        asio::write(near_, asio::buffer(byte));
        asio::read(far_, asio::buffer(byte));
    }
    settle(net_.io);
}

void stage::pass(clock::duration span)
{
    pass_until(net_.time.now() + span);
}

void stage::pass_until(clock::time_point end)
{
    while (net_.time.now() < end) {
        if (meanwhile_)
            meanwhile_();
        let_arrive();
        const auto until = std::min(end, net_.time.now() + 5s);
        while (net_.time.jump_to_next_sleeper(until))
            let_arrive();
        if (net_.time.now() < until)
            net_.time.advance(until - net_.time.now());
        let_arrive();
    }
}

void stage::play(const peer_script& s)
{
    for (const auto& step : s.steps()) {
        for (auto& peer : peers)
            if (step.act && !peer.ended())
                step.act(peer, net_);
        if (step.wait > clock::duration{})
            pass(step.wait);
    }
}

bool says(const std::vector<std::string>& log, std::string_view text)
{
    return std::any_of(log.begin(), log.end(), [text](const std::string& line) {
        return line.find(text) != std::string::npos;
    });
}

bool is_clean(const std::vector<std::string>& log)
{
    return std::none_of(log.begin(), log.end(), [](const std::string& line) {
        return line.find(token) != std::string::npos || line.find("4915112345678") < line.size() ||
               std::any_of(line.begin(), line.end(),
                           [](char c) { return std::iscntrl(static_cast<unsigned char>(c)) != 0; });
    });
}

asio::awaitable<void> answer(scripted_handler& h, std::string what)
{
    if (what == "text me")
        co_await h.send_sms(h.caller(), "Your code is 4242.");
    else if (!what.starts_with("end") && !what.starts_with("outcome"))
        co_await h.say("after " + what);
}

}  // namespace aiflow::test::hostile
