// Result<T, E>: a value or the reason why there is none; the only way in which functions of Bulkhead fail.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "lang/base/check.h"

namespace bulkhead {

/// A failure of the world outside: a file, a process, a syscall. Never the user's text (that is a Diagnostic).
struct SystemError {
  std::string operation;  // what was tried: "open", "clone3", "cvc5"
  std::string object;     // on what: a path, a pid, an option
  int error = 0;          // errno, or 0 where there is none
  std::string detail;     // what else a person needs, without full stop

  /// One line, lower case: "open `/x`: permission denied (detail)".
  std::string message() const;
};

template <typename E>
struct Failure {
  E error;
};

template <typename E>
Failure<std::decay_t<E>> fail(E&& error) {
  return {std::forward<E>(error)};
}

template <typename T, typename E = SystemError>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure<E> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// Requires: ok().
  const T& value() const& {
    BH_CHECK(ok(), "value of a failed result");
    return std::get<0>(state_);
  }
  T& value() & {
    BH_CHECK(ok(), "value of a failed result");
    return std::get<0>(state_);
  }
  T&& value() && {
    BH_CHECK(ok(), "value of a failed result");
    return std::get<0>(std::move(state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  /// Requires: !ok().
  const E& error() const {
    BH_CHECK(!ok(), "error of a successful result");
    return std::get<1>(state_);
  }

 private:
  std::variant<T, E> state_;
};

struct Unit {};
using Status = Result<Unit, SystemError>;

}  // namespace bulkhead
