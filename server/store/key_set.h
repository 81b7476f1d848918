#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace engram::store {

// A set of row keys, a bit each: 100,000 runs take 12 kB. Keys are positive,
// and given out one after the other, so the bits lie dense.
class KeySet {
 public:
  void Add(int64_t key);
  bool Contains(int64_t key) const;
  int64_t Count() const;

  void UniteWith(const KeySet& other);
  void IntersectWith(const KeySet& other);
  void Remove(const KeySet& other);

  // Calls `visit` with every key, ascending.
  template <class Visit>
  void ForEach(const Visit& visit) const {
    for (size_t i = 0; i < words_.size(); ++i)
      for (uint64_t rest = words_[i]; rest != 0; rest &= rest - 1)
        visit(static_cast<int64_t>(64 * i) + std::countr_zero(rest));
  }

 private:
  friend class KeyRanks;
  std::vector<uint64_t> words_;
};

// The place of each key of a set among its keys: an array as long as the set
// is can then be indexed by key.
class KeyRanks {
 public:
  // `set` outlives this and stays as it is.
  explicit KeyRanks(const KeySet& set);
  int64_t size() const { return size_; }
  // From 0, ascending; -1: not in the set.
  int64_t Of(int64_t key) const;

 private:
  const KeySet& set_;
  std::vector<int64_t> before_;  // keys in the words before each
  int64_t size_ = 0;
};

}  // namespace engram::store
