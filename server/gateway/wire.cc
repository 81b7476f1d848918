#include "server/gateway/wire.h"

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace engram {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr char kWantsHttps[] =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Connection: close\r\n\r\n"
    "got http, wanted https: this server speaks TLS, so begin its address with "
    "https://\n";

class PlainWire final : public Wire {
 public:
  explicit PlainWire(tcp::socket socket) : socket_(std::move(socket)) {}

  void Open(Opened opened) override { opened({}); }
  void ReadSome(asio::mutable_buffer buffer, Moved read) override {
    socket_.async_read_some(buffer, std::move(read));
  }
  void Write(asio::const_buffer bytes, Moved written) override {
    asio::async_write(socket_, bytes, std::move(written));
  }
  void EndWriting(std::function<void()> ended) override {
    Error ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    ended();
  }
  tcp::socket& socket() override { return socket_; }
  bool is_encrypted() const override { return false; }

 private:
  tcp::socket socket_;
};

class TlsWire final : public Wire {
 public:
  TlsWire(tcp::socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  void Open(Opened opened) override {
    stream_.async_handshake(
        asio::ssl::stream_base::server,
        [this, opened = std::move(opened)](Error error) mutable {
          if (!IsPlainHttp(error)) return opened(error);
          asio::async_write(stream_.next_layer(),
                            asio::buffer(kWantsHttps, sizeof kWantsHttps - 1),
                            [opened = std::move(opened), error](Error, size_t) {
                              opened(error);
                            });
        });
  }
  void ReadSome(asio::mutable_buffer buffer, Moved read) override {
    stream_.async_read_some(buffer, std::move(read));
  }
  void Write(asio::const_buffer bytes, Moved written) override {
    asio::async_write(stream_, bytes, std::move(written));
  }
  // Waits for the client's word, too: the closing of the socket ends that.
  void EndWriting(std::function<void()> ended) override {
    stream_.async_shutdown([ended = std::move(ended)](Error) { ended(); });
  }
  tcp::socket& socket() override { return stream_.next_layer(); }
  bool is_encrypted() const override { return true; }

 private:
  static bool IsPlainHttp(const Error& error) {
    return error.category() == asio::error::get_ssl_category() &&
           ERR_GET_REASON(static_cast<unsigned long>(error.value())) ==
               SSL_R_HTTP_REQUEST;
  }

  const std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<Wire> MakePlainWire(tcp::socket socket) {
  return std::make_unique<PlainWire>(std::move(socket));
}

std::unique_ptr<Wire> MakeTlsWire(tcp::socket socket,
                                  std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<TlsWire>(std::move(socket), std::move(context));
}

}  // namespace engram
