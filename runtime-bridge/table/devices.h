// The character devices of every sandbox's own /dev. Nodes of devices can be written on a read-only file system too.
#pragma once

namespace bulkhead::table {

inline constexpr const char* kDevices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

}  // namespace bulkhead::table
