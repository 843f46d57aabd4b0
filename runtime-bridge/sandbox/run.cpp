#include "runtime-bridge/sandbox/run.h"

#include <algorithm>

#include "runtime-bridge/sandbox/carried_out.h"
#include "runtime-bridge/sandbox/landlock.h"
#include "runtime-bridge/sandbox/launch.h"
#include "runtime-bridge/sandbox/limits.h"
#include "runtime-bridge/sandbox/listener.h"
#include "runtime-bridge/sandbox/maximum.h"
#include "runtime-bridge/sandbox/probe_filter.h"
#include "runtime-bridge/sandbox/readback.h"
#include "runtime-bridge/sandbox/root_plan.h"
#include "runtime-bridge/sandbox/streams.h"
#include "runtime-bridge/sandbox/supervise.h"

namespace bulkhead::sandbox {

namespace {

/// What the first process built. The program has it from its first instruction and, whatever it does before it parks,
/// neither changes it nor could: this is read while the program sets up the rest.
Result<Unit, Refusal> read_back_surroundings(Launched& sandbox, const Plan& plan, const Cgroup& cgroup,
                                             const table::Table& table) {
  const Parked& parked = sandbox.parked();
  Result<Unit, Refusal> done = read_namespaces(parked, plan);
  if (done.ok()) done = cgroup.verify({parked.first, parked.program}, table.limits);
  if (done.ok()) done = sandbox.await_own_root(plan);
  if (done.ok()) done = read_mounts(parked, plan);
  return done;
}

/// All but the filter stands, and the program does nothing but install that and ask for its exec: what is read of the
/// rest stays as it is.
Result<Unit, Refusal> read_back_parking(const Launched& sandbox, const Plan& plan) {
  Result<Unit, Refusal> done = read_limits(sandbox.parked(), plan);
  if (done.ok()) done = read_closing_descriptors(sandbox.parked());
  return done;
}

Result<Readback, Refusal> read_back_program(const Launched& sandbox, const Plan& plan, const Identity& identity,
                                            std::uint64_t inherited_filters, ReadbackNeed need) {
  const Parked& parked = sandbox.parked();
  FilterReading filter(parked.program);
  Result<Unit, Refusal> done = read_privileges(parked, plan, identity, inherited_filters);
  if (done.ok()) done = read_descriptors(parked, plan);
  const Result<bool, Refusal> exact = filter.read(plan);
  if (!exact.ok()) return fail(exact.error());
  if (!done.ok()) return fail(done.error());
  if (*exact) return Readback::Exact;
  if (need == ReadbackNeed::Exact) return fail(Refusal{Step::ReadFilter, EACCES, "", ""});
  const Result<Unit, Refusal> probed = probe_filter(plan);
  if (!probed.ok()) return fail(probed.error());
  return Readback::Probed;
}

audit::SandboxStart start_event(const table::Table& table, const RunOptions& options, const RunOutcome& outcome,
                                const Identity& identity, const Parked& parked) {
  audit::SandboxStart event;
  event.module = table.module;
  event.container = table.container;
  event.profile = table.profile;
  event.level = audit::level_name(table.level);
  event.readback = outcome.readback == Readback::Exact ? "exact" : "probed";
  event.policy = table.policy_digest;
  event.certificate = table.certificate_digest;
  event.command = options.command;
  event.degraded = outcome.degraded;
  event.retained_groups = identity.retained_groups;
  event.pid = parked.program;
  event.outer_user = identity.outer_user;
  event.inner_user = table.user;
  event.enforced = options.rules == Rules::Enforced;
  return event;
}

/// What answers the program's calls, but for the filter's listener itself.
Result<Listener> make_listener(const table::Table& table, const RunOptions& options, audit::Log& log,
                               const Identity& identity, pid_t program, table::Decider& decider) {
  Listener::Setup setup;
  setup.table = &table;
  setup.decider = &decider;
  setup.log = &log;
  // Its root is the first process's, which a rootless supervisor may not look into: that one is not dumpable.
  setup.init = program;
  setup.program = program;
  setup.outer_user = identity.outer_user;
  setup.outer_group = identity.outer_group;
  setup.enforce = options.rules == Rules::Enforced ? Enforce::All : Enforce::AuditOnly;
  return Listener::make(setup);
}

/// Everything that a run holds, released in the reverse order: processes, then groups, then the outer id.
struct Holdings {
  Identity identity;
  CgroupTree tree;
  Cgroup cgroup;
  std::vector<Descriptor> sources, trees;
};

Result<Unit, Refusal> prepare(const table::Table& table, const RunOptions& options, const audit::Log& log, Plan& plan,
                              Holdings& held, RunOutcome& outcome) {
  Result<LandlockPlan, Refusal> landlock = plan_landlock(table, outcome.degraded);
  if (!landlock.ok()) return fail(landlock.error());
  if (options.rules == Rules::Enforced) plan.landlock = std::move(landlock).value();
  if (!plan.landlock.install) plan.landlock = LandlockPlan{};

  Result<std::vector<Descriptor>, Refusal> sources = open_sources(plan);
  if (!sources.ok()) return fail(sources.error());
  held.sources = std::move(sources).value();

  Result<Cgroup, Refusal> cgroup = Cgroup::choose(table, held.tree, outcome.degraded);
  if (!cgroup.ok()) return fail(cgroup.error());
  held.cgroup = std::move(cgroup).value();
  if (held.cgroup.before_clone()) {
    Result<Unit, Refusal> made = held.cgroup.make(table.limits, held.tree, log.run_id(), options.fault);
    if (!made.ok()) return made;
  }
  const auto& degraded = outcome.degraded;
  if (std::find(degraded.begin(), degraded.end(), "memory:rlimit") != degraded.end()) {
    add_memory_rlimits(table.limits, plan.resource_limits);
  }

  Result<Identity, Refusal> identity = take_identity();
  if (!identity.ok()) return fail(identity.error());
  held.identity = std::move(identity).value();
  if (options.fault == Step::LockIdentity) return fail(Refusal{Step::LockIdentity, EIO, "", ""});
  Result<Unit, Refusal> dropped = drop_groups();
  if (!dropped.ok() || options.fault == Step::DropGroups)
    return fail(Refusal{Step::DropGroups, dropped.ok() ? EIO : dropped.error().error, "", ""});

  const bool mapped =
      std::any_of(plan.root.begin(), plan.root.end(), [](const RootOp& op) { return op.from_supervisor; });
  if (!mapped) return Unit{};
  Result<Descriptor, Refusal> mapping = mapping_for_sources(held.identity);
  if (!mapping.ok()) return fail(mapping.error());
  Result<std::vector<Descriptor>, Refusal> trees = map_sources(plan, mapping->get());
  if (!trees.ok()) return fail(trees.error());
  held.trees = std::move(trees).value();
  return Unit{};
}

Result<Unit, Refusal> record(audit::Log& log, const audit::Event& event) {
  const Status written = log.record(event);
  if (!written.ok()) return fail(Refusal{Step::RecordStart, written.error().error, "", ""});
  return Unit{};
}

Result<Unit, Refusal> record_resources(const table::Table& table, const Cgroup& cgroup, const RunOutcome& outcome,
                                       audit::Log& log) {
  const auto exceeded = [&](const char* name, const table::Limit& limit, std::uint64_t observed) {
    return record_exceeded(name, limit, observed, table, log);
  };
  Result<Unit, Refusal> done = Unit{};
  if (outcome.resource == "memory") done = exceeded("memory", table.limits.memory, cgroup.peak_memory());
  if (done.ok() && outcome.resource == "disk") done = exceeded("disk", table.limits.disk, table.limits.disk.amount);
  const std::uint64_t refused = cgroup.pids_refused();
  if (done.ok() && refused > 0) done = exceeded("pids", table.limits.pids, table.limits.pids.amount + refused);
  return done;
}

/// A sandbox that its memory limit ended while it was built died of no call that failed.
Refusal cause_of(const Launched& sandbox, const Plan& plan, const Cgroup& cgroup, const Refusal& seen) {
  if (cgroup.oom_kills() > 0) return Refusal{Step::FitMemory, ENOMEM, "", ""};
  return sandbox.cause_of(plan, seen);
}

/// Waits until all but the filter stands, and reads it back as it comes to stand.
Result<Unit, Refusal> await_parking(Launched& sandbox, const table::Table& table, const Plan& plan, Holdings& held) {
  Result<Unit, Refusal> done = sandbox.await_program(plan);
  held.trees.clear();
  held.sources.clear();
  if (done.ok()) done = read_back_surroundings(sandbox, plan, held.cgroup, table);
  if (done.ok()) done = sandbox.await_parking(plan);
  // The program installs its filter meanwhile, which takes the kernel a while.
  if (done.ok()) done = read_back_parking(sandbox, plan);
  return done;
}

Result<Unit, Refusal> run_parked(const table::Table& table, const RunOptions& options, audit::Log& log, Plan& plan,
                                 Holdings& held, RunOutcome& outcome) {
  const ForwardedSignals signals;
  Result<Streams, Refusal> streams = Streams::open(options);
  if (!streams.ok()) return fail(streams.error());
  if (options.fault == Step::MakeStreams) return fail(Refusal{Step::MakeStreams, EIO, "", ""});
  plan.streams = streams->inner();
  Result<Launched, Refusal> sandbox = launch(plan, held.identity, held.cgroup);
  if (!sandbox.ok()) return fail(sandbox.error());
  streams->close_inner();
  Result<Unit, Refusal> done = Unit{};
  if (!held.cgroup.before_clone()) done = held.cgroup.make(table.limits, held.tree, log.run_id(), options.fault);
  if (done.ok()) done = sandbox->release_construction(plan, held.identity, held.cgroup.tasks());
  if (!done.ok()) return fail(cause_of(*sandbox, plan, held.cgroup, done.error()));
  // While the sandbox builds itself: what would otherwise be waited for one after the other.
  Result<table::Decider, std::string> decider = table::Decider::build_when_asked(table);
  if (!decider.ok()) return fail(Refusal{Step::CheckTable, EINVAL, decider.error(), ""});
  sweep_cgroups(held.tree);
  done = await_parking(*sandbox, table, plan, held);
  if (!done.ok()) return fail(cause_of(*sandbox, plan, held.cgroup, done.error()));
  const std::uint64_t inherited = own_filters();
  Result<Listener> listener = make_listener(table, options, log, held.identity, sandbox->parked().program, *decider);
  if (!listener.ok()) {
    const Refusal seen{Step::Listen, listener.error().error, listener.error().message(), ""};
    return fail(cause_of(*sandbox, plan, held.cgroup, seen));
  }
  done = sandbox->fetch_listener(plan);
  if (!done.ok()) return fail(cause_of(*sandbox, plan, held.cgroup, done.error()));
  Result<Readback, Refusal> read = read_back_program(*sandbox, plan, held.identity, inherited, options.readback);
  if (!read.ok()) return fail(read.error());
  outcome.readback = *read;

  const Status listens = listener->listen(sandbox->take_listener().release());
  if (!listens.ok()) return fail(Refusal{Step::Listen, listens.error().error, listens.error().message(), ""});
  if (options.fault == Step::Listen) return fail(Refusal{Step::Listen, EIO, "", ""});
  if (options.fault == Step::RecordStart) return fail(Refusal{Step::RecordStart, EIO, "", ""});
  done = record(log, start_event(table, options, outcome, held.identity, sandbox->parked()));
  if (!done.ok()) return done;
  done = supervise({*sandbox, *listener, *streams, held.cgroup, signals, table, options, log}, outcome);
  if (done.ok()) done = record_resources(table, held.cgroup, outcome, log);
  if (done.ok()) done = record_exit(outcome, log);
  if (done.ok()) streams->pass_on_output(signals.fd(), outcome.cause);
  return done;
}

}  // namespace

RunOutcome run(const table::Table& table, const RunOptions& options, audit::Log& log) {
  RunOutcome outcome;
  outcome.level = table.level;
  const auto go = [&]() -> Result<Unit, Refusal> {
    if (options.fault == Step::CheckTable) return fail(Refusal{Step::CheckTable, EIO, "", ""});
    if (const std::optional<Objection> missing = not_carried_out(table))
      return fail(Refusal{Step::CheckTable, EOPNOTSUPP, missing->what, missing->help});
    if (table.level == table::Level::Maximum) return run_maximum(table, options, log, outcome);
    Result<Plan, Refusal> plan = make_plan(table, options);
    if (!plan.ok()) return fail(plan.error());
    Holdings held;
    held.tree = find_cgroups();
    Result<Unit, Refusal> done = prepare(table, options, log, *plan, held, outcome);
    if (done.ok()) done = run_parked(table, options, log, *plan, held, outcome);
    return done;
  };
  const Result<Unit, Refusal> done = go();
  if (done.ok()) return outcome;  // and recorded, before the last of its output was passed on
  outcome.refusal = done.error();
  outcome.cause = Cause::Refused;
  const Step step = done.error().step;
  if (step == Step::OpenProgram || step == Step::Execute) outcome.code = done.error().error == ENOENT ? 127 : 126;
  (void)record_exit(outcome, log);  // it is a refusal already
  return outcome;
}

}  // namespace bulkhead::sandbox
