#include "server/gateway/connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>
#include <ctime>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace engram {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

// How much of the next request is taken in while an answer is made.
constexpr size_t kReadAhead = 16 << 10;
constexpr size_t kSlice = 256 << 10;
// What a client may still send after an answer that ends the connection.
constexpr size_t kLingerBytes = 16 << 20;
constexpr std::chrono::seconds kLingerTime{2};
constexpr size_t kLoggedPathBytes = 200;

std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text,
                                         "%a, %d %b %Y %H:%M:%S GMT", &utc));
}

// The bytes of one chunk of a chunked body.
std::string Chunk(const std::string& bytes) {
  return absl::StrCat(absl::Hex(bytes.size()), "\r\n", bytes, "\r\n");
}

int StatusOfParseError(const error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  return 400;
}

std::string PeerOf(const asio::ip::tcp::socket& socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return "";
  return absl::StrCat(endpoint.address().to_string(), ":", endpoint.port());
}

}  // namespace

// Hands what the maker of the answer does over to the connection's strand.
class Connection::Answer : public Exchange {
 public:
  explicit Answer(std::shared_ptr<Connection> connection)
      : context_(connection->context_), connection_(std::move(connection)) {
    context_.exchange_made();
  }
  // The connection is let go on its own strand, before the listener hears that
  // this exchange is over and may end its threads.
  ~Answer() override {
    LetGo();
    context_.exchange_gone();
  }

  void Respond(HttpResponse response) override {
    has_ended_ = true;
    Post([response = std::move(response)](Connection& c) mutable {
      c.Respond(std::move(response));
    });
  }
  void Begin(HttpResponse head) override {
    Post([head = std::move(head)](Connection& c) mutable {
      c.BeginBody(std::move(head));
    });
  }
  void Write(std::string bytes, std::function<void(bool)> written) override {
    Post([bytes = std::move(bytes),
          written = std::move(written)](Connection& c) mutable {
      c.WriteBody(std::move(bytes), std::move(written));
    });
  }
  void End() override {
    has_ended_ = true;
    Post([](Connection& c) { c.EndBody(); });
  }
  void OnDisconnect(std::function<void()> gone) override {
    Post([gone = std::move(gone)](Connection& c) mutable {
      if (c.state_ == State::kClosed) {
        gone();
      } else {
        c.gone_ = std::move(gone);
      }
    });
  }

 private:
  // A function of its own, so that no copy of the strand, which needs the
  // listener, is left when the listener hears.
  void LetGo() {
    const auto executor = connection_->wire_->executor();
    asio::post(executor, [connection = std::move(connection_),
                          has_ended = has_ended_.load()] {
      if (!has_ended) connection->AnswerDropped();
    });
  }

  template <class Work>
  void Post(Work work) {
    asio::post(connection_->wire_->executor(),
               [connection = connection_, work = std::move(work)]() mutable {
                 work(*connection);
               });
  }

  ConnectionContext& context_;
  std::shared_ptr<Connection> connection_;
  std::atomic<bool> has_ended_{false};
};

Connection::Connection(std::unique_ptr<Wire> wire, ConnectionContext& context,
                       std::function<void(Connection*)> closed)
    : wire_(std::move(wire)),
      deadline_(wire_->executor()),
      context_(context),
      closed_(std::move(closed)),
      peer_(PeerOf(wire_->socket())) {}

Connection::~Connection() { context_.body_bytes -= held_body_bytes_; }

void Connection::Start() {
  asio::dispatch(wire_->executor(), [self = shared_from_this()] {
    self->Open([self] { self->Read(); });
  });
}

void Connection::StartBusy() {
  asio::dispatch(wire_->executor(), [self = shared_from_this()] {
    self->Open([self] {
      self->Refuse(503, "too many connections; close some, or try again later");
    });
  });
}

void Connection::Close() {
  asio::post(wire_->executor(),
             [self = shared_from_this()] { self->CloseNow(); });
}

void Connection::Finish() {
  asio::post(wire_->executor(), [self = shared_from_this()] {
    self->is_finishing_ = true;
    if (self->state_ != State::kAnswering) self->CloseNow();
  });
}

void Connection::Open(std::function<void()> opened) {
  if (state_ == State::kClosed) return;
  error_code ignored;
  // Events are small, and each is wanted when it happens.
  wire_->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  // Its deadline holds for the agreement on a key, too.
  BeginRequest();
  wire_->Open([self = shared_from_this(),
               opened = std::move(opened)](error_code error) {
    if (self->state_ == State::kClosed) return;
    if (error) return self->CloseNow();
    opened();
  });
}

void Connection::BeginRequest() {
  state_ = State::kReading;
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(static_cast<uint32_t>(context_.limits.header_bytes));
  parser_->body_limit(static_cast<uint64_t>(context_.limits.body_bytes));
  has_header_ = false;
  HoldBodyBytes(0);
  line_ = RequestLine{};
  line_.peer = peer_;
  is_head_ = keeps_alive_ = is_chunked_ = has_ended_ = false;
  begun_ = std::chrono::steady_clock::now();
  SetDeadline(context_.limits.idle);
}

void Connection::Read() {
  if (is_reading_ || state_ == State::kClosed) return;
  if (state_ == State::kAnswering && buffer_.size() >= kReadAhead) return;
  is_reading_ = true;
  wire_->ReadSome(asio::buffer(incoming_),
                  [self = shared_from_this()](error_code error, size_t count) {
                    self->OnRead(error, count);
                  });
}

void Connection::OnRead(error_code error, size_t count) {
  is_reading_ = false;
  if (state_ == State::kClosed) return;
  if (error) return CloseNow();
  buffer_.append(incoming_.data(), count);
  if (state_ == State::kReading) Parse();
  if (state_ == State::kLingering) {
    lingered_bytes_ += buffer_.size();
    buffer_.clear();
    if (lingered_bytes_ > kLingerBytes) return CloseNow();
  }
  Read();
}

void Connection::Parse() {
  while (state_ == State::kReading && !parser_->is_done()) {
    if (buffer_.empty()) return;
    error_code error;
    const size_t used = parser_->put(asio::buffer(buffer_), error);
    buffer_.erase(0, used);
    if (error && error != http::error::need_more) {
      return Refuse(StatusOfParseError(error), error.message());
    }
    if (!has_header_ && parser_->is_header_done()) OnHeader();
    if (state_ == State::kReading && has_header_) OnBody();
    if (used == 0) break;
  }
  if (state_ == State::kReading && parser_->is_done()) Dispatch();
}

void Connection::OnHeader() {
  has_header_ = true;
  const auto& message = parser_->get();
  if (!parser_->is_done() &&
      absl::EqualsIgnoreCase(std::string(message[http::field::expect]),
                             "100-continue")) {
    Enqueue("HTTP/1.1 100 Continue\r\n\r\n");
  }
}

void Connection::OnBody() {
  HoldBodyBytes(static_cast<int64_t>(parser_->get().body().size()));
  if (context_.body_bytes > context_.limits.all_bodies_bytes) {
    Refuse(503, "too many large requests at once; try again later");
  }
}

void Connection::Dispatch() {
  auto message = parser_->release();
  HttpRequest request;
  request.method = std::string(message.method_string());
  const std::string target(message.target());
  const size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string::npos) {
    request.query = target.substr(question + 1);
  }
  for (const auto& field : message) {
    request.fields.emplace_back(
        absl::AsciiStrToLower(std::string(field.name_string())),
        std::string(field.value()));
  }
  request.body = std::move(message.body());
  request.peer = peer_;
  request.is_encrypted = wire_->is_encrypted();

  line_.method = request.method.substr(0, 20);
  line_.path = request.path.substr(0, kLoggedPathBytes);
  is_head_ = request.method == "HEAD";
  keeps_alive_ = message.keep_alive();
  // HTTP/1.0 knows no chunks: its body ends with the connection.
  is_chunked_ = message.version() >= 11;
  state_ = State::kAnswering;
  StopDeadline();
  context_.handler(std::move(request),
                   std::make_shared<Answer>(shared_from_this()));
}

// A request that cannot be read to its end: the connection cannot go on.
void Connection::Refuse(int status, const std::string& why) {
  keeps_alive_ = false;
  state_ = State::kAnswering;
  HttpResponse response{.status = status, .fields = {}, .body = {}};
  response.fields = {{"Content-Type", "text/plain; charset=utf-8"},
                     {"X-Content-Type-Options", "nosniff"},
                     {"Cache-Control", "no-store"}};
  response.body =
      absl::StrCat(status, " ", ReasonPhrase(status), ": ", why, "\n");
  if (status == 413) {
    absl::StrAppend(&response.body, "A request's body has at most ",
                    context_.limits.body_bytes, " bytes.\n");
  } else if (status == 431) {
    absl::StrAppend(&response.body, "A request's header has at most ",
                    context_.limits.header_bytes, " bytes.\n");
  }
  Respond(std::move(response));
}

std::string Connection::HeadOf(HttpResponse& response, bool has_length) {
  if (!has_length && !is_chunked_) keeps_alive_ = false;
  auto& fields = response.fields;
  fields.emplace_back("Date", HttpDate());
  if (!has_length && is_chunked_) {
    fields.emplace_back("Transfer-Encoding", "chunked");
  }
  // 204 and 304 have no body by their nature.
  if (has_length && response.status != 204 && response.status != 304) {
    fields.emplace_back("Content-Length", absl::StrCat(response.body.size()));
  }
  fields.emplace_back("Connection", keeps_alive_ ? "keep-alive" : "close");
  line_.status = response.status;
  return FormatHead(response);
}

void Connection::Respond(HttpResponse response) {
  if (state_ != State::kAnswering || has_ended_) return;
  std::string bytes = HeadOf(response, /*has_length=*/true);
  if (!is_head_) bytes += response.body;
  has_ended_ = true;
  Enqueue(std::move(bytes));
}

void Connection::BeginBody(HttpResponse head) {
  if (state_ != State::kAnswering || has_ended_) return;
  Enqueue(HeadOf(head, /*has_length=*/false));
}

void Connection::WriteBody(std::string bytes,
                           std::function<void(bool)> written) {
  if (state_ != State::kAnswering || has_ended_) {
    if (written) written(false);
    return;
  }
  // An empty chunk would end the body.
  if (bytes.empty()) {
    if (written) written(true);
    return;
  }
  Enqueue(is_chunked_ ? Chunk(bytes) : std::move(bytes), std::move(written));
}

void Connection::EndBody() {
  if (state_ != State::kAnswering || has_ended_) return;
  has_ended_ = true;
  Enqueue(is_chunked_ ? "0\r\n\r\n" : "");
}

void Connection::AnswerDropped() {
  if (state_ == State::kAnswering && !has_ended_) CloseNow();
}

void Connection::Enqueue(std::string bytes, std::function<void(bool)> written) {
  pieces_.push_back({std::move(bytes), 0, std::move(written)});
  if (!is_writing_) WriteNext();
}

void Connection::WriteNext() {
  is_writing_ = true;
  if (state_ == State::kAnswering) SetDeadline(context_.limits.idle);
  const Piece& piece = pieces_.front();
  const size_t count = std::min(piece.bytes.size() - piece.sent, kSlice);
  wire_->Write(asio::buffer(piece.bytes.data() + piece.sent, count),
               [self = shared_from_this()](error_code error, size_t written) {
                 self->OnWritten(error, written);
               });
}

void Connection::OnWritten(error_code error, size_t count) {
  is_writing_ = false;
  if (state_ == State::kClosed) return pieces_.clear();
  if (error) return CloseNow();
  line_.sent_bytes += static_cast<int64_t>(count);
  Piece& piece = pieces_.front();
  piece.sent += count;
  if (piece.sent < piece.bytes.size()) return WriteNext();
  const std::function<void(bool)> written = std::move(piece.written);
  pieces_.pop_front();
  if (state_ == State::kAnswering && pieces_.empty()) StopDeadline();
  if (written) written(true);
  if (!pieces_.empty()) return WriteNext();
  if (state_ == State::kAnswering && has_ended_) OnAnswered();
}

void Connection::OnAnswered() {
  LogRequest(/*is_broken=*/false);
  gone_ = nullptr;
  if (is_finishing_) return CloseNow();
  if (!keeps_alive_) return Linger();
  BeginRequest();
  Parse();
  Read();
}

// Closing with unread bytes makes the kernel reset the connection, and the
// client might never see the answer: so what still comes is read and dropped.
void Connection::Linger() {
  state_ = State::kLingering;
  wire_->EndWriting([self = shared_from_this()] {});
  buffer_.clear();
  SetDeadline(kLingerTime);
  Read();
}

void Connection::SetDeadline(std::chrono::steady_clock::duration time) {
  deadline_.expires_after(time);
  deadline_.async_wait([self = shared_from_this(),
                        number = ++deadline_number_](error_code error) {
    if (!error && number == self->deadline_number_) self->OnDeadline();
  });
}

void Connection::StopDeadline() {
  ++deadline_number_;
  deadline_.cancel();
}

void Connection::OnDeadline() {
  const bool has_begun = has_header_ || !buffer_.empty();
  if (state_ == State::kReading && has_begun) {
    return Refuse(408, "the request did not arrive in time");
  }
  CloseNow();
}

void Connection::HoldBodyBytes(int64_t bytes) {
  context_.body_bytes += bytes - held_body_bytes_;
  held_body_bytes_ = bytes;
}

void Connection::LogRequest(bool is_broken) {
  line_.is_broken = is_broken;
  line_.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - begun_)
                          .count();
  if (context_.log) context_.log(line_);
}

void Connection::CloseNow() {
  if (state_ == State::kClosed) return;
  if (state_ == State::kAnswering) LogRequest(/*is_broken=*/true);
  state_ = State::kClosed;
  StopDeadline();
  wire_->Close();
  // A write under way may touch its piece until it has ended: with TLS it takes
  // up the rest of the bytes before it sees that the socket is closed.
  std::deque<Piece> unwritten = std::move(pieces_);
  pieces_.clear();
  for (Piece& piece : unwritten) {
    if (piece.written) piece.written(false);
  }
  if (is_writing_) pieces_ = std::move(unwritten);
  if (gone_) std::exchange(gone_, nullptr)();
  closed_(this);
}

}  // namespace engram
