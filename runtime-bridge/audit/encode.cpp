#include "runtime-bridge/audit/encode.h"

namespace bulkhead::audit {
namespace {

void encode_provenance(const Provenance& rule, JsonLine& line) {
  line.open("rule");
  if (rule.row != table::kNone) line.number("row", rule.row);
  line.text("file", rule.file).number("line", rule.line).text("text", rule.text).close();
  if (!rule.claim.empty()) line.open("claim").text("name", rule.claim).text("text", rule.claim_text).close();
}

void encode_access(const Access& access, JsonLine& line) {
  line.text("operation", access.operation).text("capability", access.capability).text("object", access.object);
  line.integer("pid", access.pid);
  encode_provenance(access.rule, line);
}

struct Members {
  JsonLine& line;
  const ChainState& chain;

  void operator()(const SandboxStart& e) const {
    line.text("module", e.module).text("container", e.container).text("profile", e.profile).text("level", e.level);
    line.text("readback", e.readback).boolean("enforced", e.enforced);
    line.text("policy", to_hex(e.policy)).text("certificate", to_hex(e.certificate));
    line.texts("command", e.command).texts("degraded", e.degraded).integer("pid", e.pid);
    line.open("identity").number("outer_user", e.outer_user).number("inner_user", e.inner_user);
    line.numbers("retained_groups", e.retained_groups).close();
  }
  void operator()(const AccessAllowed& e) const {
    encode_access(e.access, line);
    if (e.error != 0) line.integer("errno", e.error);
  }
  void operator()(const CapabilityDenied& e) const {
    encode_access(e.access, line);
    line.integer("errno", e.error).boolean("enforced", e.enforced);
  }
  void operator()(const ResourceExceeded& e) const {
    line.text("resource", e.resource).number("limit", e.limit).number("observed", e.observed);
    encode_provenance(e.rule, line);
  }
  void operator()(const SandboxExit& e) const {
    line.text("cause", e.cause).integer("code", e.code).integer("signal", e.signal).number("denials", e.denials);
    line.number("count", chain.lines).text("head", to_hex(chain.head));
  }
  void operator()(const AuditLoss& e) const { line.number("lost", e.lost).integer("errno", e.error); }
};

struct Name {
  std::string_view operator()(const SandboxStart&) const { return "SandboxStart"; }
  std::string_view operator()(const AccessAllowed&) const { return "AccessAllowed"; }
  std::string_view operator()(const CapabilityDenied&) const { return "CapabilityDenied"; }
  std::string_view operator()(const ResourceExceeded&) const { return "ResourceExceeded"; }
  std::string_view operator()(const SandboxExit&) const { return "SandboxExit"; }
  std::string_view operator()(const AuditLoss&) const { return "AuditLoss"; }
};

}  // namespace

std::string_view event_name(const Event& event) {
  return std::visit(Name{}, event);
}

void encode(const Event& event, const ChainState& chain, JsonLine& line) {
  std::visit(Members{line, chain}, event);
}

}  // namespace bulkhead::audit
