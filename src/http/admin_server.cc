#include "pawl/http/admin_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "pawl/config/address.h"
#include "pawl/core/failure.h"
#include "pawl/core/thread_name.h"
#include "pawl/http/reply.h"

namespace pawl::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t kHeaderBytesMax = 8 * 1024;

/// Beast's own string_view differs from release to release.
std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

/// What to tell a client whose request could not be read; nothing when he is gone or too slow.
std::optional<Reply> refusal(error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return plain_reply(431, "the header is larger than 8 KiB\n");
  }
  if (error == http::error::end_of_stream ||
      error.category() != http::make_error_code(http::error::bad_method).category()) {
    return std::nullopt;
  }
  return plain_reply(400, "this is not HTTP: " + error.message() + '\n');
}

/// One connection. Keeps itself alive by the operation under way; ends when that fails or the
/// client is done.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket,
          const AdminServer::Handlers& handlers,
          std::chrono::milliseconds timeout,
          std::function<void()> on_end)
      : stream_(std::move(socket)),
        handlers_(handlers),
        timeout_(timeout),
        on_end_(std::move(on_end)) {}
  ~Session() { on_end_(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void read() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // on_header() judges bodies
    // For the whole request, so that a trickle does not prolong it.
    stream_.expires_after(timeout_);
    http::async_read_header(
        stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
          self->on_header(error);
        });
  }

  void close() { stream_.close(); }

 private:
  void on_header(error_code error) {
    if (error) {
      if (auto reply = refusal(error)) write(std::move(*reply), false, false);
      return;
    }
    const auto& request = parser_->get();
    Reply reply = answer(handlers_, view(request.method_string()), view(request.target()));
    // A body is never read, so nothing can follow it on this connection.
    const bool has_body = !parser_->is_done();
    if (has_body && reply.status == 200) reply = plain_reply(413, "no body is expected\n");
    write(
        std::move(reply), request.method() == http::verb::head, !has_body && request.keep_alive());
  }

  void write(Reply reply, bool head_only, bool keep_alive) {
    response_ = {};
    response_.result(static_cast<unsigned>(reply.status));
    response_.version(11);
    response_.keep_alive(keep_alive);
    response_.set(http::field::content_type, reply.content_type);
    response_.set(http::field::cache_control, "no-store");
    if (reply.status == 405) response_.set(http::field::allow, "GET, HEAD");
    response_.content_length(reply.body.size());
    if (!head_only) response_.body() = std::move(reply.body);
    stream_.expires_after(timeout_);
    serializer_.emplace(response_);
    http::async_write(stream_,
                      *serializer_,
                      [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
                        if (error) return;
                        if (keep_alive) return self->read();
                        self->linger();
                      });
  }

  // Closing with unread bytes would reset the connection, and the client might never see what was
  // refused.
  void linger() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kHeaderBytesMax),
                            [self = shared_from_this()](error_code error, std::size_t bytes) {
                              self->lingered_bytes_ += bytes;
                              if (!error && self->lingered_bytes_ < kLingerBytesMax) self->linger();
                            });
  }

  static constexpr std::size_t kLingerBytesMax = 1024 * 1024;

  beast::tcp_stream stream_;
  const AdminServer::Handlers& handlers_;
  std::chrono::milliseconds timeout_;
  std::function<void()> on_end_;
  beast::flat_buffer buffer_{2 * kHeaderBytesMax};
  std::optional<http::request_parser<http::empty_body>> parser_;
  http::response<http::string_body> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  std::size_t lingered_bytes_ = 0;
};

[[noreturn]] void cannot_listen(const std::string& listen, const std::string& reason) {
  throw Failure(
      Remedy::give_up,
      "listen",
      "cannot listen on " + listen + ": " + reason +
          "; free the address or choose another with admin.listen (port 0 takes any free one)");
}

}  // namespace

/// Everything that runs between start() and stop().
class AdminServer::Listener {
 public:
  Listener(const Options& options, const Handlers& handlers)
      : options_(options), handlers_(handlers), acceptor_(io_), pause_(io_) {
    open();
    accept();
    thread_ = std::thread{[this] {
      name_this_thread("pawl admin");
      io_.run();
    }};
  }

  ~Listener() {
    io_.stop();
    thread_.join();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void open() {
    const auto address = config::parse_address(options_.listen);
    if (!address) cannot_listen(options_.listen, "expected \"host:port\"");
    error_code error;
    const auto endpoints = tcp::resolver{io_}.resolve(
        address->host, std::to_string(address->port), tcp::resolver::passive, error);
    for (const auto& entry : endpoints) {
      error = {};
      const tcp::endpoint endpoint = entry.endpoint();
      acceptor_.close();
      acceptor_.open(endpoint.protocol(), error);
      if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
      if (!error) acceptor_.bind(endpoint, error);
      if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
      if (!error) return;
    }
    cannot_listen(options_.listen, error.message());
  }

  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return accept_later();
      begin_session(std::move(socket));
      accept();
    });
  }

  // Out of file descriptors: the reason will not be gone in the same instant.
  void accept_later() {
    pause_.expires_after(std::chrono::milliseconds{100});
    pause_.async_wait([this](error_code error) {
      if (!error) accept();
    });
  }

  void begin_session(tcp::socket socket) {
    if (sessions_.size() >= options_.connections_max) {
      if (const auto oldest = sessions_.begin()->second.lock()) oldest->close();
    }
    const std::uint64_t number = next_number_++;
    auto session =
        std::make_shared<Session>(std::move(socket), handlers_, options_.timeout, [this, number] {
          sessions_.erase(number);
        });
    sessions_.emplace(number, session);
    session->read();
  }

  const Options& options_;
  const Handlers& handlers_;
  std::map<std::uint64_t, std::weak_ptr<Session>>
      sessions_;  // oldest first; outlives io_, which holds the sessions
  std::uint64_t next_number_ = 0;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::thread thread_;
};

AdminServer::AdminServer(Options options, Handlers handlers)
    : options_(std::move(options)), handlers_(std::move(handlers)) {}

AdminServer::~AdminServer() {
  stop();
}

void AdminServer::start() {
  if (!listener_) listener_ = std::make_unique<Listener>(options_, handlers_);
}

void AdminServer::stop() {
  listener_.reset();
}

std::uint16_t AdminServer::port() const {
  return listener_ ? listener_->port() : 0;
}

}  // namespace pawl::http
