// One visitor out of several functions, for std::visit.
#pragma once

namespace bulkhead {

template <typename... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

}  // namespace bulkhead
