// The inside of the listener, shared by its three files: the loop, paths, sockets.
#pragma once

#include <linux/seccomp.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/listener.h"
#include "runtime-bridge/sandbox/mediate_calls.h"
#include "runtime-bridge/sandbox/mediate_socket.h"
#include "runtime-bridge/sandbox/mediate_worker.h"
#include "runtime-bridge/table/decide.h"

namespace bulkhead::sandbox {

/// A request as it was received, with what the table says of its syscall.
struct Request {
  std::uint64_t id = 0;
  pid_t task = -1;
  seccomp_data data{};
  const Call* call = nullptr;  // null where the listener mediates no such call
  const table::SyscallRow* row = nullptr;
  std::string name() const;
};

/// What becomes of a call whose paths are decided: it goes on whatever they say, it goes on if they allow, the listener
/// does it, or it never goes on.
enum class Course : std::uint8_t { Observe, Gate, Act, Refuse };

struct Listener::State {
  Setup setup;
  Descriptor notify, epoll, root;
  std::optional<table::Decider> decider;
  std::optional<Worker> worker;
  bool hands_out_sockets = false;  // some internet connection may be made for the program
  bool closed = false;
  bool exec_passed = false;

  struct Waiting {
    Request request;
    Course course = Course::Observe;
    bool close_on_exec = false;
  };
  std::map<std::uint64_t, Waiting> on_worker;  // by request

  struct Connecting {
    Request request;
    Outgoing outgoing;
    int target = -1;
    bool close_on_exec = false;
  };
  std::map<int, Connecting> connecting;  // by the descriptor of the outgoing socket

  // The loop (listener.cpp)
  Status receive();
  Status dispatch(const Request& request);
  Status refuse(const Request& request);
  Status proceed(std::uint64_t id);
  Status respond(std::uint64_t id, std::int64_t value, int error);
  Status deliver(seccomp_notif_resp& response);
  bool still_waits(std::uint64_t id) const;
  bool enforcing() const { return setup.enforce == Enforce::All; }
  bool enhanced() const { return setup.table->level != table::Level::Standard; }
  audit::Access access_of(const Request& request, std::uint16_t right, const std::string& object,
                          const table::Decision& decision) const;
  Status report(const Request& request, std::uint16_t right, const std::string& object, const table::Decision& decision,
                int error);
  Status report_not_carried_out(const Request& request, const std::string& object, const table::Decision& decision,
                                int error);

  // Paths (listener_paths.cpp)
  Status on_paths(const Request& request);
  Status on_nameless_exec(const Request& request);
  Status on_answer(Worker::Answered answered);
  Status conclude(const Waiting& waiting, const PathAnswer& answer);
  OrErrno<PathQuestion> question_of(const Request& request, bool& close_on_exec) const;
  OrErrno<std::string> absolute(const Request& request, const PathArgument& argument) const;
  std::string path_text(const Request& request) const;

  // Sockets (listener_sockets.cpp)
  Status on_connect(const Request& request);
  Status on_bind(const Request& request);
  Status on_send(const Request& request);
  Status on_connected(int fd);
  Status on_unix_address(const Request& request, const Address& address);
  Status start_connection(const Request& request, const ProgramSocket& socket, const Address& address);
  Status put_in_place(Connecting done, int error);
  void drop_abandoned();
};

}  // namespace bulkhead::sandbox
