#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>

namespace engram {

// The bytes of one client: a TCP socket, in plain or under TLS. Everything is
// called, and calls back, on the socket's strand; whoever is called back keeps
// the wire alive until then. One read and one write may be under way.
class Wire {
 public:
  using Error = boost::system::error_code;
  using Opened = std::function<void(Error)>;
  using Moved = std::function<void(Error, size_t)>;

  virtual ~Wire() = default;

  // Before anything else; in plain there is nothing to agree on.
  virtual void Open(Opened opened) = 0;
  virtual void ReadSome(boost::asio::mutable_buffer buffer, Moved read) = 0;
  // All of it.
  virtual void Write(boost::asio::const_buffer bytes, Moved written) = 0;
  // Tells the client that nothing more comes; he may still send.
  virtual void EndWriting(std::function<void()> ended) = 0;

  virtual boost::asio::ip::tcp::socket& socket() = 0;
  virtual bool is_encrypted() const = 0;

  boost::asio::any_io_executor executor() { return socket().get_executor(); }
  // Ends whatever is under way with an error.
  void Close() {
    Error ignored;
    socket().close(ignored);
  }
};

std::unique_ptr<Wire> MakePlainWire(boost::asio::ip::tcp::socket socket);

// Who speaks plain HTTP to it is told, in plain, that the address begins with
// https.
std::unique_ptr<Wire> MakeTlsWire(
    boost::asio::ip::tcp::socket socket,
    std::shared_ptr<boost::asio::ssl::context> context);

}  // namespace engram
