#include "tests/support/test_certificate.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/contract.h"

namespace engram {
namespace {

std::string AlternativeNames(const std::vector<std::string>& names) {
  return absl::StrJoin(
      names, ",", [](std::string* out, const std::string& name) {
        in6_addr address;
        const bool is_address =
            inet_pton(AF_INET, name.c_str(), &address) == 1 ||
            inet_pton(AF_INET6, name.c_str(), &address) == 1;
        absl::StrAppend(out, is_address ? "IP:" : "DNS:", name);
      });
}

void AddExtension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  ENGRAM_EXPECT(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void Fill(X509* certificate, EVP_PKEY* key,
          const TestCertificateOptions& options) {
  uint32_t serial = 0;
  ENGRAM_EXPECT(RAND_bytes(reinterpret_cast<unsigned char*>(&serial),
                           sizeof serial) == 1);
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), options.begins_in_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate), options.ends_in_s);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(
      subject, "CN", MBSTRING_ASC,
      reinterpret_cast<const unsigned char*>("engram test"), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  if (!options.names.empty()) {
    AddExtension(certificate, NID_subject_alt_name,
                 AlternativeNames(options.names));
  }
  AddExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  ENGRAM_EXPECT(X509_sign(certificate, key, EVP_sha256()) > 0);
}

}  // namespace

TestCertificate MakeTestCertificate(const std::filesystem::path& folder,
                                    const TestCertificateOptions& options) {
  std::filesystem::create_directories(folder);
  const TestCertificate paths = {folder / "cert.pem", folder / "key.pem"};
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  Fill(certificate, key, options);

  // Beside, then in place, as who renews a certificate does.
  const std::string fresh_cert = paths.cert + ".new";
  const std::string fresh_key = paths.key + ".new";
  std::FILE* file = std::fopen(fresh_cert.c_str(), "we");
  ENGRAM_EXPECT(file != nullptr && PEM_write_X509(file, certificate) == 1);
  std::fclose(file);
  file = std::fopen(fresh_key.c_str(), "we");
  ENGRAM_EXPECT(file != nullptr);
  const std::string& phrase = options.passphrase;
  const int written = PEM_write_PrivateKey(
      file, key, phrase.empty() ? nullptr : EVP_aes_128_cbc(),
      reinterpret_cast<const unsigned char*>(phrase.data()),
      static_cast<int>(phrase.size()), nullptr, nullptr);
  std::fclose(file);
  ENGRAM_EXPECT(written == 1);
  chmod(fresh_key.c_str(), S_IRUSR | S_IWUSR);
  std::filesystem::rename(fresh_key, paths.key);
  std::filesystem::rename(fresh_cert, paths.cert);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return paths;
}

}  // namespace engram
