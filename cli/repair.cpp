// bulkhead repair: the sets of sentences whose removal or narrowing, or whose addition, restores violated claims, each
// proved from scratch.
#include "checker/query/repair.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "checker/query/prove.h"
#include "checker/report/answer.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/grant.h"
#include "cli/narrow.h"
#include "cli/policy.h"
#include "cli/terminal.h"
#include "cli/text_edit.h"

namespace bulkhead::cli {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

/// Of the ways to narrow the sentences of one set.
constexpr std::size_t kMaxCombinations = 48;

/// A repair that was proved, ready to be shown.
struct Shown {
  query::SentenceSet sentences;
  std::vector<Edit> edits;
  std::string diff;
};

class Repairing {
 public:
  Repairing(const RepairOptions& options, const Policy& policy)
      : options_(options), policy_(policy), deadline_(Clock::now() + std::chrono::milliseconds(options.timeout_ms)) {
    for (std::size_t i = 0; i < policy.sources->size(); ++i) {
      const std::string& name = policy.sources->name(source::FileId(i));
      std::error_code error;
      const std::string real = std::filesystem::canonical(name, error).string();
      const auto& files = options.input.files;
      if (!error && std::find(files.begin(), files.end(), name) != files.end()) paths_.emplace(i, real);
    }
  }

  int run() {
    query::RepairOptions search;
    search.claims = options_.claims;
    search.timeout = std::chrono::milliseconds(options_.timeout_ms);
    search.limit = options_.limit;
    search.changeable = [this](ir::SentenceId id) {
      const source::FileId file = policy_.world().at(id).span.file;
      return file.valid() && paths_.count(file.index()) != 0;
    };
    search.confirm = [this](const query::Candidate& candidate) { return confirm(candidate); };
    // What every claim was is asked for beforehand: each change is held against it.
    const query::Proof before = prove(policy_.world(), query::Certify::Off);
    for (const query::ClaimResult& result : before.claims)
      before_.emplace(policy_.world().at(result.claim).name, result.status);
    if (!permit_more(before)) found_ = query::repair(policy_.world(), search);
    const int status = write_out(options_.format == "json"   ? json()
                                 : options_.format == "diff" ? diff()
                                                             : text(),
                                 options_.output);
    if (status != kHolds) return status;
    if (!shown_.empty()) return kHolds;
    if (found_.targets.empty()) return found_.reason.empty() ? kHolds : kUnknown;
    return found_.exhausted ? kViolated : kUnknown;
  }

 private:
  query::Proof prove(const ir::World& world, query::Certify certify) const {
    query::ProveOptions options;
    options.certify = certify;
    options.timeout = std::max(std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()),
                               std::chrono::milliseconds(1));
    return query::prove(world, options);
  }

  /// Where permissions are missing in every claim that is to be repaired: shows what to permit. False: elsewhere too.
  bool permit_more(const query::Proof& before) {
    for (const query::ClaimResult& result : before.claims) {
      if (!is_target(policy_.world().at(result.claim).name)) continue;
      if (!asks_for_more(policy_.world(), result)) return false;
      const source::FileId file = policy_.world().at(policy_.world().at(result.claim).sentence).span.file;
      if (!file.valid() || paths_.count(file.index()) == 0) return false;
      found_.targets.push_back(result.claim);
    }
    if (found_.targets.empty()) return false;
    for (Grant& grant : grants(policy_, before.claims, found_.targets)) {
      if (shown_.size() < options_.limit && proves(grant.edits)) show(std::move(grant.claims), std::move(grant.edits));
    }
    found_.reason = shown_.empty() ? "no permission alone gives it and keeps what the other claims ask for: "
                                     "`never`, mounts and read-only places are not changed"
                                   : "other objects of the claim can be permitted as well";
    return true;
  }

  bool is_target(const std::string& name) const {
    const auto was = before_.find(name);
    if (was == before_.end() || was->second != query::Status::Failed) return false;
    return options_.claims.empty() ||
           std::find(options_.claims.begin(), options_.claims.end(), name) != options_.claims.end();
  }

  /// The changed files as a policy: the targets hold, nothing that was satisfied is lost, every certificate is
  /// accepted.
  bool proves(const std::vector<Edit>& edits) const {
    std::map<std::size_t, std::vector<Edit>> by_file;
    for (const Edit& edit : edits) by_file[edit.file.index()].push_back(edit);
    std::map<std::string, std::string> texts;
    for (const auto& [file, changes] : by_file)
      texts.emplace(paths_.at(file), apply(policy_.sources->text(source::FileId(file)), changes));
    const std::optional<Policy> changed = load_changed(options_.input, std::move(texts));
    if (!changed) return false;
    const query::Proof proof = prove(changed->world(), query::Certify::On);
    if (proof.refused || proof.claims.size() != before_.size()) return false;
    return std::all_of(proof.claims.begin(), proof.claims.end(), [&](const query::ClaimResult& result) {
      const std::string& name = changed->world().at(result.claim).name;
      const auto was = before_.find(name);
      const bool wanted = is_target(name) || (was != before_.end() && was->second == query::Status::Satisfied);
      if (!wanted) return true;
      return result.status == query::Status::Satisfied &&
             std::all_of(result.cases.begin(), result.cases.end(), [](const query::CaseResult& one) {
               return one.checked && one.checked->outcome == certificate::Outcome::Accepted;
             });
    });
  }

  /// Tries the ways to narrow each sentence, those that take least first; removing all of them is the last one.
  bool confirm(const query::Candidate& candidate) {
    std::vector<std::vector<Edit>> ways;
    for (const ir::SentenceId sentence : candidate.sentences)
      ways.push_back(narrowings(policy_, sentence, candidate.needs));
    for (const std::vector<std::size_t>& choice : combinations(ways)) {
      if (Clock::now() >= deadline_) return false;
      bool removes_all = true;
      std::vector<Edit> edits;
      for (std::size_t i = 0; i < ways.size(); ++i) {
        removes_all = removes_all && choice[i] + 1 == ways[i].size();
        edits.push_back(ways[i][choice[i]]);
      }
      if (removes_all && !candidate.removal_works) continue;
      if (!disjoint(edits) || !proves(edits)) continue;
      show(candidate.sentences, std::move(edits));
      return true;
    }
    return false;
  }

  /// An exception beats every grant, so that changes of other sentences may have become needless.
  void show(query::SentenceSet sentences, std::vector<Edit> edits) {
    for (std::size_t i = 0; edits.size() > 1 && i < edits.size();) {
      std::vector<Edit> fewer = edits;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (!proves(fewer)) {
        ++i;
        continue;
      }
      edits = std::move(fewer);
      sentences.erase(sentences.begin() + static_cast<std::ptrdiff_t>(i));
    }
    std::string diff = diff_of(edits);
    const bool known =
        std::any_of(shown_.begin(), shown_.end(), [&](const Shown& other) { return other.diff == diff; });
    if (!known) shown_.push_back({std::move(sentences), std::move(edits), std::move(diff)});
  }

  /// Choices of one way for each sentence, by how much they take; the last is always to take the last of each.
  static std::vector<std::vector<std::size_t>> combinations(const std::vector<std::vector<Edit>>& ways) {
    std::vector<std::vector<std::size_t>> all, open = {std::vector<std::size_t>(ways.size(), 0)};
    std::vector<std::size_t> last;
    for (const auto& way : ways) last.push_back(way.size() - 1);
    std::set<std::vector<std::size_t>> seen(open.begin(), open.end());
    for (std::size_t i = 0; i < open.size() && i < kMaxCombinations; ++i) {
      if (open[i] != last) all.push_back(open[i]);
      for (std::size_t place = 0; place < ways.size(); ++place) {
        std::vector<std::size_t> next = open[i];
        if (++next[place] < ways[place].size() && seen.insert(next).second) open.push_back(next);
      }
    }
    all.push_back(last);
    return all;
  }

  static bool disjoint(std::vector<Edit> edits) {
    std::sort(edits.begin(), edits.end(), [](const Edit& one, const Edit& other) {
      return std::pair(one.file, one.begin) < std::pair(other.file, other.begin);
    });
    for (std::size_t i = 1; i < edits.size(); ++i) {
      if (edits[i].file == edits[i - 1].file && edits[i].begin < edits[i - 1].end) return false;
    }
    return true;
  }

  std::string diff_of(const std::vector<Edit>& edits) const {
    std::map<std::size_t, std::vector<Edit>> by_file;
    for (const Edit& edit : edits) by_file[edit.file.index()].push_back(edit);
    std::string out;
    for (const auto& [file, changes] : by_file) {
      const std::string& before = policy_.sources->text(source::FileId(file));
      out += unified_diff(policy_.sources->name(source::FileId(file)), before, apply(before, changes));
    }
    return out;
  }

  /// "minimum": no smaller set works; none is smaller than one sentence. Everything that is shown is subset-minimal.
  const char* size_word(const Shown& shown) const {
    const std::size_t size = shown.sentences.size();
    const bool none_smaller =
        found_.minimum && size == found_.confirmed.front().sentences.size() &&
        std::all_of(shown_.begin(), shown_.end(), [&](const Shown& other) { return other.sentences.size() >= size; });
    return size == 1 || none_smaller ? "minimum" : "subset-minimal";
  }

  std::string closing() const {
    if (found_.exhausted) return "there is no other set";
    return found_.reason.empty() ? "there may be others (--limit)" : "there may be others: " + found_.reason;
  }

  std::string text() const {
    const ir::World& world = policy_.world();
    if (found_.targets.empty())
      return found_.reason.empty() ? "nothing is violated that was asked for\n" : "unknown: " + found_.reason + "\n";
    std::string out;
    for (const ir::ClaimId claim : found_.targets)
      out += "violated: " + world.at(claim).name + ": " + world.at(claim).text + "\n";
    std::size_t number = 1;
    for (const Shown& shown : shown_) {
      out += "\nrepair " + std::to_string(number++) + ", " + size_word(shown) + ", proved with certificates:\n";
      for (std::size_t i = 0; i < shown.sentences.size(); ++i) {
        const report::Place place = report::places(world, *policy_.sources, {shown.sentences[i]}).front();
        out += "  " + place.file + ":" + std::to_string(place.line) + ": " + place.text + "\n    " +
               shown.edits[i].what + "\n";
      }
      out += shown.diff;
    }
    return out + (shown_.empty() ? "no repair: " + found_.reason : "\n" + closing()) + "\n";
  }

  std::string diff() const { return shown_.empty() ? "" : shown_.front().diff; }

  std::string json() const {
    const ir::World& world = policy_.world();
    Json out{{"schema", "bulkhead.repair/v1"}};
    out["claims"] = Json::array();
    for (const ir::ClaimId claim : found_.targets)
      out["claims"].push_back({{"name", world.at(claim).name}, {"text", world.at(claim).text}});
    out["repairs"] = Json::array();
    for (const Shown& shown : shown_) {
      Json repair{{"size", size_word(shown)}, {"changes", Json::array()}, {"diff", shown.diff}};
      for (std::size_t i = 0; i < shown.sentences.size(); ++i) {
        const report::Place place = report::places(world, *policy_.sources, {shown.sentences[i]}).front();
        repair["changes"].push_back({{"text", place.text},
                                     {"file", place.file},
                                     {"line", place.line},
                                     {"column", place.column},
                                     {"change", shown.edits[i].what}});
      }
      out["repairs"].push_back(std::move(repair));
    }
    out["exhausted"] = found_.exhausted;
    out["reason"] = found_.reason;
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }

  const RepairOptions& options_;
  const Policy& policy_;
  Clock::time_point deadline_;
  std::map<std::size_t, std::string> paths_;  // by file: its real path; files that may be changed
  std::map<std::string, query::Status> before_;
  query::Repairs found_;
  std::vector<Shown> shown_;
};

}  // namespace

int run_repair(const RepairOptions& given) {
  RepairOptions options = given;
  auto& files = options.input.files;
  while (files.size() > 1 && !files.back().ends_with(".bh")) {
    options.claims.push_back(files.back());
    files.pop_back();
  }
  std::variant<Policy, Unreadable> loaded = load_policy(options.input);
  if (const auto* mistakes = std::get_if<Unreadable>(&loaded)) return refuse(*mistakes, options.format, options.output);
  const Policy& policy = std::get<Policy>(loaded);
  const std::vector<std::string> unknown = query::unknown_names(policy.world(), options.claims);
  if (!unknown.empty()) return complain("there is no claim `" + unknown.front() + "`", kBadInput);
  return Repairing(options, policy).run();
}

}  // namespace bulkhead::cli
