// Loads a ruleset into a network namespace of its own and reads it back.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>

#include "lang/base/file.h"

namespace bulkhead::testing {

/// The listing that nft gives after loading `json`; nothing where the machine lacks nft or the right to make a
/// namespace.
inline std::optional<std::string> load_and_list(const std::string& json) {
  if (std::system("unshare --net nft list ruleset >/dev/null 2>&1") != 0) return std::nullopt;
  std::string folder = "/tmp/bulkhead-nft-XXXXXX";
  if (!::mkdtemp(folder.data())) return std::nullopt;
  std::ofstream(folder + "/in.json") << json;
  const std::string command = "unshare --net sh -c 'nft -j -f " + folder + "/in.json && nft -j list ruleset' > " +
                              folder + "/out.json 2>" + folder + "/errors";
  const bool loaded = std::system(command.c_str()) == 0;
  auto listing = read_file(folder + (loaded ? "/out.json" : "/errors"), 1u << 20);
  for (const char* name : {"/in.json", "/out.json", "/errors"}) std::remove((folder + name).c_str());
  std::remove(folder.c_str());
  return listing.ok() ? *listing : std::string("no listing");
}

}  // namespace bulkhead::testing
