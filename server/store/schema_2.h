#pragma once

namespace engram::store {

// What schema 2 of engram.db adds to schema 1.
extern const char kSchema2[];

}  // namespace engram::store
