#include "checker/selinux/assertion_file.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

namespace bulkhead::selinux {
namespace {

constexpr std::string_view kHeader = "bulkhead.assertions.certificate/v1";

char letter(Apart why) {
  switch (why) {
    case Apart::Sources:
      return 's';
    case Apart::Targets:
      return 't';
    case Apart::Extended:
      return 'x';
  }
  return '?';
}

std::optional<Apart> reason(char letter_of) {
  for (const Apart why : {Apart::Sources, Apart::Targets, Apart::Extended}) {
    if (letter(why) == letter_of) return why;
  }
  return std::nullopt;
}

std::string runs(const std::vector<Separation>& separations) {
  std::string text;
  for (std::size_t i = 0; i < separations.size();) {
    std::size_t end = i;
    while (end < separations.size() && separations[end].why == separations[i].why) ++end;
    text += std::string(" ") + letter(separations[i].why) + std::to_string(end - i);
    i = end;
  }
  return text;
}

/// The words of one line, one blank between two.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line), more_(!line.empty()) {}

  bool more() const { return more_; }
  std::string_view word() {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    more_ = end < rest_.size();
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return word;
  }
  std::optional<std::uint32_t> number() { return number(word()); }
  static std::optional<std::uint32_t> number(std::string_view word) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || error != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return value;
  }

 private:
  std::string_view rest_;
  bool more_;
};

class Reader {
 public:
  Reader(std::string_view text, const Policy& policy, const AssertionNames& names, const AssertionJudge& judge)
      : rest_(text), policy_(policy), names_(names), judge_(judge) {}

  Result<std::vector<AssertionVerdict>, std::string> run(const Digest& digest) {
    if (line() != kHeader) return fail("it does not begin with `" + std::string(kHeader) + "`");
    if (line() != "policy " + to_hex(digest)) return fail(std::string("it speaks of another policy"));
    std::vector<AssertionVerdict> verdicts;
    for (std::string_view one = line(); one != "end"; one = line()) {
      std::optional<AssertionVerdict> verdict = assertion(one);
      if (!verdict) return fail("line " + std::to_string(line_) + " is no evidence about an assertion");
      if (!verdicts.empty() && !(verdicts.back().assertion < verdict->assertion)) {
        return fail("line " + std::to_string(line_) + " is not in the order of the policy");
      }
      verdicts.push_back(std::move(*verdict));
    }
    if (!rest_.empty()) return fail(std::string("something stands behind its end"));
    return verdicts;
  }

 private:
  /// "" behind the last one: no line is empty.
  std::string_view line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view one = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++line_;
    return one;
  }

  std::optional<AssertionVerdict> assertion(std::string_view text) {
    Words words(text);
    if (words.word() != "assertion") return std::nullopt;
    const std::string_view name = words.word();
    while (next_ < names_.rules().size() && names_.name(names_.rules()[next_]) != name) ++next_;
    if (next_ == names_.rules().size()) return std::nullopt;
    const RuleId rule = names_.rules()[next_];
    const std::string_view answer = words.word();
    if (answer == "kept" || answer == "kept_of_no_type") {
      std::optional<Kept> found = kept(words, policy_.rule(rule));
      if (!found) return std::nullopt;
      found->about_nothing = answer == "kept_of_no_type";
      return AssertionVerdict{rule, std::move(*found)};
    }
    std::optional<Crossed> found;
    if (answer == "crossed") found = crossed(words);
    return found ? std::optional(AssertionVerdict{rule, std::move(*found)}) : std::nullopt;
  }

  std::optional<Kept> kept(Words& words, const Rule& assertion) const {
    Kept found;
    const std::vector<RuleId> rules = judge_.sharing(assertion);
    while (words.more()) {
      const std::string_view run = words.word();
      const std::optional<Apart> why = run.empty() ? std::nullopt : reason(run.front());
      const auto count = Words::number(run.substr(std::min<std::size_t>(1, run.size())));
      if (!why || !count || *count > rules.size() - found.separations.size()) return std::nullopt;
      for (std::uint32_t i = 0; i < *count; ++i) found.separations.push_back({rules[found.separations.size()], *why});
    }
    return found;
  }

  static std::optional<Crossed> crossed(Words& words) {
    Crossed found;
    while (words.more()) {
      const auto rule = words.number(), source = words.number(), target = words.number();
      const auto object_class = words.number(), permissions = words.number();
      if (!rule || !source || !target || !object_class || !permissions) return std::nullopt;
      found.crossings.push_back(
          {RuleId(*rule), TypeId(*source), TypeId(*target), ClassId(*object_class), *permissions});
    }
    found.rules = found.crossings.size();
    return found;
  }

  std::string_view rest_;
  std::size_t line_ = 0;
  std::size_t next_ = 0;  // of names_.rules(): assertions come in their order
  const Policy& policy_;
  const AssertionNames& names_;
  const AssertionJudge& judge_;
};

}  // namespace

std::string write_assertions(const AssertionNames& names, const Digest& policy,
                             const std::vector<AssertionVerdict>& verdicts) {
  std::string text = std::string(kHeader) + "\npolicy " + to_hex(policy) + "\n";
  for (const AssertionVerdict& verdict : verdicts) {
    text += "assertion " + names.name(verdict.assertion);
    if (const Kept* kept = std::get_if<Kept>(&verdict.evidence)) {
      text += (kept->about_nothing ? " kept_of_no_type" : " kept") + runs(kept->separations) + "\n";
      continue;
    }
    text += " crossed";
    for (const Crossing& one : std::get<Crossed>(verdict.evidence).crossings) {
      for (const std::size_t index :
           {one.rule.index(), one.source.index(), one.target.index(), one.object_class.index()}) {
        text += " " + std::to_string(index);
      }
      text += " " + std::to_string(one.permissions);
    }
    text += "\n";
  }
  return text + "end\n";
}

Result<std::vector<AssertionVerdict>, std::string> read_assertions(std::string_view text, const Policy& policy,
                                                                   const AssertionNames& names,
                                                                   const AssertionJudge& judge, const Digest& digest) {
  return Reader(text, policy, names, judge).run(digest);
}

}  // namespace bulkhead::selinux
