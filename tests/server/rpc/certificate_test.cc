#include "server/rpc/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ctime>
#include <fstream>

#include "tests/support/test_certificate.h"

namespace engram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kSecond = 1'000'000;

class CertificateTest : public testing::Test {
 protected:
  CertificateTest() {
    std::string pattern = testing::TempDir() + "/certificate-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~CertificateTest() override { std::filesystem::remove_all(folder_); }

  TlsFiles Make(const TestCertificateOptions& options = {},
                const std::string& name = "tls") const {
    const TestCertificate made = MakeTestCertificate(folder_ / name, options);
    return {made.cert, made.key};
  }
  std::string Fault(const TlsFiles& files) const {
    const auto read = ReadCertificate(files);
    EXPECT_EQ(read.status().code(), absl::StatusCode::kFailedPrecondition);
    return std::string(read.status().message());
  }

  std::filesystem::path folder_;
  const int64_t now_us_ = int64_t{std::time(nullptr)} * kSecond;
};

TEST_F(CertificateTest, SaysNamesFirstAddressesThenAndLife) {
  const auto read = ReadCertificate(
      Make({.names = {"10.0.0.7", "lab.example", "*.lab.example", "fd00::7"},
            .ends_in_s = 100 * 86'400}));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->names, ElementsAre("lab.example", "*.lab.example",
                                       "10.0.0.7", "fd00::7"));
  EXPECT_NEAR(static_cast<double>(read->end_us - now_us_),
              100.0 * 86'400 * kSecond, 60.0 * kSecond);
}

TEST_F(CertificateTest, CommonNameStandsInForOthers) {
  const auto read = ReadCertificate(Make({.names = {}}));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->names, ElementsAre("engram test"));
}

TEST_F(CertificateTest, MissingFilesAreNamed) {
  TlsFiles files = Make();
  std::filesystem::remove(files.key);
  EXPECT_THAT(Fault(files), HasSubstr("tls_key = " + files.key +
                                      ": cannot be read (No such file"));
  files.cert = folder_ / "none.pem";
  EXPECT_THAT(Fault(files), HasSubstr("tls_cert = " + files.cert));
}

TEST_F(CertificateTest, WhatIsNoPemIsNamed) {
  TlsFiles files = Make();
  const TlsFiles swapped = {files.key, files.cert};
  EXPECT_THAT(Fault(swapped), HasSubstr("holds no certificate in PEM form"));
  std::ofstream(files.key, std::ios::trunc) << "secret\n";
  EXPECT_THAT(Fault(files), HasSubstr("holds no private key in PEM form"));
}

TEST_F(CertificateTest, KeyOfAnotherCertificateIsRefused) {
  const TlsFiles one = Make({}, "one"), other = Make({}, "other");
  EXPECT_THAT(Fault({one.cert, other.key}),
              HasSubstr("is not the key of the certificate in " + one.cert));
}

TEST_F(CertificateTest, KeyThatEverybodyCanReadIsRefused) {
  const TlsFiles files = Make();
  chmod(files.key.c_str(), 0644);
  EXPECT_THAT(Fault(files), HasSubstr("chmod o-rwx " + files.key));
  chmod(files.key.c_str(), 0640);
  EXPECT_TRUE(ReadCertificate(files).ok());
}

TEST_F(CertificateTest, KeyUnderAPassphraseIsRefusedWithoutAsking) {
  EXPECT_THAT(Fault(Make({.passphrase = "open sesame"})),
              HasSubstr("passphrase"));
}

TEST_F(CertificateTest, WarnsOfALifeThatIsOverNearlyOrNotBegun) {
  const TlsFiles files = Make({.begins_in_s = -100, .ends_in_s = 20 * 86'400});
  const auto read = ReadCertificate(files);
  ASSERT_TRUE(read.ok()) << read.status();
  const auto warning = [&](int64_t days) {
    return ValidityWarning(files, *read, now_us_ + days * 86'400 * kSecond);
  };
  EXPECT_EQ(warning(0), "");
  EXPECT_THAT(warning(7), HasSubstr("expires on"));
  EXPECT_THAT(warning(21), HasSubstr("expired on"));
  EXPECT_THAT(warning(-1), HasSubstr("is good from"));
}

}  // namespace
}  // namespace engram
