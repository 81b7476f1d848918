#pragma once

#include <chrono>
#include <map>
#include <string>

struct ssl_st;

namespace engram {

struct TestResponse {
  int status = 0;  // 0: the connection ended before an answer
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;                           // without chunk heads
};

// A TCP socket to a port of this machine that sends exactly what it is told.
// Every read gives up after ten seconds.
class TestSocket {
 public:
  // `receive_bytes` makes the kernel's buffer that small, for a slow reader.
  explicit TestSocket(int port, int receive_bytes = 0);
  // Agrees on TLS, trusting what is in the PEM file `ca`; `is_encrypted` says
  // whether that came about. `most_version` bounds TLS's version.
  TestSocket(int port, const std::string& ca, int most_version = 0);
  bool is_encrypted() const { return ssl_ != nullptr; }
  ~TestSocket();
  TestSocket(const TestSocket&) = delete;
  TestSocket& operator=(const TestSocket&) = delete;

  void Send(const std::string& bytes);
  // The next answer, up to its head's end, then with its body.
  TestResponse ReadHead();
  TestResponse ReadResponse(bool has_body = true);
  // One chunk's bytes; empty for the last.
  std::string ReadChunk();
  // What comes until the server closes; `is_closed` tells that it did.
  std::string ReadToEnd();
  bool is_closed() const { return is_closed_; }
  void Close();
  // Sends no more, and still reads.
  void EndSending();

 private:
  void AgreeOnTls(const std::string& ca, int most_version);
  bool Receive();
  std::string ReadLine();
  std::string ReadBytes(size_t count);

  int fd_;
  ssl_st* ssl_ = nullptr;
  std::string buffer_;
  bool is_closed_ = false;
};

// "POST path HTTP/1.1" with Host, type, length and `fields` ("name:
// value\r\n").
std::string Post(int port, const std::string& path, const std::string& type,
                 const std::string& body, const std::string& fields = "");
std::string Get(int port, const std::string& path,
                const std::string& fields = "");

// One request on a connection of its own.
TestResponse Call(int port, const std::string& request);
// The same under TLS.
TestResponse CallTls(int port, const std::string& ca,
                     const std::string& request);

}  // namespace engram
