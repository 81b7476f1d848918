#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace engram {

// The two PEM files that TLS needs: the certificate with those that lead to
// its authority, and its private key. Both empty: no TLS.
struct TlsFiles {
  std::string cert;
  std::string key;

  bool empty() const { return cert.empty(); }
};

// What the files say of the server.
struct Certificate {
  // DNS names and IP addresses that it is good for, DNS names first; may start
  // with "*.". The common name where it has no others.
  std::vector<std::string> names;
  int64_t begin_us = 0;  // UTC
  int64_t end_us = 0;
};

// Reads both files. FAILED_PRECONDITION names the file and says what is wrong
// with it: missing, not readable, no PEM, a key under a passphrase, a key that
// everybody can read, a key of another certificate.
absl::StatusOr<Certificate> ReadCertificate(const TlsFiles& files);

// Whether clients will refuse it now or in the next 14 days, and what to do;
// empty when all is well. An expired certificate does not stop the server: its
// socket and those who trust it none the less go on.
std::string ValidityWarning(const TlsFiles& files,
                            const Certificate& certificate, int64_t now_us);

}  // namespace engram
