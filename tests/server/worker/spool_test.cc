#include "server/worker/spool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <future>
#include <vector>

#include "tests/server/worker/test_spool.h"

namespace engram {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Room = Spool::Room;

std::string All(const SpoolRecord& record) {
  const auto bytes = record.Read(0, record.size());
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.value_or("");
}

// A disk with so much room left. Each write takes at most seven bytes.
std::atomic<int64_t> disk_left;
std::atomic<int> disk_error = ENOSPC;

ssize_t WriteToSmallDisk(int fd, const void* bytes, size_t size, off_t at) {
  size = std::min(size, size_t{7});
  if (static_cast<int64_t>(size) > disk_left) {
    errno = disk_error;
    return -1;
  }
  disk_left -= static_cast<int64_t>(size);
  return pwrite(fd, bytes, size, at);
}

TEST(SpoolTest, TheFirstBytesAreInMemoryTheRestInFiles) {
  TestSpool spool({.memory_bytes = 100});
  const auto first = spool->Add(std::string(60, 'a'), Room::kWait);
  const auto second = spool->Add(std::string(60, 'b'), Room::kWait);
  const auto third = spool->Add(std::string(40, 'c'), Room::kWait);
  EXPECT_TRUE(first->is_in_memory());
  EXPECT_FALSE(second->is_in_memory());
  EXPECT_TRUE(third->is_in_memory());
  EXPECT_EQ(All(*first), std::string(60, 'a'));
  EXPECT_EQ(All(*second), std::string(60, 'b'));
  EXPECT_EQ(spool->memory_bytes(), 100);
  EXPECT_EQ(spool->file_bytes(), 60);
}

TEST(SpoolTest, ALargeRecordIsNeverInMemory) {
  TestSpool spool;
  const std::string large(Spool::kMostInMemory + 1, 'a');
  const auto record = spool->Add(large, Room::kWait);
  EXPECT_FALSE(record->is_in_memory());
  EXPECT_TRUE(All(*record) == large);
}

TEST(SpoolTest, ReadsPartsAndMapsTheWhole) {
  TestSpool spool({.memory_bytes = 8});
  const auto in_file = spool->Add("0123456789", Room::kWait);
  const auto behind = spool->Add("abcdefghijk", Room::kWait);
  const auto in_memory = spool->Add("xyz", Room::kWait);
  EXPECT_EQ(*in_file->Read(3, 4), "3456");
  EXPECT_EQ(*in_file->Read(8, 100), "89");
  EXPECT_EQ(in_file->Map()->bytes(), "0123456789");
  EXPECT_EQ(behind->Map()->bytes(), "abcdefghijk");
  EXPECT_EQ(in_memory->Map()->bytes(), "xyz");
}

TEST(SpoolTest, AFileGoesWithItsLastRecord) {
  TestSpool spool({.memory_bytes = 0, .file_bytes = 20});
  std::vector<SpoolRecord> records;
  for (int i = 0; i < 6; ++i) {
    records.push_back(*spool->Add("0123456789", Room::kWait));
  }
  EXPECT_EQ(spool.folder().count(), 3);
  EXPECT_EQ(spool->file_bytes(), 60);
  records.erase(records.begin(), records.begin() + 3);
  EXPECT_EQ(spool.folder().count(), 2);
  EXPECT_EQ(All(records[0]), "0123456789");
  records.clear();
  EXPECT_EQ(spool.folder().count(), 0);
  EXPECT_EQ(spool->file_bytes(), 0);
}

TEST(SpoolTest, BeyondTheBoundItWaitsRefusesOrTakes) {
  TestSpool spool({.bound_bytes = 15, .memory_bytes = 0});
  auto first = spool->Add("0123456789", Room::kWait);
  const auto refused = spool->Add("0123456789", Room::kRefuse);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr(spool.folder().path()));
  EXPECT_TRUE(spool->Add("0123456789", Room::kTake).ok());
  std::future<bool> waited = std::async(std::launch::async, [&] {
    return spool->Add("0123456789", Room::kWait).ok();
  });
  EXPECT_EQ(waited.wait_for(1ms), std::future_status::timeout);
  *first = SpoolRecord();
  EXPECT_TRUE(waited.get());
}

TEST(SpoolTest, ARecordLargerThanTheBoundGoesWhenItIsAlone) {
  TestSpool spool({.bound_bytes = 15, .memory_bytes = 0});
  EXPECT_TRUE(spool->Add(std::string(100, 'a'), Room::kRefuse).ok());
}

TEST(SpoolTest, CloseEndsAWait) {
  TestSpool spool({.bound_bytes = 5, .memory_bytes = 0});
  const auto first = spool->Add("0123456789", Room::kWait);
  auto waiting = std::async(std::launch::async, [&] {
    return spool->Add("0123456789", Room::kWait).status();
  });
  spool->Close();
  EXPECT_EQ(waiting.get().code(), absl::StatusCode::kAborted);
}

TEST(SpoolTest, AWriterGrowsFromMemoryIntoAFile) {
  TestSpool spool({.memory_bytes = 25});
  SpoolWriter writer(spool, Room::kWait);
  std::string whole;
  for (int i = 0; i < 10; ++i) {
    const std::string piece(10, static_cast<char>('a' + i));
    ASSERT_TRUE(writer.Append(piece).ok());
    whole += piece;
  }
  EXPECT_EQ(spool->memory_bytes(), 0);
  const SpoolRecord record = writer.Finish();
  EXPECT_EQ(record.size(), 100);
  EXPECT_EQ(All(record), whole);
  EXPECT_EQ(record.Map()->bytes(), whole);
}

TEST(SpoolTest, WhatAWriterDoesNotFinishIsForgotten) {
  TestSpool spool({.memory_bytes = 10});
  {
    SpoolWriter small(spool, Room::kWait), large(spool, Room::kWait);
    ASSERT_TRUE(small.Append("12345").ok());
    ASSERT_TRUE(large.Append(std::string(100, 'x')).ok());
    EXPECT_GT(spool->file_bytes(), 0);
  }
  EXPECT_EQ(spool->memory_bytes(), 0);
  EXPECT_EQ(spool->file_bytes(), 0);
  EXPECT_EQ(spool.folder().count(), 0);
}

TEST(SpoolTest, ShortWritesAreFinished) {
  disk_left = 1000;
  TestSpool spool({.memory_bytes = 0, .write = WriteToSmallDisk});
  const auto record = spool->Add(std::string(100, 'a'), Room::kWait);
  EXPECT_EQ(All(*record), std::string(100, 'a'));
}

TEST(SpoolTest, AFullDiskIsRefusedWithTheFolderAndHarmsNoOther) {
  disk_left = 50;
  disk_error = ENOSPC;
  TestSpool spool(
      {.memory_bytes = 0, .patience = 1ms, .write = WriteToSmallDisk});
  const auto before = spool->Add(std::string(20, 'a'), Room::kWait);
  const auto refused = spool->Add(std::string(60, 'b'), Room::kWait);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(refused.status().message()),
              testing::AllOf(HasSubstr(spool.folder().path()),
                             HasSubstr("No space left")));
  EXPECT_EQ(spool->file_bytes(), 20) << "what was half written is not counted";
  disk_left = 1000;
  const auto after = spool->Add(std::string(30, 'c'), Room::kWait);
  EXPECT_EQ(All(*before), std::string(20, 'a'));
  EXPECT_EQ(All(*after), std::string(30, 'c'));
}

TEST(SpoolTest, AFullDiskThatGetsRoomIsWaitedFor) {
  disk_left = 0;
  disk_error = ENOSPC;
  TestSpool spool(
      {.memory_bytes = 0, .patience = 20s, .write = WriteToSmallDisk});
  auto waiting = std::async(std::launch::async, [&] {
    return spool->Add("0123456789", Room::kWait).ok();
  });
  EXPECT_EQ(waiting.wait_for(1ms), std::future_status::timeout);
  EXPECT_FALSE(spool->Add("0123456789", Room::kRefuse).ok());
  disk_left = 1000;
  EXPECT_TRUE(waiting.get());
}

TEST(SpoolTest, WhatMustNotBeLostGoesToMemoryWhenTheDiskIsFull) {
  disk_left = 0;
  disk_error = ENOSPC;
  TestSpool spool({.memory_bytes = 0, .write = WriteToSmallDisk});
  const auto record = spool->Add("the end", Room::kTake);
  ASSERT_TRUE(record.ok());
  EXPECT_TRUE(record->is_in_memory());
  EXPECT_EQ(All(*record), "the end");
  EXPECT_EQ(spool->file_bytes(), 0);
}

TEST(SpoolTest, ADiskThatFailsIsNotWaitedFor) {
  disk_left = 0;
  disk_error = EIO;
  TestSpool spool(
      {.memory_bytes = 0, .patience = 1h, .write = WriteToSmallDisk});
  const auto failed = spool->Add("0123456789", Room::kWait);
  EXPECT_FALSE(failed.ok());
  EXPECT_THAT(std::string(failed.status().message()),
              HasSubstr(spool.folder().path()));
  SpoolWriter writer(spool, Room::kWait);
  EXPECT_FALSE(writer.Append("0123456789").ok());
}

TEST(SpoolTest, AFileThatWasCutIsAnErrorNotOtherBytes) {
  TestSpool spool({.memory_bytes = 0});
  const auto record = spool->Add("0123456789", Room::kWait);
  for (const auto& entry :
       std::filesystem::directory_iterator(spool.folder().path())) {
    std::filesystem::resize_file(entry.path(), 3);
  }
  EXPECT_EQ(record->Read(0, 10).status().code(), absl::StatusCode::kDataLoss);
}

TEST(SpoolTest, ManyThreadsKeepTheirBytes) {
  TestSpool spool({.memory_bytes = 1000, .file_bytes = 500});
  std::vector<std::future<bool>> threads;
  for (char c : {'a', 'b', 'c', 'd'}) {
    threads.push_back(std::async(std::launch::async, [&spool, c] {
      for (int i = 0; i < 200; ++i) {
        const std::string bytes(static_cast<size_t>(i % 90 + 1), c);
        const auto record = spool->Add(bytes, Room::kTake);
        if (!record.ok() || *record->Read(0, 100) != bytes) return false;
      }
      return true;
    }));
  }
  for (auto& thread : threads) EXPECT_TRUE(thread.get());
  EXPECT_EQ(spool->memory_bytes(), 0);
  EXPECT_EQ(spool->file_bytes(), 0);
  EXPECT_EQ(spool.folder().count(), 0);
}

}  // namespace
}  // namespace engram
