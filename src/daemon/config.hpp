#pragma once

#include "aiflow/log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace aiflow {

/// Which side opens the connection.
enum class service_mode : unsigned char { listen, connect, both };

/// Who answers the calls.
enum class handler_type : unsigned char { rules, pipe, webhook };

/// How a line of the log is written.
enum class log_format : unsigned char {
    automatic,  ///< `journal` if stderr is the journal, else `text`
    text,
    json,
    journal
};

/// Everything that `aiflowd` can be told. Each member is one key of the file, under the same name;
/// `config_keys` has its type, range and text, and the values here are the defaults. Files are
/// named by absolute paths once read; an empty path means none. A token's file may also be
/// `credential:NAME`, see `read_token`.
struct daemon_config {
    using milliseconds = std::chrono::milliseconds;

    service_mode mode = service_mode::listen;

    struct listen_section {
        std::string address = "127.0.0.1";
        std::uint16_t port = 8080;
        std::string path = "/ws";
        std::string http_path = {};
        std::vector<std::string> token_files = {};  ///< at most two
        std::vector<std::string> origins = {};
        std::string certificate_file = {};
        std::string key_file = {};
        std::size_t max_connections = 1024;
        std::size_t max_strangers = 64;
        milliseconds answer_within{800};
    } listen;

    struct connect_section {
        std::string url = {};
        std::string token_file = {};
        std::string ca_file = {};
        bool allow_plain_text = false;
        milliseconds backoff_initial{1'000};
        milliseconds backoff_max{60'000};
    } connect;

    struct connection_section {
        milliseconds ping_interval{20'000};
        milliseconds pong_timeout{10'000};
        milliseconds write_timeout{10'000};
        std::size_t message_bytes = std::size_t{1024} * 1024;
    } connection;

    struct session_section {
        milliseconds grace{30'000};
        milliseconds expiry{6 * 3'600'000};
        milliseconds slow_answer{1'000};
        std::size_t max_sessions = 100'000;
    } session;

    struct handler_section {
        handler_type type = handler_type::rules;
        bool show_all_failures = false;  ///< `sms_failed` that is going to be retried, too
        std::string apology = {};        ///< said when the child or the web app is not there
    } handler;

    struct rules_section {
        std::string file = {};  ///< holds `[[rule]]`
    } rules;

    struct pipe_section {
        std::vector<std::string> command = {};  ///< program and arguments, without a shell
        std::string directory = {};             ///< to run it in
        milliseconds restart_initial{500};
        milliseconds restart_max{30'000};
        milliseconds write_timeout{5'000};  ///< a child that does not read is killed after it
        milliseconds stop_timeout{5'000};   ///< from the end of its stdin to SIGKILL
        std::size_t line_bytes = std::size_t{4} * 1024 * 1024;  ///< of its stdout
    } pipe;

    struct webhook_section {
        std::string url = {};
        std::string token_file = {};
        std::string ca_file = {};
        bool allow_plain_text = false;
        milliseconds connect_timeout{2'000};
        milliseconds timeout{5'000};  ///< from the request to the whole answer
        std::size_t max_connections = 64;
        milliseconds keep_alive{30'000};  ///< an idle connection is closed after it
        std::size_t answer_bytes = std::size_t{4} * 1024 * 1024;
        unsigned breaker_failures = 5;       ///< in a row, until it is left alone ...
        milliseconds breaker_pause{10'000};  ///< ... for this long
    } webhook;

    struct sms_section {
        bool retry = true;
        unsigned max_attempts = 4;
        std::vector<milliseconds> retry_delays{milliseconds(2'000), milliseconds(8'000),
                                               milliseconds(30'000)};
        milliseconds window{30'000};
        milliseconds hold{5'000};
        milliseconds max_age{300'000};
        milliseconds session_interval{10'000};
        unsigned session_messages = 3;
        unsigned session_frames = 8;
        unsigned session_recipients = 2;
        unsigned recipient_per_hour = 5;
        unsigned process_per_minute = 60;
        std::size_t max_characters = 1530;
        milliseconds account_refusal{300'000};
        unsigned breaker_failures = 5;  ///< in a minute, until all others are held
        bool retry_with_next_event = false;
    } sms;

    struct outbox_section {
        std::string directory = {};  ///< empty: `$STATE_DIRECTORY`
        std::size_t max_open = 10'000;
        std::size_t max_bytes = std::size_t{64} * 1024 * 1024;
        milliseconds keep{24 * 3'600'000};
    } outbox;

    struct control_section {
        std::string socket = {};  ///< empty: `control.sock` in `$RUNTIME_DIRECTORY`; "off": none
        std::vector<std::string> users = {};  ///< besides root and the daemon's own
    } control;

    struct metrics_section {
        std::string address = "127.0.0.1";
        std::uint16_t port = 0;  ///< 0: on the control socket only
    } metrics;

    struct log_section {
        log_level level = log_level::info;
        log_format format = log_format::automatic;
    } log;

    struct shutdown_section {
        milliseconds drain{20'000};
    } shutdown;

    /// Where it was read from, for messages; empty if nowhere.
    struct source_file {
        std::string name = {};
        /// Of the keys and sections that the file has, by their dotted names.
        std::map<std::string, std::size_t, std::less<>> lines = {};
    } source;
};

}  // namespace aiflow
