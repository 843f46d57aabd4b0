// Every small change of a JSON text: what a decoder has to notice, wherever it stands.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace bulkhead::testing {

struct JsonMutant {
  std::string where;  // "/linux/seccomp/syscalls/0 dropped"
  std::string text;
};

/// Each member and item dropped, each item there twice, each number one up and one down, each string longer and empty,
/// each truth turned, and an unknown member in each object.
inline std::vector<JsonMutant> json_mutants(const std::string& text) {
  using Json = nlohmann::ordered_json;
  const Json original = Json::parse(text);
  std::vector<JsonMutant> mutants;
  std::vector<Json::json_pointer> open{Json::json_pointer{}};
  while (!open.empty()) {
    const auto at = open.back();
    open.pop_back();
    const auto change = [&](const char* how, const std::function<void(Json&)>& edit) {
      Json mutant = original;
      edit(mutant[at]);
      if (mutant == original) return;
      mutants.push_back({at.to_string() + " " + how, mutant.dump()});
    };
    const Json& node = original[at];
    if (node.is_object()) {
      change("with an unknown member", [](Json& object) { object["unknown"] = 1; });
      for (const auto& [key, value] : node.items()) {
        mutants.push_back({(at / key).to_string() + " dropped", [&, &name = key] {
                             Json mutant = original;
                             mutant[at].erase(name);
                             return mutant.dump();
                           }()});
        open.push_back(at / key);
      }
    } else if (node.is_array()) {
      for (std::size_t i = 0; i < node.size(); ++i) {
        const std::string item = "item " + std::to_string(i);
        change((item + " dropped").c_str(), [i](Json& array) { array.erase(i); });
        change((item + " twice").c_str(), [i](Json& array) { array.push_back(Json(array[i])); });
        open.push_back(at / i);
      }
    } else if (node.is_boolean()) {
      change("turned", [](Json& value) { value = !value.get<bool>(); });
    } else if (node.is_number()) {
      change("+ 1", [](Json& value) { value = value.get<std::uint64_t>() + 1; });
      change("- 1", [](Json& value) { value = value.get<std::int64_t>() - 1; });
      change("0", [](Json& value) { value = 0; });
    } else if (node.is_string()) {
      change("longer", [](Json& value) { value = value.get<std::string>() + "x"; });
      change("empty", [](Json& value) { value = ""; });
    }
  }
  return mutants;
}

}  // namespace bulkhead::testing
