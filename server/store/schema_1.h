#pragma once

namespace engram::store {

// The first schema of each file; never changed once a release has used it.
extern const char kSchema1[];
extern const char kBlobSchema1[];

}  // namespace engram::store
