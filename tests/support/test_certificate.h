#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace engram {

struct TestCertificateOptions {
  // DNS names and IP addresses.
  std::vector<std::string> names = {"localhost", "127.0.0.1"};
  // From now on [s]; below 0 is past.
  int64_t begins_in_s = -3600;
  int64_t ends_in_s = 90 * 86'400;
  // Of the key's file; empty for none.
  std::string passphrase = "";
};

// A certificate that is its own authority, and its key: cert.pem and key.pem.
struct TestCertificate {
  std::string cert;
  std::string key;  // its owner's alone
};

// Writes both into the folder, which is made where it is missing.
TestCertificate MakeTestCertificate(const std::filesystem::path& folder,
                                    const TestCertificateOptions& options = {});

}  // namespace engram
