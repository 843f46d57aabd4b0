#include "runtime-bridge/decode/seccomp/oci.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <map>
#include <optional>

#include "lang/import/json/json.h"

namespace bulkhead::decode::seccomp {
namespace {

using json::Document;
using json::Kind;
using json::Node;

Failure<DecodeError> refuse(std::string reason) {
  return {DecodeError{std::move(reason)}};
}

std::optional<std::uint32_t> action_of(const std::string& name, std::uint32_t data) {
  if (name == "SCMP_ACT_ALLOW") return bpf::kAllow;
  if (name == "SCMP_ACT_ERRNO") return bpf::kErrno | (data & 0xFFFF);
  if (name == "SCMP_ACT_KILL" || name == "SCMP_ACT_KILL_THREAD") return bpf::kKillThread;
  if (name == "SCMP_ACT_KILL_PROCESS") return bpf::kKillProcess;
  if (name == "SCMP_ACT_TRAP") return bpf::kTrap;
  if (name == "SCMP_ACT_TRACE") return bpf::kTrace | (data & 0xFFFF);
  if (name == "SCMP_ACT_LOG") return bpf::kLog;
  if (name == "SCMP_ACT_NOTIFY") return bpf::kNotify;
  return std::nullopt;
}

class Reading {
 public:
  Reading(const Document& document, const std::vector<ir::Syscall>& syscalls, const Circumstances& circumstances,
          Diagrams& diagrams)
      : document_(document), circumstances_(circumstances), diagrams_(diagrams) {
    for (const ir::Syscall& syscall : syscalls) {
      const std::int32_t number = x86() ? syscall.x86_64 : syscall.aarch64;
      if (number >= 0) numbers_[syscall.name] = static_cast<std::uint32_t>(number);
    }
  }

  Result<Ref, DecodeError> run() {
    const Node& root = document_.root();
    known(root, {"defaultAction", "defaultErrnoRet", "architectures", "syscalls", "flags"},
          {"archMap", "comment", "defaultErrno"});
    const auto fallback = action(root, "defaultAction", "defaultErrnoRet");
    if (!fallback) return refuse("`defaultAction` is missing or not known");
    fallback_ = *fallback;
    architectures();
    flags();
    for (const Node* rule : items(root, "syscalls")) {
      if (const std::string why = add(*rule); !why.empty()) return refuse(why);
    }
    if (!problem_.empty()) return refuse(problem_);
    return assemble();
  }

 private:
  Result<Ref, DecodeError> assemble() {
    Ref result = diagrams_.value(fallback_);
    const Bits<32> number = diagrams_.word(bpf::kNumberOffset);
    for (const auto& [own, answers] : answers_) {
      Ref here = diagrams_.value(fallback_);
      for (const auto& [value, where] : answers) here = diagrams_.choose(where, diagrams_.value(value), here);
      result = diagrams_.choose(diagrams_.equal(number, own), here, result);
    }
    const Ref killed = diagrams_.value(bpf::kKillProcess);
    if (x86()) {
      const Ref low = diagrams_.either(diagrams_.less(number, bpf::kX32Bit), diagrams_.equal(number, 0xFFFFFFFF));
      result = diagrams_.choose(low, result, killed);
    }
    const Ref native = diagrams_.equal(diagrams_.word(bpf::kArchOffset), x86() ? bpf::kArchX86_64 : bpf::kArchAarch64);
    result = diagrams_.choose(native, result, killed);
    if (diagrams_.exhausted()) return refuse("the profile needs too many states");
    return result;
  }

  bool x86() const { return circumstances_.machine == Machine::X86_64; }
  bool section() const { return circumstances_.dialect == Dialect::Section; }
  void problem(std::string reason) {
    if (problem_.empty()) problem_ = std::move(reason);
  }

  void known(const Node& object, std::initializer_list<std::string_view> keys,
             std::initializer_list<std::string_view> of_profiles) {
    if (object.kind != Kind::Object) return problem("`" + document_.pointer(object) + "` is no object");
    const auto in = [](const auto& list, std::string_view key) {
      return std::find(list.begin(), list.end(), key) != list.end();
    };
    for (const json::Member& member : object.members) {
      if (!in(keys, member.key) && (section() || !in(of_profiles, member.key)))
        problem("`" + document_.pointer(document_.at(member.value)) + "` is not understood");
    }
  }

  void architectures() {
    const std::string own = x86() ? "SCMP_ARCH_X86_64" : "SCMP_ARCH_AARCH64";
    for (const std::string& name : texts(document_.root(), "architectures")) {
      if (section() && name != own) problem("the filter is for `" + name + "` too");
    }
  }
  void flags() {
    for (const std::string& name : texts(document_.root(), "flags")) {
      const bool harmless = name == "SECCOMP_FILTER_FLAG_TSYNC" || name == "SECCOMP_FILTER_FLAG_LOG";
      if (!harmless) problem("the flag `" + name + "` is not understood");
    }
  }

  std::vector<const Node*> items(const Node& object, std::string_view key) {
    std::vector<const Node*> list;
    const Node* array = document_.find(object, key);
    if (array == nullptr || (array->kind == Kind::Null && !section())) return list;
    if (array->kind != Kind::Array) problem("`" + document_.pointer(*array) + "` is no array");
    for (const json::NodeId id : array->items) list.push_back(&document_.at(id));
    return list;
  }
  std::vector<std::string> texts(const Node& object, std::string_view key) {
    std::vector<std::string> list;
    for (const Node* item : items(object, key)) {
      if (item->kind != Kind::String) problem("`" + document_.pointer(*item) + "` is no string");
      list.push_back(item->text);
    }
    return list;
  }
  std::optional<std::uint64_t> number(const Node& object, std::string_view key) {
    const Node* value = document_.find(object, key);
    if (value == nullptr || (value->kind == Kind::Null && !section())) return std::nullopt;
    const auto read = json::unsigned_of(*value);
    if (!read) problem("`" + document_.pointer(*value) + "` is no whole number");
    return read;
  }

  std::optional<std::uint32_t> action(const Node& object, std::string_view key, std::string_view data_key) {
    const Node* name = document_.find(object, key);
    if (name == nullptr || name->kind != Kind::String) return std::nullopt;
    const std::uint64_t data = number(object, data_key).value_or(1);  // EPERM where none is given
    if (data > bpf::kMaxErrno) problem("`" + document_.pointer(object) + "`: the kernel knows no such errno");
    // Podman writes the errno a second time, by name.
    const Node* spelt = document_.find(object, data_key == "errnoRet" ? "errno" : "defaultErrno");
    const char* known_name = ::strerrorname_np(static_cast<int>(data));
    if (spelt != nullptr && !spelt->text.empty() && (known_name == nullptr || spelt->text != known_name))
      problem("`" + document_.pointer(*spelt) + "` is another errno than the number beside it");
    return action_of(name->text, static_cast<std::uint32_t>(data));
  }

  bool lists(const Node& filter, std::string_view key, bool all) {
    const auto held = [&](const std::string& item) {
      if (key == "caps") return circumstances_.capabilities.count(item) != 0;
      return item == (x86() ? "amd64" : "arm64");
    };
    const auto list = texts(filter, key);
    return all ? std::all_of(list.begin(), list.end(), held) : std::any_of(list.begin(), list.end(), held);
  }
  bool kernel_at_least(const Node& filter) {
    const Node* version = document_.find(filter, "minKernel");
    unsigned major = 0, minor = 0;
    if (version == nullptr || version->text.empty()) return true;
    if (std::sscanf(version->text.c_str(), "%u.%u", &major, &minor) != 2) problem("`minKernel` is no version");
    return std::pair(circumstances_.kernel_major, circumstances_.kernel_minor) >= std::pair(major, minor);
  }

  /// Docker: every included capability is held, one of the included architectures fits; no excluded one does.
  bool applies(const Node& rule) {
    if (const Node* includes = document_.find(rule, "includes"); includes != nullptr && includes->kind != Kind::Null) {
      known(*includes, {}, {"caps", "arches", "minKernel"});
      if (!lists(*includes, "caps", true) || !kernel_at_least(*includes)) return false;
      if (!items(*includes, "arches").empty() && !lists(*includes, "arches", false)) return false;
    }
    if (const Node* excludes = document_.find(rule, "excludes"); excludes != nullptr && excludes->kind != Kind::Null) {
      known(*excludes, {}, {"caps", "arches", "minKernel"});
      if (lists(*excludes, "caps", false) || lists(*excludes, "arches", false)) return false;
      if (document_.find(*excludes, "minKernel") != nullptr && kernel_at_least(*excludes)) return false;
    }
    return true;
  }

  std::optional<Ref> entry(const Node& node, unsigned index) {
    known(node, {"index", "value", "valueTwo", "op"}, {});
    const Node* op = document_.find(node, "op");
    const auto value = number(node, "value"), second = number(node, "valueTwo");
    if (op == nullptr || !value) return std::nullopt;
    const Bits<64> bits = diagrams_.argument(index);
    if (op->text == "SCMP_CMP_EQ") return diagrams_.equal(bits, *value);
    if (op->text == "SCMP_CMP_NE") return diagrams_.negate(diagrams_.equal(bits, *value));
    if (op->text == "SCMP_CMP_LT") return diagrams_.less(bits, *value);
    if (op->text == "SCMP_CMP_GE") return diagrams_.negate(diagrams_.less(bits, *value));
    const Ref at_most = diagrams_.either(diagrams_.less(bits, *value), diagrams_.equal(bits, *value));
    if (op->text == "SCMP_CMP_LE") return at_most;
    if (op->text == "SCMP_CMP_GT") return diagrams_.negate(at_most);
    if (op->text != "SCMP_CMP_MASKED_EQ") return std::nullopt;
    // libseccomp masks both sides.
    return diagrams_.equal(diagrams_.masked(bits, *value), second.value_or(0) & *value);
  }

  std::optional<Ref> condition(const Node& rule) {
    Ref all = diagrams_.yes(), any = diagrams_.no();
    std::set<std::uint64_t> seen;
    bool repeated = false;
    for (const Node* node : items(rule, "args")) {
      const auto index = number(*node, "index");
      if (!index || *index > 5) return std::nullopt;
      const auto one = entry(*node, static_cast<unsigned>(*index));
      if (!one) return std::nullopt;
      repeated = repeated || !seen.insert(*index).second;
      all = diagrams_.both(all, *one);
      any = diagrams_.either(any, *one);
    }
    return repeated ? any : all;
  }

  std::string add(const Node& rule) {
    known(rule, {"names", "action", "errnoRet", "args"}, {"includes", "excludes", "comment", "errno"});
    const auto answer = action(rule, "action", "errnoRet");
    if (!answer) return "`action` of a rule is missing or not known";
    if (!applies(rule) || *answer == fallback_) return {};  // runtimes skip what the default says anyway
    const auto where = condition(rule);
    if (!where) return "an entry of `args` is not known";
    for (const std::string& name : texts(rule, "names")) {
      const auto number = numbers_.find(name);
      if (number == numbers_.end()) continue;
      auto& answers = answers_[number->second];
      // libseccomp: the first rule without arguments settles the call, and replaces those with arguments before it.
      if (settled_.count(number->second) != 0) continue;
      if (*where == diagrams_.yes()) {
        settled_.insert(number->second);
        answers.clear();
      }
      for (const auto& [other, there] : answers) {
        if (other != *answer && diagrams_.both(there, *where) != diagrams_.no()) {
          return "the rules for `" + name + "` overlap and answer differently";
        }
      }
      answers.try_emplace(*answer, diagrams_.no());
      answers[*answer] = diagrams_.either(answers[*answer], *where);
    }
    return {};
  }

  const Document& document_;
  const Circumstances& circumstances_;
  Diagrams& diagrams_;
  std::map<std::string, std::uint32_t> numbers_;
  std::uint32_t fallback_ = 0;
  std::set<std::uint32_t> settled_;
  std::string problem_;                                            // the first thing that is not understood
  std::map<std::uint32_t, std::map<std::uint32_t, Ref>> answers_;  // number -> action -> where
};

}  // namespace

Result<Ref, DecodeError> oci_meaning(const std::string& json, const std::vector<ir::Syscall>& syscalls,
                                     const Circumstances& circumstances, Diagrams& diagrams) {
  source::SourceMap sources;
  diag::DiagnosticList sink;
  const source::FileId file = sources.add("seccomp.json", json);
  const auto document = json::parse(sources, file, {}, sink);
  if (!document) return refuse(sink.all().empty() ? "no JSON" : sink.all()[0].message);
  if (document->root().kind != Kind::Object) return refuse("a profile is a JSON object");
  return Reading(*document, syscalls, circumstances, diagrams).run();
}

}  // namespace bulkhead::decode::seccomp
