#pragma once

#include <array>
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/gateway/exchange.h"
#include "server/gateway/limits.h"
#include "server/gateway/request_line.h"
#include "server/gateway/wire.h"

namespace engram {

// What all connections of a gateway share; outlives them.
struct ConnectionContext {
  GatewayLimits limits;
  RequestHandler handler;
  std::function<void(const RequestLine&)> log;
  std::atomic<int64_t> body_bytes{0};  // held by all connections
  // Called as the last thing that happens to an Exchange.
  std::function<void()> exchange_made, exchange_gone;
};

// One client: reads requests, hands each to the handler, writes its answer,
// one after the other. While an answer is made the socket is still read (as
// far as a pipelined request may go), so that a client who leaves is noticed
// at once. Everything runs on the socket's strand.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::unique_ptr<Wire> wire, ConnectionContext& context,
             std::function<void(Connection*)> closed);
  ~Connection();

  // These four from any thread.
  void Start();
  // Answers "busy" to whatever comes, and closes.
  void StartBusy();
  void Close();
  // Closes once the answer under way, if there is one, has left.
  void Finish();

 private:
  class Answer;
  friend class Answer;
  enum class State { kReading, kAnswering, kLingering, kClosed };
  struct Piece {
    std::string bytes;
    size_t sent = 0;
    std::function<void(bool)> written;
  };

  // Agrees on a key where there is TLS, then goes on.
  void Open(std::function<void()> opened);
  void BeginRequest();
  void Read();
  void OnRead(boost::system::error_code error, size_t count);
  void Parse();
  void OnHeader();
  void OnBody();
  void Dispatch();
  void Refuse(int status, const std::string& why);

  void Respond(HttpResponse response);
  void BeginBody(HttpResponse head);
  void WriteBody(std::string bytes, std::function<void(bool)> written);
  void EndBody();
  void AnswerDropped();
  void Enqueue(std::string bytes, std::function<void(bool)> written = nullptr);
  void WriteNext();
  void OnWritten(boost::system::error_code error, size_t count);
  void OnAnswered();

  void Linger();
  void SetDeadline(std::chrono::steady_clock::duration time);
  void StopDeadline();
  void OnDeadline();
  void HoldBodyBytes(int64_t bytes);
  void LogRequest(bool is_broken);
  void CloseNow();
  std::string HeadOf(HttpResponse& response, bool has_length);

  const std::unique_ptr<Wire> wire_;
  boost::asio::steady_timer deadline_;
  // Tells a deadline that passed from one that was moved while its handler
  // waited for its turn.
  uint64_t deadline_number_ = 0;
  ConnectionContext& context_;
  std::function<void(Connection*)> closed_;
  std::string peer_;

  State state_ = State::kReading;
  // Where the kernel puts bytes, and those that were not parsed yet.
  std::array<char, 16384> incoming_;
  std::string buffer_;
  bool is_reading_ = false;
  std::optional<
      boost::beast::http::request_parser<boost::beast::http::string_body>>
      parser_;
  bool has_header_ = false;
  int64_t held_body_bytes_ = 0;
  size_t lingered_bytes_ = 0;

  // Of the request being answered.
  RequestLine line_;
  std::chrono::steady_clock::time_point begun_;
  bool is_head_ = false;
  bool keeps_alive_ = false;
  bool is_finishing_ = false;
  bool is_chunked_ = false;
  bool has_ended_ = false;
  std::deque<Piece> pieces_;
  bool is_writing_ = false;
  std::function<void()> gone_;
};

}  // namespace engram
