#include "runtime-bridge/sandbox/streams.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace bulkhead::sandbox {

namespace {

struct Pair {
  Descriptor reader, writer;
};

Result<Pair, Refusal> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(Refusal{Step::MakeStreams, errno, "", ""});
  return Pair{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<Pair, Refusal> make_terminal() {
  Descriptor ours(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  char name[128];
  if (!ours.valid() || ::grantpt(ours.get()) != 0 || ::unlockpt(ours.get()) != 0 ||
      ::ptsname_r(ours.get(), name, sizeof name) != 0) {
    return fail(Refusal{Step::MakeStreams, errno, "pty", ""});
  }
  Descriptor theirs(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!theirs.valid()) return fail(Refusal{Step::MakeStreams, errno, name, ""});
  return Pair{std::move(ours), std::move(theirs)};
}

/// Nobody reads the output any more, or nobody wants to wait for who does.
bool asked_to_end(int signals) {
  bool asked = false;
  signalfd_siginfo info{};
  while (::read(signals, &info, sizeof info) == sizeof info)
    asked = asked || info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT;
  return asked;
}

}  // namespace

pollfd Relay::want() const {
  if (begin_ != end_) return {to_, POLLOUT, 0};
  return {from_, POLLIN, 0};  // poll ignores -1
}

void Relay::advance(short events) {
  if (events == 0) return;
  if (begin_ != end_) {
    const ssize_t count = ::write(to_, buffer_.data() + begin_, end_ - begin_);
    if (count > 0) begin_ += static_cast<std::size_t>(count);
    if (count < 0 && errno != EINTR && errno != EAGAIN) stop();
    return;
  }
  const ssize_t count = ::read(from_, buffer_.data(), buffer_.size());
  if (count > 0) {
    begin_ = 0;
    end_ = static_cast<std::size_t>(count);
  } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
    from_ = -1;  // a pty says EIO at its end
  }
}

void pass_on_output(const std::vector<Relay*>& outputs, int signals, Cause cause) {
  const bool ended_by_us = cause == Cause::Timeout || cause == Cause::Denied || cause == Cause::Resource;
  const auto done = [](const Relay* output) { return output->done(); };
  while (!std::all_of(outputs.begin(), outputs.end(), done)) {
    std::vector<pollfd> waits{{signals, POLLIN, 0}};
    for (const Relay* output : outputs) waits.push_back(output->want());
    const int ready = ::poll(waits.data(), waits.size(), ended_by_us ? kReaderPatienceMilliseconds : -1);
    if (ready < 0 && errno == EINTR) continue;
    const bool dropped = ready <= 0 || (waits[0].revents != 0 && asked_to_end(signals));
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (dropped) outputs[i]->stop();
      if (!dropped) outputs[i]->advance(waits[i + 1].revents);
    }
  }
}

Result<Streams, Refusal> Streams::open(const RunOptions& options) {
  Streams streams;
  if (options.input == Input::Terminal) {
    Result<Pair, Refusal> pair = make_terminal();
    if (!pair.ok()) return fail(pair.error());
    const int inner = pair->writer.get();
    streams.inner_ = {inner, inner, inner};
    streams.owned_inner_.push_back(std::move(pair->writer));
    streams.output_end_ = std::move(pair->reader);
    streams.outputs_.emplace_back(streams.output_end_.get(), options.out_fd);
    streams.input_.emplace(options.in_fd, streams.output_end_.get());
    if (::isatty(options.in_fd) != 0 && ::tcgetattr(options.in_fd, &streams.saved_) == 0) {
      struct termios raw = streams.saved_;
      ::cfmakeraw(&raw);
      if (::tcsetattr(options.in_fd, TCSANOW, &raw) == 0) streams.caller_terminal_ = options.in_fd;
      streams.resize();
    }
    return streams;
  }
  if (options.input == Input::Forwarded) {
    Result<Pair, Refusal> pair = make_pipe();
    if (!pair.ok()) return fail(pair.error());
    streams.inner_[0] = pair->reader.get();
    streams.owned_inner_.push_back(std::move(pair->reader));
    streams.input_end_ = std::move(pair->writer);
    streams.input_.emplace(options.in_fd, streams.input_end_.get());
  } else {
    Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!nothing.valid()) return fail(Refusal{Step::MakeStreams, errno, "/dev/null", ""});
    streams.inner_[0] = nothing.get();
    streams.owned_inner_.push_back(std::move(nothing));
  }
  Descriptor* ours[] = {&streams.output_end_, &streams.error_end_};
  const int callers[] = {options.out_fd, options.err_fd};
  for (std::size_t i = 0; i < 2; ++i) {
    Result<Pair, Refusal> pair = make_pipe();
    if (!pair.ok()) return fail(pair.error());
    streams.inner_[i + 1] = pair->writer.get();
    streams.owned_inner_.push_back(std::move(pair->writer));
    *ours[i] = std::move(pair->reader);
    streams.outputs_.emplace_back(ours[i]->get(), callers[i]);
  }
  return streams;
}

Streams::~Streams() {
  if (output_end_.valid() && caller_terminal_ >= 0) ::tcsetattr(caller_terminal_, TCSANOW, &saved_);
}

void Streams::close_inner() {
  owned_inner_.clear();
}

void Streams::add_waits(std::vector<pollfd>& waits) const {
  for (const Relay& output : outputs_) waits.push_back(output.want());
  waits.push_back(input_ ? input_->want() : pollfd{-1, 0, 0});
}

void Streams::advance(const std::vector<pollfd>& waits, std::size_t first) {
  for (Relay& output : outputs_) output.advance(waits[first++].revents);
  if (input_) input_->advance(waits[first].revents);
  // A reader that is gone closes the program's end too: it shall see EPIPE, not a pipe that never empties.
  if (outputs_.size() == 2 && outputs_[0].done()) output_end_.reset();
  if (outputs_.size() == 2 && outputs_[1].done()) error_end_.reset();
  close_finished_input();
}

void Streams::close_finished_input() {
  if (!input_ || !input_->done()) return;
  input_.reset();
  input_end_.reset();
}

void Streams::pass_on_output(int signals, Cause cause) {
  std::vector<Relay*> outputs;
  for (Relay& output : outputs_) outputs.push_back(&output);
  sandbox::pass_on_output(outputs, signals, cause);
}

void Streams::resize() {
  struct winsize size;
  if (caller_terminal_ >= 0 && ::ioctl(caller_terminal_, TIOCGWINSZ, &size) == 0)
    ::ioctl(output_end_.get(), TIOCSWINSZ, &size);
}

}  // namespace bulkhead::sandbox
