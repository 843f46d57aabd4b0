#include "runtime-bridge/emit/landlock/grants.h"

#include <algorithm>

#include "checker/universe/path_algebra.h"
#include "lang/ir/glob.h"
#include "runtime-bridge/emit/landlock/view.h"

namespace bulkhead::emit::landlock {
namespace {

using universe::Nfa;
using universe::PathPattern;

Result<Nfa, EmitError> automaton(std::vector<PathPattern> patterns) {
  auto built = Nfa::build(std::move(patterns));
  if (!built.ok()) {
    return fail(EmitError{"the pattern `" + built.error().pattern.glob + "`: " + built.error().reason, {}});
  }
  return std::move(built).value();
}

void collect(const ir::Rule& rule, ir::VolumeId volume, std::vector<ir::FilePattern>& to) {
  if (rule.objects.everything) to.push_back({volume, "/**", {}});
  for (const auto& pattern : rule.objects.files) {
    if (pattern.volume == volume) to.push_back(pattern);
  }
}

std::vector<PathPattern> path_patterns(const std::vector<ir::FilePattern>& patterns) {
  std::vector<PathPattern> out;
  for (const auto& pattern : patterns) out.push_back({pattern.glob, pattern.prefix});
  return out;
}

struct Literal {
  std::string path;  // escapes resolved
  enum class Rest : std::uint8_t { None, Subtree, Other } rest = Rest::None;
};

/// The literal segments that a glob without braces begins with, and what follows them.
Literal literal_of(const std::string& glob) {
  Literal out;
  std::size_t at = 0;
  while (at < glob.size()) {
    const auto next = std::min(glob.find('/', at + 1), glob.size());
    std::string segment;
    for (std::size_t i = at; i < next; ++i) {
      if (glob[i] == '\\' && i + 1 < next) {
        segment += glob[++i];
        continue;
      }
      if (glob[i] == '*' || glob[i] == '?' || glob[i] == '[') {
        out.rest = glob.substr(at) == "/**" ? Literal::Rest::Subtree : Literal::Rest::Other;
        if (out.path.empty()) out.path = "/";
        return out;
      }
      segment += glob[i];
    }
    out.path += segment;
    at = next;
  }
  return out;
}

}  // namespace

Result<Grants, EmitError> grants_of(const ir::World& world, ir::SubjectId container, ir::Right right,
                                    ir::VolumeId volume) {
  std::vector<ir::FilePattern> permits;
  std::vector<ir::FilePattern> forbids;
  std::vector<ir::SentenceId> sentences;
  std::optional<ir::SentenceId> conditional;
  for (const auto& rule : world.rules) {
    if (rule.plane != ir::Plane::File || !rule.rights.has(right)) continue;
    if (rule.subject && *rule.subject != container) continue;
    if (rule.effect == ir::Effect::Forbid) {
      collect(rule, volume, forbids);
    } else if (rule.when) {
      std::vector<ir::FilePattern> touched;
      collect(rule, volume, touched);
      if (!touched.empty()) conditional = rule.sentence;
    } else {
      collect(rule, volume, permits);
      sentences.resize(permits.size(), rule.sentence);
    }
  }
  auto permitted = automaton(path_patterns(permits));
  if (!permitted.ok()) return fail(permitted.error());
  auto forbidden = automaton(path_patterns(forbids));
  if (!forbidden.ok()) return fail(forbidden.error());
  return Grants{std::move(permitted).value(), std::move(forbidden).value(), std::move(permits), std::move(sentences),
                conditional};
}

std::vector<Candidate> candidates_of(const Grants& grants) {
  std::vector<Candidate> out;
  for (std::size_t i = 0; i < grants.patterns.size(); ++i) {
    const auto& pattern = grants.patterns[i];
    const auto alternatives = ir::expand_glob(pattern.glob);
    if (!alternatives.ok()) continue;
    for (const auto& alternative : alternatives.value()) {
      const auto literal = literal_of(alternative);
      std::string path = literal.path;
      if (!pattern.prefix.empty()) {
        if (covers(pattern.prefix, literal.path)) {
          path = literal.path.substr(pattern.prefix == "/" ? 0 : pattern.prefix.size());
          if (path.empty()) path = "/";
        } else if (covers(literal.path, pattern.prefix)) {
          path = "/";
        } else {
          continue;
        }
      }
      if (!ir::is_valid_path(path)) continue;
      out.push_back({path, false, grants.sentences[i]});
      if (literal.rest == Literal::Rest::None) out.push_back({path, true, grants.sentences[i]});
    }
  }
  // Outer subtrees first: what lies in one that is granted needs no rule of its own.
  std::stable_sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
    return std::make_pair(a.path.size(), a.file_only) < std::make_pair(b.path.size(), b.file_only);
  });
  return out;
}

std::string glob_of(const Candidate& candidate) {
  if (candidate.file_only) return ir::escape_glob(candidate.path);
  return candidate.path == "/" ? "/**" : ir::escape_glob(candidate.path) + "/**";
}

Answer holds(const Grants& grants, const Candidate& candidate) {
  const universe::UsedLanguage both[] = {{&grants.permits}, {&grants.forbids}};
  const auto granted = [&](const std::string& path) {
    const auto member = universe::memberships(both, path);
    return member[0] && !member[1];
  };
  if (!granted(candidate.path)) return Answer::No;
  if (candidate.file_only) return Answer::Yes;
  // Most candidates are files, and nothing below them is granted: one path shows it, without a search over all paths.
  if (!granted((candidate.path == "/" ? "" : candidate.path) + "/\x01")) return Answer::No;
  auto tree = Nfa::build({{glob_of(candidate), {}}});
  if (!tree.ok()) return Answer::Undecided;
  for (const auto& answer : {universe::difference_witness(tree.value(), grants.permits),
                             universe::intersection_witness(tree.value(), grants.forbids)}) {
    if (std::holds_alternative<universe::SomePath>(answer)) return Answer::No;
    if (std::holds_alternative<universe::Undecided>(answer)) return Answer::Undecided;
  }
  return Answer::Yes;
}

std::optional<std::string> granted_beyond(const Grants& grants, const std::vector<std::string>& globs) {
  std::vector<PathPattern> patterns;
  for (const auto& glob : globs) patterns.push_back({glob, {}});
  auto covered = Nfa::build(std::move(patterns));
  if (!covered.ok()) return std::string{};
  using universe::Truth;
  const auto condition = [](std::span<const Truth> in) {
    if (in[0] == Truth::False || in[1] == Truth::True || in[2] == Truth::True) return Truth::False;
    const bool known = in[0] == Truth::True && in[1] == Truth::False && in[2] == Truth::False;
    return known ? Truth::True : Truth::Unknown;
  };
  const universe::UsedLanguage languages[] = {{&grants.permits, universe::Use::Positive},
                                              {&grants.forbids, universe::Use::Negative},
                                              {&covered.value(), universe::Use::Negative}};
  const auto answer = universe::find_path(languages, {condition, condition});
  if (const auto* path = std::get_if<universe::SomePath>(&answer)) return path->path;
  if (const auto* open = std::get_if<universe::Undecided>(&answer)) return open->path;
  return std::nullopt;
}

}  // namespace bulkhead::emit::landlock
