#include "server/gateway/own_addresses.h"

#include <gtest/gtest.h>

namespace engram {
namespace {

TEST(OwnAddressesTest, NamesOfTheCertificateAreOwnHosts) {
  const OwnAddresses own(
      "0.0.0.0", 7080, {"Lab.example", "*.lab.example", "10.0.0.7", "fd00::7"},
      /*is_https=*/true);
  for (const char* host :
       {"lab.example:7080", "LAB.example:7080", "a.lab.example:7080",
        "10.0.0.7:7080", "[fd00::7]:7080", "localhost:7080"}) {
    EXPECT_TRUE(own.IsOwnHost(host)) << host;
  }
  for (const char* host :
       {"lab.example", "lab.example:7081", "evil.example:7080",
        "a.b.lab.example:7080", ".lab.example:7080", "lab.example.evil:7080",
        "*.lab.example.evil:7080", "10.0.0.8:7080", ""}) {
    EXPECT_FALSE(own.IsOwnHost(host)) << host;
  }
}

TEST(OwnAddressesTest, OriginHasTheSchemeThatIsServed) {
  const OwnAddresses plain("127.0.0.1", 7080, {}, /*is_https=*/false);
  const OwnAddresses tls("127.0.0.1", 7080, {}, /*is_https=*/true);
  EXPECT_TRUE(plain.IsOwnOrigin("http://localhost:7080"));
  EXPECT_FALSE(plain.IsOwnOrigin("https://localhost:7080"));
  EXPECT_TRUE(tls.IsOwnOrigin("https://localhost:7080"));
  EXPECT_FALSE(tls.IsOwnOrigin("http://localhost:7080"));
  EXPECT_FALSE(tls.IsOwnOrigin("null"));
}

TEST(OwnAddressesTest, PortOfTheSchemeMayBeLeftOut) {
  EXPECT_TRUE(OwnAddresses("10.0.0.7", 443, {"lab.example"}, true)
                  .IsOwnHost("lab.example"));
  EXPECT_FALSE(OwnAddresses("10.0.0.7", 443, {"lab.example"}, false)
                   .IsOwnHost("lab.example"));
}

}  // namespace
}  // namespace engram
