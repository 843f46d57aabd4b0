#include "lang/import/seccomp/profile_text.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>

#include "lang/import/json/json.h"
#include "lang/import/json/utf8.h"

namespace bulkhead::seccomp_import {
namespace {

using json::Document;
using json::Kind;
using json::Node;

/// On which of the two machines a rule holds.
struct Reach {
  bool x86_64 = true;
  bool aarch64 = true;
  bool none() const { return !x86_64 && !aarch64; }
  bool both() const { return x86_64 && aarch64; }
};

std::string hex(std::uint64_t value) {
  if (value < 10) return std::to_string(value);
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

class Import {
 public:
  Import(const Document& document, const ProfileOptions& options, diag::DiagnosticSink& sink)
      : document_(document), options_(options), sink_(sink) {
    for (const ir::Syscall& syscall : options.syscalls) known_[syscall.name] = &syscall;
  }

  /// The sentences of a container with the profile `root`.
  std::optional<ProfileText> sentences(const Node& root) {
    if (root.kind != Kind::Object) refuse(root, "a seccomp profile is a JSON object");
    fallback_ = failed_ ? "" : default_action(root);
    for (const Node* rule : items(root, "syscalls")) {
      if (rule->kind == Kind::Object)
        read(*rule);
      else
        refuse(*rule, "a rule is a JSON object");
    }
    if (failed_) return std::nullopt;
    text_.text = "    syscalls default " + fallback_ + ";\n";
    for (const auto& [ending, names] : allowed_) sentence("syscalls allow", names, ending);
    for (const auto& [ending, names] : denied_) sentence("syscalls deny", names, ending);
    return std::move(text_);
  }

  std::optional<ProfileText> module() {
    auto made = sentences(document_.root());
    if (!made) return std::nullopt;
    made->text = "// From a seccomp profile; the container keeps " + kept() + ".\nmodule " + options_.module +
                 ";\nimport linux;\n\ncontainer " + options_.container + " {\n" + made->text + "}\n";
    return made;
  }

  std::optional<ProfileText> section(const Node& root) {
    for (const json::Member& member : root.members) {
      const Node& part = document_.at(member.value);
      if (member.key == "flags" || member.key == "listenerPath" || member.key == "listenerMetadata")
        leave_out(part, "`" + member.key + "` has no sentence");
    }
    for (const Node* name : items(root, "architectures")) {
      if (name->text != "SCMP_ARCH_X86_64" && name->text != "SCMP_ARCH_AARCH64")
        leave_out(*name, "calls of `" + json::printable(name->text) + "`: here they kill the process");
    }
    for (const Node* rule : items(root, "syscalls")) {
      for (const char* key : {"includes", "excludes"}) {
        if (const Node* filter = document_.find(*rule, key)) refuse(*filter, "runtimes skip over this key of a rule");
      }
    }
    return sentences(root);
  }

 private:
  void refuse(const Node& node, std::string message) {
    failed_ = true;
    sink_.report({diag::Code::JsonBadValue, node.span, std::move(message), {}, "", {}});
  }
  void leave_out(const Node& node, std::string what) { text_.left_out.push_back({node.span, std::move(what)}); }

  std::string kept() const {
    if (options_.capabilities.empty()) return "no kernel capability";
    std::string text;
    for (const std::string& name : options_.capabilities) text += (text.empty() ? "" : ", ") + name;
    return text;
  }

  std::vector<const Node*> items(const Node& object, std::string_view key) {
    std::vector<const Node*> list;
    const Node* array = document_.find(object, key);
    if (array == nullptr || array->kind == Kind::Null) return list;
    if (array->kind != Kind::Array) {
      refuse(*array, "`" + std::string(key) + "` is an array");
      return list;
    }
    for (const json::NodeId id : array->items) list.push_back(&document_.at(id));
    return list;
  }

  /// The action as the language spells it; "" for ALLOW; nothing, after a diagnostic, where it has no spelling.
  std::optional<std::string> action(const Node& object, std::string_view key, std::string_view data_key) {
    const Node* name = document_.find(object, key);
    if (name == nullptr || name->kind != Kind::String) {
      refuse(object, "`" + std::string(key) + "` is missing");
      return std::nullopt;
    }
    const Node* data = document_.find(object, data_key);
    const auto given = data != nullptr && data->kind != Kind::Null ? json::unsigned_of(*data) : std::uint64_t{1};
    if (!given || *given > 4095) refuse(*data, "an errno is a whole number up to 4095");
    const std::uint64_t number = given.value_or(1);
    // Podman writes the errno a second time, by name.
    const Node* spelt = document_.find(object, data_key == "errnoRet" ? "errno" : "defaultErrno");
    const char* known_name = ::strerrorname_np(static_cast<int>(number));
    if (spelt != nullptr && !spelt->text.empty() && (known_name == nullptr || spelt->text != known_name))
      refuse(*spelt, "this is another errno than the number beside it");
    if (name->text == "SCMP_ACT_ALLOW") return "";
    if (name->text == "SCMP_ACT_ERRNO") return errno_name(number);
    if (name->text == "SCMP_ACT_KILL" || name->text == "SCMP_ACT_KILL_THREAD") return "kill_thread";
    if (name->text == "SCMP_ACT_KILL_PROCESS") return "kill";
    if (name->text == "SCMP_ACT_TRAP") return "trap 0";
    if (name->text == "SCMP_ACT_NOTIFY") return "notify";
    refuse(*name, "`" + name->text + "` lets a refused call through, which no sentence says");
    return std::nullopt;
  }
  static std::string errno_name(std::uint64_t number) {
    switch (number) {
      case 1:
        return "EPERM";
      case 13:
        return "EACCES";
      case 22:
        return "EINVAL";
      case 38:
        return "ENOSYS";
    }
    return "errno " + std::to_string(number);
  }

  std::string default_action(const Node& root) {
    const auto fallback = action(root, "defaultAction", "defaultErrnoRet");
    if (fallback && fallback->empty()) {
      refuse(*document_.find(root, "defaultAction"),
             "a profile that allows what it does not name cannot be said: name what is allowed");
    }
    return fallback.value_or("");
  }

  /// Where the rule holds, under the capabilities and the kernel of the options.
  Reach reach(const Node& rule) {
    Reach reach;
    for (const char* key : {"includes", "excludes"}) {
      const Node* filter = document_.find(rule, key);
      if (filter == nullptr || filter->kind != Kind::Object) continue;
      const bool includes = std::string_view(key) == "includes";
      for (const Node* item : items(*filter, "caps")) {
        if ((options_.capabilities.count(item->text) != 0) != includes) return {false, false};
      }
      const auto arches = items(*filter, "arches");
      const auto named = [&](std::string_view arch) {
        return std::any_of(arches.begin(), arches.end(), [&](const Node* item) { return item->text == arch; });
      };
      if (!arches.empty()) {
        reach.x86_64 = reach.x86_64 && named("amd64") == includes;
        reach.aarch64 = reach.aarch64 && named("arm64") == includes;
      }
      const Node* version = document_.find(*filter, "minKernel");
      unsigned major = 0, minor = 0;
      if (version == nullptr || version->text.empty()) continue;
      if (std::sscanf(version->text.c_str(), "%u.%u", &major, &minor) != 2)
        refuse(*version, "a kernel version is two numbers");
      if ((std::pair(options_.kernel_major, options_.kernel_minor) >= std::pair(major, minor)) != includes)
        return {false, false};
    }
    return reach;
  }

  std::string comparison(const Node& entry) {
    const auto number = [&](std::string_view key) {
      const Node* value = document_.find(entry, key);
      return value != nullptr ? json::unsigned_of(*value) : std::nullopt;
    };
    const auto index = number("index"), value = number("value");
    const Node* op = document_.find(entry, "op");
    if (!index || *index > 5 || !value || op == nullptr) {
      refuse(entry, "an entry of `args` has an index from 0 to 5, a value and an op");
      return "";
    }
    const std::string argument = "call.arg" + std::to_string(*index);
    if (op->text == "SCMP_CMP_MASKED_EQ") {
      return "(" + argument + " & " + hex(*value) + ") == " + hex(number("valueTwo").value_or(0) & *value);
    }
    static const std::map<std::string, std::string> kSigns = {{"SCMP_CMP_EQ", "=="}, {"SCMP_CMP_NE", "!="},
                                                              {"SCMP_CMP_LT", "<"},  {"SCMP_CMP_LE", "<="},
                                                              {"SCMP_CMP_GT", ">"},  {"SCMP_CMP_GE", ">="}};
    const auto sign = kSigns.find(op->text);
    if (sign == kSigns.end()) {
      refuse(*op, "`" + op->text + "` is no comparison");
      return "";
    }
    return argument + " " + sign->second + " " + hex(*value);
  }

  /// " when ...", or "". Several entries of one argument are alternatives, as the runtimes read them.
  std::string condition(const Node& rule) {
    std::vector<std::string> parts;
    std::set<std::uint64_t> seen;
    bool repeated = false;
    for (const Node* entry : items(rule, "args")) {
      parts.push_back(comparison(*entry));
      const Node* index = document_.find(*entry, "index");
      repeated = repeated || (index != nullptr && !seen.insert(json::unsigned_of(*index).value_or(0)).second);
    }
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? " when " : repeated ? " || " : " && ") + part;
    return text;
  }

  void read(const Node& rule) {
    const auto answer = action(rule, "action", "errnoRet");
    const Reach holds = reach(rule);
    const std::string when = condition(rule);
    if (failed_ || !answer) return;
    for (const Node* name : items(rule, "names")) {
      const bool open = settled_.count(name->text) == 0 && *answer != fallback_;
      const auto known = known_.find(name->text);
      if (known == known_.end()) {
        leave_out(*name, "`" + name->text + "` is a call of neither x86-64 nor aarch64");
        continue;
      }
      const bool x86 = known->second->x86_64 >= 0, arm = known->second->aarch64 >= 0;
      if ((!x86 || !holds.x86_64) && (!arm || !holds.aarch64)) {
        leave_out(*name, "the rule for `" + name->text +
                             "` does not hold with these capabilities, this kernel and these machines");
      } else if ((x86 && !holds.x86_64) || (arm && !holds.aarch64)) {
        refuse(*name, "the rule holds on one machine, and `" + name->text + "` is a call of both");
      } else if (open && when.empty()) {
        settle(name->text);
        if (answer->empty())
          allowed_[when].insert(name->text);
        else
          denied_[" with " + *answer].insert(name->text);
      } else if (settled_.count(name->text) != 0) {
        leave_out(*name, "an earlier rule without arguments has settled `" + name->text + "`");
      } else if (*answer == fallback_) {
        leave_out(*name, "the default answers `" + name->text + "` in the same way");
      } else if (answer->empty()) {
        allowed_[when].insert(name->text);
      } else {
        denied_[" with " + *answer + when].insert(name->text);
      }
    }
  }

  /// libseccomp: a rule without arguments replaces those with arguments before it, and none comes after it.
  void settle(const std::string& name) {
    settled_.insert(name);
    for (auto* sentences : {&allowed_, &denied_}) {
      for (auto& entry : *sentences) entry.second.erase(name);
      std::erase_if(*sentences, [](const auto& entry) { return entry.second.empty(); });
    }
  }

  void sentence(const std::string& start, const std::set<std::string>& names, const std::string& ending) {
    std::string line = "    " + start;
    bool first = true;
    for (const std::string& name : names) {
      const std::string item = (first ? " " : ", ") + name;
      if (line.size() + item.size() > 118) {
        text_.text += line + ",\n";
        line = "        " + name;
      } else {
        line += item;
      }
      first = false;
    }
    text_.text += line + ending + ";\n";
  }

  const Document& document_;
  const ProfileOptions& options_;
  diag::DiagnosticSink& sink_;
  std::map<std::string, const ir::Syscall*> known_;
  std::map<std::string, std::set<std::string>> allowed_;  // condition -> names
  std::map<std::string, std::set<std::string>> denied_;   // answer and condition -> names
  std::set<std::string> settled_;
  std::string fallback_;
  ProfileText text_;
  bool failed_ = false;
};

}  // namespace

std::optional<ProfileText> profile_text(const source::SourceMap& sources, source::FileId file,
                                        const ProfileOptions& options, diag::DiagnosticSink& sink) {
  json::Bounds bounds;
  bounds.bytes = kMaxProfileBytes;
  const auto document = json::parse(sources, file, bounds, sink);
  if (!document) return std::nullopt;
  return Import(*document, options, sink).module();
}

std::optional<ProfileText> section_sentences(const json::Document& document, const json::Node& section,
                                             const ProfileOptions& options, diag::DiagnosticSink& sink) {
  return Import(document, options, sink).section(section);
}

}  // namespace bulkhead::seccomp_import
