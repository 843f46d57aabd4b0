#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

namespace {

std::string_view readback_name(Readback readback) {
  switch (readback) {
    case Readback::None:
      return "none";
    case Readback::Probed:
      return "probed";
    case Readback::Exact:
      return "exact";
  }
  return "none";
}

}  // namespace

std::string_view cause_name(Cause cause) {
  switch (cause) {
    case Cause::Exit:
      return "exit";
    case Cause::Signal:
      return "signal";
    case Cause::Denied:
      return "denied";
    case Cause::Resource:
      return "resource";
    case Cause::Timeout:
      return "timeout";
    case Cause::Refused:
      return "refused";
  }
  return "refused";
}

std::string describe_first_denial(const audit::Log& log) {
  const audit::Event* first = log.first_denial();
  const auto* denied = first == nullptr ? nullptr : std::get_if<audit::CapabilityDenied>(first);
  if (denied == nullptr) return "";
  return denied->access.object.empty() ? denied->access.operation
                                       : denied->access.operation + " " + denied->access.object;
}

int RunOutcome::status(OnDenial on_denial) const {
  switch (cause) {
    case Cause::Exit:
      return code == 0 && denials > 0 && on_denial == OnDenial::Fail ? 120 : code;
    case Cause::Signal:
      return 128 + signal;
    case Cause::Denied:
      return 121;
    case Cause::Resource:
      return 122;
    case Cause::Timeout:
      return 124;
    case Cause::Refused:
      return code != 0 ? code : 125;
  }
  return 125;
}

std::string status_json(const RunOutcome& outcome, OnDenial on_denial) {
  audit::JsonLine line;
  line.text("schema", "bulkhead.run/v1").boolean("started", outcome.started).text("cause", cause_name(outcome.cause));
  line.integer("code", outcome.code).integer("signal", outcome.signal).integer("status", outcome.status(on_denial));
  line.number("denials", outcome.denials).text("first_denial", outcome.first_denial);
  line.text("level", audit::level_name(outcome.level)).texts("degraded", outcome.degraded);
  line.text("readback", readback_name(outcome.readback)).text("resource", outcome.resource);
  if (outcome.refusal) {
    line.open("refusal")
        .text("layer", step_layer(outcome.refusal->step))
        .text("syscall", step_syscall(outcome.refusal->step));
    line.integer("errno", outcome.refusal->error).text("message", outcome.refusal->message()).close();
  } else {
    line.null("refusal");
  }
  return line.finish();
}

}  // namespace bulkhead::sandbox
