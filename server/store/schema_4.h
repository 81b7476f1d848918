#pragma once

namespace engram::store {

// What schema 4 of engram.db adds to schema 3.
extern const char kSchema4[];

}  // namespace engram::store
