// All short paths over a small alphabet, and random patterns over the same: the small world of the universe tests.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "lang/ir/glob.h"

namespace bulkhead::samples {

/// Every valid path of at most `units` units, a unit being a byte or one multibyte scalar, one lone continuation byte
/// among them.
inline std::vector<std::string> short_paths(std::size_t units) {
  static const std::vector<std::string> kUnits{"/", "a", "b", ".", "\xC3\xA9", "\x80"};
  std::vector<std::string> all{""};
  std::vector<std::string> paths;
  for (std::size_t length = 0; length < units; ++length) {
    std::vector<std::string> longer;
    for (const std::string& text : all)
      for (const std::string& unit : kUnits) longer.push_back(text + unit);
    for (const std::string& text : longer)
      if (ir::is_valid_path(text)) paths.push_back(text);
    all = std::move(longer);
  }
  return paths;
}

inline std::string random_glob(std::mt19937& random) {
  static const std::vector<std::string> kParts{"/",
                                               "a",
                                               "b",
                                               "/a",
                                               "/b",
                                               "*",
                                               "**",
                                               "/**",
                                               "?",
                                               "/?",
                                               "[ab]",
                                               "[!a]",
                                               "{a,b}",
                                               "{/a,}",
                                               "/*",
                                               "\xC3\xA9",
                                               "[a-\xC3\xA9]",
                                               ".",
                                               "/**/a",
                                               "{a,{b,/b}}",
                                               "\\*",
                                               "/**/",
                                               "[\xC3\xA0-\xC3\xBF]"};
  std::string glob = random() % 8 == 0 ? "" : "/";
  const std::size_t count = 1 + random() % 5;
  for (std::size_t i = 0; i < count; ++i) glob += kParts[random() % kParts.size()];
  return glob;
}

}  // namespace bulkhead::samples
