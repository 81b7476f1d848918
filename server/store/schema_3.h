#pragma once

namespace engram::store {

// What schema 3 of engram.db adds to schema 2.
extern const char kSchema3[];

}  // namespace engram::store
