#include "server/rpc/certificate.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace engram {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kWarnBefore = int64_t{14} * 86'400 * kSecond;

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using File = std::unique_ptr<std::FILE, Freer<std::fclose>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;

absl::Status Wrong(const char* setting, const std::string& path,
                   const std::string& what) {
  return absl::FailedPreconditionError(
      absl::StrCat(setting, " = ", path, ": ", what));
}

absl::StatusOr<File> Open(const char* setting, const std::string& path) {
  File file(std::fopen(path.c_str(), "re"));
  if (file == nullptr) {
    return Wrong(setting, path,
                 absl::StrCat("cannot be read (", std::strerror(errno),
                              "); give a PEM file that the user of engramd "
                              "may read"));
  }
  return file;
}

absl::StatusOr<X509Ptr> ReadX509(const std::string& path) {
  auto file = Open("tls_cert", path);
  if (!file.ok()) return file.status();
  X509Ptr certificate(PEM_read_X509(file->get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (certificate == nullptr) {
    return Wrong("tls_cert", path,
                 "holds no certificate in PEM form (a text that begins with "
                 "-----BEGIN CERTIFICATE-----)");
  }
  return certificate;
}

// Called when a key is encrypted; nobody is there to type a passphrase.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*is_write*/,
                 void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

absl::StatusOr<KeyPtr> ReadKey(const std::string& path) {
  auto file = Open("tls_key", path);
  if (!file.ok()) return file.status();
  struct stat found = {};
  if (fstat(fileno(file->get()), &found) == 0 &&
      (found.st_mode & S_IRWXO) != 0) {
    return Wrong("tls_key", path,
                 absl::StrCat("everybody on this machine can read this "
                              "private key; run chmod o-rwx ",
                              path));
  }
  bool is_encrypted = false;
  KeyPtr key(
      PEM_read_PrivateKey(file->get(), nullptr, NoPassphrase, &is_encrypted));
  ERR_clear_error();
  if (key != nullptr) return key;
  return Wrong("tls_key", path,
               is_encrypted
                   ? absl::StrCat("is under a passphrase, which nobody can "
                                  "type when the server starts; store it "
                                  "without: openssl pkey -in ",
                                  path, " -out FILE")
                   : "holds no private key in PEM form (a text that begins "
                     "with -----BEGIN PRIVATE KEY-----)");
}

int64_t MicrosOf(const ASN1_TIME* time) {
  std::tm utc = {};
  ASN1_TIME_to_tm(time, &utc);
  return int64_t{timegm(&utc)} * kSecond;
}

std::string TextOf(const ASN1_STRING* text) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<size_t>(ASN1_STRING_length(text)));
}

std::string AddressOf(const ASN1_OCTET_STRING* bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  inet_ntop(family, ASN1_STRING_get0_data(bytes), text, sizeof text);
  return text;
}

std::vector<std::string> NamesOf(X509& certificate) {
  std::vector<std::string> names, addresses;
  const std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(
          &certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = all == nullptr ? 0 : sk_GENERAL_NAME_num(all.get());
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) names.push_back(TextOf(name->d.dNSName));
    if (name->type == GEN_IPADD)
      addresses.push_back(AddressOf(name->d.iPAddress));
  }
  names.insert(names.end(), addresses.begin(), addresses.end());
  const X509_NAME* subject = X509_get_subject_name(&certificate);
  const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (names.empty() && place >= 0) {
    names.push_back(
        TextOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place))));
  }
  return names;
}

std::string Day(int64_t us) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::FromUnixMicros(us),
                          absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<Certificate> ReadCertificate(const TlsFiles& files) {
  const auto certificate = ReadX509(files.cert);
  if (!certificate.ok()) return certificate.status();
  const auto key = ReadKey(files.key);
  if (!key.ok()) return key.status();
  const bool is_its_key =
      X509_check_private_key(certificate->get(), key->get()) == 1;
  ERR_clear_error();
  if (!is_its_key) {
    return Wrong(
        "tls_key", files.key,
        absl::StrCat("is not the key of the certificate in ", files.cert,
                     "; give the two files that were made together "
                     "(the server's own certificate comes first in "
                     "its file)"));
  }
  return Certificate{
      .names = NamesOf(**certificate),
      .begin_us = MicrosOf(X509_get0_notBefore(certificate->get())),
      .end_us = MicrosOf(X509_get0_notAfter(certificate->get()))};
}

std::string ValidityWarning(const TlsFiles& files,
                            const Certificate& certificate, int64_t now_us) {
  if (now_us < certificate.begin_us) {
    return absl::StrCat("the certificate in ", files.cert, " is good from ",
                        Day(certificate.begin_us),
                        " on, and clients refuse it until then; look at the "
                        "clock, or give another");
  }
  if (now_us >= certificate.end_us) {
    return absl::StrCat("the certificate in ", files.cert, " expired on ",
                        Day(certificate.end_us),
                        ", and clients refuse it; put a new one in its place");
  }
  if (now_us + kWarnBefore >= certificate.end_us) {
    return absl::StrCat("the certificate in ", files.cert, " expires on ",
                        Day(certificate.end_us),
                        "; put a new one in its place before");
  }
  return "";
}

}  // namespace engram
