#include "tests/server/gateway/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"

namespace engram {
namespace {

constexpr timeval kPatience{10, 0};

}  // namespace

TestSocket::TestSocket(int port, int receive_bytes)
    : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  if (receive_bytes > 0) {
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes,
               sizeof receive_bytes);
  }
  if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) !=
      0) {
    throw std::runtime_error(absl::StrCat("no connection to port ", port));
  }
}

TestSocket::TestSocket(int port, const std::string& ca, int most_version)
    : TestSocket(port) {
  AgreeOnTls(ca, most_version);
}

TestSocket::~TestSocket() { Close(); }

void TestSocket::AgreeOnTls(const std::string& ca, int most_version) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_load_verify_locations(context, ca.c_str(), nullptr);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (most_version != 0) {
    // Old versions are below the usual level of security.
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_max_proto_version(context, most_version);
  }
  ssl_ = SSL_new(context);
  SSL_CTX_free(context);
  SSL_set_fd(ssl_, fd_);
  SSL_set1_host(ssl_, "localhost");
  if (SSL_connect(ssl_) == 1) return;
  SSL_free(std::exchange(ssl_, nullptr));
  ERR_clear_error();
}

void TestSocket::EndSending() {
  if (ssl_ != nullptr) SSL_shutdown(ssl_);
  shutdown(fd_, SHUT_WR);
}

void TestSocket::Close() {
  if (ssl_ != nullptr) SSL_free(std::exchange(ssl_, nullptr));
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

void TestSocket::Send(const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const char* const rest = bytes.data() + sent;
    const size_t size = bytes.size() - sent;
    const ssize_t count = ssl_ != nullptr
                              ? SSL_write(ssl_, rest, static_cast<int>(size))
                              : send(fd_, rest, size, MSG_NOSIGNAL);
    if (count <= 0) return;  // refused half-way: the answer says why
    sent += static_cast<size_t>(count);
  }
}

bool TestSocket::Receive() {
  char bytes[65536];
  const ssize_t count = ssl_ != nullptr ? SSL_read(ssl_, bytes, sizeof bytes)
                                        : recv(fd_, bytes, sizeof bytes, 0);
  // Under TLS the end comes as its own word or as the socket's.
  if (count == 0 || (count < 0 && ssl_ != nullptr &&
                     SSL_get_error(ssl_, -1) != SSL_ERROR_WANT_READ)) {
    is_closed_ = true;
  }
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<size_t>(count));
  return true;
}

std::string TestSocket::ReadLine() {
  size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!Receive()) return "";
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::string TestSocket::ReadBytes(size_t count) {
  while (buffer_.size() < count) {
    if (!Receive()) break;
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, bytes.size());
  return bytes;
}

TestResponse TestSocket::ReadHead() {
  TestResponse response;
  const std::string first = ReadLine();
  if (first.size() < 12) return response;
  response.status = std::stoi(first.substr(9, 3));
  for (std::string line = ReadLine(); !line.empty(); line = ReadLine()) {
    const size_t colon = line.find(": ");
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    response.fields[name] = line.substr(colon + 2);
  }
  return response;
}

std::string TestSocket::ReadChunk() {
  const std::string head = ReadLine();
  if (head.empty()) return "";
  const std::string bytes = ReadBytes(std::stoul(head, nullptr, 16));
  ReadLine();
  return bytes;
}

TestResponse TestSocket::ReadResponse(bool has_body) {
  TestResponse response = ReadHead();
  if (!has_body) return response;
  if (response.fields.contains("content-length")) {
    response.body = ReadBytes(std::stoul(response.fields["content-length"]));
  } else if (response.fields["transfer-encoding"] == "chunked") {
    for (std::string chunk = ReadChunk(); !chunk.empty(); chunk = ReadChunk()) {
      response.body += chunk;
    }
  }
  return response;
}

std::string TestSocket::ReadToEnd() {
  while (Receive()) {
  }
  return std::exchange(buffer_, "");
}

std::string Post(int port, const std::string& path, const std::string& type,
                 const std::string& body, const std::string& fields) {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: localhost:", port,
                      "\r\nContent-Type: ", type,
                      "\r\nContent-Length: ", body.size(), "\r\n", fields,
                      "\r\n", body);
}

std::string Get(int port, const std::string& path, const std::string& fields) {
  return absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost:", port,
                      "\r\n", fields, "\r\n");
}

TestResponse CallTls(int port, const std::string& ca,
                     const std::string& request) {
  TestSocket socket(port, ca);
  if (!socket.is_encrypted()) return {};
  socket.Send(request);
  return socket.ReadResponse();
}

TestResponse Call(int port, const std::string& request) {
  TestSocket socket(port);
  socket.Send(request);
  return socket.ReadResponse();
}

}  // namespace engram
