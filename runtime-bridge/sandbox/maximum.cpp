#include "runtime-bridge/sandbox/maximum.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>

#include "runtime-bridge/sandbox/cgroup.h"
#include "runtime-bridge/sandbox/identity.h"
#include "runtime-bridge/sandbox/maximum_config.h"
#include "runtime-bridge/sandbox/maximum_container.h"
#include "runtime-bridge/sandbox/maximum_filter.h"
#include "runtime-bridge/sandbox/maximum_judge.h"
#include "runtime-bridge/sandbox/streams.h"
#include "runtime-bridge/sandbox/supervise.h"

namespace bulkhead::sandbox {
namespace {

constexpr std::uint64_t kSentryProcesses = 512;  // its threads count as processes of the host
constexpr int kRefusedInside = 125;              // what bulkhead-init ends with
constexpr int kTickMilliseconds = 1000;
constexpr int kFarewellMilliseconds = 5000;  // between the sink's end and runsc's
constexpr int kLastDeliveries = 64, kDeliveryMilliseconds = 20;

/// Is every file that the row can match one of which `test` holds?
template <class Test>
bool confined(const table::Row& row, const Test& test) {
  return std::any_of(row.literals.begin(), row.literals.end(), [&](const table::Literal& part) {
    return !part.negated && !part.everything && !part.files.empty() &&
           std::all_of(part.files.begin(), part.files.end(), test);
  });
}

/// Devices are gVisor's own there, and no mount of ours.
bool of_devices(const table::Row& row) {
  return confined(row, [](const table::FilePattern& file) {
    return file.volume == 0 && (file.prefix + file.glob).rfind("/dev/", 0) == 0;
  });
}

bool writes_own_root(const table::Table& table) {
  return std::any_of(table.rows.begin(), table.rows.end(), [](const table::Row& row) {
    const bool permits = row.effect == table::Effect::Permit && row.plane == table::Plane::File;
    const bool in_volumes = confined(row, [](const table::FilePattern& file) { return file.volume != 0; });
    return permits && (row.rights & table::kWrite) != 0 && !of_devices(row) && !in_volumes;
  });
}

/// Is `right` granted on every file that may be written? Row by row, which implies it for the whole: each permit of
/// writing permits it too, and what forbids it forbids writing, or speaks of an own root where nothing is written.
bool goes_with_writing(const table::Table& table, std::uint16_t right) {
  const bool own_root = writes_own_root(table);
  return std::all_of(table.rows.begin(), table.rows.end(), [&](const table::Row& row) {
    if (row.plane != table::Plane::File) return true;
    const bool writes = (row.rights & table::kWrite) != 0, has = (row.rights & right) != 0;
    if (row.effect == table::Effect::Permit) return !writes || has || of_devices(row);
    return !has || writes || (!own_root && confined(row, [](const auto& file) { return file.volume == 0; }));
  });
}

Result<Unit, Refusal> refuse_what_is_missing(const table::Table& table, const RunOptions& options) {
  const auto no = [](const char* what, const char* remedy) {
    return fail(Refusal{Step::CheckTable, EOPNOTSUPP, what, remedy});
  };
  if (geteuid() != 0 && grants_network(table))
    return no("connections at level maximum without root", "run as root, or use level standard or enhanced");
  for (const std::uint16_t right : {table::kRename, table::kLink}) {
    if (grants(table, right) && !goes_with_writing(table, right)) {
      return no("a grant of renaming or linking in some places at level maximum",
                "grant both wherever writing is granted, or nowhere, or use level enhanced: a mount cannot say it");
    }
  }
  if (options.rules != Rules::Enforced) return no("--audit at level maximum", "audit at level standard");
  if (options.input == Input::Terminal) return no("--tty at level maximum", "use level standard or enhanced");
  if (options.readback == ReadbackNeed::Exact)
    return no("exact read-back at level maximum", "leave out --require-readback=exact");
  if (table.kernel_capabilities != 0)
    return no("kernel capabilities at level maximum", "leave them out, or use level standard");
  if (table.limits.memory.set && table.limits.memory.amount < kSentryReserveBytes) {
    return fail(Refusal{Step::LimitMemory, EINVAL, std::to_string(table.limits.memory.amount) + " bytes",
                        "grant at least " + std::to_string(kSentryReserveBytes >> 20) +
                            " MiB at level maximum: gVisor itself takes as much"});
  }
  return Unit{};
}

/// Fault injection of the tests: `done`, or the failure of `step` where it is the one that is to fail.
Result<Unit, Refusal> unless_fault(const RunOptions& options, Step step, Result<Unit, Refusal> done) {
  if (done.ok() && options.fault == step) return fail(Refusal{step, EIO, "", ""});
  return done;
}

/// The table with the limits that the host's cgroup has to have.
table::Table with_host_limits(table::Table table) {
  table::Limits& limits = table.limits;
  limits.memory.amount = (limits.memory.set ? limits.memory.amount : kMaximumMemoryBytes) + kSentryReserveBytes;
  limits.cpu.amount = limits.cpu.set ? limits.cpu.amount : kMaximumCpu;
  limits.pids.amount = kSentryProcesses + (limits.pids.set ? limits.pids.amount * 8 : 0);
  limits.memory.set = limits.cpu.set = limits.pids.set = true;
  return table;
}

Descriptor timer_for(const table::Limit& time) {
  if (!time.set) return {};
  Descriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(time.amount / 1000);
  when.it_value.tv_nsec = static_cast<long>(std::max<std::uint64_t>(time.amount % 1000, 1) * 1'000'000);
  timerfd_settime(timer.get(), 0, &when, nullptr);
  return timer;
}

/// Serves a container that was let go until it ended and its events were judged.
class Serving {
 public:
  Serving(Container& box, const PeerNetwork& network, Judge& judge, const Cgroup& cgroup, const table::Table& table,
          const RunOptions& options, audit::Log& log)
      : box_(box),
        judge_(judge),
        cgroup_(cgroup),
        table_(table),
        options_(options),
        log_(log),
        timer_(timer_for(table.limits.time)),
        broker_(table, network.listener()),
        outputs_{Relay(box.output(), options.out_fd), Relay(box.error(), options.err_fd)} {
    if (options.input == Input::Forwarded)
      input_.emplace(options.in_fd, box.input());
    else
      box.close_input();
  }

  Result<Unit, Refusal> serve() {
    while (!ended_ || sink_open_) {
      std::vector<pollfd> waits{{ended_ ? -1 : box_.pidfd(), POLLIN, 0},
                                {sink_open_ ? box_.sink() : -1, POLLIN, 0},
                                {ended_ ? -1 : timer_.get(), POLLIN, 0},
                                {signals_.fd(), POLLIN, 0},
                                outputs_[0].want(),
                                outputs_[1].want(),
                                input_ ? input_->want() : pollfd{-1, 0, 0}};
      const std::size_t first_of_broker = waits.size();
      if (!ended_) broker_.add_waits(waits);
      const int ready = poll(waits.data(), waits.size(), kTickMilliseconds);
      if (ready < 0 && errno != EINTR) return fail(Refusal{Step::Supervise, errno, "", ""});
      Result<Unit, Refusal> done = react(waits);
      if (!done.ok()) return done;
      if (ready > 0 && waits.size() > first_of_broker) broker_.advance(waits, first_of_broker);
    }
    deliver_the_rest();
    return Unit{};
  }

  void classify(RunOutcome& outcome) const {
    const bool by_signal = status_ > 128 && status_ <= 128 + 64;  // runsc's way to say it
    outcome.started = true;
    outcome.cause = by_signal ? Cause::Signal : Cause::Exit;
    outcome.signal = by_signal ? status_ - 128 : 0;
    outcome.code = by_signal ? 0 : status_;
    if (cgroup_.oom_kills() > 0) {
      outcome.cause = Cause::Resource;
      outcome.resource = "memory";
    } else if (timed_out_) {
      outcome.cause = Cause::Timeout;
    } else if (denied_) {
      outcome.cause = Cause::Denied;
    }
  }
  int status() const { return status_; }
  void pass_on_output(Cause cause) { sandbox::pass_on_output({&outputs_[0], &outputs_[1]}, signals_.fd(), cause); }

 private:
  Result<Unit, Refusal> react(const std::vector<pollfd>& waits) {
    if (waits[1].revents != 0) {
      Result<Unit, Refusal> heard = hear();
      if (!heard.ok()) return heard;
    }
    if (waits[2].revents != 0 && !timed_out_) {
      timed_out_ = true;
      timer_ = Descriptor();
      box_.kill();
      const table::Limit& time = table_.limits.time;
      Result<Unit, Refusal> told = record_exceeded("time", time, time.amount, table_, log_);
      if (!told.ok()) return told;
    }
    if (waits[3].revents != 0) forward();
    outputs_[0].advance(waits[4].revents);
    outputs_[1].advance(waits[5].revents);
    if (input_) {
      input_->advance(waits[6].revents);
      if (input_->done() || ended_) input_.reset(), box_.close_input();
    }
    if (waits[0].revents != 0) {
      status_ = box_.reap();
      ended_ = true;
    }
    const Status written = log_.tick();
    if (!written) return fail(Refusal{Step::RecordStart, written.error().error, "", ""});
    return Unit{};
  }

  /// Takes what the sink has. Its end before runsc's end is its loss.
  Result<Unit, Refusal> hear() {
    if (options_.fault == Step::LoseSink) return fail(Refusal{Step::LoseSink, EIO, "", ""});
    std::string packet(1 << 17, '\0');
    for (int i = 0; i < 256; ++i) {
      const ssize_t n = recv(box_.sink(), packet.data(), packet.size(), MSG_DONTWAIT);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return Unit{};
      if (n <= 0) return farewell();
      const std::optional<SinkPacket> read =
          read_packet(std::string_view(packet).substr(0, static_cast<std::size_t>(n)));
      if (!read || read->dropped != 0)
        return fail(Refusal{Step::LoseSink, EPROTO, read ? "packets were dropped" : "a packet is malformed", ""});
      if (!read->call) continue;
      const Status judged = judge_.judge(*read->call);
      if (!judged) return fail(Refusal{Step::RecordStart, judged.error().error, "", ""});
      if (options_.on_denial == OnDenial::Kill && log_.denials() > 0 && !denied_) {
        denied_ = true;
        box_.kill();
      }
    }
    return Unit{};
  }

  /// What the program had sent when it ended is on its way out; nobody answers it any more.
  void deliver_the_rest() {
    for (int i = 0; broker_.exists() && i < kLastDeliveries; ++i) {
      std::vector<pollfd> waits;
      broker_.add_waits(waits);
      if (poll(waits.data(), waits.size(), kDeliveryMilliseconds) <= 0) return;
      broker_.advance(waits, 0);
    }
  }

  Result<Unit, Refusal> farewell() {
    sink_open_ = false;
    pollfd end{box_.pidfd(), POLLIN, 0};
    if (ended_ || poll(&end, 1, kFarewellMilliseconds) == 1) return Unit{};
    return fail(Refusal{Step::LoseSink, EPIPE, "", ""});
  }

  void forward() {
    signalfd_siginfo info{};
    while (read(signals_.fd(), &info, sizeof info) == sizeof info) {
      if (!ended_) box_.signal(static_cast<int>(info.ssi_signo));
    }
  }

  Container& box_;
  Judge& judge_;
  const Cgroup& cgroup_;
  const table::Table& table_;
  const RunOptions& options_;
  audit::Log& log_;
  const ForwardedSignals signals_;
  Descriptor timer_;
  Broker broker_;
  std::array<Relay, 2> outputs_;
  std::optional<Relay> input_;
  bool ended_ = false, sink_open_ = true, timed_out_ = false, denied_ = false;
  int status_ = 0;
};

audit::SandboxStart start_event(const table::Table& table, const BundlePlan& plan, const RunOptions& options,
                                const RunOutcome& outcome) {
  audit::SandboxStart event;
  event.module = table.module;
  event.container = table.container;
  event.profile = table.profile;
  event.level = audit::level_name(table.level);
  event.readback = "probed";
  event.policy = table.policy_digest;
  event.certificate = table.certificate_digest;
  event.command = options.command;
  event.degraded = outcome.degraded;
  event.outer_user = geteuid();
  event.inner_user = plan.user;
  if (event.outer_user == 0) return event;
  if (Result<Identity, Refusal> caller = take_identity(); caller.ok()) event.retained_groups = caller->retained_groups;
  return event;
}

Result<Unit, Refusal> record(audit::Log& log, const audit::Event& event) {
  const Status written = log.record(event);
  if (written) return Unit{};
  return fail(Refusal{Step::RecordStart, written.error().error, "", ""});
}

Result<Unit, Refusal> record_resources(const table::Table& table, const Cgroup& cgroup, const RunOutcome& outcome,
                                       audit::Log& log) {
  if (outcome.resource != "memory") return Unit{};
  return record_exceeded("memory", table.limits.memory, cgroup.peak_memory(), table, log);
}

}  // namespace

Result<Unit, Refusal> run_maximum(const table::Table& table, const RunOptions& options, audit::Log& log,
                                  RunOutcome& outcome) {
  Result<Unit, Refusal> done = refuse_what_is_missing(table, options);
  if (!done.ok()) return done;
  const Result<Runsc, Refusal> tools = find_runsc();
  if (!tools.ok()) return fail(tools.error());
  const Result<table::Decider, std::string> decider = table::Decider::build(table);
  if (!decider.ok()) return fail(Refusal{Step::CheckTable, EINVAL, decider.error(), ""});
  const Result<ContainedFilter, Refusal> filter = contained_filter(table);
  if (!filter.ok()) return fail(filter.error());
  Result<BundlePlan, Refusal> plan = plan_bundle(table, options);
  if (!plan.ok()) return fail(plan.error());
  Result<PeerNetwork, Refusal> network = PeerNetwork();
  if (grants_network(table)) network = PeerNetwork::create(table, options.fault);
  if (!network.ok()) return fail(network.error());
  if (network->exists()) plan->network = network->container_namespace();
  const Result<Bundle, Refusal> bundle = Bundle::create(log.run_id());
  if (!bundle.ok()) return fail(bundle.error());
  done = unless_fault(options, Step::MakeBundle, bundle->write(table, *plan, tools->init));
  if (!done.ok()) return done;
  const CgroupTree tree = find_cgroups();
  const Result<Cgroup, Refusal> cgroup =
      Cgroup::create(with_host_limits(table), tree, log.run_id(), options.fault, outcome.degraded);
  if (!cgroup.ok()) return fail(cgroup.error());
  // No degradation stands in for the group here: resource limits would bound the sentry, not what runs in it.
  if (!cgroup->limits_memory()) {
    return fail(Refusal{Step::LimitMemory, EOPNOTSUPP, "memory:rlimit at level maximum",
                        "run as root, start it alone in a delegated cgroup v2, or use level standard"});
  }

  Result<Container, Refusal> box = Container::start(*tools, *bundle, *cgroup, *network, "bulkhead-" + log.run_id());
  if (!box.ok()) return fail(box.error());
  done = unless_fault(options, Step::StartRunsc, box->order(orders_of(*filter)));
  if (!done.ok()) return done;
  sweep_cgroups(tree);  // while gVisor boots
  const Result<std::string, Refusal> report = box->wait_until_parked();
  if (!report.ok()) return fail(report.error());
  done = unless_fault(options, Step::ReadInside, verify_report(*report, *plan, table, expected_trials(*filter)));
  if (!done.ok()) return done;
  outcome.readback = Readback::Probed;
  done = record(log, start_event(table, *plan, options, outcome));
  if (!done.ok()) return done;
  Judge judge(*decider, *plan, log);
  done = box->go(options.input == Input::Forwarded ? 's' : 'n');
  if (!done.ok()) return done;
  Serving serving(*box, *network, judge, *cgroup, table, options, log);
  done = serving.serve();
  outcome.started = judge.program_ran();
  if (!done.ok()) return done;
  const int status = serving.status();
  if (!judge.program_ran() && (status == 126 || status == 127)) {
    return fail(Refusal{Step::Execute, status == 127 ? ENOENT : EACCES, options.command[0], ""});
  }
  if (!judge.program_ran() && status == kRefusedInside) return fail(Refusal{Step::InstallFilter, EPERM, "", ""});
  serving.classify(outcome);
  done = record_resources(table, *cgroup, outcome, log);
  if (done.ok()) done = record_exit(outcome, log);
  if (done.ok()) serving.pass_on_output(outcome.cause);
  return done;
}

}  // namespace bulkhead::sandbox
