#include "server/store/key_set.h"

#include <algorithm>

#include "core/base/contract.h"

namespace engram::store {
namespace {

size_t WordOf(int64_t key) { return static_cast<size_t>(key) / 64; }
uint64_t BitOf(int64_t key) { return uint64_t{1} << (key % 64); }

}  // namespace

void KeySet::Add(int64_t key) {
  ENGRAM_EXPECT(key > 0);
  const size_t word = WordOf(key);
  if (word >= words_.size()) words_.resize(std::max(word + 1, 2 * word));
  words_[word] |= BitOf(key);
}

bool KeySet::Contains(int64_t key) const {
  const size_t word = WordOf(key);
  return word < words_.size() && (words_[word] & BitOf(key)) != 0;
}

int64_t KeySet::Count() const {
  int64_t count = 0;
  for (const uint64_t word : words_) count += std::popcount(word);
  return count;
}

void KeySet::UniteWith(const KeySet& other) {
  words_.resize(std::max(words_.size(), other.words_.size()));
  for (size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
}

void KeySet::IntersectWith(const KeySet& other) {
  words_.resize(std::min(words_.size(), other.words_.size()));
  for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
}

void KeySet::Remove(const KeySet& other) {
  const size_t shared = std::min(words_.size(), other.words_.size());
  for (size_t i = 0; i < shared; ++i) words_[i] &= ~other.words_[i];
}

KeyRanks::KeyRanks(const KeySet& set) : set_(set) {
  before_.reserve(set.words_.size());
  for (const uint64_t word : set.words_) {
    before_.push_back(size_);
    size_ += std::popcount(word);
  }
}

int64_t KeyRanks::Of(int64_t key) const {
  if (!set_.Contains(key)) return -1;
  const size_t word = WordOf(key);
  return before_[word] + std::popcount(set_.words_[word] & (BitOf(key) - 1));
}

}  // namespace engram::store
