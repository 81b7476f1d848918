#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include "core/base/contract.h"

namespace engram {

// Storage of vectors and matrices that results depend on: column-major,
// elements contiguous, 64-byte aligned, and padded with zeros to a whole number
// of 64 bytes, so that where the array lies in memory changes no sum. Zero at
// construction. A vector has one column.
template <class T>
class Array {
  static_assert(std::is_arithmetic_v<T>);

 public:
  static constexpr size_t kAlignment = 64;
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
  using Map = Eigen::Map<Matrix, Eigen::Aligned64>;
  using ConstMap = Eigen::Map<const Matrix, Eigen::Aligned64>;

  Array() = default;
  explicit Array(int64_t rows, int64_t cols = 1) : rows_(rows), cols_(cols) {
    ENGRAM_EXPECT(rows >= 0 && cols >= 0);
    const size_t bytes = padded_size() * sizeof(T);
    if (bytes == 0) return;
    data_.reset(
        static_cast<T*>(::operator new(bytes, std::align_val_t{kAlignment})));
    Fill(T{});
  }
  Array(const Array& other) : Array(other.rows_, other.cols_) { Copy(other); }
  Array& operator=(const Array& other) {
    if (this == &other) return *this;
    if (rows_ != other.rows_ || cols_ != other.cols_) {
      *this = Array(other.rows_, other.cols_);
    }
    Copy(other);
    return *this;
  }
  Array(Array&&) noexcept = default;
  Array& operator=(Array&&) noexcept = default;

  int64_t rows() const { return rows_; }
  int64_t cols() const { return cols_; }
  size_t size() const { return static_cast<size_t>(rows_ * cols_); }
  size_t padded_size() const {
    constexpr size_t kUnit = kAlignment / sizeof(T);
    return (size() + kUnit - 1) / kUnit * kUnit;
  }

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](int64_t i) { return data_.get()[i]; }
  T operator[](int64_t i) const { return data_.get()[i]; }
  T& operator()(int64_t i, int64_t j) { return data_.get()[i + rows_ * j]; }
  T operator()(int64_t i, int64_t j) const {
    return data_.get()[i + rows_ * j];
  }

  std::span<T> span() { return {data_.get(), size()}; }
  std::span<const T> span() const { return {data_.get(), size()}; }
  // With the padding: whole packets, of which what lies behind size() counts
  // for nothing and may hold anything finite.
  std::span<T> padded() { return {data_.get(), padded_size()}; }
  std::span<const T> padded() const { return {data_.get(), padded_size()}; }
  std::span<const T> col(int64_t j) const {
    return {data_.get() + rows_ * j, static_cast<size_t>(rows_)};
  }
  std::span<std::byte> bytes() { return std::as_writable_bytes(span()); }
  std::span<const std::byte> bytes() const { return std::as_bytes(span()); }

  Map map() { return Map(data_.get(), rows_, cols_); }
  ConstMap map() const { return ConstMap(data_.get(), rows_, cols_); }

  void Fill(T value) { std::fill_n(data_.get(), padded_size(), value); }

 private:
  struct Free {
    void operator()(T* data) const {
      ::operator delete(data, std::align_val_t{kAlignment});
    }
  };

  void Copy(const Array& other) {
    std::copy_n(other.data_.get(), padded_size(), data_.get());
  }

  int64_t rows_ = 0, cols_ = 0;
  std::unique_ptr<T[], Free> data_;
};

}  // namespace engram
