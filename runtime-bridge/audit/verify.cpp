#include "runtime-bridge/audit/verify.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/audit/line_source.h"
#include "runtime-bridge/audit/tail.h"

namespace bulkhead::audit {
namespace {

constexpr std::size_t kMaxRuns = 1 << 16;

struct DigestHash {
  std::size_t operator()(const Digest& digest) const {
    std::size_t out = 0;
    for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8 | digest[i];
    return out;
  }
};

struct Run {
  RunSummary summary;
  Digest head{};
};

/// Follows all chains of one file, line by line.
class Chains {
 public:
  /// "" or what is wrong with `line`.
  std::string add(std::string_view line) {
    std::string_view covered;
    Digest hash{};
    if (!split_hash(line, covered, hash)) return "no audit line: it does not end in its hash";
    if (sha256(covered) != hash) return "its bytes do not have the hash that it names";
    const std::optional<JsonFields> fields = read_json_line(line);
    if (!fields) return "not one strict JSON object";
    if (fields->text("schema") != "bulkhead.audit/v1") return "its schema is not `bulkhead.audit/v1`";
    Digest previous{};
    const std::optional<std::uint64_t> sequence = fields->number("sequence");
    if (!sequence || !from_hex(fields->text("previous"), previous)) return "no sequence number or no previous hash";
    std::string wrong = follow(*fields, *sequence, previous);
    if (!wrong.empty()) return wrong;
    runs_[where_].head = hash;
    seen_.insert(hash);
    return "";
  }

  ChainOk result() const {
    ChainOk ok;
    for (const Run& run : runs_) {
      ok.runs.push_back(run.summary);
      ok.runs.back().head = to_hex(run.head);
      ok.complete = ok.complete && run.summary.ended;
    }
    return ok;
  }

 private:
  std::string follow(const JsonFields& fields, std::uint64_t sequence, const Digest& previous) {
    const std::string name(fields.text("run"));
    const auto known = index_.find(name);
    if (known == index_.end()) {
      if (sequence != 1) return "the first line of run `" + name + "` has sequence number " + std::to_string(sequence);
      if (previous != Digest{} && seen_.count(previous) == 0) return "it follows a line that is not in the log";
      if (previous == Digest{} && !runs_.empty()) return "a chain starts anew inside the log";
      if (runs_.size() == kMaxRuns) return "more runs than a log may hold";
      where_ = runs_.size();
      index_.emplace(name, where_);
      runs_.push_back({});
      runs_[where_].summary.run = name;
    } else {
      where_ = known->second;
      const Run& run = runs_[where_];
      if (run.summary.ended) return "run `" + name + "` goes on after its end";
      if (sequence != run.summary.lines + 1) {
        return "sequence number " + std::to_string(sequence) + " where " + std::to_string(run.summary.lines + 1) +
               " is due: a line is missing, doubled or moved";
      }
      if (previous != run.head) return "it does not follow the line before it";
    }
    return account(fields);
  }

  std::string account(const JsonFields& fields) {
    Run& run = runs_[where_];
    const std::string_view event = fields.text("event");
    if (event == "CapabilityDenied") run.summary.denials += fields.number("folded.count").value_or(1);
    if (event == "SandboxExit") {
      if (fields.number("count") != run.summary.lines || fields.text("head") != to_hex(run.head)) {
        return "the count or the head that the end of the run names is not that of its lines";
      }
      run.summary.ended = true;
    }
    ++run.summary.lines;
    return "";
  }

  std::vector<Run> runs_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::unordered_set<Digest, DigestHash> seen_;
  std::size_t where_ = 0;
};

}  // namespace

Result<Verification> verify(const std::string& path) {
  Result<LineSource> source = LineSource::open(path);
  if (!source) return fail(source.error());
  Chains chains;
  std::string line;
  for (std::uint64_t number = 1;; ++number) {
    const Result<LineSource::Next> next = source->next(line);
    if (!next) return fail(next.error());
    switch (*next) {
      case LineSource::Next::End:
        return Verification(chains.result());
      case LineSource::Next::Torn:
        return Verification(ChainBroken{number, "the line is cut off"});
      case LineSource::Next::TooLong:
        return Verification(ChainBroken{number, "the line is longer than a line may be"});
      case LineSource::Next::Line:
        break;
    }
    if (std::string wrong = chains.add(line); !wrong.empty())
      return Verification(ChainBroken{number, std::move(wrong)});
  }
}

}  // namespace bulkhead::audit
